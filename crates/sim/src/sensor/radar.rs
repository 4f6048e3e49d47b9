//! A radar: how strong echoes are, how finely it measures, how it looks around.

use std::f64::consts::PI;

use geo::math::{cos, log10, pow, sin};
use nalgebra::Vector3;

use super::detection::{Detector, Fluctuation};
use super::look::{Cell, Noise, Spot};
use super::schedule::Schedule;

/// Slope of a monopulse angle measurement: error = beam width / (1.6 √(2 SNR)).
///
/// Source: Barton, Radar system analysis and modeling (2005), chapter 8; Curry, Radar system performance modeling, 2nd
/// ed. (2005), chapter 8.
const MONOPULSE_SLOPE: f64 = 1.6;
/// Boltzmann's constant (exact by the SI).
const BOLTZMANN_JPK: f64 = 1.380_649e-23;

/// One side of a phased array.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Face {
    /// Where its normal points, clockwise from true north.
    pub azimuth_rad: f64,
    /// How far its normal points up.
    pub elevation_rad: f64,
    /// How far off its normal it looks.
    pub scan_max_rad: f64,
}

/// A region on the ground whose echoes pass the filters: sea, mountains, rain.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Clutter {
    /// Expected number of plots a scan.
    pub plots_per_scan: f64,
    /// It begins at this distance.
    pub range_from_m: f64,
    /// It ends at this distance; evenly spread over the ground between.
    pub range_to_m: f64,
    /// It begins here and runs clockwise.
    pub azimuth_from_rad: f64,
    /// It ends here.
    pub azimuth_to_rad: f64,
    /// It reaches from elevation 0 up to here.
    pub elevation_to_rad: f64,
    /// Standard deviation of its range rate.
    pub range_rate_sigma_mps: f64,
}

/// A radar. Where it looks is in the `coverage` of its [`plot::Sensor`]; what it measures and how many false alarms a
/// scan has stand there too.
///
/// Source of the laws: the radar equation, `SNR ∝ σ/R⁴` (Skolnik, Introduction to radar systems, 3rd ed. (2001),
/// chapter 2); noise `√(floor² + (resolution / (k √(2 SNR)))²)`, k = 1.6 for angles and 1 for range and range rate
/// (Curry, Radar system performance modeling, 2nd ed. (2005), chapter 8).
#[derive(Clone, Debug, PartialEq)]
pub struct Radar {
    /// Signal-to-noise ratio after integration of an object of 1 m² at the reference range, on the normal of a face.
    pub reference_snr_db: f64,
    /// The reference range.
    pub reference_range_m: f64,
    /// Probability of a false alarm in one resolution cell; sets the threshold.
    pub false_alarm_probability: f64,
    /// How echoes fluctuate.
    pub fluctuation: Fluctuation,
    /// Faces of a phased array; none for an antenna that turns or steers as a whole.
    pub faces: Vec<Face>,
    /// Loss off the normal: the signal falls with this power of the cosine, both ways together (2 to 3 is usual).
    pub scan_loss_power: f64,
    /// When it looks where.
    pub schedule: Schedule,
    /// Size of a range cell.
    pub range_resolution_m: f64,
    /// Range noise at a very strong signal.
    pub range_floor_m: f64,
    /// Width of the beam in azimuth, across the line of sight.
    pub azimuth_resolution_rad: f64,
    /// Azimuth noise at a very strong signal, across the line of sight.
    pub azimuth_floor_rad: f64,
    /// Width of the beam in elevation.
    pub elevation_resolution_rad: f64,
    /// Elevation noise at a very strong signal.
    pub elevation_floor_rad: f64,
    /// Size of a cell in range rate.
    pub range_rate_resolution_mps: f64,
    /// Range rate noise at a very strong signal.
    pub range_rate_floor_mps: f64,
    /// Largest range rate of a false alarm.
    pub range_rate_max_mps: f64,
    /// Regions of clutter.
    pub clutter: Vec<Clutter>,
}

/// The parameters of the radar equation, for those who know power and antenna better than a reference range.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct RadarEquation {
    /// Peak power.
    pub peak_power_w: f64,
    /// Length of the (integrated) pulse.
    pub pulse_s: f64,
    /// Gain of the antenna, same for both ways.
    pub gain_db: f64,
    /// Wavelength.
    pub wavelength_m: f64,
    /// Noise temperature of the system.
    pub temperature_k: f64,
    /// All losses.
    pub loss_db: f64,
}

