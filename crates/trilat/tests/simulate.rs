//! `trilat simulate --launch …`, the built program: what it prints, what it writes, what it refuses.

use std::path::PathBuf;
use std::process::{Command, Output};

use serde_json::Value;

const FIGURES: [&str; 9] = [
    "simulate",
    "--launch",
    "40.611,126.426",
    "--apogee-km",
    "2000",
    "--range-km",
    "800",
    "--bearing",
    "75",
];

fn trilat(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_trilat"))
        .args(arguments)
        .output()
        .expect("the built program runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).expect("the program prints UTF-8")
}

fn json(bytes: &[u8]) -> Value {
    serde_json::from_slice(bytes).expect("the program prints JSON")
}

/// A file of its own for one test.
fn file(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name)
}

fn with<'a>(more: &[&'a str]) -> Vec<&'a str> {
    FIGURES.iter().chain(more).copied().collect()
}

#[test]
fn the_flight_is_printed_and_says_that_it_is_notional() {
    let out = trilat(&FIGURES);
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    let printed = text(&out.stdout);
    for word in ["notional", "flight time", "burnout", "apogee", "arrival", "m/s"] {
        assert!(printed.contains(word), "{word} in\n{printed}");
    }
}

#[test]
fn json_has_the_figures_and_what_follows_from_them() {
    let out = trilat(&with(&["--json"]));
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    let flight = json(&out.stdout);
    let number = |path: &str| flight.pointer(path).and_then(Value::as_f64).expect(path);
    assert_eq!(flight["notional"], true);
    assert!((number("/apogee_km") / 2_000.0 - 1.0).abs() < 5e-4);
    assert!((number("/range_km") / 800.0 - 1.0).abs() < 5e-4);
    assert!((number("/bearing_deg") - 75.0).abs() < 0.01);
    // Announced: about half an hour.
    assert!((1_700.0..1_900.0).contains(&number("/flight_time_s")));
    assert!((number("/flight_time_s") - number("/arrival/after_s")).abs() < 1e-6);
    assert!((number("/apogee/height_m") / 2e6 - 1.0).abs() < 5e-4);
    assert!(number("/burnout/after_s") < number("/apogee/after_s"));
    assert!((4_000.0..6_000.0).contains(&number("/burnout/speed_mps")));
    assert!(number("/arrival/height_m").abs() < 1.0);
}

#[test]
fn a_flight_time_that_cannot_be_is_told_beside_the_flight() {
    let out = trilat(&with(&["--flight-time-s", "4000"]));
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    assert!(
        text(&out.stdout).contains("shorter than the flight time given"),
        "{}",
        text(&out.stdout)
    );
    let out = trilat(&with(&["--flight-time-s", "1760", "--json"]));
    assert!((json(&out.stdout)["flight_time_s"].as_f64().expect("a time") - 1_760.0).abs() < 1.0);
}

#[test]
fn the_kind_may_be_named() {
    let out = trilat(&with(&["--kind", "icbm", "--json"]));
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    assert_eq!(json(&out.stdout)["burns_s"].as_array().map(Vec::len), Some(2));
}

#[test]
fn the_table_has_a_line_a_second_and_the_phases_in_order() {
    let path = file("simulate-figures.csv");
    let out = trilat(&with(&[
        "--csv",
        path.to_str().expect("UTF-8"),
        "--launch-time",
        "2022-01-29T22:52:00Z",
    ]));
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    let table = std::fs::read_to_string(&path).expect("the table is written");
    let mut lines = table.lines();
    assert_eq!(
        lines.next(),
        Some("time,lat_deg,lon_deg,height_m,east_mps,north_mps,up_mps,phase")
    );
    let rows: Vec<Vec<&str>> = lines.map(|line| line.split(',').collect()).collect();
    assert!((1_700..1_900).contains(&rows.len()), "{}", rows.len());
    assert_eq!(rows[0][0], "2022-01-29T22:52:00.000Z");
    assert_eq!(rows[60][0], "2022-01-29T22:53:00.000Z");
    let mut phases: Vec<&str> = rows.iter().map(|row| row[7]).collect();
    phases.dedup();
    assert_eq!(phases, ["boost", "coast", "re-entry"]);
    // Velocity is the slope of height.
    let number = |row: usize, column: usize| rows[row][column].parse::<f64>().expect("a number");
    let slope = (number(701, 3) - number(699, 3)) / 2.0;
    assert!((slope - number(700, 6)).abs() < 0.1, "{slope} {}", number(700, 6));
}

#[test]
fn the_globe_gets_a_document_with_its_clock_and_the_path() {
    let path = file("simulate-figures.czml");
    let out = trilat(&with(&["--czml", path.to_str().expect("UTF-8")]));
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    let document = json(&std::fs::read(&path).expect("the document is written"));
    let packets = document.as_array().expect("an array of packets");
    assert_eq!(packets[0]["id"], "document");
    assert_eq!(packets[0]["version"], "1.0");
    assert_eq!(packets[0]["clock"]["interval"], packets[1]["availability"]);
    assert!(packets[1]["path"].is_object() && packets[1]["label"]["text"].is_string());
    let position = &packets[1]["position"];
    assert_eq!(position["epoch"], "2022-01-01T00:00:00.000Z");
    let numbers: Vec<f64> = position["cartographicDegrees"]
        .as_array()
        .expect("an array")
        .iter()
        .filter_map(Value::as_f64)
        .collect();
    assert!(numbers.len().is_multiple_of(4) && numbers.len() > 2_000);
    assert!((numbers[1] - 126.426).abs() < 1e-6 && (numbers[2] - 40.611).abs() < 1e-6);
    let highest = numbers.chunks(4).map(|point| point[3]).fold(0.0, f64::max);
    assert!((highest / 2e6 - 1.0).abs() < 1e-3, "{highest}");
    assert!(
        numbers
            .chunks(4)
            .zip(numbers.chunks(4).skip(1))
            .all(|(a, b)| a[0] < b[0])
    );
}

