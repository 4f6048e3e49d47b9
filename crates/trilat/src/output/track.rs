//! What `trilat track` prints.

use std::collections::BTreeMap;
use std::fmt::{self, Write};

use serde::Serialize;
use track::forecast::{Forecast, Region};
use track::{Counts, Drop, Efforts, Event, EventKind, Row, Unseen};

use super::WatchedOutput;
use crate::words;

/// All tracks of a recording.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct TracksOutput {
    /// What became of the plots.
    pub plots: PlotsOutput,
    /// Confirmed tracks, by the time of their first row.
    pub tracks: Vec<TrackOutput>,
    /// The sensors, in the order of their file.
    pub sensors: Vec<WatchedOutput>,
    /// Whether the method of association got all that it asked for.
    pub association: AssociationOutput,
}

/// How often association had more to do than its budget allows.
#[derive(Copy, Clone, Debug, Default, PartialEq, Serialize)]
pub struct AssociationOutput {
    /// Clusters of tracks that competed for plots.
    pub clusters: u64,
    /// Those that did not get all that the method promises.
    pub over_budget: u64,
    /// How often an object had more hypotheses than are held.
    pub hypotheses_dropped: u64,
}

impl From<Efforts> for AssociationOutput {
    fn from(efforts: Efforts) -> Self {
        Self {
            clusters: efforts.clusters,
            over_budget: efforts.exceeded,
            hypotheses_dropped: efforts.trimmed,
        }
    }
}

impl AssociationOutput {
    fn write(&self, out: &mut String) -> fmt::Result {
        if self.over_budget > 0 {
            let (over, all) = (self.over_budget, self.clusters);
            writeln!(
                out,
                "association: {over} of {all} clusters of tracks were beyond the budget"
            )?;
        }
        if self.hypotheses_dropped > 0 {
            let times = self.hypotheses_dropped;
            writeln!(
                out,
                "association: hypotheses were too many and some dropped, {times} times"
            )?;
        }
        Ok(())
    }
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
    /// Of a clock that jumped.
    pub clock: u64,
    /// More than a sensor's budget of one second.
    pub flood: u64,
    /// Malformed, or of no known sensor.
    pub refused: usize,
}

/// One confirmed track.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct TrackOutput {
    /// Its name.
    pub track: String,
    /// Its first plot.
    pub born: String,
    /// The track that it came out of, as a stage, a warhead or a piece does.
    pub split_from: Option<String>,
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
    /// What its object began or ended, as noticed at once.
    pub manoeuvres: Vec<ManoeuvreOutput>,
    /// Where and when it rose, as said last; nothing where it was not seen early enough.
    pub launch: Option<ForetoldOutput>,
    /// Where and when it will arrive, as said last; nothing of what flies like an aircraft or does not come down.
    pub arrival: Option<ForetoldOutput>,
    /// How often an arrival was foretold.
    pub forecasts: usize,
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

/// Something that an object began or ended.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ManoeuvreOutput {
    /// `ignition`, `burnout`, `pull-up` or `turn`.
    pub what: &'static str,
    /// When it was noticed.
    pub time: String,
}

/// A region of the ground and an interval of time that contain an arrival or a launch.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ForetoldOutput {
    /// When it was said.
    pub said: String,
    /// With what probability the ellipse contains the place, and the interval the time.
    pub probability: f64,
    /// The middle of the ellipse.
    pub lat_deg: f64,
    /// The same.
    pub lon_deg: f64,
    /// The longer semi-axis.
    pub major_m: f64,
    /// The shorter.
    pub minor_m: f64,
    /// Direction of the longer, clockwise from true north.
    pub azimuth_deg: f64,
    /// Begin of the interval.
    pub earliest: String,
    /// Its end.
    pub latest: String,
    /// What it may do until then, with probabilities.
    pub ways: Vec<(&'static str, f64)>,
}

impl ForetoldOutput {
    /// What is said at the highest probability, whatever it does; `None` where nothing is.
    fn new(forecast: &Forecast, regions: &[Region]) -> Option<Self> {
        let of_any = regions.iter().filter(|region| region.way == track::forecast::Way::Any);
        let most = of_any.max_by(|a, b| a.probability.total_cmp(&b.probability))?;
        let ways = regions.iter().filter(|region| region.way != most.way);
        Some(Self {
            said: forecast.time.to_string(),
            probability: most.probability,
            lat_deg: most.centre.lat_deg(),
            lon_deg: most.centre.lon_deg(),
            major_m: most.major_m,
            minor_m: most.minor_m,
            azimuth_deg: most.azimuth_deg,
            earliest: most.earliest.to_string(),
            latest: most.latest.to_string(),
            ways: ways.map(|region| (region.way.name(), region.weight)).collect(),
        })
    }

