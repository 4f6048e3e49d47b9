//! One look of one station at one object: what it would measure, how well, how surely.

use geo::angle::{wrap_pi, wrap_tau};
use geo::math::{atan2, sin_cos};
use geo::{Aer, Ecef, Position, Site, State};
use nalgebra::Vector3;
use plot::{Measurement, Polar, Quantity, Sensor, Sigmas};

/// What one dwell on an object in view would give.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// What would be measured without noise and bias.
    pub measurement: Measurement,
    /// Noise at the mean signal-to-noise ratio of those dwells that detect.
    pub sigmas: Sigmas,
    /// Mean signal-to-noise ratio of all dwells; `None` for what the object says itself.
    pub snr_db: Option<f64>,
    /// Probability of detection (of reception, for what the object says itself).
    pub probability: f64,
}

/// Below this cosine of elevation the azimuth counts as lost: its noise does not grow further.
const COS_ELEVATION_MIN: f64 = 1e-3;
/// Largest stated noise of an angle: that of a direction nobody knows.
const ANGLE_SIGMA_MAX_RAD: f64 = 1.5;

/// An object as a site sees it.
#[derive(Copy, Clone, Debug)]
pub(super) struct Spot {
    /// East, north, up from the site.
    pub(super) line: Vector3<f64>,
    pub(super) range_m: f64,
    pub(super) azimuth_rad: f64,
    pub(super) elevation_rad: f64,
    pub(super) range_rate_mps: f64,
}

impl Spot {
    pub(super) fn new(site: &Site, state: &State<Ecef>) -> Self {
        let line = site.enu_from_ecef() * (state.position - site.origin());
        let velocity = site.enu_from_ecef() * state.velocity.vector();
        let ground_squared = line.x * line.x + line.y * line.y;
        let range_m = (ground_squared + line.z * line.z).sqrt();
        Self {
            line,
            range_m,
            azimuth_rad: wrap_tau(atan2(line.x, line.y)),
            elevation_rad: atan2(line.z, ground_squared.sqrt()),
            range_rate_mps: line.dot(&velocity) / range_m,
        }
    }

    /// What is seen in a direction at a distance.
    pub(super) fn at(values: &Values) -> Self {
        let (sin_az, cos_az) = sin_cos(values.azimuth_rad);
        let (sin_el, cos_el) = sin_cos(values.elevation_rad);
        Self {
            line: Vector3::new(cos_el * sin_az, cos_el * cos_az, sin_el) * values.range_m,
            range_m: values.range_m,
            azimuth_rad: values.azimuth_rad,
            elevation_rad: values.elevation_rad,
            range_rate_mps: values.range_rate_mps,
        }
    }

    pub(super) fn ground_m(&self) -> f64 {
        (self.line.x * self.line.x + self.line.y * self.line.y).sqrt()
    }

    /// Cosine of elevation, kept from 0.
    pub(super) fn cos_elevation(&self) -> f64 {
        (self.ground_m() / self.range_m).max(COS_ELEVATION_MIN)
    }
}

/// Standard deviations of the four polar quantities; of azimuth on the azimuth circle.
#[derive(Copy, Clone, Debug, PartialEq)]
pub(super) struct Noise {
    pub(super) range_m: f64,
    pub(super) azimuth_rad: f64,
    pub(super) elevation_rad: f64,
    pub(super) range_rate_mps: f64,
}

impl Noise {
    /// The sigmas of what a sensor measures.
    pub(super) fn sigmas(&self, sensor: &Sensor) -> Sigmas {
        let of = |quantity, sigma: f64| sensor.measures.contains(&quantity).then_some(sigma);
        Sigmas {
            range_m: of(Quantity::Range, self.range_m),
            azimuth_rad: of(Quantity::Azimuth, self.azimuth_rad.min(ANGLE_SIGMA_MAX_RAD)),
            elevation_rad: of(Quantity::Elevation, self.elevation_rad.min(ANGLE_SIGMA_MAX_RAD)),
            range_rate_mps: of(Quantity::RangeRate, self.range_rate_mps),
            ..Sigmas::default()
        }
    }
}

/// Within which two objects are one; azimuth across the line of sight.
#[derive(Copy, Clone, Debug, PartialEq)]
pub(super) struct Cell {
    pub(super) range_m: f64,
    pub(super) azimuth_rad: f64,
    pub(super) elevation_rad: f64,
    pub(super) range_rate_mps: f64,
}

