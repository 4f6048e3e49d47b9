//! `areas.toml`: named areas on the ellipsoid, circles and polygons.
//!
//! An area holds all heights above it. A circle is a centre and the length of the shortest path to it. The edges of a
//! polygon lie in planes through the Earth's centre: seen from there they are straight, and a few metres beside the
//! shortest path on 300 km.

use std::sync::Arc;

use geo::earth::SEMI_MINOR_AXIS_M;
use geo::{Ecef, Geodetic, Position, geodesic};
use toml::de::{DeTable, DeValue};

use super::fault::{Fault, Reason};
use super::files::Text;
use super::keys::{Keys, is_name, number};

/// The most areas a version may have.
pub const AREAS_MAX: usize = 128;
/// The most corners a polygon may have.
pub const CORNERS_MAX: usize = 256;
/// The largest radius of a circle.
pub const RADIUS_M_MAX: f64 = 5_000e3;
/// How far from its middle a corner of a polygon may lie, as the cosine of the angle at the Earth's centre: 60°.
const COS_REACH_MIN: f64 = 0.5;
/// The smallest radius of curvature of the ellipsoid, that of the meridian at the equator, rounded down.
const CURVATURE_M_MIN: f64 = 6_335_439.0;

/// One named area.
#[derive(Clone, Debug, PartialEq)]
pub struct Area {
    /// Its name, as rules have it.
    pub name: Arc<str>,
    shape: Shape,
    /// Unit vector to its middle.
    middle: [f64; 3],
    /// All of it lies within this angle of the middle, seen from the Earth's centre.
    reach_rad: f64,
}

#[derive(Clone, Debug, PartialEq)]
enum Shape {
    Circle {
        centre: Geodetic,
        at: Position<Ecef>,
        radius_m: f64,
    },
    Polygon {
        east: [f64; 3],
        north: [f64; 3],
        corners: Vec<[f64; 2]>,
    },
}

/// A place as areas are asked about it.
#[derive(Copy, Clone, Debug)]
pub struct Spot {
    place: Geodetic,
    at: Position<Ecef>,
}

impl Spot {
    /// The point of the ellipsoid under or over a place.
    pub fn new(place: Geodetic) -> Self {
        let place = Geodetic { height_m: 0.0, ..place };
        Self {
            place,
            at: place.to_ecef(),
        }
    }
}

impl Area {
    /// Whether a place is in the area, its edge included for circles.
    pub fn holds(&self, spot: &Spot) -> bool {
        match &self.shape {
            Shape::Circle { centre, at, radius_m } => {
                let chord_m = (spot.at - *at).norm();
                if chord_m > *radius_m {
                    return false;
                }
                // A path on a surface that nowhere bends more than this is at most so long for its chord (Schur).
                let longest_m = 2.0 * CURVATURE_M_MIN * geo::math::asin(chord_m / (2.0 * CURVATURE_M_MIN));
                longest_m <= *radius_m || geodesic(*centre, spot.place).distance_m <= *radius_m
            }
            Shape::Polygon { east, north, corners } => {
                let at = spot.at.to_array();
                let up = dot(at, self.middle);
                up > 0.0 && is_inside(corners, [dot(at, *east) / up, dot(at, *north) / up])
            }
        }
    }

    /// Whether all of it is surely in another: it is the same, or a circle in a circle.
    pub fn is_within(&self, other: &Self) -> bool {
        match (&self.shape, &other.shape) {
            (
                Shape::Circle { centre, radius_m, .. },
                Shape::Circle {
                    centre: other,
                    radius_m: wide_m,
                    ..
                },
            ) => geodesic(*centre, *other).distance_m + radius_m <= *wide_m,
            (shape, other) => shape == other,
        }
    }

    /// Whether it covers the same places as another, whatever their names.
    pub fn is_same_as(&self, other: &Self) -> bool {
        self.shape == other.shape
    }

    /// Whether no place can be in both, as far as can be told from the caps around them.
    pub fn is_apart_from(&self, other: &Self) -> bool {
        let cos = dot(self.middle, other.middle).clamp(-1.0, 1.0);
        geo::math::acos(cos) > self.reach_rad + other.reach_rad + 1e-9
    }
}

