//! From plots to paths.

use geo::Time;

use crate::Failure;
use crate::files::Input;
use crate::found::Found;

/// Finds the path of each object, and its course at 1 Hz up to the arrival, or to the time asked.
pub fn fit(_input: &Input, _ephemeris_to: Option<Time>) -> Result<Found, Failure> {
    Err(Failure::NotInBuild { what: "the path fit" })
}
