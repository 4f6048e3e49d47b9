//! Aircraft: waypoints at heights, turns of limited bank, a holding pattern.

use flight::Phase;
use geo::Time;

use super::heights::{mean, reach};
use super::helm::{Helm, Turning};
use super::route::{RouteError, Waypoint, check, course, travel, within};
use crate::truth::Course;

const STEP_S: f64 = 0.2;
/// A sample so many steps.
const EVERY: usize = 5;
/// Vertical acceleration between level flight and climb.
const VERTICAL_MPS2: f64 = 1.5;

/// A racetrack over a waypoint.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Hold {
    /// The waypoint it stands at, counted from 0; not the first.
    pub waypoint: usize,
    /// Course of the leg that leads to the waypoint, clockwise from true north.
    pub inbound_rad: f64,
    /// How long the leg that leads away lasts.
    pub leg_s: f64,
    /// Whether it is flown to the right.
    pub turns_right: bool,
    /// How often.
    pub rounds: u32,
}

/// What an aircraft is to do.
#[derive(Clone, Debug, PartialEq)]
pub struct AircraftSpec {
    /// When it is at the first waypoint.
    pub start: Time,
    /// Where it passes; heights are above the ellipsoid. It climbs or descends at its limit as soon as it heads for a
    /// waypoint of another height.
    pub waypoints: Vec<Waypoint>,
    /// Largest bank in turns.
    pub bank_max_rad: f64,
    /// How fast it rolls.
    pub roll_rate_radps: f64,
    /// Largest rate of climb.
    pub climb_max_mps: f64,
    /// Largest rate of descent.
    pub descent_max_mps: f64,
    /// Largest change of speed.
    pub acceleration_max_mps2: f64,
    /// A holding pattern on the way.
    pub hold: Option<Hold>,
}

impl AircraftSpec {
    /// An airliner: 25 degrees of bank, 10 m/s of climb and descent. Source: ICAO Doc 8168 (PANS-OPS), volume II, part
    /// I, section 4 (25 degrees or 3 degrees a second).
    pub fn airliner(start: Time, waypoints: Vec<Waypoint>) -> Self {
        Self {
            start,
            waypoints,
            bank_max_rad: 25.0 * geo::angle::RAD_PER_DEG,
            roll_rate_radps: 5.0 * geo::angle::RAD_PER_DEG,
            climb_max_mps: 10.0,
            descent_max_mps: 10.0,
            acceleration_max_mps2: 0.5,
            hold: None,
        }
    }
}

/// Returns the course of an aircraft from its first waypoint to its last.
///
/// Turns are coordinated (`tan bank = v ω / g`) and begin before a waypoint, so that they end on the next leg; a
/// waypoint behind and nearer than two and a half turning radii counts as passed. Speeds hold to 1e-3 while it climbs.
/// Errors: [`RouteError`].
pub fn aircraft(spec: &AircraftSpec) -> Result<Course, RouteError> {
    check(&spec.waypoints)?;
    let turning = Turning::bank(spec.bank_max_rad, spec.roll_rate_radps)?;
    within("climb_max_mps", spec.climb_max_mps, 0.1..=500.0, "from 0.1 to 500 m/s")?;
    within(
        "descent_max_mps",
        spec.descent_max_mps,
        0.1..=500.0,
        "from 0.1 to 500 m/s",
    )?;
    within(
        "acceleration_max_mps2",
        spec.acceleration_max_mps2,
        0.01..=100.0,
        "from 0.01 to 100 m/s²",
    )?;
    if let Some(hold) = &spec.hold {
        let count = spec.waypoints.len();
        if !(1..count).contains(&hold.waypoint) {
            return Err(RouteError::Hold {
                index: hold.waypoint,
                count,
            });
        }
        within("hold.leg_s", hold.leg_s, 0.0..=3_600.0, "from 0 to 3600 s")?;
        within("hold.inbound_rad", hold.inbound_rad, -7.0..=7.0, "an angle in radians")?;
        within("hold.rounds", f64::from(hold.rounds), 1.0..=1_000.0, "from 1 to 1000")?;
    }
    let helm = Helm::new(&spec.waypoints, turning, spec.acceleration_max_mps2, spec.hold);
    let (climb_m, descent_m) = (spec.climb_max_mps * STEP_S, spec.descent_max_mps * STEP_S);
    let mut height_m = spec.waypoints[0].place.height_m;
    let mut way = travel(helm, &spec.waypoints, STEP_S, |_, next| {
        height_m += (spec.waypoints[next].place.height_m - height_m).clamp(-descent_m, climb_m);
        height_m
    })?;
    let raw: Vec<f64> = way.places.iter().map(|p| p.height_m).collect();
    let reach = reach(spec.climb_max_mps + spec.descent_max_mps, VERTICAL_MPS2, STEP_S);
    for (place, height_m) in way.places.iter_mut().zip(mean(&raw, reach)) {
        place.height_m = height_m;
    }
    course(&way, spec.start, EVERY, Phase::AirBreathing)
}
