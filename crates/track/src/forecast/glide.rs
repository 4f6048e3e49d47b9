//! What lift can reach: an equilibrium glide of every lift to drag and bank that is thought possible.
//!
//! In equilibrium the lift upwards carries what the curved flight does not: `L cos φ = m (g - v²/r)`. So speed falls by
//! `(g - v²/r) / (L/D cos φ)` a second, and the course turns by `(L/D) sin φ ln (v₀/v)`. Source: Eggers, Allen & Neice,
//! A comparative analysis of the performance of long-range hypervelocity vehicles, NACA Report 1382 (1957), with bank.

use estimate::belief::Gaussian;
use geo::angle::RAD_PER_DEG;
use geo::math::{atan2, exp, ln, sin_cos};
use geo::{Ecef, Geodetic, Position, Site, destination};
use nalgebra::{Matrix3, SVector, Vector2, Vector3};

use super::cloud::Spot;
use super::fall::{climb_mps, falls_to, height_m};
use super::priors::{BANKS_RAD, LIFT_TO_DRAG, PULL_UP_M};
use super::thrust::beyond_free;

/// A glide ends at this speed.
const END_MPS: f64 = 150.0;
/// Steps from the speed at the pull-up to that.
const STEPS: usize = 32;
/// Spread of an arrival between the steps of lift and bank, as a part of the distance.
const PART: f64 = 0.12;
/// How well the lift of an instant tells that of the glide, m/s², beside what the filter does not know.
const LIFT_SIGMA_MPS2: f64 = 6.0;
/// The least weight of a glide, of what all have without measurement: banks change.
const LEAST: f64 = 0.02;

/// Where a belief comes down on lift; `measured` is what is known of its acceleration while it glides already.
pub(super) fn reach(belief: &Gaussian<6>, measured: Option<&Gaussian<9>>, weight: f64) -> Vec<Spot> {
    let mean = SVector::<f64, 7>::from_fn(|row, _| if row < 6 { belief.mean[row] } else { -9.0 });
    let is_up = height_m(&mean) > PULL_UP_M || climb_mps(&mean) > 0.0;
    let begun = if is_up {
        falls_to(&mean, PULL_UP_M)
    } else {
        Some((0.0, mean))
    };
    let Some((before_s, state)) = begun else {
        return Vec::new();
    };
    let place = Geodetic::from_ecef(Position::<Ecef>::new(state[0], state[1], state[2]));
    let velocity: Vector3<f64> = *Site::new(place).enu_from_ecef() * state.fixed_rows::<3>(3);
    let speed_mps = velocity.norm().max(1.5 * END_MPS);
    let course_rad = atan2(velocity.x, velocity.y);
    let spread_m2 = (0..3).map(|i| belief.covariance[(i, i)]).sum::<f64>();
    let likelihoods: Vec<f64> = pairs()
        .map(|(ratio, bank_rad)| measured.map_or(1.0, |known| likelihood(known, ratio, bank_rad)))
        .collect();
    let sum: f64 = likelihoods.iter().sum();
    let whole = likelihoods.len() as f64;
    pairs()
        .zip(likelihoods)
        .map(|((ratio, bank_rad), likelihood)| {
            let share = if sum > 0.0 { likelihood / sum } else { 1.0 / whole };
            let share = (1.0 - LEAST) * share + LEAST / whole;
            let glide = Glide::new(speed_mps, ratio, bank_rad);
            let (sin, cos) = sin_cos(course_rad);
            // Ahead and to the right, turned to east and north.
            let east_north = Vector2::new(
                glide.ahead_m * sin + glide.right_m * cos,
                glide.ahead_m * cos - glide.right_m * sin,
            );
            let far_m = east_north.norm();
            let azimuth_deg = atan2(east_north.x, east_north.y) / RAD_PER_DEG;
            let ground = Geodetic { height_m: 0.0, ..place };
            let variance_m2 = (PART * far_m) * (PART * far_m) + spread_m2;
            let time_s = PART * glide.time_s + 2.0;
            Spot {
                weight: weight * share,
                after_s: before_s + glide.time_s,
                place: destination(ground, azimuth_deg, far_m),
                velocity_mps: Vector3::new(0.0, 0.0, -END_MPS),
                covariance: Matrix3::from_diagonal(&Vector3::new(variance_m2, variance_m2, time_s * time_s)),
            }
        })
        .collect()
}

