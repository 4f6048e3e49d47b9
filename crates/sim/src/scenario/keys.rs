//! Reading the keys of one table of a scenario file.

use std::collections::BTreeMap;
use std::ops::Range;

use geo::{Time, TimeError};
use plot::Field;
use toml::Spanned;
use toml::de::{DeTable, DeValue};
use wire::{Faults, Reason, number};

/// A number of the file: its key, unit last, and what it may be.
#[derive(Copy, Clone, Debug)]
pub(super) struct Limit {
    pub key: &'static str,
    pub min: f64,
    pub max: f64,
    pub words: &'static str,
}

impl Limit {
    pub const fn new(key: &'static str, min: f64, max: f64, words: &'static str) -> Self {
        Self { key, min, max, words }
    }
}

/// The most letters of a text.
const TEXT_BYTES_MAX: usize = 8_000;
/// The most instants of one list.
const TIMES_MAX: usize = 1_000;

/// One table of the file, and where its faults go.
pub(super) struct Keys<'t, 'f, 'a> {
    pub table: &'t DeTable<'t>,
    pub span: Range<usize>,
    pub faults: &'f mut Faults<'a>,
}

impl<'t, 'a> Keys<'t, '_, 'a> {
    /// Notes keys that are not among the known ones, and those that must be there and are not.
    pub fn check(&mut self, known: &'static [&'static str], needed: &[&'static str]) {
        for (key, _) in self.table {
            if !known.contains(&key.get_ref().as_ref()) {
                self.faults.unknown(key.get_ref(), key.span(), known);
            }
        }
        self.faults.missing(self.table, &self.span, needed);
    }

    pub fn get(&self, key: &str) -> Option<&'t Spanned<DeValue<'t>>> {
        self.table.get(key)
    }

    /// Where a value stands; the table where there is none.
    pub fn place(&self, key: &str) -> Range<usize> {
        self.get(key).map_or_else(|| self.span.clone(), Spanned::span)
    }

    /// Notes that a value is not what it should be.
    pub fn refuse(&mut self, key: &'static str, reason: Reason) {
        let place = self.place(key);
        if self.get(key).is_some() {
            self.faults.value(key, place, reason);
        } else {
            self.faults.key(key, place, reason);
        }
    }

    /// A number within limits.
    pub fn number(&mut self, limit: Limit) -> Option<f64> {
        let value = self.get(limit.key)?;
        let within = number(value.get_ref()).filter(|number| (limit.min..=limit.max).contains(number));
        if within.is_none() {
            self.refuse(limit.key, Reason::Kind(limit.words));
        }
        within
    }

    /// A whole number within limits; 0 where there is none.
    pub fn count(&mut self, limit: Limit) -> usize {
        let Some(number) = self.number(limit) else {
            return 0;
        };
        if number.fract() != 0.0 {
            self.refuse(limit.key, Reason::Kind(limit.words));
            return 0;
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "whole, within limits"
        )]
        let count = number as usize;
        count
    }

    /// true or false.
    pub fn flag(&mut self, key: &'static str) -> Option<bool> {
        let value = self.get(key)?;
        let flag = value.get_ref().as_bool();
        if flag.is_none() {
            self.refuse(key, Reason::Kind("true or false"));
        }
        flag
    }

    /// A number of the kind that sensor files have too.
    pub fn field(&mut self, field: Field) -> Option<f64> {
        let value = self.get(field.name())?;
        self.faults.field(field, value)
    }

    /// A short name.
    pub fn name(&mut self, key: &'static str) -> Option<&'t str> {
        let value = self.get(key)?;
        self.faults.name(key, value)
    }

    /// Sentences.
    pub fn text(&mut self, key: &'static str) -> Option<String> {
        let value = self.get(key)?;
        let text = value
            .get_ref()
            .as_str()
            .map(|text| text.split_whitespace().collect::<Vec<_>>().join(" "));
        let text = text.filter(|text| !text.is_empty() && text.len() <= TEXT_BYTES_MAX);
        if text.is_none() {
            self.refuse(key, Reason::Kind("sentences in quotes, up to 8000 bytes"));
        }
        text
    }

    /// One of some words.
    pub fn word(&mut self, key: &'static str, words: &'static [&'static str]) -> Option<&'static str> {
        let value = self.get(key)?;
        self.faults.word(key, value, words)
    }

    /// One instant.
    pub fn time(&mut self, key: &'static str) -> Option<Time> {
        let value = self.get(key)?;
        self.instant(key, value)
    }

    /// One instant, or a list of them in order.
    pub fn times(&mut self, key: &'static str) -> Option<Vec<Time>> {
        let value = self.get(key)?;
        let Some(list) = value.get_ref().as_array() else {
            return self.instant(key, value).map(|time| vec![time]);
        };
        if list.is_empty() || list.len() > TIMES_MAX {
            self.refuse(key, Reason::Kind("a time, or a list of 1 to 1000 times"));
            return None;
        }
        let times: Vec<Time> = list.iter().filter_map(|value| self.instant(key, value)).collect();
        if times.len() < list.len() {
            return None;
        }
        if !times.is_sorted() {
            self.refuse(key, Reason::Kind("times in order, the earliest first"));
            return None;
        }
        Some(times)
    }

    /// Reads each table of a list of tables.
    pub fn tables<T>(&mut self, key: &'static str, mut read: impl FnMut(&mut Keys) -> Option<T>) -> Vec<T> {
        let Some(value) = self.get(key) else {
            return Vec::new();
        };
        let list = value.get_ref().as_array().filter(|list| !list.is_empty());
        let Some(list) = list else {
            self.refuse(
                key,
                Reason::Kind("tables with two brackets around their name, once for each"),
            );
            return Vec::new();
        };
        let mut all = Vec::new();
        for table in list.iter() {
            match table.get_ref().as_table() {
                Some(entries) => all.extend(read(&mut Keys {
                    table: entries,
                    span: table.span(),
                    faults: self.faults,
                })),
                None => self.faults.value(key, table.span(), Reason::Kind("a table of keys")),
            }
        }
        all
    }

    /// The line of each key, for faults that only the flight finds.
    pub fn lines(&self) -> Lines {
        let lines = self.table.iter();
        Lines {
            table: self.faults.line(&self.span),
            keys: lines
                .map(|(key, value)| {
                    (
                        key.get_ref().to_string(),
                        (self.faults.line(&value.span()), text(value.get_ref())),
                    )
                })
                .collect(),
        }
    }

    fn instant(&mut self, key: &'static str, value: &Spanned<DeValue>) -> Option<Time> {
        let read = match value.get_ref() {
            DeValue::String(text) => text.parse(),
            DeValue::Datetime(time) => time.to_string().parse(),
            _ => Err(TimeError::Form),
        };
        read.map_err(|error| self.faults.value(key, value.span(), Reason::Time(error)))
            .ok()
    }
}

fn text(value: &DeValue) -> String {
    match value {
        DeValue::Integer(number) => number.as_str().to_owned(),
        DeValue::Float(number) => number.as_str().to_owned(),
        DeValue::String(text) => text.to_string(),
        _ => String::new(),
    }
}

/// Where the keys of a table stand, and the text of their values.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Lines {
    pub table: u64,
    pub keys: BTreeMap<String, (u64, String)>,
}
