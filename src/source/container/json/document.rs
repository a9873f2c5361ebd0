//! A JSON document: finds its largest array of objects and reads the elements one by one.
//!
//! Only brackets, strings and commas are followed here, byte by byte and without recursion; each
//! element is then checked against the whole grammar. Nothing but one element is held in memory.

use std::ops::ControlFlow;
use std::sync::Arc;

use super::record::{Slots, fault, hand_over};
use super::{CHUNK, Item, LineIndex, MAX_RECORD, Sink};
use crate::event::Place;
use crate::event::json::scan::MAX_SCAN_DEPTH;
use crate::source::bound::Bound;
use crate::source::bytes::Bytes;
use crate::source::error::Error;
use crate::source::progress::Progress;

/// How deep an array of events may lie in a document, the document itself being 1.
const MAX_ARRAY_DEPTH: usize = 4;

/// Follows strings and nesting through a text.
#[derive(Default)]
struct Walker {
    depth: usize,
    in_string: bool,
    is_escaped: bool,
}

/// What a byte means for the structure.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    /// A bracket that opens; the depth is that inside.
    Open(u8),
    /// A bracket that closes; the depth is that outside.
    Close(u8),
    Comma,
    /// A byte of a scalar.
    Other,
    Space,
}

impl Walker {
    fn step(&mut self, byte: u8, at: u64) -> Result<Mark, Error> {
        if self.in_string {
            self.in_string = self.is_escaped || byte != b'"';
            self.is_escaped = !self.is_escaped && byte == b'\\';
            return Ok(Mark::Other);
        }
        match byte {
            b'"' => {
                self.in_string = true;
                Ok(Mark::Other)
            }
            b'{' | b'[' => {
                self.depth += 1;
                if self.depth > MAX_SCAN_DEPTH {
                    return Err(Error::TooDeep {
                        at,
                        limit: MAX_SCAN_DEPTH,
                    });
                }
                Ok(Mark::Open(byte))
            }
            b'}' | b']' => {
                self.depth = self.depth.saturating_sub(1);
                Ok(Mark::Close(byte))
            }
            b',' => Ok(Mark::Comma),
            b' ' | b'\t' | b'\r' | b'\n' => Ok(Mark::Space),
            _ => Ok(Mark::Other),
        }
    }
}

/// Hands over all bytes with their offsets, in chunks.
fn each_chunk(
    bytes: &Bytes,
    progress: &Progress,
    mut take: impl FnMut(&[u8], u64) -> Result<ControlFlow<()>, Error>,
) -> Result<(), Error> {
    let (mut chunk, mut at) = (vec![0; CHUNK], 0);
    loop {
        if progress.is_cancelled() {
            return Err(Error::Cancelled);
        }
        let count = bytes
            .read_at(&mut chunk, at)
            .map_err(Error::io("read the file"))?;
        if count == 0 || take(chunk.get(..count).unwrap_or_default(), at)?.is_break() {
            return Ok(());
        }
        at += count as u64;
    }
}

/// What a document turned out to be.
pub(super) enum Found {
    /// The events are the elements of the array that begins here.
    Array(u64),
    /// The text holds several values after one another.
    SeveralValues,
}

/// Finds the array with the most objects; the first of equal ones.
pub(super) fn find_array(bytes: &Bytes, progress: &Progress) -> Result<Found, Error> {
    let mut walker = Walker::default();
    let mut open: Vec<(u64, u64)> = Vec::new();
    let (mut best, mut n_values, mut root_is_array) = ((0, None), 0, false);
    each_chunk(bytes, progress, |chunk, start| {
        for (offset, byte) in (start..).zip(chunk) {
            match walker.step(*byte, offset)? {
                Mark::Open(bracket) => {
                    if walker.depth == 1 {
                        n_values += 1;
                        root_is_array |= bracket == b'[' && n_values == 1;
                    }
                    if root_is_array {
                        // The whole document is the array; its elements are looked at while reading.
                        best = (1, Some(offset));
                        return Ok(ControlFlow::Break(()));
                    }
                    if bracket == b'{'
                        && let Some((_, count)) = open.last_mut()
                    {
                        *count += u64::from(walker.depth <= MAX_ARRAY_DEPTH + 1);
                    }
                    if walker.depth <= MAX_ARRAY_DEPTH {
                        // Objects hold no elements themselves: their counts are never looked at.
                        open.push((offset, 0));
                    }
                }
                Mark::Close(bracket) => {
                    if walker.depth < MAX_ARRAY_DEPTH
                        && let Some((offset, count)) = open.pop()
                        && bracket == b']'
                        && count > best.0
                    {
                        best = (count, Some(offset));
                    }
                    if n_values > 1 {
                        return Ok(ControlFlow::Break(()));
                    }
                }
                Mark::Comma | Mark::Other | Mark::Space => {}
            }
        }
        Ok(ControlFlow::Continue(()))
    })?;
    // A document that is cut off has its arrays still open.
    for (offset, count) in open {
        if count > best.0 && starts_with(bytes, offset, b'[') {
            best = (count, Some(offset));
        }
    }
    match best.1 {
        _ if n_values > 1 => Ok(Found::SeveralValues),
        Some(offset) => Ok(Found::Array(offset)),
        None => Err(Error::NoEvents(
            "the JSON document holds no array of objects that could be events".to_owned(),
        )),
    }
}

