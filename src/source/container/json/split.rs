//! Splits a text into lines without copying them: only what is left of a chunk moves to its front.

use super::{LineIndex, MAX_RECORD};
use crate::event::ReadTo;
use crate::source::bytes::Bytes;
use crate::source::error::Error;

/// What [`Lines::fill`] found at the front.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Front {
    /// A line of so many bytes, its line end not counted.
    Line(usize),
    /// More was read; whether the line ends is not known yet.
    ReadMore,
    /// What is left, without a line end.
    Rest(usize),
    /// The line of this number was longer than a record may be; it has been passed.
    TooLong(i64),
    /// Nothing is left.
    Nothing,
}

/// The lines of a text, from front to back.
pub(super) struct Lines<'b> {
    bytes: &'b Bytes,
    chunk: usize,
    /// A part of the text that begins at `base`; the lines from `from` on are still to come.
    buffer: Vec<u8>,
    base: u64,
    from: usize,
    filled: usize,
    is_at_end: bool,
    /// Where the first line begins.
    start: u64,
    /// Where reading ends, though the text may go on.
    limit: u64,
    /// How many lines were passed.
    number: i64,
    /// How many line ends lie before each further step of the index.
    counts: Vec<u32>,
    next_step: u64,
}

impl<'b> Lines<'b> {
    /// Lines that are read so many bytes at a time.
    pub(super) fn new(bytes: &'b Bytes, chunk: usize) -> Self {
        Self {
            bytes,
            chunk,
            buffer: Vec::new(),
            base: 0,
            from: 0,
            filled: 0,
            is_at_end: false,
            start: 0,
            limit: u64::MAX,
            number: 0,
            counts: Vec::new(),
            next_step: 0,
        }
    }

    /// Lines from a place on, of which an index that begins there knows nothing yet.
    pub(super) fn from(bytes: &'b Bytes, chunk: usize, start: ReadTo, next_step: u64) -> Self {
        Self {
            base: start.at,
            start: start.at,
            number: i64::try_from(start.lines).unwrap_or(i64::MAX),
            next_step,
            ..Self::new(bytes, chunk)
        }
    }

    /// Ends at a place at which a line begins, as if the text did.
    pub(super) fn stop_at(&mut self, place: u64) {
        self.limit = place;
    }

    /// Goes on where it stopped.
    pub(super) fn go_on(&mut self) {
        self.limit = u64::MAX;
        self.is_at_end = false;
    }

    /// The first step of which nothing was noted.
    pub(super) fn next_step(&self) -> u64 {
        self.next_step
    }

    /// What has been read of the lines to come, the next one first.
    #[inline]
    pub(super) fn rest(&self) -> &[u8] {
        self.buffer.get(self.from..self.filled).unwrap_or_default()
    }

    /// The number of the next line, from 1.
    #[inline]
    pub(super) fn number(&self) -> i64 {
        self.number + 1
    }

    /// Where the next line begins.
    #[inline]
    pub(super) fn offset(&self) -> u64 {
        self.base + self.from as u64
    }

    /// How much of the text has been read.
    pub(super) fn n_read(&self) -> u64 {
        self.base + self.filled as u64 - self.start
    }

    /// Passes a line of `len` bytes, its line end counted.
    #[inline]
    pub(super) fn pass(&mut self, len: usize) {
        self.from += len;
        if self.offset() > self.next_step {
            self.note_steps();
        }
        self.number += 1;
    }

    /// Notes for the steps within the line that ends here how many lines came before it.
    #[cold]
    fn note_steps(&mut self) {
        while self.next_step < self.offset() {
            self.counts
                .push(u32::try_from(self.number).unwrap_or(u32::MAX));
            self.next_step += LineIndex::STEP as u64;
        }
    }

    /// Hands the counts since the last time over to an index.
    pub(super) fn add_to(&mut self, index: &LineIndex) {
        index.extend(&self.counts);
        self.counts.clear();
    }

    /// Looks for the end of the next line, and reads once where it is not there.
    pub(super) fn fill(&mut self) -> Result<Front, Error> {
        let len = self.rest().len();
        match memchr::memchr(b'\n', self.rest()) {
            Some(end) if end as u64 <= MAX_RECORD => return Ok(Front::Line(end)),
            None if len as u64 <= MAX_RECORD && self.is_at_end => {
                return Ok(if len == 0 {
                    Front::Nothing
                } else {
                    Front::Rest(len)
                });
            }
            None if len as u64 <= MAX_RECORD => {}
            _ => return self.pass_long(),
        }
        self.buffer.copy_within(self.from..self.filled, 0);
        self.base = self.offset();
        (self.from, self.filled) = (0, len);
        // Where a line is long more is read each time, so that moving it costs no more than reading.
        self.read(self.chunk.max(len))?;
        Ok(Front::ReadMore)
    }

