//! Everything that accelerates a body, summed: the right-hand side of the equations of motion and its slopes.

use std::sync::Arc;

use geo::{Position, Time, Velocity};
use nalgebra::{Matrix3, SMatrix, Vector3};

use crate::drag::{Drag, drag};
use crate::drag_curve::DragCurve;
use crate::empirical::Empirical;
use crate::gravity::{Gravity, Zonal};
use crate::lift::Lift;
use crate::rotation::{EarthOrientation, Orientation, Rotation, Turn};
use crate::third_body::Bodies;
use crate::thrust::Thrust;

/// The surroundings of a flight: the same for every body.
#[derive(Clone, Debug, PartialEq)]
pub struct Forces {
    /// Gravity of the Earth.
    pub gravity: Gravity,
    /// Whether there is air (U.S. Standard Atmosphere 1976, turning with the Earth).
    pub atmosphere: bool,
    /// Whether Sun and Moon pull.
    pub third_bodies: bool,
    /// Whether sunlight pushes.
    pub radiation_pressure: bool,
    /// How the Earth turns, and so which frame is inertial.
    pub rotation: Rotation,
}

impl Forces {
    /// A ballistic flight: J2 to J4, the standard atmosphere, the Earth turning uniformly.
    pub fn ballistic() -> Self {
        Self {
            gravity: Gravity::Zonal(Zonal::EARTH),
            atmosphere: true,
            third_bodies: false,
            radiation_pressure: false,
            rotation: Rotation::Uniform { epoch: None },
        }
    }

    /// An orbit: a chosen field, Sun, Moon and sunlight, no air, the inertial frame being the GCRF.
    pub fn orbital(gravity: Gravity, orientation: EarthOrientation) -> Self {
        Self {
            gravity,
            atmosphere: false,
            third_bodies: true,
            radiation_pressure: true,
            rotation: Rotation::Celestial(orientation),
        }
    }
}

/// What is particular to one body.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Body {
    /// Inverse ballistic coefficient Cd·A/m.
    pub drag_m2pkg: f64,
    /// How that changes with the Mach number; `None`: not at all.
    pub drag_curve: Option<Arc<DragCurve>>,
    /// Lift, if any.
    pub lift: Option<Lift>,
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

    /// Returns the acceleration by drag (3), m/s², in air that is passed at a velocity (3), m/s.
    pub(crate) fn drag(&self, air: &Drag, velocity_mps: &Vector3<f64>) -> Vector3<f64> {
        let share = match &self.drag_curve {
            Some(curve) => curve.share(velocity_mps.norm() / air.sound_mps),
            None => 1.0,
        };
        air.per_coefficient * (self.drag_m2pkg * share)
    }

    /// Whether the air does no more than brake it, in proportion to density and squared speed.
    fn is_plain(&self) -> bool {
        self.drag_curve.is_none() && self.lift.is_none()
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
    inertial_from_gcrf: Matrix3<f64>,
    start_tt_days: f64,
    empirical_after_start_s: f64,
}

/// Slopes of what the air does, ECEF axes.
struct AirSlopes {
    /// By position, the velocity relative to the air held.
    by_position: Matrix3<f64>,
    /// By velocity relative to the air.
    by_velocity: Matrix3<f64>,
    /// By `drag_m2pkg`.
    by_drag: Vector3<f64>,
}

impl AirSlopes {
    fn of_drag(air: &Drag, drag_m2pkg: f64) -> Self {
        Self {
            by_position: air.by_height * air.up.transpose() * drag_m2pkg,
            by_velocity: air.by_velocity * drag_m2pkg,
            by_drag: air.per_coefficient,
        }
    }
}

/// Where a body is, both ways.
struct Situation<'a> {
    after_start_s: f64,
    turn: &'a Turn,
    position_m: &'a Vector3<f64>,
    position_ecef_m: Vector3<f64>,
    velocity_ecef_mps: Vector3<f64>,
}

