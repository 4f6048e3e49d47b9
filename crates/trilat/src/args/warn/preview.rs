//! `trilat warn preview|replay`.

use std::path::PathBuf;

use clap::Args;
use geo::Time;

const HELP: &str = "\
Examples:
  trilat warn preview tracks.csv
      what would be said at the end of the recording of the object that may come down first
  trilat warn preview tracks.csv --at 2022-10-03T22:27:00Z --track 1f3a
      what was known at that time of one object, and what would have been said
  trilat warn preview tracks.parquet --map municipalities.geojson --language ja --language ko
      on a map of your own, in two languages
  trilat warn preview tracks.csv --exercise --json
      the words of an exercise, for another program

Exit codes:
  0  the words were printed
  1  a file could not be read
  2  the arguments are wrong: no such track, no such language
  3  there is nothing to warn of: no object of the file may still come down at that time
  4  a file was read and cannot be used";

/// `trilat warn preview`.
#[derive(Debug, Args)]
#[command(after_help = HELP)]
pub struct PreviewArgs {
    /// Tracks with their forecasts, as `trilat track --out` writes them (.csv, .parquet)
    #[arg(value_name = "TRACKS")]
    pub tracks: PathBuf,

    /// Of which track; a beginning of its name is enough [default: the one with the earliest arrival]
    #[arg(long, value_name = "NAME")]
    pub track: Option<String>,

    /// What was known at this time (UTC) [default: the last time in the file]
    #[arg(long, value_name = "TIME")]
    pub at: Option<Time>,

    /// Places of your own: GeoJSON or TopoJSON [default: the map that is built in]
    #[arg(long, value_name = "MAP")]
    pub map: Option<PathBuf>,

    /// In this language only; give it again for more than one [default: all]
    #[arg(long = "language", value_name = "TAG")]
    pub languages: Vec<String>,

    /// Also the sentences of this file, another language or other words (docs/warn.md); give it again for more
    #[arg(long = "text", value_name = "TEXTS.toml")]
    pub texts: Vec<PathBuf>,

    /// How many minutes local time is ahead of UTC
    #[arg(long, value_name = "MIN", default_value = "540", allow_hyphen_values = true, value_parser = ahead)]
    pub ahead_min: i16,

    /// In the words of an exercise
    #[arg(long)]
    pub exercise: bool,

    /// Print the result as JSON on standard output instead of text
    #[arg(long)]
    pub json: bool,
}

/// `trilat warn replay`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  trilat simulate 2022-11-03-lost --seed 1 --out lost
  trilat track lost/plots.csv --sensors lost/sensors.toml --out lost/tracks.csv
  trilat warn replay lost/tracks.csv --truth lost/truth.csv --plots lost/plots.csv --sensors lost/sensors.toml
      of each object: how soon after its first plot a right warning came, and what was claimed that was not so

A message is right if it names the place where the object came down (at sea: if its outline holds it) and the time. The
exit codes are those of `trilat warn --help`.")]
pub struct ReplayArgs {
    /// Tracks with their forecasts, as `trilat track --out` writes them (.csv, .parquet)
    #[arg(value_name = "TRACKS")]
    pub tracks: PathBuf,

    /// What really flew: truth.csv of the simulation
    #[arg(long, value_name = "TRUTH")]
    pub truth: PathBuf,

    /// The plots that were tracked; give it again for more than one file
    #[arg(long, value_name = "PLOTS", required = true)]
    pub plots: Vec<PathBuf>,

    /// Their sensors
    #[arg(long, value_name = "SENSORS.toml")]
    pub sensors: PathBuf,

    /// Places of your own: GeoJSON or TopoJSON [default: the map that is built in]
    #[arg(long, value_name = "MAP")]
    pub map: Option<PathBuf>,

    /// Print the result as JSON
    #[arg(long)]
    pub json: bool,
}

fn ahead(text: &str) -> Result<i16, String> {
    let found = text.parse::<i16>().ok().filter(|minutes| minutes.abs() <= 840);
    found.ok_or_else(|| "expected minutes from -840 to 840, such as 540 for Japan and Korea".to_owned())
}
