//! How much a partner may still send now.

use geo::Time;

/// Something that fills with time and is used up.
#[derive(Clone, Debug)]
pub struct Budget {
    per_s: f64,
    full: f64,
    left: f64,
    at: Option<Time>,
}

impl Budget {
    /// A full one: so much comes in a second, and what is saved in so long can be used at once.
    pub fn new(per_s: f64, saved_s: f64) -> Self {
        let full = per_s * saved_s;
        Self {
            per_s,
            full,
            left: full,
            at: None,
        }
    }

    /// Uses some of it, if there is enough. A clock that went back adds nothing.
    pub fn take(&mut self, now: Time, amount: f64) -> bool {
        let passed_s = self.at.map_or(0.0, |at| now.since_s(at).max(0.0));
        self.at = Some(now);
        self.left = (self.left + passed_s * self.per_s).min(self.full);
        if amount > self.left {
            return false;
        }
        self.left -= amount;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_used_up_comes_back_with_time() {
        let at = Time::from_tai_ns;
        let mut budget = Budget::new(10.0, 2.0);
        assert!(budget.take(at(0), 20.0) && !budget.take(at(0), 1.0));
        assert!(budget.take(at(500_000_000), 5.0) && !budget.take(at(500_000_000), 1.0));
        assert!(!budget.take(at(0), 1.0), "a clock that went back");
        assert!(budget.take(at(1_000_000_000_000), 20.0) && !budget.take(at(1_000_000_000_000), 1.0));
    }
}
