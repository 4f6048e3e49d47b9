//! `trilat audit`: what may be written after it.

use std::path::PathBuf;

use clap::{Args, Subcommand};

const EXAMPLES: &str = "\
Examples:
  trilat audit verify node.toml
      every frame and receipt in the log of a node that does not run
  trilat log restore monday.trilat-log monday && trilat audit verify node.toml --log monday
      those in a backup

Exit codes:
  0  everything is as it was signed
  1  a file could not be read
  2  the arguments are wrong
  4  the configuration cannot be used
  5  something was changed, is missing, or is not signed by who should have";

/// Prove that a log is what was signed.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub struct AuditArgs {
    /// What to do
    #[command(subcommand)]
    pub command: AuditCommand,
}

/// What can be done with a log.
#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Check each frame and receipt: signed, dense, chained; name the first octet that was changed
    Verify(VerifyArgs),
}

/// `trilat audit verify`.
#[derive(Debug, Args)]
pub struct VerifyArgs {
    /// The configuration of the node, which names its log, keys and rosters
    #[arg(value_name = "NODE.TOML", default_value = "node.toml")]
    pub config: PathBuf,

    /// Another log than the configuration's, such as a restored backup
    #[arg(long, value_name = "FOLDER")]
    pub log: Option<PathBuf>,

    /// Print the result as JSON for another program
    #[arg(long)]
    pub json: bool,
}
