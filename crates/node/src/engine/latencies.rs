//! How long things took: counts in bins of 3 %, so that every share can be asked for.

/// Bins of each doubling.
const STEPS: u64 = 32;
/// From a microsecond to twelve days.
const BINS: usize = 37 * STEPS as usize;

/// A distribution of times.
#[derive(Clone, Debug, PartialEq)]
pub struct Latencies {
    bins: Vec<u64>,
    count: u64,
    max_us: u64,
}

impl Default for Latencies {
    fn default() -> Self {
        Self {
            bins: vec![0; BINS],
            count: 0,
            max_us: 0,
        }
    }
}

impl Latencies {
    /// Counts one; less than nothing counts as nothing.
    pub fn add(&mut self, seconds: f64) {
        let us = (seconds * 1e6).round().clamp(0.0, 1e12) as u64;
        self.bins[bin(us)] += 1;
        self.count += 1;
        self.max_us = self.max_us.max(us);
    }

    /// How many there were.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// The longest, ms.
    pub fn max_ms(&self) -> f64 {
        self.max_us as f64 * 1e-3
    }

    /// What such a share was not longer than, ms, to 3 %; `None` where there was none.
    pub fn quantile_ms(&self, share: f64) -> Option<f64> {
        let wanted = ((self.count as f64 * share).ceil() as u64).max(1);
        let mut sum = 0;
        let at = self.bins.iter().position(|count| {
            sum += count;
            sum >= wanted
        })?;
        Some((upper_us(at).min(self.max_us)) as f64 * 1e-3)
    }
}

fn bin(us: u64) -> usize {
    if us < STEPS {
        return us as usize;
    }
    let doublings = us.ilog2() - STEPS.ilog2();
    ((u64::from(doublings) + 1) * STEPS + (us >> doublings) - STEPS).min(BINS as u64 - 1) as usize
}

/// The largest of a bin.
fn upper_us(bin: usize) -> u64 {
    let bin = bin as u64;
    if bin < STEPS {
        return bin;
    }
    let doublings = bin / STEPS - 1;
    ((bin % STEPS + STEPS + 1) << doublings) - 1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_share_is_right_to_three_percent() {
        let mut latencies = Latencies::default();
        assert_eq!(latencies.quantile_ms(0.5), None);
        for us in 1..=100_000_u64 {
            latencies.add(us as f64 * 1e-6);
        }
        for share in [0.0001, 0.01, 0.5, 0.99, 0.999] {
            let exact_ms = 100.0 * share;
            let said_ms = latencies.quantile_ms(share).expect("there are some");
            assert!(
                (exact_ms..=1.04 * exact_ms + 0.002).contains(&said_ms),
                "{share}: {said_ms} of {exact_ms}"
            );
        }
        assert_eq!(latencies.max_ms(), 100.0);
        assert_eq!(latencies.quantile_ms(1.0), Some(100.0));
    }

    #[test]
    fn bins_are_in_order_and_end() {
        for us in (0..1 << 20).step_by(7) {
            assert!(
                upper_us(bin(us)) >= us && (bin(us) == 0 || upper_us(bin(us) - 1) < us),
                "{us}"
            );
        }
        assert_eq!(bin(u64::MAX), BINS - 1);
    }
}
