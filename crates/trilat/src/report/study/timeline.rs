//! Who knows the place of arrival from when on: a bar for each subset of the owners, from launch to arrival.

use maud::{Markup, html};
use study::SubsetOutcome;

use super::ObjectView;
use crate::knowing::{MIDDLE, after_s, middle, warning_s};
use crate::report::axis::{Scale, ticks};
use crate::report::sheet::key;
use crate::report::svg::{Area, Px, Size, drawing, label, segment};
use crate::words::{self, number};

const TOP: f64 = 30.0;
const FOOT: f64 = 40.0;

/// How the rows are laid out.
struct Layout {
    area: Area,
    row: f64,
    /// Whether names stand above their bars rather than beside them.
    is_narrow: bool,
}

/// Returns the chart, or nothing of what does not come down.
pub fn chart(view: &ObjectView<'_>, id: &str, is_narrow: bool) -> Markup {
    let Some(arrival) = view.object.arrival else {
        return html! {};
    };
    let (width, row) = if is_narrow { (380.0, 44.0) } else { (860.0, 32.0) };
    let rows = view.object.subsets.len() as f64;
    let size = Size {
        width,
        height: TOP + row * rows + FOOT,
    };
    let layout = Layout {
        area: Area {
            left: if is_narrow { 8.0 } else { 150.0 },
            top: TOP,
            right: if is_narrow { width - 12.0 } else { width - 150.0 },
            bottom: size.height - FOOT,
        },
        row,
        is_narrow,
    };
    let time = Scale {
        values: [0.0, arrival.after_s / 60.0],
        pixels: [layout.area.left, layout.area.right],
    };
    let (marks, decimals) = ticks(time.values, if is_narrow { 5 } else { 9 });
    let area = layout.area;
    let content = html! {
        @for minute in marks {
            @let x = time.at(minute);
            (segment([x, area.top], [x, area.bottom], "net"))
            (label([x, area.bottom + 17.0], "middle", "small soft", &number(minute, decimals)))
        }
        @for (i, subset) in view.object.subsets.iter().enumerate() {
            (bar(view, subset, &layout, &time, i))
        }
        (segment([area.right, area.top - 8.0], [area.right, area.bottom], "arrivalline"))
        (label([area.right, area.top - 13.0], "end", "small strong", "Arrival"))
        (label([area.left, area.top - 13.0], "start", "small strong", "Launch"))
        (label([area.right, size.height - 4.0], "end", "small soft", "Minutes after the launch"))
    };
    let title = format!("When it is known where {} comes down", view.object.id);
    let class = if is_narrow { "narrow" } else { "wide" };
    drawing(id, size, class, &title, &describe(view), &content)
}

fn bar(view: &ObjectView<'_>, subset: &SubsetOutcome, layout: &Layout, time: &Scale, row: usize) -> Markup {
    let top = layout.area.top + layout.row * row as f64;
    let (y, height) = if layout.is_narrow {
        (top + 20.0, 18.0)
    } else {
        (top + 7.0, 18.0)
    };
    let right = layout.area.right;
    let x = |after_s: f64| time.at(after_s / 60.0).clamp(layout.area.left, right);
    let rect = |from: f64, to: f64, class: &str| {
        html! { rect x=(Px(from)) y=(Px(y)) width=(Px((to - from).max(0.0))) height=(Px(height)) class=(class) {} }
    };
    let runs = view.scenario.runs;
    let seen = middle(subset.view.first_after_s, runs).zip(middle(subset.view.last_after_s, runs));
    let class = view.class(subset);
    let warning = warning_s(&subset.known[MIDDLE]).map_or_else(
        || "never".to_owned(),
        |warning_s| format!("{} before", words::span(warning_s)),
    );
    let text_y = y + 13.5;
    html! {
        g class={ "bars " (class) } {
            (rect(layout.area.left, right, "whole"))
            @if let Some((first, last)) = seen {
                rect x=(Px(x(first))) y=(Px(y + height - 4.0)) width=(Px((x(last) - x(first)).max(1.0))) height="4"
                    class="seen" {}
            }
            @for (i, knowledge) in subset.known.iter().enumerate() {
                @if let Some(after) = after_s(knowledge) { (rect(x(after), right, &format!("knows k{}", i + 1))) }
            }
        }
        @if layout.is_narrow {
            (label([layout.area.left, y - 5.0], "start", &format!("small name {class}"), &view.name(subset)))
            (label([right - 6.0, y - 5.0], "end", "small soft", &warning))
        } @else {
            (label([layout.area.left - 10.0, text_y], "end", &format!("name {class}"), &view.name(subset)))
            (label([right + 10.0, text_y], "start", "small", &warning))
        }
    }
}

fn describe(view: &ObjectView<'_>) -> String {
    let mut text = String::new();
    for subset in &view.object.subsets {
        let known = warning_s(&subset.known[MIDDLE]).map_or_else(
            || "never in most runs".to_owned(),
            |warning_s| format!("{} before the arrival", words::span(warning_s)),
        );
        text.push_str(&format!(
            "{}: known to {} km {known}. ",
            view.name(subset),
            number(subset.known[MIDDLE].diameter_km, 0)
        ));
    }
    text
}

/// Returns the legend.
pub fn legend(view: &ObjectView<'_>) -> Markup {
    let sizes = view.together().map(|all| all.known).unwrap_or_default();
    let swatch = |i: usize| {
        html! {
            g class="bars ownall" {
                @for k in 1..=i { rect x="1" y="2" width="28" height="12" class={ "knows k" (k) } {} }
            }
        }
    };
    html! {
        ul.legend {
            (key(&html! { g class="bars ownall" { rect x="1" y="10" width="28" height="4" class="seen" {} } },
                "from first to last plot"))
            @for (i, size) in sizes.iter().enumerate() {
                (key(&swatch(i + 1), &format!("place known to {} km", number(size.diameter_km, 0))))
            }
        }
        p.note {
            "The middle run. Beside each bar: how long before the arrival the place is known to "
            (number(sizes[MIDDLE].diameter_km, 0)) " km."
        }
    }
}
