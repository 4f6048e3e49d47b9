//! What a plot that is no place says of where its object is: on a shell about its sensor, in a cone, in a fan.

use std::f64::consts::FRAC_PI_2;

use estimate::sensor::{LineOfSight, Observation, PolarQuantity, Reading};
use geo::Site;
use geo::angle::wrap_pi;
use geo::math::{atan2, sin_cos};
use nalgebra::Vector3;

/// A plot may lie so many of its sigmas from a track.
const SIGMAS: f64 = 8.0;
/// Nearer to its sensor than this nothing has a direction.
const NEAREST_M: f64 = 1.0;

/// Some of range, azimuth and elevation as one sensor measured them, and how well; beside them the range rate.
#[derive(Copy, Clone, Debug, PartialEq)]
pub(crate) struct Glance {
    pub site: Site,
    /// Value and standard deviation by [`PolarQuantity`]: m, rad, rad, m/s.
    pub values: [Option<(f64, f64)>; 4],
}

impl Glance {
    /// What a reading measured; `None` of a stated position or height.
    pub fn new(reading: &Reading) -> Option<Self> {
        match reading {
            Reading::Polar1(o) => Some(Self::of(o)),
            Reading::Polar2(o) => Some(Self::of(o)),
            Reading::Polar3(o) => Some(Self::of(o)),
            Reading::Polar4(o) => Some(Self::of(o)),
            Reading::Height(_) | Reading::Position(_) | Reading::PositionVelocity(_) | Reading::State(_) => None,
        }
    }

    fn of<const M: usize>(observation: &Observation<LineOfSight<M>, M>) -> Self {
        let model = &observation.model;
        let mut values = [None; 4];
        for (row, quantity) in model.quantities.iter().enumerate() {
            values[*quantity as usize] = Some((observation.measured[row], model.sigmas[row]));
        }
        Self {
            site: model.site,
            values,
        }
    }

    /// Value and standard deviation of one quantity.
    pub fn value(&self, quantity: PolarQuantity) -> Option<(f64, f64)> {
        self.values[quantity as usize]
    }

    /// How many of the three coordinates of a place were measured.
    pub fn coordinates(&self) -> usize {
        self.values[..3].iter().flatten().count()
    }

    /// The unit vector (ECEF) of the line of sight, where both angles were measured.
    pub fn line(&self) -> Option<Vector3<f64>> {
        let ((azimuth_rad, _), (elevation_rad, _)) = (
            self.value(PolarQuantity::Azimuth)?,
            self.value(PolarQuantity::Elevation)?,
        );
        let ((sin_az, cos_az), (sin_el, cos_el)) = (sin_cos(azimuth_rad), sin_cos(elevation_rad));
        let enu = Vector3::new(cos_el * sin_az, cos_el * cos_az, sin_el);
        Some(self.site.enu_from_ecef().tr_mul(&enu))
    }

    /// Whether something that is certain to so much about a place (ECEF) may have been seen so.
    pub fn may_be_at(&self, place_m: &Vector3<f64>, reach_m: f64) -> bool {
        let enu = self.site.enu_from_ecef() * (place_m - self.site.origin().vector());
        let (away_m, ground_m) = (enu.norm(), (enu.x * enu.x + enu.y * enu.y).sqrt());
        let is_in_range = |(range_m, sigma_m): (f64, f64)| (away_m - range_m).abs() <= reach_m + SIGMAS * sigma_m;
        let is_at = |angle_rad: f64, (measured_rad, sigma_rad): (f64, f64), distance_m: f64| {
            // The sine of what the reach spans; an arc is at most half of pi longer. Where the sensor itself is within
            // reach, any direction is.
            let spans = reach_m / distance_m.max(NEAREST_M);
            let most_rad = FRAC_PI_2 * spans + SIGMAS * sigma_rad;
            spans >= 1.0 || wrap_pi(angle_rad - measured_rad).abs() <= most_rad
        };
        self.value(PolarQuantity::Range).is_none_or(is_in_range)
            && self
                .value(PolarQuantity::Azimuth)
                .is_none_or(|azimuth| is_at(atan2(enu.x, enu.y), azimuth, ground_m))
            && self
                .value(PolarQuantity::Elevation)
                .is_none_or(|elevation| is_at(atan2(enu.z, ground_m), elevation, away_m))
    }
}

#[cfg(test)]
mod tests {
    use geo::{Aer, Geodetic, Position};
    use proptest::prelude::*;

    use super::*;

    fn glance(aer: Aer, which: [bool; 3]) -> Glance {
        let site = Site::new(Geodetic::from_degrees(37.0, 127.0, 300.0));
        let all = [(aer.range_m, 30.0), (aer.azimuth_rad, 1e-3), (aer.elevation_rad, 1e-3)];
        let mut values = [None; 4];
        for (row, is_measured) in which.into_iter().enumerate() {
            values[row] = is_measured.then_some(all[row]);
        }
        Glance { site, values }
    }

    proptest! {
        /// What is as near to the true place as its reach is never left out; a place far beside is.
        #[test]
        fn nothing_within_reach_is_left_out(
            azimuth_rad in 0.0..std::f64::consts::TAU, elevation_rad in -0.1..1.5_f64, range_m in 1e3..3e6_f64,
            offset in prop::array::uniform3(-1.0..1.0_f64), reach_m in 10.0..1e6_f64,
            which in prop::array::uniform3(any::<bool>()),
        ) {
            let aer = Aer { azimuth_rad, elevation_rad, range_m };
            let glance = glance(aer, which);
            let place = glance.site.from_aer(aer).vector();
            let offset = Vector3::from(offset);
            let near = place + offset.normalize() * reach_m * offset.norm().min(1.0);
            prop_assert!(glance.may_be_at(&near, reach_m));
        }
    }

    #[test]
    fn what_lies_beside_is_left_out() {
        let aer = Aer {
            azimuth_rad: 1.0,
            elevation_rad: 0.5,
            range_m: 500e3,
        };
        let beside = [
            (0, Aer { range_m: 502e3, ..aer }),
            (
                1,
                Aer {
                    azimuth_rad: 1.02,
                    ..aer
                },
            ),
            (
                2,
                Aer {
                    elevation_rad: 0.52,
                    ..aer
                },
            ),
        ];
        for (row, other) in beside {
            let glance = glance(aer, std::array::from_fn(|at| at == row));
            let place: Position<geo::Ecef> = glance.site.from_aer(other);
            assert!(!glance.may_be_at(&place.vector(), 1_000.0), "{row}");
            assert!(glance.may_be_at(&glance.site.from_aer(aer).vector(), 0.0), "{row}");
        }
    }
}
