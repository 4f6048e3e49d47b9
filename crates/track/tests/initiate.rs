//! How tracks begin: what the first plots tell, and how soon it is known what flies.

#![expect(clippy::unwrap_used, reason = "a test")]
#![expect(clippy::print_stdout, reason = "what is measured is read with --nocapture")]

use std::f64::consts::TAU;

use geo::{Aer, Geodetic, Time};
use plot::{Coverage, Detection, Measurement, Plot, Polar, Sensor, Sensors, Sigmas};
use sim::scenario::{read_scenario, shipped};
use sim::sensor::observe;
use sim::{Chance, Truth};
use track::associate::Sequential;
use track::{Event, EventKind, Options, Row, Timeline, TimelineOptions};

fn tracked(plots: &[Plot], sensors: &Sensors) -> (Vec<Row>, Vec<Event>) {
    let mut timeline = Timeline::new(sensors, TimelineOptions::default(), Options::default());
    for plot in plots {
        timeline.add(plot).unwrap();
    }
    timeline.finish(&Sequential)
}

const FALSE: u16 = 200;
const TURNS: u8 = 6;
const RUNS: u8 = 3;

/// A radar that turns in 10 s and has many plots of nothing in each turn.
fn noisy(with_rate: bool) -> Sensor {
    let mut sensor = Sensor::new("noisy", "A", Geodetic::from_degrees(37.0, 127.0, 300.0));
    sensor.sigmas = Sigmas {
        range_m: Some(30.0),
        azimuth_rad: Some(1e-3),
        elevation_rad: Some(1e-3),
        range_rate_mps: with_rate.then_some(1.0),
        ..Sigmas::default()
    };
    sensor.coverage = Coverage {
        range_max_m: Some(400e3),
        ..Coverage::default()
    };
    sensor.scan_s = Some(10.0);
    sensor.detection = Detection {
        probability: Some(0.9),
        false_alarms_per_scan: Some(f64::from(FALSE)),
    };
    sensor
}

/// Plots of nothing over some turns, and of an object that comes in at 2 km/s.
fn in_clutter(with_rate: bool, seed: u64) -> Vec<Plot> {
    let sensor = noisy(with_rate);
    let mut chance = Chance::new(seed, &["clutter"]);
    let mut plots = Vec::new();
    let start: Time = "2024-01-01T00:00:00Z".parse().unwrap();
    let site = sensor.site;
    let from = Aer {
        azimuth_rad: 1.0,
        elevation_rad: 0.9,
        range_m: 350e3,
    };
    for turn in 0..TURNS {
        let mut add = |after_s: f64, aer: Aer, rate_mps: f64, truth: Option<&str>| {
            plots.push(Plot {
                time: start + (f64::from(turn) * 10.0 + after_s),
                sensor: sensor.name.clone(),
                measurement: Measurement::Polar(Polar {
                    range_m: Some(aer.range_m),
                    azimuth_rad: Some(aer.azimuth_rad),
                    elevation_rad: Some(aer.elevation_rad),
                    range_rate_mps: with_rate.then_some(rate_mps),
                    pressure_altitude_m: None,
                }),
                sigmas: Sigmas::default(),
                snr_db: None,
                target: None,
                truth: truth.map(Into::into),
            });
        };
        for _ in 0..FALSE {
            let aer = Aer {
                azimuth_rad: chance.between(0.0, TAU),
                elevation_rad: chance.between(0.0, 1.5),
                range_m: chance.between(5e3, 400e3),
            };
            add(chance.between(0.0, 9.9), aer, chance.between(-2e3, 2e3), None);
        }
        let (after_s, passed_s) = (5.0, f64::from(turn) * 10.0 + 5.0);
        // It falls freely, and towards the radar.
        let east_north_up = site.to_enu(site.from_aer(from)).vector();
        let velocity = -east_north_up.normalize() * 2_000.0;
        let fall = nalgebra::Vector3::new(0.0, 0.0, -9.3);
        let now = east_north_up + velocity * passed_s + fall * (0.5 * passed_s * passed_s);
        let aer = site.to_aer(site.to_ecef(geo::Position::from_vector(now)));
        let rate_mps = now.normalize().dot(&(velocity + fall * passed_s));
        let seen = Aer {
            azimuth_rad: aer.azimuth_rad + 1e-3 * chance.normal(),
            elevation_rad: aer.elevation_rad + 1e-3 * chance.normal(),
            range_m: aer.range_m + 30.0 * chance.normal(),
        };
        add(after_s, seen, rate_mps + chance.normal(), Some("object"));
    }
    plots.sort_by_key(|plot| plot.time);
    plots
}

