//! Several scans at once: trees of hypotheses, one for each object that may be.
//!
//! Every leaf of a tree is one way in which its object may have made the plots so far, with the sum of the scores of
//! that way. At most one leaf of a tree is true, and no plot is of two trees; the best set of such leaves is sought
//! after each scan. What that set says of a scan so many scans ago is taken for decided, and leaves that say otherwise
//! go.
//!
//! It knows numbers of leaves and plots and their scores. States belong to the caller, who predicts each leaf, scores
//! its pairs with the new scan, and updates those leaves that are left.
//!
//! Source: S. Blackman, "Multiple hypothesis tracking for multiple target tracking", IEEE Aerospace and Electronic
//! Systems Magazine 19(1), 2004 (track-oriented, N-scan pruning). Differs from it by: the best set is sought by branch
//! and bound over plots in dispute; scans are counted tree by tree, so that a tree out of view waits; and trees outside
//! the best set decide too, after the others, so that no dispute outlives the window.
//!
//! ```
//! use track::associate::Sequential;
//! use track::associate::forest::{Birth, Branch, Forest, Options};
//!
//! let mut forest = Forest::new(Options::default());
//! // Plot 1 begins a tree; plot 2 goes on with it or begins another.
//! forest.grow(&[], &[Birth { plot: 1, score_ln: 0.5 }], &Sequential)?;
//! let leaf = forest.leaves()[0].id();
//! let branch = Branch { leaf, miss_ln: -2.0, pairs: vec![(2, 3.0)] };
//! forest.grow(&[branch], &[Birth { plot: 2, score_ln: 0.5 }], &Sequential)?;
//! let best: Vec<_> = forest.leaves().iter().filter(|leaf| leaf.chosen()).collect();
//! assert_eq!((best.len(), best[0].plot(), best[0].score_ln()), (1, Some(2), 3.5));
//! assert_eq!(forest.leaves().len(), 3);
//! # Ok::<(), track::associate::forest::ForestError>(())
//! ```

mod decide;
mod grow;
mod select;

use thiserror::Error;

use super::{Effort, Pool};

/// Number of a leaf, never used twice in a forest.
pub type LeafId = u64;
/// Number of a tree, never used twice in a forest.
pub type TreeId = u64;
/// Number of a plot, by the caller; another for each plot of each scan.
pub type PlotId = u64;

/// How much is remembered and how long is sought.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// How many further scans of its tree may put a choice right before it is decided.
    pub scans: usize,
    /// Leaves of one tree; the best stay.
    pub leaves_max: usize,
    /// A leaf goes when its score is so far below the best of its tree.
    pub ratio_ln: f64,
    /// A tree ends when its best leaf falls below this.
    pub score_min_ln: f64,
    /// Nodes of the search for the best set, for each cluster of trees.
    pub nodes_max: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            scans: 4,
            leaves_max: 50,
            ratio_ln: 14.0,
            score_min_ln: -7.0,
            nodes_max: 10_000,
        }
    }
}

/// What the new scan offers a leaf.
#[derive(Clone, Debug, PartialEq)]
pub struct Branch {
    /// The leaf that goes on.
    pub leaf: LeafId,
    /// Added to the score if no plot is of it.
    pub miss_ln: f64,
    /// Gated plots, and what each adds to the score, relative to the plot being clutter.
    pub pairs: Vec<(PlotId, f64)>,
}

/// A plot that may be the first of an object.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Birth {
    /// The plot.
    pub plot: PlotId,
    /// What the new tree begins with: ln of the density of new objects over that of clutter.
    pub score_ln: f64,
}

/// Why a scan is refused.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
pub enum ForestError {
    /// A leaf that is not in the forest, or no longer.
    #[error("there is no leaf {leaf}")]
    Leaf {
        /// The number given.
        leaf: LeafId,
    },
    /// A leaf with two branches.
    #[error("leaf {leaf} stands in the scan twice")]
    LeafTwice {
        /// The leaf of both.
        leaf: LeafId,
    },
    /// A plot twice in one branch, or twice among the births.
    #[error("plot {plot} stands twice in the branch of one leaf or among the births")]
    PlotTwice {
        /// The plot of both.
        plot: PlotId,
    },
    /// A weight that is not finite; a pairing that cannot be is left away.
    #[error("a weight of {weight_ln}, it has to be finite")]
    Weight {
        /// The offending value.
        weight_ln: f64,
    },
}

