//! Laws of lift and of drag by Mach number: partials, energy, direction, the phugoid.

#![allow(
    clippy::unwrap_used,
    reason = "a test may panic; the lint does not see helpers as tests"
)]

use std::sync::Arc;

use flight::{
    BankAt, Body, DragCurve, Forces, Gravity, Hold, Lift, LiftError, Options, Trajectory, Zonal, propagate,
    propagate_with_partials,
};
use geo::angle::wrap_pi;
use geo::math::atan2;
use geo::{Ecef, Geodetic, Site, State, Time, Velocity};

const DRAG_M2PKG: f64 = 3e-4;

fn start() -> Time {
    "2022-01-05T00:00:00Z".parse().unwrap()
}

/// At a height above the Sea of Japan, eastwards.
fn glider(height_m: f64, speed_mps: f64, climb_mps: f64) -> State<Ecef> {
    let site = Site::new(Geodetic::from_degrees(40.0, 130.0, height_m));
    State {
        position: site.origin(),
        velocity: site.velocity_to_ecef(Velocity::new(speed_mps, 0.0, climb_mps)),
    }
}

fn lifted(ratio: f64, banks: &[(f64, f64)], hold: Hold) -> Body {
    let banks = banks.iter().map(|&(after_s, bank_rad)| BankAt { after_s, bank_rad });
    Body {
        lift: Some(Lift::new(start(), ratio, banks.collect(), hold).unwrap()),
        ..Body::ballistic(DRAG_M2PKG)
    }
}

fn fly(body: &Body, state: State<Ecef>, span_s: f64) -> Trajectory {
    let options = Options {
        position_tolerance_m: 1e-6,
        velocity_tolerance_mps: 1e-9,
        ..Options::default()
    };
    propagate(&Forces::ballistic(), body, start(), state, start() + span_s, &options).unwrap()
}

/// Height, course (clockwise from north) and climb at an instant.
fn seen(flight: &Trajectory, after_s: f64) -> (f64, f64, f64) {
    let state = flight.state(start() + after_s).unwrap();
    let place = Geodetic::from_ecef(state.position);
    let [east, north, up] = Site::new(place).velocity_to_enu(state.velocity).to_array();
    (place.height_m, atan2(east, north), up)
}

#[test]
fn partials_equal_central_differences() {
    let curved = Body {
        drag_curve: Some(Arc::new(DragCurve::rocket())),
        ..Body::ballistic(DRAG_M2PKG)
    };
    let banks = [(0.0, 0.0), (30.0, 0.8)];
    let hold = Hold::Equilibrium { share: 0.7 };
    for (name, body, speed_mps, span_s) in [
        ("curve", curved, 900.0, 20.0),
        ("full", lifted(2.0, &banks, Hold::Full), 2_500.0, 40.0),
        ("equilibrium", lifted(2.0, &banks, hold), 2_500.0, 40.0),
    ] {
        let (state, end) = (glider(33e3, speed_mps, -20.0), start() + span_s);
        let tight = Options {
            position_tolerance_m: 1e-7,
            velocity_tolerance_mps: 1e-10,
            ..Options::default()
        };
        let forces = Forces::ballistic();
        let flight = propagate_with_partials(&forces, &body, start(), state, end, &tight).unwrap();
        let plain = propagate(&forces, &body, start(), state, end, &tight).unwrap();
        assert_eq!(flight.state(end), plain.state(end));
        let partials = flight.partials(end).unwrap();
        for (parameter, step) in [1.0, 1.0, 1.0, 0.01, 0.01, 0.01, 1e-6].into_iter().enumerate() {
            let ends = [step, -step].map(|step| {
                let (mut vector, mut body) = (state.to_vector(), body.clone());
                match parameter {
                    6 => body.drag_m2pkg += step,
                    _ => vector[parameter] += step,
                }
                let state = State::from_vector(&vector);
                let flight = propagate(&forces, &body, start(), state, end, &tight).unwrap();
                flight.state(end).unwrap().to_vector()
            });
            let slope = (ends[0] - ends[1]) / (2.0 * step);
            for rows in [0, 3] {
                let (ours, theirs) = (
                    partials.fixed_view::<3, 1>(rows, parameter),
                    slope.fixed_rows::<3>(rows),
                );
                let error = (ours - theirs).norm() / theirs.norm();
                assert!(error < 1e-4, "{name}, parameter {parameter}, row {rows}: {error}");
            }
        }
    }
}

#[test]
fn no_lift_is_the_plain_flight_to_the_bit() {
    let state = glider(60e3, 2_500.0, -500.0);
    let plain = fly(&Body::ballistic(DRAG_M2PKG), state, 200.0);
    let none = fly(&lifted(0.0, &[(0.0, 1.0)], Hold::Full), state, 200.0);
    assert_eq!(plain.end(), none.end());
    assert_eq!(plain.state(plain.end()), none.state(plain.end()));
    let curve = Body {
        drag_curve: Some(Arc::new(DragCurve::new(&[(0.0, 1.0)]).unwrap())),
        ..Body::ballistic(DRAG_M2PKG)
    };
    assert_eq!(fly(&curve, state, 200.0).state(plain.end()), plain.state(plain.end()));
}

