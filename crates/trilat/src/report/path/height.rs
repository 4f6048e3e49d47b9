//! Height over time with its 95 % band, and below it how wide the band is.

use geo::Time;
use maud::{Markup, html};

use super::ObjectView;
use crate::report::axis::{Scale, ticks, time_ticks};
use crate::report::svg::{Area, Px, Size, drawing, label, line_path, path, segment, shape_path, text_width};
use crate::series::TrackPoint;
use crate::words::{self, SIGMAS_95};

/// The curves are drawn with at most so many points.
const POINTS_MAX: usize = 800;

/// One phase on the time axis: seconds from the start of the axis.
struct Span {
    name: String,
    from_s: f64,
    to_s: f64,
}

fn phases(object: &ObjectView<'_>, start: Time, end_s: f64) -> Vec<Span> {
    let after = |text: &str| text.parse::<Time>().map(|time| time - start);
    object
        .output
        .phases
        .iter()
        .filter_map(|phase| {
            let (from_s, to_s) = (after(&phase.from).ok()?.max(0.0), after(&phase.to).ok()?.min(end_s));
            (to_s > from_s).then(|| Span {
                name: phase.phase.clone(),
                from_s,
                to_s,
            })
        })
        .collect()
}

/// The two panels share the time axis.
struct Panels {
    start: Time,
    span_s: f64,
    time: Scale,
    upper: Area,
    lower: Area,
}

impl Panels {
    fn new(track: &[TrackPoint], size: Size) -> Option<Self> {
        let (first, last) = (track.first()?, track.last()?);
        let span_s = (last.time - first.time).max(1.0);
        let (left, right) = (52.0, size.width - 14.0);
        let split = size.height * 0.62;
        Some(Self {
            start: first.time,
            span_s,
            time: Scale {
                values: [0.0, span_s],
                pixels: [left, right],
            },
            upper: Area {
                left,
                top: 26.0,
                right,
                bottom: split,
            },
            lower: Area {
                left,
                top: split + 46.0,
                right,
                bottom: size.height - 40.0,
            },
        })
    }

    fn x(&self, time: Time) -> f64 {
        self.time.at(time - self.start)
    }
}

/// Vertical axis of one panel: lines, labels and the name above it.
fn vertical(area: Area, scale: &Scale, steps_max: usize, name: &str) -> Markup {
    let (values, decimals) = ticks(scale.values, steps_max);
    html! {
        @for value in values {
            @let y = scale.at(value);
            (segment([area.left, y], [area.right, y], "net"))
            (label([area.left - 7.0, y + 4.0], "end", "small soft", &words::number(value, decimals)))
        }
        (label([area.left - 44.0, area.top - 10.0], "start", "small strong", name))
    }
}

fn time_axis(panels: &Panels, area: Area, with_labels: bool) -> Markup {
    let marks = time_ticks(panels.start, panels.span_s, ((area.width() / 82.0) as usize).max(3));
    html! {
        @for (after_s, text) in marks {
            @let x = panels.time.at(after_s);
            (segment([x, area.top], [x, area.bottom], "net"))
            @if with_labels {
                @let inside = x.clamp(area.left + 12.0, area.right - 14.0);
                (label([inside, area.bottom + 17.0], "middle", "small soft", &text))
            }
        }
        (segment([area.left, area.bottom], [area.right, area.bottom], "axis"))
    }
}

/// The highest point, with its label.
fn apogee_mark(object: &ObjectView<'_>, panels: &Panels, height: &Scale) -> Markup {
    let Some(apogee) = &object.output.apogee else {
        return html! {};
    };
    let Ok(time) = apogee.time.parse::<Time>() else {
        return html! {};
    };
    let at = [panels.x(time), height.at(apogee.height_m / 1e3)];
    let text = format!("Highest point {}", words::length(apogee.height_m));
    let rim = text_width(&text) / 2.0;
    let beside = [
        at[0].clamp(panels.upper.left + rim, panels.upper.right - rim),
        at[1] - 14.0,
    ];
    let transform = format!("translate({:.1} {:.1})", at[0], at[1]);
    html! {
        g transform=(transform) class="marker apogee" { path d="M0 -7.5L7 0L0 7.5L-7 0Z" {} }
        (label(beside, "middle", "name halo apogee", &text))
    }
}

/// When each sensor saw the object, as bars at the foot of the upper panel.
fn seen_bars(object: &ObjectView<'_>, panels: &Panels) -> Markup {
    html! {
        @for (row, spans) in object.sensor_spans.iter().enumerate() {
            @let y = panels.upper.bottom - 6.0 - 7.0 * row as f64;
            @for &[from, to] in spans {
                @let left = panels.x(from);
                rect x=(Px(left)) y=(Px(y)) width=(Px((panels.x(to) - left).max(1.5))) height="4" rx="2" class="seen" {}
            }
        }
    }
}

