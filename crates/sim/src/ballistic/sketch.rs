//! A boost in a plane over a round Earth that stands still: quick, and near enough to begin the search with.

use std::f64::consts::FRAC_PI_2;

use flight::atmosphere::air;
use flight::thrust::{Direction, Thrust};
use geo::Time;
use geo::earth::{GM_M3PS2, SEMI_MAJOR_AXIS_M};
use geo::math::{atan2, hypot, sin_cos};

use super::{Steering, Vehicle};

/// Steps of one burn.
const STEPS: usize = 50;

/// Where a boost ends.
#[derive(Copy, Clone, Debug, PartialEq)]
pub(super) struct Sketch {
    pub height_m: f64,
    /// Distance over ground.
    pub downrange_m: f64,
    pub speed_mps: f64,
    /// Elevation of the velocity; below the horizon where it sinks.
    pub elevation_rad: f64,
}

/// Distance over ground, height, and the rates of both as speeds.
type Plane = [f64; 4];

/// Returns where the boost of a vehicle under a gravity turn ends, by the midpoint rule.
pub(super) fn sketch(vehicle: &Vehicle, steering: &Steering) -> Sketch {
    let mut state: Plane = [0.0; 4];
    let mut after_s = 0.0;
    let epoch = Time::from_tai_ns(0);
    for stage in &vehicle.stages {
        let thrust = Thrust {
            from: epoch,
            until: epoch + stage.burn_s,
            strength: stage.strength.clone(),
            direction: Direction::Velocity,
        };
        after_s += stage.pause_s;
        state = step(&state, stage.pause_s, |s| slope(s, 0.0, FRAC_PI_2, stage.drag_m2pkg));
        let step_s = stage.burn_s / STEPS as f64;
        for i in 0..STEPS {
            let burnt_s = (i as f64 + 0.5) * step_s;
            let elevation = elevation_rad(steering, after_s + burnt_s, &state);
            let strength = thrust.acceleration_mps2(burnt_s);
            state = step(&state, step_s, |s| slope(s, strength, elevation, stage.drag_m2pkg));
        }
        after_s += stage.burn_s;
    }
    let [downrange_m, height_m, along_mps, up_mps] = state;
    Sketch {
        height_m,
        downrange_m,
        speed_mps: hypot(along_mps, up_mps),
        elevation_rad: atan2(up_mps, along_mps),
    }
}

fn elevation_rad(steering: &Steering, after_s: f64, state: &Plane) -> f64 {
    let Steering::GravityTurn {
        vertical_s,
        tilt_s,
        elevation_rad,
    } = steering
    else {
        return FRAC_PI_2;
    };
    if after_s > vertical_s + tilt_s {
        atan2(state[3], state[2])
    } else {
        FRAC_PI_2 + (elevation_rad - FRAC_PI_2) * ((after_s - vertical_s) / tilt_s).max(0.0)
    }
}

fn step(state: &Plane, span_s: f64, slope: impl Fn(&Plane) -> Plane) -> Plane {
    let add = |by: &Plane, s: f64| -> Plane { std::array::from_fn(|i| state[i] + by[i] * s) };
    let middle = add(&slope(state), 0.5 * span_s);
    add(&slope(&middle), span_s)
}

fn slope(state: &Plane, thrust_mps2: f64, elevation_rad: f64, drag_m2pkg: f64) -> Plane {
    let [_, height_m, along_mps, up_mps] = *state;
    let radius_m = SEMI_MAJOR_AXIS_M + height_m;
    let drag_ps = 0.5 * air(height_m).density_kgpm3 * hypot(along_mps, up_mps) * drag_m2pkg;
    let (sine, cosine) = sin_cos(elevation_rad);
    [
        along_mps * SEMI_MAJOR_AXIS_M / radius_m,
        up_mps,
        thrust_mps2 * cosine - drag_ps * along_mps - along_mps * up_mps / radius_m,
        thrust_mps2 * sine - drag_ps * up_mps - GM_M3PS2 / (radius_m * radius_m) + along_mps * along_mps / radius_m,
    ]
}
