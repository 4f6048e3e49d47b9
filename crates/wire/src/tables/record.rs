//! The cells of one record, and what is read from them.

use std::borrow::Cow;
use std::collections::HashSet;
use std::fmt;
use std::sync::Arc;

use geo::{Geodetic, Time, TimeError, Velocity};
use plot::Field;

use crate::degrees;
use crate::refusal::{Fault, Reason};
use crate::text::is_name;

/// What stands in a cell.
#[derive(Clone, Debug)]
pub(crate) enum Cell<'a> {
    Absent,
    Text(Cow<'a, str>),
    #[cfg(feature = "parquet")]
    Number(f64),
    /// Nanoseconds of UTC since 1970; `None` beyond 64 bits.
    #[cfg(feature = "parquet")]
    UtcNs(Option<i64>),
}

impl fmt::Display for Cell<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Absent => Ok(()),
            Self::Text(text) => write!(f, "{text}"),
            #[cfg(feature = "parquet")]
            Self::Number(value) => write!(f, "{value}"),
            #[cfg(feature = "parquet")]
            Self::UtcNs(Some(ns)) => write!(f, "{ns} ns since 1970"),
            #[cfg(feature = "parquet")]
            Self::UtcNs(None) => write!(f, "beyond 64 bits of nanoseconds"),
        }
    }
}

/// The cells of one record, by the index of their column in the layout.
pub(crate) struct Record<'a> {
    pub(crate) names: &'static [&'static str],
    pub(crate) cells: Vec<Cell<'a>>,
}

impl<'a> Record<'a> {
    /// A record without any value.
    pub(crate) fn new(names: &'static [&'static str]) -> Self {
        Self {
            names,
            cells: vec![Cell::Absent; names.len()],
        }
    }

    /// A fault of a cell, as it stands.
    pub(crate) fn fault(&self, index: usize, reason: Reason) -> Fault {
        Fault::value(self.names[index], &self.cells[index].to_string(), reason)
    }

    /// Whether nothing stands in a cell.
    pub(crate) fn is_absent(&self, index: usize) -> bool {
        matches!(self.cells[index], Cell::Absent)
    }

    /// The number of a cell, NaN where it is none.
    pub(crate) fn number(&self, index: usize) -> Option<f64> {
        match &self.cells[index] {
            Cell::Absent => None,
            Cell::Text(text) => Some(text.parse().unwrap_or(f64::NAN)),
            #[cfg(feature = "parquet")]
            Cell::Number(value) => Some(*value),
            #[cfg(feature = "parquet")]
            Cell::UtcNs(_) => Some(f64::NAN),
        }
    }

    /// A number that must be there, within the limits of its field.
    pub(crate) fn field(&self, index: usize, field: Field) -> Result<f64, Fault> {
        self.number(index)
            .filter(|value| field.check(*value).is_ok())
            .ok_or_else(|| self.fault(index, Reason::Limits(field)))
    }

    /// A time that must be there.
    pub(crate) fn time(&self, index: usize) -> Result<Time, Fault> {
        let time = match &self.cells[index] {
            Cell::Text(text) => text.parse(),
            Cell::Absent => Err(TimeError::Form),
            #[cfg(feature = "parquet")]
            Cell::UtcNs(Some(ns)) => Time::from_utc_ns(*ns),
            #[cfg(feature = "parquet")]
            Cell::UtcNs(None) => Err(TimeError::Span),
            #[cfg(feature = "parquet")]
            Cell::Number(_) => Err(TimeError::Form),
        };
        time.map_err(|error| self.fault(index, Reason::Time(error)))
    }

    /// The text of a cell, where there is one; a number is its text.
    pub(crate) fn text(&self, index: usize) -> Option<Cow<'_, str>> {
        match &self.cells[index] {
            Cell::Absent => None,
            Cell::Text(text) => Some(Cow::Borrowed(text)),
            #[cfg(feature = "parquet")]
            other => Some(Cow::Owned(other.to_string())),
        }
    }

    /// A name, where there is one.
    pub(crate) fn name(&self, index: usize, names: &mut Names) -> Result<Option<Arc<str>>, Fault> {
        match self.text(index) {
            None => Ok(None),
            Some(text) if is_name(&text) => Ok(Some(names.shared(&text))),
            Some(_) => Err(self.fault(index, Reason::Name)),
        }
    }

    /// A name that must be there.
    pub(crate) fn required_name(&self, index: usize, names: &mut Names) -> Result<Arc<str>, Fault> {
        self.name(index, names)?.ok_or_else(|| self.fault(index, Reason::Name))
    }

    /// The place of three cells in a row: degrees, degrees, metres.
    pub(crate) fn place(&self, first: usize) -> Result<Geodetic, Fault> {
        let lat_deg = self.field(first, Field::LatDeg)?;
        let lon_deg = self.field(first + 1, Field::LonDeg)?;
        let height_m = self.field(first + 2, Field::HeightM)?;
        Ok(Geodetic::from_degrees(
            lat_deg,
            degrees::longitude_deg(lon_deg),
            height_m,
        ))
    }

    /// The velocity of three cells in a row: east, north, up.
    pub(crate) fn velocity(&self, first: usize) -> Result<Velocity<geo::Enu>, Fault> {
        let east_mps = self.field(first, Field::EastMps)?;
        let north_mps = self.field(first + 1, Field::NorthMps)?;
        let up_mps = self.field(first + 2, Field::UpMps)?;
        Ok(Velocity::new(east_mps, north_mps, up_mps))
    }
}

/// Names of a file, each kept once.
#[derive(Debug, Default)]
pub(crate) struct Names(HashSet<Arc<str>>);

impl Names {
    /// The one text of a name.
    pub(crate) fn shared(&mut self, text: &str) -> Arc<str> {
        match self.0.get(text) {
            Some(known) => known.clone(),
            None => {
                let name: Arc<str> = text.into();
                self.0.insert(name.clone());
                name
            }
        }
    }
}
