//! `trilat audit`: what may be written after it.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use share::identity::NodeId;

const VERIFY_HELP: &str = "\
Examples:
  trilat audit verify node.toml
      every frame and receipt in the log of a node, whether it runs or not
  trilat log restore monday.trilat-log monday && trilat audit verify node.toml --log monday
      those in a backup
  trilat audit verify japan.trilat-audit --root 4gkt-k4gp-dskv-yghj-0jpx-vs7w-z2qw
      a file of trilat audit export, on a machine that has nothing else; the root key's name is what its owner says

Exit codes:
  0  everything is as it was signed
  1  a file could not be read
  2  the arguments are wrong
  4  the configuration cannot be used, or the file is none of an audit
  5  something was changed, is missing, or is not signed by who should have";

const EXPORT_HELP: &str = "\
Examples:
  trilat audit export node.toml --out japan.trilat-audit
      rosters, frames and receipts of all partners as one file, which trilat audit verify reads by itself
  trilat audit export node.toml --partner korea --out japan-korea.trilat-audit
      of one partner only: what is given to others is not in it

Exit codes:
  0  the file was written
  1  a file could not be read or written
  2  the arguments are wrong
  4  the configuration cannot be used";

/// Prove that a log is what was signed.
#[derive(Debug, Args)]
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
    /// Write rosters, frames and receipts to one file, for somebody who has nothing else
    Export(ExportArgs),
}

/// `trilat audit verify`.
#[derive(Debug, Args)]
#[command(after_help = VERIFY_HELP)]
pub struct VerifyArgs {
    /// The configuration of the node, which names its log, keys and rosters; or a file of trilat audit export
    #[arg(value_name = "WHAT", default_value = "node.toml")]
    pub what: PathBuf,

    /// Another log than the configuration's, such as a restored backup
    #[arg(long, value_name = "FOLDER")]
    pub log: Option<PathBuf>,

    /// The name of a root key as its owner says it; once for each owner: rosters in the file signed by another are
    /// findings
    #[arg(long, value_name = "NAME", conflicts_with = "log")]
    pub root: Vec<NodeId>,

    /// Print the result as JSON for another program
    #[arg(long)]
    pub json: bool,
}

/// `trilat audit export`.
#[derive(Debug, Args)]
#[command(after_help = EXPORT_HELP)]
pub struct ExportArgs {
    /// The configuration of the node, which names its log, keys and rosters
    #[arg(value_name = "NODE.TOML", default_value = "node.toml")]
    pub config: PathBuf,

    /// Another log than the configuration's, such as a restored backup
    #[arg(long, value_name = "FOLDER")]
    pub log: Option<PathBuf>,

    /// The frames and receipts of one partner only
    #[arg(long, value_name = "NAME")]
    pub partner: Option<String>,

    /// The file
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,

    /// Print what was written as JSON for another program
    #[arg(long)]
    pub json: bool,
}
