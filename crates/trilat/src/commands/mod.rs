//! What the commands do.

mod fit;

use crate::Failure;
use crate::args::PathArgs;
use crate::files;
use crate::found::Wanted;
use crate::progress::Progress;

/// Runs the built-in flight.
pub fn builtin() -> Result<(), Failure> {
    Err(Failure::NotInBuild {
        what: "the built-in flight",
    })
}

/// Finds the paths in recorded plots.
pub fn path(args: &PathArgs) -> Result<(), Failure> {
    let progress = Progress::begin("reading");
    let input = files::read(args, &progress)?;
    progress.next("fitting");
    let found = fit::fit(&input, args.ephemeris_to);
    drop(progress);
    files::tell(&input);
    let wanted = Wanted {
        is_json: args.json,
        ephemeris: args.ephemeris.clone(),
        report: args.report.clone(),
        inputs: input.files.clone(),
        is_simulated: false,
    };
    found?.deliver(&input.sensors, &wanted)
}
