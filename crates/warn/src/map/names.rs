//! What a place is called, by language.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::clean::clean;

/// Longer names are cut: no real one is.
const CHARACTERS_MAX: usize = 60;

/// Names by language, at least one; every one is plain text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Names(BTreeMap<String, String>);

impl Names {
    /// Names of pairs of language and name; `None` if nothing is left of any. What a screen could be tricked with is
    /// taken out.
    pub fn new(pairs: impl IntoIterator<Item = (String, String)>) -> Option<Self> {
        let cleaned = pairs
            .into_iter()
            .map(|(language, name)| (language, clean(&name, CHARACTERS_MAX)))
            .filter(|(_, name)| !name.is_empty());
        let names: BTreeMap<String, String> = cleaned.collect();
        (!names.is_empty()).then_some(Self(names))
    }

    /// The name in a language; else in English; else in whatever there is.
    pub fn get(&self, language: &str) -> &str {
        let base = language.split('-').next().unwrap_or(language);
        let found = [language, base, "en"].into_iter().find_map(|key| self.0.get(key));
        found.or_else(|| self.0.values().next()).map_or("", String::as_str)
    }
}