fn dot(a: [f64; 3], b: [f64; 3]) -> f64 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn unit(a: [f64; 3]) -> [f64; 3] {
    let norm = dot(a, a).sqrt();
    a.map(|x| x / norm)
}

fn cross(a: [f64; 3], b: [f64; 3]) -> [f64; 3] {
    [
        a[1] * b[2] - a[2] * b[1],
        a[2] * b[0] - a[0] * b[2],
        a[0] * b[1] - a[1] * b[0],
    ]
}

/// Whether a point is inside a polygon of a plane: a ray from it crosses an odd number of edges.
fn is_inside(corners: &[[f64; 2]], [x, y]: [f64; 2]) -> bool {
    edges(corners).fold(false, |inside, ([ax, ay], [bx, by])| {
        let crosses = (ay > y) != (by > y) && x < (bx - ax) * (y - ay) / (by - ay) + ax;
        inside != crosses
    })
}

fn edges(corners: &[[f64; 2]]) -> impl Iterator<Item = ([f64; 2], [f64; 2])> {
    corners.iter().copied().zip(corners.iter().copied().cycle().skip(1))
}

/// Whether two edges that do not follow each other meet.
fn crosses_itself(corners: &[[f64; 2]]) -> bool {
    let side = |[ax, ay]: [f64; 2], [bx, by]: [f64; 2], [x, y]: [f64; 2]| (bx - ax) * (y - ay) - (by - ay) * (x - ax);
    let edges: Vec<_> = edges(corners).collect();
    let n = edges.len();
    (0..n).any(|i| {
        (i + 2..n).filter(|j| i != 0 || *j != n - 1).any(|j| {
            let ((a, b), (c, d)) = (edges[i], edges[j]);
            side(a, b, c) * side(a, b, d) <= 0.0 && side(c, d, a) * side(c, d, b) <= 0.0
        })
    })
}

/// Reads the file; areas that are at fault are noted and left out.
pub(crate) fn read(file: &Text, faults: &mut Vec<Fault>) -> Vec<Area> {
    let mut keys = Keys::new(file, faults);
    let Some(table) = keys.parse() else {
        return Vec::new();
    };
    keys.known(&table, &(0..0), &["area"], &[]);
    let list = keys.list(&table, "area", "[[area]] with two brackets, once for each area");
    let mut areas: Vec<Area> = Vec::new();
    for value in list.iter().take(AREAS_MAX) {
        let span = value.span();
        let Some(entry) = value.get_ref().as_table() else {
            keys.note(span, Some("area"), Reason::Expected("a table of keys"));
            continue;
        };
        let Some(area) = area(&mut keys, entry, &span) else {
            continue;
        };
        if areas.iter().any(|known| known.name == area.name) {
            keys.note(span, Some(&area.name), Reason::NameTwice);
        } else {
            areas.push(area);
        }
    }
    if let Some(excess) = list.get(AREAS_MAX) {
        keys.note(
            excess.span(),
            None,
            Reason::TooMany {
                what: "areas",
                max: AREAS_MAX,
            },
        );
    }
    areas
}

