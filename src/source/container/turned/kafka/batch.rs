//! Batches of records as they lie in a segment, format 2. A decoder of our own: counts are checked
//! against the bytes there are before anything is taken for them.

use super::crc::crc32c;
use crate::source::varint::{take, zigzag};

/// The bytes before the records.
pub(super) const HEADER: usize = 61;
/// The bytes that the length does not count.
pub(super) const BEFORE_LENGTH: usize = 12;
/// The longest batch that is read.
pub(super) const MAX_BATCH: usize = 128 << 20;

/// What stands before the records of a batch.
#[derive(Clone, Copy, Debug)]
pub(super) struct Header {
    pub(super) base_offset: i64,
    /// The length of the whole batch.
    pub(super) size: usize,
    pub(super) crc: u32,
    attributes: u16,
    base_timestamp: i64,
    max_timestamp: i64,
    pub(super) producer: i64,
    pub(super) count: i32,
}

impl Header {
    /// Reads a header; `None` where it is none.
    pub(super) fn read(bytes: &[u8]) -> Option<Self> {
        let bytes = bytes.get(..HEADER)?;
        let long = |at: usize| Some(i64::from_be_bytes(bytes.get(at..at + 8)?.try_into().ok()?));
        let int = |at: usize| Some(i32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?));
        let length = usize::try_from(int(8)?).ok()?;
        let attributes = bytes.get(21..23)?.try_into().ok()?;
        let header = Self {
            base_offset: long(0)?,
            size: length.checked_add(BEFORE_LENGTH)?,
            crc: u32::from_be_bytes(bytes.get(17..21)?.try_into().ok()?),
            attributes: u16::from_be_bytes(attributes),
            base_timestamp: long(27)?,
            max_timestamp: long(35)?,
            producer: long(43)?,
            count: int(57)?,
        };
        let fits = bytes.get(16) == Some(&2)
            && header.base_offset >= 0
            && (HEADER..=MAX_BATCH).contains(&header.size)
            && header.count >= 0
            && header.attributes & 7 <= 4;
        fits.then_some(header)
    }

    pub(super) fn codec(&self) -> u8 {
        u8::try_from(self.attributes & 7).unwrap_or_default()
    }

    pub(super) fn is_append_time(&self) -> bool {
        self.attributes & 8 != 0
    }

    pub(super) fn is_transactional(&self) -> bool {
        self.attributes & 16 != 0
    }

    pub(super) fn is_control(&self) -> bool {
        self.attributes & 32 != 0
    }

    /// Whether the whole batch is as it was written.
    pub(super) fn is_whole(&self, batch: &[u8]) -> bool {
        batch.len() == self.size && batch.get(21..).is_some_and(|rest| crc32c(rest) == self.crc)
    }
}

/// A record.
pub(super) struct Record<'a> {
    pub(super) offset: i64,
    pub(super) timestamp: i64,
    pub(super) key: Option<&'a [u8]>,
    pub(super) value: Option<&'a [u8]>,
    pub(super) headers: Vec<(&'a [u8], Option<&'a [u8]>)>,
}

/// Reads the records of a batch one after another.
pub(super) struct Records<'a> {
    header: Header,
    bytes: &'a [u8],
}

impl<'a> Records<'a> {
    /// The records, unpacked.
    pub(super) fn new(header: Header, bytes: &'a [u8]) -> Self {
        Self { header, bytes }
    }

    /// How many bytes are left.
    pub(super) fn n_left(&self) -> u64 {
        self.bytes.len() as u64
    }

    /// The next record; `None` where there is none that is whole.
    pub(super) fn next(&mut self) -> Option<Record<'a>> {
        let length = usize::try_from(zigzag(&mut self.bytes)?).ok()?;
        let (mut record, rest) = self.bytes.split_at_checked(length)?;
        self.bytes = rest;
        let record = &mut record;
        take(record, 1)?;
        let timestamp = zigzag(record)?;
        let offset = zigzag(record)?;
        let Bytes(key) = bytes(record)?;
        let Bytes(value) = bytes(record)?;
        let count = usize::try_from(zigzag(record)?).ok()?;
        // A header has two lengths at least.
        if count > record.len() / 2 {
            return None;
        }
        let mut headers = Vec::with_capacity(count);
        for _ in 0..count {
            let Bytes(name) = bytes(record)?;
            let Bytes(value) = bytes(record)?;
            headers.push((name?, value));
        }
        let timestamp = if self.header.is_append_time() {
            self.header.max_timestamp
        } else {
            self.header.base_timestamp.checked_add(timestamp)?
        };
        Some(Record {
            offset: self.header.base_offset.checked_add(offset)?,
            timestamp,
            key,
            value,
            headers,
        })
    }
}

/// Bytes that may not be there.
struct Bytes<'a>(Option<&'a [u8]>);

/// Bytes with their length before them; -1 is for none.
fn bytes<'a>(from: &mut &'a [u8]) -> Option<Bytes<'a>> {
    match zigzag(from)? {
        -1 => Some(Bytes(None)),
        length => Some(Bytes(Some(take(from, usize::try_from(length).ok()?)?))),
    }
}
