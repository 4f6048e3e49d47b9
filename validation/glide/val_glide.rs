//! Lift, bank and drag by Mach number against another integration, and against the formulas of Allen and Eggers.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test may panic and prints what it measures; the lints do not see helpers as tests"
)]

use std::sync::Arc;

use flight::{BankAt, Body, DragCurve, Forces, Gravity, Hold, Lift, Options, Trajectory, Zonal, propagate};
use geo::angle::RAD_PER_DEG;
use geo::math::{exp, ln, sin_cos};
use geo::{Ecef, Geodetic, Site, State, Time, Velocity, geodesic};
use nalgebra::Vector6;

const TABLE: &str = include_str!("glide.csv");

fn start() -> Time {
    "2022-01-10T22:30:00Z".parse().unwrap()
}

/// A case of `make.py`.
struct Case {
    name: &'static str,
    drag_m2pkg: f64,
    ratio: f64,
    banks: &'static [(f64, f64)],
    is_sphere: bool,
    position_max_m: f64,
    velocity_max_mps: f64,
}

const CASES: [Case; 4] = [
    Case {
        name: "skip",
        drag_m2pkg: 2e-4,
        ratio: 3.0,
        banks: &[],
        is_sphere: false,
        position_max_m: 0.3,
        velocity_max_mps: 0.005,
    },
    Case {
        name: "turn",
        drag_m2pkg: 1e-4,
        ratio: 2.0,
        banks: &[(0.0, 0.0), (20.0, 0.9), (150.0, 0.9), (170.0, -0.4)],
        is_sphere: false,
        position_max_m: 0.3,
        velocity_max_mps: 0.005,
    },
    Case {
        name: "south",
        drag_m2pkg: 3e-4,
        ratio: 1.5,
        banks: &[(0.0, -0.5)],
        is_sphere: false,
        position_max_m: 0.3,
        velocity_max_mps: 0.005,
    },
    Case {
        name: "sphere",
        drag_m2pkg: 5e-3,
        ratio: 0.0,
        banks: &[],
        is_sphere: true,
        position_max_m: 15.0,
        velocity_max_mps: 0.6,
    },
];

/// Rows of a case: seconds, and the state.
fn rows(name: &str) -> Vec<(f64, Vector6<f64>)> {
    let lines = TABLE
        .lines()
        .filter_map(|line| line.strip_prefix(name)?.strip_prefix(','));
    lines
        .map(|line| {
            let numbers: Vec<f64> = line.split(',').map(|word| word.parse().unwrap()).collect();
            (numbers[0], Vector6::from_column_slice(&numbers[1..]))
        })
        .collect()
}

#[test]
fn val_flights_with_lift_are_those_of_scipy() {
    let forces = Forces {
        gravity: Gravity::Zonal(Zonal {
            j3: 0.0,
            j4: 0.0,
            ..Zonal::EARTH
        }),
        ..Forces::ballistic()
    };
    for case in CASES {
        let banks = case
            .banks
            .iter()
            .map(|&(after_s, bank_rad)| BankAt { after_s, bank_rad });
        let body = Body {
            drag_curve: case.is_sphere.then(|| Arc::new(DragCurve::sphere())),
            lift: Some(Lift::new(start(), case.ratio, banks.collect(), Hold::Full).unwrap()),
            ..Body::ballistic(case.drag_m2pkg)
        };
        let rows = rows(case.name);
        let state = State::from_vector(&rows[0].1);
        let end = start() + rows.last().unwrap().0;
        let flight = propagate(&forces, &body, start(), state, end, &Options::default()).unwrap();
        let (mut most_m, mut most_mps) = (0.0_f64, 0.0_f64);
        for (after_s, theirs) in &rows {
            let ours = flight.state(start() + *after_s).unwrap().to_vector();
            let error = ours - theirs;
            most_m = most_m.max(error.fixed_rows::<3>(0).norm());
            most_mps = most_mps.max(error.fixed_rows::<3>(3).norm());
        }
        println!("{}: {} rows, {most_m:.3} m, {most_mps:.5} m/s", case.name, rows.len());
        assert!(
            rows.len() > 20 && most_m < case.position_max_m,
            "{}: {most_m} m",
            case.name
        );
        assert!(most_mps < case.velocity_max_mps, "{}: {most_mps} m/s", case.name);
    }
}

/// Northwards along a meridian, where the turning of the Earth counts least.
fn northwards(height_m: f64, speed_mps: f64, climb_rad: f64) -> State<Ecef> {
    let site = Site::new(Geodetic::from_degrees(50.0, 0.0, height_m));
    let (sine, cosine) = sin_cos(climb_rad);
    State {
        position: site.origin(),
        velocity: site.velocity_to_ecef(Velocity::new(0.0, speed_mps * cosine, speed_mps * sine)),
    }
}

fn fly(body: &Body, state: State<Ecef>) -> Trajectory {
    let forces = Forces {
        gravity: Gravity::Zonal(Zonal::POINT),
        ..Forces::ballistic()
    };
    propagate(&forces, body, start(), state, start() + 5_000.0, &Options::default()).unwrap()
}

