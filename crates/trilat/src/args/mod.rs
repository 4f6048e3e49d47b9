//! What may be written on the command line: one file for each command.

mod audit;
mod coverage;
mod demo;
mod keys;
mod log;
mod node;
mod path;
mod policy;
mod scenario;
mod score;
mod simulate;
mod study;
mod track;
mod warn;

use clap::{Parser, Subcommand};

pub use audit::{AuditArgs, AuditCommand, ExportArgs, VerifyArgs};
pub use coverage::{CoverageArgs, HEIGHTS_MAX, HeightKm};
pub use demo::{DemoArgs, When};
pub use keys::{
    Common, KeysArgs, KeysCommand, NewArgs, ReasonArg, RenewArgs, RevokeArgs, RootArgs, RotateArgs, RouterArgs,
    ShowArgs, TermsArgs, TrustArgs,
};
pub use log::{BackupArgs, LogArgs, LogCommand, RestoreArgs};
pub use node::{AskArgs, InitArgs, NodeArgs, NodeCommand, RunArgs, TokenArgs};
pub use path::PathArgs;
pub use policy::{CheckArgs, ExplainArgs, PolicyArgs, PolicyCommand, SignArgs, VersionsArgs, WithdrawArgs};
pub use scenario::ScenarioArgs;
pub use score::{Metric, ScoreArgs};
pub use simulate::{FiguresArgs, SimulateArgs};
pub use study::StudyArgs;
pub use track::{Association, TrackArgs};
pub use warn::{
    ApproveArgs, CancelArgs, CheckArgs as CheckWarnArgs, ClearArgs, DraftArgs, InitWarnArgs, PreviewArgs, ReasonOf,
    ReplayArgs, SendArgs, ShowMessageArgs, StatusArgs, UpdateArgs, WarnArgs, WarnCommand, WatchArgs,
    WithdrawMessageArgs,
};

const EXIT_CODES: &str = "\
Exit codes:
  0  a path was found for at least one object (those without one are listed)
  1  a file could not be read or written
  2  the arguments are wrong
  3  no path can be found; the reason is given for each object
  4  the input was read but cannot be used: a sensor file with an error, or no usable plot";

const EXAMPLES: &str = "\
Examples:
  trilat
      run the built-in flight and write ./trilat-report.html
  trilat path plots.csv --sensors sensors.toml --report flight.html
      fit the flight of one recording and write the report
  trilat path north.csv south.jsonl --sensors sensors.toml --json
      two recordings together, the result as JSON for another program
  trilat path plots.csv --sensors sensors.toml --until 2021-09-09T17:26:40Z --sensor wsmr-a
      what one radar alone knew at that time

";

fn after_help() -> String {
    format!("{EXAMPLES}{EXIT_CODES}")
}

/// One flight path from the radars of several owners, with honest uncertainty.
///
/// Reads the plots of one or more radars, finds the flight path of each object, past and future, and says how sure it
/// is. Without a command it runs a built-in flight seen by two simulated radars and writes a report.
///
/// It serves warning and the protection of people.
#[derive(Debug, Parser)]
#[command(name = "trilat", version, after_help = after_help(), max_term_width = 100)]
pub struct Cli {
    /// What to do; without it, the built-in flight.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run three owners' nodes on this machine, and a launch of January 2022
    Demo(DemoArgs),
    /// Find the best flight path of each object in recorded plots
    Path(PathArgs),
    /// Make all tracks of recorded plots: many objects, any order of arrival
    Track(TrackArgs),
    /// Score tracks against the truth of a simulation
    Score(ScoreArgs),
    /// Draw where radars see at chosen heights, alone and together
    Coverage(CoverageArgs),
    /// Simulate a scenario, or a flight from public figures
    Simulate(SimulateArgs),
    /// Compare what each owner knows alone with what all know together
    Study(StudyArgs),
    /// Check, explain and sign what an owner gives each partner
    Policy(PolicyArgs),
    /// Make, renew and revoke the keys of an owner, and say whose rosters are believed
    Keys(KeysArgs),
    /// Make and run one owner's node, ask it how it is, find what is wrong with it
    Node(NodeArgs),
    /// Back up and restore the log of a node
    Log(LogArgs),
    /// Prove that the log of a node is what was signed
    Audit(AuditArgs),
    /// Say what people are told of an object, in their language
    Warn(WarnArgs),
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definition_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn times_and_repeated_sensors_are_read() {
        let cli = Cli::try_parse_from([
            "trilat",
            "path",
            "a.csv",
            "b.csv",
            "--sensors",
            "s.toml",
            "--until",
            "2021-09-09T17:26:40Z",
            "--sensor",
            "x",
            "--sensor",
            "y",
        ])
        .unwrap();
        let Some(Command::Path(args)) = cli.command else {
            panic!("no path command")
        };
        assert_eq!(args.plots.len(), 2);
        assert_eq!(args.only_sensors, ["x", "y"]);
        assert_eq!(args.until.unwrap().to_string(), "2021-09-09T17:26:40.000Z");
    }
}
