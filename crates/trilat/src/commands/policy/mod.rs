//! `trilat policy`: what an owner gives each partner.

mod check;
mod explain;
mod home;
mod sign;
mod versions;
mod withdraw;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use node::config::ConfigError;
use node::keyring::KeyringError;
use node::versions::{DraftError, Refused, read_draft, read_version};
use share::policy::review::ReviewError;
use share::policy::version::{self, VersionError};
use share::policy::{Files, Policy, PolicyError};

use crate::Failure;
use crate::args::{PolicyArgs, PolicyCommand};
use home::Home;

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
    /// The configuration of the node cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Keys or rosters of the node cannot be read.
    #[error(transparent)]
    Keyring(#[from] KeyringError),
    /// The signed versions cannot be read.
    #[error(transparent)]
    Refused(#[from] Refused),
    /// There is no signed version.
    #[error("{}: no signed version of the agreement", folder.display())]
    NoVersion {
        /// Where it was looked for.
        folder: PathBuf,
    },
    /// Some files are no versions.
    #[error("{count} of the files are refused: they are listed above")]
    SomeRefused {
        /// How many.
        count: usize,
    },
    /// The node that runs did not take the version.
    #[error("the node runs and did not take version {number}: {why}")]
    NotTaken {
        /// The number of the version.
        number: u32,
        /// What it says.
        why: String,
    },
    /// A folder is to be signed, and no key was named.
    #[error("--key is missing: a folder is signed with a key that is named")]
    NoKey,
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
            Self::Partner { .. } | Self::NoKey => 2,
            Self::NotTaken { .. } | Self::Keyring(_) => 1,
            Self::Files { .. }
            | Self::Review { .. }
            | Self::Key { .. }
            | Self::Version { .. }
            | Self::Config(_)
            | Self::Refused(_)
            | Self::NoVersion { .. }
            | Self::SomeRefused { .. } => 4,
        }
    }

    /// Whether the result was printed before it.
    pub fn comes_after_the_result(&self) -> bool {
        matches!(
            self,
            Self::Mistakes { .. } | Self::More { .. } | Self::SomeRefused { .. } | Self::NotTaken { .. }
        )
    }

    /// What to do next.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Files { .. } => "Correct the places named, and run again; docs/release.md explains the files.",
            Self::Mistakes { .. } => "Correct or remove these rules, and run again.",
            Self::More { .. } => "Read the list; if it is meant so, have a second person read it, and sign.",
            Self::Review { .. } => "Name fewer heights, or let fewer areas overlap.",
            Self::Partner { .. } => "Use a name of agreement.toml, written the same way.",
            Self::NoKey => "Name the owner's root key, or give node.toml instead of the folder.",
            Self::Key { .. } => "Give a file that holds such a key.",
            Self::Version { .. } => "Set `version` and `dated` in agreement.toml, or let --next do it.",
            Self::Config(_) => "Correct the file at the place named; docs/node.md explains every key.",
            Self::Keyring(error) => error.advice(),
            Self::Refused(_) => "Check the folder and its permissions.",
            Self::NoVersion { .. } => "Sign the first: trilat policy sign --help.",
            Self::SomeRefused { .. } => "Each line says what to do; what was in force stays so.",
            Self::NotTaken { .. } => {
                "See trilat node status and trilat policy versions; it holds at the latest when the node starts anew."
            }
        }
    }
}

/// Does what is asked.
pub fn policy(args: &PolicyArgs) -> Result<(), Failure> {
    match &args.command {
        PolicyCommand::Check(args) => check::check(args),
        PolicyCommand::Explain(args) => explain::explain(args),
        PolicyCommand::Sign(args) => sign::sign(args),
        PolicyCommand::Withdraw(args) => withdraw::withdraw(args),
        PolicyCommand::Versions(args) => versions::versions(args),
    }
}

/// Whether what is named is the configuration of a node.
fn is_config(what: &Path) -> bool {
    what.extension() == Some(OsStr::new("toml"))
}

/// Reads the files of an agreement: of a folder, or of a signed version, whoever signed it.
fn read_files(what: &Path) -> Result<Files, Failure> {
    if what.is_dir() || what.extension() != Some(OsStr::new("policy")) {
        return read_draft(what).map_err(|error| match error {
            DraftError::Read { path, source } => Failure::Read { path, source },
            DraftError::Files { folder, source } => unusable(&folder, source),
        });
    }
    let octets = read_version(what).map_err(|fault| {
        let path = what.to_owned();
        PolicyFailure::from(Refused { path, fault })
    })?;
    let cannot = |source| PolicyFailure::Version {
        path: what.to_owned(),
        source,
    };
    Ok(version::peek(&octets).map_err(cannot)?)
}

/// Reads an agreement.
fn read(what: &Path) -> Result<Policy, Failure> {
    Policy::new(&read_files(what)?).map_err(|source| unusable(what, source))
}

fn unusable(what: &Path, source: PolicyError) -> Failure {
    PolicyFailure::Files {
        dir: what.to_owned(),
        source,
    }
    .into()
}
