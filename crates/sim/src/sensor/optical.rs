//! An optical line of sight: directions without distance.

use std::f64::consts::TAU;

use flight::third_body::Bodies;
use geo::math::sin_cos;
use geo::{Ecef, Position, Site, Time};
use nalgebra::Vector3;

/// A camera or telescope that measures azimuth and elevation.
#[derive(Clone, Debug, PartialEq)]
pub struct Optical {
    /// Noise of both angles, across the line of sight.
    pub sigma_rad: f64,
    /// Angle within which two objects are one.
    pub resolution_rad: f64,
    /// Time between frames.
    pub period_s: f64,
    /// Probability that an object in view is detected in a frame.
    pub probability: f64,
    /// It works while the Sun is lower than this at its site; absent, by day too.
    pub sun_elevation_max_rad: Option<f64>,
    /// Whether it sees only what the Sun lights, or what is under thrust.
    pub is_sunlight_needed: bool,
}

impl Optical {
    /// Whether the sky of a site is dark enough.
    pub(super) fn is_dark(&self, site: &Site, time: Time) -> bool {
        let Some(limit_rad) = self.sun_elevation_max_rad else {
            return true;
        };
        let line = site.enu_from_ecef() * sun_ecef(time).normalize();
        line.z <= sin_cos(limit_rad).0
    }
}

/// The Sun in the Earth's axes (3, m). Precession since 2000 is left out (0.4° by 2030).
///
/// Source: Earth rotation angle of the IERS Conventions (2010), equation 5.15, UTC for UT1.
fn sun_ecef(time: Time) -> Vector3<f64> {
    let days = time.utc_days_since_j2000();
    let turns = 0.779_057_273_264_0 + 1.002_737_811_911_354_6 * days;
    let (sine, cosine) = sin_cos(TAU * (turns - turns.floor()));
    let sun = Bodies::at(time.tt_days_since_j2000()).sun_m;
    Vector3::new(cosine * sun.x + sine * sun.y, cosine * sun.y - sine * sun.x, sun.z)
}

/// Whether the Sun shows at a place above the Earth (half of its disc or more).
pub(super) fn is_sunlit(position: Position<Ecef>, time: Time) -> bool {
    let sun_m = sun_ecef(time);
    let bodies = Bodies { sun_m, moon_m: sun_m };
    bodies.sunlight(&position.vector()) >= 0.5
}
