//! Milliseconds from public figures to a flight, on one core: every distinct launch on record with apogee and distance.
//!
//! `figures [LAUNCHES.csv [RUNS]]` (default `$TRILAT_DATA/launches/nk_launches_1984_to_2022-01.csv`, the fastest of 3).

#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

use std::collections::BTreeSet;
use std::error::Error;
use std::time::Instant;

use geo::angle::RAD_PER_DEG;
use geo::{Geodetic, Time};
use sim::ballistic::{Figures, announced};

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let root = std::env::var("TRILAT_DATA").unwrap_or_else(|_| "../shared/data".to_owned());
    let path = args
        .next()
        .unwrap_or_else(|| format!("{root}/launches/nk_launches_1984_to_2022-01.csv"));
    let runs: usize = args.next().map_or(Ok(3), |text| text.parse())?;
    let time: Time = "2022-01-01T00:00:00Z".parse()?;
    let all = read(&path)?;
    let (mut ballistic_ms, mut glide_ms) = (Vec::new(), Vec::new());
    for figures in &all {
        let (mut best_ms, mut is_ballistic) = (f64::INFINITY, true);
        for _ in 0..runs.max(1) {
            let begin = Instant::now();
            let found = announced(figures, time)?;
            best_ms = best_ms.min(begin.elapsed().as_secs_f64() * 1e3);
            is_ballistic = found.not_ballistic.is_none();
        }
        if is_ballistic { &mut ballistic_ms } else { &mut glide_ms }.push(best_ms);
    }
    for (name, times_ms) in [("ballistic", &mut ballistic_ms), ("glide", &mut glide_ms)] {
        times_ms.sort_by(f64::total_cmp);
        let (Some(first), Some(last)) = (times_ms.first(), times_ms.last()) else {
            continue;
        };
        let median = times_ms[times_ms.len() / 2];
        println!("{name}, {} figures\t{first:.1}\t{median:.1}\t{last:.1}", times_ms.len());
    }
    Ok(())
}

/// The distinct figures of a record.
fn read(path: &str) -> Result<Vec<Figures>, Box<dyn Error>> {
    let mut reader = csv::Reader::from_path(path)?;
    let names = reader.headers()?.clone();
    let columns = [
        "launch_lat_deg",
        "launch_lon_deg",
        "apogee_km",
        "distance_km",
        "bearing_deg",
    ];
    let places: Vec<usize> = columns
        .iter()
        .map(|column| names.iter().position(|name| name == *column).ok_or(*column))
        .collect::<Result<_, _>>()?;
    let (mut seen, mut all) = (BTreeSet::new(), Vec::new());
    for record in reader.records() {
        let record = record?;
        let texts: Vec<&str> = places.iter().map(|place| record.get(*place).unwrap_or("")).collect();
        let Ok(numbers) = texts
            .iter()
            .map(|text| text.parse::<f64>())
            .collect::<Result<Vec<_>, _>>()
        else {
            continue;
        };
        if seen.insert(texts.join(",")) {
            all.push(Figures {
                launch: Geodetic::from_degrees(numbers[0], numbers[1], 0.0),
                apogee_m: numbers[2] * 1e3,
                range_m: numbers[3] * 1e3,
                bearing_rad: numbers[4] * RAD_PER_DEG,
                flight_time_s: None,
                class: None,
            });
        }
    }
    Ok(all)
}
