//! How the atmosphere bends and delays a radar's ray: apparent elevation and range of a point whose geometry is known.
//!
//! Both models see the Earth as a sphere around the site, of the mean radius of curvature of the ellipsoid there, so a
//! correction depends on geometric range and elevation alone.

use geo::Site;
use geo::angle::RAD_PER_DEG;
use geo::earth::{ECCENTRICITY_SQUARED, SEMI_MAJOR_AXIS_M};
use geo::math::{atan2, exp, sin, sin_cos};
use nalgebra::Matrix2;

/// Above this many scale heights the refractivity is taken as 0 (its bending is below 1e-9 rad).
const TOP_SCALE_HEIGHTS: f64 = 16.0;
/// Quadrature panels from the site to the target, eight Gauss-Legendre points each.
const PANELS: usize = 5;

/// A model of the refraction of a ray.
#[derive(Copy, Clone, Debug, Default, PartialEq)]
pub enum Refraction {
    /// Straight rays at the speed of light in vacuum.
    #[default]
    None,
    /// Straight rays over an Earth of 4/3 its radius: refractivity that falls linearly. Good below some 3 km of height
    /// and for the low atmosphere's share of the bending; too much for targets above the atmosphere. No delay.
    /// Source: Skolnik, Introduction to radar systems, 3rd ed. (2001), section 8.4.
    FourThirdsEarth,
    /// The bending formula of ITU-R P.834 for a target beyond the air, with the delay of the exponential atmosphere
    /// that the formula was fitted to (refractivity 315 at sea level, scale height 7,350 m). It was fitted below 10°
    /// and bends less than that atmosphere above; satellite orbit determination uses it at all elevations.
    /// Source: Recommendation ITU-R P.834-9 (2017), equation 14.
    ItuP834,
    /// Refractivity that falls exponentially from the site upwards (the CRPL exponential reference atmosphere).
    /// Source: Bean & Dutton, Radio meteorology, NBS Monograph 92 (1966), chapter 3.
    Exponential {
        /// Refractivity `(n - 1)·10⁶` at the site's height; 313 or 315 are usual at sea level.
        surface_refractivity: f64,
        /// Height in which the refractivity falls by e; 6,951 m goes with 313, 7,350 m with 315.
        scale_height_m: f64,
    },
}

/// Where a radar sees a point.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Apparent {
    /// Range by the delay of the echo.
    pub range_m: f64,
    /// Elevation at which the ray arrives.
    pub elevation_rad: f64,
}

impl Refraction {
    /// Returns where a radar sees a point at a geometric range and elevation; 0 range gives the point itself.
    pub fn apparent(&self, site: &Site, range_m: f64, elevation_rad: f64) -> Apparent {
        let straight = Apparent { range_m, elevation_rad };
        if range_m <= 0.0 {
            return straight;
        }
        let radius_m = radius_of_curvature_m(site);
        match *self {
            Self::None => straight,
            Self::FourThirdsEarth => {
                let target = Target::new(radius_m, range_m, elevation_rad);
                effective_earth(radius_m, 4.0 / 3.0, &target, elevation_rad)
            }
            Self::ItuP834 => {
                let height_m = site.geodetic().height_m;
                let air = Air {
                    excess_index: 315e-6 * exp(-height_m / 7_350.0),
                    scale_height_m: 7_350.0,
                    radius_m,
                };
                let delayed = air.apparent(&Target::new(radius_m, range_m, elevation_rad), range_m, elevation_rad);
                Apparent {
                    elevation_rad: elevation_rad + itu_bending_rad(elevation_rad, height_m),
                    ..delayed
                }
            }
            Self::Exponential {
                surface_refractivity,
                scale_height_m,
            } => {
                let air = Air {
                    excess_index: surface_refractivity * 1e-6,
                    scale_height_m,
                    radius_m,
                };
                air.apparent(&Target::new(radius_m, range_m, elevation_rad), range_m, elevation_rad)
            }
        }
    }

