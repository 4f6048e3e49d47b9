//! How often what happened, so that it can be seen that it did.

use std::collections::BTreeMap;
use std::fmt;

/// Counts by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals(BTreeMap<String, u64>);

impl Totals {
    /// Counts one.
    pub fn add(&mut self, what: &str) {
        self.add_many(what, 1);
    }

    /// Counts many.
    pub fn add_many(&mut self, what: &str, count: u64) {
        match self.0.get_mut(what) {
            Some(total) => *total += count,
            None => {
                self.0.insert(what.to_owned(), count);
            }
        }
    }

    /// Counts all of others.
    pub fn merge(&mut self, others: &Self) {
        for (what, count) in &others.0 {
            self.add_many(what, *count);
        }
    }

    /// How often something happened.
    pub fn of(&self, what: &str) -> u64 {
        self.0.get(what).copied().unwrap_or(0)
    }
}

impl fmt::Display for Totals {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|(what, count)| writeln!(to, "{count:>12}  {what}"))
    }
}
