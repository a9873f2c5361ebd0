//! Tables in Parquet, row by row; nested columns become objects and arrays again.
//!
//! The footer's length is checked before the library takes memory for it. Should the library stop over
//! what a damaged file says, the rows before that stay.

use std::io::{self, Read};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parquet::data_type::Decimal;
use parquet::errors::ParquetError;
use parquet::file::reader::{ChunkReader, FileReader as _, Length};
use parquet::file::serialized_reader::SerializedFileReader;
use parquet::record::reader::RowIter;
use parquet::record::{Field, Row};

use super::{Lines, Turner, shapes};
use crate::event::{TimeUnit, Timestamp};
use crate::source::bytes::{Bytes, Stream};
use crate::source::error::Error;

/// The longest footer.
const MAX_FOOTER: u64 = 256 << 20;
/// The most that is read at once.
const MAX_READ: usize = 1 << 30;
/// How many rows are written at a time.
const ROWS_AT_ONCE: usize = 256;

/// Rows on their way.
pub(super) struct Parquet {
    rows: RowIter<'static>,
    n_expected: u64,
    n_read: u64,
}

/// The file as the library reads it.
struct Chunks {
    bytes: Bytes,
    len: u64,
    /// How much was read.
    place: Arc<AtomicU64>,
}

impl Length for Chunks {
    fn len(&self) -> u64 {
        self.len
    }
}

impl ChunkReader for Chunks {
    type T = Stream;

