//! One run: events in the order of their times, until everything is mended and has come where it belongs.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::sync::Arc;

use geo::{Geodetic, Time};
use plot::{Measurement, Plot, PositionFix, Sigmas};
use share::exchange::{Alarm, Exchange, Input, Output, OwnItem, Partner, Token};
use share::item::Body;
use share::release::Subject;
use share::store::Page;

use crate::chance::Chance;
use crate::liar::Liar;
use crate::net;
use crate::node::{Node, owner};
use crate::oracle::{Oracle, Violation};
use crate::plan::{Act, CHAOS_S, Links, Plan};
use crate::table::{SENSORS, Table, sensor_name};
use crate::totals::Totals;

/// Time between ticks of a node.
const TICK_S: f64 = 0.02;
/// Time between syncs of a disk.
const SYNC_S: f64 = 0.012;
/// Longest time that everything may take when all is mended: retries, heads and held-back items.
const MEND_S: f64 = 60.0;

/// What happens next.
#[derive(Debug)]
enum Event {
    Tick(usize),
    Sync(usize),
    Act(usize),
    Arrive {
        to: usize,
        from: usize,
        octets: Vec<u8>,
    },
    Pages {
        node: usize,
        start: u64,
        question: u64,
        pages: Vec<Page>,
    },
    Begin(usize),
    Join(usize, usize),
    Mend,
    Look,
}

struct Due {
    at_s: f64,
    order: u64,
    event: Event,
}

impl PartialEq for Due {
    fn eq(&self, other: &Self) -> bool {
        self.order == other.order
    }
}

impl Eq for Due {}

impl PartialOrd for Due {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Due {
    fn cmp(&self, other: &Self) -> Ordering {
        self.at_s.total_cmp(&other.at_s).then(self.order.cmp(&other.order))
    }
}

/// What came out of a run.
#[derive(Debug)]
pub struct Outcome {
    /// The law that was broken, if one was.
    pub violation: Option<Violation>,
    /// What happened.
    pub totals: Totals,
    /// All octets from one node to another, with their times, if that was asked for.
    pub sent: Vec<(f64, usize, usize, Vec<u8>)>,
}

/// A run.
pub struct World<'p> {
    plan: &'p Plan,
    at_s: f64,
    order: u64,
    events: BinaryHeap<Reverse<Due>>,
    pub nodes: Vec<Node>,
    links: Links,
    cuts: Vec<(usize, usize)>,
    chances: Vec<Chance>,
    disk_chances: Vec<Chance>,
    table_chances: Vec<Chance>,
    pub oracle: Oracle,
    liar: Liar,
    pub totals: Totals,
    plots: u64,
    secrets: u64,
    is_mended: bool,
    is_over: bool,
    keeps_sent: bool,
    sent: Vec<(f64, usize, usize, Vec<u8>)>,
}

/// Runs a plan.
pub fn run(plan: &Plan, keeps_sent: bool) -> Outcome {
    let mut world = World::new(plan, keeps_sent);
    while !world.is_over && world.oracle.violation.is_none() {
        let Some(Reverse(due)) = world.events.pop() else { break };
        world.at_s = due.at_s;
        world.happen(due.event);
    }
    for exchange in world
        .nodes
        .iter_mut()
        .filter_map(|node| node.exchange.take())
        .collect::<Vec<_>>()
    {
        world.count_refused(&exchange);
    }
    world.totals.add("runs");
    Outcome {
        violation: world.oracle.violation,
        totals: world.totals,
        sent: world.sent,
    }
}

impl<'p> World<'p> {
    fn new(plan: &'p Plan, keeps_sent: bool) -> Self {
        let stream = |what: &str, at: usize| Chance::new(plan.seed ^ (at as u64) << 48, what);
        let mut world = Self {
            plan,
            at_s: 0.0,
            order: 0,
            events: BinaryHeap::new(),
            nodes: (0..plan.nodes)
                .map(|node| Node::new(node, plan.nodes, plan.seed, plan.offsets_s[node]))
                .collect(),
            links: plan.links,
            cuts: Vec::new(),
            chances: (0..16).map(|link| stream("link", link)).collect(),
            disk_chances: (0..4).map(|node| stream("disk", node)).collect(),
            table_chances: (0..4).map(|node| stream("table", node)).collect(),
            oracle: Oracle::new(plan.nodes, plan.liar),
            liar: Liar::new(plan.seed),
            totals: Totals::default(),
            plots: 0,
            secrets: 0,
            is_mended: false,
            is_over: false,
            keeps_sent,
            sent: Vec::new(),
        };
        for node in 0..plan.nodes {
            world.later(0.0, Event::Begin(node));
            world.later(TICK_S, Event::Tick(node));
            world.later(SYNC_S, Event::Sync(node));
        }
        for (at, (at_s, _)) in plan.acts.iter().enumerate() {
            world.later(*at_s, Event::Act(at));
        }
        world.later(CHAOS_S, Event::Mend);
        world
    }

