//! What happens to tracks that are not seen: once a second of measured time, on a grid that everybody shares.

use std::sync::Arc;

use estimate::belief::Gaussian;
use geo::{Time, height_about_m};
use nalgebra::Vector6;

use crate::modes::Class;
use crate::picture::{Drop, Event, EventKind, Unseen};
use crate::track::{Look, Stage, Track};
use crate::tracker::Tracker;
use crate::trust;
use crate::watch::{Watch, covers};

/// Between sweeps.
const STEP_S: i64 = 1;
const STEP_NS: i64 = STEP_S * 1_000_000_000;
/// After a silence of this there is nothing left to sweep step by step.
const SILENCE_S: f64 = 3_600.0;
/// A look that should have come is a miss after so many scans.
const SCANS_MISS: f64 = 1.3;
/// Without a plot for so many scans a track coasts.
const SCANS_COAST: f64 = 2.5;
/// Beliefs are moved on when they are this old.
const AGE_MAX_S: f64 = 8.0;
/// Below this existence a confirmed track is nothing,
const GONE: f64 = 1e-3;
/// a tentative one below this part of what it began with: where there is much clutter all begin with little.
const GONE_TENTATIVE: f64 = 0.02;
/// A tentative track is given up after so many scans of its sensor without a plot.
const SCANS_TENTATIVE: f64 = 3.5;
/// A track whose 95 % region is longer than this says nothing any more: aircraft, everything else.
const LOST_M: [f64; 2] = [40e3, 400e3];
/// A track that coasts says so again when its region has grown by this factor.
const GROWN: f64 = 1.5;
/// Lost with so few plots, it was lost right after its detection.
const PLOTS_EARLY: u32 = 12;
/// Tracks are held against each other each second of this length,
const JOIN_S: i64 = 2;
/// and two as near as one object is to itself, so often in a row, are one.
const DOUBLED: u32 = 3;
/// Aircraft that a sensor saw side by side for so many scans are two. A track that loses its object to a new one may go
/// on beside it for a plot or two; of what came apart one plot feeds two tracks by turns, for long.
const SCANS_BOTH: f64 = 2.0;
/// How near: chi-square of position and velocity at 90 %.
const NEAR: f64 = 10.64;

/// Chi-square of three degrees at 95 %.
const CHI_SQUARE_95: f64 = 7.814_727_903_251_179;

/// Sweeps at every whole step up to a time.
pub(crate) fn until(tracker: &mut Tracker, time: Time) {
    let step = |ns: i64| Time::from_tai_ns(ns - ns.rem_euclid(STEP_NS));
    let last = match tracker.swept {
        Some(swept) if time - swept < SILENCE_S => swept,
        _ => step(time.tai_ns()),
    };
    let mut next = last;
    while next + STEP_S as f64 <= time {
        next = next + STEP_S as f64;
        sweep(tracker, next);
    }
    tracker.swept = Some(next);
}

fn sweep(tracker: &mut Tracker, time: Time) {
    trust::remember(tracker, time);
    for number in 0..tracker.tracks.len() {
        let Some(last) = tracker.tracks[number].as_ref().map(|track| track.time) else {
            continue;
        };
        let is_changed = look_again(tracker, number, time);
        let old = time - last > AGE_MAX_S;
        if old && let Some(track) = &mut tracker.tracks[number] {
            Arc::make_mut(track).advance(time);
        }
        if is_changed || old {
            judge(tracker, number, time);
        }
        if old {
            tracker.put(number);
        } else {
            tracker.near.follow(number as u32, time);
        }
        tracker.foretell(number, time);
    }
    if time.tai_ns().rem_euclid(JOIN_S * STEP_NS) == 0 {
        join(tracker, time);
    }
}

/// A look that should have come: its place in the track's list, and whether the sensor could have seen the object.
type Due = (usize, bool);

/// The looks of a track that should have come.
fn due(tracker: &Tracker, track: &Track, time: Time) -> Vec<Due> {
    let looks = track.looks.iter().enumerate();
    let is_late = |look: &Look| time - look.looked > SCANS_MISS * tracker.watches[look.sensor].scan_s;
    let late = looks.filter(|(_, look)| is_late(look));
    late.map(|(place, look)| {
        let is_alive = tracker.watches[look.sensor].is_alive(time);
        (
            place,
            is_alive && covers(&tracker.sensors[look.sensor], track.place(time)),
        )
    })
    .collect()
}

