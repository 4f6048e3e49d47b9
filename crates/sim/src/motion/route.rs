//! A route: waypoints in, a smooth path over the ellipsoid out, and the course that it makes with heights.

use std::sync::Arc;

use flight::Phase;
use geo::{Ecef, Geodetic, Position, State, Time, Velocity};
use nalgebra::Vector3;

use super::helm::Helm;
use crate::truth::{Course, CourseError, Leg, Motion, Samples};

/// A place to pass.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Waypoint {
    /// Where; what its height means is said by the mover.
    pub place: Geodetic,
    /// Speed over the ground at the object's own height, on the way here; at the first waypoint that of the start.
    pub speed_mps: f64,
}

/// Why a route cannot be travelled.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum RouteError {
    /// A route leads from one place to another.
    #[error("a route needs two waypoints or more, it has {count}")]
    TooFew {
        /// How many there are.
        count: usize,
    },
    /// A waypoint lies nowhere.
    #[error("waypoint {index}: latitude {lat_deg} deg, longitude {lon_deg} deg, height {height_m} m is no place to be")]
    Place {
        /// Counted from 0.
        index: usize,
        /// Its latitude.
        lat_deg: f64,
        /// Its longitude.
        lon_deg: f64,
        /// Its height.
        height_m: f64,
    },
    /// A waypoint is the one before it.
    #[error("waypoint {index} is where waypoint {} is", index - 1)]
    Repeated {
        /// Counted from 0.
        index: usize,
    },
    /// A speed or a limit is outside what can be.
    #[error("{name} is {value}; it must be {expected}")]
    Value {
        /// The field.
        name: &'static str,
        /// What it is.
        value: f64,
        /// What it may be, with its unit.
        expected: &'static str,
    },
    /// A holding pattern stands at a waypoint that is not there.
    #[error("the holding pattern stands at waypoint {index} of {count}")]
    Hold {
        /// Counted from 0.
        index: usize,
        /// How many waypoints there are.
        count: usize,
    },
    /// The way takes too long.
    #[error("after {hours} h waypoint {index} is still ahead; raise the speed or shorten the route")]
    TooLong {
        /// The limit.
        hours: f64,
        /// The waypoint that was not reached.
        index: usize,
    },
    /// The path makes no course: a bug if it ever happens.
    #[error(transparent)]
    Course(#[from] CourseError),
}

/// Refuses a value outside an interval, its ends included.
pub(super) fn within(
    name: &'static str,
    value: f64,
    allowed: std::ops::RangeInclusive<f64>,
    expected: &'static str,
) -> Result<f64, RouteError> {
    if allowed.contains(&value) {
        Ok(value)
    } else {
        Err(RouteError::Value { name, value, expected })
    }
}

/// Refuses waypoints that no route can have.
pub(super) fn check(waypoints: &[Waypoint]) -> Result<(), RouteError> {
    const QUARTER_RAD: f64 = std::f64::consts::FRAC_PI_2;
    if waypoints.len() < 2 {
        return Err(RouteError::TooFew { count: waypoints.len() });
    }
    for (index, waypoint) in waypoints.iter().enumerate() {
        let place = waypoint.place;
        let is_place = place.lat_rad.abs() <= QUARTER_RAD
            && place.lon_rad.abs() <= 4.0 * QUARTER_RAD
            && (-12e3..100e3).contains(&place.height_m);
        if !is_place {
            return Err(RouteError::Place {
                index,
                lat_deg: place.lat_deg(),
                lon_deg: place.lon_deg(),
                height_m: place.height_m,
            });
        }
        within("speed_mps", waypoint.speed_mps, 0.1..=5_000.0, "from 0.1 to 5000 m/s")?;
        let is_repeated = index > 0 && geo::geodesic(waypoints[index - 1].place, place).distance_m < 1.0;
        if is_repeated {
            return Err(RouteError::Repeated { index });
        }
    }
    Ok(())
}

/// A path over the ellipsoid in equal steps.
pub(super) struct Way {
    pub step_s: f64,
    /// The height of each is that wanted there, before it is made smooth.
    pub places: Vec<Geodetic>,
    /// When the last waypoint is passed, seconds after the start; the places go on for [`TAIL_S`].
    pub end_s: f64,
}

/// A way goes on so long behind its end.
pub(super) const TAIL_S: f64 = 60.0;
/// Ways that take longer are refused.
const HOURS_MAX: f64 = 240.0;

/// Travels a route; `height_m` is asked at each step for the height wanted at a place on the way to a waypoint.
pub(super) fn travel(
    mut helm: Helm,
    waypoints: &[Waypoint],
    step_s: f64,
    mut height_m: impl FnMut(Geodetic, usize) -> f64,
) -> Result<Way, RouteError> {
    let mut least_s = 0.0;
    for (pair, index) in waypoints.windows(2).zip(1..) {
        least_s += geo::geodesic(pair[0].place, pair[1].place).distance_m / pair[0].speed_mps.max(pair[1].speed_mps);
        if least_s > HOURS_MAX * 3_600.0 {
            let hours = HOURS_MAX;
            return Err(RouteError::TooLong { hours, index });
        }
    }
    let mut places = Vec::new();
    let mut end_s: Option<f64> = None;
    loop {
        let at_s = places.len() as f64 * step_s;
        let place = helm.place(waypoints, &mut height_m);
        places.push(place);
        match end_s {
            Some(end_s) if at_s > end_s + TAIL_S => return Ok(Way { step_s, places, end_s }),
            Some(_) => {}
            None => end_s = helm.end_s(waypoints).map(|left_s| at_s + left_s),
        }
        if at_s > HOURS_MAX * 3_600.0 {
            return Err(RouteError::TooLong {
                hours: HOURS_MAX,
                index: helm.waypoint(),
            });
        }
        helm.advance(waypoints, step_s);
    }
}

/// Makes the course of a way whose heights are smooth by now: a sample every `every` steps, velocities by differences.
pub(super) fn course(way: &Way, start: Time, every: usize, phase: Phase) -> Result<Course, RouteError> {
    let positions: Vec<Vector3<f64>> = way.places.iter().map(|p| p.to_ecef().vector()).collect();
    let states = (0..positions.len())
        .step_by(every)
        .map(|i| State::<Ecef> {
            position: Position::from_vector(positions[i]),
            velocity: Velocity::from_vector(slope(&positions, i) / way.step_s),
        })
        .collect();
    let samples = Samples::new(start, way.step_s * every as f64, states)?;
    let leg = Leg {
        phase,
        from: start,
        until: start + way.end_s,
        motion: Motion::Samples(Arc::new(samples)),
    };
    Ok(Course::new(vec![leg])?)
}

/// The difference of second order at an index, a step being 1.
fn slope(values: &[Vector3<f64>], i: usize) -> Vector3<f64> {
    let last = values.len() - 1;
    if i == 0 {
        values[1] * 2.0 - values[0] * 1.5 - values[2] * 0.5
    } else if i == last {
        values[last] * 1.5 - values[last - 1] * 2.0 + values[last - 2] * 0.5
    } else {
        (values[i + 1] - values[i - 1]) * 0.5
    }
}
