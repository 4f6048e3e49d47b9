//! Laws of fusion.

use nalgebra::{Matrix2, Matrix4, SMatrix, SVector, Vector2, Vector4};
use rand_distr::{Distribution, StandardNormal};
use rand_pcg::Pcg64;

use super::*;
use crate::belief::{Gaussian, cholesky};

type Vector<const N: usize> = SVector<f64, N>;

fn normal<const N: usize>(chance: &mut Pcg64) -> Vector<N> {
    SVector::from_fn(|_, _| StandardNormal.sample(chance))
}

fn chance(seed: u64) -> Pcg64 {
    Pcg64::new(u128::from(seed), 0xda3e_39cb)
}

/// A covariance whose axes differ by up to a thousand.
fn covariance<const N: usize>(chance: &mut Pcg64) -> SMatrix<f64, N, N> {
    let columns: [Vector<N>; N] = std::array::from_fn(|axis| normal::<N>(chance) * 10_f64.powi(axis as i32 % 4));
    columns
        .iter()
        .map(|column| column * column.transpose())
        .sum::<SMatrix<f64, N, N>>()
        + SMatrix::identity()
}

/// Whatever the two errors have in common, the fused covariance is no smaller than that of the fused error.
#[test]
fn intersection_is_consistent_for_every_correlation() {
    for seed in 0..400 {
        let chance = &mut chance(seed);
        let (p, q) = (covariance::<3>(chance), covariance::<3>(chance));
        let (a, b) = (Gaussian::new(normal(chance), p), Gaussian::new(normal(chance), q));
        for criterion in [Criterion::Determinant, Criterion::Trace] {
            let fused = intersect(&a, &b, criterion).unwrap();
            let inverse = cholesky(&p).unwrap().inverse();
            let to_a = fused.belief.covariance * inverse * fused.weight;
            let to_b = SMatrix::identity() - to_a;
            // Every cross-covariance is L C M' with a contraction C; turns are its extreme points.
            let turn = covariance::<3>(chance).symmetric_eigen().eigenvectors;
            let cross = cholesky(&p).unwrap().l() * turn * cholesky(&q).unwrap().l().transpose();
            let mixed = to_a * cross * to_b.transpose();
            let error = to_a * p * to_a.transpose() + to_b * q * to_b.transpose() + mixed + mixed.transpose();
            let left = fused.belief.covariance - error;
            let least = left.symmetric_eigenvalues().min();
            let scale = fused.belief.covariance.norm();
            assert!(least > -1e-9 * scale, "seed {seed} {criterion:?}: {least} of {scale}");
        }
    }
}

/// No weight on a fine grid is better, and the formula with precisions gives the same belief.
#[test]
fn intersection_has_the_best_weight() {
    for seed in 0..50 {
        let chance = &mut chance(seed);
        let (a, b) = (
            Gaussian::new(normal::<4>(chance), covariance(chance)),
            Gaussian::new(normal::<4>(chance), covariance(chance)),
        );
        let [p, q] = [a, b].map(|belief| cholesky(&belief.covariance).unwrap().inverse());
        let at = |weight: f64| cholesky(&(p * weight + q * (1.0 - weight))).unwrap().inverse();
        for criterion in [Criterion::Determinant, Criterion::Trace] {
            let cost = |covariance: &Matrix4<f64>| match criterion {
                Criterion::Determinant => covariance.determinant(),
                Criterion::Trace => covariance.trace(),
            };
            let fused = intersect(&a, &b, criterion).unwrap();
            let (covariance, best) = (fused.belief.covariance, cost(&fused.belief.covariance));
            for step in 0..=1000 {
                let other = cost(&at(f64::from(step) * 1e-3));
                assert!(
                    best <= other * (1.0 + 1e-7),
                    "seed {seed} {criterion:?}: {best} {other}"
                );
            }
            let mean = at(fused.weight) * (p * a.mean * fused.weight + q * b.mean * (1.0 - fused.weight));
            assert!(
                (fused.belief.mean - mean).norm() < 1e-6 * (1.0 + mean.norm()),
                "seed {seed}"
            );
            assert!(
                (covariance - at(fused.weight)).norm() < 1e-7 * covariance.norm(),
                "seed {seed}"
            );
        }
    }
}

