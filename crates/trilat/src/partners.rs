//! Track files of partners who keep their plots, as reports that the tracker takes in.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use estimate::belief::Gaussian;
use geo::{Site, Time};
use nalgebra::{Matrix6, SVector};
use plot::{Sensor, Sensors};
use track::{Content, TrackReport};
use wire::tracks::{RowKind, TrackRow, covariance_index, read_tracks};

use crate::Failure;
use crate::files::refuse_table;
use crate::output::RefusedOutput;

/// Between a partner's reports of one track, where there are too few to tell.
const PERIOD_S: f64 = 10.0;

/// Reads the files of partners, adds each of them to the sensors, and returns what they report, in order of time.
///
/// A file with tracklets is read for those alone: its estimates have the same plots in them. Rows without a covariance,
/// and tracklets that do not name sensors and span, are refused. Errors: a file that cannot be read, or whose name is
/// that of a sensor.
pub fn read(
    paths: &[PathBuf],
    sensors: &mut Sensors,
    refused: &mut RefusedOutput,
) -> Result<Vec<TrackReport>, Failure> {
    let mut reports = Vec::new();
    for path in paths {
        let file = path.display().to_string();
        let table = crate::files::table(path, read_tracks)?;
        refuse_table(refused, &table);
        let kind = match table.rows.iter().any(|row| row.kind == RowKind::Tracklet) {
            true => RowKind::Tracklet,
            false => RowKind::Update,
        };
        let rows: Vec<&TrackRow> = table.rows.iter().filter(|row| row.kind == kind).collect();
        let Some(first) = rows.first() else { continue };
        let name = source(path);
        let mut sensor = Sensor::new(&name, &name, first.place);
        sensor.scan_s = Some(period_s(&rows));
        sensors.insert(sensor).map_err(|error| Failure::Content {
            source: format!("{file}: {error}; rename the file of the partner's tracks").into(),
        })?;
        let source: Arc<str> = name.into();
        for row in rows {
            match report(row, &source) {
                Ok(report) => reports.push(report),
                Err(why) => refused.add(format!("{file}: {} of track {}: {why}", row.time, row.track)),
            }
        }
    }
    reports.sort_by_key(|report| report.time);
    Ok(reports)
}

/// What a partner is called among the sensors: as its file.
fn source(path: &Path) -> String {
    let stem = path
        .file_stem()
        .map_or_else(String::new, |stem| stem.to_string_lossy().into_owned());
    format!("tracks of {}", stem.replace(';', "-"))
}

/// The middle time between two rows of one track.
fn period_s(rows: &[&TrackRow]) -> f64 {
    let mut last: BTreeMap<&str, Time> = BTreeMap::new();
    let mut steps: Vec<f64> = rows
        .iter()
        .filter_map(|row| Some(row.time - last.insert(&row.track, row.time)?))
        .filter(|step_s| *step_s > 0.0)
        .collect();
    steps.sort_by(f64::total_cmp);
    steps.get(steps.len() / 2).copied().unwrap_or(PERIOD_S)
}

/// A row as a report. Errors: what is missing.
fn report(row: &TrackRow, source: &Arc<str>) -> Result<TrackReport, &'static str> {
    let upper = row.covariance.ok_or("it has no covariance, expected all 21 numbers")?;
    let content = match (row.kind, row.span_s) {
        (RowKind::Tracklet, Some(span_s)) if span_s > 0.0 && !row.sensors.is_empty() => Content::Tracklet {
            since: row.time + -span_s,
            sensors: row.sensors.clone(),
        },
        (RowKind::Tracklet, _) => return Err("a tracklet needs sensors and a span_s above 0"),
        _ => Content::Estimate,
    };
    let axes = *Site::new(row.place).enu_from_ecef();
    let mut turn = Matrix6::zeros();
    turn.fixed_view_mut::<3, 3>(0, 0).copy_from(&axes);
    turn.fixed_view_mut::<3, 3>(3, 3).copy_from(&axes);
    let local = Matrix6::from_fn(|i, j| upper[covariance_index(i, j)]);
    let place = row.place.to_ecef().vector();
    let velocity = axes.transpose() * row.velocity.vector();
    let mean = SVector::<f64, 6>::from_fn(|at, _| if at < 3 { place[at] } else { velocity[at - 3] });
    Ok(TrackReport {
        source: source.clone(),
        track: row.track.clone(),
        time: row.time,
        belief: Gaussian::new(mean, turn.transpose() * local * turn),
        content,
    })
}
