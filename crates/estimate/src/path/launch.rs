//! Where and when it left the ground: flown back from the first known state under thrust along the velocity.
//!
//! A rocket that turns by gravity alone thrusts along its velocity. Flown back with the right acceleration it comes to
//! rest on the ground; with too much it rests above, with too little it meets the ground still moving. One unknown, one
//! condition. What is not known (the state, how thrust grew, when it ended) is varied, and the spread is the
//! uncertainty.
//!
//! Source: Li and Jilkov, Survey of maneuvering target tracking, part II: motion models of ballistic and space targets
//! (2010), section IV (gravity turn).

use flight::{Gravity, Zonal};
use geo::earth::ROTATION_RATE_RADPS;
use geo::math::hypot;
use geo::{Ecef, Geodetic, Position, Site, Time};
use nalgebra::{Matrix2, Matrix6, Vector2, Vector3, Vector6};

use super::arc::Arc;
use super::boost::Boost;
use super::consider::{Uncertainty, of_state};
use super::fit::Context;
use super::ground::{GroundPoint, ground_height_m};
use crate::belief::Gaussian;

/// Thrust accelerations between which the right one is sought.
const THRUST_MPS2: (f64, f64) = (11.0, 600.0);
/// At this speed it stands on the ground.
const REST_MPS: f64 = 5.0;
/// Thrust builds up and a rail holds: the moment of launch is no sharper than this.
const IGNITION_SIGMA_S: f64 = 0.1;
/// A boost is at most so long.
const BOOST_MAX_S: f64 = 600.0;
/// How much the acceleration grew from launch until the known state: from a booster that burnt out before (a third of
/// its thrust is left), over constant, to a single stage of which a quarter of the mass is left.
const GROWTHS: [f64; 6] = [-0.7, -0.35, 0.0, 0.7, 1.5, 3.0];
/// By how much thrust points above the velocity, as the tangent of the angle: not at all in a gravity turn, more where
/// a programme turns more slowly than gravity does.
const LEANS: [f64; 3] = [0.0, 0.1, 0.2];
/// The boost at which the error of the known state is carried to the launch.
const MIDDLE: Boosted = Boosted { growth: 0.0, lean: 0.0 };
/// Without plots of the boost, thrust may have ended so long before the first plot …
const COAST_BEFORE_MAX_S: f64 = 120.0;
/// … but not below this height.
const BURNOUT_HEIGHT_MIN_M: f64 = 12_000.0;

/// The spread of the guesses times this is taken for a standard deviation, where the boost was seen and where not
/// (`validation/containment`).
const GUESSES_WIDENED: [f64; 2] = [1.5, 2.5];

/// One guess at a boost.
#[derive(Copy, Clone)]
struct Boosted {
    growth: f64,
    lean: f64,
}

/// Part of the time flown back by which all guesses may err together: air brakes a boost and is left out.
const BRAKED: f64 = 0.2;

/// A launch that one guess leads to.
struct Origin {
    after_s: f64,
    place: Geodetic,
}

/// Finds the launch; `None` where the path does not come from the ground or was seen only when falling.
pub(crate) fn launch(
    boost: Option<&Boost>,
    arc: &Arc,
    uncertainty: &Uncertainty,
    from: Time,
    meets_ground: bool,
    context: &Context<'_>,
) -> Option<GroundPoint> {
    if !meets_ground {
        return None;
    }
    let (start, guesses, covariance) = match boost {
        Some(boost) => {
            let first = boost.first();
            let state: Vector6<f64> = first.mean.fixed_rows::<6>(0).into();
            let covariance: Matrix6<f64> = first.covariance.fixed_view::<6, 6>(0, 0).into();
            (boost.start(), vec![(0.0, state)], covariance)
        }
        None => (from, ends_of_thrust(arc, from)?, of_state(arc, uncertainty, from)),
    };
    let gravity = &context.forces.gravity;
    let ground_m = |state: &Vector6<f64>| ground_height_m(place(state), context);
    let mut origins = Vec::new();
    for (after_s, state) in &guesses {
        for (growth, lean) in GROWTHS.into_iter().flat_map(|growth| LEANS.map(|lean| (growth, lean))) {
            let origin = rise(gravity, state, ground_m(state), Boosted { growth, lean });
            origins.extend(origin.map(|o| Origin {
                after_s: o.after_s + after_s,
                ..o
            }));
        }
    }
    let mut point = spread(start, &origins, GUESSES_WIDENED[usize::from(boost.is_none())])?;
    add_state_error(
        &mut point,
        gravity,
        &guesses[guesses.len() / 2].1,
        &covariance,
        ground_m(&guesses[0].1),
    );
    point.time_sigma_s = hypot(point.time_sigma_s, BRAKED * (start - point.time).max(0.0));
    point.time_sigma_s = hypot(point.time_sigma_s, IGNITION_SIGMA_S);
    Some(point)
}

