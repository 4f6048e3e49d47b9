//! Laws of propagation: composition, reversal, conservation, partials, the Kepler solution.

#![allow(
    clippy::unwrap_used,
    reason = "a test may panic; the lint does not see helpers as tests"
)]

use flight::{
    Body, EarthOrientation, Empirical, EventKind, Forces, Gravity, Options, Rotation, Zonal, propagate,
    propagate_with_partials,
};
use geo::math::{cos, sin};
use geo::{Ecef, Geodetic, Inertial, Position, Site, State, Time, Velocity};
use nalgebra::{Vector3, Vector6};

const DRAG_M2PKG: f64 = 4e-4;

fn start() -> Time {
    "2021-09-09T17:26:00Z".parse().unwrap()
}

/// A sounding rocket above White Sands some 60 s after launch.
fn rocket() -> State<Ecef> {
    let site = Site::new(Geodetic::from_degrees(32.4, -106.3, 60_000.0));
    State {
        position: site.origin(),
        velocity: site.velocity_to_ecef(Velocity::new(120.0, 350.0, 1_900.0)),
    }
}

/// A low orbit, as seen in ECEF at the start.
fn orbit() -> State<Ecef> {
    State {
        position: Position::new(7_000e3, 200e3, -300e3),
        velocity: Velocity::new(100.0, 4_500.0, 5_600.0),
    }
}

/// Tolerances tight enough that the laws are about equations, not about steps.
fn tight() -> Options {
    Options {
        position_tolerance_m: 1e-7,
        velocity_tolerance_mps: 1e-10,
        ..Options::default()
    }
}

fn vacuum(gravity: Zonal) -> Forces {
    Forces {
        gravity: Gravity::Zonal(gravity),
        atmosphere: false,
        ..Forces::ballistic()
    }
}

fn apart_m(a: &State<Ecef>, b: &State<Ecef>) -> f64 {
    (a.position - b.position).norm()
}

#[test]
fn two_legs_equal_one() {
    let (forces, body, t0) = (Forces::ballistic(), Body::ballistic(DRAG_M2PKG), start());
    let whole = propagate(&forces, &body, t0, rocket(), t0 + 400.0, &tight()).unwrap();
    for middle_s in [1.0, 37.5, 150.0, 399.0] {
        let middle = t0 + middle_s;
        let second = propagate(
            &forces,
            &body,
            middle,
            whole.state(middle).unwrap(),
            t0 + 400.0,
            &tight(),
        )
        .unwrap();
        for after_s in [middle_s, 0.5 * (400.0 + middle_s), 400.0] {
            let (a, b) = (whole.state(t0 + after_s).unwrap(), second.state(t0 + after_s).unwrap());
            assert!(apart_m(&a, &b) < 2e-4, "{middle_s} {after_s}: {} m", apart_m(&a, &b));
        }
    }
}

#[test]
fn back_again_is_the_start() {
    let (forces, body, t0) = (Forces::ballistic(), Body::ballistic(DRAG_M2PKG), start());
    for (state, span_s) in [(rocket(), 300.0), (rocket(), -20.0), (orbit(), 20_000.0)] {
        let there = propagate(&forces, &body, t0, state, t0 + span_s, &tight()).unwrap();
        let far = there.state(there.end()).unwrap();
        let back = propagate(&forces, &body, there.end(), far, t0, &tight()).unwrap();
        assert_eq!(back.span(), there.span());
        let error_m = apart_m(&back.state(t0).unwrap(), &state);
        assert!(error_m < 2e-3, "{span_s}: {error_m} m");
    }
}

#[test]
fn between_steps_the_flight_is_what_a_shorter_flight_gives() {
    let (forces, body, t0) = (Forces::ballistic(), Body::ballistic(DRAG_M2PKG), start());
    let options = Options::default();
    let whole = propagate(&forces, &body, t0, rocket(), t0 + 450.0, &options).unwrap();
    for i in 0..90 {
        let t = t0 + f64::from(i) * 5.0;
        let Some(state) = whole.state(t) else { break };
        let short = propagate(&forces, &body, t0, rocket(), t, &options).unwrap();
        let error_m = apart_m(&state, &short.state(t).unwrap());
        assert!(error_m < 1e-3, "{i}: {error_m} m");
    }
}

