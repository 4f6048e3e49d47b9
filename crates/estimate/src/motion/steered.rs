//! Nearly constant velocity of what steers: the faster, the harder it can turn.

use nalgebra::Vector6;

use super::{ConstantVelocity, MotionModel, Transition};

/// Straight motion with white acceleration noise whose density grows with the speed.
///
/// State `[x_m, y_m, z_m, vx_mps, vy_mps, vz_mps]` (6), ECEF. What turns at a rate has an acceleration of rate times
/// speed, and what stands at a gate has none. The density is `standing + (most - standing) min(1, speed / full)`, by
/// the speed at the begin of the span; otherwise as [`ConstantVelocity`]. Source: Li & Jilkov, Survey of maneuvering
/// target tracking part I: dynamic models (2003), section III-B, for a constant density.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Steered {
    /// Power spectral density of the acceleration noise, per axis, of what stands.
    pub standing_psd_m2ps3: f64,
    /// The same of what is fast.
    pub most_psd_m2ps3: f64,
    /// From this speed on that is full.
    pub full_mps: f64,
}

impl Steered {
    fn at(&self, state: &Vector6<f64>) -> ConstantVelocity {
        let share = (state.fixed_rows::<3>(3).norm() / self.full_mps).min(1.0);
        ConstantVelocity {
            acceleration_psd_m2ps3: self.standing_psd_m2ps3 + (self.most_psd_m2ps3 - self.standing_psd_m2ps3) * share,
        }
    }
}

impl MotionModel<6> for Steered {
    #[inline]
    fn propagate(&self, state: &Vector6<f64>, dt_s: f64) -> Vector6<f64> {
        self.at(state).propagate(state, dt_s)
    }

    #[inline]
    fn transition(&self, state: &Vector6<f64>, dt_s: f64) -> Transition<6> {
        self.at(state).transition(state, dt_s)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_is_less_uncertain_than_what_flies() {
        let model = Steered {
            standing_psd_m2ps3: 1.0,
            most_psd_m2ps3: 40.0,
            full_mps: 60.0,
        };
        let at = |speed_mps: f64| {
            let state = Vector6::new(6.4e6, 0.0, 0.0, 0.0, speed_mps, 0.0);
            model.transition(&state, 2.0).noise[(3, 3)] / 2.0
        };
        assert_eq!([at(0.0), at(30.0), at(60.0), at(300.0)], [1.0, 20.5, 40.0, 40.0]);
    }
}
