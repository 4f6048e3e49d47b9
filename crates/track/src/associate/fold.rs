//! A hash that is the same on every machine and in every run.

use std::hash::{BuildHasherDefault, Hasher};

/// A map whose order of iteration nothing may depend on.
pub(super) type Map<K, V> = std::collections::HashMap<K, V, BuildHasherDefault<Fold>>;

/// Multiplies and folds: fast on words that differ by few bits.
#[derive(Clone, Copy, Default)]
pub(super) struct Fold(u64);

impl Hasher for Fold {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|&byte| self.write_u64(u64::from(byte)));
    }

    fn write_u64(&mut self, word: u64) {
        let product = u128::from(self.0 ^ word ^ 0x9e37_79b9_7f4a_7c15) * 0xa076_1d64_78bd_642f;
        self.0 = (product >> 64) as u64 ^ product as u64;
    }

    fn write_u128(&mut self, word: u128) {
        self.write_u64(word as u64);
        self.write_u64((word >> 64) as u64);
    }
}
