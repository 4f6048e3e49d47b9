//! Marginal probabilities over all assignments, without going through them one by one.
//!
//! Rows decide one after the other. Two beginnings that have used the same of those plots which a later row may still
//! want have the same futures: they are one node. Weights summed forward through this net and backward meet in every
//! edge, and an edge is a row with its choice. The order of rows keeps the sets of such plots small.
//!
//! Source: S. Maskell, M. Briers and R. Wright, "Fast mutual exclusion", Proc. SPIE 5428, 2004; P. Horridge and
//! S. Maskell, "Real-time tracking of hundreds of targets with efficient exact JPDAF implementation", FUSION 2006.
//! Differs from them by: rows stand in one line, as in the first, with the order of the line searched for; weights are
//! scaled by the prices of the best assignment, which makes it weigh 1 and no other more, so that nothing overflows or
//! vanishes that matters. No node is left out for being unlikely: bounds on what it could still become (the product of
//! the sums of later rows, or the least such product over all scalings) were too wide to spare a node in a thousand.

mod front;
mod net;
mod order;
mod scale;

use super::answer::{Effort, Solved};
use super::cluster::Cluster;
use super::{Budget, Method};

use net::Net;
use scale::Scaled;

/// The marginals of a cluster, or none if they need more edges than the budget has.
pub(super) fn solve(cluster: &Cluster, budget: &Budget) -> Option<Solved> {
    let line = order::line(cluster);
    let scaled = Scaled::new(cluster);
    let steps = front::steps(cluster, &line);
    let (pairs, misses, work) = match steps.width {
        0..=64 => Net::<u64>::new(&steps, &scaled, budget.edges_max)?.marginals(cluster),
        65..=128 => Net::<u128>::new(&steps, &scaled, budget.edges_max)?.marginals(cluster),
        129..=512 => Net::<[u64; 8]>::new(&steps, &scaled, budget.edges_max)?.marginals(cluster),
        _ => return None,
    };
    let mut frees = vec![1.0; cluster.plots.len()];
    for (pair, chance) in cluster.pairs.iter().zip(&pairs) {
        frees[pair.plot as usize] -= chance;
    }
    frees.iter_mut().for_each(|free| *free = free.max(0.0));
    Some(Solved {
        misses,
        pairs,
        frees,
        method: Method::Exact,
        effort: Effort::Complete,
        work,
    })
}
