//! The thread that decides: events go in, what the exchange wants done is done.
//!
//! It waits for nothing but events. What is queued is taken together: the plots of all feeds that wait become one
//! batch, which is decided, framed and sent before anything is looked at again. Disk, network, tracker and HTTP have
//! threads of their own.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use plot::Sensor;
use share::exchange::limits::TICK_S;
use share::exchange::{Delivered, Exchange, Input, Kept, Output, OwnItem, Reason, Refused, Topic};
use share::item::{Body, ByItem, Item, ItemId};
use share::store::Batch;

use super::Event;
use super::belief::Belief;
use super::channel::Channel;
use super::counts::{PartnerCounts, Tallies};
use super::known;
use super::own;
use super::pace::Pace;
use super::policy::Policies;
use super::reader::Reader;
use super::reopen::Opener;
use super::roster_watch::Rosters;
use super::rules::Released;
use crate::clock::{ClockNews, NodeClock, Watch, both, steady_ns};
use crate::engine::worker::{self, ToEngine, Told};
use crate::feed::{Fed, Permits};
use crate::link::LinkEvent;
use crate::log::Repeats;
use crate::metrics::Hop;
use crate::store::{GroupCommit, NotTaken, StoreEvent};
use crate::urgency::Urgency;
use crate::web;

/// Events that are taken together at most.
const EVENTS_MAX: usize = 1_024;
/// Own items in one step of the exchange at most, but for sensors that are told beside their first plots.
const ITEMS_MAX: usize = 256;
/// Steps with own items before other events are looked at again, at most.
const STEPS_MAX: usize = EVENTS_MAX / ITEMS_MAX;
/// Own items whose fate the exchange has not told yet; the oldest are forgotten first.
const PENDING_MAX: usize = 1 << 17;
/// Own tracks that wait until the disk keeps up; then no more are given.
const HELD_MAX: usize = 4_096;
/// How often the status is made anew, ns.
const SHOWN_EACH_NS: i64 = 200_000_000;
/// How often the wall clock is looked at, ns.
const CLOCK_EACH_NS: i64 = 1_000_000_000;
/// Who lacks so many frames of a partner, and fetches them, does not hurry: it would keep others from what is of now.
const FRAMES_BEHIND: u64 = 1_000;
/// How long the end waits for the disk, ns.
const FAREWELL_NS: i64 = 5_000_000_000;

/// Why the thread ended.
#[derive(Debug, PartialEq, Eq)]
pub enum Ending {
    /// It was told to, and everything is on disk.
    Stopped,
    /// It was told to, and the disk did not take everything in time.
    NotDurable,
    /// The store failed.
    StoreFailed(String),
}

/// Everything the thread works with.
pub(super) struct Core {
    pub owner: Arc<str>,
    pub exercise: bool,
    pub clock: NodeClock,
    pub watch: Watch,
    pub exchange: Exchange,
    pub events: Receiver<Event>,
    pub commit: GroupCommit,
    pub reader: Reader,
    pub channels: BTreeMap<Arc<str>, Channel>,
    pub engine: SyncSender<ToEngine>,
    pub engine_board: Arc<worker::Board>,
    pub sensors: BTreeMap<Arc<str>, Sensor>,
    pub permits: Vec<Arc<Permits>>,
    pub picture: web::Feed,
    pub released: Released,
    pub belief: Belief,
    pub rosters: Rosters,
    pub opener: Opener,
    pub tallies: Tallies,
    pub urgency: Urgency,
    pub state: State,
}

/// What changes as it runs.
#[derive(Default)]
pub(super) struct State {
    /// Own items that were offered: what they are, and when the plot was read.
    pending: ByItem<(Arc<Item>, i64)>,
    pending_order: VecDeque<ItemId>,
    /// Own items, other than plots of feeds, that were not offered yet.
    held: VecDeque<OwnItem>,
    /// Sensors whose description was offered with their first plot.
    announced: HashSet<Arc<str>>,
    /// Batches that the store had no room for yet, in their order.
    unsubmitted: VecDeque<(u64, Batch)>,
    /// The last batch that the exchange wanted written.
    written: Option<u64>,
    /// Batches that are not durable, with the time of the oldest plot in each.
    undurable: VecDeque<(u64, Option<i64>)>,
    /// When the oldest plot of this step was read.
    step_oldest_ns: Option<i64>,
    pub counts: BTreeMap<Arc<str>, PartnerCounts>,
    pub plots_own: u64,
    pub engine_skipped: AtomicU64,
    /// Events that waited together at most, since the status was made.
    pub events_found: usize,
    pub store: StoreState,
    pub policy: Policies,
    repeats: Repeats,
}

