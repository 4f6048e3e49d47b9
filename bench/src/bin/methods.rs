//! The tracker with each method of association over the same scenes: how far its picture is from what is there (GOSPA),
//! how often tracks have gone over to another object once objects are apart again, how often the track of an object
//! changes, plots a second.
//!
//! Usage: `methods [--seeds N] [--scans N] [--leaves N] [--ratio X] [--method 0..3] [SCENE…]`; scenes by part of their
//! name, all without. The made scenes: position plots of one radar of 4 s, sigma 100 m, nine of ten seen; GOSPA (cutoff
//! 1 km, order 2) of the scans from the eleventh on, the mean over seeds; changes are summed over them.

#[path = "clock/clock.rs"]
mod clock;

use std::collections::BTreeMap;

use clock::Clock;
use geo::{Geodetic, Position, Site, Time};
use nalgebra::Vector3;
use plot::{Measurement, Plot, PositionFix, Quantity, Sensor, Sensors, Sigmas};
use score::{Course, Cutoff, Follow, Gospa, Moment, Picture, SiapTally, Thing, gospa};
use sim::Chance;
use sim::scenario::{read_scenario, shipped};
use sim::sensor::observe;
use track::associate::forest;
use track::associate::{Method, Sequential};
use track::{Efforts, Options, Row, Timeline, TimelineOptions};

const METHODS: [Method; 4] = [Method::Gnn, Method::Lbp, Method::Exact, Method::Mht];
const SCAN_S: f64 = 4.0;
const SCANS: usize = 60;
const SIGMA_M: f64 = 100.0;
const DETECTION: f64 = 0.9;
const HEIGHT_M: f64 = 8_000.0;
const CUTOFF_M: f64 = 1_000.0;
/// Tracks need some scans to begin.
const FIRST: usize = 10;
/// A track that was not seen for so long is not in the picture.
const GAP_SCANS: f64 = 3.0;
/// Which track is on which object is asked where no other is nearer.
const APART_M: f64 = 400.0;
const BEGIN_NS: i64 = 1_700_000_000_000_000_000;

/// What is tracked, and what is there.
struct Scene {
    plots: Vec<Plot>,
    sensors: Sensors,
    /// Times of the pictures, and the objects at each by number.
    instants: Vec<(Time, Vec<Thing>)>,
    /// A track that was not updated for so long is not in the picture.
    gap_s: f64,
}

/// An object that flies straight: where it is in the plane in the middle of the time, m, and its velocity, m/s.
#[derive(Copy, Clone)]
struct Straight {
    middle_m: [f64; 2],
    velocity_mps: [f64; 2],
}

fn straight(middle_m: [f64; 2], course_rad: f64, speed_mps: f64) -> Straight {
    let (sin, cos) = geo::math::sin_cos(course_rad);
    Straight {
        middle_m,
        velocity_mps: [speed_mps * sin, speed_mps * cos],
    }
}

/// Objects 20 km apart on any course.
fn apart(chance: &mut Chance) -> Vec<Straight> {
    let place = |at: usize| [(at % 6) as f64 * 20e3 - 50e3, (at / 6) as f64 * 20e3 - 50e3];
    (0..36)
        .map(|at| {
            straight(
                place(at),
                chance.uniform() * std::f64::consts::TAU,
                150.0 + 100.0 * chance.uniform(),
            )
        })
        .collect()
}

/// Pairs that cross in the middle of the time, within 100 m, at 4 to 12 degrees.
fn crossing(chance: &mut Chance) -> Vec<Straight> {
    let mut objects = Vec::new();
    for at in 0..16 {
        let [x, y] = [(at % 4) as f64 * 30e3 - 45e3, (at / 4) as f64 * 30e3 - 45e3];
        let course_rad = chance.uniform() * std::f64::consts::TAU;
        let angle_rad = (4.0 + 8.0 * chance.uniform()).to_radians();
        let aside = [(); 2].map(|()| 100.0 * (chance.uniform() - 0.5));
        objects.push(straight([x, y], course_rad, 200.0));
        objects.push(straight([x + aside[0], y + aside[1]], course_rad + angle_rad, 200.0));
    }
    objects
}

