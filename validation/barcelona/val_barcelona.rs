//! Half an hour of a real radar: the tracks that come of its plots without identities, against the Mode S addresses
//! and the speeds over the ground that the aircraft themselves reported.

#![expect(clippy::print_stdout, reason = "a validation says what it measured")]

use std::collections::{BTreeMap, BTreeSet};

use geo::{Ecef, Geodetic, Position, Site, Time, Velocity};
use plot::{Measurement, Plot, Sensor, Sensors};
use track::associate::{Method, Pool};
use track::{Event, Options, Row, Timeline, TimelineOptions};
use wire::asterix::{AsterixReader, Message, Sources};

const KT_MPS: f64 = 1852.0 / 3600.0;
const SCAN_S: f64 = 4.0;

struct Alone;

impl Pool for Alone {
    fn run(&self, count: usize, task: &(dyn Fn(usize) + Sync)) {
        (0..count).for_each(task);
    }
}

/// One plot, and what the aircraft and the radar's own tracker said beside it.
struct Seen {
    plot: Plot,
    address: u32,
    /// BDS 5,0.
    own_mps: Option<f64>,
    /// I048/200.
    radar_mps: Option<f64>,
}

fn seen(bytes: &[u8], sources: &mut Sources) -> Vec<Seen> {
    let date: Time = "2023-05-02T00:00:00Z".parse().expect("a time");
    let mut all = Vec::new();
    for record in AsterixReader::new(bytes, "bcn", Some(date)).flatten() {
        let Message::Cat048(report) = &record.message else {
            continue;
        };
        let station = sources.station(report.source).clone();
        let (Ok(plot), Some(address)) = (record.plot(&station), report.address) else {
            continue;
        };
        let own = report.registers.iter().find_map(|register| register.track_and_turn());
        all.push(Seen {
            plot,
            address,
            own_mps: own.and_then(|turn| turn.ground_speed_mps),
            radar_mps: report.track_velocity.map(|velocity| velocity.speed_mps),
        });
    }
    all
}

/// Speed over the ground.
fn ground_speed_mps(row: &Row) -> f64 {
    let mean = row.belief.mean;
    let place = Geodetic::from_ecef(Position::<Ecef>::new(mean[0], mean[1], mean[2]));
    let velocity = Velocity::<geo::Enu>::from_vector(Site::new(place).enu_from_ecef() * mean.fixed_rows::<3>(3));
    velocity.vector().fixed_rows::<2>(0).norm()
}

/// Metres from a plot to the place of a row, in range and across.
fn apart_m(plot: &Plot, row: &Row, sensor: &Sensor) -> f64 {
    let Measurement::Polar(polar) = &plot.measurement else {
        return f64::INFINITY;
    };
    let mean = row.belief.mean;
    let aer = sensor.site.to_aer(Position::<Ecef>::new(mean[0], mean[1], mean[2]));
    let (range_m, azimuth_rad) = (polar.range_m.unwrap_or(f64::MAX), polar.azimuth_rad.unwrap_or(f64::MAX));
    let across = (aer.azimuth_rad - azimuth_rad + 9.0 * std::f64::consts::PI).rem_euclid(std::f64::consts::TAU)
        - std::f64::consts::PI;
    geo::math::hypot(aer.range_m - range_m, across * range_m)
}

/// What the errors of ground speed of some records look like, kt.
struct Speeds {
    count: usize,
    /// Mean, and standard deviation about it.
    mean: f64,
    spread: f64,
    /// Half the central 68 %, which wild values do not change: 1.4826 times the median distance from the median.
    robust: f64,
}

impl Speeds {
    fn of(errors: impl Iterator<Item = f64>) -> Self {
        let errors: Vec<f64> = errors.collect();
        let count = errors.len();
        let mean = errors.iter().sum::<f64>() / count as f64;
        let variance = errors.iter().map(|error| (error - mean) * (error - mean)).sum::<f64>() / count as f64;
        let middle = median(errors.iter().copied());
        let robust = 1.4826 * median(errors.iter().map(|error| (error - middle).abs()));
        let spread = variance.sqrt();
        Self {
            count,
            mean,
            spread,
            robust,
        }
    }
}

impl std::fmt::Display for Speeds {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            count,
            mean,
            spread,
            robust,
        } = self;
        write!(
            f,
            "{spread:.2} kt about {mean:.2}, robust {robust:.2} kt ({count} records)"
        )
    }
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut sorted: Vec<f64> = values.collect();
    sorted.sort_by(f64::total_cmp);
    sorted[sorted.len() / 2]
}

/// One record: ground speed less the aircraft's own, ours and the radar's own tracker's, kt.
struct Pair {
    own_kt: f64,
    height_m: f64,
    ours: f64,
    radars: f64,
}

