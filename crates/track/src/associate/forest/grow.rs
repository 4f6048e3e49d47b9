//! New leaves from a scan, and fewer of them.

use std::collections::BTreeMap;

use super::{Birth, Branch, Forest, ForestError, Leaf, LeafId, Link, PlotId};

impl Forest {
    /// Lets leaves branch and trees begin, or changes nothing and says why.
    pub(super) fn branch(&mut self, branches: &[Branch], births: &[Birth]) -> Result<(), ForestError> {
        let offers = offers(branches)?;
        let known = self.leaves.iter().filter(|leaf| offers.contains_key(&leaf.id)).count();
        if known < offers.len() {
            let missing = offers.keys().find(|id| self.leaves.iter().all(|leaf| leaf.id != **id));
            return Err(ForestError::Leaf {
                leaf: missing.copied().unwrap_or_default(),
            });
        }
        let births = sorted(births.iter().map(|birth| (birth.plot, birth.score_ln)).collect())?;
        let old = std::mem::take(&mut self.leaves);
        for leaves in old.chunk_by(|a, b| a.tree == b.tree) {
            if !leaves.iter().any(|leaf| offers.contains_key(&leaf.id)) {
                self.leaves.extend(leaves.iter().map(|leaf| Leaf {
                    parent: Some(leaf.id),
                    ..leaf.clone()
                }));
                continue;
            }
            for leaf in leaves {
                let (miss_ln, pairs) = offers.get(&leaf.id).map_or((0.0, &[][..]), |offer| (offer.0, &offer.1));
                self.extend(leaf, None, miss_ln);
                for &(plot, weight_ln) in pairs {
                    self.extend(leaf, Some(plot), weight_ln);
                }
            }
        }
        for (plot, score_ln) in births {
            let (tree, node) = (self.number(), self.number());
            self.leaves.push(Leaf {
                id: node,
                tree,
                parent: None,
                score_ln,
                chosen: false,
                window: vec![Link { node, plot: Some(plot) }],
            });
        }
        Ok(())
    }

    fn extend(&mut self, leaf: &Leaf, plot: Option<PlotId>, weight_ln: f64) {
        let node = self.number();
        let mut window = Vec::with_capacity(leaf.window.len() + 1);
        window.extend_from_slice(&leaf.window);
        window.push(Link { node, plot });
        self.leaves.push(Leaf {
            id: node,
            tree: leaf.tree,
            parent: Some(leaf.id),
            score_ln: leaf.score_ln + weight_ln,
            chosen: false,
            window,
        });
    }

    /// Drops leaves that are too many or too far below the best of their tree, and trees that are too unlikely.
    pub(super) fn thin(&mut self) {
        let options = self.options;
        let mut out = Vec::with_capacity(self.leaves.len());
        for leaves in self.leaves.chunk_by(|a, b| a.tree == b.tree) {
            let mut order: Vec<&Leaf> = leaves.iter().collect();
            order.sort_by(|a, b| b.score_ln.total_cmp(&a.score_ln).then(a.id.cmp(&b.id)));
            let least_ln = options.score_min_ln.max(order[0].score_ln - options.ratio_ln);
            if order[0].score_ln < options.score_min_ln {
                continue;
            }
            order.truncate(options.leaves_max.max(1));
            order.retain(|leaf| leaf.score_ln >= least_ln);
            order.sort_by_key(|leaf| leaf.id);
            out.extend(order.into_iter().cloned());
        }
        self.leaves = out;
    }
}

/// By leaf: the miss and the pairs, sorted by plot.
type Offers = BTreeMap<LeafId, (f64, Vec<(PlotId, f64)>)>;

fn offers(branches: &[Branch]) -> Result<Offers, ForestError> {
    let mut offers = Offers::new();
    for branch in branches {
        finite(branch.miss_ln)?;
        let offer = (branch.miss_ln, sorted(branch.pairs.clone())?);
        if offers.insert(branch.leaf, offer).is_some() {
            return Err(ForestError::LeafTwice { leaf: branch.leaf });
        }
    }
    Ok(offers)
}

/// Sorts by plot and refuses what stands twice or is not finite.
fn sorted(mut pairs: Vec<(PlotId, f64)>) -> Result<Vec<(PlotId, f64)>, ForestError> {
    pairs.sort_by_key(|pair| pair.0);
    pairs.iter().try_for_each(|pair| finite(pair.1))?;
    match pairs.windows(2).find(|two| two[0].0 == two[1].0) {
        Some(two) => Err(ForestError::PlotTwice { plot: two[0].0 }),
        None => Ok(pairs),
    }
}

fn finite(weight_ln: f64) -> Result<(), ForestError> {
    if weight_ln.is_finite() {
        Ok(())
    } else {
        Err(ForestError::Weight { weight_ln })
    }
}
