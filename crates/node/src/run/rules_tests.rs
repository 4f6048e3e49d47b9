//! What partners are given of own items: each its tier, no sensor before its plot, nothing before its time.

use std::sync::Arc;

use geo::{Geodetic, Time};
use plot::{Measurement, Plot, Polar, Sensor, Sensors, Sigmas};
use share::exchange::{OwnItem, Release, Rules};
use share::identity::NodeKey;
use share::item::{Body, Coarse, TrackState, WarningNote};
use share::policy::{Agreement, shipped, version};

use super::own;
use super::rules::{NodeRules, Released};
use crate::engine::{Given, Knowledge};

const TIERS: &str = "\
@id(\"plots\") permit (principal == Partner::\"bravo\", action in Action::\"plot\", resource in Sensor::\"north\");
@id(\"coarse\") permit (principal == Partner::\"charlie\", action == Action::\"coarse\", resource);
@id(\"tracks\") permit (principal == Partner::\"delta\", action == Action::\"track\", resource);
@id(\"warnings\") permit (principal == Partner::\"echo\", action == Action::\"warning\", resource);
";
const PARTNERS: [&str; 4] = ["bravo", "charlie", "delta", "echo"];

fn noon() -> Time {
    "2026-02-20T12:00:00Z".parse().unwrap()
}

fn sensor(name: &str, owner: &str) -> Sensor {
    Sensor {
        sigmas: Sigmas {
            range_m: Some(50.0),
            azimuth_rad: Some(1e-3),
            elevation_rad: Some(1e-3),
            ..Sigmas::default()
        },
        ..Sensor::new(name, owner, Geodetic::from_degrees(35.0, 139.0, 50.0))
    }
}

/// The rules of alpha's version 1, which holds from noon on. It has four radars, of which two are in its agreement.
fn rules() -> (NodeRules, Released) {
    let agreement = Agreement::first("alpha", &PARTNERS, &["north", "west"], noon());
    let files = shipped::of_rules(TIERS, &agreement).unwrap();
    let signed = version::sign(&files, None, &NodeKey::from_seed(&[1; 32])).unwrap();
    let mut sensors = Sensors::default();
    for (name, owner) in [
        ("north", "alpha"),
        ("west", "alpha"),
        ("south", "alpha"),
        ("far", "bravo"),
    ] {
        sensors.insert(sensor(name, owner)).unwrap();
    }
    let released = Released::default();
    (NodeRules::of(&signed, &sensors, released.clone()).unwrap(), released)
}

fn plot_of(sensor_name: &str, after_s: f64) -> OwnItem {
    let plot = Plot {
        time: noon() + after_s,
        sensor: sensor_name.into(),
        measurement: Measurement::Polar(Polar {
            range_m: Some(200e3),
            azimuth_rad: Some(1.0),
            elevation_rad: Some(0.5),
            ..Polar::default()
        }),
        sigmas: Sigmas::default(),
        snr_db: Some(12.0),
        target: Some("a claim".into()),
        truth: Some("what flies".into()),
    };
    own::of_plot(plot, &sensor(sensor_name, "alpha"), true, &Knowledge::default())
}

fn track() -> Body {
    Body::Track(Box::new(TrackState {
        track: "t1".into(),
        time: noon() + 1.0,
        existence: 0.99,
        phase: "coast".into(),
        state: [6.4e6, 0.0, 0.0, 0.0, 7e3, 0.0],
        covariance: [1.0; 21],
    }))
}

fn warning() -> Body {
    Body::Warning(WarningNote {
        track: "t1".into(),
        time: noon() + 1.0,
        area: [(40.0, 140.0), (41.0, 140.0), (41.0, 141.0)]
            .map(|(lat_deg, lon_deg)| Geodetic::from_degrees(lat_deg, lon_deg, 0.0))
            .to_vec(),
        probability: 0.95,
        arrival: [noon() + 100.0, noon() + 200.0],
    })
}

fn given(body: Body, sensors: &[&str]) -> OwnItem {
    let given = Given {
        body,
        time: noon() + 1.0,
        sensors: sensors.iter().map(|name| Arc::from(*name)).collect(),
        place: Geodetic::from_degrees(38.0, 140.0, 80e3),
        phase: "coast".into(),
    };
    own::of_given(given, true).expect("it has a sensor")
}

fn to(rules: &NodeRules, partner: &str, own: &OwnItem) -> Release {
    rules.release(&partner.into(), own, noon() + 2.0)
}

/// What each partner is given of an own item.
fn tiers(rules: &NodeRules, own: &OwnItem) -> [&'static str; 4] {
    PARTNERS.map(|partner| match to(rules, partner, own).item.map(|item| item.body) {
        None => "nothing",
        Some(Body::Sensor(_)) => "sensor",
        Some(Body::Plot(_)) => "plot",
        Some(Body::Coarse(_)) => "coarse",
        Some(Body::Track(_)) => "track",
        Some(Body::Warning(_)) => "warning",
    })
}

#[test]
fn each_partner_is_given_its_tier_and_no_other() {
    let (rules, _) = rules();
    let cases = [
        (plot_of("north", 1.0), ["plot", "coarse", "nothing", "nothing"]),
        (plot_of("west", 1.0), ["nothing", "coarse", "nothing", "nothing"]),
        // In no agreement, and of another owner.
        (plot_of("south", 1.0), ["nothing"; 4]),
        (plot_of("far", 1.0), ["nothing"; 4]),
        // Who has the plots makes its own track of them.
        (given(track(), &["north"]), ["nothing", "nothing", "track", "nothing"]),
        (
            given(track(), &["north", "west"]),
            ["nothing", "nothing", "track", "nothing"],
        ),
        (given(track(), &["north", "south"]), ["nothing"; 4]),
        (given(track(), &["south", "north"]), ["nothing"; 4]),
        (
            given(warning(), &["west"]),
            ["nothing", "nothing", "nothing", "warning"],
        ),
        (given(warning(), &["west", "south"]), ["nothing"; 4]),
    ];
    for (own, expected) in &cases {
        assert_eq!(
            tiers(&rules, own),
            *expected,
            "{:?} of {:?}",
            own.body,
            own.subject.others
        );
    }
    // One that came back without its plot is nobody's any more.
    let coarse = Body::Coarse(Coarse {
        time: noon(),
        place: Geodetic::from_degrees(38.0, 140.0, 80e3),
        sigma_m: 1_024.0,
    });
    assert_eq!(to(&rules, "charlie", &given(coarse, &["north"])), Release::NOTHING);
}

#[test]
fn a_full_plot_goes_without_what_is_for_scoring_and_a_coarse_one_without_its_sensor() {
    let (rules, _) = rules();
    let own = plot_of("north", 1.25);
    let Some(Body::Plot(plot)) = to(&rules, "bravo", &own).item.map(|item| item.body) else {
        panic!("bravo has the plots of this radar")
    };
    assert_eq!((&*plot.sensor, plot.truth), ("north", None));
    let item = to(&rules, "charlie", &own).item.expect("a coarse one");
    let Body::Coarse(coarse) = &item.body else {
        panic!("{item:?}")
    };
    assert_eq!(coarse.time, noon() + 1.0);
    let octets = share::encode::body_octets(&item.body);
    for word in ["north", "a claim", "what flies"] {
        assert!(
            !octets.windows(word.len()).any(|part| part == word.as_bytes()),
            "{word}"
        );
    }
}

#[test]
fn a_sensor_is_told_to_whom_a_full_plot_of_it_was_given_and_to_nobody_before() {
    let (rules, _) = rules();
    let plot = plot_of("north", 1.0);
    let sensor = own::of_sensor(&sensor("north", "alpha"), &plot.subject);
    // Asked again soon: the plot is on its way.
    let again = noon() + 2.5;
    for partner in PARTNERS {
        let said = to(&rules, partner, &sensor);
        assert_eq!((said.item, said.again), (None, Some(again)), "{partner}");
    }
    let given: Vec<_> = PARTNERS.map(|partner| to(&rules, partner, &plot)).into();
    assert_eq!(tiers(&rules, &sensor), ["sensor", "nothing", "nothing", "nothing"]);
    let told = to(&rules, "bravo", &sensor).item.expect("the sensor");
    assert_eq!(Some(told.label), given[0].item.as_ref().map(|item| item.label.clone()));
}

#[test]
fn before_its_instant_a_version_gives_nobody_anything_and_says_when_to_ask_again() {
    let (rules, released) = rules();
    let own = plot_of("north", -1.0);
    for partner in PARTNERS {
        let early = rules.release(&partner.into(), &own, noon() + -1e-9);
        assert_eq!((early.item, early.again), (None, Some(noon())), "{partner}");
    }
    assert!(released.lock().unwrap().is_empty());
    assert!(rules.release(&"bravo".into(), &own, noon()).item.is_some());
}

#[test]
fn what_was_released_is_put_aside_once_for_each_release_group() {
    let agreement = Agreement::first("alpha", &PARTNERS, &["north"], noon());
    let all = "@id(\"all\") permit (principal, action in Action::\"plot\", resource);";
    let files = shipped::of_rules(all, &agreement).unwrap();
    let signed = version::sign(&files, None, &NodeKey::from_seed(&[1; 32])).unwrap();
    let mut sensors = Sensors::default();
    sensors.insert(sensor("north", "alpha")).unwrap();
    let released = Released::default();
    let rules = NodeRules::of(&signed, &sensors, released.clone()).unwrap();
    let (first, second) = (plot_of("north", 0.5), plot_of("north", 1.0));
    for own in [&first, &second] {
        assert_eq!(tiers(&rules, own), ["plot"; 4]);
    }
    let times: Vec<Time> = released.lock().unwrap().iter().map(|item| item.time()).collect();
    assert_eq!(times, [first.body.time(), second.body.time()]);
}