/// Of some runs: tracks of nothing that were said to be objects, and how many turns it took to find the object.
fn begun(with_rate: bool) -> (usize, f64) {
    let mut sensors = Sensors::default();
    sensors.insert(noisy(with_rate)).unwrap();
    let (mut false_tracks, mut turns) = (0, 0.0);
    for seed in 0..u64::from(RUNS) {
        let plots = in_clutter(with_rate, seed);
        let (_, events) = tracked(&plots, &sensors);
        let confirmed = events.iter().filter(|event| event.kind == EventKind::Confirmed);
        let at_object = |event: &&Event| plots.iter().any(|plot| plot.time == event.time && plot.truth.is_some());
        let (own, others): (Vec<&Event>, Vec<&Event>) = confirmed.partition(at_object);
        false_tracks += others.len();
        turns += own
            .first()
            .map_or(f64::from(TURNS), |event| (event.time - plots[0].time) / 10.0);
    }
    (false_tracks, turns / f64::from(RUNS))
}

#[test]
fn range_rate_tells_an_object_from_nothing_sooner() {
    let (with, without) = (begun(true), begun(false));
    println!("false tracks, turns to confirm: {with:?} with range rate, {without:?} without");
    assert!(with.0 == 0 && with.1 <= 3.0, "{with:?}");
    assert!(with.1 + 1.0 <= without.1, "{with:?}, {without:?}");
}

fn simulated(name: &str, seed: u64) -> (Vec<Plot>, Sensors, Vec<Truth>) {
    let file = shipped().iter().find(|file| file.name == name).unwrap();
    let scenario = read_scenario(file.text, file.name).unwrap();
    let truths = scenario.fly(seed).unwrap();
    let observed = observe(&truths, &scenario.stations, scenario.span, seed);
    let mut sensors = Sensors::default();
    for station in &scenario.stations {
        sensors.insert(station.sensor.clone()).unwrap();
    }
    (observed.plots, sensors, truths)
}

/// The sensors of one owner, and their plots.
fn of_owner(owner: &str, plots: &[Plot], sensors: &Sensors) -> (Vec<Plot>, Sensors) {
    let mut own = Sensors::default();
    for sensor in sensors.as_slice().iter().filter(|sensor| &*sensor.owner == owner) {
        own.insert(sensor.clone()).unwrap();
    }
    let is_own = |plot: &&Plot| own.index_of(&plot.sensor).is_ok();
    (plots.iter().filter(is_own).cloned().collect(), own)
}

/// Distances, distances, directions: no owner has a place of anything, and together they have a track.
#[test]
fn alone_none_of_three_owners_finds_what_together_they_do() {
    for seed in [7, 8, 9] {
        let (plots, sensors, truths) = simulated("alone-none", seed);
        for owner in ["KR", "JP", "US"] {
            let (own, theirs) = of_owner(owner, &plots, &sensors);
            assert!(own.len() > 100, "{owner}, seed {seed}: {} plots", own.len());
            let (rows, events) = tracked(&own, &theirs);
            assert!(rows.is_empty() && events.is_empty(), "{owner}, seed {seed}");
        }
        let (rows, events) = tracked(&plots, &sensors);
        let confirmed = events.iter().filter(|event| event.kind == EventKind::Confirmed).count();
        let (mut nees, mut square) = (0.0, 0.0);
        for row in &rows {
            let truth = truths[0].course.state(row.time).unwrap().to_vector();
            nees += row.belief.mahalanobis_squared(&truth).unwrap() / rows.len() as f64;
            square += (truth - row.belief.mean).fixed_rows::<3>(0).norm_squared() / rows.len() as f64;
        }
        let begin = truths[0].course.span().0;
        let seen = plots.iter().find(|plot| plot.truth.is_some()).unwrap().time - begin;
        let found = rows.first().map(|row| row.time - begin);
        let rmse_m = square.sqrt();
        println!(
            "seed {seed}: first seen {seen:.0} s after launch, found {found:.0?}, {confirmed} confirmed, {} rows of {} \
             plots, {rmse_m:.0} m, NEES {nees:.2}",
            rows.len(),
            plots.len(),
        );
        assert!(confirmed == 1 && found.unwrap() < seen + 60.0, "seed {seed}");
        assert!(rows.len() * 10 > plots.len() * 9, "seed {seed}: {} rows", rows.len());
        assert!(rmse_m < 400.0 && nees < 12.0, "seed {seed}: {rmse_m} m, NEES {nees}");
    }
}
