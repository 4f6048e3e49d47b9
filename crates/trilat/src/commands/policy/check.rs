//! `trilat policy check`.

use share::policy::review::{Changes, ReviewError, changes, findings};

use super::{PolicyFailure, read};
use crate::args::CheckArgs;
use crate::output::CheckOutput;
use crate::progress::Progress;
use crate::{Failure, terminal};

/// Finds mistakes, and what a change would newly release.
pub fn check(args: &CheckArgs) -> Result<(), Failure> {
    let progress = Progress::begin("reading");
    let policy = read(&args.dir)?;
    let before = args.against.as_deref().map(read).transpose()?;
    progress.next("going through all kinds of plots");
    let cannot = |source: ReviewError| PolicyFailure::Review {
        dir: args.dir.clone(),
        source,
    };
    let found = findings(&policy).map_err(cannot)?;
    let changes: Option<Changes> = before
        .map(|before| changes(&before, &policy))
        .transpose()
        .map_err(cannot)?;
    drop(progress);
    let output = CheckOutput::new(&policy, &found, changes.as_ref());
    terminal::say(&match args.json {
        true => output.to_json().map_err(|error| Failure::Output(error.into()))?,
        false => output.to_text(),
    })?;
    let mistakes = found.iter().filter(|finding| finding.problem.is_mistake()).count();
    if mistakes > 0 {
        return Err(PolicyFailure::Mistakes { count: mistakes }.into());
    }
    match changes.map_or(0, |changes| changes.more.len()) {
        0 => Ok(()),
        count => Err(PolicyFailure::More { count }.into()),
    }
}
