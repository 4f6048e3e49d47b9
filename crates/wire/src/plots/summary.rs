//! What a whole file held, and what looks wrong with it as a whole.

use std::collections::HashMap;
use std::f64::consts::{FRAC_PI_2, TAU};
use std::fmt;
use std::sync::Arc;

use geo::Time;
use plot::{Field, Plot};

use super::row::Numbers;

/// What a whole file held.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Summary {
    /// Records, blank lines not counted.
    pub rows: u64,
    /// Records that became plots.
    pub plots: u64,
    /// Records that were refused.
    pub refused: u64,
    /// The earliest and the latest time of a plot.
    pub span: Option<(Time, Time)>,
    /// Plots of each sensor, in the order of first mention.
    pub sensors: Vec<SensorCount>,
    /// What looks wrong with the values of one sensor as a whole.
    pub suspicions: Vec<Suspicion>,
}

/// How many plots one sensor has in a file.
#[derive(Clone, Debug, PartialEq)]
pub struct SensorCount {
    /// The sensor's name.
    pub name: Arc<str>,
    /// Its plots.
    pub plots: u64,
}

/// What no single record shows, but all of one sensor together do.
#[derive(Clone, Debug, PartialEq)]
pub enum Suspicion {
    /// Both angles stay so small that they are radians rather than degrees.
    AnglesInRadians {
        /// The sensor's name.
        sensor: Arc<str>,
        /// Its plots with both angles.
        plots: u64,
        /// The largest azimuth, without sign, as the file has it.
        azimuth_largest: f64,
        /// The largest elevation, without sign, as the file has it.
        elevation_largest: f64,
    },
    /// The clocks behind the stamps are wrong: old positions are stamped as new, or stamps run back.
    Clock {
        /// The sensor's name.
        sensor: Arc<str>,
        /// Positions of moving aircraft that repeat the one before under a later stamp.
        repeated: u64,
        /// Stamps before the last of the same aircraft.
        backward: u64,
        /// All its plots.
        plots: u64,
    },
}

impl fmt::Display for Suspicion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AnglesInRadians {
                sensor,
                plots,
                azimuth_largest,
                elevation_largest,
            } => write!(
                f,
                "azimuth_deg and elevation_deg of {sensor} look like radians: in {plots} plots no azimuth is beyond \
                 {azimuth_largest:.3} and no elevation beyond {elevation_largest:.3}; if they are, convert them to \
                 degrees"
            ),
            Self::Clock {
                sensor,
                repeated,
                backward,
                plots,
            } => write!(
                f,
                "clock faults of {sensor}: of {plots} plots {repeated} repeat the last position of a moving aircraft \
                 under a new time, and {backward} are stamped before the one that they follow"
            ),
        }
    }
}

/// Fewer plots than this are no ground for a suspicion.
const SUSPICION_PLOTS_MIN: u64 = 20;
/// A sensor whose elevations all stay below this (in the unit of the file) looks along the horizon: its small
/// elevations say nothing of their unit.
const SUSPICION_ELEVATION_MIN: f64 = 0.05;

/// The counts of one sensor while a file is read.
#[derive(Debug)]
struct SensorTally {
    name: Arc<str>,
    plots: u64,
    with_angles: u64,
    azimuth_largest: f64,
    elevation_largest: f64,
    repeated: u64,
    backward: u64,
}

impl SensorTally {
    fn clock(&self) -> Option<Suspicion> {
        (self.repeated + self.backward > 0).then(|| Suspicion::Clock {
            sensor: self.name.clone(),
            repeated: self.repeated,
            backward: self.backward,
            plots: self.plots,
        })
    }

    fn suspicion(&self) -> Option<Suspicion> {
        // One hundredth of slack for values that were rounded up.
        let small = self.azimuth_largest <= TAU + 0.01
            && (SUSPICION_ELEVATION_MIN..=FRAC_PI_2 + 0.01).contains(&self.elevation_largest);
        (self.with_angles >= SUSPICION_PLOTS_MIN && small).then(|| Suspicion::AnglesInRadians {
            sensor: self.name.clone(),
            plots: self.with_angles,
            azimuth_largest: self.azimuth_largest,
            elevation_largest: self.elevation_largest,
        })
    }
}

