//! Why one record was refused, in words that say what to correct.

use std::fmt;
use std::sync::Arc;

use geo::TimeError;
use plot::Field;

use crate::Column;
use crate::LINE_BYTES_MAX;
use crate::text::{NAME_BYTES_MAX, shown};

/// One record that was refused; those around it are not touched by it.
#[derive(Clone, Debug, PartialEq)]
pub struct Refusal {
    /// The display name of the file.
    pub file: Arc<str>,
    /// The line it begins on, or the row of a Parquet file, from 1.
    pub line: u64,
    /// The column or key, where one is at fault.
    pub column: Option<&'static str>,
    /// The text as it stood, cut after 60 characters.
    pub value: Option<String>,
    /// What was expected instead.
    pub reason: Reason,
}

/// What was expected of a record, and was not so.
#[derive(Clone, Debug, PartialEq)]
pub enum Reason {
    /// A value outside its physical limits, not finite, or no number at all.
    Limits(Field),
    /// A time that cannot be read.
    Time(TimeError),
    /// No name, or one that is too long or has control characters.
    Name,
    /// Another kind of value.
    Kind(&'static str),
    /// One of a list of words.
    OneOf(&'static [&'static str], Option<&'static str>),
    /// No measured value at all.
    NothingMeasured,
    /// A line of sight and a position in one record.
    PolarAndPosition,
    /// A position without this part.
    PositionWithout(Field),
    /// A velocity without this part.
    VelocityWithout(Field),
    /// A velocity without a position.
    VelocityAlone,
    /// More or fewer cells than the header has.
    Cells {
        /// How many there are.
        found: usize,
        /// How many the header has.
        expected: usize,
    },
    /// A quote that does not end in its line, or does not enclose a whole cell.
    Quote,
    /// A line longer than [`LINE_BYTES_MAX`].
    LineLength,
    /// Bytes that are not UTF-8.
    Utf8,
    /// More names of sensors in one file than are kept.
    SensorCount,
    /// What the syntax of the format does not allow.
    Syntax(String),
    /// A key that is not known.
    UnknownKey {
        /// The key as it stood.
        key: String,
        /// The known key that was probably meant.
        nearest: Option<&'static str>,
        /// All that are known.
        known: &'static [&'static str],
    },
    /// A key that stands twice.
    DuplicateKey,
    /// A key that must be there.
    MissingKey(&'static str),
    /// A key that is useless without another.
    KeyWithout(&'static str),
    /// The upper end of an interval is not above the lower.
    Interval(&'static str),
    /// A number that must not be below another.
    AtLeast {
        /// The other.
        least: f64,
        /// Its unit, and why.
        words: &'static str,
    },
    /// A name that another sensor of the file has.
    DuplicateSensor,
}

impl Reason {
    /// Whether the words continue `… is "value", expected `.
    fn follows_value(&self) -> bool {
        matches!(
            self,
            Self::Limits(_)
                | Self::Time(_)
                | Self::Name
                | Self::Kind(_)
                | Self::OneOf(..)
                | Self::Interval(_)
                | Self::AtLeast { .. }
        )
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Limits(field) => write!(f, "{}", field.expected()),
            Self::Time(TimeError::Form) => write!(f, "an RFC 3339 UTC time such as 2021-09-09T17:25:00.050Z"),
            Self::Time(TimeError::Calendar) => write!(f, "a date and a time of day that exist in UTC"),
            Self::Time(TimeError::Span) => write!(f, "a time in the years 1972 to 2261"),
            Self::Name => write!(
                f,
                "a name of 1 to {NAME_BYTES_MAX} bytes without control characters or spaces at its ends"
            ),
            Self::Kind(words) => write!(f, "{words}"),
            Self::OneOf(words, nearest) => write!(f, "one of {}{}", words.join(", "), Meant(*nearest)),
            Self::NothingMeasured => write!(
                f,
                "nothing is measured, expected range_m, azimuth_deg, elevation_deg or range_rate_mps, or a position"
            ),
            Self::PolarAndPosition => write!(
                f,
                "both a line of sight and a position are given, expected one of them in a record"
            ),
            Self::PositionWithout(field) => write!(
                f,
                "the position has no {}, expected lat_deg, lon_deg and height_m together",
                field.name()
            ),
            Self::VelocityWithout(field) => write!(
                f,
                "the velocity has no {}, expected east_mps, north_mps and up_mps together",
                field.name()
            ),
            Self::VelocityAlone => write!(
                f,
                "a velocity without a position, expected lat_deg, lon_deg and height_m too"
            ),
            Self::Cells { found, expected } => write!(f, "{found} cells, expected {expected} as in the header"),
            Self::Quote => write!(
                f,
                "a quote that does not enclose one cell, expected \"…\" with \"\" for a quote inside, in one line"
            ),
            Self::LineLength => write!(f, "the line is longer than {LINE_BYTES_MAX} bytes"),
            Self::Utf8 => write!(f, "the line is not UTF-8 text"),
            Self::SensorCount => write!(f, "the file names too many sensors"),
            Self::Syntax(message) => write!(f, "{message}"),
            Self::UnknownKey { key, nearest, known } => {
                write!(
                    f,
                    "unknown key {key:?}{}; known are {}",
                    Meant(*nearest),
                    known.join(", ")
                )
            }
            Self::DuplicateKey => write!(f, "stands twice"),
            Self::MissingKey(key) => write!(f, "{key} is missing"),
            Self::KeyWithout(other) => write!(f, "stands without {other}"),
            Self::Interval(lower) => write!(f, "more than {lower}"),
            Self::AtLeast { least, words } => write!(f, "{least} or more {words}"),
            Self::DuplicateSensor => write!(f, "another sensor of this file has the same name"),
        }
    }
}

/// Prints `; did you mean …?` where there is something to mean.
struct Meant(Option<&'static str>);

impl fmt::Display for Meant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(name) => write!(f, " (did you mean {name}?)"),
            None => Ok(()),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: ", self.file, self.line)?;
        match (self.column, &self.value) {
            (Some(column), Some(value)) if self.reason.follows_value() => {
                write!(f, "{column} is {value:?}, expected {}", self.reason)
            }
            (Some(column), Some(value)) => write!(f, "{column} is {value:?}: {}", self.reason),
            (Some(column), None) => write!(f, "{column}: {}", self.reason),
            (None, _) => write!(f, "{}", self.reason),
        }
    }
}

impl std::error::Error for Refusal {}

/// A refusal that does not know yet where it stands.
#[derive(Debug, PartialEq)]
pub(crate) struct Fault {
    column: Option<&'static str>,
    value: Option<String>,
    reason: Reason,
}

impl Fault {
    /// A value at fault, as it stood.
    #[cold]
    pub(crate) fn value(column: &'static str, value: &str, reason: Reason) -> Self {
        Self {
            column: Some(column),
            value: Some(shown(value)),
            reason,
        }
    }

    /// A cell at fault, as it stood.
    #[cold]
    pub(crate) fn cell(column: Column, value: &str, reason: Reason) -> Self {
        Self::value(column.name(), value, reason)
    }

    /// A column or key at fault, whatever it holds.
    #[cold]
    pub(crate) fn key(column: &'static str, reason: Reason) -> Self {
        Self {
            column: Some(column),
            value: None,
            reason,
        }
    }

    /// A fault at a place.
    #[cold]
    pub(crate) fn at(self, file: &Arc<str>, line: u64) -> Refusal {
        Refusal {
            file: file.clone(),
            line,
            column: self.column,
            value: self.value,
            reason: self.reason,
        }
    }
}

/// A record at fault as a whole.
impl From<Reason> for Fault {
    #[cold]
    fn from(reason: Reason) -> Self {
        Self {
            column: None,
            value: None,
            reason,
        }
    }
}
