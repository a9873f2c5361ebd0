//! Rows as Parquet: typed columns, so that DuckDB, Spark, ClickHouse or pandas go on from here.
//!
//! Names are dictionaries, times nanoseconds in UTC, JSON stays text as it was written. What is held is
//! bounded: a batch of rows before it is packed, a row group before it is written.

use std::io::Write;
use std::sync::Arc;

use arrow_array::builder::{
    ArrayBuilder, BooleanBuilder, Decimal128Builder, Int64Builder, StringBuilder,
    StringDictionaryBuilder, TimestampNanosecondBuilder,
};
use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{DataType, Field, Schema, SchemaRef, TimeUnit};
use parquet::arrow::ArrowWriter;
use parquet::basic::{Compression, ZstdLevel};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::schema::types::ColumnPath;

use super::error::Error;
use super::value::{Column, Kind, Value};
use crate::event::Decimal;

/// How many rows are packed at once, at most.
const BATCH_ROWS: usize = 4096;
/// How many bytes of text are packed at once, nearly.
const BATCH_BYTES: usize = 8 << 20;
/// How many rows a row group has, at most.
const GROUP_ROWS: usize = 1 << 17;
/// How many bytes it has, nearly, when packed.
const GROUP_BYTES: usize = 64 << 20;
/// How many digits a decimal has, at most.
const DIGITS: u8 = 38;
/// The zone of times, as Arrow names it.
const UTC: &str = "UTC";

/// Writes rows of one table.
pub(super) struct ParquetRows<W: Write + Send> {
    writer: ArrowWriter<W>,
    schema: SchemaRef,
    columns: Vec<Building>,
    n_rows: usize,
    n_bytes: usize,
}

/// A column while its batch is put together.
enum Building {
    Whole(Int64Builder),
    Decimal(Decimal128Builder, i8),
    Text(StringBuilder),
    Names(StringDictionaryBuilder<Int32Type>),
    Time(TimestampNanosecondBuilder),
    Flag(BooleanBuilder),
}

impl<W: Write + Send> ParquetRows<W> {
    /// Begins a file; `about` is kept in it as pairs of a key and a value.
    pub(super) fn begin(
        out: W,
        columns: &[Column],
        about: &[(String, String)],
    ) -> Result<Self, Error> {
        let fields: Vec<Field> = columns
            .iter()
            .map(|column| Field::new(column.name.as_ref(), data_type(column.kind), true))
            .collect();
        let schema = Arc::new(Schema::new(fields));
        let properties = properties(columns, about);
        Ok(Self {
            writer: ArrowWriter::try_new(out, Arc::clone(&schema), Some(properties))?,
            schema,
            columns: columns.iter().map(|column| building(column.kind)).collect(),
            n_rows: 0,
            n_bytes: 0,
        })
    }

