//! Whether an echo crosses the threshold, and with what signal-to-noise ratio.
//!
//! All powers are in units of the mean noise power. The detector compares the power `z` of signal and noise with a
//! threshold `V = -ln Pfa`: noise alone is exponential, so it exceeds `V` with probability `Pfa`.

use geo::math::{exp, ln};

use crate::Chance;

/// How the echo of an object varies from dwell to dwell.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub enum Fluctuation {
    /// Not at all.
    Steady,
    /// Many equal scatterers: exponential power. Source: Swerling, Probability of detection for fluctuating targets
    /// (1960), IRE Transactions on Information Theory 6, case I.
    #[default]
    Swerling1,
    /// One large scatterer and many small: chi-square power of four degrees. Source: as above, case III.
    Swerling3,
}

/// What turns a signal-to-noise ratio into a detection.
#[derive(Copy, Clone, Debug, PartialEq)]
pub enum Detector {
    /// A threshold on the power of one dwell.
    Threshold {
        /// Probability that noise alone exceeds it, in one resolution cell.
        false_alarm_probability: f64,
        /// How the signal varies.
        fluctuation: Fluctuation,
    },
    /// The same probability for whatever is in view.
    Constant {
        /// In [0, 1].
        probability: f64,
    },
}

impl Detector {
    /// Returns the probability of a detection at a mean signal-to-noise ratio (a power ratio).
    ///
    /// Source: Swerling I `Pfa^(1/(1+S))`; III for one dwell; steady by Marcum's Q of first order as a series
    /// (Richards, Fundamentals of radar signal processing, 2nd ed. (2014), section 6.3, equation 6.99 and table 6.1).
    pub fn probability(&self, snr: f64) -> f64 {
        let (threshold, fluctuation) = match *self {
            Self::Constant { probability } => return probability,
            Self::Threshold {
                false_alarm_probability,
                fluctuation,
            } => (-ln(false_alarm_probability), fluctuation),
        };
        match fluctuation {
            Fluctuation::Steady => marcum(snr, threshold).0,
            Fluctuation::Swerling1 => exp(-threshold / (1.0 + snr)),
            Fluctuation::Swerling3 => {
                let half = 1.0 + 0.5 * snr;
                exp(-threshold / half) * (1.0 + threshold * (half - 1.0) / (half * half))
            }
        }
    }

    /// Returns the mean signal-to-noise ratio of the dwells that detect: above the threshold even for a faint object.
    pub fn detected_snr(&self, snr: f64) -> f64 {
        let Self::Threshold {
            false_alarm_probability,
            fluctuation,
        } = *self
        else {
            return snr;
        };
        let threshold = -ln(false_alarm_probability);
        // The mean of z above V, less the mean of the noise.
        match fluctuation {
            Fluctuation::Steady => marcum(snr, threshold).1 - 1.0,
            Fluctuation::Swerling1 => threshold + snr,
            Fluctuation::Swerling3 => {
                let half = 1.0 + 0.5 * snr;
                let slope = (half - 1.0) / (half * half);
                threshold + half * (1.0 + slope * (threshold + half)) / (1.0 + slope * threshold) - 1.0
            }
        }
    }

    /// Draws one dwell: the measured signal-to-noise ratio if there is a detection. Every call draws as often as any
    /// other of the same detector, whatever the outcome.
    pub(super) fn draw(&self, snr: f64, chance: &mut Chance) -> Option<f64> {
        let (threshold, fluctuation) = match *self {
            Self::Constant { probability } => return chance.happens(probability).then_some(snr),
            Self::Threshold {
                false_alarm_probability,
                fluctuation,
            } => (-ln(false_alarm_probability), fluctuation),
        };
        let power = match fluctuation {
            Fluctuation::Steady => {
                let (re, im) = (chance.normal() + (2.0 * snr).sqrt(), chance.normal());
                0.5 * (re * re + im * im)
            }
            Fluctuation::Swerling1 => (1.0 + snr) * chance.exponential(),
            Fluctuation::Swerling3 => {
                // The density is a mixture of one and of two exponential steps.
                let half = 1.0 + 0.5 * snr;
                let (first, second) = (chance.exponential(), chance.exponential());
                half * if chance.happens(1.0 / half) {
                    first
                } else {
                    first + second
                }
            }
        };
        (power > threshold).then_some(power - 1.0)
    }

    /// Draws the measured signal-to-noise ratio of a false alarm.
    pub(super) fn draw_false(&self, chance: &mut Chance) -> f64 {
        match *self {
            Self::Constant { .. } => 1.0,
            Self::Threshold {
                false_alarm_probability,
                ..
            } => chance.exponential() - ln(false_alarm_probability) - 1.0,
        }
    }
}

/// Marcum's Q of first order, `Q₁(√2S, √2V)`: the probability that a Poisson number of mean `V` is not above another of
/// mean `S`; and the mean power of what is above the threshold.
fn marcum(snr: f64, threshold: f64) -> (f64, f64) {
    // Beyond eight standard deviations the answer is 1, and the first terms underflow.
    let apart = (2.0 * snr).sqrt() - (2.0 * threshold).sqrt();
    if apart > 8.0 || snr > 600.0 && apart > 0.0 {
        return (1.0, 1.0 + snr);
    }
    let (mut signal, mut noise) = (exp(-snr), exp(-threshold));
    let mut noise_sum = noise;
    let (mut sum, mut power) = (0.0, 0.0);
    let last = snr + 12.0 * snr.sqrt() + 30.0;
    let mut k = 0.0;
    while k < last {
        sum += signal * noise_sum;
        noise *= threshold / (k + 1.0);
        noise_sum += noise;
        // The mean of a gamma variable of k + 1 steps above V is (k + 1) times the tail of one of k + 2.
        power += signal * (k + 1.0) * noise_sum;
        k += 1.0;
        signal *= snr / k;
    }
    (sum.min(1.0), power / sum)
}
