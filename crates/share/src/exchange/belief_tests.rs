//! A partner whose roster ended gets nothing and gives nothing, until it is believed again; then nothing is lost or
//! twice. A roster comes through whatever else is not taken.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::absent_tests::{All, begin, own};
use super::limits::Limits;
use super::{Exchange, Input, Lane, Output, Partner, Reason, Setup, Token, Topic};
use crate::identity::NodeKey;
use crate::item::ItemId;
use crate::store::{Page, Range, Table};

/// A node with its disk, and what it was told.
struct One {
    exchange: Exchange,
    disk: BTreeMap<(Table, Vec<u8>), Vec<u8>>,
    delivered: Vec<ItemId>,
    rosters: Vec<Vec<u8>>,
}

fn partner(owner: &str, seed: u8, is_believed: bool) -> Partner {
    Partner {
        owner: owner.into(),
        key: NodeKey::from_seed(&[seed; 32]).public(),
        earlier: Vec::new(),
        relay: false,
        is_believed,
    }
}

impl One {
    fn new(owner: &str, seed: u8, partner: Partner) -> Self {
        let setup = Setup {
            owner: owner.into(),
            key: NodeKey::from_seed(&[seed; 32]),
            partners: vec![partner],
            rules: Box::new(All),
            earlier: Vec::new(),
            limits: Limits::default(),
        };
        Self {
            exchange: Exchange::new(setup, begin()),
            disk: BTreeMap::new(),
            delivered: Vec::new(),
            rosters: Vec::new(),
        }
    }

    fn read(&self, range: &Range) -> Page {
        let (from, to) = ((range.table, range.from.clone()), (range.table, range.to.clone()));
        let entries = self.disk.range(from..to).take(range.entries_max);
        entries.map(|((_, key), value)| (key.clone(), value.clone())).collect()
    }

    /// One input, and all that the disk answers; returns what goes to the partner.
    fn step(&mut self, after_s: f64, input: Input) -> Vec<Vec<u8>> {
        let (mut sent, mut inputs) = (Vec::new(), vec![input]);
        while let Some(input) = inputs.pop() {
            for output in self.exchange.step(begin() + after_s, input) {
                match output {
                    Output::Write {
                        token: Token(token),
                        batch,
                    } => {
                        for write in batch {
                            let key = (write.table, write.key);
                            match write.value {
                                Some(value) => self.disk.insert(key, value),
                                None => self.disk.remove(&key),
                            };
                        }
                        inputs.insert(0, Input::Durable { token: Token(token) });
                    }
                    Output::Read { question, ranges } => {
                        let pages = ranges.iter().map(|range| self.read(range)).collect();
                        inputs.insert(0, Input::Pages { question, pages });
                    }
                    Output::Send { octets, .. } => sent.push(octets),
                    Output::Deliver(delivered) => self.delivered.push(delivered.id),
                    Output::Told {
                        topic: Topic::Roster,
                        octets,
                        ..
                    } => self.rosters.push(octets),
                    _ => {}
                }
            }
        }
        sent
    }

    fn refused(&self, reason: Reason) -> u64 {
        let counts = self.exchange.counts().iter();
        counts
            .filter(|((_, of), _)| *of == reason)
            .map(|(_, count)| count)
            .sum()
    }
}

/// Two nodes, `a` and `b`, with a link between them.
struct Two {
    at_s: f64,
    a: One,
    b: One,
}

impl Two {
    /// `b` knows `a` by the key of a seed; that of `a` is 1.
    fn new(seed: u8) -> Self {
        let mut two = Self {
            at_s: 0.0,
            a: One::new("a", 1, partner("b", 2, true)),
            b: One::new("b", 2, partner("a", seed, true)),
        };
        two.tell_a(Input::Up { partner: "b".into() });
        two.tell_b(Input::Up { partner: "a".into() });
        two.pass(1.0);
        two
    }

    fn carry(&mut self, from: &str, octets: Vec<Vec<u8>>) {
        for octets in octets {
            let (from, lane): (Arc<str>, Lane) = (from.into(), Lane::Live);
            match &*from {
                "a" => self.tell_b(Input::Octets { from, lane, octets }),
                _ => self.tell_a(Input::Octets { from, lane, octets }),
            }
        }
    }

    fn tell_a(&mut self, input: Input) {
        let octets = self.a.step(self.at_s, input);
        self.carry("a", octets);
    }

    fn tell_b(&mut self, input: Input) {
        let octets = self.b.step(self.at_s, input);
        self.carry("b", octets);
    }

    /// Time passes.
    fn pass(&mut self, for_s: f64) {
        let until_s = self.at_s + for_s;
        while self.at_s < until_s {
            self.at_s += 0.01;
            self.tell_a(Input::Tick);
            self.tell_b(Input::Tick);
        }
    }
}

#[test]
fn who_is_not_believed_gets_and_gives_nothing_and_nothing_is_lost_when_it_is_again() {
    let mut two = Two::new(1);
    two.tell_a(Input::Accept(vec![own(0)]));
    two.pass(0.5);
    assert_eq!(two.b.delivered.len(), 1, "it was believed");

    two.tell_b(Input::Partners(vec![partner("a", 1, false)]));
    two.tell_a(Input::Accept(vec![own(1)]));
    two.pass(0.5);
    assert_eq!(two.b.delivered.len(), 1, "nothing of it is taken");
    assert!(two.b.refused(Reason::NotBelieved) > 0);

    two.tell_a(Input::Partners(vec![partner("b", 2, false)]));
    let frames = |one: &One| one.exchange.status().partners[0].sequence;
    let before = frames(&two.a);
    let sent = two.a.step(two.at_s, Input::Accept(vec![own(2)]));
    assert_eq!((sent.len(), frames(&two.a)), (0, before), "nothing goes to it");
    assert!(!two.a.exchange.status().partners[0].is_up);
    assert_eq!(two.a.step(two.at_s, Input::Tick), Vec::<Vec<u8>>::new());

    two.tell_a(Input::Partners(vec![partner("b", 2, true)]));
    two.tell_b(Input::Partners(vec![partner("a", 1, true)]));
    two.pass(3.0);
    assert_eq!(two.b.delivered.len(), 3);
    assert_eq!(two.b.refused(Reason::Duplicate), 0);
}

#[test]
fn a_roster_comes_from_who_has_another_key_by_now_and_from_who_is_not_believed() {
    let mut two = Two::new(9);
    two.tell_a(Input::Accept(vec![own(0)]));
    two.pass(0.5);
    assert_eq!(two.b.delivered.len(), 0, "its key is not known yet");
    assert!(two.b.refused(Reason::WrongKey) > 0);
    let roster = |octet: u8| {
        let (to, topic, octets) = ("b".into(), Topic::Roster, vec![octet]);
        Input::Tell { to, topic, octets }
    };
    two.tell_a(roster(7));
    two.tell_b(Input::Partners(vec![partner("a", 9, false)]));
    two.tell_a(roster(8));
    assert_eq!(two.b.rosters, [[7], [8]]);
    // A node that does not believe its partner tells it its own roster all the same: it may be for the lack of it.
    two.tell_a(Input::Partners(vec![partner("b", 2, false)]));
    two.tell_a(roster(9));
    assert_eq!(two.b.rosters.len(), 3);
    two.tell_a(Input::Partners(vec![partner("b", 2, true)]));
    two.tell_b(Input::Partners(vec![partner("a", 1, true)]));
    two.pass(3.0);
    assert_eq!(two.b.delivered.len(), 1, "it comes when the key is known");
}
