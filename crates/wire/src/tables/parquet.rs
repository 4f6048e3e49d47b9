//! Tables as Parquet: flat, with the columns of CSV; what is absent is null.

use std::borrow::Cow;
use std::io::{Read, Seek, Write};
use std::marker::PhantomData;
use std::sync::Arc;

use parquet::basic::{Compression, Encoding, LogicalType, Repetition, TimeUnit, Type};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::SerializedFileWriter;
use parquet::record::Field;
use parquet::record::reader::RowIter;
use parquet::schema::types::{ColumnPath, Type as SchemaType};

use super::{Cell, Names, Record, Row, require};
use crate::Refusal;
use crate::nearest::nearest;
use crate::plots::parquet::{Source, contained, put, readable, unit_ns};
use crate::plots::{ReadError, WriteError};
use crate::text::shown;

/// How many rows are held in memory before they are written as a row group.
const GROUP_ROWS: usize = 1 << 16;

/// The rows of a Parquet file.
pub(crate) struct ParquetTable<R, T> {
    rows: RowIter<'static>,
    file: Arc<str>,
    /// What each column is, and the nanoseconds of one unit of a timestamp.
    columns: Vec<(usize, Option<i64>)>,
    names: Names,
    row: u64,
    kind: PhantomData<(fn(R), T)>,
}

impl<R: Read + Seek + Send + 'static, T: Row> ParquetTable<R, T> {
    pub(crate) fn new(input: R, file: Arc<str>) -> Result<Self, ReadError> {
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
        let columns = columns::<T>(&reader, &file)?;
        let rows = contained(|| Ok(RowIter::from_file_into(Box::new(reader)))).map_err(stop)?;
        Ok(Self {
            rows,
            file,
            columns,
            names: Names::default(),
            row: 0,
            kind: PhantomData,
        })
    }

    /// Returns the next row, `None` at the end.
    pub(crate) fn next(&mut self) -> Result<Option<Result<T, Refusal>>, ReadError> {
        let rows = &mut self.rows;
        let row = contained(|| rows.next().transpose()).map_err(|source| ReadError::Parquet {
            file: self.file.clone(),
            source,
        })?;
        let Some(row) = row else { return Ok(None) };
        self.row += 1;
        let mut record = Record::new(T::LAYOUT.names);
        for ((_, field), (index, unit_ns)) in row.get_column_iter().zip(&self.columns) {
            record.cells[*index] = cell(field, *unit_ns);
        }
        let read = T::read(&record, &mut self.names);
        Ok(Some(read.map_err(|fault| fault.at(&self.file, self.row))))
    }
}

/// What each column of the file is. Errors: [`ReadError`] for one that is unknown, twice there, or of another type.
fn columns<T: Row>(reader: &impl FileReader, file: &Arc<str>) -> Result<Vec<(usize, Option<i64>)>, ReadError> {
    let names = T::LAYOUT.names;
    let mut columns: Vec<(usize, Option<i64>)> = Vec::new();
    for descriptor in reader.metadata().file_metadata().schema_descr().columns() {
        let name = descriptor.path().string();
        let Some(index) = names.iter().position(|known| *known == name) else {
            return Err(ReadError::UnknownColumn {
                file: file.clone(),
                column: shown(&name),
                nearest: nearest(&name, names.iter().copied()),
                known: names,
            });
        };
        if columns.iter().any(|(known, _)| *known == index) {
            return Err(ReadError::DuplicateColumn {
                file: file.clone(),
                column: names[index],
            });
        }
        let is_plain = descriptor.max_rep_level() == 0 && descriptor.max_def_level() <= 1;
        let fits = match descriptor.physical_type() {
            Type::INT64 | Type::INT32 | Type::DOUBLE | Type::FLOAT => descriptor.type_scale() <= 0,
            Type::BYTE_ARRAY => descriptor.logical_type_ref() == Some(&LogicalType::String),
            Type::BOOLEAN | Type::INT96 | Type::FIXED_LEN_BYTE_ARRAY => false,
        };
        if !fits || !is_plain {
            return Err(ReadError::ColumnType {
                file: file.clone(),
                column: names[index],
                found: descriptor.physical_type().to_string(),
            });
        }
        columns.push((index, unit_ns(descriptor)));
    }
    for group in reader.metadata().row_groups() {
        if let Some(found) = group
            .columns()
            .iter()
            .map(|column| column.compression())
            .find(|c| !readable(c))
        {
            return Err(ReadError::Compression {
                file: file.clone(),
                found: format!("{found:?}"),
            });
        }
    }
    let indices: Vec<usize> = columns.iter().map(|(index, _)| *index).collect();
    require::<T>(&indices, file)?;
    Ok(columns)
}

fn cell(field: &Field, unit_ns: Option<i64>) -> Cell<'_> {
    match (field, unit_ns) {
        (Field::Null, _) => Cell::Absent,
        (Field::Long(value) | Field::TimestampMillis(value) | Field::TimestampMicros(value), Some(unit_ns)) => {
            Cell::UtcNs(value.checked_mul(unit_ns))
        }
        (Field::Str(text), _) if text.trim().is_empty() => Cell::Absent,
        (Field::Str(text), _) => Cell::Text(Cow::Borrowed(text.trim())),
        (Field::Double(value), _) => Cell::Number(*value),
        (Field::Float(value), _) => Cell::Number(f64::from(*value)),
        (Field::Long(value), _) => Cell::Number(*value as f64),
        (Field::Int(value), _) => Cell::Number(f64::from(*value)),
        (other, _) => Cell::Text(Cow::Owned(other.to_string())),
    }
}

