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

/// What the picture showed of one object.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct Shown {
    /// Which.
    pub truth: usize,
    /// How long it was there, in seconds.
    pub life_s: f64,
    /// How long a track was on it.
    pub tracked_s: f64,
    /// How long its longest single track was.
    pub longest_s: f64,
    /// How many tracks have been on it.
    pub tracks: usize,
    /// How often its track changed at least: 0 is right. The same track again after a gap is no change here.
    pub breaks: usize,
}

/// The measures of a history that comes instant by instant, in order of time: see [`siap`].
#[derive(Clone, Debug)]
pub struct SiapTally {
    gate_m: f64,
    sums: Sums,
    lives: BTreeMap<usize, Life>,
    /// Whether each track has been on an object.
    seen: BTreeMap<usize, bool>,
}

/// Sums over the instants.
#[derive(Clone, Debug, Default)]
struct Sums {
    objects: usize,
    tracked: usize,
    tracks: usize,
    assigned: usize,
    position_m: f64,
    velocity_mps: f64,
}

/// The instants of one object, and from which to which each stretch of each of its tracks lasts (indices).
#[derive(Clone, Debug, Default)]
struct Life {
    times: Vec<Time>,
    stretches: Vec<Stretch>,
}

#[derive(Copy, Clone, Debug)]
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
    let mut tally = SiapTally::new(gate_m);
    for picture in history {
        tally.add(picture);
    }
    tally.siap()
}

impl SiapTally {
    /// Nothing yet; a track is on the nearest object, if that is nearer than a gate.
    pub fn new(gate_m: f64) -> Self {
        Self {
            gate_m,
            sums: Sums::default(),
            lives: BTreeMap::new(),
            seen: BTreeMap::new(),
        }
    }

    /// Adds the next instant.
    pub fn add(&mut self, picture: &Picture) {
        let (sums, lives) = (&mut self.sums, &mut self.lives);
        sums.objects += picture.truths.len();
        sums.tracks += picture.tracks.len();
        for truth in &picture.truths {
            lives.entry(truth.id).or_default().times.push(picture.time);
        }
        let mut is_tracked = vec![false; picture.truths.len()];
        for track in &picture.tracks {
            let seen = self.seen.entry(track.id).or_default();
            let distances = picture
                .truths
                .iter()
                .map(|truth| (track.position_m - truth.position_m).norm());
            let nearest = distances.enumerate().min_by(|a, b| a.1.total_cmp(&b.1));
            let Some((at, distance_m)) = nearest.filter(|(_, distance_m)| *distance_m < self.gate_m) else {
                continue;
            };
            *seen = true;
            is_tracked[at] = true;
            sums.assigned += 1;
            sums.position_m += distance_m;
            sums.velocity_mps += (track.velocity_mps - picture.truths[at].velocity_mps).norm();
            lives.entry(picture.truths[at].id).or_default().see(track.id);
        }
        sums.tracked += is_tracked.iter().filter(|is| **is).count();
    }

    /// The measures so far.
    pub fn siap(&self) -> Siap {
        let (sums, shown) = (&self.sums, self.shown());
        let needed_again: usize = self.lives.values().map(|life| life.needed().len().max(1) - 1).sum();
        let share = |part: f64, of: f64| (of > 0.0).then(|| part / of);
        let sum = |of: fn(&Shown) -> f64| shown.iter().map(of).sum::<f64>();
        let assigned = sums.assigned as f64;
        Siap {
            completeness: share(sums.tracked as f64, sums.objects as f64),
            ambiguity: share(assigned, sums.tracked as f64),
            spuriousness: share((sums.tracks - sums.assigned) as f64, sums.tracks as f64),
            position_m: share(sums.position_m, assigned),
            velocity_mps: share(sums.velocity_mps, assigned),
            changes_per_s: share(needed_again as f64, sum(|of| of.tracked_s)),
            longest_track: share(sum(|of| of.longest_s), sum(|of| of.life_s)),
        }
    }

    /// What was shown of each object, by its number.
    pub fn shown(&self) -> Vec<Shown> {
        let of = |(truth, life): (&usize, &Life)| {
            let mut tracks: Vec<usize> = life.stretches.iter().map(|s| s.track).collect();
            tracks.sort_unstable();
            tracks.dedup();
            Shown {
                truth: *truth,
                life_s: life.span_s(0, life.times.len() - 1),
                tracked_s: life.tracked_s(),
                longest_s: life.longest_s(),
                tracks: tracks.len(),
                breaks: life.needed().windows(2).filter(|pair| pair[0] != pair[1]).count(),
            }
        };
        self.lives.iter().map(of).collect()
    }

    /// The tracks that were never on an object, by their numbers.
    pub fn never_on_an_object(&self) -> Vec<usize> {
        let never = self.seen.iter().filter(|(_, is_seen)| !**is_seen);
        never.map(|(track, _)| *track).collect()
    }
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

    /// The tracks of the fewest stretches that cover every instant at which there is one: always the one that lasts
    /// longest.
    fn needed(&self) -> Vec<usize> {
        let (mut at, mut needed) = (0, Vec::new());
        while at < self.times.len() {
            let on = self.stretches.iter().filter(|s| s.first <= at && at <= s.last);
            match on.max_by_key(|s| s.last) {
                Some(stretch) => {
                    needed.push(stretch.track);
                    at = stretch.last + 1;
                }
                None => at += 1,
            }
        }
        needed
    }
}