impl<'a> Dynamics<'a> {
    pub(crate) fn new(forces: &'a Forces, body: &'a Body, orientation: &'a Orientation) -> Self {
        let start: Time = orientation.start();
        let looks_up = forces.third_bodies || forces.radiation_pressure;
        Self {
            forces,
            body,
            orientation,
            inertial_from_gcrf: if looks_up {
                orientation.inertial_from_gcrf()
            } else {
                Matrix3::identity()
            },
            start_tt_days: start.tt_days_since_j2000(),
            empirical_after_start_s: body.empirical.epoch.map_or(0.0, |epoch| epoch - start),
        }
    }

    /// Returns the acceleration (3), m/s², in inertial axes; fills the slopes if they are asked for.
    pub(crate) fn acceleration(
        &self,
        after_start_s: f64,
        position_m: &Vector3<f64>,
        velocity_mps: &Vector3<f64>,
        mut slopes: Option<&mut Slopes>,
    ) -> Vector3<f64> {
        let turn = self.orientation.at(after_start_s);
        let to_ecef = &turn.ecef_from_inertial;
        let position_ecef_m = to_ecef * position_m;
        let here = Situation {
            after_start_s,
            turn: &turn,
            position_m,
            position_ecef_m,
            velocity_ecef_mps: to_ecef * velocity_mps - turn.spin_radps.cross(&position_ecef_m),
        };
        let mut sum_mps2 = to_ecef.tr_mul(&self.of_earth(&here, slopes.as_deref_mut()));
        sum_mps2 += self.of_sky(&here, slopes.as_deref_mut());
        let after_epoch_s = after_start_s - self.empirical_after_start_s;
        if let Some(slopes) = slopes {
            let mut by = slopes.by_parameter.fixed_columns_mut::<6>(2);
            by.fixed_columns_mut::<3>(0).fill_with_identity();
            by.fixed_columns_mut::<3>(3)
                .copy_from(&Matrix3::from_diagonal_element(after_epoch_s));
        }
        sum_mps2 + self.body.empirical.acceleration(after_epoch_s)
    }

    /// What is tied to the turning Earth: gravity, air, thrust; in ECEF axes (slopes: inertial).
    fn of_earth(&self, here: &Situation, slopes: Option<&mut Slopes>) -> Vector3<f64> {
        let mut sum_mps2 = self.forces.gravity.acceleration(&here.position_ecef_m);
        let air = if self.forces.atmosphere {
            drag(&here.position_ecef_m, &here.velocity_ecef_mps)
        } else {
            None
        };
        if let Some(air) = &air {
            sum_mps2 += self.of_air(here.after_start_s, air, &here.velocity_ecef_mps);
        }
        if let Some(slopes) = slopes {
            let to_ecef = &here.turn.ecef_from_inertial;
            let mut by_position = self.forces.gravity.gradient(&here.position_ecef_m);
            if let Some(air) = &air {
                let of_air = if self.body.is_plain() {
                    AirSlopes::of_drag(air, self.body.drag_m2pkg)
                } else {
                    self.differences(here, air)
                };
                by_position += of_air.by_position;
                by_position -= of_air.by_velocity * here.turn.spin_radps.cross_matrix();
                slopes.by_velocity = to_ecef.tr_mul(&(of_air.by_velocity * to_ecef));
                slopes.by_parameter.set_column(0, &to_ecef.tr_mul(&of_air.by_drag));
            }
            slopes.by_position = to_ecef.tr_mul(&(by_position * to_ecef));
        }
        sum_mps2 + self.thrust(here)
    }

    /// Drag and lift (3), m/s², in ECEF axes.
    fn of_air(&self, after_start_s: f64, air: &Drag, velocity_mps: &Vector3<f64>) -> Vector3<f64> {
        let drag_mps2 = self.body.drag(air, velocity_mps);
        let Some(lift) = &self.body.lift else {
            return drag_mps2;
        };
        let after_s = after_start_s - (lift.from() - self.orientation.start());
        drag_mps2 + lift.acceleration(after_s, air, velocity_mps, drag_mps2.norm())
    }

