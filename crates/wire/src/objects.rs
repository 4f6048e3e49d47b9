//! The objects of a JSON list, one by one, in bounded memory: what is wrong with one costs only itself.

use std::io::{self, BufRead};

use crate::lines::LINE_BYTES_MAX;

/// The objects of a list, or one after the other without a list.
pub(crate) struct Objects<R> {
    input: R,
    buffer: Vec<u8>,
    number: u64,
    /// Whether a bracket has opened a list, and whether it has closed.
    is_open: bool,
    is_closed: bool,
    is_ended: bool,
}

/// One object, or what is in its place.
#[derive(Debug, PartialEq)]
pub(crate) enum Object<'a> {
    /// Its bytes, from brace to brace.
    Whole(&'a [u8]),
    /// Something that is no object.
    Strange(String),
    /// It is longer than [`LINE_BYTES_MAX`]; it was skipped.
    TooLong,
    /// The file ends in it, or before the list does.
    Cut,
}

impl<R: BufRead> Objects<R> {
    pub(crate) fn new(input: R) -> Self {
        Self {
            input,
            buffer: Vec::new(),
            number: 0,
            is_open: false,
            is_closed: false,
            is_ended: false,
        }
    }

    /// The number of what was read last, from 1.
    pub(crate) fn number(&self) -> u64 {
        self.number
    }

    /// Whether there is a list, be it empty.
    pub(crate) fn is_list(&self) -> bool {
        self.is_open
    }

    /// Returns the next object, `None` at the end.
    pub(crate) fn next(&mut self) -> io::Result<Option<Object<'_>>> {
        if self.is_ended {
            return Ok(None);
        }
        loop {
            let Some(octet) = self.octet()? else {
                self.is_ended = true;
                if self.is_open && !self.is_closed {
                    self.number += 1;
                    return Ok(Some(Object::Cut));
                }
                return Ok(None);
            };
            match octet {
                b' ' | b'\t' | b'\r' | b'\n' | b',' => {}
                // A byte order mark.
                0xef | 0xbb | 0xbf if self.number == 0 && !self.is_open => {}
                b'[' if !self.is_open && self.number == 0 => self.is_open = true,
                b']' if self.is_open && !self.is_closed => self.is_closed = true,
                b'{' => {
                    self.number += 1;
                    return self.object().map(Some);
                }
                other => {
                    self.number += 1;
                    return self.strange(other).map(|text| Some(Object::Strange(text)));
                }
            }
        }
    }

    /// Reads up to the brace that closes an object whose first has been read.
    fn object(&mut self) -> io::Result<Object<'_>> {
        self.buffer.clear();
        self.buffer.push(b'{');
        let (mut depth, mut is_text, mut is_escaped, mut is_long) = (1_u32, false, false, false);
        while depth > 0 {
            let Some(octet) = self.octet()? else {
                self.is_ended = true;
                return Ok(Object::Cut);
            };
            if self.buffer.len() < LINE_BYTES_MAX {
                self.buffer.push(octet);
            } else {
                is_long = true;
            }
            match octet {
                _ if is_escaped => is_escaped = false,
                b'\\' if is_text => is_escaped = true,
                b'"' => is_text = !is_text,
                b'{' if !is_text => depth = depth.saturating_add(1),
                b'}' if !is_text => depth -= 1,
                // A text has no line ends: one that was never closed ends here, and so does its object.
                b'\n' if is_text => break,
                _ => {}
            }
        }
        Ok(if is_long {
            Object::TooLong
        } else {
            Object::Whole(&self.buffer)
        })
    }

    /// Passes over what is no object, up to the next, a comma or a bracket; how it begins.
    fn strange(&mut self, first: u8) -> io::Result<String> {
        let mut text = vec![first];
        while let Some(octet) = self.input.fill_buf()?.first().copied() {
            if matches!(octet, b'{' | b',' | b']' | b'\n') {
                break;
            }
            if text.len() < LINE_BYTES_MAX {
                text.push(octet);
            }
            self.input.consume(1);
        }
        Ok(String::from_utf8_lossy(&text).trim().to_owned())
    }

    fn octet(&mut self) -> io::Result<Option<u8>> {
        let octet = self.input.fill_buf()?.first().copied();
        if octet.is_some() {
            self.input.consume(1);
        }
        Ok(octet)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str) -> Vec<String> {
        let mut objects = Objects::new(text.as_bytes());
        let mut out = Vec::new();
        while let Some(object) = objects.next().unwrap() {
            out.push(match object {
                Object::Whole(bytes) => String::from_utf8(bytes.to_vec()).unwrap(),
                other => format!("{other:?}"),
            });
        }
        out
    }

    #[test]
    fn objects_come_one_by_one_whatever_is_between() {
        assert_eq!(all("[]"), [""; 0]);
        assert_eq!(all("[{\"a\":1},\n {\"b\":{}}]\n"), ["{\"a\":1}", "{\"b\":{}}"]);
        assert_eq!(all("{\"a\":1}\n{}"), ["{\"a\":1}", "{}"]);
        assert_eq!(all("[{\"a\":\"}\\\"{\"}]"), ["{\"a\":\"}\\\"{\"}"]);
        assert_eq!(all("[1,{},x y,{}]"), ["Strange(\"1\")", "{}", "Strange(\"x y\")", "{}"]);
    }

    #[test]
    fn what_is_cut_or_endless_says_so() {
        assert_eq!(all("[{},"), ["{}", "Cut"]);
        assert_eq!(all("[{},{\"a\":"), ["{}", "Cut"]);
        let long = format!("[{{\"a\":\"{}\"}},{{}}]", "x".repeat(2 * LINE_BYTES_MAX));
        assert_eq!(all(&long), ["TooLong", "{}"]);
        // A text that is never closed costs its line.
        assert_eq!(all("[{\"a\":\"b},\n{}]"), ["{\"a\":\"b},\n", "{}"]);
    }
}
