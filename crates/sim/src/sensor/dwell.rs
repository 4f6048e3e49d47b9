//! The dwells of a radar or another sensor that looks: when, at what, with which outcome.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::f64::consts::{FRAC_PI_2, PI, TAU};

use geo::Time;
use geo::angle::{wrap_pi, wrap_tau};
use plot::Plot;

use super::apart::Apart;
use super::bias::{Errors, Offsets};
use super::look::{Noise, Values};
use super::observe::Delivery;
use super::station::Glimpse;
use super::{Schedule, Station, alarm};
use crate::{Chance, Truth};

/// Largest range rate that a plot states.
pub(super) const RANGE_RATE_MAX_MPS: f64 = 2e4;

/// One station at work.
pub(super) struct Dwells<'a> {
    pub(super) station: &'a Station,
    pub(super) errors: &'a Errors,
    pub(super) schedule: Schedule,
    span: (Time, Time),
    /// Share of a scan that is over when the span begins.
    pub(super) begun: f64,
}

/// An object that a station looks for.
pub(super) struct Follower<'a> {
    pub(super) truth: &'a Truth,
    chance: Chance,
    until: Time,
    next: Time,
    /// Share of a scan from its begin to this object (phased array).
    offset: f64,
    is_tracked: bool,
    misses: u32,
}

/// Adds what a station sees of all objects.
pub(super) fn observe(
    truths: &[Truth],
    station: &Station,
    errors: &Errors,
    span: (Time, Time),
    seed: u64,
    deliveries: &mut Vec<Delivery>,
) {
    let Some(schedule) = station.schedule() else { return };
    let name = &station.sensor.name;
    let dwells = Dwells {
        station,
        errors,
        schedule,
        span,
        begun: begun(station, seed),
    };
    let mut followers: Vec<Follower> = truths
        .iter()
        .filter_map(|truth| dwells.follower(truth, Chance::new(seed, &[name, &truth.id, "dwell"])))
        .collect();
    alarm::observe(&dwells, span, seed, deliveries);
    let mut apart = Apart::new(&followers, span.0);
    let mut queue: BinaryHeap<Reverse<(Time, usize)>> = followers
        .iter()
        .enumerate()
        .map(|(index, f)| Reverse((f.next, index)))
        .collect();
    while let Some(Reverse((time, index))) = queue.pop() {
        // One that was seen along with another has a later entry.
        if followers[index].next != time || time > followers[index].until {
            continue;
        }
        let served = dwells.step(&mut followers, index, &mut apart, deliveries);
        queue.push(Reverse((followers[index].next, index)));
        queue.extend(served.into_iter().map(|other| Reverse((followers[other].next, other))));
    }
}

/// The share of a scan that is over when the span begins.
pub(super) fn begun(station: &Station, seed: u64) -> f64 {
    Chance::new(seed, &[&station.sensor.name, "scan"]).uniform()
}

