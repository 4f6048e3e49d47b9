//! `trilat warn init|check|send|status|watch`: what is about a folder of warnings as a whole.

use std::path::PathBuf;

use clap::Args;
use geo::Time;

use super::EXIT_CODES;

/// `trilat warn init`.
#[derive(Debug, Args)]
#[command(after_help = EXIT_CODES)]
pub struct InitWarnArgs {
    /// The folder; a warn.toml that is there is not touched
    pub folder: PathBuf,
}

/// `trilat warn check`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  trilat warn check centre
  trilat warn check centre/warn.toml --json

Each line says what was looked at, and what to do where it does not work. No channel is sent anything.
The exit codes are those of `trilat warn --help`.")]
pub struct CheckArgs {
    /// The folder, or its warn.toml
    #[arg(value_name = "FOLDER")]
    pub folder: PathBuf,

    /// Print the result as JSON
    #[arg(long)]
    pub json: bool,
}

/// `trilat warn send`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  trilat warn send centre
      everything that is approved and not with every channel yet; nothing twice
  trilat warn send centre --again W20221003T2228-1f3a.1 --channel loudspeakers --by kim
      where no answer came, and a person has decided that twice is better than not at all
  trilat warn send centre --arrived W20221003T2228-1f3a.1 --channel loudspeakers --by kim
      where no answer came, and a person has looked and found it there

The exit codes are those of `trilat warn --help`.")]
pub struct SendArgs {
    /// The folder of warnings
    #[arg(value_name = "FOLDER")]
    pub folder: PathBuf,

    /// Send this message once more, though it may be there
    #[arg(
        long,
        value_name = "MESSAGE",
        requires = "channel",
        requires = "by",
        conflicts_with = "arrived"
    )]
    pub again: Option<String>,

    /// This message was found there
    #[arg(long, value_name = "MESSAGE", requires = "channel", requires = "by")]
    pub arrived: Option<String>,

    /// On which channel
    #[arg(long, value_name = "NAME")]
    pub channel: Option<String>,

    /// Who says so
    #[arg(long, value_name = "PERSON")]
    pub by: Option<String>,

    /// The time of the exercise's clock (UTC); only in an exercise
    #[arg(long, value_name = "TIME")]
    pub at: Option<Time>,

    /// Print the result as JSON
    #[arg(long)]
    pub json: bool,
}

/// `trilat warn status`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  trilat warn status centre
      each warning: what people were told, what waits for whom, what each channel has
  trilat warn status centre --journal
      all that happened: who did what, when, and what came back

The exit codes are those of `trilat warn --help`.")]
pub struct StatusArgs {
    /// The folder of warnings
    #[arg(value_name = "FOLDER")]
    pub folder: PathBuf,

    /// All that happened, in order
    #[arg(long)]
    pub journal: bool,

    /// Print the result as JSON
    #[arg(long)]
    pub json: bool,
}

/// `trilat warn watch`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  trilat warn watch centre
      until it is ended: says what is overdue, lapsed, due; hands over what is approved, and again what failed
  trilat warn watch centre --once
      one look, for a clock of your own

It approves nothing. Several may run, on the same folder, beside any other command.
The exit codes are those of `trilat warn --help`.")]
pub struct WatchArgs {
    /// The folder of warnings
    #[arg(value_name = "FOLDER")]
    pub folder: PathBuf,

    /// Look once, hand over what is due, and end
    #[arg(long)]
    pub once: bool,

    /// The time of the exercise's clock (UTC) at the start; only in an exercise
    #[arg(long, value_name = "TIME")]
    pub at: Option<Time>,

    /// Print what happens as JSON, an object a line
    #[arg(long)]
    pub json: bool,
}
