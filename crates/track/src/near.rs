//! Which tracks may be near a place: grids of cubes, one for each size of reach.
//!
//! Cubes hash into buckets, and those of one bucket stand in a list through the numbers themselves: nothing is
//! allocated when something moves, and copies share what does not. What is found does not depend on the buckets.

use geo::Time;
use nalgebra::Vector3;

use crate::glance::Glance;
use crate::outline::{Outline, SPAN_S};
use crate::shared::Shared;

/// Side of the smallest cube.
const SIDE_MIN_M: f64 = 4_096.0;
/// Each level has cubes of four times the side of the one before: with each there are eight more to look into.
const LEVEL_BITS: u8 = 2;
/// Reaches beyond the largest cube are all looked at.
const LEVELS: u8 = 5;
/// Whoever moves is followed so often, at least.
const FOLLOWED_S: f64 = 1.5;
/// Ends a list.
const NONE: u32 = u32::MAX;
/// Buckets to begin with; there are never fewer than numbers.
const BUCKETS_MIN: usize = 64;

/// A cube: its level, and its place among those of the level.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
struct Cell {
    level: u8,
    at: [i32; 3],
}

impl Cell {
    fn of(level: u8, place_m: &Vector3<f64>) -> Self {
        let side_m = side_m(level);
        let along = |axis: usize| match level {
            LEVELS => 0,
            _ => (place_m[axis] / side_m).floor() as i32,
        };
        Self {
            level,
            at: [along(0), along(1), along(2)],
        }
    }

    fn hash(self) -> u64 {
        let [x, y, z] = self.at.map(|step| u64::from(step.cast_unsigned()));
        let mixed = x
            .wrapping_mul(0x9e37_79b9_7f4a_7c15)
            .wrapping_add(y.wrapping_mul(0xc2b2_ae3d_27d4_eb4f))
            .wrapping_add(z.wrapping_mul(0x1656_67b1_9e37_79f9))
            .wrapping_add(u64::from(self.level));
        (mixed ^ (mixed >> 29)).wrapping_mul(0xbf58_476d_1ce4_e5b9) >> 20
    }

    /// Its bit in a bucket, of other bits of the hash than those that choose the bucket.
    fn tag(self) -> u32 {
        1 << (self.hash() >> 39)
    }
}

/// The numbers of the cubes that hash alike.
#[derive(Copy, Clone, Debug)]
struct Bucket {
    first: u32,
    /// A bit for each of the cubes: whose is not there need not be looked for, and most are not.
    tags: u32,
}

impl Bucket {
    const EMPTY: Self = Self { first: NONE, tags: 0 };
}

/// Where one number stands, and which come before and after it in its bucket.
#[derive(Copy, Clone, Debug)]
struct Stand {
    outline: Outline,
    /// When it was put there.
    put: Time,
    cell: Cell,
    before: u32,
    after: u32,
}

/// Places with a reach each, by number.
#[derive(Clone, Debug, Default)]
pub(crate) struct Near {
    /// As many as a power of two.
    buckets: Shared<Bucket, 64>,
    stands: Shared<Option<Stand>, 64>,
    /// How many stand at each level.
    counts: [u32; LEVELS as usize + 1],
}

impl Near {
    /// Puts a number where it is at a time; it is found from all places within its reach until [`SPAN_S`] later.
    pub fn put(&mut self, number: u32, outline: Outline, time: Time) {
        let reach_m = outline.reach_m(time);
        let level = (0..LEVELS)
            .find(|level| 2.0 * reach_m <= side_m(*level))
            .unwrap_or(LEVELS);
        let cell = Cell::of(level, &outline.place_at(time));
        let index = number as usize;
        while self.stands.len() <= index {
            self.stands.push(None);
        }
        if let Some(stand) = &mut self.stands[index]
            && stand.cell == cell
        {
            (stand.outline, stand.put) = (outline, time);
            return;
        }
        self.take(number);
        self.counts[usize::from(level)] += 1;
        self.stands[index] = Some(Stand {
            outline,
            put: time,
            cell,
            before: NONE,
            after: NONE,
        });
        if self.buckets.len() < self.stands.len().max(BUCKETS_MIN) {
            self.spread();
        } else {
            self.link(number);
        }
    }

