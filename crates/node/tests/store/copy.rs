//! Backups: consistent while the store is written, verified when they are used, never over a log that is there.

use std::fs;
use std::path::Path;

use geo::Time;
use node::store::{Control, CopyError, DiskStore, OpenError, ask_for_backup, restore};
use share::store::Table;

use super::{assert_holds, batch, numbers, open, options, put};

fn at(s: i64) -> Time {
    Time::from_tai_ns(s * 1_000_000_000)
}

fn backed_up(folder: &Path) -> (DiskStore, std::path::PathBuf) {
    let store = open(&folder.join("log"));
    (0..300).for_each(|n| store.append(&batch(n)).unwrap());
    let file = folder.join("backup");
    let copied = store.backup(&file, at(100)).unwrap();
    assert_eq!(
        (copied.entries, copied.octets),
        (601, fs::metadata(&file).unwrap().len())
    );
    (store, file)
}

#[test]
fn a_backup_taken_while_others_write_is_the_log_of_one_moment() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(&folder.path().join("log"));
    (0..50).for_each(|n| store.append(&batch(n)).unwrap());
    std::thread::scope(|scope| {
        let writer = scope.spawn(|| (50..3_000).for_each(|n| store.append(&batch(n)).unwrap()));
        for n in 0.. {
            let is_last = writer.is_finished();
            let [file, copy] = ["backup", "copy"].map(|name| folder.path().join(format!("{name}-{n}")));
            store.backup(&file, at(100)).unwrap();
            restore(&file, &copy, options(), at(101)).unwrap();
            let copy = open(&copy);
            let count = numbers(&copy).len() as u64;
            assert_holds(&copy, count, "whole batches, in order");
            assert!(count >= 50, "{count}");
            if is_last {
                assert_eq!(count, 3_000);
                break;
            }
        }
    });
}

#[test]
fn a_changed_backup_is_refused_and_leaves_nothing_behind() {
    let folder = tempfile::tempdir().unwrap();
    let (_store, file) = backed_up(folder.path());
    let whole = fs::read(&file).unwrap();
    let changed = folder.path().join("changed");
    let target = folder.path().join("restored");
    let mut tried = 0;
    for at_octet in (0..whole.len())
        .step_by(whole.len() / 60)
        .chain(whole.len() - 30..whole.len())
    {
        let mut octets = whole.clone();
        octets[at_octet] ^= 4;
        fs::write(&changed, &octets).unwrap();
        let error = restore(&changed, &target, options(), at(1 << 32)).unwrap_err();
        let is_named = matches!(
            error,
            CopyError::Damaged { .. } | CopyError::NoBackup { .. } | CopyError::Clock { .. }
        );
        assert!(is_named, "octet {at_octet}: {error}");
        tried += 1;
    }
    for end in [0, 10, 25, 1_000, whole.len() - 1] {
        fs::write(&changed, &whole[..end]).unwrap();
        restore(&changed, &target, options(), at(1 << 32)).unwrap_err();
    }
    fs::write(&changed, [&whole[..], b"x"].concat()).unwrap();
    restore(&changed, &target, options(), at(1 << 32)).unwrap_err();
    assert!(tried > 80 && !target.exists());
    let names: Vec<_> = fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names.len(), 3, "{names:?}");
}

#[test]
fn a_restore_never_overwrites_and_never_goes_back_before_its_backup() {
    let folder = tempfile::tempdir().unwrap();
    let (store, file) = backed_up(folder.path());
    let log = folder.path().join("log");
    let error = restore(&file, &log, options(), at(101)).unwrap_err();
    assert!(
        matches!(error, CopyError::Occupied { is_log: true, .. }),
        "while it is used: {error}"
    );
    drop(store);
    let error = restore(&file, &log, options(), at(101)).unwrap_err();
    assert!(
        matches!(error, CopyError::Occupied { is_log: true, .. }),
        "and when not: {error}"
    );
    let other = folder.path().join("other");
    // With a clock before the backup, the next epoch could be one that was used after it.
    let error = restore(&file, &other, options(), at(99)).unwrap_err();
    assert!(matches!(error, CopyError::Clock { .. }), "{error}");
    restore(&file, &other, options(), at(101)).unwrap();
    assert_holds(&open(&other), 300, "restored");
}

#[test]
fn a_running_node_is_asked_for_its_backup() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    let file = folder.path().join("asked");
    let store = open(&log);
    (0..100).for_each(|n| store.append(&batch(n)).unwrap());
    ask_for_backup(&log, &file).unwrap_err();
    let control = Control::start(store.clone(), || at(100)).unwrap();
    assert!(matches!(DiskStore::open(&log, options()), Err(OpenError::InUse { .. })));
    let answered = ask_for_backup(&log, &file).unwrap();
    assert_eq!((answered.entries, answered.damaged), (201, 0));
    let again = ask_for_backup(&log, &file).unwrap_err();
    assert!(again.to_string().contains("name a new file"), "{again}");
    drop(control);
    ask_for_backup(&log, &file).unwrap_err();
    let copy = folder.path().join("copy");
    restore(&file, &copy, options(), at(100)).unwrap();
    assert_holds(&open(&copy), 100, "restored");
    store.append(&vec![put(Table::Audit, *b"a", *b"b")]).unwrap();
}
