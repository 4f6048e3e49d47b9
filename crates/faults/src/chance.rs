//! Chance as an argument: one stream for each purpose, so that what one draws does not change what another draws.

use rand_pcg::Pcg64;
use rand_pcg::rand_core::{Rng, SeedableRng};

/// A stream of random numbers, the same on every machine.
#[derive(Clone, Debug)]
pub struct Chance(Pcg64);

impl Chance {
    /// The stream of a seed for one purpose.
    pub fn new(seed: u64, purpose: &str) -> Self {
        let mut octets = [0_u8; 32];
        octets[..8].copy_from_slice(&seed.to_le_bytes());
        for (to, from) in octets[8..].iter_mut().zip(purpose.bytes()) {
            *to = from;
        }
        Self(Pcg64::from_seed(octets))
    }

    /// A number in `[from, until)`; `from` where that is empty.
    pub fn number(&mut self, from: u64, until: u64) -> u64 {
        from + self.0.next_u64().checked_rem(until.saturating_sub(from)).unwrap_or(0)
    }

    /// A place in a list of so many.
    pub fn place(&mut self, count: usize) -> usize {
        self.number(0, count as u64) as usize
    }

    /// A number in [0, 1).
    pub fn uniform(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// A number in [from, until).
    pub fn between(&mut self, from: f64, until: f64) -> f64 {
        from + (until - from) * self.uniform()
    }

    /// Whether something of a probability happens.
    pub fn happens(&mut self, probability: f64) -> bool {
        self.uniform() < probability
    }
}
