//! Plots of one sensor in a row that may be of one object, none of which is a place.

use std::sync::Arc;

use estimate::sensor::PolarQuantity;
use geo::Time;
use geo::angle::wrap_pi;
use geo::math::sin_cos;

use crate::admission::Copies;
use crate::glance::Glance;
use crate::sight::Sight;

/// Plots of a strand; of more every second one is kept, the first and the last included.
pub(super) const SIGHTS_MAX: usize = 12;
/// Nothing is faster,
const SPEED_MAX_MPS: f64 = 8_500.0;
/// or changes its distance faster: thrust, lift, and the turning of the line of sight.
const RANGE_PULL_MPS2: f64 = 120.0;
/// The same of directions: 5 km/s, 100 km away,
const TURN_MAX_RADPS: f64 = 0.05;
/// where the line of sight turns twice as fast as it moves.
const TURN_PULL_RADPS2: f64 = 2.5e-3;
/// A plot may lie so many sigmas beside.
const SIGMAS: f64 = 5.0;
/// What a plot may measure.
const QUANTITIES: [PolarQuantity; 4] = [
    PolarQuantity::Range,
    PolarQuantity::Azimuth,
    PolarQuantity::Elevation,
    PolarQuantity::RangeRate,
];

/// One plot that is no place.
#[derive(Clone, Debug)]
pub(super) struct Seed {
    pub sight: Sight,
    pub glance: Glance,
}

/// Plots of one sensor in the order of time, one at least.
#[derive(Clone, Debug)]
pub(super) struct Strand {
    seeds: Vec<Arc<Seed>>,
}

impl Strand {
    pub fn new(seed: Arc<Seed>) -> Self {
        Self { seeds: vec![seed] }
    }

    /// The same of a sensor that stands one place further in the list.
    pub fn moved_up(&self, copies: &mut Copies<Seed>) -> Self {
        let moved = |seed: &Arc<Seed>| {
            copies.of(seed).unwrap_or_else(|| {
                let mut sight = seed.sight.clone();
                sight.sensor += 1;
                let glance = seed.glance;
                copies.keep(seed, Seed { sight, glance })
            })
        };
        Self {
            seeds: self.seeds.iter().map(moved).collect(),
        }
    }

    /// Its plots.
    pub fn seeds(&self) -> impl Iterator<Item = &Seed> {
        self.seeds.iter().map(|seed| &**seed)
    }

    /// How many they are.
    pub fn len(&self) -> usize {
        self.seeds.len()
    }

    /// Whether a plot is one of them.
    pub fn has(&self, seed: &Arc<Seed>) -> bool {
        self.seeds.iter().any(|own| Arc::ptr_eq(own, seed))
    }

    pub fn first(&self) -> &Seed {
        &self.seeds[0]
    }

    /// The last plot, which is the end of several strands.
    pub fn end(&self) -> &Arc<Seed> {
        &self.seeds[self.seeds.len() - 1]
    }

    pub fn last(&self) -> &Seed {
        self.end()
    }

    pub fn time(&self) -> Time {
        self.last().sight.time
    }

    /// How many of the coordinates of a place its plots measure.
    pub fn coordinates(&self) -> usize {
        self.last().glance.coordinates()
    }

    /// Forgets what is older than a time, but for the last plot.
    pub fn forget(&mut self, oldest: Time) {
        let last = self.seeds.len() - 1;
        let kept = self.seeds.iter().position(|seed| seed.sight.time >= oldest);
        self.seeds.drain(..kept.unwrap_or(last).min(last));
    }

    /// The strand with a plot more.
    pub fn with(&self, seed: Arc<Seed>) -> Self {
        let mut seeds = self.seeds.clone();
        if seeds.len() >= SIGHTS_MAX {
            let mut place = 0;
            seeds.retain(|_| {
                place += 1;
                place % 2 == 1
            });
        }
        seeds.push(seed);
        Self { seeds }
    }

