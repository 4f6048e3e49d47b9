//! Plots that are too few, too short, or of too little.

use super::scene::radar::{Radar, Row, csv, three};
use super::scene::run::{number, path_json, time};
use super::scene::{Launch, apogee, check, launch_time, medium, seen};

fn angles_only(radar: &Radar) -> Radar {
    Radar {
        has_range: false,
        ..radar.clone()
    }
}

fn ranges_only(radar: &Radar) -> Radar {
    Radar {
        has_angles: false,
        ..radar.clone()
    }
}

#[test]
fn one_two_and_three_plots_are_too_few() {
    let rows = seen(&three()[..1], &medium().fly(), [70.0, 250.0], 20.0, 1);
    for count in 1..=3 {
        let reasons = path_json("few", &csv(&rows[..count]), &three(), &[]).no_path();
        assert!(
            reasons.contains(&format!("{count} plot")) && reasons.contains("at least"),
            "{reasons}"
        );
    }
}

#[test]
fn plots_of_one_time_are_no_path() {
    let rows = seen(&three(), &medium().fly(), [100.0, 130.0], 1.0, 1);
    let at_once: Vec<Row> = rows
        .iter()
        .map(|row| Row {
            time: launch_time(),
            ..row.clone()
        })
        .collect();
    let reasons = path_json("one-time", &csv(&at_once), &three(), &[]).no_path();
    assert!(reasons.contains("all of one time"), "{reasons}");
}

#[test]
fn angles_of_one_sensor_say_that_distance_is_missing() {
    let radars = [angles_only(&three()[0])];
    let rows = seen(&radars, &medium().fly(), [70.0, 250.0], 1.0, 1);
    let reasons = path_json("angles-one", &csv(&rows), &radars, &[]).no_path();
    assert!(
        reasons.contains("west measures angles only") && reasons.contains("distance"),
        "{reasons}"
    );
}

#[test]
fn angles_of_two_sensors_are_a_path() {
    let flight = medium().fly();
    let radars = [angles_only(&three()[0]), angles_only(&three()[1])];
    let rows = seen(&radars, &flight, [70.0, 250.0], 1.0, 1);
    let answer = path_json("angles-two", &csv(&rows), &radars, &[]);
    check::agrees(&answer.object(), &flight);
}

#[test]
fn ranges_of_three_sensors_are_a_path_and_of_two_are_not() {
    let flight = medium().fly();
    let radars = three().map(|radar| ranges_only(&radar));
    let rows = seen(&radars, &flight, [70.0, 250.0], 1.0, 1);
    let answer = path_json("ranges-three", &csv(&rows), &radars, &[]);
    check::agrees(&answer.object(), &flight);
    let rows = seen(&radars[..2], &flight, [70.0, 250.0], 1.0, 1);
    let reasons = path_json("ranges-two", &csv(&rows), &radars[..2], &[]).no_path();
    assert!(reasons.contains("ranges of three"), "{reasons}");
}

#[test]
fn the_descent_alone_is_a_path() {
    let flight = medium().fly();
    let rows = seen(&three()[..2], &flight, [330.0, 450.0], 1.0, 1);
    let answer = path_json("descent", &csv(&rows), &three(), &[]);
    check::agrees(&answer.object(), &flight);
}

#[test]
fn plots_under_thrust_alone_are_no_ballistic_path() {
    let flight = medium().fly();
    let rows = seen(&three()[..2], &flight, [3.0, 55.0], 1.0, 1);
    let reasons = path_json("boost", &csv(&rows), &three(), &[]).no_path();
    assert!(
        reasons.contains("still under thrust") && reasons.contains("after the end of thrust"),
        "{reasons}"
    );
}

#[test]
fn a_slow_radar_that_saw_thrust_alone_is_not_believed_to_see_a_fall() {
    let launch = Launch {
        burn_s: 62.0,
        ..medium()
    };
    for seed in 1..=5 {
        let rows = seen(&three()[..2], &launch.fly(), [11.0, 63.0], 5.0, seed);
        let reasons = path_json("boost-slow", &csv(&rows), &three(), &[]).no_path();
        assert!(reasons.contains("still under thrust"), "seed {seed}: {reasons}");
    }
}

#[test]
fn two_seconds_are_a_path_with_an_honest_uncertainty() {
    let flight = medium().fly();
    let rows = seen(&three()[..2], &flight, [150.0, 152.0], 0.1, 1);
    let answer = path_json("two-seconds", &csv(&rows), &three(), &[]);
    let object = answer.object();
    check::agrees(&object, &flight);
    assert!(
        number(&object["apogee"]["height_sigma_m"]) > 500.0,
        "{}",
        object["apogee"]
    );
}

#[test]
fn slow_radars_serve_as_fast_ones_do() {
    let flight = medium().fly();
    for (every_s, name) in [(1.0, "1-hz"), (10.0, "0.1-hz")] {
        let rows = seen(&three()[..2], &flight, [70.0, 300.0], every_s, 5);
        let object = path_json(name, &csv(&rows), &three(), &[]).object();
        check::agrees(&object, &flight);
        let (top_time, top) = apogee(&flight);
        assert!((time(&object["apogee"]["time"]) - top_time).abs() < 1.0);
        assert!((number(&object["apogee"]["height_m"]) - top.height_m).abs() < 500.0);
    }
}
