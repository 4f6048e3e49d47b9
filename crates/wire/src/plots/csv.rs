//! CSV: a header, then one record per line.
//!
//! A record is one line, which RFC 4180 does not demand: so a quote that is never closed costs one record, not the rest
//! of the file, and no record is longer than a line may be.

use std::borrow::Cow;
use std::io::{BufRead, Write};
use std::sync::Arc;

use geo::Time;
use memchr::memchr;
use plot::Plot;

use super::error::{ReadError, WriteError};
use super::lines::{Line, Lines};
use super::reader::Rows;
use super::row::Row;
use super::summary::Tally;
use super::writer::Sink;
use super::{not_text, push_number, push_time, require_columns};
use crate::nearest::nearest;
use crate::refusal::{Fault, Reason};
use crate::text::shown;
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
        let header = loop {
            match lines.next() {
                Err(source) => return Err(ReadError::Io { file, source }),
                Ok(None) => {
                    return Err(ReadError::Empty {
                        file,
                        expected: "a header such as time,sensor,range_m,azimuth_deg,elevation_deg",
                    });
                }
                Ok(Some(Line::Text(text))) if text.trim().is_empty() => {}
                Ok(Some(Line::Text(text))) => break text.to_owned(),
                Ok(Some(Line::TooLong)) => return Err(not_text(file, &[])),
                Ok(Some(Line::NotUtf8(bytes))) => return Err(not_text(file, bytes)),
            }
        };
        let columns = columns_of_header(&header, &file, lines.number())?;
        Ok(Self { lines, file, columns })
    }
}

impl<R: BufRead> Rows for CsvRows<R> {
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

/// The columns that a header names.
fn columns_of_header(header: &str, file: &Arc<str>, line: u64) -> Result<Vec<Column>, ReadError> {
    let file = || file.clone();
    let mut columns: Vec<Column> = Vec::new();
    let mut seen = Columns::EMPTY;
    if !header.contains(',')
        && let Some(found) = header.chars().find(|c| matches!(c, ';' | '\t' | '|'))
    {
        return Err(ReadError::Separator {
            file: file(),
            line,
            found,
        });
    }
    for cell in Cells::of(header) {
        let name = cell.unwrap_or(Cow::Borrowed(header));
        let Some(column) = Column::find(&name) else {
            if columns.is_empty() && looks_like_data(&name) {
                return Err(ReadError::NoHeader {
                    file: file(),
                    line,
                    text: shown(&name),
                });
            }
            return Err(ReadError::UnknownColumn {
                file: file(),
                column: shown(&name),
                nearest: nearest(&name, Column::ALL.map(Column::name)),
            });
        };
        if seen.has(column) {
            return Err(ReadError::DuplicateColumn {
                file: file(),
                column: column.name(),
            });
        }
        seen = seen.with(column);
        columns.push(column);
    }
    require_columns(seen, &file())?;
    Ok(columns)
}

/// Whether the first cell of a file is that of a record.
fn looks_like_data(cell: &str) -> bool {
    cell.parse::<Time>().is_ok() || cell.parse::<f64>().is_ok()
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

/// The cells of one line, spaces around them removed, quotes resolved.
struct Cells<'a> {
    rest: Option<&'a str>,
    quotes: bool,
}

impl<'a> Cells<'a> {
    fn of(line: &'a str) -> Self {
        Self {
            rest: Some(line),
            quotes: memchr(b'"', line.as_bytes()).is_some(),
        }
    }

    /// Reads a cell whose first quote was just passed.
    fn quoted(&mut self, text: &'a str) -> Result<Cow<'a, str>, Reason> {
        let mut cell = Cow::Borrowed("");
        let mut rest = text;
        loop {
            let (inside, after) = rest.split_once('"').ok_or(Reason::Quote)?;
            if cell.is_empty() {
                cell = Cow::Borrowed(inside);
            } else {
                cell.to_mut().push_str(inside);
            }
            if let Some(more) = after.strip_prefix('"') {
                cell.to_mut().push('"');
                rest = more;
                continue;
            }
            let after = after.trim_start();
            self.rest = match after.strip_prefix(',') {
                Some(next) => Some(next),
                None if after.is_empty() => None,
                None => return Err(Reason::Quote),
            };
            return Ok(match cell {
                Cow::Borrowed(text) => Cow::Borrowed(text.trim()),
                Cow::Owned(text) => Cow::Owned(text.trim().to_owned()),
            });
        }
    }
}

impl<'a> Iterator for Cells<'a> {
    type Item = Result<Cow<'a, str>, Reason>;

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.rest.take()?;
        if self.quotes
            && let Some(text) = rest.trim_start().strip_prefix('"')
        {
            return Some(self.quoted(text));
        }
        let cell = match memchr(b',', rest.as_bytes()) {
            Some(at) => {
                self.rest = Some(&rest[at + 1..]);
                &rest[..at]
            }
            None => rest,
        };
        if self.quotes && cell.contains('"') {
            return Some(Err(Reason::Quote));
        }
        Some(Ok(Cow::Borrowed(cell.trim())))
    }
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

    fn text(&mut self, text: &str) {
        if text.contains([',', '"']) {
            self.line.push(b'"');
            self.line.extend_from_slice(text.replace('"', "\"\"").as_bytes());
            self.line.push(b'"');
        } else {
            self.line.extend_from_slice(text.as_bytes());
        }
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
                Column::Sensor => self.text(&row.sensor),
                Column::Number(field) => push_number(&mut self.line, row.numbers.get(field)),
                Column::Target => self.text(&row.target),
                Column::Truth => self.text(&row.truth),
            }
        }
        self.line.push(b'\n');
        Ok(self.output.write_all(&self.line)?)
    }

    fn finish(mut self: Box<Self>) -> Result<(), WriteError> {
        Ok(self.output.flush()?)
    }
}
