//! `trilat audit`.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

use node::audit::Log;
use node::clock::wall;
use node::config::{Config, ConfigError};
use node::keyring::{Keyring, KeyringError};
use serde::Serialize;
use share::audit::portable::{self, PortableError};
use share::audit::{Audited, TrailVerdict};

use crate::args::{AuditArgs, AuditCommand, ExportArgs, VerifyArgs};
use crate::output::to_json;
use crate::words::count;
use crate::{Failure, files, terminal};

/// A log cannot be audited, or is not what was signed.
#[derive(Debug, thiserror::Error)]
pub enum AuditError {
    /// The configuration cannot be used.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Keys or rosters cannot be read.
    #[error(transparent)]
    Keyring(#[from] KeyringError),
    /// The log cannot be read.
    #[error(transparent)]
    Log(#[from] node::audit::AuditError),
    /// The file is none of an audit.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// Why.
        source: PortableError,
    },
    /// Nobody of that name is a partner.
    #[error("no partner {name:?} (--partner): there are {}", known.join(", "))]
    Partner {
        /// The name.
        name: String,
        /// Those there are.
        known: Vec<String>,
    },
    /// Something is not as it was signed.
    #[error("the log is not what was signed: {0} findings")]
    Found(u64),
}

impl AuditError {
    /// The exit code, as `--help` lists them.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Partner { .. } => 2,
            Self::Config(_) | Self::File { .. } => 4,
            Self::Found(_) => 5,
            Self::Keyring(_) | Self::Log(_) => 1,
        }
    }

    /// What to do next.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Config(_) => "Correct the file at the place named; docs/node.md explains every key.",
            Self::Keyring(_) => "Put the rosters in the folder that [node] identity names.",
            Self::Log(node::audit::AuditError::Open(_)) => "Name the folder of a log, with --log or in node.toml.",
            Self::Log(node::audit::AuditError::Ask(_)) => "Ask again when the node is ready, or stop it.",
            Self::Log(_) => "Keep the disk as it is, and audit the newest backup: trilat log restore.",
            Self::File { .. } => "Name a node.toml, or a file of trilat audit export.",
            Self::Partner { .. } => "Use a name of a roster, written the same way.",
            Self::Found(_) => "Keep the log as it is; the partner's own log and the backups show what stood there.",
        }
    }
}

/// What is printed of a file for outsiders.
#[derive(Debug, Serialize)]
struct FileOutput<'a> {
    owner: &'a str,
    made: &'a str,
    /// The owner and the name of the root key of each roster: compare it with what the owner says.
    roots: Vec<(String, String)>,
    /// What is wrong with the file as a whole; the first names the first octet that was changed.
    faults: Vec<String>,
    logs: Vec<LogOutput<'a>>,
}

/// What is printed of a log on disk.
#[derive(Debug, Serialize)]
struct WholeOutput<'a> {
    owner: &'a str,
    /// What was refused, alarms, changes of rules.
    audit: TrailOutput,
    logs: Vec<LogOutput<'a>>,
}

/// What is printed of the audit.
#[derive(Debug, Serialize)]
struct TrailOutput {
    entries: u64,
    /// From before entries had numbers.
    earlier: u64,
    /// The number of the last entry and its hash: noted elsewhere, they show whether it was written anew.
    last: Option<(u64, String)>,
    findings: Vec<String>,
    more_findings: u64,
}

impl From<&TrailVerdict> for TrailOutput {
    fn from(verdict: &TrailVerdict) -> Self {
        Self {
            entries: verdict.entries,
            earlier: verdict.earlier,
            last: verdict.last.map(|(number, hash)| (number, hash.to_string())),
            findings: verdict.findings.iter().map(ToString::to_string).collect(),
            more_findings: verdict.more,
        }
    }
}

impl TrailOutput {
    fn count(&self) -> u64 {
        self.findings.len() as u64 + self.more_findings
    }

    fn words(&self) -> String {
        let mut text = format!("audit: {} entries as they were written", whole(self.entries));
        if self.earlier > 0 {
            text += &format!(", and {} from before they had numbers", whole(self.earlier));
        }
        if let Some((number, hash)) = &self.last {
            text += &format!("; entry {number} is {hash}");
        }
        text.push('\n');
        text.extend(self.findings.iter().map(|finding| format!("  {finding}\n")));
        text + &and_more(self.more_findings)
    }
}

fn whole(number: u64) -> String {
    count(usize::try_from(number).unwrap_or(usize::MAX))
}

fn and_more(findings: u64) -> String {
    match findings {
        0 => String::new(),
        more => format!("  and {} more\n", whole(more)),
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
        text + &and_more(self.more_findings)
    }
}