/// The same belief twice stays as it is; of two where one is better in everything the better one is left.
#[test]
fn intersection_counts_nothing_twice() {
    let belief = Gaussian::new(Vector2::new(6.4e6, -3.0), Matrix2::new(9.0, 2.0, 2.0, 4.0));
    let twice = intersect(&belief, &belief, Criterion::Determinant).unwrap();
    assert!((twice.belief.covariance - belief.covariance).norm() < 1e-12);
    assert_eq!(twice.belief.mean, belief.mean);
    let worse = Gaussian::new(belief.mean, belief.covariance * 4.0);
    for criterion in [Criterion::Determinant, Criterion::Trace] {
        assert_eq!(intersect(&belief, &worse, criterion).unwrap().weight, 1.0);
        assert_eq!(intersect(&worse, &belief, criterion).unwrap().weight, 0.0);
    }
    let bad = Gaussian::new(belief.mean, -belief.covariance);
    assert!(intersect(&belief, &bad, Criterion::Determinant).is_err());
    assert!(Tracklet::between(&bad, &belief).is_err());
}

/// `[x_m, y_m, vx_mps, vy_mps]`, straight on, with white acceleration.
#[derive(Copy, Clone)]
struct Straight {
    psd_m2ps3: f64,
}

impl Straight {
    fn moved(self, belief: &Gaussian<4>, dt_s: f64) -> Gaussian<4> {
        let (step, noise) = self.parts(dt_s);
        Gaussian::new(step * belief.mean, step * belief.covariance * step.transpose() + noise)
    }

    fn parts(self, dt_s: f64) -> (Matrix4<f64>, Matrix4<f64>) {
        let (mut step, mut noise) = (Matrix4::identity(), Matrix4::zeros());
        for axis in 0..2 {
            step[(axis, axis + 2)] = dt_s;
            noise[(axis, axis)] = self.psd_m2ps3 * dt_s * dt_s * dt_s / 3.0;
            noise[(axis, axis + 2)] = self.psd_m2ps3 * dt_s * dt_s / 2.0;
            noise[(axis + 2, axis)] = noise[(axis, axis + 2)];
            noise[(axis + 2, axis + 2)] = self.psd_m2ps3 * dt_s;
        }
        (step, noise)
    }
}

/// A plot of both coordinates.
fn with_plot(belief: &Gaussian<4>, measured: &Vector2<f64>, sigma_m: f64) -> Gaussian<4> {
    let noise = Matrix2::identity() * (sigma_m * sigma_m);
    let cross = belief.covariance.fixed_columns::<2>(0).into_owned();
    let whole = cross.fixed_rows::<2>(0) + noise;
    let gain = cholesky(&whole).unwrap().solve(&cross.transpose()).transpose();
    let residual = measured - belief.mean.fixed_rows::<2>(0);
    Gaussian::new(
        belief.mean + gain * residual,
        belief.covariance - gain * cross.transpose(),
    )
}

/// Truth, plots of two sensors a second apart in turn, and the beliefs: a filter with all plots, a filter with those of
/// the first and tracklets of the second every `interval` plots, the same with the second's beliefs taken for
/// independent, and by intersection.
struct Run {
    central: Gaussian<4>,
    tracklets: Gaussian<4>,
    naive: Gaussian<4>,
    intersected: Gaussian<4>,
    truth: Vector4<f64>,
}

