//! Plots held against the tracks of others.

use geo::{Ecef, Enu, Position, Time};
use nalgebra::{SMatrix, SVector};
use plot::Sensor;

use estimate::belief::Gaussian;
use estimate::sensor::{LineOfSight, Observation, PolarQuantity, Reading, SensorModel};

use super::Conduct;
use super::scatter::Sample;
use crate::sight::{Fix, Sight};
use crate::track::{Stage, Track};
use crate::tracker::Tracker;
use crate::watch::covers;

/// Another sensor supports a track that it saw so many of its scans ago, or this.
const SCANS: f64 = 2.5;
const SUPPORT_S: f64 = 2.0;
/// A track farther than this from a plot has nothing to do with it.
const NEAR_M: f64 = 10_000.0;
/// The next track is so much farther, where a plot is surely of the nearest.
const ALONE: f64 = 3.0;

/// Whether a track is of an object, by other sensors than one, now.
pub(crate) fn is_supported(tracker: &Tracker, track: &Track, sensor: usize, time: Time) -> bool {
    track.stage != Stage::Tentative
        && track.looks.iter().any(|look| {
            let within_s = SUPPORT_S.max(SCANS * tracker.watches[look.sensor].scan_s);
            look.sensor != sensor && time - look.seen < within_s && !tracker.conducts[look.sensor].is_contained()
        })
}

/// The track nearest to a plot that others support, and whether the next is much farther.
pub(super) fn nearest(tracker: &Tracker, sight: &Sight) -> Option<(usize, bool)> {
    let fix = sight.fix.as_ref()?;
    let mut found: Option<(f64, usize)> = None;
    let mut next_m = f64::INFINITY;
    for number in tracker.near.reaching(sight.time, &fix.place_m, fix.sigma_m() + NEAR_M) {
        let Some(track) = &tracker.tracks[number as usize] else {
            continue;
        };
        if !is_supported(tracker, track, sight.sensor, sight.time) {
            continue;
        }
        let off_m = (track.place(sight.time).vector() - fix.place_m).norm();
        match found {
            Some((least_m, _)) if off_m >= least_m => next_m = next_m.min(off_m),
            _ => {
                next_m = found.map_or(next_m, |(least_m, _)| least_m);
                found = Some((off_m, number as usize));
            }
        }
    }
    let (least_m, number) = found.filter(|(least_m, _)| *least_m < NEAR_M + 3.0 * fix.sigma_m())?;
    Some((number, next_m > ALONE * least_m))
}

/// Whether a plot is of a track, by the track's gate.
pub(super) fn fits(tracker: &Tracker, number: usize, sight: &Sight) -> bool {
    let track = tracker.tracks[number].as_ref();
    track.is_some_and(|track| track.time <= sight.time && track.taken(sight, &tracker.registration).is_some())
}

/// A plot as it would be with its azimuth the other way round; `None` without azimuth and place.
pub(super) fn mirrored(sight: &Sight, sensor: &Sensor) -> Option<Sight> {
    fn turn<const M: usize>(observation: &mut Observation<LineOfSight<M>, M>) -> bool {
        let place = observation
            .model
            .quantities
            .iter()
            .position(|of| *of == PolarQuantity::Azimuth);
        let Some(row) = place else { return false };
        observation.measured[row] = (-observation.measured[row]).rem_euclid(std::f64::consts::TAU);
        true
    }
    let mut other = sight.clone();
    let is_turned = match &mut other.reading {
        Reading::Polar1(o) => turn(o),
        Reading::Polar2(o) => turn(o),
        Reading::Polar3(o) => turn(o),
        Reading::Polar4(o) => turn(o),
        Reading::Height(_) | Reading::Position(_) | Reading::PositionVelocity(_) | Reading::State(_) => false,
    };
    let fix = sight.fix.as_ref().filter(|_| is_turned)?;
    let local = sensor.site.to_enu(Position::<Ecef>::from_vector(fix.place_m)).vector();
    let turned = Position::<Enu>::from_vector(nalgebra::Vector3::new(-local.x, local.y, local.z));
    other.fix = Some(Fix {
        place_m: sensor.site.to_ecef(turned).vector(),
        covariance_m2: nalgebra::Matrix3::identity() * fix.covariance_m2.trace(),
        scale: fix.scale,
    });
    Some(other)
}

/// How many other sensors that are heard and believed cover the place of a plot, by the limits they state, half a
/// degree and more above their horizon.
pub(super) fn others_cover(tracker: &Tracker, sight: &Sight) -> usize {
    const LOW_RAD: f64 = 0.0087;
    let Some(fix) = &sight.fix else { return 0 };
    let place = Position::<Ecef>::from_vector(fix.place_m);
    let watching = |index: &usize| {
        *index != sight.sensor
            && !tracker.conducts[*index].is_contained()
            && tracker.watches[*index].is_alive(sight.time)
            && covers(&tracker.sensors[*index], place)
            && tracker.sensors[*index].site.to_aer(place).elevation_rad > LOW_RAD
    };
    (0..tracker.sensors.len()).filter(watching).count()
}

