//! The page around the maps.

use maud::{Markup, html};

use super::{CoveragePage, Overlay, alone, legend, together};
use crate::coverage::AtHeight;
use crate::output::{HeightOutput, number_short};
use crate::report::sheet::{COASTS, NARROW, SMALL_MAP, WIDE, owner_class, purpose, sheet};
use crate::words::{self, count, number, plural};

/// Returns the whole page.
pub fn page(page: &CoveragePage<'_>) -> Markup {
    let heights: Vec<String> = page
        .output
        .heights
        .iter()
        .map(|at| number_short(at.height_km))
        .collect();
    let title = match page.coverage.owners.as_slice() {
        [only] => format!("What the radars of {only} see"),
        _ => "What the radars see, alone and together".to_owned(),
    };
    let content = html! {
        main {
            section.summary aria-label="Summary" { (summary(page, &heights)) }
            @for (i, (at, output)) in page.coverage.heights.iter().zip(&page.output.heights).enumerate() {
                (section(page, at, output, &format!("h{}", i + 1)))
            }
        }
        (method(page))
    };
    sheet("trilat · coverage", &title, None, &content)
}

fn summary(page: &CoveragePage<'_>, heights: &[String]) -> Markup {
    let coverage = page.coverage;
    let owners = coverage.owners.len();
    html! {
        p.lead {
            (count(coverage.viewers.len())) " " (plural(coverage.viewers.len(), "radar", "radars")) " of "
            (count(owners)) " " (plural(owners, "owner", "owners")) " (" (words::list(&coverage.owners)) "): where do they see an object "
            (words::list(heights)) " km above the Earth, and what does each owner see without the others?"
        }
        ol.known {
            @for output in &page.output.heights {
                li {
                    h3 { "At " (number_short(output.height_km)) " km" }
                    (card(output))
                }
            }
        }
        p.note {
            "Areas are on the ground below the object. Seen by two radars or more means that a path is measured "
            "from two sides, so that errors of one show, and that it is not lost when one fails."
        }
    }
}

/// What one height comes to, in words.
fn card(output: &HeightOutput) -> Markup {
    let Some(best) = output.best() else {
        return html! { p { "No radar sees anything at this height." } };
    };
    let twice = output.seen_by.get(1).and_then(|seen| seen.share).unwrap_or(0.0);
    html! {
        p {
            "Together: " strong { (words::area(output.together_km2 * 1e6)) }
            @if let (Some(gain), true) = (output.gain, output.owners.len() > 1) {
                ", " strong { (number(gain, 1)) " times" } " what " (best.owner) ", who sees most, sees alone"
            }
            "."
        }
        p {
            (words::share(twice)) " of it is seen by two radars or more"
            @if output.owners.len() > 1 {
                ", " (words::share(output.shared_share.unwrap_or(0.0))) " by two owners or more"
            }
            "."
        }
    }
}

fn section(page: &CoveragePage<'_>, at: &AtHeight, output: &HeightOutput, id: &str) -> Markup {
    let coverage = page.coverage;
    html! {
        section.height {
            h2 { "At " (number_short(output.height_km)) " km above the Earth" }
            figure {
                (together(coverage, at, Overlay::default(), &format!("{id}-map"), WIDE, "wide"))
                (together(coverage, at, Overlay::default(), &format!("{id}-map-n"), NARROW, "narrow"))
                figcaption { (legend(false)) }
            }
            @if coverage.owners.len() > 1 {
                h3.each { "Each owner alone" }
                div.trio {
                    @for (i, owner) in coverage.owners.iter().enumerate() {
                        figure {
                            figcaption {
                                strong class={ "owner " (owner_class(i)) } { (owner) }
                                " " (words::share(output.owners[i].share.unwrap_or(0.0))) " of what all see"
                            }
                            (alone(coverage, at, Overlay::default(), i, &format!("{id}-o{}", i + 1), SMALL_MAP))
                        }
                    }
                }
                p.note { "Grey: what the others see besides." }
            }
            (table(output))
        }
    }
}

fn table(output: &HeightOutput) -> Markup {
    let share = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), words::share);
    html! {
        table.areas {
            caption { "Areas at " (number_short(output.height_km)) " km, in square kilometres" }
            thead {
                tr {
                    th scope="col" { "Who" }
                    th scope="col" .n { "Radars" }
                    th scope="col" .n { "Sees" }
                    th scope="col" .n { "Of what all see" }
                    th scope="col" .n { "Seen by nobody else" }
                }
            }
            tbody {
                @for owner in &output.owners {
                    tr {
                        th scope="row" { (owner.owner) " alone" }
                        td.n { (count(owner.sensors)) }
                        td.n { (number(owner.area_km2, 0)) }
                        td.n { (share(owner.share)) }
                        td.n { (number(owner.only_km2, 0)) }
                    }
                }
                tr.first {
                    th scope="row" { strong { "All together" } }
                    td.n { (count(output.owners.iter().map(|owner| owner.sensors).sum())) }
                    td.n { strong { (number(output.together_km2, 0)) } }
                    td.n { (share((output.together_km2 > 0.0).then_some(1.0))) }
                    td.n {}
                }
                @for seen in output.seen_by.iter().skip(1) {
                    tr {
                        th scope="row" { "seen by " (count(seen.sensors_min)) " radars or more" }
                        td.n {}
                        td.n { (number(seen.area_km2, 0)) }
                        td.n { (share(seen.share)) }
                        td.n {}
                    }
                }
                @if output.owners.len() > 1 {
                    tr {
                        th scope="row" { "seen by two owners or more" }
                        td.n {}
                        td.n { (number(output.shared_km2, 0)) }
                        td.n { (share(output.shared_share)) }
                        td.n {}
                    }
                }
            }
        }
    }
}

fn method(page: &CoveragePage<'_>) -> Markup {
    html! {
        footer {
            section {
                h2 { "How it was computed" }
                p {
                    "A radar sees a place if an object there is within its range and its sector, between its lowest "
                    "and highest elevation, and above the horizon of a round Earth without mountains, with rays that "
                    "bend as in the reference atmosphere. What the sensor file does not state does not limit. Seeing "
                    "is not yet tracking: small objects show later, and radars also look elsewhere."
                }
                @match page.size_m2 {
                    Some(size_m2) => p {
                        "The radars are those of a scenario, and notional: none of their figures is a real one. They "
                        "see an object of a radar cross section of " (number_short(size_m2)) " m² where they detect it "
                        "in half of their looks. A ship is where it begins."
                    },
                    None => p {
                        "The radars are those of the sensor file; where they are notional, so is what they see here."
                    },
                }
                p {
                    "Distances on the maps are true from the middle of the map (azimuthal equidistant, WGS-84); areas "
                    "are on the ellipsoid. " (COASTS)
                }
                p {
                    "Version " (env!("CARGO_PKG_VERSION")) " of trilat. Computed from " code { (page.input) } "."
                }
                (purpose())
            }
        }
    }
}
