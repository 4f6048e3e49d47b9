//! What is done to a federation: fed, stopped, cut, filled, given other rules and other keys, lied to.

use std::sync::Arc;

use geo::{Geodetic, Time};
use plot::{Measurement, Plot, PositionFix, Sigmas};
use share::exchange::{Input, OwnItem};
use share::item::Body;
use share::release::Subject;

use crate::node::{Node, View, owner};
use crate::plan::{Act, Rekey};
use crate::table::{SENSORS, Table, sensor_name};
use crate::world::{Event, World};

impl World<'_> {
    /// Lets a node begin, unless it runs.
    pub fn begin(&mut self, node: usize) {
        if self.nodes[node].exchange.is_some() {
            return;
        }
        if let Err(error) = self.nodes[node].begin(self.at_s, self.plan.sabotage) {
            return self
                .oracle
                .break_law(self.at_s, "a node begins", format!("{}: {error}", owner(node)));
        }
        for (from, table) in self.nodes[node].next_tables.clone() {
            let rules = Box::new(table);
            self.step(node, Input::Rules { rules, from });
        }
        for other in self.others(node) {
            if !self.is_cut(node, other) && self.nodes[other].exchange.is_some() {
                self.tell_link(node, other, true);
            }
        }
    }

    /// Stops a node in the midst of what it does; it begins again after a while.
    pub fn crash(&mut self, node: usize, down_s: f64) {
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
        self.nodes[node].waiting.clear();
        self.nodes[node].recovered.clear();
        for other in self.others(node) {
            let partner = owner(node);
            self.step(other, Input::Down { partner });
        }
        self.later(down_s, Event::Begin(node));
    }

    /// Does what the plan says.
    pub fn act(&mut self, at: usize) {
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
                self.cut(*one, *other, *for_s);
            }
            Act::Isolate(node, for_s) => {
                self.totals.add("node isolated");
                for other in self.others(*node) {
                    self.cut(*node, other, *for_s);
                }
            }
            Act::Deaf(from, to, for_s) => {
                self.deaf.push((*from, *to));
                self.later(*for_s, Event::Hear(*from, *to));
            }
            Act::Rules(node, generous, in_s) => self.change_rules(*node, *generous, *in_s),
            Act::Stall(node, for_s) => {
                self.totals.add("disk stalled");
                self.nodes[*node].stalled_until_s = self.at_s + for_s;
            }
            Act::Full(node, for_s) => {
                self.totals.add("disk full");
                self.nodes[*node].full_until_s = self.at_s + for_s;
            }
            Act::Rekey(rekey) => self.rekey(rekey),
            Act::Doubt(who, of, for_s) => {
                self.totals.add("partner doubted");
                self.believe(*who, *of, false);
                self.later(*for_s, Event::Trust { who: *who, of: *of });
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
                    self.later(0.001, Event::arrive(liar, *to, octets));
                }
            }
        }
    }

    fn cut(&mut self, one: usize, other: usize, for_s: f64) {
        let cut = (one.min(other), one.max(other));
        self.cuts.push(cut);
        self.tell_link(one, other, false);
        self.later(for_s, Event::Join(cut.0, cut.1));
    }

    fn change_rules(&mut self, node: usize, generous: bool, in_s: f64) {
        self.totals.add("rules changed");
        self.tables += 1;
        let partners: Vec<Arc<str>> = self.others(node).into_iter().map(owner).collect();
        let chance = &mut self.table_chances[node];
        let table = Table::draw(chance, &owner(node), &partners, 1 + self.tables, generous);
        let from = self.nodes[node].now(self.at_s).plus_s(in_s);
        self.nodes[node].next_tables.push((from, table.clone()));
        let rules = Box::new(table);
        self.step(node, Input::Rules { rules, from });
    }

    fn rekey(&mut self, rekey: &Rekey) {
        let node = rekey.node;
        if self.nodes[node].exchange.is_none() {
            return;
        }
        self.crash(node, rekey.down_s);
        let stolen = self.nodes[node].seed;
        self.nodes[node].rekey(node, rekey.is_stolen);
        if rekey.is_stolen {
            self.oracle.on_robbery(node);
        }
        let what = if rekey.is_stolen { "key stolen" } else { "key changed" };
        self.totals.add(what);
        for other in self.others(node) {
            self.later(rekey.learnt_s[other], Event::Learn { who: other, of: node });
            for in_s in &rekey.thefts_s {
                self.later(
                    *in_s,
                    Event::Thief {
                        key: stolen,
                        node,
                        to: other,
                    },
                );
            }
        }
    }

    /// A node learns which keys another has now.
    pub fn learn(&mut self, who: usize, of: usize) {
        let Node {
            public: key, earlier, ..
        } = &self.nodes[of];
        let is_believed = self.nodes[who].views[of].is_believed;
        self.nodes[who].views[of] = View {
            key: *key,
            earlier: earlier.clone(),
            is_believed,
        };
        let partners = self.nodes[who].partners();
        self.step(who, Input::Partners(partners));
    }

    /// A node believes another from now on, or does not.
    pub fn believe(&mut self, who: usize, of: usize, is_believed: bool) {
        self.nodes[who].views[of].is_believed = is_believed;
        let partners = self.nodes[who].partners();
        self.step(who, Input::Partners(partners));
    }

    /// Who has a stolen key sends a frame with it.
    pub fn thief(&mut self, key: [u8; 32], node: usize, to: usize) {
        self.totals.add("thief's frame");
        let now = self.nodes[node].now(self.at_s);
        let (id, octets) = self.liar.steal(key, &self.nodes[node], &self.nodes[to], now);
        self.oracle
            .on_theft(id, &share::identity::NodeKey::from_seed(&key).public());
        self.later(0.001, Event::arrive(node, to, octets));
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
