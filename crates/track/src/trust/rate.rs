//! How many plots a sensor has in a second, against what it had before.

use geo::Time;

/// Until a sensor has been heard for so long (and three scans) its budget is
const LEARNING_S: f64 = 10.0;
/// this many plots a second;
const UNKNOWN_PER_S: u32 = 10_000;
/// later so many times the most it had in a second of late,
const TIMES: f64 = 8.0;
/// and never less than this.
const LEAST_PER_S: u32 = 1_000;
/// How a second with many plots is forgotten, each second.
const FORGET: f64 = 0.999;

/// Plots by second of measurement.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rate {
    first: Option<Time>,
    second: i64,
    in_second: u32,
    most: f64,
    learning_s: f64,
}

impl Rate {
    pub fn new(scan_s: f64) -> Self {
        Self {
            learning_s: LEARNING_S.max(3.0 * scan_s),
            ..Self::default()
        }
    }

    /// Counts a plot; whether it is within the budget of its second.
    pub fn count(&mut self, time: Time) -> bool {
        let second = time.tai_ns().div_euclid(1_000_000_000);
        self.first.get_or_insert(time);
        if second != self.second {
            if self.in_second <= self.budget(time) {
                self.most = (self.most * FORGET).max(f64::from(self.in_second));
            }
            (self.second, self.in_second) = (second, 0);
        }
        self.in_second = self.in_second.saturating_add(1);
        self.in_second <= self.budget(time)
    }

    /// Plots a second that are believed.
    pub fn budget(&self, time: Time) -> u32 {
        match self.first {
            Some(first) if time - first > self.learning_s => LEAST_PER_S.max((TIMES * self.most) as u32),
            _ => UNKNOWN_PER_S,
        }
    }

    /// The budget as of the last second heard.
    pub fn budget_now(&self) -> u32 {
        self.budget(Time::from_tai_ns(self.second.saturating_mul(1_000_000_000)))
    }
}
