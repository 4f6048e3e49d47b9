//! The map of all tracks.

use geo::Geodetic;
use maud::{Markup, html};

use super::{Content, phase_class, phase_keys};
use crate::report::frame::{control_corners, frame};
use crate::report::labels::Labels;
use crate::report::outline::thinned;
use crate::report::projection::View;
use crate::report::sheet::{COASTS, key};
use crate::report::svg::{Area, Size, drawing, line_path, path, shape_path};
use crate::tracks::{History, place};
use crate::words::{count, plural};

/// A map shows at least so much.
const SPAN_MIN_M: f64 = 5e3;
/// A map has room for the name of one track in so many square pixels.
const NAME_PX2: f64 = 15_000.0;

/// Returns the map, or nothing where there is no track.
pub fn chart(content: &Content<'_>, id: &str, size: Size, class: &str) -> Markup {
    let sites: Vec<(Geodetic, &str)> = seen_by(content);
    let mut places: Vec<Geodetic> = content.page.rows.iter().map(place).collect();
    if places.is_empty() {
        return html! {};
    }
    places.extend(sites.iter().map(|(site, _)| *site));
    let view = View::fit(&places, Area::within(size), 0.06, SPAN_MIN_M);
    let inner = html! {
        @for history in &content.histories { (trail(&view, history)) }
        @for history in &content.histories { (end(&view, history)) }
        (marks(&view, content, &sites))
    };
    let tracks = content.histories.len();
    let desc = format!(
        "The ground tracks of {} {} seen from above, north up, each with the region that held its object with 95 % \
         when it was last seen.",
        count(tracks),
        plural(tracks, "object", "objects"),
    );
    drawing(id, size, class, "Map of all tracks", &desc, &frame(&view, id, &inner))
}

/// Where the sensors stand that saw a track.
fn seen_by<'a>(content: &Content<'a>) -> Vec<(Geodetic, &'a str)> {
    let sensors = content.page.sensors.iter().enumerate();
    sensors
        .filter(|(at, _)| {
            content
                .histories
                .iter()
                .any(|history| history.last().sensors.contains(at))
        })
        .map(|(_, sensor)| (sensor.site.geodetic(), &*sensor.name))
        .collect()
}

fn trail(view: &View, history: &History<'_>) -> Markup {
    html! {
        g {
            title { (history.name) }
            @for (phase, rows) in history.pieces() {
                @let pixels: Vec<_> = rows.iter().map(|row| view.pixel(place(row))).collect();
                (path(&line_path(thinned(&pixels)), &format!("trail {}", phase_class(phase))))
            }
        }
    }
}

/// The last place, and the region about it where that can be seen.
fn end(view: &View, history: &History<'_>) -> Markup {
    let class = phase_class(history.last().phase);
    let region: Vec<_> = history.region().into_iter().map(|corner| view.pixel(corner)).collect();
    let [x, y] = view.pixel(place(history.last()));
    let is_visible = region
        .iter()
        .any(|corner| (corner[0] - x).abs().max((corner[1] - y).abs()) > 3.0);
    html! {
        @if is_visible { (path(&shape_path(region), &format!("held {class}"))) }
        circle cx=(format!("{x:.1}")) cy=(format!("{y:.1}")) r="2.6" class={ "head " (class) } {}
    }
}

/// The sensors, and the names of sensors and of the tracks with the most plots where there is room.
fn marks(view: &View, content: &Content<'_>, sites: &[(Geodetic, &str)]) -> Markup {
    let mut labels = Labels::new(view.area);
    for corner in control_corners(view) {
        labels.block(corner);
    }
    let sites: Vec<_> = sites.iter().map(|(site, name)| (view.pixel(*site), name)).collect();
    for (pixel, _) in &sites {
        labels.block_point(*pixel, 7.0);
    }
    let mut named: Vec<&History<'_>> = content.histories.iter().collect();
    named.sort_by_key(|history| std::cmp::Reverse(history.last().plots));
    named.truncate((view.area.width() * view.area.height() / NAME_PX2) as usize);
    html! {
        @for ([x, y], _) in &sites {
            g transform=(format!("translate({x:.1} {y:.1})")) class="marker sensor" {
                rect x="-4.5" y="-4.5" width="9" height="9" rx="2" {}
            }
        }
        @for (pixel, name) in &sites {
            @if let Some(text) = labels.try_put(*pixel, name, "name small halo") { (text) }
        }
        @for history in named {
            @let class = format!("small halo own {}", phase_class(history.last().phase));
            @if let Some(text) = labels.try_put(view.pixel(place(history.last())), &history.name.to_string(), &class) {
                (text)
            }
        }
    }
}

/// The legend.
pub fn legend(content: &Content<'_>) -> Markup {
    let square = html! {
        g transform="translate(15 8)" class="marker sensor" { rect x="-4.5" y="-4.5" width="9" height="9" rx="2" {} }
    };
    let region = html! {
        rect x="1" y="1" width="28" height="14" rx="7" class="held" {}
        circle cx="15" cy="8" r="2.6" class="head" {}
    };
    html! {
        ul.legend {
            (phase_keys(content))
            (key(&region, "last seen there, 95 %"))
            (key(&square, "sensor"))
        }
        p.note { "Distances are true from the middle of the map (azimuthal equidistant, WGS-84). " (COASTS) }
    }
}
