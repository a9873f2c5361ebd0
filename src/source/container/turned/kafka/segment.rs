//! Segment files: the log of a partition as the broker keeps it.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;

use super::batch::{HEADER, Header, Record, Records};
use super::codec::unpack;
use super::{Message, topic_of};
use crate::source::bytes::Bytes;
use crate::source::container::input::Input;
use crate::source::container::turned::{Lines, Turner};

/// The most transactions that are kept in mind.
const MAX_TRANSACTIONS: usize = 1 << 20;
/// How far a new beginning is looked for behind damage.
const MAX_SEARCH: usize = 64 << 20;

/// Whether bytes begin as a segment does; the error says what is known and not read.
pub(in crate::source) fn recognize(head: &[u8], len: u64) -> Option<Result<(), &'static str>> {
    if let Some(header) = Header::read(head) {
        return match head.get(..header.size) {
            Some(batch) => {
                (header.is_whole(batch) || next_fits(head, header.size)).then_some(Ok(()))
            }
            None => (header.size as u64 <= len || header.base_offset == 0).then_some(Ok(())),
        };
    }
    is_old(head).then_some(Err(
        "a segment of Kafka in the old message format; print it with kafka-dump-log --print-data-log and open that",
    ))
}

fn next_fits(head: &[u8], at: usize) -> bool {
    head.get(at..)
        .is_some_and(|rest| rest.is_empty() || Header::read(rest).is_some())
}

/// Whether there is a message of format 0 or 1, which ends in a sum of its own.
fn is_old(head: &[u8]) -> bool {
    let long = head
        .get(..8)
        .and_then(|bytes| bytes.try_into().ok())
        .map(i64::from_be_bytes);
    let size = head
        .get(8..12)
        .and_then(|bytes| bytes.try_into().ok())
        .map(i32::from_be_bytes);
    let crc = head
        .get(12..16)
        .and_then(|bytes| bytes.try_into().ok())
        .map(u32::from_be_bytes);
    let size = size
        .and_then(|size| usize::try_from(size).ok())
        .filter(|size| *size >= 14);
    let message = size.and_then(|size| head.get(16..12 + size));
    let sum = message.map(|message| {
        let mut sum = flate2::Crc::new();
        sum.update(message);
        sum.sum()
    });
    long.is_some_and(|offset| offset >= 0)
        && matches!(head.get(16), Some(0 | 1))
        && sum.is_some()
        && sum == crc
}

/// Batches on their way.
pub(in super::super) struct Segment {
    input: Input,
    bytes: Bytes,
    topic: Option<String>,
    partition: Option<i64>,
    /// For each producer, the offsets of what it gave up: from, and the marker.
    aborted: Option<BTreeMap<i64, Vec<(i64, i64)>>>,
    n_aborted: u64,
}

impl Segment {
    pub(in super::super) fn new(input: Input, bytes: Bytes, path: Option<&Path>) -> Self {
        let folder = path.and_then(Path::parent).and_then(Path::file_name);
        let named = folder.and_then(|name| topic_of(&name.to_string_lossy()));
        Self {
            input,
            bytes,
            topic: named.as_ref().map(|(topic, _)| topic.clone()),
            partition: named.map(|(_, partition)| partition),
            aborted: None,
            n_aborted: 0,
        }
    }

    /// Walks over the headers to learn which transactions were given up: the marker comes after the
    /// records.
    fn find_aborted(&self) -> io::Result<BTreeMap<i64, Vec<(i64, i64)>>> {
        let (mut open, mut aborted) = (BTreeMap::new(), BTreeMap::<i64, Vec<_>>::new());
        let (mut at, mut n_found) = (0, 0);
        let mut buffer = [0; HEADER + 64];
        loop {
            let count = self.bytes.read_at(&mut buffer, at)?;
            let read = buffer.get(..count).unwrap_or_default();
            let Some(header) = Header::read(read) else {
                return Ok(aborted);
            };
            if header.is_control() {
                let start = open.remove(&header.producer).unwrap_or(header.base_offset);
                let records = read
                    .get(HEADER..header.size.min(read.len()))
                    .unwrap_or_default();
                let marker = Records::new(header, records).next();
                // A marker's key: its version and its kind, 0 being for given up.
                if marker.and_then(|marker| marker.key?.get(2..4)) == Some(&[0, 0])
                    && n_found < MAX_TRANSACTIONS
                {
                    n_found += 1;
                    aborted
                        .entry(header.producer)
                        .or_default()
                        .push((start, header.base_offset));
                }
            } else if header.is_transactional() && open.len() < MAX_TRANSACTIONS {
                open.entry(header.producer).or_insert(header.base_offset);
            }
            at += header.size as u64;
        }
    }

    fn is_aborted(&self, header: &Header) -> bool {
        let of = self
            .aborted
            .as_ref()
            .and_then(|all| all.get(&header.producer));
        header.is_transactional()
            && of.is_some_and(|spans| {
                let before = spans.partition_point(|(_, marker)| *marker < header.base_offset);
                spans
                    .get(before)
                    .is_some_and(|(from, _)| *from <= header.base_offset)
            })
    }

