//! Reading Parquet, a few thousand rows at a time.

use std::borrow::Cow;
use std::io::{Read, Seek};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use geo::{Time, TimeError};
use parquet::basic::{Compression, ConvertedType, LogicalType, TimeUnit, Type};
use parquet::column::reader::{ColumnReader, ColumnReaderImpl};
use parquet::data_type::{ByteArrayType, DataType, DoubleType, FloatType, Int32Type, Int64Type, Int96, Int96Type};
use parquet::errors::ParquetError;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::schema::types::ColumnDescriptor;
use plot::{Field, Plot};

use super::source::Source;
use crate::column::NAMES;
use crate::nearest::nearest;
use crate::plots::error::ReadError;
use crate::plots::reader::Rows;
use crate::plots::require_columns;
use crate::plots::row::Row;
use crate::plots::summary::Tally;
use crate::refusal::{Fault, Reason};
use crate::text::shown;
use crate::{Column, Columns, Refusal};

/// How many rows are decoded at a time.
const BATCH_ROWS: usize = 4_096;

/// The records of a Parquet file.
pub(in crate::plots) struct ParquetRows<R: Read + Seek + Send + 'static> {
    reader: SerializedFileReader<Source<R>>,
    file: Arc<str>,
    /// What each column of the file is.
    columns: Vec<Kind>,
    group_next: usize,
    /// Rows of the open row group that are not decoded yet.
    group_rows_left: usize,
    leaves: Vec<Leaf>,
    batch_rows: usize,
    batch_next: usize,
    row: u64,
}

/// What a column of the file is.
#[derive(Copy, Clone)]
struct Kind {
    column: Column,
    /// Nanoseconds of one unit of a timestamp.
    unit_ns: i64,
    optional: bool,
}

impl<R: Read + Seek + Send + 'static> ParquetRows<R> {
    pub(in crate::plots) fn new(input: R, file: Arc<str>) -> Result<Self, ReadError> {
        let io = |source| ReadError::Io {
            file: file.clone(),
            source,
        };
        let source = Source::new(input).map_err(io)?;
        match source.head().map_err(io)?.as_slice() {
            [b'P', b'A', b'R', b'1', ..] => {}
            [] => {
                return Err(ReadError::Empty {
                    file,
                    expected: "Parquet",
                });
            }
            _ => return Err(ReadError::NotParquet { file }),
        }
        let stop = |source| ReadError::Parquet {
            file: file.clone(),
            source,
        };
        let reader = contained(|| SerializedFileReader::new(source)).map_err(stop)?;
        let mut columns = Vec::new();
        let mut seen = Columns::EMPTY;
        for descriptor in reader.metadata().file_metadata().schema_descr().columns() {
            let kind = kind(descriptor, &file)?;
            if seen.has(kind.column) {
                return Err(ReadError::DuplicateColumn {
                    file,
                    column: kind.column.name(),
                });
            }
            seen = seen.with(kind.column);
            columns.push(kind);
        }
        require_columns(seen, &file)?;
        Ok(Self {
            reader,
            file,
            columns,
            group_next: 0,
            group_rows_left: 0,
            leaves: Vec::new(),
            batch_rows: 0,
            batch_next: 0,
            row: 0,
        })
    }

    /// Decodes the next rows; false at the end.
    fn next_batch(&mut self) -> Result<bool, ReadError> {
        while self.group_rows_left == 0 {
            if self.group_next == self.reader.num_row_groups() {
                return Ok(false);
            }
            self.open_group()?;
        }
        self.batch_rows = self.group_rows_left.min(BATCH_ROWS);
        self.batch_next = 0;
        for leaf in &mut self.leaves {
            let rows = contained(|| leaf.fill(self.batch_rows)).map_err(|source| ReadError::Parquet {
                file: self.file.clone(),
                source,
            })?;
            if rows != self.batch_rows {
                return Err(ReadError::ShortColumn {
                    file: self.file.clone(),
                    column: leaf.kind.column.name(),
                });
            }
        }
        self.group_rows_left -= self.batch_rows;
        Ok(true)
    }

    fn open_group(&mut self) -> Result<(), ReadError> {
        let stop = |source| ReadError::Parquet {
            file: self.file.clone(),
            source,
        };
        let group = contained(|| self.reader.get_row_group(self.group_next)).map_err(stop)?;
        self.group_next += 1;
        let rows = usize::try_from(group.metadata().num_rows());
        self.group_rows_left = rows.map_err(|_| stop(ParquetError::General("a negative number of rows".into())))?;
        self.leaves.clear();
        for (i, kind) in self.columns.iter().enumerate() {
            let found = group.metadata().column(i).compression();
            if !readable(&found) {
                return Err(ReadError::Compression {
                    file: self.file.clone(),
                    found: format!("{found:?}"),
                });
            }
            let reader = contained(|| group.get_column_reader(i)).map_err(stop)?;
            let Some(leaf) = Leaf::new(*kind, reader) else {
                return Err(ReadError::ColumnType {
                    file: self.file.clone(),
                    column: kind.column.name(),
                    found: "a fixed number of bytes".into(),
                });
            };
            self.leaves.push(leaf);
        }
        Ok(())
    }
}