impl Pair {
    /// Faster than 60 kt, above 300 m of pressure altitude.
    fn is_in_flight(&self) -> bool {
        self.own_kt > 60.0 && self.height_m > 300.0
    }
}

/// The speeds of some records, ours and the radar's.
fn speeds(title: &str, pairs: &[Pair], wanted: impl Fn(&Pair) -> bool) -> (Speeds, Speeds) {
    let wanted: Vec<&Pair> = pairs.iter().filter(|pair| wanted(pair)).collect();
    let (ours, radars) = (
        Speeds::of(wanted.iter().map(|pair| pair.ours)),
        Speeds::of(wanted.iter().map(|pair| pair.radars)),
    );
    println!("ground speed less the aircraft's own, {title}: ours {ours}, the radar's {radars}");
    (ours, radars)
}

/// The tracker's own method, or what `TRILAT_ASSOCIATION` asks for, to compare.
fn method() -> Method {
    match std::env::var("TRILAT_ASSOCIATION").as_deref() {
        Ok("gnn") => Method::Gnn,
        Ok("lbp") => Method::Lbp,
        Ok("exact") => Method::Exact,
        Ok("mht") => Method::Mht,
        Ok(other) => panic!("TRILAT_ASSOCIATION is {other}, expected gnn, lbp, exact or mht"),
        Err(_) => Options::default().method,
    }
}

/// Whether a time is in the minutes that `BCN_MINUTES` asks for (`0-15`), or it asks for none.
fn is_wanted(time: Time) -> bool {
    let begin: Time = "2023-05-02T08:00:00Z".parse().expect("a time");
    let Ok(wanted) = std::env::var("BCN_MINUTES") else {
        return true;
    };
    let ends: Option<(f64, f64)> = wanted
        .split_once('-')
        .and_then(|(from, until)| Some((from.parse().ok()?, until.parse().ok()?)));
    let (from, until) = ends.expect("BCN_MINUTES as 0-15");
    (from..until).contains(&((time - begin) / 60.0))
}

/// All rows and events that come of the plots, identities unread.
fn tracked(all: &[Seen], sensors: &Sensors) -> (Vec<Row>, Vec<Event>) {
    let options = Options {
        is_target_ignored: true,
        method: method(),
        ..Options::default()
    };
    let mut timeline = Timeline::new(
        sensors,
        TimelineOptions {
            lag_s: 60.0,
            ..TimelineOptions::default()
        },
        options,
    );
    let (mut rows, mut events) = (Vec::new(), Vec::new());
    for part in all.chunks(2_000) {
        for seen in part {
            timeline.add(&seen.plot).expect("a known sensor");
        }
        let (more, happened) = timeline.settle(&Alone);
        rows.extend(more);
        events.extend(happened);
    }
    let (more, happened) = timeline.finish(&Alone);
    rows.extend(more);
    events.extend(happened);
    (rows, events)
}

/// Prints what became of each aircraft: how many are one track, how often a track goes over to another, and how many
/// have their first row after three scans.
fn aircraft(
    all: &[Seen],
    rows: &[Row],
    of_track: &BTreeMap<String, Vec<u32>>,
    of_aircraft: &BTreeMap<u32, Vec<(Time, String)>>,
) -> (usize, usize, usize) {
    let mut plots: BTreeMap<u32, Vec<Time>> = BTreeMap::new();
    for seen in all {
        plots.entry(seen.address).or_default().push(seen.plot.time);
    }
    let followable = plots.iter().filter(|(_, times)| times.len() >= 10);
    let swaps: usize = of_track
        .values()
        .map(|list| list.windows(2).filter(|pair| pair[0] != pair[1]).count())
        .sum();
    let (mut none, mut single, mut broken, mut scans) = (0, 0, 0, Vec::new());
    for (address, times) in followable.clone() {
        let tracks = of_aircraft.get(address);
        let names: BTreeSet<&String> = tracks
            .iter()
            .flat_map(|list| list.iter().map(|(_, name)| name))
            .collect();
        match names.len() {
            0 => none += 1,
            1 => single += 1,
            _ => broken += 1,
        }
        if let Some((first, _)) = tracks.and_then(|list| list.first()) {
            scans.push((*first - times[0]) / SCAN_S);
        }
        if names.len() != 1 {
            let place = match &all
                .iter()
                .find(|seen| seen.address == *address)
                .expect("it")
                .plot
                .measurement
            {
                Measurement::Polar(polar) => (polar.range_m.unwrap_or(0.0) / 1e3, polar.pressure_altitude_m),
                Measurement::Position(_) => (0.0, None),
            };
            println!(
                "{address:06X}: {} plots, {} tracks, {} rows, at first {place:?}",
                times.len(),
                names.len(),
                tracks.map_or(0, Vec::len)
            );
        }
    }
    scans.sort_by(f64::total_cmp);
    let at = |share: f64| scans[((scans.len() - 1) as f64 * share) as usize];
    println!(
        "{} plots of {} aircraft, {} with ten or more; {} rows of {} tracks",
        all.len(),
        plots.len(),
        followable.count(),
        rows.len(),
        of_track.len()
    );
    println!("aircraft with one track {single}, with several {broken}, with none {none}; swaps {swaps}");
    println!(
        "scans to the first row: median {:.1}, 90 % {:.1}, 95 % {:.1}, most {:.1}",
        at(0.5),
        at(0.9),
        at(0.95),
        at(1.0)
    );
    // A turn of the antenna takes 4 s to a hundredth or two.
    let late = scans.iter().filter(|scans| **scans > 3.05).count() + none;
    (single, swaps, late)
}

