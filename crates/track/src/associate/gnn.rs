//! The single most likely assignment, exactly: shortest augmenting paths.
//!
//! Source: R. Jonker and A. Volgenant, "A shortest augmenting path algorithm for dense and sparse linear assignment
//! problems", Computing 38, 1987; D. F. Crouse, "On implementing 2D rectangular assignment algorithms", IEEE Trans.
//! Aerospace and Electronic Systems 52(4), 2016. Differs from them by: a miss of each row is a column of its own that
//! is never stored, so every row has an end of a path at hand; pairs are sparse; the nearest column comes from a heap.

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use super::Method;
use super::answer::{Effort, Solved};
use super::cluster::Cluster;

/// What stands for no pair and no row.
const NONE: usize = usize::MAX;

/// Probabilities 0 and 1 of the best assignment.
pub(super) fn solve(cluster: &Cluster) -> Solved {
    let assignment = assign(cluster).pairs;
    let mut solved = Solved {
        misses: vec![1.0; cluster.rows.len()],
        pairs: vec![0.0; cluster.pairs.len()],
        frees: vec![1.0; cluster.plots.len()],
        method: Method::Gnn,
        effort: Effort::Complete,
        work: cluster.rows.len(),
    };
    for (row, pair) in assignment.into_iter().enumerate() {
        if let Some(pair) = pair {
            solved.misses[row] = 0.0;
            solved.pairs[pair] = 1.0;
            solved.frees[cluster.pairs[pair].plot as usize] = 0.0;
        }
    }
    solved
}

/// The assignment of the largest weight, and the prices that prove it.
///
/// With `cost = miss_ln − weight_ln`: `cost − rows[i] − plots[j] ≥ 0` for all pairs and `−rows[i] ≥ 0` for misses, with
/// equality where assigned, and `plots[j] = 0` where the plot is free; but for rounding.
pub(super) struct Assignment {
    /// By row: its place among the cluster's pairs.
    pub pairs: Vec<Option<usize>>,
    /// By row: its price, at most 0.
    pub rows: Vec<f64>,
    /// By plot: its price, at most 0.
    pub plots: Vec<f64>,
}

/// Finds the assignment of the largest weight. Of equal ones, the order of rows and pairs decides.
pub(super) fn assign(cluster: &Cluster) -> Assignment {
    let mut search = Search::new(cluster);
    for row in 0..cluster.rows.len() {
        search.augment(row);
    }
    let pairs = search.assigned.iter();
    Assignment {
        pairs: pairs.map(|&pair| (pair != NONE).then_some(pair)).collect(),
        rows: search.rows,
        plots: search.plots,
    }
}

/// A column that a path has come to; the nearest is the greatest, then the one of the lowest number.
#[derive(PartialEq)]
struct Reached {
    distance: f64,
    plot: usize,
}

impl Eq for Reached {}

impl Ord for Reached {
    fn cmp(&self, other: &Self) -> Ordering {
        let nearer = other.distance.total_cmp(&self.distance);
        nearer.then(other.plot.cmp(&self.plot))
    }
}

impl PartialOrd for Reached {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

struct Search<'a> {
    cluster: &'a Cluster,
    /// By row: its pair or `NONE`.
    assigned: Vec<usize>,
    /// By plot: its row or `NONE`.
    owners: Vec<usize>,
    /// Prices.
    rows: Vec<f64>,
    plots: Vec<f64>,
    /// By plot: length of the shortest path so far, and the row and pair it came by.
    distances: Vec<f64>,
    from: Vec<(usize, usize)>,
    /// Plots with a path, settled ones first to be known by their mark.
    touched: Vec<usize>,
    settled: Vec<bool>,
    heap: BinaryHeap<Reached>,
}

impl<'a> Search<'a> {
    fn new(cluster: &'a Cluster) -> Self {
        let (rows, plots) = (cluster.rows.len(), cluster.plots.len());
        Self {
            cluster,
            assigned: vec![NONE; rows],
            owners: vec![NONE; plots],
            rows: vec![0.0; rows],
            plots: vec![0.0; plots],
            distances: vec![f64::INFINITY; plots],
            from: vec![(NONE, NONE); plots],
            touched: Vec::new(),
            settled: vec![false; plots],
            heap: BinaryHeap::new(),
        }
    }

    /// Gives a row its place, moving others along the shortest alternating path (Dijkstra on reduced costs).
    fn augment(&mut self, start: usize) {
        let (mut row, mut length) = (start, 0.0);
        let miss_ln = self.cluster.misses_ln[row];
        let costs = self.cluster.pairs_of(row).iter();
        self.rows[row] = costs.fold(0.0, |least: f64, pair| {
            least.min(miss_ln - pair.weight_ln - self.plots[pair.plot as usize])
        });
        // The nearest miss: distance, row.
        let mut miss = (f64::INFINITY, NONE);
        let end = loop {
            self.scan(row, length);
            let distance = length - self.rows[row];
            if distance < miss.0 {
                miss = (distance, row);
            }
            match self.nearest() {
                Some(reached) if reached.distance < miss.0 => {
                    length = reached.distance;
                    self.settled[reached.plot] = true;
                    if self.owners[reached.plot] == NONE {
                        break Some(reached.plot);
                    }
                    row = self.owners[reached.plot];
                }
                _ => {
                    length = miss.0;
                    break None;
                }
            }
        };
        self.reprice(start, length);
        // Where the last row of the path goes, and which plot it leaves for the row before it.
        let mut vacant = end.unwrap_or_else(|| {
            let left = self.assigned[miss.1];
            self.assigned[miss.1] = NONE;
            self.plot_of(left)
        });
        while vacant != NONE {
            let (row, pair) = self.from[vacant];
            let left = std::mem::replace(&mut self.assigned[row], pair);
            self.owners[vacant] = row;
            vacant = self.plot_of(left);
        }
        self.forget();
    }

    /// Lengthens the path by the pairs of a row.
    fn scan(&mut self, row: usize, length: f64) {
        let base = length - self.rows[row] + self.cluster.misses_ln[row];
        for at in self.cluster.range(row) {
            let pair = self.cluster.pairs[at];
            let plot = pair.plot as usize;
            // Rounding must not let a path become shorter.
            let distance = (base - pair.weight_ln - self.plots[plot]).max(length);
            if !self.settled[plot] && distance < self.distances[plot] {
                if self.distances[plot] == f64::INFINITY {
                    self.touched.push(plot);
                }
                self.distances[plot] = distance;
                self.from[plot] = (row, at);
                self.heap.push(Reached { distance, plot });
            }
        }
    }

    /// The nearest plot that is not settled.
    fn nearest(&mut self) -> Option<Reached> {
        loop {
            let reached = self.heap.pop()?;
            if !self.settled[reached.plot] {
                return Some(reached);
            }
        }
    }

    /// Moves the prices of all that was settled, so that the path becomes tight.
    fn reprice(&mut self, start: usize, length: f64) {
        self.rows[start] += length;
        for &plot in &self.touched {
            if self.settled[plot] {
                let slack = length - self.distances[plot];
                self.plots[plot] -= slack;
                if self.owners[plot] != NONE {
                    self.rows[self.owners[plot]] += slack;
                }
            }
        }
    }

    fn plot_of(&self, pair: usize) -> usize {
        self.cluster.pairs.get(pair).map_or(NONE, |pair| pair.plot as usize)
    }

    fn forget(&mut self) {
        self.heap.clear();
        for plot in self.touched.drain(..) {
            self.distances[plot] = f64::INFINITY;
            self.settled[plot] = false;
        }
    }
}
