//! From one state to a whole flight: adaptive integration with dense output, events and partials.
//!
//! The equations are integrated in the inertial frame of the [`Rotation`](crate::Rotation), where the acceleration is
//! smooth and free of Coriolis terms; states and partials are given and taken in ECEF.

mod event;
mod path;
mod run;
mod step;

use geo::{Ecef, State, Time};

pub use event::{Event, EventKind};
pub use path::{PARAMETERS, Partials, Path, SensitiveTrajectory, Trajectory};

use crate::forces::{Body, Forces};

/// How exactly and how far to integrate, and what to look out for.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// Error of position allowed in one step.
    pub position_tolerance_m: f64,
    /// Error of velocity allowed in one step.
    pub velocity_tolerance_mps: f64,
    /// After so many attempted steps [`PropagateError::TooManySteps`] is returned.
    pub steps_max: usize,
    /// Height of the ground above the ellipsoid; `None` looks for no ground.
    pub ground_height_m: Option<f64>,
    /// Whether a flight ends where it meets the ground from above (going back in time: where it left it).
    pub stop_at_ground: bool,
    /// Heights above the ellipsoid whose crossings are events.
    pub heights_m: Vec<f64>,
}

impl Default for Options {
    /// 1e-5 m and 1e-8 m/s a step, 100,000 steps, the ground at height 0, where the flight ends.
    fn default() -> Self {
        Self {
            position_tolerance_m: 1e-5,
            velocity_tolerance_mps: 1e-8,
            steps_max: 100_000,
            ground_height_m: Some(0.0),
            stop_at_ground: true,
            heights_m: Vec::new(),
        }
    }
}

/// Why there is no flight.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PropagateError {
    /// The start state, a parameter or a tolerance is not finite, or a tolerance is not positive.
    #[error("the start state, the body and the tolerances must be finite, and tolerances positive")]
    BadInput,
    /// The solution grew without bound, usually because it came near the Earth's centre.
    #[error("the state is not finite after {time}")]
    NotFinite {
        /// The last instant with a finite state.
        time: Time,
    },
    /// The tolerance cannot be met with any step.
    #[error("the step size collapsed to {span_s} s at {time}")]
    StepCollapsed {
        /// Where.
        time: Time,
        /// The step that was refused.
        span_s: f64,
    },
    /// The flight is longer than the steps allowed.
    #[error("{steps} steps were not enough; reached {time}")]
    TooManySteps {
        /// How far it came.
        time: Time,
        /// The limit.
        steps: usize,
    },
}

/// Returns the flight of a body from one state to an instant, earlier or later.
///
/// Errors: see [`PropagateError`].
pub fn propagate(
    forces: &Forces,
    body: &Body,
    start: Time,
    state: State<Ecef>,
    end: Time,
    options: &Options,
) -> Result<Trajectory, PropagateError> {
    run::fly(forces, body, start, state, end, options)
}

/// Returns the flight and the slopes of its states by the start state and the parameters of the body.
///
/// The states are those of [`propagate`], bit for bit: the partials take no part in choosing steps. Slopes by direction
/// of thrust are left out: a boost's partials hold for the thrust's direction kept as it was.
///
/// Source: Montenbruck, Gill, Satellite orbits (2000), section 7.2 (variational equations).
///
/// Errors: see [`PropagateError`].
pub fn propagate_with_partials(
    forces: &Forces,
    body: &Body,
    start: Time,
    state: State<Ecef>,
    end: Time,
    options: &Options,
) -> Result<SensitiveTrajectory, PropagateError> {
    run::fly(forces, body, start, state, end, options)
}
