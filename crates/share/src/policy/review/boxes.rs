//! Many kinds in few words: kinds that differ in one property only are put together.

use std::collections::{BTreeMap, BTreeSet};

use super::space::{DIMENSIONS, Point};

/// For each property, the values it may have.
pub(super) type Box = [BTreeSet<u16>; DIMENSIONS];

/// Puts points together into boxes that hold them, and no other point.
pub(super) fn boxes(points: &[Point]) -> Vec<Box> {
    let mut boxes: BTreeSet<Box> = points
        .iter()
        .map(|point| point.map(|value| BTreeSet::from([value])))
        .collect();
    for dimension in 0..DIMENSIONS {
        let mut merged: BTreeMap<Box, BTreeSet<u16>> = BTreeMap::new();
        for mut entry in boxes {
            let values = std::mem::take(&mut entry[dimension]);
            merged.entry(entry).or_default().extend(values);
        }
        boxes = merged
            .into_iter()
            .map(|(mut entry, values)| {
                entry[dimension] = values;
                entry
            })
            .collect();
    }
    boxes.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_hold_the_points_and_no_other() {
        // Every subset of a 2 × 2 × 3 block.
        let block: Vec<Point> = (0..12).map(|i| [i % 2, i / 2 % 2, i / 4, 0, 0, 0]).collect();
        for subset in 0..1_u32 << block.len() {
            let points: Vec<Point> = (0..block.len())
                .filter(|i| subset >> i & 1 == 1)
                .map(|i| block[i])
                .collect();
            let boxes = boxes(&points);
            for point in &block {
                let holds = |b: &&Box| b.iter().zip(point).all(|(values, value)| values.contains(value));
                assert_eq!(
                    boxes.iter().filter(holds).count(),
                    usize::from(points.contains(point)),
                    "{points:?}"
                );
            }
        }
    }
}
