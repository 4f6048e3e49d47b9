//! ADS-B of an aircraft whose last position goes on being delivered as new, among 84 that are reported well.

#![expect(clippy::print_stdout, reason = "a validation says what it measured")]

use std::collections::BTreeMap;
use std::io::Read;

use geo::{Geodetic, Time};
use plot::{Measurement, Plot, PositionFix, Sensors, Sigmas};
use track::associate::Sequential;
use track::{Fault, Options, Row, SensorEvent, Standing, Timeline, TimelineOptions};

fn plot(time_s: f64, address: &str, [lat_deg, lon_deg, height_m]: [f64; 3]) -> Plot {
    Plot {
        time: Time::from_tai_ns((time_s * 1e9) as i64),
        sensor: "adsb".into(),
        measurement: Measurement::Position(PositionFix {
            geodetic: Geodetic::from_degrees(lat_deg, lon_deg, height_m),
            velocity: None,
        }),
        sigmas: Sigmas::default(),
        snr_db: None,
        target: Some(address.into()),
        truth: None,
    }
}

/// The aircraft with clock faults, from a time on.
fn faulty(from_s: f64) -> Option<Vec<Plot>> {
    let bytes = std::fs::read(validation::data("adsb/noisy_time_issue.json.gz")?).expect("a readable file");
    let mut text = Vec::new();
    flate2::read::GzDecoder::new(bytes.as_slice())
        .read_to_end(&mut text)
        .expect("gzip");
    let file = wire::read_plots(wire::Format::AdsbJson, std::io::Cursor::new(text), "faulty.json").expect("ADS-B");
    assert_eq!((file.summary.plots, file.summary.refused), (8_294, 0));
    let [clock @ wire::Suspicion::Clock { repeated, .. }] = file.summary.suspicions.as_slice() else {
        panic!("{:?}", file.summary.suspicions)
    };
    println!("{clock}");
    assert!(*repeated > 1_800, "{clock}");
    let first = file.plots[0].time;
    let moved = |mut plot: Plot| {
        plot.time = Time::from_tai_ns((from_s * 1e9) as i64) + (plot.time - first);
        plot
    };
    Some(file.plots.into_iter().map(moved).collect())
}

/// Aircraft over England, each position at the time it was heard; from when on.
fn others() -> Option<(Vec<Plot>, f64)> {
    let text = std::fs::read_to_string(validation::data("adsb/stonesoup_OpenSky_Plane_States.csv")?).expect("text");
    let mut lines = text.lines();
    let names: Vec<&str> = lines.next().expect("a header").split(',').collect();
    let column = |name: &str| names.iter().position(|of| *of == name).expect("a column");
    let columns = ["lastposupdate", "lat", "lon", "geoaltitude"].map(column);
    let address = column("icao24");
    let mut plots: Vec<Plot> = Vec::new();
    for line in lines {
        let fields: Vec<&str> = line.split(',').collect();
        let [time_s, lat_deg, lon_deg, height_m] = columns.map(|at| fields[at].parse::<f64>().unwrap_or(f64::NAN));
        if time_s.is_finite() && height_m.is_finite() {
            plots.push(plot(time_s, fields[address], [lat_deg, lon_deg, height_m]));
        }
    }
    plots.sort_by_key(|plot| plot.time);
    let first_s = plots.first().expect("a plot").time - Time::from_tai_ns(0);
    Some((plots, first_s))
}

fn tracked(plots: &[Plot], sensors: &Sensors) -> (Vec<Row>, Vec<SensorEvent>, u64) {
    let lag = TimelineOptions {
        lag_s: 10.0,
        ..TimelineOptions::default()
    };
    let mut timeline = Timeline::new(sensors, lag, Options::default());
    for plot in plots {
        timeline.add(plot).expect("a known sensor");
    }
    let rows = timeline.finish(&Sequential).0;
    let unused = timeline.sensor_reports()[0].contained;
    (rows, timeline.drain_sensor_events(), unused)
}