fn seen(flight: &Trajectory, after_s: f64) -> (Geodetic, f64) {
    let state = flight.state(start() + after_s).unwrap();
    (Geodetic::from_ecef(state.position), state.velocity.norm())
}

#[test]
fn val_ballistic_entry_peaks_as_allen_and_eggers_say() {
    for (speed_mps, entry_deg, drag_m2pkg) in [(6_000.0, -40.0, 1e-3), (7_000.0, -60.0, 5e-4), (5_000.0, -30.0, 2e-3)] {
        let entry_rad: f64 = entry_deg * RAD_PER_DEG;
        let flight = fly(&Body::ballistic(drag_m2pkg), northwards(90e3, speed_mps, entry_rad));
        let braking = |after_s: f64| {
            let (place, speed_mps) = seen(&flight, after_s);
            let air = flight::atmosphere::air(place.height_m);
            0.5 * air.density_kgpm3 * speed_mps * speed_mps * drag_m2pkg
        };
        let count = ((flight.end() - start()) / 0.01) as usize;
        let peak_s = (0..count)
            .map(|i| i as f64 * 0.01)
            .max_by(|a, b| braking(*a).total_cmp(&braking(*b)))
            .unwrap();
        let (place, at_peak_mps) = seen(&flight, peak_s);
        let air = flight::atmosphere::air(place.height_m);
        let scale_m = -air.density_kgpm3 / air.density_slope_kgpm4;
        let published_mps2 = speed_mps * speed_mps * -sin_cos(entry_rad).0 / (2.0 * exp(1.0) * scale_m);
        let (peak, speed) = (braking(peak_s) / published_mps2, at_peak_mps / (speed_mps * exp(-0.5)));
        println!(
            "entry at {speed_mps} m/s, {entry_deg} deg: {:.1} m/s² at {:.1} km, {peak:.4} of the formula; speed there {speed:.4}",
            braking(peak_s),
            place.height_m / 1e3
        );
        assert!((peak - 1.0).abs() < 0.1, "{peak}");
        assert!((speed - 1.0).abs() < 0.03, "{speed}");
    }
}

#[test]
fn val_an_equilibrium_glide_goes_as_far_as_eggers_allen_and_neice_say() {
    for (ratio, share, speed_mps) in [(2.0, 0.8, 5_500.0), (3.0, 0.7, 5_000.0), (1.5, 0.9, 5_500.0)] {
        let lift = Lift::new(start(), ratio, Vec::new(), Hold::Equilibrium { share }).unwrap();
        let body = Body {
            lift: Some(lift),
            ..Body::ballistic(2e-4)
        };
        let flight = fly(&body, northwards(45e3, speed_mps, -0.005));
        let count = (flight.end() - start()) as usize;
        let when = |below_mps: f64| {
            (0..count)
                .map(|i| i as f64)
                .find(|t| seen(&flight, *t).1 < below_mps)
                .unwrap()
        };
        let (fast_mps, slow_mps) = (4_500.0, 1_500.0);
        let ((from, _), (until, _)) = (seen(&flight, when(fast_mps)), seen(&flight, when(slow_mps)));
        let found_m = geodesic(from, until).distance_m;
        let radius_m = geo::earth::SEMI_MINOR_AXIS_M + 40e3;
        let circular2 = geo::earth::GM_M3PS2 / radius_m;
        let left = |speed_mps: f64| 1.0 - speed_mps * speed_mps / circular2;
        let published_m = 0.5 * radius_m * ratio * share * ln(left(slow_mps) / left(fast_mps));
        let part = found_m / published_m;
        println!(
            "lift to drag {ratio} of which {share}: {:.0} km, {part:.4} of the formula",
            found_m / 1e3
        );
        assert!((part - 1.0).abs() < 0.05, "{part}");
    }
}

#[test]
fn val_a_skip_leaves_with_the_speed_that_eggers_allen_and_neice_say() {
    for (ratio, entry_deg, speed_mps) in [(2.0, -8.0, 7_000.0), (3.0, -10.0, 7_000.0), (1.0, -6.0, 7_400.0)] {
        let entry_rad: f64 = entry_deg * RAD_PER_DEG;
        let body = Body {
            lift: Some(Lift::new(start(), ratio, Vec::new(), Hold::Full).unwrap()),
            ..Body::ballistic(5e-4)
        };
        let flight = fly(&body, northwards(80e3, speed_mps, entry_rad));
        let out_s = (10..5_000)
            .map(|i| f64::from(i) * 0.5)
            .find(|t| seen(&flight, *t).0.height_m > 80e3)
            .unwrap();
        let (_, out_mps) = seen(&flight, out_s);
        let published_mps = speed_mps * exp(2.0 * entry_rad / ratio);
        let part = out_mps / published_mps;
        println!("skip at {entry_deg} deg, lift to drag {ratio}: out with {out_mps:.0} m/s, {part:.4} of the formula");
        assert!((part - 1.0).abs() < 0.05, "{part}");
    }
}
