//! `trilat warn draft|update|approve|withdraw|cancel|all-clear|show`.

use std::path::Path;
use std::sync::Arc;

use geo::Time;
use node::warnings::{Clock, Office};
use warn::clean;
use warn::life::{Command, Desk, Event, Kind, Outcome, Reason, Step};

use super::preview::{Chosen, rows};
use super::{WarnError, desk, folder};
use crate::args::{
    ApproveArgs, CancelArgs, ClearArgs, DraftArgs, ReasonOf, ShowMessageArgs, UpdateArgs, WithdrawMessageArgs,
};
use crate::{Failure, terminal};

/// Writes the first message of a warning.
pub fn draft(args: &DraftArgs) -> Result<(), Failure> {
    let office = desk::open(&args.folder)?;
    let clock = desk::clock(&office, args.at)?;
    let now = clock.now();
    let chosen = chosen(&args.tracks, args.track.as_deref(), now)?;
    let facts = chosen.facts(office.map())?;
    let name = match &args.name {
        Some(name) => name.clone(),
        None => chosen.sighting.name(),
    };
    let going_on = |desk: &Desk| {
        let mut others = desk.of_object(&facts.object).filter(|own| own.goes_on());
        others.find(|own| own.name != name).map(|own| own.name.clone())
    };
    if let Some(other) = office.look(going_on).map_err(WarnError::from)? {
        let object = facts.object.clone();
        return Err(WarnError::Begun { object, warning: other }.into());
    }
    let command = Command::Draft {
        warning: name.clone(),
        kind: Kind::Alert,
        facts: Some(Box::new(facts)),
        first: Some(office.settings().first(args.exercise)),
        in_view: None,
        by: args.by.clone(),
    };
    written(&office, command, &clock, &name, &args.folder, args.json)
}

fn chosen(tracks: &Path, track: Option<&str>, now: Time) -> Result<Chosen, Failure> {
    let rows = rows(tracks)?;
    Ok(Chosen::new(&rows, tracks.display().to_string(), track, Some(now))?)
}

/// Writes a later message.
pub fn update(args: &UpdateArgs) -> Result<(), Failure> {
    let office = desk::open(&args.folder)?;
    let clock = desk::clock(&office, args.at)?;
    let told = office
        .look(|desk| Some(desk.warning(&args.warning)?.messages.last()?.facts.object.clone()))
        .map_err(WarnError::from)?;
    let object = args.track.clone().or(told);
    let object = object.ok_or_else(|| WarnError::Message(clean(&args.warning, 80)))?;
    let chosen = chosen(&args.tracks, Some(&object), clock.now())?;
    let command = Command::Draft {
        warning: args.warning.clone(),
        kind: Kind::Update,
        facts: Some(Box::new(chosen.facts(office.map())?)),
        first: None,
        in_view: None,
        by: args.by.clone(),
    };
    written(&office, command, &clock, &args.warning, &args.folder, args.json)
}

/// Writes that a warning is taken back.
pub fn cancel(args: &CancelArgs) -> Result<(), Failure> {
    let reason = match args.reason {
        ReasonOf::NoThreat => Reason::NoThreat,
        ReasonOf::Error => Reason::Error,
    };
    let (office, clock) = (desk::open(&args.folder)?, args.at);
    let clock = desk::clock(&office, clock)?;
    let command = end(&args.warning, Kind::Cancel(reason), &args.by);
    written(&office, command, &clock, &args.warning, &args.folder, args.json)
}

/// Writes that a warning is over.
pub fn all_clear(args: &ClearArgs) -> Result<(), Failure> {
    let office = desk::open(&args.folder)?;
    let clock = desk::clock(&office, args.at)?;
    let command = end(&args.warning, Kind::AllClear, &args.by);
    written(&office, command, &clock, &args.warning, &args.folder, args.json)
}