    /// Returns the derivative of apparent `[range, elevation]` by geometric `[range, elevation]` (2×2), by central
    /// differences of the correction.
    pub fn slopes(&self, site: &Site, range_m: f64, elevation_rad: f64) -> Matrix2<f64> {
        let mut slopes = Matrix2::identity();
        if *self == Self::None || range_m <= 0.0 {
            return slopes;
        }
        let correction = |range_m: f64, elevation_rad: f64| {
            let seen = self.apparent(site, range_m, elevation_rad);
            [seen.range_m - range_m, seen.elevation_rad - elevation_rad]
        };
        let (step_m, step_rad) = (1e-3 * range_m, 2e-5);
        let range = [
            correction(range_m + step_m, elevation_rad),
            correction(range_m - step_m, elevation_rad),
        ];
        let elevation = [
            correction(range_m, elevation_rad + step_rad),
            correction(range_m, elevation_rad - step_rad),
        ];
        for row in 0..2 {
            slopes[(row, 0)] += (range[0][row] - range[1][row]) / (2.0 * step_m);
            slopes[(row, 1)] += (elevation[0][row] - elevation[1][row]) / (2.0 * step_rad);
        }
        slopes
    }
}

/// Bending of a ray that leaves the air, by the geometric elevation and the height of the site.
fn itu_bending_rad(elevation_rad: f64, height_m: f64) -> f64 {
    // Fitted from a little below the horizon up.
    let theta_deg = (elevation_rad / RAD_PER_DEG).max(-1.0);
    let h_km = height_m / 1e3;
    let inverse = 1.728
        + 0.5411 * theta_deg
        + 0.03723 * theta_deg * theta_deg
        + h_km * (0.1815 + 0.06272 * theta_deg + 0.0138 * theta_deg * theta_deg)
        + h_km * h_km * (0.01727 + 0.008288 * theta_deg);
    RAD_PER_DEG / inverse
}

/// Mean radius of curvature of the ellipsoid at the site's height, `sqrt(M N) + h`.
fn radius_of_curvature_m(site: &Site) -> f64 {
    let place = site.geodetic();
    let sin_lat = sin(place.lat_rad);
    let shrink = 1.0 - ECCENTRICITY_SQUARED * sin_lat * sin_lat;
    SEMI_MAJOR_AXIS_M * (1.0 - ECCENTRICITY_SQUARED).sqrt() / shrink + place.height_m
}

/// A point over the sphere of the site.
struct Target {
    /// Height above the sphere through the site.
    height_m: f64,
    /// Angle at the Earth's centre between site and point.
    central_rad: f64,
}

impl Target {
    fn new(radius_m: f64, range_m: f64, elevation_rad: f64) -> Self {
        let (sin_el, cos_el) = sin_cos(elevation_rad);
        let twice = 2.0 * radius_m * range_m * sin_el + range_m * range_m;
        let target_radius_m = (radius_m * radius_m + twice).sqrt();
        Self {
            height_m: twice / (target_radius_m + radius_m),
            central_rad: atan2(range_m * cos_el, radius_m + range_m * sin_el),
        }
    }
}

/// Geometric range and elevation of a point at a height and central angle over a sphere.
fn straight(radius_m: f64, height_m: f64, central_rad: f64) -> Apparent {
    let half = sin(0.5 * central_rad);
    let rise_m = height_m - 2.0 * (radius_m + height_m) * half * half;
    let ground_m = (radius_m + height_m) * sin(central_rad);
    Apparent {
        range_m: (rise_m * rise_m + ground_m * ground_m).sqrt(),
        elevation_rad: atan2(rise_m, ground_m),
    }
}

/// Straight ray over an Earth whose radius is stretched: the ground distance and height stay.
fn effective_earth(radius_m: f64, stretch: f64, target: &Target, elevation_rad: f64) -> Apparent {
    let seen = straight(radius_m * stretch, target.height_m, target.central_rad / stretch);
    // The zenith stays the zenith.
    if target.central_rad == 0.0 {
        return Apparent { elevation_rad, ..seen };
    }
    seen
}

/// Air whose index of refraction is `1 + excess_index · exp(-h / scale_height)` above the site.
struct Air {
    excess_index: f64,
    scale_height_m: f64,
    radius_m: f64,
}

/// A ray from the site up to a height.
struct Ray {
    /// Angle at the Earth's centre that it spans.
    central_rad: f64,
    /// Its optical length, that a delay measures.
    optical_m: f64,
}

impl Air {
    /// Index of refraction at a height.
    fn index(&self, height_m: f64) -> f64 {
        1.0 + self.excess_index * exp(-height_m / self.scale_height_m)
    }

