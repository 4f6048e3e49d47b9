//! Who had plots when: a lane for each sensor.

use std::fmt::Write;

use geo::Time;
use maud::{Markup, html};

use super::Content;
use crate::report::axis::time_ticks;
use crate::report::svg::{Area, Px, Size, drawing, label, path, segment};
use crate::words::{count, plural};

/// Lanes are drawn of so many sensors at most, those with the most plots.
pub const LANES_MAX: usize = 24;
/// Pixels of a lane in which plots are counted together.
const COLUMN_PX: f64 = 3.0;
/// Height of a lane, and of its highest column.
const LANE_PX: f64 = 38.0;
const COLUMN_MAX_PX: f64 = 18.0;
const TOP_PX: f64 = 6.0;
const FOOT_PX: f64 = 26.0;

/// One sensor: its place in the list, and how many plots it had.
pub struct Lane {
    pub sensor: usize,
    pub plots: usize,
}

/// The sensors that had plots, those with the most first.
pub fn lanes(content: &Content<'_>) -> Vec<Lane> {
    let mut plots = vec![0; content.page.sensors.len()];
    for (_, sensor) in content.page.detections {
        plots[*sensor] += 1;
    }
    let lanes = plots
        .into_iter()
        .enumerate()
        .map(|(sensor, plots)| Lane { sensor, plots });
    let mut lanes: Vec<Lane> = lanes.filter(|lane| lane.plots > 0).collect();
    lanes.sort_by(|a, b| b.plots.cmp(&a.plots).then(a.sensor.cmp(&b.sensor)));
    lanes
}

/// Returns the lanes.
pub fn chart(content: &Content<'_>, id: &str, width: f64, class: &str) -> Markup {
    let lanes = lanes(content);
    let shown = &lanes[..lanes.len().min(LANES_MAX)];
    let Some([first, last]) = content.span else {
        return html! {};
    };
    let size = Size {
        width,
        height: TOP_PX + LANE_PX * shown.len() as f64 + FOOT_PX,
    };
    let area = Area {
        left: 8.0,
        top: TOP_PX,
        right: width - 8.0,
        bottom: size.height - FOOT_PX,
    };
    let columns = ((area.width() / COLUMN_PX) as usize).max(1);
    let span_s = (last - first).max(1.0);
    let mut counts = vec![vec![0_usize; columns]; content.page.sensors.len()];
    for (time, sensor) in content.page.detections {
        let share = ((*time - first) / span_s).clamp(0.0, 1.0);
        counts[*sensor][((share * columns as f64) as usize).min(columns - 1)] += 1;
    }
    let inner = html! {
        (time_axis(area, first, last))
        @for (row, lane) in shown.iter().enumerate() {
            @let sensor = &content.page.sensors[lane.sensor];
            @let foot = area.top + LANE_PX * (row + 1) as f64;
            (segment([area.left, foot], [area.right, foot], "net"))
            (path(&bars(&counts[lane.sensor], area.left, foot), "seen"))
            (label([area.left, foot - 23.0], "start", "small strong halo", &sensor.name))
            @let words = format!("{} {}", count(lane.plots), plural(lane.plots, "plot", "plots"));
            (label([area.right, foot - 23.0], "end", "small soft halo", &words))
        }
    };
    let desc = format!(
        "A lane for each of {} {}: how many plots it had over time.",
        shown.len(),
        plural(shown.len(), "sensor", "sensors")
    );
    drawing(id, size, class, "Who had plots when", &desc, &inner)
}

/// The columns of a lane as one shape, each as high as its share of the highest.
fn bars(counts: &[usize], left: f64, foot: f64) -> String {
    let most = counts.iter().copied().max().unwrap_or(0).max(1) as f64;
    let mut d = String::new();
    for (column, number) in counts.iter().enumerate().filter(|(_, number)| **number > 0) {
        let (x, height) = (
            left + COLUMN_PX * column as f64,
            (COLUMN_MAX_PX * *number as f64 / most).max(1.5),
        );
        let width = COLUMN_PX - 0.4;
        // Writing into a String cannot fail.
        let _infallible = write!(d, "M{x:.1} {foot:.1}v-{height:.1}h{width:.1}v{height:.1}z");
    }
    d
}

/// The axis of time below an area.
pub fn time_axis(area: Area, first: Time, last: Time) -> Markup {
    let span_s = (last - first).max(1.0);
    let at = |after_s: f64| area.left + after_s / span_s * area.width();
    html! {
        @for (after_s, text) in time_ticks(first, span_s, ((area.width() / 82.0) as usize).max(3)) {
            (segment([at(after_s), area.top], [at(after_s), area.bottom], "net"))
            @let inside = at(after_s).clamp(area.left + 14.0, area.right - 16.0);
            (label([inside, area.bottom + 17.0], "middle", "small soft", &text))
        }
        line x1=(Px(area.left)) y1=(Px(area.bottom)) x2=(Px(area.right)) y2=(Px(area.bottom)) class="axis" {}
    }
}