#[test]
fn energy_stays_in_vacuum() {
    let t0 = start();
    let flight = propagate(
        &vacuum(Zonal::EARTH),
        &Body::default(),
        t0,
        orbit(),
        t0 + 86_400.0,
        &tight(),
    )
    .unwrap();
    // J2 to J4 do not depend on longitude, so energy in the inertial frame is constant, as is angular momentum about z.
    let energy = |s: &State<Inertial>| {
        let (p, v) = (s.position.vector(), s.velocity.vector());
        0.5 * v.norm_squared() - potential(&Zonal::EARTH, &p)
    };
    let turn = |s: &State<Inertial>| s.position.vector().cross(&s.velocity.vector()).z;
    let first = flight.inertial_state(t0).unwrap();
    for hour in 1..=24 {
        let state = flight.inertial_state(t0 + f64::from(hour) * 3_600.0).unwrap();
        assert!((energy(&state) / energy(&first) - 1.0).abs() < 1e-12, "hour {hour}");
        assert!((turn(&state) / turn(&first) - 1.0).abs() < 1e-12, "hour {hour}");
    }
}

fn potential(field: &Zonal, p: &Vector3<f64>) -> f64 {
    let (r, s) = (p.norm(), p.z / p.norm());
    let q = field.radius_m / r;
    let p2 = 0.5 * (3.0 * s * s - 1.0);
    let p3 = 0.5 * s * (5.0 * s * s - 3.0);
    let p4 = (35.0 * s.powi(4) - 30.0 * s * s + 3.0) / 8.0;
    field.gm_m3ps2 / r * (1.0 - field.j2 * q.powi(2) * p2 - field.j3 * q.powi(3) * p3 - field.j4 * q.powi(4) * p4)
}

#[test]
fn a_point_mass_gives_the_kepler_ellipse() {
    let t0 = start();
    let (a, e, gm) = (20_000e3, 0.6, Zonal::POINT.gm_m3ps2);
    let mean_motion_radps = (gm / (a * a * a)).sqrt();
    let b = a * (1.0_f64 - e * e).sqrt();
    // In the plane x, z; perigee on the x axis; ECEF and inertial coincide at the start.
    let at = |eccentric: f64| {
        let rate = mean_motion_radps / (1.0 - e * cos(eccentric));
        let x = Vector3::new(a * (cos(eccentric) - e), 0.0, b * sin(eccentric));
        (
            x,
            Vector3::new(-a * sin(eccentric) * rate, 0.0, b * cos(eccentric) * rate),
        )
    };
    let (p, v) = at(0.0);
    let spin = Vector3::z() * geo::earth::ROTATION_RATE_RADPS;
    let state = State {
        position: Position::from_vector(p),
        velocity: Velocity::from_vector(v - spin.cross(&p)),
    };
    let flight = propagate(
        &vacuum(Zonal::POINT),
        &Body::default(),
        t0,
        state,
        t0 + 90_000.0,
        &tight(),
    )
    .unwrap();
    for i in 1..=20 {
        let eccentric = f64::from(i);
        let time = t0 + (eccentric - e * sin(eccentric)) / mean_motion_radps;
        let Some(state) = flight.inertial_state(time) else {
            panic!("the ellipse is longer than the flight")
        };
        let (p, v) = at(eccentric);
        // Times are whole nanoseconds: 1e-5 m at 10 km/s.
        assert!(
            (state.position.vector() - p).norm() < 2e-3,
            "{i}: {}",
            (state.position.vector() - p).norm()
        );
        assert!((state.velocity.vector() - v).norm() < 2e-6, "{i}");
    }
    let perigees = flight.events().iter().filter(|e| e.kind == EventKind::Perigee).count();
    let apogees = flight.events().iter().filter(|e| e.kind == EventKind::Apogee).count();
    assert_eq!((perigees, apogees), (3, 3));
}