impl State {
    /// Nothing happened yet.
    pub(super) fn new(policy: Policies) -> Self {
        Self {
            policy,
            ..Self::default()
        }
    }
}

/// What the thread was told of its end.
#[derive(Copy, Clone, Debug, Default)]
struct Signals {
    stop: bool,
    feeds_closed: bool,
}

/// How the store is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum StoreState {
    #[default]
    Good,
    Full,
    Failed(String),
}

impl Core {
    /// Runs until it is told to stop and everything is on disk, or the store fails.
    pub(super) fn run(&mut self, mut close_feeds: impl FnMut()) -> Ending {
        let tick_ns = (TICK_S * 1e9) as i64;
        let (mut tick_due, mut shown_due, mut clock_due) = (0, 0, 0);
        // As many as the feeds have permits for: what is not taken in is not given back to them.
        let (mut plots, mut pace): (VecDeque<Fed>, Pace) = Default::default();
        let (mut stopping, mut last_own) = (None, None);
        let mut told = Signals::default();
        loop {
            let wait_ns = (tick_due - steady_ns()).max(0);
            let wait_ns = match !plots.is_empty() && self.exchange.may_accept() {
                true => wait_ns.min(pace.wait_ns(steady_ns())),
                false => wait_ns,
            };
            self.take(Duration::from_nanos(wait_ns as u64), &mut plots, &mut told);
            if told.stop && stopping.is_none() {
                stopping = Some(steady_ns());
                tracing::info!("stopping: feeds are closed, then what is queued is written");
                close_feeds();
            }
            self.offer_held();
            if !plots.is_empty() && pace.wait_ns(steady_ns()) == 0 {
                pace.spend(steady_ns(), plots.len());
                self.accept(&mut plots);
            }
            let now_ns = steady_ns();
            if now_ns >= tick_due {
                tick_due = now_ns + tick_ns;
                self.resubmit();
                self.look_at_belief();
                self.step(Input::Tick);
            }
            if now_ns >= clock_due {
                clock_due = now_ns + CLOCK_EACH_NS;
                self.look_at_clock();
            }
            if now_ns >= shown_due {
                shown_due = now_ns + SHOWN_EACH_NS;
                self.show(stopping.is_some(), plots.len());
                let is_behind = self.is_behind();
                self.urgency.set(!is_behind);
                self.engine_board.rest(is_behind);
            }
            self.tallies.board.beat(now_ns);
            if let StoreState::Failed(why) = &self.state.store {
                return Ending::StoreFailed(why.clone());
            }
            if let Some(since_ns) = stopping
                && told.feeds_closed
            {
                // What partners go on sending is theirs to send again; what feeds brought is not.
                let is_taken_in = plots.is_empty() && self.state.held.is_empty() && !self.exchange.is_accepting();
                if is_taken_in && self.is_durable(*last_own.get_or_insert(self.state.written)) {
                    return Ending::Stopped;
                }
                if now_ns - since_ns > FAREWELL_NS {
                    return Ending::NotDurable;
                }
            }
        }
    }

    /// Whether much of what partners sent is still to be fetched.
    fn is_behind(&self) -> bool {
        let partners = self.exchange.status().partners.into_iter();
        let lacking = partners.map(|partner| partner.head.saturating_sub(partner.contiguous));
        lacking.max() > Some(FRAMES_BEHIND)
    }

    /// Waits for an event, and takes what else is there: plots are gathered, the rest is done.
    fn take(&mut self, wait: Duration, plots: &mut VecDeque<Fed>, told: &mut Signals) {
        let mut next = self.events.recv_timeout(wait).ok();
        for taken in 1..=EVENTS_MAX {
            let Some(event) = next else { return };
            self.state.events_found = self.state.events_found.max(taken);
            match event {
                Event::Plot(fed) => plots.push_back(*fed),
                Event::Stop => told.stop = true,
                Event::FeedsClosed => told.feeds_closed = true,
                event => self.on(event),
            }
            next = if taken < EVENTS_MAX {
                self.events.try_recv().ok()
            } else {
                None
            };
        }
    }

