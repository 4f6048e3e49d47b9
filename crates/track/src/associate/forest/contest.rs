//! Trees that dispute plots, taken apart from those that do not.

use std::sync::OnceLock;

use super::super::cluster::Sets;
use super::super::fold::Map;
use super::super::{Effort, Pool};
use super::search::{Outcome, solve};
use super::{Dispute, Leaf, PlotId, Selection, Tree, Verdict};

/// What stands for no leaf.
const NOTHING: usize = usize::MAX;
/// What it costs to have no leaf.
const FORBIDDEN_LN: f64 = -1e9;

/// A leaf that may be chosen.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Candidate {
    /// Its place in its tree, or `NOTHING`.
    pub leaf: usize,
    pub score_ln: f64,
    /// Those that other trees dispute, numbered by the contest, ascending.
    pub plots: Vec<u32>,
}

/// Trees that dispute plots; each with its candidates, the best first. Some choice of one of each is always possible.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Contest {
    pub trees: Vec<Vec<Candidate>>,
    pub plots: usize,
    /// By plot: the first tree that has it, and its number where another has it too.
    numbers: Map<PlotId, (usize, Option<u32>)>,
}

/// By tree and leaf: how much worse the best set with that leaf is than the best of all, at least.
pub(super) type Losses = Vec<Vec<f64>>;

/// Chooses a leaf of each tree, so that no plot is of two and the sum of scores is largest.
pub(super) fn choose(trees: &[Tree], nodes_max: usize, pool: &impl Pool) -> (Selection, Losses) {
    let clusters = clusters(trees);
    let joint: Vec<&Vec<usize>> = clusters.iter().filter(|cluster| cluster.len() > 1).collect();
    let outcomes: Vec<OnceLock<(Contest, Outcome)>> = joint.iter().map(|_| OnceLock::new()).collect();
    let search = |at: usize| {
        let contest = Contest::new(trees, joint[at]);
        let outcome = solve(&contest, nodes_max);
        (contest, outcome)
    };
    pool.run(joint.len(), &|at| {
        outcomes[at].get_or_init(|| search(at));
    });
    let mut selection = Selection {
        verdicts: trees.iter().map(alone).collect(),
        ..Selection::default()
    };
    let mut losses: Losses = trees.iter().map(|tree| losses(tree, |_| 0.0, 0.0)).collect();
    for (at, slot) in outcomes.into_iter().enumerate() {
        // A pool that left a task out costs time, not truth.
        let (contest, outcome) = slot.into_inner().unwrap_or_else(|| search(at));
        for ((tree, candidates), pick) in joint[at].iter().zip(&contest.trees).zip(&outcome.picks) {
            // Without a leaf that goes with the others the best stays.
            if candidates[*pick].leaf != NOTHING {
                selection.verdicts[*tree].chosen = candidates[*pick].leaf;
            }
        }
        for &tree in joint[at] {
            let price = |plot: &PlotId| {
                contest
                    .number(plot)
                    .map_or(0.0, |number| outcome.prices[number as usize])
            };
            losses[tree] = self::losses(&trees[tree], price, outcome.slack_ln);
        }
        selection.disputes.push(Dispute {
            tree: joint[at][0],
            trees: joint[at].len(),
            effort: if outcome.gap_ln > 0.0 {
                Effort::Exceeded
            } else {
                Effort::Complete
            },
            work: outcome.nodes,
            gap_ln: outcome.gap_ln,
        });
    }
    (selection, losses)
}

/// What each leaf loses against the best of its tree after prices: no set with it loses less, but for the slack that
/// the prices leave.
fn losses(tree: &Tree, price: impl Fn(&PlotId) -> f64, slack_ln: f64) -> Vec<f64> {
    let after = |leaf: &Leaf| leaf.score_ln - leaf.window.iter().flatten().map(&price).sum::<f64>();
    let all: Vec<f64> = tree.iter().map(after).collect();
    let best_ln = all.iter().fold(f64::NEG_INFINITY, |best, after| best.max(*after));
    all.iter().map(|after| (best_ln - after - slack_ln).max(0.0)).collect()
}