fn moved(state: &State<Ecef>, body: &Body, parameter: usize, step: f64) -> (State<Ecef>, Body) {
    let (mut vector, mut body): (Vector6<f64>, Body) = (state.to_vector(), body.clone());
    match parameter {
        0..6 => vector[parameter] += step,
        6 => body.drag_m2pkg += step,
        7 => body.radiation_m2pkg += step,
        8..11 => body.empirical.acceleration_mps2[parameter - 8] += step,
        _ => body.empirical.rate_mps3[parameter - 11] += step,
    }
    (State::from_vector(&vector), body)
}

#[test]
fn partials_equal_central_differences() {
    let t0 = start();
    let body = Body {
        drag_m2pkg: 2e-3,
        empirical: Empirical {
            epoch: Some(t0 + 50.0),
            acceleration_mps2: Vector3::new(1e-3, -2e-3, 5e-4),
            rate_mps3: Vector3::new(1e-6, 0.0, -1e-6),
        },
        ..Body::default()
    };
    let forces = Forces {
        rotation: Rotation::Uniform {
            epoch: Some(t0 + 1_000.0),
        },
        ..Forces::ballistic()
    };
    let steps = [
        10.0, 10.0, 10.0, 0.01, 0.01, 0.01, 1e-5, 1e-3, 1e-4, 1e-4, 1e-4, 1e-6, 1e-6, 1e-6,
    ];
    for (state, span_s) in [(rocket(), 380.0), (rocket(), -15.0), (orbit(), 6_000.0)] {
        let end = t0 + span_s;
        let flight = propagate_with_partials(&forces, &body, t0, state, end, &tight()).unwrap();
        let plain = propagate(&forces, &body, t0, state, end, &tight()).unwrap();
        assert_eq!(flight.state(end), plain.state(end));
        for share in [0.3, 1.0] {
            let t = t0 + span_s * share;
            let partials = flight.partials(t).unwrap();
            for (parameter, step) in steps.into_iter().enumerate() {
                let ends = [step, -step].map(|step| {
                    let (state, body) = moved(&state, &body, parameter, step);
                    let flight = propagate(&forces, &body, t0, state, end, &tight()).unwrap();
                    flight.state(t).unwrap().to_vector()
                });
                let slope = (ends[0] - ends[1]) / (2.0 * step);
                for (rows, name) in [(0, "position"), (3, "velocity")] {
                    let (ours, theirs) = (
                        partials.fixed_view::<3, 1>(rows, parameter),
                        slope.fixed_rows::<3>(rows),
                    );
                    let error = (ours - theirs).norm();
                    let floor = 1e-4 * if rows == 0 { 1e-3 } else { 1e-6 } / step;
                    // Where the slope of density jumps between layers of air, steps are chosen for the state alone.
                    assert!(
                        error <= 3e-4 * theirs.norm() + floor,
                        "{name} by {parameter} after {share} of {span_s} s: {ours} against {theirs}"
                    );
                }
            }
        }
    }
}

