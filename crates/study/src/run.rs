//! One run: all subsets look at the same flights through the same plots, and are scored.

use geo::Time;
use plot::Plot;
use sim::Truth;

use crate::belief::nees3;
use crate::bound::bound;
use crate::figures::{InstantFigures, RunFigures, SubsetFigures, TrackFigures};
use crate::ground::{Area, Falls};
use crate::outcome::{Arrival, DIAMETERS_KM};
use crate::plan::{Plan, PlannedObject, arrival};
use crate::sight::Sight;
use crate::slots::Slots;
use crate::track::Mode;
use crate::tracker::{SCAN_S, Tracker};

/// In so many runs, the first, the bound is computed.
pub const BOUND_RUNS: usize = 8;
/// A plot counts as sight for so many scans.
const SIGHT_SCANS: f64 = 2.0;
/// A ground area that is withdrawn within this of the arrival was known all the same.
const LAST_S: f64 = 60.0;

/// A confirmed track at one instant.
struct Snapshot {
    track: usize,
    position: nalgebra::Vector3<f64>,
    covariance: nalgebra::Matrix3<f64>,
    /// What was known then was delivered by then.
    known: Time,
    hit: Time,
    area: Option<Area>,
}

/// All confirmed tracks of one subset.
struct Tracks {
    /// At each instant of the plan.
    snapshots: Vec<Vec<Snapshot>>,
    /// By number: votes, and when it was confirmed.
    made: Vec<(usize, Vec<usize>, Time)>,
}

impl Plan {
    /// Computes one run: the flights, plots in order of time, and when each was delivered.
    pub fn run(&self, run: usize, truths: &[Truth], plots: &[Plot], delivered: &[Time]) -> RunFigures {
        let sights: Vec<Sight> = plots
            .iter()
            .zip(delivered)
            .filter_map(|(plot, delivered)| {
                let truth = plot.truth.as_ref().and_then(|id| self.object(id));
                Sight::new(plot, *delivered, &self.sensors, truth)
            })
            .collect();
        let mut objects: Vec<Vec<SubsetFigures>> = self.objects.iter().map(|_| Vec::new()).collect();
        let mut tracks = Vec::with_capacity(self.subsets.len());
        for (subset, slots) in self.subsets.iter().zip(&self.slots) {
            let is_shared = |sight: &&Sight| self.shares(*subset, sight.sensor, sight.time);
            let seen: Vec<&Sight> = sights.iter().filter(is_shared).collect();
            let found = self.track(&seen, slots);
            tracks.push(self.count(&found));
            for (index, object) in self.objects.iter().enumerate() {
                let Some(truth) = truths.iter().find(|truth| truth.id == object.id) else {
                    objects[index].push(unseen(object));
                    continue;
                };
                let own: Vec<&Sight> = seen.iter().copied().filter(|s| s.truth == Some(index)).collect();
                let mut figures = self.score(index, truth, &own, &found);
                if run < BOUND_RUNS {
                    let bounds = bound(&truth.course, &own, slots, &self.instants[object.instants.clone()]);
                    for (instant, least) in figures.curve.iter_mut().zip(bounds) {
                        instant.bound_m2 = least.map_or(f32::NAN, |least| least.position_m2 as f32);
                    }
                }
                objects[index].push(figures);
            }
        }
        RunFigures { run, objects, tracks }
    }

    fn object(&self, id: &str) -> Option<usize> {
        self.objects.iter().position(|object| &*object.id == id)
    }

