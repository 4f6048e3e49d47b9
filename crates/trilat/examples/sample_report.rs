//! Writes reports of made-up flights into a folder, to look at: `cargo run -p trilat --example sample_report -- out`.

#[path = "../tests/sample/mod.rs"]
mod sample;

use std::path::PathBuf;

use sample::{Flight, add_hostile_lists, hostile, sea_of_japan, white_sands};
use trilat::report::{Report, render};

fn main() -> std::io::Result<()> {
    let folder = PathBuf::from(std::env::args_os().nth(1).unwrap_or_else(|| "out".into()));
    std::fs::create_dir_all(&folder)?;
    let pages: [(&str, Vec<Flight>); 3] = [
        ("white-sands", vec![white_sands()]),
        ("sea-of-japan", vec![sea_of_japan()]),
        ("hostile", vec![hostile(), sea_of_japan()]),
    ];
    for (name, flights) in pages {
        let mut sample = sample::sample(&flights);
        if name == "hostile" {
            add_hostile_lists(&mut sample);
        }
        let page = render(&Report {
            output: &sample.output,
            series: &sample.series,
            sensors: &sample.sensors,
            inputs: &["plots.csv".to_owned(), "sensors.toml".to_owned()],
            is_simulated: true,
        });
        std::fs::write(folder.join(format!("{name}.html")), page)?;
    }
    Ok(())
}