/// The verdict of a tree that disputes nothing: its best leaf.
fn alone(tree: &Tree) -> Verdict {
    let leaves = tree.iter().enumerate();
    let best = leaves.max_by(|a, b| a.1.score_ln.total_cmp(&b.1.score_ln).then(b.0.cmp(&a.0)));
    Verdict {
        chosen: best.map_or(0, |(at, _)| at),
        kept: (0..tree.len()).collect(),
        is_decided: false,
    }
}

/// Trees that share plots, if only through others; each cluster ascending, in the order of their first trees.
fn clusters(trees: &[Tree]) -> Vec<Vec<usize>> {
    let mut sets = Sets::new(trees.len());
    let mut first: Map<PlotId, u32> = Map::default();
    for (at, tree) in trees.iter().enumerate() {
        for plot in tree.iter().flat_map(|leaf| leaf.window.iter().flatten()) {
            sets.join(*first.entry(*plot).or_insert(at as u32), at as u32);
        }
    }
    let mut clusters: Vec<Vec<usize>> = Vec::new();
    let mut cluster_of = vec![NOTHING; trees.len()];
    for at in 0..trees.len() {
        let place = &mut cluster_of[sets.root(at as u32) as usize];
        if *place == NOTHING {
            *place = clusters.len();
            clusters.push(Vec::new());
        }
        clusters[*place].push(at);
    }
    clusters
}

impl Contest {
    /// The contest of those trees: of leaves that dispute the same plots only the best, for it stands for all of them.
    fn new(trees: &[Tree], cluster: &[usize]) -> Self {
        let (mut contest, mut plots) = (Self::default(), 0);
        for &tree in cluster {
            for plot in trees[tree].iter().flat_map(|leaf| leaf.window.iter().flatten()) {
                let (first, number) = contest.numbers.entry(*plot).or_insert((tree, None));
                if *first != tree && number.is_none() {
                    *number = Some(plots);
                    plots += 1;
                }
            }
        }
        let candidates = |tree: &Tree| {
            let leaves = tree.iter().enumerate().map(|(leaf, own)| {
                let mut plots: Vec<u32> = own
                    .window
                    .iter()
                    .flatten()
                    .filter_map(|plot| contest.number(plot))
                    .collect();
                plots.sort_unstable();
                Candidate {
                    leaf,
                    score_ln: own.score_ln,
                    plots,
                }
            });
            let nothing = Candidate {
                leaf: NOTHING,
                score_ln: FORBIDDEN_LN,
                plots: Vec::new(),
            };
            reduced(leaves.chain([nothing]).collect())
        };
        let candidates = cluster.iter().map(|&tree| candidates(&trees[tree])).collect();
        contest.plots = plots as usize;
        contest.trees = candidates;
        contest
    }

    /// The number of a plot that is disputed.
    fn number(&self, plot: &PlotId) -> Option<u32> {
        self.numbers.get(plot)?.1
    }
}

/// The best first, without those for which another stands that is no worse and disputes nothing more.
fn reduced(mut candidates: Vec<Candidate>) -> Vec<Candidate> {
    candidates.sort_by(|a, b| b.score_ln.total_cmp(&a.score_ln).then(a.leaf.cmp(&b.leaf)));
    let mut out: Vec<Candidate> = Vec::new();
    for candidate in candidates {
        if !out.iter().any(|better| is_within(&better.plots, &candidate.plots)) {
            out.push(candidate);
        }
    }
    out
}

/// Whether all of one ascending list stands in the other.
fn is_within<T: Ord>(part: &[T], whole: &[T]) -> bool {
    let mut rest = whole.iter();
    part.iter().all(|own| rest.any(|other| other == own))
}
