//! Why no path can be found, in words a person understands.

use plot::{SensorNotFound, Sensors};

use super::diagnose;
use super::fit::Fitted;
use super::fixes::{self, Fix};
use super::look::{Channel, Look};
use super::noise::{Noise, median};

/// Why no path can be found for an object.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum NoPath {
    /// Fewer plots than a path has unknowns.
    #[error(
        "{plots} plot{} cannot determine a path: at least {PLOTS_MIN} at different times are needed, and more are \
         better",
        plural(*.plots)
    )]
    TooFewPlots {
        /// How many there are.
        plots: usize,
    },
    /// All plots are of one time.
    #[error("the {plots} plots are all of one time: a path needs plots over some seconds; check the column time")]
    OneTime {
        /// How many there are.
        plots: usize,
    },
    /// One sensor that measures no range sees a direction, not a distance.
    #[error(
        "{sensor} measures angles only, and no other sensor saw the object: the distance is unknown, add a sensor that \
         measures range or one that stands elsewhere"
    )]
    AnglesOnly {
        /// The sensor.
        sensor: String,
    },
    /// Neither single plots nor plots put together give positions.
    #[error(
        "the plots give no positions: {sensors} sensor{} measured too little; needed are range and both angles of one \
         sensor, angles of two, or ranges of three, at nearly the same times", plural(*.sensors)
    )]
    NoPositions {
        /// How many sensors have plots.
        sensors: usize,
    },
    /// It stays on or near the ground.
    #[error(
        "the object never leaves the ground: it stays within {height_m:.0} m of the lowest sensor's height, at \
         {speed_mps:.0} m/s; if it does fly, check the units and the heights of the sensors"
    )]
    NeverLeavesGround {
        /// The greatest height above the lowest sensor, outliers left out.
        height_m: f64,
        /// Typical speed.
        speed_mps: f64,
    },
    /// No ballistic path passes near enough of the plots.
    #[error(
        "the {plots} plots follow no ballistic path: the best passes near {:.0} % of them; is it powered or steered, \
         are several objects mixed, is a unit wrong, or are the stated sigmas far too small?", .agreement * 100.0
    )]
    NoBallisticPath {
        /// The part of the positions that agree with the best path, 0 to 1.
        agreement: f64,
        /// How many plots there are.
        plots: usize,
    },
    /// It was carried or driven all the time.
    #[error("the {plots} plots follow no ballistic path: {manoeuvre}")]
    Manoeuvring {
        /// What it was doing.
        manoeuvre: Manoeuvre,
        /// How many plots there are.
        plots: usize,
    },
    /// A ballistic path can be bent onto some of the plots, but they do not bear it out.
    #[error(
        "the best ballistic path leaves the plots {times:.0} times farther off than {sensor} states, and {after} later \
         plots do not follow it at all: the object is probably under thrust or steered still; plots from after that \
         are needed"
    )]
    Strained {
        /// The sensor whose residuals are worst.
        sensor: String,
        /// How many times its stated sigma they scatter.
        times: f64,
        /// Plots after the span that the path was bent onto.
        after: usize,
    },
    /// The plots leave a direction of the path open.
    #[error(
        "the {plots} plot{} that could be of a ballistic path do not determine it: more plots, a longer time or \
         another sensor is needed", plural(*.plots)
    )]
    NotObservable {
        /// How many plots there are.
        plots: usize,
    },
    /// The path cannot be computed.
    #[error("the path cannot be computed: {0}")]
    Propagation(#[from] flight::PropagateError),
    /// A plot's sensor is not in the list.
    #[error(transparent)]
    SensorNotFound(#[from] SensorNotFound),
}

/// What an object without a ballistic path was doing.
#[derive(Copy, Clone, Debug, PartialEq, thiserror::Error)]
pub enum Manoeuvre {
    /// Thrust drove it.
    #[error(
        "it is still under thrust, about {acceleration_mps2:.0} m/s² besides gravity; plots from after the end of \
         thrust are needed"
    )]
    Thrust {
        /// Acceleration besides gravity.
        acceleration_mps2: f64,
    },
    /// Air carried it.
    #[error("it flies level as an aircraft does, about {:.1} km high at {speed_mps:.0} m/s; there is no arrival to \
             foresee", .height_m / 1e3)]
    Level {
        /// Height above the ellipsoid.
        height_m: f64,
        /// Speed over the ground.
        speed_mps: f64,
    },
}

/// Fewer plots than this are not tried.
pub(crate) const PLOTS_MIN: usize = 4;

fn plural(count: usize) -> &'static str {
    if count == 1 { "" } else { "s" }
}

