//! What flies, and who looks: scenarios with something to be noticed, and when it truly happened.

use flight::Phase;
use geo::Time;
use nalgebra::Vector3;
use plot::{Plot, Sensors};
use sim::Truth;
use sim::scenario::{Scenario, read_scenario, shipped};
use sim::sensor::observe;
use track::associate::Sequential;
use track::{Event, Forecast, Options, Row, Timeline, TimelineOptions};

/// A course has turned by this when a turn is said to begin: one degree.
const TURNED_RAD: f64 = 0.017_45;

/// What turns more slowly goes straight; 0.03 degrees a second.
const STRAIGHT_RADPS: f64 = 5.2e-4;
/// It has gone straight for so long before it turns.
const STRAIGHT_S: f64 = 15.0;

/// Two ships under the glide of 11 January 2022: it is seen on until it turns.
const SHIPS: &str = r#"
[[sensor]]
name = "ship-a"
owner = "JP"
kind = "ship"
lat_deg = 41.0
lon_deg = 136.5
height_m = 60
[[sensor]]
name = "ship-b"
owner = "JP"
kind = "ship"
lat_deg = 43.0
lon_deg = 138.5
height_m = 60
"#;

/// Two airliners that turn three times, one radar of each kind.
const AIRLINERS: &str = r#"
title = "two airliners that turn"
what = "Made up."
tests = "made up"
start = "2022-01-29T22:50:00Z"
end = "2022-01-29T23:20:00Z"
[[source]]
fact = "made up"
publication = "made up"
[[sensor]]
name = "airport"
owner = "KR"
kind = "airport"
lat_deg = 37.0
lon_deg = 129.0
height_m = 60
[[sensor]]
name = "area"
owner = "KR"
kind = "air-surveillance"
lat_deg = 36.6
lon_deg = 129.4
height_m = 300
[[object]]
id = "one"
kind = "aircraft"
time = "2022-01-29T22:50:00Z"
waypoint = [
  { lat_deg = 36.7, lon_deg = 128.5, height_m = 9000, speed_mps = 230 },
  { lat_deg = 37.3, lon_deg = 129.3, height_m = 9000, speed_mps = 230 },
  { lat_deg = 37.4, lon_deg = 130.0, height_m = 9000, speed_mps = 230 },
  { lat_deg = 36.6, lon_deg = 129.9, height_m = 9000, speed_mps = 230 },
  { lat_deg = 36.7, lon_deg = 128.7, height_m = 9000, speed_mps = 230 },
]
[[object]]
id = "two"
kind = "aircraft"
time = "2022-01-29T22:51:00Z"
waypoint = [
  { lat_deg = 37.5, lon_deg = 128.4, height_m = 5000, speed_mps = 150 },
  { lat_deg = 37.2, lon_deg = 129.4, height_m = 5000, speed_mps = 150 },
  { lat_deg = 36.7, lon_deg = 129.6, height_m = 5000, speed_mps = 150 },
  { lat_deg = 36.6, lon_deg = 128.9, height_m = 5000, speed_mps = 150 },
]
"#;

/// A run: what flew, and what the tracker said of it.
pub struct Run {
    pub truths: Vec<Truth>,
    pub rows: Vec<Row>,
    pub events: Vec<Event>,
    pub forecasts: Vec<Forecast>,
}

/// A scenario that comes with the program, with the figures of an authority where they differ.
pub fn ours(name: &str, authority: Option<&str>) -> Scenario {
    let file = shipped().iter().find(|file| file.name == name).unwrap();
    let scenario = read_scenario(file.text, file.name).unwrap();
    match authority {
        Some(authority) => scenario.with_authority(authority).unwrap(),
        None => scenario,
    }
}

/// The glide that turns, with two ships beneath it.
pub fn glide_from_below() -> Scenario {
    let file = shipped()
        .iter()
        .find(|file| file.name == "2022-01-11-glide-turns")
        .unwrap();
    let text = format!("{}{SHIPS}", file.text);
    read_scenario(&text, "glide.toml")
        .unwrap()
        .with_authority("KP")
        .unwrap()
}

/// Two airliners.
pub fn airliners() -> Scenario {
    read_scenario(AIRLINERS, "airliners.toml").unwrap()
}

/// Tracks a scenario; `None` where a seed has no flight.
pub fn run(scenario: &Scenario, seed: u64) -> Option<Run> {
    let truths = scenario.fly(seed).ok()?;
    let plots: Vec<Plot> = observe(&truths, &scenario.stations, scenario.span, seed).plots;
    let mut sensors = Sensors::default();
    for station in &scenario.stations {
        sensors.insert(station.sensor.clone()).unwrap();
    }
    let mut timeline = Timeline::new(&sensors, TimelineOptions::default(), Options::default());
    for plot in &plots {
        timeline.add(plot).unwrap();
    }
    let (rows, events) = timeline.finish(&Sequential);
    let forecasts = timeline.forecasts(&Sequential);
    Some(Run {
        truths,
        rows,
        events,
        forecasts,
    })
}

/// The ends of the boosts of an object after which it flies freely for a second at least.
pub fn burnouts(truth: &Truth) -> Vec<Time> {
    let legs = truth.course.legs();
    let pairs = legs
        .windows(2)
        .filter(|pair| pair[0].phase == Phase::Boost && pair[1].phase != Phase::Boost);
    pairs.map(|pair| pair[0].until).collect()
}

/// When lift sets in.
pub fn pull_up(truth: &Truth) -> Option<Time> {
    let legs = truth.course.legs();
    legs.iter().find(|leg| leg.phase == Phase::Glide).map(|leg| leg.from)
}

/// When an object has begun to turn: by one degree, after a straight of some time.
pub fn turns(truth: &Truth, from: Time, until: Time) -> Vec<Time> {
    let axes = |time: Time| {
        let state = truth.course.state(time)?;
        let (up, velocity) = (state.position.vector().normalize(), state.velocity.vector());
        let ahead: Vector3<f64> = (velocity - up * velocity.dot(&up)).normalize();
        Some((up.cross(&ahead), ahead))
    };
    let (mut turns, mut straight_s, mut turned_rad) = (Vec::new(), 0.0, 0.0);
    for second in 1..(until - from) as i64 {
        let time = from + second as f64;
        let (Some((_, ahead)), Some((left, _))) = (axes(time), axes(time + -1.0)) else {
            continue;
        };
        let rate_radps = ahead.dot(&left);
        if rate_radps.abs() < STRAIGHT_RADPS {
            (straight_s, turned_rad) = (straight_s + 1.0, 0.0);
            continue;
        }
        turned_rad += rate_radps;
        if turned_rad.abs() > TURNED_RAD {
            if straight_s >= STRAIGHT_S {
                turns.push(time);
            }
            straight_s = 0.0;
        }
    }
    turns
}
