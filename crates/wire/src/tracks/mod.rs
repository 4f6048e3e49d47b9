//! Track files: what a tracker says of each object, a row for each update, and rows of their own kind for forecasts and
//! launches: regions of the ground, see [`Region`].
//!
//! ```
//! use wire::TableFormat;
//! use wire::tracks::read_tracks;
//!
//! let text = "time,track,lat_deg,lon_deg,height_m,east_mps,north_mps,up_mps\n\
//!             2022-01-30T00:01:00Z,7,40.6,126.4,90000,1200,300,2500\n\
//!             2022-01-30T00:01:01Z,7,140.6,126.4,90000,1200,300,2500\n";
//! let table = read_tracks(TableFormat::Csv, std::io::Cursor::new(text), "tracks.csv")?;
//! assert_eq!(&*table.rows[0].track, "7");
//! assert_eq!(
//!     table.refusals[0].to_string(),
//!     "tracks.csv:3: lat_deg is \"140.6\", expected degrees from -90 to 90"
//! );
//! # Ok::<(), wire::ReadError>(())
//! ```

mod read;
mod row;
mod write;

pub use row::{COLUMNS, COVARIANCES, Region, RowKind, TrackRow, covariance_index};
pub use write::TrackWriter;

use std::io::{Read, Seek};

use crate::{ReadError, Table, TableFormat};

/// Reads a whole track file into memory; `name` is for messages.
///
/// A row that is malformed is refused with its line, column, value and what was expected; the others stay. `kind`,
/// `phase`, `existence`, the covariance, `plots`, `sensors` and what belongs to a [`Region`] may be left out.
/// Errors: [`ReadError`], where the file cannot be read to its end.
pub fn read_tracks<R: Read + Seek + Send + 'static>(
    format: TableFormat,
    input: R,
    name: &str,
) -> Result<Table<TrackRow>, ReadError> {
    crate::tables::read(format, input, name)
}
