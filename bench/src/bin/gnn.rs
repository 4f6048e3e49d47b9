//! The tracker on one radar, 500 objects that fly straight, a quarter of the plots of nothing, nine of ten seen.
//!
//! Usage: `gnn plots` prints `scan<TAB>x, m<TAB>y, m` of all plots; `gnn track [SCANS]` tracks the first so many and
//! prints `name<TAB>plots/s<TAB>GOSPA, m`; `gnn score FILE NAME RATE` does so for another's tracks, lines as of plots.
//! The GOSPA (cutoff 1 km, order 2, in the plane) is of the scans from the eleventh on.
//! `bench/gnn.sh` has Stone Soup beside it, on the same plots.

#[path = "clock/clock.rs"]
mod clock;

use std::collections::BTreeMap;

use clock::Clock;
use geo::math::{cos, ln, sin};
use geo::{Ecef, Geodetic, Position, Site, Time};
use nalgebra::Vector3;
use plot::{Measurement, Plot, PositionFix, Quantity, Sensor, Sensors, Sigmas};
use score::{Cutoff, Gospa, gospa};
use track::associate::Sequential;
use track::{Options, Row, Timeline, TimelineOptions};

const OBJECTS: usize = 500;
const SCANS: usize = 60;
const SCAN_S: f64 = 4.0;
const SIDE_M: f64 = 100e3;
const SIGMA_M: f64 = 30.0;
const DETECTION: f64 = 0.9;
/// A quarter of all plots.
const CLUTTER: usize = 150;
const HEIGHT_M: f64 = 8_000.0;
const CUTOFF_M: f64 = 1_000.0;
/// Tracks need some scans to begin.
const FIRST: usize = 10;
/// A track that was not seen for so many scans is not counted.
const SILENT: f64 = 3.0;
/// The best of so many is taken.
const ROUNDS: usize = 2;
const BEGIN_NS: i64 = 1_700_000_000_000_000_000;

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
        let radius = (-2.0 * ln(1.0 - self.uniform())).sqrt();
        radius * cos(std::f64::consts::TAU * self.uniform())
    }
}

type Plane = [f64; 2];

/// Where objects are, and what is seen, scan by scan.
fn scene() -> (Vec<Vec<Plane>>, Vec<Vec<Plane>>) {
    let mut chance = Chance(5);
    let objects: Vec<(Plane, Plane)> = (0..OBJECTS)
        .map(|_| {
            let place = [(); 2].map(|()| (chance.uniform() - 0.5) * SIDE_M);
            let course_rad = std::f64::consts::TAU * chance.uniform();
            let speed_mps = 150.0 + 100.0 * chance.uniform();
            (place, [cos(course_rad), sin(course_rad)].map(|part| part * speed_mps))
        })
        .collect();
    let at = |scan: usize| -> Vec<Plane> {
        let since_s = scan as f64 * SCAN_S;
        let moved = |(place, speed): &(Plane, Plane)| [0, 1].map(|axis| place[axis] + speed[axis] * since_s);
        objects.iter().map(moved).collect()
    };
    let truths: Vec<Vec<Plane>> = (0..SCANS).map(at).collect();
    let plots = truths.iter().map(|places| {
        let mut seen: Vec<Plane> = Vec::new();
        for place in places {
            if chance.uniform() < DETECTION {
                seen.push(place.map(|x| x + SIGMA_M * chance.normal()));
            }
        }
        seen.extend((0..CLUTTER).map(|_| [(); 2].map(|()| (chance.uniform() - 0.5) * SIDE_M)));
        seen
    });
    let plots = plots.collect();
    (truths, plots)
}

fn time(scan: usize) -> Time {
    Time::from_tai_ns(BEGIN_NS + (scan as f64 * SCAN_S * 1e9) as i64)
}

