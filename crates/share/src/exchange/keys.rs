//! Under which keys the exchange keeps what. All numbers are big-endian, so that the order of keys is that of numbers.
//!
//! ```text
//!  Journal   index(8)
//!  Outbox    'F' owner 0 epoch(8) sequence(8)      sealed frame, with marks for the audit
//!            'G' owner 0 epoch(8) sequence(8)      places in the journal that the frame gives
//!            'R' owner 0 epoch(8)                  the partner's latest receipt, sealed
//!            'C' owner 0 epoch(8)                  the partner's last word, sealed
//!  Inbox     'F' owner 0 epoch(8) sequence(8)      sealed frame, with marks for the audit
//!            'E' owner 0 epoch(8) sequence(8) hash(8)  evidence: a second frame for the same place
//!            'R' owner 0 epoch(8)                  the latest own receipt, sealed
//!            'I' time(8) item(16)                  an item that is here
//!  State     'x' …                                 where the machine stands
//!  Audit     'x' time(8) number(8)                 what was refused or changed, each with the hash of the one before
//! ```

use geo::Time;

use crate::item::ItemId;
use crate::store::{Range, Table};

/// A kind of entry, the first octet of its key.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A frame.
    Frame = b'F' as isize,
    /// What a frame gives.
    Given = b'G' as isize,
    /// The latest receipt.
    Receipt = b'R' as isize,
    /// The last receipt of an epoch.
    Closed = b'C' as isize,
    /// A second frame for the same place.
    Evidence = b'E' as isize,
}

impl Kind {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Frame, Self::Given, Self::Receipt, Self::Closed, Self::Evidence];
}

/// The kind of an entry, and the partner it is about, by a key made by [`of_partner`] or one that goes on from it.
pub fn kind_and_partner(key: &[u8]) -> Option<(Kind, &str)> {
    let (kind, rest) = key.split_first()?;
    let kind = Kind::ALL.into_iter().find(|known| *known as u8 == *kind)?;
    let end = rest.iter().position(|octet| *octet == 0)?;
    Some((kind, std::str::from_utf8(&rest[..end]).ok()?))
}

/// The beginning of all keys of a kind for a partner.
pub fn of_partner(kind: Kind, owner: &str) -> Vec<u8> {
    let mut key = Vec::with_capacity(owner.len() + 18);
    key.push(kind as u8);
    key.extend_from_slice(owner.as_bytes());
    key.push(0);
    key
}

/// The key of what there is once for each epoch; the beginning of its frames' keys.
pub fn of_epoch(kind: Kind, owner: &str, epoch: u64) -> Vec<u8> {
    let mut key = of_partner(kind, owner);
    key.extend_from_slice(&epoch.to_be_bytes());
    key
}

/// The key of what there is once for each frame.
pub fn of_frame(kind: Kind, owner: &str, epoch: u64, sequence: u64) -> Vec<u8> {
    let mut key = of_epoch(kind, owner, epoch);
    key.extend_from_slice(&sequence.to_be_bytes());
    key
}

/// Epoch and sequence of a key made by [`of_frame`].
pub fn place_of(key: &[u8]) -> Option<(u64, u64)> {
    let number = |from: usize| Some(u64::from_be_bytes(key.get(from..from + 8)?.try_into().ok()?));
    let at = key.len().checked_sub(16)?;
    Some((number(at)?, number(at + 8)?))
}

/// The range of the frames `from..=to` of an epoch.
pub fn frames(table: Table, kind: Kind, owner: &str, epoch: u64, from: u64, to: u64) -> Range {
    Range {
        table,
        from: of_frame(kind, owner, epoch, from),
        to: after(of_frame(kind, owner, epoch, to)),
        entries_max: super::limits::PAGE_FRAMES_MAX,
        octets_max: super::limits::PAGE_OCTETS_MAX,
    }
}

/// The least key after this one.
pub fn after(mut key: Vec<u8>) -> Vec<u8> {
    key.push(0);
    key
}

