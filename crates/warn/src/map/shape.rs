//! The outline of a place on the ground.

use geo::{Geodetic, geodesic};

use crate::plane::Plane;

/// Rings, outer ones and holes alike, each in degrees `[lon, lat]`, its first corner not again at its end; and a circle
/// that holds them all.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Shape {
    pub rings: Vec<Vec<[f64; 2]>>,
    pub middle: Geodetic,
    pub radius_m: f64,
}

/// Longer edges get corners between: in a map file an edge is straight in degrees, not on the Earth.
const EDGE_MAX_DEG: f64 = 1.0;
/// A map file that would have more corners is no map.
const CORNERS_MAX: usize = 4_000_000;
/// A place that is a point is a disc of this radius.
const POINT_M: f64 = 5_000.0;

/// What is wrong with a ring.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum RingFault {
    /// No ring has so few corners.
    #[error("a ring has {0} corners, expected 3 or more")]
    Corners(usize),
    /// A corner that is nowhere.
    #[error("a corner is at longitude {0}, latitude {1}, expected degrees from -540 to 540 and from -90 to 90")]
    Nowhere(f64, f64),
    /// No memory for it.
    #[error("it has more than {CORNERS_MAX} corners")]
    TooMany,
    /// Nothing in it.
    #[error("it has no ring")]
    Empty,
}

impl Shape {
    /// Of polygons: each an outer ring, then its holes, in any direction, closed or not.
    pub fn new(polygons: Vec<Vec<Vec<[f64; 2]>>>) -> Result<Self, RingFault> {
        let mut rings = Vec::new();
        let (mut corners, mut collapsed) = (0, None);
        for polygon in polygons {
            for (index, ring) in polygon.into_iter().enumerate() {
                // An island smaller than the grid of the file has no extent in it, and costs nothing.
                let ring = match tidied(ring, index == 0) {
                    Err(fault @ RingFault::Corners(_)) => {
                        collapsed.get_or_insert(fault);
                        continue;
                    }
                    ring => ring?,
                };
                corners += ring.len();
                if corners > CORNERS_MAX {
                    return Err(RingFault::TooMany);
                }
                rings.push(ring);
            }
        }
        if rings.is_empty() {
            return Err(collapsed.unwrap_or(RingFault::Empty));
        }
        let middle = middle(rings.iter().flatten());
        let all = || {
            rings
                .iter()
                .flatten()
                .map(|[lon, lat]| Geodetic::from_degrees(*lat, *lon, 0.0))
        };
        let plane = Plane::new(middle);
        let away_m = |corner| {
            let [east_m, north_m] = plane.point(corner);
            (east_m * east_m + north_m * north_m).sqrt()
        };
        // Edges bulge a little beyond their corners.
        let radius_m = 1.02 * all().map(away_m).fold(0.0, f64::max) + 100.0;
        Ok(Self {
            rings,
            middle,
            radius_m,
        })
    }

    /// Of a point: a disc.
    pub fn disc(lon_deg: f64, lat_deg: f64) -> Result<Self, RingFault> {
        if !(lon_deg.abs() <= 540.0 && lat_deg.abs() <= 90.0) {
            return Err(RingFault::Nowhere(lon_deg, lat_deg));
        }
        let middle = Geodetic::from_degrees(lat_deg, lon_deg, 0.0);
        let ring = (0..24).map(|at| {
            let corner = geo::destination(middle, -15.0 * f64::from(at), POINT_M);
            [corner.lon_deg(), corner.lat_deg()]
        });
        Ok(Self {
            rings: vec![ring.collect()],
            middle,
            radius_m: POINT_M + 100.0,
        })
    }

    /// Whether any of it may be within a distance of a place.
    pub fn may_be_within(&self, place: Geodetic, distance_m: f64) -> bool {
        // Much cheaper than a geodesic, and never longer by more than 0.6 %.
        let [a, b] = [self.middle, place].map(|place| place.to_ecef().to_array());
        let chord_m = ((a[0] - b[0]).powi(2) + (a[1] - b[1]).powi(2) + (a[2] - b[2]).powi(2)).sqrt();
        if chord_m > self.radius_m + distance_m {
            return false;
        }
        geodesic(self.middle, place).distance_m <= self.radius_m + distance_m
    }
}

/// A ring without its last corner if that is the first, in the direction that is wanted, no edge too long.
fn tidied(mut ring: Vec<[f64; 2]>, is_outer: bool) -> Result<Vec<[f64; 2]>, RingFault> {
    if ring.len() > 1 && ring.first() == ring.last() {
        ring.pop();
    }
    if ring.len() < 3 {
        return Err(RingFault::Corners(ring.len()));
    }
    if let Some([lon, lat]) = ring
        .iter()
        .find(|[lon, lat]| !(lon.abs() <= 540.0 && lat.abs() <= 90.0))
    {
        return Err(RingFault::Nowhere(*lon, *lat));
    }
    let mut dense = Vec::with_capacity(ring.len());
    for at in 0..ring.len() {
        let (a, b) = (ring[at], ring[(at + 1) % ring.len()]);
        let (east, north) = (shorter_deg(b[0] - a[0]), b[1] - a[1]);
        let parts = (east.abs().max(north.abs()) / EDGE_MAX_DEG).ceil().max(1.0);
        for part in 0..parts as usize {
            let share = part as f64 / parts;
            dense.push([a[0] + share * east, a[1] + share * north]);
        }
        if dense.len() > CORNERS_MAX {
            return Err(RingFault::TooMany);
        }
    }
    if is_clockwise(&dense) == is_outer {
        dense.reverse();
    }
    Ok(dense)
}

/// On the ground, not in degrees: a ring may cross the date line or hold a pole.
fn is_clockwise(ring: &[[f64; 2]]) -> bool {
    let plane = Plane::new(middle(ring.iter()));
    let points: Vec<[f64; 2]> = ring
        .iter()
        .map(|[lon, lat]| plane.point(Geodetic::from_degrees(*lat, *lon, 0.0)))
        .collect();
    let twice: f64 = (0..points.len())
        .map(|at| {
            let (a, b) = (points[at], points[(at + 1) % points.len()]);
            a[0] * b[1] - b[0] * a[1]
        })
        .sum();
    twice < 0.0
}

/// The place in the middle of corners.
fn middle<'a>(corners: impl Iterator<Item = &'a [f64; 2]>) -> Geodetic {
    let sum = corners.fold([0.0; 3], |sum, [lon, lat]| {
        let at = Geodetic::from_degrees(*lat, *lon, 0.0).to_ecef().to_array();
        [sum[0] + at[0], sum[1] + at[1], sum[2] + at[2]]
    });
    Geodetic {
        height_m: 0.0,
        ..Geodetic::from_ecef(geo::Position::new(sum[0], sum[1], sum[2]))
    }
}

/// A difference of longitudes the shorter way round: no map has an edge longer than half a parallel.
fn shorter_deg(east_deg: f64) -> f64 {
    east_deg - 360.0 * (east_deg / 360.0).round()
}
