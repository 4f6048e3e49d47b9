//! Writing sensor files.

use std::io::Write;

use plot::{Field, Sensor, Sensors};

use super::{DATA_SOURCE, FIELDS, MEASURES, NAME, OWNER};
use crate::degrees::{of_azimuth, of_rad};
use crate::text::is_name;
use crate::{Refusal, WriteError};

/// Writes a sensor file that reads as the same sensors; hand over a buffered writer.
///
/// Errors: [`WriteError`], where a sensor could not be read again, or the writer failed.
pub fn write_sensors(mut output: impl Write, sensors: &Sensors) -> Result<(), WriteError> {
    for (i, sensor) in sensors.as_slice().iter().enumerate() {
        let mut text = String::new();
        push(&mut text, sensor)?;
        if i > 0 {
            output.write_all(b"\n")?;
        }
        output.write_all(text.as_bytes())?;
    }
    Ok(output.flush()?)
}

fn push(text: &mut String, sensor: &Sensor) -> Result<(), WriteError> {
    text.push_str("[[sensor]]\n");
    for (key, name) in [(NAME, &sensor.name), (OWNER, &sensor.owner)] {
        if !is_name(name) {
            return Err(WriteError::Name {
                column: key,
                text: name.clone(),
            });
        }
        let escaped = name.replace('\\', "\\\\").replace('"', "\\\"");
        text.push_str(&format!("{key} = \"{escaped}\"\n"));
    }
    if sensor.measures.is_empty() {
        return Err(WriteError::Empty);
    }
    let mut buffer = zmij::Buffer::new();
    for field in FIELDS {
        if let Some(value) = number(sensor, field) {
            let value = field.check(value).map_err(WriteError::Limits)?;
            text.push_str(&format!("{} = {}\n", field.name(), buffer.format_finite(value)));
        }
        if field == Field::HeightM {
            let words: Vec<String> = sensor.measures.iter().map(|q| format!("{:?}", q.name())).collect();
            text.push_str(&format!("{MEASURES} = [{}]\n", words.join(", ")));
        }
    }
    for (key, value) in DATA_SOURCE.iter().zip(sensor.data_source.iter().flatten()) {
        text.push_str(&format!("{key} = {value}\n"));
    }
    // What remains are rules between keys; the reader knows them all.
    match super::read_sensors(text.as_bytes(), &sensor.name) {
        Ok(_) => Ok(()),
        Err(super::SensorFileError::Faults { faults, .. }) => Err(WriteError::Sensor(faults)),
        Err(super::SensorFileError::Io { source, .. }) => Err(WriteError::Io(source)),
        Err(_) => Err(WriteError::Sensor(Vec::<Refusal>::new())),
    }
}

/// The number of a key, in the unit of files.
fn number(sensor: &Sensor, field: Field) -> Option<f64> {
    let place = sensor.site.geodetic();
    let (sigmas, biases, coverage) = (&sensor.sigmas, &sensor.bias_sigmas, &sensor.coverage);
    match field {
        Field::LatDeg => Some(of_rad(place.lat_rad)),
        Field::LonDeg => Some(of_rad(place.lon_rad)),
        Field::HeightM => Some(place.height_m),
        Field::RangeSigmaM => sigmas.range_m,
        Field::AzimuthSigmaDeg => sigmas.azimuth_rad.map(of_rad),
        Field::ElevationSigmaDeg => sigmas.elevation_rad.map(of_rad),
        Field::RangeRateSigmaMps => sigmas.range_rate_mps,
        Field::PositionSigmaM => sigmas.position_m,
        Field::HeightSigmaM => sigmas.height_m,
        Field::VelocitySigmaMps => sigmas.velocity_mps,
        Field::RangeBiasSigmaM => biases.range_m,
        Field::AzimuthBiasSigmaDeg => biases.azimuth_rad.map(of_rad),
        Field::ElevationBiasSigmaDeg => biases.elevation_rad.map(of_rad),
        Field::RangeRateBiasSigmaMps => biases.range_rate_mps,
        Field::TimeBiasSigmaS => sensor.time_bias_sigma_s,
        Field::RangeMaxM => coverage.range_max_m,
        Field::AzimuthFromDeg => coverage.azimuth_from_rad.map(of_azimuth),
        Field::AzimuthToDeg => coverage.azimuth_to_rad.map(of_azimuth),
        Field::ElevationMinDeg => coverage.elevation_min_rad.map(of_rad),
        Field::ElevationMaxDeg => coverage.elevation_max_rad.map(of_rad),
        Field::ScanS => sensor.scan_s,
        Field::LatencyS => sensor.latency_s,
        Field::ProbabilityOfDetection => sensor.detection.probability,
        Field::FalseAlarmsPerScan => sensor.detection.false_alarms_per_scan,
        _ => None,
    }
}
