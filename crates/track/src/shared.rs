//! A list whose copies share what neither has changed since.
//!
//! The tracker is copied many times a second: for each checkpoint, and for whoever looks. A copy costs one counter for
//! each block of the list, and a change of a block that a copy still has copies that block alone.

use std::ops::{Index, IndexMut};
use std::sync::Arc;

/// Values by place, in blocks of `N`; the last may be shorter.
#[derive(Clone, Debug)]
pub(crate) struct Shared<T, const N: usize> {
    blocks: Vec<Arc<[T]>>,
}

impl<T, const N: usize> Default for Shared<T, N> {
    fn default() -> Self {
        Self { blocks: Vec::new() }
    }
}

impl<T: Clone, const N: usize> Shared<T, N> {
    /// How many there are.
    pub fn len(&self) -> usize {
        let full = self.blocks.len().saturating_sub(1) * N;
        full + self.blocks.last().map_or(0, |last| last.len())
    }

    /// The value at a place.
    pub fn get(&self, at: usize) -> Option<&T> {
        self.blocks.get(at / N)?.get(at % N)
    }

    /// The value at a place, to change.
    pub fn get_mut(&mut self, at: usize) -> Option<&mut T> {
        self.get(at)?;
        Some(&mut self[at])
    }

    /// Adds a value behind the last.
    pub fn push(&mut self, value: T) {
        match self.blocks.last_mut().filter(|last| last.len() < N) {
            Some(last) => *last = last.iter().cloned().chain([value]).collect(),
            None => self.blocks.push(Arc::new([value])),
        }
    }

    /// Adds a value before a place; those from there on move up.
    pub fn insert(&mut self, at: usize, value: T) {
        let mut all: Vec<T> = self.iter().cloned().collect();
        all.insert(at, value);
        *self = all.into_iter().collect();
    }

    /// All values in the order of their places.
    pub fn iter(&self) -> impl Iterator<Item = &T> + Clone {
        self.blocks.iter().flat_map(|block| block.iter())
    }

    /// All values, to change.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = &mut T> {
        let blocks = self.blocks.iter_mut();
        blocks.flat_map(|block| Arc::make_mut(block).iter_mut())
    }

    /// Place and value of those in blocks that another list does not share, ascending.
    pub fn parted<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = (usize, &'a T)> {
        let blocks = self.blocks.iter().enumerate();
        let is_parted = |at: usize, block: &Arc<[T]>| other.blocks.get(at).is_none_or(|of| !Arc::ptr_eq(of, block));
        blocks
            .filter(move |(at, block)| is_parted(*at, block))
            .flat_map(|(at, block)| (at * N..).zip(block.iter()))
    }
}

impl<T: Clone, const N: usize> FromIterator<T> for Shared<T, N> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Self {
        let values: Vec<T> = values.into_iter().collect();
        Self {
            blocks: values.chunks(N).map(Arc::from).collect(),
        }
    }
}

/// Panics where there is no such place, as slices do.
impl<T, const N: usize> Index<usize> for Shared<T, N> {
    type Output = T;

    fn index(&self, at: usize) -> &T {
        &self.blocks[at / N][at % N]
    }
}

impl<T: Clone, const N: usize> IndexMut<usize> for Shared<T, N> {
    fn index_mut(&mut self, at: usize) -> &mut T {
        &mut Arc::make_mut(&mut self.blocks[at / N])[at % N]
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Copies are as independent as those of a plain list, and what they share is what neither changed.
        #[test]
        fn copies_are_independent(
            begin in prop::collection::vec(any::<u8>(), 0..40),
            changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..10),
            added in prop::collection::vec(any::<u8>(), 0..10),
        ) {
            let before: Shared<u8, 4> = begin.iter().copied().collect();
            let (mut plain, mut list) = (begin.clone(), before.clone());
            let mut touched: Vec<usize> = Vec::new();
            for (place, value) in changes.iter().filter(|_| !begin.is_empty()) {
                let at = place.index(begin.len());
                (plain[at], list[at]) = (*value, *value);
                touched.push(at / 4);
            }
            for value in &added {
                touched.push(plain.len() / 4);
                plain.push(*value);
                list.push(*value);
            }
            prop_assert!(before.iter().eq(&begin));
            prop_assert!(list.iter().eq(&plain));
            prop_assert_eq!(list.get(plain.len()), None);
            let parted: Vec<(usize, u8)> = list.parted(&before).map(|(at, value)| (at, *value)).collect();
            let expected = plain.iter().copied().enumerate().filter(|(at, _)| touched.contains(&(at / 4)));
            prop_assert_eq!(parted, expected.collect::<Vec<_>>());
        }
    }
}