    fn get_read(&self, start: u64) -> Result<Stream, ParquetError> {
        Ok(Stream::from(self.bytes.clone(), start))
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<bytes::Bytes, ParquetError> {
        let fits = start
            .checked_add(length as u64)
            .is_some_and(|end| end <= self.len);
        if !fits || length > MAX_READ {
            return Err(ParquetError::EOF(
                "what is to be read lies outside of the file".to_owned(),
            ));
        }
        let mut buffer = Vec::with_capacity(length);
        let mut part = self.get_read(start)?.take(length as u64);
        part.read_to_end(&mut buffer)
            .map_err(|error| ParquetError::External(Box::new(error)))?;
        self.place.fetch_add(buffer.len() as u64, Ordering::Relaxed);
        if buffer.len() < length {
            return Err(ParquetError::EOF(
                "the file ends before what is to be read".to_owned(),
            ));
        }
        Ok(buffer.into())
    }
}

fn refused(what: impl std::fmt::Display) -> Error {
    Error::Unsupported(format!("this Parquet file cannot be read: {what}"))
}

impl Parquet {
    /// Reads the footer.
    pub(super) fn open(bytes: Bytes, place: Arc<AtomicU64>) -> Result<Self, Error> {
        let len = match &bytes {
            // The footer is at the end: a stream must have come there.
            Bytes::Spool(spool) => {
                spool
                    .fill_to(u64::MAX)
                    .map_err(Error::io("read the file"))?;
                spool.len()
            }
            other => other.len().map_err(Error::io("look at the file"))?,
        };
        let mut tail = [0; 8];
        let at = len.checked_sub(12).map_or(0, |at| at + 4);
        let count = bytes
            .read_at(&mut tail, at)
            .map_err(Error::io("read the file"))?;
        let [a, b, c, d, mark @ ..] = tail;
        if count < 8 || mark != *b"PAR1" {
            return Err(refused("it is cut off, for its footer is missing"));
        }
        let footer = u64::from(u32::from_le_bytes([a, b, c, d]));
        if footer + 12 > len || footer > MAX_FOOTER {
            return Err(refused(format_args!(
                "its footer says to be {footer} bytes long, and the file has {len}"
            )));
        }
        let chunks = Chunks { bytes, len, place };
        let opened = caught(|| {
            let reader = SerializedFileReader::new(chunks)?;
            let n_rows = reader.metadata().file_metadata().num_rows();
            Ok((RowIter::from_file_into(Box::new(reader)), n_rows))
        });
        let (rows, n_rows) = opened.map_err(refused)?;
        Ok(Self {
            rows,
            n_expected: u64::try_from(n_rows).unwrap_or_default(),
            n_read: 0,
        })
    }
}

/// What the library gives; where it stops by itself, a sentence.
fn caught<T>(read: impl FnOnce() -> Result<T, ParquetError>) -> Result<T, String> {
    match catch_unwind(AssertUnwindSafe(read)) {
        Ok(read) => read.map_err(|error| error.to_string()),
        Err(_) => Err("it is damaged".to_owned()),
    }
}

impl Turner for Parquet {
    fn turn(&mut self, lines: &mut Lines) -> io::Result<bool> {
        for _ in 0..ROWS_AT_ONCE {
            let row = match caught(|| self.rows.next().transpose()) {
                Ok(Some(row)) => row,
                Ok(None) => {
                    let n_lost = self.n_expected.saturating_sub(self.n_read);
                    if n_lost > 0 {
                        let message = format!("the file has {n_lost} rows less than it says");
                        lines.lost_many(n_lost, "rows-missing", "end of the file", message);
                    }
                    return Ok(false);
                }
                Err(why) => {
                    let n_lost = self.n_expected.saturating_sub(self.n_read).max(1);
                    let message = format!(
                        "a part of the file cannot be read ({why}); what came before is read"
                    );
                    lines.lost_many(n_lost, "damaged-parquet", "the whole input", message);
                    return Ok(false);
                }
            };
            self.n_read += 1;
            write_row(&row, lines);
            lines.end();
        }
        Ok(true)
    }
}

fn write_row(row: &Row, lines: &mut Lines) {
    lines.raw(b"{");
    for (name, field) in row.get_column_iter() {
        lines.key(name.as_bytes());
        write(field, lines);
    }
    lines.raw(b"}");
}

fn write(field: &Field, lines: &mut Lines) {
    match field {
        Field::Null => lines.raw(b"null"),
        Field::Str(text) => lines.quoted(text.as_bytes()),
        Field::Bytes(bytes) => write_bytes(bytes.data(), lines),
        Field::TimestampMillis(time) => write_time(*time, TimeUnit::Ms, 3, lines),
        Field::TimestampMicros(time) => write_time(*time, TimeUnit::Us, 6, lines),
        Field::Date(days) => write_time(i64::from(*days) * 86_400, TimeUnit::S, 0, lines),
        Field::Float16(number) => write_real(f64::from(*number), lines),
        Field::Float(number) => lines.real(&format!("{number:?}"), number.is_finite()),
        Field::Double(number) => write_real(*number, lines),
        Field::Decimal(decimal) => write_decimal(decimal, lines),
        Field::Group(row) => write_row(row, lines),
        Field::ListInternal(list) => {
            lines.raw(b"[");
            for (n, element) in list.elements().iter().enumerate() {
                if n > 0 {
                    lines.raw(b",");
                }
                write(element, lines);
            }
            lines.raw(b"]");
        }
        Field::MapInternal(map) => {
            lines.raw(b"{");
            for (key, value) in map.entries() {
                match key {
                    Field::Str(key) => lines.key(key.as_bytes()),
                    other => lines.key(other.to_string().as_bytes()),
                }
                write(value, lines);
            }
            lines.raw(b"}");
        }
        // Whole numbers, truth values and times of the day print as what they are.
        Field::TimeMillis(number) => lines.raw(number.to_string().as_bytes()),
        Field::TimeMicros(number) => lines.raw(number.to_string().as_bytes()),
        other => lines.raw(other.to_string().as_bytes()),
    }
}

fn write_real(number: f64, lines: &mut Lines) {
    lines.real(&format!("{number:?}"), number.is_finite());
}

fn write_bytes(bytes: &[u8], lines: &mut Lines) {
    match shapes::mongo::uuid(bytes).filter(|_| std::str::from_utf8(bytes).is_err()) {
        Some(uuid) => lines.quoted(uuid.as_bytes()),
        None => lines.bytes(bytes),
    }
}

fn write_time(number: i64, unit: TimeUnit, digits: u8, lines: &mut Lines) {
    match Timestamp::from_number(number, unit) {
        Some(read) => lines.quoted(read.time.rfc3339(digits).as_bytes()),
        None => lines.raw(number.to_string().as_bytes()),
    }
}

/// A decimal number with all its digits.
fn write_decimal(decimal: &Decimal, lines: &mut Lines) {
    let bytes = decimal.data();
    let Some(first) = bytes.first().filter(|_| bytes.len() <= 16) else {
        return lines.binary(bytes);
    };
    let start = if first & 0x80 == 0 { 0 } else { -1_i128 };
    let number = bytes
        .iter()
        .fold(start, |sum, byte| sum << 8 | i128::from(*byte));
    let mut digits = number.unsigned_abs().to_string();
    let scale = usize::try_from(decimal.scale())
        .unwrap_or_default()
        .min(100);
    if scale > 0 {
        while digits.len() <= scale {
            digits.insert(0, '0');
        }
        digits.insert(digits.len() - scale, '.');
    }
    if number < 0 {
        digits.insert(0, '-');
    }
    lines.raw(digits.as_bytes());
}
