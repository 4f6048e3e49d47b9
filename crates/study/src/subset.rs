//! Who shares with whom: the non-empty subsets of the owners.

/// The most owners of a study: every subset of them is computed.
pub const OWNERS_MAX: usize = 6;

/// A non-empty set of owners, by their places in the list of owners.
#[derive(Copy, Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Subset(u32);

impl Subset {
    /// All of them for so many owners (at most [`OWNERS_MAX`]): each alone in the order of owners, then pairs, and so
    /// on to all together.
    pub fn all(owners: usize) -> Vec<Self> {
        let owners = owners.min(OWNERS_MAX);
        let mut list: Vec<Self> = (1..1_u32 << owners).map(Self).collect();
        // Reversed bits put the first owner highest, and so first where the order is descending.
        list.sort_by_key(|subset| (subset.len(), std::cmp::Reverse(subset.0.reverse_bits())));
        list
    }

    /// How many owners there are.
    pub fn len(self) -> usize {
        self.0.count_ones() as usize
    }

    /// Whether nobody is in it; never of those that [`Subset::all`] makes.
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether an owner is in it.
    pub fn contains(self, owner: usize) -> bool {
        self.0 >> owner & 1 == 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn alone_then_pairs_then_all() {
        let members: Vec<Vec<usize>> = Subset::all(3)
            .into_iter()
            .map(|subset| (0..3).filter(|&owner| subset.contains(owner)).collect())
            .collect();
        let expected: [&[usize]; 7] = [&[0], &[1], &[2], &[0, 1], &[0, 2], &[1, 2], &[0, 1, 2]];
        assert_eq!(members, expected);
    }
}
