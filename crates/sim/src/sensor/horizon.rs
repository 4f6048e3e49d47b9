//! What is above the horizon: the round Earth, the bending of rays in the air, mountains around a site.

use std::f64::consts::TAU;
use std::sync::{Arc, LazyLock};

use geo::angle::wrap_tau;
use geo::earth::{ECCENTRICITY_SQUARED, SEMI_MAJOR_AXIS_M, SEMI_MINOR_AXIS_M};
use geo::math::{acos, atan2, exp, sin};
use geo::{Ecef, Geodetic, Position, Site};
use nalgebra::Vector3;

use super::look::Spot;
use crate::Terrain;

/// Refractivity at sea level and the height in which it falls by e: the reference atmosphere.
///
/// Source: Recommendation ITU-R P.453-14 (2019), section 2.
const REFRACTIVITY: f64 = 315e-6;
const SCALE_HEIGHT_M: f64 = 7_350.0;
/// Mean radius of the Earth.
const EARTH_RADIUS_M: f64 = 6_371_000.0;
/// Rays are straight above.
const AIR_TOP_M: f64 = 16.0 * SCALE_HEIGHT_M;

/// How rays bend on their way to the horizon.
#[derive(Copy, Clone, Debug, Default, PartialEq)]
pub enum Bending {
    /// Not at all, as light nearly does.
    Straight,
    /// Straight over an Earth of so many times its radius, 4/3 as a rule. For low objects: of one at 500 km it promises
    /// 300 km too much. Source: Skolnik, Introduction to radar systems, 3rd ed. (2001), section 8.4.
    EffectiveEarth {
        /// How many times.
        factor: f64,
    },
    /// As in the reference atmosphere, which ends: right for low and for high objects. Source: the grazing ray by
    /// Bouguer's rule, `n r cos e` constant (Bean & Dutton, Radio meteorology (1966), chapter 3), in the exponential
    /// atmosphere of Recommendation ITU-R P.453-14 (2019).
    #[default]
    Air,
}

/// The elevation of what hides the sky around a site, at equal steps of azimuth from north, joined by straight lines.
#[derive(Clone, Debug, PartialEq)]
pub struct Mask {
    /// At azimuth 0, 2π/n, …
    pub elevations_rad: Vec<f64>,
}

/// What is above the horizon of a station.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Horizon {
    /// How rays bend.
    pub bending: Bending,
    /// Mountains around the site, seen without bending.
    pub mask: Option<Arc<Mask>>,
    /// The ground; with [`Bending::Air`] over an Earth of 4/3 its radius.
    pub terrain: Option<Terrain>,
}

impl Mask {
    /// Returns the elevation below which nothing is seen at an azimuth.
    pub fn elevation_rad(&self, azimuth_rad: f64) -> f64 {
        let count = self.elevations_rad.len();
        if count == 0 {
            return -std::f64::consts::FRAC_PI_2;
        }
        let steps = wrap_tau(azimuth_rad) / TAU * count as f64;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "an azimuth is positive"
        )]
        let index = (steps.floor() as usize).min(count - 1);
        let share = steps - index as f64;
        let (a, b) = (self.elevations_rad[index], self.elevations_rad[(index + 1) % count]);
        a + (b - a) * share
    }
}

impl Horizon {
    /// Whether a site sees an object.
    pub(super) fn clears(&self, site: &Site, spot: &Spot, position: Position<Ecef>) -> bool {
        self.clears_earth(site, spot)
            && self.terrain.as_ref().is_none_or(|terrain| {
                let factor = match self.bending {
                    Bending::Straight => 1.0,
                    Bending::EffectiveEarth { factor } => factor,
                    Bending::Air => 4.0 / 3.0,
                };
                terrain.is_visible(site.geodetic(), Geodetic::from_ecef(position), factor)
            })
    }

    fn clears_earth(&self, site: &Site, spot: &Spot) -> bool {
        if let Some(mask) = &self.mask
            && spot.elevation_rad < mask.elevation_rad(spot.azimuth_rad)
        {
            return false;
        }
        spot.line.z >= 0.0 || self.margin_of(site, &spot.line) >= 0.0
    }

    /// Returns how far a point is above the horizon of the round Earth: the angle at the Earth's centre by which it
    /// could move away and still be seen; negative behind the horizon. Mask and terrain are not asked.
    pub fn margin_rad(&self, site: &Site, position: Position<Ecef>) -> f64 {
        self.margin_of(site, &site.to_enu(position).vector())
    }

    fn margin_of(&self, site: &Site, line: &Vector3<f64>) -> f64 {
        let radius_m = radius_of_curvature_m(site, line);
        let site_m = site.geodetic().height_m.max(0.0);
        let (ground_m, up_m) = ((line.x * line.x + line.y * line.y).sqrt(), radius_m + site_m + line.z);
        let height_m = ((ground_m * ground_m + up_m * up_m).sqrt() - radius_m).max(0.0);
        self.bending.reach_rad(radius_m, site_m) + self.bending.reach_rad(radius_m, height_m) - atan2(ground_m, up_m)
    }
}

impl Bending {
    /// The angle at the Earth's centre between a point at a height and the place where its ray grazes the ground.
    fn reach_rad(self, radius_m: f64, height_m: f64) -> f64 {
        match self {
            Self::Straight => acos(radius_m / (radius_m + height_m)),
            Self::EffectiveEarth { factor } => {
                let effective_m = factor * radius_m;
                factor * acos(effective_m / (effective_m + height_m))
            }
            Self::Air => grazing_rad(height_m),
        }
    }
}

