//! Margins on a grid, and the shapes that their zero lines enclose.

use std::f64::consts::PI;

use contour::{ContourBuilder, Pt};
use geo::math::hypot;
use geo::{Geodetic, destination};

use super::{Shape, Viewer};
use crate::report::projection::{Plane, forward, inverse, middle};

/// The margin of a place that cannot be: far outside.
pub const OUTSIDE_M: f64 = -1e8;
/// Points of the grid along its longer side.
const POINTS: f64 = 320.0;
/// Directions and distances in which the reach of a sensor is sought.
const DIRECTIONS: u32 = 72;
const DISTANCES: u32 = 160;
/// The Earth's far side lies about this far from any middle.
const FAR_M: f64 = PI * 6_356_000.0;
/// The least half width of a grid.
const HALF_MIN_M: f64 = 2e4;

/// Equal steps in the plane about the middle of the scene (azimuthal equidistant).
pub struct Grid {
    middle: Geodetic,
    /// The first point of the first row: west and south.
    origin: Plane,
    step_m: f64,
    columns: usize,
    rows: usize,
}

impl Grid {
    /// Makes a grid that holds all that sensors see at a height.
    pub fn about(viewers: &[Viewer], height_m: f64) -> Self {
        let mut places: Vec<Geodetic> = viewers.iter().map(|viewer| viewer.site.geodetic()).collect();
        for viewer in viewers {
            places.extend(reach(viewer, height_m));
        }
        let middle = middle(&places);
        let (mut low, mut high) = ([f64::MAX; 2], [f64::MIN; 2]);
        for place in places {
            let point = forward(middle, place);
            for axis in 0..2 {
                low[axis] = low[axis].min(point[axis]);
                high[axis] = high[axis].max(point[axis]);
            }
        }
        let centre = [0, 1].map(|axis| 0.5 * (low[axis] + high[axis]));
        let half = [0, 1].map(|axis| (0.53 * (high[axis] - low[axis])).max(HALF_MIN_M));
        let step_m = 2.0 * half[0].max(half[1]) / POINTS;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a few hundred at most"
        )]
        let count = |axis: usize| (2.0 * half[axis] / step_m).ceil() as usize + 3;
        Self {
            middle,
            origin: [centre[0] - half[0] - step_m, centre[1] - half[1] - step_m],
            step_m,
            columns: count(0),
            rows: count(1),
        }
    }

    /// Returns the margins of all sensors at each point, row by row from the south-west.
    pub fn values(&self, margins: impl Fn(Geodetic) -> Vec<f64>) -> Vec<Vec<f64>> {
        let mut out = Vec::with_capacity(self.columns * self.rows);
        for row in 0..self.rows {
            for column in 0..self.columns {
                let point = self.point(column as f64, row as f64);
                let mut at = margins(inverse(self.middle, point));
                if hypot(point[0], point[1]) > FAR_M {
                    at.fill(OUTSIDE_M);
                }
                out.push(at);
            }
        }
        out
    }

    fn point(&self, column: f64, row: f64) -> Plane {
        [
            self.origin[0] + column * self.step_m,
            self.origin[1] + row * self.step_m,
        ]
    }

    /// Returns where a field, one value a point, is positive.
    pub fn shape(&self, field: &[f64]) -> Shape {
        let contours = ContourBuilder::new(self.columns, self.rows, true).contours(field, &[0.0]);
        // The grid and the field are of one size, and one level was asked for.
        let Some(contour) = contours.ok().and_then(|mut list| list.pop()) else {
            return Shape::default();
        };
        let (polygons, _) = contour.into_inner();
        let rings = polygons.into_iter().map(|polygon| {
            let (outer, holes) = polygon.into_inner();
            let outer = self.ring(&outer.0, true);
            let holes = holes.iter().map(|hole| self.ring(&hole.0, false));
            std::iter::once(outer).chain(holes).collect()
        });
        Shape::new(rings.collect())
    }
}

impl Grid {
    /// A ring of the library as places, turning anticlockwise or clockwise.
    fn ring(&self, corners: &[Pt], is_anticlockwise: bool) -> Vec<Geodetic> {
        // The library puts values in the middle of unit squares, and repeats the first corner at the end.
        let open = &corners[..corners.len().saturating_sub(1)];
        let turns: f64 = corners.windows(2).map(|ab| ab[0].x * ab[1].y - ab[1].x * ab[0].y).sum();
        let place = |corner: &Pt| inverse(self.middle, self.point(corner.x - 0.5, corner.y - 0.5));
        if (turns > 0.0) == is_anticlockwise {
            open.iter().map(place).collect()
        } else {
            open.iter().rev().map(place).collect()
        }
    }
}

