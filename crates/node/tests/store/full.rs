//! A full disk, a real one: a small file system in memory, in mounts of the test's own.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::Path;
use std::process::Command;
use std::sync::mpsc;

use node::store::{DiskStore, GroupCommit, StoreError, StoreEvent, StoreOptions};

use super::{assert_holds, batch, options};

/// Names the folder of the disk to the process that the test runs on it.
pub const DISK: &str = "TRILAT_TEST_DISK";

/// Runs one test of this program again, in a process whose mounts are its own, after a command has made them.
///
/// Where the system does not let a test mount anything it says so, and with `CI` set it fails.
#[expect(clippy::print_stdout, reason = "a test that cannot run says so")]
pub fn in_own_mounts(path: &Path, mount: &str, test: &str) {
    let script = format!("{mount} || exit 77; exec \"$0\" --exact {test} --nocapture");
    let run = |options: &str| {
        Command::new("unshare")
            .args([options, "sh", "-c", &script])
            .arg(std::env::current_exe().unwrap())
            .env(DISK, path)
            .output()
    };
    let is_denied = |done: &std::io::Result<std::process::Output>| match done {
        Ok(done) => done.status.code() == Some(77) || (!done.status.success() && done.stdout.is_empty()),
        Err(_) => true,
    };
    let mut done = run("-m");
    if is_denied(&done) {
        done = run("-rm");
    }
    if is_denied(&done) {
        let why = format!("no mounts of our own here, so {test} cannot run: {done:?}");
        assert!(std::env::var_os("CI").is_none(), "{why}");
        println!("skipped: {why}");
        return;
    }
    let done = done.unwrap();
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success(), "{said}{}", String::from_utf8_lossy(&done.stderr));
    assert!(said.contains("1 passed"), "{said}");
}

fn on_a_small_disk(test: &str) {
    let folder = tempfile::tempdir().unwrap();
    in_own_mounts(
        folder.path(),
        "mount -t tmpfs -o size=48m tmpfs \"$TRILAT_TEST_DISK\"",
        test,
    );
}

#[test]
fn below_the_reserve_appends_are_refused_until_there_is_room() {
    on_a_small_disk("full::child_below_the_reserve");
}

#[test]
fn child_below_the_reserve() {
    let Some(disk) = std::env::var_os(DISK) else { return };
    refuses_and_heals(disk.as_ref(), options());
}

#[test]
fn a_disk_that_others_fill_to_the_last_octet_damages_nothing() {
    on_a_small_disk("full::child_without_a_reserve");
}

#[test]
fn child_without_a_reserve() {
    let Some(disk) = std::env::var_os(DISK) else { return };
    // The engine itself meets the end of the disk, in the midst of a batch.
    refuses_and_heals(
        disk.as_ref(),
        StoreOptions {
            reserve_octets: 0,
            ..options()
        },
    );
}

fn refuses_and_heals(disk: &Path, options: StoreOptions) {
    let path = disk.join("log");
    let others = disk.join("others");
    let store = DiskStore::open(&path, options.clone()).unwrap();
    let mut taken = append_until_full(&store, 0);
    for round in 0..4 {
        fill(&others);
        taken = append_until_full(&store, taken);
        assert_holds(&store, taken, &format!("round {round}: nothing of it was written"));
        if options.reserve_octets > 0 {
            let again = store.append(&batch(taken));
            assert!(matches!(again, Err(StoreError::Full)), "round {round}: still full");
        }
        grow(disk, 16);
        fs::remove_file(&others).unwrap();
        store.append(&batch(taken)).unwrap();
        store.sync().unwrap();
        taken += 1;
        assert_holds(&store, taken, &format!("round {round}: there is room again"));
    }
    drop(store);
    let store = DiskStore::open(&path, options).unwrap();
    assert_holds(&store, taken, "opened anew");
}

fn append_until_full(store: &DiskStore, from: u64) -> u64 {
    for n in from..from + 50_000 {
        match store.append(&batch(n)) {
            Ok(()) => {}
            Err(StoreError::Full) => return n,
            Err(other) => panic!("batch {n}: {other:?}"),
        }
    }
    panic!("never full")
}

/// Gives the disk more room: what an operator does.
fn grow(disk: &Path, more_mb: u64) {
    let done = Command::new("df")
        .args(["-m", "--output=size"])
        .arg(disk)
        .output()
        .unwrap();
    let size_mb: u64 = String::from_utf8_lossy(&done.stdout)
        .lines()
        .nth(1)
        .unwrap()
        .trim()
        .parse()
        .unwrap();
    let size = format!("remount,size={}m", size_mb + more_mb);
    assert!(
        Command::new("mount")
            .args(["-o", &size])
            .arg(disk)
            .status()
            .unwrap()
            .success()
    );
}

/// Takes all room there is, to the last octet.
fn fill(path: &Path) {
    let mut file = File::create(path).unwrap();
    while file.write_all(&[1; 1 << 16]).is_ok() {}
    while file.write_all(&[1]).is_ok() {}
}

#[test]
fn a_group_commit_waits_for_room_and_goes_on_in_order() {
    on_a_small_disk("full::child_group_commit");
}

#[test]
fn child_group_commit() {
    let Some(disk) = std::env::var_os(DISK) else { return };
    let store = DiskStore::open(&Path::new(&disk).join("log"), options()).unwrap();
    let (to, events) = mpsc::channel();
    let commit = GroupCommit::start(store.clone(), 8, move |event| to.send(event).unwrap()).unwrap();
    let others = Path::new(&disk).join("others");
    for n in 0..200 {
        if n == 100 {
            fill(&others);
        }
        let mut next = batch(n);
        while let Err(node::store::NotTaken::Behind(back)) = commit.submit(n, next) {
            next = back;
            if n > 100 && others.exists() {
                // Eight wait, as many as may; the events before say that the disk is full.
                let full = events.iter().find(|event| !matches!(event, StoreEvent::Durable { .. }));
                assert!(matches!(full, Some(StoreEvent::Full)), "{full:?}");
                fs::remove_file(&others).unwrap();
            }
            std::thread::yield_now();
        }
    }
    drop(commit);
    let rest: Vec<_> = events.iter().collect();
    assert!(rest.iter().any(|event| matches!(event, StoreEvent::Healed)), "{rest:?}");
    assert!(
        matches!(rest.last(), Some(StoreEvent::Durable { token: 199 })),
        "{rest:?}"
    );
    assert_holds(&store, 200, "in order");
}
