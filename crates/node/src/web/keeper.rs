//! The thread of pictures. Nothing that a plot waits for waits for it: it is handed accepted items without waiting,
//! asks the tracker for its pictures as they are, and does everything else by itself, ten times a second while somebody
//! looks, else once.
//!
//! ```text
//! the deciding thread ──items──┐
//! tracker ──pictures of all and of own plots──► keeper ──► Hub: latest, history, live messages ──► HTTP
//!                              └─► a tracker for each partner: what its plots alone tell
//! ```

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, TryRecvError};
use std::time::Duration;

use geo::Time;
use share::item::{Body, Item, ItemId};
use wire::messages::picture::{Event, Hello, Moment, Plot, Sensor, Track, What};

use super::drawn::unix_s;
use super::federation::Federation;
use super::hub::{Hub, Latest, octets};
use super::past::{Making, TOGETHER};
use super::plots::{Came, Sites, Waiting};
use super::view::{Changes, View};
use crate::clock::{NodeClock, steady_ns};
use crate::engine::{Engine, Seen};
use crate::http::Board;
use crate::warnings::Duty;

/// Something changes so often at most, for those who look;
const TICK: Duration = Duration::from_millis(100);
/// and is looked at so often where nobody does, by the node's clock.
const TICK_UNSEEN_S: f64 = 1.0;
/// The tracker has so long to say how its pictures are; else they come with the next tick.
const ASK: Duration = Duration::from_millis(15);
/// There is something to say at least so often, ns.
const HEARTBEAT_NS: i64 = 1_000_000_000;
/// Steps of history are at least so far apart, s of the node's clock.
const STEP_S: f64 = 1.0;
/// Plots of one message at most: what is beyond is in the pictures, and not drawn.
const PLOTS_MAX: usize = 2_000;

/// An accepted item, and when it came by the node's clock.
pub(super) type Handed = (ItemId, Arc<Item>, Time);

/// How the thread is set up.
pub(super) struct Setup {
    pub own: Arc<str>,
    pub partners: Vec<Arc<str>>,
    pub making: Making,
    pub clock: NodeClock,
    pub board: Board,
    pub hub: Arc<Hub>,
    /// Whether partners' plots alone are tracked, too.
    pub is_each_alone: bool,
    /// Warnings, where the node warns.
    pub duty: Option<Arc<Duty>>,
}

/// What the thread works with.
pub(super) struct Keeper {
    setup: Setup,
    items: Receiver<Handed>,
    sites: Sites,
    views: Vec<(View, Source)>,
    federation: Federation,
    hello: Hello,
    sequence: u64,
    said_ns: i64,
    unsaid: Unsaid,
    newest: Option<Time>,
    heard: BTreeSet<Arc<str>>,
    waiting: Waiting,
}

/// Where a picture comes from.
enum Source {
    /// The node's tracker: which of its pictures.
    Node(usize),
    /// A tracker of a partner's plots alone.
    Own(Arc<str>, Box<Engine>),
}

/// What changed since the last step of history.
#[derive(Default)]
struct Unsaid {
    stepped: Option<Time>,
    changed: BTreeMap<String, BTreeMap<String, Option<Arc<Track>>>>,
    plots: Vec<Plot>,
    events: Vec<Event>,
}

impl Keeper {
    pub fn new(setup: Setup, items: Receiver<Handed>) -> Self {
        let mut views = vec![
            (View::new(TOGETHER), Source::Node(0)),
            (View::new(&setup.own), Source::Node(1)),
        ];
        if setup.is_each_alone {
            views.extend(setup.partners.iter().map(|partner| {
                let engine = Box::new(setup.making.engine());
                (View::new(partner), Source::Own(partner.clone(), engine))
            }));
        }
        Self {
            hello: setup.hub.latest().hello.clone(),
            federation: Federation::new(&setup.partners),
            setup,
            items,
            sites: Sites::default(),
            views,
            sequence: 0,
            said_ns: i64::MIN,
            unsaid: Unsaid::default(),
            newest: None,
            heard: BTreeSet::new(),
            waiting: Waiting::default(),
        }
    }

    /// Runs until nobody is left who could hand anything over.
    pub fn run(&mut self, wake: &Receiver<()>) {
        let unseen_s = TICK_UNSEEN_S / self.setup.clock.speed();
        let unseen = Duration::from_secs_f64(unseen_s.min(TICK_UNSEEN_S)).max(TICK);
        loop {
            let tick = match self.setup.hub.viewers() {
                0 => unseen,
                _ => TICK,
            };
            // Awake early: somebody began to look, or it is the end.
            let _ = wake.recv_timeout(tick - ASK);
            let (handed, is_over) = self.handed();
            if is_over {
                return;
            }
            let (plots, mut events) = self.take(handed);
            self.waiting.come(plots);
            self.setup.board.engine.want();
            let _ = wake.recv_timeout(ASK);
            let node = self.setup.board.engine.seen();
            let due = self.waiting.due(node.is_some());
            self.tick(node, due, &mut events);
        }
    }

