//! Which plot is of which track: from scores alone, without knowing of sensors, states or time.
//!
//! Every track takes one plot of the scan or none, every plot is of one track or of none. A [`Problem`] says how likely
//! each pairing is; [`associate`] answers with one best assignment or with probabilities. Several scans at once are for
//! [`forest::select`].
//!
//! Two tracks and the two plots between them; the second track has seen the second plot only:
//!
//! ```
//! use track::associate::{Budget, Method, Pair, Problem, Sequential, associate};
//!
//! let mut problem = Problem::new(2);
//! problem.push(-2.0, &[Pair::new(0, 1.0), Pair::new(1, 1.2)])?;
//! problem.push(-2.0, &[Pair::new(1, 1.1)])?;
//! let best = associate(&problem, Method::Gnn, &Budget::default(), &Sequential);
//! assert_eq!((best.choice(0), best.choice(1)), (Some(0), Some(1)));
//! let chance = associate(&problem, Method::Exact, &Budget::default(), &Sequential);
//! assert_eq!((chance.pairs(0)[0] * 100.0).round(), 91.0);
//! # Ok::<(), track::associate::ProblemError>(())
//! ```

mod answer;
mod cluster;
mod exact;
mod fold;
pub mod forest;
pub mod gate;
mod gnn;
mod lbp;
mod pool;
mod problem;

use std::sync::OnceLock;

pub use answer::{Answer, Effort, Summary};
pub use pool::{Pool, Sequential};
pub use problem::{Pair, Problem, ProblemError};

use answer::Solved;
use cluster::{Cluster, Clusters};

/// How plots and tracks are brought together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// The single most likely assignment (global nearest neighbour): probabilities are 0 or 1.
    Gnn,
    /// Marginal probabilities by loopy belief propagation: exact where pairings form no loop, near elsewhere.
    Lbp,
    /// Marginal probabilities over all assignments, by efficient hypothesis management.
    Exact,
    /// The most likely assignment of several scans together, by a [`forest`] of hypotheses; of one scan that of `Gnn`.
    Mht,
}

/// What may be spent on each cluster before something cheaper stands in.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Budget {
    /// Iterations of belief propagation. Each costs some 10 ns a pair.
    pub iterations_max: usize,
    /// Belief propagation ends when every message is within this factor − 1 of where it would settle.
    pub tolerance: f64,
    /// Edges of the net of the exact method; belief propagation answers for a cluster that needs more. Each edge costs
    /// some 25 ns and 12 bytes.
    pub edges_max: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            iterations_max: 1_000,
            tolerance: 1e-6,
            edges_max: 1_000_000,
        }
    }
}

/// Finds which plot is of which track.
///
/// Tracks that compete for no plot, not even through others, are solved apart, each cluster by itself on the pool;
/// neither clusters nor pool change the answer by a bit. Of assignments that are equally likely the same is taken every
/// time.
pub fn associate(problem: &Problem, method: Method, budget: &Budget, pool: &impl Pool) -> Answer {
    let method = if method == Method::Mht { Method::Gnn } else { method };
    let clusters = match method {
        // A pair that is no likelier than a miss is in no best assignment that could not do without it.
        Method::Gnn | Method::Mht => Clusters::new(problem, |row, pair| pair.weight_ln > problem.miss_ln(row)),
        Method::Lbp | Method::Exact => Clusters::new(problem, |_, pair| pair.weight_ln > f64::NEG_INFINITY),
    };
    let mut answer = Answer::new(problem);
    for &row in clusters.singles() {
        answer.place_single(problem, row, method);
    }
    let solved: Vec<OnceLock<Solved>> = clusters.joint().iter().map(|_| OnceLock::new()).collect();
    pool.run(solved.len(), &|at| {
        solved[at].get_or_init(|| solve(&clusters.joint()[at], method, budget));
    });
    for (cluster, slot) in clusters.joint().iter().zip(solved) {
        // A pool that left a task out costs time, not truth.
        let solved = slot.into_inner().unwrap_or_else(|| solve(cluster, method, budget));
        answer.place(cluster, &solved);
    }
    answer
}

/// Solves one cluster of two rows or more.
fn solve(cluster: &Cluster, method: Method, budget: &Budget) -> Solved {
    match method {
        Method::Gnn | Method::Mht => gnn::solve(cluster),
        Method::Lbp => lbp::solve(cluster, budget),
        Method::Exact => exact::solve(cluster, budget).unwrap_or_else(|| Solved {
            effort: Effort::Exceeded,
            ..lbp::solve(cluster, budget)
        }),
    }
}
