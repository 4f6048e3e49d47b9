//! `trilat warn watch`.

use std::sync::Arc;
use std::time::Duration;

use node::warnings::{Clock, Office, Rounds};
use tokio::runtime::Builder;
use tokio::signal::unix::{Signal, SignalKind, signal};
use warn::life::Command;

use super::{WarnError, desk, folder};
use crate::args::WatchArgs;
use crate::output::{EntryOutput, NewsOutput};
use crate::{Failure, terminal};

/// How often the clock is looked at.
const LOOK: Duration = Duration::from_secs(1);

/// Runs the clock of a folder.
pub fn watch(args: &WatchArgs) -> Result<(), Failure> {
    let office = desk::open(&args.folder)?;
    let clock = desk::clock(&office, args.at)?;
    if args.once {
        let entries = desk::act(&office, Command::Tick, &clock)?;
        return folder::hand_over(&office, &clock, &entries, args.json);
    }
    let runtime = Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(WarnError::System)?;
    runtime.block_on(async {
        // Before the first look: whoever ends it early ends it cleanly.
        let ends = [SignalKind::interrupt(), SignalKind::terminate()].map(signal);
        let [interrupt, terminate] = ends;
        let mut ends = [
            interrupt.map_err(WarnError::System)?,
            terminate.map_err(WarnError::System)?,
        ];
        rounds(&office, &clock, args, &mut ends).await
    })
}

async fn rounds(office: &Arc<Office>, clock: &Clock, args: &WatchArgs, ends: &mut [Signal; 2]) -> Result<(), Failure> {
    let mut read = 0;
    let count = office.entries(&mut read).map_err(WarnError::from)?.len();
    let mut rounds = Rounds::new(office.clone(), clock.clone());
    let [interrupt, terminate] = ends;
    if !args.json {
        let folder = args.folder.display();
        terminal::say(&format!(
            "Watching {folder}: {count} entries so far. It approves nothing.\n"
        ))?;
    }
    loop {
        desk::act(office, Command::Tick, clock)?;
        let news = rounds.go().map_err(WarnError::from)?;
        for entry in office.entries(&mut read).map_err(WarnError::from)? {
            tell(&EntryOutput::new(&entry), args.json)?;
        }
        for one in news.iter().map(NewsOutput::new).filter(|one| !one.is_in_journal()) {
            tell(&one, args.json)?;
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK) => {}
            _ = interrupt.recv() => return Ok(()),
            _ = terminate.recv() => return Ok(()),
        }
    }
}

fn tell(one: &(impl serde::Serialize + std::fmt::Display), is_json: bool) -> Result<(), Failure> {
    let line = match is_json {
        true => serde_json::to_string(one).map_err(|error| Failure::Output(error.into()))?,
        false => one.to_string(),
    };
    terminal::say(&(line + "\n"))
}
