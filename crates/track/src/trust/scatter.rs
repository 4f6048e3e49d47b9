//! How well a sensor really measures, as others' tracks tell.
//!
//! The spread of innovations over a block, by the median of their distance from their median: a constant error, which
//! is the registration's, and a few wrong pairs change nothing of it. Source: Huber, Robust statistics (1981), 5.1.

use plot::Quantity;

/// Innovations of a block.
const BLOCK: usize = 25;
/// Stated sigmas that are smaller than what is seen by more than this are not believed.
const TIMES: f64 = 3.0;
/// The median distance from the median, of a normal distribution of sigma 1.
const MEDIAN: f64 = 0.674_489_750_196_081_7;

/// No less than this part of the variance of innovations is taken for the sensor's.
const PART: f64 = 0.1;

/// The quantities that are watched, by place.
pub(crate) const QUANTITIES: [Quantity; 3] = [Quantity::Range, Quantity::Azimuth, Quantity::Elevation];

/// Innovations and what came of them, by quantity.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scatter {
    /// Innovation, and variance of it by the track's own uncertainty.
    blocks: [Vec<(f64, f64)>; 3],
    /// Standard deviation as seen, m or rad.
    seen: [Option<f64>; 3],
}

impl Scatter {
    /// Takes an innovation (m or rad) of a track whose own uncertainty has a variance of `own` there.
    pub fn observe(&mut self, kind: usize, innovation: f64, own: f64) {
        let block = &mut self.blocks[kind];
        block.push((innovation, own));
        if block.len() < BLOCK {
            return;
        }
        let middle = median(block.iter().map(|(innovation, _)| *innovation));
        let spread = median(block.iter().map(|(innovation, _)| (innovation - middle).abs())) / MEDIAN;
        let own = median(block.iter().map(|(_, own)| *own));
        // Of a track that is uncertain itself little can be told: some of what is seen is the sensor's at least.
        let noise = (spread * spread - own).max(PART * spread * spread);
        block.clear();
        let known = &mut self.seen[kind];
        *known = Some(known.map_or(noise, |known| 0.5 * (known * known + noise)).sqrt());
    }

    /// Whether anything is known of it.
    pub fn is_known(&self) -> bool {
        self.seen.iter().any(Option::is_some)
    }

    /// The sigma to use where the stated one is not believed.
    pub fn floor(&self, kind: usize, stated: f64) -> Option<f64> {
        let seen = *self.seen.get(kind)?;
        seen.filter(|seen| *seen > TIMES * stated)
    }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut sorted: Vec<f64> = values.collect();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Normal quantiles as innovations: the spread is what it was, whatever is constant, and a tenth of wild ones.
    #[test]
    fn the_spread_is_seen_and_the_constant_is_not() {
        let quantiles = [
            -1.96, -1.4, -1.1, -0.9, -0.7, -0.55, -0.4, -0.3, -0.2, -0.1, -0.05, 0.0, 0.05, 0.1, 0.2, 0.3, 0.4, 0.55,
            0.7, 0.9, 1.1, 1.4, 1.96,
        ];
        let mut scatter = Scatter::default();
        for value in quantiles {
            scatter.observe(0, 500.0 + 30.0 * value, 0.0);
        }
        scatter.observe(0, 9_000.0, 0.0);
        scatter.observe(0, -9_000.0, 0.0);
        let floor = scatter.floor(0, 1.0);
        assert!(
            floor.is_some_and(|sigma_m| (15.0..45.0).contains(&sigma_m)),
            "{floor:?}"
        );
        assert_eq!(scatter.floor(0, 20.0), None, "what is stated honestly is believed");
    }
}
