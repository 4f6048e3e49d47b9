//! What `trilat track` prints.

use std::collections::BTreeMap;
use std::fmt::{self, Write};

use serde::Serialize;
use track::{Counts, Drop, Event, EventKind, Row, Unseen};

use crate::words;

/// All tracks of a recording.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TracksOutput {
    /// What became of the plots.
    pub plots: PlotsOutput,
    /// Confirmed tracks, by the time of their first row.
    pub tracks: Vec<TrackOutput>,
}

/// What became of the plots.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PlotsOutput {
    /// Taken in.
    pub taken: u64,
    /// The same once more.
    pub duplicate: u64,
    /// Older than the lag.
    pub late: u64,
    /// Without a sigma.
    pub without_sigma: u64,
    /// Malformed, or of no known sensor.
    pub refused: usize,
}

/// One confirmed track.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct TrackOutput {
    /// Its name.
    pub track: String,
    /// When it was confirmed.
    pub confirmed: String,
    /// Its last plot.
    pub last: String,
    /// Updates.
    pub rows: usize,
    /// Plots taken in.
    pub plots: u32,
    /// Who saw it.
    pub sensors: Vec<String>,
    /// Phases in turn, with their beginnings.
    pub phases: Vec<PhaseBegin>,
    /// When it was not seen any more, and how its region grew since; empty once it is seen again.
    pub lost: Vec<LostOutput>,
    /// How it ended; nothing for a track that lives on.
    pub end: Option<EndOutput>,
}

/// A phase and when it began.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PhaseBegin {
    /// Which.
    pub phase: &'static str,
    /// Since when.
    pub from: String,
}

/// A track that is not seen.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LostOutput {
    /// As of when.
    pub time: String,
    /// `out of coverage` (no sensor that saw it looks there) or `not detected` (one does, and does not see it).
    pub why: &'static str,
    /// Longest diameter of the region that holds the object with 95 %.
    pub diameter_m: f64,
    /// Whether it was lost right after it was detected.
    pub is_early: bool,
}

/// How a track ended.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct EndOutput {
    /// When.
    pub time: String,
    /// `down`, `gone`, `out of sight` or `merged`.
    pub why: &'static str,
    /// Longest diameter of the region that holds the object with 95 %, where it was given up.
    pub diameter_m: Option<f64>,
    /// The track it was the same as.
    pub into: Option<String>,
}

impl TracksOutput {
    /// Puts rows and events together.
    pub fn new(rows: &[Row], events: &[Event], counts: Counts, refused: usize, sensors: &[plot::Sensor]) -> Self {
        let mut tracks: BTreeMap<track::Name, TrackOutput> = BTreeMap::new();
        let mut order = Vec::new();
        for event in events {
            let time = event.time.to_string();
            let track = tracks.entry(event.track).or_default();
            match &event.kind {
                EventKind::Confirmed => {
                    track.track = event.track.to_string();
                    track.confirmed = time;
                    order.push(event.track);
                }
                EventKind::Phase(phase) => track.phases.push(PhaseBegin {
                    phase: phase.name(),
                    from: time,
                }),
                EventKind::Dropped { why, diameter_m } => {
                    track.end = Some(EndOutput {
                        time,
                        why: drop_name(*why),
                        diameter_m: Some(*diameter_m),
                        into: None,
                    });
                }
                EventKind::Merged(into) => {
                    track.end = Some(EndOutput {
                        time,
                        why: "merged",
                        diameter_m: None,
                        into: Some(into.to_string()),
                    });
                }
                EventKind::Coasting {
                    why,
                    diameter_m,
                    is_early,
                } => track.lost.push(LostOutput {
                    time,
                    why: unseen_name(*why),
                    diameter_m: *diameter_m,
                    is_early: *is_early,
                }),
                EventKind::Found => track.lost.clear(),
            }
        }
        for row in rows {
            if let Some(track) = tracks.get_mut(&row.track) {
                track.rows += 1;
                track.plots = row.plots;
                track.last = row.time.to_string();
                track.sensors = row.sensors.iter().map(|of| sensors[*of].name.to_string()).collect();
            }
        }
        Self {
            plots: PlotsOutput {
                taken: counts.taken,
                duplicate: counts.duplicate,
                late: counts.late,
                without_sigma: counts.without_sigma,
                refused,
            },
            tracks: order.into_iter().filter_map(|name| tracks.remove(&name)).collect(),
        }
    }

    /// Returns the JSON text, indented, with a line end. Errors: none in practice.
    pub fn to_json(&self) -> serde_json::Result<String> {
        let mut text = serde_json::to_string_pretty(self)?;
        text.push('\n');
        Ok(text)
    }

    /// Returns the summary for a person.
    pub fn to_text(&self) -> String {
        let mut text = String::new();
        // Writing into a String cannot fail.
        let _infallible = self.write(&mut text);
        text
    }

    fn write(&self, out: &mut String) -> fmt::Result {
        let plots = &self.plots;
        write!(
            out,
            "{} {} of {} plots",
            self.tracks.len(),
            words::plural(self.tracks.len(), "track", "tracks"),
            plots.taken
        )?;
        for (count, what) in [
            (plots.duplicate, "twice"),
            (plots.late, "too late"),
            (plots.without_sigma, "without a sigma"),
        ] {
            if count > 0 {
                write!(out, ", {count} {what}")?;
            }
        }
        writeln!(out)?;
        for track in &self.tracks {
            writeln!(
                out,
                "{}  {} to {}  {} plots of {}",
                track.track,
                track.confirmed,
                track.last,
                track.plots,
                track.sensors.join(", ")
            )?;
            let phases: Vec<&str> = track.phases.iter().map(|of| of.phase).collect();
            let end = match &track.end {
                None => "goes on".to_owned(),
                Some(end) => match (&end.into, end.diameter_m) {
                    (Some(into), _) => format!("the same as {into}"),
                    (None, Some(diameter_m)) if end.why == "out of sight" => format!(
                        "out of sight: by {} it may be anywhere within {} km",
                        end.time,
                        words::number(diameter_m / 1e3, 0)
                    ),
                    _ => format!("{} at {}", end.why, end.time),
                },
            };
            writeln!(out, "           {}; {end}", turns(&phases))?;
            if let (Some(first), Some(last)) = (track.lost.first(), track.lost.last()) {
                writeln!(
                    out,
                    "           lost{} at {} ({}); by {} it may be anywhere within {} km",
                    if first.is_early { " right after detection" } else { "" },
                    first.time,
                    first.why,
                    last.time,
                    words::number(last.diameter_m / 1e3, 1)
                )?;
            }
        }
        Ok(())
    }
}

/// Phases in words: at most six, then how many more.
fn turns(phases: &[&str]) -> String {
    const MOST: usize = 6;
    let shown = phases.iter().take(MOST).copied().collect::<Vec<_>>().join(", ");
    match phases.len().saturating_sub(MOST) {
        0 => shown,
        more => format!("{shown} and {more} more changes"),
    }
}

/// Why an object is not seen, in words.
pub(crate) fn unseen_name(why: Unseen) -> &'static str {
    match why {
        Unseen::OutOfCoverage => "out of coverage",
        Unseen::NotDetected => "not detected",
    }
}

/// Why a track was given up, in words.
pub(crate) fn drop_name(why: Drop) -> &'static str {
    match why {
        Drop::Down => "down",
        Drop::Gone => "gone",
        Drop::OutOfSight => "out of sight",
        Drop::Distrusted => "distrusted",
    }
}
