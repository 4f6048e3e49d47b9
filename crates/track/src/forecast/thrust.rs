//! Thrust that may go on: the rest of the burn, and perhaps another stage.
//!
//! Thrust per mass is exhaust speed times the share of the mass that burns in a second, so the acceleration tells how
//! long the rest of the mass lasts; how much of it may burn is public for missiles (Tsiolkovsky's equation).

use estimate::belief::Gaussian;
use estimate::motion::{Boost, MotionModel};
use flight::Zonal;
use geo::earth::ROTATION_RATE_RADPS;
use geo::math::exp;
use nalgebra::{SMatrix, SVector, Vector3};

use super::cloud::Spot;
use super::fall::{height_m, spot};
use super::priors::{
    BURNT_MAX, EXHAUST_MPS, GAIN_MPS, LEAN, LOG_DRAG, NEXT_STAGE, NEXT_STAGE_GAIN_MPS, NEXT_STAGE_MPS2, PAUSE_S,
};
use crate::modes;

/// How the rest of a burn is divided.
const PARTS: usize = 8;
/// How that of another stage is.
const PARTS_NEXT: usize = 3;
/// Gravity takes so much of the speed that thrust gave, a second of steep flight.
const LOSS_MPS2: f64 = 7.0;
/// What burns late may give so much more.
const LEFT_MPS: f64 = 1_500.0;

/// A burn under way.
#[derive(Clone, Debug)]
struct Burn {
    /// `[position 3, velocity 3, a_mps2, k_per_s]` (8).
    belief: Gaussian<8>,
}

/// Acceleration (3) beyond that of free flight above the air, m/s², of `[position 3, velocity 3, acceleration 3]`.
pub(super) fn beyond_free(state: &SVector<f64, 9>) -> Vector3<f64> {
    let position: Vector3<f64> = state.fixed_rows::<3>(0).into();
    let velocity: Vector3<f64> = state.fixed_rows::<3>(3).into();
    let acceleration: Vector3<f64> = state.fixed_rows::<3>(6).into();
    let spin = Vector3::new(0.0, 0.0, ROTATION_RATE_RADPS);
    let turning = -2.0 * spin.cross(&velocity) - spin.cross(&spin.cross(&position));
    acceleration - Zonal::EARTH.acceleration(&position) - turning
}

/// A belief at the end of thrust.
pub(super) struct Ended {
    pub weight: f64,
    pub after_s: f64,
    pub belief: Gaussian<6>,
}

/// The ends of a burn under way, equally probable, without another stage.
pub(super) fn ends(belief: &Gaussian<9>, weight: f64) -> Vec<Ended> {
    let burn = Burn::of(belief);
    let (least_mps, most_mps) = burn.left_mps();
    burn.ends::<PARTS>(least_mps, most_mps, weight)
}

/// Where a belief under thrust comes down, whatever the rest of its burn.
pub(super) fn goes_on(ends: &[Ended]) -> Vec<Spot> {
    let weight: f64 = ends.iter().map(|end| end.weight).sum();
    let mut spots = Vec::new();
    for end in ends {
        spots.extend(spot(
            &with_drag(&end.belief),
            end.weight * (1.0 - NEXT_STAGE),
            end.after_s,
        ));
    }
    for end in [&ends[ends.len() / 4], &ends[3 * ends.len() / 4]] {
        spots.extend(next(&end.belief, weight * NEXT_STAGE / 2.0, end.after_s));
    }
    spots
}

/// Where a belief comes down after another stage.
pub(super) fn next(belief: &Gaussian<6>, weight: f64, before_s: f64) -> Vec<Spot> {
    let mut covariance = SMatrix::<f64, 8, 8>::zeros();
    covariance.fixed_view_mut::<6, 6>(0, 0).copy_from(&belief.covariance);
    let (strength, part) = (NEXT_STAGE_MPS2, 0.3);
    covariance[(6, 6)] = (part * strength) * (part * strength);
    covariance[(7, 7)] = covariance[(6, 6)] / (EXHAUST_MPS.0 * EXHAUST_MPS.0);
    covariance[(6, 7)] = covariance[(6, 6)] / EXHAUST_MPS.0;
    covariance[(7, 6)] = covariance[(6, 7)];
    let mut mean = SVector::<f64, 8>::zeros();
    mean.fixed_rows_mut::<6>(0).copy_from(&belief.mean);
    (mean[6], mean[7]) = (strength, strength / EXHAUST_MPS.0);
    let burn = Burn {
        belief: Gaussian::new(mean, covariance),
    };
    burn.ends::<PARTS_NEXT>(NEXT_STAGE_GAIN_MPS.0, NEXT_STAGE_GAIN_MPS.1, weight)
        .into_iter()
        .filter_map(|end| spot(&with_drag(&end.belief), end.weight, before_s + PAUSE_S + end.after_s))
        .collect()
}

