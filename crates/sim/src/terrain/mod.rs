//! The ground: how high it is, and whether it hides one place from another.

mod ascii;
mod grid;

use std::sync::Arc;

use geo::math::{atan2, cos, sin, sin_cos};
use geo::{Geodetic, geodesic};
use nalgebra::Vector3;

pub use ascii::{GridError, read_ascii_grid};
pub use grid::Grid;

/// The height of the ground above the ellipsoid, as of all heights here; a grid above sea level is off by the geoid.
#[derive(Clone, Debug, PartialEq)]
pub enum Terrain {
    /// The same everywhere.
    Flat {
        /// Above the ellipsoid.
        height_m: f64,
    },
    /// Known on a grid.
    Grid(Arc<Grid>),
}

impl Default for Terrain {
    /// The ellipsoid.
    fn default() -> Self {
        Self::Flat { height_m: 0.0 }
    }
}

/// So much below the ground an end of a line may lie, for the rounding of files.
const SLACK_M: f64 = 1e-3;

impl Terrain {
    /// Returns the height of the ground under a place.
    pub fn height_m(&self, place: Geodetic) -> f64 {
        match self {
            Self::Flat { height_m } => *height_m,
            Self::Grid(grid) => grid.height_m(place.lat_rad, place.lon_rad),
        }
    }

    /// Returns the highest that the ground is anywhere.
    pub fn highest_m(&self) -> f64 {
        match self {
            Self::Flat { height_m } => *height_m,
            Self::Grid(grid) => grid.highest_m(),
        }
    }

    /// Whether the ground leaves the line between two places free.
    ///
    /// Refraction is that of an Earth whose radius is `earth_factor` as large (1: none, 4/3: the standard for radar),
    /// over which rays are straight. The Earth is a sphere of the ellipsoid's mean curvature halfway. A grid's ground
    /// is looked at twice in each cell and where the line crosses into the next. Source: ITU-R P.834-9 (2017), section
    /// 3 (effective radius).
    pub fn is_visible(&self, from: Geodetic, to: Geodetic, earth_factor: f64) -> bool {
        let ray = Ray::new(from, to, earth_factor);
        match self {
            Self::Flat { height_m } => ray.lowest_m() >= height_m - SLACK_M,
            Self::Grid(grid) => {
                if ray.lowest_m() >= grid.highest_m() {
                    return true;
                }
                !grid.hides(&ray)
            }
        }
    }
}

/// A straight line over an Earth of another radius.
struct Ray {
    radius_m: f64,
    /// Angle between the two ends at the centre.
    angle_rad: f64,
    /// Length on the true ellipsoid.
    ground_m: f64,
    from_m: f64,
    to_m: f64,
    /// Outward normals of the ellipsoid at both ends, and the angle between them.
    normals: [Vector3<f64>; 2],
    turn_rad: f64,
}

fn normal(place: &Geodetic) -> Vector3<f64> {
    let ((sin_lat, cos_lat), (sin_lon, cos_lon)) = (sin_cos(place.lat_rad), sin_cos(place.lon_rad));
    Vector3::new(cos_lat * cos_lon, cos_lat * sin_lon, sin_lat)
}

impl Ray {
    fn new(from: Geodetic, to: Geodetic, earth_factor: f64) -> Self {
        use geo::earth::{ECCENTRICITY_SQUARED, SEMI_MAJOR_AXIS_M, SEMI_MINOR_AXIS_M};
        let ground_m = geodesic(from, to).distance_m;
        let sine = sin(0.5 * (from.lat_rad + to.lat_rad));
        // Gaussian mean radius of curvature: √(M N) = b / (1 - e² sin²φ).
        let radius_m = earth_factor * SEMI_MINOR_AXIS_M / (1.0 - ECCENTRICITY_SQUARED * sine * sine);
        debug_assert!(radius_m < earth_factor * 1.01 * SEMI_MAJOR_AXIS_M);
        let normals = [normal(&from), normal(&to)];
        Self {
            radius_m,
            angle_rad: ground_m / radius_m,
            ground_m,
            from_m: from.height_m,
            to_m: to.height_m,
            normals,
            turn_rad: atan2(normals[0].cross(&normals[1]).norm(), normals[0].dot(&normals[1])),
        }
    }

    /// Height of the line over the ground's sphere at a share of the way.
    fn height_m(&self, share: f64) -> f64 {
        let (a, b) = (self.radius_m + self.from_m, self.radius_m + self.to_m);
        if self.angle_rad < 1e-9 {
            return self.from_m + (self.to_m - self.from_m) * share;
        }
        let (near, far) = (sin(self.angle_rad * share), sin(self.angle_rad * (1.0 - share)));
        a * b * sin(self.angle_rad) / (a * near + b * far) - self.radius_m
    }

    /// Where the line is lowest, as a share of the way: at its foot if that lies between the ends.
    fn lowest_share(&self) -> f64 {
        let (a, b) = (self.radius_m + self.from_m, self.radius_m + self.to_m);
        // The foot is where a cos φ = b cos (θ - φ).
        let foot_rad = atan2(a - b * cos(self.angle_rad), b * sin(self.angle_rad));
        if self.angle_rad < 1e-9 {
            return f64::from(u8::from(b < a));
        }
        (foot_rad / self.angle_rad).clamp(0.0, 1.0)
    }

    /// The least height of the line; behind the Earth's centre below everything.
    fn lowest_m(&self) -> f64 {
        if self.angle_rad >= std::f64::consts::PI {
            return f64::NEG_INFINITY;
        }
        self.height_m(self.lowest_share())
    }

    /// The stretch of the way, as shares, on which the line is below a height; `None` if it nowhere is.
    fn below(&self, height_m: f64) -> Option<(f64, f64)> {
        let lowest = self.lowest_share();
        if self.height_m(lowest) >= height_m {
            return None;
        }
        // The height falls to the lowest point and rises after it.
        let edge = |high: f64| {
            if self.height_m(high) < height_m {
                return high;
            }
            let (mut inside, mut outside) = (lowest, high);
            for _ in 0..40 {
                let middle = 0.5 * (inside + outside);
                if self.height_m(middle) < height_m {
                    inside = middle;
                } else {
                    outside = middle;
                }
            }
            outside
        };
        Some((edge(0.0), edge(1.0)))
    }

    /// Latitude and longitude at a share of the way, along the great ellipse's normals.
    fn place(&self, share: f64) -> (f64, f64) {
        let [a, b] = &self.normals;
        let between = if self.turn_rad < 1e-9 {
            a + (b - a) * share
        } else {
            a * sin(self.turn_rad * (1.0 - share)) + b * sin(self.turn_rad * share)
        };
        let level = between.xy().norm();
        (atan2(between.z, level), atan2(between.y, between.x))
    }
}

#[cfg(test)]
mod tests;
