//! JSON lines: one object per line, its keys the columns of CSV; `null` is an absent value.

use std::borrow::Cow;
use std::fmt;
use std::io::{BufRead, Write};
use std::sync::Arc;

use plot::Plot;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use super::LAYOUT;
use super::error::{ReadError, WriteError};
use super::reader::Rows;
use super::row::Row;
use super::summary::Tally;
use super::writer::Sink;
use crate::cells::{push_number, push_time};
use crate::column::NAMES;
use crate::header::not_text;
use crate::lines::{Line, Lines};
use crate::nearest::nearest;
use crate::refusal::{Fault, Reason};
use crate::text::shown;
use crate::{Column, Columns, Refusal};

/// The records of a JSON lines file.
pub(super) struct JsonRows<R> {
    lines: Lines<R>,
    file: Arc<str>,
    any: bool,
}

impl<R: BufRead> JsonRows<R> {
    pub(super) fn new(input: R, file: Arc<str>) -> Self {
        Self {
            lines: Lines::new(input),
            file,
            any: false,
        }
    }
}

const EXPECTED: &str = "an object such as {\"time\":\"2021-09-09T17:25:00Z\",\"sensor\":\"north\",\"range_m\":8076}";

impl<R: BufRead> Rows for JsonRows<R> {
    fn line(&self) -> Option<u64> {
        Some(self.lines.number())
    }

    fn next(&mut self, tally: &mut Tally) -> Result<Option<Result<Plot, Refusal>>, ReadError> {
        let file = || self.file.clone();
        loop {
            let line = match self.lines.next() {
                Ok(line) => line,
                Err(source) => return Err(ReadError::Io { file: file(), source }),
            };
            let record = match line {
                None if self.any => return Ok(None),
                None => {
                    return Err(ReadError::Empty {
                        file: file(),
                        expected: EXPECTED,
                    });
                }
                Some(Line::Text(text)) if text.trim_start().is_empty() => continue,
                Some(Line::Text(text)) => row(text).and_then(|row| row.into_plot(tally)),
                // A first line that is no text is a file of another kind.
                Some(Line::NotUtf8(bytes)) if !self.any => return Err(not_text(file(), bytes, LAYOUT.not_text)),
                Some(Line::TooLong) => Err(Reason::LineLength.into()),
                Some(Line::NotUtf8(_)) => Err(Reason::Utf8.into()),
            };
            self.any = true;
            return Ok(Some(record.map_err(|fault| fault.at(&self.file, self.lines.number()))));
        }
    }
}

/// Reads the object of one line.
fn row(line: &str) -> Result<Row<'_>, Fault> {
    if !line.trim_start().starts_with('{') {
        return Err(Reason::Syntax(format!(
            "{:?} is no JSON object, expected {EXPECTED}",
            shown(line.trim())
        ))
        .into());
    }
    let mut object = Object {
        row: Row::EMPTY,
        seen: Columns::EMPTY,
        fault: None,
    };
    let mut json = serde_json::Deserializer::from_str(line);
    let read = json.deserialize_map(&mut object).and_then(|()| json.end());
    match (read, object.fault) {
        (Err(error), _) => Err(Reason::Syntax(syntax(&error)).into()),
        (Ok(()), Some(fault)) => Err(fault),
        (Ok(()), None) => Ok(object.row),
    }
}

/// The words of a syntax error; the line it names is always the first, so the column remains.
#[cold]
fn syntax(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let words = text.split(" at line ").next().unwrap_or(&text);
    format!("no valid JSON: {words} at byte {}", error.column())
}

/// What the keys of one object filled; the first fault is kept, the syntax is checked to the end.
struct Object<'de> {
    row: Row<'de>,
    seen: Columns,
    fault: Option<Fault>,
}

