//! Curves over a flight, on logarithmic axes: how wrong the path is, and how large the ground area.

use maud::{Markup, html};
use study::{Moment, ObjectOutcome, SubsetOutcome};

use super::ObjectView;
use crate::report::axis::{Scale, ticks};
use crate::report::sheet::key;
use crate::report::svg::{Area, Px, Size, drawing, label, line_path, path, segment};
use crate::words::{length_round, number};

/// At most so many powers of ten are shown; what is smaller leaves the drawing at the foot.
const DECADES_MAX: f64 = 6.0;
/// The largest power of ten that is shown: nothing on Earth is farther.
const POWER_MAX: f64 = 7.0;
/// A figure at an instant is drawn where at least this share of the runs has it.
const SHARE_MIN: f64 = 0.2;

/// One curve: values over time, `None` where there is none.
struct Curve<'a> {
    class: String,
    points: Vec<(f64, Option<f64>)>,
    subset: &'a SubsetOutcome,
}

/// A drawing of curves.
struct Chart<'a> {
    title: String,
    axis: &'static str,
    curves: Vec<Curve<'a>>,
    /// Levels worth a line of their own, metres.
    levels_m: &'static [f64],
}

fn curves<'a>(
    view: &ObjectView<'a>,
    kind: &str,
    value: impl Fn(&Moment) -> Option<f64> + Copy,
) -> impl Iterator<Item = Curve<'a>> {
    // All together last: on top.
    view.object.subsets.iter().map(move |subset| Curve {
        class: format!("knowcurve {kind} {}", view.class(subset)),
        points: subset.curve.iter().map(|m| (m.after_s, value(m))).collect(),
        subset,
    })
}

/// Whether there is a path error, or a bound of it, to draw.
pub fn has_path(object: &ObjectOutcome) -> bool {
    let mut moments = object.subsets.iter().flat_map(|subset| &subset.curve);
    moments.any(|moment| moment.rmse_m.is_some() || moment.bound_m.is_some())
}

/// Returns how far the path is off over time, and the bound that no estimator could beat.
pub fn path_error(view: &ObjectView<'_>, id: &str, size: Size, class: &str) -> Markup {
    let bounds = curves(view, "bound", |m| m.bound_m);
    let errors = curves(view, "error", |m| m.rmse_m.filter(|_| m.tracked_share >= SHARE_MIN));
    let chart = Chart {
        title: format!("How far the path of {} is off, over time", view.object.id),
        axis: "Path error (root mean square), and its bound",
        curves: bounds.chain(errors).collect(),
        levels_m: &[],
    };
    chart.draw(view, id, size, class)
}

/// Returns how long the ground area is over time.
pub fn ground_area(view: &ObjectView<'_>, id: &str, size: Size, class: &str) -> Markup {
    let chart = Chart {
        title: format!(
            "How large the region of the arrival of {} is, over time",
            view.object.id
        ),
        axis: "Length of the 95 % region of the arrival",
        curves: curves(view, "error", |m| m.diameter_m.filter(|_| m.area_share >= SHARE_MIN)).collect(),
        levels_m: &[1e5, 5e4, 2e4],
    };
    chart.draw(view, id, size, class)
}