/// The farthest places in view in directions about a sensor.
fn reach(viewer: &Viewer, height_m: f64) -> Vec<Geodetic> {
    let site = viewer.site.geodetic();
    let ground = Geodetic { height_m: 0.0, ..site };
    // Beyond its range, plus what range gains over ground with height, it sees nothing.
    let farthest_m = viewer
        .range_max_m()
        .map_or(FAR_M, |range_m| (range_m * 1.01 + 1e3).min(FAR_M));
    let mut out = Vec::new();
    for direction in 0..DIRECTIONS {
        let azimuth_deg = f64::from(direction) * 360.0 / f64::from(DIRECTIONS);
        let at = |i: u32| destination(ground, azimuth_deg, farthest_m * f64::from(i) / f64::from(DISTANCES));
        let is_seen = |place: Geodetic| viewer.margin_m(Geodetic { height_m, ..place }.to_ecef()) >= 0.0;
        if let Some(last) = (1..=DISTANCES).rev().find(|&i| is_seen(at(i))) {
            out.push(at(last + 1));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::super::Coverage;
    use super::*;
    use geo::angle::RAD_PER_DEG;
    use geo::math::{acos, cos};
    use plot::Sensor;

    const RADIUS_M: f64 = 6_371_009.0;

    fn viewer(name: &str, owner: &str, lat_deg: f64, lon_deg: f64, coverage: plot::Coverage) -> Viewer {
        Viewer::new(&Sensor {
            coverage,
            ..Sensor::new(name, owner, Geodetic::from_degrees(lat_deg, lon_deg, 0.0))
        })
    }

    /// Area of what lies within a central angle.
    fn cap_m2(central_rad: f64) -> f64 {
        2.0 * PI * RADIUS_M * RADIUS_M * (1.0 - cos(central_rad))
    }

    /// Central angle at which a range is reached at a height.
    fn central_rad(range_m: f64, height_m: f64) -> f64 {
        let r = RADIUS_M + height_m;
        acos((RADIUS_M * RADIUS_M + r * r - range_m * range_m) / (2.0 * RADIUS_M * r))
    }

    fn of_range(range_m: f64) -> plot::Coverage {
        plot::Coverage {
            range_max_m: Some(range_m),
            ..plot::Coverage::default()
        }
    }

    #[test]
    fn a_radar_of_a_known_range_sees_a_cap_and_a_sector_its_part() {
        for lat_deg in [0.0, 40.0, 89.0] {
            for (range_m, height_m) in [(4e5, 1e5), (3e6, 8e5)] {
                let expected_m2 = cap_m2(central_rad(range_m, height_m));
                let whole = viewer("a", "x", lat_deg, 179.0, of_range(range_m));
                let sector = plot::Coverage {
                    azimuth_from_rad: Some(350.0 * RAD_PER_DEG),
                    azimuth_to_rad: Some(80.0 * RAD_PER_DEG),
                    ..of_range(range_m)
                };
                let part = viewer("b", "x", lat_deg, 179.0, sector);
                for (viewer, expected_m2) in [(whole, expected_m2), (part, expected_m2 / 4.0)] {
                    let coverage = Coverage::compute(vec![viewer], &[height_m], |_| ());
                    let ratio = coverage.heights[0].together().area_m2() / expected_m2;
                    assert!((ratio - 1.0).abs() < 0.006, "{lat_deg} {range_m} {height_m}: {ratio}");
                }
            }
        }
    }

    #[test]
    fn a_cone_above_the_radar_stays_empty() {
        let ring = plot::Coverage {
            elevation_max_rad: Some(45.0 * RAD_PER_DEG),
            ..of_range(5e5)
        };
        let coverage = Coverage::compute(vec![viewer("a", "x", 37.0, 127.0, ring)], &[1e5], |_| ());
        let shape = coverage.heights[0].together();
        assert_eq!(shape.polygons().len(), 1);
        assert_eq!(shape.polygons()[0].len(), 2, "an outer ring and a hole");
        // 45 degrees of elevation at 100 km of height: 97 km of ground.
        let hole_m2 = cap_m2(central_rad(5e5, 1e5)) - shape.area_m2();
        assert!((hole_m2 / (PI * 9.69e4 * 9.69e4) - 1.0).abs() < 0.03, "{hole_m2}");
    }

    #[test]
    fn what_two_see_and_what_only_one_sees_make_up_what_each_sees() {
        let viewers = vec![
            viewer("a", "x", 37.0, 127.0, of_range(6e5)),
            viewer("b", "y", 37.0, 131.0, of_range(6e5)),
            viewer("c", "y", 37.5, 132.0, of_range(3e5)),
        ];
        let coverage = Coverage::compute(viewers, &[5e4, 1e3], |_| ());
        for at in &coverage.heights {
            let area = Shape::area_m2;
            let sum = area(&at.only[0]) + area(&at.only[1]) + area(&at.shared);
            assert!((sum / area(at.together()) - 1.0).abs() < 1e-3);
            for i in 0..2 {
                let own = area(&at.only[i]) + area(&at.shared);
                assert!((own / area(&at.owners[i]) - 1.0).abs() < 1e-3);
            }
            let [one, two, three] = [0, 1, 2].map(|i| area(&at.radars[i]));
            assert!(one > two && two > three);
            assert_eq!(at.shared, at.common);
        }
        assert!(coverage.heights[0].best() == Some(1) && coverage.owners.len() == 2);
    }

    #[test]
    fn radars_all_around_the_earth_leave_no_gap_at_a_great_height() {
        let sites = [(0.0, 0.0), (0.0, 120.0), (0.0, -120.0), (89.0, 0.0), (-89.0, 0.0)];
        let viewers = sites.map(|(lat, lon)| viewer(&format!("{lat} {lon}"), "x", lat, lon, plot::Coverage::default()));
        let coverage = Coverage::compute(viewers.to_vec(), &[3.6e7], |_| ());
        let ratio = coverage.heights[0].together().area_m2() / (4.0 * PI * RADIUS_M * RADIUS_M);
        assert!((0.97..1.01).contains(&ratio), "{ratio}");
    }
}
