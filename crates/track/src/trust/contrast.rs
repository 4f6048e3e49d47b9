//! How well a sensor measures, as its own plots of what moves steadily tell: what is left of four plots of one object
//! when a parabola in time is taken away.
//!
//! A third divided difference knows nothing of place, speed, acceleration or of a constant error; scaled to unit norm
//! it is normal with the standard deviation of one plot, whatever the spacing. Objects that turn, and wild plots, are
//! the tails, which the median of its size does not see. Source of the estimate by differences: Rice, Bandwidth choice
//! for nonparametric regression (1984), for first differences; of the median: Huber, Robust statistics (1981), 5.1.
//! Errors that hang together from plot to plot are missed, so every second plot is taken, and what is used is larger.

use geo::Time;
use geo::angle::wrap_pi;

use super::scatter::{MEDIAN, median};
use crate::name::Name;

/// Objects that are followed at a time.
const FOLLOWED: usize = 16;
/// Contrasts of a block.
const BLOCK: usize = 64;
/// Plots are so many scans apart, or this.
const SCANS: f64 = 1.5;
const APART_S: f64 = 2.0;
/// Plots farther apart than this many times that do not belong together.
const GAP: f64 = 3.0;
/// A new block counts for so much of what is known.
const SHARE: f64 = 0.25;
/// What is used is larger than what is seen: errors that last for some plots are not seen.
const MARGIN: f64 = 1.5;
/// Stated sigmas are kept unless what is used would be below this part of them,
const WORTH: f64 = 0.5;
/// and nothing below this part is used.
const LEAST: f64 = 0.05;

/// `[range_m, azimuth_rad, elevation_rad]` of a plot; what was not measured is `None`.
pub(super) type Values = [Option<f64>; 3];

/// One object: its last plots, oldest first.
#[derive(Clone, Debug)]
struct Followed {
    name: Name,
    plots: Vec<(Time, Values)>,
}

/// What the plots of one sensor tell of how well it measures.
#[derive(Clone, Debug, Default)]
pub(crate) struct Contrasts {
    followed: Vec<Followed>,
    /// Sizes of contrasts, m or rad.
    blocks: [Vec<f64>; 3],
    /// Variance as seen.
    seen: [Option<f64>; 3],
}

impl Contrasts {
    /// Takes a plot of an object that is surely there and moves.
    pub fn observe(&mut self, name: Name, time: Time, values: Values, scan_s: f64) {
        let apart_s = APART_S.max(SCANS * scan_s);
        self.followed.retain(|of| {
            let last = of.plots.last().map(|(last, _)| *last);
            last.is_some_and(|last| time - last < GAP * apart_s)
        });
        let Some(at) = self.followed.iter().position(|of| of.name == name) else {
            if self.followed.len() < FOLLOWED {
                let plots = vec![(time, values)];
                self.followed.push(Followed { name, plots });
            }
            return;
        };
        let plots = &mut self.followed[at].plots;
        if plots.last().is_some_and(|(last, _)| time - *last < apart_s) {
            return;
        }
        plots.push((time, values));
        let Ok(four) = <&[(Time, Values); 4]>::try_from(plots.as_slice()) else {
            return;
        };
        let contrasts: [Option<f64>; 3] = std::array::from_fn(|kind| contrast(four, kind));
        plots.remove(0);
        for (kind, contrast) in contrasts.into_iter().enumerate() {
            self.take(kind, contrast);
        }
    }

    fn take(&mut self, kind: usize, contrast: Option<f64>) {
        let block = &mut self.blocks[kind];
        block.extend(contrast);
        if block.len() < BLOCK {
            return;
        }
        let sigma = median(block.iter().copied()) / MEDIAN;
        block.clear();
        let seen = &mut self.seen[kind];
        let before = seen.unwrap_or(sigma * sigma);
        *seen = Some(before + SHARE * (sigma * sigma - before));
    }

    /// Whether anything is known.
    pub fn is_known(&self) -> bool {
        self.seen.iter().any(Option::is_some)
    }

    /// The sigma of one plot as seen, where that is known; `kind` counts as [`Values`] do.
    pub fn sigma(&self, kind: usize) -> Option<f64> {
        self.seen.get(kind).copied().flatten().map(f64::sqrt)
    }

