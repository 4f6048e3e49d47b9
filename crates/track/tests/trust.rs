//! A sensor that goes wrong among three: named, contained, and the picture of the others stays as it was.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a test that says what it measured"
)]

use std::collections::BTreeMap;

use geo::{Aer, Geodetic, Time};
use nalgebra::Vector3;
use plot::{Measurement, Plot, Polar, Quantity, Sensor, Sensors};
use track::associate::Sequential;
use track::{Fault, Options, Row, SensorEvent, SensorReport, Standing, Timeline, TimelineOptions};

const SCAN_S: f64 = 4.0;
const BEGIN_NS: i64 = 1_700_000_000_000_000_000;
const RANGE_SIGMA_M: f64 = 40.0;
const AZIMUTH_SIGMA_RAD: f64 = 0.0015;
const ELEVATION_SIGMA_RAD: f64 = 0.0015;
const AIRCRAFT: usize = 12;
const SPAN_S: f64 = 400.0;
/// When the sensor goes wrong.
const WRONG_S: f64 = 160.0;

/// Knuth's linear congruence, and a normal number out of twelve.
struct Chance(u64);

impl Chance {
    fn uniform(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.uniform()).sum::<f64>() - 6.0
    }
}

fn place(north_m: f64, east_m: f64, height_m: f64) -> Geodetic {
    Geodetic {
        lat_rad: 0.75 + north_m / 6.371e6,
        lon_rad: 0.10 + east_m / 6.371e6 / 0.7317,
        height_m,
    }
}

fn at(seconds: f64) -> Time {
    Time::from_tai_ns(BEGIN_NS) + seconds
}

/// Three radars, and twelve aircraft that fly straight on through what all see.
struct Scene {
    sensors: Sensors,
    /// Begin, velocity (north, east), height.
    aircraft: Vec<([f64; 2], [f64; 2], f64)>,
    plots: Vec<Plot>,
}

impl Scene {
    fn new(seed: u64) -> Self {
        let mut chance = Chance(seed.wrapping_mul(77_777) + 5);
        let mut sensors = Sensors::default();
        for (name, north_m, east_m) in [("a", 0.0, 0.0), ("b", 70e3, -30e3), ("c", -20e3, 80e3)] {
            let mut sensor = Sensor::new(name, "xx", place(north_m, east_m, 100.0));
            sensor.scan_s = Some(SCAN_S);
            sensor.sigmas.range_m = Some(RANGE_SIGMA_M);
            sensor.sigmas.azimuth_rad = Some(AZIMUTH_SIGMA_RAD);
            sensor.sigmas.elevation_rad = Some(ELEVATION_SIGMA_RAD);
            sensor.coverage.range_max_m = Some(300e3);
            sensor.detection.probability = Some(0.9);
            sensor.detection.false_alarms_per_scan = Some(2.0);
            sensors.insert(sensor).unwrap();
        }
        let mut aircraft = Vec::new();
        for _ in 0..AIRCRAFT {
            let begin = [
                20e3 + 90e3 * (chance.uniform() - 0.5),
                20e3 + 90e3 * (chance.uniform() - 0.5),
            ];
            let course_rad = std::f64::consts::TAU * chance.uniform();
            let (sin, cos) = geo::math::sin_cos(course_rad);
            let speed_mps = 150.0 + 100.0 * chance.uniform();
            let height_m = 5_000.0 + 6_000.0 * chance.uniform();
            aircraft.push((begin, [speed_mps * cos, speed_mps * sin], height_m));
        }
        let mut scene = Self {
            sensors,
            aircraft,
            plots: Vec::new(),
        };
        scene.observe(&mut chance);
        scene
    }

    fn truth(&self, of: usize, time_s: f64) -> Geodetic {
        let (begin, velocity, height_m) = self.aircraft[of];
        place(
            begin[0] + velocity[0] * time_s,
            begin[1] + velocity[1] * time_s,
            height_m,
        )
    }

