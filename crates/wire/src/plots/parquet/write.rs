//! Writing Parquet.

use std::io::Write;
use std::sync::Arc;

use parquet::basic::{Compression, Encoding, LogicalType, Repetition, TimeUnit, Type};
use parquet::data_type::{ByteArray, ByteArrayType, DataType, DoubleType, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use parquet::schema::types::{ColumnPath, Type as SchemaType, TypePtr};

use crate::plots::error::WriteError;
use crate::plots::row::Row;
use crate::plots::writer::Sink;
use crate::{Column, Columns};

/// How many rows are held in memory before they are written as a row group.
const GROUP_ROWS: usize = 1 << 17;

/// Writes records as Parquet.
pub(in crate::plots) struct ParquetSink<W: Write + Send> {
    writer: SerializedFileWriter<W>,
    cells: Vec<(Column, Cells)>,
    rows: usize,
}

/// The cells of one column that wait for their row group.
enum Cells {
    Times(Vec<i64>),
    Numbers(Vec<f64>, Vec<i16>),
    Texts(Vec<ByteArray>, Vec<i16>),
}

impl<W: Write + Send> ParquetSink<W> {
    pub(in crate::plots) fn new(output: W, columns: Columns) -> Result<Self, WriteError> {
        let fields = columns.iter().map(field).collect::<Result<Vec<_>, _>>()?;
        let schema = SchemaType::group_type_builder("plots").with_fields(fields).build()?;
        let mut properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_created_by("trilat".to_owned())
            .set_dictionary_enabled(false)
            .set_column_encoding(ColumnPath::from(Column::Time.name()), Encoding::DELTA_BINARY_PACKED);
        for column in [Column::Sensor, Column::Target, Column::Truth] {
            properties = properties.set_column_dictionary_enabled(ColumnPath::from(column.name()), true);
        }
        let cells = columns.iter().map(|column| match column {
            Column::Time => (column, Cells::Times(Vec::new())),
            Column::Number(_) => (column, Cells::Numbers(Vec::new(), Vec::new())),
            Column::Sensor | Column::Target | Column::Truth => (column, Cells::Texts(Vec::new(), Vec::new())),
        });
        Ok(Self {
            writer: SerializedFileWriter::new(output, Arc::new(schema), Arc::new(properties.build()))?,
            cells: cells.collect(),
            rows: 0,
        })
    }

    fn flush_group(&mut self) -> Result<(), WriteError> {
        if self.rows == 0 {
            return Ok(());
        }
        let mut group = self.writer.next_row_group()?;
        for (column, cells) in &mut self.cells {
            match cells {
                Cells::Times(times) => {
                    put::<Int64Type, W>(&mut group, times, None)?;
                    times.clear();
                }
                Cells::Numbers(values, levels) => {
                    put::<DoubleType, W>(&mut group, values, Some(levels))?;
                    values.clear();
                    levels.clear();
                }
                Cells::Texts(values, levels) => {
                    let levels_of = (*column != Column::Sensor).then_some(levels.as_slice());
                    put::<ByteArrayType, W>(&mut group, values, levels_of)?;
                    values.clear();
                    levels.clear();
                }
            }
        }
        group.close()?;
        self.rows = 0;
        Ok(())
    }
}

/// Writes the next column of a row group.
pub(crate) fn put<T: DataType, W: Write + Send>(
    group: &mut SerializedRowGroupWriter<W>,
    values: &[T::T],
    levels: Option<&[i16]>,
) -> Result<(), ParquetError> {
    // The schema has as many columns as there are cells.
    let mut column = group
        .next_column()?
        .ok_or_else(|| ParquetError::General("the schema has fewer columns than are written".into()))?;
    column.typed::<T>().write_batch(values, levels, None)?;
    column.close()
}

/// The schema of one column.
fn field(column: Column) -> Result<TypePtr, ParquetError> {
    let (physical, logical, repetition) = match column {
        Column::Time => (
            Type::INT64,
            Some(LogicalType::timestamp(true, TimeUnit::NANOS)),
            Repetition::REQUIRED,
        ),
        Column::Sensor => (Type::BYTE_ARRAY, Some(LogicalType::String), Repetition::REQUIRED),
        Column::Target | Column::Truth => (Type::BYTE_ARRAY, Some(LogicalType::String), Repetition::OPTIONAL),
        Column::Number(_) => (Type::DOUBLE, None, Repetition::OPTIONAL),
    };
    let field = SchemaType::primitive_type_builder(column.name(), physical)
        .with_logical_type(logical)
        .with_repetition(repetition)
        .build()?;
    Ok(Arc::new(field))
}

impl<W: Write + Send> Sink for ParquetSink<W> {
    fn write(&mut self, row: &Row) -> Result<(), WriteError> {
        let utc_ns = row.time.and_then(|time| time.utc_ns()).ok_or(WriteError::LeapSecond)?;
        for (column, cells) in &mut self.cells {
            match (cells, *column) {
                (Cells::Times(times), _) => times.push(utc_ns),
                (Cells::Numbers(values, levels), Column::Number(field)) => {
                    let value = row.numbers.get(field);
                    levels.push(i16::from(value.is_some()));
                    values.extend(value);
                }
                (Cells::Texts(values, levels), column) => {
                    let text = match column {
                        Column::Target => &row.target,
                        Column::Truth => &row.truth,
                        _ => &row.sensor,
                    };
                    levels.push(i16::from(!text.is_empty()));
                    if !text.is_empty() {
                        values.push(ByteArray::from(text.as_bytes().to_vec()));
                    }
                }
                (Cells::Numbers(..), _) => {}
            }
        }
        self.rows += 1;
        if self.rows == GROUP_ROWS {
            self.flush_group()?;
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<(), WriteError> {
        self.flush_group()?;
        self.writer.finish()?;
        Ok(self.writer.inner_mut().flush()?)
    }
}
