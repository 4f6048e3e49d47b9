//! What an object without a ballistic path was doing: how it accelerated besides gravity.

use geo::earth::{GM_M3PS2, ROTATION_RATE_RADPS};
use nalgebra::Vector3;

use super::error::Manoeuvre;
use super::fixes::Fix;
use super::noise::{median, median_by};

/// Fewer positions say nothing.
const FIXES_MIN: usize = 9;
/// The recording is told by at most so many triples.
const TRIPLES_MAX: usize = 200;
/// Accelerations that scatter by more than this part of their median are not those of one object.
const SCATTER_MAX: f64 = 0.35;
/// Air does not carry an aircraft higher.
const AIRCRAFT_HEIGHT_MAX_M: f64 = 25_000.0;
const AIRCRAFT_SPEED_MPS: std::ops::Range<f64> = 30.0..350.0;
/// Less than this is noise, not thrust.
const THRUST_MIN_MPS2: f64 = 4.0;
const GRAVITY_MPS2: f64 = 9.8;

/// Tells thrust and level flight from rough positions in the order of time, by second differences over thirds of the
/// recording; `None` where neither is plain.
pub(super) fn manoeuvre(fixes: &[Fix]) -> Option<Manoeuvre> {
    let third = fixes.len() / 3;
    if fixes.len() < FIXES_MIN {
        return None;
    }
    let triples: Vec<Motion> = (0..third)
        .step_by(third.div_ceil(TRIPLES_MAX))
        .filter_map(|i| second_difference(&fixes[i], &fixes[i + third], &fixes[i + 2 * third]))
        .collect();
    if triples.len() < FIXES_MIN / 3 {
        return None;
    }
    let middle = |of: fn(&Motion) -> Vector3<f64>| {
        Vector3::from_fn(|axis, _| median(&triples.iter().map(|t| of(t)[axis]).collect::<Vec<_>>()))
    };
    let (push, velocity) = (middle(|m| m.push_mps2), middle(|m| m.velocity_mps));
    let off: Vec<f64> = triples.iter().map(|m| (m.push_mps2 - push).norm()).collect();
    if median_by(&off, |x| x) > SCATTER_MAX * push.norm() {
        return None;
    }
    let height_m = median(&triples.iter().map(|m| m.height_m).collect::<Vec<_>>());
    let up = fixes[fixes.len() / 2].position_m.normalize();
    let (speed_mps, is_carried) = (velocity.norm(), (push - up * GRAVITY_MPS2).norm() < 0.3 * GRAVITY_MPS2);
    if is_carried && height_m < AIRCRAFT_HEIGHT_MAX_M && AIRCRAFT_SPEED_MPS.contains(&speed_mps) {
        return Some(Manoeuvre::Level { height_m, speed_mps });
    }
    let thrust_mps2 = push.dot(&velocity) / speed_mps.max(1.0);
    (thrust_mps2 > THRUST_MIN_MPS2).then_some(Manoeuvre::Thrust {
        acceleration_mps2: push.norm(),
    })
}

/// How the object moved through three positions, ECEF.
struct Motion {
    /// Acceleration besides gravity.
    push_mps2: Vector3<f64>,
    velocity_mps: Vector3<f64>,
    height_m: f64,
}

fn second_difference(a: &Fix, b: &Fix, c: &Fix) -> Option<Motion> {
    let (first_s, second_s) = (b.time - a.time, c.time - b.time);
    if first_s <= 0.0 || second_s <= 0.0 {
        return None;
    }
    let slopes = [
        (b.position_m - a.position_m) / first_s,
        (c.position_m - b.position_m) / second_s,
    ];
    let acceleration = (slopes[1] - slopes[0]) * (2.0 / (first_s + second_s));
    let velocity = (c.position_m - a.position_m) / (first_s + second_s);
    let (at, spin) = (b.position_m, Vector3::new(0.0, 0.0, ROTATION_RATE_RADPS));
    let gravity = -at * (GM_M3PS2 / (at.norm_squared() * at.norm()));
    let apparent = -spin.cross(&velocity) * 2.0 - spin.cross(&spin.cross(&at));
    Some(Motion {
        push_mps2: acceleration - gravity - apparent,
        velocity_mps: velocity,
        height_m: b.height_m(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::{Geodetic, Time};

    /// A straight climb or level course: height and distance over time.
    fn course(along_m: impl Fn(f64) -> f64, height_m: impl Fn(f64) -> f64) -> Vec<Fix> {
        let start: Time = "2024-01-01T00:00:00Z".parse().unwrap();
        let place = Geodetic::from_degrees(40.0, 5.0, 0.0);
        (0..120)
            .map(|i| {
                let t = f64::from(i);
                let mut at = geo::destination(place, 30.0, along_m(t));
                at.height_m = height_m(t);
                Fix {
                    time: start + t,
                    position_m: at.to_ecef().vector(),
                    sigma_m: 50.0,
                }
            })
            .collect()
    }

    #[test]
    fn level_flight_thrust_and_free_fall_are_told_apart() {
        let level = manoeuvre(&course(|t| 250.0 * t, |_| 1e4));
        assert!(matches!(level, Some(Manoeuvre::Level { speed_mps, .. }) if (speed_mps - 250.0).abs() < 5.0));
        let thrust = manoeuvre(&course(|t| 5.0 * t * t, |t| 10.0 * t * t));
        assert!(matches!(thrust, Some(Manoeuvre::Thrust { acceleration_mps2 }) if acceleration_mps2 > 25.0));
        assert_eq!(manoeuvre(&course(|t| 2e3 * t, |t| 1e5 + 600.0 * t - 4.7 * t * t)), None);
        assert_eq!(manoeuvre(&[]), None);
    }
}
