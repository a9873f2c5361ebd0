//! Chunk files of EventStoreDB and KurrentDB: what a backup of the server is made of.
//!
//! An event is a prepare record; it counts where it says that it is committed, or where a commit record
//! follows that names its transaction. Streams that begin with `$` are the server's own: they are left
//! out, and their number is told.

use std::collections::BTreeMap;
use std::io;

use super::shapes::mongo;
use super::{Lines, Turner};
use crate::source::container::input::Input;

/// The header and the footer of a chunk.
const HEADER: usize = 128;
/// The longest record.
const MAX_RECORD: usize = (16 << 20) + (1 << 16);
/// How much may wait for a commit.
const MAX_WAITING: usize = 64 << 20;

const IS_DATA: u16 = 1;
const IS_DELETE: u16 = 8;
const IS_COMMITTED: u16 = 0x20;
const IS_JSON: u16 = 0x100;
const IS_REDACTED: u16 = 0x200;

/// Whether bytes begin as a chunk does; the error says what is known and not read.
pub(in crate::source) fn recognize(head: &[u8]) -> Option<Result<(), &'static str>> {
    let header = head.get(..HEADER)?;
    let number = |at: usize| Some(i32::from_le_bytes(header.get(at..at + 4)?.try_into().ok()?));
    let (size, start, end, scavenged) = (number(2)?, number(6)?, number(10)?, number(14)?);
    let fits = header.first() == Some(&2)
        && matches!(header.get(1), Some(1..=4))
        && size >= 1 << 12
        && (size & (size - 1)) == 0
        && start >= 0
        && end >= start
        && matches!(scavenged, 0 | 1)
        && header.get(36..)?.iter().all(|byte| *byte == 0);
    if !fits {
        return None;
    }
    match header.get(34..36)? {
        [4, transform] if *transform != 0 => Some(Err(
            "an encrypted chunk of EventStoreDB, which cannot be read without the server's key",
        )),
        _ => Some(Ok(())),
    }
}

/// Records on their way.
pub(super) struct Chunk {
    input: Input,
    has_begun: bool,
    /// Prepares by the transaction that they wait for.
    waiting: BTreeMap<i64, Vec<Prepare>>,
    n_bytes_waiting: usize,
    n_system: u64,
}

struct Prepare {
    log_position: i64,
    offset: i32,
    expected: i64,
    flags: u16,
    ticks: i64,
    stream: Vec<u8>,
    event_type: Vec<u8>,
    id: [u8; 16],
    data: Vec<u8>,
    metadata: Vec<u8>,
}

impl Prepare {
    fn size(&self) -> usize {
        200 + self.stream.len() + self.event_type.len() + self.data.len() + self.metadata.len()
    }
}

/// What is left of a record.
struct Take<'a>(&'a [u8]);

impl<'a> Take<'a> {
    fn bytes(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.bytes(N)?.try_into().ok()
    }

    fn long(&mut self) -> Option<i64> {
        Some(i64::from_le_bytes(self.array()?))
    }

    /// A version: 32 bits in old records.
    fn version(&mut self, record: u8) -> Option<i64> {
        if record == 0 {
            let short = i64::from(i32::from_le_bytes(self.array()?));
            // What meant "deleted" meant it by the largest number.
            return Some(if short == i64::from(i32::MAX) {
                i64::MAX
            } else {
                short
            });
        }
        self.long()
    }

    /// A text whose length stands before it, seven bits a byte.
    fn text(&mut self) -> Option<&'a [u8]> {
        let mut length = 0_usize;
        for shift in [0, 7, 14, 21] {
            let [byte] = self.array()?;
            length |= usize::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return self.bytes(length);
            }
        }
        None
    }

    fn blob(&mut self) -> Option<&'a [u8]> {
        let length = usize::try_from(i32::from_le_bytes(self.array()?)).ok()?;
        self.bytes(length)
    }
}

impl Chunk {
    pub(super) fn new(input: Input) -> Self {
        Self {
            input,
            has_begun: false,
            waiting: BTreeMap::new(),
            n_bytes_waiting: 0,
            n_system: 0,
        }
    }

    /// The end of the records: of the file, of what was written, or damage.
    fn end(&self, lines: &mut Lines) {
        let n_waiting: usize = self.waiting.values().map(Vec::len).sum();
        if n_waiting > 0 {
            lines.lost_many(
                n_waiting as u64,
                "never-committed",
                "end of the file",
                "these events were written and never committed in this file".to_owned(),
            );
        }
        if self.n_system > 0 {
            let message = format!(
                "{} records are of the server's own streams, whose names begin with $; they are left out",
                self.n_system
            );
            lines.broken("system-events", "the whole input", message);
        }
    }

    fn record(&mut self, body: &[u8], lines: &mut Lines) -> Option<()> {
        let mut take = Take(body);
        let [kind, version] = take.array()?;
        let position = take.long()?;
        match kind {
            0 => {
                let prepare = prepare(&mut take, version, position)?;
                self.prepared(prepare, lines);
            }
            1 => {
                let transaction = take.long()?;
                let first = take.version(version)?;
                self.committed(transaction, first, position, lines);
            }
            2 => {}
            _ => return None,
        }
        Some(())
    }

