//! Reading TOML so that every fault of a file is found, each with its line: for sensor files, and for whoever has a
//! format of their own.

use std::ops::Range;
use std::sync::Arc;

use plot::Field;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::Refusal;
use crate::nearest::nearest;
use crate::refusal::{Fault, Reason};
use crate::text::{is_name, shown};

/// After so many faults no more are looked for.
pub const FAULTS_MAX: usize = 1_000;

/// A text of TOML, and what was found to be wrong with it so far.
///
/// ```
/// use plot::Field;
/// use wire::Faults;
///
/// let text = "height_m = 12\nheigth_m = 13\n";
/// let mut faults = Faults::new(text, "radar.toml");
/// let table = faults.parse().unwrap();
/// for (key, value) in table.get_ref() {
///     match key.get_ref().as_ref() {
///         "height_m" => assert_eq!(faults.field(Field::HeightM, value), Some(12.0)),
///         other => faults.unknown(other, key.span(), &["height_m"]),
///     }
/// }
/// let found = faults.finish().unwrap_err();
/// assert_eq!(
///     found[0].to_string(),
///     "radar.toml:2: unknown key \"heigth_m\" (did you mean height_m?); known are height_m"
/// );
/// ```
#[derive(Clone, Debug)]
pub struct Faults<'a> {
    file: Arc<str>,
    text: &'a str,
    list: Vec<Refusal>,
}

impl<'a> Faults<'a> {
    /// Begins with a text and the display name of its file.
    pub fn new(text: &'a str, file: impl Into<Arc<str>>) -> Self {
        Self {
            file: file.into(),
            text,
            list: Vec::new(),
        }
    }

    /// Returns the document, or notes what the syntax does not allow and returns `None`.
    ///
    /// What could be recovered from broken lines is not handed out: only what the file says is judged.
    pub fn parse(&mut self) -> Option<Spanned<DeTable<'a>>> {
        let (table, errors) = DeTable::parse_recoverable(self.text);
        for error in errors {
            let reason = Reason::Syntax(error.message().to_owned());
            self.whole(error.span().unwrap_or(0..0), reason);
        }
        self.list.is_empty().then_some(table)
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.list.len()
    }

    /// The line on which a place of the text stands, from 1.
    pub fn line(&self, span: &Range<usize>) -> u64 {
        let before = &self.text.as_bytes()[..span.start.min(self.text.len())];
        1 + memchr::memchr_iter(b'\n', before).count() as u64
    }

    /// Notes a value that is at fault, as it stands in the file.
    pub fn value(&mut self, key: &'static str, span: Range<usize>, reason: Reason) {
        let text = self.text.get(span.clone()).unwrap_or("").trim_matches('"');
        self.push(&span, Fault::value(key, text, reason));
    }

    /// Notes a key that is at fault, whatever its value.
    pub fn key(&mut self, key: &'static str, span: Range<usize>, reason: Reason) {
        self.push(&span, Fault::key(key, reason));
    }

    /// Notes what is wrong with a place as a whole.
    pub fn whole(&mut self, span: Range<usize>, reason: Reason) {
        self.push(&span, reason.into());
    }

    /// Notes a key that is not known, with the known one that was probably meant.
    pub fn unknown(&mut self, key: &str, span: Range<usize>, known: &'static [&'static str]) {
        let reason = Reason::UnknownKey {
            key: shown(key),
            nearest: nearest(key, known.iter().copied()),
            known,
        };
        self.whole(span, reason);
    }

    /// Notes each of the keys that a table should have and has not.
    pub fn missing(&mut self, table: &DeTable, span: &Range<usize>, keys: &[&'static str]) {
        for key in keys {
            if !table.contains_key(*key) {
                self.whole(span.clone(), Reason::MissingKey(key));
            }
        }
    }

    /// Reads a name, or notes that it is none.
    pub fn name<'v>(&mut self, key: &'static str, value: &'v Spanned<DeValue>) -> Option<&'v str> {
        let found = value.get_ref().as_str().filter(|text| is_name(text));
        if found.is_none() {
            self.value(key, value.span(), Reason::Name);
        }
        found
    }

    /// Reads a number within the limits of a field, or notes that it is none.
    pub fn field(&mut self, field: Field, value: &Spanned<DeValue>) -> Option<f64> {
        let within = number(value.get_ref()).filter(|number| field.check(*number).is_ok());
        if within.is_none() {
            self.value(field.name(), value.span(), Reason::Limits(field));
        }
        within
    }

    /// Reads one of a list of words, or notes that it is none of them and which was probably meant.
    pub fn word(
        &mut self,
        key: &'static str,
        value: &Spanned<DeValue>,
        words: &'static [&'static str],
    ) -> Option<&'static str> {
        let text = value.get_ref().as_str().unwrap_or("");
        let found = words.iter().copied().find(|word| *word == text);
        if found.is_none() {
            let meant = nearest(text, words.iter().copied());
            self.value(key, value.span(), Reason::OneOf(words, meant));
        }
        found
    }

    /// Returns nothing where nothing is wrong. Errors: all that was found, in the order of lines.
    pub fn finish(mut self) -> Result<(), Vec<Refusal>> {
        self.list.sort_by_key(|fault| fault.line);
        if self.list.is_empty() { Ok(()) } else { Err(self.list) }
    }

    fn push(&mut self, span: &Range<usize>, fault: Fault) {
        if self.list.len() < FAULTS_MAX {
            let line = self.line(span);
            self.list.push(fault.at(&self.file, line));
        }
    }
}

/// Returns a number, whole or with decimals; `None` for another kind of value and for hexadecimal and the like.
pub fn number(value: &DeValue) -> Option<f64> {
    match value {
        DeValue::Integer(integer) if integer.radix() == 10 => integer.as_str().parse().ok(),
        DeValue::Float(float) => float.as_str().parse().ok(),
        _ => None,
    }
}
