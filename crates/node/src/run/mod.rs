//! The node as it runs: one thread decides, everything else is at its edge.
//!
//! ```text
//! feeds ──plots──┐                                    ┌──► log append, sync ──durable──┐
//! links ─octets──┼──► one queue ──► the deciding thread┼──► links                       ├──► the same queue
//! signals ───────┤                  (share::exchange)  ├──► tracker ──────given, digests┤
//! rosters, rules ┘                                     └──► log read ───────────pages──┘
//! ```

mod belief;
mod channel;
mod core;
mod counts;
mod event;
mod known;
mod own;
mod pace;
mod policies;
mod policy;
mod reader;
mod reopen;
mod rolls;
mod roster_watch;
mod rules;
#[cfg(test)]
mod rules_tests;
mod start;

use std::sync::Arc;

use share::item::{Classification, Label};

pub use self::core::Ending;
pub use event::Event;
pub use policies::PolicyNews;
pub use reopen::Reopened;
pub use rolls::{RollError, Rolls};
pub use roster_watch::RosterNews;
pub use rules::{NodeRules, Released};
pub use start::{StartError, address_file, run, sensors_of};

/// Release groups with a picture of their own, at most.
const CIRCLES_MAX: usize = 16;

/// Own items are for nobody else before the rules have decided.
fn own_label(owner: &Arc<str>, exercise: bool) -> Label {
    Label {
        policy: "own".into(),
        classification: Classification::Restricted,
        releasable_to: [owner.clone()].into(),
        exercise,
        onward: false,
    }
}
