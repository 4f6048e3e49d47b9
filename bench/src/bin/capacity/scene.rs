//! Aircraft and radars: what flies, what is seen of it and when it arrives.

use std::collections::HashMap;

use geo::{Geodetic, Site, Time};
use nalgebra::Vector3;
use plot::{Measurement, Plot, Polar, Quantity, Sensor, Sensors, Sigmas};
use track::Row;

/// One aircraft in so much.
const AREA_M2: f64 = 20e3 * 20e3;
/// Of so many aircraft one radar.
const OBJECTS_PER_RADAR: f64 = 4_000.0 / 30.0;
const RADARS_MIN: usize = 4;
const RANGE_M: f64 = 250e3;
const DETECTION: f64 = 0.95;
const FALSE_PER_SCAN: f64 = 5.0;
const RANGE_SIGMA_M: f64 = 50.0;
const AZIMUTH_SIGMA_RAD: f64 = 0.0014;
const HEIGHT_SIGMA_M: f64 = 50.0;
/// Radars whose plots come late: by 0.7, 1.3 and 2 s at most, each plot by chance.
const LATE: [f64; 3] = [0.35, 0.65, 1.0];
const EARTH_M: f64 = 6_371e3;
const BEGIN_NS: i64 = 1_700_000_000_000_000_000;
/// Nearer than this to an object a row is of it.
const NEAR_M: f64 = 3_000.0;

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

/// One aircraft: where it is each second.
struct Aircraft {
    path: Vec<Geodetic>,
}

impl Aircraft {
    fn fly(chance: &mut Chance, begin: Geodetic, seconds: usize) -> Self {
        let (speed_mps, mut course_rad) = (
            180.0 + 80.0 * chance.uniform(),
            std::f64::consts::TAU * chance.uniform(),
        );
        let (mut turn_radps, mut left_s, mut at) = (0.0, 30.0 + 60.0 * chance.uniform(), begin);
        let mut path = vec![at];
        for _ in 0..seconds {
            left_s -= 1.0;
            if left_s < 0.0 {
                let is_turning = turn_radps == 0.0 && chance.uniform() < 0.5;
                turn_radps = if is_turning {
                    (chance.uniform() - 0.5) * 0.06
                } else {
                    0.0
                };
                left_s = 20.0 + 60.0 * chance.uniform();
            }
            course_rad += turn_radps;
            at.lat_rad += speed_mps * geo::math::cos(course_rad) / EARTH_M;
            at.lon_rad += speed_mps * geo::math::sin(course_rad) / EARTH_M / geo::math::cos(at.lat_rad);
            path.push(at);
        }
        Self { path }
    }

    fn at(&self, since_s: f64) -> Geodetic {
        let step = (since_s.max(0.0) as usize).min(self.path.len() - 2);
        let (a, b, part) = (self.path[step], self.path[step + 1], since_s - step as f64);
        Geodetic {
            lat_rad: a.lat_rad + (b.lat_rad - a.lat_rad) * part,
            lon_rad: a.lon_rad + (b.lon_rad - a.lon_rad) * part,
            height_m: a.height_m,
        }
    }
}

/// What flies, what looks, and what came of it.
pub struct Scene {
    aircraft: Vec<Aircraft>,
    pub sensors: Sensors,
    /// With the time of arrival, seconds since the begin; in its order.
    pub plots: Vec<(f64, Plot)>,
}

impl Scene {
    /// `late_s`: by how much plots of three radars come late at most.
    pub fn new(objects: usize, seconds: f64, late_s: f64, is_biased: bool) -> Self {
        Self::with_turns(objects, seconds, late_s, is_biased, 1.0)
    }

