//! How much of a normal distribution lies in a polygon.

use geo::math::{atan2, exp};

/// Beyond so many standard deviations nothing is left that counts (2.6e-18).
const FAR: f64 = 9.0;
/// Edges up to so many standard deviations take two points: what is left out is below 2e-9 of an outline as long as a
/// deviation (a fourth derivative of at most one, times the fourth power of the step over 4,320).
const SHORT: f64 = 0.05;
/// Points and weights of Gauss-Legendre on [-1, 1], the positive half: of two points
const GAUSS_SHORT: [[f64; 2]; 1] = [[0.577_350_269_189_625_8, 1.0]];
/// and of eight.
const GAUSS: [[f64; 2]; 4] = [
    [0.183_434_642_495_649_8, 0.362_683_783_378_362],
    [0.525_532_409_916_329, 0.313_706_645_877_887_3],
    [0.796_666_477_413_626_7, 0.222_381_034_453_374_5],
    [0.960_289_856_497_536_2, 0.101_228_536_290_376_3],
];

/// The probability that a standard normal point of the plane lies within rings: outer ones against the clock, holes
/// with it.
///
/// In polar coordinates the integral over the distance is exact, and what is left is one along each edge (Green):
/// `∮ (1 - exp(-r²/2)) dθ / 2π`. Source: of Owen, Tables for computing bivariate normal probabilities (1956), Annals of
/// Mathematical Statistics 27; here by Gauss-Legendre in steps of one standard deviation instead of his T function.
pub(crate) fn within<'a>(rings: impl IntoIterator<Item = &'a [[f64; 2]]>) -> f64 {
    let mut sum = 0.0;
    for ring in rings {
        for (index, a) in ring.iter().enumerate() {
            sum += edge(*a, ring[(index + 1) % ring.len()]);
        }
    }
    (sum / std::f64::consts::TAU).clamp(0.0, 1.0)
}

/// What an edge adds, in radians.
fn edge(a: [f64; 2], b: [f64; 2]) -> f64 {
    let (along, length) = {
        let off = [b[0] - a[0], b[1] - a[1]];
        let length = (off[0] * off[0] + off[1] * off[1]).sqrt();
        (off, length)
    };
    if !(length > 0.0 && length.is_finite()) {
        return 0.0;
    }
    let unit = [along[0] / length, along[1] / length];
    // The line's distance from the origin, positive where that is on its left; places along it from the foot.
    let away = a[0] * unit[1] - a[1] * unit[0];
    let (from, to) = (a[0] * unit[0] + a[1] * unit[1], b[0] * unit[0] + b[1] * unit[1]);
    if away.abs() < 1e-15 {
        return 0.0;
    }
    let turn = |from: f64, to: f64| {
        let angle = |at: f64| atan2(at, away.abs());
        (angle(to) - angle(from)) * away.signum()
    };
    if away.abs() >= FAR || from >= FAR || to <= -FAR {
        return turn(from, to);
    }
    let (near, last) = (from.max(-FAR), to.min(FAR));
    turn(from, near) + turn(last, to) + away * along_line(away * away, near, last)
}

/// The integral of `(1 - exp(-r²/2)) / r²`, `r² = away² + s²`.
fn along_line(away_squared: f64, from: f64, to: f64) -> f64 {
    let gauss = if to - from <= SHORT {
        &GAUSS_SHORT[..]
    } else {
        &GAUSS[..]
    };
    let steps = (to - from).ceil().max(1.0);
    let half = 0.5 * (to - from) / steps;
    let height = |at: f64| {
        let squared = away_squared + at * at;
        match squared < 1e-6 {
            true => 0.5 - squared / 8.0,
            false => (1.0 - exp(-0.5 * squared)) / squared,
        }
    };
    (0..steps as usize)
        .map(|step| {
            let middle = from + (2.0 * step as f64 + 1.0) * half;
            let pair = |[at, weight]: &[f64; 2]| weight * (height(middle + at * half) + height(middle - at * half));
            half * gauss.iter().map(pair).sum::<f64>()
        })
        .sum()
}

/// How near to the origin rings come, and whether it lies within them.
pub(crate) fn nearest<'a>(rings: impl IntoIterator<Item = &'a [[f64; 2]]>) -> (f64, bool) {
    let (mut least, mut is_within) = (f64::INFINITY, false);
    for ring in rings {
        for (index, a) in ring.iter().enumerate() {
            let b = ring[(index + 1) % ring.len()];
            let off = [b[0] - a[0], b[1] - a[1]];
            let squared = off[0] * off[0] + off[1] * off[1];
            let part = match squared > 0.0 {
                true => (-(a[0] * off[0] + a[1] * off[1]) / squared).clamp(0.0, 1.0),
                false => 0.0,
            };
            let at = [a[0] + part * off[0], a[1] + part * off[1]];
            least = least.min((at[0] * at[0] + at[1] * at[1]).sqrt());
            let is_crossing = (a[1] > 0.0) != (b[1] > 0.0);
            if is_crossing && a[0] - a[1] * off[0] / off[1] > 0.0 {
                is_within = !is_within;
            }
        }
    }
    (least, is_within)
}

