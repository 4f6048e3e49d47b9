//! Maps of what radars see at one height.

use geo::Geodetic;
use maud::{Markup, html};

use crate::coverage::{AtHeight, Coverage, Shape};
use crate::output::number_short;
use crate::report::frame::{control_corners, frame};
use crate::report::labels::Labels;
use crate::report::outline::put;
use crate::report::projection::View;
use crate::report::sheet::{key, owner_class};
use crate::report::svg::{Area, Size, drawing, line_path, path};
use crate::words;

/// A map is fitted to about so many corners of what is seen.
const CORNERS_FITTED: usize = 400;
/// Where nothing is seen, a map shows this much about the radars.
const SPAN_MIN_M: f64 = 4e5;

/// What is drawn over the coverage.
#[derive(Copy, Clone, Debug, Default)]
pub struct Overlay<'a> {
    /// Ground tracks.
    pub tracks: &'a [Track],
}

/// The ground track of an object.
#[derive(Clone, Debug, Default)]
pub struct Track {
    /// Its name.
    pub name: String,
    /// Where it is, one after the other.
    pub places: Vec<Geodetic>,
    /// Where it comes down.
    pub arrival: Option<Geodetic>,
}

/// The ground tracks, with a triangle at their beginning and a ring at their end.
fn tracks(view: &View, overlay: Overlay<'_>) -> Markup {
    let at = |place: Geodetic| {
        let [x, y] = view.pixel(place);
        format!("translate({x:.1} {y:.1})")
    };
    html! {
        @for track in overlay.tracks {
            g {
                title { (track.name) }
                (path(&line_path(track.places.iter().map(|&place| view.pixel(place))), "flown"))
            }
            @if let Some(&first) = track.places.first() {
                g transform=(at(first)) class="marker flight" { path d="M0 -7L6.5 5L-6.5 5Z" {} }
            }
            @if let Some(end) = track.arrival {
                g transform=(at(end)) class="marker flight" { circle r="6" {} circle r="2" class="hole" {} }
            }
        }
    }
}

/// The view that shows all that is seen at a height.
fn view(coverage: &Coverage, at: &AtHeight, overlay: Overlay<'_>, size: Size) -> View {
    let mut places: Vec<Geodetic> = coverage.viewers.iter().map(|v| v.site.geodetic()).collect();
    let corners: Vec<Geodetic> = at.together().corners().collect();
    let stride = corners.len().div_ceil(CORNERS_FITTED).max(1);
    places.extend(corners.into_iter().step_by(stride));
    for track in overlay.tracks {
        places.extend(track.places.iter().copied().chain(track.arrival));
    }
    View::fit(&places, Area::within(size), 0.04, SPAN_MIN_M)
}

fn filled(view: &View, shape: &Shape, class: &str) -> Markup {
    let mut d = String::new();
    for ring in shape.polygons().iter().flatten() {
        let pixels: Vec<_> = ring.iter().map(|&place| view.pixel(place)).collect();
        put(&mut d, &pixels);
    }
    html! { (path(&d, class)) }
}

/// The sites, with names where there is room; of one owner or of all.
fn sites(view: &View, coverage: &Coverage, owner: Option<usize>) -> Markup {
    let mut labels = Labels::new(view.area);
    for corner in control_corners(view) {
        labels.block(corner);
    }
    let shown: Vec<_> = coverage
        .viewers
        .iter()
        .filter_map(|viewer| {
            let place = coverage.owners.iter().position(|name| *name == viewer.owner)?;
            let is_shown = owner.is_none_or(|owner| owner == place);
            is_shown.then(|| (view.pixel(viewer.site.geodetic()), viewer, owner_class(place)))
        })
        .collect();
    for (pixel, _, _) in &shown {
        labels.block_point(*pixel, 7.0);
    }
    html! {
        @for ([x, y], _, class) in &shown {
            g transform={ "translate(" (format!("{x:.1} {y:.1}")) ")" } class={ "marker site " (class) } {
                rect x="-4.5" y="-4.5" width="9" height="9" rx="2" {}
            }
        }
        @for (pixel, viewer, class) in &shown {
            @if let Some(text) = labels.try_put(*pixel, &viewer.name, &format!("name small halo {class}")) { (text) }
        }
    }
}

/// Returns the map of what all see together: darker where more radars see.
pub fn together(coverage: &Coverage, at: &AtHeight, overlay: Overlay<'_>, id: &str, size: Size, class: &str) -> Markup {
    let view = view(coverage, at, overlay, size);
    let content = html! {
        @for (i, shape) in at.radars.iter().enumerate() {
            (filled(&view, shape, &format!("sees all{}", i + 1)))
        }
        (tracks(&view, overlay))
        (sites(&view, coverage, None))
    };
    let title = format!("Seen by all together at {} km", number_short(at.height_m / 1e3));
    let desc = format!(
        "{} are seen by at least one radar, {} by two or more, {} by three or more.",
        words::area(at.radars[0].area_m2()),
        words::area(at.radars[1].area_m2()),
        words::area(at.radars[2].area_m2())
    );
    drawing(id, size, class, &title, &desc, &frame(&view, id, &content))
}

/// Returns the map of what one owner sees alone, in the frame of the map of all.
pub fn alone(coverage: &Coverage, at: &AtHeight, overlay: Overlay<'_>, owner: usize, id: &str, size: Size) -> Markup {
    let view = view(coverage, at, overlay, size);
    let class = owner_class(owner);
    let content = html! {
        (filled(&view, at.together(), "others"))
        (filled(&view, &at.owners[owner], &format!("sees {class}")))
        (tracks(&view, overlay))
        (sites(&view, coverage, Some(owner)))
    };
    let name = &coverage.owners[owner];
    let title = format!("Seen by {name} alone at {} km", number_short(at.height_m / 1e3));
    let desc = format!("{} are seen.", words::area(at.owners[owner].area_m2()));
    drawing(id, size, "", &title, &desc, &frame(&view, id, &content))
}

/// Returns the legend of the map of all together, with ground tracks or without.
pub fn legend(with_tracks: bool) -> Markup {
    let swatch = |levels: usize| {
        html! {
            @for i in 1..=levels {
                rect x="1" y="1" width="28" height="14" rx="3" class={ "sees all" (i) } {}
            }
        }
    };
    let square = html! {
        g transform="translate(15 8)" class="marker sensor" { rect x="-4.5" y="-4.5" width="9" height="9" rx="2" {} }
    };
    html! {
        ul.legend {
            (key(&swatch(1), "seen by one radar"))
            (key(&swatch(2), "by two"))
            (key(&swatch(3), "by three or more"))
            (key(&square, "radar, in the colour of its owner"))
            @if with_tracks { (key(&html! { path d="M1 8H29" class="flown" {} }, "flight, from launch to arrival")) }
        }
    }
}
