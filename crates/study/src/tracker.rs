//! Many objects: which plot belongs to which track. Greedy nearest neighbour among the plots of one sensor and instant.
//!
//! Plots are taken in the order of their measurement, as a tracker that rolls back for late ones would end up; what is
//! known of them is dated by delivery. Truth is never looked at: it is only counted, for the score.

use geo::Time;
use plot::Sensor;

use crate::sight::Sight;
use crate::slots::Slots;
use crate::track::{GATES, Track};

/// A tentative track without plots for so many scans of its first sensor is dropped,
const SCANS_MISSED: f64 = 2.5;
/// where a sensor states no scan, it is taken as this.
pub(crate) const SCAN_S: f64 = 10.0;
/// The most tracks at one time: clutter beyond it starts none.
const TRACKS_MAX: usize = 200;
/// A plot this much beside the gate (NIS over the gate) may still be of the track, if its motion changed.
const NEAR: f64 = 300.0;

/// All tracks of one subset of owners.
#[derive(Clone, Debug)]
pub(crate) struct Tracker<'a> {
    sensors: &'a [Sensor],
    slots: &'a Slots,
    truths: usize,
    /// Those that live, each with its number.
    pub tracks: Vec<(usize, Track)>,
    /// Those that were confirmed and are lost.
    pub lost: Vec<(usize, Track)>,
    made: usize,
}

struct Pair {
    cost: f64,
    track: usize,
    sight: usize,
    off: f64,
}

impl<'a> Tracker<'a> {
    /// Begins without tracks.
    pub fn new(sensors: &'a [Sensor], slots: &'a Slots, truths: usize) -> Self {
        Self {
            sensors,
            slots,
            truths,
            tracks: Vec::new(),
            lost: Vec::new(),
            made: 0,
        }
    }

    /// Moves the confirmed tracks to an instant and gives up those that are lost.
    pub fn advance(&mut self, time: Time) {
        for (_, track) in &mut self.tracks {
            if track.confirmed.is_some() {
                track.predict(time);
            }
        }
        self.prune(time);
    }

    fn prune(&mut self, time: Time) {
        let sensors = self.sensors;
        let is_over = |track: &Track| {
            if track.confirmed.is_some() {
                return track.is_lost();
            }
            let scan_s = sensors[track.first_sensor].scan_s.unwrap_or(SCAN_S);
            time - track.hit > SCANS_MISSED * scan_s.max(1.0) || track.is_lost()
        };
        let mut index = 0;
        while index < self.tracks.len() {
            if is_over(&self.tracks[index].1) {
                let (number, track) = self.tracks.remove(index);
                if track.confirmed.is_some() {
                    self.lost.push((number, track));
                }
            } else {
                index += 1;
            }
        }
    }

    /// Takes in the plots of one sensor and instant.
    pub fn take(&mut self, sights: &[&Sight]) {
        let Some(first) = sights.first() else { return };
        self.prune(first.time);
        let mut is_free = vec![true; sights.len()];
        let mut strays: Vec<Pair> = Vec::new();
        for is_confirmed in [true, false] {
            self.assign(sights, &mut is_free, is_confirmed, &mut strays);
        }
        for (index, sight) in sights.iter().enumerate().filter(|(index, _)| is_free[*index]) {
            let stray = strays
                .iter()
                .filter(|pair| pair.sight == index)
                .min_by(|a, b| a.cost.total_cmp(&b.cost));
            if let Some(pair) = stray {
                self.tracks[pair.track].1.stray(pair.off);
            }
            if self.tracks.len() < TRACKS_MAX
                && let Some(track) = Track::begin(sight, self.slots, self.truths)
            {
                self.tracks.push((self.made, track));
                self.made += 1;
            }
        }
    }

    /// Gives plots to confirmed, or to tentative, tracks: best pairs first.
    fn assign(&mut self, sights: &[&Sight], is_free: &mut [bool], is_confirmed: bool, strays: &mut Vec<Pair>) {
        let mut pairs = Vec::new();
        for (index, (_, track)) in self.tracks.iter_mut().enumerate() {
            if track.confirmed.is_some() != is_confirmed {
                continue;
            }
            for (place, sight) in sights.iter().enumerate() {
                if !is_free[place] || !track.may_be_near(sight) {
                    continue;
                }
                track.predict(sight.time);
                let Some(agreement) = track.weigh(sight, self.slots) else {
                    continue;
                };
                let over = agreement.nis / GATES[agreement.rows - 1];
                let pair = Pair {
                    cost: -2.0 * agreement.log_likelihood,
                    track: index,
                    sight: place,
                    off: off_m(track, sight),
                };
                if over <= 1.0 {
                    pairs.push(pair);
                } else if is_confirmed && over < NEAR {
                    strays.push(pair);
                }
            }
        }
        pairs.sort_by(|a, b| a.cost.total_cmp(&b.cost));
        let mut is_taken = vec![false; self.tracks.len()];
        for pair in pairs {
            if is_taken[pair.track] || !is_free[pair.sight] {
                continue;
            }
            if self.tracks[pair.track].1.update(sights[pair.sight], self.slots) {
                is_taken[pair.track] = true;
                is_free[pair.sight] = false;
            }
        }
        strays.retain(|pair| !is_taken.get(pair.track).copied().unwrap_or(false));
    }
}

fn off_m(track: &Track, sight: &Sight) -> f64 {
    let (position, _) = track.position();
    sight.place.map_or(0.0, |(place, _)| (place - position).norm())
}
