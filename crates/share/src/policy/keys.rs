//! Reading the two TOML files of a version: every fault with its line, unknown keys with the nearest known one.

use std::ops::Range;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};
use wire::nearest;

use super::fault::{Fault, Reason};
use super::files::Text;

/// One TOML file, and where its faults go.
pub(crate) struct Keys<'a> {
    file: &'a Text,
    faults: &'a mut Vec<Fault>,
}

impl<'a> Keys<'a> {
    pub(crate) fn new(file: &'a Text, faults: &'a mut Vec<Fault>) -> Self {
        Self { file, faults }
    }

    /// The file as a table; `None` if it is no TOML, which is noted.
    pub(crate) fn parse(&mut self) -> Option<DeTable<'a>> {
        match DeTable::parse(&self.file.text) {
            Ok(table) => Some(table.into_inner()),
            Err(error) => {
                let span = error.span().unwrap_or(0..0);
                self.note(span, None, Reason::Toml(error.message().to_owned()));
                None
            }
        }
    }

    /// Notes a fault.
    pub(crate) fn note(&mut self, span: Range<usize>, at: Option<&str>, reason: Reason) {
        let before = self.file.text.get(..span.start).unwrap_or("");
        let line = Some(before.bytes().filter(|octet| *octet == b'\n').count() + 1);
        let at = at.map(|at| at.chars().take(60).collect::<String>().into());
        self.faults.push(Fault {
            file: self.file.name.clone(),
            line,
            at,
            reason,
        });
    }

    /// Notes keys that are not known, and those that are missing.
    pub(crate) fn known(
        &mut self,
        table: &DeTable,
        span: &Range<usize>,
        known: &'static [&'static str],
        needed: &'static [&'static str],
    ) {
        for key in table.keys() {
            let name: &str = key.get_ref();
            if !known.contains(&name) {
                let nearest = nearest(name, known.iter().copied()).map(Into::into);
                self.note(key.span(), Some(name), Reason::UnknownKey { nearest, known });
            }
        }
        for key in needed {
            if !table.contains_key(*key) {
                self.note(span.clone(), None, Reason::MissingKey(key));
            }
        }
    }

    /// The value of a key as a text that passes; what does not is noted. `None` where the key is absent, too.
    pub(crate) fn text(
        &mut self,
        table: &DeTable,
        key: &'static str,
        expected: &'static str,
        passes: impl Fn(&str) -> bool,
    ) -> Option<Arc<str>> {
        let value = table.get(key)?;
        let found = value.get_ref().as_str().filter(|text| passes(text));
        if found.is_none() {
            self.note(value.span(), Some(key), Reason::Expected(expected));
        }
        found.map(Into::into)
    }

    /// The value of a key as a finite number within limits.
    pub(crate) fn number(
        &mut self,
        table: &DeTable,
        key: &'static str,
        expected: &'static str,
        within: std::ops::RangeInclusive<f64>,
    ) -> Option<f64> {
        let value = table.get(key)?;
        let found = number(value.get_ref()).filter(|number| within.contains(number));
        if found.is_none() {
            self.note(value.span(), Some(key), Reason::Expected(expected));
        }
        found
    }

    /// The value of a key as a list, each entry with its place; empty where it is absent.
    pub(crate) fn list<'t>(
        &mut self,
        table: &'t DeTable<'a>,
        key: &'static str,
        expected: &'static str,
    ) -> &'t [Spanned<DeValue<'a>>] {
        let Some(value) = table.get(key) else {
            return &[];
        };
        match value.get_ref().as_array() {
            Some(list) => list,
            None => {
                self.note(value.span(), Some(key), Reason::Expected(expected));
                &[]
            }
        }
    }

    /// The value of a key as a list of different names.
    pub(crate) fn names(&mut self, table: &DeTable<'a>, key: &'static str, max: usize) -> Vec<Arc<str>> {
        const EXPECTED: &str = "a list of names, such as [\"korea\", \"usa\"]: each 1 to 64 letters, digits, - _ or .";
        let list = self.list(table, key, EXPECTED);
        let mut names: Vec<Arc<str>> = Vec::new();
        for value in list.iter().take(max + 1) {
            match value.get_ref().as_str().filter(|text| is_name(text)) {
                Some(name) if names.iter().any(|known| **known == *name) => {
                    self.note(value.span(), Some(name), Reason::NameTwice);
                }
                Some(name) => names.push(name.into()),
                None => self.note(value.span(), Some(key), Reason::Expected(EXPECTED)),
            }
        }
        if list.len() > max {
            self.note(list[max].span(), Some(key), Reason::TooMany { what: "names", max });
        }
        names
    }
}

/// Whether a text can be the name of an owner, a sensor or an area.
pub(crate) fn is_name(text: &str) -> bool {
    let is_ours = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ' ');
    (1..=64).contains(&text.len()) && text.chars().all(is_ours)
}

/// Returns a number, whole or with decimals; `None` for another kind of value.
pub(crate) fn number(value: &DeValue) -> Option<f64> {
    let found: f64 = match value {
        DeValue::Integer(integer) if integer.radix() == 10 => integer.as_str().parse().ok()?,
        DeValue::Float(float) => float.as_str().parse().ok()?,
        _ => return None,
    };
    found.is_finite().then_some(found)
}
