//! Real boosts, read off webcasts, against the boost model: how wrong is it before and after a fit?

#![allow(clippy::print_stdout, reason = "the figures of the README")]
#![allow(
    clippy::unwrap_used,
    reason = "a test may panic; the lint does not see helpers as tests"
)]

use std::f64::consts::FRAC_PI_2;

use flight::thrust::{AccelerationAt, ElevationAt, Strength};
use geo::angle::RAD_PER_DEG;
use geo::{Geodetic, Time};
use nalgebra::{DMatrix, DVector};
use sim::ballistic::{Launch, Stage, Steering, Vehicle, boost};
use validation::data;

/// What a second of the record is trusted to.
const SIGMA_MPS: f64 = 3.0;
const SIGMA_M: f64 = 150.0;
/// Nodes of thrust and of elevation in the full model.
const NODES: usize = 9;

/// One record: name, launch place, direction (from the inclination of its orbit), end of the first burn.
struct Record {
    name: &'static str,
    place: (f64, f64),
    azimuth_deg: f64,
    burn_s: f64,
    rows: Vec<Row>,
}

/// What was read at one second.
#[derive(Copy, Clone)]
struct Row {
    after_s: f64,
    speed_mps: f64,
    height_m: f64,
}

fn record(name: &'static str, place: (f64, f64), azimuth_deg: f64) -> Option<Record> {
    let json = |file: &str| -> Option<serde_json::Value> {
        let path = data(&format!("boost-telemetry/{name}/{file}.json"))?;
        Some(serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap())
    };
    let (series, events) = (json("analysed")?, json("events")?);
    let burn_s = events["meco"].as_f64().unwrap();
    let column = |key: &str| -> Vec<f64> {
        let values = series[key].as_array().unwrap();
        values.iter().map(|value| value.as_f64().unwrap()).collect()
    };
    let (times, speeds, heights) = (column("time"), column("velocity"), column("altitude"));
    let rows = times.iter().zip(&speeds).zip(&heights);
    let rows = rows.map(|((after_s, speed_mps), height_km)| Row {
        after_s: *after_s,
        speed_mps: *speed_mps,
        height_m: height_km * 1e3,
    });
    Some(Record {
        name,
        place,
        azimuth_deg,
        burn_s,
        // The last two seconds are the engine's shutdown.
        rows: rows
            .filter(|row| row.after_s > 0.5 && row.after_s < burn_s - 2.0)
            .collect(),
    })
}

impl Record {
    fn launch(&self, steering: Steering) -> Launch {
        Launch {
            place: Geodetic::from_degrees(self.place.0, self.place.1, 0.0),
            time: start(),
            azimuth_rad: self.azimuth_deg * RAD_PER_DEG,
            steering,
        }
    }

    /// Speed and height misses of a boost, or `None` where it does not fly.
    fn misses(&self, vehicle: &Vehicle, steering: Steering) -> Option<Vec<(f64, f64)>> {
        let course = boost(vehicle, &self.launch(steering)).ok()?;
        let miss = |row: &Row| {
            let state = course.state(start() + row.after_s)?;
            let height_m = Geodetic::from_ecef(state.position).height_m;
            Some((state.velocity.norm() - row.speed_mps, height_m - row.height_m))
        };
        self.rows.iter().map(miss).collect()
    }
}

fn start() -> Time {
    "2017-01-01T00:00:00Z".parse().unwrap()
}

fn one_stage(stage: Stage) -> Vehicle {
    Vehicle {
        stages: vec![stage],
        coast_drag_m2pkg: 1e-4,
    }
}

/// The notional model as the figures use it: `[gain km/s, tilt]`, everything else fixed beforehand.
fn notional(record: &Record, x: &DVector<f64>) -> (Vehicle, Steering) {
    let stage = Stage::of_gain(record.burn_s, 2_750.0, x[0] * 1e3, 3e-5);
    let steering = Steering::GravityTurn {
        vertical_s: 0.06 * record.burn_s,
        tilt_s: 0.33 * record.burn_s,
        elevation_rad: FRAC_PI_2 - x[1],
    };
    (one_stage(stage), steering)
}

/// The same with what it is made of: `[gain km/s, tilt, exhaust km/s, drag 1e-5, vertical 10 s, tilting 10 s]`.
fn turned(record: &Record, x: &DVector<f64>) -> (Vehicle, Steering) {
    let stage = Stage::of_gain(record.burn_s, x[2].abs().max(0.5) * 1e3, x[0] * 1e3, x[3].abs() * 1e-5);
    let steering = Steering::GravityTurn {
        vertical_s: x[4].abs() * 10.0,
        tilt_s: x[5].abs().max(0.1) * 10.0,
        elevation_rad: FRAC_PI_2 - x[1],
    };
    (one_stage(stage), steering)
}

/// A table of acceleration (10 m/s²) and one of elevation (rad) at equal steps.
fn tabled(record: &Record, x: &DVector<f64>) -> (Vehicle, Steering) {
    let at = |i: usize| record.burn_s * i as f64 / (NODES - 1) as f64;
    let acceleration = |i: usize| AccelerationAt {
        after_s: at(i),
        acceleration_mps2: x[i] * 10.0,
    };
    let stage = Stage {
        pause_s: 0.0,
        burn_s: record.burn_s,
        strength: Strength::Acceleration((0..NODES).map(acceleration).collect()),
        drag_m2pkg: 3e-5,
    };
    let row = |i: usize| ElevationAt {
        after_s: at(i),
        elevation_rad: if i == 0 { FRAC_PI_2 } else { x[NODES + i - 1] },
    };
    (one_stage(stage), Steering::Programme((0..NODES).map(row).collect()))
}

type Model = fn(&Record, &DVector<f64>) -> (Vehicle, Steering);

