//! Land on a map: the coasts in a view, filled.

use std::f64::consts::PI;

use geo::math::{atan2, hypot, sin_cos};
use maud::{Markup, html};
use nalgebra::Vector3;

use super::clip::clip;
use super::land::{self, Corner, Ring};
use super::outline::put;
use super::projection::{Plane, View, forward};
use super::svg::{Area, path};

/// Radius of the sphere that stands for the Earth beyond the edges of a map.
const RADIUS_M: f64 = 6_371_009.0;
/// Where a pixel is smaller than this, the coasts would show as wrong as they are: they are good to about a kilometre.
const METRES_PER_PX_MIN: f64 = 80.0;
/// Land is drawn this far beyond the edges, so that no cut shows.
const RIM_PX: f64 = 8.0;
/// What is smaller in both directions is left out.
const ISLAND_PX_MIN: f64 = 1.0;
/// Far away, a line that turns by more about the middle of the map is drawn in parts.
const TURN_MAX_RAD: f64 = 0.1;

/// Returns whether a view shows land at all; close-ups do not.
pub fn is_shown(view: &View) -> bool {
    view.px_per_m * METRES_PER_PX_MIN <= 1.0
}

/// Returns the land of a view, or nothing where the view is closer than the coasts are true.
pub fn land(view: &View) -> Markup {
    if !is_shown(view) {
        return html! {};
    }
    html! { (path(&outline(view), "land")) }
}

/// The `d` of all land in a view.
fn outline(view: &View) -> String {
    let area = view.area;
    let rim = Area {
        left: area.left - RIM_PX,
        top: area.top - RIM_PX,
        right: area.right + RIM_PX,
        bottom: area.bottom + RIM_PX,
    };
    let globe = Globe::new(view, rim);
    let mut out = String::new();
    for ring in land::rings() {
        for shape in globe.shapes(ring) {
            let shape: Vec<_> = shape.into_iter().map(|point| view.on_drawing(point)).collect();
            let Some(bounds) = bounds(&shape).filter(|bounds| bounds.overlaps(&rim)) else {
                continue;
            };
            if bounds.width() < ISLAND_PX_MIN && bounds.height() < ISLAND_PX_MIN {
                continue;
            }
            put(&mut out, &clip(&shape, rim));
        }
    }
    out
}

fn bounds(points: &[[f64; 2]]) -> Option<Area> {
    let first = points.first()?;
    let start = Area {
        left: first[0],
        top: first[1],
        right: first[0],
        bottom: first[1],
    };
    Some(points.iter().fold(start, |area, &[x, y]| Area {
        left: area.left.min(x),
        top: area.top.min(y),
        right: area.right.max(x),
        bottom: area.bottom.max(y),
    }))
}

/// The Earth as seen from above the middle of a map.
struct Globe<'a> {
    view: &'a View,
    up: Vector3<f64>,
    east: Vector3<f64>,
    north: Vector3<f64>,
    /// Cosine of the angle from the middle within which a coast must have a corner to be projected exactly.
    near_cos: f64,
}

impl<'a> Globe<'a> {
    fn new(view: &'a View, rim: Area) -> Self {
        let middle = view.middle;
        let ((sin_lat, cos_lat), (sin_lon, cos_lon)) = (sin_cos(middle.lat_rad), sin_cos(middle.lon_rad));
        let reach_m = [
            [rim.left, rim.top],
            [rim.right, rim.top],
            [rim.left, rim.bottom],
            [rim.right, rim.bottom],
        ]
        .into_iter()
        .map(|corner| view.on_plane(corner))
        .fold(0.0, |reach: f64, [x, y]| reach.max(hypot(x, y)));
        // Ellipsoid and sphere differ by less than a hundredth.
        let near_rad = (reach_m * 1.02 / RADIUS_M).min(PI);
        Self {
            view,
            up: land::unit(middle),
            east: Vector3::new(-sin_lon, cos_lon, 0.0),
            north: Vector3::new(-sin_lat * cos_lon, -sin_lat * sin_lon, cos_lat),
            near_cos: geo::math::cos(near_rad),
        }
    }

    /// Distance from the middle and direction (anticlockwise from east) of a corner.
    fn polar(&self, corner: &Corner, is_exact: bool) -> [f64; 2] {
        if is_exact {
            let [x, y] = forward(self.view.middle, corner.place);
            return [hypot(x, y), atan2(y, x)];
        }
        let up = corner.unit.dot(&self.up);
        let (east, north) = (corner.unit.dot(&self.east), corner.unit.dot(&self.north));
        [RADIUS_M * atan2(hypot(east, north), up), atan2(north, east)]
    }

