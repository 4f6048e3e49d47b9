//! Reading `node.toml`: every fault of the file is found, each with its line, its key and what would be right.

use std::collections::HashMap;
use std::net::{Ipv4Addr, SocketAddr};
use std::ops::Range;

use geo::Time;
use toml::Spanned;
use toml::de::{DeTable, DeValue};
use wire::{Faults, Reason, number};

use super::keys::{Absent, Key, Kind, SECTION_NAMES, SECTIONS, Section};

/// A value that is within its limits.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Text(String),
    Number(f64),
    Flag(bool),
    Word(&'static str),
    Address(SocketAddr),
    Interface(Ipv4Addr),
    Texts(Vec<String>),
    Time(Time),
}

/// What one table says, and where.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    values: HashMap<&'static str, (Value, Range<usize>)>,
    /// Keys that stand there, at fault or not.
    present: HashMap<&'static str, Range<usize>>,
    pub(super) span: Range<usize>,
}

impl Table {
    pub(super) fn at(&self, key: &str) -> Option<&Range<usize>> {
        self.present.get(key)
    }

    pub(super) fn span_of(&self, key: &str) -> Range<usize> {
        self.values
            .get(key)
            .map_or_else(|| self.span.clone(), |(_, span)| span.clone())
    }

    fn get(&self, key: &str) -> Option<&Value> {
        self.values.get(key).map(|(value, _)| value)
    }

    pub(super) fn text(&self, key: &str) -> Option<&str> {
        match self.get(key)? {
            Value::Text(text) => Some(text),
            Value::Word(word) => Some(word),
            _ => None,
        }
    }

    pub(super) fn number(&self, key: &str) -> Option<f64> {
        match self.get(key)? {
            Value::Number(number) => Some(*number),
            _ => None,
        }
    }

    pub(super) fn flag(&self, key: &str) -> Option<bool> {
        match self.get(key)? {
            Value::Flag(flag) => Some(*flag),
            _ => None,
        }
    }

    pub(super) fn address(&self, key: &str) -> Option<SocketAddr> {
        match self.get(key)? {
            Value::Address(address) => Some(*address),
            _ => None,
        }
    }

    pub(super) fn interface(&self, key: &str) -> Option<Ipv4Addr> {
        match self.get(key)? {
            Value::Interface(address) => Some(*address),
            _ => None,
        }
    }

    pub(super) fn texts(&self, key: &str) -> Vec<String> {
        match self.get(key) {
            Some(Value::Texts(texts)) => texts.clone(),
            _ => Vec::new(),
        }
    }

    pub(super) fn time(&self, key: &str) -> Option<Time> {
        match self.get(key)? {
            Value::Time(time) => Some(*time),
            _ => None,
        }
    }
}

/// The tables of a file, by the name of their section.
#[derive(Clone, Debug, Default)]
pub(super) struct Document {
    tables: HashMap<&'static str, Vec<Table>>,
}

impl Document {
    pub(super) fn all(&self, section: &Section) -> &[Table] {
        self.tables.get(section.name).map_or(&[], Vec::as_slice)
    }

    /// The table of a section that does not repeat.
    pub(super) fn one(&self, section: &Section) -> Option<&Table> {
        self.all(section).first()
    }
}

/// Reads all tables, and notes what is at fault.
pub(super) fn document(faults: &mut Faults) -> Document {
    let mut document = Document::default();
    let Some(root) = faults.parse() else {
        return document;
    };
    for (key, value) in root.get_ref() {
        let Some(section) = SECTIONS.iter().find(|section| section.name == key.get_ref()) else {
            faults.unknown(key.get_ref(), key.span(), SECTION_NAMES);
            continue;
        };
        let tables = tables_of(section, key.span(), value, faults);
        document.tables.insert(section.name, tables);
    }
    for section in SECTIONS.iter().filter(|section| !section.repeats) {
        // What is absent has its defaults, and its faults where a key has none.
        if !root.get_ref().contains_key(section.name) {
            let empty = table(section, &DeTable::new(), 0..0, faults);
            document.tables.insert(section.name, vec![empty]);
        }
    }
    document
}

fn tables_of(section: &Section, at: Range<usize>, value: &Spanned<DeValue>, faults: &mut Faults) -> Vec<Table> {
    let value = value.get_ref();
    if !section.repeats {
        let Some(entries) = value.as_table() else {
            faults.key(section.name, at, Reason::Kind("a table: its name in [brackets]"));
            return Vec::new();
        };
        return vec![table(section, entries, at, faults)];
    }
    let Some(list) = value.as_array() else {
        let words = Reason::Kind("two [[brackets]], once for each");
        faults.key(section.name, at, words);
        return Vec::new();
    };
    let mut tables = Vec::new();
    for entry in list.iter() {
        match entry.get_ref().as_table() {
            Some(entries) => tables.push(table(section, entries, entry.span(), faults)),
            None => faults.value(section.name, entry.span(), Reason::Kind("a table of keys")),
        }
    }
    tables
}

