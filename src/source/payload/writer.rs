//! JSON text written value by value, whatever the encoding that it is read from.
//!
//! Commas, colons and what becomes of keys that are no texts are settled here, and so are the limits:
//! no text grows beyond [`MAX_INFLATED`] and none is nested deeper than [`MAX_NESTING`]. The writer
//! also notes what a guess needs: whether what was read makes sense to people.

use std::fmt::Write as _;
use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::unpack::MAX_INFLATED;
use crate::event::json::{quote, scan};

/// How deep values may be nested; as deep as SQLite's own JSON.
const MAX_NESTING: usize = 1000;

/// JSON text in the making; every method is `None` where a limit is reached.
#[derive(Debug, Default)]
pub(super) struct JsonWriter {
    out: String,
    open: Vec<Open>,
    /// Where the value that was completed last stands.
    last: Range<usize>,
    last_was_quoted: bool,
    has_words: bool,
    has_oddities: bool,
}

#[derive(Debug)]
struct Open {
    is_object: bool,
    n_values: u64,
    starts_at: usize,
}

/// What was written.
#[derive(Debug)]
pub(super) struct Written {
    /// Valid JSON.
    pub(super) text: String,
    /// Whether it is an object or array that people would write: it says a word, all keys are words,
    /// and no text has control characters in it. Bytes that stand for something else hardly ever
    /// come out like that; a list of numbers does, and so does nothing.
    pub(super) is_plausible: bool,
}

/// Whether text has no control characters but line ends and tabs.
pub(super) fn is_printable(text: &str) -> bool {
    !text
        .chars()
        .any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
}

impl JsonWriter {
    /// Whether the next value is a key.
    pub(super) fn wants_key(&self) -> bool {
        let open = self.open.last();
        open.is_some_and(|open| open.is_object && open.n_values.is_multiple_of(2))
    }

    /// Whether one whole value has been written.
    pub(super) fn is_done(&self) -> bool {
        self.open.is_empty() && !self.out.is_empty()
    }

    /// Where the value that was completed last stands, and whether it was made a key by quoting it.
    pub(super) fn last(&self) -> (Range<usize>, bool) {
        (self.last.clone(), self.last_was_quoted)
    }

    fn begin(&mut self) -> Option<usize> {
        if self.is_done() {
            return None;
        }
        if let Some(open) = self.open.last_mut() {
            if open.n_values > 0 {
                let is_value = open.is_object && !open.n_values.is_multiple_of(2);
                self.out.push(if is_value { ':' } else { ',' });
            }
            open.n_values += 1;
        }
        Some(self.out.len())
    }

    /// Completes the value that begins at `start`; a key that is no text becomes one.
    fn end(&mut self, start: usize) -> Option<()> {
        let open = self.open.last();
        let is_key = open.is_some_and(|open| open.is_object && !open.n_values.is_multiple_of(2));
        self.last_was_quoted = is_key && !self.out.get(start..)?.starts_with('"');
        if self.last_was_quoted {
            self.has_oddities = true;
            let text = self.out.split_off(start);
            quote(&text, &mut self.out);
        }
        self.last = start..self.out.len();
        (self.out.len() as u64 <= MAX_INFLATED).then_some(())
    }

    /// Begins an object or an array.
    pub(super) fn open(&mut self, is_object: bool) -> Option<()> {
        if self.open.len() >= MAX_NESTING {
            return None;
        }
        let starts_at = self.begin()?;
        self.out.push(if is_object { '{' } else { '[' });
        self.open.push(Open {
            is_object,
            n_values: 0,
            starts_at,
        });
        Some(())
    }

    /// Ends the innermost; `None` also where a key lacks its value.
    pub(super) fn close(&mut self) -> Option<()> {
        let open = self.open.pop()?;
        if open.is_object && !open.n_values.is_multiple_of(2) {
            return None;
        }
        self.out.push(if open.is_object { '}' } else { ']' });
        self.end(open.starts_at)
    }

    /// A number, `true`, `false` or `null` as JSON writes it.
    pub(super) fn token(&mut self, token: &str) -> Option<()> {
        let start = self.begin()?;
        self.out.push_str(token);
        self.end(start)
    }

    /// A number, where `text` is one.
    pub(super) fn number(&mut self, text: &str) -> Option<()> {
        is_number(text).then_some(())?;
        self.token(text)
    }

