//! How much earlier, and how much more precisely, all together know than the best alone: in sentences.
//!
//! The best alone is sought anew for each question, so that nobody is compared with a weaker one.

use study::{ObjectOutcome, SubsetOutcome};

use crate::knowing::{MIDDLE, alone, earliest, first_path, is_mistaken, middle, most_precise, together, warning_s};
use crate::words::length;

/// The stated areas are called into question where even the upper end of their containment is below this.
const CONTAINMENT_MIN: f64 = 0.9;
/// Less than this is no difference.
const SAME_S: f64 = 1.0;
/// Errors within this factor are no different.
const SAME_FACTOR: f64 = 1.05;

/// Returns the sentences, each a line of its own.
pub fn verdict(object: &ObjectOutcome, runs: usize) -> Vec<String> {
    let earlier = together(object)
        .filter(|_| alone(object).filter(|subset| subset.view.share > 0.0).count() > 1)
        .map(|all| format!("Earlier: {}{}.", path(object, all, runs), place(object, all)));
    earlier.into_iter().chain(precision(object)).collect()
}

/// Returns the sentences but the one of time.
pub fn precision(object: &ObjectOutcome) -> Vec<String> {
    let Some(all) = together(object) else {
        return vec!["One owner only: there is nobody to share with.".to_owned()];
    };
    let seers: Vec<&SubsetOutcome> = alone(object).filter(|subset| subset.view.share > 0.0).collect();
    let precise = match seers.as_slice() {
        [] => Some("Nobody sees anything of it, not even all together.".to_owned()),
        [only] => {
            let owner = &only.owners[0];
            Some(format!(
                "Only {owner} sees it: together is neither earlier nor more precise than {owner} alone, but what the \
                 others know of it they know from {owner}."
            ))
        }
        _ => precise(object, all),
    };
    precise.into_iter().chain(doubt(all)).collect()
}

/// Who has a path when.
fn path(object: &ObjectOutcome, all: &SubsetOutcome, runs: usize) -> String {
    match (first_path(alone(object), runs), middle(all.confirmed_after_s, runs)) {
        (Some((best, best_s)), Some(all_s)) => format!(
            "all together have a path {all_s:.0} s after the launch, the best alone ({}) after {best_s:.0} s{}",
            best.owners[0],
            gain(best_s - all_s)
        ),
        (None, Some(all_s)) => {
            format!("all together have a path {all_s:.0} s after the launch, no owner alone has one in most runs")
        }
        (_, None) => "all together have no path in most runs".to_owned(),
    }
}

fn gain(gain_s: f64) -> String {
    if gain_s > SAME_S {
        format!(" ({gain_s:.0} s earlier)")
    } else {
        " (no earlier)".to_owned()
    }
}

/// Who knows the place when; nothing of what does not come down.
fn place(object: &ObjectOutcome, all: &SubsetOutcome) -> String {
    if object.arrival.is_none() {
        return String::new();
    }
    let known = warning_s(&all.known[MIDDLE]).filter(|_| !is_mistaken(all));
    match (earliest(alone(object)), known) {
        (None, None) => "; nobody knows the place to 50 km in most runs".to_owned(),
        (None, Some(all_s)) => format!(
            "; no owner alone knows the place to 50 km in most runs, all together do {all_s:.0} s before the arrival"
        ),
        (Some((best, best_s)), Some(all_s)) => format!(
            "; the place to 50 km is known {all_s:.0} s before the arrival, to the best alone ({}) {best_s:.0} s \
             before{}",
            best.owners[0],
            gain(all_s - best_s)
        ),
        (Some((best, _)), None) => format!("; only {} alone knows the place to 50 km in most runs", best.owners[0]),
    }
}

/// How far the path is off, at the same instants.
fn precise(object: &ObjectOutcome, all: &SubsetOutcome) -> Option<String> {
    let (best, gain) = most_precise(object)?;
    let (alone_m, together_m) = (gain.alone_rmse_m?, gain.together_rmse_m?);
    let factor = alone_m / together_m;
    let words = if factor > SAME_FACTOR {
        format!("{factor:.1} times closer")
    } else if factor < 1.0 / SAME_FACTOR {
        "no closer, but farther off".to_owned()
    } else {
        "no closer".to_owned()
    };
    Some(format!(
        "More precise: all together are off by {}, the best alone ({}) by {} at the same instants ({words}); {} has a \
         path for {:.0} % of the flight, all together for {:.0} %.",
        length(together_m),
        gain.owner,
        length(alone_m),
        gain.owner,
        100.0 * best.path_share,
        100.0 * all.path_share
    ))
}

/// Whether the stated areas can be believed.
fn doubt(all: &SubsetOutcome) -> Option<String> {
    let contained = all.containment;
    let (_, high) = contained.interval(0.95);
    let why = match is_mistaken(all) {
        true => "it does not fly freely, as the area assumes, so the place was not known",
        false => "the areas are stated too small",
    };
    (high < CONTAINMENT_MIN).then(|| {
        format!(
            "Mind: of {} areas said to hold the place with 95 %, {} did: {why}.",
            contained.of, contained.inside
        )
    })
}
