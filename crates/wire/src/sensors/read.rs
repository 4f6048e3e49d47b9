//! Reading sensor files: every fault of a file is found, not only the first.

use std::collections::HashMap;
use std::io::{self, Read};
use std::ops::Range;
use std::sync::Arc;

use geo::Geodetic;
use geo::angle::RAD_PER_DEG;
use plot::{Coverage, Detection, Field, Quantity, Sensor, Sensors, Sigmas};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{DATA_SOURCE, FIELDS, KEYS, MEASURES, NAME, OWNER};
use crate::degrees;
use crate::faults::{Faults, number};
use crate::{Reason, Refusal};

/// The most bytes a sensor file may have.
pub const SENSOR_FILE_BYTES_MAX: usize = 16 << 20;
/// The words of `measures`.
const QUANTITIES: [&str; Quantity::ALL.len()] = {
    let mut words = [""; Quantity::ALL.len()];
    let mut i = 0;
    while i < words.len() {
        words[i] = Quantity::ALL[i].name();
        i += 1;
    }
    words
};

/// Why a sensor file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum SensorFileError {
    /// The reader failed.
    #[error("{file}: {source}")]
    Io {
        /// The display name of the file.
        file: Arc<str>,
        /// What the reader said.
        source: io::Error,
    },
    /// It is longer than [`SENSOR_FILE_BYTES_MAX`].
    #[error("{file}: the file is longer than {SENSOR_FILE_BYTES_MAX} bytes, which no sensor file is")]
    TooLong {
        /// The display name of the file.
        file: Arc<str>,
    },
    /// It is not text.
    #[error("{file}: the file is not UTF-8 text, expected TOML with [[sensor]]")]
    Utf8 {
        /// The display name of the file.
        file: Arc<str>,
    },
    /// Its content is at fault; all that was found, in the order of lines.
    #[error("{}", lines(faults))]
    Faults {
        /// The display name of the file.
        file: Arc<str>,
        /// At least one.
        faults: Vec<Refusal>,
    },
}

fn lines(faults: &[Refusal]) -> String {
    faults.iter().map(Refusal::to_string).collect::<Vec<_>>().join("\n")
}

/// Reads a sensor file; `name` is for messages.
///
/// A sector of a whole turn (`azimuth_from_deg = 0`, `azimuth_to_deg = 360`) is read as no sector.
///
/// Errors: [`SensorFileError`]; with [`SensorFileError::Faults`] all faults of the file.
pub fn read_sensors(input: impl Read, name: &str) -> Result<Sensors, SensorFileError> {
    let file: Arc<str> = name.into();
    let mut bytes = Vec::new();
    let limit = SENSOR_FILE_BYTES_MAX as u64 + 1;
    if let Err(source) = input.take(limit).read_to_end(&mut bytes) {
        return Err(SensorFileError::Io { file, source });
    }
    if bytes.len() as u64 == limit {
        return Err(SensorFileError::TooLong { file });
    }
    let Ok(text) = std::str::from_utf8(&bytes) else {
        return Err(SensorFileError::Utf8 { file });
    };
    let mut faults = Faults::new(text, file.clone());
    let sensors = document(&mut faults);
    match faults.finish() {
        Ok(()) => Ok(sensors),
        Err(faults) => Err(SensorFileError::Faults { file, faults }),
    }
}

fn document(faults: &mut Faults) -> Sensors {
    let mut sensors = Sensors::default();
    let Some(table) = faults.parse() else {
        return sensors;
    };
    const TABLES: &[&str] = &["sensor"];
    let mut any = false;
    for (key, value) in table.get_ref() {
        if key.get_ref() != TABLES[0] {
            faults.unknown(key.get_ref(), key.span(), TABLES);
            continue;
        }
        any = true;
        let tables = value.get_ref().as_array().filter(|list| !list.is_empty());
        let Some(tables) = tables else {
            let reason = Reason::Kind("[[sensor]] with two brackets, once for each sensor");
            faults.key(TABLES[0], key.span(), reason);
            continue;
        };
        for table in tables.iter() {
            let span = table.span();
            match table.get_ref().as_table() {
                Some(entries) => sensor(entries, span, &mut sensors, faults),
                None => faults.value(TABLES[0], span, Reason::Kind("a table of keys")),
            }
        }
    }
    if !any && faults.count() == 0 {
        faults.whole(0..0, Reason::MissingKey("[[sensor]]"));
    }
    sensors
}

