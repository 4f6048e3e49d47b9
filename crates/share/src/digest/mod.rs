//! Whether two nodes that hold the same release have the same: digests of plots and pictures, by cycle of measurement.
//!
//! ```text
//! items ─► Book (cycles of one second, by circle of owners) ─ statement ─► partner ─► Comparison ─┬ agreed
//! rows  ─►   │                                                                                     ├ pictures differ
//!            └─ page ◄────────── ask, where they differ ◄──────────────────────────────────────────┴ the first plot
//! ```
//!
//! A circle is a release group: the owners that all may have an item. A node says of each cycle how many items of the
//! circle it has, a digest of their names, and one of what its picture of them said. Where these differ the names are
//! asked for, page by page in the order of measurement, until the first plot that one has and the other lacks is found.
//! Nothing is said of a circle to an owner that is not in it.

mod book;
mod comparison;
mod message;
#[cfg(test)]
mod tests;

pub use book::{Book, BookLimits, circles};
pub use comparison::{Comparison, Difference, Finding};
pub use message::{DigestError, DigestMessage};

use std::collections::BTreeSet;
use std::sync::Arc;

use geo::Time;

use crate::item::{ItemId, Label};

/// How long a cycle is.
pub const CYCLE_S: i64 = 1;
/// A page has at most so many entries.
pub const ENTRIES_PAGE: usize = 2_048;
/// A message has at most so many statements.
pub const STATEMENTS_MAX: usize = 256;
/// A circle has at most so many owners.
pub const MEMBERS_MAX: usize = 32;

/// Owners that all may have the same items, and whether these are of an exercise: one picture is shared by them.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Circle {
    /// The owners.
    pub members: BTreeSet<Arc<str>>,
    /// Whether it is about an exercise.
    pub exercise: bool,
}

impl Circle {
    /// Whether an item of such a label is held by all of its members.
    pub fn may_have(&self, label: &Label) -> bool {
        self.exercise == label.exercise && self.members.is_subset(&label.releasable_to)
    }
}

/// A span of [`CYCLE_S`] of measurement time: so many of them have passed since 1970, TAI.
#[derive(Copy, Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cycle(pub i64);

impl Cycle {
    /// The cycle of a time.
    pub fn of(time: Time) -> Self {
        Self(time.tai_ns().div_euclid(CYCLE_S * 1_000_000_000))
    }

    /// When it ends.
    pub fn end(self) -> Time {
        Time::from_tai_ns(self.0.saturating_add(1).saturating_mul(CYCLE_S * 1_000_000_000))
    }
}

/// One item of a cycle: when it was measured, and its name.
pub type Entry = (Time, ItemId);

/// What a node says of one cycle of one circle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Of which circle.
    pub circle: Circle,
    /// Of which cycle.
    pub cycle: Cycle,
    /// How many items it has.
    pub items: u32,
    /// The first 16 octets of the SHA-256 of all entries, in their order.
    pub plots: [u8; 16],
    /// The same of the rows of the picture, in their order.
    pub picture: [u8; 16],
}

/// A page of entries is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ask {
    /// Of which circle.
    pub circle: Circle,
    /// Of which cycle.
    pub cycle: Cycle,
    /// Only those after this.
    pub after: Option<Entry>,
}

/// Entries of a cycle, in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page {
    /// What was asked.
    pub ask: Ask,
    /// The entries, at most [`ENTRIES_PAGE`].
    pub entries: Vec<Entry>,
    /// Whether there are no more.
    pub is_last: bool,
}
