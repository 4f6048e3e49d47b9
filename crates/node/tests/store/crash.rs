//! Real processes, killed at any moment.

use std::io::{BufRead, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use node::store::{DiskStore, GroupCommit, NotTaken, StoreEvent};

use super::{batch, numbers, open, options};

/// Names the folder to the process that writes until it is killed.
const WRITE: &str = "TRILAT_TEST_WRITE";
const ROUNDS: u32 = 40;

#[test]
fn what_was_reported_durable_outlives_a_kill_at_any_moment() {
    if let Some(path) = std::env::var_os(WRITE) {
        write_until_killed(path.as_ref());
    }
    let seed = std::env::var("TRILAT_SEED").ok().and_then(|seed| seed.parse().ok());
    let seed: u64 = seed.unwrap_or_else(|| u64::from(std::process::id()));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log");
    let mut state = seed;
    let (mut durable, mut most) = (None, 0);
    for round in 0..ROUNDS {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let live = Duration::from_micros((state >> 33) % 120_000);
        // Some rounds end while the store is being opened and put in order.
        durable = durable.max(run_and_kill(&path, live));
        if !path.exists() {
            continue;
        }
        let store = open(&path);
        let there = numbers(&store);
        let context = format!("TRILAT_SEED={seed} round {round} after {live:?}");
        assert!(there.iter().copied().eq(0..there.len() as u64), "{context}: a gap");
        assert!(
            there.len() as u64 >= durable.map_or(0, |n| n + 1),
            "{context}: {durable:?} is lost, {} there",
            there.len()
        );
        assert_eq!(store.tail().dropped_batches, 0, "{context}: a whole batch was dropped");
        most = most.max(there.len());
    }
    assert!(
        durable.is_some() && most > 100,
        "seed {seed}: it hardly wrote anything: {durable:?} of {most}"
    );
}

/// Returns the last token that the process reported durable before it was killed.
fn run_and_kill(path: &Path, live: Duration) -> Option<u64> {
    let test = "crash::what_was_reported_durable_outlives_a_kill_at_any_moment";
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(WRITE, path)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let out = child.stdout.take().unwrap();
    let reported = std::thread::spawn(move || {
        let lines = BufReader::new(out).lines().map_while(Result::ok);
        lines
            .filter_map(|line| line.strip_prefix("durable ")?.parse().ok())
            .last()
    });
    std::thread::park_timeout(live);
    child.kill().unwrap();
    child.wait().unwrap();
    reported.join().unwrap()
}

#[expect(clippy::disallowed_methods, reason = "a process that nobody kills ends by itself")]
fn write_until_killed(path: &Path) -> ! {
    let started = Instant::now();
    let store = DiskStore::open(path, options()).unwrap();
    let first = numbers(&store).len() as u64;
    let out = Mutex::new(std::io::stdout());
    let report = move |event| match event {
        // A line that the kill cuts short has no end and does not count.
        StoreEvent::Durable { token } => writeln!(out.lock().unwrap(), "durable {token}").unwrap(),
        other => panic!("{other:?}"),
    };
    let commit = GroupCommit::start(store, 64, report).unwrap();
    for n in first.. {
        let mut next = batch(n);
        while let Err(NotTaken::Behind(back)) = commit.submit(n, next) {
            next = back;
            std::thread::yield_now();
        }
        if started.elapsed() > Duration::from_secs(20) {
            break;
        }
    }
    std::process::exit(1)
}