fn area<'a>(keys: &mut Keys<'a>, table: &DeTable<'a>, span: &std::ops::Range<usize>) -> Option<Area> {
    let known = &["name", "lat_deg", "lon_deg", "radius_m", "corners_deg", "note"];
    keys.known(table, span, known, &["name"]);
    let name = keys.text(
        table,
        "name",
        "a name in quotes: 1 to 64 letters, digits, - _ or .",
        is_name,
    )?;
    keys.text(table, "note", "a text in quotes", |_| true);
    let circle = ["lat_deg", "lon_deg", "radius_m"].map(|key| table.contains_key(key));
    match (circle, table.contains_key("corners_deg")) {
        ([true, true, true], false) => {
            let lat_deg = keys.number(table, "lat_deg", "degrees from -90 to 90", -90.0..=90.0);
            let lon_deg = keys.number(table, "lon_deg", "degrees from -180 to 360", -180.0..=360.0);
            let radius_m = keys.number(table, "radius_m", "metres from 1 to 5000000", 1.0..=RADIUS_M_MAX);
            Some(Area::circle(
                name,
                Geodetic::from_degrees(lat_deg?, lon_deg?, 0.0),
                radius_m?,
            ))
        }
        ([false, false, false], true) => {
            let list = keys.list(table, "corners_deg", CORNERS);
            let corners: Option<Vec<Geodetic>> =
                list.iter().take(CORNERS_MAX + 1).map(|v| corner(v.get_ref())).collect();
            let made = match corners {
                None => Err(Reason::Expected(CORNERS)),
                Some(corners) if corners.len() > CORNERS_MAX => Err(Reason::TooMany {
                    what: "corners",
                    max: CORNERS_MAX,
                }),
                Some(corners) => Area::polygon(name.clone(), &corners).map_err(Reason::Shape),
            };
            made.map_err(|reason| keys.note(span.clone(), Some(&name), reason)).ok()
        }
        _ => {
            let expected = Reason::Expected("either lat_deg, lon_deg and radius_m, or corners_deg");
            keys.note(span.clone(), Some(&name), expected);
            None
        }
    }
}

const CORNERS: &str = "at least three corners as [[lat, lon], …] in degrees, from -90 to 90 and -180 to 360";

fn corner(value: &DeValue) -> Option<Geodetic> {
    let pair = value.as_array().filter(|pair| pair.len() == 2)?;
    let (lat_deg, lon_deg) = (number(pair[0].get_ref())?, number(pair[1].get_ref())?);
    let is_there = (-90.0..=90.0).contains(&lat_deg) && (-180.0..=360.0).contains(&lon_deg);
    is_there.then(|| Geodetic::from_degrees(lat_deg, lon_deg, 0.0))
}

impl Area {
    /// Makes a circle.
    pub fn circle(name: Arc<str>, centre: Geodetic, radius_m: f64) -> Self {
        let at = Spot::new(centre).at;
        // Two points that far from the Earth's centre or farther, and that near each other, are seen within this angle.
        let reach_rad = 2.0 * geo::math::asin(radius_m / (2.0 * SEMI_MINOR_AXIS_M));
        Self {
            name,
            shape: Shape::Circle { centre, at, radius_m },
            middle: unit(at.to_array()),
            reach_rad,
        }
    }

    /// Makes a polygon. Errors: in words, where the corners make none.
    pub fn polygon(name: Arc<str>, corners: &[Geodetic]) -> Result<Self, &'static str> {
        if corners.len() < 3 {
            return Err("a polygon has at least three corners");
        }
        let directions: Vec<[f64; 3]> = corners.iter().map(|c| unit(Spot::new(*c).at.to_array())).collect();
        let sum = directions
            .iter()
            .fold([0.0; 3], |sum, d| [sum[0] + d[0], sum[1] + d[1], sum[2] + d[2]]);
        let middle = unit(sum);
        let cos_min = directions.iter().map(|d| dot(*d, middle)).fold(1.0, f64::min);
        if cos_min.is_nan() || cos_min < COS_REACH_MIN {
            return Err("the corners lie more than 60° from their middle: divide the area into several");
        }
        let pole = if middle[2].abs() < 0.9 {
            [0.0, 0.0, 1.0]
        } else {
            [1.0, 0.0, 0.0]
        };
        let east = unit(cross(pole, middle));
        let north = cross(middle, east);
        let plane = |d: &[f64; 3]| [dot(*d, east) / dot(*d, middle), dot(*d, north) / dot(*d, middle)];
        let corners: Vec<[f64; 2]> = directions.iter().map(plane).collect();
        if edges(&corners).any(|(a, b)| a == b) {
            return Err("two corners that follow each other are the same (the first is not repeated at the end)");
        }
        if crosses_itself(&corners) {
            return Err("edges cross or touch: give the corners in order around the area");
        }
        let reach_rad = geo::math::acos(cos_min);
        Ok(Self {
            name,
            shape: Shape::Polygon { east, north, corners },
            middle,
            reach_rad,
        })
    }
}
