//! Filters: a belief is moved with a motion model and corrected with a sensor model.
//!
//! All are chosen by [`Filter`] and share outcomes, so that a tracker, the IMM or the smoother does not care
//! which. [`smooth`] takes histories of one model; there is no smoother over the modes of an IMM.

pub mod ckf;
pub mod ekf;
pub mod iekf;
pub mod imm;
mod sigma_points;
pub mod smooth;
pub mod ukf;

use nalgebra::{SMatrix, SVector};

use crate::belief::{Gaussian, NotPositiveDefinite, cholesky, log_density, whitened_squared};
use crate::motion::MotionModel;
use crate::sensor::{NotObservable, SensorModel};

/// Which approximation carries a Gaussian through a nonlinear model.
#[derive(Copy, Clone, Debug, Default, PartialEq)]
pub enum Filter {
    /// Extended: the models' own Jacobians.
    #[default]
    Ekf,
    /// Iterated: moves as the extended filter does, and its update is linearised where it leads to.
    Iekf,
    /// Unscented: sigma points with a stated spread.
    Ukf(ukf::Spread),
    /// Cubature: the third-degree spherical-radial rule.
    Ckf,
}

/// A belief moved in time.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Prediction<const N: usize> {
    /// The belief at the later time.
    pub belief: Gaussian<N>,
    /// Covariance (N×N) of the earlier state with the later: rows earlier, columns later. Smoothers read it.
    pub cross: SMatrix<f64, N, N>,
}

/// A belief after a measurement, and how well the two agreed.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Update<const N: usize, const M: usize> {
    /// The belief that includes the measurement.
    pub belief: Gaussian<N>,
    /// The agreement of measurement and prediction.
    pub innovation: Innovation<M>,
}

/// Measured minus expected, and what was thought of it beforehand.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Innovation<const M: usize> {
    /// Measured minus expected (M), angles wrapped.
    pub value: SVector<f64, M>,
    /// Its covariance (M×M): that of the prediction and the noise together.
    pub covariance: SMatrix<f64, M, M>,
    /// Its squared Mahalanobis length (normalised innovation squared): chi-square of `M` degrees if the belief holds.
    pub nis: f64,
    /// Natural logarithm of its density.
    pub log_likelihood: f64,
}

/// What came of a measurement.
#[derive(Copy, Clone, Debug, PartialEq)]
pub enum Outcome<const N: usize, const M: usize> {
    /// It was taken in.
    Updated(Update<N, M>),
    /// It lies too far from what was expected and was left out; the belief stays.
    Gated {
        /// How far it lies.
        innovation: Innovation<M>,
        /// The largest NIS that would have been taken.
        gate: f64,
    },
}

impl<const N: usize, const M: usize> Outcome<N, M> {
    /// The update, unless the measurement was gated.
    pub fn updated(&self) -> Option<&Update<N, M>> {
        match self {
            Self::Updated(update) => Some(update),
            Self::Gated { .. } => None,
        }
    }

    /// The innovation, taken in or not.
    pub fn innovation(&self) -> &Innovation<M> {
        match self {
            Self::Updated(update) => &update.innovation,
            Self::Gated { innovation, .. } => innovation,
        }
    }
}