    fn batch(&mut self, header: Header, lines: &mut Lines) {
        if header.is_control() {
            return;
        }
        let count = u64::try_from(header.count).unwrap_or_default();
        if self.is_aborted(&header) {
            self.n_aborted += count;
            return;
        }
        let batch = self.input.rest().get(..header.size).unwrap_or_default();
        let packed = batch.get(HEADER..).unwrap_or_default();
        let lost = |n: u64, what: &str, lines: &mut Lines| {
            let message = format!(
                "{n} records of the batch at offset {}: {what}",
                header.base_offset
            );
            lines.lost_many(n, "damaged-batch", "a batch", message);
        };
        if !header.is_whole(batch) {
            // A count that the bytes cannot hold says nothing.
            let n_lost = count.min(packed.len() as u64 / 7).max(1);
            return lost(n_lost, "its checksum does not fit", lines);
        }
        let unpacked = match header.codec() {
            0 => None,
            codec => match unpack(codec, packed) {
                Some(records) => Some(records),
                None => {
                    return lost(
                        count.max(1),
                        "it cannot be unpacked, or is too large",
                        lines,
                    );
                }
            },
        };
        let mut records = Records::new(header, unpacked.as_deref().unwrap_or(packed));
        for n in 0..count {
            let Some(record) = records.next() else {
                let left = (count - n).min(records.n_left() / 7 + 1);
                return lost(left, "lengths do not fit", lines);
            };
            self.write(&header, record, lines);
        }
    }

    fn write(&self, header: &Header, record: Record<'_>, lines: &mut Lines) {
        let kind = if header.is_append_time() {
            "LogAppendTime"
        } else {
            "CreateTime"
        };
        Message {
            topic: self.topic.as_deref(),
            partition: self.partition,
            offset: Some(record.offset),
            // -1 says that there is none.
            timestamp: Some(record.timestamp).filter(|time| *time >= 0),
            timestamp_type: kind,
            key: record.key,
            value: record.value,
            headers: record.headers,
        }
        .write(lines);
    }

    /// Behind damage: goes on to the next batch that is whole; `false` where there is none.
    fn search(&mut self, n_lost: u64, lines: &mut Lines) -> io::Result<bool> {
        let from = self.input.offset();
        let mut searched = 0;
        while self.input.need(HEADER)? && searched < MAX_SEARCH {
            let rest = self.input.rest();
            // The sixteenth byte says the format: only there can a batch begin.
            let next = memchr::memchr(2, rest.get(17..).unwrap_or_default()).map(|at| at + 1);
            let step = next.unwrap_or_else(|| rest.len().saturating_sub(16).max(1));
            self.input.skip(step);
            searched += step;
            let Some(header) = Header::read(self.input.rest()) else {
                continue;
            };
            if self.input.need(header.size)?
                && self
                    .input
                    .rest()
                    .get(..header.size)
                    .is_some_and(|batch| header.is_whole(batch))
            {
                let message = format!("bytes {from} to {} are no batches", self.input.offset());
                lines.lost_many(n_lost, "damaged-batch", "a batch", message);
                return Ok(true);
            }
        }
        let message =
            format!("there are no whole batches from byte {from} on; what came before is read");
        lines.lost_many(n_lost, "damaged-batch", "end of the file", message);
        Ok(false)
    }

    /// Whether only zeros are left, as the broker writes them in advance.
    fn is_blank(&mut self) -> io::Result<bool> {
        loop {
            let rest = self.input.rest();
            if rest.iter().any(|byte| *byte != 0) {
                return Ok(false);
            }
            if rest.len() > 1 << 20 {
                // The rest of a file of zeros need not be read to its end.
                return Ok(true);
            }
            if !self.input.more()? {
                return Ok(true);
            }
        }
    }

    fn end(&mut self, lines: &mut Lines) {
        let n_aborted = std::mem::take(&mut self.n_aborted);
        if n_aborted > 0 {
            let message = format!(
                "{n_aborted} records are of transactions that were given up; they are left out"
            );
            lines.broken("aborted-transactions", "the whole input", message);
        }
    }
}

impl Turner for Segment {
    fn turn(&mut self, lines: &mut Lines) -> io::Result<bool> {
        if self.aborted.is_none() {
            self.aborted = Some(self.find_aborted()?);
        }
        if !self.input.need(1)? {
            self.end(lines);
            return Ok(false);
        }
        self.input.need(HEADER)?;
        let Some(header) = Header::read(self.input.rest()) else {
            let goes_on = if self.is_blank()? {
                false
            } else if self.input.rest().len() < HEADER {
                lines.lost_many(
                    1,
                    "cut-off-batch",
                    "end of the file",
                    "the file ends inside a batch".to_owned(),
                );
                false
            } else {
                self.search(1, lines)?
            };
            if !goes_on {
                self.end(lines);
            }
            return Ok(goes_on);
        };
        if !self.input.need(header.size)? {
            // The file was cut off, or the length is wrong: then there are batches behind.
            let count = u64::try_from(header.count).unwrap_or_default();
            let goes_on = self.search(count.min(header.size as u64 / 7).max(1), lines)?;
            if !goes_on {
                self.end(lines);
            }
            return Ok(goes_on);
        }
        self.batch(header, lines);
        self.input.skip(header.size);
        Ok(true)
    }
}
