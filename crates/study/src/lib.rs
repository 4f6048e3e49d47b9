//! What each owner knows alone, and what all know together: seeded runs of a scenario, scored.
//!
//! ```text
//! Plan (objects, sensors, subsets, instants)
//!   └ run: plots ─ sight ─ tracker ( track ⟲ belief ) ─ ground ─ scored against truth ─► RunFigures
//!                       └─ bound along the truth ──────────────────────────────────────┘
//!   └ merge: all RunFigures, in their order ─► ScenarioOutcome
//! ```
//!
//! A run is a function of its flights and plots; nothing here draws chance, starts threads or reads files. Truth is
//! read to score, never to decide which plot belongs to which track.

mod belief;
mod bound;
mod figures;
mod gain;
mod ground;
mod merge;
mod motion;
pub mod outcome;
mod plan;
mod run;
mod sight;
mod slots;
pub mod subset;
mod track;
mod tracker;

pub use bound::{Least, Path, bounds};
pub use figures::{NotOfThisPlan, RunFigures};
pub use outcome::{
    Arrival, Gain, Knowledge, Moment, ObjectOutcome, Outcome, Place, ScenarioOutcome, SubsetOutcome, SubsetTracks, View,
};
pub use plan::{Plan, PlanError};
pub use run::BOUND_RUNS;
pub use subset::Subset;
