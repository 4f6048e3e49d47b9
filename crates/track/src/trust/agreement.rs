//! Whether a sensor still sees what it saw and others see: a sequential test over its looks at such tracks.

use geo::Time;
use geo::math::ln;

/// Of what it should see, a sensor at fault sees this part.
const PART: f64 = 0.1;
/// Logarithm of odds at which it does not see what others see.
pub(crate) const LOST: f64 = 14.0;
/// Fewer plots where no other sensor sees anything are nothing.
const STRANGE_MIN: f64 = 5.0;

/// Looks at tracks that others support, since they went wrong.
#[derive(Clone, Debug, Default)]
pub(crate) struct Agreement {
    pub score: f64,
    /// When it began to go wrong.
    pub since: Option<Time>,
    misses: f64,
    strange: f64,
    false_per_scan: f64,
}

impl Agreement {
    /// It looked at a track that others support and that it had seen.
    pub fn looked(&mut self, is_seen: bool, detection: f64, false_per_scan: f64, time: Time) {
        let detection = detection.clamp(0.3, 0.95);
        let step = if is_seen {
            ln(PART)
        } else {
            ln((1.0 - PART * detection) / (1.0 - detection))
        };
        self.score = (self.score + step).clamp(0.0, 2.0 * LOST);
        if self.score == 0.0 {
            *self = Self::default();
            return;
        }
        if self.since.is_none() {
            (self.since, self.false_per_scan) = (Some(time), false_per_scan);
        }
        self.misses += f64::from(u8::from(!is_seen));
    }

    /// It has a plot of nothing known where others look and see nothing.
    pub fn strange(&mut self) {
        if self.since.is_some() {
            self.strange += 1.0;
        }
    }

    /// Whether it is at fault: it misses, and what it has instead is more than its clutter.
    pub fn is_lost(&self, time: Time, scan_s: f64) -> bool {
        self.is_beyond(LOST, time, scan_s)
    }

    fn is_beyond(&self, score: f64, time: Time, scan_s: f64) -> bool {
        let Some(since) = self.since else { return false };
        let clutter = self.false_per_scan * ((time - since) / scan_s + 1.0);
        let most = clutter + 3.0 * clutter.sqrt() + STRANGE_MIN.max(0.5 * self.misses);
        self.score > score && self.strange > most
    }

    /// Whether it may be at fault: half of what would be enough.
    pub fn is_half_lost(&self, time: Time, scan_s: f64) -> bool {
        self.is_beyond(0.5 * LOST, time, scan_s)
    }
}
