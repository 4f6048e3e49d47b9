//! Low flight under thrust: waypoints at a clearance above the terrain.

use flight::Phase;
use geo::Time;

use super::heights::{envelope, greatest, mean, reach};
use super::helm::{Helm, Turning};
use super::route::{RouteError, Way, Waypoint, check, course, travel, within};
use crate::terrain::Terrain;
use crate::truth::Course;

const STEP_S: f64 = 0.2;
/// A sample so many steps.
const EVERY: usize = 2;

/// What flies low.
#[derive(Clone, Debug, PartialEq)]
pub struct CruiseSpec {
    /// When it is at the first waypoint, already flying.
    pub start: Time,
    /// Where it passes; their heights are not looked at.
    pub waypoints: Vec<Waypoint>,
    /// Height that is kept above the terrain.
    pub clearance_m: f64,
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
    /// Largest vertical acceleration.
    pub vertical_acceleration_max_mps2: f64,
    /// Whether it flies into the ground at the last waypoint.
    pub ends_on_ground: bool,
}

impl CruiseSpec {
    /// A notional vehicle: 100 m of clearance, 45 degrees of bank, 30 m/s of climb and descent, half a g vertically.
    pub fn notional(start: Time, waypoints: Vec<Waypoint>) -> Self {
        Self {
            start,
            waypoints,
            clearance_m: 100.0,
            bank_max_rad: 45.0 * geo::angle::RAD_PER_DEG,
            roll_rate_radps: 30.0 * geo::angle::RAD_PER_DEG,
            climb_max_mps: 30.0,
            descent_max_mps: 30.0,
            acceleration_max_mps2: 2.0,
            vertical_acceleration_max_mps2: 5.0,
            ends_on_ground: true,
        }
    }
}

/// Returns the course of a low flight from its first waypoint to its last.
///
/// It climbs early enough that the clearance holds wherever the terrain is looked at (every 0.2 s of flight) and never
/// faster than its limits; where terrain is steeper than it can follow it flies higher. Turns as
/// [`aircraft`](super::aircraft). Errors: [`RouteError`].
pub fn cruise(spec: &CruiseSpec, terrain: &Terrain) -> Result<Course, RouteError> {
    check(&spec.waypoints)?;
    let turning = Turning::bank(spec.bank_max_rad, spec.roll_rate_radps)?;
    within("clearance_m", spec.clearance_m, 0.0..=50_000.0, "from 0 to 50000 m")?;
    within(
        "climb_max_mps",
        spec.climb_max_mps,
        0.1..=2_000.0,
        "from 0.1 to 2000 m/s",
    )?;
    within(
        "descent_max_mps",
        spec.descent_max_mps,
        0.1..=2_000.0,
        "from 0.1 to 2000 m/s",
    )?;
    let acceleration = "from 0.01 to 200 m/s²";
    within(
        "acceleration_max_mps2",
        spec.acceleration_max_mps2,
        0.01..=200.0,
        acceleration,
    )?;
    let vertical_mps2 = within(
        "vertical_acceleration_max_mps2",
        spec.vertical_acceleration_max_mps2,
        0.01..=200.0,
        acceleration,
    )?;
    let helm = Helm::new(&spec.waypoints, turning, spec.acceleration_max_mps2, None);
    let mut way = travel(helm, &spec.waypoints, STEP_S, |place, _| terrain.height_m(place))?;
    let ground_m: Vec<f64> = way.places.iter().map(|p| p.height_m).collect();
    let reach = reach(spec.climb_max_mps + spec.descent_max_mps, vertical_mps2, STEP_S);
    let wanted_m = wanted(spec, &way, &ground_m, reach);
    let limited_m = envelope(&wanted_m, spec.climb_max_mps * STEP_S, spec.descent_max_mps * STEP_S);
    let heights_m = mean(&greatest(&limited_m, reach), reach);
    for (place, height_m) in way.places.iter_mut().zip(&heights_m) {
        place.height_m = *height_m;
    }
    if spec.ends_on_ground {
        way.end_s = meets_s(&ground_m, &heights_m, way.end_s - 2.0 * reach as f64 * STEP_S);
    }
    course(&way, spec.start, EVERY, Phase::AirBreathing)
}

/// The least height wanted at each step: the terrain and the clearance, at last a straight descent through the ground.
fn wanted(spec: &CruiseSpec, way: &Way, ground_m: &[f64], reach: usize) -> Vec<f64> {
    let mut wanted_m: Vec<f64> = ground_m.iter().map(|g| g + spec.clearance_m).collect();
    if !spec.ends_on_ground {
        return wanted_m;
    }
    // The mean that follows lifts the end of a descent by as much as it looks ahead.
    let zero_s = (way.end_s - reach as f64 * STEP_S).max(0.0);
    let mut last_m = ground_m[0];
    for (i, wanted_m) in wanted_m.iter_mut().enumerate() {
        let left_s = zero_s - i as f64 * STEP_S;
        if left_s >= 0.0 {
            last_m = ground_m[i];
        }
        *wanted_m = wanted_m.min(last_m + spec.descent_max_mps * left_s);
    }
    wanted_m
}

/// When a height first falls to the ground after an instant; the end if it never does.
fn meets_s(ground_m: &[f64], heights_m: &[f64], from_s: f64) -> f64 {
    let over = |i: usize| heights_m[i] - ground_m[i];
    let last = heights_m.len() - 1;
    (1..=last)
        .find(|&i| i as f64 * STEP_S > from_s && over(i) <= 0.0)
        .map_or(last as f64 * STEP_S, |i| {
            let (before_m, after_m) = (over(i - 1).max(0.0), over(i));
            let part = if before_m > after_m {
                before_m / (before_m - after_m)
            } else {
                1.0
            };
            ((i - 1) as f64 + part) * STEP_S
        })
}
