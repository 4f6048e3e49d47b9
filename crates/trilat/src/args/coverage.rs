//! `trilat coverage`.

use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;

const AFTER_HELP: &str = "\
Examples:
  trilat coverage sensors.toml --height-km 10 100 300 --report coverage.html
      what each owner and all together see at three heights, as a page
  trilat coverage scenario.toml --height-km 100 --size-m2 0.5
      the radars of a scenario: how far they see an object of half a square metre
  trilat coverage sensors.toml --height-km 100 --json
      the areas, as JSON for another program
  trilat coverage sensors.toml --height-km 100 --geojson coverage.geojson
      the outlines, for a map program

Exit codes:
  0  the coverage was computed
  1  a file could not be read or written
  2  the arguments are wrong
  4  the file cannot be used, and the line is named; or it has no radar

A sensor sees up to its range_max_m, in its sector, between its elevation limits, and above the horizon of a round Earth
with the bending of the reference atmosphere. Mountains are left out.";

/// The heights of one run are at most so many: each is a set of maps.
pub const HEIGHTS_MAX: usize = 6;
/// No height may be greater: beyond the satellites that turn with the Earth.
const HEIGHT_MAX_KM: f64 = 40_000.0;

/// Draw where radars see at chosen heights: each owner alone, and all together.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct CoverageArgs {
    /// The sensors: where they stand, how far and where they look (TOML); or a scenario that has radars
    #[arg(value_name = "SENSORS.toml")]
    pub sensors: PathBuf,

    /// Heights above the ellipsoid, kilometres; up to six
    #[arg(long, value_name = "H", required = true, num_args = 1.., allow_negative_numbers = true)]
    pub height_km: Vec<HeightKm>,

    /// Radar cross section of the object, square metres, for the radars of a scenario [default: 1]
    #[arg(long, value_name = "S", allow_negative_numbers = true)]
    pub size_m2: Option<SizeM2>,

    /// Print the areas as JSON on standard output instead of text
    #[arg(long)]
    pub json: bool,

    /// Write the outlines for a map program
    #[arg(long, value_name = "OUT.geojson")]
    pub geojson: Option<PathBuf>,

    /// Write the maps, one HTML page that needs no network
    #[arg(long, value_name = "OUT.html")]
    pub report: Option<PathBuf>,
}

/// A size as it is written on the command line.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct SizeM2(pub f64);

/// A text is no size that can be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("expected square metres above 0 up to 1000000")]
pub struct SizeError;

impl FromStr for SizeM2 {
    type Err = SizeError;

    fn from_str(text: &str) -> Result<Self, SizeError> {
        let m2 = text.trim().parse::<f64>().map_err(|_| SizeError)?;
        if m2 > 0.0 && m2 <= 1e6 {
            Ok(Self(m2))
        } else {
            Err(SizeError)
        }
    }
}

/// A height as it is written on the command line.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct HeightKm(pub f64);

/// A text is no height that can be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("expected kilometres above 0 up to {HEIGHT_MAX_KM}")]
pub struct HeightError;

impl FromStr for HeightKm {
    type Err = HeightError;

    fn from_str(text: &str) -> Result<Self, HeightError> {
        let km = text.trim().parse::<f64>().map_err(|_| HeightError)?;
        if km > 0.0 && km <= HEIGHT_MAX_KM {
            Ok(Self(km))
        } else {
            Err(HeightError)
        }
    }
}
