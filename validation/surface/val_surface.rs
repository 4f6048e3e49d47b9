//! An airport's surface radar and its multilateration: plots of both on one track, identities unread.

#![expect(clippy::print_stdout, reason = "a validation says what it measured")]

use std::collections::{BTreeMap, BTreeSet};

use geo::{Ecef, Position, Time};
use plot::{Measurement, Plot, Sensor, Sensors};
use track::associate::Sequential;
use track::{Options, Row, Timeline, TimelineOptions};
use wire::asterix::{AsterixOptions, Sources, read_asterix};

/// An aircraft or vehicle on the ground with fewer reports is not counted.
const REPORTS_MIN: usize = 60;
/// A plot of the radar this near to where multilateration has an object is of it.
const NEAR_M: f64 = 25.0;

/// Objects nearer than this to each other cannot be told apart: two cars parked door to door.
const APART_M: f64 = 40.0;

/// What multilateration reported of one address: where and when, ECEF.
type Reports = BTreeMap<String, Vec<(Time, Position<Ecef>)>>;

fn plots(file: &str, sensors: &Sensors) -> Option<Vec<Plot>> {
    let bytes = std::fs::read(validation::data(file)?).expect("a readable file");
    let date: Time = "2020-10-02T00:00:00Z".parse().expect("a time");
    let mut options = AsterixOptions {
        date: Some(date),
        sources: Sources::of(sensors),
    };
    Some(read_asterix(&bytes, file, &mut options).plots)
}

fn tracked(plots: &[Plot], sensors: &Sensors) -> Vec<Row> {
    let options = Options {
        is_target_ignored: true,
        ..Options::default()
    };
    let lag = TimelineOptions {
        lag_s: 10.0,
        ..TimelineOptions::default()
    };
    let mut timeline = Timeline::new(sensors, lag, options);
    let mut rows = Vec::new();
    for part in plots.chunks(2_000) {
        for plot in part {
            timeline.add(plot).expect("a known sensor");
        }
        rows.extend(timeline.settle(&Sequential).0);
    }
    rows.extend(timeline.finish(&Sequential).0);
    rows
}

/// Where a plot lies, at the height of the ground.
fn place(plot: &Plot, sensor: &Sensor) -> Position<Ecef> {
    match &plot.measurement {
        Measurement::Position(fix) => fix.geodetic.to_ecef(),
        Measurement::Polar(polar) => sensor.site.from_aer(geo::Aer {
            azimuth_rad: polar.azimuth_rad.expect("an azimuth"),
            elevation_rad: 0.0,
            range_m: polar.range_m.expect("a range"),
        }),
    }
}

fn apart_m(a: Position<Ecef>, b: Position<Ecef>) -> f64 {
    (a.vector() - b.vector()).norm()
}

/// How far from it an object was at a time, between two reports of the same 3 s.
fn off_m(reports: &[(Time, Position<Ecef>)], time: Time, from: Position<Ecef>) -> Option<f64> {
    let after = reports.partition_point(|(at, _)| *at < time);
    let (before, after) = (reports.get(after.checked_sub(1)?)?, reports.get(after)?);
    let (span_s, gone_s) = (after.0 - before.0, time - before.0);
    (span_s < 3.0).then(|| {
        let share = gone_s / span_s;
        let there = before.1.vector() * (1.0 - share) + after.1.vector() * share;
        apart_m(Position::from_vector(there), from)
    })
}

/// Whether two objects were near each other at a time.
fn are_near(one: &[(Time, Position<Ecef>)], other: &[(Time, Position<Ecef>)], time: Time) -> bool {
    let at = one.partition_point(|(at, _)| *at < time).min(one.len() - 1);
    off_m(other, time, one[at].1).is_some_and(|off_m| off_m < APART_M)
}

/// Figures of one run.
#[derive(Default)]
struct Found {
    /// Addresses with enough reports.
    objects: usize,
    /// Of each, the share of its reports that are on its longest track, ascending.
    shares: Vec<f64>,
    /// Those that the radar saw too, those of them whose track has plots of both, and those it has most of.
    both_seen: usize,
    both: usize,
    /// Changes of a track to the address of an object that was not near.
    swaps: usize,
    /// Plots of the radar near exactly one object, and those of them that its track took.
    radar: usize,
    radar_with: usize,
}

/// The track that took each plot of a sensor: its row has the same time and lies nearest.
fn taken<'a>(plots: &'a [Plot], rows: &'a [Row], sensor: &Sensor) -> Vec<(&'a Plot, Option<&'a Row>)> {
    let mut at: BTreeMap<i64, Vec<&Row>> = BTreeMap::new();
    for row in rows {
        at.entry(row.time.tai_ns()).or_default().push(row);
    }
    let of = |plot: &'a Plot| {
        let here = place(plot, sensor);
        let off = |row: &Row| {
            apart_m(
                Position::new(row.belief.mean[0], row.belief.mean[1], row.belief.mean[2]),
                here,
            )
        };
        let nearest = at
            .get(&plot.time.tai_ns())
            .and_then(|rows| rows.iter().min_by(|a, b| off(a).total_cmp(&off(b))));
        (plot, nearest.copied().filter(|row| off(row) < 100.0))
    };
    plots.iter().map(of).collect()
}

