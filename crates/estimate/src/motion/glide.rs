//! Lifting flight in the air: drag, turn and climb estimated.

use flight::drag::{Drag, drag};
use geo::math::exp;
use nalgebra::{Matrix3, SMatrix, SVector, Vector3};

use super::dynamics::Dynamics;
use super::earth::{accelerate, across, add, by_parameter, free_jacobian, free_rate, split};

/// Gravity, drag and lift in two directions, each in proportion to the dynamic pressure.
///
/// State `[x_m, y_m, z_m, vx_mps, vy_mps, vz_mps, ln (Cd A/m / (1 m²/kg)), turn_m2pkg, climb_m2pkg]` (9), ECEF. With
/// dynamic pressure `p = ½ ρ |v|²` the acceleration is `p (-e^x7 v̂ + x8 t̂ + x9 ĉ)`: `t̂ = v × u / |v × u|` to the
/// right and level, `ĉ = t̂ × v̂` upwards, `u` away from the Earth's centre. No lift in vertical flight. All three
/// wander. Source: Li & Jilkov, Survey of maneuvering target tracking part II (2010), section V (drag, turn and climb
/// forces of a manoeuvring re-entry vehicle). Differs from it by the logarithm of the drag coefficient.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Glide {
    /// Power spectral density of the acceleration noise, per axis.
    pub acceleration_psd_m2ps3: f64,
    /// Power spectral density of the rate of the logarithm of the drag coefficient.
    pub log_drag_psd_per_s: f64,
    /// Power spectral density of the rate of each lift coefficient.
    pub lift_psd_m4pkg2ps: f64,
}

/// Dynamic pressure and the two directions of lift, with their derivatives.
struct Lift {
    pressure: f64,
    pressure_by_position: Vector3<f64>,
    pressure_by_velocity: Vector3<f64>,
    /// Right and upwards.
    unit: [Vector3<f64>; 2],
    by_position: [Matrix3<f64>; 2],
    by_velocity: [Matrix3<f64>; 2],
}

impl Lift {
    /// `None` where the flight is vertical or the object stands.
    fn new(position: &Vector3<f64>, velocity: &Vector3<f64>, drag: &Drag) -> Option<Self> {
        let (radius_m, speed_mps) = (position.norm(), velocity.norm());
        let up = position / radius_m;
        let side = velocity.cross(&up);
        let side_mps = side.norm();
        if side_mps.is_nan() || side_mps <= 1e-6 * speed_mps {
            return None;
        }
        let (along, right) = (velocity / speed_mps, side / side_mps);
        let right_by_side = across(&right) / side_mps;
        let right_by_velocity = right_by_side * -up.cross_matrix();
        let right_by_position = right_by_side * velocity.cross_matrix() * across(&up) / radius_m;
        let along_by_velocity = across(&along) / speed_mps;
        let turned = -along.cross_matrix();
        let pressure = -drag.per_coefficient.dot(&along);
        Some(Self {
            pressure,
            pressure_by_position: drag.up * -drag.by_height.dot(&along),
            pressure_by_velocity: along * (2.0 * pressure / speed_mps),
            unit: [right, right.cross(&along)],
            by_position: [right_by_position, turned * right_by_position],
            by_velocity: [
                right_by_velocity,
                turned * right_by_velocity + right.cross_matrix() * along_by_velocity,
            ],
        })
    }
}

impl Dynamics<9> for Glide {
    fn rate(&self, state: &SVector<f64, 9>) -> SVector<f64, 9> {
        let mut rate = free_rate(state);
        let (position, velocity) = split(state);
        let Some(drag) = drag(&position, &velocity) else {
            return rate;
        };
        accelerate(&mut rate, &(drag.per_coefficient * exp(state[6])));
        if let Some(lift) = Lift::new(&position, &velocity, &drag) {
            let sum = lift.unit[0] * state[7] + lift.unit[1] * state[8];
            accelerate(&mut rate, &(sum * lift.pressure));
        }
        rate
    }

    fn rate_jacobian(&self, state: &SVector<f64, 9>) -> SMatrix<f64, 9, 9> {
        let mut jacobian = free_jacobian(state);
        let (position, velocity) = split(state);
        let Some(drag) = drag(&position, &velocity) else {
            return jacobian;
        };
        let coefficient = exp(state[6]);
        add(
            &mut jacobian,
            3,
            0,
            &(drag.by_height * drag.up.transpose() * coefficient),
        );
        add(&mut jacobian, 3, 3, &(drag.by_velocity * coefficient));
        by_parameter(&mut jacobian, 6, &(drag.per_coefficient * coefficient));
        if let Some(lift) = Lift::new(&position, &velocity, &drag) {
            for side in 0..2 {
                let (unit, value) = (&lift.unit[side], state[7 + side]);
                let by_position = unit * lift.pressure_by_position.transpose() + lift.by_position[side] * lift.pressure;
                let by_velocity = unit * lift.pressure_by_velocity.transpose() + lift.by_velocity[side] * lift.pressure;
                add(&mut jacobian, 3, 0, &(by_position * value));
                add(&mut jacobian, 3, 3, &(by_velocity * value));
                by_parameter(&mut jacobian, 7 + side, &(unit * lift.pressure));
            }
        }
        jacobian
    }

    fn noise_psd(&self) -> SVector<f64, 9> {
        let (q, l) = (self.acceleration_psd_m2ps3, self.lift_psd_m4pkg2ps);
        SVector::from([0.0, 0.0, 0.0, q, q, q, self.log_drag_psd_per_s, l, l])
    }

    /// As for re-entry: the air changes along the way.
    fn step_max_s(&self) -> f64 {
        0.25
    }
}
