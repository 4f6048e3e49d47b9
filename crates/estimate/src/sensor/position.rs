//! A source that states its object's position, with or without velocity (ADS-B, AIS, a range's own solution).

use geo::Geodetic;
use geo::Site;
use nalgebra::{Matrix3, SMatrix, SVector, Vector3};

use super::{NotObservable, SensorModel};

/// A stated ECEF position `[x_m, y_m, z_m]` (3).
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct PositionSensor {
    /// Covariance of the position (3×3), ECEF.
    pub position_covariance: Matrix3<f64>,
}

/// A stated ECEF position and velocity `[x_m, y_m, z_m, vx_mps, vy_mps, vz_mps]` (6).
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct PositionVelocitySensor {
    /// Covariance of the position (3×3), ECEF.
    pub position_covariance: Matrix3<f64>,
    /// Covariance of the velocity (3×3), ECEF; no correlation with the position.
    pub velocity_covariance: Matrix3<f64>,
}

impl PositionSensor {
    /// Makes the model of a position stated at a place: one sigma for east and north each, one for height.
    pub fn at(place: Geodetic, horizontal_sigma_m: f64, height_sigma_m: f64) -> Self {
        let axes = *Site::new(place).enu_from_ecef();
        let variances = Vector3::new(
            horizontal_sigma_m * horizontal_sigma_m,
            horizontal_sigma_m * horizontal_sigma_m,
            height_sigma_m * height_sigma_m,
        );
        let covariance = axes.transpose() * Matrix3::from_diagonal(&variances) * axes;
        Self {
            position_covariance: crate::belief::symmetrised(&covariance),
        }
    }
}

impl<const N: usize> SensorModel<N, 3> for PositionSensor {
    fn predict(&self, state: &SVector<f64, N>) -> SVector<f64, 3> {
        const { assert!(N >= 3, "the position comes first in every state") };
        SVector::from_fn(|row, _| state[row])
    }

    fn linearize(&self, state: &SVector<f64, N>) -> Result<(SVector<f64, 3>, SMatrix<f64, 3, N>), NotObservable> {
        Ok((self.predict(state), SMatrix::identity()))
    }

    fn residual(&self, measured: &SVector<f64, 3>, expected: &SVector<f64, 3>) -> SVector<f64, 3> {
        measured - expected
    }

    fn noise(&self) -> SMatrix<f64, 3, 3> {
        self.position_covariance
    }
}

impl<const N: usize> SensorModel<N, 6> for PositionVelocitySensor {
    fn predict(&self, state: &SVector<f64, N>) -> SVector<f64, 6> {
        const { assert!(N >= 6, "position and velocity come first in every state") };
        SVector::from_fn(|row, _| state[row])
    }

    fn linearize(&self, state: &SVector<f64, N>) -> Result<(SVector<f64, 6>, SMatrix<f64, 6, N>), NotObservable> {
        Ok((self.predict(state), SMatrix::identity()))
    }

    fn residual(&self, measured: &SVector<f64, 6>, expected: &SVector<f64, 6>) -> SVector<f64, 6> {
        measured - expected
    }

    fn noise(&self) -> SMatrix<f64, 6, 6> {
        let mut noise = SMatrix::<f64, 6, 6>::zeros();
        noise.fixed_view_mut::<3, 3>(0, 0).copy_from(&self.position_covariance);
        noise.fixed_view_mut::<3, 3>(3, 3).copy_from(&self.velocity_covariance);
        noise
    }
}
