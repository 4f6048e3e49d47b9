//! Reviewing a version: rules that say nothing or contradict each other, and what a change would newly release.
//!
//! Rules can tell finitely many kinds of subjects apart. A review goes through all of them, so what it does not find is
//! not there; only kinds that the shapes of areas rule out may be among what it lists.

mod boxes;
mod change;
mod findings;
mod space;
mod words;

pub use change::{Change, Changes, changes};
pub use findings::{Finding, Problem, findings};
pub use space::{KINDS_MAX, ReviewError};
