//! Octets that change on the disk: never returned as good, never a panic, and the good ones beside them are read.

use std::fs;
use std::path::{Path, PathBuf};

use node::store::{DiskStore, StoreError};
use share::store::{Page, Range, Table};

use super::{all, batch, numbers, open, options};

/// All files below a folder, in order.
fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        match path.is_dir() {
            true => files(&path, found),
            false => found.push(path),
        }
    }
    found.sort();
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        match entry.path().is_dir() {
            true => copy(&entry.path(), &to.join(entry.file_name())),
            false => {
                // A journal is made long beforehand; its zeros need no copy.
                let octets = fs::read(entry.path()).unwrap();
                fs::write(to.join(entry.file_name()), &octets[..end_of(&octets)]).unwrap();
            }
        }
    }
}

fn flip(path: &Path, at: u64) {
    let mut octets = fs::read(path).unwrap();
    octets[at as usize] ^= 0x10;
    fs::write(path, octets).unwrap();
}

/// Where the octets end that are not the zeros of a journal made long beforehand.
fn end_of(octets: &[u8]) -> usize {
    let is_long = octets.len() > 32 << 20;
    let last = octets.iter().rposition(|&octet| octet != 0);
    if is_long {
        last.map_or(0, |last| last + 1)
    } else {
        octets.len()
    }
}

fn used(path: &Path) -> u64 {
    end_of(&fs::read(path).unwrap()) as u64
}

/// Reads a table as a machine would that goes on behind what is damaged; returns what it got and what was damaged.
fn read_around(store: &DiskStore, table: Table) -> (Page, usize) {
    let (mut got, mut damaged) = (Page::new(), 0);
    let mut range = Range {
        entries_max: 50,
        ..all(table)
    };
    loop {
        match store.read(&range) {
            Ok(page) if page.is_empty() => return (got, damaged),
            Ok(page) => {
                range.from = [&page.last().unwrap().0[..], &[0]].concat();
                got.extend(page);
            }
            Err(StoreError::Damaged(damage)) => {
                assert_eq!(damage.table, table);
                damaged += 1;
                if !damage.is_own_key {
                    return (got, damaged);
                }
                range.from = [&damage.key[..], &[0]].concat();
            }
            Err(other) => panic!("{other:?}"),
        }
    }
}

/// A store whose entries are in tables, in files of long values, and in the journal.
fn filled(path: &Path) -> u64 {
    let store = open(path);
    let count = 1_500;
    for n in 0..count {
        store.append(&batch(n)).unwrap();
    }
    store.sync().unwrap();
    count
}

#[test]
fn a_flipped_bit_anywhere_is_an_error_or_a_lost_tail_never_a_wrong_value() {
    let folder = tempfile::tempdir().unwrap();
    let (whole, hurt) = (folder.path().join("whole"), folder.path().join("hurt"));
    let made = folder.path().join("made");
    let count = filled(&made);
    copy(&made, &whole);
    let mut paths = Vec::new();
    files(&whole.join("engine"), &mut paths);
    let (mut refused, mut seen, mut unhurt, mut cut) = (0, 0, 0, 0);
    let mut state = 7_u64;
    for path in paths.iter().filter(|path| used(path) > 0) {
        let tries = if used(path) > 20_000 { 8 } else { 2 };
        for _ in 0..tries {
            state = state
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            let at = (state >> 20) % used(path);
            let _ = fs::remove_dir_all(&hurt);
            copy(&whole, &hurt);
            let inner = path.strip_prefix(&whole).unwrap();
            flip(&hurt.join(inner), at);
            let place = format!("{} at {at}", inner.display());
            let Ok(store) = DiskStore::open(&hurt, options()) else {
                refused += 1;
                continue;
            };
            let (journal, damaged) = read_around(&store, Table::Journal);
            for (key, value) in &journal {
                let n = u64::from_be_bytes(key.as_slice().try_into().unwrap());
                assert_eq!(Some(value), batch(n)[0].value.as_ref(), "{place}: entry {n}");
            }
            let (_, more) = read_around(&store, Table::Outbox);
            let lost = journal.len() as u64 != count;
            match (damaged + more > 0, lost) {
                (true, _) => seen += 1,
                (false, false) => unhurt += 1,
                (false, true) => {
                    assert!(
                        store.tail().dropped_octets > 0,
                        "{place}: entries are gone without a word"
                    );
                    cut += 1;
                }
            }
        }
    }
    let counts = format!("refused to open {refused}, named {seen}, cut and said so {cut}, of no consequence {unhurt}");
    assert!(refused > 5 && seen > 5 && cut > 1, "{counts}");
}

