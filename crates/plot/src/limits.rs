//! What a measured value may be. Outside these limits it is a fault of the source (a unit, a sign, a missing value).

use std::fmt;

/// A measured or stated quantity, by the name and unit it has in files and messages.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "each is its own name, see Field::name")]
pub enum Field {
    RangeM,
    AzimuthDeg,
    ElevationDeg,
    RangeRateMps,
    LatDeg,
    LonDeg,
    HeightM,
    EastMps,
    NorthMps,
    UpMps,
    RangeSigmaM,
    AzimuthSigmaDeg,
    ElevationSigmaDeg,
    RangeRateSigmaMps,
    PositionSigmaM,
    HeightSigmaM,
    VelocitySigmaMps,
    SnrDb,
}

/// The row of one field: name in files, smallest and largest value, and the limits in words.
struct Limits {
    name: &'static str,
    min: f64,
    max: f64,
    words: &'static str,
}

impl Field {
    const fn limits(self) -> Limits {
        const fn row(name: &'static str, min: f64, max: f64, words: &'static str) -> Limits {
            Limits { name, min, max, words }
        }
        // Distances reach to lunar range; speeds to well above escape velocity.
        match self {
            Self::RangeM => row("range_m", 0.0, 5e8, "metres from 0 to 5e8"),
            Self::AzimuthDeg => row(
                "azimuth_deg",
                -180.0,
                360.0,
                "degrees from -180 to 360, clockwise from true north",
            ),
            Self::ElevationDeg => row("elevation_deg", -90.0, 90.0, "degrees from -90 to 90"),
            Self::RangeRateMps => row("range_rate_mps", -2e4, 2e4, "metres per second from -20000 to 20000"),
            Self::LatDeg => row("lat_deg", -90.0, 90.0, "degrees from -90 to 90"),
            Self::LonDeg => row("lon_deg", -180.0, 360.0, "degrees from -180 to 360"),
            Self::HeightM => row("height_m", -1.2e4, 5e8, "metres from -12000 to 5e8"),
            Self::EastMps => row("east_mps", -2e4, 2e4, "metres per second from -20000 to 20000"),
            Self::NorthMps => row("north_mps", -2e4, 2e4, "metres per second from -20000 to 20000"),
            Self::UpMps => row("up_mps", -2e4, 2e4, "metres per second from -20000 to 20000"),
            Self::RangeSigmaM => row("range_sigma_m", 1e-6, 1e6, "metres above 0 up to 1e6"),
            Self::AzimuthSigmaDeg => row("azimuth_sigma_deg", 1e-9, 90.0, "degrees above 0 up to 90"),
            Self::ElevationSigmaDeg => row("elevation_sigma_deg", 1e-9, 90.0, "degrees above 0 up to 90"),
            Self::RangeRateSigmaMps => row("range_rate_sigma_mps", 1e-6, 1e4, "metres per second above 0 up to 1e4"),
            Self::PositionSigmaM => row("position_sigma_m", 1e-6, 1e6, "metres above 0 up to 1e6"),
            Self::HeightSigmaM => row("height_sigma_m", 1e-6, 1e6, "metres above 0 up to 1e6"),
            Self::VelocitySigmaMps => row("velocity_sigma_mps", 1e-6, 1e4, "metres per second above 0 up to 1e4"),
            Self::SnrDb => row("snr_db", -100.0, 200.0, "decibels from -100 to 200"),
        }
    }

    /// The name in files and messages, unit last.
    pub const fn name(self) -> &'static str {
        self.limits().name
    }

    /// The allowed values, in words.
    pub const fn expected(self) -> &'static str {
        self.limits().words
    }

    /// Returns the value if it is finite and within the limits.
    pub fn check(self, value: f64) -> Result<f64, LimitError> {
        let limits = self.limits();
        if (limits.min..=limits.max).contains(&value) {
            Ok(value)
        } else {
            Err(LimitError { field: self, value })
        }
    }
}

/// A value outside its physical limits, or not a finite number.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct LimitError {
    /// Which quantity.
    pub field: Field,
    /// The offending value, in the unit of the field's name.
    pub value: f64,
}

impl fmt::Display for LimitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} is {}, expected {}",
            self.field.name(),
            self.value,
            self.field.expected()
        )
    }
}

impl std::error::Error for LimitError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_edge_is_allowed_and_beyond_is_not() {
        for (field, good, bad) in [
            (Field::AzimuthDeg, 360.0, 361.0),
            (Field::ElevationDeg, -90.0, -91.0),
            (Field::RangeM, 0.0, -1.0),
            (Field::RangeSigmaM, 1e-6, 0.0),
            (Field::LatDeg, 90.0, f64::NAN),
            (Field::HeightM, 5e8, f64::INFINITY),
        ] {
            assert_eq!(field.check(good), Ok(good));
            assert!(field.check(bad).is_err(), "{} {bad}", field.name());
        }
    }
}
