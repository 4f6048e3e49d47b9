//! What the fit sees of a plot: scalar observations with a channel, a value and a sigma.

use std::cmp::Ordering;
use std::sync::Arc;

use geo::angle::wrap_pi;
use geo::{Site, Time};
use plot::{Measurement, Plot, Sensor, SensorNotFound, Sensors, Sigmas};

/// One scalar that can be observed.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Channel {
    /// Slant range, m.
    Range,
    /// Azimuth, rad.
    Azimuth,
    /// Elevation, rad.
    Elevation,
    /// Range rate, m/s.
    RangeRate,
    /// East of a stated position, m.
    East,
    /// North of a stated position, m.
    North,
    /// Up of a stated position, m.
    Up,
}

impl Channel {
    /// All of them; a channel's place in this list is its index.
    pub const ALL: [Self; 7] = [
        Self::Range,
        Self::Azimuth,
        Self::Elevation,
        Self::RangeRate,
        Self::East,
        Self::North,
        Self::Up,
    ];

    /// The place in [`Channel::ALL`].
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The name people read.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Range => "range",
            Self::Azimuth => "azimuth",
            Self::Elevation => "elevation",
            Self::RangeRate => "range rate",
            Self::East => "east position",
            Self::North => "north position",
            Self::Up => "height",
        }
    }

    /// Whether it is an angle, whose differences wrap.
    pub const fn is_angle(self) -> bool {
        matches!(self, Self::Azimuth | Self::Elevation)
    }

    /// The difference of two values of this channel.
    pub(crate) fn difference(self, value: f64, predicted: f64) -> f64 {
        if self.is_angle() {
            wrap_pi(value - predicted)
        } else {
            value - predicted
        }
    }

    /// Which of the standard deviations is this channel's.
    pub(crate) fn of_sigmas(self, sigmas: &Sigmas) -> Option<f64> {
        match self {
            Self::Range => sigmas.range_m,
            Self::Azimuth => sigmas.azimuth_rad,
            Self::Elevation => sigmas.elevation_rad,
            Self::RangeRate => sigmas.range_rate_mps,
            Self::East | Self::North => sigmas.position_m,
            Self::Up => sigmas.height_m.or(sigmas.position_m),
        }
    }

    /// The standard deviation taken where neither plot nor sensor states one: that of a modest surveillance radar.
    pub(crate) const fn default_sigma(self) -> f64 {
        match self {
            Self::Range | Self::East | Self::North | Self::Up => 50.0,
            Self::Azimuth | Self::Elevation => 2e-3,
            Self::RangeRate => 5.0,
        }
    }
}

/// One observed scalar of a look.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Item {
    pub channel: Channel,
    /// The measured value, in the channel's unit.
    pub value: f64,
    /// Standard deviation that plot or sensor states, in the same unit.
    pub sigma: f64,
}

/// All that one plot says, ready to be compared with a path.
#[derive(Clone, Debug)]
pub(crate) struct Look {
    /// Index of the plot in the caller's slice.
    pub plot: usize,
    pub time: Time,
    /// Index of the sensor in the caller's list.
    pub sensor: usize,
    /// Where a stated position is: the frame of its east, north and up.
    pub place: Option<Box<Site>>,
    pub items: Vec<Item>,
}

impl Look {
    /// The observed scalar of a channel, if there is one.
    pub fn item(&self, channel: Channel) -> Option<Item> {
        self.items.iter().copied().find(|item| item.channel == channel)
    }
}

/// Turns the plots of one object into looks, ordered by (time, sensor), exact repetitions dropped.
///
/// Returns the looks and how many repetitions there were. Errors: [`SensorNotFound`] for the first plot of a sensor
/// that is not in the list.
pub(crate) fn looks(plots: &[Plot], of: &[usize], sensors: &Sensors) -> Result<(Vec<Look>, usize), SensorNotFound> {
    let mut known: Option<(Arc<str>, usize)> = None;
    let mut looks = Vec::with_capacity(of.len());
    for &index in of {
        let plot = &plots[index];
        let sensor = match &known {
            Some((name, at)) if Arc::ptr_eq(name, &plot.sensor) || *name == plot.sensor => *at,
            _ => {
                let at = sensors.index_of(&plot.sensor)?;
                known = Some((plot.sensor.clone(), at));
                at
            }
        };
        looks.push(look(index, plot, sensor, &sensors.as_slice()[sensor]));
    }
    // By the values too: plots of one sensor at one time come in the same order, whatever that of the files.
    looks.sort_by(|a, b| (a.time, a.sensor).cmp(&(b.time, b.sensor)).then_with(|| compare(a, b)));
    let before = looks.len();
    looks.dedup_by(|b, a| {
        a.time == b.time && a.sensor == b.sensor && plots[a.plot].measurement == plots[b.plot].measurement
    });
    let repeated = before - looks.len();
    Ok((looks, repeated))
}

/// An order of what two looks say, place and items with their sigmas; equal only where all of it is.
fn compare(a: &Look, b: &Look) -> Ordering {
    let place = |look: &Look| look.place.as_ref().map_or([0.0; 3], |place| place.origin().to_array());
    let numbers = |look: &Look| {
        let items = look
            .items
            .iter()
            .flat_map(|i| [i.channel.index() as f64, i.value, i.sigma]);
        items.chain(place(look)).collect::<Vec<f64>>()
    };
    let (a, b) = (numbers(a), numbers(b));
    let pairs = a.iter().zip(&b).map(|(x, y)| x.total_cmp(y));
    pairs.fold(Ordering::Equal, Ordering::then).then(a.len().cmp(&b.len()))
}

fn look(index: usize, plot: &Plot, sensor: usize, stated: &Sensor) -> Look {
    let sigmas = plot.sigmas.or(stated.sigmas);
    let item = |channel: Channel, value: Option<f64>| {
        let sigma = channel.of_sigmas(&sigmas).unwrap_or(channel.default_sigma());
        value.map(|value| Item { channel, value, sigma })
    };
    let (place, items): (Option<Box<Site>>, Vec<Item>) = match &plot.measurement {
        Measurement::Polar(polar) => (
            None,
            [
                item(Channel::Range, polar.range_m),
                item(Channel::Azimuth, polar.azimuth_rad),
                item(Channel::Elevation, polar.elevation_rad),
                item(Channel::RangeRate, polar.range_rate_mps),
            ]
            .into_iter()
            .flatten()
            .collect(),
        ),
        Measurement::Position(fix) => (
            Some(Box::new(Site::new(fix.geodetic))),
            [Channel::East, Channel::North, Channel::Up]
                .into_iter()
                .filter_map(|c| item(c, Some(0.0)))
                .collect(),
        ),
    };
    Look {
        plot: index,
        time: plot.time,
        sensor,
        place,
        items,
    }
}
