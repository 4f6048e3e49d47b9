//! A space-based infrared sensor: directions of what is under thrust, seen from above.

use super::detection::{Detector, Fluctuation};

/// A sensor far above that sees thrust against the Earth: azimuth and elevation in the frame of its place, most of them
/// far below the horizontal.
///
/// The signal-to-noise ratio in amplitude is irradiance over noise: `I / (R² · NEI)`. Source: Hudson, Infrared system
/// engineering (1969), chapter 12.
#[derive(Clone, Debug, PartialEq)]
pub struct Infrared {
    /// Irradiance that gives a signal as large as the noise.
    pub noise_wpm2: f64,
    /// Probability of a false alarm in one resolution cell; sets the threshold.
    pub false_alarm_probability: f64,
    /// Angle within which two objects are one.
    pub resolution_rad: f64,
    /// Noise of both angles at a very strong signal.
    pub floor_rad: f64,
    /// Time between looks at the same place.
    pub period_s: f64,
    /// Below this height nothing is seen, and no line of sight passes.
    pub cloud_top_m: f64,
}

impl Infrared {
    /// Returns the signal-to-noise ratio as a ratio of powers.
    pub fn snr(&self, range_m: f64, boost_wpsr: f64) -> f64 {
        let amplitude = boost_wpsr / (range_m * range_m * self.noise_wpm2);
        amplitude * amplitude
    }

    /// The threshold.
    pub fn detector(&self) -> Detector {
        Detector::Threshold {
            false_alarm_probability: self.false_alarm_probability,
            fluctuation: Fluctuation::Steady,
        }
    }

    /// Standard deviation of each angle, across the line of sight.
    pub(super) fn sigma_rad(&self, snr: f64) -> f64 {
        let thermal = self.resolution_rad / (2.0 * snr).sqrt();
        (self.floor_rad * self.floor_rad + thermal * thermal).sqrt()
    }
}