    /// The same with radars that turn in so many times what they do else.
    pub fn with_turns(objects: usize, seconds: f64, late_s: f64, is_biased: bool, turns: f64) -> Self {
        let mut chance = Chance(objects as u64 + 7);
        let side_m = (objects as f64 * AREA_M2).sqrt();
        let columns = (objects as f64).sqrt().ceil();
        let aircraft: Vec<Aircraft> = (0..objects)
            .map(|at| {
                let (row, column) = ((at as f64 / columns).floor(), at as f64 % columns);
                let mut jitter = || chance.uniform() * 0.8;
                let (east, north) = ((column + jitter()) / columns - 0.5, (row + jitter()) / columns - 0.5);
                let begin = place(east * side_m, north * side_m, 3_000.0 + 9_000.0 * jitter() / 0.8);
                Aircraft::fly(&mut chance, begin, seconds as usize + 1)
            })
            .collect();
        let radars = ((objects as f64 / OBJECTS_PER_RADAR).round() as usize).max(RADARS_MIN);
        let across = (radars as f64).sqrt().ceil();
        let down = (radars as f64 / across).ceil();
        let mut sensors = Sensors::default();
        for at in 0..radars {
            let (row, column) = ((at as f64 / across).floor(), at as f64 % across);
            let (east, north) = ((column + 0.5) / across - 0.5, (row + 0.5) / down - 0.5);
            let mut sensor = radar(at, place(east * side_m, north * side_m, 200.0), is_biased);
            sensor.scan_s = sensor.scan_s.map(|scan_s| scan_s * turns);
            sensors.insert(sensor).expect("a name of its own");
        }
        let mut plots = Vec::new();
        for (at, sensor) in sensors.as_slice().iter().enumerate() {
            let late_s = LATE.get(at).map_or(0.0, |part| part * late_s);
            look(sensor, &aircraft, seconds, late_s, &mut chance, &mut plots);
        }
        plots.sort_by(|(a, one), (b, other)| a.total_cmp(b).then(one.time.cmp(&other.time)));
        Self {
            aircraft,
            sensors,
            plots,
        }
    }

    pub fn objects(&self) -> usize {
        self.aircraft.len()
    }

    /// Plots by their time of arrival, in spans of `step_s`.
    pub fn batches(&self, step_s: f64) -> impl Iterator<Item = impl Iterator<Item = &Plot>> {
        let chunks = self
            .plots
            .chunk_by(move |(a, _), (b, _)| (a / step_s).floor() == (b / step_s).floor());
        chunks.map(|chunk| chunk.iter().map(|(_, plot)| plot))
    }

    /// Root mean square distance of rows in the last third from the objects nearest to them, and how many are of none.
    pub fn errors(&self, rows: &[Row]) -> (f64, usize) {
        let last = &rows[rows.len() * 2 / 3..];
        let (mut sum, mut count, mut astray) = (0.0, 0, 0);
        let mut seconds: HashMap<i64, HashMap<[i32; 3], Vec<usize>>> = HashMap::new();
        let cell = |place: &Vector3<f64>| [0, 1, 2].map(|axis| (place[axis] / NEAR_M).floor() as i32);
        for row in last {
            let since_s = (row.time.tai_ns() - BEGIN_NS) as f64 * 1e-9;
            let place: Vector3<f64> = row.belief.mean.fixed_rows::<3>(0).into();
            let grid = seconds.entry(since_s as i64).or_insert_with(|| {
                let mut grid: HashMap<[i32; 3], Vec<usize>> = HashMap::new();
                for (at, aircraft) in self.aircraft.iter().enumerate() {
                    grid.entry(cell(&aircraft.at(since_s).to_ecef().vector()))
                        .or_default()
                        .push(at);
                }
                grid
            });
            let own = cell(&place);
            let mut least = f64::INFINITY;
            for step in 0..27 {
                let key = [own[0] + step % 3 - 1, own[1] + step / 3 % 3 - 1, own[2] + step / 9 - 1];
                for at in grid.get(&key).into_iter().flatten() {
                    let truth = self.aircraft[*at].at(since_s).to_ecef().vector();
                    least = least.min((truth - place).norm());
                }
            }
            if least < NEAR_M {
                sum += least * least;
                count += 1;
            } else {
                astray += 1;
            }
        }
        ((sum / f64::from(count.max(1))).sqrt(), astray)
    }
}

