//! What a study found of one object, in words.

use maud::{Markup, html};
use study::SubsetOutcome;

use super::{ObjectView, join};
use crate::knowing::{MIDDLE, earliest, is_mistaken, middle, warning_s, widest};
use crate::output::study as verdict;
use crate::words::{self, count, length, number, plural};

/// Returns the summary of one object: a paragraph and up to three cards.
pub fn summary(view: &ObjectView<'_>) -> Markup {
    html! {
        p.lead { (lead(view)) }
        @if view.scenario.owners.len() > 1 {
            @for line in verdict::precision(view.object) { p.precise { (line) } }
        }
        ol.known {
            li.launch { h3 { "How much is seen" } (seen(view)) }
            @if view.object.arrival.is_some() {
                li.arrival { h3 { "When the place is known" } (known(view)) }
            }
            li.apogee { h3 { "How precisely the path is known" } (precision(view)) }
        }
    }
}

fn percent(share: f64) -> String {
    words::share(share)
}

/// The answer to the question of the page.
fn lead(view: &ObjectView<'_>) -> String {
    let runs = view.scenario.runs;
    let mut text = format!(
        "In {} simulated {} of this flight",
        count(runs),
        plural(runs, "run", "runs")
    );
    let Some(together) = view.together() else {
        return text + ", nobody looked.";
    };
    let is_shared = view.scenario.owners.len() > 1;
    let all = if is_shared {
        format!("{} together", words::list(&together.owners))
    } else {
        join(&together.owners, "")
    };
    let Some(best) = widest(view.alone()) else {
        return text + ", no owner saw it alone.";
    };
    text.push_str(&format!(
        ", {} alone saw {} of it",
        best.owners[0],
        percent(best.view.share)
    ));
    if is_shared {
        text.push_str(&format!("; {all} saw {}", percent(together.view.share)));
    }
    text.push('.');
    if view.object.arrival.is_some() {
        text.push_str(&format!(" {}", arrival(view, together)));
    }
    text
}

/// Who knows the place of arrival how long before, alone and together.
fn arrival(view: &ObjectView<'_>, together: &SubsetOutcome) -> String {
    let size_km = number(together.known[MIDDLE].diameter_km, 0);
    let before = |warning_s: f64| format!("{} before the arrival", words::span(warning_s));
    let all = warning_s(&together.known[MIDDLE]).filter(|_| !is_mistaken(together));
    match (earliest(view.alone()), all) {
        (None, None) => format!("Nobody could say in most runs where it comes down, to within {size_km} km."),
        (None, Some(all_s)) => format!(
            "No owner alone could say in most runs where it comes down, to within {size_km} km; together they could, \
             {}.",
            before(all_s)
        ),
        (Some((best, best_s)), _) => {
            let mut text = format!(
                "{} alone, the first to know, could say where it comes down, to within {size_km} km, {}",
                best.owners[0],
                before(best_s)
            );
            if let (Some(all_s), true) = (all, view.scenario.owners.len() > 1) {
                text.push_str(&format!("; together they could {}", before(all_s)));
                let gain_s = all_s - best_s;
                if gain_s >= 1.0 {
                    text.push_str(&format!(": {} more of warning", words::span(gain_s)));
                }
            }
            text + "."
        }
    }
}

fn seen(view: &ObjectView<'_>) -> Markup {
    let runs = view.scenario.runs;
    let gap = |subset: &SubsetOutcome| middle(subset.view.gap_s, runs).map(words::span);
    html! {
        @for subset in view.alone().chain(view.together().filter(|all| view.is_all(all))) {
            p.row.all[view.is_all(subset)] {
                (view.name(subset)) ": " strong { (percent(subset.view.share)) }
                @if let Some(gap) = gap(subset) { " (longest gap " (gap) ")" }
            }
        }
    }
}

fn known(view: &ObjectView<'_>) -> Markup {
    html! {
        @for subset in view.alone().chain(view.together().filter(|all| view.is_all(all))) {
            p.row.all[view.is_all(subset)] {
                (view.name(subset)) ": "
                @match warning_s(&subset.known[MIDDLE]) {
                    Some(_) if is_mistaken(subset) => { strong { "wrong" } " in most runs" }
                    Some(warning_s) => { strong { (words::span(warning_s)) } " before the arrival" }
                    None => { strong { "never" } " in most runs" }
                }
            }
        }
        @if let Some(all) = view.together() {
            p { "Known: the region that holds the arrival with 19 chances in 20 is less than "
                (number(all.known[MIDDLE].diameter_km, 0)) " km long." }
        }
    }
}

fn precision(view: &ObjectView<'_>) -> Markup {
    html! {
        @for subset in view.alone().chain(view.together().filter(|all| view.is_all(all))) {
            p.row.all[view.is_all(subset)] {
                (view.name(subset)) ": "
                @match subset.path_rmse_m {
                    Some(error_m) => { "off by " strong { (length(error_m)) } }
                    None => { "no path" }
                }
            }
        }
        p { "Root mean square over all runs, while each has a path: who sees longer also counts the hard beginning." }
    }
}
