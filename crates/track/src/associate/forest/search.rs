//! The best choice of one candidate of each tree, no plot twice.

use super::contest::{Candidate, Contest};

/// What stands for no tree.
const NONE: u32 = u32::MAX;
/// Rounds of prices before anything is tried out,
const ROUNDS: usize = 100;
/// and of so many the last makes a guess.
const GUESS_EACH: usize = 5;
/// Sums that differ by less are the same.
const SAME_LN: f64 = 1e-9;

/// By tree of a contest, its candidate.
pub(super) type Picks = Vec<usize>;

/// How a contest ended.
#[derive(Clone, Debug)]
pub(super) struct Outcome {
    pub picks: Picks,
    /// Nodes of the search.
    pub nodes: usize,
    /// By how much a better choice could be better, at most.
    pub gap_ln: f64,
    /// Prices of plots, and by how much more than the choice the best after prices would make at most.
    pub prices: Vec<f64>,
    pub slack_ln: f64,
}

/// Finds the best picks, or the best that the nodes allow.
///
/// Each plot gets a price, and each tree picks what is best after prices: that sum, prices added, is a bound. Prices
/// rise where two trees want one plot (subgradient steps of Held, Wolfe & Crowder, Validation of subgradient
/// optimization, Mathematical Programming 6, 1974), and picks made in their light are good guesses. What gap is left
/// goes to branch and bound.
pub(super) fn solve(contest: &Contest, nodes_max: usize) -> Outcome {
    let free = vec![0.0; contest.plots];
    let (mut picks, mut bound) = contest.favourites(&free);
    if contest.dispute(&picks).is_none() {
        return Outcome {
            picks,
            nodes: 0,
            gap_ln: 0.0,
            prices: free,
            slack_ln: 0.0,
        };
    }
    let (mut prices, mut best) = (free.clone(), contest.improved(contest.guess(&free)));
    let mut least = (bound, free);
    for round in 0..ROUNDS {
        if least.0 - best.0 <= SAME_LN {
            break;
        }
        contest.reprice(
            &mut prices,
            &picks,
            (bound - best.0).max(0.1) / (1.0 + round as f64 / 10.0),
        );
        (picks, bound) = contest.favourites(&prices);
        if bound < least.0 {
            least = (bound, prices.clone());
        }
        if round % GUESS_EACH == GUESS_EACH - 1 {
            let guess = contest.improved(contest.guess(&prices));
            if guess.0 > best.0 {
                best = guess;
            }
        }
    }
    let mut search = Search {
        contest,
        only: vec![NONE; contest.plots],
        banned: vec![Vec::new(); contest.plots],
        best,
        nodes: 0,
        nodes_max,
    };
    if least.0 - search.best.0 > SAME_LN {
        search.visit();
    }
    let is_cut = search.nodes > nodes_max;
    let slack_ln = (least.0 - search.best.0).max(0.0);
    Outcome {
        gap_ln: if is_cut { slack_ln } else { 0.0 },
        slack_ln,
        prices: least.1,
        nodes: search.nodes.min(nodes_max),
        picks: search.best.1,
    }
}

impl Contest {
    fn sum(&self, picks: &Picks) -> f64 {
        self.trees
            .iter()
            .zip(picks)
            .map(|(tree, pick)| tree[*pick].score_ln)
            .sum()
    }

    /// For each tree the candidate that is best after prices, and a bound on every choice.
    fn favourites(&self, prices: &[f64]) -> (Picks, f64) {
        let mut bound = prices.iter().sum();
        let mut favourite = |tree: &Vec<Candidate>| {
            let (mut best, mut at) = (f64::NEG_INFINITY, 0);
            for (candidate, own) in tree.iter().enumerate() {
                let left = own.after(prices);
                if left > best {
                    (best, at) = (left, candidate);
                }
            }
            bound += best;
            at
        };
        (self.trees.iter().map(&mut favourite).collect(), bound)
    }