impl<R: Read + Seek + Send + 'static> Rows for ParquetRows<R> {
    fn next(&mut self, tally: &mut Tally) -> Result<Option<Result<Plot, Refusal>>, ReadError> {
        if self.batch_next == self.batch_rows && !self.next_batch()? {
            return Ok(None);
        }
        let at = self.batch_next;
        self.batch_next += 1;
        self.row += 1;
        let mut row = Row::EMPTY;
        let mut fault = None;
        for leaf in &mut self.leaves {
            // Every column moves on, also after a fault.
            let set = leaf.set(at, &mut row);
            fault = fault.or(set.err());
        }
        let record = match fault {
            Some(fault) => Err(fault),
            None => row.into_plot(tally),
        };
        Ok(Some(record.map_err(|fault| fault.at(&self.file, self.row))))
    }
}

/// Turns a panic of the parquet crate into an error.
///
/// Some damaged pages make it panic (60.1: a bit width of a run beyond 64), which must not end a process that reads
/// other files too. The file is not read any further then, so nothing half-changed is ever looked at.
pub(crate) fn contained<T>(call: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, ParquetError> {
    catch_unwind(AssertUnwindSafe(call))
        .unwrap_or_else(|_| Err(ParquetError::General("the file is damaged".to_owned())))
}

/// Whether this build reads a compression.
pub(crate) fn readable(found: &Compression) -> bool {
    match found {
        Compression::UNCOMPRESSED | Compression::SNAPPY => true,
        Compression::ZSTD(_) => cfg!(feature = "zstd"),
        _ => false,
    }
}

/// What a column of the file is. Errors: [`ReadError::UnknownColumn`], [`ReadError::ColumnType`].
fn kind(descriptor: &ColumnDescriptor, file: &Arc<str>) -> Result<Kind, ReadError> {
    let name = descriptor.path().string();
    let column = Column::find(&name).ok_or_else(|| ReadError::UnknownColumn {
        file: file.clone(),
        column: shown(&name),
        nearest: nearest(&name, NAMES.iter().copied()),
        known: NAMES,
    })?;
    let physical = descriptor.physical_type();
    let is_plain = descriptor.max_rep_level() == 0 && descriptor.max_def_level() <= 1;
    let unit_ns = unit_ns(descriptor);
    let fits = match (column, physical) {
        (Column::Time, Type::INT64) => unit_ns.is_some(),
        (Column::Time, Type::INT96 | Type::BYTE_ARRAY) => true,
        (Column::Number(_), Type::DOUBLE | Type::FLOAT) => true,
        // A decimal is an integer of another scale, a timestamp one of another kind.
        (Column::Number(_), Type::INT32 | Type::INT64) => {
            descriptor.type_scale() <= 0 && unit_ns.is_none() && is_integer(descriptor)
        }
        (Column::Sensor | Column::Target | Column::Truth, Type::BYTE_ARRAY) => true,
        _ => false,
    };
    if !fits || !is_plain {
        return Err(ReadError::ColumnType {
            file: file.clone(),
            column: column.name(),
            found: match descriptor.logical_type_ref() {
                Some(logical) => format!("{physical} ({logical:?})"),
                None => physical.to_string(),
            },
        });
    }
    Ok(Kind {
        column,
        unit_ns: unit_ns.unwrap_or(1),
        optional: descriptor.max_def_level() == 1,
    })
}

/// Nanoseconds of one unit of a timestamp; one without zone is taken for UTC, as the column is defined.
pub(crate) fn unit_ns(descriptor: &ColumnDescriptor) -> Option<i64> {
    match (descriptor.logical_type_ref(), descriptor.converted_type()) {
        (Some(LogicalType::Timestamp(timestamp)), _) => Some(match timestamp.unit {
            TimeUnit::MILLIS => 1_000_000,
            TimeUnit::MICROS => 1_000,
            TimeUnit::NANOS => 1,
        }),
        (None, ConvertedType::TIMESTAMP_MILLIS) => Some(1_000_000),
        (None, ConvertedType::TIMESTAMP_MICROS) => Some(1_000),
        _ => None,
    }
}

/// Whether an integer column holds signed whole numbers.
fn is_integer(descriptor: &ColumnDescriptor) -> bool {
    match descriptor.logical_type_ref() {
        Some(LogicalType::Integer(integer)) => integer.is_signed,
        Some(_) => false,
        None => matches!(
            descriptor.converted_type(),
            ConvertedType::NONE
                | ConvertedType::INT_8
                | ConvertedType::INT_16
                | ConvertedType::INT_32
                | ConvertedType::INT_64
        ),
    }
}

/// One column of the open row group.
struct Leaf {
    kind: Kind,
    /// 1 where the row has a value; empty where every row has one.
    levels: Vec<i16>,
    values: Values,
    value_next: usize,
}

/// A column of one physical type, with the values of this batch.
enum Values {
    Double(Typed<DoubleType>),
    Float(Typed<FloatType>),
    Int32(Typed<Int32Type>),
    Int64(Typed<Int64Type>),
    Int96(Typed<Int96Type>),
    Bytes(Typed<ByteArrayType>),
}

struct Typed<T: DataType> {
    reader: ColumnReaderImpl<T>,
    values: Vec<T::T>,
}

impl<T: DataType> Typed<T> {
    fn new(reader: ColumnReaderImpl<T>) -> Self {
        Self {
            reader,
            values: Vec::new(),
        }
    }

    fn fill(&mut self, rows: usize, levels: &mut Vec<i16>) -> Result<usize, ParquetError> {
        self.values.clear();
        let (read, _, _) = self.reader.read_records(rows, Some(levels), None, &mut self.values)?;
        Ok(read)
    }
}

impl Leaf {
    fn new(kind: Kind, reader: ColumnReader) -> Option<Self> {
        let values = match reader {
            ColumnReader::DoubleColumnReader(reader) => Values::Double(Typed::new(reader)),
            ColumnReader::FloatColumnReader(reader) => Values::Float(Typed::new(reader)),
            ColumnReader::Int32ColumnReader(reader) => Values::Int32(Typed::new(reader)),
            ColumnReader::Int64ColumnReader(reader) => Values::Int64(Typed::new(reader)),
            ColumnReader::Int96ColumnReader(reader) => Values::Int96(Typed::new(reader)),
            ColumnReader::ByteArrayColumnReader(reader) => Values::Bytes(Typed::new(reader)),
            ColumnReader::BoolColumnReader(_) | ColumnReader::FixedLenByteArrayColumnReader(_) => return None,
        };
        Some(Self {
            kind,
            levels: Vec::new(),
            values,
            value_next: 0,
        })
    }

    /// Decodes up to so many rows and returns how many there were.
    fn fill(&mut self, rows: usize) -> Result<usize, ParquetError> {
        self.levels.clear();
        self.value_next = 0;
        let levels = &mut self.levels;
        match &mut self.values {
            Values::Double(typed) => typed.fill(rows, levels),
            Values::Float(typed) => typed.fill(rows, levels),
            Values::Int32(typed) => typed.fill(rows, levels),
            Values::Int64(typed) => typed.fill(rows, levels),
            Values::Int96(typed) => typed.fill(rows, levels),
            Values::Bytes(typed) => typed.fill(rows, levels),
        }
    }

    /// Sets the cell of a row of this batch; rows are taken in order.
    fn set<'a>(&'a mut self, at: usize, row: &mut Row<'a>) -> Result<(), Fault> {
        if self.kind.optional && self.levels.get(at) != Some(&1) {
            return Ok(());
        }
        let i = self.value_next;
        self.value_next += 1;
        match (&self.values, self.kind.column) {
            (Values::Double(typed), Column::Number(field)) => number(row, field, typed.values.get(i).copied()),
            (Values::Float(typed), Column::Number(field)) => {
                number(row, field, typed.values.get(i).map(|value| f64::from(*value)))
            }
            (Values::Int32(typed), Column::Number(field)) => {
                number(row, field, typed.values.get(i).map(|value| f64::from(*value)))
            }
            (Values::Int64(typed), Column::Number(field)) => {
                number(row, field, typed.values.get(i).map(|value| *value as f64))
            }
            (Values::Int64(typed), Column::Time) => {
                let units = typed.values.get(i).copied();
                time(row, units.and_then(|units| units.checked_mul(self.kind.unit_ns)))
            }
            (Values::Int96(typed), _) => time(row, typed.values.get(i).and_then(int96_utc_ns)),
            (Values::Bytes(typed), column) => {
                let bytes = typed.values.get(i).map_or(&b""[..], |value| value.data());
                let text = std::str::from_utf8(bytes)
                    .map_err(|_| Fault::key(column.name(), Reason::Utf8))?
                    .trim();
                if text.is_empty() {
                    return Ok(());
                }
                row.set_text(column, Cow::Borrowed(text))
            }
            // `kind` lets no other pair pass.
            (_, column) => Err(Fault::key(column.name(), Reason::Kind("another type"))),
        }
    }
}

