//! Fewer leaves: those that are hardly possible go, and those that are too many.

use super::contest::Losses;
use super::{Options, Verdict};

/// Drops leaves; how many trees lost one for being too many.
///
/// A leaf is hardly possible when every set with it is far worse than the best. The leaf of the best set stays.
pub(super) fn thin(losses: &Losses, options: &Options, verdicts: &mut [Verdict]) -> usize {
    let mut trimmed = 0;
    for (losses, verdict) in losses.iter().zip(verdicts) {
        let chosen = verdict.chosen;
        verdict
            .kept
            .retain(|&leaf| leaf == chosen || losses[leaf] < options.ratio_ln);
        if verdict.kept.len() > options.leaves_max.max(1) {
            verdict.kept.sort_by(|&a, &b| {
                let is_chosen = (b == chosen).cmp(&(a == chosen));
                is_chosen.then(losses[a].total_cmp(&losses[b])).then(a.cmp(&b))
            });
            verdict.kept.truncate(options.leaves_max.max(1));
            verdict.kept.sort_unstable();
            trimmed += 1;
        }
    }
    trimmed
}
