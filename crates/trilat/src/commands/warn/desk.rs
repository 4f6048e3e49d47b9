//! What every command on a folder of warnings begins with.

use std::path::Path;
use std::sync::Arc;

use geo::Time;
use node::warnings::{Clock, Office, draft_of};
use warn::life::{Command, Entry};

use super::WarnError;
use crate::output::{EntryOutput, MessageOutput};
use crate::{Failure, files, terminal};

/// Opens a folder; what is not on its map is told.
pub fn open(folder: &Path) -> Result<Arc<Office>, WarnError> {
    let office = Office::open(folder)?;
    for one in office.refused().iter().take(files::REFUSALS_SHOWN_MAX) {
        terminal::remark(&format!("not on the map: {one}"));
    }
    Ok(Arc::new(office))
}

/// The wall clock, or in an exercise the clock of the exercise.
pub fn clock(office: &Office, at: Option<Time>) -> Result<Clock, WarnError> {
    match at {
        None => Ok(Clock::wall()),
        Some(at) if office.settings().is_exercise => Ok(Clock::showing(at)),
        Some(_) => Err(WarnError::Clock),
    }
}

/// The warning and the number of a message: `W7.2`.
pub fn parts(message: &str) -> Result<(String, u32), WarnError> {
    let found = message
        .rsplit_once('.')
        .and_then(|(warning, number)| Some((warning, number.parse().ok()?)));
    match found {
        Some((warning, number)) if !warning.is_empty() => Ok((warning.to_owned(), number)),
        _ => Err(WarnError::Message(warn::clean(message, 80))),
    }
}

/// Has the desk decide, and returns what was written down.
pub fn act(office: &Office, command: Command, clock: &Clock) -> Result<Vec<Entry>, WarnError> {
    Ok(office.act(command, clock.now())?)
}

/// A message as it stands now.
pub fn message(office: &Office, warning: &str, number: u32, now: Time) -> Result<MessageOutput, WarnError> {
    let found = office.look(|desk| {
        let parcel = draft_of(desk, warning, number, now)?;
        let own = desk.warning(warning)?;
        let message = own.messages.iter().find(|message| message.number == number)?;
        Some(MessageOutput::new(office, own, message, parcel))
    })?;
    found.ok_or_else(|| WarnError::Message(warn::clean(&format!("{warning}.{number}"), 80)))
}

/// Prints entries: what happened.
pub fn print(entries: &[Entry], is_json: bool, after: &str) -> Result<(), Failure> {
    let told: Vec<EntryOutput> = entries.iter().map(EntryOutput::new).collect();
    if is_json {
        let json = crate::output::to_json(&told).map_err(|error| Failure::Output(error.into()))?;
        return terminal::say(&json);
    }
    let lines: String = told.iter().map(|entry| format!("{entry}\n")).collect();
    terminal::say(&(lines + after))
}
