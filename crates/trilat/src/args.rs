//! What may be written on the command line.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};
use geo::Time;

const EXIT_CODES: &str = "\
Exit codes:
  0  a path was found for at least one object (those without one are listed)
  1  a file could not be read or written
  2  the arguments are wrong
  3  no path can be found; the reason is given for each object
  4  the input was read but cannot be used: a sensor file with an error, or no usable plot";

const EXAMPLES: &str = "\
Examples:
  trilat
      run the built-in flight and write ./trilat-report.html
  trilat path plots.csv --sensors sensors.toml --report flight.html
      fit the flight of one recording and write the report
  trilat path north.csv south.jsonl --sensors sensors.toml --json
      two recordings together, the result as JSON for another program
  trilat path plots.csv --sensors sensors.toml --until 2021-09-09T17:26:40Z --sensor wsmr-a
      what one radar alone knew at that time

";

fn after_help() -> String {
    format!("{EXAMPLES}{EXIT_CODES}")
}

/// One flight path from the radars of several owners, with honest uncertainty.
///
/// Reads the plots of one or more radars, finds the flight path of each object, past and future, and says how sure it
/// is. Without a command it runs a built-in flight seen by two simulated radars and writes a report.
///
/// It serves warning and the protection of people.
#[derive(Debug, Parser)]
#[command(name = "trilat", version, after_help = after_help(), max_term_width = 100)]
pub struct Cli {
    /// What to do; without it, the built-in flight.
    #[command(subcommand)]
    pub command: Option<Command>,
}

/// The commands.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Find the best flight path of each object in recorded plots
    Path(PathArgs),
}

/// Find the best flight path of each object in recorded plots: launch point, apogee and arrival, with uncertainties.
///
/// Plots that are malformed are refused one by one, named on standard error, and the rest is used.
#[derive(Debug, Args)]
#[command(after_help = after_help())]
pub struct PathArgs {
    /// Files of plots: CSV, JSON lines or Parquet, by the end of the name (.csv, .jsonl, .parquet)
    #[arg(required = true, value_name = "PLOTS")]
    pub plots: Vec<PathBuf>,

    /// The sensors: where they stand, what they measure, and how well (TOML)
    #[arg(long, value_name = "SENSORS.toml")]
    pub sensors: PathBuf,

    /// Use only plots up to this time (RFC 3339, UTC, such as 2021-09-09T17:26:40Z)
    #[arg(long, value_name = "TIME")]
    pub until: Option<Time>,

    /// Use only this sensor; give it again for more than one
    #[arg(long = "sensor", value_name = "NAME")]
    pub only_sensors: Vec<String>,

    /// Print the result as JSON on standard output instead of text
    #[arg(long)]
    pub json: bool,

    /// Write the path as CSV, one line a second: place, height and their standard deviations
    #[arg(long, value_name = "OUT.csv")]
    pub ephemeris: Option<PathBuf>,

    /// End the path of --ephemeris and --report here instead of at the arrival (or the last plot)
    #[arg(long, value_name = "TIME")]
    pub ephemeris_to: Option<Time>,

    /// Report position, velocity and covariance at this time instead of that of the last plot of the fit
    #[arg(long, value_name = "TIME")]
    pub epoch: Option<Time>,

    /// Height of the ground above the ellipsoid where it is launched and arrives [default: that of the nearest sensor
    /// within 300 km, else 0]
    #[arg(long, value_name = "M", allow_negative_numbers = true)]
    pub ground_height_m: Option<f64>,

    /// How the flight is modelled, for orbits and other special cases (TOML; keys: see docs/files.md)
    #[arg(long, value_name = "MODEL.toml")]
    pub model: Option<PathBuf>,

    /// Gravity field of the model: lines `degree order C S` of fully normalised coefficients, as EGM96 is published
    #[arg(long, value_name = "FILE", requires = "model")]
    pub gravity_field: Option<PathBuf>,

    /// Write the report, one HTML page that needs no network
    #[arg(long, value_name = "OUT.html")]
    pub report: Option<PathBuf>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_definition_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn times_and_repeated_sensors_are_read() {
        let cli = Cli::try_parse_from([
            "trilat",
            "path",
            "a.csv",
            "b.csv",
            "--sensors",
            "s.toml",
            "--until",
            "2021-09-09T17:26:40Z",
            "--sensor",
            "x",
            "--sensor",
            "y",
        ])
        .unwrap();
        let Some(Command::Path(args)) = cli.command else {
            panic!("no path command")
        };
        assert_eq!(args.plots.len(), 2);
        assert_eq!(args.only_sensors, ["x", "y"]);
        assert_eq!(args.until.unwrap().to_string(), "2021-09-09T17:26:40.000Z");
    }
}