fn score(radar: &[Plot], multilateration: &[Plot], rows: &[Row], sensors: &Sensors) -> Found {
    let [smr, mlat] = sensors.as_slice() else {
        unreachable!("two sensors")
    };
    let mut reports = Reports::new();
    let mut of_address: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut of_track: BTreeMap<String, Vec<(Time, String)>> = BTreeMap::new();
    for (plot, row) in taken(multilateration, rows, mlat) {
        let address = plot.target.as_deref().unwrap_or("none").to_string();
        reports
            .entry(address.clone())
            .or_default()
            .push((plot.time, place(plot, mlat)));
        if let Some(row) = row {
            of_address
                .entry(address.clone())
                .or_default()
                .push(row.track.to_string());
            of_track
                .entry(row.track.to_string())
                .or_default()
                .push((plot.time, address));
        }
    }
    let mut found = Found::default();
    for list in of_track.values() {
        let is_swap = |pair: &&[(Time, String)]| {
            let [(time, before), (_, after)] = pair else {
                return false;
            };
            before != after && !are_near(&reports[before], &reports[after], *time)
        };
        found.swaps += list.windows(2).filter(is_swap).count();
    }
    let mut beside: BTreeMap<&String, (usize, usize)> = BTreeMap::new();
    for (plot, row) in taken(radar, rows, smr) {
        let here = place(plot, smr);
        let near: Vec<&String> = reports
            .iter()
            .filter(|(_, list)| off_m(list, plot.time, here).is_some_and(|off_m| off_m < NEAR_M))
            .map(|(address, _)| address)
            .collect();
        let [address] = near.as_slice() else { continue };
        let own = of_address.get(*address);
        let is_own = row.is_some_and(|row| own.is_some_and(|own| own.contains(&row.track.to_string())));
        let (all, with) = beside.entry(address).or_default();
        (*all, *with) = (*all + 1, *with + usize::from(is_own));
        (found.radar, found.radar_with) = (found.radar + 1, found.radar_with + usize::from(is_own));
    }
    for (address, list) in reports.iter().filter(|(_, list)| list.len() >= REPORTS_MIN) {
        let mut counts: BTreeMap<&String, usize> = BTreeMap::new();
        for name in of_address.get(address).into_iter().flatten() {
            *counts.entry(name).or_default() += 1;
        }
        let longest = counts.values().copied().max().unwrap_or(0);
        found.objects += 1;
        found.shares.push(longest as f64 / list.len() as f64);
        let (all, with) = beside.get(address).copied().unwrap_or_default();
        if all >= 20 {
            found.both_seen += 1;
            found.both += usize::from(with * 2 > all);
        }
        println!(
            "{address}: {} reports, {} tracks, {longest} on the longest; near plots of the radar {all}, on its track {with}",
            list.len(),
            counts.len()
        );
    }
    found.shares.sort_by(f64::total_cmp);
    found
}

#[test]
fn both_sensors_are_on_one_track() {
    let sensors = wire::read_sensors(&include_bytes!("sensors.toml")[..], "sensors.toml").expect("sensors");
    let radar = plots("asterix/201002-lebl-080001_smr_A.ast", &sensors);
    let multilateration = plots("asterix/201002-lebl-080001_mlat_A.ast", &sensors);
    let (Some(radar), Some(multilateration)) = (radar, multilateration) else {
        return;
    };
    let mut all: Vec<Plot> = radar.iter().chain(&multilateration).cloned().collect();
    all.sort_by_key(|plot| plot.time);
    let rows = tracked(&all, &sensors);
    let found = score(&radar, &multilateration, &rows, &sensors);
    let tracks: BTreeSet<String> = rows.iter().map(|row| row.track.to_string()).collect();
    println!(
        "{} plots of the radar, {} of multilateration; {} rows of {} tracks",
        radar.len(),
        multilateration.len(),
        rows.len(),
        tracks.len()
    );
    let Found {
        objects,
        both_seen,
        both,
        swaps,
        radar,
        radar_with,
        ..
    } = found;
    let share = found.shares[objects / 2];
    println!(
        "{objects} objects, {both_seen} of them seen by the radar, {both} with both on one track; of {radar} plots of the \
        radar beside one object {radar_with} on its track; half of the objects have {:.0} % of their reports on one \
        track; {swaps} changes to an object that was not near",
        100.0 * share
    );
    assert!(both_seen >= 26 && both == both_seen, "{both} of {both_seen}");
    assert!(
        radar > 4_000 && radar_with * 100 > radar * 98,
        "{radar_with} of {radar}"
    );
    assert!(share > 0.8, "{share}");
    assert!(swaps <= 35, "{swaps}");
}
