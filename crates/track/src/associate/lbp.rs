//! Marginal probabilities by loopy belief propagation.
//!
//! Source: J. L. Williams and R. A. Lau, "Approximate evaluation of marginal association probabilities with belief
//! propagation", IEEE Trans. Aerospace and Electronic Systems 50(4), 2014. There as here every message
//! is one number, and the iteration is a contraction. Differs from it by: sums without one addend are made so that
//! nothing cancels; and the bound on how far the messages still are, below.
//!
//! With row weights divided by that of the miss, w, messages to plots are `m = w / (1 + Σ w n)`, the sum over the row's
//! other pairs, and those back `n = 1 / (1 + Σ m)`, over the plot's other pairs. Let all n lie within a factor d of
//! where they were. Then `1 + Σ w n` lies within a factor (1 + S d) / (1 + S), S the largest of the sums; its logarithm
//! is at most `ln d · S / (1 + S)`; and the n that follow from m lie within no more than m did. So a step of size ln d
//! leaves at most `ln d · S` to go. S is that of now, doubled: true as long as the rest of the way is within ln 2.

use geo::math::exp;

use super::answer::{Effort, Solved};
use super::cluster::Cluster;
use super::{Budget, Method};

/// The least weight of a miss relative to the row's best: detections more certain than this are not told apart.
const LEAST: f64 = 1e-290;

/// A sum that can leave out any one addend without cancellation.
#[derive(Clone, Copy)]
struct Sum {
    largest: f64,
    others: f64,
}

impl Sum {
    fn new(first: f64) -> Self {
        Self {
            largest: 0.0,
            others: first,
        }
    }

    fn add(&mut self, x: f64) {
        self.others += x.min(self.largest);
        self.largest = self.largest.max(x);
    }

    fn total(self) -> f64 {
        self.others + self.largest
    }

    /// The sum without one of its addends.
    fn without(self, x: f64) -> f64 {
        if x == self.largest {
            self.others
        } else {
            (self.others - x) + self.largest
        }
    }
}

struct Messages<'a> {
    cluster: &'a Cluster,
    /// By row and by pair: weights divided by the row's largest.
    misses: Vec<f64>,
    weights: Vec<f64>,
    /// By pair: from the row to the plot, and back.
    to_plots: Vec<f64>,
    to_rows: Vec<f64>,
    /// By plot: the sum of what came to it.
    sums: Vec<Sum>,
}

/// Runs until every message is within the tolerance of where it settles, or the iterations run out.
pub(super) fn solve(cluster: &Cluster, budget: &Budget) -> Solved {
    let mut messages = Messages::new(cluster);
    let (mut work, mut effort) = (0, Effort::Exceeded);
    while work < budget.iterations_max.max(1) && effort == Effort::Exceeded {
        work += 1;
        let (step, sum) = messages.forth();
        messages.back();
        let left = (step - 1.0) * 2.0 * sum;
        if left <= budget.tolerance.min(0.5) {
            effort = Effort::Complete;
        }
    }
    messages.beliefs(effort, work)
}

impl<'a> Messages<'a> {
    fn new(cluster: &'a Cluster) -> Self {
        let mut misses = Vec::with_capacity(cluster.rows.len());
        let mut weights = Vec::with_capacity(cluster.pairs.len());
        for row in 0..cluster.rows.len() {
            let pairs = cluster.pairs_of(row);
            let miss_ln = cluster.misses_ln[row];
            let best = pairs.iter().fold(miss_ln, |best, pair| best.max(pair.weight_ln));
            misses.push(exp(miss_ln - best).max(LEAST));
            weights.extend(pairs.iter().map(|pair| exp(pair.weight_ln - best)));
        }
        Self {
            cluster,
            misses,
            to_plots: vec![0.0; weights.len()],
            to_rows: vec![1.0; weights.len()],
            weights,
            sums: vec![Sum::new(1.0); cluster.plots.len()],
        }
    }

    /// Messages from rows to plots. Returns the largest factor by which one changed, and the largest sum of a row
    /// relative to its miss.
    fn forth(&mut self) -> (f64, f64) {
        let (mut step, mut most) = (1.0_f64, 0.0_f64);
        self.sums.fill(Sum::new(1.0));
        for (row, &miss) in self.misses.iter().enumerate() {
            let range = self.cluster.range(row);
            let mut sum = Sum::new(miss);
            for at in range.clone() {
                sum.add(self.weights[at] * self.to_rows[at]);
            }
            most = most.max(sum.total() / miss);
            for at in range {
                let message = self.weights[at] / sum.without(self.weights[at] * self.to_rows[at]);
                let before = std::mem::replace(&mut self.to_plots[at], message);
                step = step.max(message.max(before) / message.min(before).max(f64::MIN_POSITIVE));
                self.sums[self.cluster.pairs[at].plot as usize].add(message);
            }
        }
        (step, most)
    }

    /// Messages from plots to rows.
    fn back(&mut self) {
        for ((back, &forth), pair) in self.to_rows.iter_mut().zip(&self.to_plots).zip(&self.cluster.pairs) {
            *back = 1.0 / self.sums[pair.plot as usize].without(forth);
        }
    }

    /// What the messages say: probabilities of rows, each summing to one, and of plots.
    fn beliefs(&self, effort: Effort, work: usize) -> Solved {
        let mut misses = Vec::with_capacity(self.misses.len());
        let mut pairs: Vec<f64> = self.weights.iter().zip(&self.to_rows).map(|(w, n)| w * n).collect();
        for (row, &miss) in self.misses.iter().enumerate() {
            let out = &mut pairs[self.cluster.range(row)];
            let sum = out.iter().fold(miss, |sum, x| sum + x);
            out.iter_mut().for_each(|x| *x /= sum);
            misses.push(miss / sum);
        }
        Solved {
            misses,
            pairs,
            frees: self.sums.iter().map(|sum| 1.0 / sum.total()).collect(),
            method: Method::Lbp,
            effort,
            work,
        }
    }
}
