//! Aircraft that are not seen for some time, and what is seen then near where they may be.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::collections::BTreeSet;

use geo::angle::RAD_PER_DEG;
use geo::math::{cos, sin};
use geo::{Enu, Geodetic, Position, Site, Time};
use plot::{Measurement, Plot, Polar, Quantity, Sensor, Sensors, Sigmas};
use track::associate::Sequential;
use track::{Options, Timeline, TimelineOptions};

const SCAN_S: f64 = 4.0;
const RADIUS_M: f64 = 6.37e6;

fn site() -> Geodetic {
    Geodetic::from_degrees(41.3, 2.1, 20.0)
}

/// A radar that turns in 4 s, of transponders.
fn radar() -> Sensors {
    let mut sensor = Sensor::new("radar", "ES", site());
    sensor.measures = vec![Quantity::Range, Quantity::Azimuth];
    sensor.scan_s = Some(SCAN_S);
    sensor.coverage.range_max_m = Some(400e3);
    sensor.sigmas.range_m = Some(20.0);
    sensor.sigmas.azimuth_rad = Some(0.08 * RAD_PER_DEG);
    let mut sensors = Sensors::default();
    sensors.insert(sensor).unwrap();
    sensors
}

/// The reply in a scan of what is so far east and north, and so high; with its height or without.
fn reply(scan: u32, [east_m, north_m, height_m]: [f64; 3], name: &str, with_height: bool) -> Plot {
    let (turn, salt) = (f64::from(scan), f64::from(name.as_bytes()[0]));
    let site = Site::new(site());
    let up_m = height_m - 20.0 - (east_m * east_m + north_m * north_m) / (2.0 * RADIUS_M);
    let aer = site.to_aer(site.to_ecef(Position::<Enu>::new(east_m, north_m, up_m)));
    let azimuth_rad = (aer.azimuth_rad + 2e-4 * sin(11.0 * turn + salt)).rem_euclid(std::f64::consts::TAU);
    let begin: Time = "2023-05-02T08:00:00Z".parse().unwrap();
    Plot {
        time: begin + SCAN_S * (turn + azimuth_rad / std::f64::consts::TAU),
        sensor: "radar".into(),
        measurement: Measurement::Polar(Polar {
            range_m: Some(aer.range_m + 5.0 * sin(7.0 * turn + salt)),
            azimuth_rad: Some(azimuth_rad),
            pressure_altitude_m: Some(height_m).filter(|_| with_height),
            ..Polar::default()
        }),
        sigmas: Sigmas::default(),
        snr_db: None,
        target: (!with_height).then(|| "440001".into()),
        truth: Some(name.into()),
    }
}

/// The tracks that had plots of an object.
fn tracks(plots: &[Plot], name: &str) -> BTreeSet<String> {
    let options = Options {
        is_target_ignored: true,
        ..Options::default()
    };
    let mut timeline = Timeline::new(&radar(), TimelineOptions::default(), options);
    let mut in_order: Vec<&Plot> = plots.iter().collect();
    in_order.sort_by_key(|plot| plot.time);
    for plot in in_order {
        timeline.add(plot).unwrap();
    }
    let (rows, _) = timeline.finish(&Sequential);
    let is_of = |time: Time| {
        plots
            .iter()
            .any(|plot| plot.time == time && plot.truth.as_deref() == Some(name))
    };
    let own = rows.iter().filter(|row| is_of(row.time));
    own.map(|row| row.track.to_string()).collect()
}

/// One that flies elsewhere, so that the radar is never silent.
fn other(scan: u32) -> Plot {
    let second = SCAN_S * f64::from(scan);
    reply(scan, [-90e3 + 200.0 * second, -60e3, 9_000.0], "o", true)
}

/// Where one is that flies at 230 m/s and turns by 15 degrees after 240 s.
fn turning(second: f64) -> [f64; 3] {
    let (before_s, after_s) = (second.min(240.0), (second - 240.0).max(0.0));
    let (ahead, aside) = (cos(15.0 * RAD_PER_DEG), sin(15.0 * RAD_PER_DEG));
    [
        -40e3 + 230.0 * (before_s + ahead * after_s),
        80e3 + 230.0 * aside * after_s,
        10_000.0,
    ]
}

/// Not seen for 80 s, in which it turned: the same track goes on.
#[test]
fn what_turned_unseen_is_the_same() {
    let mut plots: Vec<Plot> = (0..110).map(other).collect();
    let seen = (0..110).filter(|scan| !(50..70).contains(scan));
    plots.extend(seen.map(|scan| reply(scan, turning(SCAN_S * f64::from(scan)), "a", true)));
    let own = tracks(&plots, "a");
    assert_eq!(own.len(), 1, "{own:?}");
}

/// A slow one falls silent; two minutes later a fast one comes by, where the slow one might be: it is another.
#[test]
fn what_is_faster_than_what_was_lost_is_another() {
    let mut plots: Vec<Plot> = (0..110).map(other).collect();
    for scan in 0..110 {
        let second = SCAN_S * f64::from(scan);
        if second < 200.0 {
            plots.push(reply(scan, [60e3, 70e3 + 60.0 * second, 3_000.0], "s", true));
        }
        if second >= 320.0 {
            let east_m = 61e3 + 220.0 * (second - 320.0);
            plots.push(reply(scan, [east_m, 89e3, 3_200.0], "f", true));
        }
    }
    let (slow, fast) = (tracks(&plots, "s"), tracks(&plots, "f"));
    assert_eq!((slow.len(), fast.len()), (1, 1), "{slow:?} {fast:?}");
    assert!(slow.is_disjoint(&fast), "{slow:?}");
}

/// One that taxies away without saying its height, and says it later: its track has not climbed along the slant range.
#[test]
fn what_taxies_without_a_height_stays_low() {
    let mut plots: Vec<Plot> = (0..110).map(other).collect();
    for scan in 0..110 {
        let second = SCAN_S * f64::from(scan);
        let place = [-2_300.0 - 7.0 * second.min(170.0), -200.0 - 2.0 * second, 0.0];
        plots.push(reply(scan, place, "t", second >= 300.0));
    }
    let own = tracks(&plots, "t");
    assert_eq!(own.len(), 1, "{own:?}");
}
