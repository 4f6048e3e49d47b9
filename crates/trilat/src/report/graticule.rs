//! What any map has: the net of latitudes and longitudes, range rings, scale bar, north arrow.

use geo::Geodetic;
use geo::math::{atan2, hypot};
use maud::{Markup, html};

use super::axis::step_for;
use super::projection::View;
use super::svg::{Px, label, line_path, path, segment};
use crate::words::{length_round, wrap_deg};

/// Points along each line of the net.
const SAMPLES: i32 = 48;

/// The span of latitude and of longitude (relative to the middle) that a view shows.
struct Bounds {
    lat_deg: [f64; 2],
    lon_deg: [f64; 2],
}

fn bounds(view: &View) -> Bounds {
    let area = view.area;
    let (mut lat_deg, mut lon_deg) = ([90.0_f64, -90.0_f64], [180.0_f64, -180.0_f64]);
    for i in 0..=SAMPLES {
        for j in 0..=SAMPLES {
            let share = |k: i32| f64::from(k) / f64::from(SAMPLES);
            let place = view.place([area.left + share(i) * area.width(), area.top + share(j) * area.height()]);
            let from_middle_deg = wrap_deg(place.lon_deg() - view.middle.lon_deg());
            lat_deg = [lat_deg[0].min(place.lat_deg()), lat_deg[1].max(place.lat_deg())];
            lon_deg = [lon_deg[0].min(from_middle_deg), lon_deg[1].max(from_middle_deg)];
        }
    }
    for pole_deg in [-90.0, 90.0] {
        if area.contains(view.pixel(Geodetic::from_degrees(pole_deg, 0.0, 0.0))) {
            lat_deg = [lat_deg[0].min(pole_deg), lat_deg[1].max(pole_deg)];
            lon_deg = [-180.0, 180.0];
        }
    }
    Bounds { lat_deg, lon_deg }
}

/// The step of the net, degrees: about `lines` lines over a span, in steps that divide a circle well.
fn net_step_deg(span_deg: f64, lines: f64) -> f64 {
    const STEPS_DEG: [f64; 12] = [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 15.0, 30.0];
    STEPS_DEG
        .into_iter()
        .find(|step| span_deg / step <= lines)
        .unwrap_or(45.0)
}

fn degrees(value_deg: f64, step_deg: f64, positive: &str, negative: &str) -> String {
    let decimals = if step_deg >= 1.0 {
        0
    } else if step_deg >= 0.1 {
        1
    } else {
        2
    };
    let side = if value_deg.abs() < step_deg / 2.0 || value_deg.abs() > 180.0 - step_deg / 2.0 {
        ""
    } else if value_deg < 0.0 {
        negative
    } else {
        positive
    };
    format!("{:.decimals$}°{side}", value_deg.abs())
}

/// Where a line through pixels first crosses an edge of the area: the left one, or the lower one.
fn crossing(line: &[[f64; 2]], view: &View, lower: bool) -> Option<[f64; 2]> {
    let (area, axis) = (view.area, usize::from(lower));
    let edge = if lower { area.bottom } else { area.left };
    line.windows(2).find_map(|ends| {
        let [a, b] = [ends[0], ends[1]];
        let (da, db) = (a[axis] - edge, b[axis] - edge);
        if da * db > 0.0 || da == db {
            return None;
        }
        let share = da / (da - db);
        let point = [a[0] + share * (b[0] - a[0]), a[1] + share * (b[1] - a[1])];
        area.contains([point[0].clamp(area.left, area.right), point[1]])
            .then_some(point)
    })
}

