//! Plot files. A format is one file here, one line in [`Format`] and one in each of [`PlotReader::new`] and
//! [`PlotWriter::new`].

mod csv;
mod error;
mod json_lines;
mod lines;
#[cfg(feature = "parquet")]
mod parquet;
mod reader;
mod row;
mod summary;
mod writer;

pub use error::{ReadError, WriteError};
pub use lines::LINE_BYTES_MAX;
pub use reader::{PlotFile, PlotReader, REFUSALS_KEPT_MAX, read_plots};
pub(crate) use row::columns_of;
pub use summary::{SensorCount, Summary, Suspicion};
pub use writer::{PlotWriter, write_plots};

use std::io::Write;
use std::sync::Arc;

use geo::Time;

use crate::{Column, Columns};

/// Refuses a file without the columns that every plot needs.
fn require_columns(columns: Columns, file: &Arc<str>) -> Result<(), ReadError> {
    for column in [Column::Time, Column::Sensor] {
        if !columns.has(column) {
            return Err(ReadError::MissingColumn {
                file: file.clone(),
                column: column.name(),
            });
        }
    }
    if row::MEASURED
        .into_iter()
        .any(|field| columns.has(Column::Number(field)))
    {
        Ok(())
    } else {
        Err(ReadError::NothingMeasured { file: file.clone() })
    }
}

/// Appends a time in RFC 3339 with as many of 3, 6 or 9 decimals as it needs.
fn push_time(line: &mut Vec<u8>, time: Option<Time>) {
    let Some(time) = time else { return };
    let ns = time.tai_ns();
    let digits = [(3, 1_000_000), (6, 1_000)]
        .into_iter()
        .find_map(|(digits, unit_ns)| (ns % unit_ns == 0).then_some(digits))
        .unwrap_or(9);
    // Writing to a vector does not fail.
    let _ = write!(line, "{time:.digits$}");
}

/// Appends the shortest text that reads as the same number, without a useless `.0`.
fn push_number(line: &mut Vec<u8>, value: Option<f64>) {
    let Some(value) = value else { return };
    let mut buffer = zmij::Buffer::new();
    let text = buffer.format_finite(value);
    line.extend_from_slice(text.strip_suffix(".0").unwrap_or(text).as_bytes());
}

/// What a first line that is no text looks like.
#[cold]
fn not_text(file: Arc<str>, bytes: &[u8]) -> ReadError {
    let hint = match bytes {
        [0xff, 0xfe, ..] | [0xfe, 0xff, ..] => "it looks like UTF-16: save it as UTF-8",
        [b'P', b'A', b'R', b'1', ..] => "it looks like Parquet: name it .parquet",
        [0x1f, 0x8b, ..] => "it looks compressed with gzip: decompress it first",
        [0x28, 0xb5, 0x2f, 0xfd, ..] => "it looks compressed with zstd: decompress it first",
        _ => "expected a header such as time,sensor,range_m",
    };
    ReadError::NotText { file, hint }
}
