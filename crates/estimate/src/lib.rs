//! One object: belief, motion, sensors, filters, smoothing, path fit.

pub mod belief;
pub mod filter;
pub mod fusion;
#[cfg(test)]
mod laws;
pub mod motion;
pub mod path;
pub mod sensor;
