//! Ballistic fall of a belief to the ground.

use estimate::belief::Gaussian;
use estimate::motion::{Free, MotionModel};
use geo::{Ecef, Geodetic, Position, Site};
use nalgebra::{Matrix3, SVector, Vector3};

use super::cloud::Spot;
use super::priors::GROUND_SIGMA_M;

/// What has not come down after this stays up.
pub(super) const FALL_MAX_S: f64 = 7_200.0;
/// Steps in which the ground is looked for: above the air, in it, and near the ground.
const STEPS_S: [f64; 3] = [20.0, 5.0, 1.0];
/// Heights above which these are taken.
const HEIGHTS_M: [f64; 2] = [120e3, 20e3];
/// A wide belief about drag is split: a normal distribution as five narrower ones, by weight, mean and sigma.
/// Source: DeMars, Bishop & Jah, Entropy-based approach for uncertainty propagation of nonlinear dynamical systems
/// (2013), the library of five; sigma such that the sum has a variance of 1.
const SPLIT: [(f64, f64); 5] = [
    (0.076_32, -1.69),
    (0.224_74, -0.80),
    (0.397_88, 0.0),
    (0.224_74, 0.80),
    (0.076_32, 1.69),
];
const SPLIT_SIGMA: f64 = 0.525;
/// Narrower than this, it is not split.
const SPLIT_MIN: f64 = 0.15;

/// Height above the ellipsoid of a state.
pub(super) fn height_m(state: &SVector<f64, 7>) -> f64 {
    Geodetic::from_ecef(Position::<Ecef>::new(state[0], state[1], state[2])).height_m
}

/// Climb of a state.
pub(super) fn climb_mps(state: &SVector<f64, 7>) -> f64 {
    let place: Vector3<f64> = state.fixed_rows::<3>(0).into();
    state.fixed_rows::<3>(3).dot(&place.normalize())
}

/// The first state at or below a height while falling, with the seconds until then; `None` where there is none.
pub(super) fn falls_to(state: &SVector<f64, 7>, wanted_m: f64) -> Option<(f64, SVector<f64, 7>)> {
    let (mut after_s, mut state) = (0.0, *state);
    while after_s < FALL_MAX_S {
        let height_m = height_m(&state);
        let step_s = match height_m {
            h if h > HEIGHTS_M[0] => STEPS_S[0],
            h if h > HEIGHTS_M[1] => STEPS_S[1],
            _ => STEPS_S[2],
        };
        let later = Free.propagate(&state, step_s);
        if self::height_m(&later) <= wanted_m && climb_mps(&later) < 0.0 {
            return Some(settle(after_s, state, wanted_m, step_s));
        }
        (after_s, state) = (after_s + step_s, later);
    }
    None
}

/// The moment within a step, to a metre or so, by Newton's method.
fn settle(after_s: f64, state: SVector<f64, 7>, wanted_m: f64, step_s: f64) -> (f64, SVector<f64, 7>) {
    let mut part_s = step_s;
    let mut at = Free.propagate(&state, part_s);
    for _ in 0..6 {
        let off_m = height_m(&at) - wanted_m;
        if off_m.abs() < 0.5 {
            break;
        }
        part_s = (part_s - off_m / climb_mps(&at).min(-1.0)).clamp(0.0, step_s);
        at = Free.propagate(&state, part_s);
    }
    (after_s + part_s, at)
}

/// A belief at the moment when it comes into the air, with the seconds until then; as it is where it is there already.
pub(super) fn to_air(belief: Gaussian<7>) -> (Gaussian<7>, f64) {
    let is_in_air = height_m(&belief.mean) < HEIGHTS_M[0] && climb_mps(&belief.mean) < 0.0;
    match falls_to(&belief.mean, HEIGHTS_M[0]).filter(|_| !is_in_air) {
        Some((after_s, _)) => {
            let moved = Free.transition(&belief.mean, after_s);
            let covariance = moved.jacobian * belief.covariance * moved.jacobian.transpose() + moved.noise;
            (Gaussian::new(moved.state, covariance), after_s)
        }
        None => (belief, 0.0),
    }
}

/// Where and when a belief comes down, as narrower beliefs; nothing of what stays up.
pub(super) fn fall(belief: &Gaussian<7>, weight: f64, before_s: f64) -> Vec<Spot> {
    let variance = belief.covariance[(6, 6)];
    if variance < SPLIT_MIN * SPLIT_MIN {
        return spot(belief, weight, before_s).into_iter().collect();
    }
    let slope = belief.covariance.column(6) / variance;
    let known = slope * slope.transpose() * (variance * (1.0 - SPLIT_SIGMA * SPLIT_SIGMA));
    let covariance = belief.covariance - known;
    SPLIT
        .iter()
        .filter_map(|(share, sigmas)| {
            let mean = belief.mean + slope * (sigmas * variance.sqrt());
            spot(&Gaussian::new(mean, covariance), weight * share, before_s)
        })
        .collect()
}

/// To first order: an error of position moves the place along the velocity until it is on the ground.
pub(super) fn spot(belief: &Gaussian<7>, weight: f64, before_s: f64) -> Option<Spot> {
    let (after_s, _) = falls_to(&belief.mean, 0.0)?;
    let moved = Free.transition(&belief.mean, after_s);
    let whole = moved.jacobian * belief.covariance * moved.jacobian.transpose() + moved.noise;
    let place = Geodetic::from_ecef(Position::<Ecef>::new(moved.state[0], moved.state[1], moved.state[2]));
    let axes = *Site::new(place).enu_from_ecef();
    let velocity = axes * moved.state.fixed_rows::<3>(3);
    let mut covariance = axes * whole.fixed_view::<3, 3>(0, 0) * axes.transpose();
    covariance[(2, 2)] += GROUND_SIGMA_M * GROUND_SIGMA_M;
    let climb_mps = velocity.z.min(-1.0);
    #[rustfmt::skip]
    let to_ground = Matrix3::new(
        1.0, 0.0, -velocity.x / climb_mps,
        0.0, 1.0, -velocity.y / climb_mps,
        0.0, 0.0, -1.0 / climb_mps,
    );
    let covariance = to_ground * covariance * to_ground.transpose();
    let is_sound = covariance.iter().all(|x| x.is_finite());
    is_sound.then_some(Spot {
        weight,
        after_s: before_s + after_s,
        place,
        velocity_mps: velocity,
        covariance,
    })
}
