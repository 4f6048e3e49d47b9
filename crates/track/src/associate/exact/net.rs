//! The net of rows' choices: nodes are sets of used plots, weights run forward and backward.

use super::super::cluster::Cluster;
use super::super::fold::Map;
use super::front::{Front, Step, Steps};
use super::scale::Scaled;

/// A choice that the node does not have.
const NONE: u32 = u32::MAX;

/// The nodes before one row, and what each may choose: no shared plot, or one of them.
struct Layer<F> {
    nodes: Vec<F>,
    /// By node: the sum of the weights of all ways to it, scaled by layer.
    forward: Vec<f64>,
    /// By node and choice: the node it leads to, and its factor.
    children: Vec<u32>,
    factors: Vec<f64>,
}

/// All layers; after the last row there is one node, the empty set.
pub(super) struct Net<'a, F> {
    steps: &'a [Step],
    scaled: &'a Scaled,
    layers: Vec<Layer<F>>,
}

impl<'a, F: Front> Net<'a, F> {
    /// Builds the net and runs forward. None if it takes more edges than allowed.
    pub fn new(steps: &'a Steps, scaled: &'a Scaled, edges_max: usize) -> Option<Self> {
        let mut net = Net {
            steps: &steps.all,
            scaled,
            layers: Vec::with_capacity(steps.all.len()),
        };
        let (mut nodes, mut forward) = (vec![F::default()], vec![1.0]);
        let mut edges = 0;
        for step in &steps.all {
            edges += nodes.len() * (step.shared.len() + 1);
            if edges > edges_max {
                return None;
            }
            let (layer, next, mut sums) = net.layer(step, nodes, forward);
            net.layers.push(layer);
            let largest = sums.iter().fold(0.0_f64, |largest, &x| largest.max(x));
            sums.iter_mut().for_each(|x| *x /= largest);
            (nodes, forward) = (next, sums);
        }
        Some(net)
    }

    /// Lets every node choose. Returns the layer, the nodes after it and the weights that came to them.
    fn layer(&self, step: &Step, nodes: Vec<F>, forward: Vec<f64>) -> (Layer<F>, Vec<F>, Vec<f64>) {
        let own = step
            .own
            .iter()
            .fold(self.scaled.misses[step.row], |sum, &pair| sum + self.scaled.pairs[pair]);
        let edges = nodes.len() * (step.shared.len() + 1);
        let (mut children, mut factors) = (Vec::with_capacity(edges), Vec::with_capacity(edges));
        let mut index: Map<F, u32> = Map::default();
        let (mut next, mut sums): (Vec<F>, Vec<f64>) = (Vec::new(), Vec::new());
        for (&node, &weight) in nodes.iter().zip(&forward) {
            let mut lead = |used: Option<F>, factor: f64| {
                let Some(used) = used else {
                    children.push(NONE);
                    factors.push(0.0);
                    return;
                };
                let factor = factor * self.left(step, used);
                let after = step.last.iter().fold(used, |set, &(slot, _)| set.without(slot));
                let child = *index.entry(after).or_insert_with(|| {
                    next.push(after);
                    sums.push(0.0);
                    next.len() as u32 - 1
                });
                sums[child as usize] += weight * factor;
                children.push(child);
                factors.push(factor);
            };
            lead(Some(node), own);
            for choice in &step.shared {
                let used = (!node.has(choice.slot)).then(|| node.with(choice.slot));
                lead(used, self.scaled.pairs[choice.pair]);
            }
        }
        let layer = Layer {
            nodes,
            forward,
            children,
            factors,
        };
        (layer, next, sums)
    }

    /// The factor of those plots that nobody has taken when no later row wants them.
    fn left(&self, step: &Step, used: F) -> f64 {
        let free = step.last.iter().filter(|(slot, _)| !used.has(*slot));
        free.fold(1.0, |product, &(_, plot)| product * self.scaled.frees[plot])
    }

    /// Runs backward. Returns probabilities of pairs and misses, and the number of edges.
    pub fn marginals(&self, cluster: &Cluster) -> (Vec<f64>, Vec<f64>, usize) {
        let mut pairs = vec![0.0; cluster.pairs.len()];
        let mut misses = vec![0.0; cluster.rows.len()];
        let mut backward = vec![1.0];
        let mut edges = 0;
        for (layer, step) in self.layers.iter().zip(self.steps).rev() {
            let choices = step.shared.len() + 1;
            edges += layer.children.len();
            let mut sums = vec![0.0; choices];
            let mut before = Vec::with_capacity(layer.nodes.len());
            let edges_of = layer
                .children
                .chunks_exact(choices)
                .zip(layer.factors.chunks_exact(choices));
            for ((children, factors), forward) in edges_of.zip(&layer.forward) {
                let mut sum = 0.0;
                for ((&child, factor), choice) in children.iter().zip(factors).zip(&mut sums) {
                    let rest = backward.get(child as usize).map_or(0.0, |rest| rest * factor);
                    *choice += forward * rest;
                    sum += rest;
                }
                before.push(sum);
            }
            let total: f64 = sums.iter().sum();
            let own = step
                .own
                .iter()
                .fold(self.scaled.misses[step.row], |sum, &pair| sum + self.scaled.pairs[pair]);
            let alone = if own > 0.0 { sums[0] / total / own } else { 0.0 };
            misses[step.row] = alone * self.scaled.misses[step.row];
            step.own
                .iter()
                .for_each(|&pair| pairs[pair] = alone * self.scaled.pairs[pair]);
            for (choice, sum) in step.shared.iter().zip(&sums[1..]) {
                pairs[choice.pair] = sum / total;
            }
            let largest = before.iter().fold(0.0_f64, |largest, &x| largest.max(x));
            before.iter_mut().for_each(|x| *x /= largest);
            backward = before;
        }
        (pairs, misses, edges)
    }
}
