//! Angles: wrapping, and the degrees of files and screens.

use std::f64::consts::{PI, TAU};

/// Radians in a degree.
pub const RAD_PER_DEG: f64 = PI / 180.0;

/// Returns the same direction in [-π, π).
///
/// ```
/// # use std::f64::consts::PI;
/// assert!((geo::angle::wrap_pi(1.5 * PI) + 0.5 * PI).abs() < 1e-15);
/// ```
#[inline]
pub fn wrap_pi(angle_rad: f64) -> f64 {
    if (-PI..PI).contains(&angle_rad) {
        return angle_rad;
    }
    let wrapped = angle_rad - TAU * (angle_rad / TAU).round();
    if wrapped >= PI { wrapped - TAU } else { wrapped }
}

/// Returns the same direction in [0, 2π).
#[inline]
pub fn wrap_tau(angle_rad: f64) -> f64 {
    let wrapped = angle_rad.rem_euclid(TAU);
    if wrapped >= TAU { 0.0 } else { wrapped }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrapping_keeps_the_direction_and_the_interval() {
        for k in -7..=7 {
            for angle_rad in [-3.0, -1e-18, 0.0, 1e-18, 0.5, 3.1] {
                let turned = angle_rad + TAU * f64::from(k);
                assert!((wrap_pi(turned) - angle_rad).abs() < 1e-13);
                assert!((-PI..PI).contains(&wrap_pi(turned)));
                assert!((0.0..TAU).contains(&wrap_tau(turned)));
            }
        }
        assert_eq!(wrap_pi(PI), -PI);
    }
}
