//! Free flight above the air.

use nalgebra::{SMatrix, SVector, Vector6};

use super::dynamics::Dynamics;
use super::earth::{free_jacobian, free_rate};

/// Gravity alone, in axes that turn with the Earth.
///
/// State `[x_m, y_m, z_m, vx_mps, vy_mps, vz_mps]` (6), ECEF. Gravity with J2 to J4, Coriolis and centrifugal
/// acceleration. Source: Li & Jilkov, Survey of maneuvering target tracking part II: motion models of ballistic and
/// space targets, IEEE Transactions on Aerospace and Electronic Systems 46(1) (2010), section IV. Differs from it by
/// J3, J4.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Coast {
    /// Power spectral density of the acceleration noise, per axis.
    pub acceleration_psd_m2ps3: f64,
}

impl Dynamics<6> for Coast {
    fn rate(&self, state: &Vector6<f64>) -> Vector6<f64> {
        free_rate(state)
    }

    fn rate_jacobian(&self, state: &Vector6<f64>) -> SMatrix<f64, 6, 6> {
        free_jacobian(state)
    }

    fn noise_psd(&self) -> Vector6<f64> {
        let q = self.acceleration_psd_m2ps3;
        SVector::<f64, 6>::new(0.0, 0.0, 0.0, q, q, q)
    }

    /// Gravity changes by a part in a thousand in this time at orbital speed: the rule's error is below a micrometre.
    fn step_max_s(&self) -> f64 {
        5.0
    }
}
