//! What is known of many errors, as covariances of those that may be correlated: what nothing has linked is not kept
//! together, copied together or worked through together.

use std::sync::Arc;

/// Errors that may be correlated with each other, and with no others.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Group {
    /// Which they are, ascending.
    pub slots: Vec<usize>,
    /// Their covariance, row by row, symmetric to the bit.
    pub covariance: Vec<f64>,
}

/// Every error is in one of them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Groups {
    pub list: Vec<Arc<Group>>,
    /// By slot: which group it is in, and where in it.
    places: Arc<[(u32, u32)]>,
}

/// One error with all others.
#[derive(Copy, Clone)]
pub(crate) struct Row<'a> {
    of: u32,
    values: &'a [f64],
    places: &'a [(u32, u32)],
}

impl Group {
    /// The covariances of one of them with all.
    pub fn row(&self, place: usize) -> &[f64] {
        let count = self.slots.len();
        &self.covariance[place * count..][..count]
    }
}

impl Row<'_> {
    /// The covariance with a slot.
    pub fn with(self, slot: usize) -> f64 {
        match self.places[slot] {
            (group, place) if group == self.of => self.values[place as usize],
            _ => 0.0,
        }
    }
}

impl Groups {
    /// One slot with all others.
    pub fn row(&self, slot: usize) -> Row<'_> {
        let (group, place) = self.places[slot];
        Row {
            of: group,
            values: self.list[group as usize].row(place as usize),
            places: &self.places,
        }
    }

    /// The covariance of two slots.
    pub fn of_pair(&self, one: usize, other: usize) -> f64 {
        self.row(one).with(other)
    }

    /// Where in its group a slot stands.
    pub fn place(&self, slot: usize) -> usize {
        self.places[slot].1 as usize
    }

    /// Takes in new slots from one on, correlated with none; those from there on move up.
    pub fn admit(&mut self, first: usize, variances: &[f64]) {
        let count = variances.len();
        if count == 0 {
            return;
        }
        for group in &mut self.list {
            if group.slots.last().is_some_and(|slot| *slot >= first) {
                let moved = Arc::make_mut(group).slots.iter_mut().filter(|slot| **slot >= first);
                moved.for_each(|slot| *slot += count);
            }
        }
        let mut covariance = vec![0.0; count * count];
        for (place, variance) in variances.iter().enumerate() {
            covariance[place * (count + 1)] = *variance;
        }
        let slots = (first..first + count).collect();
        self.list.push(Arc::new(Group { slots, covariance }));
        self.number();
    }

    /// Makes the groups of some slots one; its place in the list.
    pub fn join(&mut self, slots: impl Iterator<Item = usize>) -> usize {
        let mut of: Vec<usize> = slots.map(|slot| self.places[slot].0 as usize).collect();
        of.sort_unstable();
        of.dedup();
        if let [only] = of[..] {
            return only;
        }
        let mut slots: Vec<usize> = of.iter().flat_map(|at| &self.list[*at].slots).copied().collect();
        slots.sort_unstable();
        let count = slots.len();
        let mut covariance = vec![0.0; count * count];
        let place = |slot: &usize| slots.partition_point(|before| before < slot);
        for group in of.iter().map(|at| &self.list[*at]) {
            for (row, slot) in group.slots.iter().enumerate() {
                let line = &mut covariance[place(slot) * count..][..count];
                for (value, other) in group.row(row).iter().zip(&group.slots) {
                    line[place(other)] = *value;
                }
            }
        }
        for at in of.iter().rev() {
            self.list.remove(*at);
        }
        self.list.push(Arc::new(Group { slots, covariance }));
        self.number();
        self.list.len() - 1
    }

    fn number(&mut self) {
        let count = self.list.iter().map(|group| group.slots.len()).sum();
        let mut places = vec![(0, 0); count];
        for (group, number) in self.list.iter().zip(0..) {
            for (slot, place) in group.slots.iter().zip(0..) {
                places[*slot] = (number, place);
            }
        }
        self.places = places.into();
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The same as one matrix of everything.
    fn whole(groups: &Groups, count: usize) -> Vec<Vec<f64>> {
        (0..count)
            .map(|row| (0..count).map(|column| groups.of_pair(row, column)).collect())
            .collect()
    }

    proptest! {
        /// Joining changes no covariance, admitting moves all and adds its own, and every slot is where it is said to
        /// be.
        #[test]
        fn groups_are_a_matrix_that_is_mostly_zeros(
            steps in prop::collection::vec((any::<prop::sample::Index>(), 1_usize..4, any::<bool>()), 1..12),
        ) {
            let mut groups = Groups::default();
            let mut plain: Vec<Vec<f64>> = Vec::new();
            for (step, (index, count, is_join)) in steps.into_iter().enumerate() {
                let size = plain.len();
                if is_join && size > 1 {
                    let (one, other) = (index.index(size), (index.index(size) + count) % size);
                    let number = groups.join([one, other].into_iter());
                    let group = Arc::make_mut(&mut groups.list[number]);
                    for slot in [one, other] {
                        prop_assert!(group.slots.binary_search(&slot).is_ok());
                    }
                    prop_assert!(group.slots.is_sorted());
                    // Something is learnt of all of them.
                    let slots = group.slots.clone();
                    for (at, value) in group.covariance.iter_mut().enumerate() {
                        let (row, column) = (slots[at / slots.len()], slots[at % slots.len()]);
                        let added = (step + row + column) as f64;
                        *value += added;
                        plain[row][column] += added;
                    }
                } else {
                    let first = index.index(size + 1);
                    let variances: Vec<f64> = (0..count).map(|at| (step + at + 1) as f64).collect();
                    groups.admit(first, &variances);
                    for line in &mut plain {
                        line.splice(first..first, vec![0.0; count]);
                    }
                    for (at, variance) in variances.iter().enumerate() {
                        let mut line = vec![0.0; size + count];
                        line[first + at] = *variance;
                        plain.insert(first + at, line);
                    }
                }
                prop_assert_eq!(&whole(&groups, plain.len()), &plain);
            }
        }
    }
}
