//! One timeline for all pictures that hold the same; it is copied when a plot is in some of them only.

use std::collections::VecDeque;
use std::sync::Arc;

use plot::{Sensor, Sensors};
use share::coarse::ROUND_S;
use share::digest::{Book, Circle};
use track::associate::Sequential;
use track::{Fate, Forecast, Options, Row, Timeline, TimelineOptions, Tracker};

use super::EngineOptions;
use super::doubts::Judged;
use super::register::Entry;
use geo::Time;

/// Which picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum View {
    /// Everything that the node holds.
    Whole,
    /// The own plots.
    Alone,
    /// What all of a circle hold.
    Shared(Circle),
}

/// The pictures that hold the same.
#[derive(Debug)]
struct Scene {
    views: Vec<View>,
    timeline: Timeline,
    /// The last look.
    seen: Option<Tracker>,
    /// Whether anything came since.
    is_stale: bool,
    /// The same, since the last time it was seen whether anything is to be settled.
    has_come: bool,
    /// What changed between the last two looks, and what was foretold in the last.
    changed: Vec<Row>,
    forecasts: Vec<Forecast>,
    /// The newest plot.
    newest: Option<Time>,
    /// Whether anything came since it was last seen whether something did, and when that was; `None`: it is settled.
    is_new: bool,
    came: Option<Time>,
    /// Rows that were settled while no circle asked for them are not kept.
    settled_ns: i64,
}

/// All of them.
#[derive(Debug)]
pub(super) struct Scenes {
    list: VecDeque<Scene>,
}

/// What is settled is entered each so often, of measurement time.
const SETTLE_NS: i64 = 200_000_000;
/// Plots whose worth of work is done at once while none waits: what comes then waits for so long.
const PONDERED: usize = 16;

impl Scenes {
    pub fn new(options: &EngineOptions) -> Self {
        let timing = TimelineOptions {
            lag_s: options.lag_s,
            checkpoint_s: options.checkpoint_s,
        };
        let timeline = Timeline::new(&Sensors::default(), timing, Options::default());
        let circles = options.circles.iter().cloned().map(View::Shared);
        let all = Scene {
            views: [View::Whole, View::Alone].into_iter().chain(circles).collect(),
            timeline,
            seen: None,
            is_stale: false,
            has_come: false,
            changed: Vec::new(),
            forecasts: Vec::new(),
            newest: None,
            is_new: false,
            came: None,
            settled_ns: i64::MIN,
        };
        Self {
            list: VecDeque::from([all]),
        }
    }

    pub fn count(&self) -> usize {
        self.list.len()
    }

    /// Makes a sensor known in all pictures.
    pub fn admit(&mut self, sensor: &Sensor) {
        for scene in &mut self.list {
            // Full names are unique: a sensor is admitted once.
            if scene.timeline.admit(sensor.clone()).is_ok() {
                // The places of sensors in the last look may have moved: what it held is looked at again.
                scene.is_stale |= scene.seen.take().is_some();
            }
        }
    }

    /// Adds an item to the pictures that hold it; what became of it in the own picture.
    pub fn add(&mut self, entry: &Entry, holds: impl Fn(&View) -> bool) -> Option<Fate> {
        let mut of_whole = None;
        let mut parted = Vec::new();
        for scene in &mut self.list {
            let in_it = scene.views.iter().filter(|view| holds(view)).count();
            if in_it == 0 {
                continue;
            }
            if in_it < scene.views.len() {
                parted.push(scene.part(&holds));
            }
            let fate = scene.add(entry);
            if scene.views.contains(&View::Whole) {
                of_whole = fate;
            }
        }
        self.list.extend(parted);
        of_whole
    }

    fn of(&self, view: &View) -> Option<&Scene> {
        self.list.iter().find(|scene| scene.views.contains(view))
    }

    /// Whether anything came since the last look that is in one of the node's own pictures.
    pub fn has_news(&self) -> bool {
        self.list.iter().any(|scene| scene.is_own() && scene.is_stale)
    }

