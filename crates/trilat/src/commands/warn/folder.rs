//! `trilat warn init|check|send|status`.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::sync::Arc;

use node::warnings::{Clock, FILE, Office, OfficeError, SettingsError, TEMPLATE, examine, send};
use warn::life::{Command, Entry, Outcome};

use super::message::missing;
use super::{WarnError, desk};
use crate::args::{CheckWarnArgs, InitWarnArgs, SendArgs, StatusArgs};
use crate::output::{CheckedOutput, EntryOutput, NewsOutput, SentOutput, WarningsOutput};
use crate::{Failure, terminal};

/// Makes a folder with a `warn.toml` to change.
pub fn init(args: &InitWarnArgs) -> Result<(), Failure> {
    let path = args.folder.join(FILE);
    let write = || -> io::Result<()> {
        std::fs::create_dir_all(&args.folder)?;
        let mut file = OpenOptions::new().write(true).create_new(true).open(&path)?;
        file.write_all(TEMPLATE.as_bytes())?;
        file.sync_all()
    };
    match write() {
        Ok(()) => {}
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            return Err(WarnError::There(path).into());
        }
        Err(source) => return Err(Failure::Write { path, source }),
    }
    let (path, folder) = (path.display(), args.folder.display());
    terminal::say(&format!(
        "{path}: an exercise with one channel, a folder of files. Change it, then: trilat warn check {folder}\n"
    ))
}

/// Looks at everything that a folder needs.
pub fn check(args: &CheckWarnArgs) -> Result<(), Failure> {
    let mut found = Vec::new();
    let mut note = |what: &str, is_good: bool, words: String| {
        found.push(CheckedOutput {
            what: what.to_owned(),
            is_good,
            words,
        });
    };
    match Office::open(&args.folder) {
        Err(error) => {
            let what = match &error {
                OfficeError::Settings(SettingsError::Read { .. }) => return Err(WarnError::from(error).into()),
                OfficeError::Settings(_) => "settings",
                OfficeError::Material(_) => "map or sentences",
                _ => "journal",
            };
            error
                .to_string()
                .lines()
                .for_each(|line| note(what, false, line.to_owned()));
        }
        Ok(office) => {
            let settings = office.settings();
            let kind = if settings.is_exercise {
                "an EXERCISE"
            } else {
                "in earnest"
            };
            let persons = match settings.policy.approvals {
                1 => "one person approves",
                _ => "two persons approve",
            };
            note("settings", true, format!("{}, {kind}, {persons}", settings.sender.id()));
            let languages: Vec<&str> = office.press().catalogues.iter().map(|one| one.language()).collect();
            note("sentences", true, languages.join(", "));
            note("map", true, format!("{} places", office.map().places.len()));
            office
                .refused()
                .iter()
                .for_each(|one| note("map", false, one.to_string()));
            for channel in &settings.channels {
                let what = format!("channel {} ({})", channel.name, channel.way.word());
                match examine(&channel.way) {
                    Ok(words) => note(&what, true, words),
                    Err(words) => note(&what, false, words),
                }
            }
            let count = office.look(|desk| desk.warnings().count()).map_err(WarnError::from)?;
            note("journal", true, format!("{count} warnings"));
        }
    }
    let bad = found.iter().filter(|one| !one.is_good).count();
    let text = match args.json {
        true => crate::output::to_json(&found).map_err(|error| Failure::Output(error.into()))?,
        false => found.iter().map(|one| format!("{one}\n")).collect(),
    };
    terminal::say(&text)?;
    match bad {
        0 => Ok(()),
        bad => Err(WarnError::Unfit(bad).into()),
    }
}

/// Hands over what is due, or says what a person knows of it.
pub fn send_due(args: &SendArgs) -> Result<(), Failure> {
    let office = desk::open(&args.folder)?;
    let clock = desk::clock(&office, args.at)?;
    let by = args.by.clone().unwrap_or_default();
    let channel = args.channel.clone().unwrap_or_default();
    let mut entries = Vec::new();
    if let Some(message) = &args.again {
        let (warning, number) = desk::parts(message)?;
        entries = desk::act(
            &office,
            Command::Again {
                warning,
                number,
                channel,
                by,
            },
            &clock,
        )?;
    } else if let Some(message) = &args.arrived {
        let (warning, number) = desk::parts(message)?;
        let report = Command::Report {
            warning,
            number,
            channel,
            outcome: Outcome::Delivered,
            answer: format!("found there by {by}"),
        };
        entries = desk::act(&office, report, &clock)?;
    }
    hand_over(&office, &clock, &entries, args.json)
}

/// Hands over everything that is due and prints what came of it, after what was written down before.
pub fn hand_over(office: &Arc<Office>, clock: &Clock, entries: &[Entry], is_json: bool) -> Result<(), Failure> {
    let news = send(office, clock).map_err(WarnError::from)?;
    let missing = office.look(missing).map_err(WarnError::from)?;
    let output = SentOutput {
        entries: entries.iter().map(EntryOutput::new).collect(),
        sent: news.iter().map(NewsOutput::new).collect(),
        missing: missing.clone(),
    };
    terminal::say(&match is_json {
        true => crate::output::to_json(&output).map_err(|error| Failure::Output(error.into()))?,
        false => output.to_text(),
    })?;
    match missing.is_empty() {
        true => Ok(()),
        false => Err(WarnError::NotAll(missing).into()),
    }
}

/// Says how every warning is.
pub fn status(args: &StatusArgs) -> Result<(), Failure> {
    let office = desk::open(&args.folder)?;
    if args.journal {
        let entries = office.entries(&mut 0).map_err(WarnError::from)?;
        return desk::print(&entries, args.json, "");
    }
    let output = office
        .look(|desk| WarningsOutput::new(&office, desk))
        .map_err(WarnError::from)?;
    terminal::say(&match args.json {
        true => crate::output::to_json(&output).map_err(|error| Failure::Output(error.into()))?,
        false => output.to_text(),
    })
}
