//! JSON documents one after another, each over as many lines as it likes.

use std::ops::ControlFlow;
use std::sync::Arc;

use super::record::{Slots, fault, hand_over};
use super::{CHUNK, Item, LineIndex, MAX_RECORD, Sink};
use crate::event::Place;
use crate::event::json::{JsonError, scan};
use crate::source::bound::Bound;
use crate::source::bytes::Bytes;
use crate::source::error::Error;
use crate::source::progress::Progress;

/// One value of the text, or what stands where one should.
struct Value<'a> {
    /// From 1.
    number: i64,
    offset: u64,
    text: &'a [u8],
    /// Whether the text ends before the value does.
    is_cut: bool,
    /// Whether it is longer than a record may be; then nothing after it is read.
    is_too_long: bool,
}

/// Goes through the values of a text.
struct Walk<'a> {
    bytes: &'a Bytes,
    progress: &'a Progress,
    piece: usize,
}

impl Walk<'_> {
    /// Hands over all values until `each` breaks, and each piece of the text as it is read.
    fn run(
        &self,
        piece: &mut dyn FnMut(&[u8]),
        each: &mut dyn FnMut(Value<'_>) -> ControlFlow<()>,
    ) -> Result<i64, Error> {
        let (mut held, mut start, mut number, mut needed) = (Vec::new(), 0, 0, 0);
        loop {
            if self.progress.is_cancelled() {
                return Err(Error::Cancelled);
            }
            let n_held = held.len();
            held.resize(n_held + self.piece, 0);
            let room = held.get_mut(n_held..).unwrap_or_default();
            let n_read = self
                .bytes
                .read_at(room, start + n_held as u64)
                .map_err(Error::io("read the file"))?;
            held.truncate(n_held + n_read);
            let is_end = n_read < self.piece;
            piece(held.get(n_held..).unwrap_or_default());
            // What is not complete is looked at again when there is twice as much of it.
            if held.len() < needed && !is_end {
                continue;
            }
            let mut at = 0;
            while let Some((from, len, is_cut)) = next(&held, at, is_end) {
                number += 1;
                let value = Value {
                    number,
                    offset: start + from as u64,
                    text: held.get(from..from + len).unwrap_or_default(),
                    is_cut,
                    is_too_long: false,
                };
                if each(value).is_break() {
                    return Ok(number);
                }
                at = from + len;
            }
            held.drain(..at);
            start += at as u64;
            needed = held.len() * 2;
            self.progress.set_done(start);
            if is_end {
                self.progress.set_done(start + held.len() as u64);
                return Ok(number);
            }
            if held.len() as u64 > MAX_RECORD {
                number += 1;
                let value = Value {
                    number,
                    offset: start,
                    text: &[],
                    is_cut: true,
                    is_too_long: true,
                };
                each(value).is_break();
                return Ok(number);
            }
        }
    }
}

/// Where the next value lies in a text, how long it is, and whether it is cut off; `None` where it
/// may go on behind the end. Where no value stands, that is the rest of the line.
fn next(text: &[u8], at: usize, is_end: bool) -> Option<(usize, usize, bool)> {
    let rest = text.get(at..)?;
    let is_between = |byte: &u8| byte.is_ascii_whitespace() || *byte == 0x1e;
    let skipped = rest.iter().position(|byte| !is_between(byte))?;
    let skipped = skipped
        + if rest.get(skipped..)?.starts_with(b"\xef\xbb\xbf") {
            3
        } else {
            0
        };
    let (from, rest) = (at + skipped, rest.get(skipped..)?);
    let line = || memchr::memchr(b'\n', rest);
    match scan::value_end(rest, 0) {
        Ok(end) if end < rest.len() || is_end => Some((from, end, false)),
        Ok(_) => None,
        Err(JsonError::Ends { .. }) if !is_end => None,
        Err(JsonError::Ends { .. }) => Some((from, rest.len(), true)),
        Err(_) => match line() {
            Some(end) => Some((from, end, false)),
            None => is_end.then_some((from, rest.len(), false)),
        },
    }
}

/// Whether the text begins with a whole object.
pub(super) fn begins_with_object(bytes: &Bytes, progress: &Progress) -> Result<bool, Error> {
    let mut is_object = false;
    sample(bytes, progress, &mut |record| {
        is_object = record.starts_with(b"{") && scan::is_json(record);
        false
    })?;
    Ok(is_object)
}

/// Hands over the first values of the text until `take` has enough.
pub(super) fn sample(
    bytes: &Bytes,
    progress: &Progress,
    take: &mut dyn FnMut(&[u8]) -> bool,
) -> Result<(), Error> {
    let walk = Walk {
        bytes,
        progress,
        piece: CHUNK,
    };
    walk.run(&mut |_| (), &mut |value| {
        if take(value.text) {
            ControlFlow::Continue(())
        } else {
            ControlFlow::Break(())
        }
    })?;
    Ok(())
}

/// Hands over all values; the count is of all of them.
pub(super) fn scan(
    bytes: &Bytes,
    bound: &Bound,
    index: &LineIndex,
    progress: &Arc<Progress>,
    sink: &mut Sink<'_>,
) -> Result<u64, Error> {
    let walk = Walk {
        bytes,
        progress,
        piece: CHUNK,
    };
    let mut n_ends = 0;
    let mut note = |piece: &[u8]| n_ends = index.add(piece, n_ends);
    let n_values = walk.run(&mut note, &mut |value| take(&value, bound, sink))?;
    Ok(u64::try_from(n_values).unwrap_or_default())
}

fn take(value: &Value<'_>, bound: &Bound, sink: &mut Sink<'_>) -> ControlFlow<()> {
    let ordinal = value.number;
    if value.is_too_long {
        let message = "the value is longer than 64 MiB; it and what follows were left out";
        return sink(Item::lost("line-too-long", ordinal, message));
    }
    let place = Place::at(i64::try_from(value.offset).unwrap_or(i64::MAX));
    match Slots::read(value.text, &bound.columns) {
        Ok(slots) => hand_over(value.text, &slots, bound, ordinal, place, sink),
        Err(error) => {
            let (kind, message) = fault(value.text, error, value.is_cut);
            sink(Item::lost(kind, ordinal, message).with_excerpt(value.text))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_the_same_however_the_text_is_cut_into_pieces() {
        let text = b"{\n \"a\": [1,\n 2]\n}\n{\"b\":2}[3] nonsense }\n\x1e7\n{\"c\"";
        let bytes = Bytes::Memory(text[..].into());
        let progress = Progress::default();
        for piece in 1..=text.len() + 1 {
            let walk = Walk {
                bytes: &bytes,
                progress: &progress,
                piece,
            };
            let (mut seen, mut read) = (Vec::new(), Vec::new());
            walk.run(&mut |piece| read.extend_from_slice(piece), &mut |value| {
                assert!(text[usize::try_from(value.offset).unwrap()..].starts_with(value.text));
                seen.push((
                    String::from_utf8(value.text.to_vec()).unwrap(),
                    value.is_cut,
                ));
                ControlFlow::Continue(())
            })
            .unwrap();
            let expected = [
                ("{\n \"a\": [1,\n 2]\n}", false),
                ("{\"b\":2}", false),
                ("[3]", false),
                ("nonsense }", false),
                ("7", false),
                ("{\"c\"", true),
            ];
            let expected = expected.map(|(text, is_cut)| (text.to_owned(), is_cut));
            assert_eq!(seen, expected, "pieces of {piece}");
            assert_eq!(read, text);
        }
    }
}
