//! Sun and Moon: where they are, how they pull, and how sunlight pushes.
//!
//! Source: Montenbruck, Gill, Satellite orbits (2000), section 3.3.2 (low-precision coordinates, mean equator and
//! equinox of
//! J2000: the Sun within 0.1 % and 1', the Moon within 500 km and 5'), equation 3.37 (attraction), section 3.4.1
//! (radiation pressure), section 3.4.2 (shadow by the overlap of two discs: conical, with penumbra).

use std::f64::consts::PI;

use geo::angle::RAD_PER_DEG;
use geo::earth::SEMI_MAJOR_AXIS_M;
use geo::math::{acos, asin, sin, sin_cos};
use nalgebra::{Matrix3, Vector3};

use crate::rotation::turn_x;

/// Gravitational constant times the mass of the Sun (DE430).
const GM_SUN_M3PS2: f64 = 1.327_124_400_41e20;
/// Gravitational constant times the mass of the Moon (DE430).
const GM_MOON_M3PS2: f64 = 4.902_800_066e12;
/// Obliquity of the ecliptic at J2000.
const OBLIQUITY_RAD: f64 = 23.439_291_11 * RAD_PER_DEG;
/// Astronomical unit.
const AU_M: f64 = 149_597_870_700.0;
/// Pressure of sunlight at one astronomical unit: 1361 W/m² (IAU 2015 resolution B3) over the speed of light.
const PRESSURE_PA: f64 = 1_361.0 / 299_792_458.0;
/// Radius of the Sun.
const SUN_RADIUS_M: f64 = 6.957e8;
const RAD_PER_ARCSEC: f64 = RAD_PER_DEG / 3_600.0;

/// Sun and Moon (3 each, m) in GCRF axes from the Earth's centre.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Bodies {
    /// The Sun.
    pub sun_m: Vector3<f64>,
    /// The Moon.
    pub moon_m: Vector3<f64>,
}

impl Bodies {
    /// Returns where Sun and Moon are, some days of TT after J2000.0.
    pub fn at(tt_days: f64) -> Self {
        let t = tt_days / 36_525.0;
        Self {
            sun_m: sun_m(t),
            moon_m: moon_m(t),
        }
    }

    /// Returns the pull of both against that on the Earth (3), m/s², and its gradient (3×3), 1/s².
    pub fn attraction(&self, position_m: &Vector3<f64>) -> (Vector3<f64>, Matrix3<f64>) {
        let (mut sum, mut gradient) = (Vector3::zeros(), Matrix3::zeros());
        for (gm, body_m) in [(GM_SUN_M3PS2, self.sun_m), (GM_MOON_M3PS2, self.moon_m)] {
            let line = body_m - position_m;
            let (distance_m, body_distance_m) = (line.norm(), body_m.norm());
            let strength = gm / (distance_m * distance_m * distance_m);
            sum += line * strength - body_m * (gm / (body_distance_m * body_distance_m * body_distance_m));
            let unit = line / distance_m;
            gradient += (unit * unit.transpose() * 3.0 - Matrix3::identity()) * strength;
        }
        (sum, gradient)
    }

    /// Returns the push of sunlight on a body of Cr·A/m = 1 m²/kg (3), m/s² · kg/m².
    pub fn radiation(&self, position_m: &Vector3<f64>) -> Vector3<f64> {
        let from_sun = position_m - self.sun_m;
        let distance_m = from_sun.norm();
        let pressure_pa = PRESSURE_PA * (AU_M / distance_m) * (AU_M / distance_m);
        from_sun * (self.sunlight(position_m) * pressure_pa / distance_m)
    }

    /// Returns the share of the Sun's disc that a place sees past the Earth, 0 in the umbra.
    pub fn sunlight(&self, position_m: &Vector3<f64>) -> f64 {
        let to_sun = self.sun_m - position_m;
        let (sun_distance_m, radius_m) = (to_sun.norm(), position_m.norm());
        if radius_m <= SEMI_MAJOR_AXIS_M || position_m.dot(&self.sun_m) > 0.0 {
            return 1.0;
        }
        let sun = asin(SUN_RADIUS_M / sun_distance_m);
        let earth = asin(SEMI_MAJOR_AXIS_M / radius_m);
        let apart = acos((-position_m.dot(&to_sun) / (radius_m * sun_distance_m)).clamp(-1.0, 1.0));
        if apart >= sun + earth {
            1.0
        } else if apart <= earth - sun {
            0.0
        } else {
            1.0 - overlap(sun, earth, apart) / (PI * sun * sun)
        }
    }
}

