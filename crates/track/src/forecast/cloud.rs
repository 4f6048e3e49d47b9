//! From many small beliefs about an arrival to regions and intervals that contain it with a probability.

use std::sync::LazyLock;

use geo::angle::RAD_PER_DEG;
use geo::math::{atan2, ln, sin_cos};
use geo::{Geodetic, destination, geodesic};
use nalgebra::{Matrix2, Matrix3, Vector2, Vector3};

use super::fall::FALL_MAX_S;

/// One small belief about an arrival.
#[derive(Clone, Debug)]
pub(super) struct Spot {
    pub weight: f64,
    /// Seconds from the forecast to the arrival.
    pub after_s: f64,
    pub place: Geodetic,
    /// East, north, up.
    pub velocity_mps: Vector3<f64>,
    /// Of `[east_m, north_m, after_s]` (3×3).
    pub covariance: Matrix3<f64>,
}

/// An ellipse on the ground, and an interval.
#[derive(Copy, Clone, Debug)]
pub(super) struct Area {
    pub centre: Geodetic,
    pub major_m: f64,
    pub minor_m: f64,
    pub azimuth_deg: f64,
    /// Begin, middle and end.
    pub after_s: [f64; 3],
}

/// One possible arrival.
#[derive(Copy, Clone, Debug)]
struct Point {
    place_m: Vector2<f64>,
    after_s: f64,
    weight: f64,
}

/// Points of all spots together, about.
const POINTS: usize = 600;
/// Of one spot, at least and at most.
const POINTS_OF_SPOT: (usize, usize) = (16, 256);
/// Nothing is farther away than the other side of the Earth: what a wide belief says beyond, or later than what comes
/// down at all, is no arrival, and has no part in where and when one is.
const FAR_M: f64 = 2.0e7;
/// Looks for a smaller ellipse.
const ROUNDS: usize = 12;

/// Standard normal points of three dimensions, evenly spread and in pairs about 0: Halton's sequence (1960) by
/// Box and Muller's formula (1958).
static NORMAL: LazyLock<Vec<Vector3<f64>>> = LazyLock::new(|| {
    let normal = |(radius, around): (f64, f64)| {
        let far = (-2.0 * ln(radius)).sqrt();
        let (sin, cos) = sin_cos(std::f64::consts::TAU * around);
        (far * cos, far * sin)
    };
    let one = |i: usize| {
        let (x, y) = normal((halton(i, 2), halton(i, 3)));
        let (z, _) = normal((halton(i, 5), halton(i, 7)));
        Vector3::new(x, y, z)
    };
    (0..POINTS_OF_SPOT.1 / 2)
        .flat_map(|i| [one(i + 21), -one(i + 21)])
        .collect()
});

fn halton(mut index: usize, base: usize) -> f64 {
    let (mut share, mut value) = (1.0, 0.0);
    while index > 0 {
        share /= base as f64;
        value += share * (index % base) as f64;
        index /= base;
    }
    value
}

/// Points about a middle, whose distances and directions from there are true.
pub(super) struct Cloud {
    middle: Geodetic,
    points: Vec<Point>,
}

impl Cloud {
    /// Spreads points; `None` of no spots.
    pub fn new(spots: &[&Spot]) -> Option<Self> {
        let heaviest = spots.iter().max_by(|a, b| a.weight.total_cmp(&b.weight))?;
        let middle = Geodetic {
            height_m: 0.0,
            ..heaviest.place
        };
        let count = (POINTS / spots.len()).clamp(POINTS_OF_SPOT.0, POINTS_OF_SPOT.1) / 2 * 2;
        let mut points = Vec::with_capacity(count * spots.len());
        for spot in spots.iter().filter(|spot| spot.weight > 0.0) {
            let way = geodesic(middle, spot.place);
            let (sin, cos) = sin_cos(way.azimuth_from_deg * RAD_PER_DEG);
            let place_m = Vector2::new(sin, cos) * way.distance_m;
            let turned = if way.distance_m > 1.0 {
                (way.azimuth_from_deg - way.azimuth_to_deg) * RAD_PER_DEG
            } else {
                0.0
            };
            let (sin, cos) = sin_cos(turned);
            // A direction at the spot is so much more clockwise at the middle.
            let turn = Matrix2::new(cos, sin, -sin, cos);
            let floor = Matrix3::from_diagonal(&Vector3::new(1.0, 1.0, 1e-3));
            let Some(factor) = (spot.covariance + floor).cholesky() else {
                continue;
            };
            let factor = factor.l();
            for normal in &NORMAL[..count] {
                let off = factor * normal;
                let far_m = place_m + turn * Vector2::new(off.x, off.y);
                let after_s = spot.after_s + off.z;
                if after_s > FALL_MAX_S.max(spot.after_s) || far_m.norm() > FAR_M.max(place_m.norm()) {
                    continue;
                }
                points.push(Point {
                    place_m: far_m,
                    after_s: after_s.max(0.0),
                    weight: spot.weight / count as f64,
                });
            }
        }
        (!points.is_empty()).then_some(Self { middle, points })
    }

