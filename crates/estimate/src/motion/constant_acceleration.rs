//! Nearly constant acceleration: the model for thrust of unknown size and direction.

use nalgebra::{Matrix3, SMatrix, SVector};

use super::{MotionModel, Transition};

/// A state whose acceleration wanders as a random walk (white jerk).
///
/// State `[x_m, y_m, z_m, vx_mps, vy_mps, vz_mps, ax_mps2, ay_mps2, az_mps2]` (9), ECEF; the acceleration is that in
/// the turning frame, gravity included. Source: Bar-Shalom, Li & Kirubarajan, Estimation with applications to tracking
/// and navigation (2001), section 6.2.3, discretised white jerk.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct ConstantAcceleration {
    /// Power spectral density of the jerk of each axis, m²/s⁵.
    pub jerk_psd_m2ps5: f64,
}

impl ConstantAcceleration {
    fn jacobian(dt_s: f64) -> SMatrix<f64, 9, 9> {
        let mut jacobian = SMatrix::identity();
        for axis in 0..3 {
            jacobian[(axis, axis + 3)] = dt_s;
            jacobian[(axis + 3, axis + 6)] = dt_s;
            jacobian[(axis, axis + 6)] = 0.5 * dt_s * dt_s;
        }
        jacobian
    }
}

impl MotionModel<9> for ConstantAcceleration {
    fn propagate(&self, state: &SVector<f64, 9>, dt_s: f64) -> SVector<f64, 9> {
        Self::jacobian(dt_s) * state
    }

    fn transition(&self, state: &SVector<f64, 9>, dt_s: f64) -> Transition<9> {
        let jacobian = Self::jacobian(dt_s);
        // Backwards the noise is that of the same span; the odd powers keep the sign of the step.
        let (h, q) = (dt_s.abs(), self.jerk_psd_m2ps5);
        let sign = dt_s.signum();
        #[rustfmt::skip]
        let axis = Matrix3::new(
            h.powi(5) / 20.0,        sign * h.powi(4) / 8.0, h.powi(3) / 6.0,
            sign * h.powi(4) / 8.0,  h.powi(3) / 3.0,        sign * h * h / 2.0,
            h.powi(3) / 6.0,         sign * h * h / 2.0,     h,
        ) * q;
        let noise = SMatrix::from_fn(|i, j| if i % 3 == j % 3 { axis[(i / 3, j / 3)] } else { 0.0 });
        Transition {
            state: jacobian * state,
            jacobian,
            noise,
        }
    }
}
