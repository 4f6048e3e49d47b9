//! What stops a whole file.

use std::fmt;
use std::io;
use std::sync::Arc;

use plot::LimitError;

use crate::Column;

/// Why no (further) record of a file can be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The reader failed.
    #[error("{file}: {source}")]
    Io {
        /// The display name of the file.
        file: Arc<str>,
        /// What the reader said.
        source: io::Error,
    },
    /// There is nothing in it.
    #[error("{file}: the file is empty, expected {expected}")]
    Empty {
        /// The display name of the file.
        file: Arc<str>,
        /// What it should begin with.
        expected: &'static str,
    },
    /// Its first line is no text, or has no end within the limit.
    #[error(
        "{file}: the first line is not UTF-8 text of at most {} bytes; {hint}",
        crate::LINE_BYTES_MAX
    )]
    NotText {
        /// The display name of the file.
        file: Arc<str>,
        /// What it looks like.
        hint: &'static str,
    },
    /// Its first line is a record.
    #[error("{file}:{line}: {text:?} is no header, expected the names of columns such as {expected}")]
    NoHeader {
        /// The display name of the file.
        file: Arc<str>,
        /// The line of the header.
        line: u64,
        /// Its first cell.
        text: String,
        /// What a header looks like.
        expected: &'static str,
    },
    /// The file ends within its header, or right after it without a line end: what followed is missing.
    #[error(
        "{file}:{line}: the file ends in its header, after {last}, without a line end: it was cut off; get it whole, or \
         end the line if there is no more"
    )]
    HeaderCut {
        /// The display name of the file.
        file: Arc<str>,
        /// The line of the header.
        line: u64,
        /// The last column that it names.
        last: &'static str,
    },
    /// The header is not separated by commas.
    #[error("{file}:{line}: the cells of the header are separated by {found:?}, expected commas")]
    Separator {
        /// The display name of the file.
        file: Arc<str>,
        /// The line of the header.
        line: u64,
        /// What separates them.
        found: char,
    },
    /// A column that is not known.
    #[error("{file}: unknown column {column:?}{}; known are {}", Nearest(*nearest), known.join(", "))]
    UnknownColumn {
        /// The display name of the file.
        file: Arc<str>,
        /// The name as it stood.
        column: String,
        /// The known name that was probably meant.
        nearest: Option<&'static str>,
        /// All that are known.
        known: &'static [&'static str],
    },
    /// A column that stands twice.
    #[error("{file}: the column {column} stands twice")]
    DuplicateColumn {
        /// The display name of the file.
        file: Arc<str>,
        /// Its name.
        column: &'static str,
    },
    /// A column that must be there.
    #[error("{file}: the column {column} is missing, expected {expected}")]
    MissingColumn {
        /// The display name of the file.
        file: Arc<str>,
        /// Its name.
        column: &'static str,
        /// What a file of its kind needs.
        expected: &'static str,
    },
    /// A column of a type that its values cannot have.
    #[error(
        "{file}: the column {column} has the type {found}, expected {}",
        expected_type(column)
    )]
    ColumnType {
        /// The display name of the file.
        file: Arc<str>,
        /// Its name.
        column: &'static str,
        /// The type it has.
        found: String,
    },
    /// A column with fewer rows than the others.
    #[error("{file}: the column {column} ends before the others")]
    ShortColumn {
        /// The display name of the file.
        file: Arc<str>,
        /// Its name.
        column: &'static str,
    },
    /// A compression that this build does not read.
    #[error("{file}: compressed with {found}, which this build does not read; write it with snappy or without")]
    Compression {
        /// The display name of the file.
        file: Arc<str>,
        /// Its compression.
        found: String,
    },
    /// A file that is named as Parquet and is something else.
    #[error("{file}: not a Parquet file, although its name says so")]
    NotParquet {
        /// The display name of the file.
        file: Arc<str>,
    },
    /// The Parquet library refused it.
    #[cfg(feature = "parquet")]
    #[error("{file}: {source}")]
    Parquet {
        /// The display name of the file.
        file: Arc<str>,
        /// What the library said.
        source: parquet::errors::ParquetError,
    },
    /// No column for anything measured.
    #[error("{file}: no column holds a measurement, expected range_m, azimuth_deg or others of {Known}")]
    NothingMeasured {
        /// The display name of the file.
        file: Arc<str>,
    },
}

/// The types a column of Parquet may have.
fn expected_type(column: &str) -> &'static str {
    match column {
        "time" => "a timestamp or text",
        "sensor" | "target" | "truth" | "track" | "kind" | "phase" | "sensors" => "text",
        _ => "DOUBLE, FLOAT or signed integers",
    }
}

/// Prints the known column that was probably meant.
struct Nearest(Option<&'static str>);

impl fmt::Display for Nearest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(name) => write!(f, " (did you mean {name}?)"),
            None => Ok(()),
        }
    }
}

/// Prints the names of all columns.
struct Known;

impl fmt::Display for Known {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, column) in Column::ALL.into_iter().enumerate() {
            write!(f, "{}{}", if i == 0 { "" } else { ", " }, column.name())?;
        }
        Ok(())
    }
}

/// Why a plot or sensor cannot be written so that it would be read again.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// The writer failed.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// A format of others, which is only read.
    #[error("plots are not written as .{}: name the file .csv, .jsonl or .parquet", .format.endings()[0])]
    ReadOnly {
        /// The format.
        format: crate::Format,
    },
    /// A value outside its physical limits.
    #[error(transparent)]
    Limits(LimitError),
    /// A name that no file can hold.
    #[error("{column} is {text:?}, which cannot be written: {}", crate::Reason::Name)]
    Name {
        /// The column.
        column: &'static str,
        /// The name.
        text: Arc<str>,
    },
    /// A number that would not be read again.
    #[error("{column} is {value}, expected {expected}")]
    Number {
        /// The column.
        column: &'static str,
        /// The number.
        value: f64,
        /// What was expected.
        expected: crate::Reason,
    },
    /// A plot without any value, or a sensor that measures nothing.
    #[error("a plot or sensor that measures nothing cannot be written")]
    Empty,
    /// A sensor whose keys contradict each other.
    #[error("the sensor cannot be written: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))]
    Sensor(Vec<crate::Refusal>),
    /// A time before UTC had leap seconds, or beyond the span of times.
    #[error("a time outside the years 1972 to 2261 cannot be written")]
    Span,
    /// A time in an inserted leap second, in Parquet.
    #[error("a Parquet timestamp has no leap seconds: write this plot as CSV or JSON lines")]
    LeapSecond,
    /// The Parquet library failed, or the writer below it.
    #[cfg(feature = "parquet")]
    #[error(transparent)]
    Parquet(#[from] parquet::errors::ParquetError),
    /// A value whose column was not announced when the file was begun.
    #[error("a plot has {column}, which is not among the columns of the file")]
    NotAmongColumns {
        /// The column.
        column: &'static str,
    },
}
