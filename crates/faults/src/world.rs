//! One run: events in the order of their times, until everything is mended and has come where it belongs.

use std::cmp::{Ordering, Reverse};
use std::collections::BinaryHeap;
use std::sync::Arc;

use share::exchange::{Alarm, Exchange, Input, Output, Token, Topic};
use share::store::{Page, Range};

use crate::chance::Chance;
use crate::liar::Liar;
use crate::net;
use crate::node::{Node, Waiting, owner};
use crate::oracle::{Oracle, Violation};
use crate::pictures::Pictures;
use crate::plan::{CHAOS_S, Links, Plan};
use crate::totals::Totals;

/// Time between ticks of a node.
const TICK_S: f64 = 0.02;
/// Time between syncs of a disk.
const SYNC_S: f64 = 0.012;
/// Batches beside those of items that may wait for a disk.
const BATCHES_BESIDE: u64 = 20;
/// Longest time that everything may take when all is mended: retries, heads and held-back items.
const MEND_S: f64 = 60.0;

/// What happens next.
#[derive(Debug)]
pub enum Event {
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
    Hear(usize, usize),
    Learn {
        who: usize,
        of: usize,
    },
    Trust {
        who: usize,
        of: usize,
    },
    Thief {
        key: [u8; 32],
        node: usize,
        to: usize,
    },
    Mend,
    Look,
    Compared,
}

impl Event {
    pub fn arrive(from: usize, to: usize, octets: Vec<u8>) -> Self {
        Self::Arrive { to, from, octets }
    }
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
    pub plan: &'p Plan,
    pub at_s: f64,
    order: u64,
    events: BinaryHeap<Reverse<Due>>,
    pub nodes: Vec<Node>,
    links: Links,
    pub cuts: Vec<(usize, usize)>,
    /// Ways on which everything vanishes.
    pub deaf: Vec<(usize, usize)>,
    chances: Vec<Chance>,
    pub disk_chances: Vec<Chance>,
    pub table_chances: Vec<Chance>,
    pub oracle: Oracle,
    pub liar: Liar,
    pub pictures: Option<Pictures>,
    pub totals: Totals,
    pub plots: u64,
    pub secrets: u64,
    pub tables: u64,
    is_mended: bool,
    pub is_over: bool,
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
            nodes: (0..plan.nodes).map(|node| Node::new(node, plan)).collect(),
            links: plan.links,
            cuts: Vec::new(),
            deaf: Vec::new(),
            chances: (0..16).map(|link| stream("link", link)).collect(),
            disk_chances: (0..4).map(|node| stream("disk", node)).collect(),
            table_chances: (0..4).map(|node| stream("table", node)).collect(),
            oracle: Oracle::new(plan.nodes, plan.liar),
            liar: Liar::new(plan.seed),
            pictures: None,
            totals: Totals::default(),
            plots: 0,
            secrets: 0,
            tables: 0,
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

    /// Lets something happen after a while.
    pub fn later(&mut self, in_s: f64, event: Event) {
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
                self.offer_recovered(node);
                self.step(node, Input::Tick);
            }
            Event::Sync(node) => {
                self.later(SYNC_S, Event::Sync(node));
                self.make_room(node);
                if self.at_s >= self.nodes[node].stalled_until_s
                    && self.nodes[node].exchange.is_some()
                    && let Some(token) = self.nodes[node].disk.sync()
                {
                    self.nodes[node].durable = token;
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
            Event::Hear(from, to) => {
                if let Some(at) = self.deaf.iter().position(|way| *way == (from, to)) {
                    self.deaf.swap_remove(at);
                }
            }
            Event::Learn { who, of } => self.learn(who, of),
            Event::Trust { who, of } => self.believe(who, of, true),
            Event::Thief { key, node, to } => self.thief(key, node, to),
            Event::Mend => self.mend(),
            Event::Look => self.look(),
            Event::Compared => self.compared(),
        }
    }

    /// All nodes but one.
    pub fn others(&self, node: usize) -> Vec<usize> {
        (0..self.plan.nodes).filter(|other| *other != node).collect()
    }

    pub fn is_cut(&self, one: usize, other: usize) -> bool {
        self.cuts.iter().any(|cut| *cut == (one.min(other), one.max(other)))
    }

