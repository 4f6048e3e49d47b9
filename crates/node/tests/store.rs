//! The durable log as a user of the trait sees it: what was reported durable is there, whatever happens to the process,
//! the disk, or the octets on it.

#![expect(clippy::unwrap_used, reason = "tests; their helpers too")]

#[path = "store/copy.rs"]
mod copy;
#[path = "store/crash.rs"]
mod crash;
#[path = "store/damage.rs"]
mod damage;
#[path = "store/folder.rs"]
mod folder;
#[path = "store/full.rs"]
mod full;
#[path = "store/reading.rs"]
mod reading;

use node::store::{DiskStore, StoreOptions};
use share::store::{Batch, Range, Table, Write};

/// A small store, so that tests come to its limits.
fn options() -> StoreOptions {
    StoreOptions {
        cache_octets: 1 << 20,
        buffer_octets: 1 << 20,
        reserve_octets: 8 << 20,
        ..StoreOptions::default()
    }
}

fn open(path: &std::path::Path) -> DiskStore {
    DiskStore::open(path, options()).unwrap()
}

fn put(table: Table, key: impl Into<Vec<u8>>, value: impl Into<Vec<u8>>) -> Write {
    Write {
        table,
        key: key.into(),
        value: Some(value.into()),
    }
}

/// Octets that depend on the number, so that a value of another entry is no value of this one.
fn value(n: u64, octets: usize) -> Vec<u8> {
    (0..octets as u64)
        .map(|i| (n.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(i * i) >> 13) as u8)
        .collect()
}

/// The batch of a number: a frame to a partner, what was accepted, and where they stand, as a node writes them.
fn batch(n: u64) -> Batch {
    let octets = if n.is_multiple_of(3) { 3_500 } else { 200 };
    vec![
        put(Table::Journal, n.to_be_bytes(), value(n, octets)),
        put(
            Table::Outbox,
            [&[1][..], &n.to_be_bytes()].concat(),
            value(n + 1, octets),
        ),
        put(Table::State, *b"head", n.to_be_bytes()),
    ]
}

fn all(table: Table) -> Range {
    Range {
        table,
        from: Vec::new(),
        to: vec![0xff; 32],
        entries_max: usize::MAX,
        octets_max: usize::MAX,
    }
}

/// Sees that a store has the batches before `count`, whole, and nothing else.
#[track_caller]
fn assert_holds(store: &DiskStore, count: u64, context: &str) {
    let there = numbers(store);
    let is_dense = there.iter().copied().eq(0..there.len() as u64);
    assert!(
        is_dense && there.len() as u64 == count,
        "{context}: {} of {count}, dense: {is_dense}",
        there.len()
    );
}

/// The numbers of the batches in a store, each looked at whole. The last one is what the head says.
fn numbers(store: &DiskStore) -> Vec<u64> {
    let journal = store.read(&all(Table::Journal)).unwrap();
    let outbox = store.read(&all(Table::Outbox)).unwrap();
    let head = store.read(&all(Table::State)).unwrap();
    assert_eq!(journal.len(), outbox.len(), "batches are whole");
    let numbers: Vec<u64> = journal
        .iter()
        .map(|(key, _)| u64::from_be_bytes(key.as_slice().try_into().unwrap()))
        .collect();
    for ((n, (_, accepted)), (_, frame)) in numbers.iter().zip(&journal).zip(&outbox) {
        assert_eq!(
            [batch(*n)[0].value.as_ref(), batch(*n)[1].value.as_ref()],
            [Some(accepted), Some(frame)]
        );
    }
    let last = head
        .first()
        .map(|(_, n)| u64::from_be_bytes(n.as_slice().try_into().unwrap()));
    assert_eq!(last, numbers.last().copied(), "batches are whole");
    numbers
}