#[test]
fn events_are_where_they_should_be() {
    let t0 = start();
    let options = Options {
        heights_m: vec![100_000.0],
        ..Options::default()
    };
    let flight = propagate(
        &Forces::ballistic(),
        &Body::ballistic(DRAG_M2PKG),
        t0,
        rocket(),
        t0 + 1_000.0,
        &options,
    )
    .unwrap();
    let kinds: Vec<EventKind> = flight.events().iter().map(|e| e.kind).collect();
    let crosses = |rising| EventKind::Crosses {
        height_m: 100_000.0,
        rising,
    };
    assert_eq!(
        kinds,
        [crosses(true), EventKind::Apogee, crosses(false), EventKind::MeetsGround]
    );
    for event in flight.events() {
        let place = flight.geodetic(event.time).unwrap();
        match event.kind {
            EventKind::Crosses { height_m, .. } => assert!((place.height_m - height_m).abs() < 2e-3),
            EventKind::MeetsGround => assert!(place.height_m.abs() < 2e-3),
            _ => {
                for aside_s in [-0.5, 0.5] {
                    let aside = flight.geodetic(event.time + aside_s).unwrap();
                    assert!((place.height_m - aside.height_m - 0.5 * 9.2 * 0.25).abs() < 0.1);
                }
                let state = flight.state(event.time).unwrap();
                let climb_mps = Site::new(place).velocity_to_enu(state.velocity).vector().z;
                assert!(climb_mps.abs() < 1e-5, "{climb_mps}");
            }
        }
    }
    assert_eq!(flight.end(), flight.events().last().unwrap().time);
    assert!(flight.state(flight.end() + 1e-3).is_none());
}

#[test]
fn going_back_ends_where_the_ground_was_left() {
    let t0 = start();
    let site = Site::new(Geodetic::from_degrees(40.0, 128.0, 0.0));
    let launch = State {
        position: site.origin(),
        velocity: site.velocity_to_ecef(Velocity::new(500.0, 0.0, 900.0)),
    };
    let body = Body::ballistic(DRAG_M2PKG);
    let up = propagate(&Forces::ballistic(), &body, t0, launch, t0 + 60.0, &tight()).unwrap();
    let back = propagate(
        &Forces::ballistic(),
        &body,
        up.end(),
        up.state(up.end()).unwrap(),
        t0 + -100.0,
        &tight(),
    )
    .unwrap();
    assert!((back.end() - t0).abs() < 1e-5, "{} s", back.end() - t0);
    assert_eq!(back.events().first().unwrap().kind, EventKind::LeavesGround);
}

#[test]
fn what_cannot_be_flown_says_why() {
    use flight::PropagateError;
    let (forces, t0) = (Forces::ballistic(), start());
    let mut bad = rocket();
    bad.position = Position::new(f64::NAN, 0.0, 0.0);
    let refused = propagate(&forces, &Body::default(), t0, bad, t0 + 1.0, &Options::default());
    assert_eq!(refused.unwrap_err(), PropagateError::BadInput);
    let few = Options {
        steps_max: 3,
        ..Options::default()
    };
    let refused = propagate(&forces, &Body::default(), t0, orbit(), t0 + 1e5, &few);
    assert!(matches!(
        refused.unwrap_err(),
        PropagateError::TooManySteps { steps: 3, .. }
    ));
    // Falling through the Earth's centre.
    let through = State {
        position: Position::new(6_400e3, 0.0, 0.0),
        velocity: Velocity::new(0.0, -6_400e3 * 7.292_115e-5, 0.0),
    };
    let free = Options {
        stop_at_ground: false,
        ..Options::default()
    };
    let refused = propagate(
        &vacuum(Zonal::EARTH),
        &Body::default(),
        t0,
        through,
        t0 + 5_000.0,
        &free,
    )
    .unwrap_err();
    assert!(
        matches!(
            refused,
            PropagateError::StepCollapsed { .. } | PropagateError::NotFinite { .. }
        ),
        "{refused}"
    );
}