impl Cell {
    /// Whether two objects fall into one cell: of the quantities that a sensor tells them apart by.
    pub(super) fn holds(&self, a: &Spot, b: &Spot, sensor: &Sensor) -> bool {
        (a.range_m - b.range_m).abs() < self.range_m
            && (a.elevation_rad - b.elevation_rad).abs() < self.elevation_rad
            && wrap_pi(a.azimuth_rad - b.azimuth_rad).abs() * a.cos_elevation() < self.azimuth_rad
            && !(sensor.measures.contains(&Quantity::RangeRate)
                && (a.range_rate_mps - b.range_rate_mps).abs() >= self.range_rate_mps)
    }

    /// No two objects in one cell are farther apart, one of them at a range.
    pub(super) fn extent_m(&self, range_m: f64) -> f64 {
        // A fifth more, for the curvature of the cell and the other's larger range.
        1.2 * (self.range_m + (range_m + self.range_m) * (self.azimuth_rad + self.elevation_rad))
    }
}

/// Values of the four polar quantities.
#[derive(Copy, Clone, Debug, PartialEq)]
pub(super) struct Values {
    pub(super) range_m: f64,
    pub(super) azimuth_rad: f64,
    pub(super) elevation_rad: f64,
    pub(super) range_rate_mps: f64,
}

impl From<&Spot> for Values {
    fn from(spot: &Spot) -> Self {
        Self {
            range_m: spot.range_m,
            azimuth_rad: spot.azimuth_rad,
            elevation_rad: spot.elevation_rad,
            range_rate_mps: spot.range_rate_mps,
        }
    }
}

impl Values {
    /// The measurement of what a sensor measures.
    pub(super) fn measurement(&self, sensor: &Sensor) -> Measurement {
        let of = |quantity, value: f64| sensor.measures.contains(&quantity).then_some(value);
        Measurement::Polar(Polar {
            range_m: of(Quantity::Range, self.range_m),
            azimuth_rad: of(Quantity::Azimuth, self.azimuth_rad),
            elevation_rad: of(Quantity::Elevation, self.elevation_rad),
            range_rate_mps: of(Quantity::RangeRate, self.range_rate_mps),
            pressure_altitude_m: None,
        })
    }
}

/// Turns what was measured at one place into range, azimuth and elevation about another, with the noise that goes with
/// them (its correlations are lost). Range rate has no such form: it needs the whole velocity.
pub(super) fn reduce(own: &Site, reference: &Site, values: &Values, noise: &Noise) -> (Values, Noise) {
    let seen = Aer {
        azimuth_rad: values.azimuth_rad,
        elevation_rad: values.elevation_rad,
        range_m: values.range_m,
    };
    let position = own.from_aer(seen);
    let about = reference.to_aer(position);
    let here = axes(own, position);
    let there = axes(reference, position);
    let level = here.ground_m.max(COS_ELEVATION_MIN * here.range_m);
    let sizes = [
        noise.range_m,
        noise.azimuth_rad * level,
        noise.elevation_rad * here.range_m,
    ];
    let along = |axis: &Vector3<f64>| {
        let squares = here.axes.iter().zip(sizes).map(|(own_axis, size)| {
            let part = own_axis.dot(axis) * size;
            part * part
        });
        squares.sum::<f64>().sqrt()
    };
    let values = Values {
        range_m: about.range_m,
        azimuth_rad: about.azimuth_rad,
        elevation_rad: about.elevation_rad,
        range_rate_mps: 0.0,
    };
    let noise = Noise {
        range_m: along(&there.axes[0]),
        azimuth_rad: along(&there.axes[1]) / there.ground_m.max(COS_ELEVATION_MIN * there.range_m),
        elevation_rad: along(&there.axes[2]) / there.range_m,
        range_rate_mps: noise.range_rate_mps,
    };
    (values, noise)
}

/// Directions in which range, azimuth and elevation grow, in ECEF.
struct Axes {
    axes: [Vector3<f64>; 3],
    ground_m: f64,
    range_m: f64,
}

fn axes(site: &Site, position: Position<Ecef>) -> Axes {
    let line = site.enu_from_ecef() * (position - site.origin());
    let ground_m = (line.x * line.x + line.y * line.y).sqrt();
    let range_m = line.norm();
    let (east, north) = if ground_m > 0.0 {
        (line.x / ground_m, line.y / ground_m)
    } else {
        (0.0, 1.0)
    };
    let (level, up) = (ground_m / range_m, line.z / range_m);
    let to_ecef = |vector: Vector3<f64>| site.enu_from_ecef().tr_mul(&vector);
    Axes {
        axes: [
            to_ecef(Vector3::new(level * east, level * north, up)),
            to_ecef(Vector3::new(north, -east, 0.0)),
            to_ecef(Vector3::new(-up * east, -up * north, level)),
        ],
        ground_m,
        range_m,
    }
}