    fn later(&mut self, in_s: f64, event: Event) {
        self.order += 1;
        self.events.push(Reverse(Due {
            at_s: self.at_s + in_s,
            order: self.order,
            event,
        }));
    }

    fn happen(&mut self, event: Event) {
        match event {
            Event::Tick(node) => {
                self.later(TICK_S, Event::Tick(node));
                self.step(node, Input::Tick);
            }
            Event::Sync(node) => {
                self.later(SYNC_S, Event::Sync(node));
                if self.at_s >= self.nodes[node].stalled_until_s
                    && self.nodes[node].exchange.is_some()
                    && let Some(token) = self.nodes[node].disk.sync()
                {
                    self.step(node, Input::Durable { token: Token(token) });
                }
            }
            Event::Act(at) => self.act(at),
            Event::Arrive { to, from, octets } => {
                if !self.is_cut(from, to) {
                    self.liar.overhear(from, to, &octets);
                    self.step(
                        to,
                        Input::Octets {
                            from: owner(from),
                            lane: share::exchange::Lane::Live,
                            octets,
                        },
                    );
                }
            }
            Event::Pages {
                node,
                start,
                question,
                pages,
            } => {
                if self.nodes[node].start == start {
                    self.step(node, Input::Pages { question, pages });
                }
            }
            Event::Begin(node) => self.begin(node),
            Event::Join(one, other) => {
                if let Some(at) = self.cuts.iter().position(|cut| *cut == (one, other)) {
                    self.cuts.swap_remove(at);
                }
                if !self.is_cut(one, other) {
                    self.tell_link(one, other, true);
                }
            }
            Event::Mend => self.mend(),
            Event::Look => self.look(),
        }
    }

    fn is_cut(&self, one: usize, other: usize) -> bool {
        self.cuts.iter().any(|cut| *cut == (one.min(other), one.max(other)))
    }

    fn tell_link(&mut self, one: usize, other: usize, is_up: bool) {
        for (node, partner) in [(one, other), (other, one)] {
            let partner = owner(partner);
            self.step(
                node,
                if is_up {
                    Input::Up { partner }
                } else {
                    Input::Down { partner }
                },
            );
        }
    }

    /// The partners of a node.
    fn partners(&self, node: usize) -> Vec<Partner> {
        let partner = |other: &usize| Partner {
            owner: owner(*other),
            key: self.nodes[*other].public,
            earlier: Vec::new(),
            relay: self.plan.relay,
        };
        (0..self.plan.nodes)
            .filter(|other| *other != node)
            .map(|other| partner(&other))
            .collect()
    }

    fn begin(&mut self, node: usize) {
        if self.nodes[node].exchange.is_some() {
            return;
        }
        let partners = self.partners(node);
        if let Err(error) = self.nodes[node].begin(self.at_s, partners, self.plan.sabotage) {
            return self
                .oracle
                .break_law(self.at_s, "a node begins", format!("{}: {error}", owner(node)));
        }
        for other in (0..self.plan.nodes).filter(|other| *other != node) {
            if !self.is_cut(node, other) && self.nodes[other].exchange.is_some() {
                self.tell_link(node, other, true);
            }
        }
    }

    fn crash(&mut self, node: usize, down_s: f64) {
        let Some(stopped) = self.nodes[node].exchange.take() else {
            return;
        };
        self.count_refused(&stopped);
        self.totals.add("crash");
        let is_bad = self.plan.bad_disk == Some(node);
        if self.nodes[node].disk.crash(&mut self.disk_chances[node], is_bad) {
            self.totals.add("write torn");
            self.nodes[node].is_damaged = true;
        }
        self.nodes[node].crash_at_write = None;
        for other in (0..self.plan.nodes).filter(|other| *other != node) {
            let partner = owner(node);
            self.step(other, Input::Down { partner });
        }
        self.later(down_s, Event::Begin(node));
    }

