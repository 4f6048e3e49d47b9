//! One picture, as it is shown: what changed in it from one look at the tracker to the next, and what happened.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use geo::Time;
use track::{Forecast, Name, Row, Stage};
use warn::EXISTENCE_MIN;
use wire::messages::picture::{Contribution, Event, Picture, Track};

use super::drawn::{Drawn, track, unix_s};
use super::plots::{Came, of_which};
use crate::engine::Seen;

/// Forecasts that are drawn in one look, at most: the others with the next.
const DRAWN_MAX: usize = 16;
/// How much a new latency counts.
const LATENCY_SHARE: f64 = 0.2;

/// One picture.
#[derive(Debug, Default)]
pub(super) struct View {
    /// "together", or an owner's name.
    pub name: String,
    before: Seen,
    objects: BTreeMap<Name, Object>,
}

/// One object of it.
#[derive(Debug)]
struct Object {
    row: Row,
    is_lost: bool,
    shown: Arc<Track>,
    drawn: Option<Arc<Drawn>>,
    contributions: Vec<Contribution>,
    /// What was said of it already.
    has_area: bool,
    is_over: bool,
}

/// What one look found.
#[derive(Debug, Default)]
pub(super) struct Changes {
    /// Objects that are another than before.
    pub changed: Vec<Arc<Track>>,
    /// Objects that are not there any more.
    pub gone: Vec<String>,
    /// What happened.
    pub events: Vec<Event>,
    /// Of each plot, the object that it is thought to be of.
    pub of_plots: Vec<Option<String>>,
}

impl View {
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            ..Self::default()
        }
    }

    /// All of it.
    pub fn whole(&self) -> Picture {
        self.picture(
            true,
            self.objects.values().map(|object| (*object.shown).clone()).collect(),
            Vec::new(),
        )
    }

    /// What changed of it.
    pub fn picture(&self, whole: bool, tracks: Vec<Track>, gone: Vec<String>) -> Picture {
        let unix = |time: Option<Time>| time.map_or(0.0, unix_s);
        let firsts = self.before.firsts;
        Picture {
            view: self.name.clone(),
            whole,
            tracks,
            gone,
            first_track_unix_s: unix(firsts.track),
            first_warning_unix_s: unix(firsts.warning),
            first_known_unix_s: unix(firsts.known),
        }
    }

    /// Its objects.
    pub fn tracks(&self) -> impl Iterator<Item = &Arc<Track>> {
        self.objects.values().map(|object| &object.shown)
    }

    /// Looks at the tracker anew; `plots` came since, `speed` is that of the node's clock.
    pub fn look(&mut self, seen: Seen, plots: &[Came], (now, speed): (Time, f64)) -> Changes {
        let mut changes = Changes::default();
        let rows = self.changed(&seen);
        let lost = lost(&seen);
        self.remove(&seen, now, &mut changes);
        let of_plots = of_which(plots, &rows);
        let mut stale: BTreeSet<Name> = self.unlike(&lost);
        for row in rows.iter().cloned() {
            stale.insert(row.track);
            self.put(row, now, &mut changes);
        }
        for (plot, row) in plots.iter().zip(&of_plots) {
            let object = row.and_then(|row| self.objects.get_mut(&rows[row].track));
            changes.of_plots.push(object.map(|object| {
                object.contribute(plot, speed);
                object.row.track.to_string()
            }));
        }
        self.draw(&seen, &mut stale);
        self.note_firsts(&seen, now, &mut changes);
        for name in stale {
            let is_lost = lost.contains(&name);
            if let Some(object) = self.objects.get_mut(&name) {
                object.show(&self.name, is_lost, now, &mut changes);
            }
        }
        self.say_over(now, &mut changes);
        self.before = seen;
        changes
    }

    /// The rows of what changed since the last look.
    fn changed(&self, seen: &Seen) -> Vec<Row> {
        match (&seen.tracker, &self.before.tracker) {
            // With a new sensor the places of others may have moved.
            (Some(now), Some(before)) if seen.sensors == self.before.sensors => now.changed(before),
            (Some(now), _) => now.tracks(),
            (None, _) => Vec::new(),
        }
    }

    /// Those that are lost now and were not, or the other way round.
    fn unlike(&self, lost: &BTreeSet<Name>) -> BTreeSet<Name> {
        let is_unlike = |(name, object): &(&Name, &Object)| object.is_lost != lost.contains(name);
        let unlike = self.objects.iter().filter(is_unlike);
        unlike.map(|(name, _)| *name).collect()
    }

    fn remove(&mut self, seen: &Seen, now: Time, changes: &mut Changes) {
        let Some(tracker) = &seen.tracker else { return };
        let there: BTreeSet<Name> = tracker.objects().map(|(name, _)| name).collect();
        let gone: Vec<Name> = self
            .objects
            .keys()
            .filter(|name| !there.contains(name))
            .copied()
            .collect();
        for name in gone {
            self.objects.remove(&name);
            changes.gone.push(name.to_string());
            changes.events.push(self.event("gone", now, &name.to_string(), ""));
        }
    }

    fn put(&mut self, row: Row, now: Time, changes: &mut Changes) {
        let name = row.track.to_string();
        let phase = row.phase.name();
        match self.objects.get_mut(&row.track) {
            Some(object) => {
                let is_other = object.row.phase != row.phase;
                object.row = row;
                if is_other {
                    changes.events.push(self.event("phase", now, &name, phase));
                }
            }
            None => {
                changes.events.push(self.event("confirmed", now, &name, phase));
                self.objects.insert(row.track, Object::new(row));
            }
        }
    }

    /// Draws forecasts that are new, those of the most recent objects first.
    fn draw(&mut self, seen: &Seen, stale: &mut BTreeSet<Name>) {
        let is_new = |object: &Object, forecast: &Forecast| {
            object
                .drawn
                .as_ref()
                .is_none_or(|drawn| drawn.said != Some(forecast.time))
        };
        let mut due: Vec<(Time, Name)> = Vec::new();
        for (name, object) in &self.objects {
            if let Some(forecast) = seen.foretold.get(name)
                && is_new(object, forecast)
            {
                due.push((forecast.time, *name));
            }
        }
        due.sort_unstable();
        for (_, name) in due.into_iter().take(DRAWN_MAX) {
            if let (Some(object), Some(forecast)) = (self.objects.get_mut(&name), seen.foretold.get(&name)) {
                object.drawn = Some(Arc::new(Drawn::new(forecast, &object.row)));
                stale.insert(name);
            }
        }
    }

    fn note_firsts(&self, seen: &Seen, now: Time, changes: &mut Changes) {
        if seen.firsts.known.is_some() && self.before.firsts.known.is_none() {
            changes.events.push(self.event("known", now, "", ""));
        }
    }

    /// Says of which objects the last moment of arrival has passed.
    fn say_over(&mut self, now: Time, changes: &mut Changes) {
        let now_unix_s = unix_s(now);
        for (name, object) in &mut self.objects {
            let latest = object.drawn.as_ref().and_then(|drawn| drawn.latest_unix_s());
            if !object.is_over && latest.is_some_and(|latest| latest < now_unix_s) {
                object.is_over = true;
                let track = name.to_string();
                changes
                    .events
                    .push(event("arrival-over", (&self.name, now), &track, ""));
            }
        }
    }

    fn event(&self, kind: &str, time: Time, track: &str, detail: &str) -> Event {
        event(kind, (&self.name, time), track, detail)
    }
}

