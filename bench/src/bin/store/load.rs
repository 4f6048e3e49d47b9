//! The load of a node: what it accepts, what it sends to two partners, what it gets from them.

#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock and keeps a pace")]

use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use crate::Failure;
use crate::engine::Engine;

/// How much comes, in what portions.
pub struct Load {
    pub plots_per_frame: u64,
    pub octets: usize,
    pub plots_per_s: u64,
    pub seconds: u64,
}

/// Titles of what is printed.
pub fn head() {
    println!(
        "{:<6} {:>6} {:>9} {:>8} | {:>17} | {:>17} | {:>17} | {:>6} | {:>8} {:>8} {:>6}",
        "",
        "plots/",
        "plots/s",
        "done",
        "append us",
        "durable ms",
        "page 256 kB ms",
        "syncs",
        "MB in",
        "MB disk",
        "MB RAM"
    );
    println!(
        "{:<6} {:>6} {:>9} {:>8} | {:>8} {:>8} | {:>8} {:>8} | {:>8} {:>8} | {:>6} |",
        "", "frame", "asked", "plots/s", "p50", "p99", "p50", "p99", "p50", "p99", "/s"
    );
}

/// A frame's three entries and where its tables now stand, as one batch.
pub fn append<E: Engine>(engine: &E, n: u64, value: &[u8]) -> Result<(), Failure> {
    let partner = |n: u64| [&[1 + (n % 2) as u8][..], &7_u64.to_be_bytes(), &n.to_be_bytes()].concat();
    let head = n.to_be_bytes();
    engine.append(&[
        (0, n.to_be_bytes().to_vec(), value),
        (1, partner(n), value),
        (2, partner(n), value),
        (3, vec![(n % 2) as u8], &head),
    ])
}

/// Octets that do not compress, another value for each frame.
pub fn value(octets: usize, n: u64) -> Vec<u8> {
    let mut state = n.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut value = Vec::with_capacity(octets + 8);
    while value.len() < octets {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        value.extend_from_slice(&state.to_le_bytes());
    }
    value.truncate(octets);
    value
}

struct Seen {
    appended: AtomicU64,
    done: AtomicBool,
    durable: Mutex<Vec<(u64, Instant)>>,
    pages: Mutex<Vec<f64>>,
}

/// Frames at their rate; one thread syncs whenever something is new, one reads pages ten times a second.
pub fn paced<E: Engine>(engine: &E, path: &Path, load: &Load) -> Result<(), Failure> {
    let seen = Seen {
        appended: AtomicU64::new(0),
        done: AtomicBool::new(false),
        durable: Mutex::default(),
        pages: Mutex::default(),
    };
    let frames = load.plots_per_s * load.seconds / load.plots_per_frame;
    let every = Duration::from_nanos(1_000_000_000 * load.plots_per_frame / load.plots_per_s);
    let started = Instant::now();
    let (mut appends, mut at) = (Vec::new(), Vec::new());
    std::thread::scope(|scope| -> Result<(), Failure> {
        let syncs = scope.spawn(|| sync_all(engine, &seen));
        let reads = scope.spawn(|| read_all(engine, &seen));
        for n in 0..frames {
            let due = started + every * n as u32;
            if let Some(wait) = due.checked_duration_since(Instant::now()) {
                std::thread::sleep(wait);
            }
            let before = Instant::now();
            append(engine, n, &value(load.octets, n))?;
            appends.push(before.elapsed().as_secs_f64() * 1e6);
            at.push(before);
            seen.appended.store(n + 1, Ordering::Release);
            if started.elapsed().as_secs() > 2 * load.seconds {
                break;
            }
        }
        seen.done.store(true, Ordering::Release);
        syncs.join().expect("no panic")?;
        reads.join().expect("no panic")
    })?;
    let took_s = started.elapsed().as_secs_f64();
    let durable = seen.durable.into_inner()?;
    let mut waits = Vec::new();
    let mut from = 0;
    for (upto, when) in &durable {
        waits.extend(
            at[from..*upto as usize]
                .iter()
                .map(|at| (*when - *at).as_secs_f64() * 1e3),
        );
        from = *upto as usize;
    }
    let count = at.len() as u64;
    let rows = [appends, waits, seen.pages.into_inner()?];
    row::<E>(load, count, took_s, rows, durable.len(), path)
}

