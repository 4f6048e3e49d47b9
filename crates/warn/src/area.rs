//! Where an object may come down: a mixture of normal distributions over the ground, each with its interval of time.

use geo::math::{atan2, ln, sin_cos};
use geo::{Geodetic, Time, destination};

use crate::plane::Plane;

/// One way in which the object may come down: an ellipse on the ground that holds the arrival with a probability, and
/// the interval that does.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Ellipse {
    /// The probability that it comes down in this way, in (0, 1]; of several the sum need not be one.
    pub weight: f64,
    /// The probability of the ellipse, in (0, 1).
    pub probability: f64,
    /// Its middle.
    pub centre: Geodetic,
    /// The longer semi-axis.
    pub major_m: f64,
    /// The shorter one.
    pub minor_m: f64,
    /// Direction of the longer one at the middle, clockwise from true north.
    pub azimuth_deg: f64,
    /// Begin of the interval.
    pub earliest: Time,
    /// Its end.
    pub latest: Time,
}

/// Where and when an object may come down; never empty.
#[derive(Clone, Debug, PartialEq)]
pub struct Area {
    spreads: Vec<Spread>,
}

/// A normal distribution on the plane of equal distances about its middle.
#[derive(Copy, Clone, Debug, PartialEq)]
pub(crate) struct Spread {
    pub weight: f64,
    pub centre: Geodetic,
    pub sigma_major_m: f64,
    pub sigma_minor_m: f64,
    pub azimuth_deg: f64,
    pub earliest: Time,
    pub latest: Time,
}

/// Why something is no area.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum AreaError {
    /// Nothing was given.
    #[error("there is no ellipse")]
    Empty,
    /// A number that no ellipse has.
    #[error("{name} of ellipse {index} is {value}, expected {expected}")]
    Number {
        /// Which ellipse, from 0.
        index: usize,
        /// Of what, unit last.
        name: &'static str,
        /// The number.
        value: f64,
        /// What is possible.
        expected: &'static str,
    },
    /// An interval that ends before it begins.
    #[error("ellipse {index} has its earliest arrival {earliest} after its latest {latest}")]
    Interval {
        /// Which ellipse, from 0.
        index: usize,
        /// Its begin.
        earliest: Time,
        /// Its end.
        latest: Time,
    },
    /// A polygon of fewer than three corners, or without extent.
    #[error("the polygon has {corners} corners and no extent, expected three corners or more")]
    Polygon {
        /// How many corners.
        corners: usize,
    },
}

/// The squared radius, in standard deviations, of the circle that holds a two-dimensional normal with a probability.
pub(crate) fn radius_squared(probability: f64) -> f64 {
    -2.0 * ln(1.0 - probability)
}

/// No ellipse is longer: a quarter of the Earth's circumference.
const AXIS_MAX_M: f64 = 1.0e7;
/// Below this an axis is taken as this long: nothing is known better, and nothing is divided by zero.
const SIGMA_MIN_M: f64 = 50.0;
/// Ways of less than this, together, are left out.
const NEGLIGIBLE: f64 = 0.01;

impl Area {
    /// An area of one ellipse or more; weights are made to sum to one. Ways that all together have less than 1 % are
    /// left out, the least probable first: whoever lives under them would be warned of next to nothing.
    ///
    /// Errors: [`AreaError`] at the first ellipse that is none.
    pub fn new(ellipses: &[Ellipse]) -> Result<Self, AreaError> {
        let total: f64 = ellipses.iter().map(|ellipse| ellipse.weight).sum();
        let mut spreads: Vec<Spread> = ellipses
            .iter()
            .enumerate()
            .map(|(index, ellipse)| spread(index, ellipse, total))
            .collect::<Result<_, _>>()?;
        if spreads.is_empty() {
            return Err(AreaError::Empty);
        }
        spreads.sort_by(|a, b| b.weight.total_cmp(&a.weight));
        let mut left = 0.0;
        while let Some(last) = spreads.last().filter(|last| left + last.weight < NEGLIGIBLE) {
            left += last.weight;
            spreads.pop();
        }
        for spread in &mut spreads {
            spread.weight /= 1.0 - left;
        }
        Ok(Self { spreads })
    }