impl RadarEquation {
    /// Returns the signal-to-noise ratio of an object, in decibels: `P τ G² λ² σ / ((4π)³ k T R⁴ L)`.
    ///
    /// Source: Skolnik, Introduction to radar systems, 3rd ed. (2001), section 2.1, with the energy of a matched pulse.
    pub fn snr_db(&self, range_m: f64, cross_section_m2: f64) -> f64 {
        let energy = self.peak_power_w * self.pulse_s * self.wavelength_m * self.wavelength_m * cross_section_m2;
        let spread = 4.0 * PI * 4.0 * PI * 4.0 * PI * range_m * range_m * range_m * range_m;
        decibels(energy / (spread * BOLTZMANN_JPK * self.temperature_k)) + 2.0 * self.gain_db - self.loss_db
    }
}

/// Returns a power ratio in decibels.
pub(super) fn decibels(ratio: f64) -> f64 {
    10.0 * log10(ratio)
}

/// Returns decibels as a power ratio.
pub(super) fn ratio(decibels: f64) -> f64 {
    pow(10.0, 0.1 * decibels)
}

impl Radar {
    /// Returns the mean signal-to-noise ratio (a power ratio) on the normal of a face.
    pub fn snr(&self, range_m: f64, cross_section_m2: f64) -> f64 {
        let share = self.reference_range_m / range_m;
        let square = share * share;
        ratio(self.reference_snr_db) * square * square * cross_section_m2
    }

    /// Returns the range at which an object is detected with a probability, on the normal of a face, coverage and
    /// horizon aside.
    pub fn detection_range_m(&self, cross_section_m2: f64, probability: f64) -> f64 {
        let detector = self.detector();
        // The probability rises with the signal: halve the interval of its decibels.
        let (mut low_db, mut high_db) = (-40.0, 80.0);
        for _ in 0..60 {
            let middle_db = 0.5 * (low_db + high_db);
            if detector.probability(ratio(middle_db)) < probability {
                low_db = middle_db;
            } else {
                high_db = middle_db;
            }
        }
        let margin = ratio(self.reference_snr_db - high_db) * cross_section_m2;
        self.reference_range_m * margin.sqrt().sqrt()
    }

    /// The threshold.
    pub fn detector(&self) -> Detector {
        Detector::Threshold {
            false_alarm_probability: self.false_alarm_probability,
            fluctuation: self.fluctuation,
        }
    }

    /// The cosine of the angle to the normal of the best face, 1 without faces; `None` where no face looks.
    pub(super) fn scan_cosine(&self, direction: &Vector3<f64>) -> Option<f64> {
        if self.faces.is_empty() {
            return Some(1.0);
        }
        self.faces
            .iter()
            .filter_map(|face| {
                let level = cos(face.elevation_rad);
                let normal = Vector3::new(
                    level * sin(face.azimuth_rad),
                    level * cos(face.azimuth_rad),
                    sin(face.elevation_rad),
                );
                let cosine = normal.dot(direction);
                (cosine >= cos(face.scan_max_rad)).then_some(cosine)
            })
            .reduce(f64::max)
    }

    /// The mean signal-to-noise ratio in a direction; the beam is wider by 1 over the cosine.
    pub(super) fn scanned_snr(&self, range_m: f64, cross_section_m2: f64, cosine: f64) -> f64 {
        let snr = self.snr(range_m, cross_section_m2);
        if cosine < 1.0 {
            snr * pow(cosine, self.scan_loss_power)
        } else {
            snr
        }
    }

    /// Standard deviations of a measurement at a signal-to-noise ratio.
    pub(super) fn noise(&self, spot: &Spot, snr: f64, cosine: f64) -> Noise {
        let root = (2.0 * snr).sqrt();
        let sigma = |floor: f64, resolution: f64, slope: f64| {
            let thermal = resolution / (slope * root);
            (floor * floor + thermal * thermal).sqrt()
        };
        let slope = MONOPULSE_SLOPE * cosine;
        Noise {
            range_m: sigma(self.range_floor_m, self.range_resolution_m, 1.0),
            azimuth_rad: sigma(self.azimuth_floor_rad, self.azimuth_resolution_rad, slope) / spot.cos_elevation(),
            elevation_rad: sigma(self.elevation_floor_rad, self.elevation_resolution_rad, slope),
            range_rate_mps: sigma(self.range_rate_floor_mps, self.range_rate_resolution_mps, 1.0),
        }
    }

    /// The resolution cell in a direction.
    pub(super) fn cell(&self, cosine: f64) -> Cell {
        Cell {
            range_m: self.range_resolution_m,
            azimuth_rad: self.azimuth_resolution_rad / cosine,
            elevation_rad: self.elevation_resolution_rad / cosine,
            range_rate_mps: self.range_rate_resolution_mps,
        }
    }
}