/// What one `[[sensor]]` says.
#[derive(Default)]
struct Said<'a> {
    name: Option<&'a str>,
    owner: Option<&'a str>,
    measures: Option<Vec<Quantity>>,
    data_source: [Option<u8>; 2],
    numbers: HashMap<&'static str, (f64, Range<usize>)>,
}

/// Reads one `[[sensor]]` and adds it, unless it has faults.
fn sensor(table: &DeTable, span: Range<usize>, sensors: &mut Sensors, faults: &mut Faults) {
    let faults_before = faults.count();
    let mut said = Said::default();
    let mut name_span = span.clone();
    for (key, value) in table {
        match key.get_ref().as_ref() {
            NAME => {
                said.name = faults.name(NAME, value);
                name_span = value.span();
            }
            OWNER => said.owner = faults.name(OWNER, value),
            MEASURES => said.measures = measures(value, faults),
            "sac" => said.data_source[0] = octet(DATA_SOURCE[0], value, faults),
            "sic" => said.data_source[1] = octet(DATA_SOURCE[1], value, faults),
            other => match FIELDS.into_iter().find(|field| field.name() == other) {
                Some(field) => {
                    if let Some(number) = faults.field(field, value) {
                        said.numbers.insert(field.name(), (number, value.span()));
                    }
                }
                None => faults.unknown(other, key.span(), KEYS),
            },
        }
    }
    faults.missing(table, &span, &[NAME, OWNER, "lat_deg", "lon_deg", "height_m", MEASURES]);
    for [key, other] in [DATA_SOURCE, [DATA_SOURCE[1], DATA_SOURCE[0]]] {
        if let Some((at, _)) = table.get_key_value(key)
            && !table.contains_key(other)
        {
            faults.key(key, at.span(), Reason::KeyWithout(other));
        }
    }
    let coverage = said.coverage(faults);
    if faults.count() > faults_before {
        return;
    }
    if let Some(sensor) = said.sensor(coverage)
        && sensors.insert(sensor).is_err()
    {
        faults.value(NAME, name_span, Reason::DuplicateSensor);
    }
}

/// Reads a whole number from 0 to 255, or notes that it is none.
fn octet(key: &'static str, value: &Spanned<DeValue>, faults: &mut Faults) -> Option<u8> {
    let whole = |number: f64| (0.0..=255.0).contains(&number) && number.fract() == 0.0;
    let found = number(value.get_ref()).filter(|number| whole(*number));
    if found.is_none() {
        faults.value(key, value.span(), Reason::Kind("a whole number from 0 to 255"));
    }
    found.map(|number| number as u8)
}

/// Reads `["range", "azimuth"]`: sorted, each once.
fn measures(value: &Spanned<DeValue>, faults: &mut Faults) -> Option<Vec<Quantity>> {
    let list = value.get_ref().as_array().filter(|list| !list.is_empty());
    let Some(list) = list else {
        let words = Reason::Kind("a list such as [\"range\", \"azimuth\", \"elevation\"]");
        faults.value(MEASURES, value.span(), words);
        return None;
    };
    let mut quantities = Vec::new();
    for word in list.iter() {
        let name = faults.word(MEASURES, word, &QUANTITIES);
        quantities.extend(Quantity::ALL.into_iter().find(|quantity| Some(quantity.name()) == name));
    }
    quantities.sort_unstable();
    quantities.dedup();
    Some(quantities)
}

