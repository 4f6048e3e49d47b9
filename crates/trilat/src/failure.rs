//! Why the program stopped, with what to do next, and the exit code that goes with it.

use std::io;
use std::path::PathBuf;

use geo::Time;
use sim::ballistic::FiguresError;

use crate::output::{NoPathOutput, PathOutput, RefusedOutput, to_json};
use crate::words::{count, plural};

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
        why: WhyNone,
        /// Those that were refused.
        refused: RefusedOutput,
    },
    /// The name of a plot file says no known format.
    #[error("{0}")]
    Format(#[from] wire::UnknownFormat),
    /// The name of a file of tracks to write stands for no format.
    #[error("{}: tracks are written as .csv, .parquet, .czml or .geojson", path.display())]
    TracksFormat {
        /// The file.
        path: PathBuf,
    },
    /// Without a sensor file it is not known where sensors stand.
    #[error("{0}")]
    Undescribed(Undescribed),
    /// `--sensor` names no sensor of the sensor file.
    #[error("{source} (--sensor)")]
    Sensor {
        /// The name, and those there are.
        #[from]
        source: plot::SensorNotFound,
    },
    /// `--owner` names no owner of the sensor file.
    #[error("no sensor is of the owner {name:?}; owners are {} (--owner)", known.join(", "))]
    Owner {
        /// The name.
        name: String,
        /// Those there are.
        known: Vec<String>,
    },
    /// A scenario has sensors, but no radar whose coverage could be drawn.
    #[error("{} has no radar", path.display())]
    NoRadar {
        /// The file.
        path: PathBuf,
    },
    /// More heights than one page of coverage can hold.
    #[error("--height-km has {count} heights, at most {} can be given", crate::args::HEIGHTS_MAX)]
    Heights {
        /// How many.
        count: usize,
    },
    /// None of the objects has a path.
    #[error("no path can be found{}", reasons(objects))]
    NoPath {
        /// The reason for each object.
        objects: Vec<NoPathOutput>,
        /// The plots that were refused before.
        refused: RefusedOutput,
    },
    /// No ballistic flight has the figures.
    #[error("{}{source}", option(source).map(|name| format!("{name}: ")).unwrap_or_default())]
    Figures {
        /// Why.
        #[from]
        source: FiguresError,
    },
    /// A scenario cannot be studied.
    #[error(transparent)]
    Study(#[from] crate::commands::StudyError),
    /// An agreement cannot be used, or says what it should not.
    #[error(transparent)]
    Policy(#[from] crate::commands::PolicyFailure),
    /// A node did not do what it was asked.
    #[error(transparent)]
    Node(Box<crate::commands::NodeError>),
    /// Keys cannot be made, or are not believed.
    #[error(transparent)]
    Keys(Box<crate::commands::KeysError>),
    /// A federation cannot be made.
    #[error(transparent)]
    Federation(Box<crate::commands::FederationError>),
    /// The demonstration did not go as it should.
    #[error(transparent)]
    Demo(Box<crate::demo::DemoError>),
    /// A log cannot be audited, or is not what was signed.
    #[error(transparent)]
    Audit(Box<crate::commands::AuditError>),
    /// A log cannot be backed up or restored.
    #[error(transparent)]
    Log(Box<crate::commands::LogError>),
    /// A warning was not shown, written or sent.
    #[error(transparent)]
    Warn(Box<crate::commands::WarnError>),
    /// Tracks cannot be scored.
    #[error(transparent)]
    Score(#[from] crate::scoring::ScoreError),
    /// There is no such scenario.
    #[error(
        "no scenario {name:?}: no such file, and none of that name comes with the program{}",
        meant(nearest)
    )]
    UnknownScenario {
        /// What was asked for.
        name: String,
        /// The name that was probably meant.
        nearest: Option<&'static str>,
    },
    /// A scenario has no figures of that authority.
    #[error("{source} (--authority)")]
    Authority {
        /// The name, and those there are.
        #[from]
        source: sim::scenario::UnknownAuthority,
    },
    /// A folder holds something that this program did not put there.
    #[error("{} is not empty: it holds {found:?}, which is not of a simulation (--out)", path.display())]
    NotEmpty {
        /// The folder.
        path: PathBuf,
        /// What is in it.
        found: String,
    },
    /// A file cannot be written because of what should stand in it: a fault of the program.
    #[error("cannot write {}: {source}", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: wire::WriteError,
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

/// Large ones are boxed: a failure is handed through every command.
macro_rules! boxed {
    ($($variant:ident($error:ty),)*) => {
        $(
            impl From<$error> for Failure {
                fn from(error: $error) -> Self {
                    Self::$variant(Box::new(error))
                }
            }
        )*
    };
}

boxed! {
    Warn(crate::commands::WarnError),
    Node(crate::commands::NodeError),
    Keys(crate::commands::KeysError),
    Federation(crate::commands::FederationError),
    Log(crate::commands::LogError),
    Audit(crate::commands::AuditError),
    Demo(crate::demo::DemoError),
}

/// Sensors that neither a sensor file nor the input describes.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("nothing says where {} stands, and there is no --sensors. Fill in what is marked ?:\n\n{stanzas}", names.join(", "))]
pub struct Undescribed {
    /// Their names.
    pub names: Vec<String>,
    /// What a sensor file would say of all sensors of the input, with question marks where a person has to write.
    pub stanzas: String,
}

/// What became of the plots where none is left to work on.
#[derive(Copy, Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WhyNone {
    /// The files hold none.
    #[error("there is none at all")]
    None,
    /// Every one is malformed.
    #[error("every one was refused")]
    Refused,
    /// None is of a sensor that is described.
    #[error("none is of a sensor of the sensor file")]
    Strangers,
    /// None is of a sensor that is asked for.
    #[error("none is of a sensor or an owner that is asked for")]
    NotAsked,
    /// None is early enough.
    #[error("none is before --until; the first is of {first}")]
    Later {
        /// The time of the earliest plot that would else be used.
        first: Time,
    },
}

impl WhyNone {
    fn advice(self) -> &'static str {
        match self {
            Self::None => "Give a file with plots: a header, then a line each.",
            Self::Refused => {
                "Each plot needs a time (RFC 3339, UTC), a sensor of the sensor file, and a measurement within limits."
            }
            Self::Strangers => "Add the sensors to the sensor file, or correct the names: both must be written alike.",
            Self::NotAsked => {
                "Name a sensor or an owner that has plots in these files, or leave --sensor or --owner out."
            }
            Self::Later { .. } => "Choose a later --until, or leave it out.",
        }
    }
}

