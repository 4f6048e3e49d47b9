//! Writing track files, whatever the format.

use std::io::Write;
use std::sync::Arc;

use plot::Field;

use super::row::{COLUMNS, COVARIANCE, NAMES, ORDER, PLACE, REGION, Region, SPAN, SPANS, TrackRow, VELOCITY};
use crate::cells::{push_number, push_text, push_time};
use crate::degrees;
use crate::plots::{UTC_END, UTC_FIRST, WriteError};
use crate::text::is_name;
use crate::{Reason, TableFormat};

#[cfg(feature = "parquet")]
use crate::tables::{Column, ParquetTableSink};

/// Writes track rows one by one, such that [`read_tracks`](super::read_tracks) reads the same rows.
///
/// Times keep their nanoseconds, numbers their last bit (an angle that was computed in radians may come back one unit
/// in the last place away). The same rows give the same bytes.
#[must_use = "the file is complete after finish"]
pub struct TrackWriter<W: Write + Send> {
    sink: Sink<W>,
}

enum Sink<W: Write + Send> {
    Csv(W, Vec<u8>),
    #[cfg(feature = "parquet")]
    Parquet(Box<ParquetTableSink<W>>),
}

impl<W: Write + Send> TrackWriter<W> {
    /// Begins a file; hand over a buffered writer.
    ///
    /// Errors: [`WriteError::Io`].
    pub fn new(format: TableFormat, mut output: W) -> Result<Self, WriteError> {
        let sink = match format {
            TableFormat::Csv => {
                writeln!(output, "{}", COLUMNS.join(","))?;
                Sink::Csv(output, Vec::new())
            }
            #[cfg(feature = "parquet")]
            TableFormat::Parquet => {
                let columns = COLUMNS.map(|name| match name {
                    "time" => (name, Column::Time),
                    "track" | "kind" | "phase" | "sensors" | "way" => (name, Column::Texts),
                    "plots" => (name, Column::Counts),
                    _ => (name, Column::Numbers),
                });
                Sink::Parquet(Box::new(ParquetTableSink::new(output, "tracks", &columns)?))
            }
        };
        Ok(Self { sink })
    }

    /// Writes one row.
    ///
    /// Errors: [`WriteError`]; nothing of the row is written then, unless the writer itself failed.
    pub fn write(&mut self, row: &TrackRow) -> Result<(), WriteError> {
        let numbers = check(row)?;
        let sensors = row.sensors.iter().map(|name| &**name).collect::<Vec<_>>().join(";");
        match &mut self.sink {
            Sink::Csv(output, line) => {
                line.clear();
                for (i, column) in ORDER.into_iter().enumerate() {
                    if i > 0 {
                        line.push(b',');
                    }
                    match NAMES[column] {
                        "time" => push_time(line, Some(row.time)),
                        "plots" => line.extend(row.plots.iter().flat_map(|plots| plots.to_string().into_bytes())),
                        name => match text(row, name, &sensors) {
                            Some(text) => push_text(line, text),
                            None => push_number(line, numbers[column]),
                        },
                    }
                }
                line.push(b'\n');
                Ok(output.write_all(line)?)
            }
            #[cfg(feature = "parquet")]
            Sink::Parquet(sink) => {
                let utc_ns = row.time.utc_ns().ok_or(WriteError::LeapSecond)?;
                for (i, column) in ORDER.into_iter().enumerate() {
                    match NAMES[column] {
                        "time" => sink.time(i, utc_ns),
                        "plots" => sink.count(i, row.plots),
                        name => match text(row, name, &sensors) {
                            Some(text) => sink.text(i, text),
                            None => sink.number(i, numbers[column]),
                        },
                    }
                }
                sink.end_row()
            }
        }
    }

    /// Completes the file and flushes it.
    ///
    /// Errors: [`WriteError::Io`].
    pub fn finish(self) -> Result<(), WriteError> {
        match self.sink {
            Sink::Csv(mut output, _) => Ok(output.flush()?),
            #[cfg(feature = "parquet")]
            Sink::Parquet(sink) => sink.finish(),
        }
    }
}

/// The text of a column of texts.
fn text<'a>(row: &'a TrackRow, name: &str, sensors: &'a str) -> Option<&'a str> {
    match name {
        "track" => Some(&row.track),
        "kind" => Some(row.kind.name()),
        "phase" => Some(row.phase.as_deref().unwrap_or("")),
        "sensors" => Some(sensors),
        "way" => Some(row.region.as_ref().map_or("", |region| &region.way)),
        _ => None,
    }
}

/// The numbers of a row at the indices of their columns, all of them such as would be read.
fn check(row: &TrackRow) -> Result<[Option<f64>; NAMES.len()], WriteError> {
    if !(UTC_FIRST..UTC_END).contains(&row.time) {
        return Err(WriteError::Span);
    }
    name("track", Some(&row.track), |_| true)?;
    name("phase", row.phase.as_ref(), |_| true)?;
    for sensor in &row.sensors {
        name("sensors", Some(sensor), |text| !text.contains(';'))?;
    }
    let mut numbers = [None; NAMES.len()];
    let fields = [
        Field::LatDeg,
        Field::LonDeg,
        Field::HeightM,
        Field::EastMps,
        Field::NorthMps,
        Field::UpMps,
    ];
    let [east, north, up] = row.velocity.to_array();
    let place = &row.place;
    let (lat_deg, lon_deg) = (degrees::of_rad(place.lat_rad), degrees::of_rad(place.lon_rad));
    let values = [lat_deg, lon_deg, place.height_m, east, north, up];
    const { assert!(VELOCITY == PLACE + 3, "place and velocity stand together") };
    for (i, (field, value)) in fields.into_iter().zip(values).enumerate() {
        numbers[PLACE + i] = Some(field.check(value).map_err(WriteError::Limits)?);
    }
    if let Some(value) = row.existence {
        if !(0.0..=1.0).contains(&value) {
            return Err(not_number("existence", value, "a probability from 0 to 1"));
        }
        numbers[super::row::EXISTENCE] = Some(value);
    }
    for (i, value) in row.covariance.iter().flatten().enumerate() {
        let is_variance = (0..6).any(|axis| super::covariance_index(axis, axis) == i);
        if !value.is_finite() || is_variance && *value < 0.0 {
            return Err(not_number(
                NAMES[COVARIANCE + i],
                *value,
                "finite, a variance not below 0",
            ));
        }
        numbers[COVARIANCE + i] = Some(*value);
    }
    if let Some(region) = &row.region {
        name("way", Some(&region.way), |_| true)?;
        for (place, value) in region.numbers().into_iter().enumerate() {
            let (limits, words) = Region::limits(place);
            if !limits.contains(&value) {
                return Err(not_number(NAMES[REGION + place], value, words));
            }
            numbers[REGION + place] = Some(value);
        }
    }
    if let Some(value) = row.span_s {
        if !SPANS.0.contains(&value) {
            return Err(not_number("span_s", value, SPANS.1));
        }
        numbers[SPAN] = Some(value);
    }
    Ok(numbers)
}

fn not_number(column: &'static str, value: f64, expected: &'static str) -> WriteError {
    WriteError::Number {
        column,
        value,
        expected: Reason::Kind(expected),
    }
}

fn name(column: &'static str, text: Option<&Arc<str>>, allowed: impl Fn(&str) -> bool) -> Result<(), WriteError> {
    match text {
        Some(text) if !is_name(text) || !allowed(text) => Err(WriteError::Name {
            column,
            text: text.clone(),
        }),
        _ => Ok(()),
    }
}
