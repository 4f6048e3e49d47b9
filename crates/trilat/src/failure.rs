//! Why the program stopped, with what to do next, and the exit code that goes with it.

use std::io;
use std::path::PathBuf;

use crate::output::NoPathOutput;

/// Why the program could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A file that should be read cannot be.
    #[error("cannot read {}: {source}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// A file that should be written cannot be.
    #[error("cannot write {}: {source}", path.display())]
    Write {
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Standard output is closed or full.
    #[error("cannot write to standard output: {0}")]
    Output(#[source] io::Error),
    /// A file says something that cannot be used, such as a sensor without a place.
    #[error("{source}")]
    Content {
        /// What is wrong, with file, line and key.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// Every plot was refused, or there were none.
    #[error("no usable plot in {}: {why}", list(files))]
    NoPlots {
        /// The files.
        files: Vec<PathBuf>,
        /// What became of those there were.
        why: &'static str,
    },
    /// The name of a plot file says no known format.
    #[error("{0}")]
    Format(#[from] wire::UnknownFormat),
    /// `--sensor` names no sensor of the sensor file.
    #[error("{source} (--sensor)")]
    Sensor {
        /// The name, and those there are.
        #[from]
        source: plot::SensorNotFound,
    },
    /// None of the objects has a path.
    #[error("no path can be found{}", reasons(objects))]
    NoPath {
        /// The reason for each object.
        objects: Vec<NoPathOutput>,
    },
    /// The built-in flight could not be made: a fault of the program.
    #[error(transparent)]
    Builtin(#[from] crate::builtin::BuiltinError),
    /// This build does not hold what was asked.
    #[error("{what} is not in this build")]
    NotInBuild {
        /// What was asked.
        what: &'static str,
    },
}

fn list(files: &[PathBuf]) -> String {
    let names: Vec<_> = files.iter().map(|file| file.display().to_string()).collect();
    names.join(", ")
}

fn reasons(objects: &[NoPathOutput]) -> String {
    objects
        .iter()
        .map(|object| format!("\n  {}: {}", object.id, object.reason))
        .collect()
}

impl Failure {
    /// The exit code, as `--help` lists them.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Read { .. } | Self::Write { .. } | Self::Output(_) | Self::NotInBuild { .. } | Self::Builtin(_) => 1,
            Self::Sensor { .. } | Self::Format(_) => 2,
            Self::NoPath { .. } => 3,
            Self::Content { .. } | Self::NoPlots { .. } => 4,
        }
    }

    /// What to do next.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Read { .. } => "Check the name, and that you may read the file.",
            Self::Write { .. } => "Check that the folder exists and that you may write there.",
            Self::Output(_) => "Write to a file with room, or do not close the pipe early.",
            Self::Content { .. } => "Correct the file at the place named, and run again.",
            Self::NoPlots { .. } => {
                "Each plot needs a time (RFC 3339, UTC), a sensor of the sensor file, and a measurement within limits."
            }
            Self::Format(_) => "Rename the file so that its ending says what it is.",
            Self::Sensor { .. } => "Use a name of the sensor file, written the same way.",
            Self::NoPath { .. } => "More plots, a second sensor, or a later --until may help.",
            Self::Builtin(_) => "This is a fault of the program: please report it.",
            Self::NotInBuild { .. } => "Use a later version.",
        }
    }
}