    /// The area of a polygon that holds the arrival with a probability: of the ellipse that has the polygon's area
    /// moments, so that the outline of an ellipse gives that ellipse.
    ///
    /// Errors: [`AreaError::Polygon`], and those of [`Area::new`].
    pub fn of_polygon(corners: &[Geodetic], probability: f64, arrival: [Time; 2]) -> Result<Self, AreaError> {
        let none = AreaError::Polygon { corners: corners.len() };
        let sound = |corner: &Geodetic| corner.lat_rad.is_finite() && corner.lon_rad.is_finite();
        if corners.len() < 3 || !corners.iter().all(sound) {
            return Err(none);
        }
        let sum = corners.iter().fold([0.0; 3], |sum, corner| {
            let at = corner.to_ecef().to_array();
            [sum[0] + at[0], sum[1] + at[1], sum[2] + at[2]]
        });
        let middle = Geodetic {
            height_m: 0.0,
            ..Geodetic::from_ecef(geo::Position::new(sum[0], sum[1], sum[2]))
        };
        // Twice: distances are true only from the middle of the plane.
        let first = moments(&Plane::new(middle), corners).ok_or(none.clone())?;
        let plane = Plane::new(Plane::new(middle).place(first.centre_m));
        let found = moments(&plane, corners).ok_or(none)?;
        Self::new(&[Ellipse {
            weight: 1.0,
            probability,
            centre: plane.place(found.centre_m),
            major_m: found.major_m,
            minor_m: found.minor_m,
            azimuth_deg: found.azimuth_deg,
            earliest: arrival[0],
            latest: arrival[1],
        }])
    }

    /// Earliest and latest arrival, whichever way it comes down.
    pub fn arrival(&self) -> [Time; 2] {
        let first = self.spreads[0];
        self.spreads
            .iter()
            .fold([first.earliest, first.latest], |[from, to], spread| {
                [from.min(spread.earliest), to.max(spread.latest)]
            })
    }

    /// The same area with axes longer by a factor, and times that reach as much further from their middle.
    #[must_use]
    pub fn widened(&self, factor: f64) -> Self {
        let spreads = self.spreads.iter().map(|spread| {
            let more_s = 0.5 * (factor - 1.0) * (spread.latest - spread.earliest);
            Spread {
                sigma_major_m: (spread.sigma_major_m * factor).min(AXIS_MAX_M),
                sigma_minor_m: (spread.sigma_minor_m * factor).min(AXIS_MAX_M),
                earliest: spread.earliest + -more_s,
                latest: spread.latest + more_s,
                ..*spread
            }
        });
        Self {
            spreads: spreads.collect(),
        }
    }

    /// Corners of the ellipses that hold the arrival with a probability, one ring for each way, in order against the
    /// clock, without the first corner again. Together they hold at least that.
    pub fn outlines(&self, probability: f64, corners: usize) -> Vec<Vec<Geodetic>> {
        let radius = radius_squared(probability).sqrt();
        self.spreads
            .iter()
            .map(|spread| {
                let corner = |at: usize| {
                    let (sin, cos) = sin_cos(-std::f64::consts::TAU * at as f64 / corners as f64);
                    let (along_m, across_m) = (spread.sigma_major_m * cos, spread.sigma_minor_m * sin);
                    let turn_deg = atan2(across_m, along_m) / geo::angle::RAD_PER_DEG;
                    let distance_m = radius * (along_m * along_m + across_m * across_m).sqrt();
                    destination(spread.centre, spread.azimuth_deg + turn_deg, distance_m)
                };
                (0..corners).map(corner).collect()
            })
            .collect()
    }

    pub(crate) fn spreads(&self) -> &[Spread] {
        &self.spreads
    }

    /// The middle of the likeliest way.
    pub fn middle(&self) -> Geodetic {
        let heaviest = self.spreads.iter().max_by(|a, b| a.weight.total_cmp(&b.weight));
        heaviest.map_or(self.spreads[0].centre, |spread| spread.centre)
    }
}

