//! Plots per second of each file format, read and written in memory on one core, with outside readers of the same CSV
//! beside them.
//!
//! `cargo run --release --manifest-path bench/Cargo.toml --bin plot_files [PLOTS] [RUNS]`. With `polars` in the Python
//! that `$PYTHON` names (default `python3`), its `read_csv` on one thread is measured too.

use std::hint::black_box;
use std::io::Cursor;
use std::process::Command;
use std::time::Instant;

use geo::Time;
use plot::{Measurement, Plot, Polar, Sigmas};
use serde::Deserialize;
use wire::{Format, PlotReader, write_plots};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let count: usize = arguments.next().map_or(Ok(2_000_000), |text| text.parse())?;
    let runs: usize = arguments.next().map_or(Ok(7), |text| text.parse())?;
    println!("{}", machine());
    println!("{count} plots of time, sensor, range, azimuth, elevation; {runs} runs; million plots/s\n");
    println!(
        "{:<34} {:>7} {:>7} {:>7} {:>10}",
        "", "min", "median", "max", "bytes/plot"
    );
    let plots = plots(count)?;
    let mut csv = Vec::new();
    for format in Format::ALL.iter().filter(|format| format.is_written()) {
        let mut bytes = Vec::new();
        let written = rates(runs, count, || {
            bytes.clear();
            write_plots(*format, &mut bytes, &plots).map_err(Into::into)
        })?;
        let size = bytes.len() / count;
        print_row(&format!("{format:?} write"), &written, size);
        let shared: &'static [u8] = bytes.leak();
        let read = rates(runs, count, || read(*format, shared, count))?;
        print_row(&format!("{format:?} read"), &read, size);
        if *format == Format::Csv {
            csv = shared.to_vec();
        }
    }
    let outside = rates(runs, count, || serde_read(&csv, count))?;
    print_row("outside: csv crate, serde, no checks", &outside, csv.len() / count);
    polars(&csv, count, runs)
}

/// Two radars at 20 Hz; values with the decimals that real files have.
fn plots(count: usize) -> Result<Vec<Plot>, geo::TimeError> {
    let start: Time = "2021-09-09T17:25:00.000Z".parse()?;
    let names = ["wsmr-a".into(), "wsmr-b".into()];
    let degrees = |n: usize, below: usize| (n % (below * 10_000)) as f64 / 1e4 * geo::angle::RAD_PER_DEG;
    Ok((0..count)
        .map(|i| Plot {
            time: start + (i / 2) as f64 * 0.05,
            sensor: std::sync::Arc::clone(&names[i % 2]),
            measurement: Measurement::Polar(Polar {
                range_m: Some(8_000.0 + (i * 7_919 % 1_000_000) as f64 / 10.0),
                azimuth_rad: Some(degrees(i * 104_729, 360)),
                elevation_rad: Some(degrees(i * 15_485_863, 90)),
                range_rate_mps: None,
                pressure_altitude_m: None,
            }),
            sigmas: Sigmas::default(),
            snr_db: None,
            target: None,
            truth: None,
        })
        .collect())
}

fn read(format: Format, bytes: &'static [u8], count: usize) -> Result<(), Box<dyn std::error::Error>> {
    let mut reader = PlotReader::new(format, Cursor::new(bytes), "bench")?;
    let good = reader.by_ref().filter(|record| black_box(record).is_ok()).count();
    assert_eq!(good, count);
    reader.finish()?;
    Ok(())
}

/// What the csv crate makes of a record: texts and numbers, neither times nor limits.
#[derive(Deserialize)]
struct Record<'a> {
    time: &'a str,
    sensor: &'a str,
    range_m: f64,
    azimuth_deg: f64,
    elevation_deg: f64,
}

fn serde_read(bytes: &[u8], count: usize) -> Result<(), Box<dyn std::error::Error>> {
    let mut reader = csv::Reader::from_reader(bytes);
    let header = reader.headers()?.clone();
    let mut row = csv::StringRecord::new();
    let mut good = 0;
    while reader.read_record(&mut row)? {
        let record: Record = row.deserialize(Some(&header))?;
        let Record {
            time,
            sensor,
            range_m,
            azimuth_deg,
            elevation_deg,
        } = record;
        black_box((time, sensor, range_m, azimuth_deg, elevation_deg));
        good += 1;
    }
    assert_eq!(good, count);
    Ok(())
}

/// Million plots per second of each run, sorted; one run before them is not counted.
#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn rates(
    runs: usize,
    count: usize,
    mut run: impl FnMut() -> Result<(), Box<dyn std::error::Error>>,
) -> Result<Vec<f64>, Box<dyn std::error::Error>> {
    run()?;
    let mut rates = Vec::new();
    for _ in 0..runs {
        let start = Instant::now();
        run()?;
        rates.push(count as f64 / start.elapsed().as_secs_f64() / 1e6);
    }
    rates.sort_by(f64::total_cmp);
    Ok(rates)
}

fn print_row(what: &str, rates: &[f64], bytes: usize) {
    let (min, median, max) = (rates[0], rates[rates.len() / 2], rates[rates.len() - 1]);
    println!("{what:<34} {min:>7.2} {median:>7.2} {max:>7.2} {bytes:>10}");
}

const POLARS: &str = r#"
import sys, time, polars
path, runs = sys.argv[1], int(sys.argv[2])
kinds = {"time": polars.Datetime("ns", "UTC")}
for _ in range(runs + 1):
    start = time.perf_counter()
    frame = polars.read_csv(path, schema_overrides=kinds)
    print(frame.height / (time.perf_counter() - start) / 1e6)
"#;

fn polars(csv: &[u8], count: usize, runs: usize) -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::temp_dir().join(format!("plot_files-{}.csv", std::process::id()));
    std::fs::write(&path, csv)?;
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let output = Command::new(python)
        .args(["-c", POLARS])
        .arg(&path)
        .arg(runs.to_string())
        .env("POLARS_MAX_THREADS", "1")
        .output();
    std::fs::remove_file(&path)?;
    match output {
        Ok(output) if output.status.success() => {
            let text = String::from_utf8_lossy(&output.stdout);
            let mut rates: Vec<f64> = text.lines().skip(1).filter_map(|line| line.parse().ok()).collect();
            rates.sort_by(f64::total_cmp);
            print_row("outside: polars read_csv, 1 thread", &rates, csv.len() / count);
        }
        Ok(output) => {
            let text = String::from_utf8_lossy(&output.stderr);
            println!("outside: polars not measured: {}", text.lines().last().unwrap_or(""));
        }
        Err(error) => println!("outside: polars not measured: {error}"),
    }
    Ok(())
}

/// The processor and how many there are.
fn machine() -> String {
    let text = std::fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let model = text
        .lines()
        .find_map(|line| line.strip_prefix("model name"))
        .unwrap_or(": unknown");
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    format!(
        "{}, {cores} cores, {}",
        model.trim_start_matches([' ', '\t', ':']),
        std::env::consts::ARCH
    )
}
