//! The live engine: accepted items go in, the picture of now comes out at once.
//!
//! ```text
//! items ─ Register (sensors, names) ─► Scenes (one timeline for all ─┬ look: what changed
//!                                      pictures that hold the same)  ├ Book: digests, compared with partners
//!                                                                    ├ Knowledge: phase and height, for rules
//!                                                                    └ Given: own tracks and warnings
//! ```
//!
//! A node has its own picture of everything it holds, one of its own plots alone (what it would know without partners,
//! and all that it may give away as tracks), and one for each circle of owners that all hold the same. Nothing here
//! reads a clock or does I/O; [`worker`] is the thread that does.

mod compare;
mod doubts;
mod given;
mod knowledge;
mod latencies;
mod register;
mod scenes;
mod seen;
pub(crate) mod show;
mod sources;
#[cfg(test)]
mod tests;
pub mod worker;

use std::collections::BTreeMap;
use std::sync::Arc;

use geo::Time;
use share::digest::{Book, BookLimits, Circle, DigestError};
use share::item::{Body, Item, ItemId, WarningNote};
use track::{Forecast, Row};
use warn::EXISTENCE_MIN;

pub use compare::{Found, Letters};
pub use doubts::{DoubtShown, Judged};
pub use given::Given;
pub use knowledge::Knowledge;
pub use latencies::Latencies;
pub use register::full_name;
pub use seen::Seen;
pub use show::{AreaShown, PictureShown, TrackShown};

use doubts::Doubts;
use register::Register;
use scenes::{Scenes, View};
use seen::Foretold;
use sources::Sources;

/// Warnings of partners that are kept, the newest.
const NOTES_MAX: usize = 1_000;
/// A silence is at least so long, s: what a partner that fetches sends comes in steps.
const PATIENCE_MIN_S: f64 = 1.0;

/// How an engine is set up.
#[derive(Clone, Debug)]
pub struct EngineOptions {
    /// Whose node it is.
    pub own: Arc<str>,
    /// Whether it works on an exercise: what is of the other kind changes no picture.
    pub exercise: bool,
    /// Plots older than the newest by more than this change no track. The same at all nodes of a circle.
    pub lag_s: f64,
    /// How far apart the states are from which late plots are taken in.
    pub checkpoint_s: f64,
    /// The circles that have a picture of their own; see [`share::digest::circles`].
    pub circles: Vec<Circle>,
    /// What is kept to compare pictures.
    pub book: BookLimits,
    /// Plots that wait for their sensor, at most: the oldest are dropped and counted.
    pub waiting_max: usize,
    /// Forecasts made in one look, at most: the others come with the next.
    pub forecasts_max: usize,
    /// How often a track is given to partners who get no plots.
    pub given_each_s: f64,
}

impl EngineOptions {
    /// What is usual for an owner and its circles.
    pub fn new(own: Arc<str>, circles: Vec<Circle>) -> Self {
        Self {
            own,
            exercise: false,
            lag_s: 10.0,
            checkpoint_s: 0.1,
            circles,
            book: BookLimits::default(),
            waiting_max: 100_000,
            forecasts_max: 4,
            given_each_s: 1.0,
        }
    }
}

/// What became of the items.
#[derive(Copy, Clone, Debug, Default, PartialEq, Eq)]
pub struct EngineCounts {
    /// Items that came.
    pub items: u64,
    /// Plots, coarse ones and tracks that are in a picture.
    pub used: u64,
    /// Older than the lag when they came: they are in the log, and in no picture.
    pub late: u64,
    /// Of an exercise where this is real, or the other way round.
    pub other_mode: u64,
    /// Plots that wait for their sensor.
    pub waiting: u64,
    /// Plots that waited for their sensor too long.
    pub without_sensor: u64,
    /// Sensors that another description is known of: the first holds.
    pub sensor_changed: u64,
}