/// The plot of each row, of those of its instant: the nearest first, and none of two rows.
fn plots_of(all: &[Seen], rows: &[Row], by_time: &BTreeMap<i64, Vec<usize>>, sensor: &Sensor) -> Vec<Option<usize>> {
    let mut pairs: Vec<(f64, usize, usize)> = Vec::new();
    for (row, of_row) in rows.iter().enumerate() {
        for plot in by_time.get(&of_row.time.tai_ns()).into_iter().flatten() {
            pairs.push((apart_m(&all[*plot].plot, of_row, sensor), row, *plot));
        }
    }
    pairs.sort_by(|a, b| a.0.total_cmp(&b.0).then((a.1, a.2).cmp(&(b.1, b.2))));
    let (mut plots, mut taken) = (vec![None; rows.len()], BTreeSet::new());
    for (_, row, plot) in pairs {
        if plots[row].is_none() && taken.insert(plot) {
            plots[row] = Some(plot);
        }
    }
    plots
}

#[test]
fn each_aircraft_is_one_track() {
    let Some(path) = validation::data("asterix/230502-est-080001_BCN_60MN_08_09_A.ast") else {
        return;
    };
    let bytes = std::fs::read(path).expect("a readable file");
    let sensors = wire::read_sensors(&include_bytes!("sensors.toml")[..], "sensors.toml").expect("sensors");
    let mut all = seen(&bytes, &mut Sources::of(&sensors));
    all.retain(|seen| is_wanted(seen.plot.time));
    let (rows, _) = tracked(&all, &sensors);
    let mut by_time: BTreeMap<i64, Vec<usize>> = BTreeMap::new();
    for (index, seen) in all.iter().enumerate() {
        by_time.entry(seen.plot.time.tai_ns()).or_default().push(index);
    }
    let sensor = &sensors.as_slice()[0];
    let plots = plots_of(&all, &rows, &by_time, sensor);
    let mut of_track: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    let mut of_aircraft: BTreeMap<u32, Vec<(Time, String)>> = BTreeMap::new();
    let mut pairs: Vec<Pair> = Vec::new();
    for (row, plot) in rows.iter().zip(plots) {
        let Some(seen) = plot.map(|plot| &all[plot]) else {
            continue;
        };
        of_track.entry(row.track.to_string()).or_default().push(seen.address);
        of_aircraft
            .entry(seen.address)
            .or_default()
            .push((row.time, row.track.to_string()));
        if let (Some(own_mps), Some(radar_mps)) = (seen.own_mps, seen.radar_mps) {
            let height_m = match &seen.plot.measurement {
                Measurement::Polar(polar) => polar.pressure_altitude_m.unwrap_or(0.0),
                Measurement::Position(_) => 0.0,
            };
            pairs.push(Pair {
                own_kt: own_mps / KT_MPS,
                height_m,
                ours: (ground_speed_mps(row) - own_mps) / KT_MPS,
                radars: (radar_mps - own_mps) / KT_MPS,
            });
        }
    }
    let (single, swaps, late) = aircraft(&all, &rows, &of_track, &of_aircraft);
    let (ours, radars) = speeds("all records", &pairs, |_| true);
    let (flying, _) = speeds("in flight", &pairs, Pair::is_in_flight);
    if std::env::var_os("BCN_MINUTES").is_some() {
        return;
    }
    assert!(single >= 96, "{single} aircraft are one track");
    assert!(
        rows.len() * 100 > all.len() * 97,
        "{} rows of {} plots",
        rows.len(),
        all.len()
    );
    assert!(swaps <= 8, "{swaps} swaps");
    assert!(late == 0, "{late} aircraft have their first row after three scans");
    assert!(
        ours.count > 4_000 && ours.spread < 4.0 && ours.spread < radars.spread,
        "all records: ours {ours}, the radar's {radars}"
    );
    assert!(flying.spread < 3.5 && flying.robust < 2.0, "in flight: {flying}");
}
