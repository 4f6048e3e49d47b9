//! What was found: probabilities in the layout of the problem, and what each cluster cost.

use geo::math::exp;

use super::cluster::Cluster;
use super::{Method, Problem};

/// Whether a cluster got what was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// All that the method promises.
    Complete,
    /// The budget ended first: belief propagation had not settled, or stands in for the exact method.
    Exceeded,
}

/// One cluster: tracks that compete for plots, if only through others.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Summary {
    /// The first of its rows.
    pub row: usize,
    /// How many rows.
    pub rows: usize,
    /// How many plots.
    pub plots: usize,
    /// How many pairs.
    pub pairs: usize,
    /// The method that answered.
    pub method: Method,
    /// Whether the budget was enough.
    pub effort: Effort,
    /// What was spent: augmentations of GNN, iterations of belief propagation, edges of the exact method.
    pub work: usize,
}

/// Which plot is of which track, as probabilities; those of GNN are 0 or 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    begins: Vec<usize>,
    misses: Vec<f64>,
    pairs: Vec<f64>,
    /// By pair, its plot.
    plots: Vec<u32>,
    frees: Vec<f64>,
    clusters: Vec<Summary>,
}

/// The answer of one cluster, in its own layout.
#[derive(Clone, Debug)]
pub(super) struct Solved {
    /// By row of the cluster.
    pub misses: Vec<f64>,
    /// By pair of the cluster.
    pub pairs: Vec<f64>,
    /// By plot of the cluster.
    pub frees: Vec<f64>,
    pub method: Method,
    pub effort: Effort,
    pub work: usize,
}

impl Answer {
    /// Probability that no plot is of the track.
    pub fn miss(&self, row: usize) -> f64 {
        self.misses[row]
    }

    /// Probability of each of the row's pairs, in the order of the problem.
    pub fn pairs(&self, row: usize) -> &[f64] {
        &self.pairs[self.begins[row]..self.begins[row + 1]]
    }

    /// Probability that the plot is of none of the tracks.
    pub fn free(&self, plot: usize) -> f64 {
        self.frees[plot]
    }

    /// The likeliest choice of a track by itself: a plot, or none. Only GNN promises no plot to two.
    pub fn choice(&self, row: usize) -> Option<u32> {
        let mut best = (self.misses[row], None);
        for (&pair, &plot) in self.pairs(row).iter().zip(&self.plots[self.begins[row]..]) {
            if pair > best.0 {
                best = (pair, Some(plot));
            }
        }
        best.1
    }

    /// Clusters of at least two tracks, in the order of their first rows. A track that competes with none is answered
    /// exactly and does not appear.
    pub fn clusters(&self) -> &[Summary] {
        &self.clusters
    }

    /// Every track sees nothing, every plot is free.
    pub(super) fn new(problem: &Problem) -> Self {
        let pairs = problem.begins().last().copied().unwrap_or(0);
        let rows = 0..problem.rows();
        Self {
            begins: problem.begins().to_vec(),
            misses: vec![1.0; problem.rows()],
            pairs: vec![0.0; pairs],
            plots: rows.flat_map(|row| problem.pairs(row)).map(|pair| pair.plot).collect(),
            frees: vec![1.0; problem.plots()],
            clusters: Vec::new(),
        }
    }

    /// Answers a row whose plots are nobody else's: its weights, divided by their sum; or the best of them.
    pub(super) fn place_single(&mut self, problem: &Problem, row: usize, method: Method) {
        let (miss_ln, pairs) = (problem.miss_ln(row), problem.pairs(row));
        let mut best = (miss_ln, None);
        for (at, pair) in pairs.iter().enumerate() {
            if pair.weight_ln > best.0 {
                best = (pair.weight_ln, Some(at));
            }
        }
        let begin = self.begins[row];
        if method == Method::Gnn {
            if let Some(at) = best.1 {
                self.misses[row] = 0.0;
                self.pairs[begin + at] = 1.0;
                self.frees[pairs[at].plot as usize] = 0.0;
            }
            return;
        }
        let miss = exp(miss_ln - best.0);
        let out = &mut self.pairs[begin..begin + pairs.len()];
        let mut sum = miss;
        for (out, pair) in out.iter_mut().zip(pairs) {
            *out = exp(pair.weight_ln - best.0);
            sum += *out;
        }
        self.misses[row] = miss / sum;
        for (out, pair) in out.iter_mut().zip(pairs) {
            let others = sum - *out;
            *out /= sum;
            if *out > 0.0 {
                self.frees[pair.plot as usize] = others / sum;
            }
        }
    }

    /// Writes the answer of a cluster to its places.
    pub(super) fn place(&mut self, cluster: &Cluster, solved: &Solved) {
        for (&row, &miss) in cluster.rows.iter().zip(&solved.misses) {
            self.misses[row] = miss;
        }
        for (&pair, &chance) in cluster.sources.iter().zip(&solved.pairs) {
            self.pairs[pair] = chance;
        }
        for (&plot, &free) in cluster.plots.iter().zip(&solved.frees) {
            self.frees[plot as usize] = free;
        }
        self.clusters.push(Summary {
            row: cluster.rows[0],
            rows: cluster.rows.len(),
            plots: cluster.plots.len(),
            pairs: cluster.pairs.len(),
            method: solved.method,
            effort: solved.effort,
            work: solved.work,
        });
    }
}
