//! Items that may go to a partner later: held back by its owner's rules, or waiting to be read from the journal.

use std::collections::{BTreeMap, BTreeSet};

use geo::Time;

use super::core::Core;
use super::limits::HOLD_GRID_S;
use super::sabotage::Sabotage;

/// Places in the journal that are not decided for good.
#[derive(Debug, Default)]
pub struct Holdback {
    by_time: BTreeSet<(Time, u64)>,
    by_place: BTreeMap<u64, Time>,
    due: BTreeSet<u64>,
    /// From when on, and from which place on, the journal has to be gone through, because memory was full.
    spilled: Option<(Time, u64)>,
}

impl Holdback {
    /// Forgets everything: it is decided anew.
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// Holds an item until a time.
    pub fn hold(&mut self, core: &Core, place: u64, until: Time) {
        let grid_ns = (HOLD_GRID_S * 1e9) as i64;
        let ns = until.tai_ns();
        let until = Time::from_tai_ns(ns.saturating_add((grid_ns - ns.rem_euclid(grid_ns)) % grid_ns));
        if let Some(was) = self.by_place.insert(place, until) {
            self.by_time.remove(&(was, place));
        }
        self.by_time.insert((until, place));
        if self.by_time.len() > core.limits.held_max
            && let Some((until, place)) = self.by_time.pop_last()
        {
            self.by_place.remove(&place);
            let (earliest, first) = self.spilled.unwrap_or((until, place));
            if !core.is_broken(Sabotage::ForgetSpilled) {
                self.spilled = Some((earliest.min(until), first.min(place)));
            }
        }
    }

    /// Notes that an item has to be read and decided. Returns the place from which the journal has to be gone through
    /// when there are too many.
    pub fn want(&mut self, core: &Core, place: u64) -> Option<u64> {
        self.due.insert(place);
        (self.due.len() > core.limits.due_max)
            .then(|| self.due.pop_last())
            .flatten()
    }

    /// Moves what is due, so much at most in one go. Returns the place from which the journal has to be gone through,
    /// if memory was full once and that time has come.
    pub fn turn_due(&mut self, core: &Core) -> Option<u64> {
        while let Some(&(until, place)) = self.by_time.first()
            && until <= core.now
            && self.due.len() < core.limits.due_max
        {
            self.by_time.pop_first();
            self.by_place.remove(&place);
            self.due.insert(place);
        }
        let (when, place) = self.spilled?;
        (when <= core.now).then(|| {
            self.spilled = None;
            place
        })
    }

    /// The first places that are due.
    pub fn due(&self, places_max: usize) -> Vec<u64> {
        self.due.iter().take(places_max).copied().collect()
    }

    /// Notes that a due item was decided.
    pub fn done(&mut self, place: u64) {
        self.due.remove(&place);
    }

    /// How many are held and due.
    pub fn waiting(&self) -> usize {
        self.by_time.len() + self.due.len() + usize::from(self.spilled.is_some())
    }

    /// The first place that is not decided for good.
    pub fn first(&self) -> Option<u64> {
        let held = self.by_place.first_key_value().map(|(place, _)| *place);
        let spilled = self.spilled.map(|(_, place)| place);
        [held, self.due.first().copied(), spilled].into_iter().flatten().min()
    }
}