fn spread(index: usize, ellipse: &Ellipse, total: f64) -> Result<Spread, AreaError> {
    let number = |name, value: f64, is_possible: bool, expected| match is_possible {
        true => Ok(()),
        false => Err(AreaError::Number {
            index,
            name,
            value,
            expected,
        }),
    };
    let (lat_deg, lon_deg) = (ellipse.centre.lat_deg(), ellipse.centre.lon_deg());
    number(
        "weight",
        ellipse.weight,
        ellipse.weight > 0.0 && ellipse.weight <= 1.0,
        "above 0, to 1",
    )?;
    let is_probability = ellipse.probability > 0.0 && ellipse.probability < 1.0;
    number("probability", ellipse.probability, is_probability, "between 0 and 1")?;
    number(
        "lat_deg",
        lat_deg,
        (-90.0..=90.0).contains(&lat_deg),
        "degrees from -90 to 90",
    )?;
    number(
        "lon_deg",
        lon_deg,
        (-360.0..=360.0).contains(&lon_deg),
        "degrees from -360 to 360",
    )?;
    number(
        "azimuth_deg",
        ellipse.azimuth_deg,
        ellipse.azimuth_deg.is_finite(),
        "degrees",
    )?;
    for (name, value) in [("major_m", ellipse.major_m), ("minor_m", ellipse.minor_m)] {
        number(name, value, (0.0..=AXIS_MAX_M).contains(&value), "metres from 0 to 1e7")?;
    }
    if ellipse.earliest > ellipse.latest {
        let (earliest, latest) = (ellipse.earliest, ellipse.latest);
        return Err(AreaError::Interval {
            index,
            earliest,
            latest,
        });
    }
    let radius = radius_squared(ellipse.probability).sqrt();
    let sigma_m = |axis_m: f64| (axis_m / radius).clamp(SIGMA_MIN_M, AXIS_MAX_M);
    Ok(Spread {
        weight: ellipse.weight / total,
        centre: Geodetic {
            height_m: 0.0,
            ..ellipse.centre
        },
        sigma_major_m: sigma_m(ellipse.major_m),
        sigma_minor_m: sigma_m(ellipse.minor_m),
        azimuth_deg: ellipse.azimuth_deg,
        earliest: ellipse.earliest,
        latest: ellipse.latest,
    })
}

/// Middle, and semi-axes of the ellipse with the same second moments.
struct Moments {
    centre_m: [f64; 2],
    major_m: f64,
    minor_m: f64,
    azimuth_deg: f64,
}

