//! `trilat simulate`.

use std::path::PathBuf;
use std::str::FromStr;

use clap::Args;
use geo::{Geodetic, Time};
use sim::ballistic::Class;

use super::ScenarioArgs;

const AFTER_HELP: &str = "\
Examples:
  trilat simulate --list
      the scenarios that come with the program
  trilat simulate 2022-01-30-lofted --seed 7 --out lofted
      what flew, and what each radar reports of it: plots, sensors and truth in the folder lofted
  trilat simulate my-scenario.toml --out mine
      a scenario of your own (docs/scenarios.md)
  trilat simulate --launch 40.61,126.43 --apogee-km 2000 --range-km 800 --bearing 75
      the flight that has these public figures: flight time, burnout, apogee, arrival
  trilat simulate --launch 40.61,126.43 --apogee-km 2000 --range-km 800 --bearing 75 --json
      the same, as JSON for another program
  trilat simulate --launch 40.61,126.43 --apogee-km 2000 --range-km 800 --bearing 75 --csv f.csv --czml f.czml
      the same, and its path once a second as a table and for a globe

Exit codes:
  0  it was simulated
  1  a file could not be read or written
  2  the arguments are wrong, or no flight on Earth could have such figures
  3  no flight has the figures; the reason and the limit are given
  4  the scenario has an error, which is named with file, line and key

Flights are notional: they meet the figures, with burn times and drag of the size that is public for their class.";

/// Simulate a scenario, or a flight from public figures: launch place, apogee, distance and bearing.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub struct SimulateArgs {
    /// The scenario.
    #[command(flatten)]
    pub scenario: ScenarioArgs,

    /// The flight of public figures.
    #[command(flatten)]
    pub figures: FiguresArgs,
}

/// What is known of a flight.
#[derive(Debug, Args)]
pub struct FiguresArgs {
    /// Where it was launched: degrees of latitude and longitude, north and east positive
    #[arg(
        long,
        value_name = "LAT,LON",
        required_unless_present_any = ["scenario", "list"],
        conflicts_with_all = ["scenario", "list"],
        allow_hyphen_values = true
    )]
    pub launch: Option<LatLon>,

    /// Its greatest height above the ellipsoid, kilometres
    #[arg(
        long,
        value_name = "A",
        requires = "launch",
        required_unless_present_any = ["scenario", "list"],
        allow_hyphen_values = true
    )]
    #[arg(value_parser = finite)]
    pub apogee_km: Option<f64>,

    /// The distance over ground from launch to arrival, kilometres
    #[arg(
        long,
        value_name = "R",
        requires = "launch",
        required_unless_present_any = ["scenario", "list"],
        allow_hyphen_values = true
    )]
    #[arg(value_parser = finite)]
    pub range_km: Option<f64>,

    /// The direction from launch to arrival, degrees clockwise from true north
    #[arg(
        long,
        value_name = "B",
        requires = "launch",
        required_unless_present_any = ["scenario", "list"],
        allow_hyphen_values = true
    )]
    #[arg(value_parser = bearing)]
    pub bearing: Option<f64>,

    /// How long it flew, seconds, if that is known
    #[arg(long, value_name = "T", requires = "launch", allow_hyphen_values = true, value_parser = finite)]
    pub flight_time_s: Option<f64>,

    /// What was launched, if that is known: srbm, mrbm, irbm, icbm or slbm [default: what the speed needs]
    #[arg(long, value_name = "KIND", requires = "launch")]
    pub kind: Option<Class>,

    /// When it was launched (RFC 3339, UTC)
    #[arg(
        long,
        value_name = "TIME",
        requires = "launch",
        default_value = "2022-01-01T00:00:00Z"
    )]
    pub launch_time: Time,

    /// Print the result as JSON on standard output instead of text
    #[arg(long)]
    pub json: bool,

    /// Write the path for a globe that reads CZML, such as CesiumJS
    #[arg(long, value_name = "OUT.czml", requires = "launch")]
    pub czml: Option<PathBuf>,

    /// Write the path as CSV, one line a second: place, velocity and phase
    #[arg(long, value_name = "OUT.csv", requires = "launch")]
    pub csv: Option<PathBuf>,
}

/// A place as it is written on the command line.
#[derive(Copy, Clone, Debug, PartialEq)]
pub struct LatLon(pub Geodetic);

/// A text is no place.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum LatLonError {
    /// It is not two numbers.
    #[error("expected LAT,LON in degrees, such as 40.61,126.43")]
    Form,
    /// There is no such latitude.
    #[error("latitude {0} is not within -90 and 90; latitude comes first")]
    Latitude(f64),
    /// There is no such longitude.
    #[error("longitude {0} is not within -180 and 360")]
    Longitude(f64),
}

impl FromStr for LatLon {
    type Err = LatLonError;

    fn from_str(text: &str) -> Result<Self, LatLonError> {
        let (lat, lon) = text.split_once(',').ok_or(LatLonError::Form)?;
        let degrees = |word: &str| word.trim().parse::<f64>().map_err(|_| LatLonError::Form);
        let (lat_deg, lon_deg) = (degrees(lat)?, degrees(lon)?);
        if !(-90.0..=90.0).contains(&lat_deg) {
            return Err(LatLonError::Latitude(lat_deg));
        }
        if !(-180.0..=360.0).contains(&lon_deg) {
            return Err(LatLonError::Longitude(lon_deg));
        }
        Ok(Self(Geodetic::from_degrees(lat_deg, lon_deg, 0.0)))
    }
}

/// A text is no number that can be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum NumberError {
    /// It is not a finite number.
    #[error("expected a number")]
    Form,
    /// No direction has so many degrees.
    #[error("expected degrees within -180 and 360, clockwise from true north")]
    Bearing,
}

fn finite(text: &str) -> Result<f64, NumberError> {
    text.parse()
        .ok()
        .filter(|value: &f64| value.is_finite())
        .ok_or(NumberError::Form)
}

fn bearing(text: &str) -> Result<f64, NumberError> {
    let bearing_deg = finite(text)?;
    if (-180.0..=360.0).contains(&bearing_deg) {
        Ok(bearing_deg)
    } else {
        Err(NumberError::Bearing)
    }
}
