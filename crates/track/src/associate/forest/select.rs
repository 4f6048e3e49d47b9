//! The best set of leaves: at most one of a tree, no plot twice, the largest sum of scores above zero.

use std::sync::OnceLock;

use super::super::cluster::Sets;
use super::super::fold::Map;
use super::super::{Effort, Pool};
use super::{Dispute, Forest, PlotId};

/// What stands for no tree.
const NONE: u32 = u32::MAX;
/// How often the first guess is gone through for something better.
const PASSES: usize = 8;

/// A leaf that may be chosen.
#[derive(Clone, Debug)]
struct Candidate {
    /// Its place among the forest's leaves.
    leaf: usize,
    score_ln: f64,
    /// Numbered by the contest.
    plots: Vec<u32>,
}

/// Trees that dispute plots; each with its candidates, the best first.
#[derive(Clone, Debug, Default)]
struct Contest {
    trees: Vec<Vec<Candidate>>,
    plots: usize,
}

/// By tree of a contest: the candidate, if any.
type Picks = Vec<Option<usize>>;

/// How a contest ended.
#[derive(Clone, Debug)]
struct Outcome {
    picks: Picks,
    effort: Effort,
    work: usize,
    gap_ln: f64,
}

impl Forest {
    /// Marks the best set, and says how the search in each cluster of trees went.
    pub(super) fn choose(&mut self, pool: &impl Pool) -> Vec<Dispute> {
        self.leaves.iter_mut().for_each(|leaf| leaf.chosen = false);
        let contests = self.contests();
        let outcomes: Vec<OnceLock<Outcome>> = contests.iter().map(|_| OnceLock::new()).collect();
        let nodes_max = self.options.nodes_max;
        pool.run(contests.len(), &|at| {
            outcomes[at].get_or_init(|| solve(&contests[at], nodes_max));
        });
        let mut disputes = Vec::new();
        for (contest, slot) in contests.iter().zip(outcomes) {
            let outcome = slot.into_inner().unwrap_or_else(|| solve(contest, nodes_max));
            for (candidates, pick) in contest.trees.iter().zip(&outcome.picks) {
                if let Some(pick) = pick {
                    self.leaves[candidates[*pick].leaf].chosen = true;
                }
            }
            if contest.trees.len() > 1 {
                disputes.push(Dispute {
                    tree: self.leaves[contest.trees[0][0].leaf].tree,
                    trees: contest.trees.len(),
                    leaves: contest.trees.iter().map(Vec::len).sum(),
                    effort: outcome.effort,
                    work: outcome.work,
                    gap_ln: outcome.gap_ln,
                });
            }
        }
        disputes
    }

    /// Takes the trees apart that dispute no plot, over leaves that are likelier than clutter.
    fn contests(&self) -> Vec<Contest> {
        let mut trees: Vec<Vec<usize>> = Vec::new();
        let mut last = None;
        for (at, leaf) in self.leaves.iter().enumerate().filter(|(_, leaf)| leaf.score_ln > 0.0) {
            if last.replace(leaf.tree) != Some(leaf.tree) {
                trees.push(Vec::new());
            }
            trees.last_mut().into_iter().for_each(|tree| tree.push(at));
        }
        let mut sets = Sets::new(trees.len());
        let mut first: Map<PlotId, u32> = Map::default();
        for (tree, leaves) in trees.iter().enumerate() {
            for plot in leaves.iter().flat_map(|&at| self.leaves[at].plots()) {
                sets.join(*first.entry(plot).or_insert(tree as u32), tree as u32);
            }
        }
        let mut contests: Vec<Contest> = Vec::new();
        let mut contest_of = vec![NONE; trees.len()];
        let mut numbers: Map<PlotId, u32> = Map::default();
        for (tree, mut leaves) in trees.into_iter().enumerate() {
            let place = &mut contest_of[sets.root(tree as u32) as usize];
            if *place == NONE {
                *place = contests.len() as u32;
                contests.push(Contest::default());
            }
            let contest = &mut contests[*place as usize];
            leaves.sort_by(|&a, &b| {
                self.leaves[b]
                    .score_ln
                    .total_cmp(&self.leaves[a].score_ln)
                    .then(a.cmp(&b))
            });
            let candidates = leaves.into_iter().map(|at| Candidate {
                leaf: at,
                score_ln: self.leaves[at].score_ln,
                plots: self.leaves[at]
                    .plots()
                    .map(|plot| {
                        *numbers.entry(plot).or_insert_with(|| {
                            contest.plots += 1;
                            contest.plots as u32 - 1
                        })
                    })
                    .collect(),
            });
            let candidates = candidates.collect();
            contest.trees.push(candidates);
        }
        contests
    }
}

