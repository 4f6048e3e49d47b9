//! Polygons on the ellipsoid, their area, and their coordinates in files.

use std::f64::consts::TAU;

use geo::Geodetic;
use geo::angle::wrap_pi;
use geo::antimeridian::unrolled;
use geo::earth::{ECCENTRICITY_SQUARED, SEMI_MAJOR_AXIS_M};
use geo::math::{ln, sin};

/// A ring of corners `[lon_deg, lat_deg]`, closed.
pub type LonLatRing = Vec<[f64; 2]>;

/// A part of the Earth's surface: polygons, each an outer ring and the holes in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shape {
    polygons: Vec<Vec<Vec<Geodetic>>>,
    area_m2: f64,
}

impl Shape {
    /// Makes a shape of polygons: first the outer ring of each, then its holes. Seen from above, what belongs to the
    /// shape lies to the left of every ring: outer rings turn anticlockwise, holes clockwise.
    pub fn new(polygons: Vec<Vec<Vec<Geodetic>>>) -> Self {
        let size = |rings: &Vec<Vec<Geodetic>>| {
            let mut areas = rings.iter().map(|ring| area_to_the_left_m2(ring));
            let outer = areas.next().unwrap_or(0.0);
            areas.fold(outer, |left, around| left - (earth_m2() - around))
        };
        Self {
            area_m2: polygons.iter().map(size).sum(),
            polygons,
        }
    }

    /// Its area on the ellipsoid.
    pub fn area_m2(&self) -> f64 {
        self.area_m2
    }

    /// Its polygons: an outer ring and its holes each.
    pub fn polygons(&self) -> &[Vec<Vec<Geodetic>>] {
        &self.polygons
    }

    /// All its corners.
    pub fn corners(&self) -> impl Iterator<Item = Geodetic> {
        self.polygons.iter().flatten().flatten().copied()
    }

    /// Returns the coordinates of a GeoJSON `MultiPolygon`: outer rings anticlockwise, holes clockwise, closed.
    ///
    /// Longitudes run on beyond ±180° rather than jump. A ring round a pole is led along the pole.
    /// Source: RFC 7946, section 3.1.6.
    pub fn lon_lat(&self) -> Vec<Vec<LonLatRing>> {
        let ring = |(i, ring): (usize, &Vec<Geodetic>)| lon_lat(ring, i == 0);
        let polygon = |rings: &Vec<Vec<Geodetic>>| rings.iter().enumerate().map(ring).collect();
        self.polygons.iter().map(polygon).collect()
    }
}

/// Area over 2π of the ellipsoid between the equator and a latitude, in units of the square of the semi-major axis.
///
/// Source: Snyder, Map projections: a working manual (1987), USGS PP 1395, equation 3-12 (half of `q`).
fn zone(lat_rad: f64) -> f64 {
    let e = ECCENTRICITY_SQUARED.sqrt();
    let s = sin(lat_rad);
    let slope = s / (1.0 - ECCENTRICITY_SQUARED * s * s) - ln((1.0 - e * s) / (1.0 + e * s)) / (2.0 * e);
    0.5 * (1.0 - ECCENTRICITY_SQUARED) * slope
}

/// The area to the left of a ring whose corners are close together, in the equal-area cylindrical projection.
fn area_to_the_left_m2(ring: &[Geodetic]) -> f64 {
    let (mut sum, mut turn) = (0.0, 0.0);
    for (a, b) in ring.iter().zip(ring.iter().cycle().skip(1)) {
        let step = wrap_pi(b.lon_rad - a.lon_rad);
        sum -= 0.5 * step * (zone(a.lat_rad) + zone(b.lat_rad));
        turn += step;
    }
    // Eastwards round the Earth the north is to the left, westwards the south: up to that pole.
    if turn.abs() > 0.5 * TAU {
        sum += turn.abs() * zone(0.25 * TAU);
    }
    let area_m2 = sum * SEMI_MAJOR_AXIS_M * SEMI_MAJOR_AXIS_M;
    if area_m2 < 0.0 { area_m2 + earth_m2() } else { area_m2 }
}

