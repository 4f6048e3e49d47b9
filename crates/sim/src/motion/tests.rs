//! Laws of the movers: what a vehicle cannot do, none of them does.

use std::sync::Arc;

use flight::{Forces, Gravity, Phase, Zonal};
use geo::angle::{RAD_PER_DEG, wrap_pi};
use geo::math::{atan, atan2};
use geo::{Geodetic, Site, State, Time, geodesic};

use super::*;
use crate::terrain::{Grid, Terrain};
use crate::truth::{Course, Leg, Motion};

fn start() -> Time {
    "2022-01-25T00:00:00Z".parse().unwrap()
}

fn waypoint(lat_deg: f64, lon_deg: f64, height_m: f64, speed_mps: f64) -> Waypoint {
    Waypoint {
        place: Geodetic::from_degrees(lat_deg, lon_deg, height_m),
        speed_mps,
    }
}

/// A zigzag over the Sea of Japan with a sharp turn.
fn zigzag(speed_mps: f64) -> Vec<Waypoint> {
    vec![
        waypoint(38.0, 130.0, 3_000.0, speed_mps),
        waypoint(38.5, 130.3, 6_000.0, speed_mps),
        waypoint(38.4, 130.9, 6_000.0, speed_mps * 1.2),
        waypoint(38.9, 130.6, 4_500.0, speed_mps),
    ]
}

/// What is seen of a motion at one instant.
struct Seen {
    ground_mps: f64,
    climb_mps: f64,
    course_rad: f64,
    place: Geodetic,
}

fn seen(course: &Course, time: Time) -> Seen {
    let state: State<geo::Ecef> = course.state(time).unwrap();
    let place = Geodetic::from_ecef(state.position);
    let [east, north, up] = Site::new(place).velocity_to_enu(state.velocity).to_array();
    Seen {
        ground_mps: geo::math::hypot(east, north),
        climb_mps: up,
        course_rad: atan2(east, north),
        place,
    }
}

/// Looks every `step_s` from the begin to the end.
fn looks(course: &Course, step_s: f64) -> Vec<Seen> {
    let (from, until) = course.span();
    let count = ((until - from) / step_s) as usize;
    (0..=count).map(|i| seen(course, from + i as f64 * step_s)).collect()
}

fn nearest_m(course: &Course, place: Geodetic) -> f64 {
    let distances = looks(course, 1.0)
        .into_iter()
        .map(|s| geodesic(s.place, place).distance_m);
    distances.fold(f64::INFINITY, f64::min)
}

/// Rates of turn between looks a second apart.
fn turns_radps(course: &Course) -> Vec<f64> {
    let looks = looks(course, 1.0);
    looks
        .windows(2)
        .map(|p| wrap_pi(p[1].course_rad - p[0].course_rad))
        .collect()
}

#[test]
fn an_aircraft_keeps_its_limits_and_passes_its_waypoints() {
    let spec = AircraftSpec::airliner(start(), zigzag(200.0));
    let course = aircraft(&spec).unwrap();
    for (i, look) in looks(&course, 0.37).iter().enumerate() {
        assert!((199.0..241.0).contains(&look.ground_mps), "{i}: {}", look.ground_mps);
        assert!(look.climb_mps.abs() < 10.05, "{i}: {}", look.climb_mps);
    }
    let banks: Vec<f64> = looks(&course, 1.0)
        .iter()
        .zip(turns_radps(&course))
        .map(|(look, turn)| atan(look.ground_mps * turn.abs() / 9.806_65) / RAD_PER_DEG)
        .collect();
    let largest = banks.iter().copied().fold(0.0, f64::max);
    assert!((24.0..25.3).contains(&largest), "{largest}");
    // Rolling takes its time: 5 degrees a second.
    assert!(banks.windows(2).all(|pair| (pair[1] - pair[0]).abs() < 5.3));
    // A turn of 127 degrees cuts the corner by 1.25 radii of 12.6 km and what rolling in takes.
    for waypoint in &spec.waypoints[1..3] {
        let miss_m = nearest_m(&course, waypoint.place);
        assert!(miss_m < 17_500.0, "{miss_m}");
    }
    let end = course.geodetic(course.span().1).unwrap();
    let last = spec.waypoints[3].place;
    assert!(
        geodesic(end, last).distance_m < 30.0,
        "{}",
        geodesic(end, last).distance_m
    );
    assert!((end.height_m - last.height_m).abs() < 5.0, "{}", end.height_m);
    assert_eq!(course.phase(start()), Some(Phase::AirBreathing));
}

