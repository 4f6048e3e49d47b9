//! Positions that were said before: a receiver network that lost an aircraft goes on with its last position, stamped as
//! new.
//!
//! Positions are given to a few metres or less, so what moves never says one twice to the bit. What stands does.

use std::collections::{BTreeMap, BTreeSet};

use geo::Time;
use geo::math::exp;

/// A position is remembered for this,
const KEPT_S: f64 = 600.0;
/// or until there are so many younger ones.
const KEPT_MAX: usize = 4_096;

/// So many old positions lately, and the sensor is named;
const NAMED: f64 = 10.0;
/// so few, and it is no more.
const CLEARED: f64 = 1.0;
/// Lately is this long.
const LATELY_S: f64 = 300.0;

/// What was said lately, by digest, and when last.
#[derive(Clone, Debug, Default)]
pub(crate) struct Said {
    last: BTreeMap<u64, Time>,
    /// The same by time.
    order: BTreeSet<(Time, u64)>,
    /// Old positions, fading, as of the last.
    old: Option<(f64, Time)>,
}

impl Said {
    /// Counts a position that was old.
    pub fn was_old(&mut self, time: Time) {
        self.old = Some((self.lately(time) + 1.0, time));
    }

    /// Whether there have been many, or, where it is named for that, still are some.
    pub fn is_named(&self, time: Time, is_so: bool) -> bool {
        self.lately(time) > if is_so { CLEARED } else { NAMED }
    }

    fn lately(&self, time: Time) -> f64 {
        self.old
            .map_or(0.0, |(count, last)| count * exp(-(time - last).max(0.0) / LATELY_S))
    }

    /// Takes the digest of a position; whether it was said before.
    pub fn again(&mut self, digest: u64, time: Time) -> bool {
        let before = self.last.insert(digest, time);
        if let Some(before) = before {
            self.order.remove(&(before, digest));
        }
        self.order.insert((time, digest));
        while let Some(&(oldest, of)) = self.order.first()
            && (self.order.len() > KEPT_MAX || time - oldest >= KEPT_S)
        {
            self.order.pop_first();
            self.last.remove(&of);
        }
        before.is_some_and(|before| time - before < KEPT_S)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_positions_name_a_sensor_for_a_while() {
        let mut said = Said::default();
        let at = |s: i64| Time::from_tai_ns(s * 1_000_000_000);
        for s in 0..10 {
            said.was_old(at(s));
            assert!(!said.is_named(at(s), false));
        }
        said.was_old(at(10));
        said.was_old(at(11));
        assert!(said.is_named(at(11), false));
        assert!(!said.is_named(at(200), false) && said.is_named(at(200), true));
        assert!(!said.is_named(at(2_000), true));
    }

    #[test]
    fn what_was_said_is_known_for_ten_minutes_and_never_are_there_too_many() {
        let mut said = Said::default();
        let at = |s: f64| Time::from_tai_ns((s * 1e9) as i64);
        assert!(!said.again(7, at(0.0)));
        assert!(said.again(7, at(1.0)));
        assert!(said.again(7, at(600.0)));
        assert!(!said.again(7, at(1_300.0)));
        for digest in 100..10_000 {
            assert!(!said.again(digest, at(1_300.0 + 1e-3 * digest as f64)));
        }
        assert!(said.last.len() <= KEPT_MAX);
        assert!(said.again(9_999, at(1_311.0)));
    }
}