    /// An ellipse, as small as was found, and the interval in the middle, that each contain a part of the points.
    pub fn area(&self, probability: f64) -> Area {
        let all: Vec<bool> = vec![true; self.points.len()];
        // The points of the heaviest spot stand about the middle.
        let near = self.nearest(&Vector2::zeros(), &Matrix2::identity(), probability).0;
        let (a, b) = (self.shrink(all, probability), self.shrink(near, probability));
        let (centre_m, shape) = if b.1.determinant() < a.1.determinant() { b } else { a };
        let half_sum = 0.5 * (shape[(0, 0)] + shape[(1, 1)]);
        let half_difference = 0.5 * (shape[(1, 1)] - shape[(0, 0)]);
        let radius = geo::math::hypot(half_difference, shape[(0, 1)]);
        // From north towards east.
        let azimuth_deg = 0.5 * atan2(shape[(0, 1)], half_difference) / RAD_PER_DEG;
        let away_deg = atan2(centre_m.x, centre_m.y) / RAD_PER_DEG;
        let centre = destination(self.middle, away_deg, centre_m.norm());
        let turned_deg = if centre_m.norm() > 1.0 {
            let way = geodesic(self.middle, centre);
            way.azimuth_to_deg - way.azimuth_from_deg
        } else {
            0.0
        };
        Area {
            centre,
            major_m: (half_sum + radius).max(1.0).sqrt().min(FAR_M),
            minor_m: (half_sum - radius).max(1.0).sqrt().min(FAR_M),
            azimuth_deg: (azimuth_deg + turned_deg).rem_euclid(180.0),
            after_s: self.interval(probability),
        }
    }

    /// Ever smaller ellipses with a part of the points: the points within the last say which is next.
    ///
    /// Source: Rousseeuw & Van Driessen, A fast algorithm for the minimum covariance determinant estimator (1999), the
    /// "C-step", with weights.
    fn shrink(&self, mut kept: Vec<bool>, probability: f64) -> (Vector2<f64>, Matrix2<f64>) {
        let mut best: Option<(Vector2<f64>, Matrix2<f64>)> = None;
        for _ in 0..ROUNDS {
            let (mean, covariance) = self.moments(&kept);
            let (next, scale) = self.nearest(&mean, &covariance, probability);
            let shape = covariance * scale;
            if best.is_none_or(|(_, old)| shape.determinant() < old.determinant()) {
                best = Some((mean, shape));
            }
            if next == kept {
                break;
            }
            kept = next;
        }
        best.unwrap_or((Vector2::zeros(), Matrix2::identity()))
    }

    fn moments(&self, kept: &[bool]) -> (Vector2<f64>, Matrix2<f64>) {
        let inside = || {
            self.points
                .iter()
                .zip(kept)
                .filter(|(_, kept)| **kept)
                .map(|(point, _)| point)
        };
        let sum: f64 = inside().map(|point| point.weight).sum();
        let mean = inside().fold(Vector2::zeros(), |sum, point| sum + point.place_m * point.weight) / sum;
        let covariance = inside().fold(Matrix2::identity() * 1e-3, |all, point| {
            let off = point.place_m - mean;
            all + off * off.transpose() * (point.weight / sum)
        });
        (mean, covariance)
    }

