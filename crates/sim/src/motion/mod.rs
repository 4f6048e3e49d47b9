//! How things move that are not thrown: aircraft, ships, low flight over terrain, satellites, gliders, debris.
//!
//! Each mover is a plain value that says what is wanted, and a function that makes a [`Course`](crate::Course) of it or
//! says why it cannot be. Nothing here depends on chance except by an argument.

mod aircraft;
mod cruise;
mod glide;
mod heights;
mod helm;
mod moment;
mod route;
mod satellite;
mod separation;
mod ship;

pub use aircraft::{AircraftSpec, Hold, aircraft};
pub use cruise::{CruiseSpec, cruise};
pub use glide::{GlideError, GlideSpec, PullUp, Reached, Wanted, glide, reach};
pub use route::{RouteError, Waypoint};
pub use satellite::{Elements, Orbit, SatelliteError, SatelliteSpec, satellite};
pub use separation::{SeparationError, SeparationSpec, SpentStage, When, cut, separate};
pub use ship::{ShipSpec, ship};

#[cfg(test)]
mod tests;
