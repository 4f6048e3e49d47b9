//! Why a scenario cannot be used.

use std::sync::Arc;

use crate::ballistic::FiguresError;
use crate::motion::{GlideError, RouteError, SatelliteError, SeparationError};
use crate::truth::CourseError;
use wire::Refusal;

/// Why a scenario file cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum ScenarioError {
    /// It is longer than [`super::SCENARIO_BYTES_MAX`].
    #[error(
        "{file}: the file is longer than {} bytes, which no scenario is",
        super::SCENARIO_BYTES_MAX
    )]
    TooLong {
        /// The display name of the file.
        file: Arc<str>,
    },
    /// Its content is at fault; all that was found, in the order of lines.
    #[error("{}", lines(faults))]
    Faults {
        /// The display name of the file.
        file: Arc<str>,
        /// At least one.
        faults: Vec<Refusal>,
    },
}

fn lines(faults: &[Refusal]) -> String {
    faults.iter().map(Refusal::to_string).collect::<Vec<_>>().join("\n")
}

/// An authority is named that announced nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no object has the figures of {name:?}; {}", known_words(known))]
pub struct UnknownAuthority {
    /// The name.
    pub name: String,
    /// Those there are.
    pub known: Vec<Arc<str>>,
}

fn known_words(known: &[Arc<str>]) -> String {
    if known.is_empty() {
        return "this scenario has one set of figures".to_owned();
    }
    let names: Vec<String> = known.iter().map(|name| format!("{name:?}")).collect();
    format!("known are {}", names.join(", "))
}

/// An object of a scenario cannot fly as the file says.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{file}:{line}: {}object {id:?} cannot fly so: {why}", at(key, value))]
pub struct FlightError {
    /// The display name of the file.
    pub file: Arc<str>,
    /// The line of the key, or of the object where no single key is at fault.
    pub line: u64,
    /// The object.
    pub id: Arc<str>,
    /// The key to change.
    pub key: Option<&'static str>,
    /// Its value as it stands.
    pub value: String,
    /// Why.
    pub why: Box<WhyNot>,
}

fn at(key: &Option<&'static str>, value: &str) -> String {
    match key {
        Some(key) => format!("{key} is {value:?}: "),
        None => String::new(),
    }
}

/// Why an object cannot fly.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum WhyNot {
    /// No ballistic flight has the figures.
    #[error("{0}")]
    Figures(#[from] FiguresError),
    /// Nothing glides so.
    #[error("{0}")]
    Glide(#[from] GlideError),
    /// Nothing comes off so.
    #[error("{0}")]
    Separation(#[from] SeparationError),
    /// Boost and glide do not join: a bug if it ever happens.
    #[error("{0}")]
    Course(#[from] CourseError),
    /// The waypoints make no way.
    #[error("{0}")]
    Route(#[from] RouteError),
    /// The elements are no orbit that lasts.
    #[error("{0}")]
    Satellite(#[from] SatelliteError),
}