#[test]
fn velocity_is_the_slope_of_position() {
    let course = aircraft(&AircraftSpec::airliner(start(), zigzag(200.0))).unwrap();
    let (from, until) = course.span();
    let mut time = from + 1.0;
    while time < until + -1.0 {
        let at = |after_s: f64| course.state(time + after_s).unwrap();
        let slope = (at(0.05).position - at(-0.05).position) / 0.1;
        let error = (slope - at(0.0).velocity.vector()).norm();
        assert!(error < 0.02, "{time}: {error}");
        time = time + 0.73;
    }
}

#[test]
fn a_straight_leg_is_a_geodesic() {
    let ends = [waypoint(38.0, 130.0, 9e3, 230.0), waypoint(41.0, 140.0, 9e3, 230.0)];
    let course = aircraft(&AircraftSpec::airliner(start(), ends.to_vec())).unwrap();
    let whole = geodesic(ends[0].place, ends[1].place);
    let (from, until) = course.span();
    // At 9 km of height the way is longer by 9/6371.
    let expected_s = whole.distance_m * (1.0 + 9e3 / 6.371e6) / 230.0;
    assert!(((until - from) / expected_s - 1.0).abs() < 5e-4, "{}", until - from);
    for share in [0.2, 0.5, 0.8] {
        let place = course.geodetic(from + (until - from) * share).unwrap();
        let parts = geodesic(ends[0].place, place).distance_m + geodesic(place, ends[1].place).distance_m;
        assert!(parts - whole.distance_m < 0.01, "{share}: {}", parts - whole.distance_m);
    }
}

#[test]
fn a_holding_pattern_is_flown_as_often_as_said() {
    for turns_right in [true, false] {
        let hold = Hold {
            waypoint: 1,
            inbound_rad: 1.0,
            leg_s: 60.0,
            turns_right,
            rounds: 3,
        };
        let spec = AircraftSpec {
            hold: Some(hold),
            ..AircraftSpec::airliner(start(), zigzag(120.0))
        };
        let course = aircraft(&spec).unwrap();
        let turned: f64 = turns_radps(&course).iter().sum();
        let plain: f64 = turns_radps(
            &aircraft(&AircraftSpec {
                hold: None,
                ..spec.clone()
            })
            .unwrap(),
        )
        .iter()
        .sum();
        // Each round is a whole turn; getting in and out is less than one.
        let rounds = (turned - plain) / std::f64::consts::TAU;
        let rounds = if turns_right { rounds } else { -rounds };
        assert!((2.4..4.1).contains(&rounds), "{rounds}");
        assert!(nearest_m(&course, spec.waypoints[1].place) < 130.0);
        let longest = looks(&course, 1.0)
            .iter()
            .filter(|look| geodesic(look.place, spec.waypoints[1].place).distance_m < 15_000.0)
            .count();
        // Two legs of a minute and two half circles at 25 degrees (82 s each), three times.
        assert!((700..1_300).contains(&longest), "{longest}");
    }
}

#[test]
fn a_ship_stays_on_the_water_and_turns_slowly() {
    let spec = ShipSpec {
        water_height_m: 27.0,
        ..ShipSpec::merchant(
            start(),
            vec![
                waypoint(38.0, 131.0, 500.0, 8.0),
                waypoint(38.1, 131.0, 0.0, 8.0),
                waypoint(38.1, 131.2, 0.0, 10.0),
            ],
        )
    };
    let course = ship(&spec).unwrap();
    for look in looks(&course, 7.3) {
        assert!((look.place.height_m - 27.0).abs() < 1e-3, "{}", look.place.height_m);
        assert!((7.99..10.01).contains(&look.ground_mps));
    }
    let fastest = turns_radps(&course).into_iter().map(f64::abs).fold(0.0, f64::max);
    assert!(
        (0.3..0.502).contains(&(fastest / RAD_PER_DEG)),
        "{}",
        fastest / RAD_PER_DEG
    );
    assert_eq!(course.phase(start()), Some(Phase::Surface));
    let end = course.geodetic(course.span().1).unwrap();
    assert!(geodesic(end, spec.waypoints[2].place).distance_m < 5.0);
}

