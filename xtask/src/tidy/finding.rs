//! What a check has to say about one line.

use std::fmt;

/// Whether a finding fails the run.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Weight {
    /// Printed only.
    Advice,
    /// Fails the run.
    Breach,
}

/// One line of the report: where, what is wrong, what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// File, relative to the root.
    pub path: String,
    /// Line, from 1.
    pub line: usize,
    /// What is wrong, what to do.
    pub what: String,
    /// Whether it fails the run.
    pub weight: Weight,
}

impl Finding {
    /// Makes one that fails the run.
    pub fn breach(path: &str, line: usize, what: impl Into<String>) -> Self {
        Self {
            path: path.to_owned(),
            line,
            what: what.into(),
            weight: Weight::Breach,
        }
    }

    /// Makes one that is printed only.
    pub fn advice(path: &str, line: usize, what: impl Into<String>) -> Self {
        Self {
            weight: Weight::Advice,
            ..Self::breach(path, line, what)
        }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let advice = if self.weight == Weight::Advice { "advice: " } else { "" };
        write!(f, "{}:{}: {advice}{}", self.path, self.line, self.what)
    }
}
