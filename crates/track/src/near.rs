//! Which tracks may be near a place: grids of cubes, one for each size of reach.

use std::collections::BTreeMap;

use nalgebra::Vector3;

/// Side of the smallest cube.
const SIDE_MIN_M: f64 = 4_096.0;
/// Reaches beyond the largest cube are all looked at.
const LEVELS: u8 = 10;

type Cell = (u8, [i32; 3]);

/// Places with a reach each, by number.
#[derive(Clone, Debug, Default)]
pub(crate) struct Near {
    cells: BTreeMap<Cell, Vec<u32>>,
    /// By number: where it stands.
    stands: Vec<Option<Cell>>,
    /// How many stand at each level.
    counts: [u32; LEVELS as usize + 1],
}

impl Near {
    /// Puts a number at a place; it is found from all places within its reach.
    pub fn put(&mut self, number: u32, place_m: &Vector3<f64>, reach_m: f64) {
        let level = (0..LEVELS).find(|level| reach_m <= side_m(*level)).unwrap_or(LEVELS);
        let cell = cell(level, place_m);
        let index = number as usize;
        if self.stands.len() <= index {
            self.stands.resize(index + 1, None);
        }
        if self.stands[index] == Some(cell) {
            return;
        }
        self.take(number);
        self.stands[index] = Some(cell);
        self.counts[usize::from(level)] += 1;
        self.cells.entry(cell).or_default().push(number);
    }

    /// Takes a number away.
    pub fn take(&mut self, number: u32) {
        let Some(cell) = self.stands.get_mut(number as usize).and_then(Option::take) else {
            return;
        };
        self.counts[usize::from(cell.0)] -= 1;
        if let Some(list) = self.cells.get_mut(&cell) {
            list.retain(|of| *of != number);
            if list.is_empty() {
                self.cells.remove(&cell);
            }
        }
    }

    /// The numbers whose reach may hold a place, ascending.
    pub fn around(&self, place_m: &Vector3<f64>) -> Vec<u32> {
        let mut found = Vec::new();
        for level in (0..=LEVELS).filter(|level| self.counts[usize::from(*level)] > 0) {
            let (_, [x, y, z]) = cell(level, place_m);
            let steps = if level == LEVELS { 0..=0 } else { -1..=1 };
            for (dx, dy) in steps.clone().flat_map(|dx| steps.clone().map(move |dy| (dx, dy))) {
                let column = (level, [x + dx, y + dy, z + steps.start()])..=(level, [x + dx, y + dy, z + steps.end()]);
                for (_, list) in self.cells.range(column) {
                    found.extend_from_slice(list);
                }
            }
        }
        found.sort_unstable();
        found
    }
}

fn side_m(level: u8) -> f64 {
    SIDE_MIN_M * f64::from(1_u32 << level)
}

fn cell(level: u8, place_m: &Vector3<f64>) -> Cell {
    if level == LEVELS {
        return (level, [0; 3]);
    }
    let side_m = side_m(level);
    let along = |axis: usize| (place_m[axis] / side_m).floor() as i32;
    (level, [along(0), along(1), along(2)])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Whatever is within reach is found, and what was taken away is not.
        #[test]
        fn all_within_reach_are_found(
            places in proptest::collection::vec((prop::array::uniform3(-8e6..8e6_f64), 1.0..1e7_f64), 1..60),
            at in prop::array::uniform3(-8e6..8e6_f64),
        ) {
            let mut near = Near::default();
            for (number, (place, reach_m)) in places.iter().enumerate() {
                near.put(number as u32, &Vector3::from(*place), *reach_m);
            }
            near.take(0);
            let at = Vector3::from(at);
            let found = near.around(&at);
            for (number, (place, reach_m)) in places.iter().enumerate().skip(1) {
                let is_within = (Vector3::from(*place) - at).norm() <= *reach_m;
                prop_assert!(!is_within || found.contains(&(number as u32)));
            }
            prop_assert!(!found.contains(&0));
        }
    }
}
