//! An aircraft that is seen again after it was not for some time: the object of an older track, or a new one.
//!
//! One plot near where an aircraft may be by now says little when that is kilometres wide; how it goes on says more.
//! So a track that is loosely known takes no plot. What is seen there begins a track of its own, and once that is an
//! object its place and its velocity are held against where the older one may be and how fast, and against what new
//! aircraft have. Source of holding the likelihoods of segments against each other: Zhang & Bar-Shalom, Track segment
//! association for GMTI tracks of evasive move-stop-move maneuvering targets, IEEE Transactions on Aerospace and
//! Electronic Systems 47(3) (2011).

use std::sync::Arc;

use estimate::belief::Gaussian;
use geo::Time;
use geo::math::{exp, ln};
use nalgebra::{Matrix3, Vector3, Vector6};

use crate::modes::{self, Class};
use crate::sight::Sight;
use crate::track::{Stage, Track};
use crate::tracker::Tracker;

/// A place is loosely known when the root of the sum of its variances along the level is more than this.
const LOOSE_M: f64 = 500.0;
/// What is slower taxies.
const FLIES_MPS: f64 = 20.0;
/// What is hidden comes out again in a scan with this probability.
const BACK: f64 = 0.06;

/// Whether a track is of an aircraft that is not seen, and may be in many places by now.
pub(crate) fn is_loose(track: &Track) -> bool {
    if track.stage != Stage::Coasting || !flies(track) {
        return false;
    }
    let known = track.imm.belief();
    let place: Matrix3<f64> = known.covariance.fixed_view::<3, 3>(0, 0).into();
    let up: Vector3<f64> = known.mean.fixed_rows::<3>(0).normalize();
    place.trace() - up.dot(&(place * up)) > LOOSE_M * LOOSE_M
}

/// Whether a plot is to be held against a loosely known track at once: it claims to be of it, or is no place, or a
/// partner's word.
pub(crate) fn is_telling(track: &Track, sight: &Sight) -> bool {
    sight.fix.is_none() || sight.inside.is_some() || is_claimed(&track.target, &sight.target)
}

fn is_claimed(one: &Option<Arc<str>>, other: &Option<Arc<str>>) -> bool {
    one.is_some() && one == other
}

/// Of an aircraft that is to be confirmed now: the older track whose object it is, where that was not seen since its
/// first plot.
pub(crate) fn older(tracker: &Tracker, number: usize) -> Option<usize> {
    let young = tracker.tracks[number].as_ref()?;
    if !flies(young) {
        return None;
    }
    let belief = young.belief(&tracker.registration);
    let new_ln = as_new_ln(tracker, young, &belief)?;
    let mut best: Option<(f64, usize)> = None;
    let place: Vector3<f64> = belief.mean.fixed_rows::<3>(0).into();
    let sigma_m = belief.covariance.fixed_view::<3, 3>(0, 0).trace().max(0.0).sqrt();
    for at in tracker.near.reaching(young.time, &place, sigma_m) {
        let at = at as usize;
        let Some(old) = &tracker.tracks[at] else { continue };
        let is_unseen = old.stage == Stage::Coasting && flies(old) && old.seen < young.first;
        let is_other = matches!((&old.target, &young.target), (Some(one), Some(other)) if one != other);
        if at == number || !is_unseen || is_other {
            continue;
        }
        let Some(same_ln) = as_same_ln(tracker, old, &belief, young.time) else {
            continue;
        };
        if same_ln > new_ln && best.is_none_or(|(most_ln, _)| same_ln > most_ln) {
            best = Some((same_ln, at));
        }
    }
    best.map(|(_, at)| at)
}

/// What stands or taxies and was not seen for long has gone, and others come to where it was.
fn flies(track: &Track) -> bool {
    track.class == Class::Air && track.imm.mean().fixed_rows::<3>(3).norm() > FLIES_MPS
}

/// Density of place and velocity of an object of which an older track has been.
fn as_same_ln(tracker: &Tracker, old: &Track, young: &Gaussian<6>, time: Time) -> Option<f64> {
    let considered = tracker.registration.considered(&old.sensitivity);
    let ahead = old.at(time)?;
    let mut sum = 0.0;
    for mode in ahead.modes() {
        let known = mode.belief.first_six();
        let joint = Gaussian::new(Vector6::zeros(), known.covariance + considered + young.covariance);
        let apart = young.mean - known.mean;
        sum += mode.probability * exp(joint.log_likelihood(&apart).ok()?);
    }
    Some(ln(old.presence() * BACK * sum))
}

/// The same of a new aircraft: anywhere in view of its sensor, as fast as such are before anything is known.
fn as_new_ln(tracker: &Tracker, young: &Track, belief: &Gaussian<6>) -> Option<f64> {
    let look = young.looks.first()?;
    let place: Vector3<f64> = belief.mean.fixed_rows::<3>(0).into();
    let velocity: Vector3<f64> = belief.mean.fixed_rows::<3>(3).into();
    let own: Matrix3<f64> = belief.covariance.fixed_view::<3, 3>(3, 3).into();
    let spread = Gaussian::new(
        Vector3::zeros(),
        own + Matrix3::identity() * modes::aircraft_velocity_m2ps2(&place),
    );
    let per_m3 = tracker.watches[look.sensor].new_per_m3(&tracker.sensors[look.sensor], &place);
    Some(ln(per_m3) + spread.log_likelihood(&velocity).ok()?)
}
