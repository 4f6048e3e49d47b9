//! The folder of warnings: settings, map, sentences, journal, channels.

use warn::life::Desk;

use super::Finding;
use crate::config::Config;
use crate::warnings::{DutyError, OfficeError, SettingsError, examine, open};

/// What `trilat warn check` looks at, and whether it is of the node's mode. Without `[warn]` there is nothing to say.
pub(super) fn warnings(config: &Config) -> Vec<Finding> {
    let Some(warn) = &config.warn else { return Vec::new() };
    let office = match open(config, warn) {
        Ok(office) => office,
        Err(error) => return refused(&error),
    };
    let settings = office.settings();
    let kind = if settings.is_exercise {
        "an EXERCISE"
    } else {
        "in earnest"
    };
    let file = settings.file.display();
    let drafts = match warn.is_drafting {
        true => "this node writes drafts",
        false => "persons write drafts",
    };
    let approvals = match settings.policy.approvals {
        1 => "one person approves",
        _ => "two persons approve",
    };
    let mut findings = vec![Finding::ok(format!("warnings {file}: {kind}, {drafts}, {approvals}"))];
    let places = office.map().places.len();
    findings.push(match office.refused() {
        [] => Finding::ok(format!("warnings: a map of {places} places")),
        refused => {
            let (first, count) = (&refused[0], refused.len());
            let what = format!("warnings: {count} places are not on the map, and nobody there is named: {first}");
            Finding::warn(what, "correct the file of the map")
        }
    });
    for channel in &settings.channels {
        let what = format!("warnings: channel {} ({})", channel.name, channel.way.word());
        findings.push(match examine(&channel.way) {
            Ok(words) => Finding::ok(format!("{what}: {words}")),
            Err(words) => Finding::fail(format!("{what}: {words}"), format!("correct it in {file}")),
        });
    }
    findings.push(match office.look(|desk: &Desk| desk.warnings().count()) {
        Ok(count) => Finding::ok(format!("warnings: {count} in the journal")),
        Err(error) => Finding::fail(error.to_string(), JOURNAL),
    });
    if config.http.tokens.is_none() {
        let what = "warnings: without [http] tokens nobody writes or approves them in the picture";
        let remedy = "make tokens with `trilat node token`, one for each person, or use `trilat warn`";
        findings.push(Finding::warn(what, remedy));
    }
    findings
}

const JOURNAL: &str = "look after the disk; a journal that was changed by hand is put back from a copy";

/// What cannot be used, a line each.
fn refused(error: &DutyError) -> Vec<Finding> {
    let remedy = match error {
        DutyError::Absent { .. } => "make the folder, or correct the line",
        DutyError::Mode { .. } => "change one of them",
        DutyError::Office(OfficeError::Settings(SettingsError::Faults(_))) => "correct the file at the place named",
        DutyError::Office(OfficeError::Settings(_) | OfficeError::Material(_)) => "correct the file that is named",
        DutyError::Office(_) | DutyError::Thread(_) => JOURNAL,
    };
    let words = error.to_string();
    words.lines().map(|line| Finding::fail(line, remedy)).collect()
}
