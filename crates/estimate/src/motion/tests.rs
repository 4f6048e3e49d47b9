//! The laws, over every motion model.

use geo::{Ecef, Enu, Geodetic, Position, Site, State, Time, Velocity};
use nalgebra::{SVector, Vector6};

use super::*;

/// A model with a state in which everything it knows of acts.
pub(super) trait Example<const N: usize>: Sized {
    fn example() -> (Self, SVector<f64, N>);
}

fn site() -> Site {
    Site::new(Geodetic::from_degrees(38.0, 129.0, 0.0))
}

/// A state over the site with parameters behind.
fn over<const N: usize>(height_m: f64, enu_mps: [f64; 3], parameters: &[f64]) -> SVector<f64, N> {
    let site = site();
    let position = site.to_ecef(Position::new(3e3, -2e3, height_m));
    let velocity = site.velocity_to_ecef(Velocity::<Enu>::new(enu_mps[0], enu_mps[1], enu_mps[2]));
    let state = State { position, velocity }.to_vector();
    SVector::from_fn(|row, _| if row < 6 { state[row] } else { parameters[row - 6] })
}

impl Example<6> for ConstantVelocity {
    fn example() -> (Self, Vector6<f64>) {
        (
            Self {
                acceleration_psd_m2ps3: 1.0,
            },
            over(8e3, [200.0, 100.0, 5.0], &[]),
        )
    }
}

impl Example<6> for Steered {
    fn example() -> (Self, Vector6<f64>) {
        let model = Self {
            standing_psd_m2ps3: 1.0,
            most_psd_m2ps3: 40.0,
            full_mps: 60.0,
        };
        (model, over(500.0, [20.0, 10.0, 5.0], &[]))
    }
}

impl Example<7> for CoordinatedTurn {
    fn example() -> (Self, SVector<f64, 7>) {
        (Self::new(&site(), 1.0, 1e-4), over(8e3, [200.0, 100.0, 5.0], &[0.05]))
    }
}

impl Example<6> for Coast {
    fn example() -> (Self, Vector6<f64>) {
        (
            Self {
                acceleration_psd_m2ps3: 1e-2,
            },
            over(3e5, [3000.0, 1500.0, 800.0], &[]),
        )
    }
}

/// Above the air: in it the derivatives are to second order only, which a test of its own compares.
impl Example<7> for Free {
    fn example() -> (Self, SVector<f64, 7>) {
        (Self, over(3e5, [3000.0, 1500.0, 800.0], &[-7.6]))
    }
}

impl Example<7> for Reentry {
    fn example() -> (Self, SVector<f64, 7>) {
        let model = Self {
            acceleration_psd_m2ps3: 1e-1,
            log_drag_psd_per_s: 1e-3,
        };
        (model, over(3.5e4, [1800.0, 900.0, -1500.0], &[-8.5]))
    }
}

impl Example<8> for Boost {
    fn example() -> (Self, SVector<f64, 8>) {
        let model = Self {
            acceleration_psd_m2ps3: 1.0,
            thrust_psd_m2ps5: 0.1,
            burn_psd_per_s3: 1e-7,
        };
        (model, over(2e4, [300.0, 150.0, 500.0], &[25.0, 0.01]))
    }
}

impl Example<9> for ConstantAcceleration {
    fn example() -> (Self, SVector<f64, 9>) {
        let (_, state) = ConstantVelocity::example();
        let mut with_thrust = SVector::<f64, 9>::from_element(20.0);
        with_thrust.fixed_rows_mut::<6>(0).copy_from(&state);
        (Self { jerk_psd_m2ps5: 25.0 }, with_thrust)
    }
}

impl Example<9> for Glide {
    fn example() -> (Self, SVector<f64, 9>) {
        let model = Self {
            acceleration_psd_m2ps3: 1e-1,
            log_drag_psd_per_s: 1e-3,
            lift_psd_m4pkg2ps: 1e-9,
        };
        (model, over(3.2e4, [2200.0, 900.0, -60.0], &[-8.3, 2e-4, 4e-4]))
    }
}

#[test]
fn laws() {
    every_motion_keeps_the_laws();
}

/// Coasting in ECEF is what the propagation of `flight` (another integrator, in inertial axes) makes of it.
#[test]
fn coast_and_reentry_agree_with_propagation() {
    let (coast, high) = Coast::example();
    let (reentry, low) = Reentry::example();
    let ours = [
        (Vector6::from(coast.propagate(&high, 60.0)), high, 0.0),
        (
            reentry.propagate(&low, 15.0).fixed_rows::<6>(0).into_owned(),
            low.fixed_rows::<6>(0).into_owned(),
            geo::math::exp(low[6]),
        ),
    ];
    for ((ours, start, drag_m2pkg), span_s) in ours.into_iter().zip([60.0, 15.0]) {
        let time = Time::from_tai_ns(1_600_000_000_000_000_000);
        let reference = reference(&start, drag_m2pkg, time, span_s);
        let miss_m = (ours - reference).fixed_rows::<3>(0).norm();
        assert!(miss_m < 0.05, "{miss_m} m after {span_s} s");
    }
}

fn reference(start: &Vector6<f64>, drag_m2pkg: f64, time: Time, span_s: f64) -> Vector6<f64> {
    let path = flight::propagate(
        &flight::Forces::ballistic(),
        &flight::Body::ballistic(drag_m2pkg),
        time,
        State::<Ecef>::from_vector(start),
        time.plus_s(span_s),
        &flight::Options::default(),
    )
    .unwrap();
    path.state(time.plus_s(span_s)).unwrap().to_vector()
}

/// From rest the thrust acts upwards, and burning a hundredth of the mass a second raises it by that much.
#[test]
fn boost_leaves_the_pad_upwards() {
    let (model, _) = Boost::example();
    let pad = over::<8>(0.0, [0.0; 3], &[20.0, 0.01]);
    let later = model.propagate(&pad, 10.0);
    let risen = site().to_enu(Position::from_vector(later.fixed_rows::<3>(0).into()));
    // (20 - 9.8) t²/2 with thrust growing as 1 / (1 - k t).
    assert!(risen.vector().z > 500.0 && risen.vector().z < 600.0, "{risen:?}");
    assert!((later[6] - 20.0 / 0.9).abs() < 1e-6, "{}", later[6]);
}

/// A rate of 3 degrees a second turns the whole circle in two minutes, to the right.
#[test]
fn turns_close_their_circle() {
    let (model, mut start) = CoordinatedTurn::example();
    start[6] = 3.0 * geo::angle::RAD_PER_DEG;
    let round = model.propagate(&start, 120.0);
    assert!((round - start).fixed_rows::<2>(0).norm() < 700.0);
    assert!((round - start).fixed_rows::<3>(3).norm() < 1e-3);
    let north = over::<7>(8e3, [0.0, 200.0, 0.0], &[start[6]]);
    let quarter = model.propagate(&north, 30.0);
    let heading = site().velocity_to_enu(Velocity::from_vector(quarter.fixed_rows::<3>(3).into()));
    assert!(heading.vector().x > 199.9, "{heading:?}");
}
