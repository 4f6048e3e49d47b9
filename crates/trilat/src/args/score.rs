//! `trilat score`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

const AFTER_HELP: &str = "\
Examples:
  trilat simulate 2022-01-17-two-figures --out two
  trilat track two/plots.csv --sensors two/sensors.toml --out tracks.csv
  trilat score tracks.csv two/truth.csv
      how good the tracks of a simulated scenario are
  trilat score tracks.csv two/truth.csv --plots two/plots.csv --sensors two/sensors.toml
      the same, and objects count only while a sensor sees them; and how near errors are to the least that any
      estimate could have with these plots (the posterior Cramér-Rao bound)
  trilat score japan.csv two/truth.csv --plots two/plots.csv --sensors two/sensors.toml --owner JP
      the tracks of one owner (trilat track --owner JP) against what that owner's sensors see
  trilat score tracks.csv two/truth.csv --metric siap,nees --area-km 50
      only some of it, and since when the ground area was right and no longer than 50 km
  trilat score tracks.parquet truth.csv --cutoff-m 1000 --order 1 --step-s 4 --json
      aircraft of a radar that turns in 4 s, the result as JSON for another program (docs/score.md)

Exit codes:
  0  the tracks were scored, however bad they are
  1  a file could not be read
  2  the arguments are wrong, or make too many instants
  4  a file was read but cannot be used: no table, or no truth in it";

/// How good tracks are: whether each object has one, where it is, how sure it is, and whether what it foretold came.
///
/// Compares the table that `trilat track --out` writes with the truth that `trilat simulate` writes. At each instant a
/// track, as the truth, is on the curve through its updates; without --plots also what no sensor can see is missed.
/// Rows that are malformed are refused one by one, named on standard error, and the rest is used.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct ScoreArgs {
    /// The tracks, as trilat track --out writes them (.csv, .parquet)
    #[arg(value_name = "TRACKS")]
    pub tracks: PathBuf,

    /// What was really there, as trilat simulate writes it (.csv, .parquet)
    #[arg(value_name = "TRUTH")]
    pub truth: PathBuf,

    /// What is printed, by comma
    #[arg(long, value_name = "NAMES", value_enum, value_delimiter = ',')]
    #[arg(default_value = "gospa,ospa,siap,nees,containment,bound")]
    pub metric: Vec<Metric>,

    /// From this distance on a track and an object are not the same: c of GOSPA and OSPA, the gate of SIAP
    #[arg(long, value_name = "M", value_parser = positive, default_value = "10000")]
    pub cutoff_m: f64,

    /// How much large distances weigh: p of GOSPA and OSPA, 1 or more
    #[arg(long, value_name = "P", value_parser = order, default_value = "2")]
    pub order: f64,

    /// Between two instants that are looked at
    #[arg(long, value_name = "S", value_parser = positive, default_value = "1")]
    pub step_s: f64,

    /// A track without an update for longer than this is not there meanwhile; of the truth likewise
    #[arg(long, value_name = "S", value_parser = positive, default_value = "30")]
    pub gap_s: f64,

    /// OSPA(2) compares whole tracks over windows of this length
    #[arg(long, value_name = "S", value_parser = positive, default_value = "60")]
    pub window_s: f64,

    /// Ground areas longer than this warn nobody, and do not count as right
    #[arg(long, value_name = "KM", value_parser = positive, default_value = "200")]
    pub area_km: f64,

    /// The plots that were tracked, with their column truth: objects count only while a sensor sees them; give it
    /// again for more than one file
    #[arg(long, value_name = "PLOTS", requires = "sensors")]
    pub plots: Vec<PathBuf>,

    /// The sensors of those plots (TOML)
    #[arg(long, value_name = "SENSORS.toml", requires = "plots")]
    pub sensors: Option<PathBuf>,

    /// Of those plots only what sensors of this owner see; give it again for more than one
    #[arg(long = "owner", value_name = "NAME", requires = "plots")]
    pub only_owners: Vec<String>,

    /// Print the result as JSON on standard output instead of text
    #[arg(long)]
    pub json: bool,
}

/// What is printed.
#[derive(Copy, Clone, Debug, PartialEq, Eq, ValueEnum)]
pub enum Metric {
    /// How far the picture is from the truth, and why
    Gospa,
    /// The same by another count, and OSPA(2) of whole tracks
    Ospa,
    /// Each object, once, and nothing else, under one number
    Siap,
    /// Whether tracks know how wrong they are
    Nees,
    /// Whether what is said with 50 % or 95 % comes true so often
    Containment,
    /// Errors beside the posterior Cramér-Rao bound, in free flight; only with --plots
    Bound,
}

fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|value: &f64| value.is_finite())
}

fn positive(text: &str) -> Result<f64, String> {
    number(text)
        .filter(|value| *value > 0.0)
        .ok_or_else(|| "expected a number above 0".to_owned())
}

fn order(text: &str) -> Result<f64, String> {
    number(text)
        .filter(|value| *value >= 1.0)
        .ok_or_else(|| "expected a number of 1 or more, such as 2".to_owned())
}
