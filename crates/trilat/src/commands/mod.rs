//! What the commands do.

mod audit;
mod coverage;
mod fit;
mod init;
mod keys;
mod log;
mod node;
mod policy;
mod score;
mod simulate;
mod study;
mod track;
mod warn;

use estimate::path::PathOptions;

use crate::args::PathArgs;
use crate::found::Wanted;
use crate::progress::Progress;
use crate::{Failure, builtin, files, model, terminal};

pub use audit::{AuditError, audit};
pub use coverage::coverage;
pub use init::{FederationError, init};
pub use keys::{KeysError, keys, seed, time};
pub use log::{LogError, log};
pub use node::{NodeError, node};
pub use policy::{PolicyFailure, policy};
pub use score::score;
pub use simulate::simulate;
pub use study::{StudyError, study};
pub use track::track;
pub use warn::{WarnError, warn};

/// Where the built-in flight puts its report.
const BUILTIN_REPORT: &str = "trilat-report.html";

/// Runs the built-in flight: the same way as recorded plots, and a report in the current folder.
pub fn builtin() -> Result<(), Failure> {
    let progress = Progress::begin("simulating");
    let input = builtin::input()?;
    progress.next("fitting");
    let found = fit::fit(&input, &PathOptions::default(), None)?;
    drop(progress);
    terminal::say("A built-in flight: simulated plots of two radars, and what they tell.\n\n")?;
    let wanted = Wanted {
        report: Some(BUILTIN_REPORT.into()),
        inputs: input.files.clone(),
        is_simulated: true,
        ..Wanted::default()
    };
    found.deliver(&input.sensors, &wanted)?;
    terminal::say(&format!(
        "The report is in ./{BUILTIN_REPORT}: open it in a browser.\nYour own plots: trilat path --help\n"
    ))
}

/// Finds the paths in recorded plots.
pub fn path(args: &PathArgs) -> Result<(), Failure> {
    let progress = Progress::begin("reading");
    let input = files::read(&files::Selection::from(args), &progress)?;
    let options = model::options(args)?;
    progress.next("fitting");
    let found = fit::fit(&input, &options, args.ephemeris_to);
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