/// Area moments of a polygon by Green's theorem; `None` without extent.
fn moments(plane: &Plane, corners: &[Geodetic]) -> Option<Moments> {
    let points: Vec<[f64; 2]> = corners.iter().map(|corner| plane.point(*corner)).collect();
    let (mut area, mut first, mut second) = (0.0, [0.0; 2], [0.0; 3]);
    for (index, a) in points.iter().enumerate() {
        let b = points[(index + 1) % points.len()];
        let cross = a[0] * b[1] - b[0] * a[1];
        area += cross / 2.0;
        for axis in 0..2 {
            first[axis] += cross * (a[axis] + b[axis]) / 6.0;
        }
        second[0] += cross * (a[0] * a[0] + a[0] * b[0] + b[0] * b[0]) / 12.0;
        second[1] += cross * (a[1] * a[1] + a[1] * b[1] + b[1] * b[1]) / 12.0;
        second[2] += cross * (2.0 * (a[0] * a[1] + b[0] * b[1]) + a[0] * b[1] + b[0] * a[1]) / 24.0;
    }
    if !area.is_finite() || area.abs() < 1.0 {
        return None;
    }
    let centre_m = [first[0] / area, first[1] / area];
    let east = second[0] / area - centre_m[0] * centre_m[0];
    let north = second[1] / area - centre_m[1] * centre_m[1];
    let both = second[2] / area - centre_m[0] * centre_m[1];
    // Eigenvalues of the symmetric matrix; the angle from east, against the clock.
    let (mean, half) = ((east + north) / 2.0, (east - north) / 2.0);
    let away = (half * half + both * both).sqrt();
    let angle_rad = 0.5 * atan2(both, half);
    Some(Moments {
        centre_m,
        major_m: 2.0 * (mean + away).max(0.0).sqrt(),
        minor_m: 2.0 * (mean - away).max(0.0).sqrt(),
        azimuth_deg: 90.0 - angle_rad / geo::angle::RAD_PER_DEG,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn time(after_s: f64) -> Time {
        "2022-10-03T22:29:00Z".parse::<Time>().unwrap() + after_s
    }

    fn ellipse(lat_deg: f64, lon_deg: f64) -> Ellipse {
        Ellipse {
            weight: 1.0,
            probability: 0.95,
            centre: Geodetic::from_degrees(lat_deg, lon_deg, 0.0),
            major_m: 300e3,
            minor_m: 80e3,
            azimuth_deg: 70.0,
            earliest: time(0.0),
            latest: time(600.0),
        }
    }

    /// What a node sends as the outline of an ellipse is that ellipse again, at the date line and at the pole too.
    #[test]
    fn an_outline_gives_its_ellipse_again() {
        for (lat_deg, lon_deg) in [(41.0, 141.0), (52.0, 179.9), (0.0, -180.0), (89.0, 20.0), (-89.9, 0.0)] {
            let given = ellipse(lat_deg, lon_deg);
            let outline = &Area::new(&[given]).unwrap().outlines(0.95, 72)[0];
            let found = Area::of_polygon(outline, 0.95, [time(0.0), time(600.0)]).unwrap();
            let (wanted, found) = (Area::new(&[given]).unwrap().spreads[0], found.spreads[0]);
            let off_m = geo::geodesic(wanted.centre, found.centre).distance_m;
            assert!(off_m < 300.0, "{off_m} m at {lat_deg} {lon_deg}");
            let ratios = [
                found.sigma_major_m / wanted.sigma_major_m,
                found.sigma_minor_m / wanted.sigma_minor_m,
            ];
            // A polygon of 72 corners in an ellipse is 0.13 % smaller.
            assert!(
                ratios.iter().all(|ratio| (ratio - 1.0).abs() < 5e-3),
                "{ratios:?} at {lat_deg} {lon_deg}"
            );
            let corner_m = |spread: &Spread| destination(spread.centre, spread.azimuth_deg, 100e3);
            let turn_m = geo::geodesic(corner_m(&wanted), corner_m(&found)).distance_m;
            assert!(
                turn_m.min((turn_m - 200e3).abs()) < 1_000.0,
                "{turn_m} m at {lat_deg} {lon_deg}"
            );
        }
    }

    /// A break-up of which nobody believes anything warns nobody; ways that count stay, heaviest first.
    #[test]
    fn what_hardly_happens_is_left_out() {
        let weights = [0.003, 0.4, 0.59, 0.004, 0.003];
        let ways = weights.map(|weight| Ellipse {
            weight,
            ..ellipse(41.0, 141.0)
        });
        let kept: Vec<f64> = Area::new(&ways).unwrap().spreads.iter().map(|one| one.weight).collect();
        assert_eq!(kept.len(), 3);
        assert!(
            (kept.iter().sum::<f64>() - 1.0).abs() < 1e-12 && kept.is_sorted_by(|a, b| a >= b),
            "{kept:?}"
        );
    }

    #[test]
    fn what_is_no_ellipse_is_refused_by_name() {
        type Spoil = fn(&mut Ellipse);
        let table: [(&str, Spoil); 7] = [
            ("weight of ellipse 0 is 0, expected above 0, to 1", |e| e.weight = 0.0),
            ("probability of ellipse 0 is 1, expected between 0 and 1", |e| {
                e.probability = 1.0
            }),
            ("lat_deg of ellipse 0 is 91", |e| {
                e.centre = Geodetic::from_degrees(91.0, 0.0, 0.0)
            }),
            ("lon_deg of ellipse 0 is NaN", |e| {
                e.centre = Geodetic::from_degrees(0.0, f64::NAN, 0.0)
            }),
            ("major_m of ellipse 0 is inf, expected metres from 0 to 1e7", |e| {
                e.major_m = f64::INFINITY
            }),
            ("minor_m of ellipse 0 is -1", |e| e.minor_m = -1.0),
            ("ellipse 0 has its earliest arrival", |e| e.earliest = time(601.0)),
        ];
        for (said, spoil) in table {
            let mut one = ellipse(41.0, 141.0);
            spoil(&mut one);
            let error = Area::new(&[one]).unwrap_err().to_string();
            assert!(error.starts_with(said), "{error}");
        }
        assert_eq!(Area::new(&[]), Err(AreaError::Empty));
        let line = [0.0, 1.0, 2.0].map(|lat| Geodetic::from_degrees(lat, 0.0, 0.0));
        for corners in [&line[..2], &line[..]] {
            let refused = Area::of_polygon(corners, 0.95, [time(0.0), time(1.0)]);
            assert!(matches!(refused, Err(AreaError::Polygon { .. })), "{refused:?}");
        }
    }

    /// An unseen object's area and interval grow about their middles.
    #[test]
    fn widening_keeps_the_middle() {
        let area = Area::new(&[ellipse(41.0, 141.0)]).unwrap();
        let wide = area.widened(2.0);
        assert_eq!(wide.spreads[0].sigma_major_m, 2.0 * area.spreads[0].sigma_major_m);
        assert_eq!(wide.arrival(), [time(-300.0), time(900.0)]);
        assert_eq!(wide.middle(), area.middle());
    }
}
