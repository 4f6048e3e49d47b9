//! A whole state that somebody else has estimated or measured: position and velocity with all their correlations.

use nalgebra::{Matrix6, SMatrix, SVector};

use super::{NotObservable, SensorModel};

/// A stated ECEF position and velocity `[x_m, y_m, z_m, vx_mps, vy_mps, vz_mps]` (6).
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct StateSensor {
    /// Lower triangle of the covariance (6×6), row by row: a reading is copied often.
    triangle: [f64; 21],
}

impl StateSensor {
    /// Makes the model of a state that is known with a covariance (6×6), of which the lower triangle is read.
    pub fn new(covariance: &Matrix6<f64>) -> Self {
        let mut places = (0..6).flat_map(|row| (0..=row).map(move |column| (row, column)));
        Self {
            triangle: std::array::from_fn(|_| places.next().map_or(0.0, |at| covariance[at])),
        }
    }

    /// Its covariance (6×6).
    pub fn covariance(&self) -> Matrix6<f64> {
        Matrix6::from_fn(|row, column| {
            let (row, column) = (row.max(column), row.min(column));
            self.triangle[row * (row + 1) / 2 + column]
        })
    }
}

impl<const N: usize> SensorModel<N, 6> for StateSensor {
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
        self.covariance()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_triangle_is_the_whole() {
        let half = Matrix6::from_fn(|row, column| (row * 6 + column) as f64);
        let whole = half + half.transpose();
        assert_eq!(StateSensor::new(&whole).covariance(), whole);
    }
}
