//! What is scored: tracks and truth at the same instants.

use geo::Time;
use nalgebra::{Matrix6, Vector3, Vector6};

/// Something that is somewhere: a track, or an object.
#[derive(Clone, Debug, PartialEq)]
pub struct Thing {
    /// Which one: the same number at every instant. Tracks and objects are numbered apart.
    pub id: usize,
    /// Position in metres, in any Cartesian frame that tracks and truth share (ECEF, or a site's ENU).
    pub position_m: Vector3<f64>,
    /// Velocity in m/s, same frame.
    pub velocity_mps: Vector3<f64>,
    /// Covariance of `[position_m, velocity_mps]` (6×6), where one is stated.
    pub covariance: Option<Matrix6<f64>>,
}

impl Thing {
    /// A state without a covariance.
    pub fn new(id: usize, position_m: Vector3<f64>, velocity_mps: Vector3<f64>) -> Self {
        Self {
            id,
            position_m,
            velocity_mps,
            covariance: None,
        }
    }

    /// `[position_m, velocity_mps]` (6).
    pub fn state(&self) -> Vector6<f64> {
        let (p, v) = (&self.position_m, &self.velocity_mps);
        Vector6::new(p.x, p.y, p.z, v.x, v.y, v.z)
    }
}

/// All tracks and all objects at one instant.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// When.
    pub time: Time,
    /// What is claimed.
    pub tracks: Vec<Thing>,
    /// What is there.
    pub truths: Vec<Thing>,
}

/// The positions of some things.
pub(crate) fn positions(things: &[Thing]) -> Vec<Vector3<f64>> {
    things.iter().map(|thing| thing.position_m).collect()
}
