//! Which items are here already, whatever way they came.
//!
//! Names of items of recent times are in memory, all of them from a horizon on; of those before it the table knows.

use std::collections::BTreeMap;

use geo::Time;

use super::keys;
use crate::item::{ItemId, ItemIds};
use crate::store::{Range, Table};

/// Length of the times whose items are forgotten together.
const SLOT_NS: i64 = 10_000_000_000;

/// At least so many names are known whatever happens: more than can be looked for at one time.
const LATEST: usize = 65_536;

/// The names of recent items.
#[derive(Debug)]
pub struct Seen {
    slots: BTreeMap<i64, ItemIds>,
    count: usize,
    names_max: usize,
    /// The last names, whatever their time: a look on disk that is under way does not find them, even if memory was too
    /// small for their slot meanwhile.
    latest: [ItemIds; 2],
    /// Every item here of this slot or a later one is in memory.
    horizon: i64,
}

fn slot(time: Time) -> i64 {
    time.tai_ns().div_euclid(SLOT_NS)
}

impl Seen {
    /// Begins with so many names in memory at most, and none yet: the last item of the table is of this time, if there
    /// is one.
    pub fn new(last: Option<Time>, names_max: usize) -> Self {
        Self {
            slots: BTreeMap::new(),
            count: 0,
            names_max,
            latest: Default::default(),
            horizon: last.map_or(i64::MIN, |last| slot(last) + 1),
        }
    }

    /// Where to look whether an item is here, unless memory knows.
    pub fn lookup(&self, time: Time, id: ItemId) -> Option<Range> {
        (slot(time) < self.horizon && !self.remembers(time, id))
            .then(|| keys::only(Table::Inbox, keys::of_item(time, id)))
    }

    /// Whether memory knows an item.
    pub fn remembers(&self, time: Time, id: ItemId) -> bool {
        self.slots.get(&slot(time)).is_some_and(|ids| ids.contains(&id))
    }

    /// Notes an item; whether memory did not know it.
    pub fn insert(&mut self, time: Time, id: ItemId) -> bool {
        let is_new = self.slots.entry(slot(time)).or_default().insert(id);
        self.count += usize::from(is_new);
        let is_latest = self.latest.iter().any(|names| names.contains(&id));
        self.latest[0].insert(id);
        if self.latest[0].len() >= LATEST {
            self.latest[1] = std::mem::take(&mut self.latest[0]);
        }
        while self.count > self.names_max {
            let Some((oldest, ids)) = self.slots.pop_first() else {
                break;
            };
            self.count -= ids.len();
            self.horizon = self.horizon.max(oldest + 1);
        }
        is_new && !is_latest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_memory_may_not_know_is_looked_up() {
        let last = Time::from_tai_ns(1_000 * SLOT_NS);
        let mut seen = Seen::new(Some(last), 9);
        let id = ItemId([7; 16]);
        let (now, later) = (last, last.plus_s(10.0));
        assert!(seen.lookup(now, id).is_some(), "it may be here from before the start");
        assert!(seen.lookup(later, id).is_none(), "nothing of that time is here");
        let other = ItemId([8; 16]);
        assert!(seen.insert(now, id) && seen.insert(later, other) && !seen.insert(later, other));
        assert!(seen.remembers(now, id) && seen.lookup(now, id).is_none());
    }

    #[test]
    fn what_came_while_it_was_looked_for_is_known_however_small_memory_is() {
        let now = Time::from_tai_ns(1_000 * SLOT_NS);
        let mut seen = Seen::new(Some(now), 1);
        assert!(seen.insert(now, ItemId([7; 16])) && seen.insert(now, ItemId([8; 16])));
        assert!(seen.lookup(now, ItemId([7; 16])).is_some(), "memory is too small");
        assert!(
            !seen.insert(now, ItemId([7; 16])),
            "and the look finds nothing that came since"
        );
    }
}
