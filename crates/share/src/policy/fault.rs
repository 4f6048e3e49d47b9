//! Why a version cannot be used: file, line, rule, and what to do about it.

use std::fmt;
use std::sync::Arc;

/// One thing that is wrong with the files of a version.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// In which file.
    pub file: Arc<str>,
    /// On which line, from 1; `None` where the file as a whole is meant.
    pub line: Option<usize>,
    /// In which rule, area or key.
    pub at: Option<Arc<str>>,
    /// What, and what to do.
    pub reason: Reason,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Reason {
    /// A file that has to be there is not.
    #[error("the file is missing: every version has one")]
    NoFile,
    /// A file that is none of a version's.
    #[error("this is no file of a version: those are agreement.toml, areas.toml and NAME.cedar (a-z, 0-9, - and _)")]
    StrayFile,
    /// Two files of one name.
    #[error("there are two files of this name")]
    FileTwice,
    /// Longer than allowed.
    #[error("{octets} octets, at most {max} are read: divide it, or say it shorter")]
    TooLong {
        /// How long it is.
        octets: usize,
        /// How long it may be.
        max: usize,
    },
    /// More than allowed.
    #[error("more than {max} {what}, which is the most there may be")]
    TooMany {
        /// Of what.
        what: &'static str,
        /// How many there may be.
        max: usize,
    },
    /// Not TOML.
    #[error("not TOML: {0}")]
    Toml(String),
    /// A key that is not known.
    #[error("unknown key{}: the keys are {known:?}", meant(.nearest))]
    UnknownKey {
        /// What was probably meant.
        nearest: Option<Arc<str>>,
        /// Those there are.
        known: &'static [&'static str],
    },
    /// A key that has to be there is not.
    #[error("the key {0} is missing")]
    MissingKey(&'static str),
    /// A value that is not what it has to be.
    #[error("expected {0}")]
    Expected(&'static str),
    /// A name that is there twice.
    #[error("the name is there twice: give each its own")]
    NameTwice,
    /// A polygon whose edges cross or whose corners lie too far apart.
    #[error("{0}")]
    Shape(&'static str),
    /// A text that is no Cedar rule.
    #[error("not a Cedar rule: {0}")]
    Cedar(String),
    /// A rule that the schema refuses.
    #[error("the schema refuses it: {0}")]
    Schema(String),
    /// A rule that uses what this program does not take from Cedar.
    #[error("{what}: rules compare {rest}")]
    Language {
        /// What it uses.
        what: &'static str,
        /// What is possible instead.
        rest: &'static str,
    },
    /// A rule without a name.
    #[error("the rule has no name: put @id(\"a name\") before it, it stands in every explanation")]
    NoId,
    /// A name that is reserved, empty, or too long.
    #[error("no name for a rule: 1 to 80 letters, digits, spaces, - _ . , and not beginning with \"trilat.\"")]
    Id,
    /// An annotation that is not known: it would be without effect.
    #[error("unknown annotation{}: a permit can have @id, @hold_s, @onward, @note, a forbid @id and @note", meant(.nearest))]
    Annotation {
        /// What was probably meant.
        nearest: Option<Arc<str>>,
    },
    /// A hold-back that is no time.
    #[error("@hold_s({0:?}): expected seconds from 0 to 31622400 (a year), such as @hold_s(\"30\")")]
    Hold(String),
    /// A word other than true or false.
    #[error("@onward({0:?}): expected \"true\" or \"false\"")]
    Onward(String),
    /// A partner, sensor or area that is not there: a rule about it would never apply.
    #[error("unknown {kind} {name:?}{}: {}", meant(.nearest), remedy(.kind))]
    Unknown {
        /// Partner, sensor or area.
        kind: &'static str,
        /// As it stands there.
        name: String,
        /// What was probably meant.
        nearest: Option<Arc<str>>,
    },
    /// A rule that is never true, by the schema.
    #[error("no subject can meet its condition: {0}")]
    Impossible(String),
}

fn meant(nearest: &Option<Arc<str>>) -> String {
    nearest
        .as_ref()
        .map_or(String::new(), |name| format!(" (did you mean {name:?}?)"))
}

fn remedy(kind: &str) -> &'static str {
    match kind {
        "partner" => "partners are those that agreement.toml names",
        "sensor" => "sensors are those that agreement.toml names",
        _ => "areas are those that areas.toml describes",
    }
}

impl Fault {
    /// One of a file as a whole.
    pub(crate) fn whole(file: &Arc<str>, reason: Reason) -> Self {
        Self {
            file: file.clone(),
            line: None,
            at: None,
            reason,
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(to, "{}", self.file)?;
        if let Some(line) = self.line {
            write!(to, ":{line}")?;
        }
        if let Some(at) = &self.at {
            write!(to, ": {at}")?;
        }
        write!(to, ": {}", self.reason)
    }
}

/// A version cannot be used; all that is wrong with it.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{}", .faults.iter().map(Fault::to_string).collect::<Vec<_>>().join("\n"))]
pub struct PolicyError {
    /// At least one.
    pub faults: Vec<Fault>,
}
