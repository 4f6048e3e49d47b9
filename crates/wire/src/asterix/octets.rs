//! Numbers and texts in the octets of an item.

use std::fmt;

use geo::angle::RAD_PER_DEG;

/// Metres in a nautical mile.
pub(super) const NM_M: f64 = 1852.0;
/// Metres in a foot.
pub(super) const FT_M: f64 = 0.3048;
/// Metres in a quarter of a flight level (25 ft), the step of most reported heights.
pub(super) const QUARTER_LEVEL_M: f64 = 25.0 * FT_M;
/// Metres per second in a knot.
pub(super) const KT_MPS: f64 = NM_M / 3600.0;
/// Radians in the 2^16th of a turn.
pub(super) const TURN_16_RAD: f64 = 360.0 * RAD_PER_DEG / 65_536.0;

/// Returns some octets from a place on as a number, the first the highest; what is beyond the end is 0.
pub(super) fn unsigned(bytes: &[u8], at: usize, octets: usize) -> u32 {
    bytes
        .iter()
        .skip(at)
        .take(octets)
        .fold(0, |number, octet| number << 8 | u32::from(*octet))
}

/// Returns some octets from a place on as a number in two's complement.
pub(super) fn signed(bytes: &[u8], at: usize, octets: usize) -> i32 {
    extend(unsigned(bytes, at, octets), 8 * octets as u32)
}

/// Returns the lowest bits of a number, read as two's complement.
pub(super) fn extend(number: u32, bits: u32) -> i32 {
    ((number << (32 - bits)) as i32) >> (32 - bits)
}

/// Returns whether a bit of an octet is set, 8 the highest and 1 the lowest, as the specifications count.
pub(super) fn bit(octet: u8, number: u32) -> bool {
    octet >> (number - 1) & 1 == 1
}

/// Returns the octet at a place, 0 beyond the end.
pub(super) fn octet(bytes: &[u8], at: usize) -> u8 {
    bytes.get(at).copied().unwrap_or(0)
}

/// Returns a time of day (three octets, 1/128 s).
pub(super) fn time_of_day_s(bytes: &[u8]) -> f64 {
    f64::from(unsigned(bytes, 0, 3)) / 128.0
}

/// The eight characters of an aircraft identification (call sign or registration).
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub struct Callsign([u8; 8]);

impl Callsign {
    /// Reads six octets of eight characters of six bits.
    ///
    /// Source: ICAO Annex 10 vol. IV, 3.1.2.9.1.2 (table 3-9); what is no character there becomes `?`.
    pub(super) fn read(bytes: &[u8]) -> Self {
        let high = u64::from(unsigned(bytes, 0, 3));
        let all = high << 24 | u64::from(unsigned(bytes, 3, 3));
        Self(std::array::from_fn(|i| match (all >> (42 - 6 * i) & 0x3f) as u8 {
            letter @ 1..=26 => b'A' + letter - 1,
            0 | 32 => b' ',
            digit @ 48..=57 => digit,
            _ => b'?',
        }))
    }

    /// The text, without the spaces that fill it.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("").trim()
    }
}

impl fmt::Display for Callsign {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_extended_by_their_sign() {
        assert_eq!(unsigned(&[1, 2, 3, 4], 1, 2), 0x0203);
        assert_eq!(unsigned(&[1], 0, 3), 1);
        assert_eq!(signed(&[0xff, 0xfe], 0, 2), -2);
        assert_eq!(signed(&[0x80, 0, 0], 0, 3), -8_388_608);
        assert_eq!(signed(&[0x80, 0, 0, 0], 0, 4), i32::MIN);
        assert_eq!(extend(0x3fff, 14), -1);
        assert_eq!(extend(0x1fff, 14), 8191);
    }

    #[test]
    fn callsigns_lose_their_filling() {
        let sign = Callsign::read(&[0x10, 0xc2, 0x36, 0xd4, 0x18, 0x20]);
        assert_eq!(sign.to_string(), "DLH65A");
        assert_eq!(Callsign::read(&[0; 6]).as_str(), "");
        // 63 is no character.
        assert_eq!(Callsign::read(&[0xff; 6]).as_str(), "????????");
    }
}
