//! The path fit: all plots of one object become one flight path, past and future, with its uncertainty.
//!
//! ```text
//! plots ─ look ─ fixes ─ hypothesis ─ fit ( solve ⟲ noise, span ) ─ consider ─ ground, launch ─ FlightPath
//! ```
//!
//! Rough positions (`fixes`) give a first ballistic path by random sample consensus (`hypothesis`); the span of plots
//! that follow it is grown to where thrust ended (`fit`); Levenberg-Marquardt with a bounded-influence loss finds
//! state, drag and each sensor's biases (`solve`, `parameter`), the residuals tell how noisy and how correlated each
//! channel was (`noise`), and what cannot be seen in residuals is considered in the covariance (`consider`). From the
//! path follow apogee, arrival and launch (`ground`, `launch`).

mod arc;
mod boost;
mod boost_errors;
mod burnout;
mod clock;
mod consider;
mod credible;
mod diagnose;
mod error;
mod fit;
mod fixes;
mod flight_path;
mod ground;
mod hypothesis;
mod launch;
mod look;
mod noise;
mod objects;
mod options;
mod parameter;
mod predict;
mod solve;
mod trim;

#[cfg(test)]
mod tests;

pub use error::{Manoeuvre, NoPath};
pub use flight_path::{Ephemeris, FlightPath, PhaseSpan, PlotResidual, SensorFit, Unmodelled};
pub use ground::{Apogee, GroundPoint};
pub use launch::launch_of;
pub use look::Channel;
pub use noise::Noise;
pub use objects::{Objects, fit_paths};
pub use options::PathOptions;