    /// Runs the tracker of a subset over its plots.
    fn track(&self, seen: &[&Sight], slots: &Slots) -> Tracks {
        let mut tracker = Tracker::new(&self.sensors, slots, self.objects.len());
        let mut falls: Vec<(usize, Falls)> = Vec::new();
        let mut snapshots = Vec::with_capacity(self.instants.len());
        let mut next = 0;
        for instant in &self.instants {
            while next < seen.len() && seen[next].time <= *instant {
                let (time, sensor) = (seen[next].time, seen[next].sensor);
                let same = |sight: &&&Sight| sight.time == time && sight.sensor == sensor;
                let count = seen[next..].iter().take_while(same).count();
                tracker.take(&seen[next..next + count]);
                next += count;
            }
            tracker.advance(*instant);
            snapshots.push(self.snapshots(&tracker, *instant, &mut falls));
        }
        let tracks = tracker.tracks.into_iter().chain(tracker.lost);
        let mut made: Vec<(usize, Vec<usize>, Time)> = tracks
            .filter_map(|(number, track)| track.confirmed.map(|at| (number, track.votes, at)))
            .collect();
        made.sort_by_key(|(number, ..)| *number);
        Tracks { snapshots, made }
    }

    fn snapshots(&self, tracker: &Tracker<'_>, instant: Time, falls: &mut Vec<(usize, Falls)>) -> Vec<Snapshot> {
        let confirmed = tracker.tracks.iter().filter(|(_, track)| track.confirmed.is_some());
        confirmed
            .map(|(number, track)| {
                let area = (track.mode == Mode::Free).then(|| {
                    let place = falls.iter().position(|(of, _)| of == number).unwrap_or_else(|| {
                        falls.push((*number, Falls::default()));
                        falls.len() - 1
                    });
                    falls[place].1.area(track.belief(), instant, &self.instants)
                });
                let (position, covariance) = track.position();
                Snapshot {
                    track: *number,
                    position,
                    covariance,
                    known: track.known,
                    hit: track.hit,
                    area: area.flatten(),
                }
            })
            .collect()
    }

    /// Which object a confirmed track is of: that of most of its plots; `None` of nothing.
    fn owner(&self, votes: &[usize]) -> Option<usize> {
        let most = votes.iter().copied().max()?;
        votes
            .iter()
            .position(|count| *count == most)
            .filter(|place| *place < self.objects.len())
    }

    fn count(&self, tracks: &Tracks) -> TrackFigures {
        let mut found = vec![false; self.objects.len()];
        let mut nothing = 0.0;
        for (_, votes, _) in &tracks.made {
            match self.owner(votes) {
                Some(object) => found[object] = true,
                None => nothing += 1.0,
            }
        }
        TrackFigures {
            false_tracks: nothing,
            missed_objects: found.iter().filter(|is_found| !**is_found).count() as f32,
        }
    }

    /// Compares what a subset believed of an object with the truth.
    fn score(&self, index: usize, truth: &Truth, own: &[&Sight], tracks: &Tracks) -> SubsetFigures {
        let object = &self.objects[index];
        let arrival = arrival(truth);
        let (launch, _) = truth.course.span();
        let is_of: Vec<usize> = tracks
            .made
            .iter()
            .filter(|(_, votes, _)| self.owner(votes) == Some(index))
            .map(|(number, ..)| *number)
            .collect();
        let confirmed = tracks
            .made
            .iter()
            .filter(|(number, ..)| is_of.contains(number))
            .map(|(_, _, at)| *at)
            .min();
        let mut figures = SubsetFigures {
            confirmed_after_s: confirmed.map_or(f32::NAN, |at| (at - launch) as f32),
            ..unseen(object)
        };
        view(&mut figures, truth, own, &self.sensors);
        let mut areas = Areas::new(arrival);
        for (at, slot) in object.instants.clone().zip(&mut figures.curve) {
            let time = self.instants[at];
            let of_object = tracks.snapshots[at]
                .iter()
                .filter(|snapshot| is_of.contains(&snapshot.track));
            let best = of_object.max_by_key(|snapshot| (snapshot.hit, std::cmp::Reverse(snapshot.track)));
            let Some(state) = truth.course.state(time) else {
                continue;
            };
            let Some(snapshot) = best else {
                areas.add(time - launch, None);
                continue;
            };
            let error = snapshot.position - state.position.vector();
            slot.error2_m2 = error.norm_squared() as f32;
            slot.variance_m2 = snapshot.covariance.trace() as f32;
            slot.nees = nees3(&error, &snapshot.covariance).map_or(f32::NAN, |nees| nees as f32);
            slot.diameter_m = snapshot.area.as_ref().map_or(f32::NAN, |area| area.diameter_m as f32);
            // What is known at an instant may have come later than it.
            let known_s = snapshot.known.max(time) - launch;
            areas.add(known_s, snapshot.area.as_ref());
        }
        areas.finish(&mut figures);
        figures
    }
}

