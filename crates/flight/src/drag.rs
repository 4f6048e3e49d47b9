//! Drag of the air that turns with the Earth.

use nalgebra::{Matrix3, Vector3};

use geo::math::hypot;
use geo::{Ecef, Geodetic, Position};

use crate::atmosphere::{TOP_M, air};

/// Farther from the Earth's centre than this there is no air.
const RADIUS_MAX_M: f64 = geo::earth::SEMI_MAJOR_AXIS_M + TOP_M;

/// Drag and its slopes, in axes that may turn at any rate as long as position and velocity use the same.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Drag {
    /// Acceleration per inverse ballistic coefficient, kg/m² · m/s².
    pub per_coefficient: Vector3<f64>,
    /// Slope of that by velocity relative to the air.
    pub by_velocity: Matrix3<f64>,
    /// Slope of that by height (the velocity relative to the air held), along the ellipsoid's upward normal.
    pub by_height: Vector3<f64>,
    /// Upward normal of the ellipsoid.
    pub up: Vector3<f64>,
    /// Speed of sound.
    pub sound_mps: f64,
}

/// Returns the drag `-½ ρ |v| v` on a body of Cd·A/m = 1 m²/kg; `None` above the atmosphere.
///
/// Position (3), m, and velocity relative to the turning Earth (3), m/s, in ECEF axes. Source: Vallado (2013),
/// equation 8-28.
pub fn drag(position_m: &Vector3<f64>, velocity_mps: &Vector3<f64>) -> Option<Drag> {
    if position_m.norm_squared() > RADIUS_MAX_M * RADIUS_MAX_M {
        return None;
    }
    let place = Geodetic::from_ecef(Position::<Ecef>::from_vector(*position_m));
    let air = air(place.height_m);
    let speed_mps = velocity_mps.norm();
    let up = normal(position_m, place.height_m);
    let direction_speed = if speed_mps > 0.0 {
        velocity_mps * velocity_mps.transpose() / speed_mps
    } else {
        Matrix3::zeros()
    };
    Some(Drag {
        per_coefficient: velocity_mps * (-0.5 * air.density_kgpm3 * speed_mps),
        by_velocity: (Matrix3::identity() * speed_mps + direction_speed) * (-0.5 * air.density_kgpm3),
        by_height: velocity_mps * (-0.5 * air.density_slope_kgpm4 * speed_mps),
        up,
        sound_mps: air.sound_mps,
    })
}

/// Upward normal of the ellipsoid under a point of known height, without trigonometry.
///
/// `z = (N (1-e²) + h) sinφ` and `w = (N + h) cosφ` with N from one fixed-point pass, exact to rounding after the final
/// normalisation since N varies with φ only at order e².
fn normal(position_m: &Vector3<f64>, height_m: f64) -> Vector3<f64> {
    use geo::earth::{ECCENTRICITY_SQUARED as E2, SEMI_MAJOR_AXIS_M as A};
    let w = hypot(position_m.x, position_m.y);
    let mut n_m = A;
    let mut up = *position_m / position_m.norm();
    for _ in 0..3 {
        let sine = position_m.z / (n_m * (1.0 - E2) + height_m);
        let cosine = w / (n_m + height_m);
        let scale = 1.0 / (sine * sine + cosine * cosine).sqrt();
        n_m = A / (1.0 - E2 * (sine * scale) * (sine * scale)).sqrt();
        up = Vector3::new(
            position_m.x / (n_m + height_m),
            position_m.y / (n_m + height_m),
            position_m.z / (n_m * (1.0 - E2) + height_m),
        )
        .normalize();
    }
    up
}
