//! `trilat path`.

use std::path::PathBuf;

use clap::Args;
use geo::Time;

use super::after_help;

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