    /// Whether a batch and all before it are on the disk.
    fn is_durable(&self, token: Option<u64>) -> bool {
        let first = self.state.undurable.front().map(|(first, _)| *first);
        token.is_none_or(|token| first.is_none_or(|first| first > token))
    }

    /// Decides, frames and sends what feeds brought, as long as the disk keeps up; the rest waits.
    fn accept(&mut self, plots: &mut VecDeque<Fed>) {
        if plots.is_empty() {
            return;
        }
        let knowledge = self.engine_board.knowledge();
        for _ in 0..STEPS_MAX {
            if plots.is_empty() || !self.exchange.may_accept() {
                return;
            }
            let now_ns = steady_ns();
            let (mut items, mut times) = (Vec::new(), Vec::new());
            let mut taken = vec![0; self.permits.len()];
            for fed in plots.drain(..plots.len().min(ITEMS_MAX)) {
                taken[fed.feed] += 1;
                self.tallies.hop(Hop::Queued, fed.at_ns, now_ns);
                let Some(sensor) = self.sensors.get(&fed.plot.sensor) else {
                    continue;
                };
                items.push(own::of_plot(fed.plot, sensor, self.exercise, &knowledge));
                times.push(fed.at_ns);
                if self.state.announced.insert(sensor.name.clone()) {
                    items.push(own::of_sensor(sensor, &items[items.len() - 1].subject));
                    times.push(fed.at_ns);
                }
            }
            self.offer(items, &times);
            for (permits, taken) in self.permits.iter().zip(taken) {
                if taken > 0 {
                    permits.give(taken);
                }
            }
        }
    }

    /// Offers what came back or was made of tracks, as long as the disk keeps up.
    fn offer_held(&mut self) {
        while !self.state.held.is_empty() && self.exchange.may_accept() {
            let part = self.state.held.len().min(ITEMS_MAX);
            let items: Vec<OwnItem> = self.state.held.drain(..part).collect();
            let times = vec![steady_ns(); items.len()];
            self.offer(items, &times);
        }
    }

    /// Offers own items to the exchange.
    fn offer(&mut self, items: Vec<OwnItem>, times: &[i64]) {
        let label = super::own_label(&self.owner, self.exercise);
        for (item, at_ns) in items.iter().zip(times) {
            let item = Item {
                origin: self.owner.clone(),
                label: label.clone(),
                body: item.body.clone(),
            };
            let id = item.id();
            self.state.pending.insert(id, (Arc::new(item), *at_ns));
            self.state.pending_order.push_back(id);
        }
        while self.state.pending_order.len() > PENDING_MAX {
            if let Some(oldest) = self.state.pending_order.pop_front() {
                self.state.pending.remove(&oldest);
            }
        }
        self.state.step_oldest_ns = times.iter().copied().min();
        self.step(Input::Accept(items));
        self.state.step_oldest_ns = None;
        let sent_ns = steady_ns();
        for at_ns in times {
            self.tallies.hop(Hop::Sent, *at_ns, sent_ns);
        }
    }

    fn on(&mut self, event: Event) {
        match event {
            Event::Link(LinkEvent::Octets { from, lane, octets }) => {
                let from_ns = steady_ns();
                self.tallies.received(&from);
                self.step(Input::Octets { from, lane, octets });
                self.tallies.hop(Hop::Verified, from_ns, steady_ns());
            }
            Event::Link(LinkEvent::Up { partner }) => {
                tracing::info!(partner = &*partner, "the partner can be reached");
                self.tallies.up(&partner, true);
                self.tell_engine(ToEngine::Up {
                    partner: partner.clone(),
                });
                self.step(Input::Up {
                    partner: partner.clone(),
                });
                self.tell_roster(&partner);
            }
            Event::Link(LinkEvent::Down { partner }) => {
                tracing::warn!(partner = &*partner, "the partner cannot be reached");
                self.tallies.up(&partner, false);
                self.step(Input::Down { partner });
            }
            Event::Store(event) => self.on_store(event),
            Event::Pages { question, pages } => self.step(Input::Pages { question, pages }),
            Event::Engine(told) => self.on_engine(*told),
            Event::Policies(news) => self.on_policies(*news),
            Event::Rosters(news) => self.on_rosters(*news),
            Event::Reopened(reopened) => self.on_reopened(*reopened),
            Event::Plot(_) | Event::Stop | Event::FeedsClosed => {}
        }
    }