#[cfg(test)]
mod tests {
    use super::*;
    use geo::math::sin_cos;
    use proptest::prelude::*;
    use rand_distr::{Distribution, StandardNormal};

    fn one(ring: &[[f64; 2]]) -> f64 {
        within([ring])
    }

    /// The normal distribution function by its series, for the comparison alone.
    fn below(x: f64) -> f64 {
        let (mut term, mut sum) = (x, x);
        for n in 1..200 {
            term *= x * x / (2.0 * n as f64 + 1.0);
            sum += term;
        }
        0.5 + sum * exp(-0.5 * x * x) / std::f64::consts::TAU.sqrt()
    }

    #[test]
    fn a_rectangle_is_the_product_of_two_intervals() {
        for [west, south, east, north] in [
            [-1.0, -1.0, 1.0, 1.0],
            [0.0, 0.0, 2.0, 0.5],
            [-0.3, 1.0, 4.0, 2.0],
            [-7.0, -7.0, 7.0, 7.0],
            [2.0, -6.0, 2.5, 6.0],
        ] {
            let ring = [[west, south], [east, south], [east, north], [west, north]];
            let wanted = (below(east) - below(west)) * (below(north) - below(south));
            assert!((one(&ring) - wanted).abs() < 1e-11, "{} and {wanted}", one(&ring));
        }
    }

    #[test]
    fn short_edges_add_up_to_long_ones() {
        let corners = [[-0.3, -1.0], [2.0, -1.2], [2.4, 1.5], [-0.1, 0.7]];
        let pieces = 200;
        let along = |at: usize| {
            let ([x, y], [to_x, to_y]) = (corners[at / pieces], corners[(at / pieces + 1) % corners.len()]);
            let part = (at % pieces) as f64 / pieces as f64;
            [x + part * (to_x - x), y + part * (to_y - y)]
        };
        let fine: Vec<[f64; 2]> = (0..corners.len() * pieces).map(along).collect();
        let edge = [fine[1][0] - fine[0][0], fine[1][1] - fine[0][1]];
        assert!(edge[0] * edge[0] + edge[1] * edge[1] < SHORT * SHORT);
        assert!(
            (one(&fine) - one(&corners)).abs() < 2e-9,
            "{} and {}",
            one(&fine),
            one(&corners)
        );
    }

    #[test]
    fn a_circle_holds_what_the_textbook_says() {
        for radius in [0.1, 1.177_41, 2.447_75, 30.0] {
            let ring: Vec<[f64; 2]> = (0..20_000)
                .map(|at| {
                    let (sin, cos) = sin_cos(std::f64::consts::TAU * at as f64 / 20_000.0);
                    [radius * cos, radius * sin]
                })
                .collect();
            let wanted = 1.0 - exp(-0.5 * radius * radius);
            assert!((one(&ring) - wanted).abs() < 1e-7, "{} and {wanted}", one(&ring));
            assert!(nearest([&ring[..]]).1);
        }
    }

    #[test]
    fn a_hole_is_taken_out() {
        let ring = [[-2.0, -2.0], [2.0, -2.0], [2.0, 2.0], [-2.0, 2.0]];
        let hole: Vec<[f64; 2]> = ring.iter().rev().map(|[x, y]| [x / 2.0, y / 2.0]).collect();
        let inner: Vec<[f64; 2]> = hole.iter().rev().copied().collect();
        assert!((within([&ring[..], &hole]) - (one(&ring) - one(&inner))).abs() < 1e-12);
        assert!(!nearest([&ring[..], &hole]).1);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(48))]

        /// Against points drawn: any star-shaped polygon, within four standard errors of 20,000 draws.
        #[test]
        fn it_is_the_share_of_points_drawn(
            radii in prop::collection::vec(0.05f64..3.0, 3..12), east in -2.0f64..2.0, north in -2.0f64..2.0,
            seed in any::<u64>(),
        ) {
            let ring: Vec<[f64; 2]> = radii.iter().enumerate().map(|(at, radius)| {
                let (sin, cos) = sin_cos(std::f64::consts::TAU * at as f64 / radii.len() as f64);
                [east + radius * cos, north + radius * sin]
            }).collect();
            let mut random = rand_pcg::Pcg64Mcg::new(u128::from(seed) | 1);
            const DRAWS: usize = 20_000;
            let inside = (0..DRAWS).filter(|_| {
                let [x, y]: [f64; 2] = [StandardNormal.sample(&mut random), StandardNormal.sample(&mut random)];
                let moved: Vec<[f64; 2]> = ring.iter().map(|at| [at[0] - x, at[1] - y]).collect();
                nearest([&moved[..]]).1
            }).count();
            let (found, wanted) = (one(&ring), inside as f64 / DRAWS as f64);
            let error = (found * (1.0 - found) / DRAWS as f64).sqrt().max(1.0 / DRAWS as f64);
            prop_assert!((found - wanted).abs() < 4.5 * error, "{found} and {wanted}, seed {seed}");
        }
    }
}
