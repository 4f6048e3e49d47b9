//! Shortest paths on the ellipsoid, by `geographiclib-rs`.

use std::sync::LazyLock;

use geographiclib_rs::{DirectGeodesic, Geodesic as Solver, InverseGeodesic};

use crate::Geodetic;

static WGS84: LazyLock<Solver> = LazyLock::new(Solver::wgs84);

/// The shortest path between two places, heights ignored.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Geodesic {
    /// Length on the ellipsoid.
    pub distance_m: f64,
    /// Direction at the first place, clockwise from true north, in degrees [-180, 180].
    pub azimuth_from_deg: f64,
    /// Direction of travel at the second place, clockwise from true north, in degrees [-180, 180].
    pub azimuth_to_deg: f64,
}

/// Returns the shortest path between two places on the ellipsoid.
///
/// Accurate to 15 nm. Source: Karney, Algorithms for geodesics (2013), Journal of Geodesy 87.
pub fn geodesic(from: Geodetic, to: Geodetic) -> Geodesic {
    let (distance_m, azimuth_from_deg, azimuth_to_deg, _arc_deg) =
        WGS84.inverse(from.lat_deg(), from.lon_deg(), to.lat_deg(), to.lon_deg());
    Geodesic {
        distance_m,
        azimuth_from_deg,
        azimuth_to_deg,
    }
}

/// Returns the place at a distance and direction (clockwise from true north), at the height of the start.
///
/// Source: Karney (2013), as [`geodesic`].
pub fn destination(from: Geodetic, azimuth_deg: f64, distance_m: f64) -> Geodetic {
    let (lat_deg, lon_deg, _azimuth_deg) = WGS84.direct(from.lat_deg(), from.lon_deg(), azimuth_deg, distance_m);
    Geodetic::from_degrees(lat_deg, lon_deg, from.height_m)
}
