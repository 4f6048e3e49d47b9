//! Laws that every model keeps, stated once: the tests of a model name the law and hand over states.

use nalgebra::{Matrix3, SMatrix, SVector, Vector3};
use rand_distr::{Distribution, StandardNormal};
use rand_pcg::Pcg64;
use rand_pcg::rand_core::SeedableRng;

use crate::belief::Gaussian;
use crate::filter::{Filter, ukf};
use crate::motion::MotionModel;
use crate::sensor::{PositionSensor, SensorModel};

/// A sensor's Jacobian equals central differences taken through its own residual.
///
/// `scale` (N) is the step per component; a row may differ by `tolerance` of its largest element times the step.
pub fn sensor_jacobian<const N: usize, const M: usize>(
    sensor: &impl SensorModel<N, M>,
    state: &SVector<f64, N>,
    scale: &SVector<f64, N>,
    tolerance: f64,
) {
    let (predicted, jacobian) = sensor.linearize(state).expect("observable");
    assert_eq!(
        predicted,
        sensor.predict(state),
        "linearize and predict differ at {state}"
    );
    let mut differences = SMatrix::<f64, M, N>::zeros();
    for column in 0..N {
        let (mut ahead, mut behind) = (*state, *state);
        ahead[column] += scale[column];
        behind[column] -= scale[column];
        let slope = sensor.residual(&sensor.predict(&ahead), &sensor.predict(&behind)) / (2.0 * scale[column]);
        differences.set_column(column, &slope);
    }
    for row in 0..M {
        let largest = (0..N)
            .map(|c| (differences[(row, c)] * scale[c]).abs())
            .fold(0.0, f64::max);
        for column in 0..N {
            let miss = ((jacobian[(row, column)] - differences[(row, column)]) * scale[column]).abs();
            assert!(
                miss <= tolerance * largest,
                "row {row}, column {column} at {state}: {jacobian} against {differences}"
            );
        }
    }
}

/// All laws of motion, from a state in which everything the model knows of acts.
pub fn motion<const N: usize>(name: &str, model: &impl MotionModel<N>, state: &SVector<f64, N>) {
    let scale = SVector::<f64, N>::from_fn(|row, _| match row {
        0..3 => 10.0,
        3..6 => 0.1,
        _ => 1e-4 * state[row].abs(),
    });
    for dt_s in [0.1, 1.0, 4.0, -2.0] {
        motion_jacobian(name, model, state, &scale, dt_s);
    }
    moves_add_up(name, model, state, &scale);
    covariance_stays_positive(name, model, state, &scale);
}

/// The transition's Jacobian equals central differences, and its state equals the plain motion.
fn motion_jacobian<const N: usize>(
    name: &str,
    model: &impl MotionModel<N>,
    state: &SVector<f64, N>,
    scale: &SVector<f64, N>,
    dt_s: f64,
) {
    let moved = model.transition(state, dt_s);
    assert_eq!(moved.state, model.propagate(state, dt_s), "{name}: two motions");
    let mut differences = SMatrix::<f64, N, N>::zeros();
    for column in 0..N {
        let (mut ahead, mut behind) = (*state, *state);
        ahead[column] += scale[column];
        behind[column] -= scale[column];
        let slope = (model.propagate(&ahead, dt_s) - model.propagate(&behind, dt_s)) / (2.0 * scale[column]);
        differences.set_column(column, &slope);
    }
    for row in 0..N {
        for column in 0..N {
            let miss = (moved.jacobian[(row, column)] - differences[(row, column)]).abs() * scale[column];
            // A row holds its own component at least, so its scale is what a difference has to be seen against; the
            // second term is the rounding of coordinates of 7e6 m.
            let rounding = if row < 6 { 4e-9 } else { 1e-13 };
            assert!(
                miss <= 2e-6 * scale[row] + rounding,
                "{name}, {dt_s} s, row {row}, column {column}: {} against {}",
                moved.jacobian[(row, column)],
                differences[(row, column)]
            );
        }
    }
}

/// Moving `a` then `b` equals moving `a + b`, in state, derivative and noise; moving back returns.
fn moves_add_up<const N: usize>(
    name: &str,
    model: &impl MotionModel<N>,
    state: &SVector<f64, N>,
    scale: &SVector<f64, N>,
) {
    let (a_s, b_s) = (1.3, 2.1);
    let (first, whole) = (model.transition(state, a_s), model.transition(state, a_s + b_s));
    let second = model.transition(&first.state, b_s);
    let back = model.propagate(&whole.state, -(a_s + b_s));
    let noise = second.jacobian * first.noise * second.jacobian.transpose() + second.noise;
    let jacobian = second.jacobian * first.jacobian;
    for row in 0..N {
        // 1 cm and 1 mm/s: steps that lie otherwise meet the kinks of the standard atmosphere otherwise.
        let limit = [1e-2, 1e-3, 1e-9][(row / 3).min(2)];
        let near = |x: f64, y: f64| (x - y).abs() <= limit;
        assert!(
            near(second.state[row], whole.state[row]),
            "{name} row {row}: {} {}",
            second.state,
            whole.state
        );
        assert!(near(back[row], state[row]), "{name} row {row}: {back} {state}");
        for column in 0..N {
            let sigmas = (whole.noise[(row, row)] * whole.noise[(column, column)]).sqrt();
            let miss = (noise[(row, column)] - whole.noise[(row, column)]).abs();
            assert!(
                miss <= 0.02 * sigmas,
                "{name} noise ({row}, {column}): {noise} {}",
                whole.noise
            );
            let miss = (jacobian[(row, column)] - whole.jacobian[(row, column)]).abs() * scale[column];
            assert!(
                miss <= 1e-3 * scale[row],
                "{name} ({row}, {column}): {jacobian} {}",
                whole.jacobian
            );
        }
    }
}

/// Thousands of predictions and updates with every filter leave the covariance symmetric and positive-definite.
fn covariance_stays_positive<const N: usize>(
    name: &str,
    model: &impl MotionModel<N>,
    state: &SVector<f64, N>,
    scale: &SVector<f64, N>,
) {
    const SEED: u64 = 7;
    let mut random = Pcg64::seed_from_u64(SEED);
    let mut normal = || -> f64 { StandardNormal.sample(&mut random) };
    let sensor = PositionSensor {
        position_covariance: Matrix3::from_diagonal(&Vector3::new(100.0, 400.0, 2500.0)),
    };
    for filter in [Filter::Ekf, Filter::Ukf(ukf::Spread::default()), Filter::Ckf] {
        let prior = Gaussian::new(
            *state,
            SMatrix::from_diagonal(&(scale * 20.0).component_mul(&(scale * 20.0))),
        );
        let mut belief = prior;
        let mut truth = *state;
        for step in 0..2_000 {
            // The flight is begun anew before it leaves what its example is about.
            if step % 40 == 0 {
                (belief, truth) = (prior, *state);
            }
            let dt_s = 0.05 + 0.2 * normal().abs();
            truth = model.propagate(&truth, dt_s);
            let measured = Vector3::new(
                truth[0] + 10.0 * normal(),
                truth[1] + 20.0 * normal(),
                truth[2] + 50.0 * normal(),
            );
            let predicted = filter.predict(model, &belief, dt_s).expect("predicted").belief;
            let outcome = filter.update(&sensor, &predicted, &measured, None).expect("corrected");
            belief = outcome.updated().expect("no gate").belief;
            let sound = belief.is_positive_definite() && belief.covariance == belief.covariance.transpose();
            assert!(
                sound,
                "{name} {filter:?} step {step} seed {SEED}: {}",
                belief.covariance
            );
        }
    }
}
