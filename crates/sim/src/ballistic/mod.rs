//! What rises under thrust and falls: staged boost, coast, re-entry, and the flight that meets public figures.
//!
//! [`fly()`] computes the flight of a notional [`Vehicle`] that is steered in a given way; [`meet()`] finds the flight
//! that has the apogee, the ground distance and the bearing that an authority announced, and [`announced()`] adds a
//! glide where no ballistic flight has them. Vehicles are notional: burn
//! times and drag are of the size that is public for their class, and no figure of a real one is here.

mod conic;
mod figures;
mod flight;
mod lifted;
mod meet;
mod pattern;
mod sketch;
mod vehicle;

pub use figures::{Figures, FiguresError};
pub use flight::{Burnout, Flight, FlyError, Launch, Steering, boost, fly};
pub use lifted::{Announced, announced};
pub use meet::meet;
pub use vehicle::{Class, Stage, Vehicle};
