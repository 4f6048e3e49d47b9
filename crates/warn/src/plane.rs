//! The plane of equal distances about a place: every other place at its true distance and direction.

use geo::angle::RAD_PER_DEG;
use geo::earth::{ECCENTRICITY_SQUARED, SEMI_MAJOR_AXIS_M};
use geo::math::{asin, atan2};
use geo::{Geodetic, Site, destination};

/// A plane that touches the Earth at its middle; points are `[east_m, north_m]`.
///
/// The date line and the poles are places like others in it. Distances are those of the chord laid on the sphere that
/// fits the ellipsoid at the middle in that direction: within 0.1 % of the geodesic to 2,000 km, 0.4 % to 8,000 km.
pub(crate) struct Plane {
    site: Site,
    /// Radii of curvature along the meridian and across it.
    radii_m: [f64; 2],
}

impl Plane {
    pub fn new(middle: Geodetic) -> Self {
        let sin = geo::math::sin(middle.lat_rad);
        let squeezed = 1.0 - ECCENTRICITY_SQUARED * sin * sin;
        let across_m = SEMI_MAJOR_AXIS_M / squeezed.sqrt();
        let along_m = across_m * (1.0 - ECCENTRICITY_SQUARED) / squeezed;
        Self {
            site: Site::new(middle),
            radii_m: [along_m, across_m],
        }
    }

    /// A place as a point of the plane.
    pub fn point(&self, place: Geodetic) -> [f64; 2] {
        let seen = self.site.to_enu(place.to_ecef()).to_array();
        let (east_m, north_m) = (seen[0], seen[1]);
        let level_m = (east_m * east_m + north_m * north_m).sqrt();
        if level_m < 1e-6 {
            return [0.0, 0.0];
        }
        let (sin, cos) = (east_m / level_m, north_m / level_m);
        let radius_m = 1.0 / (cos * cos / self.radii_m[0] + sin * sin / self.radii_m[1]);
        let chord_m = (level_m * level_m + seen[2] * seen[2]).sqrt();
        let distance_m = 2.0 * radius_m * asin((chord_m / (2.0 * radius_m)).min(1.0));
        [distance_m * sin, distance_m * cos]
    }

    /// The place of a point.
    pub fn place(&self, point_m: [f64; 2]) -> Geodetic {
        let azimuth_deg = atan2(point_m[0], point_m[1]) / RAD_PER_DEG;
        let distance_m = (point_m[0] * point_m[0] + point_m[1] * point_m[1]).sqrt();
        destination(self.site.geodetic(), azimuth_deg, distance_m)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn distances_and_directions_are_those_of_the_geodesic() {
        for (lat_deg, lon_deg) in [(40.0, 141.0), (0.0, 180.0), (90.0, 0.0), (-75.0, -60.0)] {
            let middle = Geodetic::from_degrees(lat_deg, lon_deg, 0.0);
            let plane = Plane::new(middle);
            for azimuth_deg in [0.0, 37.0, 90.0, 145.0, 200.0, 290.0] {
                for (distance_m, part) in [(1e3, 1e-6), (100e3, 1e-4), (2e6, 1e-3), (8e6, 4e-3)] {
                    let [east_m, north_m] = plane.point(destination(middle, azimuth_deg, distance_m));
                    let (sin, cos) = geo::math::sin_cos(azimuth_deg * RAD_PER_DEG);
                    let off_m = geo::math::hypot(east_m - distance_m * sin, north_m - distance_m * cos);
                    assert!(
                        off_m < part * distance_m,
                        "{off_m} m at {lat_deg} {azimuth_deg} {distance_m}"
                    );
                }
            }
        }
    }
}
