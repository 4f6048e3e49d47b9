//! Latitude, longitude and height above the WGS-84 ellipsoid.

use nalgebra::Vector3;

use crate::angle::RAD_PER_DEG;
use crate::earth::{ECCENTRICITY_SQUARED, SEMI_MAJOR_AXIS_M};
use crate::math::{atan2, cbrt, hypot, sin_cos};
use crate::{Ecef, Position};

/// A place in geodetic coordinates of the WGS-84 ellipsoid.
///
/// The height is above the ellipsoid. It is *not* a height above mean sea level (that differs by the geoid, -107 to
/// +85 m) and *not* a height above the ground.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Geodetic {
    /// Geodetic latitude, north positive, in [-π/2, π/2].
    pub lat_rad: f64,
    /// Longitude, east positive, in [-π, π).
    pub lon_rad: f64,
    /// Height above the ellipsoid.
    pub height_m: f64,
}

impl Geodetic {
    /// Makes a place of the degrees of a file.
    pub fn from_degrees(lat_deg: f64, lon_deg: f64, height_m: f64) -> Self {
        Self {
            lat_rad: lat_deg * RAD_PER_DEG,
            lon_rad: lon_deg * RAD_PER_DEG,
            height_m,
        }
    }

    /// Geodetic latitude in degrees.
    pub fn lat_deg(&self) -> f64 {
        self.lat_rad / RAD_PER_DEG
    }

    /// Longitude in degrees.
    pub fn lon_deg(&self) -> f64 {
        self.lon_rad / RAD_PER_DEG
    }

    /// Returns the same place in ECEF.
    ///
    /// Source: Snyder, Map projections: a working manual (1987), USGS PP 1395; closed form.
    pub fn to_ecef(&self) -> Position<Ecef> {
        let (sin_lat, cos_lat) = sin_cos(self.lat_rad);
        let (sin_lon, cos_lon) = sin_cos(self.lon_rad);
        let n_m = SEMI_MAJOR_AXIS_M / (1.0 - ECCENTRICITY_SQUARED * sin_lat * sin_lat).sqrt();
        Position::new(
            (n_m + self.height_m) * cos_lat * cos_lon,
            (n_m + self.height_m) * cos_lat * sin_lon,
            (n_m * (1.0 - ECCENTRICITY_SQUARED) + self.height_m) * sin_lat,
        )
    }

    /// Returns the geodetic coordinates of a point in ECEF.
    ///
    /// Exact to rounding (better than 1e-8 m) outside a ball of 43 km around the Earth's centre; on the axis the
    /// longitude is 0. Source: Vermeille, Direct transformation from geocentric to geodetic coordinates (2002), Journal
    /// of Geodesy 76, followed by one Newton step in latitude that removes its rounding near the poles.
    pub fn from_ecef(position: Position<Ecef>) -> Self {
        let [x, y, z] = position.to_array();
        let w = hypot(x, y);
        let lat_rad = refine_latitude(atan2(z, foot(w, z)), w, z);
        let (sin_lat, cos_lat) = sin_cos(lat_rad);
        Self {
            lat_rad,
            lon_rad: atan2(y, x),
            height_m: height_along(w, z, (sin_lat, cos_lat)),
        }
    }
}

/// Returns the height of a point above the ellipsoid along the line to the Earth's centre: that of
/// [`Geodetic::from_ecef`] within 1 m up to 50 km and within 20 m up to 1,000 km, at a tenth of the cost.
pub fn height_about_m(position: Position<Ecef>) -> f64 {
    let [x, y, z] = position.to_array();
    let ground_m2 = x * x + y * y;
    let square_m2 = ground_m2 + z * z;
    let semi_minor_m2 = SEMI_MAJOR_AXIS_M * SEMI_MAJOR_AXIS_M * (1.0 - ECCENTRICITY_SQUARED);
    square_m2.sqrt() - (semi_minor_m2 / (1.0 - ECCENTRICITY_SQUARED * ground_m2 / square_m2)).sqrt()
}

/// Returns the height above the ellipsoid and the direction that is up there (3, unit, ECEF): those of
/// [`Geodetic::from_ecef`] to rounding, without an angle. Source: Vermeille, as there.
pub fn height_and_up(position: Position<Ecef>) -> (f64, Vector3<f64>) {
    let [x, y, z] = position.to_array();
    let w = (x * x + y * y).sqrt();
    // In the plane of the meridian: where the normal leaves the equator's axis gives its slope.
    let d = foot(w, z);
    let length = (d * d + z * z).sqrt();
    let (sin_lat, cos_lat) = (z / length, d / length);
    let (cos_lon, sin_lon) = if w > 0.0 { (x / w, y / w) } else { (1.0, 0.0) };
    let up = Vector3::new(cos_lat * cos_lon, cos_lat * sin_lon, sin_lat);
    (height_along(w, z, (sin_lat, cos_lat)), up)
}