/// Figures of an object of which nothing is known.
fn unseen(object: &PlannedObject) -> SubsetFigures {
    SubsetFigures {
        view_share: 0.0,
        first_after_s: f32::NAN,
        last_after_s: f32::NAN,
        gap_s: f32::NAN,
        confirmed_after_s: f32::NAN,
        known_after_s: [f32::NAN; 3],
        arrival_after_s: object.arrival.map_or(f32::NAN, |arrival| arrival.after_s as f32),
        is_inside: f32::NAN,
        arrival_error_m: f32::NAN,
        curve: vec![InstantFigures::NONE; object.instants.len()],
    }
}

/// Sets what was seen of the flight.
fn view(figures: &mut SubsetFigures, truth: &Truth, own: &[&Sight], sensors: &[plot::Sensor]) {
    let (launch, end) = truth.course.span();
    let (Some(first), Some(last)) = (own.first(), own.last()) else {
        return;
    };
    figures.first_after_s = (first.time - launch) as f32;
    figures.last_after_s = (last.time - launch) as f32;
    let (mut covered_s, mut until, mut gap_s, mut before) = (0.0, launch, 0.0_f64, first.time);
    for sight in own {
        gap_s = gap_s.max(sight.time - before);
        before = sight.time;
        let hold_s = SIGHT_SCANS * sensors[sight.sensor].scan_s.unwrap_or(SCAN_S);
        let reach = (sight.time + hold_s).min(end);
        covered_s += (reach - sight.time.max(until)).max(0.0);
        until = until.max(reach);
    }
    figures.gap_s = gap_s as f32;
    figures.view_share = (covered_s / (end - launch)).clamp(0.0, 1.0) as f32;
}

/// The ground areas of an object, as they were stated one after the other.
struct Areas<'a> {
    arrival: Option<Arrival>,
    /// Since when the area has been smaller than each diameter; NaN if it is not.
    since_s: [f64; 3],
    first_small: Option<&'a Area>,
    last: Option<&'a Area>,
}

impl<'a> Areas<'a> {
    fn new(arrival: Option<Arrival>) -> Self {
        Self {
            arrival,
            since_s: [f64::NAN; 3],
            first_small: None,
            last: None,
        }
    }

    /// What was stated at a time; `None` where nothing was.
    fn add(&mut self, after_s: f64, area: Option<&'a Area>) {
        let Some(arrival) = self.arrival else { return };
        if after_s >= arrival.after_s {
            return;
        }
        let Some(area) = area else {
            if after_s < arrival.after_s - LAST_S {
                self.since_s = [f64::NAN; 3];
            }
            return;
        };
        for (since_s, diameter_km) in self.since_s.iter_mut().zip(DIAMETERS_KM) {
            if area.diameter_m >= diameter_km * 1e3 {
                *since_s = f64::NAN;
            } else if since_s.is_nan() {
                *since_s = after_s;
            }
        }
        if area.diameter_m < DIAMETERS_KM[1] * 1e3 && self.first_small.is_none() {
            self.first_small = Some(area);
        }
        self.last = Some(area);
    }

    fn finish(&self, figures: &mut SubsetFigures) {
        let Some(arrival) = self.arrival else { return };
        figures.arrival_after_s = arrival.after_s as f32;
        figures.known_after_s = self.since_s.map(|after_s| after_s as f32);
        if let Some(area) = self.first_small.or(self.last) {
            figures.is_inside = f32::from(u8::from(area.compare(arrival.place).0));
        }
        if let Some(area) = self.last {
            figures.arrival_error_m = area.compare(arrival.place).1 as f32;
        }
    }
}
