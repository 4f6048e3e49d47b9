//! Mixing, switching, gating and refusals of the IMM.

use geo::{Geodetic, Position, Site, State, Time, Velocity};
use nalgebra::{SVector, Vector6};
use rand_distr::{Distribution, StandardNormal};
use rand_pcg::Pcg64;
use rand_pcg::rand_core::SeedableRng;

use super::*;
use crate::motion::{Boost, Coast, Reentry};
use crate::sensor::{LineOfSight, Observation, PolarQuantity, SensorModel};

const BOOST: Boost = Boost {
    acceleration_psd_m2ps3: 1.0,
    thrust_psd_m2ps5: 0.1,
    burn_psd_per_s3: 1e-7,
};
const COAST: Coast = Coast {
    acceleration_psd_m2ps3: 0.1,
};
const REENTRY: Reentry = Reentry {
    acceleration_psd_m2ps3: 0.1,
    log_drag_psd_per_s: 1e-4,
};

fn site() -> Site {
    Site::new(Geodetic::from_degrees(38.0, 129.0, 0.0))
}

fn flying(height_m: f64) -> Vector6<f64> {
    let site = site();
    State {
        position: site.to_ecef(Position::new(3e4, 2e4, height_m)),
        velocity: site.velocity_to_ecef(Velocity::new(400.0, 300.0, 900.0)),
    }
    .to_vector()
}

/// A belief of 100 m and 20 m/s with parameters behind.
fn belief<const N: usize>(state: &Vector6<f64>, parameters: &[(f64, f64)]) -> Gaussian<N> {
    let mean = SVector::from_fn(|row, _| if row < 6 { state[row] } else { parameters[row - 6].0 });
    let sigmas = SVector::<f64, N>::from_fn(|row, _| match row {
        0..3 => 100.0,
        3..6 => 20.0,
        _ => parameters[row - 6].1,
    });
    Gaussian::new(mean, SMatrix::from_diagonal(&sigmas.component_mul(&sigmas)))
}

fn three(state: &Vector6<f64>) -> Imm {
    let mode = |motion: Motion, belief: AnyBelief, probability: f64| Mode {
        motion,
        belief,
        probability,
    };
    let modes = vec![
        mode(
            BOOST.into(),
            belief::<8>(state, &[(25.0, 3.0), (0.01, 0.002)]).into(),
            0.6,
        ),
        mode(COAST.into(), belief::<6>(state, &[]).into(), 0.2),
        mode(REENTRY.into(), belief::<7>(state, &[(-8.0, 0.3)]).into(), 0.2),
    ];
    let rates = vec![vec![0.0, 0.02, 0.0], vec![0.001, 0.0, 0.02], vec![0.0, 0.01, 0.0]];
    Imm::new(modes, rates, Filter::Ekf).unwrap()
}

/// Modes that agree on what they share stay as they are: a parameter is not drawn to 0 by a model without it.
#[test]
fn mixing_is_unbiased() {
    let mut imm = three(&flying(3e4));
    let before = imm.clone();
    imm.predict(0.0).unwrap();
    for (mode, was) in imm.modes().iter().zip(before.modes()) {
        assert!((mode.belief.mean - was.belief.mean).norm() < 1e-8);
        assert!((mode.belief.covariance - was.belief.covariance).norm() < 1e-6);
    }
    let mut late = three(&flying(3e4));
    late.predict(30.0).unwrap();
    let reentry = late.modes()[2].belief.get::<7>().unwrap();
    assert!((reentry.mean[6] + 8.0).abs() < 1e-9, "{}", reentry.mean[6]);
    assert!(late.modes()[2].belief.get::<6>().is_none());
    assert!((late.modes().iter().map(|mode| mode.probability).sum::<f64>() - 1.0).abs() < 1e-12);
}

/// A model that shares a parameter hands it over with its correlations.
#[test]
fn shared_parameters_are_mixed() {
    let state = flying(3e4);
    let mode = |log_drag: f64, probability: f64| Mode {
        motion: REENTRY.into(),
        belief: belief::<7>(&state, &[(log_drag, 0.3)]).into(),
        probability,
    };
    let rates = vec![vec![0.0, 1e9], vec![0.0, 0.0]];
    let mut imm = Imm::new(vec![mode(-8.0, 0.5), mode(-9.0, 0.5)], rates, Filter::Ekf).unwrap();
    imm.predict(1e-6).unwrap();
    let mixed = imm.modes()[1].belief.get::<7>().unwrap();
    assert!((mixed.mean[6] + 8.5).abs() < 1e-6);
    assert!((mixed.covariance[(6, 6)] - 0.09 - 0.25).abs() < 1e-6);
}

