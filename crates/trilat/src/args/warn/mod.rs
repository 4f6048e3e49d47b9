//! `trilat warn`.

mod folder;
mod message;
mod preview;

use clap::{Args, Subcommand};

pub use folder::{CheckArgs, InitWarnArgs, SendArgs, StatusArgs, WatchArgs};
pub use message::{
    ApproveArgs, CancelArgs, ClearArgs, DraftArgs, ReasonOf, ShowMessageArgs, UpdateArgs, WithdrawMessageArgs,
};
pub use preview::{PreviewArgs, ReplayArgs};

const HELP: &str = "\
Examples:
  trilat track plots.csv --sensors sensors.toml --out tracks.csv
  trilat warn preview tracks.csv
      the words in all languages, the places with their probabilities and times; nothing is sent
  trilat warn init centre && trilat warn check centre
      a folder of warnings, as an exercise, with a warn.toml to change
  trilat warn draft centre tracks.csv --by ito
  trilat warn show centre W20221003T2228-1f3a.1
  trilat warn approve centre W20221003T2228-1f3a.1 --by kim
      written by one, read, approved by another; with the last approval it is sent to every channel
  trilat warn update centre W20221003T2228-1f3a tracks.csv --by ito
  trilat warn all-clear centre W20221003T2228-1f3a --by ito
      later messages, each approved in the same way, on the same channels
  trilat warn watch centre
      runs the clock: says what is overdue, lets lapse what is too late, says when the all clear is due

Exit codes:
  0  done
  1  a file could not be read or written
  2  the arguments are wrong: no such track, message, language
  3  it was refused: somebody was quicker, it is too early or too late, another person is needed; the reason is said
  4  a file was read and cannot be used: warn.toml, a map, sentences, the journal, tracks
  5  not every channel has it, or is known to have it

docs/warn.md says what is said and when, and how a warning lives.";

const EXIT_CODES: &str = "The exit codes are those of `trilat warn --help`.";

/// From a ground area to people: what they are told, in their language, and when it is over.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct WarnArgs {
    /// What to do.
    #[command(subcommand)]
    pub command: WarnCommand,
}

/// What can be done with warnings.
#[derive(Debug, Subcommand)]
pub enum WarnCommand {
    /// Show what people would be told of an object, in all languages; nothing is sent
    Preview(PreviewArgs),
    /// Hold what people would have been told of simulated flights against what happened
    Replay(ReplayArgs),
    /// Make a folder of warnings, with a warn.toml to change
    Init(InitWarnArgs),
    /// Look at everything that a folder of warnings needs: settings, map, sentences, channels, journal
    Check(CheckArgs),
    /// Write the first message of a warning; nothing is sent before it is approved
    Draft(DraftArgs),
    /// Write a later message of a warning, from newer tracks
    Update(UpdateArgs),
    /// Approve a message; with the last approval that is needed it is sent
    Approve(ApproveArgs),
    /// Do not send a message that no channel has yet
    Withdraw(WithdrawMessageArgs),
    /// Write that a warning is taken back
    Cancel(CancelArgs),
    /// Write that a warning is over, after the latest arrival
    AllClear(ClearArgs),
    /// Hand over what is approved and not with every channel yet
    Send(SendArgs),
    /// Say how every warning is, and what is waited for
    Status(StatusArgs),
    /// Show one message, in all languages
    Show(ShowMessageArgs),
    /// Run the clock: overdue, lapsed, all clear due; and hand over what is due
    Watch(WatchArgs),
}

impl WarnArgs {
    /// Whether JSON was asked for.
    pub fn is_json(&self) -> bool {
        match &self.command {
            WarnCommand::Preview(args) => args.json,
            WarnCommand::Replay(args) => args.json,
            WarnCommand::Init(_) => false,
            WarnCommand::Check(args) => args.json,
            WarnCommand::Draft(args) => args.json,
            WarnCommand::Update(args) => args.json,
            WarnCommand::Approve(args) => args.json,
            WarnCommand::Withdraw(args) => args.json,
            WarnCommand::Cancel(args) => args.json,
            WarnCommand::AllClear(args) => args.json,
            WarnCommand::Send(args) => args.json,
            WarnCommand::Status(args) => args.json,
            WarnCommand::Show(args) => args.json,
            WarnCommand::Watch(args) => args.json,
        }
    }
}