/// Fifty beside each other.
fn abreast(_: &mut Chance) -> Vec<Straight> {
    (0..50)
        .map(|at| straight([(f64::from(at) - 25.0) * 500.0, 0.0], 0.0, 200.0))
        .collect()
}

fn time(scan: usize) -> Time {
    Time::from_tai_ns(BEGIN_NS + (scan as f64 * SCAN_S * 1e9) as i64)
}

/// What a radar sees of objects, with so many plots of nothing a scan over a square.
fn seen(objects: &[Straight], sigma_m: f64, clutter: usize, side_m: f64, chance: &mut Chance) -> Scene {
    let site = Site::new(Geodetic::from_degrees(45.0, 10.0, 0.0));
    let mut sensor = Sensor::new("radar", "own", site.geodetic());
    sensor.measures = vec![Quantity::Position];
    sensor.scan_s = Some(SCAN_S);
    sensor.sigmas = Sigmas {
        position_m: Some(sigma_m),
        height_m: Some(sigma_m),
        ..Sigmas::default()
    };
    sensor.coverage.range_max_m = Some(200e3);
    sensor.detection.probability = Some(DETECTION);
    // The tracker spreads clutter over a square of 500 km.
    let square = 500e3 * 500e3 / (side_m * side_m);
    sensor.detection.false_alarms_per_scan = Some(clutter as f64 * square);
    let (mut plots, mut instants) = (Vec::new(), Vec::new());
    for scan in 0..SCANS {
        let since_s = (scan as f64 - SCANS as f64 / 2.0) * SCAN_S;
        let mut report = |x: f64, y: f64, z: f64| {
            plots.push(Plot {
                time: time(scan),
                sensor: sensor.name.clone(),
                measurement: Measurement::Position(PositionFix {
                    geodetic: Geodetic::from_ecef(site.to_ecef(Position::new(x, y, z))),
                    velocity: None,
                }),
                sigmas: Sigmas::default(),
                snr_db: None,
                target: None,
                truth: None,
            });
        };
        let mut there = Vec::new();
        for (id, object) in objects.iter().enumerate() {
            let [x, y] = [0, 1].map(|axis| object.middle_m[axis] + object.velocity_mps[axis] * since_s);
            if chance.uniform() < DETECTION {
                let [a, b, c] = [(); 3].map(|()| sigma_m * chance.normal());
                report(x + a, y + b, HEIGHT_M + c);
            }
            let place = site.to_ecef(Position::new(x, y, HEIGHT_M)).vector();
            there.push(Thing::new(id, place, Vector3::zeros()));
        }
        for _ in 0..clutter {
            let [x, y] = [(); 2].map(|()| (chance.uniform() - 0.5) * side_m);
            report(x, y, HEIGHT_M + sigma_m * chance.normal());
        }
        instants.push((time(scan), there));
    }
    let mut sensors = Sensors::default();
    sensors.insert(sensor).expect("one sensor");
    Scene {
        plots,
        sensors,
        instants: instants.split_off(FIRST),
        gap_s: GAP_SCANS * SCAN_S,
    }
}

/// A shipped scenario; pictures each five seconds.
fn scenario(name: &str, seed: u64) -> Scene {
    let file = shipped()
        .iter()
        .find(|file| file.name == name)
        .expect("a shipped scenario");
    let scenario = read_scenario(file.text, file.name).expect("it is right");
    let truths = scenario.fly(seed).expect("it flies");
    let observed = observe(&truths, &scenario.stations, scenario.span, seed);
    let mut sensors = Sensors::default();
    for station in &scenario.stations {
        sensors.insert(station.sensor.clone()).expect("names differ");
    }
    // Objects count from the first plot of them to the last.
    let mut spans: BTreeMap<&str, (Time, Time)> = BTreeMap::new();
    for plot in &observed.plots {
        if let Some(truth) = &plot.truth {
            let span = spans.entry(truth).or_insert((plot.time, plot.time));
            *span = (span.0.min(plot.time), span.1.max(plot.time));
        }
    }
    let (from, until) = (observed.plots.first(), observed.plots.last());
    let (Some(from), Some(until)) = (from, until) else {
        panic!("{name}: no plots");
    };
    let mut instants = Vec::new();
    let mut now = from.time;
    while now <= until.time {
        let is_now = |truth: &sim::Truth| {
            spans
                .get(&*truth.id)
                .is_some_and(|span| (span.0..=span.1).contains(&now))
        };
        let there = truths.iter().enumerate().filter(|(_, truth)| is_now(truth));
        let there = there.filter_map(|(id, truth)| {
            let state = truth.course.state(now)?;
            Some(Thing::new(id, state.position.vector(), state.velocity.vector()))
        });
        instants.push((now, there.collect()));
        now = now + 5.0;
    }
    Scene {
        plots: observed.plots,
        sensors,
        instants,
        gap_s: 15.0,
    }
}