fn number(row: &mut Row, field: Field, value: Option<f64>) -> Result<(), Fault> {
    let value = value.unwrap_or(f64::NAN);
    row.numbers.set(field, value, &value)
}

fn time(row: &mut Row, utc_ns: Option<i64>) -> Result<(), Fault> {
    let time = utc_ns.ok_or(TimeError::Span).and_then(Time::from_utc_ns);
    let shown = || {
        utc_ns.map_or_else(
            || "beyond 64 bits of nanoseconds".to_owned(),
            |ns| format!("{ns} ns since 1970"),
        )
    };
    row.time = Some(time.map_err(|e| Fault::cell(Column::Time, &shown(), Reason::Time(e)))?);
    Ok(())
}

/// Nanoseconds since 1970 of the 12 bytes that Spark and Impala write: nanoseconds of the day, Julian day number.
fn int96_utc_ns(value: &Int96) -> Option<i64> {
    const JULIAN_DAY_OF_1970: i64 = 2_440_588;
    const NS_PER_DAY: i64 = 86_400_000_000_000;
    let [low, high, day] = *value.data() else { return None };
    let of_day_ns = i64::try_from(u64::from(high) << 32 | u64::from(low)).ok()?;
    (i64::from(day) - JULIAN_DAY_OF_1970)
        .checked_mul(NS_PER_DAY)?
        .checked_add(of_day_ns)
}
