//! How far a partner's clock is from this one, by stamps on the controls that go both ways.
//!
//! ```text
//!  this node   T1 ─────────┐            ┌────────► T4
//!                          │            │
//!  partner                 └──► T2 … T3 ┘          offset = ((T2 − T1) + (T3 − T4)) / 2
//!                                                  delay  =  (T4 − T1) − (T3 − T2)
//! ```
//!
//! Each control carries when it was sent (T3), and of the partner's last one when that was sent (T1) and when it was
//! taken here (T2). No control is sent for it. Source: RFC 5905, section 8 (on-wire protocol, with the check of T1 that
//! drops what is repeated or made up) and section 10 (of the last eight samples the one with the least delay counts).
//!
//! What it cannot know is how the delay divides between there and back: the offset is wrong by up to half the delay,
//! and by exactly half if one way takes no time. That half is told with it. A partner that lies about its stamps is
//! wrong about its own clock only.

use std::collections::VecDeque;

use geo::Time;

/// Own controls whose stamp may come back.
const SENT_MAX: usize = 64;
/// Samples of which the best counts.
const SAMPLES: usize = 8;
/// After so long a sample counts no more: clocks drift.
const SAMPLE_LIFE_S: f64 = 600.0;

/// How far a partner's clock is from this one.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct ClockOffset {
    /// The partner's clock minus this one, s.
    pub offset_s: f64,
    /// How much that may be wrong, because the way there may take longer than the way back: half the delay, s.
    pub error_s: f64,
}

/// One round.
#[derive(Copy, Clone, Debug)]
struct Sample {
    at: Time,
    offset_s: f64,
    delay_s: f64,
}

/// Rounds with one partner.
#[derive(Debug, Default)]
pub struct Rounds {
    /// When own controls were sent; none comes back twice.
    sent: VecDeque<i64>,
    /// Of the partner's last control: when it was sent by its clock, when it was taken by this one.
    last: Option<(i64, i64)>,
    samples: VecDeque<Sample>,
}

impl Rounds {
    /// The stamps of the partner's last control, for the next own one, which is sent now.
    pub fn send(&mut self, now: Time) -> Option<(i64, i64)> {
        self.sent.push_back(now.tai_ns());
        if self.sent.len() > SENT_MAX {
            self.sent.pop_front();
        }
        self.last
    }

    /// Takes the stamps of a partner's control: when it was sent, and what it says of the last own one.
    pub fn take(&mut self, now: Time, sent_ns: i64, echo: Option<(i64, i64)>) {
        let now_ns = now.tai_ns();
        self.last = Some((sent_ns, now_ns));
        let Some((first_ns, taken_ns)) = echo else { return };
        let Some(at) = self.sent.iter().position(|sent| *sent == first_ns) else {
            return;
        };
        // Those before it are not echoed any more, and it is echoed once.
        self.sent.drain(..=at);
        let s = |from: i64, to: i64| to.saturating_sub(from) as f64 / 1e9;
        let delay_s = s(first_ns, now_ns) - s(taken_ns, sent_ns);
        // A clock went back meanwhile.
        if delay_s < 0.0 {
            return;
        }
        let offset_s = 0.5 * (s(first_ns, taken_ns) + s(now_ns, sent_ns));
        let at = now;
        self.samples.push_back(Sample { at, offset_s, delay_s });
        if self.samples.len() > SAMPLES {
            self.samples.pop_front();
        }
    }

    /// How far the partner's clock is from this one, by the round with the least delay; `None` before the first.
    pub fn offset(&self, now: Time) -> Option<ClockOffset> {
        let is_young = |sample: &&Sample| (0.0..SAMPLE_LIFE_S).contains(&now.since_s(sample.at));
        let best = self
            .samples
            .iter()
            .filter(is_young)
            .min_by(|a, b| a.delay_s.total_cmp(&b.delay_s))?;
        Some(ClockOffset {
            offset_s: best.offset_s,
            error_s: 0.5 * best.delay_s,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(s: f64) -> Time {
        Time::from_tai_ns((s * 1e9) as i64)
    }

    /// Controls between two clocks: every second one each way; returns what the first finds.
    fn talk(ahead_s: f64, ways_s: &[(f64, f64)]) -> Option<ClockOffset> {
        let (mut one, mut other) = (Rounds::default(), Rounds::default());
        let mut now_s = 1_000.0;
        for (there_s, back_s) in ways_s {
            let echo = one.send(at(now_s));
            other.take(at(now_s + there_s + ahead_s), at(now_s).tai_ns(), echo);
            let sent = at(now_s + there_s + 0.3 + ahead_s);
            let echo = other.send(sent);
            now_s += there_s + 0.3 + back_s;
            one.take(at(now_s), sent.tai_ns(), echo);
            now_s += 0.7;
        }
        one.offset(at(now_s))
    }

    proptest! {
        #[test]
        fn the_offset_is_right_within_what_it_says(
            ahead_s in -5.0..5.0_f64,
            ways_s in prop::collection::vec((0.0..0.5_f64, 0.0..0.5_f64), 1..20),
        ) {
            let found = talk(ahead_s, &ways_s).unwrap();
            prop_assert!((found.offset_s - ahead_s).abs() <= found.error_s + 1e-6, "{found:?}");
            let last = &ways_s[ways_s.len().saturating_sub(SAMPLES)..];
            let least_s = last.iter().map(|(there, back)| there + back).fold(f64::INFINITY, f64::min);
            prop_assert!((found.error_s - 0.5 * least_s).abs() < 1e-6);
        }
    }

    #[test]
    fn ways_that_take_equally_long_leave_no_error_and_one_sided_ones_all_of_it() {
        let even = talk(2.0, &[(0.2, 0.2)]).unwrap();
        assert!((even.offset_s - 2.0).abs() < 1e-6, "{even:?}");
        let uneven = talk(2.0, &[(0.4, 0.0)]).unwrap();
        assert!(
            (uneven.offset_s - 2.2).abs() < 1e-6 && (uneven.error_s - 0.2).abs() < 1e-6,
            "{uneven:?}"
        );
    }

    #[test]
    fn what_is_made_up_repeated_or_old_says_nothing() {
        let mut rounds = Rounds::default();
        assert_eq!(rounds.send(at(1.0)), None);
        rounds.take(at(2.0), at(2.0).tai_ns(), None);
        rounds.take(at(2.0), at(2.0).tai_ns(), Some((7, 8)));
        assert_eq!(rounds.offset(at(2.0)), None);
        let echo = Some((at(1.0).tai_ns(), at(1.5).tai_ns()));
        rounds.take(at(2.0), at(1.5).tai_ns(), echo);
        assert_eq!(rounds.offset(at(2.0)).unwrap().error_s, 0.5);
        // The same stamp once more, in a shorter round.
        rounds.take(at(2.0), at(2.5).tai_ns(), echo);
        assert_eq!(rounds.offset(at(2.0)).unwrap().error_s, 0.5);
        assert_eq!(rounds.offset(at(700.0)), None);
        // The partner's clock went back between.
        rounds.send(at(701.0));
        rounds.take(
            at(702.0),
            at(0.0).tai_ns(),
            Some((at(701.0).tai_ns(), at(701.5).tai_ns())),
        );
        assert!(rounds.offset(at(702.0)).is_none_or(|found| found.error_s >= 0.0));
    }
}