impl<'de> Object<'de> {
    fn entry(&mut self, key: &str, value: &'de RawValue) -> Result<(), Fault> {
        let Some(column) = Column::find(key) else {
            return Err(Reason::UnknownKey {
                key: shown(key),
                nearest: nearest(key, NAMES.iter().copied()),
                known: NAMES,
            }
            .into());
        };
        if self.seen.has(column) {
            return Err(Fault::key(column.name(), Reason::DuplicateKey));
        }
        self.seen = self.seen.with(column);
        let text = value.get();
        match (column, text.as_bytes()) {
            (_, b"null") => Ok(()),
            (Column::Number(field), [b'-' | b'0'..=b'9', ..]) => {
                // The text, not serde_json's number: that is not rounded to the nearest double.
                self.row.numbers.set(field, text.parse().unwrap_or(f64::NAN), &text)
            }
            (Column::Number(field), _) => Err(Fault::cell(column, text, Reason::Limits(field))),
            (_, [b'"', ..]) => match unescaped(text) {
                Some(text) => self.row.set_text(column, text),
                None => Err(Fault::cell(column, text, Reason::Kind("whole characters of Unicode"))),
            },
            (Column::Time, _) => Err(Fault::cell(column, text, Reason::Time(geo::TimeError::Form))),
            _ => Err(Fault::cell(column, text, Reason::Kind("a text in quotes"))),
        }
    }
}

/// The text of a JSON string that the scanner let pass, spaces around it removed; `None` for a lone surrogate.
fn unescaped(quoted: &str) -> Option<Cow<'_, str>> {
    if memchr::memchr(b'\\', quoted.as_bytes()).is_none() {
        return Some(Cow::Borrowed(quoted.trim_matches('"').trim()));
    }
    let text: String = serde_json::from_str(quoted).ok()?;
    Some(Cow::Owned(text.trim().to_owned()))
}

impl<'de> Visitor<'de> for &mut Object<'de> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        while let Some(key) = map.next_key::<Key<'de>>()? {
            let value: &'de RawValue = map.next_value()?;
            if self.fault.is_none() {
                self.fault = self.entry(&key.0, value).err();
            }
        }
        Ok(())
    }
}

/// A key, borrowed where it has no escapes.
#[derive(serde::Deserialize)]
struct Key<'a>(#[serde(borrow)] Cow<'a, str>);

/// Writes records as JSON lines.
pub(super) struct JsonSink<W> {
    output: W,
    columns: Vec<Column>,
    line: Vec<u8>,
}

impl<W: Write> JsonSink<W> {
    pub(super) fn new(output: W, columns: Columns) -> Self {
        Self {
            output,
            columns: columns.iter().collect(),
            line: Vec::new(),
        }
    }
}

impl<W: Write> Sink for JsonSink<W> {
    fn write(&mut self, row: &Row) -> Result<(), WriteError> {
        let line = &mut self.line;
        line.clear();
        for column in &self.columns {
            let mark = line.len();
            line.push(if mark == 0 { b'{' } else { b',' });
            line.push(b'"');
            line.extend_from_slice(column.name().as_bytes());
            line.extend_from_slice(b"\":");
            let start = line.len();
            match column {
                Column::Time => {
                    line.push(b'"');
                    push_time(line, row.time);
                    line.push(b'"');
                }
                Column::Number(field) => push_number(line, row.numbers.get(*field)),
                Column::Sensor => push_text(line, &row.sensor)?,
                Column::Target => push_text(line, &row.target)?,
                Column::Truth => push_text(line, &row.truth)?,
            }
            // What is absent has no key.
            if line.len() == start {
                line.truncate(mark);
            }
        }
        line.extend_from_slice(b"}\n");
        Ok(self.output.write_all(line)?)
    }

    fn finish(mut self: Box<Self>) -> Result<(), WriteError> {
        Ok(self.output.flush()?)
    }
}

fn push_text(line: &mut Vec<u8>, text: &str) -> Result<(), WriteError> {
    if !text.is_empty() {
        serde_json::to_writer(line, text).map_err(std::io::Error::from)?;
    }
    Ok(())
}
