//! The tables of a study: one for those who decide, one for those who check.

use maud::{Markup, html};
use score::Spread;
use study::{Knowledge, SubsetOutcome};

use super::ObjectView;
use super::knowing::{after_s, middle, warning_s};
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
                            @if is_coming_down {
                                @for knowledge in &subset.known { td.n { (warning(knowledge)) } }
                            }
                        }
                    }
                }
            }
        }
        p.note {
            "The middle run of all: in half of the runs there was more warning, in half less. "
            "“Never”: in most runs the place was not known so well before the arrival. A percentage below a time says "
            "in how many of the runs it was, where not in all."
        }
    }
}

fn warning(knowledge: &Knowledge) -> Markup {
    html! {
        @match warning_s(knowledge) {
            Some(warning_s) => { strong { (words::span(warning_s)) } }
            None => { "never" }
        }
        @if knowledge.share > 0.0 && knowledge.share < 1.0 {
            small { "in " (share(knowledge.share)) }
        }
    }
}

/// Returns the figures behind it.
pub fn figures(view: &ObjectView<'_>) -> Markup {
    let is_coming_down = view.object.arrival.is_some();
    html! {
        div.scroll {
            table.figures {
                caption { "Figures: middle run (range of the middle 80 % of the runs), seconds after launch" }
                thead {
                    tr {
                        th scope="col" { "Who shares" }
                        th scope="col" .n { "First plot" }
                        th scope="col" .n { "Longest gap" }
                        th scope="col" .n { "Confirmed" }
                        th scope="col" .n { "Runs with a track" }
                        th scope="col" .n { "Path error, rms" }
                        @if is_coming_down {
                            th scope="col" .n { "50 km known" }
                            th scope="col" .n { "Arrival in the 95 % area" }
                        }
                        th scope="col" .n { "Tracks too many, objects missed" }
                    }
                }
                tbody {
                    @for subset in &view.object.subsets { (figures_row(view, subset)) }
                }
            }
        }
    }
}

fn figures_row(view: &ObjectView<'_>, subset: &SubsetOutcome) -> Markup {
    let tracks = view
        .scenario
        .tracks
        .iter()
        .find(|tracks| tracks.owners == subset.owners);
    let contained = subset
        .containment
        .share()
        .map_or_else(none, |inside| format!("{} of {}", share(inside), subset.containment.of));
    html! {
        tr {
            th scope="row" { (view.name(subset)) }
            td.n { (seconds(subset.view.first_after_s)) }
            td.n { (seconds(subset.view.gap_s)) }
            td.n { (seconds(subset.confirmed_after_s)) }
            td.n { (share(subset.tracked_share)) }
            td.n { (subset.path_rmse_m.map_or_else(none, length)) }
            @if view.object.arrival.is_some() {
            td.n {
                @match (after_s(&subset.known[1]), subset.known[1].after_s) {
                    (Some(_), spread) => { (seconds(spread)) }
                    (None, _) => { (none()) }
                }
            }
            td.n { (contained) }
            }
            td.n {
                @match tracks {
                    Some(tracks) => { (number(tracks.false_tracks, 2)) ", " (number(tracks.missed_objects, 2)) }
                    None => { (none()) }
                }
            }
        }
    }
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
