//! Whether a sensor says the same plot again and again: a sequential test of how often values repeat to the bit.
//!
//! Source: Wald, Sequential tests of statistical hypotheses (1945), kept from falling below zero (Page, Continuous
//! inspection schemes, 1954). A radar of coarse steps repeats the plots of what stands still: how often is learnt.

use geo::Time;
use geo::math::ln;

/// A stuck sensor says something new with this probability.
const NEW: f64 = 0.01;
/// No sensor is taken to repeat itself less often.
const SHARE: (f64, f64) = (0.02, 0.9);
/// Plots over which the share is learnt.
const MEMORY: f64 = 64.0;
/// Logarithm of odds at which it is stuck.
pub(crate) const STUCK: f64 = 15.0;

/// The last values, and how often they came again.
#[derive(Clone, Debug)]
pub(crate) struct Repeats {
    last: [u64; 4],
    share: f64,
    pub score: f64,
    /// The first repetition in a row.
    pub since: Option<Time>,
}

impl Default for Repeats {
    fn default() -> Self {
        Self {
            last: [0; 4],
            share: SHARE.0,
            score: 0.0,
            since: None,
        }
    }
}

impl Repeats {
    /// Takes the digest of the values of a plot; whether they came again.
    pub fn observe(&mut self, digest: u64, time: Time) -> bool {
        let is_repeat = self.last.contains(&digest);
        let share = self.share.clamp(SHARE.0, SHARE.1);
        let step = if is_repeat { -ln(share) } else { ln(NEW / (1.0 - share)) };
        self.score = (self.score + step).clamp(0.0, 2.0 * STUCK);
        if self.score == 0.0 {
            self.since = None;
        } else {
            self.since.get_or_insert(time);
        }
        // What makes it stuck is not learnt as its habit.
        if self.score < 0.5 * STUCK {
            self.share += (f64::from(u8::from(is_repeat)) - self.share) / MEMORY;
        }
        if !is_repeat {
            self.last.rotate_right(1);
            self.last[0] = digest;
        }
        is_repeat
    }
}