    fn prepared(&mut self, (transaction, prepare): (i64, Prepare), lines: &mut Lines) {
        if prepare.flags & (IS_DATA | IS_DELETE) == 0 {
            return;
        }
        if prepare.flags & IS_COMMITTED != 0 {
            let number = prepare.expected.checked_add(1);
            return self.write(&prepare, number, prepare.log_position, lines);
        }
        self.n_bytes_waiting += prepare.size();
        if self.n_bytes_waiting > MAX_WAITING {
            self.n_bytes_waiting -= prepare.size();
            let message = "too many events wait for being committed; this one is left out";
            return lines.lost("never-committed", message);
        }
        self.waiting.entry(transaction).or_default().push(prepare);
    }

    fn committed(&mut self, transaction: i64, first: i64, position: i64, lines: &mut Lines) {
        for prepare in self.waiting.remove(&transaction).unwrap_or_default() {
            self.n_bytes_waiting -= prepare.size();
            let number = first.checked_add(i64::from(prepare.offset));
            self.write(&prepare, number, position, lines);
        }
    }

    fn write(&mut self, event: &Prepare, number: Option<i64>, position: i64, lines: &mut Lines) {
        if event.stream.starts_with(b"$") {
            self.n_system += 1;
            return;
        }
        let is_tombstone = event.flags & IS_DELETE != 0;
        lines.raw(b"{");
        lines.member("logPosition", position.to_string().as_bytes());
        lines.key(b"streamId");
        lines.quoted(&event.stream);
        // A tombstone has the largest number there is, which is none in the stream.
        if let Some(number) = number.filter(|_| !is_tombstone) {
            lines.member("eventNumber", number.to_string().as_bytes());
        }
        lines.key(b"eventType");
        lines.quoted(&event.event_type);
        if let Some(id) = guid(event.id) {
            lines.text_member("eventId", &id);
        }
        lines.member("created", event.ticks.to_string().as_bytes());
        lines.member(
            "isJson",
            if event.flags & IS_JSON == 0 {
                b"false"
            } else {
                b"true"
            },
        );
        for (key, value) in [("data", &event.data), ("metadata", &event.metadata)] {
            if !value.is_empty() {
                lines.key(key.as_bytes());
                lines.bytes(value);
            }
        }
        for (flag, key) in [(IS_REDACTED, "isRedacted"), (IS_DELETE, "isTombstone")] {
            if event.flags & flag != 0 {
                lines.member(key, b"true");
            }
        }
        lines.raw(b"}");
        lines.end();
    }
}

fn prepare(take: &mut Take<'_>, version: u8, log_position: i64) -> Option<(i64, Prepare)> {
    let flags = u16::from_le_bytes(take.array()?);
    let transaction = take.long()?;
    let offset = i32::from_le_bytes(take.array()?);
    let expected = take.version(version)?;
    let stream = take.text()?.to_vec();
    let id = take.array()?;
    take.bytes(16)?;
    let ticks = take.long()?;
    let event_type = take.text()?.to_vec();
    let data = take.blob()?.to_vec();
    let metadata = take.blob()?.to_vec();
    let prepare = Prepare {
        log_position,
        offset,
        expected,
        flags,
        ticks,
        stream,
        event_type,
        id,
        data,
        metadata,
    };
    Some((transaction, prepare))
}

/// A GUID as .NET keeps it, its first three groups reversed.
fn guid(mut id: [u8; 16]) -> Option<String> {
    for part in [0..4, 4..6, 6..8] {
        id.get_mut(part)?.reverse();
    }
    mongo::uuid(&id)
}

impl Turner for Chunk {
    fn turn(&mut self, lines: &mut Lines) -> io::Result<bool> {
        if !self.has_begun {
            self.has_begun = true;
            self.input.need(HEADER)?;
            self.input.skip(HEADER);
        }
        if !self.input.need(4)? {
            self.end(lines);
            return Ok(false);
        }
        let field: [u8; 4] = self
            .input
            .rest()
            .get(..4)
            .and_then(|field| field.try_into().ok())
            .unwrap_or_default();
        let length = usize::try_from(i32::from_le_bytes(field)).unwrap_or(MAX_RECORD + 1);
        // Zeros come after the last record, then a footer; what is still written has none.
        let is_whole = length > 0 && length <= MAX_RECORD && self.input.need(length + 8)?;
        let rest = self.input.rest();
        let body = rest.get(4..4 + length).filter(|_| is_whole);
        let body = body.filter(|_| rest.get(4 + length..8 + length) == Some(&field));
        let Some(body) = body.map(<[u8]>::to_vec) else {
            if !self.ends_here(length)? {
                let message = format!(
                    "there is no whole record at byte {}; what came before is read",
                    self.input.offset()
                );
                lines.lost("not-a-record", message);
            }
            self.end(lines);
            return Ok(false);
        };
        if self.record(&body, lines).is_none() {
            lines.lost(
                "not-a-record",
                "the lengths inside of this record do not fit",
            );
        }
        self.input.skip(length + 8);
        Ok(true)
    }
}

impl Chunk {
    /// Whether the records end here: the footer says so, or there is none and only zeros come.
    fn ends_here(&mut self, length: usize) -> io::Result<bool> {
        while self.input.rest().len() < 1 << 20 && self.input.more()? {}
        let rest = self.input.rest();
        let footer = rest.len().checked_sub(HEADER).and_then(|at| rest.get(at..));
        let size = footer.and_then(|footer| match footer {
            [1 | 3, a, b, c, d, ..] => Some(i32::from_le_bytes([*a, *b, *c, *d])),
            _ => None,
        });
        let size = size.and_then(|size| u64::try_from(size).ok());
        Ok(match size {
            Some(size) => self.input.offset() == HEADER as u64 + size,
            None => length == 0,
        })
    }
}