    fn on_store(&mut self, event: StoreEvent) {
        match event {
            StoreEvent::Durable { token } => {
                let now_ns = steady_ns();
                while let Some((first, oldest_ns)) = self.state.undurable.front()
                    && *first <= token
                {
                    if let Some(oldest_ns) = oldest_ns {
                        self.tallies.hop(Hop::Durable, *oldest_ns, now_ns);
                    }
                    self.state.undurable.pop_front();
                }
                self.step(Input::Durable {
                    token: share::exchange::Token(token),
                });
            }
            StoreEvent::Full => {
                tracing::error!("the disk is full: what is accepted waits in memory, then nothing more is accepted");
                self.state.store = StoreState::Full;
            }
            StoreEvent::Healed => {
                tracing::warn!("there is room on the disk again");
                self.state.store = StoreState::Good;
            }
            StoreEvent::Failed(error) => {
                tracing::error!("the store failed: {error}");
                self.state.store = StoreState::Failed(error.to_string());
            }
        }
    }

    fn on_engine(&mut self, told: Told) {
        for (to, octets) in told.digests {
            let topic = Topic::Digest;
            self.step(Input::Tell { to, topic, octets });
        }
        for found in &told.found {
            self.tallies.found(found);
        }
        for (partner, error) in told.refused {
            self.refused(Some(&partner), "digest", || error.to_string());
        }
        for (sensor, event) in &told.look.judged {
            self.tallies.judged(sensor, event);
        }
        let given = told.look.given.into_iter();
        let exercise = self.exercise;
        for item in given.filter_map(|given| own::of_given(given, exercise)) {
            // What a track was a while ago is of no use to anybody by then.
            if self.state.held.len() < HELD_MAX {
                self.state.held.push_back(item);
            } else {
                self.refused(None, Reason::Busy.name(), || {
                    "an own track: the disk is behind".to_owned()
                });
            }
        }
    }

    /// One step of the exchange, and what follows of it.
    pub(super) fn step(&mut self, input: Input) {
        let outputs = self.exchange.step(self.clock.now(), input);
        let mut released = self.take_released();
        let mut again: Vec<Input> = Vec::new();
        for output in outputs {
            match output {
                Output::Write { token, batch } => self.submit(token.0, batch),
                Output::Read { question, ranges } => self.reader.ask(self.state.written, question, ranges),
                Output::Send { to, lane, octets } => {
                    if let Some(channel) = self.channels.get_mut(&to) {
                        channel.send(lane, octets);
                    }
                }
                Output::Accepted { id } => self.accepted(id, &mut released),
                Output::Deliver(delivered) => again.extend(self.deliver(delivered)),
                Output::Recovered(item) => self.recovered(*item),
                Output::Told { from, topic, octets } => self.told(from, topic, octets),
                Output::Refused(Refused { from, reason, detail }) => {
                    self.say_refused(from.as_ref(), reason.name(), || detail);
                }
                Output::RulesHold { version, from } => self.on_rules_hold(version, from),
                Output::Withdraw { to } => {
                    if let Some(channel) = self.channels.get_mut(&to) {
                        channel.withdraw();
                    }
                }
                Output::Alarm(alarm) => tracing::error!("somebody has to look: {alarm:?}"),
            }
        }
        for (id, item) in released {
            self.tell_engine(ToEngine::Released(id, item));
        }
        for input in again {
            self.step(input);
        }
    }

    fn submit(&mut self, token: u64, batch: Batch) {
        self.state.written = Some(token);
        self.state.undurable.push_back((token, self.state.step_oldest_ns));
        self.state.unsubmitted.push_back((token, batch));
        self.resubmit();
    }

    /// Hands over what the store had no room for: in its order, or not at all.
    fn resubmit(&mut self) {
        while let Some((token, batch)) = self.state.unsubmitted.pop_front() {
            match self.commit.submit(token, batch) {
                Ok(()) => {}
                Err(NotTaken::Behind(batch)) => return self.state.unsubmitted.push_front((token, batch)),
                Err(NotTaken::Closed(_)) => {
                    let why = "it takes nothing any more".to_owned();
                    return self.state.store = StoreState::Failed(why);
                }
            }
        }
    }