/// What is new since the last look.
#[derive(Clone, Debug, Default)]
pub struct Look {
    /// Objects of the own picture that changed, as they are now; sensors by their place in [`Engine::sensors`].
    pub changed: Vec<Row>,
    /// Forecasts that were due, of the own picture.
    pub forecasts: Vec<Forecast>,
    /// What the owner may give to partners who get no plots.
    pub given: Vec<Given>,
    /// Sensors that are believed otherwise from now on, by their names in pictures.
    pub judged: Judged,
    /// Origin and time of measurement of the plots that are in the picture for the first time.
    pub fused: Vec<(Arc<str>, Time)>,
}

/// When something was first known, in times of measurement.
#[derive(Copy, Clone, Debug, Default, PartialEq)]
pub struct Firsts {
    /// The first object was confirmed.
    pub track: Option<Time>,
    /// The first ground area could be said.
    pub warning: Option<Time>,
    /// The first ground area whose longest diameter (95 %) is below [`KNOWN_M`].
    pub known: Option<Time>,
}

/// A ground area is known when its longest diameter is smaller, m.
pub const KNOWN_M: f64 = 100e3;

impl Firsts {
    fn note(&mut self, rows: bool, forecasts: &[Forecast], now: Option<Time>) {
        let Some(now) = now else { return };
        if rows {
            self.track.get_or_insert(now);
        }
        let areas = forecasts.iter().filter(|forecast| forecast.existence >= EXISTENCE_MIN);
        for area in areas.filter_map(|forecast| show::whole_area(&forecast.arrival)) {
            self.warning.get_or_insert(now);
            if 2.0 * area.major_m < KNOWN_M {
                self.known.get_or_insert(now);
            }
        }
    }
}

/// The engine of one node.
#[derive(Debug)]
pub struct Engine {
    options: EngineOptions,
    register: Register,
    scenes: Scenes,
    book: Book,
    compare: compare::Compare,
    sources: Sources,
    given: given::Giver,
    notes: BTreeMap<(Arc<str>, Arc<str>), WarningNote>,
    fused: Vec<(Arc<str>, Time)>,
    counts: EngineCounts,
    firsts: [Firsts; 2],
    doubts: Doubts,
    /// What was judged at rest, until the next look tells it.
    judged: Judged,
    /// The newest forecast of each track, of the own picture and of own plots alone.
    foretold: [Foretold; 2],
}

impl Engine {
    /// Begins without anything.
    pub fn new(options: EngineOptions) -> Self {
        let mut book = Book::new(options.book);
        for circle in &options.circles {
            book.open(circle);
        }
        Self {
            register: Register::new(options.waiting_max),
            scenes: Scenes::new(&options),
            book,
            compare: compare::Compare::new(&options),
            sources: Sources::default(),
            given: given::Giver::new(options.own.clone(), options.given_each_s),
            notes: BTreeMap::new(),
            fused: Vec::new(),
            counts: EngineCounts::default(),
            firsts: [Firsts::default(); 2],
            doubts: Doubts::default(),
            judged: Judged::default(),
            foretold: Default::default(),
            options,
        }
    }

    /// Takes in an accepted item, its own or a partner's; under its label it is in the pictures of its circles too.
    pub fn take(&mut self, id: ItemId, item: &Item) {
        self.counts.items += 1;
        self.put(id, item, true);
    }

    /// Takes in an own item as it was released, for the pictures of the circles that hold it from now on.
    pub fn release(&mut self, id: ItemId, item: &Item) {
        self.put(id, item, false);
    }

    fn put(&mut self, id: ItemId, item: &Item, is_accepted: bool) {
        if item.label.exercise != self.options.exercise {
            self.counts.other_mode += 1;
            return;
        }
        match &item.body {
            Body::Sensor(sensor) => self.admit(item, sensor),
            Body::Warning(note) => self.note(item, note),
            Body::Plot(plot) if self.register.name(&item.origin, &plot.sensor).is_none() => {
                if is_accepted || *item.origin == *self.options.own {
                    self.register.wait(id, item, is_accepted);
                }
            }
            Body::Plot(_) | Body::Coarse(_) | Body::Track(_) => self.place(id, item, is_accepted),
        }
    }

