//! What the commands do.

use crate::Failure;
use crate::args::PathArgs;

/// Runs the built-in flight.
pub fn builtin() -> Result<(), Failure> {
    Err(Failure::NotInBuild {
        what: "the built-in flight",
    })
}

/// Finds the paths in recorded plots.
pub fn path(_args: &PathArgs) -> Result<(), Failure> {
    Err(Failure::NotInBuild { what: "the path fit" })
}
