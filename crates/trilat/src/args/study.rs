//! `trilat study`.

use std::path::PathBuf;

use clap::Args;

const AFTER_HELP: &str = "\
Examples:
  trilat study 2022-01-30-lofted
      a scenario that comes with the program: each owner alone, in pairs, all together
  trilat study my.toml --owners JP,KR --runs 1000 --state my.runs
      two of the owners, a thousand runs; interrupted, the same command goes on where it was
  trilat study 2022-01-30-lofted --json
      all figures, as JSON for another program (see docs/study.md)

Exit codes:
  0  the study was made
  1  a file could not be read or written
  2  the arguments are wrong, or an owner is not in the scenario
  4  a scenario cannot be used: a fault in its file, an impossible flight, no object or no sensor";

/// What each owner would have known alone, and what all would have known together, over many seeded runs.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct StudyArgs {
    /// Scenario files, or names of scenarios that come with the program
    #[arg(required = true, value_name = "SCENARIO")]
    pub scenarios: Vec<String>,

    /// Only these owners, by comma [default: all of the scenario]
    #[arg(long, value_name = "A,B,C", value_delimiter = ',')]
    pub owners: Vec<String>,

    /// How many runs of each scenario
    #[arg(long, value_name = "N", default_value_t = 100)]
    #[arg(value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub runs: u32,

    /// All chance comes from this number
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,

    /// How many threads compute; the figures are the same for any number [default: all cores]
    #[arg(long, value_name = "T", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,

    /// Keep finished runs in this file, and use those that are there already [default: beside the report, ending
    /// .runs]
    #[arg(long, value_name = "FILE")]
    pub state: Option<PathBuf>,

    /// Write the report, one HTML page that needs no network
    #[arg(long, value_name = "OUT.html")]
    pub report: Option<PathBuf>,

    /// Print the result as JSON on standard output instead of text
    #[arg(long)]
    pub json: bool,
}
