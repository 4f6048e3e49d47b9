//! Consistency: the normalised error of every filter with every flight model lies where chi-square says it must.
//!
//! Truth moves by the model itself with the model's own noise, so this tests the filters and their linearisation, not
//! whether the models describe real flights. `NEES_RUNS` sets the number of runs (default 40).

use estimate::belief::{Gaussian, chi_square_quantile};
use estimate::filter::{Filter, ukf};
use estimate::motion::{Boost, Coast, Glide, MotionModel, Reentry};
use estimate::sensor::{LineOfSight, PolarQuantity, SensorModel};
use geo::{Enu, Geodetic, Position, Site, State, Velocity};
use nalgebra::{SMatrix, SVector};
use rand_distr::{Distribution, StandardNormal};
use rand_pcg::Pcg64;
use rand_pcg::rand_core::SeedableRng;

const STEPS: usize = 60;
const SIGMAS: [f64; 3] = [30.0, 1e-3, 1e-3];

/// A flight to simulate: the state over the radar, and how well it is known at first.
struct Case<const N: usize> {
    name: &'static str,
    start: SVector<f64, N>,
    sigmas: SVector<f64, N>,
    dt_s: f64,
}

fn radar() -> LineOfSight<3> {
    let site = Site::new(Geodetic::from_degrees(38.0, 129.0, 100.0));
    LineOfSight::new(
        site,
        [PolarQuantity::Range, PolarQuantity::Azimuth, PolarQuantity::Elevation],
        SIGMAS,
    )
}

fn case<const N: usize>(
    name: &'static str,
    enu_m: [f64; 3],
    enu_mps: [f64; 3],
    parameters: &[(f64, f64)],
    dt_s: f64,
) -> Case<N> {
    let site = radar().site;
    let state = State {
        position: site.to_ecef(Position::from_vector(enu_m.into())),
        velocity: site.velocity_to_ecef(Velocity::<Enu>::from_vector(enu_mps.into())),
    }
    .to_vector();
    Case {
        name,
        start: SVector::from_fn(|row, _| if row < 6 { state[row] } else { parameters[row - 6].0 }),
        sigmas: SVector::from_fn(|row, _| match row {
            0..3 => 100.0,
            3..6 => 20.0,
            _ => parameters[row - 6].1,
        }),
        dt_s,
    }
}

/// Returns the mean over runs and steps of NEES (after each update) divided by the size of the state, and that of the
/// NEES at the last step alone, which is independent from run to run.
fn nees<const N: usize>(model: &impl MotionModel<N>, case: &Case<N>, filter: Filter, runs: u64) -> (f64, f64) {
    let radar = radar();
    let (mut all, mut last) = (0.0, 0.0);
    for seed in 0..runs {
        let mut random = Pcg64::seed_from_u64(seed);
        let mut normal = || -> f64 { StandardNormal.sample(&mut random) };
        let mut truth = case.start + SVector::<f64, N>::from_fn(|row, _| case.sigmas[row] * normal());
        let mut belief = Gaussian::new(
            case.start,
            SMatrix::from_diagonal(&case.sigmas.component_mul(&case.sigmas)),
        );
        for step in 0..STEPS {
            let moved = model.transition(&truth, case.dt_s);
            let noise = Gaussian::new(moved.state, moved.noise + SMatrix::identity() * 1e-24);
            let factor = estimate::belief::cholesky(&noise.covariance).expect("noise").l();
            truth = moved.state + factor * SVector::<f64, N>::from_fn(|_, _| normal());
            let measured = SensorModel::<N, 3>::predict(&radar, &truth)
                + SVector::<f64, 3>::from_fn(|row, _| SIGMAS[row] * normal());
            let predicted = filter.predict(model, &belief, case.dt_s).expect("predicted").belief;
            let outcome = filter.update(&radar, &predicted, &measured, None).expect("corrected");
            belief = outcome.updated().expect("no gate").belief;
            let value = belief.mahalanobis_squared(&truth).expect("positive-definite");
            all += value / (runs as f64 * STEPS as f64 * N as f64);
            if step == STEPS - 1 {
                last += value / (runs as f64 * N as f64);
            }
        }
    }
    (all, last)
}

/// Prints and returns whether the last step's mean NEES lies within its 95 % bounds, for all three filters.
fn consistent<const N: usize>(model: &impl MotionModel<N>, case: &Case<N>) -> Vec<String> {
    let runs: u64 = std::env::var("NEES_RUNS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(40);
    let degrees = runs as f64 * N as f64;
    let (low, high) = (
        chi_square_quantile(0.025, degrees) / degrees,
        chi_square_quantile(0.975, degrees) / degrees,
    );
    let filters = [
        ("EKF", Filter::Ekf),
        ("UKF", Filter::Ukf(ukf::Spread::default())),
        ("CKF", Filter::Ckf),
    ];
    let mut outside = Vec::new();
    for (name, filter) in filters {
        let (all, last) = nees(model, case, filter, runs);
        let row = format!(
            "| {} | {name} | {last:.3} | {low:.3} to {high:.3} | {all:.3} |",
            case.name
        );
        #[expect(clippy::print_stderr, reason = "the figures are the result of the case")]
        {
            eprintln!("{row}");
        }
        if !(low..=high).contains(&last) {
            outside.push(format!("{row} seeds 0..{runs}"));
        }
    }
    outside
}

#[test]
fn coast() {
    let model = Coast {
        acceleration_psd_m2ps3: 1e-2,
    };
    let case = case("coast", [2e5, 1e5, 2e5], [-900.0, 1800.0, 600.0], &[], 1.0);
    assert_eq!(consistent(&model, &case), Vec::<String>::new());
}

#[test]
fn reentry() {
    let model = Reentry {
        acceleration_psd_m2ps3: 1e-1,
        log_drag_psd_per_s: 1e-4,
    };
    let case = case(
        "re-entry",
        [4e4, 6e4, 6e4],
        [-500.0, -700.0, -1800.0],
        &[(-8.5, 0.1)],
        0.4,
    );
    assert_eq!(consistent(&model, &case), Vec::<String>::new());
}

#[test]
fn boost() {
    let model = Boost {
        acceleration_psd_m2ps3: 1e-1,
        thrust_psd_m2ps5: 1e-2,
        burn_psd_per_s3: 1e-9,
    };
    let case = case(
        "boost",
        [5e4, 3e4, 1e4],
        [100.0, 300.0, 400.0],
        &[(25.0, 3.0), (0.008, 0.001)],
        0.5,
    );
    assert_eq!(consistent(&model, &case), Vec::<String>::new());
}

#[test]
fn glide() {
    let model = Glide {
        acceleration_psd_m2ps3: 1e-1,
        log_drag_psd_per_s: 1e-4,
        lift_psd_m4pkg2ps: 1e-11,
    };
    let case = case(
        "glide",
        [8e4, 1e5, 4e4],
        [-1500.0, 1200.0, -80.0],
        &[(-8.3, 0.1), (1e-4, 1e-4), (4e-4, 1e-4)],
        0.5,
    );
    assert_eq!(consistent(&model, &case), Vec::<String>::new());
}
