//! `trilat log`: backup and restore.

use std::path::Path;

use geo::Time;
use node::store::{self, AskError, CopyError, Damage, DiskStore, OpenError, StoreError, StoreOptions};
use serde::Serialize;

use crate::Failure;
use crate::args::{BackupArgs, LogArgs, LogCommand, RestoreArgs};
use crate::terminal;
use crate::words::{count, plural};

/// Why a log cannot be copied.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The log cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The copy failed.
    #[error(transparent)]
    Copy(#[from] CopyError),
    /// The node that has the log did not make it.
    #[error(transparent)]
    Ask(#[from] AskError),
    /// A path that is not text cannot be told to another process.
    #[error("cannot find the absolute path of {}", path.display())]
    Path {
        /// The path.
        path: std::path::PathBuf,
    },
    /// The clock of this machine is before 1970 or beyond 2262.
    #[error("the clock of this machine is out of reach")]
    Clock,
}

impl LogError {
    /// The exit code, as `--help` lists them.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Open(OpenError::Missing { .. } | OpenError::Foreign { .. }) | Self::Path { .. } => 2,
            Self::Copy(CopyError::Exists { .. } | CopyError::Occupied { .. } | CopyError::Clock { .. }) => 2,
            Self::Open(OpenError::Version { .. } | OpenError::Damaged { .. } | OpenError::DamagedFile { .. }) => 4,
            Self::Copy(CopyError::NoBackup { .. } | CopyError::Damaged { .. } | CopyError::Differs { .. }) => 4,
            Self::Copy(CopyError::Store(StoreError::Damaged(_))) => 4,
            Self::Open(_) | Self::Copy(_) | Self::Ask(_) | Self::Clock => 1,
        }
    }

    /// What to do next.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Copy(CopyError::Exists { .. }) => "Name a file that is not there.",
            Self::Copy(CopyError::Occupied { .. }) => {
                "Stop the node and move the folder away; keep it until all is well."
            }
            Self::Copy(CopyError::Clock { .. }) | Self::Clock => "Set the clock of this machine, then restore.",
            Self::Copy(CopyError::NoBackup { .. } | CopyError::Damaged { .. }) => "Use another backup.",
            Self::Copy(CopyError::Differs { .. }) => "Use another disk.",
            Self::Copy(_) => "Check that the folder of the file exists and has room, and that you may write there.",
            Self::Ask(_) => "Ask again when the node is ready, or stop it and run this again.",
            Self::Open(_) | Self::Path { .. } => "Correct the path, or what it names, and run again.",
        }
    }
}

/// What is printed.
#[derive(Debug, Serialize)]
struct LogOutput<'a> {
    /// The file of the backup.
    file: &'a Path,
    /// The folder of the log.
    log: &'a Path,
    /// How many entries were copied.
    entries: u64,
    /// Octets of the file.
    octets: u64,
    /// How many entries of the log are damaged and not in the backup.
    damaged: u64,
}

/// Runs `trilat log`.
pub fn log(args: &LogArgs) -> Result<(), Failure> {
    match &args.command {
        LogCommand::Backup(args) => backup(args),
        LogCommand::Restore(args) => restore(args),
    }
}

impl LogArgs {
    /// Whether JSON was asked for.
    pub fn is_json(&self) -> bool {
        match &self.command {
            LogCommand::Backup(args) => args.json,
            LogCommand::Restore(args) => args.json,
        }
    }
}

fn backup(args: &BackupArgs) -> Result<(), Failure> {
    let options = StoreOptions {
        create: false,
        ..StoreOptions::default()
    };
    let (entries, octets, damaged) = match DiskStore::open(&args.log, options) {
        Ok(store) => {
            let copied = store.backup(&args.file, now()?).map_err(LogError::from)?;
            complain(&copied.damaged);
            (copied.entries, copied.octets, copied.damaged.len() as u64)
        }
        Err(OpenError::InUse { .. }) => {
            let path = std::path::absolute(&args.file).map_err(|_| LogError::Path {
                path: args.file.clone(),
            })?;
            let answered = store::ask_for_backup(&args.log, &path).map_err(LogError::from)?;
            (answered.entries, answered.octets, answered.damaged)
        }
        Err(error) => return Err(LogError::from(error).into()),
    };
    let output = LogOutput {
        file: &args.file,
        log: &args.log,
        entries,
        octets,
        damaged,
    };
    output.print(args.json, &format!("backed up to {}", args.file.display()))
}

fn restore(args: &RestoreArgs) -> Result<(), Failure> {
    let copied = store::restore(&args.file, &args.log, StoreOptions::default(), now()?).map_err(LogError::from)?;
    let output = LogOutput {
        file: &args.file,
        log: &args.log,
        entries: copied.entries,
        octets: copied.octets,
        damaged: 0,
    };
    output.print(args.json, &format!("restored to {}", args.log.display()))
}

fn complain(damaged: &[Damage]) {
    damaged
        .iter()
        .for_each(|damage| terminal::remark(&format!("left out, damaged: {damage}")));
}

impl LogOutput<'_> {
    fn print(&self, is_json: bool, done: &str) -> Result<(), Failure> {
        let entries = usize::try_from(self.entries).unwrap_or(usize::MAX);
        let left_out = match self.damaged {
            0 => String::new(),
            damaged => format!(", {damaged} damaged and left out"),
        };
        let text = if is_json {
            let json = serde_json::to_string_pretty(self).map_err(|error| Failure::Output(error.into()))?;
            json + "\n"
        } else {
            let noun = plural(entries, "entry", "entries");
            format!("{} {noun} {done}, verified{left_out}\n", count(entries))
        };
        terminal::say(&text)
    }
}

/// The time of this machine's clock.
#[expect(clippy::disallowed_methods, reason = "a backup says when it was made")]
fn now() -> Result<Time, LogError> {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let utc_ns = since.ok().and_then(|since| i64::try_from(since.as_nanos()).ok());
    utc_ns.and_then(|ns| Time::from_utc_ns(ns).ok()).ok_or(LogError::Clock)
}
