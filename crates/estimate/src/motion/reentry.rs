//! Ballistic flight in the air, the drag estimated.

use flight::drag::drag;
use geo::math::exp;
use nalgebra::{SMatrix, SVector};

use super::dynamics::Dynamics;
use super::earth::{accelerate, add, by_parameter, free_jacobian, free_rate, split};

/// Gravity and drag in the US Standard Atmosphere 1976, with an unknown ballistic coefficient.
///
/// State `[x_m, y_m, z_m, vx_mps, vy_mps, vz_mps, ln (Cd A/m / (1 m²/kg))]` (7), ECEF; the logarithm keeps drag
/// positive and wanders. Source: Li & Jilkov, Survey of maneuvering target tracking part II (2010), section V. Differs
/// from it by the atmosphere, and by the logarithm in place of the coefficient.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Reentry {
    /// Power spectral density of the acceleration noise, per axis.
    pub acceleration_psd_m2ps3: f64,
    /// Power spectral density of the rate of the logarithm.
    pub log_drag_psd_per_s: f64,
}

impl Dynamics<7> for Reentry {
    fn rate(&self, state: &SVector<f64, 7>) -> SVector<f64, 7> {
        let mut rate = free_rate(state);
        let (position, velocity) = split(state);
        if let Some(drag) = drag(&position, &velocity) {
            accelerate(&mut rate, &(drag.per_coefficient * exp(state[6])));
        }
        rate
    }

    fn rate_jacobian(&self, state: &SVector<f64, 7>) -> SMatrix<f64, 7, 7> {
        let mut jacobian = free_jacobian(state);
        let (position, velocity) = split(state);
        if let Some(drag) = drag(&position, &velocity) {
            let coefficient = exp(state[6]);
            add(
                &mut jacobian,
                3,
                0,
                &(drag.by_height * drag.up.transpose() * coefficient),
            );
            add(&mut jacobian, 3, 3, &(drag.by_velocity * coefficient));
            by_parameter(&mut jacobian, 6, &(drag.per_coefficient * coefficient));
        }
        jacobian
    }

    fn noise_psd(&self) -> SVector<f64, 7> {
        let q = self.acceleration_psd_m2ps3;
        SVector::from([0.0, 0.0, 0.0, q, q, q, self.log_drag_psd_per_s])
    }

    /// A fast body crosses a seventh of a scale height in this time.
    fn step_max_s(&self) -> f64 {
        0.25
    }
}