/// Takes the innovations of a plot into what is known of its sensor's scatter.
///
/// `before` is the track (6, with its own covariance) at the time of the plot.
pub(super) fn scatter(conduct: &mut Conduct, reading: &Reading, before: &Gaussian<6>) {
    match reading {
        Reading::Polar1(o) => scatter_of(conduct, o, before),
        Reading::Polar2(o) => scatter_of(conduct, o, before),
        Reading::Polar3(o) => scatter_of(conduct, o, before),
        Reading::Polar4(o) => scatter_of(conduct, o, before),
        Reading::Height(_) | Reading::Position(_) | Reading::PositionVelocity(_) | Reading::State(_) => {}
    }
}

fn scatter_of<const M: usize>(
    conduct: &mut Conduct,
    observation: &Observation<LineOfSight<M>, M>,
    before: &Gaussian<6>,
) {
    let Ok((expected, jacobian)) = SensorModel::<6, M>::linearize(&observation.model, &before.mean) else {
        return;
    };
    let residual: SVector<f64, M> = SensorModel::<6, M>::residual(&observation.model, &observation.measured, &expected);
    let own: SMatrix<f64, M, M> = jacobian * before.covariance * jacobian.transpose();
    for (row, quantity) in observation.model.quantities.iter().enumerate() {
        let sample = Sample {
            innovation: residual[row],
            own: own[(row, row)],
            stated: observation.model.sigmas[row],
        };
        conduct.scatter.observe(*quantity as usize, sample);
    }
}

/// A plot whose stated sigmas are not believed, with those that are; the worst: quantity, stated and seen.
pub(super) fn believed(conduct: &Conduct, sight: &Sight, sensor: &Sensor) -> Option<(Sight, usize, f64, f64)> {
    fn raise<const M: usize>(
        conduct: &Conduct,
        observation: &mut Observation<LineOfSight<M>, M>,
        range_m: f64,
    ) -> Option<(usize, f64, f64, f64)> {
        let (mut worst, mut aside_m2): (Option<(usize, f64, f64)>, f64) = (None, 0.0);
        for (row, quantity) in observation.model.quantities.iter().enumerate() {
            let kind = *quantity as usize;
            let stated = observation.model.sigmas[row];
            let Some(seen) = conduct.scatter.floor(kind, stated) else {
                continue;
            };
            observation.model.sigmas[row] = seen;
            let seen_m = match quantity {
                PolarQuantity::Range => seen,
                PolarQuantity::Azimuth | PolarQuantity::Elevation => seen * range_m,
                PolarQuantity::RangeRate => 0.0,
            };
            aside_m2 += seen_m * seen_m;
            if worst.is_none_or(|(_, least, of)| seen * least > of * stated) {
                worst = Some((kind, stated, seen));
            }
        }
        worst.map(|(kind, stated, seen)| (kind, stated, seen, aside_m2))
    }
    if !conduct.scatter.is_known() {
        return None;
    }
    let range_m = sight
        .fix
        .as_ref()
        .map_or(0.0, |fix| (fix.place_m - sensor.site.origin().vector()).norm());
    let mut reading = sight.reading;
    let (kind, stated, seen, aside_m2) = match &mut reading {
        Reading::Polar1(o) => raise(conduct, o, range_m),
        Reading::Polar2(o) => raise(conduct, o, range_m),
        Reading::Polar3(o) => raise(conduct, o, range_m),
        Reading::Polar4(o) => raise(conduct, o, range_m),
        Reading::Height(_) | Reading::Position(_) | Reading::PositionVelocity(_) | Reading::State(_) => None,
    }?;
    let mut other = Sight {
        reading,
        ..sight.clone()
    };
    if let Some(fix) = &mut other.fix {
        fix.covariance_m2 += nalgebra::Matrix3::identity() * aside_m2;
    }
    Some((other, kind, stated, seen))
}

/// A number that tells measured values apart, whatever the time: equal for equal values.
///
/// Source: Fowler, Noll & Vo, FNV-1a of 64 bits.
pub(super) fn digest(sight: &Sight) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    let mut add = |values: &[f64]| {
        for byte in values.iter().flat_map(|value| value.to_bits().to_le_bytes()) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    };
    estimate::with_observation!(&sight.reading, o => add(o.measured.as_slice()));
    if let Some(o) = &sight.height {
        add(o.measured.as_slice());
    }
    hash
}
