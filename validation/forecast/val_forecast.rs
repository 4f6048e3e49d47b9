//! Whether the regions and intervals that tracks foretell contain what then happens.
//!
//! `FORECAST_RUNS` sets the number of runs, `FORECAST_SEED` the first seed.

#![expect(clippy::unwrap_used, reason = "a test")]

mod scene;

use std::collections::BTreeMap;

use geo::{Geodetic, Time};
use plot::{Plot, Sensors};
use scene::{Kind, scene};
use sim::Truth;
use sim::scenario::read_scenario;
use sim::sensor::observe;
use track::associate::Sequential;
use track::forecast::{Forecast, LEVELS, Region, Way};
use track::{Name, Options, Row, Timeline, TimelineOptions};

/// Runs of the default suite.
const RUNS: u64 = 12;
/// The first seed.
const SEED: u64 = 1;
/// What each level must contain at least.
const LEAST: [f64; 2] = [0.35, 0.85];
/// A count is refused when it is less probable than this although the share is as asked.
const SURPRISE: f64 = 1e-3;
/// How large the median of what is stated at 95 % may be, lest it be wide and mean nothing.
const LARGEST: [(&str, f64); 4] = [
    ("3 burnout + 40 s: region, km", 10.0),
    ("4 apogee: region, km", 10.0),
    ("4 apogee: interval, s", 60.0),
    ("7 launch: region, km", 10.0),
];

#[expect(clippy::print_stderr, reason = "the figures are the result of the case")]
fn say(line: &str) {
    eprintln!("{line}");
}

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().expect(name))
}

/// What became of one statement at both levels.
#[derive(Clone, Debug)]
struct Judged {
    statement: String,
    contains: [bool; 2],
    size: f64,
    about: String,
}

/// What one run has foretold.
struct Run {
    truth: Truth,
    forecasts: Vec<Forecast>,
    kind: Kind,
}

fn run(seed: u64) -> Option<Run> {
    let (kind, text) = scene(seed);
    let scenario = read_scenario(&text, "drawn.toml").unwrap();
    // Not all figures have a flight.
    let mut truths = scenario.fly(seed).ok()?;
    if kind != Kind::Glide {
        scene::redrawn(&mut truths[0], seed);
    }
    let plots: Vec<Plot> = observe(&truths, &scenario.stations, scenario.span, seed).plots;
    let mut sensors = Sensors::default();
    for station in &scenario.stations {
        sensors.insert(station.sensor.clone()).unwrap();
    }
    let mut timeline = Timeline::new(&sensors, TimelineOptions::default(), Options::default());
    let (mut rows, mut forecasts) = (Vec::new(), Vec::new());
    for (count, plot) in plots.iter().enumerate() {
        timeline.add(plot).unwrap();
        if count % 500 == 499 {
            rows.extend(timeline.settle(&Sequential).0);
            forecasts.extend(timeline.forecasts(&Sequential));
        }
    }
    rows.extend(timeline.finish(&Sequential).0);
    forecasts.extend(timeline.forecasts(&Sequential));
    let truth = truths.into_iter().next().unwrap();
    let own = follows(&rows, &truth)?;
    forecasts.retain(|forecast| forecast.track == own);
    Some(Run { truth, forecasts, kind })
}

/// The track that has most rows near an object.
fn follows(rows: &[Row], truth: &Truth) -> Option<Name> {
    let mut count: BTreeMap<Name, usize> = BTreeMap::new();
    for row in rows {
        let Some(state) = truth.course.state(row.time) else {
            continue;
        };
        let off_m = (row.belief.mean.fixed_rows::<3>(0) - state.position.vector()).norm();
        if off_m < 20e3 {
            *count.entry(row.track).or_default() += 1;
        }
    }
    count.into_iter().max_by_key(|(_, rows)| *rows).map(|(name, _)| name)
}

/// The instants that are looked at: by their name, seconds from the launch.
fn instants(truth: &Truth) -> Vec<(&'static str, Time)> {
    let (launch, arrival) = truth.course.span();
    let legs = truth.course.legs();
    let boost = legs
        .iter()
        .rfind(|leg| leg.phase == flight::Phase::Boost)
        .map(|leg| leg.until)
        .unwrap();
    let mut apogee = (f64::MIN, launch);
    for second in 0..(arrival - launch) as i64 {
        let time = launch + second as f64;
        let height_m = truth.course.geodetic(time).unwrap().height_m;
        if height_m > apogee.0 {
            apogee = (height_m, time);
        }
    }
    vec![
        ("1 mid boost", launch + 0.6 * (boost - launch)),
        ("2 burnout + 10 s", boost + 10.0),
        ("3 burnout + 40 s", boost + 40.0),
        ("4 apogee", apogee.1),
        ("5 arrival - 60 s", arrival + -60.0),
        ("6 arrival - 20 s", arrival + -20.0),
    ]
}

