//! What is scored: rows of files put together by track and by object.

use std::collections::BTreeMap;
use std::sync::Arc;

use flight::Phase;
use geo::{Enu, Geodetic, Site, Time, Velocity};
use nalgebra::Matrix6;
use plot::{Plot, Sensor};
use score::{Course, Moment};
use wire::tracks::{RowKind, TrackRow};
use wire::truths::TruthRow;

/// The ground is not higher than this: what begins or ends below was launched, or arrived.
const GROUND_MAX_M: f64 = 3_000.0;
/// What arrives goes down at least so fast.
const FALL_MPS: f64 = 10.0;
/// In these phases nothing but gravity and air acts.
const FREE: [&str; 2] = [Phase::Coast.name(), Phase::Reentry.name()];
/// This way of a region means whatever the object does.
const ANY: &str = "any";

/// Tracks and objects.
#[derive(Clone, Debug, Default)]
pub struct Scene {
    /// By their first update.
    pub tracks: Vec<Tracked>,
    /// In the order of the file.
    pub objects: Vec<Object>,
    /// Whether it is known when sensors see them.
    pub is_seen_known: bool,
    /// The plots that say so, those of nothing too.
    pub plots: Vec<Plot>,
    /// Their sensors.
    pub sensors: Vec<Sensor>,
}

/// A track.
#[derive(Clone, Debug)]
pub struct Tracked {
    /// Its name.
    pub name: Arc<str>,
    /// Where it was, ECEF.
    pub course: Course,
    /// Its updates in order of time.
    pub updates: Vec<TrackRow>,
    /// Its launches and forecasts, whatever the object does, in order of time.
    pub statements: Vec<TrackRow>,
}

impl Tracked {
    /// The covariance (6×6, ECEF) of the last update up to a time, of the first before it; `None` where none is stated.
    pub fn covariance(&self, time: Time) -> Option<Matrix6<f64>> {
        let after = self.updates.partition_point(|row| row.time <= time);
        let row = self.updates.get(after.saturating_sub(1))?;
        let full = row.covariance_full()?;
        let axes = *Site::new(row.place).enu_from_ecef();
        let mut turn = Matrix6::zeros();
        turn.fixed_view_mut::<3, 3>(0, 0).copy_from(&axes);
        turn.fixed_view_mut::<3, 3>(3, 3).copy_from(&axes);
        Some(turn.transpose() * Matrix6::from_fn(|i, j| full[i][j]) * turn)
    }
}

/// A place on the ground, and when.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Ground {
    /// When.
    pub time: Time,
    /// Where.
    pub place: Geodetic,
}

/// Something that really flew.
#[derive(Clone, Debug)]
pub struct Object {
    /// Its name.
    pub name: Arc<str>,
    /// What it is.
    pub kind: Option<Arc<str>>,
    /// Where it was, ECEF.
    pub course: Course,
    /// Where and when it rose, or what it came off; `None` of what did not begin on the ground.
    pub launch: Option<Ground>,
    /// Where and when it came down; `None` of what did not.
    pub arrival: Option<Ground>,
    /// When sensors saw it, ascending.
    pub seen: Vec<Time>,
    /// From when on it flew freely, or not, in order of time.
    free: Vec<(Time, bool)>,
}

impl Object {
    /// Whether a sensor saw it before and after a time (or then), no more than a gap apart.
    fn is_seen(&self, time: Time, gap_s: f64) -> bool {
        let after = self.seen.partition_point(|seen| *seen < time);
        let earlier = self.seen[..self.seen.partition_point(|seen| *seen <= time)].last();
        match (earlier, self.seen.get(after)) {
            (Some(earlier), Some(later)) => *later - *earlier <= gap_s,
            _ => false,
        }
    }

    /// Whether it flies freely, by the last row of truth up to a time.
    pub fn is_free(&self, time: Time) -> bool {
        let after = self.free.partition_point(|(from, _)| *from <= time);
        after.checked_sub(1).is_some_and(|at| self.free[at].1)
    }

    /// The time of its first row.
    pub fn begin(&self) -> Option<Time> {
        self.course.ends().map(|(first, _)| first.time)
    }
}

impl Scene {
    /// Puts rows together.
    pub fn new(tracks: Vec<TrackRow>, truths: Vec<TruthRow>) -> Self {
        Self {
            tracks: tracked(tracks),
            objects: objects(truths),
            ..Self::default()
        }
    }

    /// Says what sensors saw: plots with the names of their objects. Objects then count only while they are seen.
    pub fn see(&mut self, plots: Vec<Plot>, sensors: Vec<Sensor>) {
        let mut times: BTreeMap<Arc<str>, Vec<Time>> = BTreeMap::new();
        for plot in &plots {
            if let Some(name) = &plot.truth {
                times.entry(name.clone()).or_default().push(plot.time);
            }
        }
        (self.plots, self.sensors) = (plots, sensors);
        for object in &mut self.objects {
            object.seen = times.remove(&object.name).unwrap_or_default();
            object.seen.sort_unstable();
        }
        self.is_seen_known = true;
    }