/// Finds the best picks, or the best that the nodes allow.
fn solve(contest: &Contest, nodes_max: usize) -> Outcome {
    let mut search = Search {
        contest,
        only: vec![NONE; contest.plots],
        banned: vec![Vec::new(); contest.plots],
        best: (0.0, vec![None; contest.trees.len()]),
        nodes: 0,
        nodes_max: nodes_max.max(1),
    };
    let bound_ln = contest.sum(&search.favourites());
    search.best = contest.guess();
    search.visit();
    let exceeded = search.nodes > search.nodes_max;
    Outcome {
        effort: if exceeded { Effort::Exceeded } else { Effort::Complete },
        gap_ln: if exceeded { bound_ln - search.best.0 } else { 0.0 },
        work: search.nodes,
        picks: search.best.1,
    }
}

impl Contest {
    fn sum(&self, picks: &Picks) -> f64 {
        let picked = self.trees.iter().zip(picks);
        picked.filter_map(|(tree, pick)| Some(tree[(*pick)?].score_ln)).sum()
    }

    /// The best candidate at a time that goes with those before; then tree after tree, whether another candidate is
    /// worth what it drives out.
    fn guess(&self) -> (f64, Picks) {
        let mut picks = vec![None; self.trees.len()];
        self.fill(&mut picks);
        let mut best = (self.sum(&picks), picks);
        for _ in 0..PASSES {
            let before = best.0;
            for tree in 0..self.trees.len() {
                for pick in 0..self.trees[tree].len() {
                    let mut picks = best.1.clone();
                    self.force(&mut picks, tree, pick);
                    self.fill(&mut picks);
                    let sum = self.sum(&picks);
                    if sum > best.0 {
                        best = (sum, picks);
                    }
                }
            }
            if best.0 <= before {
                break;
            }
        }
        best
    }

    /// Picks a candidate and takes back those it disputes plots with.
    fn force(&self, picks: &mut Picks, tree: usize, pick: usize) {
        let plots = &self.trees[tree][pick].plots;
        for (other, picked) in picks.iter_mut().enumerate() {
            let clashes = |at: usize| self.trees[other][at].plots.iter().any(|plot| plots.contains(plot));
            if picked.is_some_and(clashes) {
                *picked = None;
            }
        }
        picks[tree] = Some(pick);
    }

    /// Picks for trees that have none, the best first, what is still to be had.
    fn fill(&self, picks: &mut Picks) {
        let mut used = vec![false; self.plots];
        for (tree, pick) in self.trees.iter().zip(picks.iter()) {
            let plots = pick.iter().flat_map(|&at| &tree[at].plots);
            plots.for_each(|&plot| used[plot as usize] = true);
        }
        let mut order: Vec<(usize, usize)> = Vec::new();
        for (tree, _) in picks.iter().enumerate().filter(|(_, pick)| pick.is_none()) {
            order.extend((0..self.trees[tree].len()).map(|at| (tree, at)));
        }
        order.sort_by(|a, b| {
            self.trees[b.0][b.1]
                .score_ln
                .total_cmp(&self.trees[a.0][a.1].score_ln)
                .then(a.cmp(b))
        });
        for (tree, at) in order {
            let plots = &self.trees[tree][at].plots;
            if picks[tree].is_none() && plots.iter().all(|&plot| !used[plot as usize]) {
                picks[tree] = Some(at);
                plots.iter().for_each(|&plot| used[plot as usize] = true);
            }
        }
    }
}

/// Branch and bound: a plot in dispute is for one tree only, or not for that tree.
struct Search<'a> {
    contest: &'a Contest,
    /// By plot: the only tree that may have it, or `NONE` where all may.
    only: Vec<u32>,
    /// By plot: trees that may not have it.
    banned: Vec<Vec<u32>>,
    best: (f64, Picks),
    nodes: usize,
    nodes_max: usize,
}

