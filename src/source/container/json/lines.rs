//! JSON Lines: one object a line, read in chunks; a line is only copied where it spans two of them.

use std::ops::ControlFlow;
use std::sync::Arc;

use super::record::{Slots, fault, hand_over};
use super::{CHUNK, Item, LineIndex, MAX_RECORD, Sink, bare};
use crate::event::Place;
use crate::source::bytes::Bytes;
use crate::source::detail::Bound;
use crate::source::error::Error;
use crate::source::progress::Progress;

/// How far a file is read to find its first records.
const MAX_SAMPLED: u64 = 16 << 20;

/// One line of a text.
struct Line<'a> {
    /// From 1.
    number: i64,
    offset: u64,
    /// Without the line end; empty where it is too long.
    text: &'a [u8],
    is_ended: bool,
    is_too_long: bool,
}

/// Splits chunks into lines.
#[derive(Default)]
struct Splitter {
    carried: Vec<u8>,
    carried_len: u64,
    number: i64,
    offset: u64,
}

impl Splitter {
    fn take(
        &mut self,
        chunk: &[u8],
        each: &mut dyn FnMut(Line<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let mut rest = chunk;
        while let Some(end) = memchr::memchr(b'\n', rest) {
            let (line, after) = (
                rest.get(..end).unwrap_or_default(),
                rest.get(end + 1..).unwrap_or_default(),
            );
            self.number += 1;
            if self.carried_len == 0 {
                each(Line {
                    number: self.number,
                    offset: self.offset,
                    text: line,
                    is_ended: true,
                    is_too_long: false,
                })?;
                self.offset += end as u64 + 1;
            } else {
                self.carry(line);
                let len = self.carried_len + 1;
                self.hand_over_carried(true, each)?;
                self.offset += len;
            }
            rest = after;
        }
        self.carry(rest);
        ControlFlow::Continue(())
    }

    fn carry(&mut self, part: &[u8]) {
        self.carried_len += part.len() as u64;
        if self.carried_len > MAX_RECORD {
            self.carried = Vec::new();
        } else {
            self.carried.extend_from_slice(part);
        }
    }

    fn hand_over_carried(
        &mut self,
        is_ended: bool,
        each: &mut dyn FnMut(Line<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        let line = Line {
            number: self.number,
            offset: self.offset,
            text: &self.carried,
            is_ended,
            is_too_long: self.carried_len > MAX_RECORD,
        };
        let flow = each(line);
        self.carried.clear();
        self.carried_len = 0;
        flow
    }

    fn finish(&mut self, each: &mut dyn FnMut(Line<'_>) -> ControlFlow<()>) -> ControlFlow<()> {
        if self.carried_len == 0 {
            return ControlFlow::Continue(());
        }
        self.number += 1;
        self.hand_over_carried(false, each)
    }
}

/// Hands over the first objects of the text until `take` has enough.
pub(super) fn sample(bytes: &Bytes, take: &mut dyn FnMut(&[u8]) -> bool) -> Result<(), Error> {
    let mut splitter = Splitter::default();
    let mut each = |line: Line<'_>| {
        let record = bare(line.text);
        if record.starts_with(b"{") && !take(record) {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    };
    let (mut chunk, mut at) = (vec![0; CHUNK], 0);
    while at < MAX_SAMPLED {
        let count = bytes
            .read_at(&mut chunk, at)
            .map_err(Error::io("read the file"))?;
        if count == 0 {
            splitter.finish(&mut each).is_break();
            break;
        }
        if splitter
            .take(chunk.get(..count).unwrap_or_default(), &mut each)
            .is_break()
        {
            break;
        }
        at += count as u64;
    }
    Ok(())
}

/// Hands over all lines; the count is of those that are not blank.
pub(super) fn scan(
    bytes: &Bytes,
    bound: &Bound,
    index: &LineIndex,
    progress: &Arc<Progress>,
    sink: &mut Sink<'_>,
) -> Result<u64, Error> {
    let mut n_records = 0;
    let mut each = |line: Line<'_>| {
        let flow = take_line(&line, bound, sink);
        n_records += u64::from(flow.1);
        flow.0
    };
    let (mut chunk, mut at, mut n_ends) = (vec![0; CHUNK], 0, 0);
    let mut splitter = Splitter::default();
    loop {
        if progress.is_cancelled() {
            return Err(Error::Cancelled);
        }
        let count = bytes
            .read_at(&mut chunk, at)
            .map_err(Error::io("read the file"))?;
        let read = chunk.get(..count).unwrap_or_default();
        if count == 0 {
            splitter.finish(&mut each).is_break();
            return Ok(n_records);
        }
        n_ends = index.add(read, n_ends);
        if splitter.take(read, &mut each).is_break() {
            return Ok(n_records);
        }
        at += count as u64;
        progress.set_done(at);
    }
}

/// Takes one line; the second part says whether it is a record at all.
fn take_line(line: &Line<'_>, bound: &Bound, sink: &mut Sink<'_>) -> (ControlFlow<()>, bool) {
    let ordinal = line.number;
    if line.is_too_long {
        let message = "the line is longer than 64 MiB and was left out";
        return (sink(Item::lost("line-too-long", ordinal, message)), true);
    }
    let record = bare(line.text);
    if record.is_empty() {
        return (ControlFlow::Continue(()), false);
    }
    let place = Place::at(i64::try_from(line.offset).unwrap_or(i64::MAX));
    let flow = match Slots::read(record, &bound.columns) {
        Ok(slots) if slots.end == record.len() => {
            hand_over(record, &slots, bound, ordinal, place, sink)
        }
        Ok(_) => {
            let message = "more follows the JSON object on the same line";
            sink(Item::lost("not-json", ordinal, message).with_excerpt(record))
        }
        Err(error) => {
            let (kind, message) = fault(record, error, !line.is_ended);
            sink(Item::lost(kind, ordinal, message).with_excerpt(record))
        }
    };
    (flow, true)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_the_same_however_the_text_is_cut_into_chunks() {
        let text = b"one\n\ntwo two\r\nthree";
        for size in 1..text.len() {
            let (mut splitter, mut seen) = (Splitter::default(), Vec::new());
            let mut each = |line: Line<'_>| {
                seen.push((line.number, line.offset, line.text.to_vec(), line.is_ended));
                ControlFlow::Continue(())
            };
            for chunk in text.chunks(size) {
                assert!(splitter.take(chunk, &mut each).is_continue());
            }
            assert!(splitter.finish(&mut each).is_continue());
            let expected = [
                (1, 0, b"one".to_vec(), true),
                (2, 4, Vec::new(), true),
                (3, 5, b"two two\r".to_vec(), true),
                (4, 14, b"three".to_vec(), false),
            ];
            assert_eq!(seen, expected, "chunks of {size}");
        }
    }
}