    /// Whether an object counts at a time: always, or while a sensor sees it, over gaps that are no longer.
    pub fn counts(&self, at: usize, time: Time, gap_s: f64) -> bool {
        !self.is_seen_known || self.objects[at].is_seen(time, gap_s)
    }

    /// Whether a track can be on an object at a time: always, or from its first plot to its last, whatever the gaps.
    pub fn is_known(&self, at: usize, time: Time) -> bool {
        self.counts(at, time, f64::INFINITY)
    }

    /// The first and the last time of the truth.
    pub fn span(&self) -> Option<(Time, Time)> {
        let ends = self.objects.iter().filter_map(|object| object.course.ends());
        ends.map(|(first, last)| (first.time, last.time))
            .reduce(|a, b| (a.0.min(b.0), a.1.max(b.1)))
    }
}

/// A state in ECEF.
pub fn moment(time: Time, place: Geodetic, velocity: Velocity<Enu>) -> Moment {
    let site = Site::new(place);
    Moment {
        time,
        position_m: site.origin().vector(),
        velocity_mps: site.velocity_to_ecef(velocity).vector(),
    }
}

/// Puts rows together by name, the names in the order of their first rows.
fn by_name<T>(rows: Vec<T>, name: impl Fn(&T) -> Arc<str>) -> Vec<(Arc<str>, Vec<T>)> {
    let mut places: BTreeMap<Arc<str>, usize> = BTreeMap::new();
    let mut all: Vec<(Arc<str>, Vec<T>)> = Vec::new();
    for row in rows {
        let name = name(&row);
        let place = *places.entry(name.clone()).or_insert(all.len());
        match all.get_mut(place) {
            Some((_, rows)) => rows.push(row),
            None => all.push((name, vec![row])),
        }
    }
    all
}

fn tracked(rows: Vec<TrackRow>) -> Vec<Tracked> {
    let of = |(name, mut rows): (Arc<str>, Vec<TrackRow>)| {
        rows.sort_by_key(|row| row.time);
        let (updates, mut statements): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.kind == RowKind::Update);
        statements.retain(|row| row.region.as_ref().is_some_and(|region| &*region.way == ANY));
        let moments = updates.iter().map(|row| moment(row.time, row.place, row.velocity));
        Tracked {
            name,
            course: Course::new(moments.collect()),
            updates,
            statements,
        }
    };
    let mut tracks: Vec<Tracked> = by_name(rows, |row| row.track.clone()).into_iter().map(of).collect();
    tracks.retain(|track| !track.updates.is_empty());
    tracks
}

/// From when on an object flies freely, or not.
fn free(rows: &[TruthRow]) -> Vec<(Time, bool)> {
    let is_free = |row: &TruthRow| row.phase.as_deref().is_some_and(|phase| FREE.contains(&phase));
    let mut free: Vec<(Time, bool)> = rows.iter().map(|row| (row.time, is_free(row))).collect();
    free.dedup_by_key(|(_, is_free)| *is_free);
    free
}

fn objects(rows: Vec<TruthRow>) -> Vec<Object> {
    let of = |(name, mut rows): (Arc<str>, Vec<TruthRow>)| {
        rows.sort_by_key(|row| row.time);
        let ground = |row: &TruthRow| Ground {
            time: row.time,
            place: row.place,
        };
        let is_low = |row: &&TruthRow| row.place.height_m < GROUND_MAX_M;
        let up_mps = |row: &TruthRow| row.velocity.vector().z;
        let rises = |row: &&TruthRow| is_low(row) && up_mps(row) > -FALL_MPS;
        let falls = |row: &&TruthRow| is_low(row) && up_mps(row) < -FALL_MPS;
        Object {
            name,
            kind: rows.first().and_then(|row| row.kind.clone()),
            course: Course::new(
                rows.iter()
                    .map(|row| moment(row.time, row.place, row.velocity))
                    .collect(),
            ),
            launch: rows.first().filter(rises).map(ground),
            arrival: rows.last().filter(falls).map(ground),
            seen: Vec::new(),
            free: free(&rows),
        }
    };
    let mut objects: Vec<Object> = by_name(rows, |row| row.truth.clone()).into_iter().map(of).collect();
    let launches: BTreeMap<Arc<str>, Ground> = objects
        .iter()
        .filter_map(|object| Some((object.name.clone(), object.launch?)))
        .collect();
    for object in &mut objects {
        // What comes off a flight is named after it, with a slash, and rose with it.
        if let Some((parent, _)) = object.name.split_once('/')
            && object.launch.is_none()
        {
            object.launch = launches.get(parent).copied();
        }
    }
    objects
}
