//! SIAP: does the picture show every object, once, and nothing else, and under one number?

use std::collections::BTreeMap;

use geo::Time;

use crate::picture::Picture;

/// The measures of a single integrated air picture over a history. A share of nothing is `None`.
#[derive(Copy, Clone, Debug, Default, PartialEq)]
pub struct Siap {
    /// Share of objects that have a track: 1 is right.
    pub completeness: Option<f64>,
    /// Tracks on a tracked object: 1 is right.
    pub ambiguity: Option<f64>,
    /// Share of tracks that are on no object: 0 is right.
    pub spuriousness: Option<f64>,
    /// Mean distance of a track from its object in metres.
    pub position_m: Option<f64>,
    /// Mean difference of velocity in m/s.
    pub velocity_mps: Option<f64>,
    /// How often the number of an object's track changes, in 1/s of tracked time: 0 is right.
    pub changes_per_s: Option<f64>,
    /// Share of an object's life under its longest single track: 1 is right.
    pub longest_track: Option<f64>,
}

/// Sums over the instants.
#[derive(Default)]
struct Sums {
    objects: usize,
    tracked: usize,
    tracks: usize,
    assigned: usize,
    position_m: f64,
    velocity_mps: f64,
}

/// The instants of one object, and from which to which each stretch of each of its tracks lasts (indices).
#[derive(Default)]
struct Life {
    times: Vec<Time>,
    stretches: Vec<Stretch>,
}

#[derive(Copy, Clone)]
struct Stretch {
    track: usize,
    first: usize,
    last: usize,
}

/// Returns the measures of a history in order of time; a track is on the nearest object, if that is nearer than a gate.
///
/// Times between two instants of an object count as tracked where the same track is on it at both.
/// Source: Votruba et al., Single integrated air picture (SIAP) metrics implementation (2001).
pub fn siap(history: &[Picture], gate_m: f64) -> Siap {
    let mut sums = Sums::default();
    let mut lives: BTreeMap<usize, Life> = BTreeMap::new();
    for picture in history {
        look(picture, gate_m, &mut sums, &mut lives);
    }
    let share = |part: f64, of: f64| (of > 0.0).then(|| part / of);
    let (mut changes, mut tracked_s, mut longest_s, mut life_s) = (0.0, 0.0, 0.0, 0.0);
    for life in lives.values() {
        changes += (life.needed().max(1) - 1) as f64;
        tracked_s += life.tracked_s();
        longest_s += life.longest_s();
        life_s += life.span_s(0, life.times.len() - 1);
    }
    let assigned = sums.assigned as f64;
    Siap {
        completeness: share(sums.tracked as f64, sums.objects as f64),
        ambiguity: share(assigned, sums.tracked as f64),
        spuriousness: share((sums.tracks - sums.assigned) as f64, sums.tracks as f64),
        position_m: share(sums.position_m, assigned),
        velocity_mps: share(sums.velocity_mps, assigned),
        changes_per_s: share(changes, tracked_s),
        longest_track: share(longest_s, life_s),
    }
}

/// Adds one instant.
fn look(picture: &Picture, gate_m: f64, sums: &mut Sums, lives: &mut BTreeMap<usize, Life>) {
    sums.objects += picture.truths.len();
    sums.tracks += picture.tracks.len();
    for truth in &picture.truths {
        lives.entry(truth.id).or_default().times.push(picture.time);
    }
    let mut is_tracked = vec![false; picture.truths.len()];
    for track in &picture.tracks {
        let distances = picture
            .truths
            .iter()
            .map(|truth| (track.position_m - truth.position_m).norm());
        let nearest = distances.enumerate().min_by(|a, b| a.1.total_cmp(&b.1));
        let Some((at, distance_m)) = nearest.filter(|(_, distance_m)| *distance_m < gate_m) else {
            continue;
        };
        is_tracked[at] = true;
        sums.assigned += 1;
        sums.position_m += distance_m;
        sums.velocity_mps += (track.velocity_mps - picture.truths[at].velocity_mps).norm();
        lives.entry(picture.truths[at].id).or_default().see(track.id);
    }
    sums.tracked += is_tracked.iter().filter(|is| **is).count();
}

impl Life {
    /// A track is on the object at its latest instant.
    fn see(&mut self, track: usize) {
        let now = self.times.len() - 1;
        let known = self.stretches.iter_mut().rev().find(|s| s.track == track);
        match known {
            Some(stretch) if stretch.last + 1 >= now => stretch.last = now,
            _ => self.stretches.push(Stretch {
                track,
                first: now,
                last: now,
            }),
        }
    }

    fn span_s(&self, first: usize, last: usize) -> f64 {
        self.times[last] - self.times[first]
    }

    fn longest_s(&self) -> f64 {
        let spans = self.stretches.iter().map(|s| self.span_s(s.first, s.last));
        spans.fold(0.0, f64::max)
    }

    fn tracked_s(&self) -> f64 {
        let is_tracked = |at: usize| self.stretches.iter().any(|s| s.first <= at && at < s.last);
        let steps = (0..self.times.len() - 1).filter(|at| is_tracked(*at));
        steps.map(|at| self.span_s(at, at + 1)).sum()
    }

    /// The fewest stretches that cover every instant at which there is one: always the one that lasts longest.
    fn needed(&self) -> usize {
        let (mut at, mut count) = (0, 0);
        while at < self.times.len() {
            let on = self.stretches.iter().filter(|s| s.first <= at && at <= s.last);
            match on.map(|s| s.last).max() {
                Some(last) => {
                    count += 1;
                    at = last + 1;
                }
                None => at += 1,
            }
        }
        count
    }
}
