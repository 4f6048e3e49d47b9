//! The real recording of two range radars, below `$TRILAT_DATA` (default `../shared/data` beside the project).

use std::fs::File;
use std::path::PathBuf;

use wire::{Format, read_plots, read_sensors};

/// The file, or `None` after saying why the test was skipped; on CI the file must be there.
fn open(name: &str) -> Option<File> {
    let root = std::env::var_os("TRILAT_DATA").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"),
        PathBuf::from,
    );
    let path = root.join("radar-flight").join(name);
    match File::open(&path) {
        Ok(file) => Some(file),
        Err(error) => {
            assert!(std::env::var_os("CI").is_none(), "{}: {error}", path.display());
            #[expect(clippy::print_stderr, reason = "a skipped test says so")]
            {
                eprintln!("skipped: {}: {error}; set TRILAT_DATA", path.display());
            }
            None
        }
    }
}

#[test]
fn every_plot_of_the_recording_is_read() {
    let Some(file) = open("plots.csv") else { return };
    let read = read_plots(Format::Csv, file, "plots.csv").unwrap();
    assert_eq!(read.refusals, []);
    assert_eq!(read.plots.len(), 6_086);
    assert_eq!(read.summary.suspicions, []);
    let names: Vec<_> = read.summary.sensors.iter().map(|sensor| &*sensor.name).collect();
    assert_eq!(names, ["wsmr-a", "wsmr-b"]);
    assert_eq!(read.summary.span.unwrap().0, "2021-09-09T17:25:00Z".parse().unwrap());
}

#[test]
fn its_sensors_are_read() {
    let Some(file) = open("sensors.toml") else { return };
    let sensors = read_sensors(file, "sensors.toml").unwrap();
    assert_eq!(sensors.index_of("wsmr-b"), Ok(1));
    assert_eq!(sensors.as_slice()[1].site.geodetic().height_m, 1361.0);
}

#[test]
fn a_stated_position_is_a_plot_too() {
    let Some(file) = open("reference.csv") else { return };
    let read = read_plots(Format::Csv, file, "reference.csv").unwrap();
    assert_eq!(read.refusals, []);
    assert!(read.plots.len() > 100);
}
