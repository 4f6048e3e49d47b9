//! The bound against closed forms, and its laws.

use nalgebra::{Matrix2, Matrix6, SMatrix, Vector2, Vector6};
use proptest::prelude::*;

use estimate::motion::{Coast, MotionModel};

use super::*;

/// The covariance form of the same recursion: the Kalman filter, whose covariance the bound equals where all is linear.
struct Kalman {
    covariance: Matrix2<f64>,
}

impl Kalman {
    fn predict(&mut self, step: &Matrix2<f64>, noise: &Matrix2<f64>) {
        self.covariance = step * self.covariance * step.transpose() + noise;
    }

    fn update(&mut self, row: Vector2<f64>, variance: f64) {
        let cross = self.covariance * row;
        self.covariance -= cross * cross.transpose() / (row.dot(&cross) + variance);
    }
}

const DT_S: f64 = 2.0;

fn step() -> Matrix2<f64> {
    Matrix2::new(1.0, DT_S, 0.0, 1.0)
}

fn back() -> Matrix2<f64> {
    Matrix2::new(1.0, -DT_S, 0.0, 1.0)
}

fn noise(psd: f64) -> Matrix2<f64> {
    let t = DT_S;
    Matrix2::new(t * t * t / 3.0, t * t / 2.0, t * t / 2.0, t) * psd
}

#[test]
fn a_linear_system_has_the_covariance_of_the_kalman_filter() {
    let mut kalman = Kalman {
        covariance: Matrix2::new(100.0, 0.0, 0.0, 25.0),
    };
    let mut known = Information::of_prior(&[Some(10.0), Some(5.0)]);
    for i in 0..200 {
        kalman.predict(&step(), &noise(0.3));
        known.transport(&back());
        known.diffuse(&noise(0.3)).unwrap();
        let variance = 4.0 + f64::from(i % 3);
        kalman.update(Vector2::new(1.0, 0.0), variance);
        known.observe(&[(0, 1.0)], variance, 1.0);
        let bound = known.covariance::<2>().unwrap();
        assert!(
            (bound - kalman.covariance).norm() < 1e-9 * kalman.covariance.norm(),
            "{i}"
        );
    }
}

/// A straight line through `n` equal measurements: the textbook variances of its value and slope at the last one.
#[test]
fn without_noise_it_is_the_regression_line() {
    let mut known = Information::none(2);
    let n = 11;
    for i in 0..n {
        if i > 0 {
            known.transport(&back());
        }
        known.observe(&[(0, 1.0)], 9.0, 1.0);
    }
    let bound = known.covariance::<2>().unwrap();
    let n = f64::from(n);
    let value = 9.0 * 2.0 * (2.0 * n - 1.0) / (n * (n + 1.0));
    let slope = 9.0 * 12.0 / (DT_S * DT_S * n * (n * n - 1.0));
    assert!((bound[(0, 0)] / value - 1.0).abs() < 1e-12);
    assert!((bound[(1, 1)] / slope - 1.0).abs() < 1e-12);
}

/// A constant bias with a prior adds its variance to what one sensor knows of the position, and never averages out.
#[test]
fn a_bias_stays_in_the_bound() {
    let mut known = Information::of_prior(&[None, Some(30.0)]);
    for _ in 0..10_000 {
        known.observe(&[(0, 1.0), (1, 1.0)], 100.0, 1.0);
    }
    let bound = known.covariance::<1>().unwrap();
    assert!((bound[(0, 0)] - (900.0 + 0.01)).abs() < 1e-6);
}

#[test]
fn missed_detections_reduce_the_information_in_proportion() {
    let mut all = Information::none(1);
    let mut half = Information::none(1);
    for _ in 0..10 {
        all.observe(&[(0, 1.0)], 4.0, 1.0);
        half.observe(&[(0, 1.0)], 4.0, 0.5);
    }
    assert!((half.covariance::<1>().unwrap() - all.covariance::<1>().unwrap() * 2.0).norm() < 1e-12);
}

#[test]
fn what_cannot_be_told_has_no_bound() {
    let mut known = Information::none(2);
    known.observe(&[(0, 1.0)], 1.0, 1.0);
    assert_eq!(known.covariance::<2>(), Err(NoBound { size: 2 }));
    assert!(known.diffuse(&Matrix2::new(1.0, 0.0, 0.0, -1.0)).is_err());
}

/// Marginal information of what is kept: the covariance of the rest is unchanged by forgetting.
#[test]
fn forgetting_changes_nothing_of_the_rest() {
    let mut known = Information::of_prior(&[Some(3.0), Some(4.0), Some(5.0)]);
    known.observe(&[(0, 1.0), (1, 2.0), (2, -1.0)], 2.0, 1.0);
    known.observe(&[(1, 1.0), (2, 0.5)], 3.0, 1.0);
    let before = known.covariance::<2>().unwrap();
    known.forget(2..3).unwrap();
    assert!((known.covariance::<2>().unwrap() - before).norm() < 1e-12);
    assert_eq!(known.matrix()[(2, 2)], 0.0);
}

/// Transport by the coast's own backward Jacobian is transport by the inverse of the forward one.
#[test]
fn coast_transport_is_the_inverse_of_its_transition() {
    let coast = Coast {
        acceleration_psd_m2ps3: 0.0,
    };
    let start = Vector6::new(-3.0e6, 4.0e6, 4.1e6, 2000.0, -1500.0, 3000.0);
    let forward = coast.transition(&start, 40.0);
    let backward = coast.transition(&forward.state, -40.0);
    let product: Matrix6<f64> = forward.jacobian * backward.jacobian;
    assert!((product - Matrix6::identity()).abs().max() < 1e-6);
    let sigmas = [100.0, 200.0, 300.0, 3.0, 4.0, 5.0];
    let mut known = Information::of_prior(&sigmas.map(Some));
    known.transport(&backward.jacobian);
    let prior = SMatrix::<f64, 6, 6>::from_diagonal(&Vector6::from(sigmas.map(|s| s * s)));
    let expected = forward.jacobian * prior * forward.jacobian.transpose();
    let bound = known.covariance::<6>().unwrap();
    assert!((bound - expected).norm() < 1e-6 * expected.norm());
}

proptest! {
    /// More measurements never make the bound larger, and their order at one instant does not matter.
    #[test]
    fn more_sensors_never_know_less(
        rows in prop::collection::vec((prop::array::uniform3(-1.0..1.0_f64), 0.1..10.0_f64), 1..12),
        turn in 0_usize..12,
    ) {
        let prior = Information::of_prior(&[Some(2.0), Some(3.0), Some(4.0)]);
        let mut fewer = prior.clone();
        let mut known = prior.clone();
        for (i, (row, variance)) in rows.iter().enumerate() {
            let row = [(0, row[0]), (1, row[1]), (2, row[2])];
            known.observe(&row, *variance, 1.0);
            if i % 2 == 0 {
                fewer.observe(&row, *variance, 1.0);
            }
        }
        let (bound, wider) = (known.covariance::<3>().unwrap(), fewer.covariance::<3>().unwrap());
        for i in 0..3 {
            prop_assert!(bound[(i, i)] <= wider[(i, i)] * (1.0 + 1e-12));
        }
        let mut turned = rows.clone();
        turned.rotate_left(turn % rows.len());
        let mut permuted = prior;
        for (row, variance) in &turned {
            permuted.observe(&[(0, row[0]), (1, row[1]), (2, row[2])], *variance, 1.0);
        }
        prop_assert!((permuted.covariance::<3>().unwrap() - bound).norm() < 1e-10 * bound.norm());
    }
}
