//! The Rauch-Tung-Striebel smoother over the history of any of the filters.
//!
//! It reads the cross covariance that each filter's prediction leaves behind, so the extended, the unscented and the
//! cubature smoother are one. Source: Särkkä, Bayesian filtering and smoothing (2013), chapters 9 and 10.

use crate::belief::{Gaussian, cholesky, symmetrised};

use super::{Prediction, UpdateError, finite_belief};

/// One time of a filter's history.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Step<const N: usize> {
    /// How the belief came here from the step before; `None` for the first.
    pub prediction: Option<Prediction<N>>,
    /// The belief after this time's measurements.
    pub filtered: Gaussian<N>,
}

/// Returns the beliefs at all times, each given the whole history, in the same order.
///
/// A step without a prediction has nothing before it to smooth: the history before it is smoothed on its own.
/// Errors: [`UpdateError::NotPositiveDefinite`] of a predicted covariance, [`UpdateError::NotFinite`].
pub fn smooth<const N: usize>(history: &[Step<N>]) -> Result<Vec<Gaussian<N>>, UpdateError> {
    let mut smoothed: Vec<Gaussian<N>> = history.iter().map(|step| step.filtered).collect();
    for later in (1..history.len()).rev() {
        let Some(prediction) = &history[later].prediction else {
            continue;
        };
        let filtered = &history[later - 1].filtered;
        let next = smoothed[later];
        let factor = cholesky(&prediction.belief.covariance)?;
        let gain = factor.solve(&prediction.cross.transpose()).transpose();
        let change = next.covariance - prediction.belief.covariance;
        let belief = Gaussian {
            mean: filtered.mean + gain * (next.mean - prediction.belief.mean),
            covariance: symmetrised(&(filtered.covariance + gain * change * gain.transpose())),
        };
        finite_belief(&belief)?;
        smoothed[later - 1] = belief;
    }
    Ok(smoothed)
}
