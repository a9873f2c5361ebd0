//! Unpacks gzip and zstd as they are read, so that the first events are there before the last byte is
//! unpacked; what is unpacked is kept to be read by offset later.
//!
//! A line that is too long for a record is left out while unpacking (an empty line stands for it), so
//! that it costs neither disk nor the rest of the log. What unpacks beyond reason is stopped.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use super::json::MAX_RECORD;
use crate::source::bytes::{Bytes, Stream};
use crate::source::error::Error;
use crate::source::recognize::{Kind, recognize};
use crate::source::spool::{Feed, Note, Spool};

/// The most that is unpacked in all.
pub(super) const MAX_TOTAL: u64 = 8 << 30;
/// From here on the ratio counts.
const RATIO_FROM: u64 = 64 << 20;
/// The most that may come of one packed byte.
const MAX_RATIO: u64 = 200;
/// How much is unpacked at once.
const BLOCK: usize = 1 << 18;
/// The largest window of zstd, as a power of two: 128 MiB.
const MAX_WINDOW: u32 = 27;

/// How a file is packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packing {
    Gzip,
    Zstd,
}

impl Packing {
    /// Its name.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Zstd => "zstd",
        }
    }
}

/// The unpacked bytes; unpacked as they are asked for.
pub(super) fn unpack(packing: Packing, packed: Bytes) -> Result<Arc<Spool>, Error> {
    let packed_len = packed.len().map_err(Error::io("look at the file"))?;
    let stream = Stream::new(packed);
    let packed_at = stream.place();
    let decoder: Box<dyn Read + Send> = match packing {
        Packing::Gzip => Box::new(flate2::read::MultiGzDecoder::new(stream)),
        Packing::Zstd => {
            let mut decoder =
                zstd::Decoder::new(stream).map_err(Error::io("begin to unpack zstd"))?;
            decoder
                .window_log_max(MAX_WINDOW)
                .map_err(Error::io("begin to unpack zstd"))?;
            Box::new(decoder)
        }
    };
    Ok(Arc::new(Spool::new(Unpacking {
        packing,
        decoder,
        packed_len,
        packed_at,
        total: 0,
        limit: None,
        notes: Vec::new(),
    })))
}

/// A packed stream on its way out.
struct Unpacking {
    packing: Packing,
    decoder: Box<dyn Read + Send>,
    packed_len: u64,
    packed_at: Arc<AtomicU64>,
    total: u64,
    /// Decided by the first block.
    limit: Option<LineLimit>,
    notes: Vec<Note>,
}

impl Feed for Unpacking {
    fn next(&mut self, block: &mut Vec<u8>) -> io::Result<bool> {
        let mut buffer = vec![0; BLOCK];
        let (count, goes_on) = self.fill(&mut buffer);
        let unpacked = buffer.get(..count).unwrap_or_default();
        self.total += count as u64;
        let limit = self.limit.get_or_insert_with(|| LineLimit::of(unpacked));
        limit.take(unpacked, block, &mut self.notes);
        let too_dense = self.total > RATIO_FROM && limit.n_kept / MAX_RATIO > self.packed_len;
        let is_stopped = goes_on && (self.total > MAX_TOTAL || too_dense);
        if is_stopped {
            let message = format!(
                "unpacking was stopped after {} bytes, for {} packed bytes give more than is reasonable; \
                 what came before is read",
                self.total, self.packed_len
            );
            self.notes.push(Note::Broken {
                n_records: 0,
                kind: "unpacking-stopped",
                place: self.packing.name(),
                message,
            });
        }
        let goes_on = goes_on && !is_stopped;
        if !goes_on {
            limit.finish(block);
        }
        Ok(goes_on)
    }

    fn take_notes(&mut self) -> Vec<Note> {
        std::mem::take(&mut self.notes)
    }

