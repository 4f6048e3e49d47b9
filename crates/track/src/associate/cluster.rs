//! Tracks that compete for the same plots, if only through others: connected components, by union-find.

use super::{Pair, Problem};

/// A connected component of two rows or more, with rows and plots numbered by itself.
///
/// Rows stand in the order of the problem, plots in that of their first mention.
#[derive(Clone, Debug, Default)]
pub(super) struct Cluster {
    /// By row: its place in the problem.
    pub rows: Vec<usize>,
    /// By row: the logarithm of the weight of a miss.
    pub misses_ln: Vec<f64>,
    /// Where each row's pairs begin, and where the last row's end.
    pub begins: Vec<usize>,
    /// Pairs with plots by their number in the cluster.
    pub pairs: Vec<Pair>,
    /// By pair: its place in the problem.
    pub sources: Vec<usize>,
    /// By plot: its place in the problem.
    pub plots: Vec<u32>,
}

impl Cluster {
    /// Where the pairs of a row stand.
    pub fn range(&self, row: usize) -> std::ops::Range<usize> {
        self.begins[row]..self.begins[row + 1]
    }

    /// The pairs of a row.
    pub fn pairs_of(&self, row: usize) -> &[Pair] {
        &self.pairs[self.range(row)]
    }
}

/// A scan taken apart.
#[derive(Clone, Debug)]
pub(super) struct Clusters {
    singles: Vec<usize>,
    joint: Vec<Cluster>,
}

/// What stands for no number yet.
const NONE: u32 = u32::MAX;

impl Clusters {
    /// Takes a problem apart, over the pairs that are kept.
    pub fn new(problem: &Problem, keep: impl Fn(usize, &Pair) -> bool) -> Self {
        let rows = problem.rows();
        let mut sets = Sets::new(rows);
        let mut first = vec![NONE; problem.plots()];
        for row in 0..rows {
            for pair in problem.pairs(row).iter().filter(|pair| keep(row, pair)) {
                let first = &mut first[pair.plot as usize];
                if *first == NONE {
                    *first = row as u32;
                } else {
                    sets.join(*first, row as u32);
                }
            }
        }
        let mut split = Self {
            singles: Vec::new(),
            joint: Vec::new(),
        };
        let mut cluster_of = vec![NONE; rows];
        let mut local = first;
        local.fill(NONE);
        for row in 0..rows {
            let root = sets.root(row as u32) as usize;
            if sets.sizes[root] == 1 {
                split.singles.push(row);
                continue;
            }
            if cluster_of[root] == NONE {
                cluster_of[root] = split.joint.len() as u32;
                split.joint.push(Cluster {
                    begins: vec![0],
                    ..Cluster::default()
                });
            }
            let cluster = &mut split.joint[cluster_of[root] as usize];
            cluster.rows.push(row);
            cluster.misses_ln.push(problem.miss_ln(row));
            for (source, pair) in problem.range(row).zip(problem.pairs(row)) {
                if keep(row, pair) {
                    let number = &mut local[pair.plot as usize];
                    if *number == NONE {
                        *number = cluster.plots.len() as u32;
                        cluster.plots.push(pair.plot);
                    }
                    cluster.pairs.push(Pair::new(*number, pair.weight_ln));
                    cluster.sources.push(source);
                }
            }
            cluster.begins.push(cluster.pairs.len());
        }
        split
    }

    /// Rows that compete with no other.
    pub fn singles(&self) -> &[usize] {
        &self.singles
    }

    /// Clusters of two rows or more, in the order of their first rows.
    pub fn joint(&self) -> &[Cluster] {
        &self.joint
    }
}

/// Disjoint sets, by size with path halving.
pub(super) struct Sets {
    parents: Vec<u32>,
    pub sizes: Vec<u32>,
}

impl Sets {
    pub fn new(count: usize) -> Self {
        Self {
            parents: (0..count as u32).collect(),
            sizes: vec![1; count],
        }
    }

    pub fn root(&mut self, mut at: u32) -> u32 {
        while self.parents[at as usize] != at {
            self.parents[at as usize] = self.parents[self.parents[at as usize] as usize];
            at = self.parents[at as usize];
        }
        at
    }

    pub fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        if a != b {
            let (small, large) = if self.sizes[a as usize] < self.sizes[b as usize] {
                (a, b)
            } else {
                (b, a)
            };
            self.parents[small as usize] = large;
            self.sizes[large as usize] += self.sizes[small as usize];
        }
    }
}
