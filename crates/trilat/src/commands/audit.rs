//! `trilat audit`.

use node::audit::{self, Audited};
use node::config::{Config, ConfigError};
use node::keyring::{Keyring, KeyringError};
use node::store::{DiskStore, OpenError, StoreError, StoreOptions};
use serde::Serialize;

use crate::args::{AuditArgs, AuditCommand, VerifyArgs};
use crate::output::to_json;
use crate::words::count;
use crate::{Failure, terminal};

/// A log cannot be audited, or is not what was signed.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// The configuration cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Keys or rosters cannot be read.
    #[error(transparent)]
    Keyring(#[from] KeyringError),
    /// The log cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// An entry cannot be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Something is not as it was signed.
    #[error("the log is not what was signed: {0} findings")]
    Found(u64),
}

impl AuditError {
    /// The exit code, as `--help` lists them.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Config(_) => 4,
            Self::Found(_) => 5,
            _ => 1,
        }
    }

    /// What to do next.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Config(_) => "Correct the file at the place named; docs/node.md explains every key.",
            Self::Keyring(_) => "Put the rosters in the folder that [node] identity names.",
            Self::Open(OpenError::InUse { .. }) => {
                "Stop the node, or audit a backup: trilat log backup, then restore it and give --log."
            }
            Self::Open(_) => "Name the folder of a log, with --log or in node.toml.",
            Self::Store(_) => "Keep the disk as it is, and audit the newest backup: trilat log restore.",
            Self::Found(_) => "Keep the log as it is; the partner's own log and the backups show what stood there.",
        }
    }
}

/// What is printed of one partner, one way.
#[derive(Debug, Serialize)]
struct LogOutput<'a> {
    partner: &'a str,
    way: &'static str,
    frames: u64,
    epochs: u64,
    items: u64,
    receipts: u64,
    findings: Vec<FindingOutput>,
    more_findings: u64,
}

/// One finding.
#[derive(Debug, Serialize)]
struct FindingOutput {
    epoch: u64,
    frame: u64,
    what: String,
}

impl<'a> From<&'a Audited> for LogOutput<'a> {
    fn from(audited: &'a Audited) -> Self {
        let verdict = &audited.verdict;
        let of = |finding: &share::audit::Finding| FindingOutput {
            epoch: finding.epoch,
            frame: finding.sequence,
            what: finding.to_string(),
        };
        Self {
            partner: &audited.partner,
            way: audited.way.word(),
            frames: verdict.frames,
            epochs: verdict.epochs,
            items: verdict.items,
            receipts: verdict.receipts,
            findings: verdict.findings.iter().map(of).collect(),
            more_findings: verdict.more,
        }
    }
}

impl LogOutput<'_> {
    fn words(&self) -> String {
        let whole = |number: u64| count(usize::try_from(number).unwrap_or(usize::MAX));
        let mut text = format!(
            "{} {}: {} frames as signed, in {} epochs, with {} items; {} receipts\n",
            match self.way {
                "sent" => "to",
                _ => "from",
            },
            self.partner,
            whole(self.frames),
            whole(self.epochs),
            whole(self.items),
            whole(self.receipts),
        );
        for finding in &self.findings {
            text += &format!("  {}\n", finding.what);
        }
        if self.more_findings > 0 {
            text += &format!("  and {} more\n", whole(self.more_findings));
        }
        text
    }
}

/// Runs `trilat audit`.
pub fn audit(args: &AuditArgs) -> Result<(), Failure> {
    let AuditCommand::Verify(args) = &args.command;
    let all = verify(args)?;
    let outputs: Vec<LogOutput<'_>> = all.iter().map(LogOutput::from).collect();
    let text = if args.json {
        to_json(&outputs).map_err(|error| Failure::Output(error.into()))?
    } else {
        outputs.iter().map(LogOutput::words).collect()
    };
    terminal::say(&text)?;
    let findings: u64 = outputs
        .iter()
        .map(|output| output.findings.len() as u64 + output.more_findings)
        .sum();
    if findings > 0 {
        return Err(AuditError::Found(findings).into());
    }
    Ok(())
}

fn verify(args: &VerifyArgs) -> Result<Vec<Audited>, AuditError> {
    let config = Config::read(&args.config)?;
    let keyring = Keyring::open(&config.identity)?;
    let options = StoreOptions {
        create: false,
        ..StoreOptions::default()
    };
    let store = DiskStore::open(args.log.as_ref().unwrap_or(&config.store), options)?;
    Ok(audit::verify(&store, &config.owner, keyring.roll())?)
}

impl AuditArgs {
    /// Whether JSON was asked for.
    pub fn is_json(&self) -> bool {
        let AuditCommand::Verify(args) = &self.command;
        args.json
    }
}
