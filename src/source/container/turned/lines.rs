//! Lines of JSON as they are written, and what is to be said about them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::source::container::json::MAX_RECORD;
use crate::source::spool::Note;

/// Lines on their way out.
#[derive(Default)]
pub(in crate::source::container) struct Lines {
    text: Vec<u8>,
    /// Where the line begins that is being written.
    start: usize,
    /// How many lines were written in all.
    n_written: i64,
    notes: Vec<Note>,
}

impl Lines {
    /// How many bytes wait.
    pub(super) fn len(&self) -> usize {
        self.text.len()
    }

    /// Hands over what waits, behind what is in `block`.
    pub(super) fn move_to(&mut self, block: &mut Vec<u8>) {
        block.append(&mut self.text);
        self.start = 0;
    }

    pub(super) fn take_notes(&mut self) -> Vec<Note> {
        std::mem::take(&mut self.notes)
    }

    /// The number of the line that is being written or comes next.
    fn number(&self) -> i64 {
        self.n_written + 1
    }

    /// A record that is left out.
    pub(super) fn lost(&mut self, kind: &'static str, message: impl Into<String>) {
        let (line, message) = (self.number(), message.into());
        self.notes.push(Note::Lost {
            kind,
            line,
            message,
        });
    }

    /// Something wrong with the record that is being written or comes next.
    pub(super) fn flawed(&mut self, kind: &'static str, message: impl Into<String>) {
        let (line, message) = (self.number(), message.into());
        self.notes.push(Note::Flawed {
            kind,
            line,
            message,
        });
    }

    /// Something wrong with the input.
    pub(super) fn broken(&mut self, kind: &'static str, place: &'static str, message: String) {
        self.lost_many(0, kind, place, message);
    }

    /// Several records that are left out.
    pub(super) fn lost_many(
        &mut self,
        n_records: u64,
        kind: &'static str,
        place: &'static str,
        message: String,
    ) {
        self.notes.push(Note::Broken {
            n_records,
            kind,
            place,
            message,
        });
    }

    /// Writes raw text.
    pub(super) fn raw(&mut self, text: &[u8]) {
        self.text.extend_from_slice(text);
    }

    /// Writes raw JSON without the line ends between its tokens.
    pub(super) fn json(&mut self, raw: &[u8]) {
        if memchr::memchr2(b'\n', b'\r', raw).is_none() {
            return self.raw(raw);
        }
        let (mut in_string, mut is_escaped) = (false, false);
        for byte in raw {
            if in_string {
                in_string = is_escaped || *byte != b'"';
                is_escaped = !is_escaped && *byte == b'\\';
            } else if byte.is_ascii_whitespace() {
                continue;
            } else {
                in_string = *byte == b'"';
            }
            self.text.push(*byte);
        }
    }

    /// Writes bytes as a JSON string; bytes that are no UTF-8 stay as they are.
    pub(super) fn quoted(&mut self, text: &[u8]) {
        self.text.push(b'"');
        self.escaped(text);
        self.text.push(b'"');
    }

    fn escaped(&mut self, mut text: &[u8]) {
        while let Some(at) = first_special(text) {
            let (plain, rest) = text.split_at(at);
            self.raw(plain);
            let Some((byte, rest)) = rest.split_first() else {
                break;
            };
            text = rest;
            match *byte {
                b'"' => self.raw(b"\\\""),
                b'\\' => self.raw(b"\\\\"),
                b'\n' => self.raw(b"\\n"),
                b'\r' => self.raw(b"\\r"),
                b'\t' => self.raw(b"\\t"),
                0..=0x1f => {
                    let escape = format!("\\u{byte:04x}");
                    self.raw(escape.as_bytes());
                }
                other => self.text.push(other),
            }
        }
        self.raw(text);
    }

    /// Takes back what was written of the line.
    pub(super) fn undo(&mut self) {
        self.text.truncate(self.start);
    }

    /// Writes bytes: as a JSON string where they are UTF-8, else as `{"$binary":"base64"}`.
    pub(super) fn bytes(&mut self, bytes: &[u8]) {
        if std::str::from_utf8(bytes).is_ok() {
            self.quoted(bytes);
        } else {
            self.binary(bytes);
        }
    }

