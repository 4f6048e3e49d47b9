//! Laws of gliding: heights of pull-up, energy, skips, and arrivals that were asked for.

use geo::{Geodetic, Site, Velocity, geodesic};

use super::*;
use crate::truth::Course;

fn start() -> Time {
    "2022-01-10T22:28:30Z".parse().unwrap()
}

fn launch() -> Geodetic {
    Geodetic::from_degrees(40.61, 126.43, 0.0)
}

const BEARING_RAD: f64 = 1.3;

/// A burnout 60 km down range at 35 km of height, that rises to an apogee of some 50 km.
fn burnout(speed_mps: f64, climb_mps: f64) -> State<Ecef> {
    let place = geo::destination(launch(), BEARING_RAD / geo::angle::RAD_PER_DEG, 60e3);
    let site = Site::new(Geodetic {
        height_m: 35e3,
        ..place
    });
    let (sine, cosine) = geo::math::sin_cos(BEARING_RAD);
    State {
        position: site.origin(),
        velocity: site.velocity_to_ecef(Velocity::new(speed_mps * sine, speed_mps * cosine, climb_mps)),
    }
}

fn course(spec: &GlideSpec) -> Course {
    Course::new(glide(start(), burnout(2_400.0, 550.0), spec).unwrap()).unwrap()
}

/// Heights each second from an instant to the end.
fn heights_m(course: &Course, from: Time) -> Vec<f64> {
    let count = (course.span().1 - from) as usize;
    (0..count)
        .map(|i| course.geodetic(from + i as f64).unwrap().height_m)
        .collect()
}

fn glide_from(course: &Course) -> Time {
    course.legs().iter().find(|leg| leg.phase == Phase::Glide).unwrap().from
}

#[test]
fn the_phases_follow_each_other_to_the_ground() {
    let course = course(&GlideSpec::notional());
    let phases: Vec<Phase> = course.legs().iter().map(|leg| leg.phase).collect();
    assert_eq!(phases, [Phase::Coast, Phase::Reentry, Phase::Glide]);
    let pull_up = course.geodetic(glide_from(&course)).unwrap();
    assert!((pull_up.height_m - 35e3).abs() < 1.0, "{}", pull_up.height_m);
    assert!(course.geodetic(course.span().1).unwrap().height_m.abs() < 0.01);
    // The joint is none in place and velocity.
    let joint = glide_from(&course);
    let (before, after) = (
        course.state(joint + -1e-3).unwrap(),
        course.state(joint + 1e-3).unwrap(),
    );
    assert!((after.velocity.vector() - before.velocity.vector()).norm() < 0.5);
    assert!((after.position - before.position).norm() < 6.0);
}

#[test]
fn a_pull_up_at_a_pressure_is_there() {
    let pull_up = PullUp::Pressure { pressure_pa: 20e3 };
    let course = course(&GlideSpec {
        pull_up,
        ..GlideSpec::notional()
    });
    let state = course.state(glide_from(&course)).unwrap();
    let density = flight::atmosphere::air(Geodetic::from_ecef(state.position).height_m).density_kgpm3;
    let pressure_pa = 0.5 * density * state.velocity.vector().norm_squared();
    assert!((pressure_pa / 20e3 - 1.0).abs() < 1e-3, "{pressure_pa}");
}

#[test]
fn energy_falls_all_the_way() {
    let spec = GlideSpec {
        hold: Hold::Full,
        lift_to_drag: 3.0,
        ..GlideSpec::notional()
    };
    let course = course(&spec);
    let (from, until) = course.span();
    let energy = |time: Time| {
        let state = course.state(time).unwrap();
        let (r, v) = (state.position.vector(), state.velocity.vector());
        // In the turning frame the centrifugal potential counts; J2 is a small ripple.
        let spin = geo::earth::ROTATION_RATE_RADPS;
        let gravity = flight::Zonal::EARTH;
        let sine = r.z / r.norm();
        let j2 = 1.082_63e-3 * (geo::earth::SEMI_MAJOR_AXIS_M / r.norm()).powi(2) * 0.5 * (3.0 * sine * sine - 1.0);
        0.5 * v.norm_squared() - gravity.gm_m3ps2 / r.norm() * (1.0 - j2) - 0.5 * spin * spin * (r.x * r.x + r.y * r.y)
    };
    let count = (until - from) as usize;
    for i in 1..count {
        let (before, after) = (energy(from + (i - 1) as f64), energy(from + i as f64));
        assert!(after - before < 1.0, "{i}: {}", after - before);
    }
}