/// Why a belief could not be moved or corrected. It stays what it was.
#[derive(Copy, Clone, Debug, PartialEq, thiserror::Error)]
pub enum UpdateError {
    /// The sensor model has no derivative where the belief is.
    #[error(transparent)]
    NotObservable(#[from] NotObservable),
    /// A covariance (of the state, or of the innovation) has no Cholesky factor.
    #[error(transparent)]
    NotPositiveDefinite(#[from] NotPositiveDefinite),
    /// A number is not finite: the measurement's, or one of the result.
    #[error("{what}[{row}] is {value}")]
    NotFinite {
        /// Which vector: `"measurement"`, `"mean"` or `"variance"`.
        what: &'static str,
        /// Its row.
        row: usize,
        /// The value there.
        value: f64,
    },
}

impl Filter {
    /// Moves a belief by a time span, forwards or backwards.
    ///
    /// Errors: [`UpdateError::NotPositiveDefinite`] (sigma points need the factor), [`UpdateError::NotFinite`].
    pub fn predict<const N: usize>(
        &self,
        model: &impl MotionModel<N>,
        belief: &Gaussian<N>,
        dt_s: f64,
    ) -> Result<Prediction<N>, UpdateError> {
        match self {
            Self::Ekf | Self::Iekf => ekf::predict(model, belief, dt_s),
            Self::Ukf(spread) => ukf::predict(model, belief, dt_s, spread),
            Self::Ckf => ckf::predict(model, belief, dt_s),
        }
    }

    /// Takes a measurement (M) into a belief, unless its NIS is above the gate.
    ///
    /// Errors: [`UpdateError`], all three.
    pub fn update<const N: usize, const M: usize>(
        &self,
        sensor: &impl SensorModel<N, M>,
        belief: &Gaussian<N>,
        measured: &SVector<f64, M>,
        gate: Option<f64>,
    ) -> Result<Outcome<N, M>, UpdateError> {
        match self {
            Self::Ekf => ekf::update(sensor, belief, measured, gate),
            Self::Iekf => iekf::update(sensor, belief, measured, gate),
            Self::Ukf(spread) => ukf::update(sensor, belief, measured, gate, spread),
            Self::Ckf => ckf::update(sensor, belief, measured, gate),
        }
    }
}

/// Checks a measurement. Errors: [`UpdateError::NotFinite`].
#[inline]
fn finite_measurement<const M: usize>(measured: &SVector<f64, M>) -> Result<(), UpdateError> {
    finite("measurement", measured)
}

/// Checks a result. Errors: [`UpdateError::NotFinite`].
#[inline]
fn finite_belief<const N: usize>(belief: &Gaussian<N>) -> Result<(), UpdateError> {
    // A covariance that is not finite somewhere shows on its diagonal within one step; the sum finds it at once.
    if (belief.mean.sum() + belief.covariance.sum()).is_finite() {
        return Ok(());
    }
    finite("mean", &belief.mean)?;
    finite("variance", &belief.covariance.diagonal())
}

fn finite<const D: usize>(what: &'static str, vector: &SVector<f64, D>) -> Result<(), UpdateError> {
    match vector.iter().enumerate().find(|(_, value)| !value.is_finite()) {
        None => Ok(()),
        Some((row, &value)) => Err(UpdateError::NotFinite { what, row, value }),
    }
}

/// An innovation with the gain (N×M) that goes with it.
struct Gain<const N: usize, const M: usize> {
    innovation: Innovation<M>,
    gain: SMatrix<f64, N, M>,
}

/// Returns gain and statistics from the covariance of state and measurement (N×M) and of the innovation (M×M).
///
/// Errors: [`UpdateError::NotPositiveDefinite`].
#[inline]
fn gain<const N: usize, const M: usize>(
    value: SVector<f64, M>,
    covariance: SMatrix<f64, M, M>,
    state_measurement: &SMatrix<f64, N, M>,
) -> Result<Gain<N, M>, UpdateError> {
    let factor = cholesky(&covariance)?;
    let nis = whitened_squared(&factor, &value);
    Ok(Gain {
        innovation: Innovation {
            value,
            covariance,
            nis,
            log_likelihood: log_density(&factor, nis),
        },
        gain: factor.solve(&state_measurement.transpose()).transpose(),
    })
}

/// Whether an innovation is outside the gate.
#[inline]
fn outside<const M: usize>(innovation: &Innovation<M>, gate: Option<f64>) -> Option<f64> {
    gate.filter(|&gate| innovation.nis.is_nan() || innovation.nis > gate)
}

#[cfg(test)]
mod tests;
