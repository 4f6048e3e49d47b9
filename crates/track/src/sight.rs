//! A plot made ready: its model, where it says the object is, and how large the space is in which clutter may fall.

use std::sync::Arc;

use estimate::sensor::{HeightSensor, LineOfSight, Observation, PolarQuantity, Reading, SensorOptions};
use geo::angle::RAD_PER_DEG;
use geo::math::{asin, sin_cos};
use geo::{Aer, Position, Site, Time, height_about_m};
use nalgebra::{Matrix3, SVector, Vector3};
use plot::{Measurement, Plot, Polar, Sensor, Sigmas};

use crate::modes::{Class, class_in_clutter};
use crate::name::{Name, digest};
use crate::partner::Inside;

/// Where a sensor that states no range ends.
pub(crate) const RANGE_MAX_M: f64 = 1_000e3;
/// Where objects are when their height is not measured: the air that aircraft use, 6 ± 4 km.
const HEIGHT_M: f64 = 6_000.0;
const HEIGHT_SIGMA_M: f64 = 4_000.0;
/// Near a sensor they are lower: so much of the range, and that uncertain.
const HEIGHT_NEAR: f64 = 0.2;
/// Pressure altitude is no height above the ellipsoid: weather and geoid lie between them.
const PRESSURE_SIGMA_M: f64 = 150.0;
/// Range rates of clutter are spread over so much.
const RANGE_RATE_SPAN_MPS: f64 = 4_000.0;
/// Positions of clutter are spread over what their sensor covers, or a square of this side …
const SQUARE_SIDE_M: f64 = 500e3;
/// … and this height.
pub(crate) const LAYER_M: f64 = 20e3;

/// One plot.
#[derive(Clone, Debug)]
pub(crate) struct Sight {
    /// When it was measured.
    pub time: Time,
    /// Place of its sensor in the list.
    pub sensor: usize,
    /// What the track is called that begins with it.
    pub name: Name,
    /// The measured vector and its model.
    pub reading: Reading,
    /// The same as it was stated, and with an angle that is hardly known, where its sensor has shown to measure better
    /// than it states: what a wild plot is held against.
    pub wider: Option<Box<[Reading; 2]>>,
    /// How far beside its place it may be, where it is a wild one.
    pub aside_m: f64,
    /// What the object replied of its height.
    pub height: Option<Observation<HeightSensor, 1>>,
    /// Where nothing was measured of its height: what is known of that of aircraft.
    pub level: Option<Observation<HeightSensor, 1>>,
    /// Where it says the object is, if it does.
    pub fix: Option<Fix>,
    /// An identity that the source claims.
    pub target: Option<Arc<str>>,
    /// Whether the object spoke, as craft do: a transponder with its height, or anything with an identity.
    pub is_reply: bool,
    /// Volume of the measurement space in which plots of nothing may lie, in the units of the reading.
    pub volume: f64,
    /// Of a partner's report: what is known of the plots in it.
    pub inside: Option<Arc<Inside>>,
}

/// Where a plot alone says the object is.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Fix {
    /// ECEF.
    pub place_m: Vector3<f64>,
    /// Its covariance (3×3), ECEF.
    pub covariance_m2: Matrix3<f64>,
    /// How the space of the reading lies over that of places; `None` where the reading tells more than a place.
    pub scale: Option<Scale>,
}

/// How the space of a reading lies over that of places.
#[derive(Copy, Clone, Debug, PartialEq)]
pub(crate) struct Scale {
    /// Along how many axes the reading says where the object is.
    pub axes: i32,
    /// Volume of the reading's space in a cube (or square) of one metre.
    pub volume_per_metres: f64,
}

impl Fix {
    /// How far from it the object may be: the root of the sum of its variances.
    pub fn sigma_m(&self) -> f64 {
        self.covariance_m2.trace().max(0.0).sqrt()
    }
}

