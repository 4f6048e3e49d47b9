//! How things fly: gravity, air, thrust and the turning Earth, and the flight that follows from them.
//!
//! [`propagate()`] takes a state to a whole [`Trajectory`]; [`propagate_with_partials`] adds the slopes that a fit
//! needs.
//! Nothing here knows of radars or plots; nothing does input or output.

pub mod atmosphere;
pub mod drag;
mod drag_curve;
mod empirical;
mod forces;
pub mod gravity;
mod lift;
pub mod phase;
pub mod propagate;
mod rotation;
pub mod third_body;
pub mod thrust;

pub use drag_curve::{DragCurve, DragCurveError};
pub use empirical::Empirical;
pub use forces::{Body, Forces};
pub use gravity::{Field, FieldError, Gravity, Zonal};
pub use lift::{BankAt, Hold, Lift, LiftError};
pub use phase::{Phase, Stretch, phases};
pub use propagate::{
    Event, EventKind, Options, PARAMETERS, Partials, Path, PropagateError, SensitiveTrajectory, Trajectory, propagate,
    propagate_with_partials,
};
pub use rotation::{EarthOrientation, Orientation, Rotation, Turn};
pub use thrust::Thrust;