    fn act(&mut self, at: usize) {
        let plan = self.plan;
        match &plan.acts[at].1 {
            Act::Feed(node, plots) => self.feed(*node, plots),
            Act::Crash(node, down_s) => self.crash(*node, *down_s),
            Act::CrashAtWrite(node, writes, after, down_s) => {
                self.totals.add("crash at a write");
                self.nodes[*node].crash_at_write = Some((*writes, *after, *down_s));
            }
            Act::Cut(one, other, for_s) => {
                self.totals.add("link cut");
                let cut = (*one.min(other), *one.max(other));
                self.cuts.push(cut);
                self.tell_link(*one, *other, false);
                self.later(*for_s, Event::Join(cut.0, cut.1));
            }
            Act::Rules(node, generous) => self.change_rules(*node, *generous),
            Act::Stall(node, for_s) => {
                self.totals.add("disk stalled");
                self.nodes[*node].stalled_until_s = self.at_s + for_s;
            }
            Act::FlipDisk(node) => {
                if self.nodes[*node].disk.flip(&mut self.disk_chances[*node]) {
                    self.totals.add("bit flipped on a disk");
                    self.nodes[*node].is_damaged = true;
                }
            }
            Act::Jump(node, by_s) => {
                self.totals.add("clock jumped");
                let offset_s = self.nodes[*node].offset_s + by_s;
                self.nodes[*node].offset_s = offset_s.clamp(-5.0, 5.0);
            }
            Act::Lie(lie, to) => {
                let Some(liar) = plan.liar else { return };
                if self.is_cut(liar, *to) {
                    return;
                }
                let now = self.nodes[liar].now(self.at_s);
                for octets in self.liar.lie(*lie, &self.nodes[liar], &self.nodes[*to], now) {
                    self.totals.add(&format!("lie: {lie:?}"));
                    self.later(
                        0.001,
                        Event::Arrive {
                            to: *to,
                            from: liar,
                            octets,
                        },
                    );
                }
            }
        }
    }

    fn change_rules(&mut self, node: usize, generous: bool) {
        self.totals.add("rules changed");
        let partners: Vec<Arc<str>> = (0..self.plan.nodes).filter(|other| *other != node).map(owner).collect();
        let version = self.nodes[node].table.version + 1;
        let chance = &mut self.table_chances[node];
        let table = Table::draw(chance, &owner(node), &partners, version, generous);
        self.nodes[node].table = table.clone();
        let from = self.nodes[node].now(self.at_s);
        let rules = Box::new(table);
        self.step(node, Input::Rules { rules, from });
    }

    /// Plots of a node's sensors, each at a place of its own.
    fn feed(&mut self, node: usize, plots: &[(usize, f64)]) {
        let now = self.nodes[node].now(self.at_s);
        let mut items = Vec::new();
        for (sensor, age_s) in plots {
            // Plots of a sensor that nobody gets change nothing of the others.
            let (count, lon_deg) = if *sensor < SENSORS {
                (&mut self.plots, 130.0)
            } else {
                (&mut self.secrets, 140.0)
            };
            *count += 1;
            let place = Geodetic::from_degrees(30.0 + *count as f64 * 1e-3, lon_deg, 50_000.0);
            items.push(own_plot(&sensor_name(&owner(node), *sensor), now.plus_s(-age_s), place));
        }
        for own in &items {
            self.oracle.on_offer(node, own);
        }
        self.totals.add_many("plots offered", items.len() as u64);
        self.step(node, Input::Accept(items));
    }

    fn mend(&mut self) {
        self.is_mended = true;
        self.links = Links::default();
        for node in 0..self.plan.nodes {
            self.nodes[node].stalled_until_s = 0.0;
            self.nodes[node].crash_at_write = None;
        }
        self.later(1.5, Event::Look);
    }

    /// Whether everything has come where it belongs.
    fn look(&mut self) {
        let is_last = self.at_s > CHAOS_S + MEND_S;
        let missing = self.oracle.missing(&self.nodes, self.at_s);
        match missing {
            None => {
                self.is_over = true;
                self.totals.add_many("plots delivered", self.oracle.delivered);
            }
            Some((law, what)) if is_last => self.oracle.break_law(self.at_s, law, what),
            Some(_) => self.later(0.5, Event::Look),
        }
    }

    /// Gives a node an input and does what it says.
    pub fn step(&mut self, node: usize, input: Input) {
        let now = self.nodes[node].now(self.at_s);
        let Some(exchange) = &mut self.nodes[node].exchange else {
            return;
        };
        self.oracle.on_clock(node, now);
        let outputs = exchange.step(now, input);
        for output in outputs {
            if self.nodes[node].exchange.is_none() {
                return;
            }
            self.perform(node, output);
        }
    }