impl Sight {
    /// Makes a plot ready; `None` where neither plot nor sensor states how well it was measured.
    pub fn new(plot: &Plot, sensor: &Sensor, index: usize, is_target_ignored: bool) -> Option<Self> {
        let reading = Reading::new(plot, sensor, &SensorOptions::default()).ok()?;
        let sigmas = plot.sigmas.or(sensor.sigmas);
        let (fix, volume) = match &plot.measurement {
            Measurement::Polar(polar) => (polar_fix(polar, &sigmas, sensor), volume(polar, sensor)),
            Measurement::Position(stated) => {
                let horizontal_m = sigmas.position_m?;
                let place = estimate::sensor::PositionSensor::at(
                    stated.geodetic,
                    horizontal_m,
                    sigmas.height_m.unwrap_or(horizontal_m),
                );
                let fix = Fix {
                    place_m: stated.geodetic.to_ecef().vector(),
                    covariance_m2: place.position_covariance,
                    scale: stated.velocity.is_none().then_some(Scale {
                        axes: 3,
                        volume_per_metres: 1.0,
                    }),
                };
                let circle = |radius_m: f64| std::f64::consts::PI * radius_m * radius_m;
                let cube = LAYER_M
                    * sensor
                        .coverage
                        .range_max_m
                        .map_or(SQUARE_SIDE_M * SQUARE_SIDE_M, circle);
                let speeds = stated.velocity.map_or(1.0, |_| RANGE_RATE_SPAN_MPS.powi(3));
                (Some(fix), cube * speeds)
            }
        };
        Some(Self {
            time: plot.time,
            sensor: index,
            name: Name::of(plot),
            reading,
            wider: None,
            aside_m: 0.0,
            height: height(plot),
            level: level(plot, sensor),
            fix,
            is_reply: height(plot).is_some() || plot.target.is_some(),
            target: plot.target.clone().filter(|_| !is_target_ignored),
            volume,
            inside: None,
        })
    }

    /// The range rate alone, where it was measured.
    pub fn range_rate(&self) -> Option<Reading> {
        fn alone<const M: usize>(observation: &Observation<LineOfSight<M>, M>) -> Option<Reading> {
            let model = &observation.model;
            let rate = PolarQuantity::RangeRate;
            let row = model.quantities.iter().position(|quantity| *quantity == rate)?;
            Some(Reading::Polar1(Observation {
                time: observation.time,
                measured: SVector::<f64, 1>::new(observation.measured[row]),
                model: LineOfSight::new(model.site, [rate], [model.sigmas[row]]),
            }))
        }
        match &self.reading {
            Reading::Polar1(o) => alone(o),
            Reading::Polar2(o) => alone(o),
            Reading::Polar3(o) => alone(o),
            Reading::Polar4(o) => alone(o),
            Reading::Height(_) | Reading::Position(_) | Reading::PositionVelocity(_) | Reading::State(_) => None,
        }
    }

    /// What may have made it, by what it says and by how much clutter there is; see [`class_in_clutter`].
    pub fn class(&self, seen: f64, density: f64, scan_s: f64) -> Class {
        match &self.fix {
            _ if self.is_reply => Class::Air,
            Some(fix) => class_in_clutter(fix, seen, density, scan_s),
            None => Class::Open,
        }
    }

    /// What orders plots of one sensor and instant.
    pub fn order(plot: &Plot) -> u64 {
        digest(plot)
    }
}

/// What the object replied, where its elevation was not measured.
fn height(plot: &Plot) -> Option<Observation<HeightSensor, 1>> {
    let Measurement::Polar(polar) = &plot.measurement else {
        return None;
    };
    let height_m = polar.pressure_altitude_m.filter(|_| polar.elevation_rad.is_none())?;
    Some(Observation {
        time: plot.time,
        measured: SVector::<f64, 1>::new(height_m),
        model: HeightSensor {
            sigma_m: PRESSURE_SIGMA_M,
        },
    })
}

/// What is known of the height of an aircraft of which none was measured.
fn level(plot: &Plot, sensor: &Sensor) -> Option<Observation<HeightSensor, 1>> {
    let Measurement::Polar(polar) = &plot.measurement else {
        return None;
    };
    let is_unknown = polar.elevation_rad.is_none() && polar.pressure_altitude_m.is_none();
    let range_m = polar.range_m.filter(|_| is_unknown && polar.azimuth_rad.is_some())?;
    let near_m = HEIGHT_NEAR * range_m;
    let ground_m = sensor.site.geodetic().height_m;
    Some(Observation {
        time: plot.time,
        measured: SVector::<f64, 1>::new(HEIGHT_M.min(ground_m + near_m)),
        model: HeightSensor {
            sigma_m: HEIGHT_SIGMA_M.min(near_m),
        },
    })
}