fn pairs() -> impl Iterator<Item = (f64, f64)> {
    LIFT_TO_DRAG
        .into_iter()
        .flat_map(|ratio| BANKS_RAD.map(|bank_rad| (ratio, bank_rad)))
}

/// An equilibrium glide from a speed to its end.
struct Glide {
    ahead_m: f64,
    right_m: f64,
    time_s: f64,
}

impl Glide {
    fn new(speed_mps: f64, ratio: f64, bank_rad: f64) -> Self {
        let (sin_bank, cos_bank) = sin_cos(bank_rad);
        let mut glide = Self {
            ahead_m: 0.0,
            right_m: 0.0,
            time_s: 0.0,
        };
        // Equal factors of speed.
        let factor = exp(ln(END_MPS / speed_mps) / STEPS as f64);
        let mut from_mps = speed_mps;
        for _ in 0..STEPS {
            let to_mps = from_mps * factor;
            let middle_mps = 0.5 * (from_mps + to_mps);
            let span_s = (from_mps - to_mps) * ratio * cos_bank / carried_mps2(middle_mps);
            // Nobody turns in circles: half a right angle more is the most that is thought of.
            let turned_rad = (ratio * sin_bank * ln(speed_mps / middle_mps)).clamp(-2.3, 2.3);
            let (sin, cos) = sin_cos(turned_rad);
            glide.ahead_m += cos * middle_mps * span_s;
            glide.right_m += sin * middle_mps * span_s;
            glide.time_s += span_s;
            from_mps = to_mps;
        }
        glide
    }
}

/// What lift has to carry at a speed: gravity less what the curved flight does.
fn carried_mps2(speed_mps: f64) -> f64 {
    (9.8 - speed_mps * speed_mps / 6.4e6).max(0.5)
}

/// How well a lift to drag and bank explain the acceleration that was measured, not normalised.
fn likelihood(known: &Gaussian<9>, ratio: f64, bank_rad: f64) -> f64 {
    let up = known.mean.fixed_rows::<3>(0).normalize();
    let velocity: Vector3<f64> = known.mean.fixed_rows::<3>(3).into();
    let along = velocity.normalize();
    let right = along.cross(&up);
    let lifted = right.cross(&along);
    let (sin_bank, cos_bank) = sin_cos(bank_rad);
    let carried = carried_mps2(velocity.norm());
    let expected = lifted * carried + right * (carried * sin_bank / cos_bank) - along * (carried / (ratio * cos_bank));
    let off = beyond_free(&known.mean) - expected;
    let mut covariance: Matrix3<f64> = known.covariance.fixed_view::<3, 3>(6, 6).into();
    covariance += Matrix3::identity() * (LIFT_SIGMA_MPS2 * LIFT_SIGMA_MPS2);
    covariance
        .cholesky()
        .map_or(0.0, |factor| exp(-0.5 * off.dot(&factor.solve(&off))))
}

/// How far a glide goes straight ahead.
#[cfg(test)]
pub(super) fn ahead_m(speed_mps: f64, ratio: f64) -> f64 {
    Glide::new(speed_mps, ratio, 0.0).ahead_m
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Range of an equilibrium glide: `½ r L/D ln (1 / (1 - v²/gr))` (NACA Report 1382, equation 20), to two per cent.
    #[test]
    fn straight_ahead_as_in_the_report() {
        for (speed_mps, ratio) in [(2_000.0, 1.0), (4_000.0, 2.0), (6_000.0, 3.0)] {
            let squared = |v: f64| v * v / (9.8 * 6.4e6);
            let formula = 0.5 * 6.4e6 * ratio * ln((1.0 - squared(END_MPS)) / (1.0 - squared(speed_mps)));
            let ours = ahead_m(speed_mps, ratio);
            assert!((ours / formula - 1.0).abs() < 0.02, "{ours} {formula}");
        }
    }

    #[test]
    fn bank_turns_to_its_side() {
        let glide = Glide::new(3_000.0, 2.0, 0.5);
        assert!(glide.right_m > 100e3 && glide.ahead_m > 100e3);
        assert!(Glide::new(3_000.0, 2.0, -0.5).right_m < -100e3);
    }
}