fn table(section: &Section, entries: &DeTable, span: Range<usize>, faults: &mut Faults) -> Table {
    let mut table = Table {
        span: span.clone(),
        ..Table::default()
    };
    for (name, value) in entries {
        let Some(key) = section.key(name.get_ref()) else {
            faults.unknown(name.get_ref(), name.span(), section.names);
            continue;
        };
        table.present.insert(key.name, name.span());
        if let Some(found) = judged(key, value, faults) {
            table.values.insert(key.name, (found, value.span()));
        }
    }
    for key in section.keys {
        match key.absent {
            Absent::Fault => faults.missing(entries, &span, &[key.name]),
            Absent::Is(default) if !table.present.contains_key(key.name) => {
                if let Some(value) = default_of(key, default) {
                    table.values.insert(key.name, (value, span.clone()));
                }
            }
            Absent::Is(_) | Absent::Nothing => {}
        }
    }
    table
}

/// The value of a default, read as if it stood in the file.
pub(super) fn default_of(key: &Key, default: &str) -> Option<Value> {
    let text = format!("{} = {default}\n", key.name);
    let mut faults = Faults::new(&text, "default");
    let parsed = faults.parse()?;
    let value = parsed.get_ref().get(key.name)?;
    let (found, _) = checked(&key.kind, value.get_ref());
    found
}

fn judged(key: &Key, value: &Spanned<DeValue>, faults: &mut Faults) -> Option<Value> {
    if let Kind::Word(words) = key.kind {
        return faults.word(key.name, value, words).map(Value::Word);
    }
    let (found, reason) = checked(&key.kind, value.get_ref());
    if found.is_none() {
        faults.value(key.name, value.span(), reason);
    }
    found
}

/// The value, or what was expected of it.
fn checked(kind: &Kind, value: &DeValue) -> (Option<Value>, Reason) {
    let text = value.as_str();
    let reason = Reason::Kind(kind.expected());
    let found = match *kind {
        Kind::Name => text.filter(|text| is_name(text)).map(|text| Value::Text(text.into())),
        Kind::Path => text
            .filter(|text| !text.is_empty() && !text.contains('\0'))
            .map(|text| Value::Text(text.into())),
        Kind::Number { from, to, .. } => number(value)
            .filter(|number| (from..=to).contains(number))
            .map(Value::Number),
        Kind::Whole { from, to, .. } => number(value)
            .filter(|number| number.fract() == 0.0 && (f64::from(from)..=f64::from(to)).contains(number))
            .map(Value::Number),
        Kind::Flag => value.as_bool().map(Value::Flag),
        Kind::Word(words) => words
            .iter()
            .find(|word| Some(**word) == text)
            .map(|word| Value::Word(word)),
        Kind::Address => text.and_then(|text| text.parse().ok()).map(Value::Address),
        Kind::Interface => text.and_then(|text| text.parse().ok()).map(Value::Interface),
        Kind::Endpoints => endpoints(value, &["quic"]).map(Value::Texts),
        Kind::Routers => endpoints(value, &["quic", "tls", "tcp"]).map(Value::Texts),
        Kind::KeyExpression => text
            .filter(|text| zenoh::key_expr::KeyExpr::new(*text).is_ok())
            .map(|text| Value::Text(text.into())),
        Kind::Pace => pace(value),
        Kind::Time => match text.map(str::parse) {
            Some(Ok(time)) => Some(Value::Time(time)),
            Some(Err(error)) => return (None, Reason::Time(error)),
            None => None,
        },
    };
    (found, reason)
}

fn pace(value: &DeValue) -> Option<Value> {
    match value.as_str() {
        Some("clock") => Some(Value::Word("clock")),
        Some("fast") => Some(Value::Word("fast")),
        Some(_) => None,
        None => number(value)
            .filter(|speed| *speed > 0.0 && *speed <= 1e6)
            .map(Value::Number),
    }
}

fn endpoints(value: &DeValue, protocols: &[&str]) -> Option<Vec<String>> {
    let list = value.as_array()?;
    list.iter()
        .map(|entry| {
            let text = entry.get_ref().as_str()?;
            is_endpoint(text, protocols).then(|| text.to_owned())
        })
        .collect()
}

/// Whether a text is a protocol, a host and a port: `quic/host:7447`.
fn is_endpoint(text: &str, protocols: &[&str]) -> bool {
    let Some((protocol, address)) = text.split_once('/') else {
        return false;
    };
    let Some((host, port)) = address.rsplit_once(':') else {
        return false;
    };
    protocols.contains(&protocol) && !host.is_empty() && port.parse::<u16>().is_ok()
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.len() <= wire::NAME_BYTES_MAX && text.trim() == text && !text.contains(char::is_control)
}
