//! How objects move: one model, one file, and one line in the list below.
//!
//! Every state holds the ECEF position in rows 0..3, metres, and the velocity relative to the turning Earth in rows 3..6,
//! metres per second; what follows is said in each file. Adding a model is a file and a line in [`with_each_motion`].

mod constant_velocity;

pub use constant_velocity::ConstantVelocity;

use nalgebra::{SMatrix, SVector};

/// A state moved in time, linearised.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Transition<const N: usize> {
    /// The later state (N).
    pub state: SVector<f64, N>,
    /// Its derivative by the earlier state (N×N).
    pub jacobian: SMatrix<f64, N, N>,
    /// Covariance (N×N) of what the model does not know of the span. Grows with the length of the span, also backwards.
    pub noise: SMatrix<f64, N, N>,
}

/// How a state of `N` components moves.
pub trait MotionModel<const N: usize> {
    /// Returns the state (N) after a time span, forwards or backwards, without noise.
    fn propagate(&self, state: &SVector<f64, N>, dt_s: f64) -> SVector<f64, N>;

    /// Returns the state after a time span with its derivative and the noise of the span.
    fn transition(&self, state: &SVector<f64, N>, dt_s: f64) -> Transition<N>;
}
