//! Where and when: typed frames, the WGS-84 ellipsoid, local azimuth/elevation/range, geodesics, the antimeridian, time
//! scales, angles.
//!
//! Nothing here knows of radars, plots or flight. Angles are radians, lengths metres, inside; degrees only at the edge.
//!
//! Where is what a site sees at azimuth 30°, elevation 45°, range 120 km, and when was it there?
//!
//! ```
//! use geo::angle::RAD_PER_DEG;
//! use geo::{Aer, Geodetic, Site, Time, geodesic};
//!
//! let site = Site::new(Geodetic::from_degrees(32.358, -106.368, 1236.0));
//! let seen = Aer { azimuth_rad: 30.0 * RAD_PER_DEG, elevation_rad: 45.0 * RAD_PER_DEG, range_m: 120e3 };
//! let there = Geodetic::from_ecef(site.from_aer(seen));
//! assert_eq!(format!("{:.3} {:.3} {:.0}", there.lat_deg(), there.lon_deg(), there.height_m), "33.011 -105.920 86647");
//! assert_eq!(geodesic(site.geodetic(), there).distance_m.round(), 83_715.0);
//!
//! let when: Time = "2021-09-09T17:26:40Z".parse()?;
//! assert_eq!((when + 0.05).to_string(), "2021-09-09T17:26:40.050Z");
//! # Ok::<(), geo::TimeError>(())
//! ```

pub mod angle;
pub mod antimeridian;
pub mod earth;
mod frame;
mod geodesic;
mod geodetic;
pub mod math;
mod site;
mod time;

pub use frame::{Ecef, Enu, Frame, Inertial, Position, State, Velocity};
pub use geodesic::{Geodesic, destination, geodesic};
pub use geodetic::{Geodetic, height_about_m, height_and_up};
pub use site::{Aer, Site};
pub use time::{Time, TimeError};
