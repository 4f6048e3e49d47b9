//! A whole recording in memory: its plots, its faults, and what the radars said of themselves.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use geo::{Geodetic, Time};
use plot::Plot;

use super::fault::Fault;
use super::plots::NoPlot;
use super::reader::{AsterixOptions, AsterixReader, Message, Record};
use super::source::Source;
use crate::plots::REFUSALS_KEPT_MAX;

/// A whole recording in memory.
#[derive(Clone, Debug, PartialEq)]
pub struct AsterixFile {
    /// The display name of the file.
    pub name: Arc<str>,
    /// Its plots, in the order of the file. A radar that sends on two lines gives each plot twice, equal in every bit.
    pub plots: Vec<Plot>,
    /// The first [`REFUSALS_KEPT_MAX`] faults; the summary counts them all.
    pub faults: Vec<Fault>,
    /// What it held.
    pub summary: AsterixSummary,
}

/// What a whole recording held.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct AsterixSummary {
    /// Data blocks.
    pub blocks: u64,
    /// Records of each category, by its number.
    pub categories: Vec<CategoryCount>,
    /// Records that became plots.
    pub plots: u64,
    /// Records that are none, by the reason; reasons that never occurred are left out.
    pub no_plots: Vec<(NoPlot, u64)>,
    /// Parts that could not be read.
    pub faults: u64,
    /// The earliest and the latest time of a plot.
    pub span: Option<(Time, Time)>,
    /// What each data source sent, by its numbers.
    pub sources: Vec<SourceCount>,
}

/// How many records of one category a recording has.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub struct CategoryCount {
    /// Its number.
    pub category: u8,
    /// Its records.
    pub records: u64,
}

/// What one data source sent.
#[derive(Clone, Debug, PartialEq)]
pub struct SourceCount {
    /// Its numbers.
    pub source: Source,
    /// The name of its sensor in plots.
    pub name: Arc<str>,
    /// Records of all categories.
    pub records: u64,
    /// Records that became plots.
    pub plots: u64,
    /// What it said of itself.
    pub radar: RadarReport,
}

/// What a radar said of itself, each the latest that it sent.
#[derive(Copy, Clone, Debug, Default, PartialEq)]
pub struct RadarReport {
    /// Time its antenna takes for a turn.
    pub rotation_s: Option<f64>,
    /// Where it stands.
    pub position: Option<Geodetic>,
    /// Marks it sent when its antenna pointed north.
    pub north_markers: u64,
}

impl RadarReport {
    fn hear(&mut self, message: &Message) {
        if let Message::Cat034(service) = message {
            self.rotation_s = service.rotation_s.or(self.rotation_s);
            self.position = service.position.or(self.position);
            self.north_markers += u64::from(service.message == super::ServiceMessage::NorthMarker);
        }
    }
}

/// Counts while a recording is read.
#[derive(Default)]
struct Tally {
    summary: AsterixSummary,
    categories: BTreeMap<u8, u64>,
    no_plots: BTreeMap<NoPlot, u64>,
    sources: BTreeMap<Source, SourceCount>,
}

impl Tally {
    fn count(&mut self, record: &Record, plot: Result<&Plot, NoPlot>, name: &Arc<str>) {
        let source = record.message.source();
        *self.categories.entry(record.message.category()).or_default() += 1;
        let of_source = self.sources.entry(source).or_insert_with(|| SourceCount {
            source,
            name: name.clone(),
            records: 0,
            plots: 0,
            radar: RadarReport::default(),
        });
        of_source.records += 1;
        of_source.radar.hear(&record.message);
        match plot {
            Ok(plot) => {
                of_source.plots += 1;
                self.summary.plots += 1;
                let (first, last) = self.summary.span.unwrap_or((plot.time, plot.time));
                self.summary.span = Some((first.min(plot.time), last.max(plot.time)));
            }
            Err(reason) => *self.no_plots.entry(reason).or_default() += 1,
        }
    }

    fn finish(self, blocks: u64) -> AsterixSummary {
        let categories = self.categories.into_iter();
        AsterixSummary {
            blocks,
            categories: categories
                .map(|(category, records)| CategoryCount { category, records })
                .collect(),
            no_plots: self.no_plots.into_iter().collect(),
            sources: self.sources.into_values().collect(),
            ..self.summary
        }
    }
}

/// Reads a whole recording, raw or captured; `name` is for messages.
///
/// Sources without a sensor get the name `SAC-SIC`, and are in `options.sources` afterwards.
pub fn read_asterix(bytes: &[u8], name: &str, options: &mut AsterixOptions) -> AsterixFile {
    let mut reader = AsterixReader::new(bytes, name, options.date);
    let (mut plots, mut faults, mut tally) = (Vec::new(), Vec::new(), Tally::default());
    for record in reader.by_ref() {
        match record {
            Ok(record) => {
                let station = options.sources.station(record.message.source());
                let plot = record.plot(station);
                tally.count(&record, plot.as_ref().map_err(|reason| *reason), &station.name);
                plots.extend(plot);
            }
            Err(fault) => {
                tally.summary.faults += 1;
                if faults.len() < REFUSALS_KEPT_MAX {
                    faults.push(fault);
                }
            }
        }
    }
    AsterixFile {
        name: name.into(),
        plots,
        faults,
        summary: tally.finish(reader.blocks()),
    }
}

impl fmt::Display for RadarReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} north markers", self.north_markers)?;
        if let Some(rotation_s) = self.rotation_s {
            write!(f, ", a turn in {rotation_s:.3} s")?;
        }
        if let Some(place) = self.position {
            let (lat_deg, lon_deg) = (place.lat_deg(), place.lon_deg());
            write!(f, ", at {lat_deg:.5}, {lon_deg:.5}, {:.0} m", place.height_m)?;
        }
        Ok(())
    }
}