    fn perform(&mut self, node: usize, output: Output) {
        match output {
            Output::Write { token, batch } => self.write(node, token.0, batch),
            Output::Read { question, ranges } => {
                let pages = ranges.iter().map(|range| self.nodes[node].disk.read(range)).collect();
                let start = self.nodes[node].start;
                self.later(
                    0.0004,
                    Event::Pages {
                        node,
                        start,
                        question,
                        pages,
                    },
                );
            }
            Output::Send { to, octets, .. } => {
                let Some(to) = (0..self.plan.nodes).find(|other| owner(*other) == to) else {
                    return;
                };
                self.oracle.on_send(&self.nodes, node, to, &octets, self.at_s);
                if self.keeps_sent {
                    self.sent.push((self.at_s, node, to, octets.clone()));
                }
                if self.is_cut(node, to) {
                    return;
                }
                let chance = &mut self.chances[node * 4 + to];
                for (in_s, octets) in net::way(chance, &self.links, &octets, &mut self.totals) {
                    self.later(in_s, Event::Arrive { to, from: node, octets });
                }
            }
            Output::Accepted { .. } => self.totals.add("plots accepted"),
            Output::Deliver(delivered) => {
                self.oracle
                    .on_deliver(&mut self.nodes[node], node, &delivered, self.at_s);
            }
            Output::Recovered(item) => {
                self.totals.add("own items recovered");
                let own = self.oracle.own_of(&item);
                if let Some(own) = own {
                    self.step(node, Input::Accept(vec![own]));
                }
            }
            Output::Refused(_) => {}
            Output::Alarm(alarm) => self.on_alarm(node, &alarm),
            Output::Told { .. } | Output::RulesHold { .. } | Output::Withdraw { .. } => {}
        }
    }

    fn count_refused(&mut self, exchange: &Exchange) {
        for ((_, reason), count) in exchange.counts() {
            self.totals.add_many(&format!("refused: {}", reason.name()), *count);
        }
    }

    fn on_alarm(&mut self, node: usize, alarm: &Alarm) {
        let (name, partner) = match alarm {
            Alarm::Equivocation { partner, .. } => ("alarm: equivocation", Some(partner)),
            Alarm::BrokenChain { partner, .. } => ("alarm: broken chain", Some(partner)),
            Alarm::FalseReceipt { partner, .. } => ("alarm: false receipt", Some(partner)),
            Alarm::DamagedRecord { .. } => ("alarm: damaged record", None),
            Alarm::Clock { .. } => ("alarm: clock", None),
        };
        self.totals.add(name);
        let is_honest = |partner: &Arc<str>| {
            let number = (0..self.plan.nodes).find(|other| owner(*other) == *partner);
            number.is_some_and(|number| self.plan.liar != Some(number) && !self.nodes[number].is_damaged)
        };
        let blamed = partner.is_some_and(is_honest) && self.plan.liar != Some(node) && !self.nodes[node].is_damaged;
        let damaged = partner.is_none() && !self.nodes[node].is_damaged;
        if blamed || damaged {
            let what = format!("{} of an honest one: {alarm:?}", owner(node));
            self.oracle.break_law(self.at_s, "no honest node is blamed", what);
        }
    }

    fn write(&mut self, node: usize, token: u64, batch: share::store::Batch) {
        let crash = match &mut self.nodes[node].crash_at_write {
            Some((0, after, down_s)) => Some((*after, *down_s)),
            Some((left, ..)) => {
                *left -= 1;
                None
            }
            None => None,
        };
        if crash.is_none_or(|(after, _)| after) {
            self.nodes[node].disk.append(token, batch);
        }
        if let Some((_, down_s)) = crash {
            self.crash(node, down_s);
        }
    }
}

/// A plot as a node accepts it.
pub fn own_plot(sensor: &Arc<str>, time: Time, place: Geodetic) -> OwnItem {
    let plot = Plot {
        time,
        sensor: sensor.clone(),
        measurement: Measurement::Position(PositionFix {
            geodetic: place,
            velocity: None,
        }),
        sigmas: Sigmas::default(),
        snr_db: None,
        target: None,
        truth: None,
    };
    let subject = Subject {
        sensor: sensor.clone(),
        others: Vec::new(),
        time,
        place: Some(place),
        phase: None,
        exercise: false,
    };
    OwnItem {
        subject,
        body: Body::Plot(Box::new(plot)),
    }
}
