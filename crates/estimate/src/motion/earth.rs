//! What acts on every free object in axes that turn with the Earth, with derivatives.

use flight::Zonal;
use geo::earth::ROTATION_RATE_RADPS as OMEGA;
use nalgebra::{Matrix3, SMatrix, SVector, Vector3};

/// Position (3) and velocity (3) of a state, ECEF.
#[inline]
pub(super) fn split<const N: usize>(state: &SVector<f64, N>) -> (Vector3<f64>, Vector3<f64>) {
    (
        Vector3::new(state[0], state[1], state[2]),
        Vector3::new(state[3], state[4], state[5]),
    )
}

/// The rate of a state whose parameters stay: velocity, and gravity (J2 to J4), Coriolis and centrifugal acceleration.
#[inline]
pub(super) fn free_rate<const N: usize>(state: &SVector<f64, N>) -> SVector<f64, N> {
    let (position, velocity) = split(state);
    let mut acceleration = Zonal::EARTH.acceleration(&position);
    acceleration.x += OMEGA * (OMEGA * position.x + 2.0 * velocity.y);
    acceleration.y += OMEGA * (OMEGA * position.y - 2.0 * velocity.x);
    let mut rate = SVector::<f64, N>::zeros();
    for axis in 0..3 {
        rate[axis] = velocity[axis];
        rate[axis + 3] = acceleration[axis];
    }
    rate
}

/// The derivative (N×N) of [`free_rate`].
#[inline]
pub(super) fn free_jacobian<const N: usize>(state: &SVector<f64, N>) -> SMatrix<f64, N, N> {
    let (position, _) = split(state);
    let mut by_position = Zonal::EARTH.gradient(&position);
    by_position[(0, 0)] += OMEGA * OMEGA;
    by_position[(1, 1)] += OMEGA * OMEGA;
    let mut jacobian = SMatrix::<f64, N, N>::zeros();
    add(&mut jacobian, 3, 0, &by_position);
    for axis in 0..3 {
        jacobian[(axis, axis + 3)] = 1.0;
    }
    jacobian[(3, 4)] += 2.0 * OMEGA;
    jacobian[(4, 3)] -= 2.0 * OMEGA;
    jacobian
}

/// Adds a 3×3 block to a Jacobian.
#[inline]
pub(super) fn add<const N: usize>(jacobian: &mut SMatrix<f64, N, N>, row: usize, column: usize, block: &Matrix3<f64>) {
    for i in 0..3 {
        for j in 0..3 {
            jacobian[(row + i, column + j)] += block[(i, j)];
        }
    }
}

/// Adds an acceleration to a rate.
#[inline]
pub(super) fn accelerate<const N: usize>(rate: &mut SVector<f64, N>, acceleration: &Vector3<f64>) {
    for axis in 0..3 {
        rate[axis + 3] += acceleration[axis];
    }
}

/// Writes the derivative of the acceleration by one parameter.
#[inline]
pub(super) fn by_parameter<const N: usize>(jacobian: &mut SMatrix<f64, N, N>, column: usize, slope: &Vector3<f64>) {
    for axis in 0..3 {
        jacobian[(axis + 3, column)] = slope[axis];
    }
}

/// `I - u u'`, the projection across a unit vector.
#[inline]
pub(super) fn across(unit: &Vector3<f64>) -> Matrix3<f64> {
    Matrix3::identity() - unit * unit.transpose()
}