/// A choice that is not decided yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Link {
    /// The leaf that was made by it.
    node: LeafId,
    plot: Option<PlotId>,
}

/// One way in which one object may have made the plots so far.
#[derive(Clone, Debug, PartialEq)]
pub struct Leaf {
    id: LeafId,
    tree: TreeId,
    parent: Option<LeafId>,
    score_ln: f64,
    chosen: bool,
    /// The choices since the last that was decided, oldest first.
    window: Vec<Link>,
}

impl Leaf {
    /// Its number.
    pub fn id(&self) -> LeafId {
        self.id
    }

    /// The tree it is of.
    pub fn tree(&self) -> TreeId {
        self.tree
    }

    /// The leaf it has grown from in the last scan: none for a birth, itself if its tree had no part in that scan.
    pub fn parent(&self) -> Option<LeafId> {
        self.parent
    }

    /// The plot of its tree's last scan, if that was not a miss.
    pub fn plot(&self) -> Option<PlotId> {
        self.window.last().and_then(|link| link.plot)
    }

    /// Sum of what it was given.
    pub fn score_ln(&self) -> f64 {
        self.score_ln
    }

    /// Whether it is in the best set.
    pub fn chosen(&self) -> bool {
        self.chosen
    }

    /// Plots of it that are not decided yet, oldest first.
    pub fn plots(&self) -> impl Iterator<Item = PlotId> + '_ {
        self.window.iter().filter_map(|link| link.plot)
    }
}

/// Trees that dispute plots, if only through others, and how the search for their best leaves went.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dispute {
    /// The first of its trees.
    pub tree: TreeId,
    /// How many trees.
    pub trees: usize,
    /// How many leaves.
    pub leaves: usize,
    /// Whether the best set is known to be the best.
    pub effort: Effort,
    /// Nodes of the search.
    pub work: usize,
    /// By how much a better set could be better, at most; 0 if it is the best.
    pub gap_ln: f64,
}

/// What became of a scan.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Growth {
    /// Trees of before that have no leaf left, in ascending order.
    pub ended: Vec<TreeId>,
    /// Plots that are from now on of a tree and no other, in the order of decision.
    pub decided: Vec<(TreeId, PlotId)>,
    /// Clusters of two trees or more.
    pub disputes: Vec<Dispute>,
}

/// All trees.
#[derive(Clone, Debug)]
pub struct Forest {
    options: Options,
    /// Sorted by tree, then by number.
    leaves: Vec<Leaf>,
    next: u64,
}

impl Forest {
    /// A forest without trees.
    pub fn new(options: Options) -> Self {
        Self {
            options,
            leaves: Vec::new(),
            next: 0,
        }
    }

    /// The leaves that are left, sorted by tree, then by number.
    pub fn leaves(&self) -> &[Leaf] {
        &self.leaves
    }

    /// The leaves that are left, tree by tree.
    pub fn trees(&self) -> impl Iterator<Item = &[Leaf]> {
        self.leaves.chunk_by(|a, b| a.tree == b.tree)
    }

    /// Takes in a scan: branches leaves, begins trees, finds the best set, decides what is old enough, drops leaves.
    ///
    /// A tree none of whose leaves has a branch takes no part and stays. A leaf without branch in a tree that takes
    /// part has seen nothing, for nothing. The order of branches, pairs and births changes nothing, nor does the pool.
    /// Errors: [`ForestError`]; the forest is then as before.
    pub fn grow(&mut self, branches: &[Branch], births: &[Birth], pool: &impl Pool) -> Result<Growth, ForestError> {
        let before: Vec<TreeId> = self.trees().map(|leaves| leaves[0].tree).collect();
        self.branch(branches, births)?;
        self.thin();
        let mut growth = Growth {
            disputes: self.choose(pool),
            ..Growth::default()
        };
        self.decide(&mut growth.decided);
        let after: Vec<TreeId> = self.trees().map(|leaves| leaves[0].tree).collect();
        growth.ended = before
            .into_iter()
            .filter(|tree| after.binary_search(tree).is_err())
            .collect();
        Ok(growth)
    }

    fn number(&mut self) -> u64 {
        self.next += 1;
        self.next - 1
    }
}