#[test]
fn figures_that_no_flight_has_end_with_2_and_name_the_option() {
    for (launch, apogee, range, bearing, named) in [
        ("91,126", "2000", "800", "75", "--launch"),
        ("40", "2000", "800", "75", "--launch"),
        ("NaN,126", "2000", "800", "75", "--launch"),
        ("40,126", "-5", "800", "75", "--apogee-km"),
        ("40,126", "0", "800", "75", "--apogee-km"),
        ("40,126", "NaN", "800", "75", "--apogee-km"),
        ("40,126", "inf", "800", "75", "--apogee-km"),
        ("40,126", "high", "800", "75", "--apogee-km"),
        ("40,126", "2000", "0", "75", "--range-km"),
        ("40,126", "2000", "-800", "75", "--range-km"),
        ("40,126", "2000", "20100", "75", "--range-km"),
        ("40,126", "2000", "800", "NaN", "--bearing"),
        ("40,126", "2000", "800", "720", "--bearing"),
    ] {
        let arguments = [
            "simulate",
            "--launch",
            launch,
            "--apogee-km",
            apogee,
            "--range-km",
            range,
            "--bearing",
            bearing,
        ];
        let out = trilat(&arguments);
        let complaint = text(&out.stderr);
        assert_eq!(out.status.code(), Some(2), "{arguments:?}\n{complaint}");
        assert!(complaint.contains(named), "{named} in\n{complaint}");
        assert!(out.stdout.is_empty());
    }
    let out = trilat(&with(&["--flight-time-s", "0"]));
    assert_eq!(out.status.code(), Some(2));
    assert!(text(&out.stderr).contains("--flight-time-s"));
    let out = trilat(&with(&["--kind", "rocket"]));
    assert_eq!(out.status.code(), Some(2));
    assert!(text(&out.stderr).contains("srbm"), "{}", text(&out.stderr));
    let out = trilat(&["simulate", "--launch", "40,126"]);
    assert_eq!(out.status.code(), Some(2));
    assert!(text(&out.stderr).contains("--apogee-km"), "{}", text(&out.stderr));
}

#[test]
fn where_only_lift_carries_so_far_a_glide_is_found_and_told() {
    let low = [
        "simulate",
        "--launch",
        "40.611,126.426",
        "--apogee-km",
        "50",
        "--range-km",
        "700",
        "--bearing",
        "75",
    ];
    let out = trilat(&low);
    assert_eq!(out.status.code(), Some(0), "{}", text(&out.stderr));
    let printed = text(&out.stdout);
    assert!(
        printed.contains("no ballistic flight") && printed.contains("glide"),
        "{printed}"
    );
    let flight = json(&trilat(&[&low[..], &["--json"]].concat()).stdout);
    assert_eq!(flight["kind"], "glide");
    assert!((flight["range_km"].as_f64().expect("a distance") / 700.0 - 1.0).abs() < 2e-3);
    assert!((flight["apogee_km"].as_f64().expect("a height") / 50.0 - 1.0).abs() < 2e-3);
}

#[test]
fn where_no_flight_is_the_limit_is_told_with_3() {
    for (apogee, range, told) in [("30000", "500", "highest apogee"), ("0.1", "500", "lowest apogee")] {
        let out = trilat(&[
            "simulate",
            "--launch",
            "40,126",
            "--apogee-km",
            apogee,
            "--range-km",
            range,
            "--bearing",
            "75",
            "--json",
        ]);
        let complaint = text(&out.stderr);
        assert_eq!(out.status.code(), Some(3), "{complaint}");
        assert!(
            complaint.contains(told) && complaint.contains("--apogee-km"),
            "{complaint}"
        );
        let said = json(&out.stdout);
        assert!(
            said["error"].as_str().is_some_and(|error| error.contains(told)),
            "{said}"
        );
    }
}

#[test]
fn a_file_that_cannot_be_written_ends_with_1_after_the_result() {
    let out = trilat(&with(&["--csv", "no-such-folder/flight.csv"]));
    assert_eq!(out.status.code(), Some(1));
    assert!(text(&out.stdout).contains("flight time"));
    assert!(text(&out.stderr).contains("no-such-folder/flight.csv"));
}

#[test]
fn help_has_examples_options_and_exit_codes() {
    let help = text(&trilat(&["simulate", "--help"]).stdout);
    for word in [
        "Examples:",
        "--launch",
        "--apogee-km",
        "--range-km",
        "--bearing",
        "--flight-time-s",
        "--kind",
        "--json",
        "--czml",
        "--csv",
        "notional",
        "\n  0  ",
        "\n  1  ",
        "\n  2  ",
        "\n  3  ",
    ] {
        assert!(help.contains(word), "{word} in\n{help}");
    }
}
