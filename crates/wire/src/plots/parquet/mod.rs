//! Parquet: one flat table with the columns of CSV; what is absent is null.
//!
//! Written: `time` as TIMESTAMP(NANOS, UTC), names as UTF-8, the rest as nullable DOUBLE, Snappy.

mod read;
mod source;
mod write;

pub(super) use read::ParquetRows;
pub(crate) use read::{contained, readable, unit_ns};
pub(crate) use source::Source;
pub(super) use write::ParquetSink;
pub(crate) use write::put;
