//! Why a scenario cannot be studied.

use std::path::PathBuf;

use sim::scenario::{FlightError, ScenarioError};
use study::PlanError;

/// Why a scenario cannot be studied.
#[derive(Debug, thiserror::Error)]
pub enum StudyError {
    /// There is no such file and no such scenario.
    #[error("there is no scenario {name:?}; those that come with the program: {known:?}")]
    Unknown {
        /// The name looked for.
        name: String,
        /// The names there are.
        known: Vec<&'static str>,
    },
    /// The file of `--state` holds something else, or is to be the report too.
    #[error("{} is no file of finished runs (--state)", path.display())]
    NoState {
        /// The file.
        path: PathBuf,
    },
    /// A fault of its file.
    #[error(transparent)]
    Scenario(#[from] ScenarioError),
    /// A flight that cannot be.
    #[error(transparent)]
    Flight(#[from] FlightError),
    /// Nothing to study, or an owner that is not there.
    #[error(transparent)]
    Plan(#[from] PlanError),
}

impl StudyError {
    /// The exit code.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Unknown { .. }
            | Self::NoState { .. }
            | Self::Plan(
                PlanError::UnknownOwner { .. } | PlanError::OwnerTwice { .. } | PlanError::TooManyOwners { .. },
            ) => 2,
            Self::Scenario(_) | Self::Flight(_) | Self::Plan(_) => 4,
        }
    }

    /// What to do next.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Unknown { .. } => "Give the path of a scenario file, or one of these names.",
            Self::NoState { .. } => "Choose another name; nothing was written to this file.",
            Self::Scenario(_) | Self::Flight(_) => "Correct the file at the place named, and run again.",
            Self::Plan(PlanError::NoObject) => "Add an object to the scenario.",
            Self::Plan(PlanError::NoSensor) => "Add a sensor, or a network of sensors, to the scenario.",
            Self::Plan(_) => "Choose --owners among those of the scenario, each once, by comma.",
        }
    }
}