    /// Takes a number away.
    pub fn take(&mut self, number: u32) {
        let Some(stand) = self.stands.get(number as usize).copied().flatten() else {
            return;
        };
        self.stands[number as usize] = None;
        self.counts[usize::from(stand.cell.level)] -= 1;
        if let Some(after) = self.stand_mut(stand.after) {
            after.before = stand.before;
        }
        let bucket = self.bucket(stand.cell);
        match self.stand_mut(stand.before) {
            Some(before) => before.after = stand.after,
            None => self.buckets[bucket].first = stand.after,
        }
        let left = self.chain(self.buckets[bucket].first);
        self.buckets[bucket].tags = left.fold(0, |tags, (_, stand)| tags | stand.cell.tag());
    }

    /// Puts a number where it has gone to, if it may soon be out of its reach.
    pub fn follow(&mut self, number: u32, time: Time) {
        let own = self.stands.get(number as usize).and_then(Option::as_ref);
        if let Some(Stand { outline, put, .. }) = own.copied()
            && time - put > SPAN_S - FOLLOWED_S
        {
            self.put(number, outline, time);
        }
    }

    /// Standard deviation of the place of a number along whatever direction, at most.
    pub fn sigma_m(&self, number: u32) -> Option<f64> {
        let stand = self.stands.get(number as usize)?.as_ref()?;
        Some(stand.outline.place_sigma_m())
    }

    /// The numbers that a plot may be of, ascending: measured at a time, at a place (ECEF) that is certain to so much.
    pub fn reaching(&self, time: Time, place_m: &Vector3<f64>, sigma_m: f64) -> Vec<u32> {
        self.around(place_m, |outline| outline.may_be_at(time, place_m, sigma_m))
    }

    /// The numbers that a plot that is no place may be of, ascending: each outline is looked at, and nothing more.
    pub fn seen(&self, time: Time, glance: &Glance) -> Vec<u32> {
        let stands = (0..).zip(self.stands.iter());
        let may_be = |(number, stand): (u32, &Option<Stand>)| {
            let is_seen = stand.as_ref()?.outline.may_be_seen(time, glance);
            is_seen.then_some(number)
        };
        stands.filter_map(may_be).collect()
    }

    /// The numbers that may be as near to a number at a time as so many sigmas of both, ascending; itself is one.
    pub fn beside(&self, number: u32, time: Time, sigmas: f64) -> Vec<u32> {
        let own = self.stands.get(number as usize).and_then(Option::as_ref);
        own.map_or_else(Vec::new, |own| {
            self.around(&own.outline.place_at(time), |other| {
                own.outline.may_be_one(other, sigmas)
            })
        })
    }

    /// The numbers whose reach may hold a place, of those asked for, ascending.
    fn around(&self, place_m: &Vector3<f64>, wanted: impl Fn(&Outline) -> bool) -> Vec<u32> {
        let mut found = Vec::new();
        for level in (0..=LEVELS).filter(|level| self.counts[usize::from(*level)] > 0) {
            // No reach is longer than half a side, so that along each axis the place's own cube and the nearer one of
            // those beside it are enough.
            let Cell { at: own, .. } = Cell::of(level, place_m);
            let (side_m, corners) = (side_m(level), if level == LEVELS { 1 } else { 8 });
            let beside = [0, 1, 2].map(|axis| {
                let is_upper = place_m[axis] / side_m - f64::from(own[axis]) >= 0.5;
                own[axis].saturating_add(if is_upper { 1 } else { -1 })
            });
            for corner in 0..corners {
                let along = |axis: usize| [own, beside][corner >> axis & 1][axis];
                let at = [along(0), along(1), along(2)];
                self.within(Cell { level, at }, &wanted, &mut found);
            }
        }
        found.sort_unstable();
        found
    }

