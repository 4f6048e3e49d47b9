//! Aircraft near each other on the ground, where transponders are switched on and off: no track takes another's object.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::collections::BTreeSet;

use geo::angle::RAD_PER_DEG;
use geo::math::{atan2, hypot, sin};
use geo::{Geodetic, Time};
use plot::{Measurement, Plot, Polar, Quantity, Sensor, Sensors, Sigmas};
use track::associate::Sequential;
use track::{Options, Timeline, TimelineOptions};

const SCAN_S: f64 = 4.0;

fn begin() -> Time {
    "2023-05-02T08:00:00Z".parse().unwrap()
}

/// A radar that turns in 4 s, of transponders.
fn radar() -> Sensors {
    let mut sensor = Sensor::new("radar", "ES", Geodetic::from_degrees(41.3, 2.1, 20.0));
    sensor.measures = vec![Quantity::Range, Quantity::Azimuth];
    sensor.scan_s = Some(SCAN_S);
    sensor.coverage.range_max_m = Some(400e3);
    sensor.sigmas.range_m = Some(20.0);
    sensor.sigmas.azimuth_rad = Some(0.08 * RAD_PER_DEG);
    let mut sensors = Sensors::default();
    sensors.insert(sensor).unwrap();
    sensors
}

/// The reply of what is so far east and north in a scan.
fn reply(scan: u32, [east_m, north_m]: [f64; 2], name: &str) -> Plot {
    let (turn, salt) = (f64::from(scan), f64::from(name.as_bytes()[0]));
    let range_m = hypot(east_m, north_m) + 3.0 * sin(7.0 * turn + salt);
    let azimuth_deg = (atan2(east_m, north_m) / RAD_PER_DEG + 1e-4 * sin(11.0 * turn + salt)).rem_euclid(360.0);
    Plot {
        time: begin() + SCAN_S * (turn + azimuth_deg / 360.0),
        sensor: "radar".into(),
        measurement: Measurement::Polar(Polar {
            range_m: Some(range_m),
            azimuth_rad: Some(azimuth_deg * RAD_PER_DEG),
            pressure_altitude_m: Some(0.0),
            ..Polar::default()
        }),
        sigmas: Sigmas::default(),
        snr_db: None,
        target: None,
        truth: Some(name.into()),
    }
}

/// The tracks that had plots of each object, by name, of those asked for.
fn tracks<const N: usize>(plots: &[Plot], of: [&str; N]) -> [BTreeSet<String>; N] {
    let mut timeline = Timeline::new(&radar(), TimelineOptions::default(), Options::default());
    for plot in plots {
        timeline.add(plot).unwrap();
    }
    let (rows, _) = timeline.finish(&Sequential);
    of.map(|name| {
        let is_of = |time: Time| {
            plots
                .iter()
                .any(|plot| plot.time == time && plot.truth.as_deref() == Some(name))
        };
        let own = rows.iter().filter(|row| is_of(row.time));
        own.map(|row| row.track.to_string()).collect()
    })
}

/// One stands and switches its transponder off; 100 s later another switches on, 400 m away, and leaves.
#[test]
fn what_stood_and_fell_silent_takes_nothing_that_starts_nearby() {
    let mut plots = Vec::new();
    for scan in 0..90 {
        let second = SCAN_S * f64::from(scan);
        plots.push(reply(scan, [-3_000.0, -1_500.0], "c"));
        if second < 100.0 {
            plots.push(reply(scan, [2_000.0, 0.0], "a"));
        }
        if second >= 200.0 {
            plots.push(reply(scan, [2_000.0, 400.0 + 8.0 * (second - 200.0)], "b"));
        }
    }
    let [a, b] = tracks(&plots, ["a", "b"]);
    assert_eq!((a.len(), b.len()), (1, 1), "{a:?} {b:?}");
    assert!(a.is_disjoint(&b), "{a:?}");
}

/// Comes back where it stood: the same track goes on.
#[test]
fn what_stood_and_fell_silent_is_found_where_it_stood() {
    let seen = (0..90).filter(|scan| !(25..50).contains(scan));
    let mut plots: Vec<Plot> = (0..90).map(|scan| reply(scan, [-3_000.0, -1_500.0], "c")).collect();
    plots.extend(seen.map(|scan| reply(scan, [2_000.0, 0.0], "a")));
    let [a] = tracks(&plots, ["a"]);
    assert_eq!(a.len(), 1, "{a:?}");
}

/// Two taxi one behind the other, both seen; the first falls silent, and the second is not taken for it.
#[test]
fn two_that_were_seen_side_by_side_stay_two() {
    let mut plots = Vec::new();
    for scan in 0..90 {
        let second = SCAN_S * f64::from(scan);
        plots.push(reply(scan, [-3_000.0, -1_500.0], "c"));
        if second < 120.0 {
            plots.push(reply(scan, [-3_000.0 + 8.0 * second, 1_500.0], "a"));
        }
        if second >= 24.0 {
            plots.push(reply(scan, [-3_200.0 + 8.0 * second, 1_500.0], "b"));
        }
    }
    let [a, b] = tracks(&plots, ["a", "b"]);
    assert_eq!((a.len(), b.len()), (1, 1), "{a:?} {b:?}");
    assert!(a.is_disjoint(&b), "{a:?}");
}