    fn expected(&self, n_kept: u64) -> u64 {
        let done = u128::from(self.packed_at.load(Ordering::Relaxed).max(1));
        let expected = u128::from(n_kept) * u128::from(self.packed_len) / done;
        u64::try_from(expected).unwrap_or(u64::MAX)
    }
}

impl Unpacking {
    /// Fills the buffer as far as the stream goes; damage is its end.
    fn fill(&mut self, buffer: &mut [u8]) -> (usize, bool) {
        let mut filled = 0;
        while let Some(rest) = buffer.get_mut(filled..).filter(|rest| !rest.is_empty()) {
            match self.decoder.read(rest) {
                Ok(0) => return (filled, false),
                Ok(count) => filled += count,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    let name = self.packing.name();
                    let message = format!(
                        "the {name} stream is damaged or cut off ({error}); what came before is read"
                    );
                    let kind = match self.packing {
                        Packing::Gzip => "cut-off-gzip",
                        Packing::Zstd => "cut-off-zstd",
                    };
                    self.notes.push(Note::Broken {
                        n_records: 0,
                        kind,
                        place: "end of the file",
                        message,
                    });
                    return (filled, false);
                }
            }
        }
        (filled, true)
    }
}

/// Leaves out lines that are too long for a record, where the text is lines.
#[derive(Default)]
struct LineLimit {
    is_lines: bool,
    /// The line that is not complete yet.
    line: Vec<u8>,
    n_lines: i64,
    is_skipping: bool,
    n_kept: u64,
}

impl LineLimit {
    fn of(head: &[u8]) -> Self {
        let is_lines = match recognize(head, 0) {
            Kind::Json => super::json::begins_as_lines(head),
            Kind::Csv => true,
            _ => false,
        };
        Self {
            is_lines,
            ..Self::default()
        }
    }

    fn take(&mut self, bytes: &[u8], out: &mut Vec<u8>, notes: &mut Vec<Note>) {
        let n_before = out.len();
        match memchr::memrchr(b'\n', bytes) {
            _ if !self.is_lines => out.extend_from_slice(bytes),
            None => self.carry(bytes, notes),
            Some(last) => {
                let (whole, rest) = bytes.split_at(last + 1);
                let first = memchr::memchr(b'\n', whole).map_or(whole.len(), |at| at + 1);
                let (first, others) = whole.split_at(first);
                self.carry(first, notes);
                if std::mem::take(&mut self.is_skipping) {
                    out.push(b'\n');
                } else {
                    out.append(&mut self.line);
                }
                out.extend_from_slice(others);
                let n_ends = memchr::memchr_iter(b'\n', whole).count();
                self.n_lines += i64::try_from(n_ends).unwrap_or(i64::MAX);
                self.carry(rest, notes);
            }
        }
        self.n_kept += (out.len() - n_before) as u64;
    }

    fn carry(&mut self, part: &[u8], notes: &mut Vec<Note>) {
        if self.is_skipping {
            return;
        }
        self.line.extend_from_slice(part);
        if self.line.len() as u64 > MAX_RECORD {
            self.is_skipping = true;
            self.line = Vec::new();
            notes.push(Note::Lost {
                kind: "line-too-long",
                line: self.n_lines + 1,
                message: "the line is longer than 64 MiB and was left out".to_owned(),
            });
        }
    }

    fn finish(&mut self, out: &mut Vec<u8>) {
        out.append(&mut self.line);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_come_out_as_they_are_however_the_text_is_cut_into_blocks() {
        let text = b"{\"a\":1}\n\n{\"b\":2}\nlast";
        for size in 1..text.len() {
            let (mut limit, mut out, mut notes) = (LineLimit::default(), Vec::new(), Vec::new());
            limit.is_lines = true;
            for block in text.chunks(size) {
                limit.take(block, &mut out, &mut notes);
            }
            limit.finish(&mut out);
            assert_eq!((out.as_slice(), notes.len()), (&text[..], 0));
        }
    }
}