/// As many as go in: a hundred frames and a sync, again and again.
pub fn flat_out<E: Engine>(engine: &E, path: &Path, load: &Load) -> Result<(), Failure> {
    let values: Vec<_> = (0..64).map(|n| value(load.octets, n)).collect();
    let started = Instant::now();
    let (mut appends, mut syncs, mut n) = (Vec::new(), Vec::new(), 0);
    while started.elapsed().as_secs() < load.seconds {
        for _ in 0..100 {
            let before = Instant::now();
            append(engine, n, &values[n as usize % values.len()])?;
            appends.push(before.elapsed().as_secs_f64() * 1e6);
            n += 1;
        }
        let before = Instant::now();
        engine.sync()?;
        syncs.push(before.elapsed().as_secs_f64() * 1e3);
    }
    let (took_s, count) = (started.elapsed().as_secs_f64(), syncs.len());
    row::<E>(load, n, took_s, [appends, syncs, Vec::new()], count, path)
}

fn sync_all<E: Engine>(engine: &E, seen: &Seen) -> Result<(), Failure> {
    let mut upto = 0;
    loop {
        let is_done = seen.done.load(Ordering::Acquire);
        let appended = seen.appended.load(Ordering::Acquire);
        if appended > upto {
            engine.sync()?;
            seen.durable.lock().expect("no panic").push((appended, Instant::now()));
            upto = appended;
        } else if is_done {
            return Ok(());
        } else {
            std::thread::sleep(Duration::from_micros(200));
        }
    }
}

fn read_all<E: Engine>(engine: &E, seen: &Seen) -> Result<(), Failure> {
    let mut n = 0_u64;
    while !seen.done.load(Ordering::Acquire) {
        std::thread::sleep(Duration::from_millis(100));
        n = n.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let from = (n >> 33) % seen.appended.load(Ordering::Acquire).max(1);
        let key = [&[1][..], &7_u64.to_be_bytes(), &from.to_be_bytes()].concat();
        let before = Instant::now();
        engine.page(2, &key, 256 << 10)?;
        seen.pages
            .lock()
            .expect("no panic")
            .push(before.elapsed().as_secs_f64() * 1e3);
    }
    Ok(())
}

fn row<E: Engine>(
    load: &Load,
    frames: u64,
    took_s: f64,
    columns: [Vec<f64>; 3],
    syncs: usize,
    path: &Path,
) -> Result<(), Failure> {
    let [appends, waits, pages] = columns.map(|mut values| {
        values.sort_by(f64::total_cmp);
        let at = |share: f64| values.get(((values.len() as f64 * share) as usize).min(values.len().max(1) - 1));
        [0.5, 0.99].map(|share| at(share).map_or("-".to_owned(), |value| format!("{value:.1}")))
    });
    println!(
        "{:<6} {:>6} {:>9} {:>8.0} | {:>8} {:>8} | {:>8} {:>8} | {:>8} {:>8} | {:>6.0} | {:>8.0} {:>8.0} {:>6}",
        E::NAME,
        load.plots_per_frame,
        if load.plots_per_s == 0 {
            "all".to_owned()
        } else {
            load.plots_per_s.to_string()
        },
        (frames * load.plots_per_frame) as f64 / took_s,
        appends[0],
        appends[1],
        waits[0],
        waits[1],
        pages[0],
        pages[1],
        syncs as f64 / took_s,
        (frames * 3 * load.octets as u64) as f64 / 1e6,
        disk_octets(path)? as f64 / 1e6,
        memory_mb()?
    );
    Ok(())
}

/// What a folder takes on the disk (blocks, so that a hole counts nothing).
pub fn disk_octets(path: &Path) -> Result<u64, Failure> {
    use std::os::unix::fs::MetadataExt;
    let mut sum = 0;
    for entry in std::fs::read_dir(path)? {
        let entry = entry?;
        // A file may be gone between its listing and the look at it.
        let Ok(data) = entry.metadata() else { continue };
        sum += if data.is_dir() {
            disk_octets(&entry.path())?
        } else {
            data.blocks() * 512
        };
    }
    Ok(sum)
}

/// Memory that this process holds, in MB.
pub fn memory_mb() -> Result<u64, Failure> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find(|line| line.starts_with("RssAnon"));
    let kb = line
        .and_then(|line| line.split_whitespace().nth(1))
        .ok_or("no RssAnon")?;
    Ok(kb.parse::<u64>()? / 1024)
}