#[test]
fn a_flight_is_boost_then_coast_then_reentry() {
    use flight::phase::{Phase, REENTRY_SHARE, phases};
    use flight::thrust::{AccelerationAt, Direction, ElevationAt, Strength, Thrust};
    let t0 = start();
    let site = Site::new(Geodetic::from_degrees(40.0, 128.0, 10.0));
    let launch = State {
        position: site.origin(),
        velocity: Velocity::new(0.0, 0.0, 0.0),
    };
    let body = Body {
        thrust: Some(Thrust {
            from: t0 + 0.0,
            until: t0 + 60.0,
            strength: Strength::Acceleration(vec![
                AccelerationAt {
                    after_s: 0.0,
                    acceleration_mps2: 20.0,
                },
                AccelerationAt {
                    after_s: 60.0,
                    acceleration_mps2: 60.0,
                },
            ]),
            direction: Direction::Pitch {
                azimuth_rad: 1.2,
                programme: vec![
                    ElevationAt {
                        after_s: 5.0,
                        elevation_rad: 1.57,
                    },
                    ElevationAt {
                        after_s: 40.0,
                        elevation_rad: 0.9,
                    },
                ],
            },
        }),
        ..Body::ballistic(DRAG_M2PKG)
    };
    let forces = Forces::ballistic();
    let flight = propagate(&forces, &body, t0, launch, t0 + 2_000.0, &Options::default()).unwrap();
    let stretches = phases(&forces, &body, &flight, REENTRY_SHARE);
    let names: Vec<&str> = stretches.iter().map(|s| s.phase.name()).collect();
    assert_eq!(names, ["boost", "coast", "re-entry"]);
    assert_eq!(stretches[0].until, t0 + 60.0);
    assert!(stretches.windows(2).all(|pair| pair[0].until == pair[1].from));
    let entry = flight.geodetic(stretches[2].from).unwrap();
    assert!((30e3..80e3).contains(&entry.height_m), "{}", entry.height_m);
    assert!(Phase::ALL.iter().all(|phase| !phase.name().is_empty()));
    // In vacuum nothing brakes, so nothing enters.
    let airless = vacuum(Zonal::EARTH);
    let flight = propagate(&airless, &body, t0, launch, t0 + 2_000.0, &Options::default()).unwrap();
    assert_eq!(phases(&airless, &body, &flight, REENTRY_SHARE).len(), 2);
}

#[test]
fn thrust_gives_the_speed_of_the_rocket_equation() {
    use flight::thrust::{Direction, Strength, Thrust};
    let t0 = start();
    let far = State {
        position: Position::new(4e8, 0.0, 0.0),
        velocity: Velocity::new(0.0, -4e8 * geo::earth::ROTATION_RATE_RADPS, 0.0),
    };
    let nowhere = vacuum(Zonal {
        gm_m3ps2: 0.0,
        ..Zonal::POINT
    });
    let body = Body {
        thrust: Some(Thrust {
            from: t0 + 10.0,
            until: t0 + 70.0,
            strength: Strength::Force {
                force_n: 20_000.0,
                mass_kg: 1_000.0,
                flow_kgps: 10.0,
            },
            direction: Direction::Inertial(Vector3::x()),
        }),
        ..Body::default()
    };
    let flight = propagate(&nowhere, &body, t0, far, t0 + 100.0, &Options::default()).unwrap();
    let gained_mps = flight.inertial_state(t0 + 100.0).unwrap().velocity.vector().x;
    assert!(
        (gained_mps - 2_000.0 * geo::math::ln(1_000.0 / 400.0)).abs() < 1e-6,
        "{gained_mps}"
    );
}

/// A field of degree 3 with strong terms of longitude, so that each of them is seen.
fn lumpy() -> Gravity {
    let text = "2 0 -4.84e-4 0\n2 1 1e-6 2e-6\n2 2 2.4e-5 -1.4e-5\n3 0 9.6e-6 0\n3 1 2e-5 2.5e-6\n3 2 9e-6 -6.2e-6\n\
                3 3 7.2e-6 1.4e-5\n";
    let field = flight::Field::parse(text, 3.986_004_415e14, 6_378_136.3, 3, 3).unwrap();
    Gravity::Field(std::sync::Arc::new(field))
}

