//! The items and the rows of each cycle, for the circles that a node is in.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound::{Excluded, Unbounded};
use std::sync::Arc;

use geo::Time;
use sha2::{Digest as _, Sha256};

use super::{Ask, Circle, Cycle, ENTRIES_PAGE, Entry, Page, Statement};
use crate::item::ItemId;

/// Cycles that are said again.
const SAID_AGAIN: usize = 120;

/// What a book keeps at most, for each circle.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct BookLimits {
    /// Names of items: of older cycles only the digest is kept.
    pub entries_max: usize,
    /// Cycles: older ones are forgotten.
    pub cycles_max: usize,
    /// Circles: others get no statement.
    pub circles_max: usize,
}

impl Default for BookLimits {
    fn default() -> Self {
        Self {
            entries_max: 2_000_000,
            cycles_max: 100_000,
            circles_max: 16,
        }
    }
}

/// What was held in one cycle.
#[derive(Clone, Debug, Default)]
struct Held {
    /// `None` when only the digest is left.
    entries: Option<BTreeSet<Entry>>,
    items: u32,
    plots: [u8; 16],
    /// Whether `plots` is of these entries.
    is_counted: bool,
    rows: Sha256,
    /// Whether it has to be said to partners, again.
    is_news: bool,
}

/// One circle.
#[derive(Clone, Debug)]
struct Shelf {
    cycles: BTreeMap<Cycle, Held>,
    /// Entries of all cycles together.
    entries: usize,
    /// Cycles that end at or before this are settled.
    horizon: Time,
    /// Items of cycles that are not kept any more.
    forgotten: u64,
}

impl Default for Shelf {
    fn default() -> Self {
        Self {
            cycles: BTreeMap::new(),
            entries: 0,
            horizon: Time::from_tai_ns(i64::MIN),
            forgotten: 0,
        }
    }
}

/// What a node holds, by circle and cycle.
#[derive(Clone, Debug)]
pub struct Book {
    limits: BookLimits,
    shelves: BTreeMap<Circle, Shelf>,
}

impl Book {
    /// Begins without anything.
    pub fn new(limits: BookLimits) -> Self {
        Self {
            limits,
            shelves: BTreeMap::new(),
        }
    }

    /// Begins a circle; one without items says so, too.
    pub fn open(&mut self, circle: &Circle) {
        self.shelf(circle);
    }

    /// Says the last cycles of the circles of a partner again: it may not have heard.
    pub fn say_again(&mut self, partner: &str) {
        let of_partner = |(circle, _): &(&Circle, &mut Shelf)| circle.members.contains(partner);
        for (_, shelf) in self.shelves.iter_mut().filter(of_partner) {
            let horizon = shelf.horizon;
            let settled = shelf
                .cycles
                .iter_mut()
                .rev()
                .filter(|(cycle, _)| cycle.end() <= horizon);
            settled.take(SAID_AGAIN).for_each(|(_, held)| held.is_news = true);
        }
    }

    /// Takes in an item of a circle; whether it is new. An item of a cycle that is not kept any more is counted.
    pub fn item(&mut self, circle: &Circle, (time, id): Entry) -> bool {
        let limits = self.limits;
        let Some(shelf) = self.shelf(circle) else { return false };
        let cycle = Cycle::of(time);
        let is_before = shelf.cycles.first_key_value().is_some_and(|(first, _)| cycle < *first);
        if is_before && shelf.cycles.len() >= limits.cycles_max {
            shelf.forgotten += 1;
            return false;
        }
        let horizon = shelf.horizon;
        let held = shelf.cycles.entry(cycle).or_insert_with(Held::new);
        let Some(entries) = &mut held.entries else {
            shelf.forgotten += 1;
            return false;
        };
        if !entries.insert((time, id)) {
            return false;
        }
        held.items += 1;
        held.is_counted = false;
        held.is_news |= cycle.end() <= horizon;
        shelf.entries += 1;
        shelf.trim(&limits);
        true
    }

    /// Takes in what the picture of a circle says at a time: the octets of one row, in the order of settled rows.
    pub fn row(&mut self, circle: &Circle, time: Time, octets: &[u8]) {
        let Some(shelf) = self.shelf(circle) else { return };
        let held = shelf.cycles.entry(Cycle::of(time)).or_insert_with(Held::new);
        held.rows.update((octets.len() as u64).to_le_bytes());
        held.rows.update(octets);
    }

    /// Notes that the picture of a circle says nothing more of the time before this.
    pub fn settle(&mut self, circle: &Circle, before: Time) {
        let Some(shelf) = self.shelf(circle) else { return };
        let from = shelf.horizon;
        shelf.horizon = from.max(before);
        for (cycle, held) in &mut shelf.cycles {
            held.is_news |= cycle.end() > from && cycle.end() <= shelf.horizon;
        }
    }

    /// The circles that there are.
    pub fn circles(&self) -> impl Iterator<Item = &Circle> {
        self.shelves.keys()
    }

    /// Items of cycles that were not kept any more when they came.
    pub fn forgotten(&self) -> u64 {
        self.shelves.values().map(|shelf| shelf.forgotten).sum()
    }

