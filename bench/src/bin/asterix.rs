//! Records per second of an ASTERIX recording, decoded and made plots, on one core.
//!
//! `cargo run --release --manifest-path bench/Cargo.toml --bin asterix FILE [RUNS]`

use std::time::Instant;

use wire::asterix::{AsterixOptions, AsterixReader, read_asterix};

#[expect(clippy::disallowed_methods, reason = "a benchmark reads the clock")]
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let path = arguments.next().ok_or("which file?")?;
    let runs: usize = arguments.next().map_or(Ok(20), |text| text.parse())?;
    let bytes = std::fs::read(&path)?;
    let date = Some("2023-05-02T00:00:00Z".parse()?);
    let (mut decoded, mut plotted) = (Vec::new(), Vec::new());
    let mut records = 0;
    for _ in 0..=runs {
        let start = Instant::now();
        records = AsterixReader::new(&bytes, &path, date).filter(Result::is_ok).count();
        decoded.push(records as f64 / start.elapsed().as_secs_f64() / 1e6);
        let mut options = AsterixOptions {
            date,
            ..AsterixOptions::default()
        };
        let start = Instant::now();
        std::hint::black_box(read_asterix(&bytes, &path, &mut options));
        plotted.push(records as f64 / start.elapsed().as_secs_f64() / 1e6);
    }
    println!(
        "{records} records, {} octets, {runs} runs; million records/s",
        bytes.len()
    );
    println!("{:<28} {:>7} {:>7} {:>7}", "", "min", "median", "max");
    for (what, rates) in [("decoded", &mut decoded), ("decoded and made plots", &mut plotted)] {
        // The first run is not counted.
        rates.remove(0);
        rates.sort_by(f64::total_cmp);
        let (min, median, max) = (rates[0], rates[rates.len() / 2], rates[rates.len() - 1]);
        println!("{what:<28} {min:>7.2} {median:>7.2} {max:>7.2}");
    }
    Ok(())
}
