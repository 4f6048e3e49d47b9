//! The two ways a track moves: under forces that nobody knows, or freely.

use estimate::motion::ConstantAcceleration;
pub(crate) use estimate::motion::Free;

/// Thrust, staging, lift and turns: 20 m/s² of change in a second.
pub(crate) const MANOEUVRE: ConstantAcceleration = ConstantAcceleration { jerk_psd_m2ps5: 400.0 };

/// What the speed may be before anything is known of it, each axis.
pub(crate) const SPEED_SIGMA_MPS: f64 = 2_500.0;
/// What the acceleration may be, each axis.
pub(crate) const ACCELERATION_SIGMA_MPS2: f64 = 40.0;
/// `ln (Cd A/m / (1 m²/kg))` before anything is known of it: from slender bodies (1e-4) to empty stages (3e-3).
pub(crate) const LOG_DRAG: f64 = -7.6;
/// Its standard deviation.
pub(crate) const LOG_DRAG_SIGMA: f64 = 1.0;
