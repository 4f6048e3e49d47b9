//! The frame of any map: what lies under its content, and what on top.

use maud::{Markup, html};

use super::projection::View;
use super::svg::{Area, Px};
use super::{coast, graticule};

/// Returns a map: sea and land, the net of degrees, the content, scale bar and north arrow, cut at the view's edges.
///
/// `id` is unique in the page. Close-ups have neither sea nor land: coasts are not known that finely.
pub fn frame(view: &View, id: &str, content: &Markup) -> Markup {
    let area = view.area;
    let clip = format!("{id}-c");
    let rect = |class: &str| {
        html! {
            rect class=(class) x=(Px(area.left)) y=(Px(area.top)) width=(Px(area.width())) height=(Px(area.height()))
                rx="8" {}
        }
    };
    html! {
        defs { clipPath id=(clip) { (rect("")) } }
        g clip-path={ "url(#" (clip) ")" } {
            (rect(if coast::is_shown(view) { "sea" } else { "ground" }))
            (coast::land(view))
            (graticule::net(view))
            (content)
            (graticule::scale_bar(view))
            (graticule::north(view))
        }
        (rect("edge"))
    }
}

/// The corners that the scale bar and the north arrow take.
pub fn control_corners(view: &View) -> [Area; 2] {
    let Area { top, right, bottom, .. } = view.area;
    [
        Area {
            left: right - 190.0,
            top: bottom - 42.0,
            right,
            bottom,
        },
        Area {
            left: right - 48.0,
            top: top + 10.0,
            right,
            bottom: top + 58.0,
        },
    ]
}
