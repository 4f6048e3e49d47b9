//! What aircraft and ships say of themselves.

use super::*;

fn traveller(kind: Kind, identity: Option<&str>, lat_deg: f64, height_m: f64, speed_mps: f64) -> Truth {
    let site = Site::new(Geodetic::from_degrees(lat_deg, 135.2, height_m));
    let velocity = site.velocity_to_ecef(Velocity::new(0.6 * speed_mps, 0.8 * speed_mps, 0.0));
    let mut traveller = moving(&format!("{kind:?}-{speed_mps}"), site.origin(), velocity, 1_000.0);
    traveller.kind = kind;
    traveller.signature.identity = identity.map(Into::into);
    traveller
}

fn fix(plot: &plot::Plot) -> plot::PositionFix {
    let plot::Measurement::Position(fix) = plot.measurement else {
        panic!("not a position: {plot:?}");
    };
    fix
}

#[test]
fn an_aircraft_states_its_place_and_name_with_the_stated_noise() {
    let receiver = Preset::AdsB.station("receiver", "test", place(), None);
    let mut clock = receiver.clone();
    clock.sensor.time_bias_sigma_s = None;
    let plane = traveller(Kind::Aircraft, Some("86a2b4"), 37.3, 9_000.0, 200.0);
    let found = plots(std::slice::from_ref(&plane), &clock, 1_000.0, 3);
    // One a second, nine of ten received.
    assert!((860..=940).contains(&found.len()), "{}", found.len());
    let (mut horizontal, mut vertical, mut speed) = (0.0, 0.0, 0.0);
    for plot in &found {
        assert_eq!(plot.target.as_deref(), Some("86a2b4"));
        let state = plane.course.state(plot.time).unwrap();
        let here = Site::new(Geodetic::from_ecef(state.position));
        let off = here.to_enu(fix(plot).geodetic.to_ecef()).to_array();
        let wrong = fix(plot).velocity.unwrap().vector() - here.velocity_to_enu(state.velocity).vector();
        let square = |x: f64| x * x;
        let sigmas = &plot.sigmas;
        horizontal += (square(off[0]) + square(off[1])) / square(sigmas.position_m.unwrap());
        vertical += square(off[2]) / square(sigmas.height_m.unwrap());
        speed += wrong.norm_squared() / square(sigmas.velocity_mps.unwrap());
        // 25 ft.
        let feet = fix(plot).geodetic.height_m / 7.62;
        assert!((feet - feet.round()).abs() < 1e-6);
    }
    let count = found.len() as f64;
    for (sum, degrees) in [(horizontal, 2.0 * count), (vertical, count), (speed, 3.0 * count)] {
        assert!((sum - degrees).abs() < 5.0 * (2.0 * degrees).sqrt(), "{sum} {degrees}");
    }
}

#[test]
fn only_those_with_a_transponder_in_view_report() {
    let receiver = Preset::AdsB.station("receiver", "test", place(), None);
    for (kind, identity, lat_deg, height_m, is_seen) in [
        (Kind::Aircraft, Some("a"), 38.0, 9_000.0, true),
        (Kind::Aircraft, None, 38.0, 9_000.0, false),
        (Kind::Cruise, Some("a"), 38.0, 9_000.0, false),
        (Kind::Aircraft, Some("a"), 40.0, 500.0, false),
    ] {
        let object = traveller(kind, identity, lat_deg, height_m, 100.0);
        assert_eq!(
            !plots(&[object], &receiver, 100.0, 1).is_empty(),
            is_seen,
            "{kind:?} {lat_deg}"
        );
    }
}

#[test]
fn receivers_of_one_message_agree_and_clocks_may_be_wrong() {
    let mut receivers: Vec<Station> = ["north", "south"]
        .iter()
        .map(|name| Preset::AdsB.station(name, "test", place(), None))
        .collect();
    for receiver in &mut receivers {
        receiver.sensor.time_bias_sigma_s = None;
        if let Source::AdsB(adsb) = &mut receiver.source {
            adsb.probability = 1.0;
            adsb.clock_faults = Some(ClockFaults {
                share: 0.5,
                sigma_s: 3.0,
            });
        }
    }
    let planes: Vec<Truth> = (0..40)
        .map(|i| traveller(Kind::Aircraft, Some("a"), 37.3, 9_000.0, 200.0 + f64::from(i)))
        .collect();
    let observed = observe(&planes, &receivers, (start() + 100.0, start() + 110.0), 2);
    let (mut wrong, mut right) = (0, 0);
    for plane in &planes {
        let of = |name: &str| -> Vec<_> {
            let ours = observed.plots.iter().zip(&observed.delivered);
            let ours = ours.filter(|(plot, _)| &*plot.sensor == name && plot.truth.as_ref() == Some(&plane.id));
            ours.map(|(plot, at)| (plot.time, fix(plot), *at - plot.time)).collect()
        };
        assert_eq!(of("north"), of("south"));
        // Latency is half a second; the rest is the clock.
        match of("north").iter().all(|(_, _, late_s)| (late_s - 0.5).abs() < 1e-6) {
            true => right += 1,
            false => wrong += 1,
        }
    }
    assert!(wrong > 8 && right > 8, "{wrong} {right}");
}

/// Recommendation ITU-R M.1371-5, annex 1, table 1: class A, not at anchor.
#[test]
fn ships_report_by_their_speed() {
    let receiver = Preset::Ais.station("receiver", "test", place(), None);
    for (knots, interval_s) in [(0.1, 180.0), (10.0, 10.0), (18.0, 6.0), (30.0, 2.0)] {
        let ship = traveller(Kind::Ship, Some("431000001"), 37.1, 0.0, knots * 1_852.0 / 3_600.0);
        let found = plots(&[ship], &receiver, 1_000.0, 5);
        let expected = 0.9 * 1_000.0 / interval_s;
        assert!(
            (found.len() as f64 - expected).abs() < 5.0 * expected.sqrt().max(1.0),
            "{knots} {}",
            found.len()
        );
        for plot in &found {
            let minutes = fix(plot).geodetic.lat_deg() * 600_000.0;
            assert!((minutes - minutes.round()).abs() < 1e-4, "{minutes}");
            let speed = fix(plot).velocity.unwrap().norm() / (185.2 / 3_600.0);
            assert!((speed - speed.round()).abs() < 1e-6);
        }
    }
}
