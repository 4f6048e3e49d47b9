//! Plot files. A format is one file here, one line in [`Format`] and one in each of [`PlotReader::new`] and
//! [`PlotWriter::new`], where it is written too.

mod adsb_json;
mod csv;
mod error;
mod json_lines;
#[cfg(feature = "parquet")]
pub(crate) mod parquet;
mod reader;
mod row;
mod summary;
mod writer;

pub use error::{ReadError, WriteError};
pub use reader::{PlotFile, PlotReader, REFUSALS_KEPT_MAX, read_plots};
pub(crate) use row::{UTC_END, UTC_FIRST, columns_of};
pub use summary::{SensorCount, Summary, Suspicion};
pub use writer::{PlotWriter, write_plots};

use std::sync::Arc;

use crate::column::NAMES;
use crate::header::Layout;
use crate::{Column, Columns};

/// The columns of plot files.
const LAYOUT: Layout = Layout {
    names: NAMES,
    header: "time,sensor,range_m",
    empty: "a header such as time,sensor,range_m,azimuth_deg,elevation_deg",
    not_text: "expected a header such as time,sensor,range_m",
};

/// Refuses a file without the columns that every plot needs.
fn require_columns(columns: Columns, file: &Arc<str>) -> Result<(), ReadError> {
    for column in [Column::Time, Column::Sensor] {
        if !columns.has(column) {
            return Err(ReadError::MissingColumn {
                file: file.clone(),
                column: column.name(),
                expected: "time, sensor and what was measured",
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