    pub(super) fn row(&mut self, values: &[Value<'_>]) -> Result<(), Error> {
        for (column, value) in self.columns.iter_mut().zip(values) {
            self.n_bytes += append(column, value)?;
        }
        self.n_rows += 1;
        if self.n_rows >= BATCH_ROWS || self.n_bytes >= BATCH_BYTES {
            self.pack()?;
        }
        Ok(())
    }

    fn pack(&mut self) -> Result<(), Error> {
        if self.n_rows == 0 {
            return Ok(());
        }
        let arrays = self.columns.iter_mut().map(finished).collect();
        (self.n_rows, self.n_bytes) = (0, 0);
        let batch = RecordBatch::try_new(Arc::clone(&self.schema), arrays)?;
        Ok(self.writer.write(&batch)?)
    }

    pub(super) fn finish(mut self) -> Result<(), Error> {
        self.pack()?;
        self.writer.finish()?;
        Ok(self.writer.inner_mut().flush()?)
    }
}

fn properties(columns: &[Column], about: &[(String, String)]) -> WriterProperties {
    let about = about
        .iter()
        .map(|(key, value)| KeyValue::new(key.clone(), value.clone()))
        .collect();
    let mut builder = WriterProperties::builder()
        .set_compression(Compression::ZSTD(ZstdLevel::default()))
        .set_created_by(format!("Annals {}", env!("CARGO_PKG_VERSION")))
        .set_max_row_group_row_count(Some(GROUP_ROWS))
        .set_max_row_group_bytes(Some(GROUP_BYTES))
        .set_key_value_metadata(Some(about));
    // Payloads differ from each other: a dictionary of them is made and thrown away.
    for column in columns.iter().filter(|column| column.kind == Kind::Json) {
        let path = ColumnPath::new(vec![column.name.to_string()]);
        builder = builder.set_column_dictionary_enabled(path, false);
    }
    builder.build()
}

fn data_type(kind: Kind) -> DataType {
    match kind {
        Kind::Whole => DataType::Int64,
        Kind::Decimal(scale) => DataType::Decimal128(DIGITS, scale),
        Kind::Text | Kind::Json => DataType::Utf8,
        Kind::Names => DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8)),
        Kind::Time => DataType::Timestamp(TimeUnit::Nanosecond, Some(UTC.into())),
        Kind::Flag => DataType::Boolean,
    }
}

fn building(kind: Kind) -> Building {
    match kind {
        Kind::Whole => Building::Whole(Int64Builder::new()),
        Kind::Decimal(scale) => {
            let builder = Decimal128Builder::new().with_data_type(data_type(kind));
            Building::Decimal(builder, scale)
        }
        Kind::Text | Kind::Json => Building::Text(StringBuilder::new()),
        Kind::Names => Building::Names(StringDictionaryBuilder::new()),
        Kind::Time => Building::Time(TimestampNanosecondBuilder::new().with_timezone(UTC)),
        Kind::Flag => Building::Flag(BooleanBuilder::new()),
    }
}

/// Adds a value and says how many bytes of text it took. A value that is not of the column's kind is
/// left out.
fn append(column: &mut Building, value: &Value<'_>) -> Result<usize, Error> {
    match column {
        Building::Whole(builder) => builder.append_option(match value {
            Value::Whole(number) => Some(*number),
            Value::Number(text) => text.parse().ok(),
            _ => None,
        }),
        Building::Decimal(builder, scale) => builder.append_option(match value {
            Value::Whole(number) => units(Decimal::whole(*number), *scale),
            Value::Number(text) => Decimal::parse(text).and_then(|exact| units(exact, *scale)),
            _ => None,
        }),
        Building::Time(builder) => builder.append_option(match value {
            Value::Time(time, _) => Some(time.0),
            _ => None,
        }),
        Building::Flag(builder) => builder.append_option(match value {
            Value::Flag(is_so) => Some(*is_so),
            _ => None,
        }),
        Building::Text(builder) => {
            let text = value.written(crate::event::Zone::Utc);
            builder.append_option(text.as_deref());
            return Ok(text.map_or(0, |text| text.len()));
        }
        Building::Names(builder) => match value.written(crate::event::Zone::Utc) {
            Some(text) => {
                builder.append(text.as_ref())?;
            }
            None => builder.append_null(),
        },
    }
    Ok(0)
}

fn units(exact: Decimal, scale: i8) -> Option<i128> {
    exact.units(u32::try_from(scale).ok()?)
}

fn finished(column: &mut Building) -> ArrayRef {
    match column {
        Building::Whole(builder) => ArrayBuilder::finish(builder),
        Building::Decimal(builder, _) => ArrayBuilder::finish(builder),
        Building::Text(builder) => ArrayBuilder::finish(builder),
        Building::Names(builder) => ArrayBuilder::finish(builder),
        Building::Time(builder) => ArrayBuilder::finish(builder),
        Building::Flag(builder) => ArrayBuilder::finish(builder),
    }
}
