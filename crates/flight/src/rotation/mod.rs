//! How the Earth turns: between ECEF and the inertial frame that a flight is integrated in.

use geo::earth::ROTATION_RATE_RADPS;
use geo::{Ecef, Inertial, State, Time, Velocity};
use nalgebra::{Matrix3, Matrix6, Vector3};

mod celestial;
mod nutation;

pub(crate) use celestial::turn_x;
use celestial::{Celestial, turn_z};

/// Which inertial frame a flight is integrated in, and how the Earth turns in it.
#[derive(Copy, Clone, Debug, PartialEq)]
pub enum Rotation {
    /// The Earth turns at a constant rate about the z axis of ECEF; the inertial frame coincided with ECEF at the epoch
    /// (`None`: the start of each propagation). For flights of hours: precession, nutation and polar motion, 50 arc
    /// seconds a year together, turn the axes by less than 0.2 m at the surface within an hour.
    Uniform {
        /// When the inertial frame coincided with ECEF.
        epoch: Option<Time>,
    },
    /// The inertial frame is the GCRF; the Earth turns by precession IAU 2006, nutation IAU 2000B and its rotation
    /// angle.
    Celestial(EarthOrientation),
}

/// What the Earth does that no theory tells: measured, published by the IERS, zero where unknown (then ECEF is off by
/// up
/// to 0.9 s of turning, 400 m at the equator, in the GCRF; an arc fitted in ECEF sees only the drift of that).
#[derive(Copy, Clone, Debug, PartialEq, Default)]
pub struct EarthOrientation {
    /// UT1 - UTC at the start of the flight.
    pub ut1_minus_utc_s: f64,
    /// Coordinate x of the pole.
    pub polar_x_rad: f64,
    /// Coordinate y of the pole.
    pub polar_y_rad: f64,
}

/// The Earth's orientation along one flight, made once from a [`Rotation`].
#[derive(Clone, Debug)]
pub struct Orientation {
    start: Time,
    model: Model,
}

#[derive(Clone, Debug)]
enum Model {
    Uniform { epoch_after_start_s: f64 },
    Celestial(Celestial),
}

/// The Earth's orientation at one instant.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Turn {
    /// The rotation (3×3) from the inertial frame to ECEF.
    pub ecef_from_inertial: Matrix3<f64>,
    /// The Earth's angular velocity (3) in ECEF axes, rad/s.
    pub spin_radps: Vector3<f64>,
}

impl Orientation {
    /// Makes the orientation for a flight from `start` to `end`, in either order.
    pub fn new(rotation: &Rotation, start: Time, end: Time) -> Self {
        let model = match rotation {
            Rotation::Uniform { epoch } => Model::Uniform {
                epoch_after_start_s: epoch.map_or(0.0, |e| e - start),
            },
            Rotation::Celestial(given) => Model::Celestial(Celestial::new(given, start, end)),
        };
        Self { start, model }
    }

    /// Returns the orientation some seconds after the start.
    pub fn at(&self, after_start_s: f64) -> Turn {
        match &self.model {
            Model::Uniform { epoch_after_start_s } => Turn {
                ecef_from_inertial: turn_z(ROTATION_RATE_RADPS * (after_start_s - epoch_after_start_s)),
                spin_radps: Vector3::new(0.0, 0.0, ROTATION_RATE_RADPS),
            },
            Model::Celestial(celestial) => celestial.at(after_start_s),
        }
    }

    /// Returns the rotation (3×3) from the GCRF to the inertial frame, which is fixed; for Sun and Moon.
    pub fn inertial_from_gcrf(&self) -> Matrix3<f64> {
        match &self.model {
            Model::Uniform { epoch_after_start_s } => {
                let epoch = self.start + *epoch_after_start_s;
                let celestial = Celestial::new(&EarthOrientation::default(), epoch, epoch);
                celestial.at(0.0).ecef_from_inertial
            }
            Model::Celestial(_) => Matrix3::identity(),
        }
    }

    /// The instant that seconds are counted from.
    pub fn start(&self) -> Time {
        self.start
    }
}

impl Turn {
    /// Returns a state of the inertial frame in ECEF.
    pub fn to_ecef(&self, state: &State<Inertial>) -> State<Ecef> {
        let position_m = self.ecef_from_inertial * state.position.vector();
        let velocity_mps = self.ecef_from_inertial * state.velocity.vector() - self.spin_radps.cross(&position_m);
        State {
            position: geo::Position::from_vector(position_m),
            velocity: Velocity::from_vector(velocity_mps),
        }
    }

    /// Returns a state of ECEF in the inertial frame.
    pub fn to_inertial(&self, state: &State<Ecef>) -> State<Inertial> {
        let position_m = state.position.vector();
        let carried_mps = state.velocity.vector() + self.spin_radps.cross(&position_m);
        State {
            position: geo::Position::from_vector(self.ecef_from_inertial.tr_mul(&position_m)),
            velocity: Velocity::from_vector(self.ecef_from_inertial.tr_mul(&carried_mps)),
        }
    }

    /// Returns the slope (6×6) of [`Turn::to_ecef`] by the inertial state `[x_m, y_m, z_m, vx_mps, vy_mps, vz_mps]`.
    pub fn ecef_by_inertial(&self) -> Matrix6<f64> {
        let mut slope = Matrix6::zeros();
        let turn = &self.ecef_from_inertial;
        slope.fixed_view_mut::<3, 3>(0, 0).copy_from(turn);
        slope.fixed_view_mut::<3, 3>(3, 3).copy_from(turn);
        let carried = -self.spin_radps.cross_matrix() * turn;
        slope.fixed_view_mut::<3, 3>(3, 0).copy_from(&carried);
        slope
    }

    /// Returns the slope (6×6) of [`Turn::to_inertial`] by the ECEF state.
    pub fn inertial_by_ecef(&self) -> Matrix6<f64> {
        let mut slope = Matrix6::zeros();
        let turn = self.ecef_from_inertial.transpose();
        slope.fixed_view_mut::<3, 3>(0, 0).copy_from(&turn);
        slope.fixed_view_mut::<3, 3>(3, 3).copy_from(&turn);
        let carried = turn * self.spin_radps.cross_matrix();
        slope.fixed_view_mut::<3, 3>(3, 0).copy_from(&carried);
        slope
    }
}