#[test]
fn full_lift_skips_and_equilibrium_does_not() {
    let strong = |hold| GlideSpec {
        lift_to_drag: 4.0,
        hold,
        ..GlideSpec::notional()
    };
    let skips = course(&strong(Hold::Full));
    let heights = heights_m(&skips, glide_from(&skips));
    let tops = heights.windows(3).filter(|w| w[1] > w[0] && w[1] >= w[2]).count();
    assert!(tops >= 2, "{tops}");
    let level = course(&strong(Hold::Equilibrium { share: 0.7 }));
    let heights = heights_m(&level, glide_from(&level));
    let lowest = (0..heights.len()).find(|&i| heights[i + 1] > heights[i]).unwrap_or(0);
    let climb_m = heights[lowest..]
        .iter()
        .fold(0.0, |most: f64, h| most.max(h - heights[lowest]));
    assert!(climb_m < 4_000.0, "{climb_m}");
}

#[test]
fn where_the_lift_ends_it_falls() {
    let spec = GlideSpec {
        lift_s: Some(100.0),
        ..GlideSpec::notional()
    };
    let course = course(&spec);
    let last = course.legs().last().unwrap();
    assert_eq!(last.phase, Phase::Reentry);
    assert!((last.from - glide_from(&course) - 100.0).abs() < 1e-6);
}

#[test]
fn a_glide_reaches_what_no_ballistic_flight_does() {
    // An apogee near 50 km and 700 km of distance, as announced of the launch of 5 January 2022.
    let wanted = Wanted {
        launch: launch(),
        bearing_rad: BEARING_RAD,
        distance_m: 700e3,
        aside_m: None,
    };
    let found = reach(start(), burnout(2_400.0, 550.0), &GlideSpec::notional(), &wanted).unwrap();
    let course = Course::new(found.legs).unwrap();
    let arrival = course.geodetic(course.span().1).unwrap();
    let distance_m = geodesic(launch(), arrival).distance_m;
    assert!((distance_m / 700e3 - 1.0).abs() < 1e-3, "{distance_m}");
    assert!((found.distance_m - distance_m).abs() < 1.0);
    let top_m = heights_m(&course, start()).into_iter().fold(0.0, f64::max);
    assert!((47e3..53e3).contains(&top_m), "{top_m}");
    assert!(
        (0.5..4.0).contains(&found.spec.lift_to_drag),
        "{}",
        found.spec.lift_to_drag
    );
}

#[test]
fn a_glide_turns_as_far_to_the_side_as_was_claimed() {
    // 1000 km and a turn of 240 km to the side, as claimed of the launch of 11 January 2022.
    for side in [1.0, -1.0] {
        let wanted = Wanted {
            launch: launch(),
            bearing_rad: BEARING_RAD,
            distance_m: 1_000e3,
            aside_m: Some(side * 240e3),
        };
        let found = reach(start(), burnout(3_000.0, 650.0), &GlideSpec::notional(), &wanted).unwrap();
        assert!((found.distance_m / 1_000e3 - 1.0).abs() < 1e-3, "{}", found.distance_m);
        assert!((found.aside_m - side * 240e3).abs() < 1e3, "{}", found.aside_m);
        let course = Course::new(found.legs).unwrap();
        let arrival = course.geodetic(course.span().1).unwrap();
        let off_deg = geodesic(launch(), arrival).azimuth_from_deg - BEARING_RAD / geo::angle::RAD_PER_DEG;
        assert!((off_deg * side - 13.9).abs() < 0.3, "{off_deg}");
    }
}

#[test]
fn what_cannot_be_glided_says_why() {
    let fly = |spec: &GlideSpec| glide(start(), burnout(2_400.0, 550.0), spec).unwrap_err();
    let none = GlideSpec {
        drag_m2pkg: 0.0,
        ..GlideSpec::notional()
    };
    assert!(matches!(fly(&none), GlideError::Drag { .. }));
    let bad = GlideSpec {
        lift_to_drag: -2.0,
        ..GlideSpec::notional()
    };
    assert!(matches!(fly(&bad), GlideError::Lift(LiftError::Ratio { .. })));
    let never = GlideSpec {
        pull_up: PullUp::Pressure { pressure_pa: 1e12 },
        ..GlideSpec::notional()
    };
    assert!(matches!(fly(&never), GlideError::NoPullUp { .. }));
    let wanted = Wanted {
        launch: launch(),
        bearing_rad: BEARING_RAD,
        distance_m: 9_000e3,
        aside_m: None,
    };
    let error = reach(start(), burnout(2_400.0, 550.0), &GlideSpec::notional(), &wanted).unwrap_err();
    assert!(matches!(error, GlideError::Unreachable { .. }), "{error}");
    assert!(
        error.to_string().starts_with("no glide arrives 9000.0 km away"),
        "{error}"
    );
}

#[test]
fn the_same_glide_is_the_same_to_the_bit() {
    let bits = || {
        let state = course(&GlideSpec::notional()).state(start() + 300.0).unwrap();
        state.to_vector().map(f64::to_bits)
    };
    assert_eq!(bits(), bits());
}
