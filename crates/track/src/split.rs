//! A new track that came out of an older one: a stage, a warhead, pieces.
//!
//! At its first plot the track lies where the object of a confirmed track may be, as far as one object and the
//! resolution of radars allow; once it is confirmed it still goes nearly the same way. What only crosses does not.

use estimate::belief::{Gaussian, cholesky};
use nalgebra::Vector3;

use crate::name::Name;
use crate::sight::Sight;
use crate::track::{Stage, Track};
use crate::tracker::Tracker;

/// Chi-square of three components at one in a thousand.
const NEAR: f64 = 16.27;
/// Two objects are one plot within this: notional, what wide-band radars tell apart in range.
const RESOLUTION_M: f64 = 150.0;
/// What comes off goes by so much faster or slower, each axis: stages by metres a second, what breaks up by tens, and
/// drag parts it further until the track is confirmed. Notional.
const PARTING_MPS: f64 = 60.0;

/// What stands or taxies and is not seen for more scans than this has gone, and others come to where it was,
const SCANS_GONE: f64 = 2.5;
/// unlike what is faster.
const FLYING_MPS: f64 = 60.0;

/// The confirmed track that a plot may have come out of, the nearest; `None` where there is none.
pub(crate) fn parent(tracker: &Tracker, sight: &Sight) -> Option<Name> {
    let fix = sight.fix.as_ref()?;
    let numbers = tracker.near.reaching(sight.time, &fix.place_m, fix.sigma_m());
    let apart = |track: &Track| -> Option<f64> {
        let belief = track.belief(&tracker.registration);
        let off_m: Vector3<f64> = track.place(sight.time).vector() - fix.place_m;
        let both = Gaussian::new(
            Vector3::zeros(),
            belief.covariance.fixed_view::<3, 3>(0, 0)
                + fix.covariance_m2
                + nalgebra::Matrix3::identity() * (RESOLUTION_M * RESOLUTION_M),
        );
        both.mahalanobis_squared(&off_m).ok().filter(|d2| *d2 < NEAR)
    };
    let objects = numbers.into_iter().filter_map(|number| {
        let track = tracker.tracks[number as usize].as_ref()?;
        let is_object = track.stage != Stage::Tentative && !is_other(track, sight);
        is_object.then(|| apart(track).map(|d2| (d2, track.name))).flatten()
    });
    objects
        .min_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(&b.1)))
        .map(|(_, name)| name)
}

/// Where a track that has just been confirmed came out of one that was not seen since, that one: it is the same object,
/// which did what its track did not expect, or came out of a blind spot.
pub(crate) fn unseen_since(tracker: &Tracker, child: usize, parent: Name) -> Option<usize> {
    let child = tracker.tracks[child].as_ref()?;
    let scans_s = child
        .looks
        .iter()
        .map(|look| SCANS_GONE * tracker.watches[look.sensor].scan_s);
    let soon_s = scans_s.fold(0.0, f64::max);
    let is_it = |track: &Track| {
        let gone_s = child.first - track.seen;
        let is_flying = track.imm.mean().fixed_rows::<3>(3).norm() > FLYING_MPS;
        track.name == parent && track.class == child.class && gone_s > 0.0 && (gone_s < soon_s || is_flying)
    };
    tracker
        .tracks
        .iter()
        .position(|track| track.as_ref().is_some_and(|track| is_it(track)))
}

/// Whether a plot claims to be of something else than a track.
fn is_other(track: &Track, sight: &Sight) -> bool {
    matches!((&track.target, &sight.target), (Some(one), Some(other)) if one != other)
}

/// Whether a track that has just been confirmed goes nearly the same way as the one it may have come out of.
pub(crate) fn is_parting(tracker: &Tracker, child: &Track, parent: Name) -> bool {
    let known = tracker.tracks.iter().flatten().find(|track| track.name == parent);
    let Some(parent) = known else { return false };
    let (one, other) = (
        child.belief(&tracker.registration),
        parent.belief(&tracker.registration),
    );
    let off_mps: Vector3<f64> = (one.mean - other.mean).fixed_rows::<3>(3).into();
    let covariance = one.covariance.fixed_view::<3, 3>(3, 3)
        + other.covariance.fixed_view::<3, 3>(3, 3)
        + nalgebra::Matrix3::identity() * (PARTING_MPS * PARTING_MPS);
    cholesky(&covariance).is_ok_and(|factor| off_mps.dot(&factor.solve(&off_mps)) < NEAR)
}
