//! A federation under faults.
//!
//! A run is drawn from a seed: nodes with disks and clocks, links between them, what is fed and what goes wrong:
//! lost, doubled, late, overtaken and damaged messages, cuts, one-way silence, crashes at any write, torn writes,
//! damaged records, full disks, clocks that are off and jump, rules that change, now or at a stated time, keys that
//! are changed or stolen, a partner that lies; and in some runs so little memory that everything overflows. An
//! eavesdropper who knows the rules, and not the machine, reads every octet; then everything is mended, has to come
//! where it belongs, and pictures are compared. The laws stand in `oracle` and `pictures`. //!
//! ```
//! let outcome = faults::run(&faults::Plan::draw(1), false);
//! assert_eq!(outcome.violation, None);
//! ```

mod acts;
mod chance;
mod disk;
mod liar;
mod net;
mod node;
mod oracle;
mod pictures;
mod plan;
mod shrink;
mod table;
mod totals;
mod world;

pub use oracle::Violation;
pub use plan::{Act, CHAOS_S, LIES, Lie, Links, Plan, Rekey, Slip};
pub use share::exchange::Sabotage;
pub use shrink::shrink;
pub use table::SENSORS;
pub use totals::Totals;
pub use world::{Outcome, run};