    /// The statements that are due: of cycles that were settled or changed since this was last asked, at most so many.
    pub fn due(&mut self, statements_max: usize) -> Vec<Statement> {
        let mut due = Vec::new();
        for (circle, shelf) in &mut self.shelves {
            for (cycle, held) in shelf.cycles.iter_mut().filter(|(_, held)| held.is_news) {
                if due.len() >= statements_max {
                    return due;
                }
                held.is_news = false;
                due.push(held.statement(circle, *cycle));
            }
        }
        due
    }

    /// What is said of a cycle; `None` of one that is not settled. One without items is a statement too.
    pub fn statement(&mut self, circle: &Circle, cycle: Cycle) -> Option<Statement> {
        let shelf = self.shelves.get_mut(circle)?;
        if cycle.end() > shelf.horizon {
            return None;
        }
        match shelf.cycles.get_mut(&cycle) {
            Some(held) => Some(held.statement(circle, cycle)),
            None => Some(Held::new().statement(circle, cycle)),
        }
    }

    /// The page that a partner asks for; `None` if it is not in the circle, or the names are not kept any more.
    pub fn page(&self, partner: &str, ask: &Ask) -> Option<Page> {
        if !ask.circle.members.contains(partner) {
            return None;
        }
        let shelf = self.shelves.get(&ask.circle)?;
        let after = ask.after.map_or(Unbounded, Excluded);
        let mut entries: Vec<Entry> = match shelf.cycles.get(&ask.cycle) {
            Some(held) => {
                let held = held.entries.as_ref()?;
                held.range((after, Unbounded)).take(ENTRIES_PAGE + 1).copied().collect()
            }
            None => Vec::new(),
        };
        let is_last = entries.len() <= ENTRIES_PAGE;
        entries.truncate(ENTRIES_PAGE);
        Some(Page {
            ask: ask.clone(),
            entries,
            is_last,
        })
    }

    /// One digest of all settled cycles of a circle that are kept and are not empty: SHA-256 of their statements.
    pub fn whole(&mut self, circle: &Circle) -> [u8; 32] {
        let mut sum = Sha256::new();
        if let Some(shelf) = self.shelves.get_mut(circle) {
            let horizon = shelf.horizon;
            for (cycle, held) in shelf.cycles.iter_mut().filter(|(cycle, _)| cycle.end() <= horizon) {
                let Statement { plots, picture, .. } = held.statement(circle, *cycle);
                sum.update(cycle.0.to_le_bytes());
                sum.update(plots);
                sum.update(picture);
            }
        }
        sum.finalize().into()
    }

    fn shelf(&mut self, circle: &Circle) -> Option<&mut Shelf> {
        if !self.shelves.contains_key(circle) {
            if self.shelves.len() >= self.limits.circles_max {
                return None;
            }
            self.shelves.insert(circle.clone(), Shelf::default());
        }
        self.shelves.get_mut(circle)
    }
}

impl Held {
    fn new() -> Self {
        Self {
            entries: Some(BTreeSet::new()),
            ..Self::default()
        }
    }

    fn statement(&mut self, circle: &Circle, cycle: Cycle) -> Statement {
        self.count();
        Statement {
            circle: circle.clone(),
            cycle,
            items: self.items,
            plots: self.plots,
            picture: first(self.rows.clone()),
        }
    }

    fn count(&mut self) {
        if let Some(entries) = self.entries.as_ref().filter(|_| !self.is_counted) {
            let mut sum = Sha256::new();
            for (time, ItemId(id)) in entries {
                sum.update(time.tai_ns().to_le_bytes());
                sum.update(id);
            }
            self.plots = first(sum);
            self.is_counted = true;
        }
    }
}

impl Shelf {
    /// Forgets names, then whole cycles, of the oldest first.
    fn trim(&mut self, limits: &BookLimits) {
        if self.entries > limits.entries_max {
            let oldest = self.cycles.values_mut().find(|held| held.entries.is_some());
            if let Some(held) = oldest {
                held.count();
                self.entries -= held.entries.take().map_or(0, |entries| entries.len());
            }
        }
        while self.cycles.len() > limits.cycles_max {
            let Some((_, held)) = self.cycles.pop_first() else {
                return;
            };
            self.entries -= held.entries.map_or(0, |entries| entries.len());
        }
    }
}

/// The first 16 octets.
fn first(sum: Sha256) -> [u8; 16] {
    let whole: [u8; 32] = sum.finalize().into();
    std::array::from_fn(|at| whole[at])
}

/// The circles of an owner with each non-empty set of its partners, the smallest first, at most so many.
pub fn circles(own: &Arc<str>, partners: &[Arc<str>], circles_max: usize) -> Vec<Circle> {
    let sets = 1_u64..1 << partners.len().min(16);
    let mut circles: Vec<Circle> = sets
        .map(|set| {
            let chosen = (0..).zip(partners).filter(|(at, _)| set >> at & 1 == 1);
            Circle {
                members: chosen
                    .map(|(_, partner)| partner.clone())
                    .chain([own.clone()])
                    .collect(),
                exercise: false,
            }
        })
        .collect();
    circles.sort_by_key(|circle| (circle.members.len(), circle.clone()));
    // The largest circle is what all share: it is never the one left out.
    let whole = circles.pop();
    circles.truncate(circles_max.saturating_sub(1));
    circles.extend(whole);
    circles
}