/// Radius of curvature of the ellipsoid in a direction (Euler).
fn radius_of_curvature_m(site: &Site, line: &Vector3<f64>) -> f64 {
    let sine = sin(site.geodetic().lat_rad);
    let w = 1.0 - ECCENTRICITY_SQUARED * sine * sine;
    let across_m = SEMI_MAJOR_AXIS_M / w.sqrt();
    let along_m = across_m * (1.0 - ECCENTRICITY_SQUARED) / w;
    let ground_squared = line.x * line.x + line.y * line.y;
    if ground_squared == 0.0 {
        return along_m;
    }
    let north = line.y * line.y / ground_squared;
    1.0 / (north / along_m + (1.0 - north) / across_m)
}

/// Cells of the table, in equal steps of the square root of height: the angle grows nearly as that.
const CELLS: usize = 256;

/// The angle that a grazing ray covers up to a height in the air.
static GRAZING: LazyLock<[f64; CELLS + 1]> = LazyLock::new(|| {
    const PARTS: usize = 16;
    let constant = (1.0 + REFRACTIVITY) * EARTH_RADIUS_M;
    let step = AIR_TOP_M.sqrt() / (CELLS * PARTS) as f64;
    let mut table = [0.0; CELLS + 1];
    let mut sum = 0.0;
    for part in 0..CELLS * PARTS {
        // Midpoints: the slope at the ground is finite but 0/0 when computed.
        let root = (part as f64 + 0.5) * step;
        let radius_m = EARTH_RADIUS_M + root * root;
        let optical_m = (1.0 + REFRACTIVITY * exp(-root * root / SCALE_HEIGHT_M)) * radius_m;
        sum += 2.0 * root * step * constant / (radius_m * (optical_m * optical_m - constant * constant).sqrt());
        if part % PARTS == PARTS - 1 {
            table[part / PARTS + 1] = sum;
        }
    }
    table
});

/// The angle at the Earth's centre from where a ray grazes the ground to where it is at a height.
fn grazing_rad(height_m: f64) -> f64 {
    let table = &*GRAZING;
    if height_m >= AIR_TOP_M {
        // Straight from the top of the air on, at the distance of Bouguer's constant from the centre.
        let closest_m = (1.0 + REFRACTIVITY) * EARTH_RADIUS_M;
        let beyond = acos(closest_m / (EARTH_RADIUS_M + height_m)) - acos(closest_m / (EARTH_RADIUS_M + AIR_TOP_M));
        return table[CELLS] + beyond;
    }
    let cells = (height_m / AIR_TOP_M).sqrt() * CELLS as f64;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and the number of cells"
    )]
    let index = (cells as usize).min(CELLS - 1);
    let share = cells - index as f64;
    table[index] + (table[index + 1] - table[index]) * share
}

/// Whether the straight line between two points stays above a height over the ellipsoid (its axes made longer by it).
pub(super) fn is_line_clear(from: Position<Ecef>, to: Position<Ecef>, height_m: f64) -> bool {
    let radius_m = SEMI_MAJOR_AXIS_M + height_m;
    let stretch = radius_m / (SEMI_MINOR_AXIS_M + height_m);
    let round = |position: Position<Ecef>| {
        let mut vector = position.vector();
        vector.z *= stretch;
        vector
    };
    let (from, to) = (round(from), round(to));
    let line = to - from;
    let nearest = (-from.dot(&line) / line.norm_squared()).clamp(0.0, 1.0);
    (from + line * nearest).norm() >= radius_m
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Bending of a grazing ray through the whole reference atmosphere, 1/1.314 degrees by Recommendation ITU-R
    /// P.834-9, equation (12), "a good approximation".
    #[test]
    fn a_grazing_ray_bends_as_published() {
        let height_m = 1e6;
        let straight = acos(EARTH_RADIUS_M / (EARTH_RADIUS_M + height_m));
        let bending_deg = (grazing_rad(height_m) - straight) / geo::angle::RAD_PER_DEG;
        assert!((bending_deg * 1.314 - 1.0).abs() < 0.06, "{bending_deg}");
    }

    /// Low down the air is an Earth of 1/(1 - a N/H) = 1.375 its radius, near the usual 4/3.
    #[test]
    fn low_down_the_air_is_a_larger_earth() {
        for height_m in [10.0, 100.0, 500.0] {
            let larger = Bending::EffectiveEarth { factor: 1.375 }.reach_rad(EARTH_RADIUS_M, height_m);
            assert!((grazing_rad(height_m) / larger - 1.0).abs() < 0.01, "{height_m}");
        }
    }

    #[test]
    fn the_table_is_continuous_and_rises() {
        let mut before = 0.0;
        for k in 1..20_000 {
            let now = grazing_rad(f64::from(k) * 10.0);
            assert!(now > before && now - before < 5e-3, "{k}");
            before = now;
        }
    }

    #[test]
    fn a_mask_is_joined_by_straight_lines_and_closes() {
        let mask = Mask {
            elevations_rad: vec![0.0, 0.1, 0.2, 0.1],
        };
        for (turn, expected) in [(0.0, 0.0), (0.125, 0.05), (0.5, 0.2), (0.875, 0.05), (-0.125, 0.05)] {
            assert!((mask.elevation_rad(turn * TAU) - expected).abs() < 1e-12, "{turn}");
        }
    }
}
