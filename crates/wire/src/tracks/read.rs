//! The cells of one row of a track file.

use super::row::{
    COVARIANCE, EXISTENCE, KIND, NAMES, PHASE, PLACE, PLOTS, REGION, REGION_NUMBERS, Region, RowKind, SENSORS, SPAN,
    SPANS, TIME, TRACK, TrackRow, VELOCITY, WAY, covariance_index,
};
use crate::header::Layout;
use crate::nearest::nearest;
use crate::refusal::{Fault, Reason};
use crate::tables::{Names, Record, Row};
use crate::text::is_name;

impl Row for TrackRow {
    const LAYOUT: Layout = Layout {
        names: NAMES,
        header: "time,track,lat_deg",
        empty: "a header such as time,track,lat_deg,lon_deg,height_m,east_mps,north_mps,up_mps",
        not_text: "expected a header such as time,track,lat_deg",
    };
    const REQUIRED: usize = KIND;
    const REQUIRED_WORDS: &'static str = "time, track, lat_deg, lon_deg, height_m, east_mps, north_mps and up_mps";

    fn read(record: &Record, names: &mut Names) -> Result<Self, Fault> {
        Ok(Self {
            time: record.time(TIME)?,
            track: record.required_name(TRACK, names)?,
            kind: kind(record)?,
            phase: record.name(PHASE, names)?,
            existence: existence(record)?,
            place: record.place(PLACE)?,
            velocity: record.velocity(VELOCITY)?,
            covariance: covariance(record)?,
            plots: plots(record)?,
            sensors: sensors(record, names)?,
            region: region(record, names)?,
            span_s: span(record)?,
        })
    }
}

fn kind(record: &Record) -> Result<RowKind, Fault> {
    match record.text(KIND).as_deref() {
        None | Some("update") => Ok(RowKind::Update),
        Some("forecast") => Ok(RowKind::Forecast),
        Some("launch") => Ok(RowKind::Launch),
        Some("tracklet") => Ok(RowKind::Tracklet),
        Some(other) => {
            let meant = nearest(other, RowKind::NAMES.iter().copied());
            Err(record.fault(KIND, Reason::OneOf(RowKind::NAMES, meant)))
        }
    }
}

fn existence(record: &Record) -> Result<Option<f64>, Fault> {
    match record.number(EXISTENCE) {
        Some(value) if !(0.0..=1.0).contains(&value) => {
            Err(record.fault(EXISTENCE, Reason::Kind("a probability from 0 to 1")))
        }
        other => Ok(other),
    }
}

/// All 21 numbers or none of them.
fn covariance(record: &Record) -> Result<Option<[f64; 21]>, Fault> {
    let cells = COVARIANCE..COVARIANCE + 21;
    if cells.clone().all(|index| record.is_absent(index)) {
        return Ok(None);
    }
    let mut upper = [0.0; 21];
    for (value, index) in upper.iter_mut().zip(cells) {
        *value = record
            .number(index)
            .filter(|number| number.is_finite())
            .ok_or_else(|| record.fault(index, Reason::Kind("a finite number, as all 21 of the covariance")))?;
    }
    for i in 0..6 {
        let at = covariance_index(i, i);
        if upper[at] < 0.0 {
            return Err(record.fault(COVARIANCE + at, Reason::Kind("a variance of 0 or more")));
        }
    }
    Ok(Some(upper))
}

fn plots(record: &Record) -> Result<Option<u64>, Fault> {
    /// Above this not every whole number is a double.
    const MAX: f64 = 9_007_199_254_740_992.0;
    let Some(value) = record.number(PLOTS) else {
        return Ok(None);
    };
    if (0.0..=MAX).contains(&value) && value.fract() == 0.0 {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "whole and in the limits"
        )]
        return Ok(Some(value as u64));
    }
    Err(record.fault(PLOTS, Reason::Kind("a whole number of 0 or more")))
}

/// Names with semicolons between them.
fn sensors(record: &Record, names: &mut Names) -> Result<Vec<std::sync::Arc<str>>, Fault> {
    let Some(text) = record.text(SENSORS) else {
        return Ok(Vec::new());
    };
    text.split(';')
        .map(str::trim)
        .map(|name| {
            is_name(name)
                .then(|| names.shared(name))
                .ok_or_else(|| record.fault(SENSORS, Reason::Kind("names of sensors, semicolons between them")))
        })
        .collect()
}

fn span(record: &Record) -> Result<Option<f64>, Fault> {
    match record.number(SPAN) {
        Some(value) if !SPANS.0.contains(&value) => Err(record.fault(SPAN, Reason::Kind(SPANS.1))),
        other => Ok(other),
    }
}

/// All of a region or nothing of it.
fn region(record: &Record, names: &mut Names) -> Result<Option<Region>, Fault> {
    if (WAY..REGION + REGION_NUMBERS).all(|index| record.is_absent(index)) {
        return Ok(None);
    }
    let mut numbers = [0.0; REGION_NUMBERS];
    for (place, value) in numbers.iter_mut().enumerate() {
        let (limits, words) = Region::limits(place);
        *value = record
            .number(REGION + place)
            .filter(|number| limits.contains(number))
            .ok_or_else(|| record.fault(REGION + place, Reason::Kind(words)))?;
    }
    Ok(Some(Region::of(record.required_name(WAY, names)?, numbers)))
}
