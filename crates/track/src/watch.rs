//! What is learnt of each sensor while it is listened to: how often it sees what is there, and what is not.

use geo::Time;
use plot::Sensor;

use crate::sight::{LAYER_M, RANGE_MAX_M};

/// Taken for a sensor that states no scan.
const SCAN_S: f64 = 10.0;
/// A detection probability before anything is known, and how many looks that counts for.
const DETECTION: f64 = 0.9;
const DETECTION_LOOKS: f64 = 20.0;
/// Looks are forgotten by this share each.
const FORGET: f64 = 1.0 / 2_000.0;
/// False alarms in a scan before anything is known.
const FALSE_PER_SCAN: f64 = 2.0;
/// Scans over which the count of false alarms is averaged.
const SCANS: f64 = 20.0;
/// New objects in a scan.
pub(crate) const NEW_PER_SCAN: f64 = 0.2;
/// No sensor is believed to be better, or worse.
const DETECTION_RANGE: (f64, f64) = (0.3, 0.99);
/// No sensor has fewer false alarms in a scan.
const FALSE_MIN: f64 = 0.02;

/// One sensor.
#[derive(Clone, Debug)]
pub(crate) struct Watch {
    /// Time between looks at the same place.
    pub scan_s: f64,
    /// When its last plot was measured.
    pub last: Option<Time>,
    hits: f64,
    misses: f64,
    false_per_scan: f64,
}

impl Watch {
    /// Begins with what the sensor states.
    pub fn new(sensor: &Sensor) -> Self {
        let detection = sensor.detection.probability.unwrap_or(DETECTION).clamp(0.05, 0.999);
        Self {
            scan_s: sensor.scan_s.unwrap_or(SCAN_S),
            last: None,
            hits: detection * DETECTION_LOOKS,
            misses: (1.0 - detection) * DETECTION_LOOKS,
            false_per_scan: sensor.detection.false_alarms_per_scan.unwrap_or(FALSE_PER_SCAN),
        }
    }

    /// Probability that it sees what is in view, each scan.
    pub fn detection(&self) -> f64 {
        (self.hits / (self.hits + self.misses)).clamp(DETECTION_RANGE.0, DETECTION_RANGE.1)
    }

    /// Plots of no known object in a scan.
    pub fn false_per_scan(&self) -> f64 {
        self.false_per_scan
    }

    /// Density of plots of no known object, over a volume of its measurement space.
    pub fn density(&self, volume: f64) -> f64 {
        (self.false_per_scan.max(FALSE_MIN) + NEW_PER_SCAN) / volume
    }

    /// New objects in a scan and cubic metre about a place (ECEF), evenly over what the sensor may see.
    pub fn new_per_m3(&self, sensor: &Sensor, place_m: &nalgebra::Vector3<f64>) -> f64 {
        let range_m = (place_m - sensor.site.origin().vector()).norm().max(1.0);
        let reach_m = sensor.coverage.range_max_m.unwrap_or(RANGE_MAX_M);
        NEW_PER_SCAN / (std::f64::consts::TAU * reach_m * range_m * LAYER_M)
    }

    /// Probability that a plot of no known object is of a new one.
    pub fn newness(&self) -> f64 {
        NEW_PER_SCAN / (self.false_per_scan.max(FALSE_MIN) + NEW_PER_SCAN)
    }

    /// A confirmed object was looked at.
    pub fn looked(&mut self, is_seen: bool) {
        let kept = 1.0 - FORGET;
        self.hits = self.hits * kept + f64::from(u8::from(is_seen));
        self.misses = self.misses * kept + f64::from(u8::from(!is_seen));
    }

    /// Plots came, so many of them of nothing that is known.
    pub fn heard(&mut self, time: Time, strange: f64) {
        let passed_scans = self.last.map_or(1.0, |last| (time - last).max(0.0) / self.scan_s);
        let share = (passed_scans / SCANS).min(1.0);
        // Plots a scan are those of the time passed, over it; what comes at one instant is spread over the average.
        self.false_per_scan = self.false_per_scan * (1.0 - share) + strange / SCANS;
        self.last = Some(self.last.map_or(time, |last| last.max(time)));
    }

    /// Whether it has said anything lately.
    pub fn is_alive(&self, time: Time) -> bool {
        self.last.is_some_and(|last| time - last < 3.0 * self.scan_s)
    }
}

/// Whether a sensor could see a place (ECEF), by the limits it states.
pub(crate) fn covers(sensor: &Sensor, place: geo::Position<geo::Ecef>) -> bool {
    use std::f64::consts::TAU;
    let seen = sensor.site.to_aer(place);
    let coverage = &sensor.coverage;
    let in_sector = match (coverage.azimuth_from_rad, coverage.azimuth_to_rad) {
        (Some(from), Some(to)) if from != to => {
            (seen.azimuth_rad - from).rem_euclid(TAU) <= (to - from).rem_euclid(TAU)
        }
        _ => true,
    };
    in_sector
        && coverage.range_max_m.is_none_or(|most| seen.range_m <= most)
        && coverage
            .elevation_min_rad
            .is_none_or(|least| seen.elevation_rad >= least)
        && coverage.elevation_max_rad.is_none_or(|most| seen.elevation_rad <= most)
}