    /// Writes bytes as `{"$binary":"base64"}`.
    pub(super) fn binary(&mut self, bytes: &[u8]) {
        self.raw(b"{\"$binary\":\"");
        self.raw(STANDARD.encode(bytes).as_bytes());
        self.raw(b"\"}");
    }

    /// Begins a member: a comma where one is needed, its key and a colon.
    pub(super) fn key(&mut self, key: &[u8]) {
        if !matches!(self.text.last(), None | Some(b'{' | b'\n')) {
            self.text.push(b',');
        }
        self.quoted(key);
        self.text.push(b':');
    }

    /// Begins a member by its key as it stands in JSON, quotes and all.
    pub(super) fn raw_key(&mut self, quoted: &[u8]) {
        if !matches!(self.text.last(), None | Some(b'{' | b'\n')) {
            self.text.push(b',');
        }
        self.json(quoted);
        self.text.push(b':');
    }

    /// Writes a member whose value is raw JSON.
    pub(super) fn member(&mut self, key: &str, raw: &[u8]) {
        self.key(key.as_bytes());
        self.json(raw);
    }

    /// Writes a member whose value is a text.
    pub(super) fn text_member(&mut self, key: &str, text: &str) {
        self.key(key.as_bytes());
        self.quoted(text.as_bytes());
    }

    /// Ends the line; one that is too long for a record is left out.
    pub(super) fn end(&mut self) {
        if (self.text.len() - self.start) as u64 > MAX_RECORD {
            self.text.truncate(self.start);
            self.lost(
                "line-too-long",
                "the record is longer than 64 MiB and was left out",
            );
            return;
        }
        self.text.push(b'\n');
        self.n_written += 1;
        self.start = self.text.len();
    }
}

/// Where the first byte stands that cannot stand in a JSON string as it is, found eight at a time.
fn first_special(text: &[u8]) -> Option<usize> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const HIGHS: u64 = 0x8080_8080_8080_8080;
    // The high bit of each byte of `word` that is less than `bound`, at most 128; bytes above one that is
    // less may be marked too, but never below it.
    let less = |word: u64, bound: u64| word.wrapping_sub(ONES * bound) & !word & HIGHS;
    let is_special = |byte: &u8| *byte < 0x20 || matches!(*byte, b'"' | b'\\');
    let (eights, rest) = text.as_chunks::<8>();
    for (nr, eight) in eights.iter().enumerate() {
        let word = u64::from_le_bytes(*eight);
        let quote = less(word ^ (ONES * u64::from(b'"')), 1);
        let backslash = less(word ^ (ONES * u64::from(b'\\')), 1);
        let found = less(word, 0x20) | quote | backslash;
        if found != 0 {
            return Some(nr * 8 + found.trailing_zeros() as usize / 8);
        }
    }
    let at = rest.iter().position(is_special)?;
    Some(text.len() - rest.len() + at)
}

#[cfg(test)]
impl Lines {
    /// All that was written, and the kinds of what was noted.
    pub(super) fn told(mut self) -> (String, Vec<&'static str>) {
        let kinds = self.take_notes().into_iter().map(|note| match note {
            Note::Lost { kind, .. } | Note::Flawed { kind, .. } | Note::Broken { kind, .. } => kind,
        });
        let kinds = kinds.collect();
        (String::from_utf8_lossy(&self.text).into_owned(), kinds)
    }
}

#[cfg(test)]
mod tests {
    use super::first_special;
    use proptest::collection::vec;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn eight_at_a_time_find_what_one_at_a_time_do(text in vec(prop_oneof![
            4 => any::<u8>(), 1 => Just(b'"'), 1 => Just(b'\\'), 1 => Just(0x1f), 9 => b' '..=b'~',
        ], 0..40)) {
            let is_special = |byte: &u8| *byte < 0x20 || matches!(*byte, b'"' | b'\\');
            prop_assert_eq!(first_special(&text), text.iter().position(is_special));
        }
    }
}
