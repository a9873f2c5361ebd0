//! What logs in XML have in common: pieces of markup are limited, and document types are not followed.

use std::io::{self, BufRead, Read};

use quick_xml::Reader;

use super::Lines;
use crate::source::container::input::Input;

/// How much of one piece of markup is read.
const MAX_MARKUP: usize = 8 << 20;

/// The input as a reader whose pieces of markup are limited.
pub(super) struct Limited {
    input: Input,
    since_event: usize,
}

impl Read for Limited {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let there = self.fill_buf()?;
        let count = there.len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..count), there.get(..count)) {
            to.copy_from_slice(from);
        }
        self.consume(count);
        Ok(count)
    }
}

impl BufRead for Limited {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        if self.since_event > MAX_MARKUP {
            return Err(io::Error::other("a piece of markup is longer than 8 MiB"));
        }
        if self.input.rest().is_empty() {
            self.input.more()?;
        }
        Ok(self.input.rest())
    }

    fn consume(&mut self, count: usize) {
        self.since_event += count;
        self.input.skip(count);
    }
}

impl Limited {
    /// A reader of markup.
    pub(super) fn reader(input: Input) -> Reader<Self> {
        let mut reader = Reader::from_reader(Self {
            input,
            since_event: 0,
        });
        reader.config_mut().check_end_names = true;
        reader
    }

    /// A piece of markup begins.
    pub(super) fn begin(&mut self) {
        self.since_event = 0;
    }
}

/// What follows the bracket of the first element.
pub(super) fn root(text: &[u8]) -> Option<&[u8]> {
    let mut rest = text;
    loop {
        let at = memchr::memchr(b'<', rest)?;
        rest = rest.get(at + 1..)?;
        match rest.first()? {
            b'?' | b'!' if !rest.starts_with(b"!--") => {}
            b'!' => rest = rest.get(memchr::memmem::find(rest, b"-->")?..)?,
            _ => return Some(rest),
        }
    }
}

/// Says that a document type is declared.
pub(super) fn note_doctype(lines: &mut Lines) {
    let message =
        "a document type is declared, which a log does not need; nothing is read from here on";
    lines.broken("xml-doctype", "the whole input", message.to_owned());
}

/// Says that the document ends too early, which costs so many events.
pub(super) fn note_cut_off(n_lost: u64, lines: &mut Lines) {
    let message = "the document ends before its elements are closed; what came before is read";
    lines.lost_many(n_lost, "cut-off-xml", "end of the file", message.to_owned());
}

/// Says that this is no XML any more, which costs so many events.
pub(super) fn note_fault(n_lost: u64, error: &quick_xml::Error, lines: &mut Lines) {
    let message = format!("this is not valid XML ({error}); what came before is read");
    lines.lost_many(n_lost, "not-xml", "the whole input", message);
}

/// Says that elements are nested too deep.
pub(super) fn note_depth(limit: usize, lines: &mut Lines) {
    let message = format!("elements are nested deeper than {limit}; what came before is read");
    lines.broken("too-deep", "the whole input", message);
}