    fn admit(&mut self, item: &Item, sensor: &plot::Sensor) {
        match self.register.admit(&item.origin, sensor) {
            register::Admitted::Known => {}
            register::Admitted::Changed => self.counts.sensor_changed += 1,
            register::Admitted::New(sensor) => {
                self.scenes.admit(&sensor);
                for (id, item, is_accepted) in self.register.released(&sensor.name) {
                    self.place(id, &item, is_accepted);
                }
            }
        }
    }

    fn note(&mut self, item: &Item, note: &WarningNote) {
        if *item.origin == *self.options.own {
            return;
        }
        let key = (item.origin.clone(), note.track.clone());
        let is_newer = self.notes.get(&key).is_none_or(|known| known.time <= note.time);
        if is_newer {
            self.notes.insert(key, note.clone());
        }
        while self.notes.len() > NOTES_MAX {
            let oldest = self
                .notes
                .iter()
                .min_by_key(|(_, note)| note.time)
                .map(|(key, _)| key.clone());
            if let Some(oldest) = oldest {
                self.notes.remove(&oldest);
            }
        }
    }

    /// Puts an item into the pictures that hold it.
    fn place(&mut self, id: ItemId, item: &Item, is_accepted: bool) {
        let Some(entry) = self.register.entry(item, &mut self.scenes) else {
            return;
        };
        let is_own = *item.origin == *self.options.own;
        let is_plot = matches!(item.body, Body::Plot(_));
        let holds = |view: &View| match view {
            View::Whole => is_accepted && (!is_own || is_plot),
            View::Alone => is_accepted && is_own && is_plot,
            View::Shared(circle) => circle.may_have(&item.label),
        };
        for circle in self
            .options
            .circles
            .iter()
            .filter(|circle| circle.may_have(&item.label))
        {
            self.book.item(circle, (entry.time(), id));
            self.sources.note(id, entry.source());
        }
        match self.scenes.add(&entry, holds) {
            Some(track::Fate::Taken) => {
                self.counts.used += 1;
                if is_plot {
                    self.fused.push((item.origin.clone(), entry.time()));
                }
            }
            Some(track::Fate::Late) => self.counts.late += 1,
            _ => {}
        }
    }

    /// Whether anything came since the last look that changes the node's own pictures.
    pub fn has_news(&self) -> bool {
        self.scenes.has_news()
    }

    /// Looks at the picture: what is new in it since the last look. Where nothing came, it is made to the last bit,
    /// which is much work: not while plots may come.
    pub fn look(&mut self) -> Look {
        self.scenes.look(self.options.forecasts_max);
        for (at, view) in [View::Whole, View::Alone].iter().enumerate() {
            let (newest, changed, forecasts) = self.scenes.looked(view);
            self.firsts[at].note(!changed.is_empty(), forecasts, newest);
            self.foretold[at].note(forecasts);
        }
        let (_, own, foretold) = self.scenes.looked(&View::Alone);
        let given = self.given.give(own, foretold, self.scenes.sensors(&View::Alone));
        let (_, changed, forecasts) = self.scenes.looked(&View::Whole);
        let (changed, forecasts) = (changed.to_vec(), forecasts.to_vec());
        let judged = self.scenes.settle(&mut self.book);
        self.note_judged(judged);
        Look {
            changed,
            forecasts,
            given,
            judged: std::mem::take(&mut self.judged),
            fused: match self.scenes.has_missing(&View::Whole) {
                true => Vec::new(),
                false => std::mem::take(&mut self.fused),
            },
        }
    }

    /// Works ahead while no item waits, for a moment; whether there was anything to do.
    pub fn ponder(&mut self) -> bool {
        self.scenes.ponder()
    }

    /// For how long no item may come, of measurement time, until nothing that was measured before is waited for: the
    /// lag, or a second where that is longer. What comes then is later than that.
    pub fn patience_s(&self) -> f64 {
        self.options.lag_s.max(PATIENCE_MIN_S)
    }