    /// Slopes of drag and lift by central differences: a curve of drag and a law of lift have no others in closed form.
    fn differences(&self, here: &Situation, air: &Drag) -> AirSlopes {
        const STEP_M: f64 = 1.0;
        const STEP_MPS: f64 = 0.01;
        let (position_m, velocity_mps) = (&here.position_ecef_m, &here.velocity_ecef_mps);
        let at = |position_m: &Vector3<f64>, velocity_mps: &Vector3<f64>| match drag(position_m, velocity_mps) {
            Some(air) => self.of_air(here.after_start_s, &air, velocity_mps),
            None => Vector3::zeros(),
        };
        let mut slopes = AirSlopes {
            by_position: Matrix3::zeros(),
            by_velocity: Matrix3::zeros(),
            by_drag: self.by_drag(here.after_start_s, air, velocity_mps),
        };
        for axis in 0..3 {
            let mut step = Vector3::zeros();
            step[axis] = 1.0;
            let (ahead_m, behind_m) = (position_m + step * STEP_M, position_m - step * STEP_M);
            let rise = at(&ahead_m, velocity_mps) - at(&behind_m, velocity_mps);
            slopes.by_position.set_column(axis, &(rise / (2.0 * STEP_M)));
            let (ahead_mps, behind_mps) = (velocity_mps + step * STEP_MPS, velocity_mps - step * STEP_MPS);
            let rise = at(position_m, &ahead_mps) - at(position_m, &behind_mps);
            slopes.by_velocity.set_column(axis, &(rise / (2.0 * STEP_MPS)));
        }
        slopes
    }

    /// Slope of drag and lift by `drag_m2pkg`, to which both are in proportion.
    fn by_drag(&self, after_start_s: f64, air: &Drag, velocity_mps: &Vector3<f64>) -> Vector3<f64> {
        let of_unit = Body {
            drag_m2pkg: 1.0,
            drag_curve: self.body.drag_curve.clone(),
            lift: self.body.lift.clone(),
            ..Body::default()
        };
        let dynamics = Dynamics {
            body: &of_unit,
            ..*self
        };
        dynamics.of_air(after_start_s, air, velocity_mps)
    }

    /// Thrust (3), m/s², in ECEF axes.
    fn thrust(&self, here: &Situation) -> Vector3<f64> {
        let Some(thrust) = &self.body.thrust else {
            return Vector3::zeros();
        };
        let after_s = here.after_start_s - (thrust.from - self.orientation.start());
        let strength_mps2 = thrust.acceleration_mps2(after_s);
        if strength_mps2 == 0.0 {
            return Vector3::zeros();
        }
        let position = Position::from_vector(here.position_ecef_m);
        let velocity = Velocity::from_vector(here.velocity_ecef_mps);
        let to_ecef = |unit: &Vector3<f64>| here.turn.ecef_from_inertial * unit;
        thrust.direction_ecef(after_s, position, velocity, to_ecef) * strength_mps2
    }

    /// What comes from Sun and Moon; in inertial axes. The slope of sunlight by position is left out: beyond the edge
    /// of
    /// the shadow it is 1e-11 of its strength a metre.
    fn of_sky(&self, here: &Situation, slopes: Option<&mut Slopes>) -> Vector3<f64> {
        if !(self.forces.third_bodies || self.forces.radiation_pressure) {
            return Vector3::zeros();
        }
        let gcrf = Bodies::at(self.start_tt_days + here.after_start_s / 86_400.0);
        let bodies = Bodies {
            sun_m: self.inertial_from_gcrf * gcrf.sun_m,
            moon_m: self.inertial_from_gcrf * gcrf.moon_m,
        };
        let (mut sum_mps2, mut gradient) = (Vector3::zeros(), Matrix3::zeros());
        if self.forces.third_bodies {
            (sum_mps2, gradient) = bodies.attraction(here.position_m);
        }
        let mut push = Vector3::zeros();
        if self.forces.radiation_pressure {
            push = bodies.radiation(here.position_m);
        }
        if let Some(slopes) = slopes {
            slopes.by_position += gradient;
            slopes.by_parameter.set_column(1, &push);
        }
        sum_mps2 + push * self.body.radiation_m2pkg
    }
}
