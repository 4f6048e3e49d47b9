//! Models given by a rate of change: moved with short Runge-Kutta steps, the derivative and the noise carried along.

use nalgebra::{SMatrix, SVector};

use super::{MotionModel, Transition};

/// A motion stated as `dx/dt = f(x) + w`, `w` white.
///
/// Every such model is a [`MotionModel`]: fixed steps of the classical fourth-order Runge-Kutta rule no longer than
/// [`Dynamics::step_max_s`], with the exact derivative of that rule (the variational equation through the same stages).
/// Noise of a step `h`: `∫ (I + A s) W (I + A s)' ds = h (W + h/2 (A W + W A') + h²/3 A W A')`, positive semi-definite,
/// exact for nearly constant velocity; steps are chained through the transition.
pub trait Dynamics<const N: usize> {
    /// Returns the rate of change (N) of a state, per second.
    fn rate(&self, state: &SVector<f64, N>) -> SVector<f64, N>;

    /// Returns the derivative (N×N) of the rate by the state.
    fn rate_jacobian(&self, state: &SVector<f64, N>) -> SMatrix<f64, N, N>;

    /// Power spectral densities (N) of the white noise that drives each component, unit² per second.
    fn noise_psd(&self) -> SVector<f64, N>;

    /// The longest step of the integration.
    fn step_max_s(&self) -> f64;
}

/// Number of equal steps and their length.
fn steps(dt_s: f64, step_max_s: f64) -> (u32, f64) {
    let count = (dt_s.abs() / step_max_s).ceil().max(1.0);
    (count as u32, dt_s / count)
}

impl<const N: usize, D: Dynamics<N>> MotionModel<N> for D {
    fn propagate(&self, state: &SVector<f64, N>, dt_s: f64) -> SVector<f64, N> {
        let (count, h) = steps(dt_s, self.step_max_s());
        let mut x = *state;
        for _ in 0..count {
            let k1 = self.rate(&x);
            let k2 = self.rate(&(x + k1 * (0.5 * h)));
            let k3 = self.rate(&(x + k2 * (0.5 * h)));
            let k4 = self.rate(&(x + k3 * h));
            x += (k1 + (k2 + k3) * 2.0 + k4) * (h / 6.0);
        }
        x
    }

    fn transition(&self, state: &SVector<f64, N>, dt_s: f64) -> Transition<N> {
        let (count, h) = steps(dt_s, self.step_max_s());
        let identity = SMatrix::<f64, N, N>::identity();
        let white = SMatrix::<f64, N, N>::from_diagonal(&self.noise_psd());
        let mut moved = Transition {
            state: *state,
            jacobian: identity,
            noise: SMatrix::zeros(),
        };
        for _ in 0..count {
            let x = moved.state;
            let k1 = self.rate(&x);
            let x2 = x + k1 * (0.5 * h);
            let k2 = self.rate(&x2);
            let x3 = x + k2 * (0.5 * h);
            let k3 = self.rate(&x3);
            let x4 = x + k3 * h;
            let k4 = self.rate(&x4);
            moved.state = x + (k1 + (k2 + k3) * 2.0 + k4) * (h / 6.0);
            let j1 = self.rate_jacobian(&x);
            let j2 = self.rate_jacobian(&x2) * (identity + j1 * (0.5 * h));
            let j3 = self.rate_jacobian(&x3) * (identity + j2 * (0.5 * h));
            let j4 = self.rate_jacobian(&x4) * (identity + j3 * h);
            let step = identity + (j1 + (j2 + j3) * 2.0 + j4) * (h / 6.0);
            let driven = j1 * white;
            let added =
                (white + (driven + driven.transpose()) * (0.5 * h) + driven * j1.transpose() * (h * h / 3.0)) * h.abs();
            moved.noise = step * moved.noise * step.transpose() + added;
            moved.jacobian = step * moved.jacobian;
        }
        moved
    }
}
