//! The unscented Kalman filter for additive noise.
//!
//! Source: Julier & Uhlmann, Unscented filtering and nonlinear estimation, Proceedings of the IEEE 92(3) (2004); scaled
//! weights: Wan & van der Merwe, The unscented Kalman filter for nonlinear estimation (2000), equation (15).

use nalgebra::SVector;

use super::sigma_points::{self, Rule};
use super::{Outcome, Prediction, UpdateError};
use crate::belief::Gaussian;
use crate::motion::MotionModel;
use crate::sensor::SensorModel;

/// How far the sigma points spread: `λ = α² (N + κ) - N`, points at `sqrt(N + λ)` sigmas.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Spread {
    /// Scale of the spread, above 0.
    pub alpha: f64,
    /// Added weight of the centre in covariances; 2 suits a Gaussian when `alpha` is small.
    pub beta: f64,
    /// Secondary scale, above `-N`.
    pub kappa: f64,
}

/// `α = 1, β = 0, κ = 1`: no weight is negative, so covariances stay positive-definite, and nothing cancels in
/// coordinates of 10⁷ m as it does with `α = 10⁻³`.
impl Default for Spread {
    fn default() -> Self {
        Self {
            alpha: 1.0,
            beta: 0.0,
            kappa: 1.0,
        }
    }
}

impl Spread {
    fn rule(&self, size: usize) -> Rule {
        let size = size as f64;
        let scaled = self.alpha * self.alpha * (size + self.kappa);
        let centre_mean = (scaled - size) / scaled;
        Rule {
            distance: scaled.sqrt(),
            centre_mean,
            centre_covariance: centre_mean + 1.0 - self.alpha * self.alpha + self.beta,
            outer: 0.5 / scaled,
        }
    }
}

/// Moves a belief. Errors: [`UpdateError::NotPositiveDefinite`], [`UpdateError::NotFinite`].
pub fn predict<const N: usize>(
    model: &impl MotionModel<N>,
    belief: &Gaussian<N>,
    dt_s: f64,
    spread: &Spread,
) -> Result<Prediction<N>, UpdateError> {
    sigma_points::predict(model, belief, dt_s, &spread.rule(N))
}

/// Takes a measurement in, unless its NIS is above the gate. Errors: [`UpdateError`].
pub fn update<const N: usize, const M: usize>(
    sensor: &impl SensorModel<N, M>,
    belief: &Gaussian<N>,
    measured: &SVector<f64, M>,
    gate: Option<f64>,
    spread: &Spread,
) -> Result<Outcome<N, M>, UpdateError> {
    sigma_points::update(sensor, belief, measured, gate, &spread.rule(N))
}
