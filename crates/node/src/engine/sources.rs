//! Of which sensor the items were that came last: where pictures differ, the item is named by it.

use std::collections::VecDeque;
use std::sync::Arc;

use share::item::{ByItem, ItemId};

/// Items that are remembered, the newest: partners compare what was settled a moment ago.
const REMEMBERED: usize = 1 << 16;

/// The sources of the newest items, by their names in pictures: `owner/sensor`.
#[derive(Debug, Default)]
pub(super) struct Sources {
    of: ByItem<Arc<str>>,
    order: VecDeque<ItemId>,
}

impl Sources {
    /// Remembers an item, and forgets the oldest.
    pub fn note(&mut self, id: ItemId, source: &Arc<str>) {
        if self.of.insert(id, source.clone()).is_some() {
            return;
        }
        self.order.push_back(id);
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.of.remove(&oldest);
        }
    }

    /// The source of an item; `None` of one that was never here, or long ago.
    pub fn of(&self, id: ItemId) -> Option<Arc<str>> {
        self.of.get(&id).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_are_remembered_and_no_more_than_there_is_room_for() {
        let id = |number: usize| {
            let mut octets = [0; 16];
            octets[..8].copy_from_slice(&number.to_be_bytes());
            ItemId(octets)
        };
        let (mut sources, source) = (Sources::default(), Arc::from("japan/radar"));
        for number in 0..REMEMBERED + 2 {
            sources.note(id(number), &source);
            // As it was accepted, and as it was released.
            sources.note(id(number), &source);
        }
        assert_eq!((sources.of.len(), sources.order.len()), (REMEMBERED, REMEMBERED));
        assert_eq!((sources.of(id(1)), sources.of(id(2))), (None, Some(source)));
    }
}