    /// Raises the prices of plots that several picks have, and lowers those of plots that none has, by steps that close
    /// a gap.
    fn reprice(&self, prices: &mut [f64], picks: &Picks, gap: f64) {
        let mut excess = vec![-1.0_f64; self.plots];
        for (tree, pick) in self.trees.iter().zip(picks) {
            tree[*pick].plots.iter().for_each(|plot| excess[*plot as usize] += 1.0);
        }
        for (excess, price) in excess.iter_mut().zip(prices.iter()) {
            if *excess < 0.0 && *price == 0.0 {
                *excess = 0.0;
            }
        }
        let square: f64 = excess.iter().map(|x| x * x).sum();
        if square > 0.0 {
            for (price, excess) in prices.iter_mut().zip(excess) {
                *price = (*price + gap / square * excess).max(0.0);
            }
        }
    }

    /// A choice that is possible: the best after prices first, then what goes with it.
    fn guess(&self, prices: &[f64]) -> Picks {
        let mut order: Vec<(f64, usize, usize)> = Vec::new();
        for (tree, candidates) in self.trees.iter().enumerate() {
            // What a tree loses if it does not get its best is what it pays to begin with it.
            order.extend(
                candidates
                    .iter()
                    .enumerate()
                    .map(|(at, own)| (own.after(prices), tree, at)),
            );
        }
        order.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.1, a.2).cmp(&(b.1, b.2))));
        let mut owners = vec![NONE; self.plots];
        let mut picks: Vec<Option<usize>> = vec![None; self.trees.len()];
        for (_, tree, at) in order {
            let plots = &self.trees[tree][at].plots;
            if picks[tree].is_none() && plots.iter().all(|plot| owners[*plot as usize] == NONE) {
                picks[tree] = Some(at);
                plots.iter().for_each(|plot| owners[*plot as usize] = tree as u32);
            }
        }
        // Every tree ends with a candidate of no plots, if with no better one.
        picks.into_iter().map(Option::unwrap_or_default).collect()
    }

    /// A choice made better, and its sum: one tree after the other has another candidate, and those it drives out the
    /// best that is left to them, as long as that makes more.
    fn improved(&self, mut picks: Picks) -> (f64, Picks) {
        let mut owners = vec![NONE; self.plots];
        for (tree, (candidates, pick)) in (0..).zip(self.trees.iter().zip(&picks)) {
            candidates[*pick]
                .plots
                .iter()
                .for_each(|plot| owners[*plot as usize] = tree);
        }
        let mut is_better = true;
        while std::mem::take(&mut is_better) {
            for tree in 0..self.trees.len() {
                for at in 0..self.trees[tree].len() {
                    if at != picks[tree] && self.exchange(&mut picks, &mut owners, tree, at) {
                        is_better = true;
                    }
                }
            }
        }
        (self.sum(&picks), picks)
    }

    /// Tries one exchange; whether it was made.
    fn exchange(&self, picks: &mut Picks, owners: &mut [u32], tree: usize, at: usize) -> bool {
        let own = &self.trees[tree];
        let mut gain = own[at].score_ln - own[picks[tree]].score_ln;
        let owner = |plot: &u32| owners[*plot as usize] as usize;
        // At most, and as if two plots of one owner were of two.
        let others = own[at]
            .plots
            .iter()
            .map(owner)
            .filter(|of| *of != tree && *of < self.trees.len());
        let regained = others.map(|of| self.trees[of][0].score_ln - self.trees[of][picks[of]].score_ln);
        if gain + regained.sum::<f64>() <= SAME_LN {
            return false;
        }
        let mut moved: Vec<(usize, usize)> = vec![(tree, picks[tree])];
        for of in own[at].plots.iter().map(owner) {
            if of < self.trees.len() && moved.iter().all(|(known, _)| *known != of) {
                moved.push((of, picks[of]));
            }
        }
        let set = |owners: &mut [u32], tree: usize, at: usize, owner: u32| {
            let plots = self.trees[tree][at].plots.iter();
            plots.for_each(|plot| owners[*plot as usize] = owner);
        };
        for (of, before) in &moved {
            set(owners, *of, *before, NONE);
        }
        picks[tree] = at;
        set(owners, tree, at, tree as u32);
        for (of, before) in &moved[1..] {
            let free = |own: &Candidate| own.plots.iter().all(|plot| owners[*plot as usize] == NONE);
            let next = self.trees[*of].iter().position(free).unwrap_or_default();
            gain += self.trees[*of][next].score_ln - self.trees[*of][*before].score_ln;
            picks[*of] = next;
            set(owners, *of, next, *of as u32);
        }
        if gain > SAME_LN {
            return true;
        }
        for (of, _) in &moved {
            set(owners, *of, picks[*of], NONE);
        }
        for (of, before) in moved {
            picks[of] = before;
            set(owners, of, before, of as u32);
        }
        false
    }

    /// A plot that two trees want, and the first of them.
    fn dispute(&self, picks: &Picks) -> Option<(usize, u32)> {
        let mut owners = vec![NONE; self.plots];
        for (tree, pick) in picks.iter().enumerate() {
            for &plot in &self.trees[tree][*pick].plots {
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

impl Candidate {
    /// Its score less the prices of its plots.
    fn after(&self, prices: &[f64]) -> f64 {
        self.score_ln - self.plots.iter().map(|plot| prices[*plot as usize]).sum::<f64>()
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
            if sum <= self.best.0 + SAME_LN {
                break;
            }
            let Some((plot, tree)) = self.contest.dispute(&picks) else {
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

    /// For each tree, the best candidate that it may have; the last of each disputes nothing.
    fn favourites(&self) -> Picks {
        let allowed = |tree: u32, candidate: &Candidate| {
            candidate.plots.iter().all(|&plot| {
                let only = self.only[plot as usize];
                (only == NONE || only == tree) && !self.banned[plot as usize].contains(&tree)
            })
        };
        let trees = self.contest.trees.iter().enumerate();
        trees
            .map(|(tree, candidates)| {
                let first = candidates.iter().position(|own| allowed(tree as u32, own));
                first.unwrap_or(candidates.len() - 1)
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::collection::{btree_set, vec};
    use proptest::prelude::*;

    use super::*;

    /// Trees of candidates with whole scores, so that sums are exact.
    fn contests() -> impl Strategy<Value = Contest> {
        let candidate = (1..20_i32, btree_set(0..6_u32, 0..4));
        vec(vec(candidate, 1..5), 1..6).prop_map(|trees| {
            let mut contest = Contest::default();
            contest.plots = 6;
            contest.trees = trees.into_iter().map(candidates).collect();
            contest
        })
    }

    fn candidates(tree: Vec<(i32, BTreeSet<u32>)>) -> Vec<Candidate> {
        let own = tree.into_iter().chain([(0, BTreeSet::new())]);
        let candidates = own.map(|(score, plots)| Candidate {
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
        let sums = candidates.iter().filter_map(|candidate| {
            let plots = candidate.plots.iter().fold(0, |set, plot| set | 1 << plot);
            (used & plots == 0).then(|| candidate.score_ln + counted(contest, tree + 1, used | plots))
        });
        sums.fold(f64::NEG_INFINITY, f64::max)
    }

    proptest! {
        #[test]
        fn the_best_set_is_the_best_of_all(contest in contests()) {
            let best = counted(&contest, 0, 0);
            let outcome = solve(&contest, 1_000_000);
            prop_assert_eq!(contest.dispute(&outcome.picks), None);
            prop_assert_eq!(contest.sum(&outcome.picks), best);
            prop_assert_eq!(outcome.gap_ln, 0.0);
        }

        /// Cut short, it still is a set, and no farther below the best than it says.
        #[test]
        fn a_search_cut_short_says_by_how_much(contest in contests()) {
            let best = counted(&contest, 0, 0);
            let outcome = solve(&contest, 0);
            prop_assert_eq!(contest.dispute(&outcome.picks), None);
            let sum = contest.sum(&outcome.picks);
            prop_assert!(sum <= best && sum + outcome.gap_ln >= best - 1e-6, "{} {} {}", sum, outcome.gap_ln, best);
        }
    }
}