    /// What was handed over, and whether nothing more will be.
    fn handed(&self) -> (Vec<Handed>, bool) {
        let mut handed = Vec::new();
        loop {
            match self.items.try_recv() {
                Ok(one) => handed.push(one),
                Err(TryRecvError::Empty) => return (handed, false),
                Err(TryRecvError::Disconnected) => return (handed, true),
            }
        }
    }

    /// Takes what was handed over.
    fn take(&mut self, handed: Vec<Handed>) -> (Vec<Came>, Vec<Event>) {
        let (mut plots, mut events) = (Vec::new(), Vec::new());
        let mut kept = self.setup.hub.items();
        for (id, item, came) in handed {
            if item.label.exercise != self.setup.making.exercise {
                continue;
            }
            kept.push(id, &item);
            self.federation.heard(&item);
            for (_, source) in &mut self.views {
                if let Source::Own(owner, engine) = source
                    && *owner == item.origin
                {
                    engine.take(id, &item);
                }
            }
            if let Body::Sensor(sensor) = &item.body {
                self.sites.note(&item.origin, sensor);
                continue;
            }
            let Some(plot) = self.sites.came(&item, came) else {
                continue;
            };
            if self.heard.insert(plot.origin.clone()) {
                events.push(of_owner("first-plot", plot.time, &plot.origin, &plot.sensor));
            }
            let is_late = |newest: Time| newest - plot.time > self.setup.making.lag_s;
            if self.newest.is_some_and(is_late) {
                events.push(of_owner("late", plot.time, &plot.origin, &plot.sensor));
            }
            self.newest = self.newest.max(Some(plot.time));
            plots.push(plot);
        }
        (plots, events)
    }

    /// Looks at all pictures, unless plots wait for one, and says what is new.
    fn tick(&mut self, mut node: Option<[Seen; 2]>, plots: Option<Vec<Came>>, events: &mut Vec<Event>) {
        let (now, speed) = (self.setup.clock.now(), self.setup.clock.speed());
        let mut moment = Moment {
            now_unix_s: unix_s(now),
            warnings: self.setup.duty.as_ref().map_or(0, |duty| duty.sequence()),
            ..Moment::default()
        };
        let mut of_plots: Vec<Option<String>> = Vec::new();
        if let Some([whole, _]) = &node {
            self.hello.sensors = sensors(whole);
        }
        let looked = if plots.is_some() { self.views.len() } else { 0 };
        let plots = plots.unwrap_or_default();
        for (at, (view, source)) in self.views[..looked].iter_mut().enumerate() {
            let (seen, own) = match source {
                Source::Node(which) => (node.as_mut().map(|node| std::mem::take(&mut node[*which])), None),
                Source::Own(owner, engine) => {
                    engine.look();
                    let [seen, _] = engine.seen();
                    (Some(seen), Some(owner.clone()))
                }
            };
            let Some(seen) = seen else { continue };
            let own = own.or_else(|| (at == 1).then(|| self.setup.own.clone()));
            let meant: Vec<Came> = match own {
                Some(own) => plots.iter().filter(|plot| plot.origin == own).cloned().collect(),
                None => plots.clone(),
            };
            let changes = view.look(seen, &meant, (now, speed));
            self.unsaid.note(view, &changes);
            events.extend(changes.events);
            if at == 0 {
                of_plots = changes.of_plots;
            }
            if !(changes.changed.is_empty() && changes.gone.is_empty()) {
                let tracks = changes.changed.iter().map(|track| (**track).clone()).collect();
                moment.pictures.push(view.picture(false, tracks, changes.gone));
            }
        }
        of_plots.resize(plots.len(), None);
        let shown = plots.iter().zip(&of_plots).take(PLOTS_MAX);
        moment.plots = shown.map(|(plot, track)| plot.shown(track.as_deref())).collect();
        let status = self.setup.board.status();
        let engine = self.setup.board.engine.status();
        events.extend(self.federation.look(&status, now));
        moment.events = std::mem::take(events);
        moment.partners = self.federation.partners(&status, &engine, now);
        moment.agreement = Some(Federation::agreement(&engine));
        self.say(moment, now);
    }

    /// Puts a moment up, for those who look and for later.
    fn say(&mut self, mut moment: Moment, now: Time) {
        let now_ns = steady_ns();
        let is_due = now_ns.saturating_sub(self.said_ns) >= HEARTBEAT_NS;
        self.unsaid.plots.extend(moment.plots.iter().cloned());
        self.unsaid.events.extend(moment.events.iter().cloned());
        self.step(&moment, now);
        let hello = self.hello_of_now();
        let before = self.setup.hub.latest();
        if hello.sensors != before.hello.sensors {
            self.sequence += 1;
            let octets = octets(What::Hello(hello.clone()));
            self.publish(hello.clone(), &moment, Some(octets));
        }
        let is_other = moment.warnings != before.warnings;
        let is_news = is_other || !(moment.pictures.is_empty() && moment.plots.is_empty() && moment.events.is_empty());
        let is_said = is_due || is_news;
        if is_due {
            self.said_ns = now_ns;
        }
        let (partners, agreement) = (moment.partners.clone(), moment.agreement.clone());
        if !is_due {
            // Once a second is enough.
            moment.partners.clear();
            moment.agreement = None;
        }
        let octets = is_said.then(|| {
            self.sequence += 1;
            octets(What::Moment(moment.clone()))
        });
        (moment.partners, moment.agreement) = (partners, agreement);
        self.publish(hello, &moment, octets);
    }

