//! How many predict-and-update cycles of a 6-state EKF with range, azimuth and elevation one core does in a second.
//!
//! Prints `name<TAB>cycles per second`; `bench/ekf.sh` runs it beside the Python references and makes the table.

#![expect(
    clippy::disallowed_methods,
    reason = "a benchmark reads the clock; the plain loop is what anybody would write"
)]

use std::f64::consts::TAU;
use std::hint::black_box;
use std::time::Instant;

use estimate::belief::Gaussian;
use estimate::filter::Filter;
use estimate::motion::{Coast, ConstantVelocity, MotionModel};
use estimate::sensor::{LineOfSight, PolarQuantity, SensorModel};
use geo::{Geodetic, Position, Site, State, Velocity};
use nalgebra::{Matrix3, Matrix3x6, Matrix6, Vector3, Vector6};

const CYCLES: usize = 200_000;
const ROUNDS: usize = 7;
const DT_S: f64 = 0.1;
const PSD: f64 = 1.0;
const SIGMAS: [f64; 3] = [20.0, 1e-3, 1e-3];

fn main() {
    let site = Site::new(Geodetic::from_degrees(36.0, 127.0, 100.0));
    let start = State {
        position: site.to_ecef(Position::new(3e4, 4e4, 6e4)),
        velocity: site.velocity_to_ecef(Velocity::new(600.0, 800.0, 500.0)),
    };
    let variances = Vector6::new(1e4, 1e4, 1e4, 1e2, 1e2, 1e2);
    let prior = Gaussian::new(start.to_vector(), Matrix6::from_diagonal(&variances));
    let quantities = [PolarQuantity::Range, PolarQuantity::Azimuth, PolarQuantity::Elevation];
    let radar = LineOfSight::new(site, quantities, SIGMAS);
    let steady = ConstantVelocity {
        acceleration_psd_m2ps3: PSD,
    };
    report("trilat EKF, constant velocity", || filter(&steady, &radar, prior));
    report("trilat EKF, coast (J2-J4, turning Earth)", || {
        filter(
            &Coast {
                acceleration_psd_m2ps3: PSD,
            },
            &radar,
            prior,
        )
    });
    let local = Vector6::new(3e4, 4e4, 6e4, 600.0, 800.0, 500.0);
    report("plain nalgebra, local frame, (I-KH)P, inverse", || {
        plain(local, Matrix6::from_diagonal(&variances))
    });
}

/// Times the best of some rounds, so that a neighbour's load does not count.
fn report(name: &str, mut run: impl FnMut() -> f64) {
    let mut best_s = f64::INFINITY;
    for _ in 0..ROUNDS {
        let begin = Instant::now();
        assert!(black_box(run()).is_finite());
        best_s = best_s.min(begin.elapsed().as_secs_f64());
    }
    println!("{name}\t{:.0}", CYCLES as f64 / best_s);
}

/// The library: the measurements are those of the mean, so the track stays what it is about.
fn filter(model: &impl MotionModel<6>, radar: &LineOfSight<3>, prior: Gaussian<6>) -> f64 {
    let mut belief = prior;
    let measured = radar.predict(&prior.mean);
    for cycle in 0..CYCLES {
        if cycle % 100 == 0 {
            belief = prior;
        }
        let Ok(prediction) = Filter::Ekf.predict(model, black_box(&belief), DT_S) else {
            return f64::NAN;
        };
        let Ok(outcome) = Filter::Ekf.update(radar, &prediction.belief, black_box(&measured), None) else {
            return f64::NAN;
        };
        let Some(update) = outcome.updated() else {
            return f64::NAN;
        };
        belief = update.belief;
    }
    belief.mean.norm()
}

/// The loop anybody would write first: no Joseph form, no checks, no likelihood, the platform's trigonometry.
fn plain(start: Vector6<f64>, prior: Matrix6<f64>) -> f64 {
    let mut f = Matrix6::identity();
    let mut q = Matrix6::zeros();
    for axis in 0..3 {
        f[(axis, axis + 3)] = DT_S;
        q[(axis, axis)] = PSD * DT_S * DT_S * DT_S / 3.0;
        q[(axis, axis + 3)] = PSD * DT_S * DT_S / 2.0;
        q[(axis + 3, axis)] = q[(axis, axis + 3)];
        q[(axis + 3, axis + 3)] = PSD * DT_S;
    }
    let r = Matrix3::from_diagonal(&Vector3::from(SIGMAS.map(|sigma| sigma * sigma)));
    let measured = Vector3::new(
        start.fixed_rows::<3>(0).norm(),
        start[0].atan2(start[1]),
        start[2].atan2(start[0].hypot(start[1])),
    );
    let (mut x, mut p) = (start, prior);
    for cycle in 0..CYCLES {
        if cycle % 100 == 0 {
            (x, p) = (start, prior);
        }
        x = f * black_box(x);
        p = f * p * f.transpose() + q;
        let ground2 = x[0] * x[0] + x[1] * x[1];
        let ground = ground2.sqrt();
        let range2 = ground2 + x[2] * x[2];
        let range = range2.sqrt();
        let mut h = Matrix3x6::zeros();
        for axis in 0..3 {
            h[(0, axis)] = x[axis] / range;
        }
        (h[(1, 0)], h[(1, 1)]) = (x[1] / ground2, -x[0] / ground2);
        (h[(2, 0)], h[(2, 1)]) = (-x[0] * x[2] / (range2 * ground), -x[1] * x[2] / (range2 * ground));
        h[(2, 2)] = ground / range2;
        let mut y = black_box(measured) - Vector3::new(range, x[0].atan2(x[1]), x[2].atan2(ground));
        y[1] -= TAU * (y[1] / TAU).round();
        let s = h * p * h.transpose() + r;
        let Some(inverse) = s.try_inverse() else {
            return f64::NAN;
        };
        let k = p * h.transpose() * inverse;
        x += k * y;
        p = (Matrix6::identity() - k * h) * p;
    }
    x.norm()
}
