//! Weights scaled by the prices of the best assignment: it weighs 1, and no factor of any other is above 1.

use geo::math::exp;

use super::super::cluster::Cluster;
use super::super::gnn;

/// The factors of which a whole assignment is the product.
pub(super) struct Scaled {
    /// By row: of a miss.
    pub misses: Vec<f64>,
    /// By pair: of the pair.
    pub pairs: Vec<f64>,
    /// By plot: of nobody taking it. 1 for a plot that only one row has.
    pub frees: Vec<f64>,
}

impl Scaled {
    pub fn new(cluster: &Cluster) -> Self {
        let mut prices = gnn::assign(cluster);
        let mut count = vec![0_usize; cluster.plots.len()];
        cluster.pairs.iter().for_each(|pair| count[pair.plot as usize] += 1);
        let mut scaled = Self {
            misses: Vec::with_capacity(cluster.rows.len()),
            pairs: Vec::with_capacity(cluster.pairs.len()),
            frees: Vec::new(),
        };
        for row in 0..cluster.rows.len() {
            // What a plot of one row costs is the row's own affair.
            for plot in cluster.pairs_of(row).iter().map(|pair| pair.plot as usize) {
                if count[plot] == 1 {
                    prices.rows[row] += prices.plots[plot];
                    prices.plots[plot] = 0.0;
                }
            }
            let price = prices.rows[row];
            scaled.misses.push(exp(price));
            scaled.pairs.extend(
                cluster.pairs_of(row).iter().map(|pair| {
                    exp(pair.weight_ln - cluster.misses_ln[row] + price + prices.plots[pair.plot as usize])
                }),
            );
        }
        scaled.frees.extend(prices.plots.iter().map(|&price| exp(price)));
        scaled
    }
}
