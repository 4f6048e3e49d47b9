//! How well a sensor really measures, as others' tracks tell.
//!
//! The spread of innovations over a block, by the median of their distance from their median: a constant error, which
//! is the registration's, and a few wrong pairs change nothing of it. Source: Huber, Robust statistics (1981), 5.1.

use plot::Quantity;

/// Innovations of a block.
const BLOCK: usize = 25;
/// Stated sigmas that are smaller than what is seen by more than this are not believed.
const TIMES: f64 = 3.0;
/// Nor are those that are suddenly smaller by this than any that was borne out.
const SUDDEN: f64 = 10.0;
/// Tracks whose own variance is larger than this times the stated one bear nothing out.
const COARSE: f64 = 20.0;
/// The median distance from the median, of a normal distribution of sigma 1.
pub(super) const MEDIAN: f64 = 0.674_489_750_196_081_7;

/// The quantities that are watched, by place.
pub(crate) const QUANTITIES: [Quantity; 4] = [
    Quantity::Range,
    Quantity::Azimuth,
    Quantity::Elevation,
    Quantity::RangeRate,
];

/// One innovation.
#[derive(Copy, Clone, Debug)]
pub(crate) struct Sample {
    /// Measured less expected.
    pub innovation: f64,
    /// Its variance by the track's own uncertainty.
    pub own: f64,
    /// The standard deviation that the sensor states.
    pub stated: f64,
}

/// Innovations and what came of them, by quantity: m, rad, rad, m/s.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scatter {
    blocks: [Vec<Sample>; 4],
    /// Standard deviation as seen, where it is far from what is stated.
    seen: [Option<f64>; 4],
    /// The smallest standard deviation that was stated and borne out.
    borne_out: [Option<f64>; 4],
}

impl Scatter {
    /// Takes an innovation.
    pub fn observe(&mut self, kind: usize, sample: Sample) {
        let block = &mut self.blocks[kind];
        block.push(sample);
        if block.len() < BLOCK {
            return;
        }
        let middle = median(block.iter().map(|sample| sample.innovation));
        let spread = median(block.iter().map(|sample| (sample.innovation - middle).abs())) / MEDIAN;
        let own = median(block.iter().map(|sample| sample.own));
        let stated = median(block.iter().map(|sample| sample.stated));
        block.clear();
        let noise = (spread * spread - own).max(0.0).sqrt();
        if noise > TIMES * stated {
            // Half of it may be the tracks'.
            if spread * spread > 2.0 * own {
                self.seen[kind] = Some(noise);
            }
        } else if own < COARSE * stated * stated {
            self.seen[kind] = None;
            let least = &mut self.borne_out[kind];
            *least = Some(least.map_or(stated, |least| least.min(stated)));
        }
    }

    /// Whether anything is known of it.
    pub fn is_known(&self) -> bool {
        self.seen.iter().chain(&self.borne_out).any(Option::is_some)
    }

    /// The sigma of one plot as seen, where it is far from what is stated.
    pub fn sigma(&self, kind: usize) -> Option<f64> {
        self.seen[kind]
    }

    /// The sigma to use where the stated one is not believed.
    pub fn floor(&self, kind: usize, stated: f64) -> Option<f64> {
        let seen = self.seen[kind].filter(|seen| *seen > TIMES * stated);
        seen.or_else(|| self.borne_out[kind].filter(|least| *least > SUDDEN * stated))
    }
}

pub(super) fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut sorted: Vec<f64> = values.collect();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Normal quantiles as innovations, and two wild ones.
    const QUANTILES: [f64; 25] = [
        -1.96, -1.4, -1.1, -0.9, -0.7, -0.55, -0.4, -0.3, -0.2, -0.1, -0.05, 0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.55, 0.7,
        0.9, 1.1, 1.4, 1.96, 300.0, -300.0,
    ];

    fn seen(stated: f64) -> Scatter {
        let mut scatter = Scatter::default();
        for value in QUANTILES {
            let innovation = 500.0 + 30.0 * value;
            scatter.observe(
                0,
                Sample {
                    innovation,
                    own: 0.0,
                    stated,
                },
            );
        }
        scatter
    }

    #[test]
    fn what_is_stated_too_small_is_raised_to_what_is_seen() {
        let floor = seen(1.0).floor(0, 1.0);
        assert!(
            floor.is_some_and(|sigma_m| (15.0..45.0).contains(&sigma_m)),
            "{floor:?}"
        );
    }

    #[test]
    fn what_is_borne_out_is_believed_and_what_is_suddenly_better_is_not() {
        let honest = seen(25.0);
        assert_eq!(honest.floor(0, 25.0), None);
        assert_eq!(honest.floor(0, 5.0), None, "nearer, with more signal");
        assert_eq!(honest.floor(0, 0.01), Some(25.0));
    }
}
