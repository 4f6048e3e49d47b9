//! What is known of a sensor: what came of its plots, how well it sees, its constant errors, how far it is believed.

use plot::Quantity;

use crate::timeline::Counts;
use crate::tracker::Tracker;
use crate::trust::{Fault, Standing};

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
        }
    }
}
