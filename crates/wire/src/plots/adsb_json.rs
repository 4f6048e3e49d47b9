//! ADS-B recordings as JSON: a list of objects, one for each position of an aircraft, as libraries for air traffic
//! write them (`timestamp`, `latitude`, `longitude`, `altitude` in feet, `icao24`). Read only.
//!
//! Speed, track and rate of climb are left unread: they come in other messages, at times of their own.

use std::collections::HashMap;
use std::io::BufRead;
use std::sync::Arc;

use geo::{Time, TimeError};
use plot::{Field, Plot};
use serde::Deserialize;
use serde_json::Value;

use super::error::ReadError;
use super::reader::Rows;
use super::row::Row;
use super::summary::Tally;
use crate::objects::{Object, Objects};
use crate::refusal::{Fault, Reason};
use crate::text::shown;
use crate::{Column, Refusal};

/// The sensor of such a file: a network of receivers.
const SENSOR: &str = "adsb";
const EXPECTED: &str = "a list of objects such as {\"timestamp\":1571948485000,\"latitude\":47.456,\"longitude\":8.578,\
                        \"altitude\":1475,\"icao24\":\"4b18b8\"}";
const CUT: &str = "the file ends in a record or before the end of its list: it was cut off";
const FT_M: f64 = 0.3048;
/// A stamp from here on counts milliseconds since 1970, below it seconds: in seconds it would be the year 5138.
const MILLISECONDS_FROM: f64 = 1e11;
/// An aircraft that flies faster is somewhere else a second later.
const MOVING_KT: f64 = 50.0;
/// The most aircraft whose last position is kept.
const AIRCRAFT_MAX: usize = 65_536;

/// One object of the list; keys that are not read may stand beside.
#[derive(Deserialize)]
struct Record {
    timestamp: Option<Value>,
    latitude: Option<f64>,
    longitude: Option<f64>,
    altitude: Option<f64>,
    geoaltitude: Option<f64>,
    groundspeed: Option<f64>,
    icao24: Option<String>,
    /// Of a plot as JSON lines.
    sensor: Option<Value>,
}

/// What an aircraft said last.
struct Said {
    time: Time,
    place_deg: [f64; 2],
}

/// The records of an ADS-B recording.
pub(super) struct AdsbRows<R> {
    objects: Objects<R>,
    file: Arc<str>,
    last: HashMap<Arc<str>, Said>,
}

impl<R: BufRead> AdsbRows<R> {
    pub(super) fn new(input: R, file: Arc<str>) -> Self {
        Self {
            objects: Objects::new(input),
            file,
            last: HashMap::new(),
        }
    }

    /// Looks at what no single record shows: a stamp before the last, and the last place stamped as new.
    fn compare(&mut self, plot: &Plot, record: &Record, tally: &mut Tally) {
        let (Some(target), Some(latitude), Some(longitude)) = (&plot.target, record.latitude, record.longitude) else {
            return;
        };
        let said = Said {
            time: plot.time,
            place_deg: [latitude, longitude],
        };
        if let Some(last) = self.last.get(target) {
            let is_moving = record.groundspeed.is_some_and(|speed_kt| speed_kt > MOVING_KT);
            tally.clock(
                &plot.sensor,
                said.time < last.time,
                is_moving && said.time > last.time && said.place_deg == last.place_deg,
            );
        }
        if self.last.len() < AIRCRAFT_MAX || self.last.contains_key(target) {
            self.last.insert(target.clone(), said);
        }
    }
}

impl<R: BufRead> Rows for AdsbRows<R> {
    fn next(&mut self, tally: &mut Tally) -> Result<Option<Result<Plot, Refusal>>, ReadError> {
        let file = self.file.clone();
        let next = self.objects.next().map_err(|source| ReadError::Io {
            file: file.clone(),
            source,
        })?;
        let record = match next {
            None => {
                let is_empty = self.objects.number() == 0 && !self.objects.is_list();
                return match is_empty {
                    true => Err(ReadError::Empty {
                        file,
                        expected: EXPECTED,
                    }),
                    false => Ok(None),
                };
            }
            Some(Object::Whole(bytes)) => serde_json::from_slice::<Record>(bytes)
                .map_err(|error| Reason::Syntax(format!("no record of ADS-B: {error}")).into()),
            Some(Object::Strange(text)) => {
                let words = format!("{:?} is no JSON object, expected {EXPECTED}", shown(&text));
                Err(Reason::Syntax(words).into())
            }
            Some(Object::TooLong) => Err(Reason::LineLength.into()),
            Some(Object::Cut) => Err(Reason::Syntax(CUT.to_owned()).into()),
        };
        let number = self.objects.number();
        let plot = record.and_then(|record: Record| {
            let plot = row(&record).and_then(|row| row.into_plot(tally))?;
            self.compare(&plot, &record, tally);
            Ok(plot)
        });
        Ok(Some(plot.map_err(|fault: Fault| fault.at(&self.file, number))))
    }
}

/// The cells of a plot.
fn row(record: &Record) -> Result<Row<'_>, Fault> {
    if record.timestamp.is_none() && record.sensor.is_some() {
        let words = "this is a plot, not a record of ADS-B: name the file .jsonl";
        return Err(Reason::Syntax(words.to_owned()).into());
    }
    let mut row = Row::EMPTY;
    row.time = Some(time(record.timestamp.as_ref())?);
    row.sensor = SENSOR.into();
    row.target = record.icao24.as_deref().unwrap_or("").trim().into();
    let height_ft = record.geoaltitude.or(record.altitude);
    for (field, value) in [
        (Field::LatDeg, record.latitude),
        (Field::LonDeg, record.longitude),
        (Field::HeightM, height_ft.map(|feet| feet * FT_M)),
    ] {
        if let Some(value) = value {
            row.numbers.set(field, value, &value)?;
        }
    }
    Ok(row)
}

/// The time of a stamp: milliseconds or seconds since 1970 without leap seconds, or text.
fn time(stamp: Option<&Value>) -> Result<Time, Fault> {
    let fault = |text: &str, error| Fault::cell(Column::Time, text, Reason::Time(error));
    match stamp {
        None => Err(fault("", TimeError::Form)),
        Some(Value::String(text)) => text.parse().map_err(|error| fault(text, error)),
        Some(other) => {
            let words = other.to_string();
            let stamp = other.as_f64().ok_or_else(|| fault(&words, TimeError::Form))?;
            let units_ns = if stamp.abs() < MILLISECONDS_FROM { 1e9 } else { 1e6 };
            let ns = (stamp * units_ns).round();
            if ns.abs() > 9e18 {
                return Err(fault(&words, TimeError::Span));
            }
            #[expect(clippy::cast_possible_truncation, reason = "within 64 bits")]
            Time::from_utc_ns(ns as i64).map_err(|error| fault(&words, error))
        }
    }
}
