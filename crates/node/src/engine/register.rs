//! Whose sensors there are, under names that are the same at every node; plots that came before their sensor.
//!
//! Two owners may call a sensor the same. In pictures it is `owner/name` everywhere, so that pictures agree to the bit.

use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

use estimate::belief::Gaussian;
use geo::{Geodetic, Time};
use nalgebra::{SMatrix, SVector};
use plot::{Measurement, Plot, PositionFix, Quantity, Sensor, Sigmas};
use share::item::{Body, Coarse, Item, ItemId, TrackState};
use track::{Content, TrackReport};

use super::scenes::Scenes;

/// The source of an owner's coarse plots, and of its tracks.
const COARSE: &str = "coarse";
const TRACKS: &str = "tracks";

/// The name of a sensor in pictures.
pub fn full_name(owner: &str, sensor: &str) -> Arc<str> {
    format!("{owner}/{sensor}").into()
}

/// What a sensor item told.
pub(super) enum Admitted {
    /// The same as before.
    Known,
    /// Another description of one that is known.
    Changed,
    /// A new one, under its full name.
    New(Box<Sensor>),
}

/// An item as a timeline takes it.
#[derive(Clone, Debug)]
pub(super) enum Entry {
    /// A plot, and the name of its owner's source of coarse plots.
    Plot(Plot, Arc<str>),
    Coarse(Plot),
    Track(Box<TrackReport>),
}

impl Entry {
    pub fn time(&self) -> Time {
        match self {
            Self::Plot(plot, _) | Self::Coarse(plot) => plot.time,
            Self::Track(report) => report.time,
        }
    }

    /// The name of the sensor in pictures, or of its owner's source of what has none.
    pub fn source(&self) -> &Arc<str> {
        match self {
            Self::Plot(plot, _) | Self::Coarse(plot) => &plot.sensor,
            Self::Track(report) => &report.source,
        }
    }
}

/// The names of one owner.
#[derive(Debug, Default)]
struct OfOwner {
    sensors: HashMap<Arc<str>, Sensor>,
    coarse: Option<Arc<str>>,
    tracks: Option<Arc<str>>,
}

/// All owners, and what waits for a sensor.
#[derive(Debug)]
pub(super) struct Register {
    owners: HashMap<Arc<str>, OfOwner>,
    waiting: VecDeque<(ItemId, Item, bool)>,
    waiting_max: usize,
    dropped: u64,
}

impl Register {
    pub fn new(waiting_max: usize) -> Self {
        Self {
            owners: HashMap::new(),
            waiting: VecDeque::new(),
            waiting_max,
            dropped: 0,
        }
    }

    pub fn waiting(&self) -> usize {
        self.waiting.len()
    }

    pub fn dropped(&self) -> u64 {
        self.dropped
    }

    /// The full name of a known sensor.
    pub fn name(&self, owner: &str, sensor: &str) -> Option<Arc<str>> {
        let known = self.owners.get(owner)?.sensors.get(sensor)?;
        Some(known.name.clone())
    }

    /// Takes in an owner's sensor. An owner describes its own sensors only: whose it says it is does not count.
    pub fn admit(&mut self, owner: &Arc<str>, sensor: &Sensor) -> Admitted {
        let full = Sensor {
            name: full_name(owner, &sensor.name),
            owner: owner.clone(),
            ..sensor.clone()
        };
        let sensors = &mut self.owners.entry(owner.clone()).or_default().sensors;
        match sensors.get(&sensor.name) {
            Some(known) if *known == full => Admitted::Known,
            Some(_) => Admitted::Changed,
            None => {
                sensors.insert(sensor.name.clone(), full.clone());
                Admitted::New(Box::new(full))
            }
        }
    }

    /// Keeps a plot until its sensor comes.
    pub fn wait(&mut self, id: ItemId, item: &Item, is_accepted: bool) {
        self.waiting.push_back((id, item.clone(), is_accepted));
        while self.waiting.len() > self.waiting_max {
            self.waiting.pop_front();
            self.dropped += 1;
        }
    }

    /// Takes out what waited for a sensor, in the order it came.
    pub fn released(&mut self, full: &str) -> Vec<(ItemId, Item, bool)> {
        let is_of = |item: &Item| match &item.body {
            Body::Plot(plot) => *full_name(&item.origin, &plot.sensor) == *full,
            _ => false,
        };
        let (out, kept) = std::mem::take(&mut self.waiting)
            .into_iter()
            .partition(|(_, item, _)| is_of(item));
        self.waiting = kept;
        Vec::from(out)
    }

    /// An item as a timeline takes it; `None` of one that is none, or whose sensor is not known.
    pub fn entry(&mut self, item: &Item, scenes: &mut Scenes) -> Option<Entry> {
        let of_owner = self.owners.entry(item.origin.clone()).or_default();
        match &item.body {
            Body::Plot(plot) => {
                let sensor = of_owner.sensors.get(&plot.sensor)?.name.clone();
                let coarse = of_owner.coarse.clone().unwrap_or_default();
                Some(Entry::Plot(
                    Plot {
                        sensor,
                        ..(**plot).clone()
                    },
                    coarse,
                ))
            }
            Body::Coarse(coarse) => {
                let name = source(&mut of_owner.coarse, &item.origin, COARSE, scenes);
                Some(Entry::Coarse(of_coarse(coarse, name)))
            }
            Body::Track(state) => {
                let name = source(&mut of_owner.tracks, &item.origin, TRACKS, scenes);
                Some(Entry::Track(Box::new(of_track(state, name))))
            }
            Body::Sensor(_) | Body::Warning(_) => None,
        }
    }
}

/// The name of an owner's source of what is no plot of a sensor, made known where it is new.
fn source(known: &mut Option<Arc<str>>, owner: &Arc<str>, kind: &str, scenes: &mut Scenes) -> Arc<str> {
    known
        .get_or_insert_with(|| {
            // It stands nowhere: positions and tracks are measured from no place.
            let place = Geodetic::from_degrees(0.0, 0.0, 0.0);
            let mut sensor = Sensor::new(&format!("{owner}//{kind}"), owner, place);
            sensor.measures = vec![Quantity::Position];
            scenes.admit(&sensor);
            sensor.name
        })
        .clone()
}

fn of_coarse(coarse: &Coarse, sensor: Arc<str>) -> Plot {
    Plot {
        time: coarse.time,
        sensor,
        measurement: Measurement::Position(PositionFix {
            geodetic: coarse.place,
            velocity: None,
        }),
        sigmas: Sigmas {
            position_m: Some(coarse.sigma_m),
            height_m: Some(coarse.sigma_m),
            ..Sigmas::default()
        },
        snr_db: None,
        target: None,
        truth: None,
    }
}

fn of_track(state: &TrackState, source: Arc<str>) -> TrackReport {
    let mut covariance = SMatrix::<f64, 6, 6>::zeros();
    let mut triangle = state.covariance.iter();
    for row in 0..6 {
        for column in row..6 {
            let value = triangle.next().copied().unwrap_or(f64::NAN);
            covariance[(row, column)] = value;
            covariance[(column, row)] = value;
        }
    }
    TrackReport {
        source,
        track: state.track.clone(),
        time: state.time,
        belief: Gaussian::new(SVector::from(state.state), covariance),
        // What is in it is not said: it is never counted as if it were plots.
        content: Content::Estimate,
    }
}