fn run(motion: Straight, interval: usize, seed: u64) -> Run {
    let chance = &mut chance(seed);
    let prior = Gaussian::new(
        Vector4::new(3e6, 4e6, 200.0, -100.0),
        Matrix4::from_diagonal(&Vector4::new(1e6, 1e6, 1e4, 1e4)),
    );
    let mut truth = prior.mean + cholesky(&prior.covariance).unwrap().l() * normal::<4>(chance);
    let (mut central, mut own, mut partner, mut sent) = (prior, prior, prior, prior);
    let (mut naive, mut crossed) = (prior, prior);
    for plot in 1..=12 * interval {
        let (step, noise) = motion.parts(1.0);
        truth = step * truth;
        if motion.psd_m2ps3 > 0.0 {
            truth += cholesky(&noise).unwrap().l() * normal::<4>(chance);
        }
        for belief in [
            &mut central,
            &mut own,
            &mut partner,
            &mut sent,
            &mut naive,
            &mut crossed,
        ] {
            *belief = motion.moved(belief, 1.0);
        }
        let [one, other] =
            [30.0, 80.0].map(|sigma_m| (truth.fixed_rows::<2>(0) + normal::<2>(chance) * sigma_m, sigma_m));
        for belief in [&mut central, &mut own, &mut naive, &mut crossed] {
            *belief = with_plot(belief, &one.0, one.1);
        }
        for belief in [&mut central, &mut partner] {
            *belief = with_plot(belief, &other.0, other.1);
        }
        if plot % interval == 0 {
            own = Tracklet::between(&sent, &partner).unwrap().take(&own).belief;
            sent = partner;
            let vague = Gaussian::new(partner.mean, Matrix4::identity() * 1e12);
            naive = Tracklet::between(&vague, &partner).unwrap().take(&naive).belief;
            crossed = intersect(&crossed, &partner, Criterion::Determinant).unwrap().belief;
        }
    }
    Run {
        central,
        tracklets: own,
        naive,
        intersected: crossed,
        truth,
    }
}

/// Without process noise the tracklets hold their plots and nothing else, however long they are.
#[test]
fn tracklets_equal_the_filter_of_all_plots_without_process_noise() {
    for interval in [1, 3, 10] {
        for seed in 0..20 {
            let run = run(Straight { psd_m2ps3: 0.0 }, interval, seed);
            let (a, b) = (run.central, run.tracklets);
            let off = b.mahalanobis_squared(&a.mean).unwrap().sqrt();
            let spread = (a.covariance - b.covariance).norm() / a.covariance.norm();
            assert!(
                off < 1e-6 && spread < 1e-9,
                "interval {interval} seed {seed}: {off} {spread}"
            );
            let far = (a.mean - b.mean).norm() / a.mean.norm();
            assert!(far < 1e-9, "interval {interval} seed {seed}: {far}");
        }
    }
}

/// With process noise a tracklet of one plot is exact still.
#[test]
fn a_tracklet_of_one_plot_is_exact_with_process_noise() {
    for seed in 0..20 {
        let run = run(Straight { psd_m2ps3: 5.0 }, 1, seed);
        let spread = (run.central.covariance - run.tracklets.covariance).norm() / run.central.covariance.norm();
        let off = run.tracklets.mahalanobis_squared(&run.central.mean).unwrap().sqrt();
        assert!(off < 1e-6 && spread < 1e-9, "seed {seed}: {off} {spread}");
    }
}

/// Over 500 runs the mean NEES of tracklets is in the 99 % region of chi-square; that of the intersection is not above
/// it, and that of beliefs taken for independent is far above.
#[test]
fn nees_of_tracklets_is_in_its_bounds() {
    const RUNS: u64 = 500;
    for (motion, interval) in [(0.0, 5), (1.0, 1), (1.0, 5)] {
        let motion = Straight { psd_m2ps3: motion };
        let mut sums = [0.0; 4];
        for seed in 0..RUNS {
            let run = run(motion, interval, 1_000 + seed);
            let beliefs = [run.central, run.tracklets, run.naive, run.intersected];
            for (sum, belief) in sums.iter_mut().zip(beliefs) {
                *sum += belief.mahalanobis_squared(&run.truth).unwrap() / RUNS as f64;
            }
        }
        let half = 2.576 * (2.0 * 4.0 / RUNS as f64).sqrt();
        let [central, tracklets, naive, intersected] = sums;
        let of = format!("psd {} interval {interval}: {sums:?}", motion.psd_m2ps3);
        assert!((central - 4.0).abs() < half, "{of}");
        assert!((tracklets - 4.0).abs() < half, "{of}");
        assert!(intersected < 4.0 + half, "{of}");
        assert!(naive > 4.0 + 2.0 * half, "{of}");
    }
}