    fn observe(&mut self, chance: &mut Chance) {
        let mut plots = Vec::new();
        for (index, sensor) in self.sensors.as_slice().iter().enumerate() {
            for scan in 0..(SPAN_S / SCAN_S) as usize {
                let begin_s = scan as f64 * SCAN_S + 0.7 * index as f64;
                for of in 0..AIRCRAFT {
                    let aer = sensor.site.to_aer(self.truth(of, begin_s).to_ecef());
                    let turn = aer.azimuth_rad / std::f64::consts::TAU;
                    let time_s = begin_s + SCAN_S * turn;
                    let aer = sensor.site.to_aer(self.truth(of, time_s).to_ecef());
                    if chance.uniform() < 0.9 {
                        plots.push((time_s, sensor, aer));
                    }
                }
                while chance.uniform() < 2.0 / 3.0 {
                    let turn = chance.uniform();
                    let aer = Aer {
                        range_m: 200e3 * chance.uniform().sqrt(),
                        azimuth_rad: turn * std::f64::consts::TAU,
                        elevation_rad: 0.02 + 0.2 * chance.uniform(),
                    };
                    plots.push((begin_s + SCAN_S * turn, sensor, aer));
                }
            }
        }
        let noisy = plots.into_iter().map(|(time_s, sensor, aer)| {
            plot(
                sensor,
                time_s,
                Aer {
                    range_m: aer.range_m + RANGE_SIGMA_M * chance.normal(),
                    azimuth_rad: aer.azimuth_rad + AZIMUTH_SIGMA_RAD * chance.normal(),
                    elevation_rad: aer.elevation_rad + ELEVATION_SIGMA_RAD * chance.normal(),
                },
            )
        });
        self.plots = noisy.collect();
        self.plots.sort_by_key(|plot| plot.time);
    }

    /// Root of the mean square of the error of each aircraft's nearest row of each four seconds after the fault,
    /// at most a kilometre, and one kilometre for one that has none; and rows that are of no aircraft.
    fn error_m(&self, rows: &[Row]) -> (f64, usize) {
        let (mut sum, mut count, mut strange) = (0.0, 0, 0);
        let mut by_slot: BTreeMap<i64, Vec<&Row>> = BTreeMap::new();
        for row in rows {
            by_slot
                .entry(((row.time - at(0.0)) / SCAN_S) as i64)
                .or_default()
                .push(row);
        }
        let off_m = |row: &Row, of: usize| {
            let place: Vector3<f64> = row.belief.mean.fixed_rows::<3>(0).into();
            (self.truth(of, row.time - at(0.0)).to_ecef().vector() - place).norm()
        };
        for slot in (WRONG_S / SCAN_S) as i64 + 2..(SPAN_S / SCAN_S) as i64 {
            let rows = by_slot.get(&slot).map_or(&[][..], Vec::as_slice);
            for of in 0..AIRCRAFT {
                let least = rows.iter().map(|row| off_m(row, of)).fold(1_000.0, f64::min);
                sum += least * least;
                count += 1;
            }
            strange += rows
                .iter()
                .filter(|row| (0..AIRCRAFT).all(|of| off_m(row, of) > 2_000.0))
                .count();
        }
        ((sum / f64::from(count)).sqrt(), strange)
    }
}

fn plot(sensor: &Sensor, time_s: f64, aer: Aer) -> Plot {
    let polar = Polar {
        range_m: Some(aer.range_m),
        azimuth_rad: Some(aer.azimuth_rad.rem_euclid(std::f64::consts::TAU)),
        elevation_rad: Some(aer.elevation_rad),
        ..Polar::default()
    };
    Plot {
        sensor: sensor.name.clone(),
        time: at(time_s),
        measurement: Measurement::Polar(polar),
        sigmas: plot::Sigmas::default(),
        snr_db: None,
        target: None,
        truth: None,
    }
}

struct Outcome {
    rows: Vec<Row>,
    events: Vec<SensorEvent>,
    reports: Vec<SensorReport>,
}

fn tracked(plots: &[Plot], sensors: &Sensors) -> Outcome {
    let mut timeline = Timeline::new(
        sensors,
        TimelineOptions {
            lag_s: 20.0,
            ..TimelineOptions::default()
        },
        Options::default(),
    );
    let (mut rows, mut events) = (Vec::new(), Vec::new());
    for part in plots.chunks(50) {
        for plot in part {
            timeline.add(plot).unwrap();
        }
        rows.extend(timeline.settle(&Sequential).0);
        events.extend(timeline.drain_sensor_events());
    }
    rows.extend(timeline.finish(&Sequential).0);
    events.extend(timeline.drain_sensor_events());
    Outcome {
        rows,
        events,
        reports: timeline.sensor_reports(),
    }
}

