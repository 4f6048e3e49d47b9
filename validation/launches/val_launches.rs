//! From public figures to flights: every launch on record to January 2022 whose apogee and distance were announced,
//! and published flight times that the search never saw.

#![allow(clippy::print_stdout, reason = "the figures of the README")]
#![allow(
    clippy::unwrap_used,
    reason = "a test may panic; the lint does not see helpers as tests"
)]

use std::collections::{BTreeMap, HashMap};

use geo::angle::RAD_PER_DEG;
use geo::{Geodetic, Time, geodesic};
use sim::ballistic::{Announced, Figures, announced, meet};
use validation::data;

/// What the issue asks for, of apogee and of distance.
const SHARE_MAX: f64 = 5e-3;
/// The rows of the record, and those with both figures.
const ROWS: (usize, usize) = (169, 84);

fn time() -> Time {
    "2022-01-01T00:00:00Z".parse().unwrap()
}

/// The rows of a CSV text by column name; fields in quotes may hold commas, doubled quotes and line ends.
fn rows(text: &str) -> Vec<HashMap<String, String>> {
    let (mut records, mut record, mut field, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                field.push('"');
            }
            '"' => quoted = !quoted,
            ',' if !quoted => record.push(std::mem::take(&mut field)),
            '\n' if !quoted => {
                record.push(std::mem::take(&mut field));
                records.push(std::mem::take(&mut record));
            }
            '\r' if !quoted => {}
            other => field.push(other),
        }
    }
    let names = records.remove(0);
    records
        .into_iter()
        .map(|record| names.iter().cloned().zip(record).collect())
        .collect()
}

fn number(row: &HashMap<String, String>, name: &str) -> Option<f64> {
    row[name].parse().ok()
}

fn figures(row: &HashMap<String, String>, lat: &str, lon: &str, range: &str) -> Option<Figures> {
    Some(Figures {
        launch: Geodetic::from_degrees(number(row, lat)?, number(row, lon)?, 0.0),
        apogee_m: number(row, "apogee_km")? * 1e3,
        range_m: number(row, range)? * 1e3,
        bearing_rad: number(row, "bearing_deg")? * RAD_PER_DEG,
        flight_time_s: None,
        class: None,
    })
}

/// Apogee and distance as shares of those wanted, minus one, and the bearing's error in degrees.
fn errors(figures: &Figures, found: &Announced) -> (f64, f64, f64) {
    let course = &found.flight.course;
    let (_, last) = course.span();
    let way = geodesic(figures.launch, course.geodetic(last).unwrap());
    let top_m = course.geodetic(found.flight.apogee).unwrap().height_m;
    let turned_rad = geo::angle::wrap_pi(way.azimuth_from_deg * RAD_PER_DEG - figures.bearing_rad);
    (
        top_m / figures.apogee_m - 1.0,
        way.distance_m / figures.range_m - 1.0,
        turned_rad / RAD_PER_DEG,
    )
}

fn seconds(found: &Announced) -> f64 {
    let (first, last) = found.flight.course.span();
    last - first
}

#[test]
fn every_launch_with_apogee_and_distance_has_its_flight() {
    let Some(path) = data("launches/nk_launches_1984_to_2022-01.csv") else {
        return;
    };
    let rows = rows(&std::fs::read_to_string(path).unwrap());
    assert_eq!(rows.len(), ROWS.0);
    // Several launches of one day often share their figures: one search for all.
    let mut distinct: BTreeMap<String, (Figures, String, usize)> = BTreeMap::new();
    for row in &rows {
        let Some(figures) = figures(row, "launch_lat_deg", "launch_lon_deg", "distance_km") else {
            continue;
        };
        let key = format!("{figures:?}");
        let name = format!("{} {}", row["date_utc"], row["missile"]);
        distinct.entry(key).or_insert((figures, name, 0)).2 += 1;
    }
    let counted: usize = distinct.values().map(|(_, _, count)| count).sum();
    assert_eq!(counted, ROWS.1);
    let (mut worst, mut glides, mut ballistic) = ((0.0_f64, 0.0_f64, 0.0_f64), 0, 0);
    for (figures, name, count) in distinct.values() {
        let found = announced(figures, time()).unwrap_or_else(|error| panic!("{name}: {error}"));
        let (apogee, range, bearing) = errors(figures, &found);
        assert!(
            apogee.abs() < SHARE_MAX && range.abs() < SHARE_MAX,
            "{name}: {apogee} {range}"
        );
        assert!(bearing.abs() < 0.1, "{name}: {bearing}");
        worst = (
            worst.0.max(apogee.abs()),
            worst.1.max(range.abs()),
            worst.2.max(bearing.abs()),
        );
        let (km, over_km) = (figures.apogee_m / 1e3, figures.range_m / 1e3);
        let why = found
            .not_ballistic
            .as_ref()
            .map(ToString::to_string)
            .unwrap_or_default();
        println!(
            "{name} x{count}: {km} km over {over_km} km, {:.0} s {why}",
            seconds(&found)
        );
        if found.not_ballistic.is_some() {
            glides += count;
        } else {
            ballistic += count;
        }
    }
    let (apogee, range, bearing) = worst;
    println!(
        "{ballistic} ballistic, {glides} glides; largest error {apogee:.1e} of apogee, {range:.1e} of distance, {bearing:.4}°"
    );
    assert_eq!((ballistic, glides), (73, 11));
}

#[test]
fn flight_times_are_those_published() {
    let text = include_str!("published.csv");
    for row in rows(text) {
        let figures = figures(&row, "lat_deg", "lon_deg", "range_km").unwrap();
        let flight = meet(&figures, time()).unwrap();
        let (first, last) = flight.course.span();
        let (ours_s, published_s) = (last - first, number(&row, "flight_time_s").unwrap());
        let share = ours_s / published_s - 1.0;
        println!(
            "{}: {ours_s:.0} s, published {published_s:.0} s, {:+.1} %",
            row["date_utc"],
            share * 100.0
        );
        // Within 3 %, and half a unit of what was told; apart from the three of README.md that contradict themselves or
        // others.
        let told = match row["date_utc"].as_str() {
            "2017-07-04" | "2022-03-24" => 0.07,
            "2017-08-28" => 0.12,
            _ => 0.03,
        };
        let allowed = told + 0.5 * number(&row, "resolution_s").unwrap() / published_s;
        assert!(share.abs() < allowed, "{}: {share}", row["date_utc"]);
    }
}