    /// `n r - n₀ a cos θ₀` and `n₀ a cos θ₀`, without cancellation.
    fn above_bouguer(&self, height_m: f64, sin_half: f64) -> (f64, f64) {
        let n0a = (1.0 + self.excess_index) * self.radius_m;
        let lift = self.index(height_m) * height_m
            + self.radius_m * self.excess_index * libm::expm1(-height_m / self.scale_height_m);
        let fall = 2.0 * sin_half * sin_half;
        (lift + n0a * fall, n0a * (1.0 - fall))
    }

    /// `sqrt(n² r² - C²) = n r sin θ` along a ray, `C` its Bouguer constant.
    fn vertical(&self, height_m: f64, sin_half: f64) -> f64 {
        let (above, constant) = self.above_bouguer(height_m, sin_half);
        (above * (above + 2.0 * constant)).max(0.0).sqrt()
    }

    /// Traces the ray that leaves at an apparent elevation in [0, π/2] up to a height above the site.
    ///
    /// Bouguer: `n r cos θ = C`. Bending `τ = ∫ C |n'| / (n p) dr` and optical length `S = p₁ - p₀ + ∫ n |n'| r² / p
    /// dr` with `p = n r sin θ` (the derivative of `p`, integrated): no difference of large numbers. The variable `q² =
    /// sin²θ₀ + 2κh`, `κ` the curvature of the Earth less that of the ray, keeps both integrands smooth down to a
    /// horizontal ray.
    fn trace(&self, apparent_rad: f64, height_m: f64) -> Ray {
        let sin_half = sin(0.5 * apparent_rad);
        let sin_start = sin(apparent_rad);
        let curvature = (1.0 / self.radius_m - self.excess_index / self.scale_height_m).max(0.05 / self.radius_m);
        let top_m = height_m.min(TOP_SCALE_HEIGHTS * self.scale_height_m);
        let q_of = |h: f64| (sin_start * sin_start + 2.0 * curvature * h).sqrt();
        let (q_start, q_end) = (q_of(0.0), q_of(top_m));
        let panel = (q_end - q_start) / PANELS as f64;
        let (mut bending, mut slowed) = (0.0, 0.0);
        for k in 0..PANELS {
            let middle = q_start + (k as f64 + 0.5) * panel;
            for (node, weight) in GAUSS_8 {
                for q in [middle + 0.5 * panel * node, middle - 0.5 * panel * node] {
                    let h = (q - sin_start) * (q + sin_start) / (2.0 * curvature);
                    let fall = self.excess_index / self.scale_height_m * exp(-h / self.scale_height_m);
                    let (above, constant) = self.above_bouguer(h, sin_half);
                    let vertical = (above * (above + 2.0 * constant)).sqrt();
                    let index = self.index(h);
                    let r = self.radius_m + h;
                    let step = 0.5 * panel * weight * (q / curvature) * fall / vertical;
                    bending += step * constant / index;
                    slowed += step * index * r * r;
                }
            }
        }
        let start = self.vertical(0.0, sin_half);
        let end = self.vertical(height_m, sin_half);
        let (_, constant) = self.above_bouguer(height_m, sin_half);
        // n r cos θ = C and n r sin θ = p give the local elevation.
        let arrival_rad = atan2(end, constant);
        Ray {
            central_rad: bending + arrival_rad - apparent_rad,
            optical_m: end - start + slowed,
        }
    }

