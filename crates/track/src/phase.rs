//! What a track's object is doing, as its plots tell.

use flight::Phase;
use geo::{Ecef, Position, height_about_m};
use nalgebra::{SVector, Vector3};

use crate::modes::{Class, Way};
use estimate::filter::imm::Imm;

/// Below this a slow object is on the ground or on water.
const SURFACE_SPEED_MPS: f64 = 60.0;
/// Above this height nothing stands on the ground.
const SURFACE_HEIGHT_M: f64 = 300.0;
/// Falling below this, a free body is in re-entry; above it there is no lift.
const REENTRY_HEIGHT_M: f64 = 90_000.0;
/// Thrust adds at least so much along the velocity.
const THRUST_MIN_MPS2: f64 = 3.0;

/// The phase of a belief.
pub(crate) fn phase(imm: &Imm, class: Class) -> Phase {
    let state = imm.mean();
    let place = Position::<Ecef>::new(state[0], state[1], state[2]);
    let velocity: Vector3<f64> = state.fixed_rows::<3>(3).into();
    let height_m = height_about_m(place);
    // The line to the Earth's centre is the vertical within 0.2 degrees.
    let is_climbing = velocity.dot(&place.vector()) > 0.0;
    let modes = class.ways().iter().zip(imm.modes());
    let likeliest = modes.max_by(|a, b| a.1.probability.total_cmp(&b.1.probability));
    match likeliest {
        Some((Way::Free, _)) if !is_climbing && height_m < REENTRY_HEIGHT_M => Phase::Reentry,
        Some((Way::Free, _)) => Phase::Coast,
        Some((Way::Thrust, mode)) => {
            let acceleration: Vector3<f64> = mode.belief.get::<9>().map_or_else(Vector3::zeros, |belief| {
                SVector::fixed_rows::<3>(&belief.mean, 6).into()
            });
            let along = velocity
                .try_normalize(1.0)
                .map_or(0.0, |along| along.dot(&acceleration));
            if is_climbing && along > THRUST_MIN_MPS2 {
                Phase::Boost
            } else if height_m > REENTRY_HEIGHT_M {
                Phase::Coast
            } else {
                Phase::Glide
            }
        }
        // Nothing carries there but thrust, whatever mode the first plots fit best.
        _ if height_m > REENTRY_HEIGHT_M => Phase::Coast,
        _ if velocity.norm() < SURFACE_SPEED_MPS && height_m < SURFACE_HEIGHT_M => Phase::Surface,
        _ => Phase::AirBreathing,
    }
}