/// Residuals that scatter by so many stated sigmas are no noise.
const STRAINED_SPREAD: f64 = 12.0;
/// Below this height above the lowest sensor nothing has taken off.
const GROUND_BAND_M: f64 = 2_000.0;
/// A ballistic object is faster than this.
const SPEED_MIN_MPS: f64 = 150.0;
/// The largest part of positions that may be wild without lifting an object off the ground.
const WILD: f64 = 0.7;

impl NoPath {
    pub(crate) fn from_propagation(error: flight::PropagateError) -> Self {
        Self::Propagation(error)
    }

    /// Says what is missing where no two positions were found.
    pub(crate) fn no_positions(looks: &[Look], sensors: &Sensors) -> Self {
        let mut seen: Vec<usize> = looks.iter().map(|look| look.sensor).collect();
        seen.sort_unstable();
        seen.dedup();
        let has_range = looks
            .iter()
            .any(|look| look.place.is_some() || look.item(Channel::Range).is_some());
        match (seen.as_slice(), has_range) {
            ([only], false) => Self::AnglesOnly {
                sensor: sensors.as_slice()[*only].name.to_string(),
            },
            _ if looks.first().map(|l| l.time) == looks.last().map(|l| l.time) => Self::OneTime { plots: looks.len() },
            _ => Self::NoPositions { sensors: seen.len() },
        }
    }

    /// Refuses plots that are too few, or of one instant.
    pub(crate) fn check_enough(looks: &[Look]) -> Result<(), Self> {
        let plots = looks.len();
        match looks {
            [first, .., last] if first.time == last.time => Err(Self::OneTime { plots }),
            _ if plots < PLOTS_MIN => Err(Self::TooFewPlots { plots }),
            _ => Ok(()),
        }
    }

    /// Says what the object was doing, where that is plain from its rough positions.
    pub(crate) fn explained(self, looks: &[Look], sensors: &Sensors) -> Self {
        match self {
            Self::NoBallisticPath { .. } | Self::NotObservable { .. } | Self::Propagation(_) => {
                match diagnose::manoeuvre(&fixes::fixes(looks, sensors)) {
                    Some(manoeuvre) => Self::Manoeuvring {
                        manoeuvre,
                        plots: looks.len(),
                    },
                    None => self,
                }
            }
            _ => self,
        }
    }

    /// Refuses a fit whose residuals are far beyond what is stated and that a good part of the plots then leaves.
    pub(crate) fn check_not_strained(looks: &[Look], fitted: &Fitted, sensors: &Sensors) -> Result<(), Self> {
        let after = looks.len() - fitted.span.end;
        let spread = |table: &[Noise]| table.iter().map(|noise| noise.spread).fold(0.0, f64::max);
        let worst = fitted
            .noise
            .iter()
            .map(|table| spread(table))
            .enumerate()
            .max_by(|a, b| a.1.total_cmp(&b.1));
        match worst {
            Some((sensor, times)) if times > STRAINED_SPREAD && after * 4 > looks.len() => Err(Self::Strained {
                sensor: sensors.as_slice()[sensor].name.to_string(),
                times,
                after,
            }),
            _ => Ok(()),
        }
    }

    /// Refuses an object that stays on the ground.
    pub(crate) fn check_leaves_ground(rough: &[Fix], sensors: &Sensors) -> Result<(), Self> {
        let lowest_m = sensors
            .as_slice()
            .iter()
            .map(|s| s.site.geodetic().height_m)
            .fold(f64::INFINITY, f64::min);
        let mut heights: Vec<f64> = rough.iter().map(|fix| fix.height_m() - lowest_m).collect();
        heights.sort_by(f64::total_cmp);
        let Some(height_m) = heights.get((heights.len() as f64 * WILD) as usize) else {
            return Ok(());
        };
        let speeds: Vec<f64> = rough
            .windows(2)
            .filter(|w| w[1].time > w[0].time)
            .map(|w| (w[1].position_m - w[0].position_m).norm() / (w[1].time - w[0].time))
            .collect();
        // Neighbours in time err too much for their speed: compare halves of the recording.
        let speed_mps = far_speed_mps(rough).unwrap_or(median(&speeds));
        if *height_m < GROUND_BAND_M && speed_mps < SPEED_MIN_MPS {
            return Err(Self::NeverLeavesGround {
                height_m: height_m.abs(),
                speed_mps,
            });
        }
        Ok(())
    }
}

/// The median speed between positions half a recording apart.
fn far_speed_mps(rough: &[Fix]) -> Option<f64> {
    let half = rough.len() / 2;
    let speeds: Vec<f64> = rough
        .iter()
        .zip(rough.get(half..)?)
        .filter(|(a, b)| b.time > a.time)
        .map(|(a, b)| (b.position_m - a.position_m).norm() / (b.time - a.time))
        .collect();
    (!speeds.is_empty()).then(|| median(&speeds))
}
