//! When everything has come to rest, the nodes compare what they hold of each circle, by the digests of `share`.
//!
//! Two laws: where no rules changed, digests are equal; where two hold different plots, whatever the reason, each names
//! the first that differs, and who has it. What differs is known here from both disks. In half of the runs one node
//! forgets one plot before it says anything.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use share::digest::{
    Book, BookLimits, Circle, Comparison, Cycle, Difference, DigestMessage, Entry, Finding, STATEMENTS_MAX, circles,
};
use share::exchange::{Input, Topic};
use share::item::ItemId;
use share::store::Table as Stored;

use crate::chance::Chance;
use crate::node::{Node, owner};
use crate::plan::{Act, Slip};
use crate::world::{Event, World};

/// How long the comparison may take.
const TALK_S: f64 = 0.5;

/// What a node holds: of each circle and cycle, when and which.
type Held = BTreeMap<(Circle, Cycle), BTreeSet<Entry>>;

/// The comparison of all pictures.
#[derive(Debug)]
pub struct Pictures {
    held: Vec<Held>,
    books: Vec<Book>,
    comparisons: Vec<BTreeMap<Arc<str>, Comparison>>,
}

/// What the frames on a node's disk hold, of circles that it is in.
fn held(node: &Node, circles: &[Circle]) -> Held {
    let mut held = Held::new();
    for table in [Stored::Outbox, Stored::Inbox] {
        for (_, arrived) in node.items(table) {
            for circle in circles.iter().filter(|circle| circle.may_have(&arrived.item.label)) {
                let time = arrived.item.time();
                let cycle = held.entry((circle.clone(), Cycle::of(time))).or_default();
                cycle.insert((time, arrived.id));
            }
        }
    }
    held
}

