//! Powered flight: a gravity turn whose thrust acceleration grows as mass burns.

use nalgebra::{Matrix3, SMatrix, SVector, Vector3};

use super::dynamics::Dynamics;
use super::earth::{accelerate, across, add, by_parameter, free_jacobian, free_rate, split};

/// Speed upwards that is added to the velocity before its direction is taken: a standing object thrusts upwards.
const START_MPS: f64 = 5.0;

/// Gravity, and acceleration along the velocity.
///
/// State `[x_m, y_m, z_m, vx_mps, vy_mps, vz_mps, a_mps2, k_per_s]` (8), ECEF: `a` is thrust less drag per mass, along
/// the velocity relative to the Earth; `k` is the share of the mass that burns in a second, so `da/dt = a k` and `dk/dt
/// = k²`. Source: Li & Jilkov, Survey of maneuvering target tracking part II (2010), section III (gravity turn).
/// Differs from it by the turning Earth, and by a direction that is upwards while the object hardly moves.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Boost {
    /// Power spectral density of the acceleration noise, per axis.
    pub acceleration_psd_m2ps3: f64,
    /// Power spectral density of the rate of the thrust acceleration.
    pub thrust_psd_m2ps5: f64,
    /// Power spectral density of the rate of the burning share.
    pub burn_psd_per_s3: f64,
}

/// Direction of thrust with its derivatives by position and velocity.
struct Direction {
    unit: Vector3<f64>,
    by_position: Matrix3<f64>,
    by_velocity: Matrix3<f64>,
}

impl Direction {
    fn new(position: &Vector3<f64>, velocity: &Vector3<f64>) -> Self {
        let radius_m = position.norm();
        let up = position / radius_m;
        let heading = velocity + up * START_MPS;
        let length = heading.norm();
        let unit = heading / length;
        let by_velocity = across(&unit) / length;
        Self {
            unit,
            by_position: by_velocity * across(&up) * (START_MPS / radius_m),
            by_velocity,
        }
    }
}

impl Dynamics<8> for Boost {
    fn rate(&self, state: &SVector<f64, 8>) -> SVector<f64, 8> {
        let mut rate = free_rate(state);
        let (position, velocity) = split(state);
        accelerate(&mut rate, &(Direction::new(&position, &velocity).unit * state[6]));
        rate[6] = state[6] * state[7];
        rate[7] = state[7] * state[7];
        rate
    }

    fn rate_jacobian(&self, state: &SVector<f64, 8>) -> SMatrix<f64, 8, 8> {
        let mut jacobian = free_jacobian(state);
        let (position, velocity) = split(state);
        let direction = Direction::new(&position, &velocity);
        add(&mut jacobian, 3, 0, &(direction.by_position * state[6]));
        add(&mut jacobian, 3, 3, &(direction.by_velocity * state[6]));
        by_parameter(&mut jacobian, 6, &direction.unit);
        jacobian[(6, 6)] = state[7];
        jacobian[(6, 7)] = state[6];
        jacobian[(7, 7)] = 2.0 * state[7];
        jacobian
    }

    fn noise_psd(&self) -> SVector<f64, 8> {
        let q = self.acceleration_psd_m2ps3;
        SVector::from([0.0, 0.0, 0.0, q, q, q, self.thrust_psd_m2ps5, self.burn_psd_per_s3])
    }

    fn step_max_s(&self) -> f64 {
        0.5
    }
}