/// Area common to two discs of radius `a` and `b` whose centres are `c` apart (neither within the other).
fn overlap(a: f64, b: f64, c: f64) -> f64 {
    let x = (c * c + a * a - b * b) / (2.0 * c);
    let y = (a * a - x * x).max(0.0).sqrt();
    a * a * acos((x / a).clamp(-1.0, 1.0)) + b * b * acos(((c - x) / b).clamp(-1.0, 1.0)) - c * y
}

/// The Sun (equations 3.43 to 3.46), Julian centuries of TT. Differs by moving the perigee, 0.32257° a century (Simon
/// et al.
/// 1994), without which the Sun is 7' off by 2035.
fn sun_m(t: f64) -> Vector3<f64> {
    let anomaly_rad = (357.525_6 + 35_999.049 * t) % 360.0 * RAD_PER_DEG;
    let (s1, c1) = sin_cos(anomaly_rad);
    let (s2, c2) = sin_cos(2.0 * anomaly_rad);
    let perigee_rad = (282.940_0 + 0.322_57 * t) * RAD_PER_DEG;
    let longitude_rad = perigee_rad + anomaly_rad + (6_892.0 * s1 + 72.0 * s2) * RAD_PER_ARCSEC;
    let distance_m = (149.619 - 2.499 * c1 - 0.021 * c2) * 1e9;
    let (s, c) = sin_cos(longitude_rad);
    turn_x(-OBLIQUITY_RAD) * Vector3::new(distance_m * c, distance_m * s, 0.0)
}

/// The Moon (equations 3.47 to 3.51), Julian centuries of TT.
fn moon_m(t: f64) -> Vector3<f64> {
    let angle = |start_deg: f64, rate_degpcy: f64| (start_deg + rate_degpcy * t) % 360.0 * RAD_PER_DEG;
    let mean = angle(218.316_17, 481_266.483_68);
    let l = angle(134.962_92, 477_198.867_53);
    let ls = angle(357.525_43, 35_999.049_44);
    let f = angle(93.272_83, 483_202.018_73);
    let d = angle(297.850_27, 445_267.111_35);
    let longitude_terms = [
        (22_640.0, l),
        (769.0, 2.0 * l),
        (-4_586.0, l - 2.0 * d),
        (2_370.0, 2.0 * d),
        (-668.0, ls),
        (-412.0, 2.0 * f),
        (-212.0, 2.0 * l - 2.0 * d),
        (-206.0, l + ls - 2.0 * d),
        (192.0, l + 2.0 * d),
        (-165.0, ls - 2.0 * d),
        (148.0, l - ls),
        (-125.0, d),
        (-110.0, l + ls),
        (-55.0, 2.0 * f - 2.0 * d),
    ];
    let excess_rad = sum_of_sines(&longitude_terms);
    let argument_rad = f + excess_rad + (412.0 * sin(2.0 * f) + 541.0 * sin(ls)) * RAD_PER_ARCSEC;
    let latitude_terms = [
        (18_520.0, argument_rad),
        (-526.0, f - 2.0 * d),
        (44.0, l + f - 2.0 * d),
        (-31.0, -l + f - 2.0 * d),
        (-25.0, -2.0 * l + f),
        (-23.0, ls + f - 2.0 * d),
        (21.0, -l + f),
        (11.0, -ls + f - 2.0 * d),
    ];
    let cosines = [
        (-20_905e3, l),
        (-3_699e3, 2.0 * d - l),
        (-2_956e3, 2.0 * d),
        (-570e3, 2.0 * l),
        (246e3, 2.0 * l - 2.0 * d),
        (-205e3, ls - 2.0 * d),
        (-171e3, l + 2.0 * d),
        (-152e3, l + ls - 2.0 * d),
    ];
    let distance_m = 385_000e3 + cosines.iter().map(|(a, x)| a * geo::math::cos(*x)).sum::<f64>();
    let (sin_lon, cos_lon) = sin_cos(mean + excess_rad);
    let (sin_lat, cos_lat) = sin_cos(sum_of_sines(&latitude_terms));
    turn_x(-OBLIQUITY_RAD) * Vector3::new(cos_lon * cos_lat, sin_lon * cos_lat, sin_lat) * distance_m
}

/// Sum of seconds of arc times sines, in radians.
fn sum_of_sines(terms: &[(f64, f64)]) -> f64 {
    terms.iter().map(|(a, x)| a * sin(*x)).sum::<f64>() * RAD_PER_ARCSEC
}
