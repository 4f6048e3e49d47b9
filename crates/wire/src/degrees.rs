//! Degrees of files, radians of values, and back without a lost bit.

use std::f64::consts::TAU;

use geo::angle::RAD_PER_DEG;

/// Returns an azimuth of a file (-180 to 360 degrees) in [0, 2π) radians.
///
/// It is turned in degrees, so that [`of_azimuth`] finds degrees that read as the same bits.
pub(crate) fn azimuth_rad(azimuth_deg: f64) -> f64 {
    let turned = if azimuth_deg < 0.0 {
        azimuth_deg + 360.0
    } else {
        azimuth_deg
    };
    let rad = turned * RAD_PER_DEG;
    if rad >= TAU { 0.0 } else { rad }
}

/// Returns a longitude of a file (-180 to 360 degrees) in degrees in [-180, 180).
pub(crate) fn longitude_deg(lon_deg: f64) -> f64 {
    if lon_deg >= 180.0 { lon_deg - 360.0 } else { lon_deg }
}

/// Returns degrees that read back as the same radians, the shortest text of those there are.
///
/// Multiplying by π/180 skips some doubles: an angle that was computed in radians may have no such degrees, and then
/// comes back within one unit in the last place. One that was read from degrees always has.
pub(crate) fn of_rad(angle_rad: f64) -> f64 {
    let middle = angle_rad / RAD_PER_DEG;
    let mut text = zmij::Buffer::new();
    [
        middle,
        middle.next_up(),
        middle.next_down(),
        middle.next_up().next_up(),
        middle.next_down().next_down(),
    ]
    .into_iter()
    .filter(|candidate| (candidate * RAD_PER_DEG).to_bits() == angle_rad.to_bits())
    .min_by_key(|candidate| text.format(*candidate).len())
    .unwrap_or(middle)
}

/// Returns the degrees in [0, 360) of an azimuth in [0, 2π), see [`of_rad`].
pub(crate) fn of_azimuth(azimuth_rad: f64) -> f64 {
    of_rad(azimuth_rad).min(360.0_f64.next_down())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn degrees_of_a_file_come_back_to_the_last_bit(deg in -180.0..=360.0_f64) {
            let rad = azimuth_rad(deg);
            prop_assert!((0.0..TAU).contains(&rad));
            prop_assert_eq!(azimuth_rad(of_azimuth(rad)).to_bits(), rad.to_bits());
            let elevation_rad = deg / 4.0 * RAD_PER_DEG;
            prop_assert_eq!((of_rad(elevation_rad) * RAD_PER_DEG).to_bits(), elevation_rad.to_bits());
        }

        #[test]
        fn short_degrees_stay_short(millionths in 0..360_000_000_u32) {
            let deg = f64::from(millionths) / 1e6;
            prop_assert_eq!(of_azimuth(azimuth_rad(deg)), deg);
        }

        #[test]
        fn radians_come_back_within_one_unit(rad in 0.0..TAU) {
            let back = azimuth_rad(of_azimuth(rad));
            prop_assert!(back == rad || back == rad.next_up() || back == rad.next_down(), "{} {}", rad, back);
        }
    }

    #[test]
    fn the_circle_closes() {
        assert_eq!(azimuth_rad(360.0), 0.0);
        assert_eq!(azimuth_rad(-1e-20), 0.0);
        assert!(azimuth_rad(360.0_f64.next_down()) < TAU);
        assert!(azimuth_rad(of_azimuth(TAU.next_down())) > 6.2);
        assert_eq!(longitude_deg(253.5), -106.5);
        assert_eq!(longitude_deg(180.0), -180.0);
        assert_eq!(longitude_deg(-180.0), -180.0);
    }
}
