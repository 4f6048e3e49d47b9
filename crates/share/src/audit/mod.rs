//! What an auditor verifies: that a log of frames is what was signed, whole and in order.

mod marks;

pub use marks::{Changed, Marks};