#[test]
fn orbital_partials_equal_central_differences() {
    let t0 = start();
    let body = Body {
        radiation_m2pkg: 0.05,
        empirical: Empirical {
            epoch: None,
            acceleration_mps2: Vector3::new(1e-5, -2e-5, 5e-6),
            rate_mps3: Vector3::new(1e-10, 0.0, -2e-10),
        },
        ..Body::default()
    };
    let orientation = EarthOrientation {
        ut1_minus_utc_s: -0.11,
        polar_x_rad: 9.7e-7,
        polar_y_rad: 1.45e-6,
    };
    let forces = Forces::orbital(lumpy(), orientation);
    // High enough that Sun, Moon and sunlight count; steps: state, drag, sunlight, empirical and its rate.
    let high = State {
        position: Position::new(-30_000e3, 25_000e3, 9_000e3),
        velocity: Velocity::new(300.0, -200.0, 1_900.0),
    };
    let steps = [
        10.0, 10.0, 10.0, 0.01, 0.01, 0.01, 1e-5, 0.02, 1e-6, 1e-6, 1e-6, 1e-10, 1e-10, 1e-10,
    ];
    let dark = Forces {
        radiation_pressure: false,
        ..forces.clone()
    };
    for (name, forces, state, span_s, tolerance) in [
        // Not low with sunlight: within a step the edge of the shadow is seen or missed as a whole, and the flight
        // itself jumps.
        ("low, without sunlight", &dark, orbit(), 7_000.0, 1e-5),
        ("high", &forces, high, 40_000.0, 1e-5),
        ("back", &forces, high, -40_000.0, 1e-5),
    ] {
        let end = t0 + span_s;
        let flight = propagate_with_partials(forces, &body, t0, state, end, &tight()).unwrap();
        let partials = flight.partials(end).unwrap();
        for (parameter, step) in steps.into_iter().enumerate() {
            let ends = [step, -step].map(|step| {
                let (state, body) = moved(&state, &body, parameter, step);
                let flight = propagate(forces, &body, t0, state, end, &tight()).unwrap();
                flight.state(end).unwrap().to_vector()
            });
            let slope = (ends[0] - ends[1]) / (2.0 * step);
            for (rows, floor) in [(0, 1e-5), (3, 1e-8)] {
                let (ours, theirs) = (
                    partials.fixed_view::<3, 1>(rows, parameter),
                    slope.fixed_rows::<3>(rows),
                );
                let error = (ours - theirs).norm();
                assert!(
                    error <= tolerance * theirs.norm() + floor / step,
                    "{name}, row {rows}, parameter {parameter}: {ours} against {theirs}"
                );
            }
        }
        // Without air drag does nothing; sunlight does.
        assert_eq!(partials.column(6).norm(), 0.0);
        let light = partials.column(7).norm();
        assert_eq!(light > 10.0, forces.radiation_pressure, "{name}: {light}");
    }
}

#[test]
fn each_force_of_an_orbit_moves_it_and_its_partials() {
    let t0 = start();
    let high = State {
        position: Position::new(-30_000e3, 25_000e3, 9_000e3),
        velocity: Velocity::new(300.0, -200.0, 1_900.0),
    };
    let body = Body {
        radiation_m2pkg: 0.05,
        ..Body::default()
    };
    let all = Forces::orbital(lumpy(), EarthOrientation::default());
    let fly = |forces: &Forces| {
        let flight = propagate_with_partials(forces, &body, t0, high, t0 + 40_000.0, &tight()).unwrap();
        flight.state_and_partials(flight.end()).unwrap()
    };
    let (state, partials) = fly(&all);
    for (name, forces, least_m) in [
        (
            "longitude",
            Forces {
                gravity: Gravity::Zonal(Zonal::EARTH),
                ..all.clone()
            },
            100.0,
        ),
        (
            "Sun and Moon",
            Forces {
                third_bodies: false,
                ..all.clone()
            },
            100.0,
        ),
        (
            "sunlight",
            Forces {
                radiation_pressure: false,
                ..all.clone()
            },
            10.0,
        ),
    ] {
        let (other, others) = fly(&forces);
        assert!(
            apart_m(&state, &other) > least_m,
            "{name}: {} m",
            apart_m(&state, &other)
        );
        assert_ne!(partials, others, "{name}");
    }
}
