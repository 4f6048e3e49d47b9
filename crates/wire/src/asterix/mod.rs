//! ASTERIX, EUROCONTROL's binary format of surveillance: recordings of radars, raw or captured from a network.
//!
//! A file is a row of data blocks, each of one category and of one or more records. [`AsterixReader`] yields every
//! record as its own type ([`Message`]), or the [`Fault`] of what is none; [`Record::plot`] makes a plot of those that
//! are. [`read_asterix`] does both for a whole file.
//!
//! Which editions are read stands in the file of each category. What is not read is stepped over by the same tables.
//!
//! ```
//! use wire::asterix::{AsterixOptions, Message, read_asterix};
//!
//! # let bytes = [
//! #     0x30, 0x00, 0x30, 0xfd, 0xf7, 0x02, 0x19, 0xc9, 0x35, 0x6d, 0x4d, 0xa0, 0xc5, 0xaf, 0xf1, 0xe0, 0x02, 0x00,
//! #     0x05, 0x28, 0x3c, 0x66, 0x0c, 0x10, 0xc2, 0x36, 0xd4, 0x18, 0x20, 0x01, 0xc0, 0x78, 0x00, 0x31, 0xbc, 0x00,
//! #     0x00, 0x40, 0x0d, 0xeb, 0x07, 0xb9, 0x58, 0x2e, 0x41, 0x00, 0x20, 0xf5,
//! # ];
//! let mut options = AsterixOptions { date: Some("2016-05-05T00:00:00Z".parse()?), ..AsterixOptions::default() };
//! let file = read_asterix(&bytes, "radar.ast", &mut options);
//! let plot = &file.plots[0];
//! assert_eq!((plot.sensor.as_ref(), plot.target.as_deref()), ("25-201", Some("3c660c")));
//! assert_eq!(plot.time.to_string(), "2016-05-05T07:35:54.601Z");
//! # Ok::<(), geo::TimeError>(())
//! ```

mod block;
mod cat010;
mod cat021;
mod cat034;
mod cat048;
mod cat062;
mod clock;
mod fault;
mod file;
mod octets;
mod place;
mod plots;
mod reader;
mod register;
mod source;
mod uap;

pub(crate) use block::looks_like_asterix;
pub use cat010::{Cat010, SurfaceDescriptor, SurfaceDetection, SurfaceMessage, TargetSize};
pub use cat021::{Cat021, Quality};
pub use cat034::{Cat034, ServiceMessage};
pub use cat048::{
    Cat048, Descriptor, Detection, Doppler, FlightLevel, GroundVector, ModeA, PlotCharacteristics, SlantPosition,
    TrackQuality, TrackStatus,
};
pub use cat062::{Cat062, Movement, SystemAccuracy};
pub use fault::{Fault, FaultReason};
pub use file::{AsterixFile, AsterixSummary, CategoryCount, RadarReport, SourceCount, read_asterix};
pub use octets::Callsign;
pub use plots::NoPlot;
pub use reader::{AsterixOptions, AsterixReader, Message, Record};
pub use register::{HeadingAndSpeed, Register, TrackAndTurn, VerticalIntention};
pub use source::{Source, Sources, Station};