    /// A whole number.
    pub(super) fn whole(&mut self, number: i128) -> Option<()> {
        let start = self.begin()?;
        write!(self.out, "{number}").ok()?;
        self.end(start)
    }

    /// The shortest text that reads as the same number; `NaN` and the infinities are texts.
    pub(super) fn float(&mut self, number: f64) -> Option<()> {
        if number.is_finite() {
            self.token(&format!("{number:?}"))
        } else {
            self.infinite(number)
        }
    }

    /// As [`Self::float`]: the shortest text that reads as the same number of half the width.
    pub(super) fn short_float(&mut self, number: f32) -> Option<()> {
        if number.is_finite() {
            self.token(&format!("{number:?}"))
        } else {
            self.infinite(f64::from(number))
        }
    }

    fn infinite(&mut self, number: f64) -> Option<()> {
        self.token(match number {
            f64::INFINITY => "\"Infinity\"",
            f64::NEG_INFINITY => "\"-Infinity\"",
            _ => "\"NaN\"",
        })
    }

    /// A text.
    pub(super) fn text(&mut self, text: &str) -> Option<()> {
        self.note(text);
        let start = self.begin()?;
        quote(text, &mut self.out);
        self.end(start)
    }

    /// A text with JSON's escapes in it; `None` where they are wrong.
    pub(super) fn escaped(&mut self, inner: &str) -> Option<()> {
        self.note(inner);
        self.has_oddities |= inner.contains("\\u000") || inner.contains("\\u001");
        let start = self.begin()?;
        self.out.push('"');
        self.out.push_str(inner);
        self.out.push('"');
        let written = self.out.get(start..)?.as_bytes();
        (scan::value_end(written, 0).ok()? == written.len()).then_some(())?;
        self.end(start)
    }

    fn note(&mut self, text: &str) {
        let is_word = text.len() >= if self.wants_key() { 1 } else { 3 };
        self.has_words |= is_word;
        self.has_oddities |= !is_printable(text) || (self.wants_key() && !is_word);
    }

    /// Bytes, as `{"$binary":"base64"}`.
    pub(super) fn binary(&mut self, bytes: &[u8]) -> Option<()> {
        self.labelled_binary("", bytes)
    }

    /// As [`Self::binary`], of bytes that are base64 already; `None` where they are not.
    pub(super) fn binary_of(&mut self, base64: &str) -> Option<()> {
        self.binary(&STANDARD.decode(base64).ok()?)
    }

    /// Bytes of a type that only the writer's program knows: `{"$ext":5,"$binary":"base64"}`.
    pub(super) fn extension(&mut self, kind: i8, bytes: &[u8]) -> Option<()> {
        self.labelled_binary(&format!("\"$ext\":{kind},"), bytes)
    }

    /// Text that should be UTF-8 and is not, as its bytes.
    pub(super) fn broken_text(&mut self, bytes: &[u8]) -> Option<()> {
        self.has_oddities = true;
        self.binary(bytes)
    }

    fn labelled_binary(&mut self, label: &str, bytes: &[u8]) -> Option<()> {
        let start = self.begin()?;
        self.out.push('{');
        self.out.push_str(label);
        self.out.push_str("\"$binary\":\"");
        STANDARD.encode_string(bytes, &mut self.out);
        self.out.push_str("\"}");
        self.end(start)
    }

    /// What stands at `range` once more; as much as fits.
    pub(super) fn again(&mut self, range: Range<usize>) -> Option<()> {
        if (self.out.len() + range.len()) as u64 > MAX_INFLATED {
            return None;
        }
        let value = self.out.get(range)?.to_owned();
        self.token(&value)
    }

    /// The text; `None` where it is not one whole value.
    pub(super) fn finish(self) -> Option<Written> {
        let is_whole = self.is_done();
        let is_container = self.out.starts_with(['{', '[']);
        is_whole.then_some(Written {
            is_plausible: is_container && self.has_words && !self.has_oddities,
            text: self.out,
        })
    }
}

/// Whether a text is a number as JSON writes it.
pub(super) fn is_number(text: &str) -> bool {
    text.starts_with(|c: char| c == '-' || c.is_ascii_digit())
        && scan::value_end(text.as_bytes(), 0).is_ok_and(|end| end == text.len())
}
