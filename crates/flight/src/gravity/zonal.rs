//! The Earth's mass as a point and its flattening: J2 to J4.

use geo::earth::{GM_M3PS2, SEMI_MAJOR_AXIS_M};
use nalgebra::{Matrix3, Vector3};

/// A field that is the same at every longitude: `U = GM/r [1 - Σ Jn (a/r)^n Pn(z/r)]`, n from 2 to 4.
///
/// Source: Vallado, Fundamentals of astrodynamics and applications (4th edition, 2013), section 8.6.1. The gradient is
/// taken through r and z/r, so nothing is singular at the poles.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Zonal {
    /// Gravitational constant times the Earth's mass.
    pub gm_m3ps2: f64,
    /// The radius the coefficients belong to.
    pub radius_m: f64,
    /// J2, not normalised.
    pub j2: f64,
    /// J3, not normalised.
    pub j3: f64,
    /// J4, not normalised.
    pub j4: f64,
}

impl Zonal {
    /// A point of the Earth's mass.
    pub const POINT: Self = Self {
        gm_m3ps2: GM_M3PS2,
        radius_m: SEMI_MAJOR_AXIS_M,
        j2: 0.0,
        j3: 0.0,
        j4: 0.0,
    };

    /// J2 to J4 with the mass and radius of WGS-84.
    ///
    /// J2 = √5 · 4.84165143790815e-4, J3 = -√7 · 9.57161207093473e-7, J4 = -√9 · 5.39965866638991e-7. Source: EGM2008
    /// (tide free; Pavlis et al. 2012, Journal of Geophysical Research 117), coefficients C20, C30, C40.
    pub const EARTH: Self = Self {
        j2: 1.082_626_173_852_223e-3,
        j3: -2.532_410_518_567_722e-6,
        j4: -1.619_897_599_916_973e-6,
        ..Self::POINT
    };

    /// Returns the acceleration (3), m/s², at a position (3), m, both in axes fixed to the Earth.
    pub fn acceleration(&self, position_m: &Vector3<f64>) -> Vector3<f64> {
        let slopes = Slopes::at(self, position_m);
        slopes.unit * (slopes.by_radius - slopes.sine / slopes.radius_m * slopes.by_sine)
            + Vector3::z() * (slopes.by_sine / slopes.radius_m)
    }

    /// Returns the gradient of the acceleration (3×3), 1/s², in axes fixed to the Earth; symmetric and without trace.
    pub fn gradient(&self, position_m: &Vector3<f64>) -> Matrix3<f64> {
        let s = Slopes::at(self, position_m);
        let (unit, r) = (s.unit, s.radius_m);
        let axis = Vector3::z();
        let sine_slope = (axis - unit * s.sine) / r;
        let mixed = unit * sine_slope.transpose();
        let tilt = axis * unit.transpose();
        let outer = unit * unit.transpose();
        outer * s.by_radius_radius
            + (mixed + mixed.transpose()) * s.by_radius_sine
            + sine_slope * sine_slope.transpose() * s.by_sine_sine
            + (Matrix3::identity() - outer) * (s.by_radius / r)
            - (tilt + tilt.transpose() + (Matrix3::identity() - outer * 3.0) * s.sine) * (s.by_sine / (r * r))
    }
}

/// The potential's slopes by radius r and by the sine s = z/r of the geocentric latitude.
struct Slopes {
    radius_m: f64,
    unit: Vector3<f64>,
    sine: f64,
    by_radius: f64,
    by_sine: f64,
    by_radius_radius: f64,
    by_radius_sine: f64,
    by_sine_sine: f64,
}

impl Slopes {
    fn at(field: &Zonal, position_m: &Vector3<f64>) -> Self {
        let radius_m = position_m.norm();
        let unit = position_m / radius_m;
        let s = unit.z;
        let s2 = s * s;
        let ratio = field.radius_m / radius_m;
        let ratio2 = ratio * ratio;
        // Per degree: factor Jn (a/r)^n, Pn(s), its first and its second derivative.
        let terms = [
            (2.0, field.j2 * ratio2, 0.5 * (3.0 * s2 - 1.0), 3.0 * s, 3.0),
            (
                3.0,
                field.j3 * ratio2 * ratio,
                0.5 * s * (5.0 * s2 - 3.0),
                0.5 * (15.0 * s2 - 3.0),
                15.0 * s,
            ),
            (
                4.0,
                field.j4 * ratio2 * ratio2,
                0.125 * ((35.0 * s2 - 30.0) * s2 + 3.0),
                0.5 * s * (35.0 * s2 - 15.0),
                0.5 * (105.0 * s2 - 15.0),
            ),
        ];
        let mut sums = [0.0; 5];
        for (n, factor, p, p1, p2) in terms {
            sums[0] += (n + 1.0) * factor * p;
            sums[1] += factor * p1;
            sums[2] += (n + 1.0) * (n + 2.0) * factor * p;
            sums[3] += (n + 1.0) * factor * p1;
            sums[4] += factor * p2;
        }
        let potential = field.gm_m3ps2 / radius_m;
        Self {
            radius_m,
            unit,
            sine: s,
            by_radius: -potential / radius_m * (1.0 - sums[0]),
            by_sine: -potential * sums[1],
            by_radius_radius: potential / (radius_m * radius_m) * (2.0 - sums[2]),
            by_radius_sine: potential / radius_m * sums[3],
            by_sine_sine: -potential * sums[4],
        }
    }
}