#[test]
fn lift_does_no_work() {
    // Over a point mass that turns: v²/2 - GM/r - ω² w²/2 changes by the drag's power alone.
    let forces = Forces {
        gravity: Gravity::Zonal(Zonal::POINT),
        ..Forces::ballistic()
    };
    let state = glider(40e3, 3_000.0, -100.0);
    let body = lifted(3.0, &[(0.0, 0.0), (60.0, 1.0), (150.0, -0.5)], Hold::Full);
    let flight = propagate(&forces, &body, start(), state, start() + 200.0, &Options::default()).unwrap();
    let at = |after_s: f64| {
        let state = flight.state(start() + after_s).unwrap();
        let (r, v) = (state.position.vector(), state.velocity.vector());
        let spin = geo::earth::ROTATION_RATE_RADPS;
        let energy =
            0.5 * v.norm_squared() - geo::earth::GM_M3PS2 / r.norm() - 0.5 * spin * spin * (r.x * r.x + r.y * r.y);
        let power = flight::drag::drag(&r, &v).unwrap().per_coefficient.dot(&v) * DRAG_M2PKG;
        (energy, power)
    };
    let (count, step_s) = (4_000, 0.05);
    let sum: f64 = (0..=count)
        .map(|i| {
            let weight = if i == 0 || i == count {
                1.0
            } else {
                2.0 + 2.0 * f64::from(i % 2)
            };
            weight * at(f64::from(i) * step_s).1
        })
        .sum();
    let (lost, braked) = (at(200.0).0 - at(0.0).0, sum * step_s / 3.0);
    assert!(braked < -1e5, "{braked}");
    assert!((lost / braked - 1.0).abs() < 1e-6, "{lost} {braked}");
}

#[test]
fn bank_turns_to_its_side_and_lift_carries() {
    let state = glider(35e3, 2_500.0, 0.0);
    let course = |bank_rad: f64| {
        let (_, course_rad, _) = seen(&fly(&lifted(2.0, &[(0.0, bank_rad)], Hold::Full), state, 60.0), 60.0);
        course_rad
    };
    let level = course(0.0);
    let (right, left) = (wrap_pi(course(0.7) - level), wrap_pi(course(-0.7) - level));
    assert!(right > 0.05 && left < -0.05, "{right} {left}");
    // Turning on the Earth is no mirror, but nearly.
    assert!((right + left).abs() < 0.1 * right, "{right} {left}");
    let height = |body: &Body| seen(&fly(body, state, 60.0), 60.0).0;
    assert!(height(&lifted(2.0, &[], Hold::Full)) > height(&Body::ballistic(DRAG_M2PKG)) + 5e3);
}

#[test]
fn full_lift_swings_as_a_phugoid_and_equilibrium_damps_it() {
    let state = glider(38e3, 3_000.0, 0.0);
    let swings = fly(&lifted(4.0, &[], Hold::Full), state, 700.0);
    let climbs: Vec<f64> = (0..700).map(|i| seen(&swings, f64::from(i)).2).collect();
    let tops: Vec<usize> = (1..700).filter(|&i| climbs[i - 1] > 0.0 && climbs[i] <= 0.0).collect();
    assert!(tops.len() >= 3, "{tops:?}");
    // Vinh, Busemann, Culp (1980): of the order of 2π √(H / g), 168 s for a scale height of 7 km; longer when large.
    let period_s = (tops[1] - tops[0]) as f64;
    assert!((140.0..230.0).contains(&period_s), "{tops:?}");
    let settled = fly(&lifted(4.0, &[], Hold::Equilibrium { share: 0.7 }), state, 700.0);
    for i in 200..700 {
        let (height_m, _, climb_mps) = seen(&settled, f64::from(i));
        assert!(
            (-80.0..0.0).contains(&climb_mps),
            "{i}: {climb_mps} m/s at {height_m} m"
        );
    }
}

#[test]
fn bad_lift_is_refused() {
    let lift = |ratio, banks, hold| Lift::new(start(), ratio, banks, hold).unwrap_err();
    assert!(matches!(lift(-1.0, Vec::new(), Hold::Full), LiftError::Ratio { .. }));
    assert!(matches!(
        lift(f64::NAN, Vec::new(), Hold::Full),
        LiftError::Ratio { .. }
    ));
    let row = |after_s, bank_rad| BankAt { after_s, bank_rad };
    let back = vec![row(1.0, 0.0), row(1.0, 0.1)];
    assert!(matches!(lift(1.0, back, Hold::Full), LiftError::Bank { row: 1, .. }));
    let wild = vec![row(1.0, f64::INFINITY)];
    assert!(matches!(lift(1.0, wild, Hold::Full), LiftError::Bank { row: 0, .. }));
    for share in [0.0, 1.1, f64::NAN] {
        let hold = Hold::Equilibrium { share };
        assert!(matches!(lift(1.0, Vec::new(), hold), LiftError::Share { .. }));
    }
    let programme = vec![row(10.0, 0.0), row(20.0, 1.0)];
    let lift = Lift::new(start(), 1.0, programme, Hold::Full).unwrap();
    for (after_s, bank_rad) in [(0.0, 0.0), (15.0, 0.5), (25.0, 1.0)] {
        assert!((lift.bank_rad(start() + after_s) - bank_rad).abs() < 1e-12);
    }
}
