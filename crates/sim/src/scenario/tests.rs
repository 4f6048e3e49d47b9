//! Scenario files: all faults are found, each with line, key, value and expectation.

use super::*;

const GOOD: &str = r#"title = "One flight"
what = "A flight."
start = "2022-01-29T22:50:00Z"
end = "2022-01-29T23:30:00Z"
[[source]]
fact = "It flew."
publication = "made up"
[[sensor]]
name = "north"
owner = "JP"
kind = "early-warning"
lat_deg = 41.2
lon_deg = 141.1
height_m = 200
[[object]]
id = "missile"
kind = "ballistic"
time = 2022-01-29T22:52:00Z
lat_deg = 40.6
lon_deg = 126.4
apogee_km = 2000
range_km = 800
bearing_deg = 75
"#;

fn faults(text: &str) -> Vec<String> {
    match read_scenario(text, "s.toml") {
        Ok(scenario) => panic!("{text} was accepted: {scenario:?}"),
        Err(ScenarioError::Faults { faults, .. }) => faults.iter().map(ToString::to_string).collect(),
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn a_good_file_is_read() {
    let scenario = read_scenario(GOOD, "folder/one.toml").unwrap();
    assert_eq!((&*scenario.name, scenario.title.as_str()), ("one", "One flight"));
    assert_eq!(scenario.span.1 - scenario.span.0, 2_400.0);
    assert_eq!(scenario.sources[0].source, "made up");
    assert_eq!(&*scenario.stations[0].sensor.name, "north");
    let object = &scenario.objects[0];
    assert_eq!(object.times, ["2022-01-29T22:52:00Z".parse().unwrap()]);
    let Mover::Ballistic(figures) = &object.mover else {
        panic!("{object:?}")
    };
    assert_eq!((figures.apogee_m, figures.range_m), (2e6, 8e5));
}

#[test]
#[expect(clippy::too_many_lines, reason = "a table")]
fn one_wrong_value_each() {
    // Replaced line, its number, and the words of the answer.
    for (good, bad, line, words) in [
        // Impossible figures.
        (
            "apogee_km = 2000",
            "apogee_km = 0",
            21,
            "apogee_km is \"0\", expected kilometres above 0",
        ),
        (
            "apogee_km = 2000",
            "apogee_km = -5",
            21,
            "apogee_km is \"-5\", expected kilometres above 0",
        ),
        (
            "apogee_km = 2000",
            "apogee_km = nan",
            21,
            "apogee_km is \"nan\", expected",
        ),
        (
            "apogee_km = 2000",
            "apogee_km = \"high\"",
            21,
            "apogee_km is \"high\", expected",
        ),
        (
            "range_km = 800",
            "range_km = 0",
            22,
            "range_km is \"0\", expected kilometres over ground above 0",
        ),
        (
            "range_km = 800",
            "range_km = 21000",
            22,
            "up to 20003, half way round the Earth",
        ),
        (
            "bearing_deg = 75",
            "bearing_deg = 400",
            23,
            "bearing_deg is \"400\", expected degrees",
        ),
        (
            "lat_deg = 40.6",
            "lat_deg = 126.4",
            19,
            "lat_deg is \"126.4\", expected degrees from -90 to 90",
        ),
        // A misspelt key must not become a flight without it.
        (
            "range_km = 800",
            "range_km = 800\nclas = \"irbm\"",
            23,
            "unknown key \"clas\" (did you mean class?)",
        ),
        (
            "title = ",
            "titel = \"x\"\ntitle = ",
            1,
            "unknown key \"titel\" (did you mean title?)",
        ),
        ("apogee_km = 2000\n", "", 15, "apogee_km is missing"),
        ("id = \"missile\"\n", "", 15, "id is missing"),
        (
            "kind = \"ballistic\"",
            "kind = \"balistic\"",
            17,
            "did you mean ballistic?",
        ),
        (
            "kind = \"early-warning\"",
            "kind = \"early\"",
            11,
            "expected one of early-warning, regional-early-warning",
        ),
        // A radar under the sea: that of Japan stands some 30 m above the ellipsoid.
        (
            "height_m = 200",
            "height_m = -50",
            14,
            "height_m is \"-50\", expected 28 or more metres above the ellipsoid",
        ),
        ("height_m = 200", "height_m = 0", 14, "less is under water"),
        // A span of a year.
        (
            "end = \"2022",
            "end = \"2023",
            4,
            "end is \"2023-01-29T23:30:00Z\", expected a time after start, at most 24 hours",
        ),
        (
            "end = \"2022-01-29T23",
            "end = \"2022-01-29T20",
            4,
            "expected a time after start",
        ),
        (
            "start = \"2022-01-29T22:50:00Z\"",
            "start = \"today\"",
            3,
            "start is \"today\", expected an RFC 3339",
        ),
        (
            "time = 2022-01-29T22:52:00Z",
            "time = []",
            18,
            "a time, or a list of 1 to 1000 times",
        ),
        ("publication = \"made up\"\n", "", 5, "url or publication is missing"),
        ("fact = \"It flew.\"", "fact = \"\"", 6, "sentences in quotes"),
        (
            "owner = \"JP\"",
            "owner = \"JP\"\nazimuth_to_deg = 3",
            11,
            "azimuth_to_deg is \"3\": stands without azimuth_from_deg",
        ),
        (
            "height_m = 200",
            "height_m = 200\nmeasures = [\"position\"]",
            15,
            "expected what its kind can measure: a radar range, azimuth, elevation, range_rate;",
        ),
        (
            "height_m = 200",
            "height_m = 200\nwaypoint = [{ lat_deg = 41.2, lon_deg = 141.1, speed_mps = 8 }, \
             { lat_deg = 42.2, lon_deg = 142.1, speed_mps = 8 }]",
            8,
            "all that a sensor with waypoints measures",
        ),
        (
            "height_m = 200",
            "height_m = 200\ndrift_share = 0.5",
            15,
            "drift_share is \"0.5\": stands without drift_time_s",
        ),
        (
            "height_m = 200",
            "height_m = 200\nclutter = [{ plots_per_scan = 2, range_from_m = 9e3, range_to_m = 5e3 }]",
            15,
            "range_to_m is \"5e3\"",
        ),
        (
            "kind = \"early-warning\"",
            "kind = \"ads-b\"\nclutter = [{ plots_per_scan = 2, range_from_m = 9e3, range_to_m = 9e4 }]",
            12,
            "only a radar has it",
        ),
        (
            "[[source]]",
            "network = \"asia\"\n[[source]]",
            5,
            "network is \"asia\", expected one of northeast-asia",
        ),
        (
            "[[source]]",
            "authority = \"JP\"\n[[source]]",
            5,
            "expected an authority that an [[object]] names",
        ),
        (
            "bearing_deg = 75",
            "bearing_deg = 75\nauthority = \"JP\"",
            1,
            "authority (whose figures fly",
        ),
        (
            "[[object]]",
            "[[leave]]\nowner = \"FR\"\ntime = 2022-01-29T23:00:00Z\n[[object]]",
            16,
            "the owner of a sensor of this file",
        ),
        (
            "[[object]]",
            "[[outage]]\nsensor = \"south\"\nfrom = 2022-01-29T23:00:00Z\nuntil = 2022-01-29T23:01:00Z\n[[object]]",
            16,
            "sensor is \"south\", expected a sensor",
        ),
    ] {
        assert!(GOOD.contains(good), "{good}");
        let text = GOOD.replacen(good, bad, 1);
        let messages = faults(&text);
        assert_eq!(messages.len(), 1, "{bad}: {messages:?}");
        assert!(
            messages[0].starts_with(&format!("s.toml:{line}: ")),
            "{bad}: {messages:?}"
        );
        assert!(messages[0].contains(words), "{bad}: {messages:?}");
    }
}

#[test]
fn a_scenario_needs_objects_sensors_and_sources() {
    let empty = faults("title = \"x\"\nwhat = \"y\"\nstart = 2022-01-01T00:00:00Z\nend = 2022-01-01T01:00:00Z\n");
    let all = empty.join("\n");
    for words in ["[[object]] (what flies)", "[[sensor]] (what looks)", "[[source]]"] {
        assert!(all.contains(words), "{words} in {all}");
    }
    assert_eq!(empty.len(), 3);
    let text = GOOD.replace("[[object]]", "[[objects]]");
    let messages = faults(&text);
    assert!(
        messages.iter().any(|m| m.contains("did you mean object?")),
        "{messages:?}"
    );
}

#[test]
fn all_faults_are_told_at_once_in_the_order_of_lines() {
    let text = GOOD
        .replace("apogee_km = 2000", "apogee_km = -1")
        .replace("height_m = 200", "height_m = -3000");
    let messages = faults(&text);
    assert_eq!(messages.len(), 2, "{messages:?}");
    assert!(messages[0].contains("height_m") && messages[1].contains("apogee_km"));
}

#[test]
fn names_are_given_once() {
    let sensor = &GOOD[GOOD.find("[[sensor]]").unwrap()..GOOD.find("[[object]]").unwrap()];
    let twice = GOOD.replace("[[object]]", &format!("{sensor}[[object]]"));
    assert!(faults(&twice)[0].contains("another sensor of this file has the same name"));
    let object = &GOOD[GOOD.find("[[object]]").unwrap()..];
    let twice = format!("{GOOD}{object}");
    assert!(faults(&twice)[0].contains("a name that no other object of the same authority has"));
}

#[test]
fn a_network_brings_its_sensors_and_the_file_may_replace_them() {
    let text = GOOD.replacen("[[source]]", "network = \"northeast-asia\"\n[[source]]", 1);
    let scenario = read_scenario(&text, "s.toml").unwrap();
    assert_eq!(scenario.stations.len(), 10);
    let names: Vec<&str> = scenario.stations.iter().map(|station| &*station.sensor.name).collect();
    assert_eq!(names[9], "north");
    let ship = &scenario.stations[8];
    assert!(matches!(ship.place, crate::sensor::Place::Moving(_)));
    assert_eq!(
        scenario.owners().iter().map(|owner| &**owner).collect::<Vec<_>>(),
        ["JP", "US", "KR"]
    );
    let replaced = text.replace("name = \"north\"", "name = \"jp-north\"");
    let scenario = read_scenario(&replaced, "s.toml").unwrap();
    assert_eq!(scenario.stations.len(), 9);
}

#[test]
fn one_authority_flies() {
    let object = &GOOD[GOOD.find("[[object]]").unwrap()..];
    let text = format!(
        "authority = \"ROK\"\n{GOOD}authority = \"ROK\"\n{}authority = \"Japan\"\n",
        object.replace("2000", "1900")
    );
    let scenario = read_scenario(&text, "s.toml").unwrap();
    let apogee_m = |scenario: &Scenario| {
        let flying: Vec<&Object> = scenario.flying().collect();
        assert_eq!(flying.len(), 1);
        let Mover::Ballistic(figures) = &flying[0].mover else {
            panic!("{flying:?}")
        };
        figures.apogee_m
    };
    assert_eq!(apogee_m(&scenario), 2e6);
    let japan = scenario.clone().with_authority("Japan").unwrap();
    assert_eq!(apogee_m(&japan), 1.9e6);
    let error = scenario.with_authority("China").unwrap_err();
    assert!(error.to_string().contains("known are \"ROK\", \"Japan\""), "{error}");
}

#[test]
fn outages_and_leaving_owners_are_read() {
    let text = GOOD.replacen(
        "[[object]]",
        "[[outage]]\nowner = \"JP\"\nfrom = 2022-01-29T23:00:00Z\nuntil = 2022-01-29T23:01:00Z\n\
         [[leave]]\nowner = \"JP\"\ntime = 2022-01-29T23:10:00Z\n[[object]]",
        1,
    );
    let scenario = read_scenario(&text, "s.toml").unwrap();
    let (from, until) = scenario.stations[0].outages[0];
    assert_eq!((from - scenario.span.0, until - from), (600.0, 60.0));
    assert_eq!(&*scenario.leaves[0].owner, "JP");
}

#[test]
fn clutter_and_drift_reach_the_station() {
    let text = GOOD.replacen(
        "height_m = 200",
        "height_m = 200\ndrift_share = 0.5\ndrift_time_s = 600\nrange_rate_bias_sigma_mps = 3\n\
         clutter = [{ plots_per_scan = 4, range_from_m = 1e4, range_to_m = 1e5, elevation_to_deg = 5 }]",
        1,
    );
    let scenario = read_scenario(&text, "s.toml").unwrap();
    let station = &scenario.stations[0];
    assert_eq!(
        station.drift,
        Some(crate::sensor::Drift {
            share: 0.5,
            correlation_s: 600.0
        })
    );
    assert_eq!(station.sensor.bias_sigmas.range_rate_mps, Some(3.0));
    let span = scenario.span;
    let alarms = |scenario: &Scenario| {
        let all = crate::observe(&[], &scenario.stations, span, 1).plots;
        all.iter()
            .filter(|plot| match &plot.measurement {
                plot::Measurement::Polar(polar) => polar.range_m.is_some_and(|range_m| range_m < 1e5),
                plot::Measurement::Position(_) => false,
            })
            .count()
    };
    // 2,400 s, a search of 10 s, 4 plots each, of which those below 2 degrees of elevation are outside its coverage.
    let without = read_scenario(GOOD, "s.toml").unwrap();
    assert!((400..1_000).contains(&alarms(&scenario)), "{}", alarms(&scenario));
    assert!(alarms(&without) < 30, "{}", alarms(&without));
}

/// Whether a scenario is of whole flights, looked at by the network; the other is of how a track begins.
fn is_whole(text: &str) -> bool {
    text.contains("\nnetwork = ")
}

#[test]
fn every_shipped_scenario_is_read_and_says_where_its_facts_come_from() {
    for file in shipped() {
        let scenario = read_scenario(file.text, file.name).unwrap_or_else(|error| panic!("{error}"));
        assert!(
            !scenario.sources.is_empty() && !scenario.tests.is_empty(),
            "{}",
            file.name
        );
        let stations = if is_whole(file.text) { 9 } else { 3 };
        assert_eq!(scenario.stations.len(), stations, "{}", file.name);
    }
}

#[test]
fn every_shipped_scenario_flies_with_the_figures_of_every_authority() {
    for file in shipped() {
        let scenario = read_scenario(file.text, file.name).unwrap();
        let all = scenario.authorities();
        let chosen = all.iter().map(|name| scenario.clone().with_authority(name).unwrap());
        let whole = all.is_empty().then(|| scenario.clone());
        for scenario in chosen.chain(whole) {
            for seed in [2, 3] {
                let truths = scenario
                    .fly(seed)
                    .unwrap_or_else(|error| panic!("seed {seed}: {error}"));
                let (from, until) = scenario.span;
                for truth in truths {
                    let (first, last) = truth.course.span();
                    assert!(
                        from <= first && (last <= until || !is_whole(file.text)) || truth.id.contains('/'),
                        "{}: {}",
                        file.name,
                        truth.id
                    );
                }
            }
        }
    }
}

#[test]
fn what_sails_flies_low_and_orbits_is_read_and_moves() {
    let begin = &GOOD[..GOOD.find("[[object]]").unwrap()];
    let text = format!(
        "{begin}{}",
        r#"
[[object]]
id = "airliner"
kind = "aircraft"
identity = "71be12"
time = 2022-01-29T22:50:00Z
waypoint = [
  { lat_deg = 37.0, lon_deg = 129.0, height_m = 10000, speed_mps = 230 },
  { lat_deg = 37.5, lon_deg = 132.0, height_m = 11000, speed_mps = 230 },
]
[[object]]
id = "ferry"
kind = "ship"
identity = "440123456"
time = 2022-01-29T22:50:00Z
waypoint = [
  { lat_deg = 37.0, lon_deg = 130.0, speed_mps = 8 },
  { lat_deg = 37.2, lon_deg = 130.2, speed_mps = 8 },
]
[[object]]
id = "low"
kind = "cruise"
time = [2022-01-29T22:50:00Z, 2022-01-29T22:50:10Z]
clearance_m = 80
waypoint = [
  { lat_deg = 39.0, lon_deg = 128.5, speed_mps = 200 },
  { lat_deg = 39.5, lon_deg = 129.5, speed_mps = 200 },
]
[[object]]
id = "satellite"
kind = "satellite"
time = 2022-01-29T00:00:00Z
perigee_km = 500
apogee_km = 520
inclination_deg = 97.5
"#
    );
    let scenario = read_scenario(&text, "s.toml").unwrap_or_else(|error| panic!("{error}"));
    let truths = scenario.fly(1).unwrap();
    let ids: Vec<&str> = truths.iter().map(|truth| &*truth.id).collect();
    assert_eq!(ids, ["airliner", "ferry", "low-1", "low-2", "satellite"]);
    assert_eq!(truths[0].signature.identity.as_deref(), Some("71be12"));
    let height_m = |i: usize| {
        let truth: &crate::Truth = &truths[i];
        truth.course.geodetic(truth.course.span().0 + 300.0).unwrap().height_m
    };
    assert!((9_000.0..11_100.0).contains(&height_m(0)), "{}", height_m(0));
    // The sea there.
    assert!((15.0..45.0).contains(&height_m(1)), "{}", height_m(1));
    assert!((90.0..130.0).contains(&height_m(2)), "{}", height_m(2));
    assert!((480e3..560e3).contains(&height_m(4)), "{}", height_m(4));
    assert_eq!(truths[4].course.span(), scenario.span);
}

#[test]
fn a_way_that_cannot_be_gone_names_the_line() {
    let begin = &GOOD[..GOOD.find("[[object]]").unwrap()];
    let text = format!(
        "{begin}[[object]]\nid = \"ferry\"\nkind = \"ship\"\ntime = 2022-01-29T22:50:00Z\n\
         waypoint = [{{ lat_deg = 37.0, lon_deg = 130.0, speed_mps = 8 }}]\n"
    );
    let error = read_scenario(&text, "s.toml").unwrap().fly(1).unwrap_err();
    assert_eq!((error.line, error.key), (19, Some("waypoint")));
    assert!(error.to_string().contains("two waypoints"), "{error}");
}
