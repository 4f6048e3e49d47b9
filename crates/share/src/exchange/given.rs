//! Which entries of the journal a partner was given, one bit each.

use std::collections::VecDeque;

/// A set of places in the journal; what is before its beginning counts as in it.
#[derive(Clone, Debug, Default)]
pub struct Bits {
    /// The place of the first bit, a multiple of 64.
    begin: u64,
    words: VecDeque<u64>,
}

impl Bits {
    /// Forgets what is before a place: it counts as given.
    pub fn forget_before(&mut self, place: u64) {
        let begin = place / 64 * 64;
        while self.begin < begin {
            if self.words.pop_front().is_none() {
                self.begin = begin;
                return;
            }
            self.begin += 64;
        }
    }

    /// Whether a place is in the set.
    pub fn has(&self, place: u64) -> bool {
        let Some(from) = place.checked_sub(self.begin) else {
            return true;
        };
        let word = usize::try_from(from / 64).ok().and_then(|at| self.words.get(at));
        word.is_some_and(|word| word & 1 << (from % 64) != 0)
    }

    /// Puts a place in.
    pub fn insert(&mut self, place: u64) {
        let Some(from) = place.checked_sub(self.begin) else {
            return;
        };
        let at = (from / 64) as usize;
        if self.words.len() <= at {
            self.words.resize(at + 1, 0);
        }
        self.words[at] |= 1 << (from % 64);
    }

    /// Takes a place out.
    pub fn remove(&mut self, place: u64) {
        let Some(from) = place.checked_sub(self.begin) else {
            return;
        };
        if let Some(word) = self.words.get_mut((from / 64) as usize) {
            *word &= !(1 << (from % 64));
        }
    }

    /// The first place from this one on that is not in the set.
    pub fn next_missing(&self, from: u64) -> u64 {
        let mut place = from.max(self.begin);
        while let Some(word) = self.words.get(((place - self.begin) / 64) as usize) {
            let rest = !(word >> (place % 64));
            let ahead = u64::from(rest.trailing_zeros());
            if ahead < 64 - place % 64 {
                return place + ahead;
            }
            place = place / 64 * 64 + 64;
        }
        place
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    proptest! {
        #[test]
        fn is_a_set(places in prop::collection::vec((0..300_u64, any::<bool>()), 0..200), before in 0..200_u64) {
            let (mut bits, mut set) = (Bits::default(), BTreeSet::new());
            for (place, add) in places {
                if add { bits.insert(place); set.insert(place); } else { bits.remove(place); set.remove(&place); }
            }
            for place in 0..400 {
                prop_assert_eq!(bits.has(place), set.contains(&place));
                let missing = (place..).find(|at| !set.contains(at)).unwrap();
                prop_assert_eq!(bits.next_missing(place), missing);
            }
            bits.forget_before(before);
            for place in before..400 {
                prop_assert_eq!(bits.has(place), place < before / 64 * 64 || set.contains(&place));
            }
        }
    }
}