fn meant(nearest: &Option<&str>) -> String {
    nearest
        .map(|name| format!(" (did you mean {name}?)"))
        .unwrap_or_default()
}

fn list(files: &[PathBuf]) -> String {
    let names: Vec<_> = files.iter().map(|file| file.display().to_string()).collect();
    names.join(", ")
}

fn reasons(objects: &[NoPathOutput]) -> String {
    objects
        .iter()
        .map(|object| {
            let plots = plural(object.plots, "plot", "plots");
            format!("\n  {} ({} {plots}): {}", object.id, count(object.plots), object.reason)
        })
        .collect()
}

impl Failure {
    /// The exit code, as `--help` lists them.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Read { .. } | Self::Write { .. } | Self::Output(_) | Self::NotInBuild { .. } | Self::Builtin(_) => 1,
            Self::Unwritable { .. } => 1,
            Self::Sensor { .. }
            | Self::Owner { .. }
            | Self::Heights { .. }
            | Self::Format(_)
            | Self::TracksFormat { .. } => 2,
            Self::Study(error) => error.exit_code(),
            Self::Node(error) => error.exit_code(),
            Self::Log(error) => error.exit_code(),
            Self::Audit(error) => error.exit_code(),
            Self::Demo(error) => error.exit_code(),
            Self::Warn(error) => error.exit_code(),
            Self::Score(error) => error.exit_code(),
            Self::Policy(error) => error.exit_code(),
            Self::Keys(error) => error.exit_code(),
            Self::Federation(error) => error.exit_code(),
            Self::UnknownScenario { .. } | Self::Authority { .. } | Self::NotEmpty { .. } => 2,
            Self::Figures { source } if option(source).is_some() => 2,
            Self::NoPath { .. } | Self::Figures { .. } => 3,
            Self::Content { .. } | Self::NoPlots { .. } | Self::NoRadar { .. } | Self::Undescribed(_) => 4,
        }
    }

    /// The JSON text that `--json` prints of it.
    ///
    /// Errors: none in practice.
    pub fn to_json(&self) -> serde_json::Result<String> {
        match self {
            Self::Figures { .. }
            | Self::Heights { .. }
            | Self::NoRadar { .. }
            | Self::Undescribed(_)
            | Self::Study(_)
            | Self::Node(_)
            | Self::Log(_)
            | Self::Audit(_)
            | Self::Demo(_)
            | Self::Warn(_)
            | Self::Score(_)
            | Self::Policy(_)
            | Self::Keys(_)
            | Self::Federation(_)
            | Self::UnknownScenario { .. }
            | Self::Authority { .. }
            | Self::NotEmpty { .. }
            | Self::Unwritable { .. } => {
                let error = serde_json::json!({ "error": self.to_string(), "advice": self.advice() });
                Ok(format!("{error:#}\n"))
            }
            _ => to_json(&self.output()),
        }
    }

    /// What `--json` prints of it: no object, the reasons, and the words of standard error.
    pub fn output(&self) -> PathOutput {
        let (no_path, refused) = match self {
            Self::NoPath { objects, refused } => (objects.clone(), refused.clone()),
            Self::NoPlots { refused, .. } => (Vec::new(), refused.clone()),
            _ => Default::default(),
        };
        PathOutput {
            no_path,
            refused,
            error: Some(self.to_string()),
            ..PathOutput::default()
        }
    }

    /// Whether the result was printed before it.
    pub fn comes_after_the_result(&self) -> bool {
        match self {
            Self::Policy(error) => error.comes_after_the_result(),
            Self::Warn(error) => error.comes_after_the_result(),
            Self::Audit(error) => matches!(**error, crate::commands::AuditError::Found(_)),
            Self::Demo(error) => matches!(**error, crate::demo::DemoError::Differ(_)),
            Self::Node(error) => matches!(**error, crate::commands::NodeError::Ill(_)),
            _ => matches!(self, Self::Write { .. } | Self::Output(_)),
        }
    }

    /// What to do next.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Read { .. } => "Check the name, and that you may read the file.",
            Self::Write { .. } => "Check that the folder exists and that you may write there.",
            Self::Output(_) => "Write to a file with room, or do not close the pipe early.",
            Self::Content { .. } => "Correct the file at the place named, and run again.",
            Self::NoPlots { why, .. } => why.advice(),
            Self::Undescribed(_) => "Save this as sensors.toml, completed, and give it: --sensors sensors.toml.",
            Self::NoRadar { .. } => "Give a scenario, or a sensor file, that has one.",
            Self::Heights { .. } => "Give fewer heights, or run it more than once.",
            Self::Format(_) => "Rename the file so that its ending says what it is, or say it with --format (track).",
            Self::TracksFormat { .. } => "Rename the file so that its ending says what it is.",
            Self::Sensor { .. } | Self::Owner { .. } => "Use a name of the sensor file, written the same way.",
            Self::NoPath { .. } => "Each reason says what is missing; what was refused or looks wrong stands above.",
            Self::Study(error) => error.advice(),
            Self::Node(error) => error.advice(),
            Self::Log(error) => error.advice(),
            Self::Audit(error) => error.advice(),
            Self::Demo(error) => error.advice(),
            Self::Warn(error) => error.advice(),
            Self::Score(error) => error.advice(),
            Self::Policy(error) => error.advice(),
            Self::Keys(error) => error.advice(),
            Self::Federation(error) => error.advice(),
            Self::Figures { source } => figures_advice(source),
            Self::UnknownScenario { .. } => "Give a file, or a name of: trilat simulate --list.",
            Self::Authority { .. } => "Use a name as the scenario writes it, or leave --authority out.",
            Self::NotEmpty { .. } => "Choose another folder, or empty this one.",
            Self::Unwritable { .. } | Self::Builtin(_) => "This is a fault of the program: please report it.",
            Self::NotInBuild { .. } => "Use a later version.",
        }
    }
}