    /// Which points are nearest in a metric, as many as have a part of the weight, and the squared distance of the
    /// last.
    fn nearest(&self, mean: &Vector2<f64>, metric: &Matrix2<f64>, probability: f64) -> (Vec<bool>, f64) {
        let factor = metric.cholesky();
        let squared = |point: &Point| {
            let off = point.place_m - mean;
            factor
                .as_ref()
                .map_or(off.norm_squared(), |factor| off.dot(&factor.solve(&off)))
        };
        let distances: Vec<f64> = self.points.iter().map(squared).collect();
        let mut order: Vec<usize> = (0..self.points.len()).collect();
        order.sort_unstable_by(|a, b| distances[*a].total_cmp(&distances[*b]).then(a.cmp(b)));
        let whole: f64 = self.points.iter().map(|point| point.weight).sum();
        let mut kept = vec![false; self.points.len()];
        let (mut sum, mut last) = (0.0, 0.0);
        for index in order {
            kept[index] = true;
            sum += self.points[index].weight;
            last = distances[index];
            if sum >= probability * whole {
                break;
            }
        }
        (kept, last)
    }

    /// Begin, middle and end of the interval that has as many before as after it.
    fn interval(&self, probability: f64) -> [f64; 3] {
        let mut times: Vec<(f64, f64)> = self.points.iter().map(|point| (point.after_s, point.weight)).collect();
        times.sort_by(|a, b| a.0.total_cmp(&b.0));
        let whole: f64 = times.iter().map(|(_, weight)| weight).sum();
        [0.5 - 0.5 * probability, 0.5, 0.5 + 0.5 * probability].map(|share| {
            let mut sum = 0.0;
            let reached = times.iter().find(|(_, weight)| {
                sum += weight;
                sum >= share * whole
            });
            reached.or(times.last()).map_or(0.0, |(after_s, _)| *after_s)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spot(weight: f64, lon_deg: f64, sigmas: [f64; 3]) -> Spot {
        Spot {
            weight,
            after_s: 100.0,
            place: Geodetic::from_degrees(40.0, lon_deg, 0.0),
            velocity_mps: Vector3::zeros(),
            covariance: Matrix3::from_diagonal(&Vector3::from(sigmas.map(|sigma| sigma * sigma))),
        }
    }

    /// Of one normal belief the ellipse and the interval are those of the textbook, as far as 256 points tell.
    #[test]
    fn one_belief_gives_its_ellipse() {
        let one = spot(1.0, 130.0, [9_000.0, 3_000.0, 10.0]);
        let cloud = Cloud::new(&[&one]).unwrap();
        for (probability, radius, sigmas) in [(0.5, 1.177, 0.674), (0.95, 2.448, 1.960)] {
            let area = cloud.area(probability);
            let size = area.major_m * area.minor_m / (27e6 * radius * radius);
            assert!((size - 1.0).abs() < 0.1, "{size} of {area:?}");
            assert!((area.major_m / area.minor_m / 3.0 - 1.0).abs() < 0.15, "{area:?}");
            assert!((area.azimuth_deg - 90.0).abs() < 6.0, "{area:?}");
            let long_s = area.after_s[2] - area.after_s[0];
            assert!((long_s / (20.0 * sigmas) - 1.0).abs() < 0.1, "{area:?}");
        }
    }

    /// Of a belief so wide that half of it stays up, the area and the interval are those of what comes down.
    #[test]
    fn what_stays_up_has_no_part() {
        let mut wide = spot(1.0, 130.0, [8e6, 1e6, 6_000.0]);
        wide.after_s = 4_000.0;
        let area = Cloud::new(&[&wide]).unwrap().area(0.95);
        let [from_s, middle_s, until_s] = area.after_s;
        assert!(until_s < 0.98 * FALL_MAX_S && from_s >= 0.0, "{area:?}");
        assert!(middle_s < 4_000.0, "{area:?}");
        assert!(area.major_m < FAR_M, "{area:?}");
    }

    /// What lies far off with one part in fifty is left out at 95 %, and not at 99 %.
    #[test]
    fn what_is_improbable_does_not_widen() {
        let (near, far) = (spot(0.98, 130.0, [1e3, 1e3, 1.0]), spot(0.02, 135.0, [1e3, 1e3, 1.0]));
        let cloud = Cloud::new(&[&near, &far]).unwrap();
        assert!(cloud.area(0.95).major_m < 5e3, "{:?}", cloud.area(0.95));
        assert!(cloud.area(0.99).major_m > 100e3, "{:?}", cloud.area(0.99));
    }
}
