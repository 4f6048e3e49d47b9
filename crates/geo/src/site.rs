//! A place on the ground and its own east/north/up frame: where azimuth, elevation and range are measured.

use nalgebra::{Matrix3, Vector3};

use crate::angle::wrap_tau;
use crate::math::{atan2, hypot, sin_cos};
use crate::{Ecef, Enu, Geodetic, Position, State, Velocity};

/// A direction and distance as seen from a site, without refraction.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Aer {
    /// Azimuth, clockwise from true north, in [0, 2π).
    pub azimuth_rad: f64,
    /// Elevation above the tangent plane of the ellipsoid, in [-π/2, π/2]; not above the visible horizon.
    pub elevation_rad: f64,
    /// Straight-line distance.
    pub range_m: f64,
}

/// A fixed place and the rotation from ECEF into its east/north/up frame.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Site {
    geodetic: Geodetic,
    origin: Position<Ecef>,
    enu_from_ecef: Matrix3<f64>,
}

impl Site {
    /// Makes the frame of a place.
    pub fn new(geodetic: Geodetic) -> Self {
        let (sin_lat, cos_lat) = sin_cos(geodetic.lat_rad);
        let (sin_lon, cos_lon) = sin_cos(geodetic.lon_rad);
        #[rustfmt::skip]
        let enu_from_ecef = Matrix3::new(
            -sin_lon,            cos_lon,           0.0,
            -sin_lat * cos_lon, -sin_lat * sin_lon, cos_lat,
             cos_lat * cos_lon,  cos_lat * sin_lon, sin_lat,
        );
        Self {
            geodetic,
            origin: geodetic.to_ecef(),
            enu_from_ecef,
        }
    }

    /// Where the site is.
    pub fn geodetic(&self) -> Geodetic {
        self.geodetic
    }

    /// The origin of the site's frame.
    pub fn origin(&self) -> Position<Ecef> {
        self.origin
    }

    /// The rotation (3×3) that takes an ECEF displacement to east, north, up.
    pub fn enu_from_ecef(&self) -> &Matrix3<f64> {
        &self.enu_from_ecef
    }

    /// Returns a point in the site's frame.
    pub fn to_enu(&self, position: Position<Ecef>) -> Position<Enu> {
        Position::from_vector(self.enu_from_ecef * (position - self.origin))
    }

    /// Returns a point of the site's frame in ECEF.
    pub fn to_ecef(&self, position: Position<Enu>) -> Position<Ecef> {
        self.origin + self.enu_from_ecef.tr_mul(&position.vector())
    }

    /// Returns a velocity turned into the site's axes.
    pub fn velocity_to_enu(&self, velocity: Velocity<Ecef>) -> Velocity<Enu> {
        Velocity::from_vector(self.enu_from_ecef * velocity.vector())
    }

    /// Returns a velocity in the site's axes turned into those of ECEF.
    pub fn velocity_to_ecef(&self, velocity: Velocity<Enu>) -> Velocity<Ecef> {
        Velocity::from_vector(self.enu_from_ecef.tr_mul(&velocity.vector()))
    }

    /// Returns azimuth, elevation and range of a point; straight up the azimuth is 0.
    pub fn to_aer(&self, position: Position<Ecef>) -> Aer {
        let [east_m, north_m, up_m] = self.to_enu(position).to_array();
        let ground_m = hypot(east_m, north_m);
        Aer {
            azimuth_rad: if ground_m == 0.0 {
                0.0
            } else {
                wrap_tau(atan2(east_m, north_m))
            },
            elevation_rad: atan2(up_m, ground_m),
            range_m: hypot(ground_m, up_m),
        }
    }

    /// Returns the point seen at an azimuth, elevation and range.
    pub fn from_aer(&self, aer: Aer) -> Position<Ecef> {
        let (sin_az, cos_az) = sin_cos(aer.azimuth_rad);
        let (sin_el, cos_el) = sin_cos(aer.elevation_rad);
        let unit = Vector3::new(cos_el * sin_az, cos_el * cos_az, sin_el);
        self.to_ecef(Position::from_vector(unit * aer.range_m))
    }

    /// Returns the rate of the distance, positive when it grows.
    pub fn range_rate_mps(&self, state: State<Ecef>) -> f64 {
        let line = state.position - self.origin;
        line.dot(&state.velocity.vector()) / line.norm()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        let site = Site::new(Geodetic::from_degrees(32.357978, -106.368242, 1236.0));
        for azimuth in 0..36 {
            for elevation in -8..=8 {
                let aer = Aer {
                    azimuth_rad: f64::from(azimuth) * 0.1745,
                    elevation_rad: f64::from(elevation) * 0.19,
                    range_m: 150_000.0,
                };
                let back = site.to_aer(site.from_aer(aer));
                assert!(
                    crate::angle::wrap_pi(back.azimuth_rad - aer.azimuth_rad).abs() < 1e-11,
                    "{aer:?} {back:?}"
                );
                assert!((back.elevation_rad - aer.elevation_rad).abs() < 1e-13);
                assert!((back.range_m - aer.range_m).abs() < 1e-8);
            }
        }
    }

    #[test]
    fn range_rate_is_the_slope_of_range() {
        let site = Site::new(Geodetic::from_degrees(36.1, 127.5, 180.0));
        let position = site.from_aer(Aer {
            azimuth_rad: 1.0,
            elevation_rad: 0.4,
            range_m: 3e5,
        });
        let velocity = Velocity::<Ecef>::new(1200.0, -700.0, 2500.0);
        let step_s = 1e-3;
        let (ahead, behind) = (
            position + velocity.vector() * step_s,
            position + velocity.vector() * -step_s,
        );
        let slope = (site.to_aer(ahead).range_m - site.to_aer(behind).range_m) / (2.0 * step_s);
        assert!((site.range_rate_mps(State { position, velocity }) - slope).abs() < 1e-4);
    }
}
