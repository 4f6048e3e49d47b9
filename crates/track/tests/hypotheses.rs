//! Several hypotheses at once: what they are for, and that they change nothing of what the tracker promises.

#![expect(clippy::unwrap_used, reason = "a test")]

use std::collections::BTreeMap;

use geo::{Geodetic, Position, Site, Time};
use nalgebra::Vector3;
use plot::{Measurement, Plot, PositionFix, Quantity, Sensor, Sensors, Sigmas};
use sim::Chance;
use track::associate::{Method, Pool, Sequential, forest};
use track::{Efforts, Event, Options, Row, Timeline, TimelineOptions};

const BEGIN_NS: i64 = 1_700_000_000_000_000_000;
const SCAN_S: f64 = 4.0;
const SCANS: usize = 50;
const SIGMA_M: f64 = 100.0;
/// Objects of a pair fly past each other in the middle of the time at this angle.
const ANGLE_RAD: f64 = 0.14;
const SPEED_MPS: f64 = 200.0;
const PAIRS: usize = 6;

/// Two threads, last task first.
struct Backwards;

impl Pool for Backwards {
    fn run(&self, count: usize, task: &(dyn Fn(usize) + Sync)) {
        std::thread::scope(|scope| {
            scope.spawn(|| (0..count).rev().filter(|at| at % 2 == 0).for_each(task));
            scope.spawn(|| (0..count).rev().filter(|at| at % 2 == 1).for_each(task));
        });
    }
}

fn site() -> Site {
    Site::new(Geodetic::from_degrees(45.0, 10.0, 0.0))
}

fn time(scan: usize) -> Time {
    Time::from_tai_ns(BEGIN_NS + (scan as f64 * SCAN_S * 1e9) as i64)
}

/// Where an object is: two of a pair cross in the middle of the time, pairs are 20 km apart.
fn place(object: usize, scan: usize) -> Vector3<f64> {
    let since_s = (scan as f64 - SCANS as f64 / 2.0) * SCAN_S;
    let (pair, side) = (object / 2, [0.5, -0.5][object % 2]);
    let east = pair as f64 * 20e3 + side * ANGLE_RAD * SPEED_MPS * since_s;
    site()
        .to_ecef(Position::new(east, SPEED_MPS * since_s, 8_000.0))
        .vector()
}

/// Plots of pairs that cross, nine of ten seen, and some of nothing near them.
fn scene(seed: u64) -> (Vec<Plot>, Sensors) {
    let mut sensor = Sensor::new("radar", "own", site().geodetic());
    sensor.measures = vec![Quantity::Position];
    sensor.scan_s = Some(SCAN_S);
    sensor.sigmas = Sigmas {
        position_m: Some(SIGMA_M),
        height_m: Some(SIGMA_M),
        ..Sigmas::default()
    };
    sensor.coverage.range_max_m = Some(300e3);
    let (mut chance, mut plots) = (Chance::new(seed, &["crossing"]), Vec::new());
    for scan in 0..SCANS {
        let mut report = |seen: Vector3<f64>| {
            plots.push(Plot {
                time: time(scan),
                sensor: sensor.name.clone(),
                measurement: Measurement::Position(PositionFix {
                    geodetic: Geodetic::from_ecef(Position::from_vector(seen)),
                    velocity: None,
                }),
                sigmas: Sigmas::default(),
                snr_db: None,
                target: None,
                truth: None,
            });
        };
        for object in 0..2 * PAIRS {
            if chance.uniform() < 0.9 {
                let off = Vector3::from_fn(|_, _| SIGMA_M * chance.normal());
                report(place(object, scan) + off);
            }
            if chance.uniform() < 0.1 {
                let off = Vector3::from_fn(|_, _| 600.0 * (chance.uniform() - 0.5));
                report(place(object, scan) + off);
            }
        }
    }
    let mut sensors = Sensors::default();
    sensors.insert(sensor).unwrap();
    (plots, sensors)
}

fn with(method: Method) -> Options {
    Options {
        method,
        ..Options::default()
    }
}

/// Rows, events and efforts of the plots in the order given.
fn tracked(plots: &[Plot], sensors: &Sensors, options: Options, pool: &impl Pool) -> (Vec<Row>, Vec<Event>, Efforts) {
    let mut timeline = Timeline::new(sensors, TimelineOptions::default(), options);
    let (mut rows, mut events) = (Vec::new(), Vec::new());
    for (count, plot) in plots.iter().enumerate() {
        timeline.add(plot).unwrap();
        if count % 40 == 39 {
            let (more, happened) = timeline.settle(pool);
            rows.extend(more);
            events.extend(happened);
        }
    }
    let (more, happened) = timeline.finish(pool);
    rows.extend(more);
    events.extend(happened);
    (rows, events, timeline.efforts())
}