/// The counts while a file is read, and the names it shares among plots.
#[derive(Debug, Default)]
pub(super) struct Tally {
    sensors: Vec<SensorTally>,
    /// The place of each name in `sensors`.
    by_name: HashMap<Arc<str>, usize>,
    last: usize,
    labels: HashMap<Arc<str>, ()>,
    refused: u64,
    span: Option<(Time, Time)>,
}

/// The most names of sensors in one file.
const SENSORS_MAX: usize = 65_536;
/// The most identities (targets, truths) whose text is shared; further ones have a text each.
const LABELS_SHARED_MAX: usize = 65_536;

impl Tally {
    /// Returns the place of a sensor's name, `None` where there are too many.
    pub(super) fn sensor(&mut self, name: &str) -> Option<usize> {
        // Plots of few sensors take turns: most often it is the one of the last plot, or the next.
        for at in [self.last, self.last + 1] {
            if self.sensors.get(at).is_some_and(|sensor| &*sensor.name == name) {
                self.last = at;
                return Some(at);
            }
        }
        let at = match self.by_name.get(name) {
            Some(at) => *at,
            None if self.sensors.len() == SENSORS_MAX => return None,
            None => {
                let shared: Arc<str> = name.into();
                self.sensors.push(SensorTally {
                    name: shared.clone(),
                    plots: 0,
                    with_angles: 0,
                    azimuth_largest: 0.0,
                    elevation_largest: 0.0,
                    repeated: 0,
                    backward: 0,
                });
                self.by_name.insert(shared, self.sensors.len() - 1);
                self.sensors.len() - 1
            }
        };
        self.last = at;
        Some(at)
    }

    /// The shared name at a place.
    pub(super) fn name(&self, at: usize) -> Arc<str> {
        self.sensors[at].name.clone()
    }

    /// Returns a text that equal ones share.
    pub(super) fn label(&mut self, text: &str) -> Arc<str> {
        if let Some((shared, ())) = self.labels.get_key_value(text) {
            return shared.clone();
        }
        let shared: Arc<str> = text.into();
        if self.labels.len() < LABELS_SHARED_MAX {
            self.labels.insert(shared.clone(), ());
        }
        shared
    }

    /// Counts a plot of the sensor at a place, with its numbers as the file has them.
    pub(super) fn count(&mut self, at: usize, plot: &Plot, numbers: &Numbers) {
        let sensor = &mut self.sensors[at];
        sensor.plots += 1;
        if let (Some(azimuth), Some(elevation)) = (numbers.get(Field::AzimuthDeg), numbers.get(Field::ElevationDeg)) {
            sensor.with_angles += 1;
            sensor.azimuth_largest = sensor.azimuth_largest.max(azimuth.abs());
            sensor.elevation_largest = sensor.elevation_largest.max(elevation.abs());
        }
        self.span = Some(match self.span {
            None => (plot.time, plot.time),
            Some((first, last)) => (first.min(plot.time), last.max(plot.time)),
        });
    }

    /// Counts what is wrong with the stamp of a plot beside that before it.
    pub(super) fn clock(&mut self, sensor: &str, is_backward: bool, is_repeated: bool) {
        if let Some(at) = self.sensor(sensor) {
            self.sensors[at].backward += u64::from(is_backward);
            self.sensors[at].repeated += u64::from(is_repeated);
        }
    }

    /// Counts a refusal.
    pub(super) fn refuse(&mut self) {
        self.refused += 1;
    }

    /// The counts so far.
    pub(super) fn summary(&self) -> Summary {
        let plots = self.sensors.iter().map(|sensor| sensor.plots).sum();
        Summary {
            rows: plots + self.refused,
            plots,
            refused: self.refused,
            span: self.span,
            sensors: self
                .sensors
                .iter()
                .filter(|sensor| sensor.plots > 0)
                .map(|sensor| SensorCount {
                    name: sensor.name.clone(),
                    plots: sensor.plots,
                })
                .collect(),
            suspicions: self
                .sensors
                .iter()
                .flat_map(|sensor| [sensor.suspicion(), sensor.clock()])
                .flatten()
                .collect(),
        }
    }
}
