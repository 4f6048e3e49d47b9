//! The sentences of a language, of a file.

use std::collections::{BTreeMap, BTreeSet};

/// The languages that are built in.
const BUILT_IN: [(&str, &str); 3] = [
    ("en.toml", include_str!("../../texts/en.toml")),
    ("ja.toml", include_str!("../../texts/ja.toml")),
    ("ko.toml", include_str!("../../texts/ko.toml")),
];
/// Keys whose language chooses among the facts.
const FREE: [&str; 2] = ["clock", "date"];
/// What those may choose from.
const CLOCK: &[&str] = &[
    "hour", "hour12", "half", "minute", "minute2", "year", "month", "month2", "day", "day2",
];
/// A file of texts is not longer.
const BYTES_MAX: usize = 1 << 20;

/// The sentences of one language.
#[derive(Clone, Debug, PartialEq)]
pub struct Catalogue {
    texts: BTreeMap<String, String>,
}

/// Why a file of texts cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CatalogueError {
    /// Not TOML of keys and texts.
    #[error("{file}: {source}")]
    Toml {
        /// The file's name.
        file: String,
        /// What the parser says, with the line.
        source: Box<toml::de::Error>,
    },
    /// Too long to be one.
    #[error("{file}: it has {bytes} bytes, expected {BYTES_MAX} at most")]
    Long {
        /// The file's name.
        file: String,
        /// Its length.
        bytes: usize,
    },
    /// Something that people would not be told in this language.
    #[error("{file}: it has no {key}; the English text is: {english}")]
    Missing {
        /// The file's name.
        file: String,
        /// What is missing.
        key: String,
        /// What it says in English.
        english: String,
    },
    /// A key that means nothing.
    #[error("{file}: {key} is not a key of a file of texts")]
    Unknown {
        /// The file's name.
        file: String,
        /// The key.
        key: String,
    },
    /// Facts of a text that are not those of the English one.
    #[error("{file}: {key} has the facts {found:?}, expected {expected:?}")]
    Facts {
        /// The file's name.
        file: String,
        /// The key.
        key: String,
        /// Which it has.
        found: BTreeSet<String>,
        /// Which it has to have.
        expected: BTreeSet<String>,
    },
    /// A name of a language that no message could carry.
    #[error("{file}: language is \"{value}\", expected a tag such as ru or zh-Hant")]
    Language {
        /// The file's name.
        file: String,
        /// What it says.
        value: String,
    },
    /// Text that a reader could be tricked with.
    #[error("{file}: {key} holds a control character or a mark that hides or reorders text")]
    Hidden {
        /// The file's name.
        file: String,
        /// The key.
        key: String,
    },
}

impl Catalogue {
    /// The languages that are built in: English, Japanese, Korean.
    ///
    /// Errors: none in a build whose tests have passed.
    pub fn built_in() -> Result<Vec<Self>, CatalogueError> {
        BUILT_IN
            .into_iter()
            .map(|(file, text)| Self::read(text, file))
            .collect()
    }

    /// Reads a file of texts: every key of the English one, with the same facts in each.
    ///
    /// Errors: [`CatalogueError`] at the first that is not so.
    pub fn read(text: &str, file: &str) -> Result<Self, CatalogueError> {
        let name = || crate::clean::clean(file, 200);
        if text.len() > BYTES_MAX {
            return Err(CatalogueError::Long {
                file: name(),
                bytes: text.len(),
            });
        }
        let parsed = |text: &str| {
            toml::from_str::<BTreeMap<String, String>>(text).map_err(|source| CatalogueError::Toml {
                file: name(),
                source: Box::new(source),
            })
        };
        let (texts, english) = (parsed(text)?, parsed(BUILT_IN[0].1)?);
        if let Some(key) = texts.keys().find(|key| !english.contains_key(*key)) {
            return Err(CatalogueError::Unknown {
                file: name(),
                key: crate::clean::clean(key, 60),
            });
        }
        for (key, english) in &english {
            let Some(own) = texts.get(key).filter(|own| !own.trim().is_empty()) else {
                return Err(CatalogueError::Missing {
                    file: name(),
                    key: key.clone(),
                    english: english.clone(),
                });
            };
            if crate::clean::clean(own, usize::MAX / 8) != own.split_whitespace().collect::<Vec<_>>().join(" ") {
                return Err(CatalogueError::Hidden {
                    file: name(),
                    key: key.clone(),
                });
            }
            let (found, expected) = (facts(own), facts(english));
            let is_free = FREE.contains(&key.as_str()) && found.iter().all(|fact| CLOCK.contains(&fact.as_str()));
            if found != expected && !is_free {
                return Err(CatalogueError::Facts {
                    file: name(),
                    key: key.clone(),
                    found,
                    expected,
                });
            }
        }
        let language = texts.get("language").map_or("", String::as_str);
        let is_tag =
            (2..=35).contains(&language.len()) && language.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if !is_tag {
            let value = crate::clean::clean(language, 60);
            return Err(CatalogueError::Language { file: name(), value });
        }
        Ok(Self { texts })
    }

    /// The tag of the language, such as `ja`.
    pub fn language(&self) -> &str {
        self.text("language")
    }

    /// The language's name for itself.
    pub fn name(&self) -> &str {
        self.text("name")
    }

    pub(super) fn text(&self, key: &str) -> &str {
        self.texts.get(key).map_or("", String::as_str)
    }

    /// A text with its facts in; what a fact holds is not looked at for facts again.
    pub(super) fn fill(&self, key: &str, facts: &[(&str, &str)]) -> String {
        let mut made = String::new();
        let mut rest = self.text(key);
        while let Some(open) = rest.find('{') {
            let Some(close) = rest[open..].find('}') else { break };
            made.push_str(&rest[..open]);
            let fact = &rest[open + 1..open + close];
            let value = facts.iter().find(|(name, _)| *name == fact);
            made.push_str(value.map_or("", |(_, value)| value));
            rest = &rest[open + close + 1..];
        }
        made.push_str(rest);
        made
    }
}

/// The names in braces.
fn facts(text: &str) -> BTreeSet<String> {
    let parts = text.split('{').skip(1);
    parts
        .filter_map(|part| Some(part.split_once('}')?.0.to_owned()))
        .collect()
}
