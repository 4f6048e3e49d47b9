//! What each owner knows alone, and what all know together: seeded runs of a scenario, scored.

pub mod outcome;
pub mod subset;

pub use outcome::{
    Arrival, Knowledge, Moment, ObjectOutcome, Outcome, Place, ScenarioOutcome, SubsetOutcome, SubsetTracks, View,
};
pub use subset::Subset;
