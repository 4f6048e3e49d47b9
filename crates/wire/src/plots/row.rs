//! One record, between the cells of a file and a plot: the rules that every format shares.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use geo::angle::RAD_PER_DEG;
use geo::{Geodetic, Time, Velocity};
use plot::{Field, Measurement, Plot, Polar, PositionFix, Sigmas};

use super::WriteError;
use super::summary::Tally;
use crate::column::{Column, Columns, FIELDS, NUMBERS};
use crate::degrees;
use crate::refusal::{Fault, Reason};
use crate::text::is_name;

/// The numbers of one record, in the units of files; a number is at `field as usize`.
#[derive(Clone, Debug)]
pub(super) struct Numbers {
    values: [f64; NUMBERS],
    present: u32,
}

/// The bits of some fields in `Numbers::present`.
const fn bits(fields: &[Field]) -> u32 {
    let mut bits = 0;
    let mut i = 0;
    while i < fields.len() {
        bits |= 1 << fields[i] as u32;
        i += 1;
    }
    bits
}

const POLAR: [Field; 4] = [
    Field::RangeM,
    Field::AzimuthDeg,
    Field::ElevationDeg,
    Field::RangeRateMps,
];
/// The values of which a plot has at least one.
pub(super) const MEASURED: [Field; 5] = [POLAR[0], POLAR[1], POLAR[2], POLAR[3], Field::LatDeg];
const POSITION: [Field; 3] = [Field::LatDeg, Field::LonDeg, Field::HeightM];
const VELOCITY: [Field; 3] = [Field::EastMps, Field::NorthMps, Field::UpMps];

impl Numbers {
    pub(super) const NONE: Self = Self {
        values: [0.0; NUMBERS],
        present: 0,
    };

    /// The number of a field, where there is one.
    pub(super) fn get(&self, field: Field) -> Option<f64> {
        (self.present >> field as u32 & 1 == 1).then(|| self.values[field as usize])
    }

    /// Sets a number that is within its limits; `text` is what stood there. The field is one of [`FIELDS`].
    pub(super) fn set(&mut self, field: Field, value: f64, text: &dyn fmt::Display) -> Result<(), Fault> {
        if field.check(value).is_err() {
            let text = text.to_string();
            return Err(Fault::cell(Column::Number(field), &text, Reason::Limits(field)));
        }
        self.put(field, value);
        Ok(())
    }

    fn put(&mut self, field: Field, value: f64) {
        self.values[field as usize] = value;
        self.present |= 1 << field as u32;
    }

    fn put_some(&mut self, field: Field, value: Option<f64>) {
        if let Some(value) = value {
            self.put(field, value);
        }
    }

    fn rad(&self, field: Field) -> Option<f64> {
        self.get(field).map(|deg| deg * RAD_PER_DEG)
    }

    fn has_any(&self, fields: &[Field]) -> bool {
        self.present & bits(fields) != 0
    }

    fn first_missing(&self, fields: &[Field]) -> Option<Field> {
        fields.iter().copied().find(|field| self.get(*field).is_none())
    }

    fn measurement(&self) -> Result<Measurement, Reason> {
        let velocity = self.has_any(&VELOCITY);
        let position = self.has_any(&POSITION);
        if self.has_any(&POLAR) {
            return if position || velocity {
                Err(Reason::PolarAndPosition)
            } else {
                Ok(Measurement::Polar(self.polar()))
            };
        }
        if !position {
            return Err(if velocity {
                Reason::VelocityAlone
            } else {
                Reason::NothingMeasured
            });
        }
        if let Some(field) = self.first_missing(&POSITION) {
            return Err(Reason::PositionWithout(field));
        }
        if velocity && let Some(field) = self.first_missing(&VELOCITY) {
            return Err(Reason::VelocityWithout(field));
        }
        let at = |field: Field| self.values[field as usize];
        if self.get(Field::PressureAltitudeM).is_some() {
            return Err(Reason::PolarAndPosition);
        }
        Ok(Measurement::Position(PositionFix {
            geodetic: Geodetic::from_degrees(
                at(Field::LatDeg),
                degrees::longitude_deg(at(Field::LonDeg)),
                at(Field::HeightM),
            ),
            velocity: velocity.then(|| Velocity::new(at(Field::EastMps), at(Field::NorthMps), at(Field::UpMps))),
        }))
    }

