//! Constants of the Earth: the WGS-84 ellipsoid, its mass and its turning.
//!
//! Source: NGA.STND.0036 (2014), Department of Defense World Geodetic System 1984, tables 3.1 and 3.3.

/// Equatorial radius of the ellipsoid.
pub const SEMI_MAJOR_AXIS_M: f64 = 6_378_137.0;
/// Flattening of the ellipsoid.
pub const FLATTENING: f64 = 1.0 / 298.257_223_563;
/// Polar radius of the ellipsoid.
pub const SEMI_MINOR_AXIS_M: f64 = SEMI_MAJOR_AXIS_M * (1.0 - FLATTENING);
/// First eccentricity, squared.
pub const ECCENTRICITY_SQUARED: f64 = FLATTENING * (2.0 - FLATTENING);
/// Gravitational constant times mass, atmosphere included.
pub const GM_M3PS2: f64 = 3.986_004_418e14;
/// Rate of the Earth's rotation against the stars.
pub const ROTATION_RATE_RADPS: f64 = 7.292_115e-5;
