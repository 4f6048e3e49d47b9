//! Tables as CSV.

use std::io::BufRead;
use std::marker::PhantomData;
use std::sync::Arc;

use super::{Cell, Names, Record, Row, require};
use crate::Refusal;
use crate::cells::Cells;
use crate::header::read_header;
use crate::lines::{Line, Lines};
use crate::plots::ReadError;
use crate::refusal::{Fault, Reason};

/// The rows of a CSV file.
pub(crate) struct CsvTable<R, T> {
    lines: Lines<R>,
    file: Arc<str>,
    /// What each cell of a line is.
    columns: Vec<usize>,
    names: Names,
    row: PhantomData<T>,
}

impl<R: BufRead, T: Row> CsvTable<R, T> {
    pub(crate) fn new(input: R, file: Arc<str>) -> Result<Self, ReadError> {
        let mut lines = Lines::new(input);
        let columns = read_header(&mut lines, &T::LAYOUT, &file)?;
        require::<T>(&columns, &file)?;
        Ok(Self {
            lines,
            file,
            columns,
            names: Names::default(),
            row: PhantomData,
        })
    }

    /// Returns the next row, `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Result<T, Refusal>>, ReadError> {
        loop {
            let line = self.lines.next().map_err(|source| ReadError::Io {
                file: self.file.clone(),
                source,
            })?;
            let row = match line {
                None => return Ok(None),
                Some(Line::Text(text)) if text.trim_start().is_empty() => continue,
                Some(Line::Text(text)) => {
                    record::<T>(text, &self.columns).and_then(|record| T::read(&record, &mut self.names))
                }
                Some(Line::TooLong) => Err(Reason::LineLength.into()),
                Some(Line::NotUtf8(_)) => Err(Reason::Utf8.into()),
            };
            return Ok(Some(row.map_err(|fault| fault.at(&self.file, self.lines.number()))));
        }
    }
}

/// The cells of one line.
fn record<'a, T: Row>(line: &'a str, columns: &[usize]) -> Result<Record<'a>, Fault> {
    let mut record = Record::new(T::LAYOUT.names);
    let mut found = 0;
    for cell in Cells::of(line) {
        let cell = cell?;
        if let Some(column) = columns.get(found)
            && !cell.is_empty()
        {
            record.cells[*column] = Cell::Text(cell);
        }
        found += 1;
    }
    if found != columns.len() {
        let expected = columns.len();
        return Err(Reason::Cells { found, expected }.into());
    }
    Ok(record)
}