    /// How far a plot lies beside where the strand leads, over how far it may: the worst of what it measures; `None` of
    /// a plot beyond that, of another kind, or no later.
    pub fn beside(&self, seed: &Seed) -> Option<f64> {
        let last = self.last();
        let ahead_s = seed.sight.time - last.sight.time;
        let is_other = matches!((&last.sight.target, &seed.sight.target), (Some(one), Some(other)) if one != other);
        if ahead_s <= 0.0 || is_other {
            return None;
        }
        let mut worst: f64 = 0.0;
        for quantity in QUANTITIES {
            match (last.glance.value(quantity), seed.glance.value(quantity)) {
                (None, None) => continue,
                (Some(_), Some(measured)) => {
                    worst = worst.max(self.beside_in(quantity, measured, seed, ahead_s)?);
                }
                _ => return None,
            }
        }
        (worst <= 1.0).then_some(worst)
    }

    fn beside_in(&self, quantity: PolarQuantity, (value, sigma): (f64, f64), seed: &Seed, ahead_s: f64) -> Option<f64> {
        let last = self.last();
        let (known, known_sigma) = last.glance.value(quantity)?;
        let noise = (sigma * sigma + known_sigma * known_sigma).sqrt();
        let before = (self.seeds.len() > 1).then(|| self.first());
        let slope = before.and_then(|first| slope(quantity, first, last));
        let (rate, spread) = match (quantity, slope) {
            (PolarQuantity::Range, _) if last.glance.value(PolarQuantity::RangeRate).is_some() => {
                let (rate, rate_sigma) = last.glance.value(PolarQuantity::RangeRate)?;
                (rate, SIGMAS * rate_sigma * ahead_s + pull(quantity) * ahead_s * ahead_s)
            }
            (_, Some((rate, span_s))) => {
                let noise = SIGMAS * noise * ahead_s / span_s;
                (rate, noise + pull(quantity) * ahead_s * (ahead_s + span_s))
            }
            (_, None) => (0.0, fastest(quantity) * ahead_s),
        };
        // Near the zenith the azimuth turns as fast as it likes.
        let stretch = match (quantity, seed.glance.value(PolarQuantity::Elevation)) {
            (PolarQuantity::Azimuth, Some((elevation_rad, _))) => 1.0 / sin_cos(elevation_rad).1.abs().max(0.02),
            _ => 1.0,
        };
        let off = difference(quantity, value, known) - rate * ahead_s;
        Some(off.abs() / (SIGMAS * noise + spread * stretch))
    }

    /// A quantity at a time near its last plot, straight on.
    pub fn value_at(&self, quantity: PolarQuantity, time: Time) -> Option<f64> {
        let last = self.last();
        let (value, _) = last.glance.value(quantity)?;
        let measured = last.glance.value(PolarQuantity::RangeRate);
        let rate = match (quantity, measured) {
            (PolarQuantity::Range, Some((rate, _))) => rate,
            _ => slope(quantity, self.first(), last).map_or(0.0, |(rate, _)| rate),
        };
        Some(value + rate * (time - last.sight.time))
    }
}

/// Rate between two plots, and the time between them.
fn slope(quantity: PolarQuantity, first: &Seed, last: &Seed) -> Option<(f64, f64)> {
    let span_s = last.sight.time - first.sight.time;
    let ((before, _), (after, _)) = (first.glance.value(quantity)?, last.glance.value(quantity)?);
    (span_s > 0.0).then(|| (difference(quantity, after, before) / span_s, span_s))
}

fn difference(quantity: PolarQuantity, one: f64, other: f64) -> f64 {
    match quantity {
        PolarQuantity::Azimuth | PolarQuantity::Elevation => wrap_pi(one - other),
        PolarQuantity::Range | PolarQuantity::RangeRate => one - other,
    }
}

/// How fast a quantity may change,
const fn fastest(quantity: PolarQuantity) -> f64 {
    match quantity {
        PolarQuantity::Range => SPEED_MAX_MPS,
        PolarQuantity::Azimuth | PolarQuantity::Elevation => TURN_MAX_RADPS,
        PolarQuantity::RangeRate => 2.0 * RANGE_PULL_MPS2,
    }
}

/// and half of how fast that may change.
const fn pull(quantity: PolarQuantity) -> f64 {
    match quantity {
        PolarQuantity::Range => 0.5 * RANGE_PULL_MPS2,
        PolarQuantity::Azimuth | PolarQuantity::Elevation => 0.5 * TURN_PULL_RADPS2,
        PolarQuantity::RangeRate => 0.5 * RANGE_PULL_MPS2,
    }
}