    /// The sigma to use where the stated one is far too large; `kind` counts as [`Values`] do.
    pub fn ceiling(&self, kind: usize, stated: f64) -> Option<f64> {
        let seen = self.seen.get(kind).copied().flatten()?;
        let used = (MARGIN * seen.sqrt()).max(LEAST * stated);
        (used < WORTH * stated).then_some(used)
    }
}

/// The size of what a parabola leaves of four plots, in units of one plot's error.
fn contrast(four: &[(Time, Values); 4], kind: usize) -> Option<f64> {
    let first = four[0].1[kind]?;
    let (mut sum, mut norm) = (0.0, 0.0);
    for (time, values) in four {
        let value = values[kind]? - first;
        let others = four
            .iter()
            .map(|(other, _)| *time - *other)
            .filter(|apart_s| *apart_s != 0.0);
        let weight = 1.0 / others.product::<f64>();
        sum += weight * if kind == 0 { value } else { wrap_pi(value) };
        norm += weight * weight;
    }
    let contrast = sum.abs() / norm.sqrt();
    contrast.is_finite().then_some(contrast)
}

#[cfg(test)]
mod tests {
    use plot::Plot;
    use rand_distr::{Distribution, Normal};
    use rand_pcg::Pcg64;
    use rand_pcg::rand_core::SeedableRng;

    use super::*;

    const SEED: u64 = 7;

    fn name(number: usize) -> Name {
        let polar = plot::Polar {
            range_m: Some(number as f64),
            ..plot::Polar::default()
        };
        Name::of(&Plot {
            time: Time::from_tai_ns(0),
            sensor: "a".into(),
            measurement: plot::Measurement::Polar(polar),
            sigmas: plot::Sigmas::default(),
            snr_db: None,
            target: None,
            truth: None,
        })
    }

    /// Objects that accelerate, one in ten of which turns hard, seen every 4 s to 3 m and a milliradian.
    fn learnt() -> Contrasts {
        let mut random = Pcg64::seed_from_u64(SEED);
        let noise = Normal::new(0.0, 1.0).expect("a sigma");
        let mut contrasts = Contrasts::default();
        for scan in 0..100 {
            for number in 0..10 {
                let t = 4.0 * f64::from(scan) + 0.1 * number as f64;
                let turn_m = if number == 0 {
                    2_000.0 * geo::math::sin(0.1 * t)
                } else {
                    0.0
                };
                let range_m = 50e3 + 200.0 * t + 0.3 * t * t + turn_m + 3.0 * noise.sample(&mut random);
                let azimuth_rad =
                    (6.2 + 0.002 * t + 1e-3 * noise.sample(&mut random)).rem_euclid(std::f64::consts::TAU);
                let time = Time::from_tai_ns((t * 1e9) as i64);
                contrasts.observe(name(number), time, [Some(range_m), Some(azimuth_rad), None], 4.0);
            }
        }
        contrasts
    }

    #[test]
    fn what_is_seen_is_the_noise_whatever_moves_and_turns() {
        let contrasts = learnt();
        let [range_m, azimuth_rad, elevation_rad] = contrasts.seen.map(|seen| seen.map_or(f64::NAN, f64::sqrt));
        assert!((2.3..4.0).contains(&range_m), "seed {SEED}: {range_m} m");
        assert!(
            (0.8e-3..1.3e-3).contains(&azimuth_rad),
            "seed {SEED}: {azimuth_rad} rad"
        );
        assert!(elevation_rad.is_nan());
    }

    #[test]
    fn a_sigma_is_lowered_only_where_that_is_worth_while_and_never_to_nothing() {
        let contrasts = learnt();
        assert_eq!(contrasts.ceiling(0, 5.0), None);
        assert!(
            contrasts
                .ceiling(0, 20.0)
                .is_some_and(|sigma_m| (3.4..6.0).contains(&sigma_m))
        );
        assert_eq!(contrasts.ceiling(0, 1_000.0), Some(50.0));
        assert_eq!(contrasts.ceiling(2, 1.0), None);
        assert_eq!(Contrasts::default().ceiling(0, 1e9), None);
    }
}