    /// Where the radar sees the target: the ray that ends there, found by the secant rule.
    ///
    /// Below the apparent horizontal the ray of elevation 0 to the target's height is taken, and what the effective
    /// Earth of the site's refractivity gradient adds on the way from there.
    fn apparent(&self, target: &Target, range_m: f64, elevation_rad: f64) -> Apparent {
        if target.height_m <= 0.0 {
            return self.below(target, 0.0, elevation_rad, range_m, elevation_rad);
        }
        let flat = self.trace(0.0, target.height_m);
        if flat.central_rad < target.central_rad {
            let start = straight(self.radius_m, target.height_m, flat.central_rad);
            let seen = self.below(target, flat.central_rad, elevation_rad, range_m, elevation_rad);
            let lift = 0.0 - start.elevation_rad;
            return Apparent {
                range_m: seen.range_m + flat.optical_m - start.range_m - self.excess_index * start.range_m,
                elevation_rad: seen.elevation_rad + lift,
            };
        }
        let geometric = |apparent_rad: f64| {
            let ray = self.trace(apparent_rad, target.height_m);
            let end = straight(self.radius_m, target.height_m, ray.central_rad);
            (end.elevation_rad - elevation_rad, ray)
        };
        let limit = std::f64::consts::FRAC_PI_2;
        let mut last = elevation_rad.max(0.0).min(limit);
        let (mut last_miss, mut ray) = geometric(last);
        let mut apparent_rad = (last - last_miss).clamp(0.0, limit);
        for _ in 0..20 {
            if (apparent_rad - last).abs() < 1e-15 {
                break;
            }
            let (miss, next) = geometric(apparent_rad);
            ray = next;
            if miss.abs() < 1e-14 || miss == last_miss {
                break;
            }
            let stepped = apparent_rad - miss * (apparent_rad - last) / (miss - last_miss);
            (last, last_miss) = (apparent_rad, miss);
            apparent_rad = stepped.clamp(0.0, limit);
        }
        Apparent {
            range_m: ray.optical_m.max(range_m),
            elevation_rad: apparent_rad,
        }
    }

    /// The effective Earth's correction to a target less that to a point of the same height at `central_from_rad`.
    fn below(
        &self,
        target: &Target,
        central_from_rad: f64,
        elevation_rad: f64,
        range_m: f64,
        seen_rad: f64,
    ) -> Apparent {
        let gradient = self.excess_index / self.scale_height_m * self.radius_m;
        let stretch = 1.0 / (1.0 - gradient.min(0.95));
        let lift = |point: &Target, geometric_rad: f64| {
            effective_earth(self.radius_m, stretch, point, geometric_rad).elevation_rad - geometric_rad
        };
        let mut correction = lift(target, elevation_rad);
        if central_from_rad > 0.0 {
            let from = Target {
                height_m: target.height_m,
                central_rad: central_from_rad,
            };
            correction -= lift(
                &from,
                straight(self.radius_m, from.height_m, from.central_rad).elevation_rad,
            );
        }
        Apparent {
            range_m: range_m + self.excess_index * range_m,
            elevation_rad: seen_rad + correction,
        }
    }
}

/// Positive nodes and weights of the Gauss-Legendre rule of eight points (Abramowitz & Stegun, table 25.4).
const GAUSS_8: [(f64, f64); 4] = [
    (0.183_434_642_495_649_8, 0.362_683_783_378_362),
    (0.525_532_409_916_329, 0.313_706_645_877_887_3),
    (0.796_666_477_413_626_7, 0.222_381_034_453_374_5),
    (0.960_289_856_497_536_3, 0.101_228_536_290_376_3),
];

#[cfg(test)]
mod tests {
    use super::*;
    use geo::Geodetic;
    use geo::math::{asin, cos};

    const ITU: Refraction = Refraction::Exponential {
        surface_refractivity: 315.0,
        scale_height_m: 7350.0,
    };

    fn site() -> Site {
        Site::new(Geodetic::from_degrees(40.0, 0.0, 0.0))
    }

    /// Recommendation ITU-R P.834-9, equation (12): bending of a ray that leaves the reference atmosphere
    /// (N = 315, 7.35 km) by its apparent elevation, "a good approximation" over 0 to 10 degrees.
    #[test]
    fn bending_through_the_whole_atmosphere() {
        let air = Air {
            excess_index: 315e-6,
            scale_height_m: 7350.0,
            radius_m: 6_370_000.0,
        };
        for degrees in [0.0, 0.5, 1.0, 2.0, 3.0, 5.0, 8.0, 10.0] {
            let published_deg = 1.0 / (1.314 + 0.6437 * degrees + 0.02869 * degrees * degrees);
            let apparent_rad: f64 = degrees * geo::angle::RAD_PER_DEG;
            let height_m = 3e7;
            let ray = air.trace(apparent_rad, height_m);
            // τ = φ + θ₀ - θ₁, and the local elevation at the end of the ray from Bouguer's constant.
            let cos_end = (1.0 + 315e-6) * 6_370_000.0 * cos(apparent_rad) / (6_370_000.0 + height_m);
            let end_rad = geo::math::acos(cos_end);
            let bending_deg = (ray.central_rad + apparent_rad - end_rad) / geo::angle::RAD_PER_DEG;
            assert!(
                (bending_deg / published_deg - 1.0).abs() < 0.06,
                "{degrees}: ours {bending_deg}, published {published_deg}"
            );
        }
    }

