//! Level turns at a nearly constant rate.

use geo::Site;
use nalgebra::{Matrix3, SMatrix, SVector, Vector3};

use super::dynamics::Dynamics;
use super::earth::{accelerate, add, by_parameter, split};

/// The velocity turns about the vertical of one place, at an unknown rate.
///
/// State `[x_m, y_m, z_m, vx_mps, vy_mps, vz_mps, turn_radps]` (7), ECEF, the turn clockwise as seen from above. The
/// same as turning in the east/north plane of the place; over 100 km away that plane is tilted by one degree. No
/// gravity: lift carries the object. Source: Li & Jilkov, Survey of maneuvering target tracking part I (2003), section
/// V-B.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct CoordinatedTurn {
    /// Upward unit vector (3), ECEF.
    up: Vector3<f64>,
    /// Power spectral density of the acceleration noise, per axis.
    pub acceleration_psd_m2ps3: f64,
    /// Power spectral density of the rate of the turn rate.
    pub turn_psd_rad2ps3: f64,
}

impl CoordinatedTurn {
    /// Makes the model of turns about the vertical of a place.
    pub fn new(site: &Site, acceleration_psd_m2ps3: f64, turn_psd_rad2ps3: f64) -> Self {
        Self {
            up: site.enu_from_ecef().tr_mul(&Vector3::z()),
            acceleration_psd_m2ps3,
            turn_psd_rad2ps3,
        }
    }
}

impl Dynamics<7> for CoordinatedTurn {
    fn rate(&self, state: &SVector<f64, 7>) -> SVector<f64, 7> {
        let (_, velocity) = split(state);
        let mut rate = SVector::<f64, 7>::zeros();
        for axis in 0..3 {
            rate[axis] = velocity[axis];
        }
        accelerate(&mut rate, &(velocity.cross(&self.up) * state[6]));
        rate
    }

    fn rate_jacobian(&self, state: &SVector<f64, 7>) -> SMatrix<f64, 7, 7> {
        let (_, velocity) = split(state);
        let mut jacobian = SMatrix::<f64, 7, 7>::zeros();
        add(&mut jacobian, 0, 3, &Matrix3::identity());
        add(&mut jacobian, 3, 3, &(self.up.cross_matrix() * -state[6]));
        by_parameter(&mut jacobian, 6, &velocity.cross(&self.up));
        jacobian
    }

    fn noise_psd(&self) -> SVector<f64, 7> {
        let q = self.acceleration_psd_m2ps3;
        SVector::from([0.0, 0.0, 0.0, q, q, q, self.turn_psd_rad2ps3])
    }

    /// A turn of 6 degrees a second advances by 3 degrees.
    fn step_max_s(&self) -> f64 {
        0.5
    }
}
