//! How many predict-and-update cycles of an IMM of three linear filters one core does in a second: six states, nearly
//! constant velocity with three noises, a measured position.
//!
//! Prints `name<TAB>cycles per second<TAB>y of the mean<TAB>probability of the first mode` after the last cycle;
//! `bench/imm.sh` runs it beside filterpy, of the same numbers, and makes the table.

#[path = "clock/clock.rs"]
mod clock;

use std::hint::black_box;

use clock::Clock;
use estimate::belief::Gaussian;
use estimate::filter::Filter;
use estimate::filter::imm::{Imm, Mode};
use estimate::motion::ConstantVelocity;
use estimate::sensor::{Observation, PositionSensor, Reading};
use geo::Time;
use nalgebra::{Matrix3, Matrix6, Vector3, Vector6};

const CYCLES: usize = 100_000;
const ROUNDS: usize = 7;
const DT_S: f64 = 1.0;
const PSDS: [f64; 3] = [0.1, 10.0, 1_000.0];
const SIGMA_M: f64 = 50.0;
/// So far from the Earth's centre, with no curvature that matters: all is linear.
const PLACE_M: [f64; 3] = [6_400e3, 0.0, 0.0];
const SPEED_MPS: [f64; 3] = [0.0, 200.0, 100.0];
/// An object leaves each mode at this rate, as often to one as to the other.
const RATE_PER_S: f64 = 0.01;
/// After so many cycles it begins again.
const AGAIN: usize = 100;

fn main() {
    let start = Vector6::from_fn(|row, _| if row < 3 { PLACE_M[row] } else { SPEED_MPS[row - 3] });
    let prior = Gaussian::new(
        start,
        Matrix6::from_diagonal(&Vector6::new(1e4, 1e4, 1e4, 1e2, 1e2, 1e2)),
    );
    let modes = PSDS.map(|acceleration_psd_m2ps3| Mode {
        motion: ConstantVelocity { acceleration_psd_m2ps3 }.into(),
        belief: prior.into(),
        probability: 1.0 / 3.0,
    });
    let rates = vec![vec![RATE_PER_S; 3]; 3];
    let begin = Imm::new(modes.to_vec(), rates, Filter::Ekf).expect("three modes");
    let readings: Vec<Reading> = (1..=AGAIN).map(reading).collect();
    let (mut best_s, mut last) = (f64::INFINITY, begin.clone());
    for _ in 0..ROUNDS {
        let clock = Clock::new();
        for cycle in 0..CYCLES {
            if cycle % AGAIN == 0 {
                last = begin.clone();
            }
            last.predict(DT_S).expect("a covariance");
            last.update(black_box(&readings[cycle % AGAIN]), None)
                .expect("a covariance");
        }
        best_s = best_s.min(clock.seconds());
    }
    println!(
        "trilat\t{:.0}\t{:.6}\t{:.6}",
        CYCLES as f64 / best_s,
        last.belief().mean[1],
        last.modes()[0].probability
    );
}

/// What is measured at a cycle: the object, and an error that repeats.
fn reading(cycle: usize) -> Reading {
    let measured = Vector3::from_fn(|axis, _| {
        let error_m = ((cycle * 7 + axis * 5) % 11) as f64 - 5.0;
        PLACE_M[axis] + SPEED_MPS[axis] * DT_S * cycle as f64 + 10.0 * error_m
    });
    Reading::Position(Observation {
        time: Time::from_tai_ns(0),
        measured,
        model: PositionSensor {
            position_covariance: Matrix3::identity() * (SIGMA_M * SIGMA_M),
        },
    })
}