/// Hills of some hundred metres that a vehicle cannot follow everywhere.
fn hills() -> Terrain {
    let heights_m = (0..201_i32 * 201).map(|i| {
        let (row, column) = (i / 201, i % 201);
        let spike = if (row * 7 + column * 3) % 31 == 0 { 700.0 } else { 0.0 };
        spike + 40.0 * f64::from((row + 2 * column) % 17)
    });
    Terrain::Grid(Arc::new(
        Grid::new(37.9, 129.9, 0.006, 201, heights_m.collect()).unwrap(),
    ))
}

#[test]
fn a_low_flight_clears_the_terrain_within_its_limits() {
    let terrain = hills();
    let spec = CruiseSpec::notional(start(), zigzag(230.0));
    let course = cruise(&spec, &terrain).unwrap();
    let looks = looks(&course, 0.2);
    let descends = looks.len() - 150;
    let mut lowest_m = f64::INFINITY;
    for (i, look) in looks.iter().enumerate() {
        let over_m = look.place.height_m - terrain.height_m(look.place);
        if i < descends {
            lowest_m = lowest_m.min(over_m);
        }
        assert!(over_m > -0.5, "{i}: {over_m}");
        assert!(look.climb_mps.abs() < 30.3, "{i}: {}", look.climb_mps);
    }
    assert!((99.0..110.0).contains(&lowest_m), "{lowest_m}");
    for pair in looks.windows(6) {
        let acceleration = pair[5].climb_mps - pair[0].climb_mps;
        assert!(acceleration.abs() < 5.3, "{acceleration}");
    }
    let end = looks.last().unwrap();
    assert!((end.place.height_m - terrain.height_m(end.place)).abs() < 5.0);
    let miss_m = geodesic(end.place, spec.waypoints[3].place).distance_m;
    assert!(miss_m < 2_000.0, "{miss_m}");
}

#[test]
fn over_flat_ground_a_low_flight_is_level_and_ends_at_its_last_waypoint() {
    let terrain = Terrain::Flat { height_m: 20.0 };
    let spec = CruiseSpec::notional(start(), zigzag(230.0));
    let course = cruise(&spec, &terrain).unwrap();
    let end = course.geodetic(course.span().1).unwrap();
    assert!((end.height_m - 20.0).abs() < 0.1, "{}", end.height_m);
    assert!(geodesic(end, spec.waypoints[3].place).distance_m < 300.0);
    let middle = course.geodetic(start() + 200.0).unwrap();
    assert!((middle.height_m - 120.0).abs() < 1e-6, "{}", middle.height_m);
    let over = CruiseSpec {
        ends_on_ground: false,
        ..spec
    };
    let course = cruise(&over, &terrain).unwrap();
    assert!((course.geodetic(course.span().1).unwrap().height_m - 120.0).abs() < 1e-3);
}

#[test]
fn the_same_spec_is_the_same_course_to_the_bit() {
    let bits = || {
        let course = cruise(&CruiseSpec::notional(start(), zigzag(230.0)), &hills()).unwrap();
        course.state(start() + 123.456).unwrap().to_vector().map(f64::to_bits)
    };
    assert_eq!(bits(), bits());
}