/// The place of a plot of range and azimuth, with its elevation, or at the height that was replied, or in the air.
fn polar_fix(polar: &Polar, sigmas: &Sigmas, sensor: &Sensor) -> Option<Fix> {
    let (range_m, azimuth_rad) = (polar.range_m?, polar.azimuth_rad?);
    let at = |height_m: f64| at_height(&sensor.site, azimuth_rad, range_m, height_m);
    let (elevation_rad, elevation_sigma) = match (polar.elevation_rad, polar.pressure_altitude_m) {
        (Some(elevation_rad), _) => (elevation_rad, sigmas.elevation_rad?),
        (None, Some(height_m)) => (at(height_m), PRESSURE_SIGMA_M / range_m),
        (None, None) => {
            let near_m = HEIGHT_NEAR * range_m;
            let anywhere = (at(HEIGHT_M.min(near_m)), HEIGHT_SIGMA_M.min(near_m) / range_m);
            in_beam(sensor).filter(|beam| beam.1 < anywhere.1).unwrap_or(anywhere)
        }
    };
    let aer = Aer {
        azimuth_rad,
        elevation_rad,
        range_m,
    };
    let ((sin_az, cos_az), (sin_el, cos_el)) = (sin_cos(azimuth_rad), sin_cos(elevation_rad));
    let along = Vector3::new(cos_el * sin_az, cos_el * cos_az, sin_el);
    let aside = Vector3::new(cos_az, -sin_az, 0.0);
    let above = Vector3::new(-sin_el * sin_az, -sin_el * cos_az, cos_el);
    let covariance = [
        (along, sigmas.range_m?),
        (aside, sigmas.azimuth_rad? * range_m * cos_el),
        (above, elevation_sigma * range_m),
    ]
    .into_iter()
    .map(|(axis, sigma_m)| axis * axis.transpose() * (sigma_m * sigma_m))
    .sum::<Matrix3<f64>>();
    let axes = sensor.site.enu_from_ecef();
    let scale = match (polar.elevation_rad, polar.pressure_altitude_m) {
        (Some(_), _) => (3, 1.0 / (range_m * range_m * cos_el.max(1e-3))),
        (None, Some(_)) => (3, 1.0 / range_m),
        (None, None) => (2, 1.0 / range_m),
    };
    Some(Fix {
        place_m: sensor.site.from_aer(aer).vector(),
        covariance_m2: axes.transpose() * covariance * axes,
        scale: polar.range_rate_mps.is_none().then_some(Scale {
            axes: scale.0,
            volume_per_metres: scale.1,
        }),
    })
}

/// The middle of the elevations that a sensor states to see, and half their span.
fn in_beam(sensor: &Sensor) -> Option<(f64, f64)> {
    let highest = sensor.coverage.elevation_max_rad?;
    let lowest = sensor.coverage.elevation_min_rad.unwrap_or(0.0);
    Some((0.5 * (lowest + highest), 0.5 * (highest - lowest)))
}

/// The elevation at which a point at a range is so high, or nearest to it; to a metre of height.
fn at_height(site: &Site, azimuth_rad: f64, range_m: f64, wanted_m: f64) -> f64 {
    let (sin_az, cos_az) = sin_cos(azimuth_rad);
    let (lowest, highest) = (-0.17, 1.0);
    let mut sine: f64 = 0.0;
    // The height grows with the sine by the range, but for how much the vertical turns on the way.
    for _ in 0..4 {
        let ground_m = range_m * (1.0 - sine * sine).sqrt();
        let place = Position::new(ground_m * sin_az, ground_m * cos_az, range_m * sine);
        let off_m = wanted_m - height_about_m(site.to_ecef(place));
        sine = (sine + off_m / range_m).clamp(lowest, highest);
    }
    asin(sine)
}

/// The volume of what a sensor can measure, over what it did measure.
fn volume(polar: &Polar, sensor: &Sensor) -> f64 {
    use std::f64::consts::{FRAC_PI_2, TAU};
    let coverage = &sensor.coverage;
    let azimuth = match (coverage.azimuth_from_rad, coverage.azimuth_to_rad) {
        (Some(from), Some(to)) if from != to => (to - from).rem_euclid(TAU),
        _ => TAU,
    };
    let lowest = coverage.elevation_min_rad.unwrap_or(0.0);
    let elevation = (coverage.elevation_max_rad.unwrap_or(FRAC_PI_2) - lowest).max(RAD_PER_DEG);
    [
        (polar.range_m, coverage.range_max_m.unwrap_or(RANGE_MAX_M)),
        (polar.azimuth_rad, azimuth),
        (polar.elevation_rad, elevation),
        (polar.range_rate_mps, RANGE_RATE_SPAN_MPS),
        (
            polar.pressure_altitude_m.filter(|_| polar.elevation_rad.is_none()),
            LAYER_M,
        ),
    ]
    .into_iter()
    .filter(|(measured, _)| measured.is_some())
    .map(|(_, span)| span)
    .product()
}
