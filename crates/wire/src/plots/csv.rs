//! CSV: a header, then one record per line.
//!
//! A record is one line, which RFC 4180 does not demand: so a quote that is never closed costs one record, not the rest
//! of the file, and no record is longer than a line may be.

use std::io::{BufRead, Write};
use std::sync::Arc;

use plot::Plot;

use super::error::{ReadError, WriteError};
use super::reader::Rows;
use super::row::Row;
use super::summary::Tally;
use super::writer::Sink;
use super::{LAYOUT, require_columns};
use crate::cells::{Cells, push_number, push_text, push_time};
use crate::header::read_header;
use crate::lines::{Line, Lines};
use crate::refusal::{Fault, Reason};
use crate::{Column, Columns, Refusal};

/// The records of a CSV file.
pub(super) struct CsvRows<R> {
    lines: Lines<R>,
    file: Arc<str>,
    /// In the order of the header.
    columns: Vec<Column>,
}

impl<R: BufRead> CsvRows<R> {
    pub(super) fn new(input: R, file: Arc<str>) -> Result<Self, ReadError> {
        let mut lines = Lines::new(input);
        let indices = read_header(&mut lines, &LAYOUT, &file)?;
        let columns: Vec<Column> = indices.into_iter().map(|index| Column::ALL[index]).collect();
        let seen = columns.iter().fold(Columns::EMPTY, |seen, column| seen.with(*column));
        require_columns(seen, &file)?;
        Ok(Self { lines, file, columns })
    }
}

impl<R: BufRead> Rows for CsvRows<R> {
    fn line(&self) -> Option<u64> {
        Some(self.lines.number())
    }

    fn next(&mut self, tally: &mut Tally) -> Result<Option<Result<Plot, Refusal>>, ReadError> {
        loop {
            let line = match self.lines.next() {
                Ok(line) => line,
                Err(source) => {
                    let file = self.file.clone();
                    return Err(ReadError::Io { file, source });
                }
            };
            let record = match line {
                None => return Ok(None),
                Some(Line::Text(text)) if text.trim_start().is_empty() => continue,
                Some(Line::Text(text)) => row(text, &self.columns).and_then(|row| row.into_plot(tally)),
                Some(Line::TooLong) => Err(Reason::LineLength.into()),
                Some(Line::NotUtf8(_)) => Err(Reason::Utf8.into()),
            };
            return Ok(Some(record.map_err(|fault| fault.at(&self.file, self.lines.number()))));
        }
    }
}

/// Reads the cells of one line.
fn row<'a>(line: &'a str, columns: &[Column]) -> Result<Row<'a>, Fault> {
    let mut row = Row::EMPTY;
    let mut cells = Cells::of(line);
    let mut found = 0;
    let mut fault = None;
    for cell in cells.by_ref() {
        let cell = cell?;
        if let Some(column) = columns.get(found)
            && !cell.is_empty()
            && fault.is_none()
        {
            fault = row.set_text(*column, cell).err();
        }
        found += 1;
    }
    // Cells that moved by one are at fault for their number, not for what then stands in the wrong column.
    if found != columns.len() {
        let expected = columns.len();
        return Err(Reason::Cells { found, expected }.into());
    }
    fault.map_or(Ok(row), Err)
}

/// Writes records as CSV.
pub(super) struct CsvSink<W> {
    output: W,
    columns: Vec<Column>,
    line: Vec<u8>,
}

impl<W: Write> CsvSink<W> {
    pub(super) fn new(mut output: W, columns: Columns) -> Result<Self, WriteError> {
        let columns: Vec<Column> = columns.iter().collect();
        let names: Vec<&str> = columns.iter().map(|column| column.name()).collect();
        writeln!(output, "{}", names.join(","))?;
        Ok(Self {
            output,
            columns,
            line: Vec::new(),
        })
    }
}

impl<W: Write> Sink for CsvSink<W> {
    fn write(&mut self, row: &Row) -> Result<(), WriteError> {
        self.line.clear();
        for i in 0..self.columns.len() {
            if i > 0 {
                self.line.push(b',');
            }
            match self.columns[i] {
                Column::Time => push_time(&mut self.line, row.time),
                Column::Sensor => push_text(&mut self.line, &row.sensor),
                Column::Number(field) => push_number(&mut self.line, row.numbers.get(field)),
                Column::Target => push_text(&mut self.line, &row.target),
                Column::Truth => push_text(&mut self.line, &row.truth),
            }
        }
        self.line.push(b'\n');
        Ok(self.output.write_all(&self.line)?)
    }

    fn finish(mut self: Box<Self>) -> Result<(), WriteError> {
        Ok(self.output.flush()?)
    }
}
