//! The extended Kalman filter, with the covariance in Joseph's form.
//!
//! Source: Bar-Shalom, Li & Kirubarajan, Estimation with applications to tracking and navigation (2001), section 10.3;
//! Joseph's form section 5.2.3, equation (5.2.3-18).

use nalgebra::{SMatrix, SVector};

use super::{Outcome, Prediction, Update, UpdateError, finite_belief, finite_measurement, gain, outside};
use crate::belief::{Gaussian, symmetrised};
use crate::motion::MotionModel;
use crate::sensor::SensorModel;

/// Moves a belief: mean by the model, covariance `F P F' + Q`. Errors: [`UpdateError::NotFinite`].
#[inline]
pub fn predict<const N: usize>(
    model: &impl MotionModel<N>,
    belief: &Gaussian<N>,
    dt_s: f64,
) -> Result<Prediction<N>, UpdateError> {
    let moved = model.transition(&belief.mean, dt_s);
    let cross = belief.covariance * moved.jacobian.transpose();
    let later = Gaussian {
        mean: moved.state,
        covariance: symmetrised(&(moved.jacobian * cross + moved.noise)),
    };
    finite_belief(&later)?;
    Ok(Prediction { belief: later, cross })
}

/// Takes a measurement in: `P⁺ = (I - K H) P (I - K H)' + K R K'`. Errors: [`UpdateError`].
#[inline]
pub fn update<const N: usize, const M: usize>(
    sensor: &impl SensorModel<N, M>,
    belief: &Gaussian<N>,
    measured: &SVector<f64, M>,
    gate: Option<f64>,
) -> Result<Outcome<N, M>, UpdateError> {
    let line = sensor.linearize(&belief.mean)?;
    update_about(sensor, belief, measured, gate, (&belief.mean, &line))
}

/// What a sensor measures of a state, and its derivative there.
pub(super) type Line<const N: usize, const M: usize> = (SVector<f64, M>, SMatrix<f64, M, N>);

/// The same with the sensor linearised about a state of choice. Errors: [`UpdateError`].
#[inline]
pub(super) fn update_about<const N: usize, const M: usize>(
    sensor: &impl SensorModel<N, M>,
    belief: &Gaussian<N>,
    measured: &SVector<f64, M>,
    gate: Option<f64>,
    (about, (expected, jacobian)): (&SVector<f64, N>, &Line<N, M>),
) -> Result<Outcome<N, M>, UpdateError> {
    finite_measurement(measured)?;
    let off = sensor.residual(measured, expected) - jacobian * (belief.mean - about);
    let noise = sensor.noise();
    let state_measurement = belief.covariance * jacobian.transpose();
    let covariance = symmetrised(&(jacobian * state_measurement + noise));
    let step = gain(off, covariance, &state_measurement)?;
    if let Some(gate) = outside(&step.innovation, gate) {
        return Ok(Outcome::Gated {
            innovation: step.innovation,
            gate,
        });
    }
    let kept = SMatrix::<f64, N, N>::identity() - step.gain * jacobian;
    let joseph = kept * belief.covariance * kept.transpose() + step.gain * noise * step.gain.transpose();
    let later = Gaussian {
        mean: belief.mean + step.gain * step.innovation.value,
        covariance: symmetrised(&joseph),
    };
    finite_belief(&later)?;
    Ok(Outcome::Updated(Update {
        belief: later,
        innovation: step.innovation,
    }))
}
