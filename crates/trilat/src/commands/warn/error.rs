//! Why `trilat warn` did not do what it was asked.

use std::path::PathBuf;

use geo::Time;
use node::warnings::{MaterialError, OfficeError, SettingsError};

/// Why a warning was not shown, written or sent.
#[derive(Debug, thiserror::Error)]
pub enum WarnError {
    /// A map or a file of sentences cannot be used.
    #[error(transparent)]
    Material(#[from] MaterialError),
    /// No object may still come down.
    #[error("at {at} no object of {file} may still come down{}", theirs(*latest))]
    Nothing {
        /// The file of tracks.
        file: String,
        /// When it was asked.
        at: Time,
        /// The latest arrival of any, which is past.
        latest: Option<Time>,
    },
    /// No track, or several, of that name.
    #[error("{} in {file}; what may come down there at {at}: {}", missing(name, *several), known.join(", "))]
    Track {
        /// The file of tracks.
        file: String,
        /// What was asked for.
        name: String,
        /// Whether more than one begins so.
        several: bool,
        /// When it was asked.
        at: Time,
        /// Those there are.
        known: Vec<String>,
    },
    /// A number of the file that no area has.
    #[error("{file}: the forecast of track {track}: {source}")]
    Area {
        /// The file of tracks.
        file: String,
        /// The track.
        track: String,
        /// What is wrong.
        source: ::warn::AreaError,
    },
    /// The folder cannot be used, or the desk does not do it.
    #[error(transparent)]
    Office(#[from] OfficeError),
    /// A clock that is not the wall clock, in earnest.
    #[error("--at is for exercises, and warn.toml says that these warnings are in earnest")]
    Clock,
    /// No message of that name.
    #[error("there is no message {0}")]
    Message(String),
    /// A language that a message does not have.
    #[error("message {message} has the languages {}", known.join(", "))]
    Spoken {
        /// The message.
        message: String,
        /// Those there are.
        known: Vec<String>,
    },
    /// There is a warning about that object.
    #[error("warning {warning} is about {object} already")]
    Begun {
        /// The object.
        object: String,
        /// Its warning.
        warning: String,
    },
    /// What would be written is there.
    #[error("{} is there already", .0.display())]
    There(PathBuf),
    /// What `check` found.
    #[error("{0} of the findings above keep warnings from working")]
    Unfit(usize),
    /// Some channel does not have it, or may not.
    #[error("not with every channel: {}", .0.join(", "))]
    NotAll(Vec<String>),
    /// The system refuses something that the program needs.
    #[error("the system does not let the clock run: {0}")]
    System(std::io::Error),
}

fn theirs(latest: Option<Time>) -> String {
    match latest {
        Some(latest) => format!(": the latest arrival was {latest}"),
        None => ": it holds no forecast of an arrival until then".to_owned(),
    }
}

fn missing(name: &str, several: bool) -> String {
    match several {
        true => format!("the names of several tracks begin with {name:?}"),
        false => format!("no track {name:?}"),
    }
}

impl WarnError {
    /// The exit code, as `--help` lists them.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Material(MaterialError::Read { .. }) => 1,
            Self::Material(MaterialError::Language { .. }) | Self::Track { .. } => 2,
            Self::Clock | Self::Message(_) | Self::Spoken { .. } | Self::There(_) => 2,
            Self::Nothing { .. } | Self::Begun { .. } | Self::Office(OfficeError::Refused(_)) => 3,
            Self::Office(OfficeError::Settings(SettingsError::Read { .. })) => 1,
            Self::Office(OfficeError::Material(MaterialError::Read { .. })) => 1,
            Self::Office(OfficeError::File { .. } | OfficeError::Held { .. }) | Self::System(_) => 1,
            Self::Material(_) | Self::Area { .. } | Self::Office(_) | Self::Unfit(_) => 4,
            Self::NotAll(_) => 5,
        }
    }

    /// Whether the result was printed before it.
    pub fn comes_after_the_result(&self) -> bool {
        matches!(self, Self::Unfit(_) | Self::NotAll(_))
    }

    /// What to do next.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Material(MaterialError::Read { .. }) => "Check the name, and that you may read the file.",
            Self::Material(MaterialError::Language { .. }) => "Use one of these, or give its sentences with --text.",
            Self::Material(MaterialError::Map(_)) => {
                "Give GeoJSON or TopoJSON with a name for each place, or leave --map out for the one that is built in."
            }
            Self::Material(_) => "Correct the file at the place named; docs/warn.md says what is in it.",
            Self::Track { .. } => "Name one of these with --track, or leave it out for the earliest arrival.",
            Self::Nothing { latest: Some(_), .. } => "Ask for an earlier time with --at.",
            Self::Nothing { latest: None, .. } => {
                "Give a file of `trilat track --out` that has rows of kind forecast, or a later --at."
            }
            Self::Office(error) => of_office(error),
            Self::Clock => "Leave --at out, or say `exercise = true` in warn.toml.",
            Self::Message(_) => "`trilat warn status` lists warnings and messages; a message is WARNING.NUMBER.",
            Self::Spoken { .. } => "Use one of these with --language, or leave it out.",
            Self::Begun { .. } => "Write an update of it: trilat warn update.",
            Self::There(_) => "Change that file, or name another folder.",
            Self::Unfit(_) => "Each line says what is wrong and where.",
            Self::NotAll(_) => {
                "`trilat warn send` tries again what failed; where it is unknown, look, then send --arrived or --again."
            }
            Self::System(_) => "Run `trilat warn watch --once` from a clock of your own.",
            Self::Area { .. } => "Write the file again with `trilat track --out`.",
        }
    }
}

fn of_office(error: &OfficeError) -> &'static str {
    match error {
        OfficeError::Settings(SettingsError::Read { .. }) => "Make one: trilat warn init FOLDER.",
        OfficeError::Settings(_) | OfficeError::Material(_) => {
            "Correct it at the place named; docs/warn.md explains every key."
        }
        OfficeError::Refused(_) => "Nothing was changed or sent. `trilat warn status` says how everything is now.",
        OfficeError::Journal { .. } => {
            "Keep a copy of the folder. What was sent stands in the lines before; warnings go on in a new folder."
        }
        OfficeError::File { .. } => "Nothing was changed or sent. Make room, or see that you may write there.",
        OfficeError::Held { .. } => "Look whether a program that uses this folder is stopped, and end it.",
        OfficeError::Entry(_) => "This is a fault of the program: please report it.",
    }
}