/// Where and when an object under thrust left the ground of a height, of a belief about its position and velocity (6,
/// ECEF) at a time; `None` where no boost leads there.
///
/// The same guesses as behind a fitted path.
pub fn launch_of(time: Time, belief: &Gaussian<6>, ground_m: f64) -> Option<GroundPoint> {
    let gravity = &Gravity::Zonal(Zonal::EARTH);
    let guesses = GROWTHS
        .into_iter()
        .flat_map(|growth| LEANS.map(|lean| Boosted { growth, lean }));
    let origins: Vec<Origin> = guesses
        .filter_map(|boosted| rise(gravity, &belief.mean, ground_m, boosted))
        .collect();
    let mut point = spread(time, &origins, GUESSES_WIDENED[0])?;
    add_state_error(&mut point, gravity, &belief.mean, &belief.covariance, ground_m);
    point.time_sigma_s = hypot(point.time_sigma_s, BRAKED * (time - point.time).max(0.0));
    point.time_sigma_s = hypot(point.time_sigma_s, IGNITION_SIGMA_S);
    Some(point)
}

fn place(state: &Vector6<f64>) -> Geodetic {
    Geodetic::from_ecef(Position::<Ecef>::new(state[0], state[1], state[2]))
}

/// States at which thrust may have ended, with their times relative to the first plot; `None` of an object that fell.
fn ends_of_thrust(arc: &Arc, from: Time) -> Option<Vec<(f64, Vector6<f64>)>> {
    let first = arc.state(from);
    let up = Site::new(place(&first)).enu_from_ecef().row(2).transpose();
    if first.fixed_rows::<3>(3).dot(&up) <= 0.0 {
        return None;
    }
    let (earliest, _) = arc.span();
    let guesses: Vec<(f64, Vector6<f64>)> = (0..=8)
        .map(|i| -COAST_BEFORE_MAX_S * f64::from(i) / 8.0)
        .filter(|after_s| from + *after_s >= earliest)
        .map(|after_s| (after_s, arc.state(from + after_s)))
        .take_while(|(after_s, state)| *after_s == 0.0 || place(state).height_m > BURNOUT_HEIGHT_MIN_M)
        .collect();
    Some(guesses)
}

/// Flies back to rest on the ground; `None` where no thrust does it.
fn rise(gravity: &Gravity, state: &Vector6<f64>, ground_m: f64, boosted: Boosted) -> Option<Origin> {
    let (mut low, mut high) = THRUST_MPS2;
    let mut best = None;
    for _ in 0..24 {
        let thrust_mps2 = (low * high).sqrt();
        let (origin, is_above) = fly_back(gravity, state, ground_m, thrust_mps2, boosted)?;
        best = Some(origin);
        if is_above {
            high = thrust_mps2
        } else {
            low = thrust_mps2
        }
    }
    best
}

