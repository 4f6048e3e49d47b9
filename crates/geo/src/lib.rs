//! Where and when: typed frames, the WGS-84 ellipsoid, local azimuth/elevation/range, geodesics, time scales, angles.
//!
//! Nothing here knows of radars, plots or flight. Angles are radians, lengths metres, inside; degrees only at the edge.

pub mod angle;
pub mod earth;
mod frame;
mod geodesic;
mod geodetic;
pub mod math;
mod site;
mod time;

pub use frame::{Ecef, Enu, Frame, Inertial, Position, State, Velocity};
pub use geodesic::{Geodesic, destination, geodesic};
pub use geodetic::Geodetic;
pub use site::{Aer, Site};
pub use time::{Time, TimeError};