/// Rows by track, by the address of the plot at the same time and place.
fn by_address(plots: &[Plot], rows: &[Row]) -> BTreeMap<String, BTreeMap<String, usize>> {
    let mut at: BTreeMap<i64, Vec<&Plot>> = BTreeMap::new();
    for plot in plots {
        at.entry(plot.time.tai_ns()).or_default().push(plot);
    }
    let off_m = |plot: &Plot, row: &Row| match &plot.measurement {
        Measurement::Position(fix) => (fix.geodetic.to_ecef().vector() - row.belief.mean.fixed_rows::<3>(0)).norm(),
        Measurement::Polar(_) => f64::INFINITY,
    };
    let mut found: BTreeMap<String, BTreeMap<String, usize>> = BTreeMap::new();
    for row in rows {
        let near = at.get(&row.time.tai_ns()).into_iter().flatten();
        let Some(plot) = near.min_by(|a, b| off_m(a, row).total_cmp(&off_m(b, row))) else {
            continue;
        };
        let address = plot.target.as_deref().unwrap_or("none").to_string();
        *found
            .entry(address)
            .or_default()
            .entry(row.track.to_string())
            .or_default() += 1;
    }
    found
}

fn sensors(scan_s: &str) -> Sensors {
    let text = include_str!("sensors.toml").replace("scan_s = 1.0", &format!("scan_s = {scan_s}"));
    wire::read_sensors(text.as_bytes(), "sensors.toml").expect("sensors")
}

/// How many plots are not where the one before was.
fn new_places(plots: &[Plot]) -> usize {
    let is_new = |pair: &&[Plot]| pair[0].measurement != pair[1].measurement;
    plots.windows(2).filter(is_new).count() + 1
}

/// The fault has its name, and nothing is contained.
fn assert_named(events: &[SensorEvent], from: Time) {
    for event in events {
        println!(
            "after {:.0} s {}: {}",
            event.time - from,
            event.standing.name(),
            event.fault
        );
    }
    assert!(events.iter().any(|event| event.fault == Fault::Old), "{events:?}");
    assert!(
        events.iter().all(|event| event.standing != Standing::Contained),
        "{events:?}"
    );
}

#[test]
fn old_positions_stamped_as_new_are_named_and_change_no_track() {
    let Some(bad) = faulty(0.0) else { return };
    let (rows, events, unused) = tracked(&bad, &sensors("1.0"));
    let of_track = by_address(&bad, &rows).remove("4b1815").unwrap_or_default();
    let mut counts: Vec<usize> = of_track.values().copied().collect();
    counts.sort_unstable_by(|a, b| b.cmp(a));
    println!(
        "{} plots, {} of them at a new place; {unused} unused; rows of its tracks {counts:?}",
        bad.len(),
        new_places(&bad)
    );
    assert_named(&events, bad[0].time);
    assert!(unused > 1_000, "{unused}");
    assert!(rows.len() + unused as usize + 100 > bad.len(), "{} rows", rows.len());
    assert!(counts[0] > 4_000 && counts[0] + counts[1] > 6_000, "{counts:?}");
}

#[test]
fn the_tracks_of_others_are_as_without_it() {
    let Some((good, first_s)) = others() else { return };
    let Some(bad) = faulty(first_s - 1_500.0) else { return };
    let last = good[good.len() - 1].time;
    let bad = bad.into_iter().step_by(10).filter(|plot| plot.time < last);
    let mut all: Vec<Plot> = good.iter().cloned().chain(bad).collect();
    all.sort_by_key(|plot| plot.time);
    let (rows, events, unused) = tracked(&all, &sensors("10.0"));
    let mut found = by_address(&all, &rows);
    let of_faulty = found.remove("4b1815").unwrap_or_default();
    let (alone, ..) = tracked(&good, &sensors("10.0"));
    let without = by_address(&good, &alone);
    let single = without.values().filter(|of| of.len() == 1).count();
    let other: Vec<_> = without
        .iter()
        .filter(|(address, of)| found.get(*address) != Some(of))
        .collect();
    println!(
        "{} others, {single} of them one track; the faulty one's {of_faulty:?}; {unused} plots unused; beside it others: \
        {other:?}",
        without.len()
    );
    assert!(without.len() >= 80 && single * 100 > without.len() * 90, "{single}");
    // What is learnt of the sensor, how often it sees, is of all of them, and now and then decides over a row.
    assert!(other.len() <= 2, "{other:?}");
    let beside = found.values().filter(|of| of.len() == 1).count();
    assert!(
        beside >= single,
        "{beside} of them one track beside it, {single} without"
    );
    assert_named(&events, all[0].time);
}
