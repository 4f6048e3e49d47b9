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
    PressureAltitudeM,
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
    RangeBiasSigmaM,
    AzimuthBiasSigmaDeg,
    ElevationBiasSigmaDeg,
    RangeRateBiasSigmaMps,
    TimeBiasSigmaS,
    RangeMaxM,
    AzimuthFromDeg,
    AzimuthToDeg,
    ElevationMinDeg,
    ElevationMaxDeg,
    ScanS,
    LatencyS,
    ProbabilityOfDetection,
    FalseAlarmsPerScan,
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
        const TURN: &str = "degrees from -180 to 360, clockwise from true north";
        const RIGHT: &str = "degrees from -90 to 90";
        const SPEED: &str = "metres per second from -20000 to 20000";
        const SIGMA_M: &str = "metres above 0 up to 1e6";
        const SIGMA_DEG: &str = "degrees above 0 up to 90";
        const SIGMA_MPS: &str = "metres per second above 0 up to 1e4";
        // Distances reach to lunar range; speeds to well above escape velocity.
        match self {
            Self::RangeM => row("range_m", 0.0, 5e8, "metres from 0 to 5e8"),
            Self::AzimuthDeg => row("azimuth_deg", -180.0, 360.0, TURN),
            Self::ElevationDeg => row("elevation_deg", -90.0, 90.0, RIGHT),
            Self::RangeRateMps => row("range_rate_mps", -2e4, 2e4, SPEED),
            Self::PressureAltitudeM => row("pressure_altitude_m", -2e3, 5e4, "metres from -2000 to 50000"),
            Self::LatDeg => row("lat_deg", -90.0, 90.0, RIGHT),
            Self::LonDeg => row("lon_deg", -180.0, 360.0, "degrees from -180 to 360"),
            Self::HeightM => row("height_m", -1.2e4, 5e8, "metres from -12000 to 5e8"),
            Self::EastMps => row("east_mps", -2e4, 2e4, SPEED),
            Self::NorthMps => row("north_mps", -2e4, 2e4, SPEED),
            Self::UpMps => row("up_mps", -2e4, 2e4, SPEED),
            Self::RangeSigmaM => row("range_sigma_m", 1e-6, 1e6, SIGMA_M),
            Self::AzimuthSigmaDeg => row("azimuth_sigma_deg", 1e-9, 90.0, SIGMA_DEG),
            Self::ElevationSigmaDeg => row("elevation_sigma_deg", 1e-9, 90.0, SIGMA_DEG),
            Self::RangeRateSigmaMps => row("range_rate_sigma_mps", 1e-6, 1e4, SIGMA_MPS),
            Self::PositionSigmaM => row("position_sigma_m", 1e-6, 1e6, SIGMA_M),
            Self::HeightSigmaM => row("height_sigma_m", 1e-6, 1e6, SIGMA_M),
            Self::VelocitySigmaMps => row("velocity_sigma_mps", 1e-6, 1e4, SIGMA_MPS),
            Self::SnrDb => row("snr_db", -100.0, 200.0, "decibels from -100 to 200"),
            Self::RangeBiasSigmaM => row("range_bias_sigma_m", 1e-6, 1e6, SIGMA_M),
            Self::AzimuthBiasSigmaDeg => row("azimuth_bias_sigma_deg", 1e-9, 90.0, SIGMA_DEG),
            Self::ElevationBiasSigmaDeg => row("elevation_bias_sigma_deg", 1e-9, 90.0, SIGMA_DEG),
            Self::RangeRateBiasSigmaMps => row("range_rate_bias_sigma_mps", 1e-6, 1e4, SIGMA_MPS),
            Self::TimeBiasSigmaS => row("time_bias_sigma_s", 1e-9, 1e5, "seconds above 0 up to 1e5"),
            Self::RangeMaxM => row("range_max_m", 1.0, 5e8, "metres from 1 to 5e8"),
            Self::AzimuthFromDeg => row("azimuth_from_deg", -180.0, 360.0, TURN),
            Self::AzimuthToDeg => row("azimuth_to_deg", -180.0, 360.0, TURN),
            Self::ElevationMinDeg => row("elevation_min_deg", -90.0, 90.0, RIGHT),
            Self::ElevationMaxDeg => row("elevation_max_deg", -90.0, 90.0, RIGHT),
            Self::ScanS => row("scan_s", 1e-6, 1e5, "seconds above 0 up to 1e5"),
            Self::LatencyS => row("latency_s", 0.0, 1e5, "seconds from 0 to 1e5"),
            Self::ProbabilityOfDetection => row("probability_of_detection", 1e-6, 1.0, "a probability above 0 up to 1"),
            Self::FalseAlarmsPerScan => row("false_alarms_per_scan", 0.0, 1e6, "a number from 0 to 1e6"),
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
