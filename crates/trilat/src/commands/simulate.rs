//! `trilat simulate`: what flies, computed.

mod figures;

use crate::Failure;
use crate::args::SimulateArgs;

/// Simulates what the arguments name.
pub fn simulate(args: &SimulateArgs) -> Result<(), Failure> {
    figures::run(&args.figures)
}
