//! A small acceleration nobody has a model for, such as a leak: constant, with a constant rate.

use geo::Time;
use nalgebra::Vector3;

/// An acceleration along the axes of the frame the flight is integrated in (see [`Rotation`](crate::Rotation)).
#[derive(Copy, Clone, Debug, PartialEq, Default)]
pub struct Empirical {
    /// When the acceleration is that below; `None` is the start of each propagation.
    pub epoch: Option<Time>,
    /// Acceleration (3) at the epoch, m/s².
    pub acceleration_mps2: Vector3<f64>,
    /// Its change with time (3), m/s³.
    pub rate_mps3: Vector3<f64>,
}

impl Empirical {
    /// Returns the acceleration (3), m/s², some seconds after the epoch.
    pub fn acceleration(&self, after_epoch_s: f64) -> Vector3<f64> {
        self.acceleration_mps2 + self.rate_mps3 * after_epoch_s
    }
}
