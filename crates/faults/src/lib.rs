//! A federation under faults.
//!
//! A run is drawn from a seed: nodes with disks and clocks, links between them, what is fed and what goes wrong: lost,
//! doubled, late, overtaken and damaged messages, cuts, crashes at any write, torn writes, damaged records, clocks that
//! are off and jump, rules that change, a partner that lies. An eavesdropper who knows the rules, and not the machine,
//! reads every octet; then everything is mended, and has to come where it belongs. The laws stand in `oracle`.
//!
//! ```
//! let outcome = faults::run(&faults::Plan::draw(1), false);
//! assert_eq!(outcome.violation, None);
//! ```

mod chance;
mod disk;
mod liar;
mod net;
mod node;
mod oracle;
mod plan;
mod shrink;
mod table;
mod totals;
mod world;

pub use oracle::Violation;
pub use plan::{Act, CHAOS_S, LIES, Lie, Links, Plan};
pub use share::exchange::Sabotage;
pub use shrink::shrink;
pub use table::SENSORS;
pub use totals::Totals;
pub use world::{Outcome, run};
