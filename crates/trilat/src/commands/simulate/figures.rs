//! From public figures to a flight: solved, printed, written.

use geo::angle::RAD_PER_DEG;
use sim::ballistic::{Figures, announced};

use crate::args::FiguresArgs;
use crate::course::{csv, czml};
use crate::output::FlightOutput;
use crate::{Failure, files, terminal};

/// The name of the object in the files.
const NAME: &str = "notional flight";

/// Finds the flight that has the figures, prints it, and writes what is asked for.
pub fn run(args: &FiguresArgs) -> Result<(), Failure> {
    let figures = figures(args);
    let found = announced(&figures, args.launch_time)?;
    let course = &found.flight.course;
    let output = FlightOutput::new(&figures, &found);
    terminal::say(&match args.json {
        true => output.to_json().map_err(|error| Failure::Output(error.into()))?,
        false => output.to_text(),
    })?;
    if let Some(path) = &args.csv {
        let mut bytes = Vec::new();
        csv::write(course, &mut bytes).map_err(|source| Failure::Write {
            path: path.clone(),
            source,
        })?;
        files::write(path, &bytes)?;
    }
    if let Some(path) = &args.czml {
        let document = czml::courses(NAME, &[(NAME, course)]);
        files::write(path, document.as_bytes())?;
    }
    Ok(())
}

/// The figures in metres and radians. What clap requires is there; NaN is refused where it is not.
fn figures(args: &FiguresArgs) -> Figures {
    let km = |value: Option<f64>| value.unwrap_or(f64::NAN) * 1e3;
    Figures {
        launch: args
            .launch
            .map_or_else(|| geo::Geodetic::from_degrees(f64::NAN, 0.0, 0.0), |at| at.0),
        apogee_m: km(args.apogee_km),
        range_m: km(args.range_km),
        bearing_rad: args.bearing.unwrap_or(f64::NAN) * RAD_PER_DEG,
        flight_time_s: args.flight_time_s,
        class: args.kind,
    }
}
