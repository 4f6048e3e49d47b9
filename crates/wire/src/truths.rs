//! Truth files: where each object really was, as `trilat simulate` writes them.

use std::io::{Read, Seek};
use std::sync::Arc;

use geo::{Enu, Geodetic, Time, Velocity};

use crate::header::Layout;
use crate::refusal::Fault;
use crate::tables::{Names, Record, Row};
use crate::{ReadError, Table, TableFormat};

/// Where an object was at one instant.
#[derive(Clone, Debug, PartialEq)]
pub struct TruthRow {
    /// Of when the state is.
    pub time: Time,
    /// The name of the object.
    pub truth: Arc<str>,
    /// What it is.
    pub kind: Option<Arc<str>>,
    /// What it does.
    pub phase: Option<Arc<str>>,
    /// Where it is.
    pub place: Geodetic,
    /// East, north, up in m/s at the place, relative to the turning Earth.
    pub velocity: Velocity<Enu>,
}

impl Row for TruthRow {
    const LAYOUT: Layout = Layout {
        names: &[
            "time",
            "truth",
            "lat_deg",
            "lon_deg",
            "height_m",
            "east_mps",
            "north_mps",
            "up_mps",
            "kind",
            "phase",
        ],
        header: "time,truth,kind,phase,lat_deg",
        empty: "a header such as time,truth,kind,phase,lat_deg,lon_deg,height_m,east_mps,north_mps,up_mps",
        not_text: "expected a header such as time,truth,kind,phase,lat_deg",
    };
    const REQUIRED: usize = 8;
    const REQUIRED_WORDS: &'static str = "time, truth, lat_deg, lon_deg, height_m, east_mps, north_mps and up_mps";

    fn read(record: &Record, names: &mut Names) -> Result<Self, Fault> {
        Ok(Self {
            time: record.time(0)?,
            truth: record.required_name(1, names)?,
            place: record.place(2)?,
            velocity: record.velocity(5)?,
            kind: record.name(8, names)?,
            phase: record.name(9, names)?,
        })
    }
}

/// Reads a whole truth file into memory; `name` is for messages.
///
/// A row that is malformed is refused with its line, column, value and what was expected; the others stay.
/// Errors: [`ReadError`], where the file cannot be read to its end.
pub fn read_truths<R: Read + Seek + Send + 'static>(
    format: TableFormat,
    input: R,
    name: &str,
) -> Result<Table<TruthRow>, ReadError> {
    crate::tables::read(format, input, name)
}