/// The radar's plots of a flight whose thrust ends: boost before, coast after, and the flight is followed throughout.
#[test]
fn the_end_of_thrust_is_seen() {
    const SEED: u64 = 11;
    let mut random = Pcg64::seed_from_u64(SEED);
    let mut normal = || -> f64 { StandardNormal.sample(&mut random) };
    let start = flying(9e4);
    let mut truth = SVector::<f64, 8>::from_fn(|row, _| if row < 6 { start[row] } else { [25.0, 0.01][row - 6] });
    let mut imm = three(&start);
    let sigmas = [10.0, 3e-4, 3e-4];
    let radar = LineOfSight::new(
        site(),
        [PolarQuantity::Range, PolarQuantity::Azimuth, PolarQuantity::Elevation],
        sigmas,
    );
    for step in 0..80 {
        if step == 40 {
            assert!(
                imm.modes()[0].probability > 0.95,
                "seed {SEED}: {:?}",
                imm.modes()[0].probability
            );
        }
        let position_velocity = Vector6::from_fn(|row, _| truth[row]);
        truth = if step < 40 {
            BOOST.propagate(&truth, 0.5)
        } else {
            let coasting = COAST.propagate(&position_velocity, 0.5);
            SVector::from_fn(|row, _| if row < 6 { coasting[row] } else { 0.0 })
        };
        let measured =
            SensorModel::<8, 3>::predict(&radar, &truth) + SVector::<f64, 3>::from_fn(|row, _| sigmas[row] * normal());
        imm.predict(0.5).unwrap();
        let reading = Reading::Polar3(Observation {
            time: Time::from_tai_ns(0),
            measured,
            model: radar,
        });
        let outcome = imm.update(&reading, Some(30.0)).unwrap();
        assert!(
            matches!(outcome, ImmOutcome::Updated { .. }),
            "seed {SEED} step {step}: {outcome:?}"
        );
    }
    assert!(
        imm.modes()[0].probability < 0.05,
        "seed {SEED}: {}",
        imm.modes()[0].probability
    );
    let now = Vector6::from_fn(|row, _| truth[row]);
    let nees = imm.belief().mahalanobis_squared(&now).unwrap();
    assert!(nees < 20.0, "seed {SEED}: {nees}");
}

#[test]
fn a_far_plot_is_gated_and_changes_nothing() {
    let state = flying(9e4);
    let mut imm = three(&state);
    let before = imm.clone();
    let radar = LineOfSight::new(site(), [PolarQuantity::Range], [10.0]);
    let measured = SensorModel::<6, 1>::predict(&radar, &state) + SVector::<f64, 1>::new(5e4);
    let reading = Reading::Polar1(Observation {
        time: Time::from_tai_ns(0),
        measured,
        model: radar,
    });
    assert!(matches!(imm.update(&reading, Some(20.0)), Ok(ImmOutcome::Gated { .. })));
    assert_eq!(imm, before);
}

#[test]
fn impossible_modes_are_refused() {
    let state = flying(3e4);
    let good = Mode {
        motion: COAST.into(),
        belief: belief::<6>(&state, &[]).into(),
        probability: 1.0,
    };
    let wrong = Mode {
        motion: REENTRY.into(),
        ..good
    };
    let one = |mode: Mode, rates: Vec<Vec<f64>>| Imm::new(vec![mode], rates, Filter::Ekf).unwrap_err();
    assert_eq!(Imm::new(vec![], vec![], Filter::Ekf).unwrap_err(), ImmError::NoMode);
    assert!(matches!(
        one(wrong, vec![vec![0.0]]),
        ImmError::Size { expected: 7, .. }
    ));
    assert!(matches!(one(good, vec![vec![f64::NAN]]), ImmError::Rates { .. }));
    let unsure = Mode {
        probability: 0.5,
        ..good
    };
    assert!(matches!(
        one(unsure, vec![vec![0.0]]),
        ImmError::Probabilities { sum: 0.5 }
    ));
}
