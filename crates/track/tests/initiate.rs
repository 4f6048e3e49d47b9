//! How tracks begin: what the first plots tell, and how soon it is known what flies.

#![expect(clippy::unwrap_used, reason = "a test")]
#![expect(clippy::print_stdout, reason = "what is measured is read with --nocapture")]

mod scene;

use std::f64::consts::TAU;

use flight::Phase;
use geo::{Aer, Geodetic, Time};
use plot::{Coverage, Detection, Measurement, Plot, Polar, Sensor, Sensors, Sigmas};
use scene::simulated;
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
    let mut mean = 0.0;
    for seed in [7, 8, 9] {
        let (plots, sensors, truths) = simulated("alone-none", None, seed);
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
        // Constant errors of the sensors make the NEES of a run nearly one draw of six degrees: 27.9 is at 1e-4. Over
        // seeds 7 to 26 its mean is 6.8.
        assert!(rmse_m < 400.0 && nees < 27.9, "seed {seed}: {rmse_m} m, NEES {nees}");
        mean += nees / 3.0;
    }
    assert!(mean < 12.0, "NEES {mean} over the seeds");
}

/// When a radar begins to see.
#[derive(Copy, Clone, Debug)]
enum Late {
    /// So long after launch, under thrust.
    Boost(f64),
    /// Rising through this height.
    Rising(f64),
    /// Coming down through it.
    Falling(f64),
}

/// The plots of one sensor, or of all, from when coverage begins.
fn from_late(plots: &[Plot], truth: &Truth, late: Late, sensor: Option<&str>) -> Vec<Plot> {
    let start = truth.course.span().0;
    let is_on = |plot: &&Plot| {
        let height_m = truth.course.geodetic(plot.time).map_or(0.0, |place| place.height_m);
        let before_m = truth
            .course
            .geodetic(plot.time + -1.0)
            .map_or(0.0, |place| place.height_m);
        match late {
            Late::Boost(after_s) => plot.time - start >= after_s,
            Late::Rising(least_m) => height_m >= least_m || height_m < before_m,
            Late::Falling(most_m) => height_m <= most_m && height_m < before_m,
        }
    };
    let is_its = |plot: &&Plot| sensor.is_none_or(|name| &*plot.sensor == name);
    plots.iter().filter(is_on).filter(is_its).cloned().collect()
}

/// What is said of an object that is seen late, in the first seconds after its first plot: times of confirmation, and
/// the phase told last, and the true ones then and ten seconds before: a change takes some plots to be told.
fn said_soon(seen: &[Plot], sensors: &Sensors, truth: &Truth, within_s: f64) -> Option<(Vec<f64>, Phase, [Phase; 2])> {
    let first = seen.iter().find(|plot| plot.truth.is_some())?.time;
    let (_, events) = tracked(seen, sensors);
    let soon = || events.iter().filter(|event| event.time - first < within_s);
    let confirmed = soon().filter(|event| event.kind == EventKind::Confirmed);
    let mut told = soon().filter_map(|event| match event.kind {
        EventKind::Phase(phase) => Some(phase),
        _ => None,
    });
    Some((
        confirmed.map(|event| event.time - first).collect(),
        told.next_back()?,
        [
            truth.course.phase(first + within_s)?,
            truth.course.phase(first + (within_s - 10.0))?,
        ],
    ))
}

/// A boost under way, a flight in mid-course, a fall: one track within four looks, and the right phase within 20 s,
/// whether one radar sees it or all nine.
#[test]
fn what_is_seen_late_is_known_soon() {
    for late in [
        Late::Boost(70.0),
        Late::Boost(110.0),
        Late::Rising(400e3),
        Late::Falling(1_500e3),
        Late::Falling(120e3),
    ] {
        for sensor in [Some("kr-centre"), Some("jp-centre"), None] {
            for seed in [7, 8, 9] {
                let (plots, sensors, truths) = simulated("2022-01-30-lofted", None, seed);
                let seen = from_late(&plots, &truths[0], late, sensor);
                // The last of the fall is below the horizon of radars that are far away.
                if seen.iter().filter(|plot| plot.truth.is_some()).count() < 10 {
                    continue;
                }
                let case = format!("{late:?}, {sensor:?}, seed {seed}");
                let (confirmed, told, phases) = said_soon(&seen, &sensors, &truths[0], 20.0).expect(&case);
                println!("{case}: confirmed after {confirmed:.1?} s, {told:?}");
                assert!(confirmed.len() == 1 && confirmed[0] <= 4.0, "{case}: {confirmed:?}");
                assert!(phases.contains(&told), "{case}: told {told:?}, is {phases:?}");
            }
        }
    }
}

/// Tracks that several plots begin are a function of the set of plots too, whatever the order of arrival.
#[test]
fn tracks_of_several_sensors_begin_the_same_in_any_order() {
    let (plots, sensors, _) = simulated("alone-none", None, 7);
    let plots = &plots[..plots.len().min(1_500)];
    let sorted = tracked(plots, &sensors);
    assert!(sorted.0.len() > 500, "{} rows", sorted.0.len());
    let mut timeline = Timeline::new(&sensors, TimelineOptions::default(), Options::default());
    let (mut rows, mut events) = (Vec::new(), Vec::new());
    let third = |plot: &Plot| plot.time.tai_ns() / 20_000_000_000;
    for (count, block) in plots.chunk_by(|a, b| third(a) == third(b)).enumerate() {
        for index in 0..block.len() {
            timeline.add(&block[(index * 7 + count) % block.len()]).unwrap();
        }
        for plot in block {
            timeline.add(plot).unwrap();
        }
        let (more, happened) = timeline.settle(&Sequential);
        rows.extend(more);
        events.extend(happened);
        let _picture = timeline.picture(&Sequential);
    }
    let (more, happened) = timeline.finish(&Sequential);
    rows.extend(more);
    events.extend(happened);
    assert!(rows == sorted.0, "{} and {} rows", rows.len(), sorted.0.len());
    assert_eq!(events, sorted.1);
}