/// The area of the ellipsoid.
fn earth_m2() -> f64 {
    2.0 * TAU * zone(0.25 * TAU) * SEMI_MAJOR_AXIS_M * SEMI_MAJOR_AXIS_M
}

fn lon_lat(ring: &[Geodetic], is_outer: bool) -> LonLatRing {
    let corners = ring.iter().map(|corner| [corner.lon_deg(), corner.lat_deg()]);
    let mut out: LonLatRing = unrolled(corners);
    out.extend(out.first().copied());
    let turns: f64 = out.windows(2).map(|ab| ab[0][0] * ab[1][1] - ab[1][0] * ab[0][1]).sum();
    if (turns > 0.0) != is_outer {
        out.reverse();
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::destination;

    fn circle(lat_deg: f64, lon_deg: f64, radius_m: f64) -> Vec<Geodetic> {
        let centre = Geodetic::from_degrees(lat_deg, lon_deg, 0.0);
        // Anticlockwise.
        (0..3_600)
            .map(|i| destination(centre, f64::from(i) * -0.1, radius_m))
            .collect()
    }

    #[test]
    fn a_circle_has_the_area_of_a_cap_at_the_equator_across_the_dateline_and_round_a_pole() {
        for (lat, lon) in [(0.0, 10.0), (45.0, 179.5), (-89.0, 0.0), (90.0, 0.0), (80.0, -60.0)] {
            for radius_m in [1e5, 1e6, 3e6] {
                let shape = Shape::new(vec![vec![circle(lat, lon, radius_m)]]);
                let half = 0.5 * radius_m / 6_371_009.0;
                let cap_m2 = 2.0 * TAU * 6_371_009.0_f64.powi(2) * sin(half) * sin(half);
                let ratio = shape.area_m2() / cap_m2;
                assert!((ratio - 1.0).abs() < 0.008, "{lat} {lon} {radius_m}: {ratio}");
            }
        }
    }

    #[test]
    fn the_whole_ellipsoid_has_its_area() {
        // Source: WGS 84 (NIMA TR8350.2, 2000): equal-area radius 6371007.1809 m.
        assert!((earth_m2() / (2.0 * TAU * 6_371_007.180_9_f64.powi(2)) - 1.0).abs() < 1e-9);
    }

    #[test]
    fn rings_in_files_turn_as_the_standard_asks_and_do_not_jump() {
        let outer = circle(60.0, 179.0, 1e6);
        let mut hole = circle(60.0, 179.0, 3e5);
        hole.reverse();
        let shape = Shape::new(vec![vec![outer, hole]]);
        let cap_m2 = Shape::new(vec![vec![circle(60.0, 179.0, 1e6)]]).area_m2();
        assert!((shape.area_m2() / cap_m2 - 0.91).abs() < 2e-3);
        let rings = &shape.lon_lat()[0];
        let turns = |ring: &LonLatRing| {
            ring.windows(2)
                .map(|ab| ab[0][0] * ab[1][1] - ab[1][0] * ab[0][1])
                .sum::<f64>()
        };
        assert!(turns(&rings[0]) > 0.0 && turns(&rings[1]) < 0.0);
        for ring in rings {
            assert_eq!(ring.first(), ring.last());
            assert!(ring.windows(2).all(|ab| (ab[0][0] - ab[1][0]).abs() < 5.0));
        }
        let mut all_but = circle(60.0, 179.0, 1e6);
        all_but.reverse();
        assert!((Shape::new(vec![vec![all_but]]).area_m2() + cap_m2 - earth_m2()).abs() < 1.0);
        let polar = Shape::new(vec![vec![circle(85.0, 0.0, 1e6)]]);
        assert!(polar.lon_lat()[0][0].iter().any(|corner| corner[1] == 90.0));
    }
}