    /// Looks at the node's own pictures, with so many forecasts at most. Where nothing came, they are made to the last
    /// bit.
    pub fn look(&mut self, forecasts_max: usize) {
        let newest_ns = self
            .list
            .iter()
            .filter_map(|scene| scene.newest)
            .max()
            .map_or(0, Time::tai_ns);
        let is_idle = !self.has_news();
        for scene in self.list.iter_mut().filter(|scene| scene.is_own()) {
            scene.changed.clear();
            let is_stale = std::mem::take(&mut scene.is_stale);
            let is_behind = scene
                .newest
                .is_some_and(|newest| newest_ns - newest.tai_ns() > SETTLE_NS);
            if is_stale || ((is_idle || is_behind) && !scene.timeline.is_exact()) {
                // At once while plots come, to the last bit when none does.
                let now = match is_stale {
                    true => scene.timeline.preview(&Sequential),
                    false => scene.timeline.picture(&Sequential),
                };
                scene.changed = match &scene.seen {
                    Some(before) => now.changed(before),
                    None => now.tracks(),
                };
                scene.seen = Some(now);
            }
            scene.forecasts = scene.timeline.forecasts_now(forecasts_max, &Sequential);
        }
    }

    /// Works ahead on the node's own pictures, some plots' worth; whether there was anything to do.
    pub fn ponder(&mut self) -> bool {
        let mut own = self.list.iter_mut().filter(|scene| scene.is_own());
        own.any(|scene| scene.timeline.ponder(PONDERED, &Sequential))
    }

    /// When the newest plot of a picture was measured, what changed in it with the last look, and what was foretold.
    pub fn looked(&self, view: &View) -> (Option<Time>, &[Row], &[Forecast]) {
        match self.of(view) {
            Some(scene) => (scene.newest, &scene.changed, &scene.forecasts),
            None => (None, &[], &[]),
        }
    }

    /// The objects of the last look at a picture.
    pub fn rows(&self, view: &View) -> Vec<Row> {
        let seen = self.of(view).and_then(|scene| scene.seen.as_ref());
        seen.map_or_else(Vec::new, Tracker::tracks)
    }

    /// The last look at a picture.
    pub fn seen(&self, view: &View) -> Option<&Tracker> {
        self.of(view)?.seen.as_ref()
    }

    /// Whether the last look at a picture lacks what came late, until it is worth the work.
    pub fn has_missing(&self, view: &View) -> bool {
        self.of(view).is_some_and(|scene| scene.timeline.has_missing())
    }

    /// How many objects there were in the last look at a picture.
    pub fn objects(&self, view: &View) -> usize {
        let seen = self.of(view).and_then(|scene| scene.seen.as_ref());
        seen.map_or(0, |seen| seen.count().1)
    }

    /// The sensors of a picture, as its rows name them.
    pub fn sensors(&self, view: &View) -> &Sensors {
        let scene = self.of(view).unwrap_or(&self.list[0]);
        scene.timeline.sensors()
    }

    /// Enters what is settled into the book, where it is time; which sensors are believed otherwise from then on, by
    /// the picture of everything.
    pub fn settle(&mut self, book: &mut Book) -> Judged {
        let mut judged = Judged::new();
        for scene in &mut self.list {
            let newest_ns = scene.newest.map_or(i64::MIN, Time::tai_ns);
            // Where nothing comes any more, all nodes are to have settled the same.
            let is_idle = !std::mem::take(&mut scene.has_come) && newest_ns > scene.settled_ns;
            if is_idle || newest_ns.saturating_sub(scene.settled_ns) > SETTLE_NS {
                scene.settled_ns = newest_ns;
                let (rows, _) = scene.timeline.settle(&Sequential);
                scene.enter(&rows, book);
                judged.extend(scene.judged());
            }
        }
        judged
    }

    /// Enters all that it holds, of before now: no clock that is ahead keeps out what comes later. The same.
    pub fn rest(&mut self, now: Time, book: &mut Book) -> Judged {
        let mut judged = Judged::new();
        for scene in &mut self.list {
            judged.extend(scene.rest(now, book));
        }
        judged
    }

    /// The same, for each picture to which nothing came for longer than this; whether all are settled so. When a
    /// partner hears of the picture that it shares does not depend on what others are given, or nobody is.
    pub fn rest_quiet(&mut self, now: Time, patience_s: f64, book: &mut Book) -> (Judged, bool) {
        let mut judged = Judged::new();
        for scene in &mut self.list {
            if std::mem::take(&mut scene.is_new) {
                scene.came = Some(now);
            } else if scene.came.is_some_and(|came| now - came > patience_s) {
                judged.extend(scene.rest(now, book));
            }
        }
        (judged, self.list.iter().all(|scene| scene.came.is_none()))
    }