impl Chart<'_> {
    /// Powers of ten below and above all values.
    fn decades(&self) -> Option<[f64; 2]> {
        let values = self.curves.iter().flat_map(|curve| &curve.points);
        let finite = values
            .filter_map(|(_, value)| *value)
            .filter(|v| v.is_finite() && *v > 0.0);
        let (low, high) = finite.fold((f64::MAX, f64::MIN), |(low, high), v| (low.min(v), high.max(v)));
        if low > high {
            return None;
        }
        let low = geo::math::log10(low).floor();
        let high = geo::math::log10(high).ceil().min(POWER_MAX).max(low + 1.0);
        Some([low.max(high - DECADES_MAX), high])
    }

    fn draw(&self, view: &ObjectView<'_>, id: &str, size: Size, class: &str) -> Markup {
        let Some(decades) = self.decades() else {
            return html! {};
        };
        let area = Area {
            left: 76.0,
            top: 30.0,
            right: size.width - 14.0,
            bottom: size.height - 40.0,
        };
        let height = Scale {
            values: decades,
            pixels: [area.bottom, area.top],
        };
        let time = Scale {
            values: [0.0, view.end_s() / 60.0],
            pixels: [area.left, area.right],
        };
        let (minutes, decimals) = ticks(time.values, (area.width() / 80.0) as usize);
        let clip = format!("{id}-c");
        let content = html! {
            defs { clipPath id=(clip) {
                rect x=(Px(area.left)) y=(Px(area.top)) width=(Px(area.width())) height=(Px(area.height())) {}
            } }
            (net(&height, area))
            @for minute in minutes {
                @let x = time.at(minute);
                (segment([x, area.top], [x, area.bottom], "net"))
                (label([x, area.bottom + 17.0], "middle", "small soft", &number(minute, decimals)))
            }
            @for &level_m in self.levels_m {
                @let y = height.at(geo::math::log10(level_m));
                @if area.contains([area.left, y]) {
                    (segment([area.left, y], [area.right, y], "level"))
                    (label([area.right - 4.0, y - 4.0], "end", "small soft halo sheet", &length_round(level_m)))
                }
            }
            (segment([area.left, area.bottom], [area.right, area.bottom], "axis"))
            g clip-path={ "url(#" (clip) ")" } {
                @for curve in &self.curves { (path(&curve.d(&time, &height), &curve.class)) }
            }
            (label([2.0, 16.0], "start", "small strong", self.axis))
            (label([area.right, size.height - 4.0], "end", "small soft", "Minutes after the launch"))
        };
        drawing(id, size, class, &self.title, &self.describe(view), &content)
    }

    /// The last value of each curve, for those who cannot see it.
    fn describe(&self, view: &ObjectView<'_>) -> String {
        let mut text = String::from("At the end of each curve: ");
        for curve in self.curves.iter().filter(|curve| curve.class.contains(" error ")) {
            if let Some(value) = curve.points.iter().rev().find_map(|(_, value)| *value) {
                text.push_str(&format!(
                    "{} {}; ",
                    view.name(curve.subset),
                    crate::words::length(value)
                ));
            }
        }
        text
    }
}

/// Lines and labels at powers of ten, fainter lines at 2 and 5.
fn net(height: &Scale, area: Area) -> Markup {
    let [low, high] = height.values;
    html! {
        @for power in low as i32..=high as i32 {
            @let y = height.at(f64::from(power));
            (segment([area.left, y], [area.right, y], "net"))
            (label([area.left - 7.0, y + 4.0], "end", "small soft", &length_round(geo::math::pow(10.0, f64::from(power)))))
            @if f64::from(power) < high {
                @for factor in [2.0, 5.0] {
                    @let y = height.at(f64::from(power) + geo::math::log10(factor));
                    (segment([area.left, y], [area.right, y], "net faint"))
                }
            }
        }
    }
}

impl Curve<'_> {
    /// The pieces of the curve where there are values.
    fn d(&self, time: &Scale, height: &Scale) -> String {
        let mut out = String::new();
        for piece in self.points.split(|(_, value)| value.is_none()) {
            let pixels = piece.iter().filter_map(|(after_s, value)| {
                let value = (*value)?;
                (value > 0.0).then(|| [time.at(after_s / 60.0), height.at(geo::math::log10(value))])
            });
            out.push_str(&line_path(pixels));
        }
        out
    }
}

/// Returns the legend of the colours, with the bound where it is drawn.
pub fn legend(view: &ObjectView<'_>, with_bound: bool) -> Markup {
    let line = |class: &str| html! { path d="M1 8H29" class={ "knowcurve " (class) } {} };
    let has_some = view.object.subsets.iter().any(|subset| view.class(subset) == "ownsome");
    html! {
        ul.legend {
            @for subset in view.object.subsets.iter().filter(|subset| view.class(subset) != "ownsome") {
                (key(&line(&format!("error {}", view.class(subset))), &view.name(subset)))
            }
            @if has_some { (key(&line("error ownsome"), "some of them")) }
            @if with_bound { (key(&line("bound ownall"), "bound: what nobody could beat")) }
        }
    }
}
