//! JSON Lines: one object a line.

use std::ops::ControlFlow;
use std::sync::Arc;

use super::later::LaterLines;
use super::quick::QuickLines;
use super::record::{Slots, fault, hand_over};
use super::split::{Front, Lines};
use super::{CHUNK, Item, LineIndex, Sink, bare};
use crate::event::{Place, ReadTo};
use crate::source::bound::Bound;
use crate::source::bytes::Bytes;
use crate::source::container::come_by_later;
use crate::source::error::Error;
use crate::source::progress::Progress;

/// How far a file is read to find its first records.
const MAX_SAMPLED: u64 = 16 << 20;

/// Hands over the first objects of the text until `take` has enough.
pub(super) fn sample(bytes: &Bytes, take: &mut dyn FnMut(&[u8]) -> bool) -> Result<(), Error> {
    let mut lines = Lines::new(bytes, CHUNK);
    while lines.offset() < MAX_SAMPLED {
        let (len, n_ends) = match lines.fill()? {
            Front::Line(len) => (len, 1),
            Front::Rest(len) => (len, 0),
            Front::ReadMore if lines.n_read() < MAX_SAMPLED * 2 => continue,
            Front::TooLong(_) => continue,
            Front::ReadMore | Front::Nothing => return Ok(()),
        };
        let record = bare(lines.rest().get(..len).unwrap_or_default());
        if record.starts_with(b"{") && !take(record) {
            return Ok(());
        }
        lines.pass(len + n_ends);
    }
    Ok(())
}

/// Hands over all lines; the count is of those that are not blank. The later ones may be read by
/// somebody else.
pub(super) fn scan(
    (bytes, index, later): (&Bytes, &LineIndex, Option<&LaterLines>),
    bound: &Bound,
    progress: &Arc<Progress>,
    sink: &mut Sink<'_>,
) -> Result<u64, Error> {
    let mut lines = Lines::new(bytes, CHUNK);
    let Some(later) = later else {
        return scan_lines(&mut lines, bound, index, progress, sink);
    };
    lines.stop_at(later.begins);
    let n_records = scan_lines(&mut lines, bound, index, progress, sink)?;
    if lines.offset() != later.begins {
        return Ok(n_records);
    }
    index.forget_end();
    if let Some(n_taken) = come_by_later(place_at(later.begins).at, sink) {
        index.go_on(&later.index);
        return Ok(n_records + n_taken);
    }
    lines.go_on();
    Ok(n_records + scan_lines(&mut lines, bound, index, progress, sink)?)
}

/// Hands over the lines that are still to come; the count is of those that are not blank.
pub(super) fn scan_lines(
    lines: &mut Lines<'_>,
    bound: &Bound,
    index: &LineIndex,
    progress: &Arc<Progress>,
    sink: &mut Sink<'_>,
) -> Result<u64, Error> {
    let mut n_records = 0;
    let mut quick = QuickLines::new(bound);
    loop {
        while let Some(len) = quick.read(lines.rest()) {
            n_records += 1;
            let text = lines.rest().get(..len).unwrap_or_default();
            let place = place_at(lines.offset());
            if quick
                .hand_over(text, lines.number(), place, sink)
                .is_break()
            {
                return Ok(n_records);
            }
            lines.pass(len);
        }
        let flow = match lines.fill()? {
            Front::ReadMore => {
                if progress.is_cancelled() {
                    return Err(Error::Cancelled);
                }
                lines.add_to(index);
                progress.set_done(lines.n_read());
                continue;
            }
            Front::Nothing => {
                lines.add_to(index);
                if index.end().is_none() {
                    index.note_end(end_of(lines));
                }
                return Ok(n_records);
            }
            Front::TooLong(ordinal) => {
                n_records += 1;
                let message = "the line is longer than 64 MiB and was left out";
                sink(Item::lost("line-too-long", ordinal, message))
            }
            Front::Line(len) => take_line(lines, len, true, bound, &mut n_records, sink),
            Front::Rest(len) => {
                let before = end_of(lines);
                let mut is_lost = false;
                let mut watch = |item: Item<'_>| {
                    is_lost |= matches!(item, Item::Lost { .. });
                    sink(item)
                };
                let flow = take_line(lines, len, false, bound, &mut n_records, &mut watch);
                // What ends the line later is an empty rest of the same one.
                let at = if is_lost { before.at } else { lines.offset() };
                index.note_end(ReadTo {
                    at,
                    lost_rest: is_lost,
                    ..before
                });
                flow
            }
        };
        if flow.is_break() {
            return Ok(n_records);
        }
    }
}

/// Where the next line begins.
pub(super) fn end_of(lines: &Lines<'_>) -> ReadTo {
    ReadTo {
        at: lines.offset(),
        lines: u64::try_from(lines.number() - 1).unwrap_or_default(),
        lost_rest: false,
    }
}

/// Where the line that begins at this byte is found again.
#[inline]
fn place_at(offset: u64) -> Place {
    Place::at(i64::try_from(offset).unwrap_or(i64::MAX))
}

/// Takes the next line the long way, which says what is wrong with it.
pub(super) fn take_line(
    lines: &mut Lines<'_>,
    len: usize,
    is_ended: bool,
    bound: &Bound,
    n_records: &mut u64,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    let ordinal = lines.number();
    let record = bare(lines.rest().get(..len).unwrap_or_default());
    let flow = if record.is_empty() {
        ControlFlow::Continue(())
    } else {
        *n_records += 1;
        take_record(
            record,
            is_ended,
            ordinal,
            place_at(lines.offset()),
            bound,
            sink,
        )
    };
    lines.pass(len + usize::from(is_ended));
    flow
}

fn take_record(
    record: &[u8],
    is_ended: bool,
    ordinal: i64,
    place: Place,
    bound: &Bound,
    sink: &mut Sink<'_>,
) -> ControlFlow<()> {
    match Slots::read(record, &bound.columns) {
        Ok(slots) if slots.end == record.len() => {
            hand_over(record, &slots, bound, ordinal, place, sink)
        }
        Ok(_) => {
            let message = "more follows the JSON object on the same line";
            sink(Item::lost("not-json", ordinal, message).with_excerpt(record))
        }
        Err(error) => {
            let (kind, message) = fault(record, error, !is_ended);
            sink(Item::lost(kind, ordinal, message).with_excerpt(record))
        }
    }
}

#[cfg(test)]
#[path = "lines_tests.rs"]
mod tests;