    fn within(&self, cell: Cell, wanted: &impl Fn(&Outline) -> bool, found: &mut Vec<u32>) {
        let Bucket { first, tags } = self.buckets[self.bucket(cell)];
        if tags & cell.tag() == 0 {
            return;
        }
        let here = self.chain(first).filter(|(_, stand)| stand.cell == cell);
        found.extend(
            here.filter(|(_, stand)| wanted(&stand.outline))
                .map(|(number, _)| number),
        );
    }

    /// The numbers of a bucket.
    fn chain(&self, first: u32) -> impl Iterator<Item = (u32, &Stand)> {
        let stand = |number: u32| Some((number, self.stands.get(number as usize)?.as_ref()?));
        std::iter::successors(stand(first), move |(_, own)| stand(own.after))
    }

    /// Twice the buckets, until there are enough, and everything in them anew.
    fn spread(&mut self) {
        let count = self.stands.len().max(BUCKETS_MIN).next_power_of_two() * 2;
        self.buckets = std::iter::repeat_n(Bucket::EMPTY, count).collect();
        for number in 0..self.stands.len() as u32 {
            if self.stand_mut(number).is_some() {
                self.link(number);
            }
        }
    }

    /// Puts a number at the head of its bucket.
    fn link(&mut self, number: u32) {
        let Some(cell) = self.stand_mut(number).map(|stand| stand.cell) else {
            return;
        };
        let at = self.bucket(cell);
        let bucket = &mut self.buckets[at];
        let first = std::mem::replace(&mut bucket.first, number);
        bucket.tags |= cell.tag();
        if let Some(first) = self.stand_mut(first) {
            first.before = number;
        }
        if let Some(stand) = self.stand_mut(number) {
            (stand.before, stand.after) = (NONE, first);
        }
    }

    fn stand_mut(&mut self, number: u32) -> Option<&mut Stand> {
        self.stands.get_mut(number as usize).and_then(Option::as_mut)
    }

    fn bucket(&self, cell: Cell) -> usize {
        cell.hash() as usize & (self.buckets.len() - 1)
    }
}

fn side_m(level: u8) -> f64 {
    SIDE_MIN_M * f64::from(1_u32 << (LEVEL_BITS * level))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Whatever is within reach is found once, and what was taken away is not.
        #[test]
        fn all_within_reach_are_found(
            places in proptest::collection::vec((prop::array::uniform3(-8e6..8e6_f64), 1.0..1e7_f64), 1..60),
            at in prop::array::uniform3(-8e6..8e6_f64),
        ) {
            let mut near = Near::default();
            for (number, (place, sigma_m)) in places.iter().enumerate() {
                near.put(number as u32, Outline::still(-Vector3::from(*place), *sigma_m), Time::from_tai_ns(0));
                near.put(number as u32, Outline::still(Vector3::from(*place), *sigma_m), Time::from_tai_ns(0));
            }
            near.take(0);
            let at = Vector3::from(at);
            let found = near.around(&at, |_| true);
            let reaching = near.reaching(Time::from_tai_ns(0), &at, 1.0);
            prop_assert!(found.is_sorted_by(|a, b| a < b));
            prop_assert!(reaching.iter().all(|number| found.contains(number)));
            for (number, (place, sigma_m)) in places.iter().enumerate().skip(1) {
                let away_m = (Vector3::from(*place) - at).norm();
                prop_assert!(away_m > 6.0 * sigma_m || found.contains(&(number as u32)));
                prop_assert!(away_m > 6.0 * sigma_m || reaching.contains(&(number as u32)));
            }
            prop_assert!(!found.contains(&0));
        }
    }
}