    /// Enters everything; the same.
    pub fn finish(&mut self, book: &mut Book) -> Judged {
        let mut judged = Judged::new();
        for scene in &mut self.list {
            let (rows, _) = scene.timeline.finish(&Sequential);
            scene.enter(&rows, book);
            judged.extend(scene.judged());
        }
        judged
    }
}

impl Scene {
    /// Whether it is looked at: one of the node's own pictures.
    fn is_own(&self) -> bool {
        self.views.iter().any(|view| view.circle().is_none())
    }

    /// Enters all that it holds, of before now.
    fn rest(&mut self, now: Time, book: &mut Book) -> Judged {
        (self.has_come, self.is_new, self.came) = (false, false, None);
        self.settled_ns = self.newest.map_or(i64::MIN, Time::tai_ns);
        let (rows, _) = self.timeline.settle_held(now, &Sequential);
        self.enter(&rows, book);
        self.judged()
    }

    /// Takes the pictures out that do not hold something, as a scene of their own.
    fn part(&mut self, holds: &impl Fn(&View) -> bool) -> Self {
        let (with, without) = std::mem::take(&mut self.views).into_iter().partition(holds);
        self.views = with;
        Self {
            views: without,
            timeline: self.timeline.clone(),
            seen: self.seen.clone(),
            is_stale: self.is_stale,
            has_come: self.has_come,
            changed: Vec::new(),
            forecasts: Vec::new(),
            newest: self.newest,
            is_new: self.is_new,
            came: self.came,
            settled_ns: self.settled_ns,
        }
    }

    fn add(&mut self, entry: &Entry) -> Option<Fate> {
        let fate = match entry {
            Entry::Plot(plot, coarse) if coarse.is_empty() => self.timeline.add(plot),
            Entry::Plot(plot, coarse) => self.timeline.add_measured(plot, coarse, ROUND_S),
            Entry::Coarse(plot) => self.timeline.add_coarse(plot, ROUND_S),
            Entry::Track(report) => self.timeline.report(report),
        };
        // What changes nothing is no reason to look again: much of it comes when a partner catches up.
        self.is_stale |= !matches!(fate, Ok(Fate::Late | Fate::Duplicate | Fate::WithoutSigma));
        self.has_come = true;
        self.is_new = true;
        self.newest = self.newest.max(Some(entry.time()));
        fate.ok()
    }

    /// Takes out which sensors are believed otherwise, of the picture of everything; drops what nobody asks for.
    fn judged(&mut self) -> Judged {
        self.timeline.skip();
        let events = self.timeline.drain_sensor_events().into_iter();
        let sensors = self.timeline.sensors().as_slice();
        let is_told = self.views.contains(&View::Whole);
        events
            .filter(|_| is_told)
            .map(|event| (sensors[event.sensor].name.clone(), event))
            .collect()
    }

    /// Enters settled rows into the book, for the circles whose picture this is.
    fn enter(&self, rows: &[Row], book: &mut Book) {
        let circles: Vec<&Circle> = self.views.iter().filter_map(View::circle).collect();
        if circles.is_empty() {
            return;
        }
        let sensors = self.timeline.sensors().as_slice();
        for row in rows {
            let octets = octets(row, sensors);
            circles.iter().for_each(|circle| book.row(circle, row.time, &octets));
        }
        let before = self.timeline.settled_before();
        circles.iter().for_each(|circle| book.settle(circle, before));
    }
}

impl View {
    fn circle(&self) -> Option<&Circle> {
        match self {
            Self::Shared(circle) => Some(circle),
            Self::Whole | Self::Alone => None,
        }
    }
}

/// Every bit of a row, sensors by name: nodes may know others that saw nothing.
fn octets(row: &Row, sensors: &[Sensor]) -> Vec<u8> {
    let mut octets = Vec::with_capacity(400);
    octets.extend(row.time.tai_ns().to_le_bytes());
    octets.extend(row.track.digest().to_le_bytes());
    octets.extend(row.phase.name().as_bytes());
    octets.extend(row.existence.to_bits().to_le_bytes());
    let belief = row.belief.mean.iter().chain(row.belief.covariance.iter());
    octets.extend(belief.flat_map(|value| value.to_bits().to_le_bytes()));
    octets.extend(row.plots.to_le_bytes());
    let mut names: Vec<&Arc<str>> = row.sensors.iter().map(|at| &sensors[*at].name).collect();
    names.sort_unstable();
    for name in names {
        octets.extend(name.as_bytes());
        octets.push(0);
    }
    octets
}
