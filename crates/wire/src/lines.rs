//! Lines of a text, in bounded memory whatever the file holds.

use std::io::{self, BufRead, Read};

/// The most bytes one line of a CSV or JSON lines file may have.
pub const LINE_BYTES_MAX: usize = 65_536;

/// Lines with their numbers, without their ends.
pub(crate) struct Lines<R> {
    input: R,
    buffer: Vec<u8>,
    number: u64,
    is_ended: bool,
}

/// One line, or what is in its place.
#[derive(Debug, PartialEq)]
pub(crate) enum Line<'a> {
    /// Its text, without `\n` or `\r\n`.
    Text(&'a str),
    /// It is longer than [`LINE_BYTES_MAX`]; it was skipped.
    TooLong,
    /// It is not UTF-8.
    NotUtf8(&'a [u8]),
}

impl<R: BufRead> Lines<R> {
    pub(crate) fn new(input: R) -> Self {
        Self {
            input,
            buffer: Vec::with_capacity(1024),
            number: 0,
            is_ended: false,
        }
    }

    /// The number of the line that was read last, from 1.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// Whether the line that was read last has its end.
    pub(crate) fn is_ended(&self) -> bool {
        self.is_ended
    }

    /// Returns the next line, `None` at the end. A byte order mark before the first is left out.
    pub(crate) fn next(&mut self) -> io::Result<Option<Line<'_>>> {
        self.buffer.clear();
        let limit = LINE_BYTES_MAX + 2;
        let read = (&mut self.input)
            .take(limit as u64)
            .read_until(b'\n', &mut self.buffer)?;
        if read == 0 {
            return Ok(None);
        }
        self.number += 1;
        self.is_ended = read == limit || self.buffer.ends_with(b"\n");
        let mut line = self.buffer.as_slice();
        if let [rest @ .., b'\n'] = line {
            line = rest;
        } else if read == limit {
            self.input.skip_until(b'\n')?;
            return Ok(Some(Line::TooLong));
        }
        if let [rest @ .., b'\r'] = line {
            line = rest;
        }
        if self.number == 1
            && let [0xef, 0xbb, 0xbf, rest @ ..] = line
        {
            line = rest;
        }
        if line.len() > LINE_BYTES_MAX {
            return Ok(Some(Line::TooLong));
        }
        Ok(Some(std::str::from_utf8(line).map_or(Line::NotUtf8(line), Line::Text)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8]) -> Vec<String> {
        let mut lines = Lines::new(bytes);
        let mut out = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            out.push(match line {
                Line::Text(text) => text.to_owned(),
                other => format!("{other:?}"),
            });
        }
        assert_eq!(lines.number(), out.len() as u64);
        out
    }

    #[test]
    fn line_ends_and_marks_are_left_out() {
        assert_eq!(all(b""), [""; 0]);
        assert_eq!(all(b"\xef\xbb\xbfa\r\nb\n\n\xef\xbb\xbfc"), ["a", "b", "", "\u{feff}c"]);
        assert_eq!(all(b"a\rb\r\r\n"), ["a\rb\r"]);
        assert_eq!(all(b"a\n\xff\nb"), ["a", "NotUtf8([255])", "b"]);
    }

    #[test]
    fn a_line_at_the_limit_is_read_and_the_next_after_a_longer_one() {
        for (length, ending, expected) in [
            (LINE_BYTES_MAX, "\n", true),
            (LINE_BYTES_MAX, "\r\n", true),
            (LINE_BYTES_MAX, "", true),
            (LINE_BYTES_MAX + 1, "\n", false),
            (LINE_BYTES_MAX + 1, "", false),
            (LINE_BYTES_MAX + 2, "\n", false),
            (10 * LINE_BYTES_MAX, "\n", false),
        ] {
            let text = format!("{}{ending}", "x".repeat(length));
            let lines = all(format!("first\n{text}").as_bytes());
            assert_eq!(lines[1] == "x".repeat(length), expected, "{length} {ending:?}");
            assert_eq!(lines.len(), 2);
            if ending == "\n" {
                assert_eq!(all(format!("{text}last").as_bytes())[1], "last");
            }
        }
    }
}
