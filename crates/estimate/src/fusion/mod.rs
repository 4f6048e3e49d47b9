//! Two beliefs about one object, from nodes that do not share their plots.
//!
//! What is known of the errors that both have in common decides how:
//! - nothing: covariance [`intersect`]ion, which is never too sure, whatever they share;
//! - the partner also says what it would have believed without its latest plots: a [`Tracklet`] holds those plots and
//!   nothing else, and is taken in like a plot.

mod basis;
mod intersection;
mod tracklet;

pub(crate) use intersection::intersect_part;
pub use intersection::{Criterion, Intersection, intersect, keep};
pub use tracklet::{Taken, Tracklet};

#[cfg(test)]
mod tests;