/// What a column that is written holds.
#[derive(Copy, Clone, Debug, PartialEq, Eq)]
pub(crate) enum Column {
    /// Timestamps, in every row.
    Time,
    /// Doubles or nothing.
    Numbers,
    /// Whole numbers or nothing.
    Counts,
    /// Texts or nothing.
    Texts,
}

/// Writes a table as Parquet.
pub(crate) struct ParquetTableSink<W: Write + Send> {
    writer: SerializedFileWriter<W>,
    cells: Vec<Cells>,
    rows: usize,
}

/// The cells of one column that wait for their row group; 1 where a row has one.
enum Cells {
    Times(Vec<i64>),
    Numbers(Vec<f64>, Vec<i16>),
    Counts(Vec<i64>, Vec<i16>),
    Texts(Vec<ByteArray>, Vec<i16>),
}

impl<W: Write + Send> ParquetTableSink<W> {
    pub(crate) fn new(output: W, table: &str, columns: &[(&str, Column)]) -> Result<Self, WriteError> {
        let mut properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_created_by("trilat".to_owned())
            .set_dictionary_enabled(false);
        let (mut fields, mut cells) = (Vec::new(), Vec::new());
        for (name, column) in columns {
            let string = Some(LogicalType::String);
            let (physical, logical, repetition) = match column {
                Column::Time => {
                    let nanos = Some(LogicalType::timestamp(true, TimeUnit::NANOS));
                    let path = ColumnPath::from(*name);
                    properties = properties.set_column_encoding(path, Encoding::DELTA_BINARY_PACKED);
                    (Type::INT64, nanos, Repetition::REQUIRED)
                }
                Column::Numbers => (Type::DOUBLE, None, Repetition::OPTIONAL),
                Column::Counts => (Type::INT64, None, Repetition::OPTIONAL),
                Column::Texts => {
                    properties = properties.set_column_dictionary_enabled(ColumnPath::from(*name), true);
                    (Type::BYTE_ARRAY, string, Repetition::OPTIONAL)
                }
            };
            let field = SchemaType::primitive_type_builder(name, physical)
                .with_logical_type(logical)
                .with_repetition(repetition);
            fields.push(Arc::new(field.build()?));
            cells.push(match column {
                Column::Time => Cells::Times(Vec::new()),
                Column::Numbers => Cells::Numbers(Vec::new(), Vec::new()),
                Column::Counts => Cells::Counts(Vec::new(), Vec::new()),
                Column::Texts => Cells::Texts(Vec::new(), Vec::new()),
            });
        }
        let schema = SchemaType::group_type_builder(table).with_fields(fields).build()?;
        Ok(Self {
            writer: SerializedFileWriter::new(output, Arc::new(schema), Arc::new(properties.build()))?,
            cells,
            rows: 0,
        })
    }

    pub(crate) fn time(&mut self, column: usize, utc_ns: i64) {
        if let Some(Cells::Times(values)) = self.cells.get_mut(column) {
            values.push(utc_ns);
        }
    }

    pub(crate) fn number(&mut self, column: usize, value: Option<f64>) {
        if let Some(Cells::Numbers(values, levels)) = self.cells.get_mut(column) {
            levels.push(i16::from(value.is_some()));
            values.extend(value);
        }
    }

    pub(crate) fn count(&mut self, column: usize, value: Option<u64>) {
        if let Some(Cells::Counts(values, levels)) = self.cells.get_mut(column) {
            levels.push(i16::from(value.is_some()));
            values.extend(value.map(|count| i64::try_from(count).unwrap_or(i64::MAX)));
        }
    }

    pub(crate) fn text(&mut self, column: usize, text: &str) {
        if let Some(Cells::Texts(values, levels)) = self.cells.get_mut(column) {
            levels.push(i16::from(!text.is_empty()));
            if !text.is_empty() {
                values.push(ByteArray::from(text.as_bytes().to_vec()));
            }
        }
    }

    /// Ends a row of which every column was set once.
    pub(crate) fn end_row(&mut self) -> Result<(), WriteError> {
        self.rows += 1;
        if self.rows == GROUP_ROWS {
            self.flush_group()?;
        }
        Ok(())
    }

    fn flush_group(&mut self) -> Result<(), ParquetError> {
        if self.rows == 0 {
            return Ok(());
        }
        let mut group = self.writer.next_row_group()?;
        for cells in &mut self.cells {
            match cells {
                Cells::Times(values) => {
                    put::<Int64Type, W>(&mut group, values, None)?;
                    values.clear();
                }
                Cells::Numbers(values, levels) => {
                    put::<DoubleType, W>(&mut group, values, Some(levels))?;
                    values.clear();
                    levels.clear();
                }
                Cells::Counts(values, levels) => {
                    put::<Int64Type, W>(&mut group, values, Some(levels))?;
                    values.clear();
                    levels.clear();
                }
                Cells::Texts(values, levels) => {
                    put::<ByteArrayType, W>(&mut group, values, Some(levels))?;
                    values.clear();
                    levels.clear();
                }
            }
        }
        group.close()?;
        self.rows = 0;
        Ok(())
    }

    pub(crate) fn finish(mut self) -> Result<(), WriteError> {
        self.flush_group()?;
        self.writer.finish()?;
        Ok(self.writer.inner_mut().flush()?)
    }
}
