//! What `kcat -f` prints by a pattern that the file does not hold: topic, partition and offset are
//! found by how they stand together, the value is the rest of the line behind its word or from its first
//! brace on.

use std::io;
use std::sync::LazyLock;

use regex::bytes::Regex;

use super::Message;
use super::console::headers_of;
use crate::source::container::input::Input;
use crate::source::container::turned::{Lines, Turner};

/// The longest message.
const MAX_TEXT: usize = 64 << 20;
/// How far into a line its beginning may reach.
const MAX_HEAD: usize = 1 << 14;

/// `orders[0]@7`, `orders [0] at offset 7`, `orders [0]: 7`.
static PLACE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"([A-Za-z0-9._-]+) ?\[(\d{1,9})\](?:@|:| at offset | offset |: ?)\s?(\d{1,18})")
        .ok()
});
static KEY: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)\bkey ?(?:\(-?\d+(?: bytes)?\))?(?:[=:] ?| )").ok());
static HEADERS: LazyLock<Option<Regex>> =
    LazyLock::new(|| Regex::new(r"(?i)\bheaders?[=:] ?").ok());
static VALUE: LazyLock<Option<Regex>> = LazyLock::new(|| {
    Regex::new(r"(?i)\b(?:value|payload|msg|message) ?(?:\((-?\d+)(?: bytes)?\))?[=:] ?").ok()
});
static TIME: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"\b(1\d{12})\b").ok());

/// Whether the lines of a text are such.
pub(in crate::source) struct Pattern;

impl Pattern {
    /// The pattern of a text's beginning: where nine lines of ten name a place and have a key or a value.
    pub(in crate::source) fn of(head: &[u8]) -> Option<Self> {
        if head.starts_with(b"{") || head.starts_with(b"[") || head.contains(&0) {
            return None;
        }
        let (mut n_lines, mut n_fit) = (0, 0);
        let mut lines = head.split(|byte| *byte == b'\n').collect::<Vec<_>>();
        if lines.len() > 1 {
            lines.pop();
        }
        for line in lines.into_iter().take(50).filter(|line| !line.is_empty()) {
            n_lines += 1;
            let message = message(line);
            n_fit += usize::from(
                message.is_some_and(|message| message.key.is_some() || message.value.is_some()),
            );
        }
        (n_lines > 0 && n_fit * 10 >= n_lines * 9).then_some(Self)
    }
}

/// A line as a message; `None` where it names no place.
fn message(line: &[u8]) -> Option<Message<'_>> {
    let head = line.get(..MAX_HEAD).unwrap_or(line);
    let at = PLACE.as_ref()?.captures(head)?;
    let text = |n: usize| std::str::from_utf8(at.get(n)?.as_bytes()).ok();
    let place_end = at.get(0)?.end();
    let value = VALUE.as_ref()?.captures_at(head, place_end);
    let named = value.as_ref().and_then(|value| value.get(0));
    let brace = memchr::memchr(b'{', head.get(place_end..)?).map(|at| place_end + at);
    let (before, from) = match (named, brace) {
        (Some(named), brace) if brace.is_none_or(|brace| named.start() < brace) => {
            (named.start(), Some(named.end()))
        }
        (_, Some(brace)) => (brace, Some(brace)),
        _ => (head.len(), None),
    };
    let size = value
        .as_ref()
        .and_then(|value| value.get(1))
        .map(|size| size.as_bytes());
    let is_none = size == Some(b"-1");
    let middle = head.get(..before)?;
    let key = KEY
        .as_ref()?
        .find_at(middle, place_end)
        .map(|found| found.end());
    let headers = HEADERS.as_ref()?.find_at(middle, place_end);
    let key_end = headers
        .filter(|headers| Some(headers.start()) > key)
        .map_or(before, |headers| headers.start());
    let key_bytes = key.and_then(|key| middle.get(key..key_end)).map(bare);
    let header_bytes = headers
        .and_then(|headers| middle.get(headers.end()..))
        .map(bare);
    let time = TIME
        .as_ref()?
        .find(middle)
        .and_then(|time| std::str::from_utf8(time.as_bytes()).ok());
    Some(Message {
        topic: text(1),
        partition: text(2).and_then(|text| text.parse().ok()),
        offset: text(3).and_then(|text| text.parse().ok()),
        timestamp: time.and_then(|time| time.parse().ok()),
        timestamp_type: if time.is_some() { "unknown" } else { "none" },
        key: key_bytes.filter(|key| !key.is_empty() && *key != b"NULL"),
        value: from.and_then(|from| line.get(from..)).filter(|_| !is_none),
        headers: header_bytes.map(headers_of).unwrap_or_default(),
    })
}

/// Without the signs that stand between two parts.
fn bare(bytes: &[u8]) -> &[u8] {
    let n_signs = bytes
        .iter()
        .rev()
        .take_while(|byte| b" ,;\t:|".contains(byte))
        .count();
    bytes.get(..bytes.len() - n_signs).unwrap_or_default()
}

/// Messages on their way.
pub(in super::super) struct Patterned(Input);

impl Patterned {
    pub(in super::super) fn new(input: Input) -> Self {
        Self(input)
    }
}

impl Turner for Patterned {
    fn turn(&mut self, lines: &mut Lines) -> io::Result<bool> {
        let Some((len, ends)) = self.0.line(MAX_TEXT)? else {
            lines.lost(
                "line-too-long",
                "the line is longer than 64 MiB and was left out",
            );
            self.0.skip_line()?;
            return Ok(true);
        };
        let line = self.0.rest().get(..len).unwrap_or_default();
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if !line.is_empty() {
            match message(line) {
                Some(message) => message.write(lines),
                None => lines.lost(
                    "not-a-message",
                    "this line is not of the pattern of the others",
                ),
            }
        }
        self.0.skip(len + usize::from(ends));
        Ok(ends)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_usual_patterns_are_taken_apart() {
        for line in [
            &b"1709280000000 orders[0]@7 key=order-1 headers=event-type=Placed,cause=NULL value(8)={\"a\": 1}"[..],
            b"Topic orders [0] at offset 7: ts 1709280000000, key order-1 headers: event-type=Placed payload={\"a\": 1}",
        ] {
            let message = message(line).unwrap();
            assert_eq!((message.topic, message.partition, message.offset), (Some("orders"), Some(0), Some(7)));
            assert_eq!(message.timestamp, Some(1_709_280_000_000));
            assert_eq!(message.value, Some(&b"{\"a\": 1}"[..]));
            assert_eq!(message.headers.first(), Some(&(&b"event-type"[..], Some(&b"Placed"[..]))));
        }
        assert!(Pattern::of(b"INFO [1] started\nWARN [2] x\n").is_none());
    }
}
