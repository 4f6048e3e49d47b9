//! Plots with sigmas smaller than stated, where a sensor's own plots have shown that it measures far better.

use estimate::sensor::{LineOfSight, Observation, PolarQuantity, Reading};
use geo::angle::RAD_PER_DEG;
use geo::{Ecef, Position};
use nalgebra::Vector3;
use plot::Sensor;

use super::Conduct;
use super::contrast::Values;
use crate::sight::Sight;

/// What replies or reflects sits somewhere on an object, and nearby things send it on by a detour: so much across the
/// line of sight, whatever the range.
const EXTENT_M: f64 = 5.0;

/// A fan beam is a cone near the zenith: above this elevation azimuth means less and less, and as much less as stated
/// when that is exceeded by the second number.
const CONE_RAD: f64 = 30.0 * RAD_PER_DEG;
const CONE_STEP_RAD: f64 = 4.0 * RAD_PER_DEG;
/// Angles of wild plots are so much worse than stated.
const WILD: f64 = 15.0;

/// What a plot measured of range, azimuth and elevation.
pub(super) fn values(reading: &Reading) -> Values {
    measured_and_sigmas(reading).0
}

/// What was measured of range, azimuth and elevation, and its sigmas.
fn measured_and_sigmas(reading: &Reading) -> (Values, Values) {
    fn of<const M: usize>(observation: &Observation<LineOfSight<M>, M>) -> (Values, Values) {
        let (mut values, mut sigmas) = (Values::default(), Values::default());
        for (row, quantity) in observation.model.quantities.iter().enumerate() {
            let kind = *quantity as usize;
            if kind < values.len() {
                values[kind] = Some(observation.measured[row]);
                sigmas[kind] = Some(observation.model.sigmas[row]);
            }
        }
        (values, sigmas)
    }
    match reading {
        Reading::Polar1(o) => of(o),
        Reading::Polar2(o) => of(o),
        Reading::Polar3(o) => of(o),
        Reading::Polar4(o) => of(o),
        Reading::Height(_) | Reading::Position(_) | Reading::PositionVelocity(_) | Reading::State(_) => {
            Default::default()
        }
    }
}

/// A plot as its sensor has shown to measure, with the reading as it was stated kept beside; `None` where that is no
/// better than stated.
pub(super) fn refined(conduct: &Conduct, sight: &Sight, sensor: &Sensor) -> Option<Sight> {
    fn lower<const M: usize>(
        conduct: &Conduct,
        observation: &mut Observation<LineOfSight<M>, M>,
        range_m: f64,
        above: f64,
    ) -> Option<()> {
        let mut is_lower = None;
        let is_fan = !observation.model.quantities.contains(&PolarQuantity::Elevation);
        for (row, quantity) in observation.model.quantities.iter().enumerate() {
            let stated = observation.model.sigmas[row];
            let Some(seen) = conduct.contrasts.ceiling(*quantity as usize, stated) else {
                continue;
            };
            let used = match quantity {
                PolarQuantity::Azimuth | PolarQuantity::Elevation => geo::math::hypot(seen, EXTENT_M / range_m),
                PolarQuantity::Range | PolarQuantity::RangeRate => seen,
            };
            let is_in_cone = is_fan && above > 0.0 && *quantity == PolarQuantity::Azimuth;
            if is_in_cone {
                observation.model.sigmas[row] = stated * (1.0 + above * above);
            } else if used < stated {
                observation.model.sigmas[row] = used;
                is_lower = Some(());
            }
        }
        is_lower
    }
    if !conduct.contrasts.is_known() {
        return None;
    }
    let place_m: Vector3<f64> = sight.fix.as_ref()?.place_m;
    let range_m = (place_m - sensor.site.origin().vector()).norm();
    let elevation_rad = sensor.site.to_aer(Position::<Ecef>::from_vector(place_m)).elevation_rad;
    let above = (elevation_rad - CONE_RAD) / CONE_STEP_RAD;
    let angles = measured_and_sigmas(&sight.reading).1.into_iter().skip(1);
    let angle_rad = angles.flatten().fold(0.0, f64::max);
    let mut reading = sight.reading;
    match &mut reading {
        Reading::Polar1(o) => lower(conduct, o, range_m, above),
        Reading::Polar2(o) => lower(conduct, o, range_m, above),
        Reading::Polar3(o) => lower(conduct, o, range_m, above),
        Reading::Polar4(o) => lower(conduct, o, range_m, above),
        Reading::Height(_) | Reading::Position(_) | Reading::PositionVelocity(_) | Reading::State(_) => None,
    }?;
    Some(Sight {
        reading,
        wider: Some(Box::new([sight.reading, wild(&sight.reading)])),
        aside_m: WILD * angle_rad * range_m,
        ..sight.clone()
    })
}

/// The reading with angles that say hardly anything.
fn wild(stated: &Reading) -> Reading {
    fn of<const M: usize>(observation: &mut Observation<LineOfSight<M>, M>) {
        let model = &mut observation.model;
        for (sigma, quantity) in model.sigmas.iter_mut().zip(&model.quantities) {
            if matches!(quantity, PolarQuantity::Azimuth | PolarQuantity::Elevation) {
                *sigma *= WILD;
            }
        }
    }
    let mut wild = *stated;
    match &mut wild {
        Reading::Polar1(o) => of(o),
        Reading::Polar2(o) => of(o),
        Reading::Polar3(o) => of(o),
        Reading::Polar4(o) => of(o),
        Reading::Height(_) | Reading::Position(_) | Reading::PositionVelocity(_) | Reading::State(_) => {}
    }
    wild
}
