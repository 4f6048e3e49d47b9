//! The bound that `trilat score` prints, along a flight whose information was summed elsewhere: see README.md.

#![expect(clippy::print_stdout, reason = "a validation says what it measured")]

use geo::angle::RAD_PER_DEG;
use geo::{Geodetic, Time};
use nalgebra::{Vector3, Vector6};
use plot::{Measurement, Plot, Polar, Sensor, Sigmas};
use score::{Course, Moment};
use serde_json::Value;
use study::{Path, bounds};

/// The other side integrates exactly and takes differences of whole flights; ours goes in steps of 10 s.
const TOLERANCE: f64 = 1e-4;

fn begin() -> Time {
    "2022-01-30T00:00:00Z".parse().expect("a time")
}

fn numbers(value: &Value) -> Vec<f64> {
    let list = value.as_array().expect("a list");
    list.iter().map(|number| number.as_f64().unwrap_or(f64::NAN)).collect()
}

fn rows(value: &Value) -> Vec<Vec<f64>> {
    value.as_array().expect("rows").iter().map(numbers).collect()
}

/// States at whole seconds, joined as truth files are.
struct Flown(Course);

impl Path for Flown {
    fn state(&self, time: Time) -> Option<Vector6<f64>> {
        let moment = self.0.at(time, 2.0, 0.0)?;
        let (place, speed) = (moment.position_m, moment.velocity_mps);
        Some(Vector6::new(place.x, place.y, place.z, speed.x, speed.y, speed.z))
    }

    fn is_free(&self, _: Time) -> bool {
        true
    }
}

fn flown(case: &Value) -> Flown {
    let moment = |row: Vec<f64>| Moment {
        time: begin() + row[0],
        position_m: Vector3::new(row[1], row[2], row[3]),
        velocity_mps: Vector3::new(row[4], row[5], row[6]),
    };
    Flown(Course::new(rows(&case["truth"]).into_iter().map(moment).collect()))
}

fn sensors(case: &Value) -> Vec<Sensor> {
    let radar = |(at, radar): (usize, &Value)| {
        let [site, sigmas, biases] = ["site", "sigmas", "biases"].map(|key| numbers(&radar[key]));
        let place = Geodetic::from_degrees(site[0], site[1], site[2]);
        let mut sensor = Sensor::new(&format!("radar-{at}"), "KR", place);
        sensor.sigmas.range_m = Some(sigmas[0]);
        sensor.sigmas.azimuth_rad = Some(sigmas[1] * RAD_PER_DEG);
        sensor.sigmas.elevation_rad = Some(sigmas[2] * RAD_PER_DEG);
        let known = |sigma: f64, unit: f64| (!sigma.is_nan()).then_some(sigma * unit);
        sensor.bias_sigmas.range_m = known(biases[0], 1.0);
        sensor.bias_sigmas.azimuth_rad = known(biases[1], RAD_PER_DEG);
        sensor.bias_sigmas.elevation_rad = known(biases[2], RAD_PER_DEG);
        sensor
    };
    let radars = case["radars"].as_array().expect("radars");
    radars.iter().enumerate().map(radar).collect()
}

fn plot(row: &[f64], sensors: &[Sensor]) -> Plot {
    let measured = Polar {
        range_m: Some(row[2]),
        azimuth_rad: Some(row[3] * RAD_PER_DEG),
        elevation_rad: Some(row[4] * RAD_PER_DEG),
        ..Polar::default()
    };
    Plot {
        time: begin() + row[0],
        sensor: sensors[row[1] as usize].name.clone(),
        measurement: Measurement::Polar(measured),
        sigmas: Sigmas::default(),
        snr_db: None,
        target: None,
        truth: None,
    }
}

#[test]
fn the_bound_along_a_flight_is_that_of_the_whole_batch() {
    let case: Value = serde_json::from_slice(include_bytes!("cases.json")).expect("JSON");
    let (path, sensors) = (flown(&case), sensors(&case));
    let plots: Vec<Plot> = rows(&case["plots"]).iter().map(|row| plot(row, &sensors)).collect();
    let plots: Vec<&Plot> = plots.iter().collect();
    let wanted = rows(&case["bounds"]);
    let instants: Vec<Time> = wanted.iter().map(|row| begin() + row[0]).collect();
    let found = bounds(&path, &plots, &sensors, &instants);
    let mut most = 0.0_f64;
    for (row, least) in wanted.iter().zip(&found) {
        let least = least.expect("a bound");
        let ours = [least.position_m2.sqrt(), least.velocity_m2ps2.sqrt()];
        println!("{} s: {ours:?}, elsewhere {:?}", row[0], &row[1..]);
        for (ours, theirs) in ours.iter().zip(&row[1..]) {
            most = most.max((ours / theirs - 1.0).abs());
        }
    }
    println!("at most {most:.1e} off");
    assert_eq!(found.len(), 7);
    assert!(most < TOLERANCE, "{most}");
    // What sensors do not know of themselves counts: without it every bound is lower.
    let exact: Vec<Sensor> = sensors
        .iter()
        .map(|sensor| Sensor {
            bias_sigmas: Default::default(),
            ..sensor.clone()
        })
        .collect();
    for (with, without) in found.iter().zip(bounds(&path, &plots, &exact, &instants)) {
        assert!(without.expect("a bound").position_m2 < with.expect("a bound").position_m2);
    }
}
