//! A plan that breaks a law, made smaller as long as it still breaks the same one.

use crate::plan::{Links, Plan};
use crate::world::run;

/// Runs that are spent on making a plan smaller.
const RUNS_MAX: usize = 400;

/// The smallest plan found that breaks a law.
pub fn shrink(plan: &Plan, law: &'static str) -> Plan {
    let mut best = plan.clone();
    let mut runs = 0;
    let mut still = |plan: &Plan| {
        runs += 1;
        runs <= RUNS_MAX && run(plan, false).violation.is_some_and(|violation| violation.law == law)
    };
    for quiet in [
        |_: Links| Links::default(),
        |links| Links { drop: 0.0, ..links },
        |links| Links { twice: 0.0, ..links },
        |links| Links { late: 0.0, ..links },
        |links| Links { flip: 0.0, ..links },
    ] {
        let smaller = Plan {
            links: quiet(best.links),
            ..best.clone()
        };
        if smaller != best && still(&smaller) {
            best = smaller;
        }
    }
    let still_offsets = Plan {
        offsets_s: vec![0.0; best.nodes],
        ..best.clone()
    };
    if still(&still_offsets) {
        best = still_offsets;
    }
    // Halves first, then each act by itself.
    let mut size = best.acts.len() / 2;
    while size > 0 {
        let mut at = 0;
        while at < best.acts.len() {
            let mut smaller = best.clone();
            smaller.acts.drain(at..(at + size).min(best.acts.len()));
            if still(&smaller) {
                best = smaller;
            } else {
                at += size;
            }
        }
        size /= 2;
    }
    best
}
