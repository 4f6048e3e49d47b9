//! The plots that later rows may still want: where in a set each has its bit, and for how long.

use std::hash::Hash;

use super::super::cluster::Cluster;

/// A set of such plots that have been used.
pub(super) trait Front: Copy + Eq + Hash + Default {
    fn has(&self, slot: u32) -> bool;
    fn with(self, slot: u32) -> Self;
    fn without(self, slot: u32) -> Self;
}

macro_rules! front {
    ($($word:ty),*) => {$(
        impl Front for $word {
            fn has(&self, slot: u32) -> bool {
                self >> slot & 1 == 1
            }
            fn with(self, slot: u32) -> Self {
                self | 1 << slot
            }
            fn without(self, slot: u32) -> Self {
                self & !(1 << slot)
            }
        }
    )*};
}

front!(u64, u128);

impl Front for [u64; 8] {
    fn has(&self, slot: u32) -> bool {
        self[slot as usize / 64].has(slot % 64)
    }
    fn with(mut self, slot: u32) -> Self {
        self[slot as usize / 64] |= 1 << (slot % 64);
        self
    }
    fn without(mut self, slot: u32) -> Self {
        self[slot as usize / 64] &= !(1 << (slot % 64));
        self
    }
}

/// What a row may choose among plots that others want.
#[derive(Clone, Copy, Debug)]
pub(super) struct Choice {
    /// Place among the cluster's pairs.
    pub pair: usize,
    /// Its bit.
    pub slot: u32,
}

/// One row's turn.
#[derive(Clone, Debug, Default)]
pub(super) struct Step {
    pub row: usize,
    /// Its pairs with plots that no other row has, as places among the cluster's pairs.
    pub own: Vec<usize>,
    /// Its pairs with plots that others have.
    pub shared: Vec<Choice>,
    /// Bits, and plots, that no later row wants.
    pub last: Vec<(u32, usize)>,
}

/// All turns, and how many bits a set needs.
pub(super) struct Steps {
    pub all: Vec<Step>,
    pub width: u32,
}

/// Gives every shared plot a bit from its first row to its last; bits are used again.
pub(super) fn steps(cluster: &Cluster, line: &[usize]) -> Steps {
    let mut wanted = vec![0_usize; cluster.plots.len()];
    cluster.pairs.iter().for_each(|pair| wanted[pair.plot as usize] += 1);
    let shared: Vec<bool> = wanted.iter().map(|&count| count > 1).collect();
    let mut slots: Vec<Option<u32>> = vec![None; wanted.len()];
    let mut vacant: Vec<u32> = Vec::new();
    let mut width = 0;
    let mut all = Vec::with_capacity(line.len());
    for &row in line {
        let mut step = Step { row, ..Step::default() };
        for pair in cluster.range(row) {
            let plot = cluster.pairs[pair].plot as usize;
            if !shared[plot] {
                step.own.push(pair);
                continue;
            }
            let slot = *slots[plot].get_or_insert_with(|| {
                vacant.pop().unwrap_or_else(|| {
                    width += 1;
                    width - 1
                })
            });
            step.shared.push(Choice { pair, slot });
            wanted[plot] -= 1;
            if wanted[plot] == 0 {
                step.last.push((slot, plot));
            }
        }
        vacant.extend(step.last.iter().map(|(slot, _)| slot));
        all.push(step);
    }
    Steps { all, width }
}
