//! Plots that wait and say the same as another: what is coarse gives way to what was measured.
//!
//! An owner may let a partner have a plot as it was measured, or only about where and when. Where both come, one of
//! them is counted: whichever comes first, as long as neither is settled.

use geo::Time;
use nalgebra::Vector3;
use plot::{Plot, SensorNotFound};

use super::checkpoints::Key;
use super::{FRAME_NS, Fate, Timeline};
use crate::sight::Sight;

/// Nothing is faster.
const SPEED_MAX_MPS: f64 = 9_000.0;
/// So many standard deviations apart two plots may be of one look.
const SIGMAS: f64 = 4.0;

/// A plot that waits: its frame, its time and digest, its sensor.
type Waiting = (Key, (i64, u64), usize);

/// About where something was seen.
#[derive(Copy, Clone, Debug, PartialEq)]
struct Spot {
    time: Time,
    place_m: Vector3<f64>,
    reach_m: f64,
}

impl Spot {
    fn measured(sight: &Sight) -> Option<Self> {
        let fix = sight.fix.as_ref()?;
        Some(Self {
            time: sight.time,
            place_m: fix.place_m,
            reach_m: SIGMAS * fix.sigma_m(),
        })
    }

    /// Of a coarse plot: the cube it is in, twice as wide as it is uncertain, at least. What is in one cube at one time
    /// is alike.
    fn coarse(sight: &Sight) -> Option<Self> {
        let fix = sight.fix.as_ref()?;
        let side_m = (2.0 * fix.sigma_m()).clamp(1.0, 1e9).ceil() as u64;
        let side_m = side_m.next_power_of_two() as f64;
        Some(Self {
            time: sight.time,
            place_m: fix.place_m.map(|along_m| ((along_m / side_m).floor() + 0.5) * side_m),
            reach_m: (0.5 * SIGMAS + 1.0) * side_m,
        })
    }

    fn is_near(&self, other: &Self, round_s: f64) -> bool {
        let apart_s = (other.time - self.time).abs();
        let reach_m = self.reach_m + other.reach_m + SPEED_MAX_MPS * apart_s;
        apart_s <= round_s && (other.place_m - self.place_m).norm() < reach_m
    }
}

impl Timeline {
    /// Takes a plot in unless others of its owner that wait say the same and better; what became of it.
    ///
    /// `coarse` is a plot of a source of positions whose times are rounded to `round_s`. It gives way to plots of the
    /// owner's other sensors ([`Fate::Withdrawn`]), and of those of the same source, time and cube as large as they are
    /// uncertain one is kept, the same in any order: several sensors stand behind the source. Errors:
    /// [`SensorNotFound`], and then nothing changed.
    pub fn add_coarse(&mut self, coarse: &Plot, round_s: f64) -> Result<Fate, SensorNotFound> {
        let index = self.sensors.index_of(&coarse.sensor)?;
        let sight = self.checkpoints.newest().sight(coarse, index);
        let Some(spot) = sight.as_ref().and_then(Spot::coarse) else {
            return self.add(coarse);
        };
        let known = self.sensors.as_slice();
        let is_measured = |sensor: usize| sensor != index && known[sensor].owner == known[index].owner;
        let measured = |sight: &Sight| Spot::measured(sight).filter(|_| is_measured(sight.sensor));
        let is_said = !self.near(&spot, round_s, measured).is_empty();
        let own = (coarse.time.tai_ns(), Sight::order(coarse));
        let alike = |sight: &Sight| Spot::coarse(sight).filter(|other| sight.sensor == index && *other == spot);
        let alike = self.near(&spot, 0.0, alike);
        if is_said || alike.iter().any(|(_, other, _)| *other < own) {
            self.counts.withdrawn += 1;
            self.counts_of[index].withdrawn += 1;
            return Ok(Fate::Withdrawn);
        }
        for (key, other, sensor) in alike.into_iter().filter(|(_, other, _)| *other > own) {
            self.take_back((key, other), sensor, Fate::Withdrawn);
        }
        self.add(coarse)
    }

    /// Takes a plot in, and takes back what a source of coarse plots of its owner said of the same look; what became of
    /// the plot. Errors: [`SensorNotFound`], and then nothing changed.
    pub fn add_measured(&mut self, plot: &Plot, coarse: &str, round_s: f64) -> Result<Fate, SensorNotFound> {
        let fate = self.add(plot)?;
        let Ok(source) = self.sensors.index_of(coarse) else {
            return Ok(fate);
        };
        let sight = self
            .checkpoints
            .newest()
            .sight(plot, self.sensors.index_of(&plot.sensor)?);
        if let Some(spot) = sight.as_ref().and_then(Spot::measured) {
            let of_source = |sight: &Sight| Spot::coarse(sight).filter(|_| sight.sensor == source);
            for (key, own, sensor) in self.near(&spot, round_s, of_source) {
                self.take_back((key, own), sensor, Fate::Withdrawn);
            }
        }
        Ok(fate)
    }

    /// Plots that wait, within a time of a spot and so near that both may be of one look.
    fn near(&self, spot: &Spot, round_s: f64, spot_of: impl Fn(&Sight) -> Option<Spot>) -> Vec<Waiting> {
        let frame_ns = |time: Time| time.tai_ns() - time.tai_ns().rem_euclid(FRAME_NS);
        let from_ns = frame_ns(spot.time + -round_s).max(self.horizon_ns);
        let until_ns = frame_ns(spot.time + round_s).max(from_ns);
        let mut found = Vec::new();
        for (key, frame) in self.frames.range((from_ns, 0)..=(until_ns, u32::MAX)) {
            let is_near = |sight: &Sight| spot_of(sight).is_some_and(|other| spot.is_near(&other, round_s));
            let near = frame.each().filter(|(_, sight)| is_near(sight));
            found.extend(near.map(|(own, sight)| (*key, own, sight.sensor)));
        }
        found
    }
}
