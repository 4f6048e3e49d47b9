//! The base distance that GOSPA and OSPA share: Euclidean, cut off, to a power.

use geo::math::pow;
use nalgebra::Vector3;

use crate::assignment::{Edge, assign};

/// A cutoff that is not positive, or an order below 1.
#[derive(Copy, Clone, Debug, PartialEq, thiserror::Error)]
pub enum CutoffError {
    /// The cutoff.
    #[error("the cutoff is {cutoff_m} m, expected a finite number above 0")]
    Cutoff {
        /// As given.
        cutoff_m: f64,
    },
    /// The order.
    #[error("the order is {order}, expected a finite number of 1 or more")]
    Order {
        /// As given.
        order: f64,
    },
}

/// From which distance on two things are not the same (`c`), and how much large distances weigh (`p`).
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Cutoff {
    cutoff_m: f64,
    order: f64,
}

impl Cutoff {
    /// A cutoff above 0 and an order of 1 or more, both finite. Errors: [`CutoffError`].
    pub fn new(cutoff_m: f64, order: f64) -> Result<Self, CutoffError> {
        if !cutoff_m.is_finite() || cutoff_m <= 0.0 {
            return Err(CutoffError::Cutoff { cutoff_m });
        }
        if !order.is_finite() || order < 1.0 {
            return Err(CutoffError::Order { order });
        }
        Ok(Self { cutoff_m, order })
    }

    /// The distance `c`.
    pub fn cutoff_m(&self) -> f64 {
        self.cutoff_m
    }

    /// The order `p`.
    pub fn order(&self) -> f64 {
        self.order
    }

    /// A distance to the power of the order, in units of the cutoff's: what means of distances are made of.
    pub fn power_of(&self, distance_m: f64) -> f64 {
        self.power(distance_m / self.cutoff_m)
    }

    /// The distance in metres of such a power, or of a mean of them.
    pub fn distance_m(&self, power: f64) -> f64 {
        self.root_m(power)
    }

    /// A share of the cutoff, from 0 to 1, to the power of the order: no order overflows so.
    pub(crate) fn power(&self, share: f64) -> f64 {
        if self.order == 1.0 {
            share
        } else if self.order == 2.0 {
            share * share
        } else {
            pow(share, self.order)
        }
    }

    /// The distance of a sum of such powers.
    pub(crate) fn root_m(&self, sum: f64) -> f64 {
        self.cutoff_m
            * if self.order == 1.0 {
                sum
            } else if self.order == 2.0 {
                sum.sqrt()
            } else {
                pow(sum, 1.0 / self.order)
            }
    }

    /// The cheapest assignment of two sets of points: pairs below the cutoff, with shares to the power of the order.
    pub(crate) fn pairs(&self, tracks: &[Vector3<f64>], truths: &[Vector3<f64>]) -> Vec<Edge> {
        assign(tracks.len(), truths.len(), &self.edges(tracks, truths), 1.0)
    }

    /// Pairs below the cutoff, by a sweep along the first axis.
    pub(crate) fn edges(&self, tracks: &[Vector3<f64>], truths: &[Vector3<f64>]) -> Vec<Edge> {
        let mut order: Vec<(f64, usize)> = truths.iter().enumerate().map(|(j, p)| (p.x, j)).collect();
        order.sort_unstable_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)));
        let limit = self.cutoff_m * self.cutoff_m;
        let mut edges = Vec::new();
        for (i, track) in tracks.iter().enumerate() {
            let first = order.partition_point(|(x, _)| *x <= track.x - self.cutoff_m);
            for (_, j) in order[first..].iter().take_while(|(x, _)| *x < track.x + self.cutoff_m) {
                let squared = (track - truths[*j]).norm_squared();
                if squared < limit {
                    let cost = match self.order == 2.0 {
                        true => squared / limit,
                        false => self.power(squared.sqrt() / self.cutoff_m),
                    };
                    if cost < 1.0 {
                        edges.push((i, *j, cost));
                    }
                }
            }
        }
        edges
    }
}