#[test]
fn what_cannot_be_travelled_says_why() {
    let fly = |waypoints: Vec<Waypoint>| aircraft(&AircraftSpec::airliner(start(), waypoints)).unwrap_err();
    let good = zigzag(200.0);
    assert_eq!(fly(good[..1].to_vec()), RouteError::TooFew { count: 1 });
    assert_eq!(fly(vec![good[0], good[0]]), RouteError::Repeated { index: 1 });
    let north = waypoint(95.0, 130.0, 0.0, 200.0);
    assert!(matches!(fly(vec![good[0], north]), RouteError::Place { index: 1, .. }));
    for speed_mps in [0.0, -5.0, f64::NAN, 1e9] {
        let slow = waypoint(38.0, 131.0, 0.0, speed_mps);
        assert!(matches!(
            fly(vec![good[0], slow]),
            RouteError::Value { name: "speed_mps", .. }
        ));
    }
    let spec = AircraftSpec {
        bank_max_rad: 2.0,
        ..AircraftSpec::airliner(start(), good.clone())
    };
    let text = aircraft(&spec).unwrap_err().to_string();
    assert_eq!(text, "bank_max_rad is 2; it must be from 0.01 to 1.4 rad");
    let slow = vec![waypoint(0.0, 0.0, 0.0, 0.1), waypoint(0.0, 90.0, 0.0, 0.1)];
    let text = ship(&ShipSpec::merchant(start(), slow)).unwrap_err().to_string();
    assert!(text.contains("waypoint 1 is still ahead"), "{text}");
}

/// A circular orbit of 900 km.
fn elements() -> Elements {
    Elements {
        semi_major_axis_m: 7_278e3,
        eccentricity: 0.01,
        inclination_rad: 1.2,
        node_rad: 2.0,
        perigee_rad: 0.7,
        mean_anomaly_rad: 3.0,
    }
}

#[test]
fn a_satellite_of_a_point_mass_is_back_after_its_period() {
    let period_s = std::f64::consts::TAU * (7_278e3_f64.powi(3) / geo::earth::GM_M3PS2).sqrt();
    let mut spec = SatelliteSpec::new(start(), Orbit::Elements(elements()), start() + 2.0 * period_s);
    spec.forces = Forces {
        gravity: Gravity::Zonal(Zonal::POINT),
        third_bodies: false,
        radiation_pressure: false,
        ..spec.forces
    };
    let course = satellite(&spec).unwrap();
    let Some(Leg {
        motion: Motion::Flight(flight),
        ..
    }) = course.legs().first()
    else {
        panic!("no flight")
    };
    let inertial = |after_s: f64| flight.inertial_state(start() + after_s).unwrap();
    let away_m = (inertial(period_s).position - inertial(0.0).position).norm();
    assert!(away_m < 0.1, "{away_m}");
    let half = (inertial(0.5 * period_s).position - inertial(0.0).position).norm();
    assert!(half > 14e6, "{half}");
    // The angular momentum is that of the elements.
    let (r, v) = (inertial(0.0).position.vector(), inertial(0.0).velocity.vector());
    let momentum = r.cross(&v);
    assert!((momentum.z / momentum.norm() - geo::math::cos(1.2)).abs() < 1e-12);
    let expected = (geo::earth::GM_M3PS2 * 7_278e3 * (1.0 - 0.01 * 0.01)).sqrt();
    assert!((momentum.norm() / expected - 1.0).abs() < 1e-12);
}

#[test]
fn a_satellite_is_the_same_from_elements_or_state_and_from_an_earlier_epoch() {
    let until = start() + 9_000.0;
    let spec = SatelliteSpec::new(start(), Orbit::Elements(elements()), until);
    let course = satellite(&spec).unwrap();
    let state = course.state(start()).unwrap();
    let again = satellite(&SatelliteSpec::new(start(), Orbit::State(state), until)).unwrap();
    let later = satellite(&SatelliteSpec {
        from: start() + 3_000.0,
        ..spec.clone()
    })
    .unwrap();
    for other in [again, later] {
        let error_m = (other.state(until).unwrap().position - course.state(until).unwrap().position).norm();
        assert!(error_m < 0.5, "{error_m}");
    }
    assert!(matches!(
        satellite(&SatelliteSpec::new(start(), spec.orbit, start())),
        Err(SatelliteError::Span { .. })
    ));
    let low = Elements {
        eccentricity: 0.3,
        ..elements()
    };
    assert!(matches!(
        satellite(&SatelliteSpec::new(start(), Orbit::Elements(low), until)),
        Err(SatelliteError::Ellipse { .. })
    ));
    let mut falling = state;
    falling.velocity = geo::Velocity::from_vector(state.velocity.vector() * 0.5);
    assert!(matches!(
        satellite(&SatelliteSpec::new(start(), Orbit::State(falling), until)),
        Err(SatelliteError::Falls { .. })
    ));
}
