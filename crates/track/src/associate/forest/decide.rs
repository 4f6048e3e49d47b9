//! What is old enough is decided as the best set says, and leaves that say otherwise go.

use super::super::fold::Map;
use super::{Leaf, PlotId, Tree, Verdict};

/// Decides the oldest choice of every tree whose window is longer than so many scans.
///
/// No plot that is decided stays in the window of another tree. A leaf of the best set is never dropped.
pub(super) fn decide(trees: &[Tree], scans: usize, verdicts: &mut [Verdict]) {
    // By plot, the tree that has it for good.
    let mut owners: Map<PlotId, usize> = Map::default();
    for (at, (tree, verdict)) in trees.iter().zip(verdicts.iter_mut()).enumerate() {
        let window = |leaf: usize| &tree[leaf].window;
        let Some(first) = window(verdict.chosen)
            .first()
            .filter(|_| window(verdict.chosen).len() > scans)
        else {
            continue;
        };
        verdict.kept.retain(|&leaf| window(leaf).first() == Some(first));
        verdict.is_decided = true;
        owners.extend(first.map(|plot| (plot, at)));
    }
    if owners.is_empty() {
        return;
    }
    for (at, (tree, verdict)) in trees.iter().zip(verdicts).enumerate() {
        let chosen = verdict.chosen;
        verdict
            .kept
            .retain(|&leaf| leaf == chosen || !is_anothers(&tree[leaf], at, &owners));
    }
}

/// Whether another tree has one of its plots for good.
fn is_anothers(leaf: &Leaf, of: usize, owners: &Map<PlotId, usize>) -> bool {
    let mut plots = leaf.window.iter().flatten();
    plots.any(|plot| owners.get(plot).is_some_and(|owner| *owner != of))
}
