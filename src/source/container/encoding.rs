//! Texts in other encodings than UTF-8, turned into it as they are read.

use std::io::{self, Read as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use encoding_rs::{DecoderResult, Encoding, WINDOWS_1252};

use crate::source::bytes::{Bytes, Stream};
use crate::source::spool::{Feed, Note, Spool};

/// How much is read at once.
const BLOCK: usize = 1 << 17;

/// The UTF-8 text; turned as it is asked for.
pub(super) fn to_utf8(encoding: &'static Encoding, bytes: Bytes) -> io::Result<Arc<Spool>> {
    let source_len = bytes.len()?;
    let stream = Stream::new(bytes);
    Ok(Arc::new(Spool::new(Turning {
        encoding,
        decoder: encoding.new_decoder_with_bom_removal(),
        source_len,
        source_at: stream.place(),
        stream,
        n_ends: 0,
        n_bad: 0,
        first_bad: 0,
    })))
}

/// What a text that is not UTF-8 throughout is taken to be: Windows-1252, which holds Latin-1, where
/// its odd bytes are letters of it and none of them make up a letter of UTF-8.
pub(super) fn suspected(head: &[u8]) -> Option<&'static Encoding> {
    let is_ascii_or_bad = head.utf8_chunks().all(|chunk| chunk.valid().is_ascii());
    // These are no letters there; `0x85` and the like are.
    let is_no_letter = |byte: &u8| matches!(byte, 0x81 | 0x8d | 0x8f | 0x90 | 0x9d);
    let is_suspected = !head.is_ascii()
        && std::str::from_utf8(head).is_err_and(|error| error.error_len().is_some())
        && is_ascii_or_bad
        && !head.iter().any(is_no_letter);
    is_suspected.then_some(WINDOWS_1252)
}

struct Turning {
    encoding: &'static Encoding,
    decoder: encoding_rs::Decoder,
    stream: Stream,
    source_len: u64,
    source_at: Arc<AtomicU64>,
    /// How many lines are complete.
    n_ends: i64,
    n_bad: u64,
    first_bad: i64,
}

impl Feed for Turning {
    fn next(&mut self, block: &mut Vec<u8>) -> io::Result<bool> {
        let mut read = vec![0; BLOCK];
        let count = self.stream.read(&mut read)?;
        let is_last = count == 0;
        let mut rest = read.get(..count).unwrap_or_default();
        let mut from = block.len();
        loop {
            let least = self
                .decoder
                .max_utf8_buffer_length_without_replacement(rest.len())
                .unwrap_or(BLOCK * 4);
            block.resize(from + least.max(16), 0);
            let room = block.get_mut(from..).unwrap_or_default();
            let (result, n_read, n_written) = self
                .decoder
                .decode_to_utf8_without_replacement(rest, room, is_last);
            let written = room.get(..n_written).unwrap_or_default();
            let n_ends = memchr::memchr_iter(b'\n', written).count();
            self.n_ends += i64::try_from(n_ends).unwrap_or(i64::MAX);
            from += n_written;
            block.truncate(from);
            rest = rest.get(n_read..).unwrap_or_default();
            match result {
                DecoderResult::InputEmpty => return Ok(!is_last),
                DecoderResult::OutputFull => {}
                DecoderResult::Malformed(..) => {
                    if self.n_bad == 0 {
                        self.first_bad = self.n_ends + 1;
                    }
                    self.n_bad += 1;
                    block.extend_from_slice("\u{fffd}".as_bytes());
                    from = block.len();
                }
            }
        }
    }

    fn take_notes(&mut self) -> Vec<Note> {
        let n_bad = std::mem::take(&mut self.n_bad);
        if n_bad == 0 {
            return Vec::new();
        }
        let message = format!(
            "{n_bad} characters from here on are not {} and stand as \u{fffd}",
            self.encoding.name()
        );
        vec![Note::Flawed {
            kind: "invalid-encoding",
            line: self.first_bad,
            message,
        }]
    }

    fn expected(&self, n_kept: u64) -> u64 {
        let done = u128::from(self.source_at.load(Ordering::Relaxed).max(1));
        let expected = u128::from(n_kept) * u128::from(self.source_len) / done;
        u64::try_from(expected).unwrap_or(u64::MAX)
    }
}

#[cfg(test)]
mod tests {
    use encoding_rs::{UTF_16BE, UTF_16LE};

    use super::*;

    fn turned(encoding: &'static Encoding, bytes: &[u8]) -> (Vec<u8>, Vec<Note>) {
        let spool = to_utf8(encoding, Bytes::Memory(bytes.into())).unwrap();
        let mut text = vec![0; bytes.len() * 3 + 16];
        let count = spool.read_at(&mut text, 0).unwrap();
        text.truncate(count);
        (text, spool.take_notes())
    }

    #[test]
    fn texts_of_any_length_come_out_whole() {
        // Letters of one to four bytes, and more of them than are read at once.
        let text = "aÄ€😀\r\n".repeat(40_000);
        let units = || text.encode_utf16().collect::<Vec<u16>>();
        let little: Vec<u8> = units().iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let big: Vec<u8> = units().iter().flat_map(|unit| unit.to_be_bytes()).collect();
        let with_mark = |mark: &[u8], rest: &[u8]| [mark, rest].concat();
        for (encoding, bytes) in [
            (UTF_16LE, with_mark(b"\xff\xfe", &little)),
            (UTF_16BE, with_mark(b"\xfe\xff", &big)),
        ] {
            let (found, notes) = turned(encoding, &bytes);
            assert!(found == text.as_bytes() && notes.is_empty());
        }
    }

    #[test]
    fn what_is_no_character_is_told_with_its_line() {
        let bytes = [b'a', 0, b'\n', 0, 0x00, 0xd8, b'b', 0, b'x'];
        let (text, notes) = turned(UTF_16LE, &bytes);
        assert_eq!(text, "a\n\u{fffd}b\u{fffd}".as_bytes());
        let [Note::Flawed { line, message, .. }] = notes.as_slice() else {
            panic!("{notes:?}");
        };
        assert!(
            *line == 2 && message.starts_with("2 characters"),
            "{message}"
        );
    }

    #[test]
    fn only_what_has_no_letter_of_utf_8_is_taken_for_windows_1252() {
        assert!(suspected(b"caf\xe9;\x80 5\n").is_some());
        assert!(suspected("café".as_bytes()).is_none());
        assert!(suspected("café \u{e9}\n".as_bytes().split_last().unwrap().1).is_none());
        assert!(suspected(b"caf\xc3\xa9 \xff\n").is_none());
        assert!(suspected(b"plain \x81\n").is_none());
        // Cut off inside a letter.
        assert!(suspected(b"caf\xc3").is_none());
    }
}