    /// Reads `len` bytes more behind what is there.
    fn read(&mut self, len: usize) -> Result<(), Error> {
        let at = self.base + self.filled as u64;
        let room = usize::try_from(self.limit.saturating_sub(at)).unwrap_or(usize::MAX);
        let end = self.filled + len.min(room);
        if self.buffer.len() < end {
            self.buffer.resize(end, 0);
        }
        let room = self.buffer.get_mut(self.filled..end).unwrap_or_default();
        let count = self
            .bytes
            .read_at(room, at)
            .map_err(Error::io("read the file"))?;
        self.filled += count;
        self.is_at_end = count < len;
        Ok(())
    }

    /// Passes a line that is too long to be kept.
    fn pass_long(&mut self) -> Result<Front, Error> {
        loop {
            if let Some(end) = memchr::memchr(b'\n', self.rest()) {
                self.pass(end + 1);
                return Ok(Front::TooLong(self.number));
            }
            if self.is_at_end {
                self.pass(self.rest().len());
                return Ok(Front::TooLong(self.number));
            }
            self.base += self.filled as u64;
            (self.from, self.filled) = (0, 0);
            self.read(self.chunk)?;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::CHUNK;
    use super::*;

    /// Number, offset, text and whether it is ended of each line.
    fn lines(text: &[u8]) -> Vec<(i64, u64, Vec<u8>, bool)> {
        let bytes = Bytes::Memory(text.into());
        let (mut lines, mut seen) = (Lines::new(&bytes, CHUNK), Vec::new());
        loop {
            let (len, is_ended) = match lines.fill().unwrap() {
                Front::ReadMore => continue,
                Front::Line(len) => (len, true),
                Front::Rest(len) => (len, false),
                Front::TooLong(number) => {
                    seen.push((number, 0, Vec::new(), false));
                    continue;
                }
                Front::Nothing => return seen,
            };
            let line = lines.rest()[..len].to_vec();
            seen.push((lines.number(), lines.offset(), line, is_ended));
            lines.pass(len + usize::from(is_ended));
        }
    }

    #[test]
    fn lines_are_told_with_their_numbers_and_places() {
        let expected = [
            (1, 0, b"one".to_vec(), true),
            (2, 4, Vec::new(), true),
            (3, 5, b"two two\r".to_vec(), true),
            (4, 14, b"three".to_vec(), false),
        ];
        assert_eq!(lines(b"one\n\ntwo two\r\nthree"), expected);
    }

    #[test]
    fn a_line_may_span_chunks_and_one_that_is_too_long_is_passed() {
        let long = usize::try_from(MAX_RECORD).unwrap();
        for around in [CHUNK - 2, CHUNK, 3 * CHUNK + 1, long] {
            let text = [&vec![b'x'; around][..], b"\nnext"].concat();
            let seen = lines(&text);
            assert_eq!((seen[0].2.len(), seen[0].3), (around, true));
            assert_eq!(seen[1], (2, around as u64 + 1, b"next".to_vec(), false));
        }
        let text = [&vec![b'x'; long + 1][..], b"\nnext"].concat();
        let after = (2, long as u64 + 2, b"next".to_vec(), false);
        assert_eq!(lines(&text), [(1, 0, Vec::new(), false), after]);
        let endless = vec![b'x'; long + CHUNK];
        assert_eq!(lines(&endless), [(1, 0, Vec::new(), false)]);
    }

    #[test]
    fn the_index_says_how_many_lines_end_before_each_step() {
        let text: Vec<u8> = (0..60_000_u32)
            .map(|at| if at % 1013 % 7 == 0 { b'\n' } else { b'x' })
            .collect();
        let bytes = Bytes::Memory(text.as_slice().into());
        let (mut lines, index) = (Lines::new(&bytes, CHUNK), LineIndex::default());
        loop {
            match lines.fill().unwrap() {
                Front::ReadMore => lines.add_to(&index),
                Front::Line(len) => lines.pass(len + 1),
                Front::Rest(len) => lines.pass(len),
                Front::TooLong(_) => {}
                Front::Nothing => break,
            }
        }
        lines.add_to(&index);
        let expected = LineIndex::default();
        expected.add(&text, 0);
        assert_eq!(
            *index.counts.read().unwrap(),
            *expected.counts.read().unwrap()
        );
    }
}
