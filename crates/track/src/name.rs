//! Names of tracks: from the first plot, never from a counter, so that every node with the same plots says the same.

use std::fmt;

use plot::{Measurement, Plot};

/// The name of a track.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(u64);

/// Digits without those that look alike. Source: Crockford, Base 32.
const DIGITS: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

impl Name {
    /// The name of the track that begins with a plot.
    pub fn of(plot: &Plot) -> Self {
        Self(digest(plot))
    }

    /// The name of the track that begins with several plots, by the name that each alone would give; in any order.
    pub fn together(names: impl Iterator<Item = Self>) -> Self {
        Self(names.fold(0, |sum, name| sum.wrapping_add(name.0)))
    }

    /// All 64 bits of it; what is printed has 40.
    pub const fn digest(self) -> u64 {
        self.0
    }

    /// The name of the track that begins with something of a digest.
    pub(crate) fn of_digest(digest: u64) -> Self {
        Self(digest)
    }
}

/// A number that tells plots apart: equal for equal plots, and hardly ever for others.
///
/// Source: Fowler, Noll & Vo, FNV-1a of 64 bits, with the finaliser of SplitMix64 (Steele, Lea & Flood 2014).
pub(crate) fn digest(plot: &Plot) -> u64 {
    let sensor = plot.sensor.bytes().chain(plot.time.tai_ns().to_le_bytes());
    let values = values(&plot.measurement).into_iter();
    let measured = values.flat_map(|value| value.to_bits().to_le_bytes());
    digest_of(
        sensor
            .chain(measured)
            .chain(plot.target.as_deref().unwrap_or("").bytes()),
    )
}

/// The same of any bytes.
pub(crate) fn digest_of(bytes: impl Iterator<Item = u8>) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in bytes {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

/// What was measured, as numbers; NaN of what was not.
fn values(measurement: &Measurement) -> [f64; 6] {
    const NONE: f64 = f64::NAN;
    match measurement {
        Measurement::Polar(polar) => {
            let [a, b, c, d] = [
                polar.range_m,
                polar.azimuth_rad,
                polar.elevation_rad,
                polar.range_rate_mps,
            ];
            [a, b, c, d, polar.pressure_altitude_m, None].map(|value| value.unwrap_or(NONE))
        }
        Measurement::Position(fix) => {
            let place = fix.geodetic;
            let [east, north, up] = fix.velocity.map_or([NONE; 3], |velocity| velocity.to_array());
            [place.lat_rad, place.lon_rad, place.height_m, east, north, up]
        }
    }
}

/// Eight digits, `k3x9-7q2f`.
impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for place in 0..8 {
            if place == 4 {
                f.write_str("-")?;
            }
            let digit = (self.0 >> (5 * (7 - place))) & 31;
            write!(f, "{}", char::from(DIGITS[digit as usize]))?;
        }
        Ok(())
    }
}
