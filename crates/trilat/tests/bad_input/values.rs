//! Values that cannot be, units that are not what they say, and plots in disorder.

use geo::angle::RAD_PER_DEG;

use super::scene::radar::{HEADER, csv, line, three};
use super::scene::run::path_json;
use super::scene::{check, medium, seen};

#[test]
fn each_impossible_value_is_refused_with_its_place_and_the_rest_is_fitted() {
    let flight = medium().fly();
    let rows = seen(&three()[..2], &flight, [70.0, 250.0], 1.0, 1);
    let bad = "\
2024-03-01T12:02:00Z,west,NaN,40,20
2024-03-01T12:02:00Z,west,200000,361,20
2024-03-01T12:02:00Z,west,200000,40,-91
2024-03-01T12:02:00Z,west,-5,40,20
2024-03-01T12:02:00Z,west,inf,40,20
2024-03-01T12:02:00Z,west,far,40,20
2024-02-30T12:02:00Z,west,200000,40,20
noon,west,200000,40,20
2024-03-01T12:02:00Z,west
";
    let good: String = rows.iter().map(line).collect();
    let answer = path_json("values", &format!("{HEADER}{bad}{good}"), &three(), &[]);
    for words in [
        "plots.csv:2:",
        "range_m is \"NaN\"",
        "plots.csv:3:",
        "azimuth_deg is \"361\"",
        "degrees from -180 to 360",
        "plots.csv:4:",
        "elevation_deg is \"-91\"",
        "plots.csv:5:",
        "range_m is \"-5\"",
        "metres from 0",
        "plots.csv:6:",
        "plots.csv:7:",
        "plots.csv:8:",
        "plots.csv:9:",
        "plots.csv:10:",
    ] {
        assert!(answer.stderr.contains(words), "{words:?} in {}", answer.stderr);
    }
    let alone = path_json("values-alone", &csv(&rows), &three(), &[]);
    assert_eq!(answer.object(), alone.object());
    assert_eq!(answer.json()["refused"]["count"], 9);
    check::agrees(&answer.object(), &flight);
}

#[test]
fn angles_in_radians_are_suspected_aloud() {
    let mut rows = seen(&three()[..2], &medium().fly(), [70.0, 250.0], 1.0, 1);
    for row in &mut rows {
        row.azimuth_deg = row.azimuth_deg.map(|a| a * RAD_PER_DEG);
        row.elevation_deg = row.elevation_deg.map(|e| e * RAD_PER_DEG);
    }
    let answer = path_json("radians", &csv(&rows), &three(), &[]);
    assert!(answer.stderr.contains("of west look like radians"), "{}", answer.stderr);
    answer.no_path();
}

#[test]
fn order_and_repetition_change_nothing() {
    let rows = seen(&three(), &medium().fly(), [70.0, 200.0], 1.0, 3);
    let sorted = path_json("sorted", &csv(&rows), &three(), &[]);
    let mut mixed = rows.clone();
    mixed.sort_by_key(|row| row.time.tai_ns().wrapping_mul(0x9E37_79B9_7F4A_7C15_u64 as i64));
    let twice = [mixed.clone(), rows].concat();
    for (name, plots) in [("mixed", mixed), ("twice", twice)] {
        let answer = path_json(name, &csv(&plots), &three(), &[]);
        assert_eq!(answer.objects(), sorted.objects(), "{name}: another result");
    }
    sorted.object();
}
