//! What is old enough is decided as the best set says, and leaves that say otherwise go.

use super::super::fold::Map;
use super::{Forest, Leaf, LeafId, PlotId, TreeId};

/// Who has a plot for good.
type Claims = Map<PlotId, TreeId>;

impl Forest {
    /// Decides the oldest choice of every tree whose window is longer than allowed.
    ///
    /// Trees of the best set come first. Then the others, the likeliest first, with what is left to them: a leaf of the
    /// best set is never dropped. No plot that is decided stays in the window of another tree.
    pub(super) fn decide(&mut self, decided: &mut Vec<(TreeId, PlotId)>) {
        let mut trees: Vec<Vec<Leaf>> = Vec::new();
        for leaf in self.leaves.drain(..) {
            match trees.last_mut() {
                Some(last) if last[0].tree == leaf.tree => last.push(leaf),
                _ => trees.push(vec![leaf]),
            }
        }
        let mut claims = Claims::default();
        let mut wanted: Map<PlotId, TreeId> = Map::default();
        for leaf in trees.iter().flatten().filter(|leaf| leaf.chosen) {
            wanted.extend(leaf.plots().map(|plot| (plot, leaf.tree)));
        }
        let mut order: Vec<usize> = (0..trees.len()).collect();
        let rank = |at: usize| {
            let best = trees[at]
                .iter()
                .fold(f64::NEG_INFINITY, |best, leaf| best.max(leaf.score_ln));
            (trees[at].iter().any(|leaf| leaf.chosen), best)
        };
        let ranks: Vec<(bool, f64)> = (0..trees.len()).map(rank).collect();
        order.sort_by(|&a, &b| {
            let chosen = ranks[b].0.cmp(&ranks[a].0);
            chosen.then(ranks[b].1.total_cmp(&ranks[a].1)).then(a.cmp(&b))
        });
        for at in order {
            let leaves = &mut trees[at];
            if leaves[0].window.len() <= self.options.scans {
                continue;
            }
            leaves.retain(|leaf| {
                let disputed = leaf.window[0].plot.and_then(|plot| wanted.get(&plot));
                !taken(leaf, &claims) && disputed.is_none_or(|tree| *tree == leaf.tree)
            });
            if let Some(anchor) = anchor(leaves) {
                leaves.retain(|leaf| leaf.window[0].node == anchor);
                let plot = leaves[0].window[0].plot;
                leaves.iter_mut().for_each(|leaf| _ = leaf.window.remove(0));
                if let Some(plot) = plot {
                    claims.insert(plot, leaves[0].tree);
                    decided.push((leaves[0].tree, plot));
                }
            }
        }
        self.leaves = trees
            .into_iter()
            .flatten()
            .filter(|leaf| !taken(leaf, &claims))
            .collect();
    }
}

/// Whether another tree has one of its plots for good.
fn taken(leaf: &Leaf, claims: &Claims) -> bool {
    leaf.plots()
        .any(|plot| claims.get(&plot).is_some_and(|tree| *tree != leaf.tree))
}

/// The oldest choice of the leaf of the best set, or else of the best leaf.
fn anchor(leaves: &[Leaf]) -> Option<LeafId> {
    let better = |a: &&Leaf, b: &&Leaf| {
        let score = a.score_ln.total_cmp(&b.score_ln);
        a.chosen.cmp(&b.chosen).then(score).then(b.id.cmp(&a.id))
    };
    leaves.iter().max_by(better).map(|leaf| leaf.window[0].node)
}