/// The height of a point `w` from the axis and `z` from the equator at a latitude that is nearly its own: an error of
/// that counts by its square only. `w cosφ + z sinφ - a²/N` is well conditioned at every latitude.
fn height_along(w: f64, z: f64, (sin_lat, cos_lat): (f64, f64)) -> f64 {
    const A: f64 = SEMI_MAJOR_AXIS_M;
    let n_m = A / (1.0 - ECCENTRICITY_SQUARED * sin_lat * sin_lat).sqrt();
    w * cos_lat + z * sin_lat - A * A / n_m
}

/// The distance `d` from the axis for which `z / d` is the tangent of the geodetic latitude of a point `w` from the
/// axis and `z` from the equator.
fn foot(w: f64, z: f64) -> f64 {
    const E2: f64 = ECCENTRICITY_SQUARED;
    const A: f64 = SEMI_MAJOR_AXIS_M;
    let p = (w / A) * (w / A);
    let q = (1.0 - E2) * (z / A) * (z / A);
    let r = (p + q - E2 * E2) / 6.0;
    let s = E2 * E2 * p * q / (4.0 * r * r * r);
    let t = cbrt(1.0 + s + (s * (2.0 + s)).sqrt());
    let u = r * (1.0 + t + 1.0 / t);
    let v = (u * u + E2 * E2 * q).sqrt();
    let k_w = E2 * (u + v - q) / (2.0 * v);
    let k = (u + v + k_w * k_w).sqrt() - k_w;
    k * w / (k + E2)
}

/// One Newton step of `f(φ) = w sinφ - z cosφ - e² N sinφ cosφ`, which is zero at the geodetic latitude.
fn refine_latitude(lat_rad: f64, w: f64, z: f64) -> f64 {
    let (sin_lat, cos_lat) = sin_cos(lat_rad);
    let root = (1.0 - ECCENTRICITY_SQUARED * sin_lat * sin_lat).sqrt();
    let n_m = SEMI_MAJOR_AXIS_M / root;
    let f = w * sin_lat - z * cos_lat - ECCENTRICITY_SQUARED * n_m * sin_lat * cos_lat;
    let meridian_m = n_m * (1.0 - ECCENTRICITY_SQUARED) / (root * root);
    let slope = w * cos_lat + z * sin_lat - (n_m - meridian_m * root * root) * (cos_lat * cos_lat - sin_lat * sin_lat);
    if slope.abs() > 1.0 {
        lat_rad - f / slope
    } else {
        lat_rad
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn about_the_height() {
        for lat in -90..=90 {
            for (height_m, off_m) in [(-500.0, 1.0), (0.0, 1e-6), (12e3, 1.0), (50e3, 1.0), (1e6, 20.0)] {
                let place = Geodetic::from_degrees(f64::from(lat), 33.0, height_m).to_ecef();
                let about_m = height_about_m(place);
                assert!((about_m - height_m).abs() < off_m, "{lat} {height_m}: {about_m}");
            }
        }
    }

    #[test]
    fn there_and_back_on_a_grid() {
        for lat in -90..=90 {
            for lon in (-180..180).step_by(15) {
                for height_m in [-5_000.0, 0.0, 1e3, 1e5, 1e6, 4.2e7] {
                    let there = Geodetic::from_degrees(f64::from(lat), f64::from(lon), height_m).to_ecef();
                    let back = Geodetic::from_ecef(there);
                    let error_m = (back.to_ecef() - there).norm();
                    assert!(
                        error_m < 2e-8 * (1.0 + height_m / 1e6),
                        "{lat} {lon} {height_m}: {error_m} m"
                    );
                    assert!((back.height_m - height_m).abs() < 3e-8, "{lat} {lon} {height_m}");
                    let (above_m, up) = height_and_up(there);
                    let off = (up - crate::Site::new(back).enu_from_ecef().row(2).transpose()).norm();
                    assert!(
                        (above_m - height_m).abs() < 3e-8 && off < 1e-12,
                        "{lat} {lon} {height_m}: {above_m} m, {off}"
                    );
                }
            }
        }
    }
}
