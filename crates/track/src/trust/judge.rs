//! Where the fold asks: what comes in, what came of it, what was looked for, who fell silent.

use std::borrow::Cow;
use std::sync::Arc;

use estimate::belief::Gaussian;
use estimate::sensor::Reading;
use geo::Time;
use nalgebra::Vector3;

use super::probe::{believed, digest, fits, is_supported, mirrored, nearest, others_cover, scatter};
use super::refine::{refined, values};
use super::scatter::QUANTITIES;
use super::{Fault, SensorEvent, Standing};
use crate::picture::{Drop, Event, EventKind};
use crate::sight::Sight;
use crate::track::Stage;
use crate::tracker::Tracker;

/// So many plots of a frame are looked into.
const PROBES: usize = 4;
/// A look at a track that the sensor has not seen for so many scans, or this, says nothing.
const SCANS_SEEN: f64 = 10.0;
const SEEN_S: f64 = 10.0;
/// What moves is faster.
const MOVING_MPS: f64 = 15.0;
/// Positions that are known no better are not given to metres either.
const FINE_SIGMA_M: f64 = 1_000.0;
/// Only what moves tells the past from now.
const FAST_MPS: f64 = 30.0;
/// Silence of so many scans, or this, after which is kept what a sensor saw.
const SCANS_SILENT: f64 = 3.0;
const SILENT_S: f64 = 10.0;
/// Sensors that state so much less than another spoil the tracks that it is judged by.
const SHARPER: f64 = 0.1;

/// The frame as it is to be used; `None` of a sensor that is contained.
pub(crate) fn screen<'a>(tracker: &mut Tracker, frame: &'a [Sight]) -> Option<Cow<'a, [Sight]>> {
    let (sensor, time) = (frame[0].sensor, frame[0].time);
    let scan_s = tracker.watches[sensor].scan_s;
    let conduct = &mut tracker.conducts[sensor];
    conduct.plots += frame.len() as u64;
    let mut verdict = None;
    for sight in frame {
        if !conduct.rate.count(sight.time) {
            let second = Time::from_tai_ns(time.tai_ns() - time.tai_ns().rem_euclid(1_000_000_000));
            let budget_per_s = conduct.rate.budget(sight.time);
            verdict = Some((Fault::Flood { budget_per_s }, second));
        }
        let is_repeat = conduct.repeats.observe(digest(sight), sight.time);
        if is_repeat && conduct.fault == Some(Fault::Repeats) {
            conduct.worsens(sight.time);
        }
    }
    let is_heard = !conduct.is_contained();
    for sight in frame.iter().take(2 * PROBES).filter(|_| is_heard) {
        let Some(fix) = &sight.fix else { continue };
        conduct.stated_m = fix.sigma_m();
        if let Some(jump_s) = conduct.stale.observe(&fix.place_m, fix.sigma_m(), sight.time, scan_s) {
            verdict = Some((Fault::Clock { jump_s }, time + -scan_s));
        }
    }
    let verdict = verdict.or_else(|| conduct.guilty(time, scan_s));
    if let Some((fault, since)) = verdict {
        contain(tracker, sensor, fault, since, time);
    }
    if !tracker.conducts[sensor].is_contained() {
        return match fresh(tracker, frame) {
            None => Some(sharpened(tracker, frame)),
            Some(fresh) if fresh.is_empty() => None,
            Some(fresh) => Some(Cow::Owned(sharpened(tracker, &fresh).into_owned())),
        };
    }
    for sight in frame.iter().take(PROBES) {
        held_against(tracker, sight);
    }
    let conduct = &mut tracker.conducts[sensor];
    conduct.refused += frame.len() as u64;
    if let Some(fault) = conduct.fault
        && conduct.is_let_back(time)
    {
        tracker.watches[sensor].last = Some(time);
        say(tracker, time, sensor, Standing::Trusted, fault);
    }
    None
}

/// The frame without positions that were said before and are of nothing that stands; `None` where all are fresh.
fn fresh(tracker: &mut Tracker, frame: &[Sight]) -> Option<Vec<Sight>> {
    let sensor = frame[0].sensor;
    let mut kept: Option<Vec<Sight>> = None;
    for (index, sight) in frame.iter().enumerate() {
        let is_position = matches!(sight.reading, Reading::Position(_) | Reading::PositionVelocity(_));
        let said = is_position.then(|| tracker.conducts[sensor].said.get_or_insert_default());
        let is_again = said.is_some_and(|said| is_fine(sight) && said.again(digest(sight), sight.time));
        let is_old = is_again && !is_of_what_stands(tracker, sight);
        if is_old {
            kept.get_or_insert_with(|| frame[..index].to_vec());
            let conduct = &mut tracker.conducts[sensor];
            conduct.refused += 1;
            conduct.said.get_or_insert_default().was_old(sight.time);
        } else if let Some(kept) = &mut kept {
            kept.push(sight.clone());
        }
    }
    kept
}

