//! What a sensor would measure of a state, and how that changes with the state.
//!
//! States hold the ECEF position in rows 0..3 and the velocity relative to the turning Earth in rows 3..6, whatever
//! follows. Angles are wrapped here, in [`SensorModel::residual`], and nowhere else.

mod height;
mod line_of_sight;
mod polar;
mod position;
mod reading;
pub mod refraction;
mod state;

pub use height::HeightSensor;
pub use line_of_sight::{LineOfSight, PolarQuantity};
pub use polar::{Bias, Polar4, PolarPartials, azimuth_observable, linearize_polar, predict_polar};
pub use position::{PositionSensor, PositionVelocitySensor};
pub use reading::{Observation, Reading, ReadingError, SensorOptions};
pub use refraction::Refraction;
pub use state::StateSensor;

#[cfg(test)]
mod tests;

use nalgebra::{SMatrix, SVector};

/// What one sensor measures of a state of `N` components as a vector of `M`.
pub trait SensorModel<const N: usize, const M: usize> {
    /// Returns the expected measurement (M) of a state (N).
    fn predict(&self, state: &SVector<f64, N>) -> SVector<f64, M>;

    /// Returns the expected measurement (M) and its derivative by the state (M×N).
    ///
    /// Errors: [`NotObservable`] where a component has no derivative (azimuth at the zenith).
    fn linearize(&self, state: &SVector<f64, N>) -> Result<(SVector<f64, M>, SMatrix<f64, M, N>), NotObservable>;

    /// Returns measured minus expected (M), angles in [-π, π).
    fn residual(&self, measured: &SVector<f64, M>, expected: &SVector<f64, M>) -> SVector<f64, M>;

    /// Returns the covariance (M×M) of the measurement noise.
    fn noise(&self) -> SMatrix<f64, M, M>;
}

/// A measured component says nothing linear about the state where it is.
#[derive(Copy, Clone, Debug, PartialEq, thiserror::Error)]
pub enum NotObservable {
    /// The object stands at the sensor itself: no direction, no range rate.
    #[error("the object is {range_m} m from the sensor: it has no direction")]
    AtSensor {
        /// Distance between the two.
        range_m: f64,
    },
    /// The object stands straight above or below: it has no azimuth.
    #[error("the object is {ground_m} m beside the vertical of the sensor, {range_m} m away: it has no azimuth")]
    Zenith {
        /// Distance from the vertical.
        ground_m: f64,
        /// Distance from the sensor.
        range_m: f64,
    },
}
