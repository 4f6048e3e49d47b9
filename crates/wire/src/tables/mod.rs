//! Tables that are not plots: read into cells by name, whatever the format; cells become values within their limits.

mod csv;
#[cfg(feature = "parquet")]
mod parquet;
mod record;

pub(crate) use csv::CsvTable;
#[cfg(feature = "parquet")]
pub(crate) use parquet::{Column, ParquetTable, ParquetTableSink};
pub(crate) use record::{Cell, Names, Record};

use std::io::{BufReader, Read, Seek};
use std::sync::Arc;

use crate::header::Layout;
use crate::plots::ReadError;
use crate::refusal::Fault;
use crate::{Refusal, TableFormat};

/// How many bytes are asked for at a time.
const BUFFER_BYTES: usize = 256 * 1024;

/// A value that is one row of a table.
pub(crate) trait Row: Sized {
    /// The columns there may be.
    const LAYOUT: Layout;
    /// How many of them, from the first, there must be.
    const REQUIRED: usize;
    /// The required columns, in words.
    const REQUIRED_WORDS: &'static str;

    /// Reads the cells of one record.
    fn read(record: &Record, names: &mut Names) -> Result<Self, Fault>;
}

/// Refuses a table without a column that every row needs.
fn require<T: Row>(columns: &[usize], file: &Arc<str>) -> Result<(), ReadError> {
    match (0..T::REQUIRED).find(|index| !columns.contains(index)) {
        None => Ok(()),
        Some(index) => Err(ReadError::MissingColumn {
            file: file.clone(),
            column: T::LAYOUT.names[index],
            expected: T::REQUIRED_WORDS,
        }),
    }
}

/// A whole table in memory: its rows in the order of the file, and what was refused.
#[derive(Clone, Debug, PartialEq)]
pub struct Table<T> {
    /// The rows that can be used.
    pub rows: Vec<T>,
    /// The first [`REFUSALS_KEPT_MAX`](crate::REFUSALS_KEPT_MAX) of those that cannot.
    pub refusals: Vec<Refusal>,
    /// How many cannot.
    pub refused: u64,
}

impl<T> Table<T> {
    fn empty() -> Self {
        Self {
            rows: Vec::new(),
            refusals: Vec::new(),
            refused: 0,
        }
    }

    fn push(&mut self, record: Result<T, Refusal>) {
        match record {
            Ok(row) => self.rows.push(row),
            Err(refusal) => {
                self.refused += 1;
                if self.refusals.len() < crate::REFUSALS_KEPT_MAX {
                    self.refusals.push(refusal);
                }
            }
        }
    }
}

/// Reads a whole table; `file` is for messages.
pub(crate) fn read<T: Row, R: Read + Seek + Send + 'static>(
    format: TableFormat,
    input: R,
    file: &str,
) -> Result<Table<T>, ReadError> {
    let mut table = Table::empty();
    match format {
        TableFormat::Csv => {
            let input = BufReader::with_capacity(BUFFER_BYTES, input);
            let mut rows = CsvTable::<_, T>::new(input, file.into())?;
            while let Some(record) = rows.next()? {
                table.push(record);
            }
        }
        #[cfg(feature = "parquet")]
        TableFormat::Parquet => {
            let mut rows = ParquetTable::<_, T>::new(input, file.into())?;
            while let Some(record) = rows.next()? {
                table.push(record);
            }
        }
    }
    Ok(table)
}
