//! Reading: an iterator over plots and refusals, whatever the format.

use std::io::{BufRead, BufReader, Read, Seek};
use std::sync::Arc;

use plot::Plot;

use super::adsb_json::AdsbRows;
use super::csv::CsvRows;
use super::error::ReadError;
use super::json_lines::JsonRows;
use super::summary::{Summary, Tally};
use crate::{Format, Refusal};

/// How many bytes are asked for at a time.
const BUFFER_BYTES: usize = 256 * 1024;

/// What each format does: the next record, `None` at the end; an error stops the file.
pub(super) trait Rows {
    fn next(&mut self, tally: &mut Tally) -> Result<Option<Result<Plot, Refusal>>, ReadError>;

    /// The line of the record that was read last, from 1, where records are lines.
    fn line(&self) -> Option<u64> {
        None
    }
}

/// Reads the plots of one file, record by record.
///
/// It is an iterator: a refused record never costs the good ones around it. What stops a file in its midst ends the
/// iterator; [`PlotReader::finish`] says whether and why, so a caller who ignores it takes a broken file for a short
/// one.
#[must_use = "an iterator reads nothing until it is used"]
pub struct PlotReader<'a> {
    rows: Box<dyn Rows + 'a>,
    tally: Tally,
    ended: bool,
    fatal: Option<ReadError>,
}

impl<'a> PlotReader<'a> {
    /// Reads a file of a given format; `name` is for messages. Input is buffered here.
    ///
    /// Errors: [`ReadError`] where the head of the file already shows that it cannot be read.
    pub fn new<R: Read + Seek + Send + 'static>(format: Format, input: R, name: &str) -> Result<Self, ReadError> {
        match format {
            Format::Csv => Self::csv(BufReader::with_capacity(BUFFER_BYTES, input), name),
            Format::JsonLines => Ok(Self::json_lines(BufReader::with_capacity(BUFFER_BYTES, input), name)),
            Format::AdsbJson => Ok(Self::adsb_json(BufReader::with_capacity(BUFFER_BYTES, input), name)),
            #[cfg(feature = "parquet")]
            Format::Parquet => Self::parquet(input, name),
        }
    }

    /// Reads CSV; `name` is for messages.
    ///
    /// The first line that is not blank is the header: `time`, `sensor` and any of [`Column`](crate::Column), in any
    /// order. A record is one line: no quoted cell runs over its end. An empty cell is an absent value. Spaces around
    /// cells, CRLF, blank lines and a UTF-8 byte order mark are accepted.
    ///
    /// Errors: [`ReadError`] where there is no usable header.
    pub fn csv<R: BufRead + 'a>(input: R, name: &str) -> Result<Self, ReadError> {
        Ok(Self::of(CsvRows::new(input, name.into())?))
    }

    /// Reads JSON lines; `name` is for messages.
    ///
    /// Each line is an object whose keys are names of [`Column`](crate::Column): `time`, `sensor`, `target` and `truth`
    /// texts, the others numbers; `null` is an absent value.
    pub fn json_lines<R: BufRead + 'a>(input: R, name: &str) -> Self {
        Self::of(JsonRows::new(input, name.into()))
    }

    /// Reads an ADS-B recording as JSON; `name` is for messages.
    ///
    /// A list of objects, or one after the other: `timestamp` (ms or s since 1970, or RFC 3339), `latitude`,
    /// `longitude`, `geoaltitude` or `altitude` (ft), `icao24`. Each is a position of the sensor `adsb` without sigmas;
    /// other keys are not read. [`Suspicion`](crate::Suspicion) names stamps that run back and old positions with new
    /// ones. In a refusal the line is the number of the object.
    pub fn adsb_json<R: BufRead + 'a>(input: R, name: &str) -> Self {
        Self::of(AdsbRows::new(input, name.into()))
    }

    /// Reads Parquet; `name` is for messages.
    ///
    /// `time` is a timestamp (any unit; one without zone is UTC) or RFC 3339 text; names are text; the others numbers
    /// of any width. Nulls are absent values. Compression: none, Snappy, and zstd with the feature `zstd`.
    ///
    /// Errors: [`ReadError`] where the file is no Parquet file or has no usable columns.
    #[cfg(feature = "parquet")]
    pub fn parquet<R: Read + Seek + Send + 'static>(input: R, name: &str) -> Result<Self, ReadError> {
        Ok(Self::of(super::parquet::ParquetRows::new(input, name.into())?))
    }

    fn of(rows: impl Rows + 'a) -> Self {
        Self {
            rows: Box::new(rows),
            tally: Tally::default(),
            ended: false,
            fatal: None,
        }
    }

    /// The line of the record that was read last, from 1, where records are lines.
    pub fn line(&self) -> Option<u64> {
        self.rows.line()
    }

    /// What was read so far.
    pub fn summary(&self) -> Summary {
        self.tally.summary()
    }

    /// What was read. Call it after the last record.
    ///
    /// Errors: [`ReadError`], if something ended the file before its end.
    pub fn finish(self) -> Result<Summary, ReadError> {
        match self.fatal {
            Some(error) => Err(error),
            None => Ok(self.tally.summary()),
        }
    }
}

impl Iterator for PlotReader<'_> {
    type Item = Result<Plot, Refusal>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        match self.rows.next(&mut self.tally) {
            Ok(Some(record)) => {
                if record.is_err() {
                    self.tally.refuse();
                }
                Some(record)
            }
            end => {
                self.ended = true;
                self.fatal = end.err();
                None
            }
        }
    }
}

/// A whole file in memory.
#[derive(Clone, Debug, PartialEq)]
pub struct PlotFile {
    /// The display name of the file.
    pub name: Arc<str>,
    /// Its plots, in the order of the file.
    pub plots: Vec<Plot>,
    /// The first [`REFUSALS_KEPT_MAX`] refusals; the summary counts them all.
    pub refusals: Vec<Refusal>,
    /// What it held.
    pub summary: Summary,
}

/// How many refusals of a file are kept for printing.
pub const REFUSALS_KEPT_MAX: usize = 1_000;

/// Reads a whole file of a given format into memory; `name` is for messages.
///
/// Errors: [`ReadError`], where the file cannot be read to its end.
pub fn read_plots<R: Read + Seek + Send + 'static>(
    format: Format,
    input: R,
    name: &str,
) -> Result<PlotFile, ReadError> {
    let mut reader = PlotReader::new(format, input, name)?;
    let (mut plots, mut refusals) = (Vec::new(), Vec::new());
    for record in reader.by_ref() {
        match record {
            Ok(plot) => plots.push(plot),
            Err(refusal) if refusals.len() < REFUSALS_KEPT_MAX => refusals.push(refusal),
            Err(_) => {}
        }
    }
    Ok(PlotFile {
        name: name.into(),
        plots,
        refusals,
        summary: reader.finish()?,
    })
}
