//! A sensor, as a message and back.

use geo::Site;
use geo::angle::RAD_PER_DEG;
use plot::{Coverage, Detection, Field, Quantity, Sensor, Sigmas};
use wire::messages;

use super::{ItemError, check, name};

/// The sensor as a message.
pub fn to_wire(sensor: &Sensor) -> messages::Sensor {
    let coverage = &sensor.coverage;
    let detection = &sensor.detection;
    messages::Sensor {
        name: sensor.name.to_string(),
        owner: sensor.owner.to_string(),
        place: Some(check::place_to(&sensor.site.geodetic())),
        measures: sensor
            .measures
            .iter()
            .filter_map(|quantity| Quantity::ALL.iter().position(|known| known == quantity))
            .map(|at| at as u32)
            .collect(),
        sigmas: check::sigmas_to(&sensor.sigmas),
        bias_sigmas: check::sigmas_to(&sensor.bias_sigmas),
        time_bias_sigma_s: sensor.time_bias_sigma_s,
        coverage: (*coverage != Coverage::default()).then_some(messages::Coverage {
            range_max_m: coverage.range_max_m,
            azimuth_from_rad: coverage.azimuth_from_rad,
            azimuth_to_rad: coverage.azimuth_to_rad,
            elevation_min_rad: coverage.elevation_min_rad,
            elevation_max_rad: coverage.elevation_max_rad,
        }),
        scan_s: sensor.scan_s,
        latency_s: sensor.latency_s,
        detection: (*detection != Detection::default()).then_some(messages::Detection {
            probability: detection.probability,
            false_alarms_per_scan: detection.false_alarms_per_scan,
        }),
        data_source: sensor.data_source.map(|numbers| numbers.to_vec()),
    }
}

/// The sensor of a message. Errors: [`ItemError`].
pub fn of_wire(sensor: messages::Sensor) -> Result<Sensor, ItemError> {
    let coverage = sensor.coverage.unwrap_or_default();
    let detection = sensor.detection.unwrap_or_default();
    let data_source = sensor.data_source.map(|numbers| {
        let two = <[u8; 2]>::try_from(&numbers[..]);
        two.map_err(|_| ItemError::Count {
            field: "data_source",
            count: numbers.len(),
            expected: "2",
        })
    });
    Ok(Sensor {
        name: name("name", sensor.name)?,
        owner: name("owner", sensor.owner)?,
        site: Site::new(check::place(sensor.place)?),
        measures: measures(&sensor.measures)?,
        sigmas: check::sigmas(sensor.sigmas)?,
        bias_sigmas: biases(sensor.bias_sigmas)?,
        time_bias_sigma_s: check::optional(Field::TimeBiasSigmaS, sensor.time_bias_sigma_s)?,
        coverage: Coverage {
            range_max_m: check::optional(Field::RangeMaxM, coverage.range_max_m)?,
            azimuth_from_rad: check::optional_azimuth(Field::AzimuthFromDeg, coverage.azimuth_from_rad)?,
            azimuth_to_rad: check::optional_azimuth(Field::AzimuthToDeg, coverage.azimuth_to_rad)?,
            elevation_min_rad: check::optional_angle(Field::ElevationMinDeg, coverage.elevation_min_rad)?,
            elevation_max_rad: check::optional_angle(Field::ElevationMaxDeg, coverage.elevation_max_rad)?,
        },
        scan_s: check::optional(Field::ScanS, sensor.scan_s)?,
        latency_s: check::optional(Field::LatencyS, sensor.latency_s)?,
        detection: Detection {
            probability: check::optional(Field::ProbabilityOfDetection, detection.probability)?,
            false_alarms_per_scan: check::optional(Field::FalseAlarmsPerScan, detection.false_alarms_per_scan)?,
        },
        data_source: data_source.transpose()?,
    })
}

/// What it measures: each once, ascending.
fn measures(places: &[u32]) -> Result<Vec<Quantity>, ItemError> {
    let ascends = places.is_sorted_by(|one, next| one < next);
    check::count("measures", places.len(), ascends, "each once, ascending")?;
    let quantity = |at: &u32| {
        let known = usize::try_from(*at).ok().and_then(|at| Quantity::ALL.get(at).copied());
        known.ok_or(ItemError::Number {
            field: "measures",
            value: f64::from(*at),
            expected: "0 to 5",
        })
    };
    places.iter().map(quantity).collect()
}

/// Standard deviations of constant errors, whose limits have names of their own.
fn biases(given: Option<messages::Sigmas>) -> Result<Sigmas, ItemError> {
    let checked = check::sigmas(given)?;
    check::optional(Field::RangeBiasSigmaM, checked.range_m)?;
    let degrees = |rad: Option<f64>| rad.map(|rad| rad / RAD_PER_DEG);
    check::optional(Field::AzimuthBiasSigmaDeg, degrees(checked.azimuth_rad))?;
    check::optional(Field::ElevationBiasSigmaDeg, degrees(checked.elevation_rad))?;
    check::optional(Field::RangeRateBiasSigmaMps, checked.range_rate_mps)?;
    Ok(checked)
}
