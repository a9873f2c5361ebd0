//! Goes through a text record by record, in pieces that are read one after another. A record is only
//! moved where it spans two pieces; one that is too long for a record is passed over.

use std::ops::ControlFlow;

use super::dialect::is_lost;
use super::split::{Dialect, Extent, Flaw, Span};
use crate::source::bytes::Bytes;
use crate::source::container::json::MAX_RECORD;
use crate::source::error::Error;
use crate::source::progress::Progress;

/// How much is read at once.
pub(super) const PIECE: usize = 1 << 18;

/// A place in the text, and the number of its line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct At {
    pub(super) offset: u64,
    pub(super) line: i64,
}

/// A record as it was found.
pub(super) struct Row<'a> {
    pub(super) at: At,
    /// Without the line end.
    pub(super) text: &'a [u8],
    pub(super) spans: &'a [Span],
    /// Whether text stands behind a closing quote.
    pub(super) is_stray: bool,
    /// Whether it is known to hold nothing but ASCII without NUL.
    pub(super) is_plain: bool,
}

/// What is come upon.
pub(super) enum Met<'a> {
    Row(Row<'a>),
    /// Lines that give no record, from the first to the last.
    Lost(i64, i64, Loss),
}

/// Why lines give no record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Loss {
    /// Quotes that close where no field ends.
    BrokenQuotes,
    /// Quotes that are open at the end of the text.
    UnclosedQuote,
    TooLong,
}

/// A walk through a text.
pub(super) struct Walk<'a> {
    pub(super) bytes: &'a Bytes,
    pub(super) dialect: Dialect,
    pub(super) progress: &'a Progress,
    /// How much is read at once.
    pub(super) piece: usize,
    /// The most that is held of one record.
    pub(super) max_record: usize,
}

impl<'a> Walk<'a> {
    pub(super) fn new(bytes: &'a Bytes, dialect: Dialect, progress: &'a Progress) -> Self {
        Self {
            bytes,
            dialect,
            progress,
            piece: PIECE,
            max_record: usize::try_from(MAX_RECORD).unwrap_or(usize::MAX),
        }
    }

