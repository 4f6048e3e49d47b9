//! Several scans at once: for each object a tree, whose leaves are the ways in which it may have made its plots.
//!
//! Every leaf has the sum of the weights of its choices, scan by scan a plot or none. One leaf of a tree is true, and
//! no plot is of two trees; [`select`] finds the best set of such leaves. What that set says of a scan so many scans
//! ago is taken for decided, and leaves that say otherwise go; so do those that are hardly possible.
//!
//! It knows numbers of plots and scores, and remembers nothing. States belong to the caller, who lets each leaf branch
//! into one for each plot in its gate and one for none, asks for the best, and keeps what is said to be kept.
//!
//! Source: S. Blackman, "Multiple hypothesis tracking for multiple target tracking", IEEE Aerospace and Electronic
//! Systems Magazine 19(1), 2004 (track-oriented, N-scan pruning). Differs from it by: the best set is sought with
//! prices of plots (Lagrangian relaxation) and then by branch and bound over plots in dispute; leaves go by what the
//! best set with them is worth, not by their own score; and scans are counted tree by tree, so that a tree out of view
//! waits.
//!
//! Two objects and two scans. The first object alone would rather have plot 21, and leaves it to the second:
//!
//! ```
//! use track::associate::Sequential;
//! use track::associate::forest::{Leaf, Options, select};
//!
//! let leaf = |score_ln, plots: [u64; 2]| Leaf { score_ln, window: plots.map(Some).to_vec() };
//! let trees = [
//!     vec![leaf(6.0, [11, 12]), leaf(6.5, [21, 12])],
//!     vec![leaf(3.0, [11, 22]), leaf(5.0, [21, 22])],
//! ];
//! let selection = select(&trees, &Options::default(), &Sequential);
//! assert_eq!(selection.verdicts[0].chosen, 0);
//! assert_eq!(selection.verdicts[1].chosen, 1);
//! ```

mod contest;
mod decide;
mod search;
mod thin;

use super::{Effort, Pool};

/// Number of a plot, by the caller; another for each plot of each scan.
pub type PlotId = u64;

/// How much is remembered and how long is sought.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Options {
    /// How many further scans of its tree may put a choice right before it is decided.
    pub scans: usize,
    /// Leaves of one tree; those of the best sets stay.
    pub leaves_max: usize,
    /// A leaf goes when the best set with it has so much less than the best of all.
    pub ratio_ln: f64,
    /// Nodes of the search for the best set, for each cluster of trees.
    pub nodes_max: usize,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            scans: 4,
            leaves_max: 16,
            ratio_ln: 9.0,
            nodes_max: 300,
        }
    }
}

/// One way in which one object may have made its plots.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Leaf {
    /// Sum of the weights of all its choices, natural logarithms as those of a [`Problem`](super::Problem). Finite.
    pub score_ln: f64,
    /// Its choices that are not decided yet, oldest first: a plot or none.
    pub window: Vec<Option<PlotId>>,
}

/// All ways in which one object may have made its plots: one leaf or more, in the caller's order, with windows of one
/// length. Of equally good ones the first is taken.
pub type Tree = Vec<Leaf>;

/// What becomes of a tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// The leaf in the best set.
    pub chosen: usize,
    /// The leaves that stay, ascending; the chosen one is among them.
    pub kept: Vec<usize>,
    /// Whether the oldest choice is decided: it is the same of all that stay, and leaves their windows.
    pub is_decided: bool,
}

/// Trees that dispute plots, if only through others, and how the search for their best leaves went.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dispute {
    /// The first of its trees.
    pub tree: usize,
    /// How many trees.
    pub trees: usize,
    /// Whether the best set is known to be the best.
    pub effort: Effort,
    /// Nodes of the search.
    pub work: usize,
    /// By how much a better set could be better, at most; 0 if it is the best.
    pub gap_ln: f64,
}

/// What becomes of trees that dispute plots with one another.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Selection {
    /// By tree.
    pub verdicts: Vec<Verdict>,
    /// Clusters of two trees or more, in the order of their first trees.
    pub disputes: Vec<Dispute>,
    /// How many trees lost a leaf for being too many, and for nothing else.
    pub trimmed: usize,
}

/// Finds the best set of leaves, decides what is old enough, and says which leaves stay.
///
/// Trees that share a plot with one of them, if only through others, have to be given too; then there is a set of
/// leaves that go together after every scan, since each leaf has branched into one without a plot. Of trees for which
/// there is none, some have their best leaf whatever the others have. The pool changes nothing.
pub fn select(trees: &[Tree], options: &Options, pool: &impl Pool) -> Selection {
    let (mut selection, losses) = contest::choose(trees, options.nodes_max, pool);
    decide::decide(trees, options.scans, &mut selection.verdicts);
    selection.trimmed = thin::thin(&losses, options, &mut selection.verdicts);
    selection
}
