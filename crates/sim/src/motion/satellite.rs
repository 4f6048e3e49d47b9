//! Satellites, for calibration: an orbit, flown with the forces of an orbit.

use std::f64::consts::TAU;
use std::sync::Arc;

use flight::{Body, EarthOrientation, Forces, Gravity, Options, Orientation, Phase, PropagateError, Zonal, propagate};
use geo::math::{cos, sin, sin_cos};
use geo::{Ecef, Inertial, Position, State, Time, Velocity};
use nalgebra::Vector3;

use crate::truth::{Course, CourseError, Leg, Motion};

/// Kepler elements that osculate at an epoch, in the inertial frame of the forces (for [`Forces::orbital`] the GCRF).
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Elements {
    /// Half the long axis.
    pub semi_major_axis_m: f64,
    /// In [0, 1).
    pub eccentricity: f64,
    /// Against the equator.
    pub inclination_rad: f64,
    /// Right ascension of the ascending node.
    pub node_rad: f64,
    /// Argument of the perigee.
    pub perigee_rad: f64,
    /// Mean anomaly at the epoch.
    pub mean_anomaly_rad: f64,
}

/// What is known of an orbit at its epoch.
#[derive(Copy, Clone, Debug, PartialEq)]
pub enum Orbit {
    /// Elements.
    Elements(Elements),
    /// Position and velocity.
    State(State<Ecef>),
}

/// A satellite.
#[derive(Clone, Debug, PartialEq)]
pub struct SatelliteSpec {
    /// When the orbit is that given.
    pub epoch: Time,
    /// The orbit.
    pub orbit: Orbit,
    /// From when its course is wanted.
    pub from: Time,
    /// Until when.
    pub until: Time,
    /// How air and sunlight act on it.
    pub body: Body,
    /// What acts on it.
    pub forces: Forces,
}

/// Why a satellite has no course.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum SatelliteError {
    /// The span is empty.
    #[error("the course would end at {until}, not after its begin at {from}")]
    Span {
        /// Begin.
        from: Time,
        /// End.
        until: Time,
    },
    /// The elements are no ellipse outside the Earth.
    #[error(
        "a semi-major axis of {semi_major_axis_m} m and an eccentricity of {eccentricity} are no orbit: the perigee \
         must lie above the Earth's surface, the eccentricity in [0, 1)"
    )]
    Ellipse {
        /// Half the long axis.
        semi_major_axis_m: f64,
        /// Eccentricity.
        eccentricity: f64,
    },
    /// It meets the ground.
    #[error("it falls to the ground at {time}")]
    Falls {
        /// When.
        time: Time,
    },
    /// It cannot be propagated.
    #[error(transparent)]
    Propagate(#[from] PropagateError),
    /// The flight makes no course: a bug if it ever happens.
    #[error(transparent)]
    Course(#[from] CourseError),
}

impl SatelliteSpec {
    /// A satellite of an orbit at an epoch, followed from then until an instant under J2 to J4, Sun, Moon, without air
    /// and sunlight.
    pub fn new(epoch: Time, orbit: Orbit, until: Time) -> Self {
        Self {
            epoch,
            orbit,
            from: epoch,
            until,
            body: Body::default(),
            forces: Forces::orbital(Gravity::Zonal(Zonal::EARTH), EarthOrientation::default()),
        }
    }
}

impl Elements {
    /// Returns position and velocity in the frame of the elements.
    ///
    /// Errors: [`SatelliteError::Ellipse`]. Source: Montenbruck, Gill, Satellite orbits (2000), equations 2.43 to 2.51.
    pub fn to_state(&self) -> Result<State<Inertial>, SatelliteError> {
        let (a, e) = (self.semi_major_axis_m, self.eccentricity);
        let angles = [
            self.inclination_rad,
            self.node_rad,
            self.perigee_rad,
            self.mean_anomaly_rad,
        ];
        let is_ellipse = (0.0..1.0).contains(&e)
            && a.is_finite()
            && a * (1.0 - e) > geo::earth::SEMI_MINOR_AXIS_M
            && angles.iter().all(|x| x.is_finite());
        if !is_ellipse {
            return Err(SatelliteError::Ellipse {
                semi_major_axis_m: a,
                eccentricity: e,
            });
        }
        let anomaly_rad = eccentric_anomaly(self.mean_anomaly_rad.rem_euclid(TAU), e);
        let (sin_e, cos_e) = sin_cos(anomaly_rad);
        let across = (1.0 - e * e).sqrt();
        let rate = (geo::earth::GM_M3PS2 / a).sqrt() / (1.0 - e * cos_e);
        let [p, q] = self.axes();
        Ok(State {
            position: Position::from_vector(p * (a * (cos_e - e)) + q * (a * across * sin_e)),
            velocity: Velocity::from_vector(p * (-rate * sin_e) + q * (rate * across * cos_e)),
        })
    }

    /// Unit vectors towards the perigee and a quarter turn on.
    fn axes(&self) -> [Vector3<f64>; 2] {
        let ((sin_i, cos_i), (sin_n, cos_n)) = (sin_cos(self.inclination_rad), sin_cos(self.node_rad));
        let (sin_w, cos_w) = sin_cos(self.perigee_rad);
        let node = Vector3::new(cos_n, sin_n, 0.0);
        let beside = Vector3::new(-sin_n * cos_i, cos_n * cos_i, sin_i);
        [node * cos_w + beside * sin_w, beside * cos_w - node * sin_w]
    }
}

/// Solves Kepler's equation by Newton's method from a start that converges for every ellipse.
fn eccentric_anomaly(mean_rad: f64, eccentricity: f64) -> f64 {
    let mut anomaly_rad = if eccentricity < 0.8 { mean_rad } else { 0.5 * TAU };
    for _ in 0..50 {
        let miss = anomaly_rad - eccentricity * sin(anomaly_rad) - mean_rad;
        let step = miss / (1.0 - eccentricity * cos(anomaly_rad));
        anomaly_rad -= step;
        if step.abs() < 1e-14 {
            break;
        }
    }
    anomaly_rad
}

/// Returns the course of a satellite. Errors: [`SatelliteError`].
pub fn satellite(spec: &SatelliteSpec) -> Result<Course, SatelliteError> {
    let (from, until) = (spec.from, spec.until);
    if until <= from {
        return Err(SatelliteError::Span { from, until });
    }
    let mut state = match spec.orbit {
        Orbit::State(state) => state,
        Orbit::Elements(elements) => {
            let orientation = Orientation::new(&spec.forces.rotation, spec.epoch, spec.epoch);
            orientation.at(0.0).to_ecef(&elements.to_state()?)
        }
    };
    let options = Options {
        position_tolerance_m: 1e-4,
        velocity_tolerance_mps: 1e-7,
        ..Options::default()
    };
    if from != spec.epoch {
        let lead = propagate(&spec.forces, &spec.body, spec.epoch, state, from, &options)?;
        state = lead.state(from).ok_or(SatelliteError::Falls { time: lead.end() })?;
    }
    let flight = propagate(&spec.forces, &spec.body, from, state, until, &options)?;
    if flight.end() < until {
        return Err(SatelliteError::Falls { time: flight.end() });
    }
    let leg = Leg {
        phase: Phase::Coast,
        from,
        until,
        motion: Motion::Flight(Arc::new(flight)),
    };
    Ok(Course::new(vec![leg])?)
}