/// Tracks of the first scans: rows, and plots a second.
fn tracked(plots: &[Vec<Plane>], site: &Site) -> (Vec<Row>, f64) {
    let mut sensor = Sensor::new("radar", "own", site.geodetic());
    sensor.measures = vec![Quantity::Position];
    sensor.scan_s = Some(SCAN_S);
    sensor.sigmas = Sigmas {
        position_m: Some(SIGMA_M),
        height_m: Some(SIGMA_M),
        ..Sigmas::default()
    };
    sensor.coverage.range_max_m = Some(SIDE_M);
    sensor.detection.probability = Some(DETECTION);
    sensor.detection.false_alarms_per_scan = Some(CLUTTER as f64);
    let name = sensor.name.clone();
    let mut sensors = Sensors::default();
    sensors.insert(sensor).expect("one sensor");
    let plot = |scan: usize, place: &Plane| Plot {
        time: time(scan),
        sensor: name.clone(),
        measurement: Measurement::Position(PositionFix {
            geodetic: Geodetic::from_ecef(site.to_ecef(Position::new(place[0], place[1], HEIGHT_M))),
            velocity: None,
        }),
        sigmas: Sigmas::default(),
        snr_db: None,
        target: None,
        truth: None,
    };
    let of = |(scan, places): (usize, &Vec<Plane>)| places.iter().map(|place| plot(scan, place)).collect();
    let scans: Vec<Vec<Plot>> = plots.iter().enumerate().map(of).collect();
    let timing = TimelineOptions {
        lag_s: 0.0,
        ..TimelineOptions::default()
    };
    let (mut best_s, mut rows) = (f64::INFINITY, Vec::new());
    for _ in 0..ROUNDS {
        let mut timeline = Timeline::new(&sensors, timing, Options::default());
        rows.clear();
        let clock = Clock::new();
        for scan in &scans {
            for plot in scan {
                timeline.add(plot).expect("a known sensor");
            }
            rows.extend(timeline.settle(&Sequential).0);
        }
        rows.extend(timeline.finish(&Sequential).0);
        best_s = best_s.min(clock.seconds());
    }
    let count: usize = scans.iter().map(Vec::len).sum();
    (rows, count as f64 / best_s)
}

/// Where the tracks are at each scan: as last updated, and straight on from there where a scan missed them.
fn places(rows: &[Row], site: &Site, scans: usize) -> Vec<Vec<Plane>> {
    let at = |scan: usize| -> Vec<Plane> {
        let now = time(scan);
        let lately = rows
            .iter()
            .filter(|row| (-1e-6..SILENT * SCAN_S + 1e-6).contains(&(now - row.time)));
        let last: BTreeMap<_, &Row> = lately.map(|row| (row.track, row)).collect();
        let moved = |row: &&Row| {
            let state = row.belief.mean;
            let ahead: Vector3<f64> = state.fixed_rows::<3>(0) + state.fixed_rows::<3>(3) * (now - row.time);
            let local = site.to_enu(Position::<Ecef>::from_vector(ahead)).to_array();
            [local[0], local[1]]
        };
        last.values().map(moved).collect()
    };
    (0..scans).map(at).collect()
}

/// Root mean square over scans from the eleventh on.
fn distance_m(tracks: &[Vec<Plane>], truths: &[Vec<Plane>]) -> f64 {
    let cutoff = Cutoff::new(CUTOFF_M, 2.0).expect("a cutoff");
    let points = |places: &[Plane]| -> Vec<Vector3<f64>> {
        places
            .iter()
            .map(|place| Vector3::new(place[0], place[1], 0.0))
            .collect()
    };
    let mut sum = Gospa::empty(cutoff);
    for (tracks, truths) in tracks.iter().zip(truths).skip(FIRST) {
        sum.add(&gospa(&points(tracks), &points(truths), cutoff));
    }
    sum.distance_m()
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (truths, plots) = scene();
    let site = Site::new(Geodetic::from_degrees(45.0, 10.0, 0.0));
    let word = |at: usize| arguments.get(at).map(String::as_str);
    match word(0) {
        Some("plots") => {
            for (scan, places) in plots.iter().enumerate() {
                for [x, y] in places {
                    println!("{scan}\t{x}\t{y}");
                }
            }
        }
        Some("track") => {
            let scans = word(1).map_or(SCANS, |text| text.parse().expect("a number"));
            let (rows, rate) = tracked(&plots[..scans], &site);
            let distance_m = distance_m(&places(&rows, &site, scans), &truths);
            println!("trilat, {scans} scans\t{rate:.0}\t{distance_m:.0}");
        }
        Some("score") => {
            let text = std::fs::read_to_string(word(1).expect("a file")).expect("a file");
            let mut tracks: Vec<Vec<Plane>> = Vec::new();
            for line in text.lines() {
                let parts: Vec<f64> = line.split('\t').map(|part| part.parse().expect("a number")).collect();
                tracks.resize((parts[0] as usize + 1).max(tracks.len()), Vec::new());
                tracks[parts[0] as usize].push([parts[1], parts[2]]);
            }
            let (name, rate) = (word(2).unwrap_or(""), word(3).unwrap_or(""));
            println!(
                "{name}, {} scans\t{rate}\t{:.0}",
                tracks.len(),
                distance_m(&tracks, &truths)
            );
        }
        _ => eprintln!("gnn plots | track [SCANS] | score FILE NAME RATE"),
    }
}