/// Flies back under a thrust until it rests or meets the ground, and tells which: true if it rests above the ground.
fn fly_back(
    gravity: &Gravity,
    state: &Vector6<f64>,
    ground_m: f64,
    thrust_mps2: f64,
    boosted: Boosted,
) -> Option<(Origin, bool)> {
    let speed_mps = state.fixed_rows::<3>(3).norm();
    let boost_s = (speed_mps / thrust_mps2).max(0.1);
    let mut state = *state;
    let mut after_s = 0.0_f64;
    loop {
        let speed_mps = state.fixed_rows::<3>(3).norm();
        let height_m = place(&state).height_m;
        let origin = Origin {
            after_s,
            place: place(&state),
        };
        if speed_mps < REST_MPS {
            return Some((origin, height_m > ground_m));
        }
        if height_m < ground_m {
            return Some((origin, false));
        }
        if after_s < -BOOST_MAX_S {
            return None;
        }
        // Less thrust the earlier: it was `1 / (1 + growth)` of the last at the start of a boost of this length.
        let share = 1.0 / (1.0 + boosted.growth * (-after_s / boost_s).min(1.0));
        let step_s = -(0.1 * speed_mps / thrust_mps2).clamp(0.01, 1.0);
        let slope = |s: &Vector6<f64>| slope(gravity, s, thrust_mps2 * share, boosted.lean);
        let k1 = slope(&state);
        let k2 = slope(&(state + k1 * (step_s / 2.0)));
        state += k2 * step_s;
        after_s += step_s;
    }
}

/// Gravity, the turning frame and thrust along the velocity, or above it.
fn slope(gravity: &Gravity, state: &Vector6<f64>, thrust_mps2: f64, lean: f64) -> Vector6<f64> {
    let position: Vector3<f64> = state.fixed_rows::<3>(0).into();
    let velocity: Vector3<f64> = state.fixed_rows::<3>(3).into();
    let spin = Vector3::new(0.0, 0.0, ROTATION_RATE_RADPS);
    let turning = -2.0 * spin.cross(&velocity) - spin.cross(&spin.cross(&position));
    let along = velocity / velocity.norm().max(REST_MPS);
    let up = position.normalize();
    let direction = along + (up - along * up.dot(&along)) * lean;
    let acceleration = gravity.acceleration(&position) + turning + direction * thrust_mps2;
    Vector6::new(
        velocity.x,
        velocity.y,
        velocity.z,
        acceleration.x,
        acceleration.y,
        acceleration.z,
    )
}

/// Mean and spread of some launches.
fn spread(start: Time, origins: &[Origin], widening: f64) -> Option<GroundPoint> {
    let first = origins.first()?;
    let site = Site::new(first.place);
    let local = |origin: &Origin| {
        let enu = site.to_enu(origin.place.to_ecef()).to_array();
        Vector2::new(enu[0], enu[1])
    };
    let n = origins.len() as f64;
    let mean = origins.iter().map(local).sum::<Vector2<f64>>() / n;
    let mean_s = origins.iter().map(|o| o.after_s).sum::<f64>() / n;
    let mut covariance_m2 = Matrix2::zeros();
    let mut time_variance = 0.0;
    for origin in origins {
        let off = local(origin) - mean;
        covariance_m2 += off * off.transpose() / n;
        time_variance += (origin.after_s - mean_s) * (origin.after_s - mean_s) / n;
    }
    let centre = Geodetic::from_ecef(site.to_ecef(Position::new(mean.x, mean.y, 0.0)));
    let place = Geodetic {
        height_m: first.place.height_m,
        ..centre
    };
    // The guesses are few and the truth may lie between or beside them.
    Some(GroundPoint {
        time: start + mean_s,
        time_sigma_s: widening * time_variance.sqrt(),
        place,
        covariance_m2: covariance_m2 * (widening * widening),
    })
}

/// Adds what the error of the known state does to the launch: one flight back for each of its components.
fn add_state_error(
    point: &mut GroundPoint,
    gravity: &Gravity,
    state: &Vector6<f64>,
    covariance: &Matrix6<f64>,
    ground_m: f64,
) {
    let Some(base) = rise(gravity, state, ground_m, MIDDLE) else {
        return;
    };
    let site = Site::new(base.place);
    let Some(factor) = covariance.cholesky() else { return };
    for column in factor.l().column_iter() {
        let Some(moved) = rise(gravity, &(state + column), ground_m, MIDDLE) else {
            continue;
        };
        let enu = site.to_enu(moved.place.to_ecef()).to_array();
        let off = Vector2::new(enu[0], enu[1]);
        point.covariance_m2 += off * off.transpose();
        let off_s = moved.after_s - base.after_s;
        point.time_sigma_s = hypot(point.time_sigma_s, off_s);
    }
    // Rounding of a launch that is seen from the pad: never less than a metre.
    point.covariance_m2 += Matrix2::identity();
}
