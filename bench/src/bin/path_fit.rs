//! Seconds that the path fit of a recording takes on one core, with and without reading its files.
//!
//! `path_fit [FOLDER [RUNS]]`: the folder holds plots.csv and sensors.toml (default `$TRILAT_DATA/radar-flight`).

#![expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]

use std::error::Error;
use std::fs::File;
use std::io::BufReader;
use std::path::{Path, PathBuf};
use std::time::Instant;

use estimate::path::{FlightPath, PathOptions, fit_paths};
use wire::{Format, read_plots, read_sensors};

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let root = std::env::var("TRILAT_DATA").unwrap_or_else(|_| "../shared/data".to_owned());
    let folder = args
        .next()
        .map_or_else(|| Path::new(&root).join("radar-flight"), PathBuf::from);
    let runs: usize = args.next().map_or(Ok(20), |text| text.parse())?;
    let (mut fits_s, mut wholes_s, mut last) = (Vec::new(), Vec::new(), None);
    for _ in 0..runs.max(1) {
        let begin = Instant::now();
        let plots = read_plots(
            Format::Csv,
            BufReader::new(File::open(folder.join("plots.csv"))?),
            "plots.csv",
        )?
        .plots;
        let sensors = read_sensors(File::open(folder.join("sensors.toml"))?, "sensors.toml")?;
        let read = Instant::now();
        let objects = fit_paths(&plots, &sensors, &PathOptions::default());
        fits_s.push(read.elapsed().as_secs_f64());
        wholes_s.push(begin.elapsed().as_secs_f64());
        last = objects.paths.into_iter().next().map(|path| (plots.len(), path));
    }
    let (plots, path) = last.ok_or("no path")?;
    println!(
        "trilat, fit of {plots} plots\t{}\t{}",
        spread(&mut fits_s),
        apogee(&path)
    );
    println!("trilat, files read too\t{}\t{}", spread(&mut wholes_s), apogee(&path));
    Ok(())
}

/// `min<TAB>median<TAB>max`, in seconds.
fn spread(seconds: &mut [f64]) -> String {
    seconds.sort_by(f64::total_cmp);
    let (min, max) = (seconds[0], seconds[seconds.len() - 1]);
    format!("{min:.3}\t{:.3}\t{max:.3}", seconds[seconds.len() / 2])
}

fn apogee(path: &FlightPath) -> String {
    path.apogee.map_or_else(
        || "none".to_owned(),
        |top| format!("{:.0} m, {}", top.place.height_m, top.time),
    )
}