/// Rows, plots a second, and how often the budget was exceeded.
fn tracked(scene: &Scene, options: Options) -> (Vec<Row>, f64, Efforts) {
    let timing = TimelineOptions {
        lag_s: 0.0,
        ..TimelineOptions::default()
    };
    let mut timeline = Timeline::new(&scene.sensors, timing, options);
    let mut rows = Vec::new();
    let clock = Clock::new();
    for (count, plot) in scene.plots.iter().enumerate() {
        timeline.add(plot).expect("a known sensor");
        if count % 100 == 99 {
            rows.extend(timeline.settle(&Sequential).0);
        }
    }
    rows.extend(timeline.finish(&Sequential).0);
    let rate = scene.plots.len() as f64 / clock.seconds();
    (rows, rate, timeline.efforts())
}

/// What the picture was worth.
#[derive(Clone, Default)]
struct Worth {
    square_m2: f64,
    count: f64,
    swaps: usize,
    breaks: usize,
    tracks: usize,
    seconds: f64,
    plots: f64,
    efforts: Efforts,
}

impl Worth {
    fn add(&mut self, scene: &Scene, (rows, rate, efforts): (Vec<Row>, f64, Efforts)) {
        let mut moments: BTreeMap<track::Name, Vec<Moment>> = BTreeMap::new();
        for row in rows {
            let (place, speed) = (row.belief.mean.fixed_rows::<3>(0), row.belief.mean.fixed_rows::<3>(3));
            moments.entry(row.track).or_default().push(Moment {
                time: row.time,
                position_m: place.into(),
                velocity_mps: speed.into(),
            });
        }
        let courses: Vec<Course> = moments.into_values().map(Course::new).collect();
        let cutoff = Cutoff::new(CUTOFF_M, 2.0).expect("a cutoff");
        let (mut sum, mut follow, mut siap) = (Gospa::empty(cutoff), Follow::new(cutoff), SiapTally::new(CUTOFF_M));
        for (time, truths) in &scene.instants {
            let tracks = courses.iter().enumerate().filter_map(|(id, course)| {
                let moment = course.at(*time, scene.gap_s, 0.5 * scene.gap_s)?;
                Some(Thing::new(id, moment.position_m, moment.velocity_mps))
            });
            let picture = Picture {
                time: *time,
                tracks: tracks.collect(),
                truths: truths.clone(),
            };
            let places = |things: &[Thing]| things.iter().map(|thing| thing.position_m).collect::<Vec<_>>();
            sum.add(&gospa(&places(&picture.tracks), &places(&picture.truths), cutoff));
            siap.add(&picture);
            let is_apart = |own: &Thing| {
                let away_m = |other: &Thing| (own.position_m - other.position_m).norm();
                truths.iter().all(|other| other.id == own.id || away_m(other) > APART_M)
            };
            let truths = truths.iter().filter(|own| is_apart(own)).cloned().collect();
            follow.add(&Picture { truths, ..picture });
        }
        self.square_m2 += sum.distance_m() * sum.distance_m();
        self.count += 1.0;
        self.swaps += follow.swaps();
        self.breaks += siap.shown().iter().map(|shown| shown.breaks).sum::<usize>();
        self.tracks += courses.len();
        self.plots += scene.plots.len() as f64;
        self.seconds += scene.plots.len() as f64 / rate;
        self.efforts.clusters += efforts.clusters;
        self.efforts.exceeded += efforts.exceeded;
        self.efforts.trimmed += efforts.trimmed;
    }
}

