//! `trilat warn draft|update|approve|withdraw|cancel|all-clear|show`: what is about one warning or message.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use geo::Time;

use super::EXIT_CODES;

/// `trilat warn draft`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  trilat warn draft centre tracks.csv --by ito
      of the object with the earliest arrival; the warning's name is printed
  trilat warn draft centre tracks.csv --by ito --track 1f3a --name W7
      of one object, under a name of your own

The exit codes are those of `trilat warn --help`.")]
pub struct DraftArgs {
    /// The folder of warnings
    #[arg(value_name = "FOLDER")]
    pub folder: PathBuf,

    /// Tracks with their forecasts, as `trilat track --out` writes them (.csv, .parquet)
    #[arg(value_name = "TRACKS")]
    pub tracks: PathBuf,

    /// Who writes it
    #[arg(long, value_name = "PERSON")]
    pub by: String,

    /// Of which track; a beginning of its name is enough [default: the one with the earliest arrival]
    #[arg(long, value_name = "NAME")]
    pub track: Option<String>,

    /// The name of the warning: letters, digits, hyphens [default: of time and track]
    #[arg(long, value_name = "WARNING")]
    pub name: Option<String>,

    /// All of this warning is an exercise, in a folder of warnings in earnest
    #[arg(long)]
    pub exercise: bool,

    /// The time of the exercise's clock (UTC); only in an exercise
    #[arg(long, value_name = "TIME")]
    pub at: Option<Time>,

    /// Print the result as JSON
    #[arg(long)]
    pub json: bool,
}

/// `trilat warn update`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub struct UpdateArgs {
    /// The folder of warnings
    #[arg(value_name = "FOLDER")]
    pub folder: PathBuf,

    /// The warning
    pub warning: String,

    /// Newer tracks, as `trilat track --out` writes them (.csv, .parquet)
    #[arg(value_name = "TRACKS")]
    pub tracks: PathBuf,

    /// Who writes it
    #[arg(long, value_name = "PERSON")]
    pub by: String,

    /// Of which track [default: the one that the warning is about]
    #[arg(long, value_name = "NAME")]
    pub track: Option<String>,

    /// The time of the exercise's clock (UTC); only in an exercise
    #[arg(long, value_name = "TIME")]
    pub at: Option<Time>,

    /// Print the result as JSON
    #[arg(long)]
    pub json: bool,
}

/// `trilat warn approve`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  trilat warn approve centre W20221003T2228-1f3a.1 --by kim
      the message that kim has read; if somebody has written another meanwhile, or withdrawn it, that is said instead
  trilat warn approve centre W20221003T2228-1f3a.1 --by kim --hold
      approved, and sent by `trilat warn send` or `trilat warn watch`

The exit codes are those of `trilat warn --help`.")]
pub struct ApproveArgs {
    /// The folder of warnings
    #[arg(value_name = "FOLDER")]
    pub folder: PathBuf,

    /// The message, WARNING.NUMBER
    pub message: String,

    /// Who approves
    #[arg(long, value_name = "PERSON")]
    pub by: String,

    /// Do not send it now
    #[arg(long)]
    pub hold: bool,

    /// The time of the exercise's clock (UTC); only in an exercise
    #[arg(long, value_name = "TIME")]
    pub at: Option<Time>,

    /// Print the result as JSON
    #[arg(long)]
    pub json: bool,
}

/// `trilat warn withdraw`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub struct WithdrawMessageArgs {
    /// The folder of warnings
    #[arg(value_name = "FOLDER")]
    pub folder: PathBuf,

    /// The message, WARNING.NUMBER
    pub message: String,

    /// Who withdraws it
    #[arg(long, value_name = "PERSON")]
    pub by: String,

    /// The time of the exercise's clock (UTC); only in an exercise
    #[arg(long, value_name = "TIME")]
    pub at: Option<Time>,

    /// Print the result as JSON
    #[arg(long)]
    pub json: bool,
}

/// Why a warning is taken back.
#[derive(Copy, Clone, Debug, PartialEq, Eq, ValueEnum)]
pub enum ReasonOf {
    /// New measurements: the places are in no danger
    NoThreat,
    /// It was sent in error
    Error,
}

/// `trilat warn cancel`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  trilat warn cancel centre W20221003T2228-1f3a --reason error --by ito
      writes the message; it is sent once it is approved, wherever the warning may be

The exit codes are those of `trilat warn --help`.")]
pub struct CancelArgs {
    /// The folder of warnings
    #[arg(value_name = "FOLDER")]
    pub folder: PathBuf,

    /// The warning
    pub warning: String,

    /// Why
    #[arg(long, value_enum, value_name = "REASON")]
    pub reason: ReasonOf,

    /// Who writes it
    #[arg(long, value_name = "PERSON")]
    pub by: String,

    /// The time of the exercise's clock (UTC); only in an exercise
    #[arg(long, value_name = "TIME")]
    pub at: Option<Time>,

    /// Print the result as JSON
    #[arg(long)]
    pub json: bool,
}

/// `trilat warn all-clear`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub struct ClearArgs {
    /// The folder of warnings
    #[arg(value_name = "FOLDER")]
    pub folder: PathBuf,

    /// The warning
    pub warning: String,

    /// Who writes it
    #[arg(long, value_name = "PERSON")]
    pub by: String,

    /// The time of the exercise's clock (UTC); only in an exercise
    #[arg(long, value_name = "TIME")]
    pub at: Option<Time>,

    /// Print the result as JSON
    #[arg(long)]
    pub json: bool,
}

/// `trilat warn show`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  trilat warn show centre W20221003T2228-1f3a.1
      its words in all languages: those of the draft, or those that were sent
  trilat warn show centre W20221003T2228-1f3a.1 --cap
      the CAP message itself

The exit codes are those of `trilat warn --help`.")]
pub struct ShowMessageArgs {
    /// The folder of warnings
    #[arg(value_name = "FOLDER")]
    pub folder: PathBuf,

    /// The message, WARNING.NUMBER
    pub message: String,

    /// In this language only; give it again for more than one [default: all]
    #[arg(long = "language", value_name = "TAG")]
    pub languages: Vec<String>,

    /// The CAP message (XML)
    #[arg(long, conflicts_with = "json")]
    pub cap: bool,

    /// The time of the exercise's clock (UTC); only in an exercise
    #[arg(long, value_name = "TIME")]
    pub at: Option<Time>,

    /// Print the result as JSON
    #[arg(long)]
    pub json: bool,
}
