//! The radars of one owner, as they feed its node: each plot is stamped with the wall clock as its line is written.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io::Write;
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use geo::Time;

use crate::chance::Chance;
use crate::scene::{HEAD, Look, Scene};

/// What is due within this is written together: a radar's own computer does not send single plots at high rates.
const TOGETHER: Duration = Duration::from_micros(500);
/// No longer than this between looks whether to stop.
const LOOK: Duration = Duration::from_millis(20);

/// Plots of one owner, written by a thread.
pub struct Feeder {
    written: Arc<AtomicU64>,
    stop: Arc<AtomicBool>,
    thread: Option<JoinHandle<std::io::Result<()>>>,
}

/// The wall clock, as the nodes read it.
pub fn wall() -> Time {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Time::from_utc_ns(since.as_nanos() as i64).expect("a clock after 1972")
}

#[derive(PartialEq)]
struct Due(Look);

impl Eq for Due {}

impl Ord for Due {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        let (a, b) = (&self.0, &other.0);
        a.due_s
            .total_cmp(&b.due_s)
            .then((a.radar, a.object).cmp(&(b.radar, b.object)))
    }
}

impl PartialOrd for Due {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Feeder {
    /// Begins to write what the radars of an owner see, as if the scene had begun at `begin`.
    pub fn start(scene: Arc<Scene>, owner: usize, stream: TcpStream, begin: Instant) -> Self {
        let (written, stop) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicBool::new(false)));
        let (count, told) = (written.clone(), stop.clone());
        let work = move || write_all(&scene, owner, stream, begin, (&count, &told));
        Self {
            written,
            stop,
            thread: Some(std::thread::spawn(work)),
        }
    }

    /// How many plots were written.
    pub fn written(&self) -> u64 {
        self.written.load(Ordering::Acquire)
    }

    /// Ends it; how many plots were written.
    pub fn end(&mut self) -> Result<u64, crate::Failure> {
        self.stop.store(true, Ordering::Release);
        if let Some(thread) = self.thread.take() {
            thread.join().map_err(|_| "a feeder died")??;
        }
        Ok(self.written())
    }
}

impl Drop for Feeder {
    fn drop(&mut self) {
        let _ = self.end();
    }
}

fn write_all(
    scene: &Scene,
    owner: usize,
    mut stream: TcpStream,
    begin: Instant,
    (written, stop): (&AtomicU64, &AtomicBool),
) -> std::io::Result<()> {
    let mut chance = Chance(owner as u64 + 1);
    let mut due: BinaryHeap<Reverse<Due>> = scene
        .looks(owner, &mut chance)
        .into_iter()
        .map(|look| Reverse(Due(look)))
        .collect();
    stream.write_all(HEAD.as_bytes())?;
    let mut lines = String::new();
    while !stop.load(Ordering::Acquire) {
        let Some(Reverse(Due(next))) = due.peek() else { break };
        let since = begin.elapsed();
        if let Some(wait) = Duration::from_secs_f64(next.due_s).checked_sub(since) {
            std::thread::sleep(wait.min(LOOK));
            continue;
        }
        let until_s = (since + TOGETHER).as_secs_f64();
        let mut plots = 0;
        while let Some(mut first) = due.peek_mut()
            && first.0.0.due_s <= until_s
        {
            let look = first.0.0;
            first.0.0.due_s += look.period_s;
            drop(first);
            let stamp = format_args!("{:.6}", wall()).to_string();
            let at = (begin.elapsed().as_secs_f64(), stamp);
            plots += u64::from(scene.report((owner, &look), at, &mut chance, &mut lines));
        }
        stream.write_all(lines.as_bytes())?;
        lines.clear();
        written.fetch_add(plots, Ordering::AcqRel);
    }
    Ok(())
}
