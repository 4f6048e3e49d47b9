//! The tables of tracks and of sensors.

use geo::Time;
use maud::{Markup, html};

use super::timeline::lanes;
use super::{Content, phase_class};
use crate::output::TrackOutput;
use crate::tracks::{History, place, velocity};
use crate::words::{self, count, number};

/// Returns the table of tracks.
pub fn tracks(content: &Content<'_>) -> Markup {
    let printed = &content.page.output.tracks;
    html! {
        div.scroll tabindex="0" role="region" aria-label="Table of tracks" {
            table.tracks {
                thead {
                    tr {
                        th scope="col" { "Track" }
                        th scope="col" { "Phases" }
                        th scope="col" .n { "Exists" }
                        th scope="col" .n { "First" }
                        th scope="col" .n { "Last" }
                        th scope="col" .n { "Plots" }
                        th scope="col" .n { "Height" }
                        th scope="col" .n { "Speed" }
                        th scope="col" { "Sensors" }
                        th scope="col" { "End" }
                    }
                }
                tbody {
                    @for history in &content.histories {
                        @let name = history.name.to_string();
                        (track(content, history, printed.iter().find(|track| track.track == name)))
                    }
                }
            }
        }
    }
}

fn track(content: &Content<'_>, history: &History<'_>, printed: Option<&TrackOutput>) -> Markup {
    let (first, last) = (history.first(), history.last());
    let speed_mps = velocity(last).vector().norm();
    let names: Vec<&str> = last.sensors.iter().map(|at| &*content.page.sensors[*at].name).collect();
    html! {
        tr {
            th scope="row" { (history.name) }
            td { span class={ "owner " (phase_class(last.phase)) } { (turns(history)) } }
            td.n { (words::share(last.existence)) }
            td.n { (words::clock(first.time, 0)) }
            td.n { (words::clock(last.time, 0)) }
            td.n { (count(last.plots as usize)) }
            td.n { (words::length(place(last).height_m)) }
            td.n { (number(speed_mps, 0)) "\u{a0}m/s" }
            td { (some(&names)) }
            td { (printed.map_or_else(String::new, end)) }
        }
    }
}

/// The phases in turn, at most three and the last.
fn turns(history: &History<'_>) -> String {
    let phases: Vec<&str> = history.pieces().iter().map(|(phase, _)| phase.name()).collect();
    match phases.as_slice() {
        [first, .., last] if phases.len() > 4 => format!("{first}, … ({} changes), {last}", phases.len() - 1),
        _ => phases.join(", "),
    }
}

/// At most three names.
fn some(names: &[&str]) -> String {
    match names {
        [a, b, c, _, ..] => format!("{a}, {b}, {c} and {} more", names.len() - 3),
        _ => names.join(", "),
    }
}

fn end(track: &TrackOutput) -> String {
    let clock = |text: &str| {
        text.parse::<Time>()
            .map_or_else(|_| text.to_owned(), |time| words::clock(time, 0))
    };
    match (&track.end, track.lost.last()) {
        (Some(end), _) => match &end.into {
            Some(into) => format!("the same as {into}"),
            None => format!("{} at {}", end.why, clock(&end.time)),
        },
        (None, Some(lost)) => format!("{} since {}", lost.why, clock(&track.last)),
        (None, None) => "goes on".to_owned(),
    }
}

/// Returns the table of sensors.
pub fn sensors(content: &Content<'_>) -> Markup {
    let all = lanes(content);
    html! {
        div.scroll tabindex="0" role="region" aria-label="Table of sensors" {
            table {
                thead {
                    tr {
                        th scope="col" { "Sensor" }
                        th scope="col" { "Owner" }
                        th scope="col" { "Stands at" }
                        th scope="col" .n { "Plots" }
                        th scope="col" .n { "Tracks it saw" }
                        th scope="col" { "Scatters by, as learnt" }
                    }
                }
                tbody {
                    @for lane in &all {
                        @let sensor = &content.page.sensors[lane.sensor];
                        @let site = sensor.site.geodetic();
                        @let saw = content.histories.iter().filter(|of| of.last().sensors.contains(&lane.sensor));
                        tr {
                            th scope="row" { (sensor.name) }
                            td { (sensor.owner) }
                            td { (words::place(site.lat_deg(), site.lon_deg())) }
                            td.n { (count(lane.plots)) }
                            td.n { (count(saw.count())) }
                            td { (scatter(content, &sensor.name)) }
                        }
                    }
                }
            }
        }
    }
}

/// The sigmas of single plots as learnt, and what is used instead of the stated ones.
fn scatter(content: &Content<'_>, sensor: &str) -> String {
    let watched = content.page.output.sensors.iter().find(|of| of.sensor == sensor);
    let words = |of: &crate::output::SigmaOutput| {
        let value = |sigma: f64| format!("{} {}", number(sigma, if sigma < 9.95 { 3 } else { 0 }), of.unit);
        let used = of
            .used
            .map_or_else(String::new, |used| format!(" (used: {})", value(used)));
        format!("{} {}{used}", of.of.replace('_', " "), value(of.seen))
    };
    let all: Vec<String> = watched.into_iter().flat_map(|of| &of.sigmas).map(words).collect();
    if all.is_empty() {
        "not known".to_owned()
    } else {
        all.join(", ")
    }
}