/// The option that gave what is impossible on any flight.
fn option(error: &FiguresError) -> Option<&'static str> {
    match error {
        FiguresError::Launch { .. } => Some("--launch"),
        FiguresError::Apogee { .. } => Some("--apogee-km"),
        FiguresError::Range { .. } => Some("--range-km"),
        FiguresError::Bearing { .. } => Some("--bearing"),
        FiguresError::FlightTime { .. } => Some("--flight-time-s"),
        FiguresError::TooHigh { .. }
        | FiguresError::TooLow { .. }
        | FiguresError::NotFound { .. }
        | FiguresError::Fly(_) => None,
    }
}

fn figures_advice(error: &FiguresError) -> &'static str {
    match error {
        FiguresError::Launch { .. } => "Give latitude and longitude in degrees, latitude first: --launch 40.61,126.43.",
        FiguresError::Apogee { .. } => "Give the greatest height in kilometres: --apogee-km 2000.",
        FiguresError::Range { .. } => "Give the distance over ground in kilometres: --range-km 800.",
        FiguresError::Bearing { .. } => "Give the direction in degrees clockwise from true north: --bearing 75.",
        FiguresError::FlightTime { .. } => "Give the seconds from launch to arrival, or leave --flight-time-s out.",
        FiguresError::TooHigh { .. } => "Give a lower --apogee-km, or correct it: it is in kilometres, not metres.",
        FiguresError::TooLow { .. } => {
            "Give a higher --apogee-km or a shorter --range-km; what flies so low and far is carried by lift."
        }
        FiguresError::NotFound { .. } | FiguresError::Fly(_) => {
            "Check --apogee-km and --range-km against the source: both are in kilometres."
        }
    }
}
