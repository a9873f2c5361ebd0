//! Files of Avro: the schema first, then blocks of records. A record is a line; a damaged block is passed
//! over, for each ends in the same mark.

use std::io::{self, Read as _};

use super::{Lines, Turner};
use crate::source::container::input::Input;
use crate::source::schemas::avro::Schema;

/// How the file begins.
const MAGIC: &[u8] = b"Obj\x01";
/// The longest value of the header.
const MAX_VALUE: usize = 16 << 20;
/// The most values in the header.
const MAX_VALUES: usize = 1000;
/// The longest block, packed or not.
const MAX_BLOCK: usize = 64 << 20;

/// How blocks are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Codec {
    Null,
    Deflate,
    Snappy,
    Zstandard,
}

/// Records on their way.
pub(super) struct Avro {
    input: Input,
    /// What the header says, once it was read.
    header: Option<Header>,
}

struct Header {
    schema: Schema,
    codec: Codec,
    mark: Vec<u8>,
}

/// Whether a file begins so.
pub(super) fn is_avro(head: &[u8]) -> bool {
    head.starts_with(MAGIC)
}

/// A whole number at the beginning of some bytes, and how many of them it takes.
fn long(bytes: &[u8]) -> Option<(i64, usize)> {
    let mut raw = 0_u64;
    for (n, byte) in bytes.iter().take(10).enumerate() {
        raw |= u64::from(byte & 0x7f) << (7 * n).min(63);
        if byte & 0x80 == 0 {
            return Some(((raw >> 1).cast_signed() ^ -(raw & 1).cast_signed(), n + 1));
        }
    }
    None
}

/// What is wrong with a file.
enum Fault {
    Io(io::Error),
    Damaged(String),
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

fn damaged<T>(what: &str) -> Result<T, Fault> {
    Err(Fault::Damaged(what.to_owned()))
}

impl Avro {
    pub(super) fn new(input: Input) -> Self {
        Self {
            input,
            header: None,
        }
    }

    fn long(&mut self) -> Result<i64, Fault> {
        self.input.need(10)?;
        let Some((number, count)) = long(self.input.rest()) else {
            return damaged("a number does not end");
        };
        self.input.skip(count);
        Ok(number)
    }

    fn take(&mut self, count: usize) -> Result<Vec<u8>, Fault> {
        if !self.input.need(count)? {
            return damaged("the file ends too early");
        }
        let taken = self.input.rest().get(..count).unwrap_or_default().to_vec();
        self.input.skip(count);
        Ok(taken)
    }

    fn sized(&mut self, limit: usize) -> Result<Vec<u8>, Fault> {
        let count = usize::try_from(self.long()?)
            .ok()
            .filter(|count| *count <= limit);
        let Some(count) = count else {
            return damaged("a length is beyond reason");
        };
        self.take(count)
    }

    fn header(&mut self) -> Result<Header, Fault> {
        self.take(MAGIC.len())?;
        let (mut schema, mut codec, mut n_values) = (None, b"null".to_vec(), 0);
        loop {
            let count = self.long()?;
            if count == 0 {
                break;
            }
            if count < 0 {
                self.long()?;
            }
            for _ in 0..count.unsigned_abs() {
                n_values += 1;
                if n_values > MAX_VALUES {
                    return damaged("its header has too many values");
                }
                let key = self.sized(1 << 16)?;
                let value = self.sized(MAX_VALUE)?;
                match key.as_slice() {
                    b"avro.schema" => schema = Some(value),
                    b"avro.codec" => codec = value,
                    _ => {}
                }
            }
        }
        let codec = match codec.as_slice() {
            b"null" | b"" => Codec::Null,
            b"deflate" => Codec::Deflate,
            b"snappy" => Codec::Snappy,
            b"zstandard" => Codec::Zstandard,
            other => {
                let name = String::from_utf8_lossy(other);
                return damaged(&format!(
                    "its blocks are packed by {name}, which is not read"
                ));
            }
        };
        let Some(schema) = schema else {
            return damaged("its header has no schema");
        };
        Ok(Header {
            schema: Schema::parse(&schema).map_err(Fault::Damaged)?,
            codec,
            mark: self.take(16)?,
        })
    }

    /// Reads a block; `false` at the end.
    fn block(&mut self, lines: &mut Lines) -> Result<bool, Fault> {
        if !self.input.need(1)? {
            return Ok(false);
        }
        let count = u64::try_from(self.long()?).unwrap_or(u64::MAX);
        let block = self.sized(MAX_BLOCK)?;
        let mark = self.take(16)?;
        let Some(header) = &self.header else {
            return Ok(false);
        };
        if mark != header.mark {
            return damaged("a block does not end in the mark of the file");
        }
        // A record may take no bytes at all, but not all of many.
        if count > block.len() as u64 * 8 * 1024 + 1024 {
            lines.lost_many(
                1,
                "damaged-block",
                "a block",
                format!("a block says to hold {count} records, which its bytes cannot"),
            );
            return Ok(true);
        }
        let Some(data) = unpacked(header.codec, &block) else {
            lines.lost_many(
                count,
                "damaged-block",
                "a block",
                "a block cannot be unpacked; its records were left out".to_owned(),
            );
            return Ok(true);
        };
        let (mut rest, mut text) = (data.as_slice(), String::new());
        for n in 0..count {
            text.clear();
            let Some(after) = header.schema.read(rest, &mut text) else {
                lines.lost_many(
                    count - n,
                    "damaged-block",
                    "a block",
                    "a record does not fit the schema; it and the rest of its block were left out"
                        .to_owned(),
                );
                return Ok(true);
            };
            rest = after;
            if text.starts_with('{') {
                lines.raw(text.as_bytes());
            } else {
                lines.raw(b"{\"value\":");
                lines.raw(text.as_bytes());
                lines.raw(b"}");
            }
            lines.end();
        }
        Ok(true)
    }
}

/// A block as it was before it was packed; at most so long.
fn unpacked(codec: Codec, block: &[u8]) -> Option<Vec<u8>> {
    let limit = MAX_BLOCK as u64;
    let read = |reader: &mut dyn io::Read| {
        let mut out = Vec::new();
        let count = reader.take(limit + 1).read_to_end(&mut out).ok()?;
        (count as u64 <= limit).then_some(out)
    };
    match codec {
        Codec::Null => Some(block.to_vec()),
        Codec::Deflate => read(&mut flate2::read::DeflateDecoder::new(block)),
        Codec::Snappy => {
            // Behind the data stands a checksum.
            let data = block.get(..block.len().checked_sub(4)?)?;
            let len = snap::raw::decompress_len(data).ok()?;
            if len > MAX_BLOCK {
                return None;
            }
            snap::raw::Decoder::new().decompress_vec(data).ok()
        }
        Codec::Zstandard => {
            let mut decoder = zstd::Decoder::new(block).ok()?;
            decoder.window_log_max(27).ok()?;
            read(&mut decoder)
        }
    }
}

impl Turner for Avro {
    fn turn(&mut self, lines: &mut Lines) -> io::Result<bool> {
        let turned = if self.header.is_none() {
            self.header().map(|header| {
                self.header = Some(header);
                true
            })
        } else {
            self.block(lines)
        };
        match turned {
            Ok(goes_on) => Ok(goes_on),
            Err(Fault::Io(error)) => Err(error),
            Err(Fault::Damaged(what)) => {
                let message =
                    format!("the file of Avro cannot be read on: {what}; what came before is read");
                lines.broken("damaged-avro", "the whole input", message);
                Ok(false)
            }
        }
    }
}