/// Runs `trilat audit`.
pub fn audit(args: &AuditArgs) -> Result<(), Failure> {
    match &args.command {
        AuditCommand::Verify(args) if args.what.extension() == Some(OsStr::new("toml")) => verify_log(args),
        AuditCommand::Verify(args) => verify_file(args),
        AuditCommand::Export(args) => export(args),
    }
}

fn verify_log(args: &VerifyArgs) -> Result<(), Failure> {
    let (config, keyring) = home(&args.what)?;
    let log = open(&config, args.log.as_deref())?;
    let all = log.verify(&config.owner, keyring.roll()).map_err(AuditError::from)?;
    let trail = log.trail().map_err(AuditError::from)?;
    let output = WholeOutput {
        owner: &config.owner,
        audit: TrailOutput::from(&trail),
        logs: all.iter().map(LogOutput::from).collect(),
    };
    let text = if args.json {
        to_json(&output).map_err(|error| Failure::Output(error.into()))?
    } else {
        let logs: String = output.logs.iter().map(LogOutput::words).collect();
        logs + &output.audit.words()
    };
    terminal::say(&text)?;
    found(output.audit.count() + count_of(&output.logs))
}

fn verify_file(args: &VerifyArgs) -> Result<(), Failure> {
    let path = args.what.clone();
    let octets = std::fs::read(&path).map_err(|source| Failure::Read {
        path: path.clone(),
        source,
    })?;
    let report = portable::verify(&octets).map_err(|source| AuditError::File { path, source })?;
    let mut faults: Vec<String> = report.faults.iter().map(ToString::to_string).collect();
    for (owner, version, root) in &report.rosters {
        if !args.root.is_empty() && !args.root.contains(root) {
            faults.push(format!(
                "roster of {owner}, version {version}: signed by {root}, which no --root names"
            ));
        }
    }
    let output = FileOutput {
        owner: &report.owner,
        made: &report.made,
        roots: report
            .rosters
            .iter()
            .map(|(owner, _, root)| (owner.to_string(), root.to_string()))
            .collect(),
        faults,
        logs: report.audited.iter().map(LogOutput::from).collect(),
    };
    let text = if args.json {
        to_json(&output).map_err(|error| Failure::Output(error.into()))?
    } else {
        let faults: String = output.faults.iter().map(|fault| format!("  {fault}\n")).collect();
        let logs: String = output.logs.iter().map(LogOutput::words).collect();
        format!(
            "the log of {}, as of {}\n{}{faults}{logs}",
            output.owner,
            output.made,
            report.roots()
        )
    };
    terminal::say(&text)?;
    found(output.faults.len() as u64 + count_of(&output.logs))
}

fn export(args: &ExportArgs) -> Result<(), Failure> {
    let (config, keyring) = home(&args.config)?;
    let roll = keyring.roll();
    if let Some(name) = &args.partner
        && roll.roster(name).is_none()
    {
        let known = keyring.partners().map(ToString::to_string).collect();
        let name = name.clone();
        return Err(AuditError::Partner { name, known }.into());
    }
    let key = keyring.node_key().map_err(AuditError::from)?;
    let log = open(&config, args.log.as_deref())?;
    let octets = log.export((&config.owner, roll), &key, wall(), args.partner.as_deref());
    let octets = octets.map_err(AuditError::from)?;
    files::write(&args.out, &octets)?;
    terminal::say(&match args.json {
        true => to_json(&serde_json::json!({"file": args.out, "octets": octets.len()}))
            .map_err(|error| Failure::Output(error.into()))?,
        false => format!(
            "{} octets in {}; trilat audit verify {} needs nothing else\n",
            count(octets.len()),
            args.out.display(),
            args.out.display()
        ),
    })
}

fn home(config: &Path) -> Result<(Config, Keyring), AuditError> {
    let config = Config::read(config)?;
    let keyring = Keyring::open(&config.identity)?;
    Ok((config, keyring))
}

fn open(config: &Config, log: Option<&Path>) -> Result<Log, AuditError> {
    Ok(Log::open(log.unwrap_or(&config.store), &config.run)?)
}

fn count_of(outputs: &[LogOutput<'_>]) -> u64 {
    let of = |output: &LogOutput<'_>| output.findings.len() as u64 + output.more_findings;
    outputs.iter().map(of).sum()
}

fn found(findings: u64) -> Result<(), Failure> {
    match findings {
        0 => Ok(()),
        count => Err(AuditError::Found(count).into()),
    }
}

impl AuditArgs {
    /// Whether JSON was asked for.
    pub fn is_json(&self) -> bool {
        match &self.command {
            AuditCommand::Verify(args) => args.json,
            AuditCommand::Export(args) => args.json,
        }
    }
}