    fn words(&self) -> String {
        format!(
            "within {} × {} km of {:.3}, {:.3} from {} to {} ({} %)",
            words::number(self.major_m / 1e3, 1),
            words::number(self.minor_m / 1e3, 1),
            self.lat_deg,
            self.lon_deg,
            self.earliest,
            self.latest,
            words::number(100.0 * self.probability, 0),
        )
    }
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
    pub fn new(
        rows: &[Row],
        events: &[Event],
        forecasts: &[Forecast],
        counts: Counts,
        refused: usize,
        sensors: &[plot::Sensor],
    ) -> Self {
        let mut tracks: BTreeMap<track::Name, TrackOutput> = BTreeMap::new();
        let mut order = Vec::new();
        for event in events {
            let track = tracks.entry(event.track).or_default();
            if event.kind == EventKind::Confirmed {
                track.track = event.track.to_string();
                order.push(event.track);
            }
            track.note(&event.kind, event.time.to_string());
        }
        for row in rows {
            if let Some(track) = tracks.get_mut(&row.track) {
                track.rows += 1;
                track.plots = row.plots;
                track.last = row.time.to_string();
                track.sensors = row.sensors.iter().map(|of| sensors[*of].name.to_string()).collect();
            }
        }
        foretell(&mut tracks, forecasts);
        Self {
            plots: PlotsOutput {
                taken: counts.taken,
                duplicate: counts.duplicate,
                late: counts.late,
                without_sigma: counts.without_sigma,
                clock: counts.clock,
                flood: counts.flood,
                refused,
            },
            tracks: order.into_iter().filter_map(|name| tracks.remove(&name)).collect(),
            sensors: Vec::new(),
            association: AssociationOutput::default(),
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
            (plots.clock, "of a clock that jumped"),
            (plots.flood, "of a flood"),
        ] {
            if count > 0 {
                write!(out, ", {count} {what}")?;
            }
        }
        writeln!(out)?;
        self.association.write(out)?;
        for track in &self.tracks {
            track.write(out)?;
        }
        Ok(())
    }
}

impl TrackOutput {
    /// Writes down what happened to it.
    fn note(&mut self, kind: &EventKind, time: String) {
        match kind {
            EventKind::Born { first } => self.born = first.to_string(),
            EventKind::Split(parent) => self.split_from = Some(parent.to_string()),
            EventKind::Manoeuvre(what) => self.manoeuvres.push(ManoeuvreOutput {
                what: what.name(),
                time,
            }),
            EventKind::Confirmed => self.confirmed = time,
            EventKind::Phase(phase) => self.phases.push(PhaseBegin {
                phase: phase.name(),
                from: time,
            }),
            EventKind::Dropped { why, diameter_m } => {
                self.end = Some(EndOutput {
                    time,
                    why: drop_name(*why),
                    diameter_m: Some(*diameter_m),
                    into: None,
                });
            }
            EventKind::Merged(into) => {
                self.end = Some(EndOutput {
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
            } => self.lost.push(LostOutput {
                time,
                why: unseen_name(*why),
                diameter_m: *diameter_m,
                is_early: *is_early,
            }),
            EventKind::Found => self.lost.clear(),
        }
    }

    fn write(&self, out: &mut String) -> fmt::Result {
        writeln!(
            out,
            "{}  {} to {}  {} plots of {}",
            self.track,
            self.confirmed,
            self.last,
            self.plots,
            self.sensors.join(", ")
        )?;
        let phases: Vec<&str> = self.phases.iter().map(|of| of.phase).collect();
        let end = match &self.end {
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
        let from = self.split_from.as_ref().map(|parent| format!("came out of {parent}; "));
        writeln!(out, "           {}{}; {end}", from.unwrap_or_default(), turns(&phases))?;
        let manoeuvres = self.manoeuvres.iter();
        let noticed: Vec<String> = manoeuvres.map(|of| format!("{} at {}", of.what, of.time)).collect();
        if !noticed.is_empty() {
            let noticed: Vec<&str> = noticed.iter().map(String::as_str).collect();
            writeln!(out, "           noticed: {}", turns(&noticed))?;
        }
        if let Some(launch) = &self.launch {
            writeln!(out, "           rose {}", launch.words())?;
        }
        if let Some(arrival) = &self.arrival {
            writeln!(
                out,
                "           as said at {}: arrives {}",
                arrival.said,
                arrival.words()
            )?;
        }
        if let (Some(first), Some(last)) = (self.lost.first(), self.lost.last()) {
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
        Ok(())
    }
}

/// Gives tracks what was said last of their launch and arrival.
fn foretell(tracks: &mut BTreeMap<track::Name, TrackOutput>, forecasts: &[Forecast]) {
    for forecast in forecasts {
        let Some(track) = tracks.get_mut(&forecast.track) else {
            continue;
        };
        track.launch = ForetoldOutput::new(forecast, &forecast.launch).or(track.launch.take());
        if let Some(arrival) = ForetoldOutput::new(forecast, &forecast.arrival) {
            track.arrival = Some(arrival);
            track.forecasts += 1;
        }
    }
}

/// Phases or manoeuvres in words: at most six, then how many more.
fn turns(phases: &[&str]) -> String {
    const MOST: usize = 6;
    let shown = phases.iter().take(MOST).copied().collect::<Vec<_>>().join(", ");
    match phases.len().saturating_sub(MOST) {
        0 => shown,
        more => format!("{shown} and {more} more"),
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
