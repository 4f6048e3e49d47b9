//! `trilat policy check|explain|sign|withdraw|versions`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use geo::Time;
use share::release::{Purpose, Tier};

const CHECK_HELP: &str = "\
Examples:
  trilat policy check node.toml
      the files of a node's agreement, and what they would newly release beside its newest signed version
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
  trilat policy explain node.toml plots.csv --sensors sensors.toml --partner korea
      by the newest signed version of a node; a folder or a signed version can be named too
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
  trilat policy sign node.toml --next
      the files of a node's agreement as its next version, dated now, in force at once: a node that runs takes it
  trilat policy sign node.toml --next --from 2026-03-01T00:00:00Z --key /media/safe/owner.key
      in force from an instant on, signed with a root key that is kept elsewhere
  trilat policy sign agreement/ --key japan-root.pem --out japan-1.policy
      the first version of a folder, on another machine
  trilat policy sign agreement/ --key japan-root.pem --previous japan-1.policy --out japan-2.policy
      the one after it: its number is one more, and it names the one before by its hash

Exit codes:
  0  the version is signed
  1  a file could not be read or written
  2  the arguments are wrong
  4  the files cannot be used, or are not the next version";

const WITHDRAW_HELP: &str = "\
Examples:
  trilat policy withdraw node.toml --partner korea
      korea is given nothing any more, from now on, live or from the log
  trilat policy withdraw node.toml --sensor north
      what the sensor north measures is given to nobody any more
  trilat policy withdraw node.toml --partner usa --sensor north --tier coarse
      usa is given no coarse and no full plots of north any more; tracks and warnings as before
  trilat policy withdraw node.toml --all --from 2026-03-01T12:00:00Z --key /media/safe/owner.key
      nobody is given anything from an instant on; signed with the root key

The rules stay as they are: the withdrawal is one signed version more. It is signed with the node's own key unless
--key names another. To give again what was withdrawn, change the files and sign them: trilat policy sign.

Exit codes:
  0  the version is signed, and taken by the node if it runs
  1  a file could not be read or written, or the node that runs did not take it
  2  the arguments are wrong
  4  the configuration or the versions cannot be used, or there is nobody and nothing of that name";

const VERSIONS_HELP: &str = "\
Examples:
  trilat policy versions node.toml
      every signed version of a node's agreement: which one holds, which will, which file is refused and why
  trilat policy versions node.toml --json
      the same, for another program

Exit codes:
  0  every file is a version
  1  a file could not be read
  2  the arguments are wrong
  4  a file is refused, or the configuration cannot be used";

/// Check, explain, sign and withdraw what an owner gives each partner.
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
    /// Take something back, at once or from an instant on, by one signed version more
    Withdraw(WithdrawArgs),
    /// List the signed versions of a node's agreement, and which of them holds
    Versions(VersionsArgs),
}

impl PolicyArgs {
    /// Whether the result is for a program.
    pub fn is_json(&self) -> bool {
        match &self.command {
            PolicyCommand::Check(args) => args.json,
            PolicyCommand::Explain(args) => args.json,
            PolicyCommand::Sign(args) => args.json,
            PolicyCommand::Withdraw(args) => args.json,
            PolicyCommand::Versions(args) => args.json,
        }
    }
}

/// What is checked, and against what.
#[derive(Debug, Args)]
#[command(after_help = CHECK_HELP)]
pub struct CheckArgs {
    /// A folder with agreement.toml, .cedar files, and areas.toml if rules name areas; a signed version; or node.toml
    #[arg(value_name = "WHAT")]
    pub what: PathBuf,

    /// The version before: what would newly be released is listed [default for node.toml: its newest signed version]
    #[arg(long, value_name = "OLD")]
    pub against: Option<PathBuf>,

    /// Print what was found as JSON instead of text
    #[arg(long)]
    pub json: bool,
}

/// Which plots, for whom, when.
#[derive(Debug, Args)]
#[command(after_help = EXPLAIN_HELP)]
pub struct ExplainArgs {
    /// A folder with agreement.toml, .cedar files, and areas.toml if rules name areas; a signed version; or node.toml,
    /// for its newest signed version
    #[arg(value_name = "WHAT")]
    pub what: PathBuf,

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
    /// The folder with agreement.toml, the .cedar files, and areas.toml if rules name areas; or node.toml
    #[arg(value_name = "WHAT")]
    pub what: PathBuf,

    /// The private key of the owner or of its node (PKCS#8 PEM) [default for node.toml: its keys/owner.key]
    #[arg(long, value_name = "KEY.pem")]
    pub key: Option<PathBuf>,

    /// Write version, dated and from into agreement.toml: one more than before, now, and now or --from
    #[arg(long)]
    pub next: bool,

    /// From when it holds [default: now]
    #[arg(long, value_name = "TIME", requires = "next")]
    pub from: Option<Time>,

    /// The signed version before [default: the newest in signed/ of the folder; without any, this is the first]
    #[arg(long, value_name = "OLD.policy")]
    pub previous: Option<PathBuf>,

    /// The public key of whoever signed the version before, if it was not this key (hexadecimal, 64 digits)
    #[arg(long, value_name = "HEX")]
    pub previous_key: Option<String>,

    /// Where the signed version goes [default: its number in signed/ of the folder]
    #[arg(long, value_name = "NEW.policy")]
    pub out: Option<PathBuf>,

    /// Print what was signed as JSON instead of text
    #[arg(long)]
    pub json: bool,
}

/// What is taken back, and from when on.
#[derive(Debug, Args)]
#[command(after_help = WITHDRAW_HELP)]
#[group(skip)]
#[command(group = clap::ArgGroup::new("described").required(true).multiple(true))]
pub struct WithdrawArgs {
    /// The configuration of the node
    #[arg(value_name = "NODE.TOML", default_value = "node.toml")]
    pub config: PathBuf,

    /// From whom [default: from all partners]
    #[arg(long, value_name = "NAME", group = "described")]
    pub partner: Option<String>,

    /// What which sensor measures [default: of all sensors]
    #[arg(long, value_name = "NAME", group = "described")]
    pub sensor: Option<String>,

    /// Which tier, and all that is more: warning, track, coarse or plot [default: everything]
    #[arg(long, value_name = "TIER", value_parser = tier, group = "described")]
    pub tier: Option<Tier>,

    /// Everything, from everybody
    #[arg(long, group = "described", conflicts_with_all = ["partner", "sensor", "tier"])]
    pub all: bool,

    /// From when on [default: now, by the node's clock]
    #[arg(long, value_name = "TIME")]
    pub from: Option<Time>,

    /// The private key of the owner or of its node (PKCS#8 PEM) [default: the node's]
    #[arg(long, value_name = "KEY.pem")]
    pub key: Option<PathBuf>,

    /// Print what was signed as JSON instead of text
    #[arg(long)]
    pub json: bool,
}

/// Whose versions.
#[derive(Debug, Args)]
#[command(after_help = VERSIONS_HELP)]
pub struct VersionsArgs {
    /// The configuration of the node
    #[arg(value_name = "NODE.TOML", default_value = "node.toml")]
    pub config: PathBuf,

    /// Print them as JSON instead of text
    #[arg(long)]
    pub json: bool,
}

/// A word is no tier.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the tiers are warning, track, coarse and plot")]
pub struct NoTier;

fn tier(text: &str) -> Result<Tier, NoTier> {
    Tier::SOME.into_iter().find(|tier| tier.name() == text).ok_or(NoTier)
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
