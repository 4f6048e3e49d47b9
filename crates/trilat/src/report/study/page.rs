//! The page around the parts.

use maud::{Markup, html};
use study::ScenarioOutcome;

use super::{ObjectView, StudyPage, curves, join, summary, table, timeline};
use crate::coverage::Coverage;
use crate::output::number_short;
use crate::report::coverage::{Overlay, Track, alone, legend, together};
use crate::report::sheet::{COASTS, NARROW, SMALL_MAP, WIDE, owner_class, purpose, sheet};
use crate::report::svg::Size;
use crate::words::{self, count, plural};

const CHART: Size = Size {
    width: 860.0,
    height: 400.0,
};
const CHART_NARROW: Size = Size {
    width: 380.0,
    height: 360.0,
};
const BADGE: &str = "Simulated: notional radars, no real performance of anybody’s.";

/// Returns the whole page.
pub fn page(page: &StudyPage<'_>) -> Markup {
    let scenarios = &page.outcome.scenarios;
    let title = match scenarios.as_slice() {
        [only] => format!("Alone or together? {}", only.title),
        all => format!("Alone or together? {} scenarios", all.len()),
    };
    let content = html! {
        main {
            @for (i, scenario) in scenarios.iter().enumerate() {
                (article(scenario, page.coverages.get(i), &format!("s{}", i + 1), scenarios.len() > 1))
            }
        }
        (method(page))
    };
    sheet("trilat · study", &title, Some(BADGE), &content)
}

fn article(scenario: &ScenarioOutcome, coverage: Option<&Coverage>, id: &str, is_one_of_many: bool) -> Markup {
    html! {
        article id=(id) {
            @if is_one_of_many { h2.object { (scenario.title) } }
            @if scenario.objects.is_empty() {
                section.summary { p.lead { "Nothing flies in this scenario." } }
            }
            @for (i, object) in scenario.objects.iter().enumerate() {
                @let view = ObjectView { scenario, object };
                (section(&view, &format!("{id}-o{}", i + 1), scenario.objects.len() > 1))
                // The maps show all objects of the scenario: once, after the first.
                @if i == 0 {
                    @if let Some(coverage) = coverage { (maps(scenario, coverage, id)) }
                }
            }
        }
    }
}

fn section(view: &ObjectView<'_>, id: &str, is_one_of_many: bool) -> Markup {
    let part = |name: &str| format!("{id}-{name}");
    let object = view.object;
    html! {
        section.summary aria-label="Summary" {
            @if is_one_of_many { h2 { (object.id) " (" (object.kind.name()) ")" } }
            (summary::summary(view))
            (table::decision(view))
        }
        @if object.arrival.is_some() {
            section {
                h2 { "When is the place of arrival known?" }
                figure {
                    (timeline::chart(view, &part("time"), false))
                    (timeline::chart(view, &part("time-n"), true))
                    figcaption { (timeline::legend(view)) }
                }
                figure.more {
                    (curves::ground_area(view, &part("area"), CHART, "wide"))
                    (curves::ground_area(view, &part("area-n"), CHART_NARROW, "narrow"))
                    figcaption {
                        (curves::legend(view, false))
                        p.note { "The middle of the runs that have a region. The scale counts in powers of ten." }
                    }
                }
            }
        }
        section {
            h2 { "How precisely is the path known?" }
            @if curves::has_path(object) {
            figure {
                (curves::path_error(view, &part("path"), CHART, "wide"))
                (curves::path_error(view, &part("path-n"), CHART_NARROW, "narrow"))
                figcaption {
                    (curves::legend(view, true))
                    p.note {
                        "Solid: what the tracks were really off by. Dashed, in the same colour: the posterior "
                        "Cramér-Rao bound, which no method of estimation can beat with these radars."
                    }
                }
            }
            } @else {
                p { "Nobody ever had a path of it." }
            }
            details { summary { "Figures" } (table::figures(view)) }
        }
    }
}

/// What the radars see, and where the objects fly.
fn maps(scenario: &ScenarioOutcome, coverage: &Coverage, id: &str) -> Markup {
    let tracks: Vec<Track> = scenario
        .objects
        .iter()
        .map(|object| Track {
            name: object.id.to_string(),
            places: object.path.iter().map(|point| point.place).collect(),
            arrival: object.arrival.map(|arrival| arrival.place),
        })
        .collect();
    let overlay = Overlay { tracks: &tracks };
    html! {
        section.height {
            h2 { "Where the radars see, and where it flies" }
            @for (i, at) in coverage.heights.iter().enumerate() {
                @let part = |name: &str| format!("{id}-h{}-{name}", i + 1);
                div.at {
                    h3.each { "At " (number_short(at.height_m / 1e3)) " km: " (words::area(at.together().area_m2()))
                        " together" }
                    figure {
                        (together(coverage, at, overlay, &part("map"), WIDE, "wide"))
                        (together(coverage, at, overlay, &part("map-n"), NARROW, "narrow"))
                        figcaption { (legend(true)) }
                    }
                    @if coverage.owners.len() > 1 {
                        div.trio {
                            @for (k, owner) in coverage.owners.iter().enumerate() {
                                figure {
                                    figcaption {
                                        strong class={ "owner " (owner_class(k)) } { (owner) " alone" }
                                        " " (words::area(at.owners[k].area_m2()))
                                    }
                                    (alone(coverage, at, overlay, k, &part(&format!("o{}", k + 1)), SMALL_MAP))
                                }
                            }
                        }
                    }
                }
            }
            p.note {
                "Lines: the true flights of the first run, seen from above; a ring marks where they come down. "
                (COASTS)
            }
        }
    }
}

fn method(page: &StudyPage<'_>) -> Markup {
    html! {
        footer {
            section {
                h2 { "How it was computed" }
                p {
                    "Flights are simulated from public figures, and radars by textbook laws: whether they detect, and "
                    "how well they measure, follows from signal to noise, horizon and sector. Each has constant errors "
                    "of its own that nobody knows. Each subset of the owners gets the plots of its own radars, late by "
                    "their latency, and the same tracker; what it knew, and when, is compared with the truth. The "
                    "region of the arrival holds it with 19 chances in 20."
                }
                p {
                    strong { "The radars are notional." } " They stand where public lists say that radars stand, but "
                    "none of their figures is a real one; flights follow public announcements, which are rounded. "
                    "What is compared here is not one radar with another, but alone with together."
                }
                @for scenario in &page.outcome.scenarios {
                    p {
                        (scenario.title) ": " (count(scenario.runs)) " " (plural(scenario.runs, "run", "runs"))
                        " from seed " (scenario.seed) ", owners " (join(&scenario.owners, ", "))
                        ". The same seed gives the same figures on any machine."
                    }
                }
                p {
                    "Version " (env!("CARGO_PKG_VERSION")) " of trilat. "
                    @if !page.inputs.is_empty() {
                        "Computed from "
                        @for (i, input) in page.inputs.iter().enumerate() {
                            @if i > 0 { ", " }
                            code { (input) }
                        }
                        "."
                    }
                }
                (purpose())
            }
        }
    }
}
