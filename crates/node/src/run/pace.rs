//! How often own plots are framed: at once as long as they are few. Where many come, each frame takes more of them:
//! what a frame costs its sender and every receiver (signature, hash, record, message) is the same for one plot and for
//! a hundred.

/// Frames of few plots stand so far apart when they come one after the other,
const EACH_NS: i64 = 2_000_000;
/// further for each plot in them,
const PLOT_NS: i64 = 250_000;
/// and at most so far.
const EACH_MAX_NS: i64 = 10_000_000;
/// After a rest, so much of it is forgiven.
const SAVED_NS: i64 = 120_000_000;

/// When the next frames may go.
#[derive(Copy, Clone, Debug, Default)]
pub(super) struct Pace {
    /// The end of the last one's time, if all had stood as far apart as they should.
    spent_ns: i64,
}

impl Pace {
    /// How long the next ones have to wait.
    pub fn wait_ns(&self, now_ns: i64) -> i64 {
        (self.spent_ns - SAVED_NS - now_ns).max(0)
    }

    /// So many plots go out together.
    pub fn spend(&mut self, now_ns: i64, plots: usize) {
        let each_ns = (EACH_NS + PLOT_NS * plots as i64).min(EACH_MAX_NS);
        self.spent_ns = self.spent_ns.max(now_ns) + each_ns;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Plots as often as this, evenly; how many go out each time, after the rest is used up.
    fn together(each_ns: i64) -> usize {
        let (mut pace, mut waiting, mut sent) = (Pace::default(), 0, 0);
        for number in 0..20_000_i64 {
            let now_ns = 5_000_000_000 + number * each_ns;
            waiting += 1;
            if pace.wait_ns(now_ns) == 0 {
                pace.spend(now_ns, waiting);
                sent = std::mem::take(&mut waiting);
            }
        }
        sent
    }

    #[test]
    fn few_go_at_once_and_of_many_more_go_together() {
        // A third of 1,000 plots a second, then of 3,000 and of 20,000.
        assert_eq!(together(3_000_000), 1);
        assert!((2..=4).contains(&together(1_000_000)), "{}", together(1_000_000));
        assert!((60..=70).contains(&together(150_000)), "{}", together(150_000));
    }

    #[test]
    fn nobody_waits_longer_than_the_longest_pause() {
        let mut pace = Pace::default();
        let mut now_ns = 5_000_000_000;
        for _ in 0..1_000 {
            now_ns += pace.wait_ns(now_ns);
            pace.spend(now_ns, 1_000_000);
            assert!(pace.wait_ns(now_ns) <= EACH_MAX_NS);
        }
        // After an hour of rest as much at once as after a short one.
        now_ns += 3_600_000_000_000;
        let mut sent = 0;
        while pace.wait_ns(now_ns) == 0 {
            pace.spend(now_ns, 1);
            sent += 1;
        }
        assert_eq!(sent, 1 + SAVED_NS / (EACH_NS + PLOT_NS));
    }
}
