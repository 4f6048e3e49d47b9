//! The celestial frame: precession IAU 2006, nutation IAU 2000B, the Earth's rotation angle, polar motion.
//!
//! Source: IERS Conventions (2010), IERS Technical Note 36, chapter 5: Fukushima-Williams angles (equation 5.40),
//! Greenwich
//! sidereal time (equations 5.30 to 5.32, the two largest complementary terms of the equation of the equinoxes), Earth
//! rotation angle (equation 5.15), polar motion (equation 5.3, without s', under 0.05 mas).

use std::f64::consts::TAU;

use geo::Time;
use geo::math::{cos, sin, sin_cos};
use nalgebra::{Matrix3, Vector3};

use super::nutation::nutation;
use super::{EarthOrientation, Turn};

/// Radians in a second of arc.
pub(super) const RAD_PER_ARCSEC: f64 = TAU / 1_296_000.0;
/// Nodes of the slow part stand so far apart.
const NODE_S: f64 = 21_600.0;
const S_PER_DAY: f64 = 86_400.0;
/// Turns of the Earth a day of UT1 beyond one.
const TURNS_PER_DAY: f64 = 1.002_737_811_911_354_6;

/// The celestial orientation along one flight: what moves slowly is kept at nodes and interpolated.
#[derive(Clone, Debug)]
pub(super) struct Celestial {
    rotation_angle_rad: f64,
    polar: Matrix3<f64>,
    first_node_s: f64,
    /// Everything but the turning and polar motion, from four nodes on.
    nodes: Vec<Matrix3<f64>>,
}

impl Celestial {
    pub(super) fn new(given: &EarthOrientation, start: Time, end: Time) -> Self {
        let (from_s, until_s) = ((end - start).min(0.0), (end - start).max(0.0));
        let first_node_s = from_s - NODE_S;
        let count = ((until_s - from_s) / NODE_S) as usize + 4;
        // Leap seconds would tear the angle: UT1 runs on evenly from the start.
        let ut1_days = start.utc_days_since_j2000() + given.ut1_minus_utc_s / S_PER_DAY;
        let tt_days = start.tt_days_since_j2000();
        let nodes = (0..count)
            .map(|i| slow_part((tt_days + (first_node_s + i as f64 * NODE_S) / S_PER_DAY) / 36_525.0))
            .collect();
        Self {
            rotation_angle_rad: rotation_angle_rad(ut1_days),
            polar: turn_y(-given.polar_x_rad) * turn_x(-given.polar_y_rad),
            first_node_s,
            nodes,
        }
    }

    pub(super) fn at(&self, after_start_s: f64) -> Turn {
        const RATE_RADPS: f64 = TAU * TURNS_PER_DAY / S_PER_DAY;
        let (slow, slow_rate) = self.interpolate(after_start_s);
        let turning = self.polar * turn_z(self.rotation_angle_rad + RATE_RADPS * after_start_s);
        let ecef_from_inertial = turning * slow;
        // Of the rate of the whole, -Ṙ Rᵀ is the cross matrix of the spin.
        let drift = turning * slow_rate * ecef_from_inertial.transpose();
        let spin_radps = self.polar * Vector3::new(0.0, 0.0, RATE_RADPS)
            + Vector3::new(
                drift[(1, 2)] - drift[(2, 1)],
                drift[(2, 0)] - drift[(0, 2)],
                drift[(0, 1)] - drift[(1, 0)],
            ) * 0.5;
        Turn {
            ecef_from_inertial,
            spin_radps,
        }
    }