/// Counts a look that has not come; whether it tells how well the sensor sees.
fn count(watches: &[Watch], track: &mut Track, (place, is_miss): Due) -> bool {
    let watch = &watches[track.looks[place].sensor];
    let due = track.looks[place].looked + watch.scan_s;
    if !is_miss {
        track.looks[place].looked = due;
        return false;
    }
    track.miss(place, due, watch.detection());
    track.stage == Stage::Confirmed && !track.looks[place].is_hidden()
}

/// Counts the looks that should have come; whether there were any.
fn look_again(tracker: &mut Tracker, number: usize, time: Time) -> bool {
    let Some(track) = &tracker.tracks[number] else {
        return false;
    };
    let missed = due(tracker, track, time);
    let looks = missed.iter().map(|(place, is_miss)| (&track.looks[*place], *is_miss));
    let overlooked: Vec<(usize, Time)> = looks
        .filter(|(look, is_miss)| *is_miss && trust::is_supported(tracker, track, look.sensor, time))
        .map(|(look, _)| (look.sensor, look.seen))
        .collect();
    let of_rivals: Vec<Vec<Due>> = track.rivals.iter().map(|rival| due(tracker, rival, time)).collect();
    let is_silent = time - track.seen >= 2.0;
    for (sensor, seen) in overlooked {
        trust::looked(tracker, sensor, seen, time);
    }
    if missed.is_empty() && of_rivals.iter().all(Vec::is_empty) {
        return is_silent;
    }
    let Some(own) = &mut tracker.tracks[number] else {
        return false;
    };
    let own = Arc::make_mut(own);
    for due in missed {
        let sensor = own.looks[due.0].sensor;
        if count(&tracker.watches, own, due) {
            tracker.watches[sensor].looked(false);
        }
    }
    for (rival, missed) in own.rivals.iter_mut().zip(of_rivals) {
        for due in missed {
            count(&tracker.watches, Arc::make_mut(rival), due);
        }
    }
    true
}

/// Gives a track up, or says that it coasts.
fn judge(tracker: &mut Tracker, number: usize, time: Time) {
    let Some(track) = tracker.tracks[number].clone() else {
        return;
    };
    let scan_s = track
        .looks
        .iter()
        .map(|look| tracker.watches[look.sensor].scan_s)
        .fold(f64::INFINITY, f64::min);
    let silent_s = time - track.seen;
    if track.stage == Stage::Tentative {
        if track.existence < GONE_TENTATIVE * track.begun || silent_s > SCANS_TENTATIVE * scan_s {
            tracker.remove(number);
        }
        return;
    }
    let is_coasting = track.stage == Stage::Coasting || silent_s > SCANS_COAST * scan_s;
    let lost_m = LOST_M[usize::from(track.class != Class::Air)];
    let is_wide =
        !(tracker.near.sigma_m(number as u32)).is_some_and(|sigma_m| 2.0 * CHI_SQUARE_95.sqrt() * sigma_m < lost_m);
    if !is_coasting && !is_wide && track.presence() >= GONE && !is_down(&track) {
        return;
    }
    let diameter_m = diameter_m(&track.belief(&tracker.registration));
    let why = if is_down(&track) {
        Some(Drop::Down)
    } else if track.presence() < GONE {
        Some(Drop::Gone)
    } else if diameter_m > lost_m {
        let is_watched = tracker.is_looked_at(&track, time);
        Some(if is_watched { Drop::Gone } else { Drop::OutOfSight })
    } else {
        None
    };
    let name = track.name;
    if let Some(why) = why {
        tracker.remove(number);
        tracker.events.push(Event {
            time,
            track: name,
            kind: EventKind::Dropped { why, diameter_m },
        });
    } else if is_coasting {
        coast(tracker, number, time);
    }
}

/// Says that a track coasts, and how large its region is, when that is new.
fn coast(tracker: &mut Tracker, number: usize, time: Time) {
    let Some(track) = tracker.tracks[number].clone() else {
        return;
    };
    let belief = track.at(time).map_or_else(
        || track.belief(&tracker.registration),
        |imm| Gaussian {
            covariance: imm.belief().covariance + tracker.registration.considered(&track.sensitivity),
            ..imm.belief()
        },
    );
    let diameter_m = diameter_m(&belief);
    if track.stage == Stage::Coasting && diameter_m < GROWN * track.coasted_m {
        return;
    }
    let is_watched = tracker.is_looked_at(&track, time);
    if let Some(track) = &mut tracker.tracks[number] {
        let track = Arc::make_mut(track);
        track.stage = Stage::Coasting;
        track.coasted_m = diameter_m;
    }
    tracker.events.push(Event {
        time,
        track: track.name,
        kind: EventKind::Coasting {
            why: if is_watched {
                Unseen::NotDetected
            } else {
                Unseen::OutOfCoverage
            },
            diameter_m,
            is_early: track.plots <= PLOTS_EARLY,
        },
    });
}

