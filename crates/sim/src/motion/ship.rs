//! Ships: waypoints on the surface.

use flight::Phase;
use geo::Time;

use super::helm::{Helm, Turning};
use super::route::{RouteError, Waypoint, check, course, travel, within};
use crate::truth::Course;

const STEP_S: f64 = 1.0;
/// A sample so many steps.
const EVERY: usize = 2;

/// What a ship is to do.
#[derive(Clone, Debug, PartialEq)]
pub struct ShipSpec {
    /// When it is at the first waypoint.
    pub start: Time,
    /// Where it passes; their heights are not looked at.
    pub waypoints: Vec<Waypoint>,
    /// Height of the water above the ellipsoid: the geoid's.
    pub water_height_m: f64,
    /// Largest rate of turn.
    pub turn_rate_max_radps: f64,
    /// Largest change of speed.
    pub acceleration_max_mps2: f64,
}

impl ShipSpec {
    /// A merchant ship: half a degree a second of turn, 0.05 m/s² (notional).
    pub fn merchant(start: Time, waypoints: Vec<Waypoint>) -> Self {
        Self {
            start,
            waypoints,
            water_height_m: 0.0,
            turn_rate_max_radps: 0.5 * geo::angle::RAD_PER_DEG,
            acceleration_max_mps2: 0.05,
        }
    }
}

/// Returns the course of a ship from its first waypoint to its last.
///
/// It begins to turn before a waypoint, so that the turn ends on the next leg. Errors: [`RouteError`].
pub fn ship(spec: &ShipSpec) -> Result<Course, RouteError> {
    check(&spec.waypoints)?;
    within(
        "turn_rate_max_radps",
        spec.turn_rate_max_radps,
        1e-4..=1.0,
        "from 0.0001 to 1 rad/s",
    )?;
    within(
        "acceleration_max_mps2",
        spec.acceleration_max_mps2,
        1e-4..=10.0,
        "from 0.0001 to 10 m/s²",
    )?;
    within(
        "water_height_m",
        spec.water_height_m,
        -500.0..=5_000.0,
        "from -500 to 5000 m",
    )?;
    let turning = Turning::Rudder {
        rate_max_radps: spec.turn_rate_max_radps,
    };
    let helm = Helm::new(&spec.waypoints, turning, spec.acceleration_max_mps2, None);
    let way = travel(helm, &spec.waypoints, STEP_S, |_, _| spec.water_height_m)?;
    course(&way, spec.start, EVERY, Phase::Surface)
}