    fn publish(&self, hello: Hello, moment: &Moment, octets: Option<bytes::Bytes>) {
        let pictures = self.views.iter().map(|(view, _)| {
            let head = view.picture(true, Vec::new(), Vec::new());
            (head, view.tracks().cloned().collect())
        });
        let latest = Latest {
            sequence: self.sequence,
            hello,
            now_unix_s: moment.now_unix_s,
            pictures: pictures.collect(),
            partners: moment.partners.clone(),
            agreement: moment.agreement.clone(),
            warnings: moment.warnings,
        };
        self.setup.hub.publish(latest, octets);
    }

    /// Adds a step to history, where it is time.
    fn step(&mut self, moment: &Moment, now: Time) {
        if self.unsaid.stepped.is_some_and(|stepped| now - stepped < STEP_S) {
            return;
        }
        self.unsaid.stepped = Some(now);
        let changed = std::mem::take(&mut self.unsaid.changed);
        let mut history = self.setup.hub.history();
        let is_whole = history.wants_whole();
        let picture = |(view, _): &(View, Source)| {
            if is_whole {
                return Some(view.whole());
            }
            let (mut tracks, mut gone) = (Vec::new(), Vec::new());
            for (name, track) in changed.get(&view.name)? {
                match track {
                    Some(track) => tracks.push((**track).clone()),
                    None => gone.push(name.clone()),
                }
            }
            Some(view.picture(false, tracks, gone))
        };
        history.push(&Moment {
            pictures: self.views.iter().filter_map(picture).collect(),
            plots: std::mem::take(&mut self.unsaid.plots),
            events: std::mem::take(&mut self.unsaid.events),
            ..moment.clone()
        });
    }

    fn hello_of_now(&self) -> Hello {
        Hello {
            history_from_unix_s: self.setup.hub.history().begins_unix_s().unwrap_or(0.0),
            ..self.hello.clone()
        }
    }
}

impl Unsaid {
    fn note(&mut self, view: &View, changes: &Changes) {
        if changes.changed.is_empty() && changes.gone.is_empty() {
            return;
        }
        let of_view = self.changed.entry(view.name.clone()).or_default();
        for name in &changes.gone {
            of_view.insert(name.clone(), None);
        }
        for track in &changes.changed {
            of_view.insert(track.name.clone(), Some(track.clone()));
        }
    }
}

/// An event of an owner.
pub(super) fn of_owner(kind: &str, time: Time, owner: &str, detail: &str) -> Event {
    Event {
        time_unix_s: unix_s(time),
        kind: kind.to_owned(),
        owner: owner.to_owned(),
        detail: detail.to_owned(),
        ..Event::default()
    }
}

/// The sensors of a picture; what stands nowhere is none.
fn sensors(seen: &Seen) -> Vec<Sensor> {
    let known = seen.sensors.as_slice().iter();
    let real = known.filter_map(|sensor| {
        let name = sensor.name.strip_prefix(&*sensor.owner)?.strip_prefix('/')?;
        (!name.starts_with('/')).then(|| shown(sensor, name))
    });
    real.collect()
}

fn shown(sensor: &plot::Sensor, name: &str) -> Sensor {
    let (place, coverage) = (sensor.site.geodetic(), sensor.coverage);
    let degrees = |angle: Option<f64>, other_deg: f64| angle.map_or(other_deg, |angle| angle / geo::angle::RAD_PER_DEG);
    let is_sector = coverage.azimuth_from_rad.is_some() && coverage.azimuth_to_rad.is_some();
    let azimuth = |angle: Option<f64>, other_deg: f64| degrees(angle.filter(|_| is_sector), other_deg);
    Sensor {
        owner: sensor.owner.to_string(),
        name: name.to_owned(),
        lat_deg: place.lat_deg(),
        lon_deg: place.lon_deg(),
        height_m: place.height_m,
        range_max_m: coverage.range_max_m.unwrap_or(0.0),
        azimuth_from_deg: azimuth(coverage.azimuth_from_rad, 0.0),
        azimuth_to_deg: azimuth(coverage.azimuth_to_rad, 360.0),
        elevation_min_deg: degrees(coverage.elevation_min_rad, 0.0),
        elevation_max_deg: degrees(coverage.elevation_max_rad, 90.0),
    }
}