    fn polar(&self) -> Polar {
        Polar {
            range_m: self.get(Field::RangeM),
            azimuth_rad: self.get(Field::AzimuthDeg).map(degrees::azimuth_rad),
            elevation_rad: self.rad(Field::ElevationDeg),
            range_rate_mps: self.get(Field::RangeRateMps),
            pressure_altitude_m: self.get(Field::PressureAltitudeM),
        }
    }

    fn sigmas(&self) -> Sigmas {
        Sigmas {
            range_m: self.get(Field::RangeSigmaM),
            azimuth_rad: self.rad(Field::AzimuthSigmaDeg),
            elevation_rad: self.rad(Field::ElevationSigmaDeg),
            range_rate_mps: self.get(Field::RangeRateSigmaMps),
            position_m: self.get(Field::PositionSigmaM),
            height_m: self.get(Field::HeightSigmaM),
            velocity_mps: self.get(Field::VelocitySigmaMps),
        }
    }

    fn of(plot: &Plot) -> Self {
        let mut numbers = Self::NONE;
        match &plot.measurement {
            Measurement::Polar(polar) => {
                numbers.put_some(Field::RangeM, polar.range_m);
                numbers.put_some(Field::AzimuthDeg, polar.azimuth_rad.map(degrees::of_azimuth));
                numbers.put_some(Field::ElevationDeg, polar.elevation_rad.map(degrees::of_rad));
                numbers.put_some(Field::RangeRateMps, polar.range_rate_mps);
                numbers.put_some(Field::PressureAltitudeM, polar.pressure_altitude_m);
            }
            Measurement::Position(fix) => {
                numbers.put(Field::LatDeg, degrees::of_rad(fix.geodetic.lat_rad));
                numbers.put(Field::LonDeg, degrees::of_rad(fix.geodetic.lon_rad));
                numbers.put(Field::HeightM, fix.geodetic.height_m);
                for (field, value) in VELOCITY.into_iter().zip(fix.velocity.iter().flat_map(|v| v.to_array())) {
                    numbers.put(field, value);
                }
            }
        }
        let sigmas = &plot.sigmas;
        numbers.put_some(Field::RangeSigmaM, sigmas.range_m);
        numbers.put_some(Field::AzimuthSigmaDeg, sigmas.azimuth_rad.map(degrees::of_rad));
        numbers.put_some(Field::ElevationSigmaDeg, sigmas.elevation_rad.map(degrees::of_rad));
        numbers.put_some(Field::RangeRateSigmaMps, sigmas.range_rate_mps);
        numbers.put_some(Field::PositionSigmaM, sigmas.position_m);
        numbers.put_some(Field::HeightSigmaM, sigmas.height_m);
        numbers.put_some(Field::VelocitySigmaMps, sigmas.velocity_mps);
        numbers.put_some(Field::SnrDb, plot.snr_db);
        numbers
    }
}

/// 1972-01-01T00:00:00Z and 2262-01-01T00:00:00Z: times outside have no text.
pub(crate) const UTC_FIRST: Time = Time::from_tai_ns(63_072_010_000_000_000);
pub(crate) const UTC_END: Time = Time::from_tai_ns(9_214_646_437_000_000_000);

/// The cells of one record; an empty text is an absent one.
#[derive(Clone, Debug)]
pub(super) struct Row<'a> {
    pub(super) time: Option<Time>,
    pub(super) sensor: Cow<'a, str>,
    pub(super) numbers: Numbers,
    pub(super) target: Cow<'a, str>,
    pub(super) truth: Cow<'a, str>,
}

impl<'a> Row<'a> {
    pub(super) const EMPTY: Self = Self {
        time: None,
        sensor: Cow::Borrowed(""),
        numbers: Numbers::NONE,
        target: Cow::Borrowed(""),
        truth: Cow::Borrowed(""),
    };

