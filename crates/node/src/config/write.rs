//! The `node.toml` that `init` writes: every key with what it says; what is left at its default is commented out.

use std::fmt::Write;

use super::keys::{Absent, FEED, Key, Kind, PARTNER, SECTIONS, Section};

/// What a new node is told beside the defaults.
#[derive(Clone, Debug, Default)]
pub struct Template {
    /// Whose node it is.
    pub owner: String,
    /// Whether it is of an exercise.
    pub exercise: bool,
    /// Keys other than their defaults: section, key, value as TOML.
    pub values: Vec<(&'static str, &'static str, String)>,
    /// The partners.
    pub partners: Vec<TemplatePartner>,
    /// The feeds: their keys, with values as TOML.
    pub feeds: Vec<Vec<(&'static str, String)>>,
}

/// What a new node is told of a partner.
#[derive(Clone, Debug, Default)]
pub struct TemplatePartner {
    /// Its owner.
    pub name: String,
    /// Where to wait for it.
    pub listen: Vec<String>,
    /// Where to call it.
    pub connect: Vec<String>,
}

const COLUMNS: usize = 100;

/// Returns the text of a documented `node.toml`; it reads back as what the template says.
pub fn node_toml(template: &Template) -> String {
    let mut text = String::from("# What this node is told. Keys that are commented out have the value shown.\n");
    for section in SECTIONS {
        text.push('\n');
        comment(&mut text, section.says);
        match section.name {
            "partner" => partners(&mut text, template),
            "feed" => feeds(&mut text, template),
            name => {
                let value = |key: &Key| {
                    let said = |(section, entry, value): &(&str, &str, String)| {
                        (*section == name && *entry == key.name).then(|| value.clone())
                    };
                    match (name, key.name) {
                        ("node", "owner") => Some(quoted(&template.owner)),
                        ("node", "mode") => Some(quoted(if template.exercise { "exercise" } else { "real" })),
                        _ => template.values.iter().find_map(said),
                    }
                };
                table(&mut text, section, value, true);
            }
        }
    }
    text
}

fn partners(text: &mut String, template: &Template) {
    if template.partners.is_empty() {
        table(text, &PARTNER, |_| None, true);
    }
    for (at, partner) in template.partners.iter().enumerate() {
        let value = |key: &Key| match key.name {
            "name" => Some(quoted(&partner.name)),
            "listen" => Some(list(&partner.listen)),
            "connect" => Some(list(&partner.connect)),
            _ => None,
        };
        separate(text, at);
        table(text, &PARTNER, value, at == 0);
    }
}

fn feeds(text: &mut String, template: &Template) {
    if template.feeds.is_empty() {
        table(text, &FEED, |_| None, true);
    }
    for (at, feed) in template.feeds.iter().enumerate() {
        let value = |key: &Key| {
            let said = feed.iter().find(|(name, _)| *name == key.name);
            said.map(|(_, value)| value.clone())
        };
        separate(text, at);
        table(text, &FEED, value, at == 0);
    }
}

fn separate(text: &mut String, at: usize) {
    if at > 0 {
        text.push('\n');
    }
}

/// Writes one table; one of which nothing is said, and which needs something, is commented out as a whole.
fn table(text: &mut String, section: &Section, value: impl Fn(&Key) -> Option<String>, is_explained: bool) {
    let values: Vec<Option<String>> = section.keys.iter().map(value).collect();
    let is_said = values.iter().any(Option::is_some) || !section.repeats;
    let (open, close) = if section.repeats { ("[[", "]]") } else { ("[", "]") };
    let mark = if is_said { "" } else { "# " };
    let _ = writeln!(text, "{mark}{open}{}{close}", section.name);
    for (key, value) in section.keys.iter().zip(values) {
        if is_explained {
            comment(text, key.says);
        }
        match (value, key.absent) {
            (Some(value), _) => {
                let _ = writeln!(text, "{} = {value}", key.name);
            }
            (None, Absent::Is(default)) if is_explained => {
                let _ = writeln!(text, "# {} = {default}", key.name);
            }
            (None, _) if is_explained => {
                let _ = writeln!(text, "# {} = {}", key.name, example(key));
            }
            (None, _) => {}
        }
    }
}

/// What a value looks like.
fn example(key: &Key) -> &'static str {
    match key.kind {
        Kind::Name => "\"north\"",
        Kind::Path => "\"plots.csv\"",
        Kind::Number { .. } => "1.0",
        Kind::Whole { .. } => "1",
        Kind::Flag => "true",
        Kind::Word(words) => match words.first() {
            Some(&"udp") => "\"udp\"",
            _ => "\"asterix\"",
        },
        Kind::Address => "\"239.0.0.1:8600\"",
        Kind::Interface => "\"10.0.0.1\"",
        Kind::Endpoints => "[\"quic/127.0.0.1:7450\"]",
        Kind::Routers => "[\"tcp/127.0.0.1:7450\"]",
        Kind::KeyExpression => "\"radar/north/plots\"",
        Kind::Pace => "\"clock\"",
        Kind::Time => "\"2022-01-17T00:00:00Z\"",
    }
}

fn comment(text: &mut String, words: &str) {
    let mut column = 0;
    for word in words.split_whitespace() {
        if column == 0 || column + 1 + word.len() > COLUMNS {
            text.push_str(if column == 0 { "#" } else { "\n#" });
            column = 1;
        }
        text.push(' ');
        text.push_str(word);
        column += 1 + word.chars().count();
    }
    text.push('\n');
}

/// A text as a TOML string.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            letter if letter.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(letter));
            }
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

fn list(texts: &[String]) -> String {
    let texts: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
    format!("[{}]", texts.join(", "))
}
