//! Several objects, and objects that do not fly ballistically.

use geo::{Ecef, Geodetic, Position, Time};

use super::scene::radar::{Noise, Row, csv, radar, three, watch};
use super::scene::run::path_json;
use super::scene::{Launch, apogee, check, launch_time, medium, seen};

fn merged(mut a: Vec<Row>, b: Vec<Row>) -> Vec<Row> {
    a.extend(b);
    a.sort_by_key(|row| row.time);
    a
}

#[test]
fn a_second_object_is_told_apart() {
    let other = Launch {
        at: Geodetic::from_degrees(31.5, -39.0, 0.0),
        azimuth_deg: 150.0,
        ..medium()
    };
    two_paths("second", &[medium(), other]);
}

#[test]
fn a_salvo_ten_seconds_apart_is_told_apart() {
    let other = Launch {
        after_s: 10.0,
        ..medium()
    };
    two_paths("salvo", &[medium(), other]);
}

fn two_paths(name: &str, launches: &[Launch; 2]) {
    let flights = launches.map(|launch| launch.fly());
    let rows = merged(
        seen(&three(), &flights[0], [80.0, 250.0], 1.0, 1),
        seen(&three(), &flights[1], [80.5, 250.0], 1.0, 2),
    );
    let answer = path_json(name, &csv(&rows), &three(), &[]);
    assert_eq!(answer.code, 0);
    let objects = answer.objects();
    assert_eq!(objects.len(), 2, "{}", answer.stderr);
    for object in &objects {
        assert_eq!(object["warnings"].to_string(), "[]", "each is fitted on its own plots");
    }
    for flight in &flights {
        let (top_time, top) = apogee(flight);
        let near = objects.iter().any(|object| {
            let found = &object["apogee"];
            let late_s = super::scene::run::time(&found["time"]) - top_time;
            let is_it = check::apart_m(found, top) < 1e3 && late_s.abs() < 2.0;
            if is_it {
                check::agrees(object, flight);
            }
            is_it
        });
        assert!(near, "no path near the apogee of {top:?}");
    }
}

#[test]
fn flights_a_year_apart_are_two_objects() {
    let mut rows = seen(&three()[..2], &medium().fly(), [70.0, 250.0], 1.0, 1);
    let again: Vec<Row> = rows
        .iter()
        .map(|row| Row {
            time: row.time + 366.0 * 86_400.0,
            ..row.clone()
        })
        .collect();
    rows.extend(again);
    let answer = path_json("year", &csv(&rows), &three(), &[]);
    assert_eq!(answer.code, 0);
    let years: Vec<String> = answer
        .objects()
        .iter()
        .map(|o| o["epoch"].to_string()[1..5].to_owned())
        .collect();
    assert_eq!(years, ["2024", "2025"]);
}

#[test]
fn one_stray_plot_a_year_later_does_not_spoil_the_flight() {
    let mut rows = seen(&three()[..2], &medium().fly(), [70.0, 250.0], 1.0, 1);
    rows.push(Row {
        time: rows[0].time + 366.0 * 86_400.0,
        ..rows[0].clone()
    });
    let answer = path_json("stray-year", &csv(&rows), &three(), &[]);
    assert_eq!(answer.objects().len(), 1);
    assert!(answer.reasons().contains("1 plot"), "{}", answer.reasons());
}

/// A level course at one height.
fn level(from: Geodetic, azimuth_deg: f64, speed_mps: f64) -> impl Fn(Time) -> Option<Position<Ecef>> {
    move |time| {
        let mut place = geo::destination(from, azimuth_deg, speed_mps * (time - launch_time()));
        place.height_m = from.height_m;
        Some(place.to_ecef())
    }
}

fn refused(name: &str, position: impl Fn(Time) -> Option<Position<Ecef>>, sigma_m: f64) -> String {
    let mut radars = [radar("a", 40.0, -3.0), radar("b", 40.1, -2.8)];
    for radar in &mut radars {
        radar.range_sigma_m = sigma_m;
    }
    let span = [launch_time(), launch_time() + 240.0];
    let rows = watch(&radars, position, span, 1.0, &mut Noise(3));
    path_json(name, &csv(&rows), &radars, &[]).no_path()
}

#[test]
fn a_truck_never_leaves_the_ground() {
    let road = Geodetic::from_degrees(40.02, -2.95, 60.0);
    let reasons = refused("truck", level(road, 70.0, 25.0), 20.0);
    assert!(reasons.contains("never leaves the ground"), "{reasons}");
}

#[test]
fn a_parked_transponder_never_leaves_the_ground() {
    let place = Geodetic::from_degrees(40.03, -2.9, 40.0);
    let reasons = refused("parked", level(place, 0.0, 0.0), 100.0);
    assert!(reasons.contains("never leaves the ground"), "{reasons}");
}

#[test]
fn an_aircraft_follows_no_ballistic_path() {
    let place = Geodetic::from_degrees(40.1, -3.4, 10_000.0);
    let reasons = refused("aircraft", level(place, 70.0, 250.0), 20.0);
    assert!(
        reasons.contains("flies level") && reasons.contains("10.0 km"),
        "{reasons}"
    );
}