/// The scene with what sensor `a` says after it went wrong changed; without it, and with it.
fn against(seed: u64, fault: &str, spoil: impl Fn(&Plot, &Plot) -> Vec<Plot>) -> (Scene, Outcome) {
    let scene = Scene::new(seed);
    let (mut last, mut plots): (Option<Plot>, Vec<Plot>) = (None, Vec::new());
    for plot in &scene.plots {
        if &*plot.sensor == "a" && plot.time - at(0.0) > WRONG_S {
            plots.extend(spoil(plot, last.as_ref().unwrap()));
        } else {
            if &*plot.sensor == "a" {
                last = Some(plot.clone());
            }
            plots.push(plot.clone());
        }
    }
    let without: Vec<Plot> = scene
        .plots
        .iter()
        .filter(|plot| &*plot.sensor != "a")
        .cloned()
        .collect();
    let (alone_m, alone_strange) = scene.error_m(&tracked(&without, &scene.sensors).rows);
    let outcome = tracked(&plots, &scene.sensors);
    let (error_m, strange) = scene.error_m(&outcome.rows);
    println!(
        "{fault}, seed {seed}: without it {alone_m:.1} m, {alone_strange} strange rows; with it {error_m:.1} m, {strange}"
    );
    for event in &outcome.events {
        println!(
            "  {:.1} s: {} {:?}: {}",
            event.time - at(WRONG_S),
            event.sensor,
            event.standing,
            event.fault
        );
    }
    assert!(
        error_m <= 1.2 * alone_m,
        "{fault}, seed {seed}: {error_m} m, without it {alone_m} m"
    );
    assert!(
        strange <= alone_strange + 10,
        "{fault}, seed {seed}: {strange} strange rows"
    );
    let others = outcome.events.iter().filter(|event| event.sensor != 0);
    assert_eq!(
        others.filter(|event| event.standing == Standing::Contained).count(),
        0,
        "{fault}, seed {seed}"
    );
    (scene, outcome)
}

/// Whether sensor `a` was contained for a fault of that name within so many scans.
fn is_contained(outcome: &Outcome, name: &str, scans: f64) -> bool {
    outcome.events.iter().any(|event| {
        event.sensor == 0
            && event.standing == Standing::Contained
            && event.fault.name() == name
            && event.time - at(WRONG_S) < scans * SCAN_S
    })
}

const SEEDS: [u64; 3] = [1, 2, 3];

#[test]
fn mirrored_azimuths_are_named() {
    for seed in SEEDS {
        let (_, outcome) = against(seed, "mirrored", |plot, _| {
            let Measurement::Polar(mut polar) = plot.measurement else {
                return Vec::new();
            };
            polar.azimuth_rad = polar
                .azimuth_rad
                .map(|azimuth_rad| (-azimuth_rad).rem_euclid(std::f64::consts::TAU));
            vec![Plot {
                measurement: Measurement::Polar(polar),
                ..plot.clone()
            }]
        });
        assert!(is_contained(&outcome, "mirrored_azimuth", 3.0), "seed {seed}");
        assert!(outcome.reports[0].contained > 100, "seed {seed}");
    }
}

#[test]
fn a_clock_that_jumps_an_hour_is_named() {
    for (seed, jump_s) in [(1, 3_600.0), (2, 3_600.0), (3, -3_600.0)] {
        let (_, outcome) = against(seed, "clock", |plot, _| {
            vec![Plot {
                time: plot.time + jump_s,
                ..plot.clone()
            }]
        });
        assert!(is_contained(&outcome, "clock", 10.0), "seed {seed}");
        let counts = outcome.reports[0].counts;
        assert!(counts.clock + counts.late > 100, "seed {seed}: {counts:?}");
        assert_eq!(
            outcome.reports[1].counts.late, 0,
            "seed {seed}: no other sensor's plot is late by it"
        );
    }
}

#[test]
fn a_plot_that_is_repeated_for_ever_is_named() {
    for seed in SEEDS {
        let (_, outcome) = against(seed, "repeats", |plot, last| {
            vec![Plot {
                time: plot.time,
                ..last.clone()
            }]
        });
        assert!(is_contained(&outcome, "repeats", 3.0), "seed {seed}");
    }
}

#[test]
fn a_flood_is_named_and_costs_little() {
    let (_, outcome) = against(1, "flood", |plot, _| {
        // 100,000 in a second, for two seconds.
        let since_s = plot.time - at(WRONG_S);
        if since_s > 2.0 {
            return Vec::new();
        }
        let mut chance = Chance(plot.time.tai_ns() as u64);
        let mut flood = vec![plot.clone()];
        for _ in 0..30_000 {
            let Measurement::Polar(mut polar) = plot.measurement else {
                continue;
            };
            polar.range_m = Some(200e3 * chance.uniform() + 1_000.0);
            polar.azimuth_rad = Some(std::f64::consts::TAU * chance.uniform());
            polar.elevation_rad = Some(0.2 * chance.uniform());
            flood.push(Plot {
                time: plot.time + 0.3 * chance.uniform(),
                measurement: Measurement::Polar(polar),
                ..plot.clone()
            });
        }
        flood
    });
    assert!(is_contained(&outcome, "flood", 1.0));
    assert!(
        outcome.reports[0].counts.flood > 10_000,
        "{:?}",
        outcome.reports[0].counts
    );
}

