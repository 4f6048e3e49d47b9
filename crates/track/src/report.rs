//! What is known of a sensor: what came of its plots, how well it sees, its constant errors, how far it is believed.

use plot::{Quantity, Sigmas};

use crate::timeline::Counts;
use crate::tracker::Tracker;
use crate::trust::{Conduct, Fault, QUANTITIES, Standing};

/// One sensor.
#[derive(Clone, Debug, PartialEq)]
pub struct SensorReport {
    /// Place of the sensor in the list.
    pub sensor: usize,
    /// What came of its plots when they arrived.
    pub counts: Counts,
    /// Of those taken in: not used, because it was contained.
    pub contained: u64,
    /// How far it is believed.
    pub standing: Standing,
    /// What is wrong with it.
    pub fault: Option<Fault>,
    /// Probability that it sees what is in view, as learnt.
    pub detection: f64,
    /// Plots of nothing in a scan, as learnt.
    pub false_per_scan: f64,
    /// Its constant errors.
    pub registration: Vec<RegistrationReport>,
    /// How well it measures single plots, of what that was learnt of.
    pub sigmas: Vec<SigmaReport>,
}

/// How well a sensor measures one quantity in single plots: standard deviations, m, rad or m/s.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct SigmaReport {
    /// Of what.
    pub quantity: Quantity,
    /// What the sensor states of itself, whatever its plots say.
    pub stated: Option<f64>,
    /// As its plots scatter.
    pub seen: f64,
    /// What is used instead of the stated one, where that is far off.
    pub used: Option<f64>,
}

/// One constant error of a sensor.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct RegistrationReport {
    /// Of what; `None` of the clock.
    pub quantity: Option<Quantity>,
    /// Measured minus true, m, rad or s.
    pub mean: f64,
    /// Its standard deviation.
    pub sigma: f64,
    /// The standard deviation before any plot.
    pub prior_sigma: f64,
}

impl RegistrationReport {
    /// How much of what was unknown is known: 1 less the ratio of the standard deviations, after and before, in [0, 1].
    pub fn observability(&self) -> f64 {
        (1.0 - self.sigma / self.prior_sigma).clamp(0.0, 1.0)
    }
}

impl SensorReport {
    pub(crate) fn new(tracker: &Tracker, sensor: usize, counts: Counts, jump_s: Option<f64>) -> Self {
        let (conduct, watch) = (&tracker.conducts[sensor], &tracker.watches[sensor]);
        let (standing, fault) = match jump_s {
            Some(jump_s) => (Standing::Contained, Some(Fault::Clock { jump_s })),
            None => (conduct.standing, conduct.fault),
        };
        Self {
            sensor,
            counts,
            contained: conduct.refused,
            standing,
            fault,
            detection: watch.detection(),
            false_per_scan: watch.false_per_scan(),
            registration: tracker.registration.report(sensor),
            sigmas: sigmas(conduct, &tracker.sensors[sensor].sigmas),
        }
    }
}

fn sigmas(conduct: &Conduct, stated: &Sigmas) -> Vec<SigmaReport> {
    let all = [
        stated.range_m,
        stated.azimuth_rad,
        stated.elevation_rad,
        stated.range_rate_mps,
    ];
    let of = |(kind, (quantity, stated)): (usize, (Quantity, Option<f64>))| {
        let floor = stated.and_then(|stated| conduct.scatter.floor(kind, stated));
        Some(SigmaReport {
            quantity,
            stated,
            seen: conduct.scatter.sigma(kind).or_else(|| conduct.contrasts.sigma(kind))?,
            used: floor.or_else(|| conduct.contrasts.ceiling(kind, stated?)),
        })
    };
    QUANTITIES.into_iter().zip(all).enumerate().filter_map(of).collect()
}
