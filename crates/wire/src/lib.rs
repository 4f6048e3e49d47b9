//! Messages and file formats: plots as CSV, JSON lines or Parquet, tracks and truth as CSV or Parquet, sensors as TOML;
//! and recordings of radars, as [ASTERIX](asterix), raw or [captured](pcap). Bytes to values and back, nothing else.
//!
//! No file is opened here: callers hand over readers and writers, and the name to show in messages.
//!
//! ```
//! use wire::{Format, PlotReader};
//!
//! let text = "time,sensor,range_m,azimuth_deg\n\
//!             2021-09-09T17:25:00.050Z,north,8076,34.6\n\
//!             2021-09-09T17:25:00.100Z,north,8076,361\n";
//! let mut reader = PlotReader::csv(text.as_bytes(), "plots.csv")?;
//! let records: Vec<_> = reader.by_ref().collect();
//! assert_eq!(records[0].as_ref().unwrap().sensor.as_ref(), "north");
//! assert_eq!(
//!     records[1].as_ref().unwrap_err().to_string(),
//!     "plots.csv:3: azimuth_deg is \"361\", expected degrees from -180 to 360, clockwise from true north"
//! );
//! assert_eq!(reader.finish()?.refused, 1);
//! assert_eq!(Format::of_name("plots.csv")?, Format::Csv);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod asterix;
mod cells;
mod column;
mod degrees;
mod faults;
mod format;
mod header;
mod lines;
pub mod messages;
mod nearest;
mod objects;
pub mod pcap;
mod plots;
mod refusal;
mod sensors;
mod sniff;
mod tables;
mod text;
pub mod tracks;
pub mod truths;

pub use column::{Column, Columns};
pub use faults::{FAULTS_MAX, Faults, number};
pub use format::{Format, TableFormat, UnknownFormat};
pub use lines::LINE_BYTES_MAX;
pub use nearest::nearest;
pub use plots::{
    PlotFile, PlotReader, PlotWriter, REFUSALS_KEPT_MAX, ReadError, SensorCount, Summary, Suspicion, WriteError,
    read_plots, write_plots,
};
pub use refusal::{Reason, Refusal};
pub use sensors::{SENSOR_FILE_BYTES_MAX, SensorFileError, read_sensors, write_sensors};
pub use sniff::{Content, sniff};
pub use tables::Table;
pub use text::NAME_BYTES_MAX;
