//! Sensor files: TOML with one `[[sensor]]` for each.

mod read;
mod write;

use plot::Field;

pub use read::{SENSOR_FILE_BYTES_MAX, SensorFileError, read_sensors};
pub use write::write_sensors;

/// The numbers a sensor may have, in the order of files.
const FIELDS: [Field; 24] = [
    Field::LatDeg,
    Field::LonDeg,
    Field::HeightM,
    Field::RangeSigmaM,
    Field::AzimuthSigmaDeg,
    Field::ElevationSigmaDeg,
    Field::RangeRateSigmaMps,
    Field::PositionSigmaM,
    Field::HeightSigmaM,
    Field::VelocitySigmaMps,
    Field::RangeBiasSigmaM,
    Field::AzimuthBiasSigmaDeg,
    Field::ElevationBiasSigmaDeg,
    Field::RangeRateBiasSigmaMps,
    Field::TimeBiasSigmaS,
    Field::RangeMaxM,
    Field::AzimuthFromDeg,
    Field::AzimuthToDeg,
    Field::ElevationMinDeg,
    Field::ElevationMaxDeg,
    Field::ScanS,
    Field::LatencyS,
    Field::ProbabilityOfDetection,
    Field::FalseAlarmsPerScan,
];

const NAME: &str = "name";
const OWNER: &str = "owner";
const MEASURES: &str = "measures";
/// System area code and system identification code in ASTERIX recordings.
const DATA_SOURCE: [&str; 2] = ["sac", "sic"];

/// All keys of a sensor.
const KEYS: &[&str] = &{
    let mut keys = [NAME; FIELDS.len() + 5];
    keys[1] = OWNER;
    keys[2] = MEASURES;
    keys[3] = DATA_SOURCE[0];
    keys[4] = DATA_SOURCE[1];
    let mut i = 0;
    while i < FIELDS.len() {
        keys[i + 5] = FIELDS[i].name();
        i += 1;
    }
    keys
};