    /// The slow part and its rate, by the cubic through four nodes.
    fn interpolate(&self, after_start_s: f64) -> (Matrix3<f64>, Matrix3<f64>) {
        let place = (after_start_s - self.first_node_s) / NODE_S;
        let first = (place as usize).clamp(1, self.nodes.len() - 3) - 1;
        let u = place - first as f64;
        let (mut value, mut slope) = (Matrix3::zeros(), Matrix3::zeros());
        let weights = [
            (
                -(u - 1.0) * (u - 2.0) * (u - 3.0) / 6.0,
                -(3.0 * u * u - 12.0 * u + 11.0) / 6.0,
            ),
            (u * (u - 2.0) * (u - 3.0) / 2.0, (3.0 * u * u - 10.0 * u + 6.0) / 2.0),
            (-u * (u - 1.0) * (u - 3.0) / 2.0, -(3.0 * u * u - 8.0 * u + 3.0) / 2.0),
            (u * (u - 1.0) * (u - 2.0) / 6.0, (3.0 * u * u - 6.0 * u + 2.0) / 6.0),
        ];
        for (node, (weight, weight_slope)) in self.nodes[first..first + 4].iter().zip(weights) {
            value += node * weight;
            slope += node * weight_slope;
        }
        (value, slope / NODE_S)
    }
}

/// The Earth rotation angle at days of UT1 since J2000.0 (equation 5.15), the whole days taken out first.
fn rotation_angle_rad(ut1_days: f64) -> f64 {
    let turns = 0.779_057_273_264_0 + (TURNS_PER_DAY - 1.0) * ut1_days + ut1_days.rem_euclid(1.0);
    TAU * turns.rem_euclid(1.0)
}

/// Rotation from the GCRF to true equator and the origin the rotation angle counts from, Julian centuries of TT.
fn slow_part(t: f64) -> Matrix3<f64> {
    let polynomial = |c: [f64; 6]| c.iter().rev().fold(0.0, |sum, c| sum * t + c) * RAD_PER_ARCSEC;
    let gamma = polynomial([
        -0.052_928,
        10.556_378,
        0.493_204_4,
        -0.000_312_38,
        -0.000_002_788,
        2.6e-8,
    ]);
    let phi = polynomial([
        84_381.412_819,
        -46.811_016,
        0.051_126_8,
        0.000_532_89,
        -4.4e-7,
        -1.76e-8,
    ]);
    let psi = polynomial([
        -0.041_775,
        5_038.481_484,
        1.558_417_5,
        -0.000_185_22,
        -0.000_026_452,
        -1.48e-8,
    ]);
    let epsilon = polynomial([84_381.406, -46.836_769, -0.000_183_1, 0.002_003_40, -5.76e-7, -4.34e-8]);
    let sidereal = polynomial([0.014_506, 4_612.156_534, 1.391_581_7, -4.4e-7, -0.000_029_956, -3.68e-8]);
    let nutation = nutation(t);
    let equinoxes = nutation.longitude_rad * cos(epsilon)
        + (0.002_640_96 * sin(nutation.node_rad) + 0.000_063_52 * sin(2.0 * nutation.node_rad)) * RAD_PER_ARCSEC;
    turn_z(sidereal + equinoxes)
        * turn_x(-(epsilon + nutation.obliquity_rad))
        * turn_z(-(psi + nutation.longitude_rad))
        * turn_x(phi)
        * turn_z(gamma)
}

/// Rotation of the axes about x.
pub(crate) fn turn_x(angle_rad: f64) -> Matrix3<f64> {
    let (s, c) = sin_cos(angle_rad);
    Matrix3::new(1.0, 0.0, 0.0, 0.0, c, s, 0.0, -s, c)
}

/// Rotation of the axes about y.
fn turn_y(angle_rad: f64) -> Matrix3<f64> {
    let (s, c) = sin_cos(angle_rad);
    Matrix3::new(c, 0.0, -s, 0.0, 1.0, 0.0, s, 0.0, c)
}

/// Rotation of the axes about z.
pub(super) fn turn_z(angle_rad: f64) -> Matrix3<f64> {
    let (s, c) = sin_cos(angle_rad);
    Matrix3::new(c, s, 0.0, -s, c, 0.0, 0.0, 0.0, 1.0)
}
