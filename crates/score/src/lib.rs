//! How good an estimate is, and could be: the posterior Cramér-Rao bound, containment, NEES.
//!
//! Nothing here estimates. Truth and statements come in, figures come out, each with the interval that chance allows.

pub mod bound;
pub mod containment;
pub mod spread;

pub use bound::{Information, NoBound};
pub use containment::{Containment, nees_interval};
pub use spread::Spread;