/// An event of a picture.
fn event(kind: &str, (view, time): (&str, Time), track: &str, detail: &str) -> Event {
    Event {
        time_unix_s: unix_s(time),
        kind: kind.to_owned(),
        view: view.to_owned(),
        track: track.to_owned(),
        owner: String::new(),
        detail: detail.to_owned(),
    }
}

/// The objects that no sensor sees now.
fn lost(seen: &Seen) -> BTreeSet<Name> {
    let objects = seen.tracker.iter().flat_map(track::Tracker::objects);
    let lost = objects.filter(|(_, stage)| *stage == Stage::Coasting);
    lost.map(|(name, _)| name).collect()
}

impl Object {
    fn new(row: Row) -> Self {
        Self {
            shown: Arc::new(Track::default()),
            row,
            is_lost: false,
            drawn: None,
            contributions: Vec::new(),
            has_area: false,
            is_over: false,
        }
    }

    /// Counts a plot that is thought to be of it.
    fn contribute(&mut self, plot: &Came, speed: f64) {
        let latency_ms = ((plot.came - plot.time) / speed * 1e3).max(0.0);
        let time_unix_s = unix_s(plot.time);
        let known = self
            .contributions
            .iter_mut()
            .find(|one| *one.owner == *plot.origin && *one.sensor == *plot.sensor);
        match known {
            Some(one) => {
                one.plots += 1;
                one.last_unix_s = one.last_unix_s.max(time_unix_s);
                one.latency_ms += LATENCY_SHARE * (latency_ms - one.latency_ms);
            }
            None => self.contributions.push(Contribution {
                owner: plot.origin.to_string(),
                sensor: plot.sensor.to_string(),
                plots: 1,
                last_unix_s: time_unix_s,
                latency_ms,
            }),
        }
    }

    /// Makes what is shown of it anew.
    fn show(&mut self, view: &str, is_lost: bool, now: Time, changes: &mut Changes) {
        let track_name = self.row.track.to_string();
        let was_lost = std::mem::replace(&mut self.is_lost, is_lost);
        if was_lost != is_lost {
            let kind = if is_lost { "lost" } else { "found" };
            changes.events.push(event(kind, (view, now), &track_name, ""));
        }
        let may_be_said = self.row.existence >= EXISTENCE_MIN;
        let has_area = self.drawn.as_ref().is_some_and(|drawn| drawn.whole().is_some());
        if has_area && may_be_said && !self.has_area {
            self.has_area = true;
            changes.events.push(event("area", (view, now), &track_name, ""));
        }
        self.shown = Arc::new(track(&self.row, is_lost, self.drawn.as_ref(), &self.contributions));
        changes.changed.push(self.shown.clone());
    }
}
