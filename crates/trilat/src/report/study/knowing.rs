//! What it means to know, put in one place: a figure counts where at least half of the runs have it.

use score::Spread;
use study::{Knowledge, SubsetOutcome};

/// From this share of the runs on, a subset of the owners is said to know.
const SHARE_MIN: f64 = 0.5;
/// The size of the ground area that the summary speaks of: the middle one of the three.
pub const MIDDLE: usize = 1;

/// How long before the arrival the ground area was small enough, in the middle run; `None`: never in most runs.
pub fn warning_s(knowledge: &Knowledge) -> Option<f64> {
    let spread = knowledge.warning_s.filter(|_| knowledge.share >= SHARE_MIN)?;
    Some(spread.median)
}

/// When that was, after the launch.
pub fn after_s(knowledge: &Knowledge) -> Option<f64> {
    let spread = knowledge.after_s.filter(|_| knowledge.share >= SHARE_MIN)?;
    Some(spread.median)
}

/// The subset that knows the place of arrival first, and how long before.
pub fn earliest<'a>(subsets: impl Iterator<Item = &'a SubsetOutcome>) -> Option<(&'a SubsetOutcome, f64)> {
    let known = subsets.filter_map(|subset| Some((subset, warning_s(&subset.known[MIDDLE])?)));
    known.max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.owners.cmp(&a.0.owners)))
}

/// The subset that sees the largest share of the flight.
pub fn widest<'a>(subsets: impl Iterator<Item = &'a SubsetOutcome>) -> Option<&'a SubsetOutcome> {
    subsets
        .filter(|subset| subset.view.share > 0.0)
        .max_by(|a, b| a.view.share.total_cmp(&b.view.share).then(b.owners.cmp(&a.owners)))
}

/// The middle run's figure, if enough runs have it.
pub fn middle(spread: Option<Spread>, runs: usize) -> Option<f64> {
    spread
        .filter(|spread| spread.runs as f64 >= SHARE_MIN * runs as f64)
        .map(|spread| spread.median)
}