fn end(warning: &str, kind: Kind, by: &str) -> Command {
    Command::Draft {
        warning: warning.to_owned(),
        kind,
        facts: None,
        first: None,
        in_view: None,
        by: by.to_owned(),
    }
}

/// Writes a draft and shows it.
fn written(
    office: &Arc<Office>,
    command: Command,
    clock: &Clock,
    warning: &str,
    folder: &Path,
    is_json: bool,
) -> Result<(), Failure> {
    let entries = desk::act(office, command, clock)?;
    let number = entries.iter().find_map(|entry| match &entry.event {
        Event::Drafted { number, .. } => Some(*number),
        _ => None,
    });
    let shown = desk::message(office, warning, number.unwrap_or(1), clock.now())?;
    let json = || shown.to_json().map_err(|error| Failure::Output(error.into()));
    let next = format!(
        "\nNothing is sent before it is approved:\n  trilat warn approve {} {} --by PERSON\n",
        folder.display(),
        shown.message
    );
    terminal::say(&if is_json { json()? } else { shown.to_text() + &next })
}

/// Approves a message, and sends it with the last approval.
pub fn approve(args: &ApproveArgs) -> Result<(), Failure> {
    let office = desk::open(&args.folder)?;
    let clock = desk::clock(&office, args.at)?;
    let (warning, number) = desk::parts(&args.message)?;
    let command = Command::Approve {
        warning: warning.clone(),
        number,
        by: args.by.clone(),
    };
    let entries = desk::act(&office, command, &clock)?;
    let is_released = entries
        .iter()
        .any(|entry| matches!(entry.event, Event::Released { .. }));
    let after = match (is_released, args.hold) {
        (false, _) => "Another person has to approve it before it is sent.\n".to_owned(),
        (true, true) => format!("Not sent yet: trilat warn send {}\n", args.folder.display()),
        (true, false) => String::new(),
    };
    if !is_released || args.hold {
        return desk::print(&entries, args.json, &after);
    }
    folder::hand_over(&office, &clock, &entries, args.json)
}

/// Withdraws a message.
pub fn withdraw(args: &WithdrawMessageArgs) -> Result<(), Failure> {
    let office = desk::open(&args.folder)?;
    let clock = desk::clock(&office, args.at)?;
    let (warning, number) = desk::parts(&args.message)?;
    let by = args.by.clone();
    let entries = desk::act(&office, Command::Withdraw { warning, number, by }, &clock)?;
    desk::print(&entries, args.json, "")
}

/// Shows a message.
pub fn show(args: &ShowMessageArgs) -> Result<(), Failure> {
    let office = desk::open(&args.folder)?;
    let clock = desk::clock(&office, args.at)?;
    let (warning, number) = desk::parts(&args.message)?;
    let mut shown = desk::message(&office, &warning, number, clock.now())?;
    shown
        .keep_languages(&args.languages)
        .map_err(|known| WarnError::Spoken {
            message: args.message.clone(),
            known,
        })?;
    terminal::say(&match (args.cap, args.json) {
        (true, _) => shown.cap.clone(),
        (false, true) => shown.to_json().map_err(|error| Failure::Output(error.into()))?,
        (false, false) => shown.to_text(),
    })
}

/// Which messages are released, the newest of their warnings, and not certainly with every channel.
pub fn missing(desk: &Desk) -> Vec<String> {
    let mut found = Vec::new();
    for own in desk.warnings() {
        let Some(newest) = own.released().next_back() else {
            continue;
        };
        for (channel, delivery) in &newest.deliveries {
            let is_due = desk
                .pending()
                .iter()
                .any(|due| due.warning.name == own.name && due.channel.name == *channel);
            let is_open = matches!(delivery.step, Step::Handing | Step::Ended(Outcome::Unknown));
            if is_due || is_open {
                found.push(format!(
                    "{} by {channel} ({})",
                    own.identifier(newest.number),
                    delivery.word()
                ));
            }
        }
    }
    found
}
