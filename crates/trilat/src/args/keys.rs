//! `trilat keys`.

use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};
use geo::Time;
use share::identity::NodeId;
use share::roster::Reason;

const AFTER_HELP: &str = "\
Examples:
  trilat keys new japan --owner japan --host radar.example.jp
      a new owner: its keys, the node's certificate, its first roster
  trilat keys show korea.roster
      who signed this roster, and what is in it, before anybody believes it
  trilat keys trust japan korea.roster --fingerprint 4gkt-k4gp-dskv-yghj-0jpx-vs7w-z2qw
      believe Korea's roster, after the name of its root key was read out by telephone
  trilat keys trust japan korea.roster
      a newer roster of a partner that is known: its signature says enough
  trilat keys renew japan
      the own roster and certificate last another 90 days
  trilat keys rotate japan --node
      a new key for the node; the old one still counts for 7 days
  trilat keys revoke japan 4gkt-k4gp-dskv-yghj-0jpx-vs7w-z2qw --reason stolen
      this key signs no more, from now on; the node gets another
  trilat keys router hub --listen quic/0.0.0.0:7447
      of a router's operator: the configuration of zenohd, and a certificate for each owner whom it trusts

docs/federation.md goes through all of it, step by step.

Exit codes:
  0  done
  1  a file could not be read or written
  2  the arguments are wrong
  3  a roster or key is not believed, or nobody compared it; nothing was changed
  4  a file was read but cannot be used";

/// Make, renew and revoke the keys of an owner, and say whose rosters are believed.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct KeysArgs {
    /// What to do
    #[command(subcommand)]
    pub command: KeysCommand,
}

/// What to do with keys.
#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// Make the folder of a new owner: keys, certificate, first roster
    New(NewArgs),
    /// Say who an owner is and who its partners are, or what is in a roster
    Show(ShowArgs),
    /// Believe a partner's roster
    Trust(TrustArgs),
    /// Make the own roster and certificate last longer, with the same keys
    Renew(RenewArgs),
    /// Replace the node's key, or the root key
    Rotate(RotateArgs),
    /// Say that a key signs no more; a node whose key it is gets another
    Revoke(RevokeArgs),
    /// Make what a router (zenohd) between owners needs, of whose operator the folder is
    Router(RouterArgs),
}

/// What every one of them takes.
#[derive(Debug, Args)]
pub struct Common {
    /// Act as if it were this time [default: this machine's clock]
    #[arg(long, value_name = "UTC")]
    pub now: Option<Time>,

    /// Print the result as JSON on standard output instead of text
    #[arg(long)]
    pub json: bool,
}

/// How long things last.
#[derive(Debug, Args)]
pub struct TermsArgs {
    /// How many days the roster and the node's certificate last
    #[arg(long, value_name = "N", default_value_t = 90, value_parser = clap::value_parser!(u32).range(1..=400))]
    pub days: u32,

    /// A name or address of the node, for its certificate; may be repeated [default: those it has]
    #[arg(long = "host", value_name = "HOST")]
    pub hosts: Vec<String>,
}

/// Where the root key is.
#[derive(Debug, Args)]
pub struct RootArgs {
    /// The owner's root key, where it is not kept in the folder
    #[arg(long, value_name = "FILE")]
    pub root_key: Option<PathBuf>,
}

/// `trilat keys new`.
#[derive(Debug, Args)]
pub struct NewArgs {
    /// The folder to make
    #[arg(value_name = "FOLDER")]
    pub folder: PathBuf,

    /// The owner's name: letters a-z and A-Z, digits, and - inside
    #[arg(long, value_name = "NAME")]
    pub owner: String,

    /// How long things last
    #[command(flatten)]
    pub terms: TermsArgs,

    /// What every command takes
    #[command(flatten)]
    pub common: Common,
}

/// `trilat keys show`.
#[derive(Debug, Args)]
pub struct ShowArgs {
    /// The folder of an owner, or a roster
    #[arg(value_name = "FOLDER|ROSTER")]
    pub what: PathBuf,

    /// What every command takes
    #[command(flatten)]
    pub common: Common,
}

/// `trilat keys trust`.
#[derive(Debug, Args)]
pub struct TrustArgs {
    /// The own folder
    #[arg(value_name = "FOLDER")]
    pub folder: PathBuf,

    /// The partner's roster
    #[arg(value_name = "ROSTER")]
    pub roster: PathBuf,

