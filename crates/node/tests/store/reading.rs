//! Order, pages, removal, and that what was appended is read at once.

use std::sync::mpsc;

use node::store::{GroupCommit, NotTaken, Store, StoreEvent};
use share::store::{Range, Table, Write};

use super::{all, batch, numbers, open, put};

#[test]
fn pages_are_in_order_within_their_limits_and_begin_where_asked() {
    let folder = tempfile::tempdir().unwrap();
    let mut store: Box<dyn Store> = Box::new(open(&folder.path().join("log")));
    let keys: [u8; 5] = [7, 1, 200, 3, 5];
    let writes = keys.iter().map(|key| put(Table::Inbox, [*key], vec![*key; 10]));
    store.append(&writes.collect()).unwrap();
    let read = |from: u8, to: u8, entries_max: usize, octets_max: usize| {
        let (from, to) = (vec![from], vec![to]);
        let range = Range {
            table: Table::Inbox,
            from,
            to,
            entries_max,
            octets_max,
        };
        let page = store.read(&range).unwrap();
        page.iter()
            .for_each(|(key, value)| assert_eq!(*value, vec![key[0]; 10]));
        page.into_iter().map(|(key, _)| key[0]).collect::<Vec<_>>()
    };
    assert_eq!(read(0, 255, 9, 999), [1, 3, 5, 7, 200]);
    assert_eq!(read(3, 200, 9, 999), [3, 5, 7], "the end is not in it");
    assert_eq!(read(3, 200, 2, 999), [3, 5]);
    assert_eq!(read(1, 200, 9, 30), [1, 3, 5]);
    assert_eq!(read(1, 200, 9, 29), [1, 3]);
    assert_eq!(read(1, 200, 9, 0), [1], "the first is given in any case");
    assert_eq!(read(9, 9, 9, 999), [0_u8; 0]);
    assert_eq!(read(9, 2, 9, 999), [0_u8; 0], "from after to is nothing, no panic");
    let other = store.read(&all(Table::Outbox)).unwrap();
    assert!(other.is_empty(), "tables are apart");
}

#[test]
fn one_key_is_read_alone_whatever_stands_beside_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    let only = |key: &[u8]| Range {
        table: Table::Inbox,
        from: key.to_vec(),
        to: [key, &[0]].concat(),
        entries_max: 1,
        octets_max: 0,
    };
    let read = |store: &dyn Store, key: &[u8]| store.read(&only(key)).unwrap();
    let store = open(&path);
    let long = vec![7; 5_000];
    store
        .append(&vec![
            put(Table::Inbox, *b"a", *b"1"),
            put(Table::Inbox, *b"ab", long.clone()),
            put(Table::Journal, *b"b", *b"2"),
        ])
        .unwrap();
    let expect = |store: &dyn Store| {
        assert_eq!(read(store, b"a"), [(b"a".to_vec(), b"1".to_vec())]);
        assert_eq!(read(store, b"ab"), [(b"ab".to_vec(), long.clone())]);
        assert!(read(store, b"b").is_empty(), "tables are apart");
        assert!(read(store, b"").is_empty());
    };
    expect(&store);
    drop(store);
    expect(&open(&path));
}

#[test]
fn what_is_removed_or_replaced_is_gone_after_opening_too() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    let remove = |key: &[u8]| Write {
        table: Table::State,
        key: key.to_vec(),
        value: None,
    };
    {
        let store = open(&path);
        store
            .append(&vec![put(Table::State, *b"a", *b"1"), put(Table::State, *b"b", *b"1")])
            .unwrap();
        store
            .append(&vec![put(Table::State, *b"a", *b"2"), remove(b"b")])
            .unwrap();
    }
    assert_eq!(
        open(&path).read(&all(Table::State)).unwrap(),
        [(b"a".to_vec(), b"2".to_vec())]
    );
}

#[test]
fn a_group_commit_reports_in_order_what_is_durable_and_all_of_it_by_its_end() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("log"));
    let (to, events) = mpsc::channel();
    let commit = GroupCommit::start(store.clone(), 16, move |event| to.send(event).unwrap()).unwrap();
    let mut behind = 0;
    for n in 0..500 {
        let mut next = batch(n);
        while let Err(NotTaken::Behind(back)) = commit.submit(n, next) {
            assert_eq!(back, batch(n), "the batch comes back");
            next = back;
            behind += 1;
            std::thread::yield_now();
        }
    }
    drop(commit);
    let mut durable = Vec::new();
    for event in events {
        match event {
            StoreEvent::Durable { token } => durable.push(token),
            other => panic!("{other:?}"),
        }
    }
    assert!(durable.is_sorted_by(|a, b| a < b), "{durable:?}");
    assert_eq!(durable.last(), Some(&499));
    assert!(
        durable.len() < 400,
        "one write to the disk serves many: {} for 500",
        durable.len()
    );
    assert!(behind > 0, "no more than 16 wait");
    assert_eq!(numbers(&store), (0..500).collect::<Vec<_>>());
}

#[test]
fn who_appends_without_a_pause_does_not_fill_the_memory() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("log"));
    let mut most = 0;
    for n in 0..40_000_u64 {
        store
            .append(&vec![put(Table::Inbox, n.to_be_bytes(), vec![n as u8; 1_500])])
            .unwrap();
        most = most.max(store.buffered_octets().unwrap());
    }
    // 60 MB went in, through buffers of 1 MiB.
    assert!(most < 10 << 20, "{most}");
}
