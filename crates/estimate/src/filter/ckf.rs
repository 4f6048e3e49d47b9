//! The cubature Kalman filter for additive noise.
//!
//! Source: Arasaratnam & Haykin, Cubature Kalman filters, IEEE Transactions on Automatic Control 54(6) (2009).

use nalgebra::SVector;

use super::sigma_points::{self, Rule};
use super::{Outcome, Prediction, UpdateError};
use crate::belief::Gaussian;
use crate::motion::MotionModel;
use crate::sensor::SensorModel;

/// `2N` points at `sqrt(N)` sigmas, all of one weight, none in the centre.
fn rule(size: usize) -> Rule {
    let size = size as f64;
    Rule {
        distance: size.sqrt(),
        centre_mean: 0.0,
        centre_covariance: 0.0,
        outer: 0.5 / size,
    }
}

/// Moves a belief. Errors: [`UpdateError::NotPositiveDefinite`], [`UpdateError::NotFinite`].
pub fn predict<const N: usize>(
    model: &impl MotionModel<N>,
    belief: &Gaussian<N>,
    dt_s: f64,
) -> Result<Prediction<N>, UpdateError> {
    sigma_points::predict(model, belief, dt_s, &rule(N))
}

/// Takes a measurement in, unless its NIS is above the gate. Errors: [`UpdateError`].
pub fn update<const N: usize, const M: usize>(
    sensor: &impl SensorModel<N, M>,
    belief: &Gaussian<N>,
    measured: &SVector<f64, M>,
    gate: Option<f64>,
) -> Result<Outcome<N, M>, UpdateError> {
    sigma_points::update(sensor, belief, measured, gate, &rule(N))
}
