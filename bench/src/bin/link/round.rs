//! Messages there and back, and how long each took.

use std::fmt;
use std::time::{Duration, Instant};

use crate::ends::End;

/// How long an end waits before it looks again whether the other one is there.
const PATIENCE: Duration = Duration::from_millis(100);

/// How long the last ones may take.
const TAIL: Duration = Duration::from_secs(5);

/// What is sent.
#[derive(Copy, Clone)]
pub struct Load {
    pub per_s: f64,
    pub octets: usize,
    pub duration: Duration,
}

/// Milliseconds there and back.
pub struct Figures {
    sent: usize,
    refused: usize,
    lost: usize,
    /// Sorted.
    ms: Vec<f64>,
}

impl Figures {
    /// The value below which so many hundredths lie.
    pub fn percentile(&self, percent: usize) -> f64 {
        self.ms
            .get(self.ms.len().saturating_sub(1) * percent / 100)
            .copied()
            .unwrap_or(f64::NAN)
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            sent, refused, lost, ..
        } = self;
        let [p50, p90, p99, max] = [50, 90, 99, 100].map(|percent| self.percentile(percent));
        write!(
            to,
            "{{\"sent\":{sent},\"refused\":{refused},\"lost\":{lost},\"p50_ms\":{p50:.3},\"p90_ms\":{p90:.3},\
             \"p99_ms\":{p99:.3},\"max_ms\":{max:.3}}}"
        )
    }
}

/// Sends back what comes.
pub fn echo(end: &impl End) {
    loop {
        if let Some(octets) = end.next(PATIENCE) {
            end.send(octets);
        }
    }
}

/// Waits until the other end answers.
pub fn meet(end: &impl End, load: &Load) {
    while end.next(PATIENCE).is_none() {
        end.send(hello(load));
    }
    while end.next(PATIENCE).is_some() {}
}

fn hello(load: &Load) -> Vec<u8> {
    vec![0xff; load.octets.max(8)]
}

/// Sends at the rate, whether or not anything comes back; returns how many were taken and how many refused.
pub fn pour(end: &impl End, load: &Load) -> (usize, usize) {
    let begin = Instant::now();
    let (mut taken, mut refused) = (0, 0);
    while begin.elapsed() < load.duration {
        let due = begin + Duration::from_secs_f64((taken + refused) as f64 / load.per_s);
        while let Some(wait) = due.checked_duration_since(Instant::now()) {
            end.next(wait);
        }
        if end.send(hello(load)) {
            taken += 1
        } else {
            refused += 1
        }
    }
    (taken, refused)
}

/// Waits until the other end answers, then sends at the rate and measures.
pub fn measure(end: &impl End, load: &Load) -> Figures {
    meet(end, load);
    let count = (load.per_s * load.duration.as_secs_f64()) as usize;
    let mut left: Vec<Option<Instant>> = vec![None; count];
    let mut ms = Vec::with_capacity(count);
    let (mut refused, begin) = (0, Instant::now());
    let mut take = |octets: &[u8], left: &[Option<Instant>]| {
        let number = u64::from_le_bytes(*octets.first_chunk().expect("eight octets"));
        let sent = left.get(number as usize).copied().flatten();
        ms.extend(sent.map(|sent| sent.elapsed().as_secs_f64() * 1e3));
    };
    for number in 0..count {
        let due = begin + Duration::from_secs_f64(number as f64 / load.per_s);
        while let Some(wait) = due.checked_duration_since(Instant::now()) {
            if let Some(octets) = end.next(wait) {
                take(&octets, &left);
            }
        }
        let mut octets = hello(load);
        octets[..8].copy_from_slice(&(number as u64).to_le_bytes());
        left[number] = Some(Instant::now());
        if !end.send(octets) {
            left[number] = None;
            refused += 1;
        }
    }
    let until = Instant::now() + TAIL;
    let mut came = 0;
    while came < count
        && let Some(wait) = until.checked_duration_since(Instant::now())
    {
        let Some(octets) = end.next(wait) else { continue };
        take(&octets, &left);
        came += 1;
        if number_of(&octets) + 1 == count {
            break;
        }
    }
    ms.sort_by(f64::total_cmp);
    Figures {
        sent: count - refused,
        refused,
        lost: count - refused - ms.len(),
        ms,
    }
}

fn number_of(octets: &[u8]) -> usize {
    u64::from_le_bytes(*octets.first_chunk().expect("eight octets")) as usize
}