/// In which file of long values, and where in it, a value is.
fn find(store: &Path, value: &[u8]) -> Option<(PathBuf, u64)> {
    let mut paths = Vec::new();
    files(&store.join("engine"), &mut paths);
    paths.retain(|path| path.to_string_lossy().contains("blobs"));
    paths.into_iter().find_map(|path| {
        let octets = fs::read(&path).unwrap();
        let at = (0..octets.len()).find(|at| octets[*at..].starts_with(value))?;
        Some((path, at as u64))
    })
}

#[test]
fn a_damaged_value_is_named_by_table_and_key_and_costs_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    let n = 300;
    let value = batch(n)[0].value.clone().unwrap();
    let (mut count, mut place) = (0, None);
    // More and more, until the engine has written this one to a file of long values.
    while place.is_none() {
        assert!(count < 100_000, "never written");
        let store = open(&path);
        (count..count + 1_500).for_each(|n| store.append(&batch(n)).unwrap());
        count += 1_500;
        drop(store);
        place = find(&path, &value);
    }
    let (file, at) = place.unwrap();
    flip(&file, at + 1_000);
    let store = open(&path);
    let from = n.to_be_bytes().to_vec();
    let error = store
        .read(&Range {
            from: from.clone(),
            ..all(Table::Journal)
        })
        .unwrap_err();
    let StoreError::Damaged(damage) = &error else {
        panic!("{error:?}")
    };
    assert!(
        damage.table == Table::Journal && damage.is_own_key && damage.key == from,
        "{damage:?}"
    );
    assert_eq!(error.to_string(), "damaged: table journal, key 000000000000012c");
    let before = store.read(&all(Table::Journal)).unwrap();
    assert_eq!(before.len() as u64, n, "the page before it ends there");
    let (got, damaged) = read_around(&store, Table::Journal);
    assert_eq!((got.len() as u64, damaged), (count - 1, 1));
}

#[test]
fn a_batch_that_the_power_cut_short_is_left_out_and_the_store_opens() {
    let folder = tempfile::tempdir().unwrap();
    let (whole, torn) = (folder.path().join("whole"), folder.path().join("torn"));
    let store = open(&whole);
    (0..20).for_each(|n| store.append(&batch(n)).unwrap());
    drop(store);
    let journal = |path: &Path| path.join("engine/0.jnl");
    let end = used(&journal(&whole));
    // Batches 18, of 7,000 octets, and 19, of 400: a block in the midst of the one, ends of the other, both.
    for (from, to) in [
        (end - 4_000, end - 3_000),
        (end - 5, end),
        (end - 1, end),
        (end - 600, end),
    ] {
        let _ = fs::remove_dir_all(&torn);
        copy(&whole, &torn);
        let mut octets = fs::read(journal(&torn)).unwrap();
        octets[from as usize..to as usize].fill(0);
        fs::write(journal(&torn), octets).unwrap();
        let store = open(&torn);
        let there = numbers(&store);
        assert!(
            there.iter().copied().eq(0..there.len() as u64) && there.len() < 20,
            "{from}..{to}: {there:?}"
        );
        let tail = store.tail();
        assert!(tail.dropped_octets > 0, "{from}..{to}");
        assert!(tail.kept.as_ref().is_some_and(|kept| kept.exists()), "{from}..{to}");
        let next = there.len() as u64;
        store.append(&batch(next)).unwrap();
        drop(store);
        let store = open(&torn);
        assert_eq!(
            numbers(&store).len() as u64,
            next + 1,
            "{from}..{to}: what came later is there"
        );
        assert_eq!(store.tail().dropped_octets, 0);
    }
}

#[test]
fn damage_in_the_midst_of_the_journal_is_told_from_a_crash() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    let store = open(&path);
    (0..20).for_each(|n| store.append(&batch(n)).unwrap());
    drop(store);
    let journal = path.join("engine/0.jnl");
    flip(&journal, used(&journal) / 2);
    let store = open(&path);
    let there = numbers(&store);
    let tail = store.tail();
    assert!(there.len() < 15, "{there:?}");
    assert_eq!(
        tail.dropped_batches as usize,
        20 - there.len() - 1,
        "all behind the damaged one: {tail:?}"
    );
}