impl Burn {
    fn of(belief: &Gaussian<9>) -> Self {
        let velocity: Vector3<f64> = belief.mean.fixed_rows::<3>(3).into();
        let along = velocity.normalize();
        let strength = beyond_free(&belief.mean).dot(&along).max(5.0);
        let mut turn = SMatrix::<f64, 8, 9>::zeros();
        turn.fixed_view_mut::<6, 6>(0, 0).fill_with_identity();
        turn.fixed_view_mut::<1, 3>(6, 6).copy_from(&along.transpose());
        turn.fixed_view_mut::<1, 3>(7, 6)
            .copy_from(&(along.transpose() / EXHAUST_MPS.0));
        let mut covariance = turn * belief.covariance * turn.transpose();
        let burning = strength / EXHAUST_MPS.0;
        covariance[(7, 7)] += (burning * EXHAUST_MPS.1 / EXHAUST_MPS.0) * (burning * EXHAUST_MPS.1 / EXHAUST_MPS.0);
        let mut mean = SVector::<f64, 8>::zeros();
        mean.fixed_rows_mut::<6>(0).copy_from(&belief.mean.fixed_rows::<6>(0));
        (mean[6], mean[7]) = (strength, burning);
        Self {
            belief: Gaussian::new(mean, covariance),
        }
    }

    /// What speed thrust may still give in empty space, at least and at most.
    fn left_mps(&self) -> (f64, f64) {
        let mean = &self.belief.mean;
        let speed_mps = mean.fixed_rows::<3>(3).norm();
        let state = SVector::<f64, 7>::from_fn(|row, _| if row < 6 { mean[row] } else { LOG_DRAG.0 });
        let climbed_s = 2.0 * height_m(&state).max(0.0) / speed_mps.max(100.0);
        let gained_mps = speed_mps + LOSS_MPS2 * climbed_s;
        (
            (GAIN_MPS.0 - gained_mps).max(0.0),
            (GAIN_MPS.1 - gained_mps).max(LEFT_MPS),
        )
    }

    /// Ends of thrust that differ by equal gains of speed, each with what lies between.
    fn ends<const COUNT: usize>(&self, least_mps: f64, most_mps: f64, weight: f64) -> Vec<Ended> {
        let step_mps = (most_mps - least_mps) / COUNT as f64;
        let end = |i: usize| {
            let left_mps = least_mps + step_mps * (i as f64 + 0.5);
            let share = (1.0 - exp(-left_mps / EXHAUST_MPS.0)).min(BURNT_MAX);
            let after_s = share * EXHAUST_MPS.0 / self.belief.mean[6];
            let mut belief = first6(&self.until(after_s));
            let velocity: Vector3<f64> = belief.mean.fixed_rows::<3>(3).into();
            let along = velocity.normalize();
            let mut own = belief.covariance.fixed_view_mut::<3, 3>(3, 3);
            own += along * along.transpose() * (step_mps * step_mps / 12.0);
            Ended {
                weight: weight / COUNT as f64,
                after_s,
                belief,
            }
        };
        (0..COUNT).map(end).collect()
    }

    /// The belief at the end of thrust.
    fn until(&self, after_s: f64) -> Gaussian<8> {
        let lean_mps2 = LEAN * self.belief.mean[6];
        let model = Boost {
            acceleration_psd_m2ps3: lean_mps2 * lean_mps2 * after_s,
            thrust_psd_m2ps5: 0.1,
            burn_psd_per_s3: 0.0,
        };
        let moved = model.transition(&self.belief.mean, after_s);
        let covariance = moved.jacobian * self.belief.covariance * moved.jacobian.transpose() + moved.noise;
        Gaussian::new(moved.state, covariance)
    }
}

fn first6(belief: &Gaussian<8>) -> Gaussian<6> {
    Gaussian::new(
        belief.mean.fixed_rows::<6>(0).into(),
        belief.covariance.fixed_view::<6, 6>(0, 0).into(),
    )
}

/// A belief of the tracker's free mode with the prior about drag that is assumed here in place of the mode's: one
/// update with the ratio of both.
pub(super) fn with_prior(belief: &Gaussian<7>) -> Gaussian<7> {
    let (of_mode, own) = (modes::LOG_DRAG, LOG_DRAG);
    let precision = |(_, sigma): (f64, f64)| 1.0 / (sigma * sigma);
    let more = precision(own) - precision(of_mode);
    let value = (own.0 * precision(own) - of_mode.0 * precision(of_mode)) / more;
    let variance = belief.covariance[(6, 6)];
    let gain = belief.covariance.column(6) / (variance + 1.0 / more);
    let mean = belief.mean + gain * (value - belief.mean[6]);
    let covariance = belief.covariance - gain * belief.covariance.row(6);
    Gaussian::new(mean, covariance)
}

/// Position and velocity, and drag as nobody knows it.
pub(super) fn with_drag(belief: &Gaussian<6>) -> Gaussian<7> {
    with_drag_of(belief, LOG_DRAG)
}

/// Position and velocity, and a mean and sigma of the logarithm of drag.
pub(super) fn with_drag_of(belief: &Gaussian<6>, (drag, sigma): (f64, f64)) -> Gaussian<7> {
    let mut covariance = SMatrix::<f64, 7, 7>::zeros();
    covariance.fixed_view_mut::<6, 6>(0, 0).copy_from(&belief.covariance);
    covariance[(6, 6)] = sigma * sigma;
    let mean = SVector::<f64, 7>::from_fn(|row, _| if row < 6 { belief.mean[row] } else { drag });
    Gaussian::new(mean, covariance)
}
