//! `trilat simulate`: what flies, computed.

mod figures;
mod readme;
mod scenario;

use crate::Failure;
use crate::args::SimulateArgs;

/// Simulates what the arguments name.
pub fn simulate(args: &SimulateArgs) -> Result<(), Failure> {
    match &args.scenario.scenario {
        _ if args.scenario.list => scenario::list(args.figures.json),
        Some(name) => scenario::run(name, &args.scenario, args.figures.json),
        None => figures::run(&args.figures),
    }
}
