//! Parquet of outside writers is read; what we write is the file that outside readers were shown to read.

use std::fs::File;
use std::io::Cursor;
use std::path::PathBuf;

use plot::Plot;
use wire::{Format, read_plots, write_plots};

/// The rows of `make.py` as CSV, by hand.
const EXPECTED: &str = "\
time,sensor,range_m,azimuth_deg,elevation_deg,lat_deg,lon_deg,height_m,target
2021-09-09T17:25:00.050Z,wsmr-a,8076.5,34.6344,-0.0497,,,,
2021-09-09T17:25:10.050Z,wsmr-b,109000.125,-90,45,,,,71be0a
2021-09-09T17:25:20.050Z,wsmr-a,,0.1,,,,,
2021-09-09T17:25:30.050Z,ship,,,,36.1,127.5,180,ΠΛΟΙΟ
";

fn path(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "parquet", name].iter().collect()
}

fn expected() -> Vec<Plot> {
    let file = read_plots(Format::Csv, Cursor::new(EXPECTED), "expected.csv").expect("read");
    assert_eq!((file.plots.len(), file.refusals.len()), (4, 0));
    file.plots
}

#[test]
fn outside_writers_are_read() {
    for name in [
        "pyarrow.parquet",
        "pyarrow-int96.parquet",
        "polars.parquet",
        "polars-text.parquet",
    ] {
        let file = File::open(path(name)).expect("the case's own file");
        let read = read_plots(Format::Parquet, file, name).expect(name);
        assert_eq!(read.plots, expected(), "{name}");
        let refusals: Vec<_> = read.refusals.iter().map(ToString::to_string).collect();
        assert_eq!(
            refusals,
            [format!("{name}:5: range_m is \"-1\", expected metres from 0 to 5e8")]
        );
    }
}

#[test]
fn a_compression_that_is_not_built_in_is_named() {
    let file = File::open(path("polars-zstd.parquet")).expect("the case's own file");
    let message = match read_plots(Format::Parquet, file, "polars-zstd.parquet") {
        Ok(_) => panic!("zstd is not among the default features"),
        Err(error) => error.to_string(),
    };
    assert!(
        message.contains("ZSTD") && message.contains("write it with snappy"),
        "{message}"
    );
}

#[test]
fn ours_is_the_file_that_outside_readers_read() {
    let mut ours = Vec::new();
    write_plots(Format::Parquet, &mut ours, &expected()).expect("written");
    let out = path("ours.parquet");
    let kept = std::fs::read(&out).unwrap_or_default();
    if kept != ours {
        let other = std::env::temp_dir().join("ours.parquet");
        std::fs::write(&other, &ours).expect("written");
        panic!(
            "{} differs: run check.py on it, then keep it as {}",
            other.display(),
            out.display()
        );
    }
}
