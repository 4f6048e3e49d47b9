//! What a track's object is doing, as its plots tell.

use flight::Phase;
use geo::{Ecef, Geodetic, Position, Site};
use nalgebra::{SVector, Vector3};

use crate::modes::{Class, Way};
use estimate::filter::imm::Imm;

/// Below this a slow object is on the ground or on water.
const SURFACE_SPEED_MPS: f64 = 60.0;
/// Above this height nothing stands on the ground.
const SURFACE_HEIGHT_M: f64 = 300.0;
/// Falling below this, a free body is in re-entry.
const REENTRY_HEIGHT_M: f64 = 90_000.0;
/// Thrust adds at least so much along the velocity.
const THRUST_MIN_MPS2: f64 = 3.0;

/// The phase of a belief.
pub(crate) fn phase(imm: &Imm, class: Class) -> Phase {
    let state = imm.belief().mean;
    let place = Geodetic::from_ecef(Position::<Ecef>::new(state[0], state[1], state[2]));
    let up: Vector3<f64> = Site::new(place).enu_from_ecef().row(2).transpose();
    let velocity: Vector3<f64> = state.fixed_rows::<3>(3).into();
    let modes = class.ways().iter().zip(imm.modes());
    let likeliest = modes.max_by(|a, b| a.1.probability.total_cmp(&b.1.probability));
    match likeliest {
        Some((Way::Free, _)) if velocity.dot(&up) < 0.0 && place.height_m < REENTRY_HEIGHT_M => Phase::Reentry,
        Some((Way::Free, _)) => Phase::Coast,
        Some((Way::Thrust, mode)) => {
            let acceleration: Vector3<f64> = mode.belief.get::<9>().map_or_else(Vector3::zeros, |belief| {
                SVector::fixed_rows::<3>(&belief.mean, 6).into()
            });
            let along = velocity
                .try_normalize(1.0)
                .map_or(0.0, |along| along.dot(&acceleration));
            let is_climbing = velocity.dot(&up) > 0.0;
            if is_climbing && along > THRUST_MIN_MPS2 {
                Phase::Boost
            } else {
                Phase::Glide
            }
        }
        _ if velocity.norm() < SURFACE_SPEED_MPS && place.height_m < SURFACE_HEIGHT_M => Phase::Surface,
        _ => Phase::AirBreathing,
    }
}
