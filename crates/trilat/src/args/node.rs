//! `trilat node`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use geo::Time;
use node::access::Role;

const AFTER_HELP: &str = "\
Examples:
  trilat node init --federation demo --owners japan,korea,usa
      three owners on this machine: keys, rosters, policies, sensors, node.toml
  trilat node init --federation demo --owners JP,KR,US --sensors sensors.toml
      the same, each with its own sensors of a file
  trilat node run node.toml
      run until SIGTERM or Ctrl-C
  trilat node status node.toml
      what the running node says of itself; --json for programs
  trilat node doctor node.toml
      what would keep it from working, each line with its remedy
  trilat node token node.toml --name watch-desk --role viewer
      a token for somebody who may see the picture from another machine
  trilat node token node.toml --name kim --role releaser --certificate kim.pem
      the same for the holder of a certificate: no token is made

docs/node.md explains every key of node.toml; docs/federation.md says how three organisations do it that share no
secret.

Exit codes:
  0  it was made, or ended as it was told to; doctor: nothing fails
  1  a file could not be read or written; the node could not begin, or something that was accepted is not on the
     disk; status: no node answers;
     doctor: something fails
  2  the arguments are wrong
  4  a file was read but cannot be used: the configuration, each fault named with its line";

/// Run one owner's node: feeds in, plots to partners as the owner's rules release them, tracks live.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct NodeArgs {
    /// What to do
    #[command(subcommand)]
    pub command: NodeCommand,
}

/// What to do with a node.
#[derive(Debug, Subcommand)]
pub enum NodeCommand {
    /// Make a federation on this machine: a folder for each owner, and all know each other
    Init(InitArgs),
    /// Run it until SIGTERM or Ctrl-C
    Run(RunArgs),
    /// Say how the running node is
    Status(AskArgs),
    /// Find what would keep it from working
    Doctor(AskArgs),
    /// Let somebody ask over HTTP: make a token and print it, which is kept nowhere else, or enter a certificate
    Token(TokenArgs),
}

/// `trilat node init`.
#[derive(Debug, Args)]
pub struct InitArgs {
    /// The folder that will hold those of the owners
    #[arg(long, value_name = "FOLDER")]
    pub federation: PathBuf,

    /// The owners, by comma
    #[arg(long, value_name = "A,B,C", value_delimiter = ',', required = true)]
    pub owners: Vec<String>,

    /// The sensors of all owners; each gets its own [default: a notional radar each]
    #[arg(long, value_name = "SENSORS.toml")]
    pub sensors: Option<PathBuf>,

    /// The first port of the links; one for each pair follows
    #[arg(long, value_name = "PORT", default_value_t = 7447, value_parser = clap::value_parser!(u16).range(1..))]
    pub port: u16,

    /// How many days rosters and certificates last
    #[arg(long, value_name = "N", default_value_t = 90, value_parser = clap::value_parser!(u32).range(1..=400))]
    pub days: u32,

    /// Act as if it were this time [default: this machine's clock]
    #[arg(long, value_name = "UTC")]
    pub now: Option<Time>,

    /// Print the result as JSON on standard output instead of text
    #[arg(long)]
    pub json: bool,
}

/// `trilat node run`.
#[derive(Debug, Args)]
pub struct RunArgs {
    /// The configuration
    #[arg(value_name = "NODE.TOML", default_value = "node.toml")]
    pub config: PathBuf,
}

/// `trilat node status` and `doctor`.
#[derive(Debug, Args)]
pub struct AskArgs {
    /// The configuration
    #[arg(value_name = "NODE.TOML", default_value = "node.toml")]
    pub config: PathBuf,

    /// Print the result as JSON for another program
    #[arg(long)]
    pub json: bool,
}

/// `trilat node token`.
#[derive(Debug, Args)]
pub struct TokenArgs {
    /// The configuration, which names the file of tokens
    #[arg(value_name = "NODE.TOML", default_value = "node.toml")]
    pub config: PathBuf,

    /// Who gets it: letters, digits, '-', '_' and '.'
    #[arg(long, value_name = "NAME")]
    pub name: String,

    /// What it lets do
    #[arg(long, value_name = "ROLE", default_value = "viewer", value_parser = role)]
    pub role: Role,

    /// By what it is known instead of a token: a client certificate, in PEM; its SHA-256 is printed
    #[arg(long, value_name = "PEM")]
    pub certificate: Option<PathBuf>,
}

/// A text is no role.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected viewer, operator or releaser")]
pub struct RoleError;

fn role(text: &str) -> Result<Role, RoleError> {
    Role::of(text).ok_or(RoleError)
}

impl NodeArgs {
    /// Whether the result is printed as JSON.
    pub fn is_json(&self) -> bool {
        match &self.command {
            NodeCommand::Init(args) => args.json,
            NodeCommand::Run(_) | NodeCommand::Token(_) => false,
            NodeCommand::Status(args) | NodeCommand::Doctor(args) => args.json,
        }
    }
}
