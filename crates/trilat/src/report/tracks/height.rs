//! The height of all tracks over time, and how many there are at once.

use geo::Time;
use maud::{Markup, html};

use super::timeline::time_axis;
use super::{Content, phase_class};
use crate::report::axis::{Scale, ticks};
use crate::report::outline::thinned;
use crate::report::svg::{Area, Size, drawing, label, line_path, path, segment};
use crate::tracks::place;
use crate::words::{length, number};

/// Where a drawing over time has its axes.
fn area(size: Size) -> Area {
    Area {
        left: 46.0,
        top: 26.0,
        right: size.width - 10.0,
        bottom: size.height - 26.0,
    }
}

fn vertical(area: Area, scale: &Scale, steps_max: usize, name: &str) -> Markup {
    let (values, decimals) = ticks(scale.values, ((area.height() / 45.0) as usize).min(steps_max));
    html! {
        @for value in values {
            @let y = scale.at(value);
            (segment([area.left, y], [area.right, y], "net"))
            (label([area.left - 7.0, y + 4.0], "end", "small soft", &number(value, decimals)))
        }
        (label([4.0, area.top - 11.0], "start", "small strong", name))
    }
}

/// Returns the heights over time, or nothing where there is no track.
pub fn heights(content: &Content<'_>, id: &str, size: Size, class: &str) -> Markup {
    let Some([first, last]) = content.span.filter(|_| !content.histories.is_empty()) else {
        return html! {};
    };
    let area = area(size);
    let time = time_scale(area, first, last);
    let all = content.page.rows.iter().map(|row| place(row).height_m / 1e3);
    let [low, high] = all.fold([0.0_f64, 0.1_f64], |[low, high], km| [low.min(km), high.max(km)]);
    let height = Scale {
        values: [low, high * 1.03],
        pixels: [area.bottom, area.top],
    };
    let inner = html! {
        (time_axis(area, first, last))
        (vertical(area, &height, 8, "Height, km"))
        @for history in &content.histories {
            g {
                title { (history.name) }
                @for (phase, rows) in history.pieces() {
                    @let at = |row: &&track::Row| [time.at(row.time - first), height.at(place(row).height_m / 1e3)];
                    @let pixels: Vec<_> = rows.iter().map(at).collect();
                    (path(&line_path(thinned(&pixels)), &format!("trail thin {}", phase_class(phase))))
                }
            }
        }
    };
    let desc = format!(
        "Heights above the ellipsoid over time; the highest is {}.",
        length(high * 1e3)
    );
    drawing(id, size, class, "Height of all tracks over time", &desc, &inner)
}

/// Returns how many tracks there are over time, or nothing where there is none.
pub fn counts(content: &Content<'_>, id: &str, size: Size, class: &str) -> Markup {
    let Some([first, last]) = content.span.filter(|_| !content.histories.is_empty()) else {
        return html! {};
    };
    let area = area(size);
    let time = time_scale(area, first, last);
    let mut steps: Vec<(Time, i32)> = Vec::new();
    for history in &content.histories {
        steps.extend([(history.first().time, 1), (history.last().time, -1)]);
    }
    // A track that ends where another begins is not missed in between.
    steps.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)));
    let (mut number, mut most, mut line) = (0, 1, vec![(first, 0)]);
    for (at, step) in steps {
        line.push((at, number));
        number += step;
        line.push((at, number));
        most = most.max(number);
    }
    line.push((last, number));
    let scale = Scale {
        values: [0.0, f64::from(most) + 0.2],
        pixels: [area.bottom, area.top],
    };
    let pixels: Vec<_> = line
        .iter()
        .map(|(at, number)| [time.at(*at - first), scale.at(f64::from(*number))])
        .collect();
    let inner = html! {
        (time_axis(area, first, last))
        (vertical(area, &scale, most.max(2) as usize, "Tracks"))
        (path(&line_path(thinned(&pixels)), "track"))
    };
    let desc = format!("Tracks from their confirmation to their last plot, over time; at most {most} at once.");
    drawing(id, size, class, "How many objects were tracked at once", &desc, &inner)
}

fn time_scale(area: Area, first: Time, last: Time) -> Scale {
    Scale {
        values: [0.0, (last - first).max(1.0)],
        pixels: [area.left, area.right],
    }
}
