//! Which file format, chosen by the ending of the name.

use std::fmt;

use crate::nearest::nearest;

/// A format of plot files.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub enum Format {
    /// Comma-separated values with a header.
    Csv,
    /// One JSON object per line.
    JsonLines,
    /// An ADS-B recording: a JSON list of objects, as libraries for air traffic write them; only read.
    AdsbJson,
    /// Apache Parquet.
    #[cfg(feature = "parquet")]
    Parquet,
}

impl Format {
    /// All of them.
    pub const ALL: &[Self] = &[
        Self::Csv,
        Self::JsonLines,
        Self::AdsbJson,
        #[cfg(feature = "parquet")]
        Self::Parquet,
    ];

    /// The endings of file names, the usual one first.
    pub const fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Csv => &["csv"],
            Self::JsonLines => &["jsonl", "ndjson"],
            Self::AdsbJson => &["json"],
            #[cfg(feature = "parquet")]
            Self::Parquet => &["parquet"],
        }
    }

    /// Whether plots are written so too.
    pub const fn is_written(self) -> bool {
        !matches!(self, Self::AdsbJson)
    }

    /// Returns the format that a file's name stands for, by its ending, in any case.
    ///
    /// Errors: [`UnknownFormat`], which lists the known endings.
    pub fn of_name(name: &str) -> Result<Self, UnknownFormat> {
        let file = name.rsplit(['/', '\\']).next().unwrap_or(name);
        let ending = file.rsplit_once('.').map_or("", |(_, ending)| ending).to_lowercase();
        Self::ALL
            .iter()
            .find(|format| format.endings().contains(&ending.as_str()))
            .copied()
            .ok_or_else(|| UnknownFormat {
                name: name.to_owned(),
                nearest: nearest(&ending, endings()),
            })
    }
}

/// A format of track and truth files.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash)]
pub enum TableFormat {
    /// Comma-separated values with a header.
    Csv,
    /// Apache Parquet.
    #[cfg(feature = "parquet")]
    Parquet,
}

impl TableFormat {
    /// Returns the format that a file's name stands for, by its ending, in any case; `None` for other endings.
    pub fn of_name(name: &str) -> Option<Self> {
        match Format::of_name(name).ok()? {
            Format::Csv => Some(Self::Csv),
            Format::JsonLines | Format::AdsbJson => None,
            #[cfg(feature = "parquet")]
            Format::Parquet => Some(Self::Parquet),
        }
    }
}

/// Every known ending.
fn endings() -> impl Iterator<Item = &'static str> {
    Format::ALL.iter().flat_map(|format| format.endings().iter().copied())
}

/// A file name whose ending is no known format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownFormat {
    /// The name of the file.
    pub name: String,
    /// The ending that was probably meant.
    pub nearest: Option<&'static str>,
}

impl fmt::Display for UnknownFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: the name's ending says no known format", self.name)?;
        if let Some(nearest) = self.nearest {
            write!(f, "; .{nearest} is the nearest")?;
        }
        write!(f, "; known are")?;
        for (i, ending) in endings().enumerate() {
            write!(f, "{} .{ending}", if i == 0 { "" } else { "," })?;
        }
        Ok(())
    }
}

impl std::error::Error for UnknownFormat {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn endings_choose() {
        assert_eq!(Format::of_name("a/b.c/plots.CSV"), Ok(Format::Csv));
        assert_eq!(Format::of_name("plots.jsonl"), Ok(Format::JsonLines));
        assert_eq!(Format::of_name("plots.ndjson"), Ok(Format::JsonLines));
        assert_eq!(Format::of_name("zurich.json"), Ok(Format::AdsbJson));
        for name in ["plots", "csv", "a.csv/plots", "plots.txt", ""] {
            let message = Format::of_name(name).unwrap_err().to_string();
            assert!(message.contains("known are .csv, .jsonl, .ndjson, .json"), "{message}");
        }
        assert_eq!(Format::of_name("plots.cvs").unwrap_err().nearest, Some("csv"));
    }
}
