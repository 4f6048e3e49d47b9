//! `trilat log`: what may be written after it.

use std::path::PathBuf;

use clap::{Args, Subcommand};

const EXAMPLES: &str = "\
Examples:
  trilat log backup /var/lib/trilat/log /backup/2026-11-28.trilat-log
      a copy of one moment; the node may run meanwhile
  trilat log restore /backup/2026-11-28.trilat-log /var/lib/trilat/log
      a log again; the folder must not be there, and no node may run on it

Exit codes:
  0  done, and verified
  1  a file could not be read or written, or the disk is full
  2  the arguments are wrong: the target is there already, or the clock is before the backup
  4  the log or the backup is damaged";

/// `trilat log`.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct LogArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: LogCommand,
}

/// What can be done with a log.
#[derive(Debug, Subcommand)]
pub enum LogCommand {
    /// Write everything in a log to one file, while its node runs or not
    Backup(BackupArgs),
    /// Make a log of a backup, where there is none
    Restore(RestoreArgs),
}

/// `trilat log backup`.
#[derive(Debug, Args)]
pub struct BackupArgs {
    /// The folder of the log
    pub log: PathBuf,
    /// The file to write, which must not be there
    pub file: PathBuf,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// `trilat log restore`.
#[derive(Debug, Args)]
pub struct RestoreArgs {
    /// The backup
    pub file: PathBuf,
    /// The folder to make, which must not be there
    pub log: PathBuf,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}
