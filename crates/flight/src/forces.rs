//! Everything that accelerates a body, summed: the right-hand side of the equations of motion and its slopes.

use geo::{Position, Time, Velocity};
use nalgebra::{Matrix3, SMatrix, Vector3};

use crate::drag::drag;
use crate::empirical::Empirical;
use crate::gravity::{Gravity, Zonal};
use crate::rotation::{Orientation, Rotation};
use crate::thrust::Thrust;

/// The surroundings of a flight: the same for every body.
#[derive(Clone, Debug, PartialEq)]
pub struct Forces {
    /// Gravity of the Earth.
    pub gravity: Gravity,
    /// Whether there is air (U.S. Standard Atmosphere 1976, turning with the Earth).
    pub atmosphere: bool,
    /// How the Earth turns, and so which frame is inertial.
    pub rotation: Rotation,
}

impl Forces {
    /// A ballistic flight: J2 to J4, the standard atmosphere, the Earth turning uniformly.
    pub fn ballistic() -> Self {
        Self {
            gravity: Gravity::Zonal(Zonal::EARTH),
            atmosphere: true,
            rotation: Rotation::Uniform { epoch: None },
        }
    }
}

/// What is particular to one body.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Body {
    /// Inverse ballistic coefficient Cd·A/m.
    pub drag_m2pkg: f64,
    /// Response to sunlight Cr·A/m.
    pub radiation_m2pkg: f64,
    /// An acceleration without a model.
    pub empirical: Empirical,
    /// Thrust, if any.
    pub thrust: Option<Thrust>,
}

impl Body {
    /// A body without thrust that feels the air.
    pub fn ballistic(drag_m2pkg: f64) -> Self {
        Self {
            drag_m2pkg,
            ..Self::default()
        }
    }
}

/// Slopes of the acceleration by what it depends on, inertial axes.
pub(crate) struct Slopes {
    /// By position (3×3), 1/s².
    pub by_position: Matrix3<f64>,
    /// By velocity (3×3), 1/s.
    pub by_velocity: Matrix3<f64>,
    /// By `[drag_m2pkg, radiation_m2pkg, empirical acceleration 3, its rate 3]` (3×8).
    pub by_parameter: SMatrix<f64, 3, 8>,
}

impl Slopes {
    pub(crate) fn zeros() -> Self {
        Self {
            by_position: Matrix3::zeros(),
            by_velocity: Matrix3::zeros(),
            by_parameter: SMatrix::zeros(),
        }
    }
}

/// Forces on one body, ready to be evaluated along one flight.
pub(crate) struct Dynamics<'a> {
    forces: &'a Forces,
    body: &'a Body,
    orientation: &'a Orientation,
    empirical_after_start_s: f64,
}

impl<'a> Dynamics<'a> {
    pub(crate) fn new(forces: &'a Forces, body: &'a Body, orientation: &'a Orientation) -> Self {
        let start: Time = orientation.start();
        Self {
            forces,
            body,
            orientation,
            empirical_after_start_s: body.empirical.epoch.map_or(0.0, |epoch| epoch - start),
        }
    }

    /// Returns the acceleration (3), m/s², in inertial axes; fills the slopes if they are asked for.
    pub(crate) fn acceleration(
        &self,
        after_start_s: f64,
        position_m: &Vector3<f64>,
        velocity_mps: &Vector3<f64>,
        slopes: Option<&mut Slopes>,
    ) -> Vector3<f64> {
        let turn = self.orientation.at(after_start_s);
        let to_ecef = &turn.ecef_from_inertial;
        let position_ecef_m = to_ecef * position_m;
        let velocity_ecef_mps = to_ecef * velocity_mps - turn.spin_radps.cross(&position_ecef_m);

        let mut sum_ecef_mps2 = self.forces.gravity.acceleration(&position_ecef_m);
        let mut position_slope = Matrix3::zeros();
        let mut velocity_slope = Matrix3::zeros();
        if slopes.is_some() {
            position_slope = self.forces.gravity.gradient(&position_ecef_m);
        }
        let mut drag_slope_ecef = Vector3::zeros();
        if self.forces.atmosphere
            && let Some(air) = drag(&position_ecef_m, &velocity_ecef_mps)
        {
            let coefficient = self.body.drag_m2pkg;
            sum_ecef_mps2 += air.per_coefficient * coefficient;
            if slopes.is_some() {
                drag_slope_ecef = air.per_coefficient;
                velocity_slope = air.by_velocity * coefficient;
                position_slope += air.by_height * air.up.transpose() * coefficient;
                position_slope -= velocity_slope * turn.spin_radps.cross_matrix();
            }
        }
        if let Some(thrust) = &self.body.thrust {
            let after_s = after_start_s - (thrust.from - self.orientation.start());
            let strength_mps2 = thrust.acceleration_mps2(after_s);
            if strength_mps2 != 0.0 {
                let position = Position::from_vector(position_ecef_m);
                let velocity = Velocity::from_vector(velocity_ecef_mps);
                sum_ecef_mps2 +=
                    thrust.direction_ecef(after_s, position, velocity, |unit| to_ecef * unit) * strength_mps2;
            }
        }
        let after_epoch_s = after_start_s - self.empirical_after_start_s;
        if let Some(slopes) = slopes {
            slopes.by_position = to_ecef.tr_mul(&(position_slope * to_ecef));
            slopes.by_velocity = to_ecef.tr_mul(&(velocity_slope * to_ecef));
            slopes.by_parameter.set_column(0, &to_ecef.tr_mul(&drag_slope_ecef));
            slopes
                .by_parameter
                .fixed_view_mut::<3, 3>(0, 2)
                .copy_from(&Matrix3::identity());
            slopes
                .by_parameter
                .fixed_view_mut::<3, 3>(0, 5)
                .copy_from(&Matrix3::from_diagonal_element(after_epoch_s));
        }
        to_ecef.tr_mul(&sum_ecef_mps2) + self.body.empirical.acceleration(after_epoch_s)
    }
}