    /// Settles what there is: nothing has come for [`Engine::patience_s`]. Whichever sensor was heard last, and in
    /// whatever order, nodes that hold the same have then settled the same.
    pub fn rest(&mut self, now: Time) {
        let judged = self.scenes.rest(now, &mut self.book);
        self.note_judged(judged);
    }

    /// Settles each picture to which nothing has come for [`Engine::patience_s`]; whether that is all of them.
    pub fn rest_quiet(&mut self, now: Time) -> bool {
        let (judged, is_all) = self.scenes.rest_quiet(now, self.patience_s(), &mut self.book);
        self.note_judged(judged);
        is_all
    }

    /// Settles everything: no item will come any more.
    pub fn finish(&mut self) {
        let judged = self.scenes.finish(&mut self.book);
        self.note_judged(judged);
    }

    fn note_judged(&mut self, judged: Judged) {
        self.doubts.note(&judged);
        self.judged.extend(judged);
    }

    /// The sensors, of all owners, that are not believed as they are, with what is wrong.
    pub fn doubted(&self) -> Vec<DoubtShown> {
        self.doubts.shown()
    }

    /// The sensors of the own picture, by owner and name; names begin with the owner's.
    pub fn sensors(&self) -> &plot::Sensors {
        self.scenes.sensors(&View::Whole)
    }

    /// What every object of the own plots alone is doing, to ask of plots to come.
    pub fn knowledge(&self) -> Knowledge {
        Knowledge::new(&self.scenes.rows(&View::Alone))
    }

    /// What is kept to compare pictures with partners.
    pub fn book(&mut self) -> &mut Book {
        &mut self.book
    }

    /// What is to be said to partners of cycles that are settled, or changed, since this was last asked.
    pub fn statements(&mut self) -> Letters {
        self.compare.statements(&mut self.book)
    }

    /// Takes what a partner says of its cycles; what to answer. Errors: [`DigestError`], and then nothing changed.
    pub fn hear(&mut self, partner: &str, octets: &[u8]) -> Result<Letters, DigestError> {
        self.compare.hear(partner, octets, &mut self.book)
    }

    /// A partner can be reached again: what was said lately may not have come.
    pub fn greet(&mut self, partner: &str) {
        self.book.say_again(partner);
    }

    /// What comparisons found since this was last asked.
    pub fn found(&mut self) -> Vec<Found> {
        self.compare.found(&self.sources)
    }

    /// What became of the items.
    pub fn counts(&self) -> EngineCounts {
        EngineCounts {
            waiting: self.register.waiting() as u64,
            without_sensor: self.register.dropped(),
            ..self.counts
        }
    }

    /// How many timelines there are: one for all pictures that hold the same.
    pub fn timelines(&self) -> usize {
        self.scenes.count()
    }

    /// How many objects the own picture has.
    pub fn tracks(&self) -> usize {
        self.scenes.objects(&View::Whole)
    }

    /// The own picture as people and programs read it, and that of own plots alone.
    pub fn shown(&self) -> [PictureShown; 2] {
        let of = |view: View, at: usize| {
            let rows = self.scenes.rows(&view);
            show::picture(
                &rows,
                self.scenes.sensors(&view),
                self.foretold[at].all(),
                self.firsts[at],
            )
        };
        [of(View::Whole, 0), of(View::Alone, 1)]
    }

    /// The own picture as it is now, and that of own plots alone, to be worked on elsewhere: costs hardly anything.
    pub fn seen(&self) -> [Seen; 2] {
        [(View::Whole, 0), (View::Alone, 1)].map(|(view, at)| Seen {
            tracker: self.scenes.seen(&view).cloned(),
            sensors: self.scenes.sensors(&view).clone(),
            foretold: self.foretold[at].all().clone(),
            firsts: self.firsts[at],
        })
    }

    /// What partners warn of who give nothing else: the owner, and what it says.
    pub fn notes(&self) -> impl Iterator<Item = (&Arc<str>, &WarningNote)> {
        self.notes.iter().map(|((origin, _), note)| (origin, note))
    }
}