fn judge(run: &Run, seed: u64) -> Vec<Judged> {
    let (launch, arrival) = run.truth.course.span();
    let place = run.truth.course.geodetic(arrival).unwrap();
    let mut judged = Vec::new();
    for (name, time) in instants(&run.truth) {
        let is_now = |forecast: &&Forecast| forecast.time <= time && time - forecast.time < 12.0;
        let said = run
            .forecasts
            .iter()
            .rfind(|forecast| is_now(forecast) && !forecast.arrival.is_empty());
        let Some(said) = said else { continue };
        let any: Vec<Region> = said
            .arrival
            .iter()
            .filter(|region| region.way == Way::Any)
            .copied()
            .collect();
        judged.extend(both(name, &any, place, arrival, seed, run.kind));
    }
    let rose = run.truth.course.geodetic(launch).unwrap();
    let last = run.forecasts.iter().rfind(|forecast| !forecast.launch.is_empty());
    if let Some(said) = last {
        judged.extend(both("7 launch", &said.launch, rose, launch, seed, run.kind));
    }
    judged
}

fn both(name: &str, said: &[Region], place: Geodetic, time: Time, seed: u64, kind: Kind) -> Vec<Judged> {
    let [half, most] = said else { return Vec::new() };
    let within = |region: &Region| (region.earliest..=region.latest).contains(&time);
    let off_km = geo::geodesic(most.centre, place).distance_m / 1e3;
    vec![
        Judged {
            statement: format!("{name}: region, km"),
            contains: [half, most].map(|region| region.contains(place)),
            size: (most.major_m * most.minor_m).sqrt() / 1e3,
            about: format!(
                "{seed} {kind:?} off {off_km:.1} km, axes {:.1} {:.1}",
                most.major_m / 1e3,
                most.minor_m / 1e3
            ),
        },
        Judged {
            statement: format!("{name}: interval, s"),
            contains: [half, most].map(within),
            size: 0.5 * (most.latest - most.earliest),
            about: format!("{seed} {kind:?} late by {:.1} s", time - most.middle),
        },
    ]
}

#[test]
fn regions_contain_the_truth() {
    let (first, count) = (number("FORECAST_SEED", SEED), number("FORECAST_RUNS", RUNS));
    let threads = std::thread::available_parallelism().map_or(1, |n| n.get() as u64);
    let mut runs: Vec<(u64, Vec<Judged>, Kind)> = std::thread::scope(|scope| {
        let part = |thread: u64| (first + thread..first + count).step_by(threads as usize);
        let workers: Vec<_> = (0..threads)
            .map(|thread| {
                scope.spawn(move || -> Vec<_> {
                    part(thread)
                        .filter_map(|seed| run(seed).map(|run| (seed, judge(&run, seed), run.kind)))
                        .collect()
                })
            })
            .collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().expect("a run"))
            .collect()
    });
    runs.sort_by_key(|(seed, ..)| *seed);
    let is_told = std::env::var("FORECAST_MISSES").is_ok();
    let mut counts: BTreeMap<String, (usize, [usize; 2], Vec<f64>)> = BTreeMap::new();
    for (_, judged, kind) in &runs {
        for one in judged {
            for key in [one.statement.clone(), format!("{} ({kind:?})", one.statement)] {
                let entry = counts.entry(key).or_default();
                entry.0 += 1;
                entry.1[0] += usize::from(one.contains[0]);
                entry.1[1] += usize::from(one.contains[1]);
                entry.2.push(one.size);
            }
            if is_told && !one.contains[1] {
                say(&format!("miss: {}: {}", one.statement, one.about));
            }
        }
    }
    say(&format!(
        "{} runs of {count} from seed {first}; levels {LEVELS:?}",
        runs.len()
    ));
    assert!(runs.len() as u64 * 10 >= count * 9, "{} runs have a track", runs.len());
    for (statement, (all, contained, mut sizes)) in counts {
        sizes.sort_by(f64::total_cmp);
        let share = |level: usize| 100.0 * contained[level] as f64 / all as f64;
        let median = sizes[sizes.len() / 2];
        let (half, most) = (share(0), share(1));
        say(&format!(
            "| {statement} | {all} | {half:.1} % | {most:.1} % | {median:.1} |"
        ));
        if statement.contains('(') {
            continue;
        }
        for (level, least) in LEAST.into_iter().enumerate() {
            let fewest = fewest(all, least);
            assert!(
                contained[level] >= fewest,
                "{statement}: {} of {all} from seed {first}, at least {fewest} wanted",
                contained[level]
            );
        }
        let largest = LARGEST.iter().find(|(name, _)| *name == statement);
        assert!(largest.is_none_or(|(_, most)| median < *most), "{statement}: {median}");
    }
}

/// The fewest of some that are not surprising where each has a probability.
fn fewest(all: usize, probability: f64) -> usize {
    let (mut chance, mut sum) = ((1.0 - probability).powi(all as i32), 0.0);
    for hit in 0..=all {
        sum += chance;
        if sum > SURPRISE {
            return hit;
        }
        chance *= (all - hit) as f64 / (hit + 1) as f64 * probability / (1.0 - probability);
    }
    all
}
