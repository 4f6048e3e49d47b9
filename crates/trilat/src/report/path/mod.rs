//! The report of one run of `trilat path`: the flight on maps, its height over time, figures, residuals.

mod height;
mod map;
mod page;
mod residuals;
mod summary;
mod tables;

use geo::Time;

use crate::output::{ObjectOutput, PathOutput};
use crate::series::{ObjectSeries, SensorPlace};

/// All that goes into the page.
#[derive(Clone, Debug)]
pub struct Report<'a> {
    /// What was found.
    pub output: &'a PathOutput,
    /// The path and residuals of each object, in the order of `output.objects`.
    pub series: &'a [ObjectSeries],
    /// Where the sensors stand.
    pub sensors: &'a [SensorPlace],
    /// Names of the files it was computed from, or what stands for them.
    pub inputs: &'a [String],
    /// Whether the plots are simulated; the page says so.
    pub is_simulated: bool,
}

/// Returns the page.
pub fn render(report: &Report<'_>) -> String {
    page::page(report).into_string()
}

/// One object with what all its drawings need.
#[derive(Clone, Debug)]
struct ObjectView<'a> {
    output: &'a ObjectOutput,
    series: &'a ObjectSeries,
    /// The sensors that saw it, as far as their place is known.
    places: Vec<&'a SensorPlace>,
    /// The first and last plot.
    seen: Option<[Time; 2]>,
    /// When each sensor of the output saw it.
    sensor_spans: Vec<Vec<[Time; 2]>>,
}

impl<'a> ObjectView<'a> {
    fn new(output: &'a ObjectOutput, series: &'a ObjectSeries, sensors: &'a [SensorPlace]) -> Self {
        let times = || series.seen.iter().map(|(time, _)| *time);
        let seen = times().min().zip(times().max()).map(|(from, to)| [from, to]);
        let gap_s = seen.map_or(10.0, |[from, to]| ((to - from) / 60.0).max(5.0));
        Self {
            output,
            series,
            places: sensors
                .iter()
                .filter(|place| output.sensors.iter().any(|sensor| sensor.name == place.name))
                .collect(),
            seen,
            sensor_spans: (0..output.sensors.len())
                .map(|i| spans(&series.seen, i, gap_s))
                .collect(),
        }
    }
}

/// The spans of time in which one sensor has plots without a gap.
fn spans(seen: &[(Time, usize)], sensor: usize, gap_s: f64) -> Vec<[Time; 2]> {
    let mut times: Vec<Time> = seen
        .iter()
        .filter(|(_, by)| *by == sensor)
        .map(|(time, _)| *time)
        .collect();
    times.sort_unstable();
    let mut out: Vec<[Time; 2]> = Vec::new();
    for time in times {
        match out.last_mut() {
            Some(span) if time - span[1] <= gap_s => span[1] = time,
            _ => out.push([time, time]),
        }
    }
    out
}
