//! What an auditor verifies: that the log of one partner is what was signed, whole and in order.
//!
//! Give a [`Verifier`] first the receipts of the log, then its frames in the order of their keys ([`receipts`] and
//! [`frames`] are the ranges), and it says which frame is wrong, why, and which octet of its record was changed first.
//!
//! The audit itself (what was refused, alarms, changes of rules) is a chain too: see [`Trail`].
//!
//! What is promised: every change of a frame is found, by its seal and by the hash in the frame after it; a frame that
//! is missing shows by the sequence, at the end of an epoch by the receipt. Where in a frame it was changed is told by
//! its [`Marks`], as exactly as they say; a change of marks or checks alone is told to the octet. Who changes a frame
//! and its marks too is found out all the same, but not where in the frame.

mod auditor;
mod finding;
mod marks;
pub mod portable;
#[cfg(test)]
mod portable_tests;
#[cfg(test)]
mod tests;
mod trail;
#[cfg(test)]
mod trail_tests;
mod verifier;

pub use auditor::{Audited, Auditor, Way};
pub use finding::{Finding, Wrong};
pub use marks::{Changed, Marks};
pub use trail::{Broken, Trail, TrailVerdict};
pub use verifier::{FINDINGS_MAX, Parties, Verdict, Verifier, frames, receipts};