/// Returns the net with its labels at the left and lower edge.
pub fn net(view: &View) -> Markup {
    let Bounds { lat_deg, lon_deg } = bounds(view);
    let wide = (view.area.width() / 130.0).max(2.5);
    let lat_step = net_step_deg(lat_deg[1] - lat_deg[0], (view.area.height() / 90.0).max(2.5));
    let lon_step = net_step_deg(lon_deg[1] - lon_deg[0], wide);
    let middle_lon = view.middle.lon_deg();
    let share = |i: i32| f64::from(i) / f64::from(SAMPLES);
    let between = |span: [f64; 2], i: i32| span[0] + share(i) * (span[1] - span[0]);
    let pixel = |lat: f64, lon: f64| view.pixel(Geodetic::from_degrees(lat, lon, 0.0));
    let multiples = |span: [f64; 2], step: f64| {
        ((span[0] / step).ceil() as i64..=(span[1] / step).floor() as i64).map(move |i| i as f64 * step)
    };
    let parallels = multiples(lat_deg, lat_step).map(|lat| {
        let line: Vec<_> = (0..=SAMPLES)
            .map(|i| pixel(lat, middle_lon + between(lon_deg, i)))
            .collect();
        (degrees(lat, lat_step, "N", "S"), line)
    });
    let absolute = [lon_deg[0] + middle_lon, lon_deg[1] + middle_lon];
    let meridians = multiples(absolute, lon_step).map(|lon| {
        let line: Vec<_> = (0..=SAMPLES).map(|i| pixel(between(lat_deg, i), lon)).collect();
        (degrees(wrap_deg(lon), lon_step, "E", "W"), line)
    });
    html! {
        @for (text, line) in parallels {
            (path(&line_path(line.iter().copied()), "net"))
            @if let Some([x, y]) = crossing(&line, view, false) {
                (label([x + 5.0, y - 4.0], "start", "small soft halo", &text))
            }
        }
        @for (text, line) in meridians {
            (path(&line_path(line.iter().copied()), "net"))
            @if let Some([x, y]) = crossing(&line, view, true) {
                @if (view.area.left + 34.0..view.area.right - 0.25 * view.area.width() - 64.0).contains(&x) {
                    (label([x + 4.0, y - 6.0], "start", "small soft halo", &text))
                }
            }
        }
    }
}

/// Returns rings of equal distance about a place, each with its distance.
pub fn rings(view: &View, about: Geodetic) -> Markup {
    let reach_m = [
        [view.area.left, view.area.top],
        [view.area.right, view.area.top],
        [view.area.left, view.area.bottom],
        [view.area.right, view.area.bottom],
    ]
    .into_iter()
    .map(|corner| geo::geodesic(about, view.place(corner)).distance_m)
    .fold(0.0, f64::max)
    .min(1.5e7);
    let step_m = step_for(reach_m, 5);
    let ring = |radius_m: f64| -> Vec<[f64; 2]> {
        (0..=72)
            .map(|i| view.pixel(geo::destination(about, f64::from(i) * 5.0, radius_m)))
            .collect()
    };
    let radii = (1..=8)
        .map(|i| f64::from(i) * step_m)
        .take_while(|&radius_m| radius_m < reach_m);
    html! {
        @for radius_m in radii {
            @let line = ring(radius_m);
            (path(&line_path(line.iter().copied()), "ring"))
            // The label stands where the ring is well inside the map, near north-west of the place.
            @if let Some(at) = [63, 64, 62, 66, 60, 9, 27, 45, 54, 18, 36].into_iter().map(|i| line[i]).find(|&[x, y]| {
                x > view.area.left + 46.0 && x < view.area.right - 70.0
                    && y > view.area.top + 24.0 && y < view.area.bottom - 24.0
            }) {
                (label(at, "middle", "small ringtext halo", &length_round(radius_m)))
            }
        }
    }
}

/// Returns the scale bar in the lower right corner.
pub fn scale_bar(view: &View) -> Markup {
    let quarter_m = view.area.width() * 0.25 / view.px_per_m;
    let mut bar_m = step_for(quarter_m, 1);
    if bar_m > quarter_m {
        bar_m = step_for(quarter_m * 0.4, 1);
    }
    let (right, y) = (view.area.right - 14.0, view.area.bottom - 14.0);
    let left = right - bar_m * view.px_per_m;
    html! {
        g {
            rect x=(Px(left - 8.0)) y=(Px(y - 24.0)) width=(Px(right - left + 16.0)) height="32" rx="4" class="plate" {}
            (segment([left, y], [right, y], "bar"))
            (segment([left, y - 5.0], [left, y], "bar"))
            (segment([right, y - 5.0], [right, y], "bar"))
            (label([(left + right) / 2.0, y - 8.0], "middle", "small", &length_round(bar_m)))
        }
    }
}

/// Returns the arrow to true north in the upper right corner.
pub fn north(view: &View) -> Markup {
    let at = [view.area.right - 24.0, view.area.top + 34.0];
    let place = view.place(at);
    let ahead = view.pixel(geo::destination(place, 0.0, 10.0 / view.px_per_m));
    let (dx, dy) = (ahead[0] - at[0], ahead[1] - at[1]);
    let turn_deg = if hypot(dx, dy) > 0.0 {
        atan2(dx, -dy) / geo::angle::RAD_PER_DEG
    } else {
        0.0
    };
    let transform = format!("translate({:.1} {:.1}) rotate({turn_deg:.1})", at[0], at[1]);
    html! {
        g transform=(transform) {
            circle r="20" class="plate" {}
            path d="M0 -3L5 11L0 7L-5 11Z" class="needle" {}
            text x="0" y="-6" text-anchor="middle" class="small strong" { "N" }
        }
    }
}