    pub fn tell_link(&mut self, one: usize, other: usize, is_up: bool) {
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

    fn mend(&mut self) {
        self.is_mended = true;
        self.links = Links::default();
        self.deaf.clear();
        for node in 0..self.plan.nodes {
            self.nodes[node].stalled_until_s = 0.0;
            self.nodes[node].full_until_s = 0.0;
            self.nodes[node].crash_at_write = None;
        }
        self.later(1.5, Event::Look);
    }

    /// Whether everything has come where it belongs; then pictures are compared.
    fn look(&mut self) {
        let is_last = self.at_s > CHAOS_S + MEND_S;
        let missing = self.oracle.missing(&self.nodes, self.at_s);
        match missing {
            None if !self.cuts.is_empty() || self.is_doubted() => self.later(0.5, Event::Look),
            None => {
                self.totals.add_many("plots delivered", self.oracle.delivered);
                self.compare();
            }
            Some((law, what)) if is_last => self.oracle.break_law(self.at_s, law, what),
            Some(_) => self.later(0.5, Event::Look),
        }
    }

    /// Whether somebody does not believe somebody now: what they say of their pictures is not heard.
    fn is_doubted(&self) -> bool {
        let mut views = self.nodes.iter().flat_map(|node| &node.views);
        views.any(|view| !view.is_believed)
    }

    /// Whether a disk takes nothing now.
    fn is_full(&self, node: usize) -> bool {
        self.at_s < self.nodes[node].full_until_s || !self.nodes[node].waiting.is_empty()
    }

    /// Once a disk has room again, what waited for it is done in order.
    fn make_room(&mut self, node: usize) {
        if self.at_s < self.nodes[node].full_until_s {
            return;
        }
        while let Some(first) = self.nodes[node].waiting.pop_front() {
            match first {
                Waiting::Batch(token, batch) => self.nodes[node].disk.append(token, batch),
                Waiting::Read(question, ranges) => self.read(node, question, &ranges),
            }
        }
    }

    fn read(&mut self, node: usize, question: u64, ranges: &[Range]) {
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

    /// What waits for a disk never grows without bound.
    fn check_bound(&mut self, node: usize) {
        let Node {
            written,
            durable,
            bounds,
            ..
        } = &self.nodes[node];
        // Looks on disk that were under way when it fell behind are still answered; rules and links still change.
        let most = bounds.batches_unsynced_max + 2 * bounds.lookups_max as u64 + BATCHES_BESIDE;
        let behind = written - durable;
        if behind > most {
            let what = format!("{behind} batches wait at {}, at most {most} may", owner(node));
            self.oracle
                .break_law(self.at_s, "memory is bounded while a disk is full", what);
        }
    }

    /// Gives a node an input and does what it says.
    pub fn step(&mut self, node: usize, input: Input) {
        let now = self.nodes[node].now(self.at_s);
        if self.nodes[node].exchange.is_some() {
            self.nodes[node].turn_table(now);
        }
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
                if self.is_full(node) {
                    self.nodes[node].waiting.push_back(Waiting::Read(question, ranges));
                } else {
                    self.read(node, question, &ranges);
                }
            }
            Output::Send { to, octets, .. } => {
                let Some(to) = (0..self.plan.nodes).find(|other| owner(*other) == to) else {
                    return;
                };
                self.see_doubt(node, to);
                self.oracle.on_send(&self.nodes, node, to, &octets, self.at_s);
                if self.keeps_sent {
                    self.sent.push((self.at_s, node, to, octets.clone()));
                }
                if self.is_cut(node, to) {
                    return;
                }
                if self.deaf.contains(&(node, to)) {
                    return self.totals.add("message swallowed");
                }
                let chance = &mut self.chances[node * 4 + to];
                for (in_s, octets) in net::way(chance, &self.links, &octets, &mut self.totals) {
                    self.later(in_s, Event::Arrive { to, from: node, octets });
                }
            }
            Output::Accepted { .. } => self.totals.add("plots accepted"),
            Output::Deliver(delivered) => {
                let from = (0..self.plan.nodes).find(|other| owner(*other) == delivered.from);
                from.into_iter().for_each(|from| self.see_doubt(node, from));
                self.oracle
                    .on_deliver(&mut self.nodes[node], node, &delivered, self.at_s);
            }
            Output::Recovered(item) => {
                self.totals.add("own items recovered");
                let own = self.oracle.own_of(&item);
                self.nodes[node].recovered.extend(own);
            }
            Output::Refused(_) => {}
            Output::Alarm(alarm) => self.on_alarm(node, &alarm),
            Output::Told { from, topic, octets } => {
                if topic == Topic::Digest {
                    self.on_digest(node, &from, &octets);
                }
            }
            Output::RulesHold { .. } | Output::Withdraw { .. } => {}
        }
    }

    /// What a node sends to another, or takes of it: not while it does not believe it.
    fn see_doubt(&mut self, node: usize, other: usize) {
        if !self.nodes[node].views[other].is_believed {
            let (node, other) = (owner(node), owner(other));
            let law = "who is not believed gets nothing, and gives nothing";
            self.oracle.break_law(self.at_s, law, format!("{node} and {other}"));
        }
    }

    /// Offers again what came back, while the node takes anything.
    fn offer_recovered(&mut self, node: usize) {
        while self.nodes[node].exchange.as_ref().is_some_and(Exchange::may_accept)
            && let Some(own) = self.nodes[node].recovered.pop_front()
        {
            self.step(node, Input::Accept(vec![own]));
        }
    }

    pub fn count_refused(&mut self, exchange: &Exchange) {
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
            number.is_some_and(|number| {
                self.plan.liar != Some(number) && !self.nodes[number].is_damaged && !self.oracle.robbed[number]
            })
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
        self.nodes[node].written = token;
        self.check_bound(node);
        if crash.is_none_or(|(after, _)| after) {
            if self.is_full(node) {
                self.nodes[node].waiting.push_back(Waiting::Batch(token, batch));
            } else {
                self.nodes[node].disk.append(token, batch);
            }
        }
        if let Some((_, down_s)) = crash {
            self.crash(node, down_s);
        }
    }
}
