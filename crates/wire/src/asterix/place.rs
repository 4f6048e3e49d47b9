//! Positions that a record states, in degrees or in the plane of a site, and the height that goes with them.

use geo::{Enu, Geodetic, Position, Site};

use super::octets::signed;

/// Standard deviation of a pressure altitude taken for a height above the ellipsoid.
///
/// Sea-level pressure varies by some 10 hPa (8 m each), the geoid by tens of metres, and a column of air 10 K warmer
/// than the standard atmosphere is 4 % higher: 100 m near the ground, some 400 m at 10 km.
pub(super) const PRESSURE_SIGMA_M: f64 = 200.0;
/// Standard deviation of the height of what stands on an airport, taken to be that of the sensor's site.
pub(super) const GROUND_SIGMA_M: f64 = 20.0;

/// A height above the ellipsoid and its standard deviation, where one is stated.
#[derive(Copy, Clone, Debug, PartialEq)]
pub(super) struct Height {
    pub(super) height_m: f64,
    pub(super) sigma_m: Option<f64>,
}

impl Height {
    /// Takes a pressure altitude for a height.
    pub(super) fn of_pressure(altitude_m: f64) -> Self {
        Self {
            height_m: altitude_m,
            sigma_m: Some(PRESSURE_SIGMA_M),
        }
    }
}

/// Reads latitude and longitude (degrees), each of some octets in two's complement, 180° at 2^`bits`.
pub(super) fn degrees(value: &[u8], octets: usize, bits: i32) -> [f64; 2] {
    [0, octets].map(|at| f64::from(signed(value, at, octets)) * 180.0 / 2_f64.powi(bits))
}

/// Returns the place at a height that stands east and north of a site, in the site's tangent plane.
///
/// Positions in a system's stereographic plane differ from this by 1 part in 4 million at 10 km, 1 in 10,000 at 100 km.
pub(super) fn on_plane(site: &Site, [east_m, north_m]: [f64; 2], height_m: f64) -> Geodetic {
    let at_height = |up_m: f64| Geodetic::from_ecef(site.to_ecef(Position::<Enu>::new(east_m, north_m, up_m)));
    let level = at_height(0.0);
    Geodetic {
        height_m,
        ..at_height(height_m - level.height_m)
    }
}

/// Whether latitude and longitude are such that a place has.
pub(super) fn is_place([lat_deg, lon_deg]: [f64; 2]) -> bool {
    lat_deg.abs() <= 90.0 && lon_deg.abs() <= 180.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_on_the_plane_is_seen_there() {
        let site = Site::new(Geodetic::from_degrees(41.297, 2.078, 50.0));
        for (east_m, north_m, height_m) in [
            (0.0, 0.0, 50.0),
            (3_000.0, -2_000.0, 50.0),
            (20_000.0, 30_000.0, 9_000.0),
        ] {
            let place = on_plane(&site, [east_m, north_m], height_m);
            assert_eq!(place.height_m, height_m);
            let [east, north, _] = site.to_enu(place.to_ecef()).to_array();
            assert!(
                geo::math::hypot(east - east_m, north - north_m) < 0.01,
                "{east} {north}"
            );
        }
    }

    #[test]
    fn degrees_are_signed() {
        assert_eq!(degrees(&[0x40, 0, 0, 0x80, 0, 0], 3, 23), [90.0, -180.0]);
        assert!(is_place([90.0, -180.0]) && !is_place([90.1, 0.0]) && !is_place([0.0, 180.1]));
    }
}
