//! What is asked of a release policy about one item, what it answers, and the item that goes out.

use std::fmt;
use std::sync::Arc;

use geo::{Geodetic, Time};
use plot::{Measurement, Plot, Sensor};

use crate::coarse::coarse;
use crate::item::{Body, Item, Label, TrackState, WarningNote};

/// How much of an item a partner gets, least first.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    /// Nothing, not even that there is something.
    Nothing,
    /// Only warnings.
    Warning,
    /// The owner's own tracks.
    Track,
    /// A place with inflated uncertainty and rounded time, the sensor hidden.
    Coarse,
    /// The plot as it was measured, and its sensor.
    Plot,
}

impl Tier {
    /// Those that are something, least first.
    pub const SOME: [Self; 4] = [Self::Warning, Self::Track, Self::Coarse, Self::Plot];

    /// The word in policies, files and on screens.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Nothing => "nothing",
            Self::Warning => "warning",
            Self::Track => "track",
            Self::Coarse => "coarse",
            Self::Plot => "plot",
        }
    }
}

/// Some of the tiers, as a set.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tiers(u8);

impl Tiers {
    /// Adds a tier.
    pub fn insert(&mut self, tier: Tier) {
        self.0 |= 1 << tier as u8;
    }

    /// Whether a tier is among them.
    pub const fn contains(self, tier: Tier) -> bool {
        self.0 & 1 << tier as u8 != 0
    }

    /// Those that are in both.
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Those that are something, most first.
    pub fn most_first(self) -> impl Iterator<Item = Tier> {
        Tier::SOME.into_iter().rev().filter(move |tier| self.contains(*tier))
    }
}

/// Why data are exchanged. There is no other purpose, and no rule can name one.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Purpose {
    /// To know what flies, and warn.
    Warning,
    /// To protect people: to watch, to search, to evacuate.
    Protection,
}

impl Purpose {
    /// For which nodes give what they give: people are warned.
    pub const OF_NODES: Self = Self::Warning;

    /// All of them.
    pub const ALL: [Self; 2] = [Self::Warning, Self::Protection];

    /// The word in policies, files and on screens.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Warning => "warning",
            Self::Protection => "protection",
        }
    }
}

impl fmt::Display for Tier {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(self.name())
    }
}

impl fmt::Display for Purpose {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(self.name())
    }
}

/// One plot as a policy sees it; or a track, or a warning, whose origin is a node.
#[derive(Clone, Debug, PartialEq)]
pub struct Subject {
    /// Which sensor measured it; of a track or a warning, the last that did.
    pub sensor: Arc<str>,
    /// Further sensors whose plots are in it, for a track or a warning: it goes out only as far as each of them may.
    pub others: Vec<Arc<str>>,
    /// When it was measured.
    pub time: Time,
    /// Where the object is, if the plot or its track tells.
    pub place: Option<Geodetic>,
    /// Phase of the track it belongs to, by the word of `flight`, if it is known.
    pub phase: Option<Arc<str>>,
    /// Whether it belongs to an exercise.
    pub exercise: bool,
}

impl Subject {
    /// A plot as a policy sees it. Its place is that of a full polar measurement or a stated position.
    pub fn of_plot(plot: &Plot, sensor: &Sensor, phase: Option<Arc<str>>, exercise: bool) -> Self {
        Self {
            sensor: plot.sensor.clone(),
            others: Vec::new(),
            time: plot.time,
            place: place(plot, sensor),
            phase,
            exercise,
        }
    }
}

/// Where a plot says the object is; `None` without range, azimuth or elevation.
fn place(plot: &Plot, sensor: &Sensor) -> Option<Geodetic> {
    match &plot.measurement {
        Measurement::Position(fix) => Some(fix.geodetic),
        Measurement::Polar(polar) => {
            let aer = geo::Aer {
                azimuth_rad: polar.azimuth_rad?,
                elevation_rad: polar.elevation_rad?,
                range_m: polar.range_m?,
            };
            Some(Geodetic::from_ecef(sensor.site.from_aer(aer)))
        }
    }
}

/// What a policy says about one subject and one partner, now.
#[derive(Clone, Debug, PartialEq)]
pub struct Decision {
    /// The most that goes out now; [`Tier::Nothing`] also while all of it is held back.
    pub tier: Tier,
    /// All that may go out now, this tier included: where a plot cannot be made into its tier, the next of these is
    /// taken, never one that no rule permits.
    pub tiers: Tiers,
    /// How long after its measurement this tier was held back; while nothing goes out, 0.
    pub hold_s: f64,
    /// Whether the partner may give it on.
    pub onward: bool,
    /// The rules that permit this tier.
    pub because: Arc<[Arc<str>]>,
    /// The rules that forbid the next tier above, or, where evaluation failed, those that failed.
    pub stopped_by: Arc<[Arc<str>]>,
    /// Under what label it travels.
    pub label: Arc<Label>,
    /// The next instant at which the answer is more than this; ask again then. `None`: never, under this version.
    ///
    /// Nothing follows a coarse plot or a full one: the same measurement is never given twice.
    pub again: Option<Time>,
    /// Whether the evaluation of a rule failed; nothing goes out then, and it has to be reported.
    pub failed: bool,
}

/// What an owner has of one object, as far as it may become an item: what is absent cannot go out.
#[derive(Copy, Clone, Debug, Default)]
pub struct Own<'a> {
    /// A plot, and the sensor that measured it.
    pub plot: Option<(&'a Plot, &'a Sensor)>,
    /// The owner's track of the object. It has to be made of what the owner may give: its own plots.
    pub track: Option<&'a TrackState>,
    /// The warning about the object.
    pub warning: Option<&'a WarningNote>,
}

/// The item that goes out by a decision; `None` where nothing does, or nothing of what may go out is there.
///
/// What cannot be made (a plot without a full position is never coarse) is replaced by the next less that the decision
/// allows. A partner needs [`Body::Sensor`] before its first full plot of a sensor; that is for the caller to send.
/// Whoever gets the plots gets no track or warning that is made of them: it has its own, of more.
pub fn release(origin: &Arc<str>, decision: &Decision, own: &Own<'_>) -> Option<Item> {
    if decision.tier == Tier::Plot && own.plot.is_none() {
        return None;
    }
    let body = decision.tiers.most_first().find_map(|tier| body(tier, own))?;
    Some(Item {
        origin: origin.clone(),
        label: Label::clone(&decision.label),
        body,
    })
}

fn body(tier: Tier, own: &Own<'_>) -> Option<Body> {
    match tier {
        Tier::Nothing => None,
        Tier::Warning => own.warning.map(|warning| Body::Warning(warning.clone())),
        Tier::Track => own.track.map(|track| Body::Track(Box::new(track.clone()))),
        Tier::Coarse => own
            .plot
            .and_then(|(plot, sensor)| coarse(plot, sensor, own.track))
            .map(Body::Coarse),
        Tier::Plot => own.plot.map(|(plot, _)| {
            // The truth of a simulation is for scoring, at home.
            let truth = None;
            Body::Plot(Box::new(Plot { truth, ..plot.clone() }))
        }),
    }
}