    /// An own item is in the journal. What was released in the same step goes to the tracker as it was released, once:
    /// pictures of what partners hold, too, stay one picture with that of everything.
    fn accepted(&mut self, id: ItemId, released: &mut VecDeque<(ItemId, Arc<Item>)>) {
        let Some((item, _)) = self.state.pending.remove(&id) else {
            return;
        };
        if matches!(item.body, Body::Plot(_)) {
            self.state.plots_own += 1;
        }
        self.show_item(id, &item);
        let place = released.iter().position(|(of, _)| *of == id);
        let given = place.and_then(|place| released.remove(place));
        self.tell_engine(ToEngine::Accepted(id, given.map_or(item, |(_, given)| given)));
        // Names of what was settled are dropped from the front as soon as they are there.
        while let Some(first) = self.state.pending_order.front()
            && !self.state.pending.contains_key(first)
        {
            self.state.pending_order.pop_front();
        }
    }

    fn deliver(&mut self, delivered: Delivered) -> Option<Input> {
        let Delivered { from, id, item, .. } = delivered;
        self.state.counts.entry(from).or_default().take(&item.body);
        let item = Arc::new(*item);
        self.show_item(id, &item);
        let record = known::record(&item);
        self.tell_engine(ToEngine::Accepted(id, item));
        let batch = vec![record?];
        Some(Input::Keep(Kept { batch, note: None }))
    }

    /// Hands an accepted item to the thread of pictures, without waiting.
    fn show_item(&self, id: ItemId, item: &Arc<Item>) {
        self.picture.hand(id, item, &self.clock);
    }

    fn recovered(&mut self, item: Item) {
        let sensor = match &item.body {
            Body::Plot(plot) => self.sensors.get(&plot.sensor),
            _ => None,
        };
        let item = own::of_recovered(item.body, sensor, self.exercise);
        self.state.held.push_back(item);
    }

    fn told(&mut self, from: Arc<str>, topic: Topic, octets: Vec<u8>) {
        match topic {
            Topic::Digest => self.tell_engine(ToEngine::Digest { partner: from, octets }),
            Topic::Roster => self.rosters.hand(from, octets),
        }
    }

    pub(super) fn refused(&mut self, from: Option<&Arc<str>>, reason: &'static str, detail: impl FnOnce() -> String) {
        self.tallies.reject(from.map_or("own", |from| &**from), reason);
        if let Some(from) = from {
            self.state.counts.entry(from.clone()).or_default().rejected += 1;
        }
        self.say_refused(from, reason, detail);
    }

    /// Says it in the log; the exchange counts what it refuses itself.
    fn say_refused(&mut self, from: Option<&Arc<str>>, reason: &'static str, detail: impl FnOnce() -> String) {
        let who = from.map_or("own", |from| &**from);
        if let Some(repeated) = self.state.repeats.may_say(&format!("{who}/{reason}"), steady_ns()) {
            tracing::warn!(from = who, reason, repeated, "refused: {}", detail());
        }
    }

    /// The own items that partners hold from this step on, as they were released, in their order.
    fn take_released(&self) -> VecDeque<(ItemId, Arc<Item>)> {
        let mut released = self.released.lock().unwrap_or_else(PoisonError::into_inner);
        let items = std::mem::take(&mut *released).into_iter();
        items.map(|item| (item.id(), Arc::new(item))).collect()
    }

    /// The tracker is told without waiting: where it is so far behind that its queue is full, its picture lacks what is
    /// left out, which is said; the log and the partners lack nothing.
    fn tell_engine(&mut self, message: ToEngine) {
        if let Err(TrySendError::Full(_)) = self.engine_board.hand(&self.engine, message) {
            self.state.engine_skipped.fetch_add(1, Ordering::Relaxed);
            if let Some(repeated) = self.state.repeats.may_say("engine", steady_ns()) {
                tracing::error!(
                    repeated,
                    "the tracker is behind: items are not in the picture, only in the log"
                );
            }
        }
    }

    fn look_at_clock(&mut self) {
        match self.clock.look(&mut self.watch, both()) {
            ClockNews::Steady => {}
            ClockNews::Jumped { by_ns } => {
                self.tallies.metrics.clock_jumps.inc();
                let by_s = by_ns as f64 / 1e9;
                tracing::error!(
                    by_s,
                    "the wall clock stepped: the node goes on by its own; look after time synchronisation"
                );
            }
            ClockNews::Followed { by_ns } => {
                tracing::warn!(
                    by_s = by_ns as f64 / 1e9,
                    "the step forward of the wall clock stood: followed"
                );
            }
            ClockNews::Agrees => tracing::info!("the wall clock agrees again"),
        }
    }

    /// How many batches are not durable.
    pub(super) fn undurable(&self) -> usize {
        self.state.undurable.len()
    }
}