/// A name, and how the scene is made of a seed.
type Made = (&'static str, fn(u64) -> Scene);

const SCENES: [Made; 10] = [
    ("36 apart, 20 of nothing", |seed| {
        let mut chance = Chance::new(seed, &["apart"]);
        seen(&apart(&mut chance), SIGMA_M, 20, 150e3, &mut chance)
    }),
    ("16 pairs crossing, 20 of nothing", |seed| {
        let mut chance = Chance::new(seed, &["crossing"]);
        seen(&crossing(&mut chance), SIGMA_M, 20, 150e3, &mut chance)
    }),
    ("16 pairs crossing, 200 of nothing", |seed| {
        let mut chance = Chance::new(seed, &["crossing"]);
        seen(&crossing(&mut chance), SIGMA_M, 200, 150e3, &mut chance)
    }),
    ("50 abreast at 500 m, sigma 100 m", |seed| {
        let mut chance = Chance::new(seed, &["abreast"]);
        seen(&abreast(&mut chance), 100.0, 5, 60e3, &mut chance)
    }),
    ("50 abreast at 500 m, sigma 250 m", |seed| {
        let mut chance = Chance::new(seed, &["abreast"]);
        seen(&abreast(&mut chance), 250.0, 5, 60e3, &mut chance)
    }),
    ("2024-05-30-salvo", |seed| scenario("2024-05-30-salvo", seed)),
    ("2022-01-14-low-pair", |seed| scenario("2022-01-14-low-pair", seed)),
    ("2022-10-04-over-japan", |seed| scenario("2022-10-04-over-japan", seed)),
    ("2022-11-03-lost", |seed| scenario("2022-11-03-lost", seed)),
    ("2023-05-31-warning-without-reason", |seed| {
        scenario("2023-05-31-warning-without-reason", seed)
    }),
];

fn main() {
    let mut seeds = 3_u64;
    let mut hypotheses = forest::Options::default();
    let mut wanted: Vec<String> = Vec::new();
    let mut methods = METHODS.to_vec();
    let mut arguments = std::env::args().skip(1);
    while let Some(word) = arguments.next() {
        let mut number = || -> f64 { arguments.next().and_then(|text| text.parse().ok()).expect("a number") };
        match word.as_str() {
            "--seeds" => seeds = number() as u64,
            "--scans" => hypotheses.scans = number() as usize,
            "--leaves" => hypotheses.leaves_max = number() as usize,
            "--ratio" => hypotheses.ratio_ln = number(),
            "--method" => methods = vec![METHODS[number() as usize]],
            _ => wanted.push(word),
        }
    }
    println!("| scene | method | GOSPA, m | swaps | breaks | tracks | plots/s | over budget | trimmed |");
    println!("|---|---|---:|---:|---:|---:|---:|---:|---:|");
    for (name, make) in SCENES {
        if !wanted.is_empty() && !wanted.iter().any(|word| name.contains(word.as_str())) {
            continue;
        }
        let mut worths: Vec<Worth> = vec![Worth::default(); methods.len()];
        for seed in 1..=seeds {
            let scene = make(seed);
            for (method, worth) in methods.iter().copied().zip(&mut worths) {
                let options = Options {
                    method,
                    hypotheses,
                    ..Options::default()
                };
                worth.add(&scene, tracked(&scene, options));
            }
        }
        for (method, worth) in methods.iter().zip(worths) {
            println!(
                "| {name} | {} | {:.0} | {} | {} | {} | {:.0} | {} of {} | {} |",
                format!("{method:?}").to_lowercase(),
                (worth.square_m2 / worth.count).sqrt(),
                worth.swaps,
                worth.breaks,
                worth.tracks,
                worth.plots / worth.seconds,
                worth.efforts.exceeded,
                worth.efforts.clusters,
                worth.efforts.trimmed,
            );
        }
    }
}
