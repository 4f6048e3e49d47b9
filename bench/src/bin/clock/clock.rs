//! The clock of benchmarks.

#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

use std::time::Instant;

/// Time that this process was given a core, so that others on the machine do not count; by the wall where the system
/// does not tell.
pub struct Clock {
    wall: Instant,
    own_ns: Option<u64>,
}

impl Clock {
    /// Begins.
    pub fn new() -> Self {
        Self {
            wall: Instant::now(),
            own_ns: own_ns(),
        }
    }

    /// Since the begin.
    pub fn seconds(&self) -> f64 {
        match (self.own_ns, own_ns()) {
            (Some(begin), Some(end)) => (end - begin) as f64 * 1e-9,
            _ => self.wall.elapsed().as_secs_f64(),
        }
    }
}

/// Nanoseconds on a core, of the only thread.
fn own_ns() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split_whitespace().next()?.parse().ok()
}
