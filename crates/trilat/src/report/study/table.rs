//! The tables of a study: one for those who decide, one for those who check.

use maud::{Markup, html};
use score::Spread;
use study::{Knowledge, SubsetOutcome};

use super::ObjectView;
use crate::knowing::{after_s, is_mistaken, middle, warning_s};
use crate::words::{self, length, number, share};

fn none() -> String {
    "–".to_owned()
}

/// Returns who knows what when, alone and together.
pub fn decision(view: &ObjectView<'_>) -> Markup {
    let is_coming_down = view.object.arrival.is_some();
    let sizes = view.together().map(|all| all.known).unwrap_or_default();
    html! {
        div.scroll {
            table.decision {
                caption {
                    "Who knows what, and how much time that leaves"
                }
                thead {
                    tr {
                        th scope="col" rowspan="2" { "Who shares" }
                        th scope="col" rowspan="2" .n { "Of the flight seen" }
                        th scope="col" rowspan="2" .n { "Path off by" }
                        @if is_coming_down {
                            th scope="colgroup" colspan="3" .n.group {
                                "Warning left once the place of arrival is known to"
                            }
                        }
                    }
                    @if is_coming_down {
                        tr {
                            @for size in sizes {
                                th scope="col" .n { (number(size.diameter_km, 0)) " km" }
                            }
                        }
                    }
                }
                tbody {
                    @for subset in &view.object.subsets {
                        tr class=(if view.is_all(subset) { "first all" } else { "" }) {
                            th scope="row" { span class={ "owner " (view.class(subset)) } { (view.name(subset)) } }
                            td.n { (share(subset.view.share)) }
                            td.n { (subset.path_rmse_m.map_or_else(none, length)) }
                            @if is_coming_down {
                                @for knowledge in &subset.known { td.n { (warning(knowledge, is_mistaken(subset))) } }
                            }
                        }
                    }
                }
            }
        }
        p.note {
            "The middle run of all: in half of the runs there was more warning, in half less. "
            "“Wrong”: a place was stated, but most of the stated regions did not hold the arrival. “Never”: in most runs the place was not known so well before the arrival. A percentage below a time says "
            "in how many of the runs it was, where not in all."
        }
    }
}

fn warning(knowledge: &Knowledge, is_mistaken: bool) -> Markup {
    html! {
        @match warning_s(knowledge) {
            Some(_) if is_mistaken => { strong { "wrong" } }
            Some(warning_s) => { strong { (words::span(warning_s)) } }
            None => { "never" }
        }
        @if knowledge.share > 0.0 && knowledge.share < 1.0 {
            small { "in " (share(knowledge.share)) }
        }
    }
}

/// Returns the figures behind it: what is seen, the path; and of what comes down, the place.
pub fn figures(view: &ObjectView<'_>) -> Markup {
    let is_coming_down = view.object.arrival.is_some();
    let sizes = view.together().map(|all| all.known).unwrap_or_default();
    html! {
        (table(view, "What is seen, and the path: middle run (range of the middle 80 % of the runs), seconds after launch",
            &["First plot", "Last plot", "Longest gap", "Path from", "Runs with a path", "Path error, rms",
              "Its error in free flight", "Bound of that", "Tracks too many", "Objects missed"].map(str::to_owned), path_cells))
        @if is_coming_down {
            @let known = sizes.iter().map(|size| format!("Known to {} km", number(size.diameter_km, 0)));
            @let rest = ["Last region", "Its middle is off", "Arrival in the region"].map(str::to_owned);
            @let heads: Vec<String> = known.chain(rest).collect();
            (table(view, "The place of arrival: seconds after launch, length of the last region", &heads, place_cells))
        }
    }
}

type Cells = fn(&ObjectView<'_>, &SubsetOutcome) -> Vec<String>;

fn table(view: &ObjectView<'_>, caption: &str, heads: &[String], cells: Cells) -> Markup {
    html! {
        div.scroll {
            table.figures {
                caption { (caption) }
                thead {
                    tr {
                        th scope="col" { "Who shares" }
                        @for head in heads { th scope="col" .n { (head) } }
                    }
                }
                tbody {
                    @for subset in &view.object.subsets {
                        tr {
                            th scope="row" { (view.name(subset)) }
                            @for cell in cells(view, subset) { td.n { (cell) } }
                        }
                    }
                }
            }
        }
    }
}

fn path_cells(view: &ObjectView<'_>, subset: &SubsetOutcome) -> Vec<String> {
    let mut tracks = view.scenario.tracks.iter();
    let tracks = tracks.find(|tracks| tracks.owners == subset.owners);
    let per_run = |count: Option<f64>| count.map_or_else(none, |count| number(count, 2));
    vec![
        seconds(subset.view.first_after_s),
        seconds(subset.view.last_after_s),
        seconds(subset.view.gap_s),
        seconds(subset.confirmed_after_s),
        share(subset.tracked_share),
        subset.path_rmse_m.map_or_else(none, length),
        subset.free_rmse_m.map_or_else(none, length),
        subset.free_bound_m.map_or_else(none, length),
        per_run(tracks.map(|tracks| tracks.false_tracks)),
        per_run(tracks.map(|tracks| tracks.missed_objects)),
    ]
}

fn place_cells(view: &ObjectView<'_>, subset: &SubsetOutcome) -> Vec<String> {
    let runs = view.scenario.runs;
    let known = subset.known.iter().map(|knowledge| match after_s(knowledge) {
        Some(_) => seconds(knowledge.after_s),
        None => none(),
    });
    let contained = subset.containment.share();
    let contained = contained.map_or_else(none, |inside| format!("{} of {}", share(inside), subset.containment.of));
    let rest = [
        middle(subset.last_diameter_m, runs).map_or_else(none, length),
        middle(subset.arrival_error_m, runs).map_or_else(none, length),
        contained,
    ];
    known.chain(rest).collect()
}

fn seconds(spread: Option<Spread>) -> String {
    let Some(spread) = spread else {
        return none();
    };
    let middle = middle(Some(spread), 1).unwrap_or(spread.median);
    if spread.high - spread.low < 0.5 {
        return number(middle, 0);
    }
    format!(
        "{} ({} to {})",
        number(middle, 0),
        number(spread.low, 0),
        number(spread.high, 0)
    )
}
