//! The map's projection: azimuthal equidistant about the middle of the scene, on the ellipsoid.
//!
//! Distances and directions from the middle are true, and neither the dateline nor a pole is special. Source: Snyder,
//! Map projections: a working manual (1987), USGS PP 1395, chapter 25, here with geodesics instead of a sphere.

use geo::math::{atan2, hypot, sin_cos};
use geo::{Geodetic, geodesic};

use super::svg::Area;

/// Metres east and north of the middle.
pub type Plane = [f64; 2];

/// Returns the middle of places: the direction of the sum of their unit vectors.
pub fn middle(places: &[Geodetic]) -> Geodetic {
    let mut sum = [0.0; 3];
    for place in places {
        let ((sin_lat, cos_lat), (sin_lon, cos_lon)) = (sin_cos(place.lat_rad), sin_cos(place.lon_rad));
        sum[0] += cos_lat * cos_lon;
        sum[1] += cos_lat * sin_lon;
        sum[2] += sin_lat;
    }
    Geodetic {
        lat_rad: atan2(sum[2], hypot(sum[0], sum[1])),
        lon_rad: atan2(sum[1], sum[0]),
        height_m: 0.0,
    }
}

/// Returns a place on the plane about a middle.
pub fn forward(middle: Geodetic, place: Geodetic) -> Plane {
    let line = geodesic(middle, place);
    let (sin, cos) = sin_cos(line.azimuth_from_deg * geo::angle::RAD_PER_DEG);
    [line.distance_m * sin, line.distance_m * cos]
}

/// Returns the place of a point of the plane.
pub fn inverse(middle: Geodetic, [east_m, north_m]: Plane) -> Geodetic {
    let azimuth_deg = atan2(east_m, north_m) / geo::angle::RAD_PER_DEG;
    geo::destination(middle, azimuth_deg, hypot(east_m, north_m))
}

/// A view of the plane on an area of the drawing.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct View {
    /// The middle of the projection, as a place.
    pub middle: Geodetic,
    /// The point of the plane in the middle of the area.
    pub centre: Plane,
    /// Pixels in a metre.
    pub px_per_m: f64,
    /// Where it is drawn.
    pub area: Area,
}

impl View {
    /// Makes the view that shows all places with a margin, at least `span_min_m` wide and high.
    pub fn fit(places: &[Geodetic], area: Area, margin: f64, span_min_m: f64) -> Self {
        let middle = middle(places);
        let (mut low, mut high) = ([f64::MAX; 2], [f64::MIN; 2]);
        for place in places {
            let point = forward(middle, *place);
            for axis in 0..2 {
                low[axis] = low[axis].min(point[axis]);
                high[axis] = high[axis].max(point[axis]);
            }
        }
        let span = |axis: usize| ((high[axis] - low[axis]) * (1.0 + 2.0 * margin)).max(span_min_m);
        Self {
            middle,
            centre: [(low[0] + high[0]) / 2.0, (low[1] + high[1]) / 2.0],
            px_per_m: (area.width() / span(0)).min(area.height() / span(1)),
            area,
        }
    }

    /// The pixel of a point of the plane.
    pub fn on_drawing(&self, [east_m, north_m]: Plane) -> [f64; 2] {
        [
            (self.area.left + self.area.right) / 2.0 + (east_m - self.centre[0]) * self.px_per_m,
            (self.area.top + self.area.bottom) / 2.0 - (north_m - self.centre[1]) * self.px_per_m,
        ]
    }

    /// The point of the plane at a pixel.
    pub fn on_plane(&self, [x, y]: [f64; 2]) -> Plane {
        [
            (x - (self.area.left + self.area.right) / 2.0) / self.px_per_m + self.centre[0],
            ((self.area.top + self.area.bottom) / 2.0 - y) / self.px_per_m + self.centre[1],
        ]
    }

    /// The pixel of a place.
    pub fn pixel(&self, place: Geodetic) -> [f64; 2] {
        self.on_drawing(forward(self.middle, place))
    }

    /// The place of a pixel.
    pub fn place(&self, pixel: [f64; 2]) -> Geodetic {
        inverse(self.middle, self.on_plane(pixel))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AREA: Area = Area {
        left: 0.0,
        top: 0.0,
        right: 800.0,
        bottom: 500.0,
    };

    #[test]
    fn pixels_and_places_are_inverse_across_dateline_and_pole() {
        for places in [
            [
                Geodetic::from_degrees(52.0, 179.0, 0.0),
                Geodetic::from_degrees(50.0, -179.0, 0.0),
            ],
            [
                Geodetic::from_degrees(89.5, 0.0, 0.0),
                Geodetic::from_degrees(89.5, 180.0, 0.0),
            ],
            [
                Geodetic::from_degrees(-12.0, -70.0, 0.0),
                Geodetic::from_degrees(-9.0, -40.0, 0.0),
            ],
        ] {
            let view = View::fit(&places, AREA, 0.1, 1e3);
            for place in places {
                let pixel = view.pixel(place);
                assert!(AREA.contains(pixel), "{pixel:?}");
                let back = view.place(pixel);
                assert!(geodesic(back, place).distance_m < 0.01, "{place:?} {back:?}");
            }
            // Two degrees across the dateline stay two degrees, not 358.
            assert!(800.0 / view.px_per_m < 6e6);
        }
    }

    #[test]
    fn distance_from_the_middle_is_true() {
        let here = Geodetic::from_degrees(33.0, -106.0, 0.0);
        let [east_m, north_m] = forward(here, geo::destination(here, 30.0, 1e6));
        assert!((hypot(east_m, north_m) - 1e6).abs() < 1e-3);
        assert!((east_m - 5e5).abs() < 1e-3);
    }
}
