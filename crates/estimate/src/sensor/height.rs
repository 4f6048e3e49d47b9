//! A height that is known by itself, such as one that an object replies.

use geo::{Ecef, Position, height_and_up};
use nalgebra::{SMatrix, SVector, Vector3};

use super::{NotObservable, SensorModel};

/// The height above the ellipsoid (1), metres.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct HeightSensor {
    /// Its standard deviation.
    pub sigma_m: f64,
}

/// The height of a state, and what is up there.
fn height<const N: usize>(state: &SVector<f64, N>) -> (f64, Vector3<f64>) {
    const { assert!(N >= 3, "the position comes first in every state") };
    height_and_up(Position::<Ecef>::new(state[0], state[1], state[2]))
}

impl<const N: usize> SensorModel<N, 1> for HeightSensor {
    fn predict(&self, state: &SVector<f64, N>) -> SVector<f64, 1> {
        SVector::<f64, 1>::new(height(state).0)
    }

    fn linearize(&self, state: &SVector<f64, N>) -> Result<(SVector<f64, 1>, SMatrix<f64, 1, N>), NotObservable> {
        let (height_m, up) = height(state);
        let jacobian = SMatrix::from_fn(|_, column| if column < 3 { up[column] } else { 0.0 });
        Ok((SVector::<f64, 1>::new(height_m), jacobian))
    }

    fn residual(&self, measured: &SVector<f64, 1>, expected: &SVector<f64, 1>) -> SVector<f64, 1> {
        measured - expected
    }

    fn noise(&self) -> SMatrix<f64, 1, 1> {
        SMatrix::<f64, 1, 1>::new(self.sigma_m * self.sigma_m)
    }
}