/// Misses in sigmas over the rows that are weighed.
fn residuals(record: &Record, model: Model, x: &DVector<f64>, weighed: &dyn Fn(usize) -> f64) -> Option<DVector<f64>> {
    let (vehicle, steering) = model(record, x);
    let misses = record.misses(&vehicle, steering)?;
    let values = misses.iter().enumerate();
    let values = values.flat_map(|(i, (v, h))| [weighed(i) * v / SIGMA_MPS, weighed(i) * h / SIGMA_M]);
    Some(DVector::from_iterator(2 * misses.len(), values))
}

/// Levenberg and Marquardt's method with differences.
fn fit(record: &Record, model: Model, start: DVector<f64>, weighed: &dyn Fn(usize) -> f64) -> DVector<f64> {
    let mut x = start;
    let mut miss = residuals(record, model, &x, weighed).unwrap();
    let mut damping = 1e-2;
    for _ in 0..12 {
        let columns: Vec<_> = (0..x.len())
            .map(|i| {
                let mut moved = x.clone();
                moved[i] += 1e-4;
                (residuals(record, model, &moved, weighed).unwrap() - &miss) / 1e-4
            })
            .collect();
        let slope = DMatrix::from_columns(&columns);
        let normal = slope.transpose() * &slope;
        let mut damped = normal.clone();
        for i in 0..x.len() {
            damped[(i, i)] += damping * (normal[(i, i)] + 1e-9);
        }
        let step = damped.cholesky().unwrap().solve(&(-slope.transpose() * &miss));
        let next = &x + step;
        match residuals(record, model, &next, weighed) {
            Some(found) if found.norm() < miss.norm() => {
                let is_done = found.norm() > miss.norm() * (1.0 - 2e-2);
                (x, miss) = (next, found);
                damping = (damping * 0.2).max(1e-9);
                if is_done {
                    break;
                }
            }
            _ => damping *= 8.0,
        }
    }
    x
}

/// Root mean square and largest of speed, m/s, and height, m.
fn spread(record: &Record, model: Model, x: &DVector<f64>) -> [f64; 4] {
    let (vehicle, steering) = model(record, x);
    let misses = record.misses(&vehicle, steering).unwrap();
    let rms = |pick: fn(&(f64, f64)) -> f64| {
        let sum: f64 = misses.iter().map(|m| pick(m) * pick(m)).sum();
        (sum / misses.len() as f64).sqrt()
    };
    let top = |pick: fn(&(f64, f64)) -> f64| misses.iter().map(|m| pick(m).abs()).fold(0.0, f64::max);
    [rms(|m| m.0), top(|m| m.0), rms(|m| m.1), top(|m| m.1)]
}

#[test]
fn the_boost_model_is_as_wrong_as_told() {
    let kennedy = (28.608, -80.604);
    let records = [
        record("Jason-3", (34.632, -120.611), 153.0),
        record("NROL-76", kennedy, 50.0),
        record("SES-10", kennedy, 90.0),
        record("SpaceX_CRS-11", kennedy, 45.0),
    ];
    for record in records.into_iter().flatten() {
        let last = record.rows.len() - 1;
        let end = record.rows[last];
        // Before: only speed and height at burnout are known, as they are of public figures.
        let start = DVector::from_vec(vec![end.speed_mps / 1e3 + 1.4, 0.4]);
        let before = fit(&record, notional, start, &|i| if i == last { 1.0 } else { 0.0 });
        let told = spread(&record, notional, &before);
        // After: the whole record is known; first the same kind of boost, then tables of thrust and elevation.
        let free = DVector::from_vec(vec![before[0], before[1], 2.75, 3.0, 0.8, 5.0]);
        let after = fit(&record, turned, free, &|_| 1.0);
        let turn = spread(&record, turned, &after);
        let tables = fit(&record, tabled, table_start(&record), &|_| 1.0);
        let table = spread(&record, tabled, &tables);
        for (name, [v, v_max, h, h_max]) in [("burnout only", told), ("gravity turn", turn), ("tables", table)] {
            println!(
                "{} | {name} | {v:.1} | {v_max:.1} | {:.2} | {:.2}",
                record.name,
                h / 1e3,
                h_max / 1e3
            );
        }
        assert!(told[0] < 30.0 && told[2] < 1.5e3, "{}: {told:?}", record.name);
        assert!(
            turn[0] < told[0] && turn[2] < told[2],
            "{}: {turn:?} {told:?}",
            record.name
        );
        assert!(turn[0] < 15.0 && turn[2] < 700.0, "{}: {turn:?}", record.name);
        assert!(table[0] < 2.5 && table[2] < 200.0, "{}: {table:?}", record.name);
    }
}

/// Tables to begin with: the slope of the speed, and the elevation that the heights tell.
fn table_start(record: &Record) -> DVector<f64> {
    let row = |after_s: f64| {
        let i = record.rows.partition_point(|row| row.after_s < after_s);
        record.rows[i.min(record.rows.len() - 1)]
    };
    let step_s = record.burn_s / (NODES - 1) as f64;
    let slope = |i: usize| {
        let (a, b) = (row(i as f64 * step_s - 3.0), row(i as f64 * step_s + 3.0));
        let span_s = (b.after_s - a.after_s).max(1.0);
        let climb = ((b.height_m - a.height_m) / span_s / b.speed_mps.max(10.0)).clamp(0.1, 1.0);
        (
            (b.speed_mps - a.speed_mps) / span_s + 9.8 * climb,
            geo::math::asin(climb),
        )
    };
    let accelerations = (0..NODES).map(|i| slope(i).0.max(11.0) / 10.0);
    let elevations = (1..NODES).map(|i| slope(i).1);
    DVector::from_iterator(2 * NODES - 1, accelerations.chain(elevations))
}
