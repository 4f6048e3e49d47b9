//! How noisy a sensor's channel really was: spread and correlation of its residuals.
//!
//! Range instrumentation smooths its plots, so neighbours err together and a thousand plots hold less than a thousand
//! independent measurements. The fit therefore weighs a channel by `spread × inflation`: the spread is the residuals'
//! own (blended with what the owner stated, which counts like a few independent plots), the inflation the ratio by
//! which the mean of a block of plots scatters more than independent plots would (method of batch means; Alexopoulos
//! and Seila, Output data analysis for simulations, 2001). The longest blocks are a quarter of the span, so slower
//! errors do not show here: those are considered as drifts, see `bias`.

/// The weight of the stated sigma against the residuals, in independent plots.
const PRIOR_PLOTS: f64 = 5.0;
/// The smallest number of blocks whose means are compared.
const BLOCKS_MIN: usize = 4;
/// The MAD of a normal distribution times this is its standard deviation.
const SIGMA_PER_MAD: f64 = 1.482_602_218_505_602;

/// How the residuals of one channel of one sensor scatter.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Noise {
    /// Standard deviation of single plots, in units of the stated sigma.
    pub spread: f64,
    /// Variance of a mean of plots against that of as many independent plots, at least 1.
    pub inflation: f64,
}

impl Noise {
    /// As stated by the owner: independent plots of the stated sigma.
    pub const STATED: Self = Self {
        spread: 1.0,
        inflation: 1.0,
    };

    /// The factor on the stated sigma with which a plot enters the normal equations.
    pub fn factor(&self) -> f64 {
        self.spread * self.inflation.sqrt()
    }

    /// Estimates the noise of residuals in units of their stated sigmas, in the order of time, rejected ones left out.
    pub(crate) fn estimate(residuals: &[f64]) -> Self {
        let n = residuals.len();
        if n < 8 {
            return Self::STATED;
        }
        // About zero: the bias is estimated, and what a fit has not yet absorbed of it must not be rejected.
        let spread_seen = SIGMA_PER_MAD * median_by(residuals, f64::abs);
        // Values of few digits can have half of their residuals equal.
        let spread_seen = if spread_seen > 0.0 {
            spread_seen
        } else {
            rms(residuals, 0.0)
        };
        let centre = median(residuals);
        let inflation = inflation(residuals, centre, spread_seen);
        let independent = n as f64 / inflation;
        let variance = (PRIOR_PLOTS + independent * spread_seen * spread_seen) / (PRIOR_PLOTS + independent);
        Self {
            spread: variance.sqrt(),
            inflation,
        }
    }
}

/// The largest ratio of `block length × variance of block means` to the variance of single residuals.
fn inflation(residuals: &[f64], centre: f64, spread: f64) -> f64 {
    if spread <= 0.0 {
        return 1.0;
    }
    // One wild residual must not make its block: clip at four sigmas.
    let clipped: Vec<f64> = residuals
        .iter()
        .map(|r| (r - centre).clamp(-4.0 * spread, 4.0 * spread))
        .collect();
    let variance = clipped.iter().map(|r| r * r).sum::<f64>() / clipped.len() as f64;
    let mut largest = 1.0_f64;
    let mut length = 2;
    while clipped.len() / length >= BLOCKS_MIN {
        let means: Vec<f64> = clipped
            .chunks_exact(length)
            .map(|b| b.iter().sum::<f64>() / length as f64)
            .collect();
        let centre = means.iter().sum::<f64>() / means.len() as f64;
        let of_means = means.iter().map(|m| (m - centre) * (m - centre)).sum::<f64>() / (means.len() - 1) as f64;
        largest = largest.max(length as f64 * of_means / variance);
        length *= 2;
    }
    largest
}

fn rms(values: &[f64], centre: f64) -> f64 {
    (values.iter().map(|v| (v - centre) * (v - centre)).sum::<f64>() / values.len() as f64).sqrt()
}

/// The median; 0 of nothing.
pub(crate) fn median(values: &[f64]) -> f64 {
    median_by(values, |v| v)
}

/// The median of a function of the values; 0 of nothing.
pub(crate) fn median_by(values: &[f64], of: impl Fn(f64) -> f64) -> f64 {
    let mut sorted: Vec<f64> = values.iter().map(|v| of(*v)).collect();
    if sorted.is_empty() {
        return 0.0;
    }
    let middle = sorted.len() / 2;
    *sorted.select_nth_unstable_by(middle, f64::total_cmp).1
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A deterministic standard normal sequence: the sum of twelve uniform numbers of a linear congruence.
    fn normals(seed: u64, count: usize) -> Vec<f64> {
        let mut x = seed;
        let mut uniform = move || {
            x = x
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            (x >> 11) as f64 / (1_u64 << 53) as f64
        };
        (0..count)
            .map(|_| (0..12).map(|_| uniform()).sum::<f64>() - 6.0)
            .collect()
    }

    #[test]
    fn independent_noise_is_found_as_such() {
        let noise = Noise::estimate(&normals(1, 4000));
        assert!((noise.spread - 1.0).abs() < 0.06, "{noise:?}");
        assert!(noise.inflation < 4.0, "{noise:?}");
    }

    #[test]
    fn correlated_noise_is_inflated_by_its_integral() {
        // First-order autoregression with coefficient 0.9: the inflation is (1 + 0.9) / (1 - 0.9) = 19.
        let mut x = 0.0;
        let residuals: Vec<f64> = normals(2, 20_000)
            .into_iter()
            .map(|w| {
                x = 0.9 * x + (1.0_f64 - 0.81).sqrt() * w;
                x
            })
            .collect();
        let noise = Noise::estimate(&residuals);
        assert!((10.0..40.0).contains(&noise.inflation), "{noise:?}");
        assert!((noise.spread - 1.0).abs() < 0.1, "{noise:?}");
    }

    #[test]
    fn a_third_of_outliers_does_not_move_the_spread() {
        let mut residuals = normals(3, 3000);
        for r in residuals.iter_mut().step_by(4) {
            *r += 300.0;
        }
        assert!(Noise::estimate(&residuals).spread < 2.0);
    }

    #[test]
    fn few_plots_keep_what_was_stated() {
        assert_eq!(Noise::estimate(&[5.0; 7]), Noise::STATED);
    }
}