    /// The name of the partner's root key, as it was read out by telephone; needed the first time
    #[arg(long, value_name = "NAME-OF-KEY")]
    pub fingerprint: Option<NodeId>,

    /// Forget what was agreed with this partner before: its root key was lost or stolen
    #[arg(long, requires = "fingerprint")]
    pub again: bool,

    /// What every command takes
    #[command(flatten)]
    pub common: Common,
}

/// `trilat keys renew`.
#[derive(Debug, Args)]
pub struct RenewArgs {
    /// The own folder
    #[arg(value_name = "FOLDER")]
    pub folder: PathBuf,

    /// How long things last
    #[command(flatten)]
    pub terms: TermsArgs,

    /// Where the root key is
    #[command(flatten)]
    pub root: RootArgs,

    /// What every command takes
    #[command(flatten)]
    pub common: Common,
}

/// `trilat keys rotate`.
#[derive(Debug, Args)]
pub struct RotateArgs {
    /// The own folder
    #[arg(value_name = "FOLDER")]
    pub folder: PathBuf,

    /// The node's key: the old one still counts for 7 days
    #[arg(long, required_unless_present = "roots", conflicts_with = "roots")]
    pub node: bool,

    /// The root key: the old one hands over to the new one, and partners follow by its signature
    #[arg(long = "root", id = "roots")]
    pub is_root: bool,

    /// How long things last
    #[command(flatten)]
    pub terms: TermsArgs,

    /// Where the root key is
    #[command(flatten)]
    pub root: RootArgs,

    /// What every command takes
    #[command(flatten)]
    pub common: Common,
}

/// `trilat keys revoke`.
#[derive(Debug, Args)]
pub struct RevokeArgs {
    /// The own folder
    #[arg(value_name = "FOLDER")]
    pub folder: PathBuf,

    /// The name of the key, as `trilat keys show` has it
    #[arg(value_name = "NAME-OF-KEY")]
    pub key: NodeId,

    /// Why
    #[arg(long, value_name = "WHY")]
    pub reason: ReasonArg,

    /// From when on it counts no more, such as the hour of the theft [default: now]
    #[arg(long, value_name = "UTC")]
    pub from: Option<Time>,

    /// How long things last
    #[command(flatten)]
    pub terms: TermsArgs,

    /// Where the root key is
    #[command(flatten)]
    pub root: RootArgs,

    /// What every command takes
    #[command(flatten)]
    pub common: Common,
}

/// `trilat keys router`.
#[derive(Debug, Args)]
pub struct RouterArgs {
    /// The folder of the operator, which trusts those who use the router
    #[arg(value_name = "FOLDER")]
    pub folder: PathBuf,

    /// Where the router listens; may be repeated
    #[arg(long, value_name = "quic/HOST:PORT", required = true)]
    pub listen: Vec<String>,

    /// How many days the certificates of the owners' nodes last
    #[arg(long, value_name = "N", default_value_t = 90, value_parser = clap::value_parser!(u32).range(1..=400))]
    pub days: u32,

    /// Where the root key is
    #[command(flatten)]
    pub root: RootArgs,

    /// What every command takes
    #[command(flatten)]
    pub common: Common,
}

/// Why a key signs no more.
#[derive(Copy, Clone, Debug, PartialEq, Eq, ValueEnum)]
pub enum ReasonArg {
    /// Somebody else has it, or may have
    Stolen,
    /// Nobody has it any more
    Lost,
    /// Another took its place
    Replaced,
    /// The node is gone
    Retired,
}

impl From<ReasonArg> for Reason {
    fn from(reason: ReasonArg) -> Self {
        match reason {
            ReasonArg::Stolen => Self::Stolen,
            ReasonArg::Lost => Self::Lost,
            ReasonArg::Replaced => Self::Replaced,
            ReasonArg::Retired => Self::Retired,
        }
    }
}

impl KeysArgs {
    /// What every command takes.
    pub fn common(&self) -> &Common {
        match &self.command {
            KeysCommand::New(args) => &args.common,
            KeysCommand::Show(args) => &args.common,
            KeysCommand::Trust(args) => &args.common,
            KeysCommand::Renew(args) => &args.common,
            KeysCommand::Rotate(args) => &args.common,
            KeysCommand::Revoke(args) => &args.common,
            KeysCommand::Router(args) => &args.common,
        }
    }
}