impl<'a> Dwells<'a> {
    fn follower(&self, truth: &'a Truth, mut chance: Chance) -> Option<Follower<'a>> {
        let (from, until) = truth.course.span();
        let (from, until) = (from.max(self.span.0), until.min(self.span.1));
        let offset = chance.uniform();
        let mut follower = Follower {
            truth,
            chance,
            until,
            next: from,
            offset,
            is_tracked: false,
            misses: 0,
        };
        if from > until {
            return None;
        }
        follower.next = match self.schedule {
            Schedule::Rotating { period_s } => self.first_pass(truth, from, period_s),
            Schedule::Phased { search_s, .. } => self.next_frame(from, search_s, offset),
            Schedule::Staring { period_s } => self.next_frame(from, period_s, self.begun),
        };
        Some(follower)
    }

    /// The first frame at an instant or later, of frames at `share`, `1 + share`, … periods after the span begins.
    fn next_frame(&self, from: Time, period_s: f64, share: f64) -> Time {
        let frames = ((from - self.span.0) / period_s - share).ceil().max(0.0);
        self.span.0 + (frames + share) * period_s
    }

    fn azimuth_rad(&self, truth: &Truth, time: Time) -> f64 {
        self.station.azimuth_rad(truth, time).unwrap_or(0.0)
    }

    /// When the turning beam first points at an object.
    fn first_pass(&self, truth: &Truth, from: Time, period_s: f64) -> Time {
        let beam_rad = TAU * ((from - self.span.0) / period_s + self.begun);
        let mut wait = wrap_tau(self.azimuth_rad(truth, from) - beam_rad) / TAU;
        for _ in 0..2 {
            let moved_rad = self.azimuth_rad(truth, from + wait * period_s) - beam_rad;
            wait += wrap_pi(moved_rad - wait * TAU) / TAU;
        }
        from + wait.max(0.0) * period_s
    }

    /// When the turning beam points at an object again: a turn later, and what it moved.
    fn next_pass(&self, truth: &Truth, from: Time, period_s: f64) -> Time {
        let Some(before_rad) = self.station.azimuth_rad(truth, from) else {
            return from + period_s;
        };
        let mut turns = 1.0;
        for _ in 0..2 {
            let Some(after_rad) = self.station.azimuth_rad(truth, from + turns * period_s) else {
                break;
            };
            turns = 1.0 + wrap_pi(after_rad - before_rad) / TAU;
        }
        from + turns * period_s
    }

    /// One look at one object, and at all others in its resolution cell: one plot at most. Returns the others, whose
    /// next look has changed too.
    fn step(
        &self,
        followers: &mut [Follower],
        index: usize,
        apart: &mut Apart,
        deliveries: &mut Vec<Delivery>,
    ) -> Vec<usize> {
        let time = followers[index].next;
        let Some(glimpse) = self.station.glimpse(followers[index].truth, time) else {
            self.advance(&mut followers[index], time, false);
            return Vec::new();
        };
        let merged = if apart.is_alone(index, time) {
            Vec::new()
        } else {
            self.cell_mates(followers, index, time, &glimpse, apart)
        };
        let (values, snr) = centroid(&glimpse, &merged);
        let measured = self.station.detector().draw(snr, &mut followers[index].chance);
        if let Some(measured) = measured {
            let strongest = merged.iter().fold((index, glimpse.snr), |best, (other, seen)| {
                if seen.snr > best.1 { (*other, seen.snr) } else { best }
            });
            let mut delivery = self.deliver(time, &glimpse, values, measured, &mut followers[index].chance);
            delivery.plot.truth = Some(followers[strongest.0].truth.id.clone());
            deliveries.push(delivery);
        }
        self.advance(&mut followers[index], time, measured.is_some());
        for (other, _) in &merged {
            self.advance(&mut followers[*other], time, measured.is_some());
        }
        merged.into_iter().map(|(other, _)| other).collect()
    }

    /// The other objects in the resolution cell of one.
    fn cell_mates(
        &self,
        followers: &[Follower],
        index: usize,
        time: Time,
        glimpse: &Glimpse,
        apart: &mut Apart,
    ) -> Vec<(usize, Glimpse)> {
        let cell = self.station.cell(glimpse);
        let extent_m = cell.extent_m(glimpse.spot.range_m);
        let near = apart.near(followers, index, time, extent_m);
        near.into_iter()
            .filter_map(|other| {
                let seen = self.station.glimpse(followers[other].truth, time)?;
                cell.holds(&glimpse.spot, &seen.spot, &self.station.sensor)
                    .then_some((other, seen))
            })
            .collect()
    }

    /// Sets when an object is looked at next.
    fn advance(&self, follower: &mut Follower, time: Time, is_detected: bool) {
        follower.next = match self.schedule {
            Schedule::Rotating { period_s } => self.next_pass(follower.truth, time, period_s),
            Schedule::Staring { period_s } => time + period_s,
            Schedule::Phased {
                search_s,
                track_s,
                misses_max,
            } => {
                follower.misses = if is_detected { 0 } else { follower.misses + 1 };
                follower.is_tracked = is_detected || follower.is_tracked && follower.misses < misses_max;
                if follower.is_tracked {
                    time + track_s
                } else {
                    self.next_frame(time + 1e-6, search_s, follower.offset)
                }
            }
        };
    }

    /// Makes a plot of true values at a signal-to-noise ratio: adds biases and noise, moves it to the reference point.
    fn deliver(&self, time: Time, glimpse: &Glimpse, values: Values, snr: f64, chance: &mut Chance) -> Delivery {
        let noise = self.station.noise(glimpse, snr);
        let values = disturbed(values, &noise, &self.errors.at(time), chance);
        self.finish(time, glimpse, values, snr, chance)
    }

    /// Makes a plot of measured values.
    pub(super) fn finish(
        &self,
        time: Time,
        glimpse: &Glimpse,
        values: Values,
        snr: f64,
        chance: &mut Chance,
    ) -> Delivery {
        let station = self.station;
        let (values, noise) = station.stated(glimpse, values, station.noise(glimpse, snr));
        let delay_s = if station.jitter_s > 0.0 {
            station.jitter_s * chance.exponential()
        } else {
            0.0
        };
        Delivery {
            plot: Plot {
                time: time + self.errors.at(time)[4],
                sensor: station.sensor.name.clone(),
                measurement: values.measurement(&station.sensor),
                sigmas: noise.sigmas(&station.sensor),
                snr_db: station.stated_snr_db(snr),
                target: None,
                truth: None,
            },
            at: time + (station.sensor.latency_s.unwrap_or(0.0) + delay_s),
        }
    }
}

/// The mean of objects in one cell by their signals, and the sum of these.
fn centroid(glimpse: &Glimpse, merged: &[(usize, Glimpse)]) -> (Values, f64) {
    let first = Values::from(&glimpse.spot);
    let snr = merged.iter().fold(glimpse.snr, |sum, (_, seen)| sum + seen.snr);
    let mut values = first;
    for (_, seen) in merged {
        let share = seen.snr / snr;
        values.range_m += (seen.spot.range_m - first.range_m) * share;
        values.azimuth_rad += wrap_pi(seen.spot.azimuth_rad - first.azimuth_rad) * share;
        values.elevation_rad += (seen.spot.elevation_rad - first.elevation_rad) * share;
        values.range_rate_mps += (seen.spot.range_rate_mps - first.range_rate_mps) * share;
    }
    (values, snr)
}

/// Adds biases and noise, and brings the result back into the limits of a plot.
fn disturbed(values: Values, noise: &Noise, offsets: &Offsets, chance: &mut Chance) -> Values {
    let mut azimuth_rad = values.azimuth_rad + offsets[1] + noise.azimuth_rad * chance.normal();
    let mut elevation_rad = values.elevation_rad + offsets[2] + noise.elevation_rad * chance.normal();
    let range_m = values.range_m + offsets[0] + noise.range_m * chance.normal();
    let range_rate_mps = values.range_rate_mps + offsets[3] + noise.range_rate_mps * chance.normal();
    elevation_rad = wrap_pi(elevation_rad);
    if elevation_rad.abs() > FRAC_PI_2 {
        // Over the zenith, and down on the other side.
        elevation_rad = elevation_rad.signum() * PI - elevation_rad;
        azimuth_rad += PI;
    }
    Values {
        range_m: range_m.max(0.0),
        azimuth_rad: wrap_tau(azimuth_rad),
        elevation_rad,
        range_rate_mps: range_rate_mps.clamp(-RANGE_RATE_MAX_MPS, RANGE_RATE_MAX_MPS),
    }
}