/// Whether a position is given so finely that what moves never says one twice: coarse ones are on a grid.
fn is_fine(sight: &Sight) -> bool {
    sight.fix.as_ref().is_some_and(|fix| fix.sigma_m() < FINE_SIGMA_M)
}

/// Whether a plot may be of a track that stands.
fn is_of_what_stands(tracker: &Tracker, sight: &Sight) -> bool {
    let Some(fix) = &sight.fix else { return true };
    let near = tracker.near.reaching(sight.time, &fix.place_m, fix.sigma_m());
    near.into_iter().any(|number| {
        let track = tracker.tracks[number as usize].as_ref();
        let is_slow = |track: &Arc<crate::track::Track>| track.imm.mean().fixed_rows::<3>(3).norm() < MOVING_MPS;
        track.is_some_and(is_slow) && fits(tracker, number as usize, sight)
    })
}

fn say(tracker: &mut Tracker, time: Time, sensor: usize, standing: Standing, fault: Fault) {
    tracker.sensor_events.push(SensorEvent {
        time,
        sensor,
        standing,
        fault,
    });
}

/// Contains a sensor, and takes away what it alone has begun since it was at fault.
fn contain(tracker: &mut Tracker, sensor: usize, fault: Fault, since: Time, time: Time) {
    let conduct = &mut tracker.conducts[sensor];
    if conduct.is_contained() {
        conduct.worsens(time);
        return;
    }
    conduct.contain(fault, time);
    say(tracker, time, sensor, Standing::Contained, fault);
    let since = since + -tracker.watches[sensor].scan_s.max(1.0);
    for number in 0..tracker.tracks.len() {
        let Some(track) = tracker.tracks[number].clone() else {
            continue;
        };
        if track.first < since || track.looks.iter().any(|look| look.sensor != sensor) {
            continue;
        }
        tracker.remove(number);
        if track.stage != Stage::Tentative {
            tracker.events.push(Event {
                time,
                track: track.name,
                kind: EventKind::Dropped {
                    why: Drop::Distrusted,
                    diameter_m: 0.0,
                },
            });
        }
    }
}

/// The frame with sigmas that are believed: larger or smaller than stated.
fn sharpened<'a>(tracker: &mut Tracker, frame: &'a [Sight]) -> Cow<'a, [Sight]> {
    let (sensor, time) = (frame[0].sensor, frame[0].time);
    let conduct = &tracker.conducts[sensor];
    let mut raised: Option<Vec<Sight>> = None;
    let mut accuracy = None;
    for (index, sight) in frame.iter().enumerate() {
        let Some((other, kind, stated, seen)) = believed(conduct, sight, &tracker.sensors[sensor]) else {
            if let Some(other) = refined(conduct, sight, &tracker.sensors[sensor]) {
                raised.get_or_insert_with(|| frame.to_vec())[index] = other;
            }
            continue;
        };
        accuracy = Some(Fault::Accuracy {
            quantity: QUANTITIES[kind],
            stated,
            seen,
        });
        raised.get_or_insert_with(|| frame.to_vec())[index] = other;
    }
    let scan_s = tracker.watches[sensor].scan_s;
    if let Some((standing, fault)) = tracker.conducts[sensor].doubted(time, scan_s, accuracy) {
        say(tracker, time, sensor, standing, fault);
    }
    raised.map_or(Cow::Borrowed(frame), Cow::Owned)
}

/// Holds a plot that changed no track against the tracks of others.
fn held_against(tracker: &mut Tracker, sight: &Sight) {
    let sensor = sight.sensor;
    let found = nearest(tracker, sight);
    if let Some((number, is_alone)) = found {
        if fits(tracker, number, sight) {
            tracker.conducts[sensor].fits();
            return;
        }
        if is_alone {
            measure(tracker, number, sight, None);
        }
    }
    tracker.conducts[sensor].fits_not();
    let turned = mirrored(sight, &tracker.sensors[sensor]);
    let scan_s = tracker.watches[sensor].scan_s;
    if let Some(turned) = turned
        && let Some((number, _)) = nearest(tracker, &turned)
        && let Some(track) = &tracker.tracks[number]
        && track
            .look(sensor)
            .is_none_or(|look| sight.time - look.seen > 0.5 * scan_s)
        && fits(tracker, number, &turned)
    {
        tracker.conducts[sensor].fits_mirrored(sight.time);
    }
}

