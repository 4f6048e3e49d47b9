//! `trilat policy`: what an owner gives each partner.

mod check;
mod explain;
mod sign;

use std::fs;
use std::path::{Path, PathBuf};

use share::policy::review::ReviewError;
use share::policy::version::VersionError;
use share::policy::{AGREEMENT, AREAS, Files, Policy, PolicyError, RULES, Text};

use crate::args::{PolicyArgs, PolicyCommand};
use crate::{Failure, files};

/// Why a command about an agreement ends with another code than 0.
#[derive(Debug, thiserror::Error)]
pub enum PolicyFailure {
    /// The files cannot be used.
    #[error("{}: the agreement cannot be used:\n{source}", dir.display())]
    Files {
        /// The folder.
        dir: PathBuf,
        /// Each fault.
        source: PolicyError,
    },
    /// Rules are unreachable or contradict each other.
    #[error("{count} of the rules are mistakes: they are marked above")]
    Mistakes {
        /// How many.
        count: usize,
    },
    /// A change releases more.
    #[error("the change would newly release what is listed above ({count})")]
    More {
        /// How many entries there are.
        count: usize,
    },
    /// There are too many kinds of subjects to go through.
    #[error("{}: {source}", dir.display())]
    Review {
        /// The folder.
        dir: PathBuf,
        /// How many there may be.
        source: ReviewError,
    },
    /// Nobody of that name is in the agreement.
    #[error("no partner {name:?} in the agreement{} (--partner): there are {known:?}", meant(.nearest))]
    Partner {
        /// The name.
        name: String,
        /// What was probably meant.
        nearest: Option<String>,
        /// Those there are.
        known: Vec<String>,
    },
    /// A key or a version before cannot be used.
    #[error("{}: {source}", path.display())]
    Key {
        /// The file.
        path: PathBuf,
        /// Why.
        source: Box<dyn std::error::Error + Send + Sync>,
    },
    /// The version cannot be signed, or the one before is none.
    #[error("{}: {source}", path.display())]
    Version {
        /// The folder or the file.
        path: PathBuf,
        /// Why.
        source: VersionError,
    },
}

fn meant(nearest: &Option<String>) -> String {
    nearest
        .as_ref()
        .map_or(String::new(), |name| format!(" (did you mean {name:?}?)"))
}

impl PolicyFailure {
    /// The exit code, as `--help` lists them.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Mistakes { .. } => 3,
            Self::More { .. } => 5,
            Self::Partner { .. } => 2,
            Self::Files { .. } | Self::Review { .. } | Self::Key { .. } | Self::Version { .. } => 4,
        }
    }

    /// Whether the result was printed before it.
    pub fn comes_after_the_result(&self) -> bool {
        matches!(self, Self::Mistakes { .. } | Self::More { .. })
    }

    /// What to do next.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Files { .. } => "Correct the places named, and run again; docs/release.md explains the files.",
            Self::Mistakes { .. } => "Correct or remove these rules, and run again.",
            Self::More { .. } => "Read the list; if it is meant so, have a second person read it, and sign.",
            Self::Review { .. } => "Name fewer heights, or let fewer areas overlap.",
            Self::Partner { .. } => "Use a name of agreement.toml, written the same way.",
            Self::Key { .. } => "Give a file that holds such a key.",
            Self::Version { .. } => "Set `version` and `dated` in agreement.toml, and give the version before.",
        }
    }
}

/// Does what is asked.
pub fn policy(args: &PolicyArgs) -> Result<(), Failure> {
    match &args.command {
        PolicyCommand::Check(args) => check::check(args),
        PolicyCommand::Explain(args) => explain::explain(args),
        PolicyCommand::Sign(args) => sign::sign(args),
    }
}

/// Reads the files of an agreement; others in the folder are left alone.
fn read_files(dir: &Path) -> Result<Files, Failure> {
    let cannot = |source| Failure::Read {
        path: dir.to_owned(),
        source,
    };
    let mut texts = Vec::new();
    for entry in fs::read_dir(dir).map_err(cannot)? {
        let path = entry.map_err(cannot)?.path();
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        if name == AGREEMENT || name == AREAS || name.ends_with(RULES) {
            texts.push(Text {
                name: name.into(),
                text: files::read_text(&path)?.into(),
            });
        }
    }
    let files = Files::new(texts).map_err(|faults| PolicyError { faults });
    files.map_err(|source| unusable(dir, source))
}

/// Reads an agreement.
fn read(dir: &Path) -> Result<Policy, Failure> {
    Policy::new(&read_files(dir)?).map_err(|source| unusable(dir, source))
}

fn unusable(dir: &Path, source: PolicyError) -> Failure {
    PolicyFailure::Files {
        dir: dir.to_owned(),
        source,
    }
    .into()
}
