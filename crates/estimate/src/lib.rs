//! One object: belief, motion, sensors, filters, smoothing, path fit.

pub mod belief;
#[cfg(test)]
mod laws;
pub mod sensor;
