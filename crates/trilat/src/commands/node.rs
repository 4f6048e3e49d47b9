//! `trilat node`.

use node::access::{self, Certificate, CertificateError, TokenError};
use node::clock::wall;
use node::config::{Config, ConfigError};
use node::doctor::{self, Level};
use node::run::Ending;
use node::{get, log, run};

use crate::args::{AskArgs, NodeArgs, NodeCommand, TokenArgs};
use crate::output::{node_status, to_json};
use crate::{Failure, terminal};

/// A node did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum NodeError {
    /// Its configuration cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// It cannot begin.
    #[error(transparent)]
    Start(#[from] run::StartError),
    /// There is no file for tokens.
    #[error("[http] names no file of tokens: tokens = \"http.tokens\"")]
    NoTokens,
    /// A token cannot be made.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// A certificate cannot be entered.
    #[error(transparent)]
    Certificate(#[from] CertificateError),
    /// Nobody answers.
    #[error(transparent)]
    Get(#[from] get::GetError),
    /// It ended with something that is not on the disk.
    #[error("the node ended, and not everything it had accepted is on the disk")]
    NotDurable,
    /// Its store failed.
    #[error("the node ended because its log failed: {0}")]
    Store(String),
    /// The doctor found something that does not work.
    #[error("{0} of the findings above keep the node from working")]
    Ill(usize),
}

impl NodeError {
    /// The exit code, as `--help` lists them.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Config(_) | Self::NoTokens | Self::Certificate(_) => 4,
            _ => 1,
        }
    }

    /// What to do next.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::NoTokens => "Name it there, and try again; docs/web-api.md says what tokens are for.",
            Self::Token(_) => "The file is as it was.",
            Self::Certificate(_) => "docs/web-api.md says how one is made; the file of tokens is as it was.",
            Self::Config(_) => "Correct the file at the place named; docs/node.md explains every key.",
            Self::Start(_) => "`trilat node doctor` looks at everything and says what to do.",
            Self::Get(_) => "Start it with `trilat node run`, or correct [http] address.",
            Self::NotDurable | Self::Store(_) => "Make room on the disk of the log, and start the node again.",
            Self::Ill(_) => "Each line says what to do.",
        }
    }
}

/// Makes the folders of nodes, runs one, asks it, or examines it.
pub fn node(args: &NodeArgs) -> Result<(), Failure> {
    match &args.command {
        NodeCommand::Run(args) => {
            let config = Config::read(&args.config).map_err(NodeError::from)?;
            log::start(config.log);
            match run::run(&config).map_err(NodeError::from)? {
                Ending::Stopped => Ok(()),
                Ending::NotDurable => Err(NodeError::NotDurable.into()),
                Ending::StoreFailed(why) => Err(NodeError::Store(why).into()),
            }
        }
        NodeCommand::Init(args) => super::init(args),
        NodeCommand::Status(args) => status(args),
        NodeCommand::Doctor(args) => examine(args),
        NodeCommand::Token(args) => token(args),
    }
}

fn token(args: &TokenArgs) -> Result<(), Failure> {
    let config = Config::read(&args.config).map_err(NodeError::from)?;
    let path = config.http.tokens.ok_or(NodeError::NoTokens)?;
    let (shown, what) = match &args.certificate {
        Some(certificate) => {
            let read = Certificate::read(certificate, wall()).map_err(NodeError::from)?;
            access::admit(&path, &args.name, args.role, &read).map_err(NodeError::from)?;
            (read.digits(), "with this certificate")
        }
        None => {
            let chance = super::seed()?;
            let made = access::make(&path, &args.name, args.role, &chance).map_err(NodeError::from)?;
            (made.token.to_string(), "with this token, which is shown once: keep it")
        }
    };
    terminal::remark(&format!(
        "{} may ask as {} {what}. To take it back, delete its line in {}.",
        args.name,
        args.role.name(),
        path.display()
    ));
    terminal::say(&format!("{shown}\n"))
}

fn status(args: &AskArgs) -> Result<(), Failure> {
    let config = Config::read(&args.config).map_err(NodeError::from)?;
    let status = get::status(&config).map_err(NodeError::from)?;
    if args.json {
        terminal::say(&json(&status)?)
    } else {
        terminal::say(&node_status::words(&status))
    }
}

fn examine(args: &AskArgs) -> Result<(), Failure> {
    let findings = doctor::examine(&args.config);
    let text: String = if args.json {
        json(&findings)?
    } else {
        findings.iter().map(|finding| format!("{finding}\n")).collect()
    };
    terminal::say(&text)?;
    match findings.iter().filter(|finding| finding.level == Level::Fail).count() {
        0 => Ok(()),
        failed => Err(NodeError::Ill(failed).into()),
    }
}

fn json(value: &impl serde::Serialize) -> Result<String, Failure> {
    to_json(value).map_err(|error| Failure::Output(error.into()))
}