impl Search<'_> {
    /// Looks through everything that the restrictions leave.
    fn visit(&mut self) {
        let mut bans = Vec::new();
        loop {
            self.nodes += 1;
            if self.nodes > self.nodes_max {
                break;
            }
            // If each tree could have the best it may, that were the best; the sum is a bound in any case.
            let picks = self.favourites();
            let sum = self.contest.sum(&picks);
            if sum <= self.best.0 {
                break;
            }
            let Some((plot, tree)) = self.dispute(&picks) else {
                self.best = (sum, picks);
                break;
            };
            let before = std::mem::replace(&mut self.only[plot], tree);
            self.visit();
            self.only[plot] = before;
            self.banned[plot].push(tree);
            bans.push(plot);
        }
        for plot in bans {
            self.banned[plot].pop();
        }
    }

    /// For each tree, the best candidate that it may have.
    fn favourites(&self) -> Picks {
        let allowed = |tree: u32, candidate: &Candidate| {
            candidate.plots.iter().all(|&plot| {
                let only = self.only[plot as usize];
                (only == NONE || only == tree) && !self.banned[plot as usize].contains(&tree)
            })
        };
        let trees = self.contest.trees.iter().enumerate();
        trees
            .map(|(tree, candidates)| candidates.iter().position(|c| allowed(tree as u32, c)))
            .collect()
    }

    /// A plot that two trees want, and the first of them.
    fn dispute(&self, picks: &Picks) -> Option<(usize, u32)> {
        let mut owners = vec![NONE; self.contest.plots];
        for (tree, pick) in picks.iter().enumerate() {
            for &plot in pick.iter().flat_map(|&at| &self.contest.trees[tree][at].plots) {
                let owner = &mut owners[plot as usize];
                if *owner != NONE {
                    return Some((plot as usize, *owner));
                }
                *owner = tree as u32;
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    /// Trees of candidates with whole scores, so that sums are exact.
    fn contests() -> impl Strategy<Value = Contest> {
        let candidate = (1..20_i32, proptest::collection::btree_set(0..6_u32, 0..4));
        vec(vec(candidate, 1..5), 1..6).prop_map(|trees| Contest {
            plots: 6,
            trees: trees.into_iter().map(candidates).collect(),
        })
    }

    fn candidates(tree: Vec<(i32, std::collections::BTreeSet<u32>)>) -> Vec<Candidate> {
        let candidates = tree.into_iter().map(|(score, plots)| Candidate {
            leaf: 0,
            score_ln: f64::from(score),
            plots: plots.into_iter().collect(),
        });
        let mut candidates: Vec<_> = candidates.collect();
        candidates.sort_by(|a, b| b.score_ln.total_cmp(&a.score_ln));
        candidates
    }

    /// The largest sum, by trying everything.
    fn counted(contest: &Contest, tree: usize, used: u32) -> f64 {
        let Some(candidates) = contest.trees.get(tree) else {
            return 0.0;
        };
        let none = counted(contest, tree + 1, used);
        let some = candidates.iter().filter_map(|candidate| {
            let plots = candidate.plots.iter().fold(0, |set, plot| set | 1 << plot);
            (used & plots == 0).then(|| candidate.score_ln + counted(contest, tree + 1, used | plots))
        });
        some.fold(none, f64::max)
    }

    fn valid(contest: &Contest, picks: &Picks) -> bool {
        let mut used = vec![false; contest.plots];
        let mut plots = contest
            .trees
            .iter()
            .zip(picks)
            .flat_map(|(tree, pick)| pick.iter().flat_map(|&at| &tree[at].plots));
        plots.all(|&plot| !std::mem::replace(&mut used[plot as usize], true))
    }

    proptest! {
        #[test]
        fn the_best_set_is_the_best_of_all(contest in contests()) {
            let best = counted(&contest, 0, 0);
            let outcome = solve(&contest, 1_000_000);
            prop_assert!(valid(&contest, &outcome.picks));
            prop_assert_eq!(contest.sum(&outcome.picks), best);
            prop_assert_eq!((outcome.effort, outcome.gap_ln), (Effort::Complete, 0.0));
        }

        /// Cut short, it still is a set, and no farther below the best than it says.
        #[test]
        fn a_search_cut_short_says_by_how_much(contest in contests()) {
            let best = counted(&contest, 0, 0);
            let outcome = solve(&contest, 1);
            prop_assert!(valid(&contest, &outcome.picks));
            let sum = contest.sum(&outcome.picks);
            prop_assert!(sum <= best && sum + outcome.gap_ln >= best);
            prop_assert!(outcome.effort == Effort::Exceeded || sum == best);
        }
    }
}
