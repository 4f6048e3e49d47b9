//! `trilat policy check`.

use share::policy::Policy;
use share::policy::review::{Changes, ReviewError, changes, findings};

use super::{Home, PolicyFailure, is_config, read, unusable};
use crate::args::CheckArgs;
use crate::output::CheckOutput;
use crate::progress::Progress;
use crate::{Failure, terminal};

/// What is checked, and the version before it: of a node its newest.
fn both(args: &CheckArgs) -> Result<(Policy, Option<Policy>), Failure> {
    let before = args.against.as_deref().map(read).transpose()?;
    if !is_config(&args.what) {
        return Ok((read(&args.what)?, before));
    }
    let home = Home::open(&args.what)?;
    let newest = home.newest().ok().map(|newest| Policy::new(&newest.files)).transpose();
    let newest = newest.map_err(|source| unusable(home.versions.folder(), source))?;
    Ok((read(&home.config.policies)?, before.or(newest)))
}

/// Finds mistakes, and what a change would newly release.
pub fn check(args: &CheckArgs) -> Result<(), Failure> {
    let progress = Progress::begin("reading");
    let (policy, before) = both(args)?;
    progress.next("going through all kinds of plots");
    let cannot = |source: ReviewError| PolicyFailure::Review {
        dir: args.what.clone(),
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