fn place(east_m: f64, north_m: f64, height_m: f64) -> Geodetic {
    let lat_rad = 0.8 + north_m / EARTH_M;
    Geodetic {
        lat_rad,
        lon_rad: 0.2 + east_m / EARTH_M / geo::math::cos(lat_rad),
        height_m,
    }
}

fn radar(at: usize, place: Geodetic, is_biased: bool) -> Sensor {
    let mut sensor = Sensor::new(&format!("radar-{at:02}"), "own", place);
    sensor.measures = vec![Quantity::Range, Quantity::Azimuth];
    sensor.sigmas = Sigmas {
        range_m: Some(RANGE_SIGMA_M),
        azimuth_rad: Some(AZIMUTH_SIGMA_RAD),
        ..Sigmas::default()
    };
    if !is_biased {
        sensor.bias_sigmas = Sigmas {
            range_m: Some(0.0),
            azimuth_rad: Some(0.0),
            ..Sigmas::default()
        };
    }
    sensor.scan_s = Some(4.0 + (at % 5) as f64 * 2.0);
    sensor.coverage.range_max_m = Some(RANGE_M);
    sensor.detection.probability = Some(DETECTION);
    sensor.detection.false_alarms_per_scan = Some(FALSE_PER_SCAN);
    sensor
}

/// Everything one radar reports.
fn look(
    sensor: &Sensor,
    aircraft: &[Aircraft],
    seconds: f64,
    late_s: f64,
    chance: &mut Chance,
    plots: &mut Vec<(f64, Plot)>,
) {
    let site = Site::new(sensor.site.geodetic());
    let scan_s = sensor.scan_s.unwrap_or(10.0);
    let mut report = |since_s: f64, range_m: f64, azimuth_rad: f64, height_m: f64, chance: &mut Chance| {
        let polar = Polar {
            range_m: Some(range_m),
            azimuth_rad: Some(azimuth_rad.rem_euclid(std::f64::consts::TAU)),
            pressure_altitude_m: Some(height_m),
            ..Polar::default()
        };
        let plot = Plot {
            time: Time::from_tai_ns(BEGIN_NS + (since_s * 1e9) as i64),
            sensor: sensor.name.clone(),
            measurement: Measurement::Polar(polar),
            sigmas: Sigmas::default(),
            snr_db: None,
            target: None,
            truth: None,
        };
        plots.push((since_s + late_s * chance.uniform(), plot));
    };
    for scan in 0..(seconds / scan_s) as usize {
        let begin_s = scan as f64 * scan_s;
        for one in aircraft {
            if (one.at(begin_s).to_ecef() - site.origin()).norm() > RANGE_M + 5e3 {
                continue;
            }
            let guess = site.to_aer(one.at(begin_s).to_ecef());
            let since_s = begin_s + guess.azimuth_rad / std::f64::consts::TAU * scan_s;
            let truth = one.at(since_s);
            let seen = site.to_aer(truth.to_ecef());
            if seen.range_m > RANGE_M || seen.elevation_rad < 0.0 || chance.uniform() > DETECTION {
                continue;
            }
            let range_m = seen.range_m + RANGE_SIGMA_M * chance.normal();
            let azimuth_rad = seen.azimuth_rad + AZIMUTH_SIGMA_RAD * chance.normal();
            let height_m = truth.height_m + HEIGHT_SIGMA_M * chance.normal();
            report(since_s, range_m, azimuth_rad, height_m, chance);
        }
        for _ in 0..FALSE_PER_SCAN as usize {
            let turn = chance.uniform();
            let range_m = RANGE_M * chance.uniform().sqrt();
            let height_m = 12e3 * chance.uniform();
            report(
                begin_s + turn * scan_s,
                range_m,
                turn * std::f64::consts::TAU,
                height_m,
                chance,
            );
        }
    }
}
