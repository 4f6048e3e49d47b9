//! Files of a course: what really flew, as a table ([`csv`]) and for a globe ([`czml`]).

pub mod csv;
pub mod czml;
pub mod truth;

use geo::{Time, Velocity};
use sim::Course;

/// The most instants of one file: a day of seconds, and more.
const INSTANTS_MAX: usize = 100_000;

/// The instants of a course at whole seconds of UTC, and its very ends, ascending.
pub fn instants(course: &Course, step_s: f64) -> Vec<Time> {
    let (first, last) = course.span();
    let begin = first.ceil_utc_s();
    let inner = (0..INSTANTS_MAX).map(|i| begin + i as f64 * step_s);
    let mut instants: Vec<Time> = std::iter::once(first)
        .chain(inner.take_while(|time| *time < last).filter(|time| *time > first))
        .collect();
    instants.push(last);
    instants
}

/// Returns a velocity's east, north and up in m/s at the place of a state.
fn east_north_up(state: &geo::State<geo::Ecef>) -> [f64; 3] {
    let place = geo::Geodetic::from_ecef(state.position);
    let velocity: Velocity<geo::Enu> = geo::Site::new(place).velocity_to_enu(state.velocity);
    velocity.to_array()
}
