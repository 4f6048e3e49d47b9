//! Cells of one line of CSV: read with their quotes resolved, written so that they read the same.

use std::borrow::Cow;
use std::io::Write;

use geo::Time;
use memchr::memchr;

use crate::refusal::Reason;

/// The cells of one line, spaces around them removed, quotes resolved.
pub(crate) struct Cells<'a> {
    rest: Option<&'a str>,
    quotes: bool,
}

impl<'a> Cells<'a> {
    pub(crate) fn of(line: &'a str) -> Self {
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

/// Appends a time in RFC 3339 with as many of 3, 6 or 9 decimals as it needs.
pub(crate) fn push_time(line: &mut Vec<u8>, time: Option<Time>) {
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
pub(crate) fn push_number(line: &mut Vec<u8>, value: Option<f64>) {
    let Some(value) = value else { return };
    let mut buffer = zmij::Buffer::new();
    let text = buffer.format_finite(value);
    line.extend_from_slice(text.strip_suffix(".0").unwrap_or(text).as_bytes());
}

/// Appends a text, in quotes where it needs them.
pub(crate) fn push_text(line: &mut Vec<u8>, text: &str) {
    if text.contains([',', '"']) {
        line.push(b'"');
        line.extend_from_slice(text.replace('"', "\"\"").as_bytes());
        line.push(b'"');
    } else {
        line.extend_from_slice(text.as_bytes());
    }
}
