//! Writing, whatever the format.

use std::io::Write;

use plot::Plot;

use super::csv::CsvSink;
use super::error::WriteError;
use super::json_lines::JsonSink;
use super::row::Row;
use crate::{Columns, Format};

/// What each format does with one record.
pub(super) trait Sink {
    fn write(&mut self, row: &Row) -> Result<(), WriteError>;
    fn finish(self: Box<Self>) -> Result<(), WriteError>;
}

/// Writes plots, record by record, such that [`PlotReader`](crate::PlotReader) reads the same plots.
///
/// Times keep their nanoseconds, numbers their last bit. An angle that was read from degrees comes back bit for bit;
/// one that was computed in radians may have no degrees that do, and comes back within one unit in the last place.
#[must_use = "the file is complete after finish"]
pub struct PlotWriter<'a> {
    sink: Box<dyn Sink + 'a>,
    columns: Columns,
}

impl<'a> PlotWriter<'a> {
    /// Begins a file with the given columns; hand over a buffered writer.
    ///
    /// Errors: [`WriteError::Io`], [`WriteError::ReadOnly`].
    pub fn new<W: Write + Send + 'a>(format: Format, output: W, columns: Columns) -> Result<Self, WriteError> {
        let sink: Box<dyn Sink + 'a> = match format {
            Format::Csv => Box::new(CsvSink::new(output, columns)?),
            Format::JsonLines => Box::new(JsonSink::new(output, columns)),
            Format::AdsbJson => return Err(WriteError::ReadOnly { format }),
            #[cfg(feature = "parquet")]
            Format::Parquet => Box::new(super::parquet::ParquetSink::new(output, columns)?),
        };
        Ok(Self { sink, columns })
    }

    /// Writes one plot.
    ///
    /// Errors: [`WriteError`]; nothing of the plot is written then, unless the writer itself failed.
    pub fn write(&mut self, plot: &Plot) -> Result<(), WriteError> {
        let row = Row::of(plot)?;
        if let Some(column) = row.columns().first_beyond(self.columns) {
            return Err(WriteError::NotAmongColumns { column: column.name() });
        }
        self.sink.write(&row)
    }

    /// Completes the file and flushes it.
    ///
    /// Errors: [`WriteError::Io`].
    pub fn finish(self) -> Result<(), WriteError> {
        self.sink.finish()
    }
}

/// Writes a whole file with the columns that its plots need, with all columns where there are no plots; hand over a
/// buffered writer.
///
/// Errors: [`WriteError`]; what was written before stays.
pub fn write_plots<W: Write + Send>(format: Format, output: W, plots: &[Plot]) -> Result<(), WriteError> {
    // A file without a column for anything measured would not be read.
    let columns = if plots.is_empty() {
        Columns::ALL
    } else {
        Columns::of(plots)
    };
    let mut writer = PlotWriter::new(format, output, columns)?;
    for plot in plots {
        writer.write(plot)?;
    }
    writer.finish()
}