impl World<'_> {
    /// Lets all nodes say what they hold.
    pub fn compare(&mut self) {
        let nodes = self.plan.nodes;
        let mut pictures = Pictures {
            held: Vec::new(),
            books: Vec::new(),
            comparisons: Vec::new(),
        };
        for node in 0..nodes {
            let partners: Vec<Arc<str>> = self.others(node).into_iter().map(owner).collect();
            let circles = circles(&owner(node), &partners, 16);
            pictures.held.push(held(&self.nodes[node], &circles));
            let comparison = |partner: &Arc<str>| Comparison::new(owner(node), partner.clone());
            let all = partners.iter().map(|partner| (partner.clone(), comparison(partner)));
            pictures.comparisons.push(all.collect());
        }
        if self.is_steady() {
            self.check_equal(&pictures.held);
        }
        self.forget_one(&mut pictures.held);
        let end = crate::node::BEGIN.plus_s(self.at_s + 60.0);
        for node in 0..nodes {
            let mut book = Book::new(BookLimits::default());
            for comparison in pictures.held[node].keys().map(|(circle, _)| circle) {
                book.open(comparison);
            }
            for ((circle, _), entries) in &pictures.held[node] {
                entries.iter().for_each(|entry| {
                    book.item(circle, *entry);
                });
            }
            let partners: Vec<Arc<str>> = self.others(node).into_iter().map(owner).collect();
            for circle in circles(&owner(node), &partners, 16) {
                book.settle(&circle, end);
            }
            pictures.books.push(book);
        }
        let statements: Vec<_> = pictures.books.iter_mut().map(|book| book.due(usize::MAX)).collect();
        self.pictures = Some(pictures);
        for (node, statements) in statements.iter().enumerate() {
            for other in self.others(node) {
                let name = owner(other);
                let for_it: Vec<_> = statements
                    .iter()
                    .filter(|of| of.circle.members.contains(&name))
                    .cloned()
                    .collect();
                for part in for_it.chunks(STATEMENTS_MAX) {
                    self.tell(node, &name, &DigestMessage::Statements(part.to_vec()));
                }
            }
        }
        self.later(TALK_S, Event::Compared);
    }

    /// Whether nothing happened for which honest nodes may rightly hold different plots.
    fn is_steady(&self) -> bool {
        let changes = |act: &Act| match act {
            Act::Rules(..) => true,
            Act::Rekey(rekey) => rekey.is_stolen,
            _ => false,
        };
        let expires = |node: &Node| {
            node.table
                .cells
                .iter()
                .flat_map(|(_, row)| row)
                .any(|cell| cell.until_s.is_some())
        };
        self.plan.liar.is_none()
            && !self.plan.acts.iter().any(|(_, act)| changes(act))
            && !self.nodes.iter().any(|node| node.is_damaged || expires(node))
    }

    fn check_equal(&mut self, held: &[Held]) {
        self.totals.add("pictures expected to be equal");
        for (one, other) in pairs(self.plan.nodes) {
            for (circle, cycle) in held[one].keys().chain(held[other].keys()) {
                if !is_of(circle, one, other) {
                    continue;
                }
                let place = (circle.clone(), *cycle);
                if held[one].get(&place) != held[other].get(&place) {
                    let what = format!(
                        "{place:?}: {:?} and {:?}",
                        held[one].get(&place),
                        held[other].get(&place)
                    );
                    let what = format!("{} and {}, {what}", owner(one), owner(other));
                    self.oracle
                        .break_law(self.at_s, "digests are equal after healing", what);
                }
            }
        }
    }

    /// One plot is missing from one picture, which the law may know or not.
    fn forget_one(&mut self, held: &mut [Held]) {
        let mut chance = Chance::new(self.plan.seed, "forget");
        let is_slip = self.plan.slip == Some(Slip::LacksOne);
        if !is_slip && !chance.happens(0.5) {
            return;
        }
        let node = chance.place(held.len());
        let places = held[node].len();
        let Some((_, entries)) = held[node].iter_mut().nth(chance.place(places)) else {
            return;
        };
        let entry = entries.iter().nth(chance.place(entries.len())).copied();
        if let Some(entry) = entry {
            entries.remove(&entry);
            self.totals.add("plot forgotten by a picture");
        }
        if is_slip && self.is_steady() {
            let held = held.to_vec();
            self.check_equal(&held);
        }
    }

    /// Something about pictures came from a partner.
    pub fn on_digest(&mut self, node: usize, from: &Arc<str>, octets: &[u8]) {
        let Some(pictures) = &mut self.pictures else { return };
        let Some(comparison) = pictures.comparisons[node].get_mut(from) else {
            return;
        };
        // A liar may have asked for something else than it knows.
        let is_of_liar = self.plan.liar.is_some_and(|liar| owner(liar) == *from || liar == node);
        let answers = DigestMessage::decode(octets).and_then(|said| comparison.hear(said, &mut pictures.books[node]));
        match answers {
            Ok(answers) => answers.iter().for_each(|answer| self.tell(node, from, answer)),
            Err(_) if is_of_liar => self.totals.add("refused: digest"),
            Err(error) => {
                let what = format!("{from} to {}: {error}", owner(node));
                self.oracle.break_law(self.at_s, "honest digests are understood", what);
            }
        }
    }

    fn tell(&mut self, node: usize, to: &Arc<str>, message: &DigestMessage) {
        let mut octets = message.encode();
        if self.plan.liar == Some(node) {
            octets = self.liar.blur(octets);
        }
        let (to, topic) = (to.clone(), Topic::Digest);
        self.step(node, Input::Tell { to, topic, octets });
    }

    /// Everything was said: what was found is what is so.
    pub fn compared(&mut self) {
        self.is_over = true;
        let Some(mut pictures) = self.pictures.take() else {
            return;
        };
        for (one, other) in pairs(self.plan.nodes) {
            if self.plan.liar == Some(one) || self.plan.liar == Some(other) {
                continue;
            }
            let found = pictures.comparisons[one].get_mut(&owner(other));
            let mut found: BTreeMap<(Circle, Cycle), Finding> = found
                .map(Comparison::drain)
                .into_iter()
                .flatten()
                .map(|(circle, cycle, finding)| ((circle, cycle), finding))
                .collect();
            if self.plan.slip == Some(Slip::NamesAnother) {
                found.values_mut().for_each(slip);
            }
            let none = BTreeSet::new();
            for (place, theirs) in pictures.held[other]
                .iter()
                .filter(|((circle, _), theirs)| is_of(circle, one, other) && !theirs.is_empty())
            {
                let own = pictures.held[one].get(place).unwrap_or(&none);
                let so = finding(own, theirs, [one, other]);
                self.totals.add(if so == Finding::Agreed {
                    "cycle agreed"
                } else {
                    "cycle differed, named"
                });
                if found.get(place) != Some(&so) {
                    let what = format!(
                        "{} of {}: {place:?} {:?}, it is {so:?}",
                        owner(one),
                        owner(other),
                        found.get(place)
                    );
                    self.oracle
                        .break_law(self.at_s, "the first plot that differs is named", what);
                }
            }
        }
    }
}

fn slip(finding: &mut Finding) {
    if let Finding::PlotsDiffer(difference) = finding {
        difference.entry.1 = ItemId([0; 16]);
    }
}

/// What is so: the first entry that only one of two has.
fn finding(own: &BTreeSet<Entry>, theirs: &BTreeSet<Entry>, [one, other]: [usize; 2]) -> Finding {
    let Some(entry) = own.symmetric_difference(theirs).next() else {
        return Finding::Agreed;
    };
    let (held_by, lacked_by) = if own.contains(entry) {
        (one, other)
    } else {
        (other, one)
    };
    Finding::PlotsDiffer(Difference {
        entry: *entry,
        held_by: owner(held_by),
        lacked_by: owner(lacked_by),
    })
}

fn is_of(circle: &Circle, one: usize, other: usize) -> bool {
    circle.members.contains(&owner(one)) && circle.members.contains(&owner(other))
}

fn pairs(nodes: usize) -> impl Iterator<Item = (usize, usize)> {
    (0..nodes).flat_map(move |one| {
        (0..nodes)
            .filter(move |other| *other != one)
            .map(move |other| (one, other))
    })
}
