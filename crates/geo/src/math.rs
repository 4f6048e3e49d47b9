//! Transcendental functions whose bits are the same on every machine: pure Rust `libm`, never the platform's library.
//!
//! The `clippy.toml` of the workspace bans the methods of `f64` that these replace. `sqrt`, `abs`, `floor`, `mul_add`
//! and the four operations are exact by IEEE 754 and stay methods.

pub use libm::{acos, asin, atan, atan2, cbrt, cos, exp, hypot, log as ln, log10, pow, sin, sincos as sin_cos, tan};
