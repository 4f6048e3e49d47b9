//! Nearly constant velocity.

use nalgebra::{SMatrix, SVector, Vector6};

use super::{MotionModel, Transition};

/// Straight motion with white acceleration noise.
///
/// State `[x_m, y_m, z_m, vx_mps, vy_mps, vz_mps]` (6), ECEF. Noise discretised exactly: `q dt³/3, q dt²/2, q dt` per
/// axis. Source: Li & Jilkov, Survey of maneuvering target tracking part I: dynamic models, IEEE Transactions on
/// Aerospace and Electronic Systems 39(4) (2003), section III-B.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct ConstantVelocity {
    /// Power spectral density of the acceleration noise, per axis.
    pub acceleration_psd_m2ps3: f64,
}

impl MotionModel<6> for ConstantVelocity {
    #[inline]
    fn propagate(&self, state: &Vector6<f64>, dt_s: f64) -> Vector6<f64> {
        SVector::from_fn(|row, _| {
            if row < 3 {
                state[row] + dt_s * state[row + 3]
            } else {
                state[row]
            }
        })
    }

    #[inline]
    fn transition(&self, state: &Vector6<f64>, dt_s: f64) -> Transition<6> {
        let span_s = dt_s.abs();
        let q = self.acceleration_psd_m2ps3 * span_s;
        let mut jacobian = SMatrix::<f64, 6, 6>::identity();
        let mut noise = SMatrix::<f64, 6, 6>::zeros();
        for axis in 0..3 {
            jacobian[(axis, axis + 3)] = dt_s;
            noise[(axis, axis)] = q * dt_s * dt_s / 3.0;
            noise[(axis, axis + 3)] = q * dt_s / 2.0;
            noise[(axis + 3, axis)] = q * dt_s / 2.0;
            noise[(axis + 3, axis + 3)] = q;
        }
        Transition {
            state: self.propagate(state, dt_s),
            jacobian,
            noise,
        }
    }
}