    /// Sets a cell from its text, spaces around it removed.
    pub(super) fn set_text(&mut self, column: Column, text: Cow<'a, str>) -> Result<(), Fault> {
        match column {
            Column::Time => {
                let time = text.parse().map_err(|e| Fault::cell(column, &text, Reason::Time(e)))?;
                self.time = Some(time);
            }
            Column::Number(field) => {
                let value = text.parse().unwrap_or(f64::NAN);
                self.numbers.set(field, value, &text)?;
            }
            Column::Sensor => self.sensor = text,
            Column::Target => self.target = text,
            Column::Truth => self.truth = text,
        }
        Ok(())
    }

    /// Makes the plot and counts it.
    pub(super) fn into_plot(self, tally: &mut Tally) -> Result<Plot, Fault> {
        let Some(time) = self.time else {
            return Err(Fault::cell(Column::Time, "", Reason::Time(geo::TimeError::Form)));
        };
        if !is_name(&self.sensor) {
            return Err(Fault::cell(Column::Sensor, &self.sensor, Reason::Name));
        }
        let measurement = self.numbers.measurement()?;
        let target = label(Column::Target, &self.target, tally)?;
        let truth = label(Column::Truth, &self.truth, tally)?;
        let at = tally.sensor(&self.sensor).ok_or(Reason::SensorCount)?;
        let plot = Plot {
            time,
            sensor: tally.name(at),
            measurement,
            sigmas: self.numbers.sigmas(),
            snr_db: self.numbers.get(Field::SnrDb),
            target,
            truth,
        };
        tally.count(at, &plot, &self.numbers);
        Ok(plot)
    }

    /// Returns the cells of a plot, all of them such as would be read.
    ///
    /// Errors: [`WriteError::Limits`], [`WriteError::Name`], [`WriteError::Empty`].
    pub(super) fn of(plot: &'a Plot) -> Result<Self, WriteError> {
        let numbers = Numbers::of(plot);
        for field in FIELDS {
            if let Some(value) = numbers.get(field) {
                field.check(value).map_err(WriteError::Limits)?;
            }
        }
        if !(UTC_FIRST..UTC_END).contains(&plot.time) {
            return Err(WriteError::Span);
        }
        if numbers.measurement().is_err() {
            return Err(WriteError::Empty);
        }
        let name = |column: Column, text: Option<&'a Arc<str>>| match text {
            None => Ok(Cow::Borrowed("")),
            Some(text) if is_name(text) => Ok(Cow::Borrowed(&**text)),
            Some(text) => Err(WriteError::Name {
                column: column.name(),
                text: text.clone(),
            }),
        };
        Ok(Self {
            time: Some(plot.time),
            sensor: name(Column::Sensor, Some(&plot.sensor))?,
            numbers,
            target: name(Column::Target, plot.target.as_ref())?,
            truth: name(Column::Truth, plot.truth.as_ref())?,
        })
    }

    /// The columns that hold something.
    pub(super) fn columns(&self) -> Columns {
        let mut columns = Columns::NONE;
        for field in FIELDS {
            if self.numbers.get(field).is_some() {
                columns = columns.with(Column::Number(field));
            }
        }
        for (column, text) in [(Column::Target, &self.target), (Column::Truth, &self.truth)] {
            if !text.is_empty() {
                columns = columns.with(column);
            }
        }
        columns
    }
}

/// The shared text of an identity, where there is one.
fn label(column: Column, text: &str, tally: &mut Tally) -> Result<Option<Arc<str>>, Fault> {
    if text.is_empty() {
        Ok(None)
    } else if is_name(text) {
        Ok(Some(tally.label(text)))
    } else {
        Err(Fault::cell(column, text, Reason::Name))
    }
}

/// The columns that a plot fills.
pub(crate) fn columns_of(plot: &Plot) -> Columns {
    let row = Row {
        numbers: Numbers::of(plot),
        ..Row::EMPTY
    };
    let mut columns = row.columns();
    for (column, text) in [(Column::Target, &plot.target), (Column::Truth, &plot.truth)] {
        if text.is_some() {
            columns = columns.with(column);
        }
    }
    columns
}
