//! What it means to know, put in one place: a figure counts where at least half of the runs have it.

use score::Spread;
use study::{Gain, Knowledge, ObjectOutcome, SubsetOutcome};

/// From this share of the runs on, a subset of the owners is said to know.
const SHARE_MIN: f64 = 0.5;
/// A path is long if it is longer than this share of the longest.
const LONG: f64 = 0.8;
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

/// The subset that knows the place of arrival first, and is not mistaken, and how long before.
pub fn earliest<'a>(subsets: impl Iterator<Item = &'a SubsetOutcome>) -> Option<(&'a SubsetOutcome, f64)> {
    let known = subsets.filter(|subset| !is_mistaken(subset));
    let known = known.filter_map(|subset| Some((subset, warning_s(&subset.known[MIDDLE])?)));
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

/// The owner that has a path of the flight first by itself, in most runs, and how long after the launch.
pub fn first_path<'a>(
    subsets: impl Iterator<Item = &'a SubsetOutcome>,
    runs: usize,
) -> Option<(&'a SubsetOutcome, f64)> {
    let tracked = subsets.filter_map(|subset| Some((subset, middle(subset.confirmed_after_s, runs)?)));
    tracked.min_by(|a, b| a.1.total_cmp(&b.1).then(a.0.owners.cmp(&b.0.owners)))
}

/// The owner whose path is nearest to that of all together, at the same instants, and the comparison: of those that
/// have a path almost as long as the longest, so that a glimpse is not called the best.
pub fn most_precise(object: &ObjectOutcome) -> Option<(&SubsetOutcome, &Gain)> {
    let longest = alone(object).map(|subset| subset.path_share).fold(0.0, f64::max);
    let factor = |gain: &Gain| Some(gain.alone_rmse_m? / gain.together_rmse_m?);
    let long = alone(object).filter(|subset| subset.path_share > LONG * longest);
    let compared = long.filter_map(|subset| {
        let gain = object.gains.iter().find(|gain| gain.owner == subset.owners[0])?;
        Some((subset, gain, factor(gain)?))
    });
    let best = compared.min_by(|a, b| a.2.total_cmp(&b.2).then(a.0.owners.cmp(&b.0.owners)));
    best.map(|(subset, gain, _)| (subset, gain))
}

/// Whether the stated areas of a subset are plainly wrong: most do not hold the place.
pub fn is_mistaken(subset: &SubsetOutcome) -> bool {
    subset.containment.of > 0 && subset.containment.interval(0.95).1 < SHARE_MIN
}

/// The owner whose last ground area is the smallest, in most runs, and its longest diameter.
pub fn smallest_area<'a>(
    subsets: impl Iterator<Item = &'a SubsetOutcome>,
    runs: usize,
) -> Option<(&'a SubsetOutcome, f64)> {
    let stated = subsets.filter_map(|subset| Some((subset, middle(subset.last_diameter_m, runs)?)));
    stated.min_by(|a, b| a.1.total_cmp(&b.1).then(a.0.owners.cmp(&b.0.owners)))
}

/// Those who know by themselves.
pub fn alone(object: &ObjectOutcome) -> impl Iterator<Item = &SubsetOutcome> {
    object.subsets.iter().filter(|subset| subset.owners.len() == 1)
}

/// All together, if there is more than one owner.
pub fn together(object: &ObjectOutcome) -> Option<&SubsetOutcome> {
    let most = object.subsets.iter().max_by_key(|subset| subset.owners.len());
    most.filter(|subset| subset.owners.len() > 1)
}