    /// The ring on the plane. Where it lies round the far side of the Earth its inside comes to lie outside; the whole
    /// Earth, as a second ring, sets that right under the non-zero rule.
    fn shapes(&self, ring: &Ring) -> Vec<Vec<Plane>> {
        let is_exact = ring.corners.iter().any(|c| c.unit.dot(&self.up) >= self.near_cos);
        let places: Vec<[f64; 2]> = ring.corners.iter().map(|c| self.polar(c, is_exact)).collect();
        let mut shape: Vec<Plane> = Vec::with_capacity(places.len());
        let (mut total_m2, mut total_rad) = (0.0, 0.0);
        for (from, to) in places.iter().zip(places.iter().cycle().skip(1)) {
            let turn = geo::angle::wrap_pi(to[1] - from[1]);
            total_rad += turn;
            // A straight line between far places would cross the map.
            let is_far = from[0].min(to[0]) > 0.25 * PI * RADIUS_M;
            let parts = if is_far {
                (turn.abs() / TURN_MAX_RAD).ceil().max(1.0)
            } else {
                1.0
            };
            for part in 0..parts as usize {
                let share = part as f64 / parts;
                let (sin, cos) = sin_cos(from[1] + share * turn);
                let distance_m = from[0] + share * (to[0] - from[0]);
                shape.push([distance_m * cos, distance_m * sin]);
            }
        }
        for (a, b) in shape.iter().zip(shape.iter().cycle().skip(1)) {
            total_m2 += (a[0] * b[1] - b[0] * a[1]) / 2.0;
        }
        // Land lies to the right, so a coast turns right and a hole left, unless it goes round the far side.
        if total_rad.abs() < PI || (total_m2 > 0.0) == ring.is_hole {
            return vec![shape];
        }
        let sign = if total_m2 > 0.0 { -1.0 } else { 1.0 };
        let earth = (0..180)
            .map(|i| sin_cos(sign * f64::from(i) * PI / 90.0))
            .map(|(sin, cos)| [PI * RADIUS_M * cos, PI * RADIUS_M * sin]);
        vec![shape, earth.collect()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::Geodetic;

    const AREA: Area = Area {
        left: 0.0,
        top: 0.0,
        right: 800.0,
        bottom: 500.0,
    };

    fn view(lat_deg: f64, lon_deg: f64, width_m: f64) -> View {
        View {
            middle: Geodetic::from_degrees(lat_deg, lon_deg, 0.0),
            centre: [0.0, 0.0],
            px_per_m: 800.0 / width_m,
            area: AREA,
        }
    }

    /// Reads a path of `M`, `l` and `z` back into rings.
    fn rings_of(d: &str) -> Vec<Vec<[f64; 2]>> {
        d.split_terminator('z')
            .map(|ring| {
                let (start, steps) = ring[1..].split_once('l').unwrap();
                let (mut at, mut out) = ([0.0; 2], Vec::new());
                let spaced = format!("{start} {steps}").replace('-', " -");
                let numbers: Vec<f64> = spaced.split_whitespace().map(|n| n.parse().unwrap()).collect();
                for pair in numbers.chunks(2) {
                    at = [at[0] + pair[0], at[1] + pair[1]];
                    out.push(at);
                }
                out
            })
            .collect()
    }

    /// Whether a drawing's non-zero rule fills a pixel.
    fn is_land(rings: &[Vec<[f64; 2]>], [x, y]: [f64; 2]) -> bool {
        let mut winding = 0;
        for ring in rings {
            for (a, b) in ring.iter().zip(ring.iter().cycle().skip(1)) {
                let side = (b[0] - a[0]) * (y - a[1]) - (x - a[0]) * (b[1] - a[1]);
                if a[1] <= y && b[1] > y && side > 0.0 {
                    winding += 1;
                } else if a[1] > y && b[1] <= y && side < 0.0 {
                    winding -= 1;
                }
            }
        }
        winding != 0
    }

    const PLACES: [(&str, f64, f64, bool); 16] = [
        ("Seoul", 37.57, 127.0, true),
        ("Tokyo", 35.7, 139.6, true),
        ("Pyongyang", 39.0, 125.75, true),
        ("Sea of Japan", 40.0, 134.5, false),
        ("Yellow Sea", 36.0, 123.5, false),
        ("White Sands", 32.4, -106.3, true),
        ("Astana, amid Eurasia", 51.2, 71.4, true),
        ("Caspian Sea", 42.0, 50.5, false),
        ("South Pole", -89.0, 0.0, true),
        ("North Pole", 89.0, 0.0, false),
        ("Pacific at the dateline", 0.0, 180.0, false),
        ("Chukotka across the dateline", 67.0, 179.0, true),
        ("Wrangel Island", 71.2, 180.0, true),
        ("Antipode of Seoul", -37.57, -53.0, false),
        ("Alice Springs", -23.7, 133.9, true),
        ("Antipode of Alice Springs", 23.7, -46.1, false),
    ];

    #[test]
    fn land_is_land_and_sea_is_sea_at_every_scale_and_from_everywhere() {
        for (middle, lat, lon, _) in PLACES {
            for width_m in [1e5, 2e6, 1.2e7, 6.4e7].into_iter().filter(|&w| w < 6e7 || lat < 0.0) {
                let view = view(lat, lon, width_m);
                let rings = rings_of(&outline(&view));
                for (name, lat, lon, expected) in PLACES {
                    let pixel = view.pixel(Geodetic::from_degrees(lat, lon, 0.0));
                    // The antipode is no point but a circle.
                    let is_far = view.px_per_m * 1.99e7 < hypot(pixel[0] - 400.0, pixel[1] - 250.0);
                    if AREA.contains(pixel) && !is_far {
                        assert_eq!(
                            is_land(&rings, pixel),
                            expected,
                            "{name} at {pixel:?} of {width_m} m about {middle}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn what_is_drawn_stays_near_the_frame_and_small() {
        for width_m in [2e5, 2e6, 2e7, 6e7] {
            let d = outline(&view(38.0, 133.0, width_m));
            for [x, y] in rings_of(&d).concat() {
                assert!((-8.2..=808.2).contains(&x) && (-8.2..=508.2).contains(&y), "{x} {y}");
            }
            assert!(d.len() < 70_000, "{} bytes at {width_m} m", d.len());
        }
    }

    #[test]
    fn a_close_up_claims_no_coast() {
        assert!(land(&view(38.0, 133.0, 4e4)).into_string().is_empty());
    }
}
