//! Chance as an argument: streams of random numbers that are the same on every machine.
//!
//! The generator is PCG-64 of `rand_pcg`; the distributions are ours, because those of `rand_distr` may take logarithms
//! from the platform (its `std` feature is switched on by whoever else wants it), and one bit is another scenario.

use std::f64::consts::TAU;

use geo::math::{exp, ln, sin_cos};
use rand_pcg::Pcg64;
use rand_pcg::rand_core::{Rng, SeedableRng};

/// A stream of random numbers. Streams of different keys are independent, so what one radar draws does not change what
/// another draws.
#[derive(Clone, Debug)]
pub struct Chance {
    generator: Pcg64,
    spare: Option<f64>,
}

impl Chance {
    /// Makes the stream of a seed and the keys that name what it is for, such as `["radar-north", "noise"]`.
    pub fn new(seed: u64, keys: &[&str]) -> Self {
        let mut bytes = [0_u8; 32];
        let mut state = mix(seed ^ 0x7472_696c_6174_0001);
        for key in keys {
            for byte in key.bytes() {
                state = mix(state ^ u64::from(byte));
            }
            // A key ends: ["ab"] is not ["a", "b"].
            state = mix(state ^ 0x100);
        }
        for chunk in bytes.chunks_exact_mut(8) {
            state = mix(state);
            chunk.copy_from_slice(&state.to_le_bytes());
        }
        Self {
            generator: Pcg64::from_seed(bytes),
            spare: None,
        }
    }

    /// Returns a number in [0, 1), 53 bits.
    pub fn uniform(&mut self) -> f64 {
        const STEP: f64 = 1.0 / 9_007_199_254_740_992.0;
        #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
        let bits = (self.generator.next_u64() >> 11) as f64;
        bits * STEP
    }

    /// Returns a number in [from, until).
    pub fn between(&mut self, from: f64, until: f64) -> f64 {
        from + (until - from) * self.uniform()
    }

    /// Whether something of a probability happens.
    pub fn happens(&mut self, probability: f64) -> bool {
        self.uniform() < probability
    }

    /// Returns a number of the standard normal distribution.
    ///
    /// Source: Box, Muller, A note on the generation of random normal deviates (1958).
    pub fn normal(&mut self) -> f64 {
        if let Some(spare) = self.spare.take() {
            return spare;
        }
        let radius: f64 = (-2.0_f64 * ln(1.0 - self.uniform())).sqrt();
        let (sine, cosine) = sin_cos(TAU * self.uniform());
        self.spare = Some(radius * sine);
        radius * cosine
    }

    /// Returns a waiting time of mean 1.
    pub fn exponential(&mut self) -> f64 {
        -ln(1.0 - self.uniform())
    }

    /// Returns a count of the Poisson distribution.
    ///
    /// Source: Knuth, The art of computer programming 2 (3rd edition, 1997), 3.4.1 F, in pieces of mean 16 so that the
    /// exponential does not underflow.
    pub fn poisson(&mut self, mean: f64) -> u64 {
        const PIECE: f64 = 16.0;
        let mut count = 0;
        let mut left = mean;
        while left > 0.0 {
            let limit = exp(-left.min(PIECE));
            let mut product = self.uniform();
            while product > limit {
                count += 1;
                product *= self.uniform();
            }
            left -= PIECE;
        }
        count
    }
}

/// Mixes 64 bits. Source: Steele, Lea, Flood, Fast splittable pseudorandom number generators (2014), splitmix64.
fn mix(state: u64) -> u64 {
    let mut z = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    const DRAWS: usize = 200_000;

    fn moments(mut draw: impl FnMut() -> f64) -> (f64, f64) {
        let values: Vec<f64> = (0..DRAWS).map(|_| draw()).collect();
        let mean = values.iter().sum::<f64>() / DRAWS as f64;
        let variance = values.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / DRAWS as f64;
        (mean, variance)
    }

    #[test]
    fn the_same_seed_and_keys_are_the_same_stream() {
        let draw = |seed, keys: &[&str]| Chance::new(seed, keys).normal();
        assert_eq!(draw(1, &["a", "b"]), draw(1, &["a", "b"]));
        assert_ne!(draw(1, &["a", "b"]), draw(1, &["ab"]));
        assert_ne!(draw(1, &["a"]), draw(2, &["a"]));
        assert_ne!(draw(1, &[]), draw(1, &[""]));
    }

    #[test]
    fn distributions_have_their_moments() {
        let mut chance = Chance::new(3, &["moments"]);
        let (mean, variance) = moments(|| chance.normal());
        assert!(mean.abs() < 0.01 && (variance - 1.0).abs() < 0.02, "{mean} {variance}");
        let (mean, variance) = moments(|| chance.exponential());
        assert!(
            (mean - 1.0).abs() < 0.01 && (variance - 1.0).abs() < 0.03,
            "{mean} {variance}"
        );
        for expected in [0.3, 4.0, 50.0] {
            let (mean, variance) = moments(|| chance.poisson(expected) as f64);
            assert!((mean / expected - 1.0).abs() < 0.02, "{mean} for {expected}");
            assert!((variance / expected - 1.0).abs() < 0.03, "{variance} for {expected}");
        }
    }

    #[test]
    fn streams_of_neighbouring_seeds_are_independent() {
        let (mut a, mut b) = (Chance::new(1, &["n"]), Chance::new(2, &["n"]));
        let (product, _) = moments(|| a.normal() * b.normal());
        assert!(product.abs() < 0.01, "{product}");
    }
}
