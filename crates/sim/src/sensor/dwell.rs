//! The dwells of a radar or another sensor that looks: when, at what, with which outcome.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::f64::consts::{FRAC_PI_2, PI};

use geo::Time;
use geo::angle::{wrap_pi, wrap_tau};
use plot::Plot;

use super::apart::Apart;
use super::bias::{Errors, Offsets};
use super::look::{Noise, Values};
use super::observe::Delivery;
use super::pace::{Pace, Watch};
use super::station::Glimpse;
use super::{Station, alarm};
use crate::{Chance, Truth};

/// Largest range rate that a plot states.
pub(super) const RANGE_RATE_MAX_MPS: f64 = 2e4;

/// One station at work.
pub(super) struct Dwells<'a> {
    pub(super) station: &'a Station,
    pub(super) errors: &'a Errors,
    pub(super) pace: Pace<'a>,
}

/// An object that a station looks for.
pub(super) struct Follower<'a> {
    pub(super) truth: &'a Truth,
    chance: Chance,
    watch: Watch,
}

/// Adds what a station sees of all objects.
pub(super) fn observe<'a>(
    truths: &'a [Truth],
    station: &Station,
    errors: &Errors,
    span: (Time, Time),
    seed: u64,
    deliveries: &mut Vec<Delivery>,
) {
    let Some(schedule) = station.schedule() else { return };
    let name = &station.sensor.name;
    let begun = Chance::new(seed, &[name, "scan"]).uniform();
    let dwells = Dwells {
        station,
        errors,
        pace: Pace::new(station, schedule, span, begun),
    };
    let follower = |truth: &'a Truth| {
        let mut chance = Chance::new(seed, &[name, &truth.id, "dwell"]);
        let watch = dwells.pace.watch(truth, chance.uniform())?;
        Some(Follower { truth, chance, watch })
    };
    let mut followers: Vec<Follower> = truths.iter().filter_map(follower).collect();
    alarm::observe(&dwells, span, seed, deliveries);
    let mut apart = Apart::new(&followers, span.0);
    let mut queue: BinaryHeap<Reverse<(Time, usize)>> = followers
        .iter()
        .enumerate()
        .map(|(index, f)| Reverse((f.watch.next, index)))
        .collect();
    while let Some(Reverse((time, index))) = queue.pop() {
        // One that was seen along with another has a later entry.
        let watch = &followers[index].watch;
        if watch.next != time || time > watch.until {
            continue;
        }
        let served = dwells.step(&mut followers, index, &mut apart, deliveries);
        queue.push(Reverse((followers[index].watch.next, index)));
        queue.extend(
            served
                .into_iter()
                .map(|other| Reverse((followers[other].watch.next, other))),
        );
    }
}

impl Dwells<'_> {
    /// One look at one object, and at all others in its resolution cell: one plot at most. Returns the others, whose
    /// next look has changed too.
    fn step(
        &self,
        followers: &mut [Follower],
        index: usize,
        apart: &mut Apart,
        deliveries: &mut Vec<Delivery>,
    ) -> Vec<usize> {
        let time = followers[index].watch.next;
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

    fn advance(&self, follower: &mut Follower, time: Time, is_detected: bool) {
        self.pace
            .advance(&mut follower.watch, follower.truth, time, is_detected);
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
