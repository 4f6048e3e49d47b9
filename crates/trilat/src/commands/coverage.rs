//! `trilat coverage`: where radars see at chosen heights.

use crate::args::CoverageArgs;
use crate::coverage::{Coverage, Viewer, radars};
use crate::output::{CoverageOutput, to_geojson};
use crate::progress::Progress;
use crate::report::{CoveragePage, render_coverage};
use crate::{Failure, files, terminal};

/// What a scenario's radars are asked to see, unless a size is given.
const SIZE_M2: f64 = 1.0;

/// Computes the coverage of the sensors of a file, prints it, and writes what is asked for.
pub fn coverage(args: &CoverageArgs) -> Result<(), Failure> {
    if args.height_km.len() > crate::args::HEIGHTS_MAX {
        return Err(Failure::Heights {
            count: args.height_km.len(),
        });
    }
    let progress = Progress::begin("reading");
    let (viewers, size_m2) = viewers(args)?;
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
            size_m2,
            input: &args.sensors.display().to_string(),
        });
        files::write(path, page.as_bytes())?;
    }
    Ok(())
}

/// The radars of the file; of a scenario, for an object of a size.
fn viewers(args: &CoverageArgs) -> Result<(Vec<Viewer>, Option<f64>), Failure> {
    let text = files::read_text(&args.sensors)?;
    if !is_scenario(&text) {
        if args.size_m2.is_some() {
            terminal::remark("mind: --size-m2 counts for scenarios only; a sensor file states ranges itself");
        }
        let sensors = files::read_sensors(&args.sensors)?;
        return Ok((sensors.as_slice().iter().map(Viewer::new).collect(), None));
    }
    let name = args.sensors.display().to_string();
    let scenario =
        sim::scenario::read_scenario(&text, &name).map_err(|error| Failure::Content { source: error.into() })?;
    let size_m2 = args.size_m2.map_or(SIZE_M2, |size| size.0);
    let viewers = radars(&scenario.stations, size_m2);
    if viewers.is_empty() {
        return Err(Failure::NoRadar {
            path: args.sensors.clone(),
        });
    }
    Ok((viewers, Some(size_m2)))
}

/// A scenario says when it begins and what flies; a sensor file does neither.
fn is_scenario(text: &str) -> bool {
    let table: Result<toml::Table, _> = toml::from_str(text);
    table.is_ok_and(|table| {
        ["title", "start", "object", "network"]
            .iter()
            .any(|key| table.contains_key(*key))
    })
}