    /// Hands over all records from `at` on until `each` breaks; blank lines are none.
    pub(super) fn run(
        &self,
        mut at: At,
        each: &mut dyn FnMut(Met<'_>) -> ControlFlow<()>,
    ) -> Result<(), Error> {
        let (mut held, mut n_held, mut spans) = (vec![0; self.piece], 0, Vec::new());
        loop {
            if self.progress.is_cancelled() {
                return Err(Error::Cancelled);
            }
            let free = held.get_mut(n_held..).unwrap_or_default();
            let n_read = self.read(free, at.offset + n_held as u64)?;
            let is_end = n_read < free.len();
            n_held += n_read;
            let text = held.get(..n_held).unwrap_or_default();
            let start = at.offset;
            if self
                .records(text, is_end, &mut at, &mut spans, each)
                .is_break()
                || is_end
            {
                return Ok(());
            }
            let done = usize::try_from(at.offset - start).unwrap_or(n_held);
            held.copy_within(done..n_held, 0);
            n_held -= done;
            if n_held >= self.max_record {
                let Some((next, met)) = self.pass_over(at)? else {
                    return Ok(());
                };
                (at, n_held) = (next, 0);
                held.truncate(self.piece);
                held.shrink_to_fit();
                if each(met).is_break() {
                    return Ok(());
                }
            } else if done == 0 {
                held.resize(held.len() * 2, 0);
            }
        }
    }

    fn read(&self, buffer: &mut [u8], offset: u64) -> Result<usize, Error> {
        self.bytes
            .read_at(buffer, offset)
            .map_err(Error::io("read the file"))
    }

    /// Hands over the records that are there as a whole, and moves `at` behind them.
    #[inline]
    fn records(
        &self,
        text: &[u8],
        is_end: bool,
        at: &mut At,
        spans: &mut Vec<Span>,
        each: &mut dyn FnMut(Met<'_>) -> ControlFlow<()>,
    ) -> ControlFlow<()> {
        // Whole pieces are checked faster than one row after another.
        let is_plain = text.is_ascii() && memchr::memchr(0, text).is_none();
        let mut rest = text;
        while !rest.is_empty() {
            let Some(extent) = self.dialect.split(rest, is_end, spans) else {
                break;
            };
            if extent.len > 0 {
                each(met(rest, extent, spans, *at, is_plain))?;
            }
            at.offset += extent.next as u64;
            at.line += extent.n_ends;
            rest = rest.get(extent.next..).unwrap_or_default();
        }
        self.progress.set_done(at.offset);
        ControlFlow::Continue(())
    }

    /// Looks for the end of a record that is too long; what is lost with it, and where to go on.
    fn pass_over(&self, from: At) -> Result<Option<(At, Met<'static>)>, Error> {
        let mut skim = Skim {
            dialect: self.dialect,
            state: State::Field,
        };
        let (mut at, mut piece) = (from, vec![0; self.piece]);
        loop {
            if self.progress.is_cancelled() {
                return Err(Error::Cancelled);
            }
            let n_read = self.read(&mut piece, at.offset)?;
            for byte in piece.get(..n_read).unwrap_or_default() {
                at.offset += 1;
                at.line += i64::from(*byte == b'\n');
                if skim.ends(*byte) {
                    return Ok(Some((at, Met::Lost(from.line, at.line - 1, Loss::TooLong))));
                }
            }
            self.progress.set_done(at.offset);
            if n_read == 0 {
                let loss = if skim.state == State::Quoted {
                    Loss::UnclosedQuote
                } else {
                    Loss::TooLong
                };
                return Ok(Some((at, Met::Lost(from.line, at.line, loss))));
            }
        }
    }
}

/// What a record is to whoever reads them.
#[inline]
fn met<'a>(text: &'a [u8], extent: Extent, spans: &'a [Span], at: At, is_plain: bool) -> Met<'a> {
    if is_lost(extent) {
        let (loss, last) = if extent.flaw == Some(Flaw::Unclosed) {
            let ends_in_line_end = text.get(..extent.len).unwrap_or_default().ends_with(b"\n");
            let last = at.line + extent.n_ends - i64::from(ends_in_line_end);
            (Loss::UnclosedQuote, last)
        } else {
            let last = at.line + extent.n_ends - i64::from(extent.next > extent.len);
            (Loss::BrokenQuotes, last)
        };
        return Met::Lost(at.line, last, loss);
    }
    Met::Row(Row {
        at,
        text: text.get(..extent.len).unwrap_or_default(),
        spans,
        is_stray: extent.flaw.is_some(),
        is_plain,
    })
}

/// Follows quotes byte by byte, keeping nothing.
struct Skim {
    dialect: Dialect,
    state: State,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    /// Where a field begins.
    Field,
    Bare,
    Quoted,
    /// Behind a backslash in quotes.
    Escaped,
    /// Behind a quote in quotes.
    Quote,
}

impl Skim {
    /// Whether the record ends with this byte.
    fn ends(&mut self, byte: u8) -> bool {
        self.state = match (self.state, byte) {
            (State::Quoted, b'"') => State::Quote,
            (State::Quoted, b'\\') if self.dialect.has_backslash => State::Escaped,
            (State::Quoted | State::Escaped, _) | (State::Field | State::Quote, b'"') => {
                State::Quoted
            }
            (_, b'\n') => return true,
            (_, byte) if byte == self.dialect.delimiter => State::Field,
            _ => State::Bare,
        };
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Seen = Vec<(At, Vec<String>)>;

    fn walked(text: &[u8], piece: usize, max_record: usize) -> (Seen, Vec<(i64, i64, Loss)>) {
        let (bytes, progress) = (Bytes::Memory(text.into()), Progress::default());
        let dialect = Dialect {
            delimiter: b',',
            has_backslash: false,
        };
        let walk = Walk {
            piece,
            max_record,
            ..Walk::new(&bytes, dialect, &progress)
        };
        let (mut seen, mut lost) = (Vec::new(), Vec::new());
        let start = At { offset: 0, line: 1 };
        walk.run(start, &mut |met| {
            match met {
                Met::Row(row) => {
                    let value = |span: &Span| dialect.value(row.text, *span).into_owned();
                    let text = |span| String::from_utf8(value(span)).unwrap();
                    seen.push((row.at, row.spans.iter().map(text).collect()));
                }
                Met::Lost(first, last, loss) => lost.push((first, last, loss)),
            }
            ControlFlow::Continue(())
        })
        .unwrap();
        assert_eq!(progress.done(), text.len() as u64);
        (seen, lost)
    }

    #[test]
    fn records_are_the_same_however_the_text_is_cut_into_pieces() {
        let text =
            b"a,b\r\n\r\n\"x\"\"\r\ny\",\"\"\n1,\"q\" z\n\"br\noken\"!,c\n2,3\n4,\"open\n5,6";
        let whole = walked(text, 1 << 10, 1 << 10);
        let lines: Vec<(i64, u64)> = whole.0.iter().map(|(at, _)| (at.line, at.offset)).collect();
        assert_eq!(lines, [(1, 0), (3, 7), (5, 19), (8, 40)]);
        assert_eq!(
            whole.1,
            [(6, 7, Loss::BrokenQuotes), (9, 10, Loss::UnclosedQuote)]
        );
        for piece in 1..text.len() {
            assert!(walked(text, piece, 1 << 10) == whole, "pieces of {piece}");
        }
    }

    #[test]
    fn a_record_that_is_too_long_is_passed_over_and_the_next_one_read() {
        let text = format!("a,b\n{}{}\nc,d\n", "y".repeat(50), ",\"p\nq\",z");
        let (seen, lost) = walked(text.as_bytes(), 8, 32);
        assert_eq!(lost, [(2, 3, Loss::TooLong)]);
        assert_eq!((seen.len(), seen[1].0.line), (2, 4));
        let open = format!("a,b\nc,\"{}", "d\n".repeat(40));
        let (_, lost) = walked(open.as_bytes(), 8, 32);
        assert_eq!(lost, [(2, 42, Loss::UnclosedQuote)]);
    }
}
