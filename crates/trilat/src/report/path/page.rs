//! The page around the parts.

use maud::{Markup, html};

use super::map::End;
use super::{ObjectView, Report, height, map, residuals, summary, tables};
use crate::report::sheet::{COASTS, NARROW, NARROW_CHART, WIDE, WIDE_CHART, key, purpose, sheet};
use crate::report::svg::Size;
use crate::series::ObjectSeries;
use crate::words::{count, plural};

const CLOSE_UP: Size = Size {
    width: 420.0,
    height: 300.0,
};

/// Returns the whole page.
pub fn page(report: &Report<'_>) -> Markup {
    let output = report.output;
    let empty = ObjectSeries::default();
    let title = match output.objects.as_slice() {
        [only] => format!("Flight path of {}", only.id),
        objects => format!("Flight paths of {} objects", objects.len()),
    };
    let badge = report
        .is_simulated
        .then_some("Simulated: no radar measured this flight.");
    let content = html! {
        main {
            @for (i, object) in output.objects.iter().enumerate() {
                @let view = ObjectView::new(object, report.series.get(i).unwrap_or(&empty), report.sensors);
                (section(&view, &format!("o{}", i + 1), output.objects.len() > 1))
            }
            (without_path(report))
        }
        (method(report))
    };
    sheet("trilat · flight path report", &title, badge, &content)
}

fn section(object: &ObjectView<'_>, id: &str, is_one_of_many: bool) -> Markup {
    let part = |name: &str| format!("{id}-{name}");
    html! {
        article id=(id) {
            @if is_one_of_many { h2.object { (object.output.id) } }
            section.summary aria-label="Summary" { (summary::summary(object)) }
            section {
                h2 { "The flight on the map" }
                figure {
                    (map::overview(object, &part("map"), WIDE, "wide"))
                    (map::overview(object, &part("map-n"), NARROW, "narrow"))
                    (map_legend(object))
                }
                div.pair {
                    @for (end, name, words, is_known) in [
                        (End::Launch, "launch", "Launch region", object.output.launch.is_some()),
                        (End::Arrival, "arrival", "Arrival region", object.output.arrival.is_some()),
                    ] {
                        @if is_known {
                            figure {
                                figcaption { strong { (words) ", close up" } }
                                (map::close_up(object, end, &part(name), CLOSE_UP))
                            }
                        }
                    }
                }
            }
            section {
                h2 { "Height over time" }
                figure {
                    (height::chart(object, &part("height"), WIDE_CHART, "wide"))
                    (height::chart(object, &part("height-n"), NARROW_CHART, "narrow"))
                    (height_legend())
                }
            }
            section {
                h2 { "Figures" }
                div.tables {
                    div { (tables::figures(object.output)) }
                    div { (tables::sensors(object.output)) }
                }
            }
            section {
                h2 { "How well each sensor fits" }
                p {
                    "Each drawing shows measured minus computed, before the bias is removed. A good "
                    "sensor scatters evenly "
                    "about its bias and mostly stays in the grey band of twice its stated noise."
                }
                (residual_legend())
                @for (i, sensor) in object.output.sensors.iter().enumerate() {
                    div.sensor {
                        h3 { (sensor.name) small { (sensor.owner) } }
                        div.grid { (residuals::charts(object, i, &part(&format!("s{i}")))) }
                    }
                }
            }
        }
    }
}

fn map_legend(object: &ObjectView<'_>) -> Markup {
    let output = object.output;
    let square = html! {
        g transform="translate(15 8)" class="marker sensor" { rect x="-5" y="-5" width="10" height="10" rx="2" {} }
    };
    let rings = match output.launch {
        Some(_) => "distance from the launch",
        None => "distance from the path’s first point",
    };
    let region = |kind: &str| {
        html! {
            rect x="1" y="1" width="28" height="14" rx="7" class={ "region " (kind) " r95" } {}
            rect x="8" y="4" width="14" height="8" rx="4" class={ "region " (kind) " r50" } {}
        }
    };
    html! {
        figcaption {
            ul.legend {
                (key(&html! { path d="M1 8H29" class="track" {} }, "path while radars saw it"))
                (key(&html! { path d="M1 8H29" class="track dashed" {} }, "path before and after, computed"))
                @if output.launch.is_some() { (key(&region("launch"), "launch, 50 and 95 %")) }
                @if output.arrival.is_some() { (key(&region("arrival"), "arrival, 50 and 95 %")) }
                (key(&square, "sensor"))
                (key(&html! { path d="M1 12Q15 -2 29 12" class="ring" {} }, rings))
            }
            p.note {
                "The arrow points to true north at its place; distances are true from the middle of the "
                "map (azimuthal equidistant, WGS-84). " (COASTS)
            }
        }
    }
}

