//! The way from where an object is to where it is expected, as a line to draw.
//!
//! Of what flies freely it is the flight under gravity alone that is at the middle of the likeliest area at the middle
//! of its interval, begun where the object is: its velocity at the begin is whatever that takes, so that it holds for
//! what still burns, too. Of what is carried by lift it runs along the ground at falling height. What the air does to
//! the last seconds is not in the line, only in the area.

use estimate::motion::{Coast, Dynamics, MotionModel};
use geo::{Ecef, Geodetic, Position};
use nalgebra::{SMatrix, Vector3, Vector6};
use track::Row;
use track::forecast::{Region, Way};
use wire::messages::picture::PathPoint;

use super::drawn::{place_m, unix_s};

/// Points of a line.
const POINTS: usize = 64;
/// The aim is met within this,
const NEAR_M: f64 = 500.0;
/// or it is tried so often.
const TRIES: usize = 8;
/// What a try changes at most.
const TURN_MAX_MPS: f64 = 3_000.0;

/// Enough for a first guess.
const GRAVITY_MPS2: f64 = 9.8;

/// Free flight in steps that do for a drawing: 20 s of a fall are off by metres.
struct Sketch(Coast);

const SKETCH: Sketch = Sketch(Coast {
    acceleration_psd_m2ps3: 0.0,
});

impl Dynamics<6> for Sketch {
    fn rate(&self, state: &Vector6<f64>) -> Vector6<f64> {
        self.0.rate(state)
    }

    fn rate_jacobian(&self, state: &Vector6<f64>) -> SMatrix<f64, 6, 6> {
        self.0.rate_jacobian(state)
    }

    fn noise_psd(&self) -> Vector6<f64> {
        self.0.noise_psd()
    }

    fn step_max_s(&self) -> f64 {
        20.0
    }
}

/// The line to the likeliest of the areas of an arrival; empty where there is none.
pub(super) fn path(row: &Row, arrival: &[Region]) -> Vec<PathPoint> {
    let ways = arrival.iter().filter(|region| region.way != Way::Any);
    let likeliest = ways.max_by(|a, b| a.weight.total_cmp(&b.weight));
    let Some(region) = likeliest.or(arrival.last()) else {
        return Vec::new();
    };
    let span_s = region.middle - row.time;
    if span_s < 1.0 {
        return Vec::new();
    }
    let flight = match region.way {
        Way::Glide => None,
        _ => thrown(&row.belief.mean, region.centre, span_s),
    };
    let at = |share: f64| match &flight {
        Some(begin) => {
            let state = SKETCH.propagate(begin, share * span_s);
            Geodetic::from_ecef(Position::<Ecef>::new(state[0], state[1], state[2]))
        }
        None => along(row, region.centre, share),
    };
    let point = |number: usize| {
        let share = number as f64 / (POINTS - 1) as f64;
        let place = at(share);
        PathPoint {
            time_unix_s: unix_s(row.time + share * span_s),
            lat_deg: place.lat_deg(),
            lon_deg: place.lon_deg(),
            height_m: place.height_m.max(0.0),
        }
    };
    (0..POINTS).map(point).collect()
}

/// The state with which what flies freely from a place is at another after a time; `None` where none is found.
///
/// Sought from the velocity that is known, then from that of a throw over flat ground: what has just left the ground
/// would fall back at once by its own.
fn thrown(state: &Vector6<f64>, to: Geodetic, span_s: f64) -> Option<Vector6<f64>> {
    let aim: Vector3<f64> = to.to_ecef().vector();
    met(*state, aim, span_s).or_else(|| met(lobbed(state, aim, span_s), aim, span_s))
}

/// A throw over flat ground.
fn lobbed(state: &Vector6<f64>, aim: Vector3<f64>, span_s: f64) -> Vector6<f64> {
    let from: Vector3<f64> = state.fixed_rows::<3>(0).into();
    let middle = 0.5 * (from + aim);
    let velocity_mps = (aim - from) / span_s + middle.normalize() * (0.5 * GRAVITY_MPS2 * span_s);
    let mut lobbed = *state;
    lobbed.fixed_rows_mut::<3>(3).copy_from(&velocity_mps);
    lobbed
}

/// Newton's method on the velocity at the begin.
fn met(mut begin: Vector6<f64>, aim: Vector3<f64>, span_s: f64) -> Option<Vector6<f64>> {
    let model = SKETCH;
    for _ in 0..TRIES {
        let flown = model.transition(&begin, span_s);
        let off_m: Vector3<f64> = flown.state.fixed_rows::<3>(0) - aim;
        if !off_m.norm().is_finite() {
            return None;
        }
        if off_m.norm() < NEAR_M {
            return Some(begin);
        }
        let by_velocity = flown.jacobian.fixed_view::<3, 3>(0, 3).into_owned();
        let mut turn_mps = by_velocity.lu().solve(&off_m)?;
        let size_mps = turn_mps.norm();
        if size_mps > TURN_MAX_MPS {
            turn_mps *= TURN_MAX_MPS / size_mps;
        }
        for axis in 0..3 {
            begin[axis + 3] -= turn_mps[axis];
        }
    }
    None
}

/// A share of the way along the ground, at falling height.
fn along(row: &Row, to: Geodetic, share: f64) -> Geodetic {
    let from = Geodetic::from_ecef(Position::<Ecef>::from_vector(place_m(row)));
    let way = geo::geodesic(from, to);
    let place = geo::destination(from, way.azimuth_from_deg, share * way.distance_m);
    Geodetic {
        height_m: from.height_m + share * (to.height_m - from.height_m),
        ..place
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thrown_body_comes_where_it_is_wanted() {
        let from = Geodetic::from_degrees(40.0, 128.0, 200_000.0).to_ecef().vector();
        let to = Geodetic::from_degrees(41.0, 139.0, 0.0);
        let state = Vector6::new(from.x, from.y, from.z, 0.0, 0.0, 0.0);
        for span_s in [300.0, 600.0, 1_500.0] {
            let begin = thrown(&state, to, span_s).expect("there is a flight");
            let end = SKETCH.propagate(&begin, span_s);
            let off_m = (end.fixed_rows::<3>(0) - to.to_ecef().vector()).norm();
            assert!(off_m < NEAR_M, "{span_s}: {off_m}");
        }
    }
}
