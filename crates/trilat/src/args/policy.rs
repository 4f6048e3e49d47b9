//! `trilat policy check|explain|sign`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use geo::Time;
use share::release::Purpose;

const CHECK_HELP: &str = "\
Examples:
  trilat policy check agreement/
      whether the files can be used; contradictions, unreachable rules, tiers that nobody reaches
  trilat policy check agreement/ --against agreement-in-force/
      the same, and what the change would newly release, in words
  trilat policy check agreement/ --against agreement-in-force/ --json
      for a program: exit code 5 stops a change that releases more until somebody has read it

Exit codes:
  0  the files can be used and hold no mistake
  1  a file could not be read
  2  the arguments are wrong
  3  a rule is unreachable, or contradicts another
  4  the files cannot be used; each fault is named with file, line and rule
  5  the change would newly release something (with --against)

Other findings are remarks: they may be meant so. What the files can say stands in docs/release.md.";

const EXPLAIN_HELP: &str = "\
Examples:
  trilat policy explain agreement/ plots.csv --sensors sensors.toml --partner korea
      for each plot: how much of it korea is given, and by which rule, or what stopped it
  trilat policy explain agreement/ plots.csv --sensors sensors.toml --partner usa --at 2026-03-01T00:10:00Z
      the same at a stated time: hold-backs that have passed by then, rules that speak of age
  trilat policy explain agreement/ plots.csv --sensors sensors.toml --partner usa --phase air-breathing --json
      as if the tracker had said this phase, as JSON

Exit codes:
  0  every plot was decided
  1  a file could not be read
  2  the arguments are wrong, such as a partner that the agreement does not have
  4  the files cannot be used, or hold no usable plot";

const SIGN_HELP: &str = "\
Examples:
  trilat policy sign agreement/ --key japan-root.pem --out japan-1.policy
      sign the first version
  trilat policy sign agreement/ --key japan-root.pem --previous japan-1.policy --out japan-2.policy
      sign the next one: its number is one more, and it names the one before by its hash

Exit codes:
  0  the version is signed
  1  a file could not be read or written
  2  the arguments are wrong
  4  the files cannot be used, or are not the next version";

/// Check, explain and sign what an owner gives each partner.
#[derive(Debug, Args)]
pub struct PolicyArgs {
    /// What to do
    #[command(subcommand)]
    pub command: PolicyCommand,
}

/// What can be done with an agreement.
#[derive(Debug, Subcommand)]
pub enum PolicyCommand {
    /// Find mistakes in an agreement, and what a change would newly release
    Check(CheckArgs),
    /// Say of each plot which rule lets it out to a partner, or stops it
    Explain(ExplainArgs),
    /// Sign a version of an agreement
    Sign(SignArgs),
}

impl PolicyArgs {
    /// Whether the result is for a program.
    pub fn is_json(&self) -> bool {
        match &self.command {
            PolicyCommand::Check(args) => args.json,
            PolicyCommand::Explain(args) => args.json,
            PolicyCommand::Sign(args) => args.json,
        }
    }
}

/// What is checked, and against what.
#[derive(Debug, Args)]
#[command(after_help = CHECK_HELP)]
pub struct CheckArgs {
    /// The folder with agreement.toml, the .cedar files, and areas.toml if rules name areas
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,

    /// The version before: what would newly be released is listed
    #[arg(long, value_name = "OLD_DIR")]
    pub against: Option<PathBuf>,

    /// Print what was found as JSON instead of text
    #[arg(long)]
    pub json: bool,
}

/// Which plots, for whom, when.
#[derive(Debug, Args)]
#[command(after_help = EXPLAIN_HELP)]
pub struct ExplainArgs {
    /// The folder with agreement.toml, the .cedar files, and areas.toml if rules name areas
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,

    /// Files of plots (.csv, .jsonl, .parquet)
    #[arg(value_name = "PLOTS", required = true)]
    pub plots: Vec<PathBuf>,

    /// Where the sensors stand and how well they measure
    #[arg(long, value_name = "SENSORS.toml")]
    pub sensors: PathBuf,

    /// Whom it would be given to, as agreement.toml writes it
    #[arg(long, value_name = "NAME")]
    pub partner: String,

    /// For what: warning or protection
    #[arg(long, value_name = "WORD", default_value = "warning", value_parser = purpose)]
    pub purpose: Purpose,

    /// At what time [default: for each plot, when it was measured]
    #[arg(long, value_name = "TIME")]
    pub at: Option<Time>,

    /// As if the tracker had said this phase of all plots [default: unknown]
    #[arg(long, value_name = "PHASE", value_parser = share::policy::PHASES)]
    pub phase: Option<String>,

    /// As if all plots were of an exercise
    #[arg(long)]
    pub exercise: bool,

    /// Print the decisions as JSON instead of text
    #[arg(long)]
    pub json: bool,
}

/// What is signed, by whom, after what.
#[derive(Debug, Args)]
#[command(after_help = SIGN_HELP)]
pub struct SignArgs {
    /// The folder with agreement.toml, the .cedar files, and areas.toml if rules name areas
    #[arg(value_name = "DIR")]
    pub dir: PathBuf,

    /// The private key of the owner or of its node (PKCS#8 PEM)
    #[arg(long, value_name = "KEY.pem")]
    pub key: PathBuf,

    /// The signed version before; without it, this is the first
    #[arg(long, value_name = "OLD.policy")]
    pub previous: Option<PathBuf>,

    /// The public key of whoever signed the version before, if it was not this key (hexadecimal, 64 digits)
    #[arg(long, value_name = "HEX", requires = "previous")]
    pub previous_key: Option<String>,

    /// Where the signed version goes
    #[arg(long, value_name = "NEW.policy")]
    pub out: PathBuf,

    /// Print what was signed as JSON instead of text
    #[arg(long)]
    pub json: bool,
}

/// A word is no purpose.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the purposes are warning and protection; there is no other")]
pub struct NoPurpose;

fn purpose(text: &str) -> Result<Purpose, NoPurpose> {
    Purpose::ALL
        .into_iter()
        .find(|purpose| purpose.name() == text)
        .ok_or(NoPurpose)
}