/// The key after all that begin so.
pub fn end_of(mut prefix: Vec<u8>) -> Vec<u8> {
    while let Some(last) = prefix.pop() {
        if last < u8::MAX {
            prefix.push(last + 1);
            break;
        }
    }
    prefix
}

/// The key of an item that is here.
pub fn of_item(time: Time, id: ItemId) -> Vec<u8> {
    let mut key = vec![b'I'];
    // Flipping the sign bit puts negative times before positive ones.
    key.extend_from_slice(&((time.tai_ns() as u64) ^ (1 << 63)).to_be_bytes());
    key.extend_from_slice(&id.0);
    key
}

/// The range of all items that are here: of its last entry, see [`time_of_item`].
pub fn items() -> Range {
    Range {
        table: Table::Inbox,
        from: vec![b'I'],
        to: vec![b'I' + 1],
        entries_max: 1,
        octets_max: usize::MAX,
    }
}

/// When an item was measured, by its key.
pub fn time_of_item(key: &[u8]) -> Option<Time> {
    let (time, _) = key.strip_prefix(b"I")?.split_first_chunk::<8>()?;
    Some(Time::from_tai_ns((u64::from_be_bytes(*time) ^ (1 << 63)).cast_signed()))
}

/// The range of one key.
pub fn only(table: Table, key: Vec<u8>) -> Range {
    Range {
        table,
        to: after(key.clone()),
        from: key,
        entries_max: 1,
        octets_max: 0,
    }
}

/// The key of an entry of the audit.
pub fn of_audit(at: Time, number: u64) -> Vec<u8> {
    let mut key = vec![AUDIT];
    key.extend_from_slice(&((at.tai_ns() as u64) ^ (1 << 63)).to_be_bytes());
    key.extend_from_slice(&number.to_be_bytes());
    key
}

/// The range of all that the machine needs to begin again: give it to [`super::Exchange::restore`].
pub fn state() -> Range {
    Range {
        table: Table::State,
        from: b"x/".to_vec(),
        to: b"x0".to_vec(),
        entries_max: usize::MAX,
        octets_max: usize::MAX,
    }
}

/// Two copies of where the journal ends: one may be damaged.
pub const JOURNAL_ENDS: [&[u8]; 2] = [b"x/journal/0", b"x/journal/1"];

/// The first octet of the keys of the audit.
pub const AUDIT: u8 = b'x';
/// Where the chain of the audit ends.
pub const AUDIT_HEAD: &[u8] = b"x/audit";

/// Where the frames to a partner stand.
pub fn out_state(owner: &str) -> Vec<u8> {
    format!("x/out/{owner}").into_bytes()
}

/// Where the frames of a partner stand.
pub fn in_state(owner: &str) -> Vec<u8> {
    format!("x/in/{owner}").into_bytes()
}

/// An earlier epoch to a partner without its last word.
pub fn open_epoch(owner: &str, epoch: u64) -> Vec<u8> {
    [format!("x/open/{owner}/").as_bytes(), &epoch.to_be_bytes()].concat()
}

/// The last word on an earlier epoch of a partner.
pub fn closed_epoch(owner: &str, epoch: u64) -> Vec<u8> {
    [format!("x/closed/{owner}/").as_bytes(), &epoch.to_be_bytes()].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_of_an_item_is_in_its_key_and_the_latest_is_the_last() {
        let times = [-7, 0, 1, i64::MAX].map(Time::from_tai_ns);
        let keys = times.map(|time| of_item(time, ItemId([9; 16])));
        assert!(keys.is_sorted());
        let Range { from, to, .. } = items();
        assert!(keys.iter().all(|key| from <= *key && *key < to));
        assert_eq!(keys.map(|key| time_of_item(&key)), times.map(Some));
        assert_eq!(time_of_item(&of_partner(Kind::Frame, "japan")), None);
    }
}
