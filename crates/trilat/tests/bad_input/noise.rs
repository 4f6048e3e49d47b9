//! Plots that are wild, sensors that state nonsense about themselves, and a clock that is off.

use super::scene::radar::{Noise, Radar, Row, csv, three};
use super::scene::run::{number, path_json};
use super::scene::{apogee, check, medium, seen};

/// A plot anywhere in range.
fn wild(row: &Row, noise: &mut Noise) -> Row {
    Row {
        range_m: Some(1e6 * noise.uniform()),
        azimuth_deg: Some(360.0 * noise.uniform()),
        elevation_deg: Some(90.0 * noise.uniform()),
        ..row.clone()
    }
}

#[test]
fn thirty_per_cent_outliers_do_not_move_the_path() {
    let flight = medium().fly();
    let rows = seen(&three()[..2], &flight, [70.0, 250.0], 1.0, 7);
    for (name, only) in [("wild-all", None), ("wild-west", Some("west"))] {
        let mut noise = Noise(11);
        let spoilt: Vec<Row> = rows
            .iter()
            .map(
                |row| match only.is_none_or(|only| only == row.sensor) && noise.uniform() < 0.3 {
                    true => wild(row, &mut noise),
                    false => row.clone(),
                },
            )
            .collect();
        let answer = path_json(name, &csv(&spoilt), &three(), &[]);
        let object = answer.object();
        check::agrees(&object, &flight);
        let text = object["warnings"].to_string();
        assert!(text.contains("west:") && text.contains("left out"), "{text}");
    }
}

fn stating(stated: &str) -> [Radar; 2] {
    let [a, b, _] = three();
    [a, b].map(|radar| Radar {
        stated: stated.to_owned(),
        ..radar
    })
}

fn sigmas(range_m: f64, angle_deg: f64) -> String {
    format!("range_sigma_m = {range_m:?}\nazimuth_sigma_deg = {angle_deg:?}\nelevation_sigma_deg = {angle_deg:?}\n")
}

#[test]
fn sigmas_that_are_tiny_optimistic_huge_or_absent() {
    let flight = medium().fly();
    for (name, stated, words) in [
        (
            "tiny",
            sigmas(1e-6, 1e-9),
            Some("the sigma stated for its range cannot be"),
        ),
        ("optimistic", sigmas(0.2, 2e-4), Some("scatter about 1")),
        ("huge", sigmas(1e6, 90.0), Some("times less than stated")),
        ("none", String::new(), None),
    ] {
        let radars = stating(&stated);
        let rows = seen(&radars, &flight, [70.0, 250.0], 1.0, 1);
        let object = path_json(name, &csv(&rows), &radars, &[]).object();
        check::agrees(&object, &flight);
        let (_, top) = apogee(&flight);
        assert!(
            (number(&object["apogee"]["height_m"]) - top.height_m).abs() < 500.0,
            "{name}"
        );
        let warnings = object["warnings"].to_string();
        match words {
            Some(words) => assert!(warnings.contains(words), "{name}: {warnings}"),
            None => assert_eq!(warnings, "[]", "{name}"),
        }
    }
}

#[test]
fn a_clock_half_a_second_off_is_found_where_the_owner_admits_it_and_suspected_where_not() {
    let flight = medium().fly();
    let [a, b, c] = three();
    let late = Radar { clock_s: 0.5, ..b };
    let rows = seen(&[a.clone(), late.clone(), c.clone()], &flight, [70.0, 250.0], 1.0, 1);
    let admitted = Radar {
        stated: format!("{}time_bias_sigma_s = 1.0\n", late.stated),
        ..late.clone()
    };
    let object = path_json("clock-stated", &csv(&rows), &[a.clone(), admitted, c.clone()], &[]).object();
    check::agrees(&object, &flight);
    let found = &object["sensors"][1];
    assert!((number(&found["time_bias_s"]) - 0.5).abs() < 0.1, "{found}");
    assert_eq!(object["warnings"].to_string(), "[]");
    // The path is wrong then, by more than it says: so a person must hear why.
    let object = path_json("clock", &csv(&rows), &[a, late, c], &[]).object();
    let warnings = object["warnings"].to_string();
    assert!(
        warnings.contains("north: its clock seems to be 0.5") && warnings.contains("time_bias_sigma_s"),
        "{warnings}"
    );
}