fn thinned(track: &[TrackPoint]) -> Vec<TrackPoint> {
    let stride = track.len().div_ceil(POINTS_MAX).max(1);
    let mut points: Vec<_> = track.iter().copied().step_by(stride).collect();
    if let Some(last) = track.last()
        && points.last() != Some(last)
    {
        points.push(*last);
    }
    points
}

/// The curve of height, solid where radars saw the object and dashed elsewhere.
fn curves(object: &ObjectView<'_>, points: &[TrackPoint], panels: &Panels, height: &Scale) -> Markup {
    let edge = |sign: f64| {
        move |p: &TrackPoint| {
            let half_m = sign * SIGMAS_95 * p.up_sigma_m;
            [panels.x(p.time), height.at((p.height_m + half_m) / 1e3)]
        }
    };
    let band = shape_path(points.iter().map(edge(1.0)).chain(points.iter().rev().map(edge(-1.0))));
    let cut = |keep: &dyn Fn(Time) -> bool| line_path(points.iter().filter(|p| keep(p.time)).map(edge(0.0)));
    let [from, to] = object.seen.unwrap_or([panels.start, panels.start]);
    html! {
        (path(&band, "band"))
        (path(&cut(&|time| time <= from), "track dashed"))
        (path(&cut(&|time| (from..=to).contains(&time)), "track"))
        (path(&cut(&|time| time >= to), "track dashed"))
    }
}

/// Returns the two panels, or nothing where there is no path.
pub fn chart(object: &ObjectView<'_>, id: &str, size: Size, class: &str) -> Markup {
    let track = &object.series.track;
    let Some(panels) = Panels::new(track, size) else {
        return html! {};
    };
    let points = thinned(track);
    let top_km = points
        .iter()
        .map(|p| (p.height_m + SIGMAS_95 * p.up_sigma_m) / 1e3)
        .fold(1.0, f64::max);
    let low_km = points.iter().map(|p| p.height_m / 1e3).fold(f64::MAX, f64::min);
    // An orbit far above the ground is not drawn against zero.
    let floor_km = if low_km > top_km * 0.5 {
        low_km - (top_km - low_km).max(1.0) * 0.15
    } else {
        low_km.min(0.0)
    };
    let height = Scale {
        values: [floor_km, top_km + (top_km - floor_km) * 0.26],
        pixels: [panels.upper.bottom, panels.upper.top],
    };
    let across = |p: &TrackPoint| SIGMAS_95 * geo::math::hypot(p.east_sigma_m, p.north_sigma_m);
    let up = |p: &TrackPoint| SIGMAS_95 * p.up_sigma_m;
    let widest_m = points.iter().map(|p| across(p).max(up(p))).fold(1.0, f64::max);
    let width = Scale {
        values: [0.0, widest_m * 1.08],
        pixels: [panels.lower.bottom, panels.lower.top],
    };
    let content = html! {
        @for (i, span) in phases(object, panels.start, panels.span_s).iter().enumerate() {
            @let (left, right) = (panels.time.at(span.from_s), panels.time.at(span.to_s));
            rect x=(Px(left)) y=(Px(panels.upper.top)) width=(Px(right - left)) height=(Px(panels.upper.height()))
                class=(if i % 2 == 0 { "phase even" } else { "phase odd" }) {}
            @if right - left > words_width(&span.name) {
                (label([(left + right) / 2.0, panels.upper.top + 14.0], "middle", "small soft", &span.name))
            }
        }
        (vertical(panels.upper, &height, 6, "Height, km"))
        (time_axis(&panels, panels.upper, false))
        (seen_bars(object, &panels))
        (curves(object, &points, &panels, &height))
        (apogee_mark(object, &panels, &height))
        (vertical(panels.lower, &width, 3, "± at 95 %, m"))
        (time_axis(&panels, panels.lower, true))
        (path(&line_path(points.iter().map(|p| [panels.x(p.time), width.at(across(p))])), "curve across"))
        (path(&line_path(points.iter().map(|p| [panels.x(p.time), width.at(up(p))])), "curve up"))
        (label([panels.lower.right, size.height - 6.0], "end", "small soft", "Time of day, UTC"))
    };
    let title = format!("Height of {} over time", object.output.id);
    let desc = format!(
        "Height rises to {} and is known to within {} at 95 % at worst.",
        words::length(top_km * 1e3),
        words::length(points.iter().map(up).fold(0.0, f64::max))
    );
    drawing(id, size, class, &title, &desc, &content)
}

fn words_width(text: &str) -> f64 {
    text_width(text) + 6.0
}