fn height_legend() -> Markup {
    html! {
        figcaption {
            ul.legend {
                (key(&html! { path d="M1 8H29" class="track" {} }, "while radars saw it"))
                (key(&html! { path d="M1 8H29" class="track dashed" {} }, "computed"))
                (key(&html! { path d="M1 2H29V14H1Z" class="band" {} }, "95 % band"))
                (key(
                    &html! { rect x="1" y="6" width="28" height="4" rx="2" class="seen" {} },
                    "plots, a row for each sensor"
                ))
                (key(&html! { path d="M1 8H29" class="curve up" {} }, "uncertainty of height"))
                (key(&html! { path d="M1 8H29" class="curve across" {} }, "uncertainty over the ground"))
            }
            p.note { "Where the band is narrower than the line, the lower drawing shows it." }
        }
    }
}

fn residual_legend() -> Markup {
    html! {
        ul.legend {
            (key(
                &html! { path d="M5 3V12M10 5V14M15 2V11M20 6V13M25 4V12" class="residual" {} },
                "plots (smallest to largest in each column)"
            ))
            (key(&html! { path d="M1 8H29" class="bias" {} }, "bias"))
            (key(
                &html! {
                    rect x="1" y="2" width="28" height="12" class="noise" {}
                    path d="M1 2H29M1 14H29" class="limit" {}
                },
                "± 2 σ about the bias"
            ))
            (key(&html! { path d="M12 5l6 6m0 -6l-6 6" class="rejected" {} }, "rejected (at the edge: beyond it)"))
        }
    }
}

fn without_path(report: &Report<'_>) -> Markup {
    let none = &report.output.no_path;
    html! {
        @if !none.is_empty() {
            section {
                h2 { "Objects without a path" }
                table {
                    thead { tr { th scope="col" { "Object" } th scope="col" .n { "Plots" } th scope="col" { "Why" } } }
                    tbody {
                        @for object in none {
                            tr { th scope="row" { (object.id) } td.n { (count(object.plots)) } td { (object.reason) } }
                        }
                    }
                }
            }
        }
    }
}

fn method(report: &Report<'_>) -> Markup {
    let refused = &report.output.refused;
    html! {
        footer {
            section {
                h2 { "How it was computed" }
                p {
                    "One path is fitted to all plots of an object at once by robust least squares: "
                    "gravity of a turning, "
                    "flattened Earth, air drag, and thrust where there was any. Each sensor’s constant "
                    "errors are found in the "
                    "same fit, and plots far from any path lose their say. The uncertainties follow "
                    "from the noise of the "
                    "sensors, their constant errors and how well the path is held by the plots; where "
                    "the model of the flight is "
                    "wrong, for instance because the object manoeuvres later, the truth may lie outside."
                }
                p {
                    "Version " (env!("CARGO_PKG_VERSION")) " of trilat. "
                    @if !report.inputs.is_empty() {
                        "Computed from "
                        @for (i, input) in report.inputs.iter().enumerate() {
                            @if i > 0 { ", " }
                            code { (input) }
                        }
                        ". "
                    }
                    @if refused.count > 0 {
                        (count(refused.count)) " " (plural(refused.count, "plot was", "plots were"))
                        " refused while reading."
                    }
                }
                @if !refused.first.is_empty() {
                    details {
                        summary { "The first refused plots" }
                        ul { @for line in &refused.first { li { code { (line) } } } }
                    }
                }
                (purpose())
            }
        }
    }
}