/// The object that a row is nearest to.
fn nearest(row: &Row) -> usize {
    let scan = ((row.time - time(0)) / SCAN_S).round() as usize;
    let seen: Vector3<f64> = row.belief.mean.fixed_rows::<3>(0).into();
    let off_m = |object: &usize| (place(*object, scan) - seen).norm();
    (0..2 * PAIRS).min_by(|a, b| off_m(a).total_cmp(&off_m(b))).unwrap()
}

/// How many tracks are on another object after the crossing than before, of how many that live through it.
fn gone_over(rows: &[Row]) -> (usize, usize) {
    let mut sides: BTreeMap<track::Name, [Vec<usize>; 2]> = BTreeMap::new();
    let middle = time(SCANS / 2);
    for row in rows.iter().filter(|row| (row.time - middle).abs() > 15.0 * SCAN_S) {
        sides.entry(row.track).or_default()[usize::from(row.time > middle)].push(nearest(row));
    }
    let most = |objects: &Vec<usize>| {
        let mut sorted = objects.clone();
        sorted.sort_unstable();
        let runs = sorted.chunk_by(|a, b| a == b);
        runs.max_by_key(|run| run.len()).map(|run| run[0])
    };
    let through = sides
        .values()
        .filter_map(|[before, after]| Some((most(before)?, most(after)?)));
    let through: Vec<(usize, usize)> = through.collect();
    (through.iter().filter(|(a, b)| a != b).count(), through.len())
}

/// Of tracks that cross, far fewer are on the wrong object afterwards than with the nearest neighbour.
#[test]
fn tracks_that_cross_stay_on_their_objects() {
    let (mut nearest, mut several, mut said) = ((0, 0), (0, 0), Vec::new());
    for seed in 1..=14 {
        let (plots, sensors) = scene(seed);
        let of = |method| gone_over(&tracked(&plots, &sensors, with(method), &Sequential).0);
        for (sum, more) in [(&mut nearest, of(Method::Gnn)), (&mut several, of(Method::Mht))] {
            *sum = (sum.0 + more.0, sum.1 + more.1);
        }
        said.push(format!("up to seed {seed}: {nearest:?} by GNN, {several:?} by MHT"));
    }
    assert!(several.1 >= 28 * PAIRS - 12, "few tracks live through it: {said:?}");
    assert!(nearest.0 >= 12, "the scene is too easy: {said:?}");
    assert!(3 * several.0 <= nearest.0, "{said:?}");
}

/// Plots in another order within the lag, and tasks on other threads: the same bits.
#[test]
fn neither_order_nor_threads_change_a_bit() {
    let (plots, sensors) = scene(3);
    let sorted = tracked(&plots, &sensors, with(Method::Mht), &Sequential);
    assert!(sorted.2.clusters > 50, "{:?}", sorted.2);
    let mut turned = Vec::new();
    for block in plots.chunks(90) {
        let mut order: Vec<usize> = (0..block.len()).collect();
        order.sort_by_key(|at| (at * 37 % 91, *at));
        turned.extend(order.into_iter().map(|at| block[at].clone()));
    }
    assert_ne!(turned, plots);
    for other in [
        tracked(&turned, &sensors, with(Method::Mht), &Sequential),
        tracked(&plots, &sensors, with(Method::Mht), &Backwards),
    ] {
        assert_eq!(other.0, sorted.0);
        assert_eq!(other.1, sorted.1);
    }
}

/// Without further scans to wait for it is the nearest neighbour.
#[test]
fn no_scans_to_wait_for_is_nearest_neighbours() {
    let (plots, sensors) = scene(2);
    let at_once = Options {
        hypotheses: forest::Options {
            scans: 0,
            ..forest::Options::default()
        },
        ..with(Method::Mht)
    };
    let one = tracked(&plots, &sensors, with(Method::Gnn), &Sequential);
    let other = tracked(&plots, &sensors, at_once, &Sequential);
    assert_eq!(one.0, other.0);
    assert_eq!(one.1, other.1);
}

/// Fewer hypotheses than there are: all objects are still tracked, and it is said.
#[test]
fn what_is_too_much_is_said() {
    let (plots, sensors) = scene(1);
    let of = |leaves_max: usize| {
        let hypotheses = forest::Options {
            leaves_max,
            ..forest::Options::default()
        };
        let options = Options {
            hypotheses,
            ..with(Method::Mht)
        };
        tracked(&plots, &sensors, options, &Sequential)
    };
    let (tight, wide) = (of(2), of(1_000));
    assert!(tight.2.trimmed > 10, "{:?}", tight.2);
    assert_eq!(wide.2.trimmed, 0);
    let (_, through) = gone_over(&tight.0);
    assert!(through >= 2 * PAIRS - 1, "{through}");
}