/// Whether a track's object fell, and is below the ground, as far as the ellipsoid tells.
///
/// What stands or lands at an airport is slightly below the ellipsoid often enough, and never gone for that.
fn is_down(track: &Track) -> bool {
    track.class == Class::Space && height_about_m(track.place(track.time)) < -100.0
}

/// Longest diameter of the region that holds a position with 95 %, at most.
fn diameter_m(belief: &Gaussian<6>) -> f64 {
    let largest = (0..3).map(|i| belief.covariance[(i, i)]).sum::<f64>().max(0.0);
    2.0 * (CHI_SQUARE_95 * largest).sqrt()
}

/// Makes one of two confirmed tracks that have been as near as one object is to itself for some time.
fn join(tracker: &mut Tracker, time: Time) {
    let mut over = Vec::new();
    for number in 0..tracker.tracks.len() {
        let Some(track) = tracker.tracks[number].clone() else {
            continue;
        };
        if track.stage == Stage::Tentative {
            continue;
        }
        // Positions alone are nearer than positions and velocities together.
        let beside = tracker.near.beside(number as u32, time, NEAR.sqrt());
        let older = beside.into_iter().find(|other| {
            tracker.tracks[*other as usize].as_ref().is_some_and(|other| {
                other.stage != Stage::Tentative
                    && (other.first, other.name) < (track.first, track.name)
                    && is_same(tracker, &track, other)
            })
        });
        if older.is_none() && track.doubled == 0 {
            continue;
        }
        let Some(own) = &mut tracker.tracks[number] else {
            continue;
        };
        match older {
            None => Arc::make_mut(own).doubled = 0,
            Some(older) => {
                let own = Arc::make_mut(own);
                own.doubled += 1;
                if own.doubled >= DOUBLED {
                    over.push((number, older as usize));
                }
            }
        }
    }
    for (number, older) in over {
        let (Some(name), Some(kept)) = (tracker.name(number), tracker.name(older)) else {
            continue;
        };
        let is_found = go_on(tracker, number, older);
        tracker.remove(number);
        let mut say = |track, kind| tracker.events.push(Event { time, track, kind });
        say(name, EventKind::Merged(kept));
        if is_found {
            say(kept, EventKind::Found);
            tracker.put(older);
        }
    }
}

/// Where the older of two tracks of one object coasts and the younger is seen, the older goes on with what the younger
/// knows: the object came out of a blind spot. Whether it was so.
fn go_on(tracker: &mut Tracker, younger: usize, older: usize) -> bool {
    let (Some(young), Some(old)) = (tracker.tracks[younger].clone(), &mut tracker.tracks[older]) else {
        return false;
    };
    if old.stage != Stage::Coasting || young.stage != Stage::Confirmed {
        return false;
    }
    *old = Arc::new(young.as_older(old));
    true
}

/// Whether two tracks may be of one object: as near as that, and no sensor saw both in one scan, or both for some.
fn is_same(tracker: &Tracker, one: &Track, other: &Track) -> bool {
    let is_air = one.class == Class::Air && other.class == Class::Air;
    let in_one_scan = |a: &Look, b: &Look| {
        let scan_s = tracker.watches[a.sensor].scan_s;
        let is_side_by_side = is_air && a.overlap_s(b) > SCANS_BOTH * scan_s;
        a.sensor == b.sensor && (is_side_by_side || (a.seen - b.seen).abs() < 0.5 * scan_s)
    };
    let both = one.looks.iter().any(|a| other.looks.iter().any(|b| in_one_scan(a, b)));
    if both || matches!((&one.target, &other.target), (Some(a), Some(b)) if a != b) {
        return false;
    }
    let (a, b) = (one.belief(&tracker.registration), other.belief(&tracker.registration));
    let dt_s = one.time - other.time;
    let mut apart: Vector6<f64> = a.mean - b.mean;
    for axis in 0..3 {
        apart[axis] -= b.mean[axis + 3] * dt_s;
    }
    let joint = Gaussian::new(Vector6::zeros(), a.covariance + b.covariance);
    joint.mahalanobis_squared(&apart).is_ok_and(|d2| d2 < NEAR)
}