    /// A ray traced step by step (Snell in 5 m shells) as an independent second way.
    #[test]
    fn shells_agree_with_the_integrals() {
        let air = Air {
            excess_index: 313e-6,
            scale_height_m: 6951.0,
            radius_m: 6_371_000.0,
        };
        for (degrees, height_m) in [(0.3, 5_000.0), (1.0, 80_000.0), (5.0, 30_000.0), (40.0, 100_000.0)] {
            let apparent_rad: f64 = degrees * geo::angle::RAD_PER_DEG;
            let constant = air.index(0.0) * air.radius_m * cos(apparent_rad);
            let shell_m = 0.25;
            let (mut central, mut optical) = (0.0, 0.0);
            for k in 0..(height_m / shell_m) as u32 {
                let (low, high) = (f64::from(k) * shell_m, (f64::from(k) + 1.0) * shell_m);
                let index = air.index(0.5 * (low + high));
                // Inside a shell of constant index the ray is straight.
                let closest = constant / index;
                let (r0, r1) = (air.radius_m + low, air.radius_m + high);
                let (s0, s1) = (
                    (r0 * r0 - closest * closest).sqrt(),
                    (r1 * r1 - closest * closest).sqrt(),
                );
                central += atan2(s1, closest) - atan2(s0, closest);
                optical += index * (s1 - s0);
            }
            let ray = air.trace(apparent_rad, height_m);
            assert!(
                (ray.central_rad / central - 1.0).abs() < 2e-6,
                "{degrees}: {} {central}",
                ray.central_rad
            );
            assert!(
                (ray.optical_m - optical).abs() < 0.02,
                "{degrees}: {} {optical}",
                ray.optical_m
            );
        }
    }

    #[test]
    fn the_apparent_direction_is_above_and_smooth_and_vanishes_at_the_zenith() {
        let mut last = f64::INFINITY;
        for k in 0..=90 {
            let elevation_rad = f64::from(k) * geo::angle::RAD_PER_DEG;
            let seen = ITU.apparent(&site(), 400_000.0, elevation_rad);
            let lift = seen.elevation_rad - elevation_rad;
            assert!(lift < last && lift > -1e-12, "{k}: {lift}");
            assert!(
                seen.range_m > 400_002.0 && seen.range_m < 400_150.0,
                "{k}: {}",
                seen.range_m
            );
            last = lift;
        }
        assert!(last.abs() < 1e-12);
    }

    #[test]
    fn no_jump_at_the_horizon() {
        for range_m in [20_000.0, 100_000.0, 400_000.0] {
            let mut last: Option<(f64, f64)> = None;
            for k in -2000..=2000 {
                let elevation_rad = f64::from(k) * 1e-5;
                let seen = ITU.apparent(&site(), range_m, elevation_rad);
                let now = (seen.elevation_rad - elevation_rad, seen.range_m);
                if let Some(before) = last {
                    assert!((now.0 - before.0).abs() < 2e-5, "{range_m} {k}: {before:?} {now:?}");
                    assert!((now.1 - before.1).abs() < 0.5, "{range_m} {k}: {before:?} {now:?}");
                }
                last = Some(now);
            }
        }
    }

    /// Over a 4/3 Earth the ray of elevation 0 is `d² / (2 · 4/3 · a)` high at a distance d.
    #[test]
    fn four_thirds_earth_sees_the_horizon_ray_level() {
        let radius_m = radius_of_curvature_m(&site());
        let distance_m = 100_000.0;
        let height_m = distance_m * distance_m / (2.0 * 4.0 / 3.0 * radius_m);
        let point = straight(radius_m, height_m, asin(distance_m / radius_m));
        let seen = Refraction::FourThirdsEarth.apparent(&site(), point.range_m, point.elevation_rad);
        assert!(point.elevation_rad < -1e-3);
        assert!(seen.elevation_rad.abs() < 2e-6, "{}", seen.elevation_rad);
    }
}