#[test]
fn impossible_accuracy_is_named_and_not_believed() {
    for seed in SEEDS {
        let (_, outcome) = against(seed, "accuracy", |plot, _| {
            let mut plot = plot.clone();
            plot.sigmas.range_m = Some(0.01);
            plot.sigmas.azimuth_rad = Some(1e-7);
            plot.sigmas.elevation_rad = Some(1e-7);
            vec![plot]
        });
        let is_named = |event: &SensorEvent| {
            event.sensor == 0
                && matches!(event.fault, Fault::Accuracy { .. })
                && event.time - at(WRONG_S) < 3.0 * SCAN_S
        };
        assert!(outcome.events.iter().any(is_named), "seed {seed}");
    }
}

/// Three good sensors, and one that is alone: nobody is contained, whatever the chance.
#[test]
fn good_sensors_are_believed() {
    for seed in 1..=8 {
        let scene = Scene::new(seed);
        let alone: Vec<Plot> = scene
            .plots
            .iter()
            .filter(|plot| &*plot.sensor == "b")
            .cloned()
            .collect();
        for plots in [&scene.plots, &alone] {
            let outcome = tracked(plots, &scene.sensors);
            let contained = outcome
                .events
                .iter()
                .filter(|event| event.standing == Standing::Contained);
            assert_eq!(contained.count(), 0, "seed {seed}: {:?}", outcome.events);
            let refused: u64 = outcome.reports.iter().map(|report| report.contained).sum();
            assert_eq!(refused, 0, "seed {seed}");
        }
    }
}

/// A sensor that was mirrored for a minute and a half is used again later.
#[test]
fn what_behaves_again_is_let_back() {
    let scene = Scene::new(4);
    let plots: Vec<Plot> = scene
        .plots
        .iter()
        .map(|plot| {
            let since_s = plot.time - at(0.0);
            let mut plot = plot.clone();
            if let Measurement::Polar(polar) = &mut plot.measurement
                && &*plot.sensor == "a"
                && (100.0..190.0).contains(&since_s)
            {
                polar.azimuth_rad = polar
                    .azimuth_rad
                    .map(|azimuth_rad| (-azimuth_rad).rem_euclid(std::f64::consts::TAU));
            }
            plot
        })
        .collect();
    let outcome = tracked(&plots, &scene.sensors);
    let own: Vec<&SensorEvent> = outcome.events.iter().filter(|event| event.sensor == 0).collect();
    let cleared = own.iter().find(|event| event.standing == Standing::Trusted);
    let since_s = cleared.map(|event| event.time - at(190.0));
    assert!(
        since_s.is_some_and(|since_s| (50.0..80.0).contains(&since_s)),
        "{own:?}"
    );
    assert_eq!(outcome.reports[0].standing, Standing::Trusted);
    assert!(
        outcome
            .rows
            .iter()
            .any(|row| row.time > at(300.0) && row.sensors.contains(&0))
    );
}

/// What the sensors report of their registration: known better than before where several see the same.
#[test]
fn constant_errors_are_reported_with_what_is_known_of_them() {
    let scene = Scene::new(5);
    let outcome = tracked(&scene.plots, &scene.sensors);
    for report in &outcome.reports {
        let azimuth = report
            .registration
            .iter()
            .find(|of| of.quantity == Some(Quantity::Azimuth))
            .unwrap();
        assert!(azimuth.observability() > 0.5, "{azimuth:?}");
        assert!(azimuth.mean.abs() < 4.0 * azimuth.sigma, "{azimuth:?}");
    }
}

/// What is learnt of the scatter of a sensor's plots is reported: of one that states far too much, and what is used.
#[test]
fn sigmas_that_were_learnt_are_reported() {
    let scene = Scene::new(6);
    let mut sensors = Sensors::default();
    let mut honest_rad = 0.0;
    for sensor in scene.sensors.as_slice() {
        let mut timid = sensor.clone();
        honest_rad = sensor.sigmas.azimuth_rad.unwrap();
        timid.sigmas.azimuth_rad = Some(8.0 * honest_rad);
        sensors.insert(timid).unwrap();
    }
    let outcome = tracked(&scene.plots, &sensors);
    for report in &outcome.reports {
        let of = report
            .sigmas
            .iter()
            .find(|of| of.quantity == Quantity::Azimuth)
            .unwrap();
        assert_eq!(of.stated, Some(8.0 * honest_rad));
        assert!(
            (0.5..2.0).contains(&(of.seen / honest_rad)),
            "{of:?}, truly {honest_rad}"
        );
        assert!(
            of.used.is_some_and(|used| used > of.seen && used < 4.0 * honest_rad),
            "{of:?}"
        );
    }
}
