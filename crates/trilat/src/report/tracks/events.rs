//! What happened to tracks.

use maud::{Markup, html};
use track::{Event, EventKind, Manoeuvre};

use super::Content;
use crate::output::{drop_name, unseen_name};
use crate::words::{clock, count, length};

/// So many events are listed.
const EVENTS_MAX: usize = 400;

/// Returns the list of events: those that say most where there are too many, in order of time.
pub fn list(content: &Content<'_>) -> Markup {
    let events = content.page.events;
    let phases = events
        .iter()
        .filter(|event| matches!(event.kind, EventKind::Phase(_)))
        .count();
    let is_small = |kind: &EventKind| matches!(kind, EventKind::Phase(_) | EventKind::Found | EventKind::Born { .. });
    let is_short = events.len() > EVENTS_MAX;
    let told: Vec<&Event> = events
        .iter()
        .filter(|event| !(is_short && is_small(&event.kind)))
        .collect();
    let left = told.len().saturating_sub(EVENTS_MAX);
    html! {
        @if is_short {
            p.note {
                "Changes of phase (" (count(phases)) "), first plots and returns into view are left out"
                @if left > 0 { ", and the last " (count(left)) " events" }
                ": --json has all."
            }
        }
        details open[!is_short] {
            summary { (count(told.len() - left)) " events" }
            div.scroll tabindex="0" role="region" aria-label="Events" {
                table {
                    thead { tr { th scope="col" { "Time" } th scope="col" { "Track" } th scope="col" { "What" } } }
                    tbody {
                        @for event in told.iter().take(EVENTS_MAX) {
                            tr {
                                td { (clock(event.time, 0)) }
                                td { (event.track) }
                                td { (words(&event.kind)) }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn words(kind: &EventKind) -> String {
    match kind {
        EventKind::Born { first } => format!("first plot at {}", clock(*first, 0)),
        EventKind::Split(parent) => format!("came out of {parent}"),
        EventKind::Manoeuvre(what) => match what {
            Manoeuvre::Ignition => "thrust sets in".to_owned(),
            Manoeuvre::Burnout => "thrust has ended".to_owned(),
            Manoeuvre::PullUp => "pulled up: lift carries it".to_owned(),
            Manoeuvre::Turn => "turns to one side".to_owned(),
        },
        EventKind::Confirmed => "confirmed: it is an object".to_owned(),
        EventKind::Phase(phase) => phase.name().to_owned(),
        EventKind::Coasting {
            why,
            diameter_m,
            is_early,
        } => format!(
            "not seen any more{} ({}); it may be anywhere within {}",
            if *is_early { ", right after its detection" } else { "" },
            unseen_name(*why),
            length(*diameter_m)
        ),
        EventKind::Found => "seen again".to_owned(),
        EventKind::Dropped { why, diameter_m } => {
            format!("given up: {}, last within {}", drop_name(*why), length(*diameter_m))
        }
        EventKind::Merged(into) => format!("the same object as {into}"),
    }
}
