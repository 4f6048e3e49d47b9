//! What was accepted before, out of the log: for whoever looks at the past. It was verified when it came.

use std::sync::Arc;

use geo::Time;

use super::keys::{self, Kind};
use super::records::{self, Entry, FrameRecord};
use crate::frame::Frame;
use crate::item::{Classification, Item, ItemId, Label};
use crate::store::{Range, Table};

/// An item that was accepted.
#[derive(Clone, Debug, PartialEq)]
pub struct Recalled {
    /// Its name.
    pub id: ItemId,
    /// What it is.
    pub item: Item,
    /// When its owner sent it, or measured it where that is later; of an own one when it was measured.
    pub sent: Time,
}

/// All entries of the journal.
pub fn journal() -> Range {
    all(Table::Journal, Vec::new(), vec![u8::MAX; 9])
}

/// All frames of a partner.
pub fn frames_of(partner: &str) -> Range {
    let prefix = keys::of_partner(Kind::Frame, partner);
    all(Table::Inbox, prefix.clone(), keys::end_of(prefix))
}

fn all(table: Table, from: Vec<u8>, to: Vec<u8>) -> Range {
    Range {
        table,
        from,
        to,
        entries_max: usize::MAX,
        octets_max: usize::MAX,
    }
}

/// The own item of an entry of the journal; `None` of what was given on for others, and of what is damaged.
pub fn own(owner: &Arc<str>, key: &[u8], value: &[u8]) -> Option<Recalled> {
    let Ok(Entry::Own(own)) = Entry::of(key, value) else {
        return None;
    };
    let item = Item {
        origin: owner.clone(),
        label: Label {
            policy: "own".into(),
            classification: Classification::Restricted,
            releasable_to: [owner.clone()].into(),
            exercise: own.subject.exercise,
            onward: false,
        },
        body: own.body,
    };
    Some(Recalled {
        id: item.id(),
        sent: item.time(),
        item,
    })
}

/// The items of a partner's frame; none of a damaged one.
pub fn of_frame(partner: &Arc<str>, key: &[u8], value: &[u8]) -> Vec<Recalled> {
    let record = records::decode::<FrameRecord>(key, value);
    let Some(frame) = record.ok().and_then(|record| Frame::peek(&record.sealed).ok()) else {
        return Vec::new();
    };
    let arrived = frame.items.iter().filter_map(|carried| carried.peek(partner).ok());
    arrived
        .map(|arrived| Recalled {
            id: arrived.id,
            sent: frame.sent.max(arrived.item.time()),
            item: arrived.item,
        })
        .collect()
}