/// Takes the innovations of a plot of a track into what is known of the sensor's scatter.
fn measure(tracker: &mut Tracker, number: usize, sight: &Sight, before: Option<&Gaussian<6>>) {
    let Some(track) = tracker.tracks[number].clone() else {
        return;
    };
    let own_m = tracker.conducts[sight.sensor].stated_m;
    let is_spoilt = |look: &crate::track::Look| {
        look.sensor != sight.sensor && tracker.conducts[look.sensor].stated_m < SHARPER * own_m
    };
    if track.looks.iter().any(is_spoilt) {
        return;
    }
    let mut belief = match before {
        Some(before) => *before,
        None => {
            let mut moved = (*track).clone();
            moved.advance(sight.time);
            moved.imm.belief()
        }
    };
    belief.covariance += tracker.registration.considered(&track.sensitivity);
    let reading = tracker.registration.with_means(&sight.reading, sight.sensor);
    scatter(&mut tracker.conducts[sight.sensor], &reading, &belief);
}

/// What came of a frame, as it was stated: which plot each track took, and the track just before it.
pub(crate) fn learn(tracker: &mut Tracker, frame: &[Sight], taken: &[(usize, u32, Gaussian<6>)]) {
    let sensor = frame[0].sensor;
    let detection = tracker.watches[sensor].detection();
    // Of what others see too, and of what nobody else sees, and for how long it has.
    let mut is_known = vec![false; frame.len()];
    let mut is_old = vec![false; frame.len()];
    let mut measured = 0;
    for (number, index, before) in taken {
        let sight = &frame[*index as usize];
        let Some(track) = tracker.tracks[*number].clone() else {
            continue;
        };
        if track.stage == Stage::Tentative {
            continue;
        }
        if before.mean.fixed_rows::<3>(3).norm() > MOVING_MPS {
            let scan_s = tracker.watches[sensor].scan_s;
            let conduct = &mut tracker.conducts[sensor];
            conduct.moving = Some(sight.time);
            conduct
                .contrasts
                .observe(track.name, sight.time, values(&sight.reading), scan_s);
        }
        let is_alone = track.looks.iter().all(|look| look.sensor == sensor);
        let since = tracker.conducts[sensor].agreement.since;
        is_known[*index as usize] = !is_alone;
        is_old[*index as usize] = since.is_none_or(|since| track.first < since);
        if !is_supported(tracker, &track, sensor, sight.time) {
            continue;
        }
        tracker.conducts[sensor].fits();
        let false_per_scan = tracker.watches[sensor].false_per_scan();
        let conduct = &mut tracker.conducts[sensor];
        conduct.agreement.looked(true, detection, false_per_scan, sight.time);
        if measured < PROBES {
            measured += 1;
            measure(tracker, *number, sight, Some(before));
        }
    }
    let strange = (0..frame.len()).filter(|index| !is_known[*index]);
    for index in strange.take(PROBES) {
        let sight = &frame[index];
        let is_new = !is_old[index] && tracker.conducts[sensor].agreement.since.is_some();
        if is_new && others_cover(tracker, sight) >= 2 {
            tracker.conducts[sensor].agreement.strange();
        }
        held_against(tracker, sight);
    }
}

/// A sensor looked at a confirmed track and did not see it.
pub(crate) fn looked(tracker: &mut Tracker, sensor: usize, seen: Time, time: Time) {
    let watch = &tracker.watches[sensor];
    if time - seen < SEEN_S.max(SCANS_SEEN * watch.scan_s) {
        let (detection, false_per_scan) = (watch.detection(), watch.false_per_scan());
        let agreement = &mut tracker.conducts[sensor].agreement;
        agreement.looked(false, detection, false_per_scan, time);
    }
}

/// Keeps what sensors saw that have fallen silent.
pub(crate) fn remember(tracker: &mut Tracker, time: Time) {
    for sensor in 0..tracker.sensors.len() {
        let watch = &tracker.watches[sensor];
        let Some(last) = watch.last.filter(|_| !tracker.conducts[sensor].is_contained()) else {
            continue;
        };
        if time - last < SILENT_S.max(SCANS_SILENT * watch.scan_s) || tracker.conducts[sensor].stale.last == Some(last)
        {
            continue;
        }
        let scans_s = SEEN_S.max(SCANS_SILENT * watch.scan_s);
        let is_seen = |look: &crate::track::Look| look.sensor == sensor && last - look.seen < scans_s;
        let tracks = tracker.tracks.iter().flatten();
        let seen: Arc<[(Vector3<f64>, Vector3<f64>)]> = tracks
            .filter(|track| track.stage != Stage::Tentative && track.looks.iter().any(is_seen))
            .map(|track| {
                let velocity: Vector3<f64> = track.imm.mean().fixed_rows::<3>(3).into();
                (track.place(last).vector(), velocity)
            })
            .filter(|(_, velocity)| velocity.norm() > FAST_MPS)
            .collect();
        tracker.conducts[sensor].stale.remember(last, seen);
    }
}