impl Said<'_> {
    fn get(&self, field: Field) -> Option<f64> {
        self.numbers.get(field.name()).map(|(number, _)| *number)
    }

    fn rad(&self, field: Field) -> Option<f64> {
        self.get(field).map(|deg| deg * RAD_PER_DEG)
    }

    fn coverage(&self, faults: &mut Faults) -> Coverage {
        let mut coverage = Coverage {
            range_max_m: self.get(Field::RangeMaxM),
            azimuth_from_rad: self.get(Field::AzimuthFromDeg).map(degrees::azimuth_rad),
            azimuth_to_rad: self.get(Field::AzimuthToDeg).map(degrees::azimuth_rad),
            elevation_min_rad: self.rad(Field::ElevationMinDeg),
            elevation_max_rad: self.rad(Field::ElevationMaxDeg),
        };
        let (from, to) = (Field::AzimuthFromDeg.name(), Field::AzimuthToDeg.name());
        match (self.numbers.get(from), self.numbers.get(to)) {
            (Some((from_deg, _)), Some((to_deg, _))) if (to_deg - from_deg).abs() >= 360.0 => {
                coverage.azimuth_from_rad = None;
                coverage.azimuth_to_rad = None;
            }
            (Some(_), Some((_, span))) if coverage.azimuth_from_rad == coverage.azimuth_to_rad => {
                faults.value(to, span.clone(), Reason::Kind("another azimuth than azimuth_from_deg"));
            }
            (Some((_, span)), None) => faults.key(from, span.clone(), Reason::KeyWithout(to)),
            (None, Some((_, span))) => faults.key(to, span.clone(), Reason::KeyWithout(from)),
            _ => {}
        }
        let (min, max) = (Field::ElevationMinDeg.name(), Field::ElevationMaxDeg.name());
        if let (Some((min_deg, _)), Some((max_deg, span))) = (self.numbers.get(min), self.numbers.get(max))
            && min_deg >= max_deg
        {
            faults.value(max, span.clone(), Reason::Interval(min));
        }
        coverage
    }

    fn sensor(self, coverage: Coverage) -> Option<Sensor> {
        let place = Geodetic::from_degrees(
            self.get(Field::LatDeg)?,
            degrees::longitude_deg(self.get(Field::LonDeg)?),
            self.get(Field::HeightM)?,
        );
        let mut sensor = Sensor::new(self.name?, self.owner?, place);
        sensor.sigmas = Sigmas {
            range_m: self.get(Field::RangeSigmaM),
            azimuth_rad: self.rad(Field::AzimuthSigmaDeg),
            elevation_rad: self.rad(Field::ElevationSigmaDeg),
            range_rate_mps: self.get(Field::RangeRateSigmaMps),
            position_m: self.get(Field::PositionSigmaM),
            height_m: self.get(Field::HeightSigmaM),
            velocity_mps: self.get(Field::VelocitySigmaMps),
        };
        sensor.bias_sigmas = Sigmas {
            range_m: self.get(Field::RangeBiasSigmaM),
            azimuth_rad: self.rad(Field::AzimuthBiasSigmaDeg),
            elevation_rad: self.rad(Field::ElevationBiasSigmaDeg),
            range_rate_mps: self.get(Field::RangeRateBiasSigmaMps),
            ..Sigmas::default()
        };
        sensor.time_bias_sigma_s = self.get(Field::TimeBiasSigmaS);
        sensor.coverage = coverage;
        sensor.scan_s = self.get(Field::ScanS);
        sensor.latency_s = self.get(Field::LatencyS);
        sensor.detection = Detection {
            probability: self.get(Field::ProbabilityOfDetection),
            false_alarms_per_scan: self.get(Field::FalseAlarmsPerScan),
        };
        sensor.data_source = self.data_source[0].zip(self.data_source[1]).map(<[u8; 2]>::from);
        sensor.measures = self.measures?;
        Some(sensor)
    }
}
