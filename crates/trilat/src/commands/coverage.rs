//! `trilat coverage`: where radars see at chosen heights.

use crate::args::CoverageArgs;
use crate::coverage::{Coverage, Viewer};
use crate::output::{CoverageOutput, to_geojson};
use crate::progress::Progress;
use crate::report::{CoveragePage, render_coverage};
use crate::{Failure, files, terminal};

/// Computes the coverage of the sensors of a file, prints it, and writes what is asked for.
pub fn coverage(args: &CoverageArgs) -> Result<(), Failure> {
    if args.height_km.len() > crate::args::HEIGHTS_MAX {
        return Err(Failure::Heights {
            count: args.height_km.len(),
        });
    }
    let progress = Progress::begin("reading");
    let sensors = files::read_sensors(&args.sensors)?;
    let viewers: Vec<Viewer> = sensors.as_slice().iter().map(Viewer::new).collect();
    let heights_m: Vec<f64> = args.height_km.iter().map(|height| height.0 * 1e3).collect();
    let coverage = Coverage::compute(viewers, &heights_m, |height_m| {
        progress.next(&format!("looking at {} km", height_m / 1e3));
    });
    drop(progress);
    let output = CoverageOutput::new(&coverage);
    terminal::say(&match args.json {
        true => output.to_json().map_err(|error| Failure::Output(error.into()))?,
        false => output.to_text(),
    })?;
    if let Some(path) = &args.geojson {
        let text = to_geojson(&coverage).map_err(|error| Failure::Output(error.into()))?;
        files::write(path, text.as_bytes())?;
    }
    if let Some(path) = &args.report {
        let page = render_coverage(&CoveragePage {
            coverage: &coverage,
            output: &output,
            input: &args.sensors.display().to_string(),
        });
        files::write(path, page.as_bytes())?;
    }
    Ok(())
}