fn starts_with(bytes: &Bytes, offset: u64, expected: u8) -> bool {
    let mut byte = [0];
    bytes
        .read_at(&mut byte, offset)
        .is_ok_and(|count| count == 1)
        && byte == [expected]
}

/// An element of the array.
struct Element<'a> {
    /// From 1.
    number: i64,
    offset: u64,
    /// Empty where it is too long.
    text: &'a [u8],
    is_too_long: bool,
    is_cut: bool,
}

/// Splits an array into its elements.
struct Elements {
    walker: Walker,
    array: u64,
    text: Vec<u8>,
    len: u64,
    offset: u64,
    number: i64,
    is_inside: bool,
    is_over: bool,
}

impl Elements {
    fn new(array: u64) -> Self {
        Self {
            walker: Walker::default(),
            array,
            text: Vec::new(),
            len: 0,
            offset: 0,
            number: 0,
            is_inside: false,
            is_over: false,
        }
    }

    fn take(
        &mut self,
        chunk: &[u8],
        start: u64,
        each: &mut dyn FnMut(Element<'_>) -> ControlFlow<()>,
    ) -> Result<ControlFlow<()>, Error> {
        for (offset, byte) in (start..).zip(chunk) {
            if offset <= self.array {
                continue;
            }
            let depth_before = self.walker.depth;
            let mark = self.walker.step(*byte, offset)?;
            let closes_array = depth_before == 0 && matches!(mark, Mark::Close(_));
            let ends = self.walker.depth == 0 && mark == Mark::Comma || closes_array;
            if ends {
                if self.hand_over(false, each).is_break() {
                    return Ok(ControlFlow::Break(()));
                }
                if closes_array {
                    self.is_over = true;
                    return Ok(ControlFlow::Break(()));
                }
            } else if self.is_inside || mark != Mark::Space {
                self.add(*byte, offset);
            }
        }
        Ok(ControlFlow::Continue(()))
    }

    fn add(&mut self, byte: u8, offset: u64) {
        if !self.is_inside {
            (self.is_inside, self.offset, self.len) = (true, offset, 0);
        }
        self.len += 1;
        if self.len <= MAX_RECORD {
            self.text.push(byte);
        }
    }

    fn hand_over(
        &mut self,
        is_cut: bool,
        each: &mut dyn FnMut(Element<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        if !std::mem::take(&mut self.is_inside) {
            return ControlFlow::Continue(());
        }
        self.number += 1;
        let is_too_long = self.len > MAX_RECORD;
        let text = if is_too_long {
            &[]
        } else {
            self.text.trim_ascii_end()
        };
        let flow = each(Element {
            number: self.number,
            offset: self.offset,
            text,
            is_too_long,
            is_cut,
        });
        self.text.clear();
        self.text.shrink_to(CHUNK);
        flow
    }
}

/// Hands over the first objects of the array until `take` has enough.
pub(super) fn sample(
    bytes: &Bytes,
    array: u64,
    progress: &Progress,
    take: &mut dyn FnMut(&[u8]) -> bool,
) -> Result<(), Error> {
    let mut elements = Elements::new(array);
    let mut each = |element: Element<'_>| {
        if element.text.starts_with(b"{") && !take(element.text) {
            return ControlFlow::Break(());
        }
        ControlFlow::Continue(())
    };
    each_chunk(bytes, progress, |chunk, start| {
        elements.take(chunk, start, &mut each)
    })
}

/// Hands over all elements; the count is of all of them.
pub(super) fn scan(
    bytes: &Bytes,
    array: u64,
    bound: &Bound,
    index: &LineIndex,
    progress: &Arc<Progress>,
    sink: &mut Sink<'_>,
) -> Result<u64, Error> {
    let mut elements = Elements::new(array);
    let mut n_ends = 0;
    let mut each = |element: Element<'_>| take_element(&element, bound, sink);
    each_chunk(bytes, progress, |chunk, start| {
        n_ends = index.add(chunk, n_ends);
        let flow = elements.take(chunk, start, &mut each);
        progress.set_done(start + chunk.len() as u64);
        flow
    })?;
    if !elements.is_over {
        elements.hand_over(true, &mut each).is_break();
        let ordinal = elements.number;
        let message = "the file ends inside the array; what came before is read".to_owned();
        sink(Item::Flawed {
            kind: "cut-off-array",
            ordinal,
            message,
        })
        .is_break();
    }
    Ok(u64::try_from(elements.number).unwrap_or_default())
}

fn take_element(element: &Element<'_>, bound: &Bound, sink: &mut Sink<'_>) -> ControlFlow<()> {
    let ordinal = element.number;
    if element.is_too_long {
        let message = "the element is longer than 64 MiB and was left out";
        return sink(Item::lost("line-too-long", ordinal, message));
    }
    let place = Place::at(i64::try_from(element.offset).unwrap_or(i64::MAX));
    match Slots::read(element.text, &bound.columns) {
        Ok(slots) if slots.end == element.text.len() => {
            hand_over(element.text, &slots, bound, ordinal, place, sink)
        }
        Ok(_) => {
            let message = "more follows the JSON object before the next comma";
            sink(Item::lost("not-json", ordinal, message).with_excerpt(element.text))
        }
        Err(error) => {
            let (kind, message) = fault(element.text, error, element.is_cut);
            sink(Item::lost(kind, ordinal, message).with_excerpt(element.text))
        }
    }
}
