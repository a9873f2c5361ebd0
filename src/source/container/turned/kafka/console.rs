//! What `kafka-console-consumer` prints: columns between tabs, the first saying when.
//!
//! Which of headers and key stand before the value is not written anywhere: it is told by how many
//! columns there are, and by how they look.

use std::io;

use super::Message;
use crate::source::container::input::Input;
use crate::source::container::turned::{Lines, Turner};

/// The longest message.
const MAX_TEXT: usize = 64 << 20;

/// Whether a text begins as such.
pub(in crate::source) fn is_console(head: &[u8]) -> bool {
    time_of(head.split(|byte| *byte == b'\t').next().unwrap_or_default()).is_some()
        && head.contains(&b'\t')
}

/// The kind of time and the time itself, of the first column.
fn time_of(column: &[u8]) -> Option<(&'static str, Option<i64>)> {
    if column == b"NO_TIMESTAMP" {
        return Some(("none", None));
    }
    for (name, kind) in [
        ("CreateTime:", "CreateTime"),
        ("LogAppendTime:", "LogAppendTime"),
    ] {
        if let Some(digits) = column.strip_prefix(name.as_bytes()) {
            return Some((kind, Some(number(digits)?)));
        }
    }
    None
}

fn number(digits: &[u8]) -> Option<i64> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// What stands in the columns behind the named ones.
#[derive(Clone, Copy, Debug, Default)]
struct Columns {
    has_headers: bool,
    has_key: bool,
}

/// Messages on their way.
pub(in super::super) struct Console {
    input: Input,
    columns: Option<Columns>,
    /// The message whose value may go on in the next line.
    open: Vec<u8>,
}

impl Console {
    pub(in super::super) fn new(input: Input) -> Self {
        Self {
            input,
            columns: None,
            open: Vec::new(),
        }
    }

    fn write(&mut self, lines: &mut Lines) {
        let text = std::mem::take(&mut self.open);
        if text.is_empty() {
            return;
        }
        match message(&text, self.columns.unwrap_or_default()) {
            Some(message) => message.write(lines),
            None => lines.lost(
                "not-a-message",
                "this line is no message of the console consumer",
            ),
        }
    }
}

/// The named columns of a message, and what follows them.
fn named<'a>(text: &'a [u8], message: &mut Message<'a>) -> Option<&'a [u8]> {
    let (first, mut rest) = cut(text)?;
    let (kind, time) = time_of(first)?;
    (message.timestamp_type, message.timestamp) = (kind, time);
    loop {
        let Some((column, tail)) = cut(rest) else {
            return Some(rest);
        };
        let known = [
            (&b"Partition:"[..], &mut message.partition),
            (b"Offset:", &mut message.offset),
        ];
        let mut is_named = column
            .strip_prefix(b"Delivery:")
            .or_else(|| column.strip_prefix(b"Epoch:"))
            .and_then(number)
            .is_some();
        for (name, slot) in known {
            if let Some(number) = column.strip_prefix(name).and_then(number) {
                *slot = Some(number);
                is_named = true;
            }
        }
        if !is_named {
            return Some(rest);
        }
        rest = tail;
    }
}

fn cut(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let at = memchr::memchr(b'\t', text)?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

fn message(text: &[u8], columns: Columns) -> Option<Message<'_>> {
    let mut message = Message::default();
    let mut rest = named(text, &mut message)?;
    if columns.has_headers {
        let (headers, tail) = cut(rest)?;
        message.headers = headers_of(headers);
        rest = tail;
    }
    if columns.has_key {
        let (key, tail) = cut(rest)?;
        message.key = Some(key).filter(|key| *key != b"null");
        rest = tail;
    }
    message.value = Some(rest).filter(|value| *value != b"null");
    Some(message)
}

/// `a:b,c:d`; a value may hold colons, and a comma before what is no name.
pub(super) fn headers_of(text: &[u8]) -> Vec<(&[u8], Option<&[u8]>)> {
    if text == b"NO_HEADERS" || text.is_empty() {
        return Vec::new();
    }
    let pairs = text.split(|byte| *byte == b',').filter_map(|pair| {
        let at = memchr::memchr2(b':', b'=', pair)?;
        let value = pair
            .get(at + 1..)
            .filter(|value| !matches!(*value, b"null" | b"NULL"));
        Some((pair.get(..at)?, value))
    });
    pairs.collect()
}

/// Which columns there are, by the first messages.
fn columns_of(head: &[u8]) -> Columns {
    let (mut fewest, mut all_headers) = (usize::MAX, true);
    let lines = head.split(|byte| *byte == b'\n').take(200);
    for line in lines {
        let Some(rest) = named(line, &mut Message::default()) else {
            continue;
        };
        fewest = fewest.min(memchr::memchr_iter(b'\t', rest).count());
        let first = cut(rest).map_or(rest, |(first, _)| first);
        all_headers &= first == b"NO_HEADERS"
            || (memchr::memchr(b':', first).is_some_and(|at| at > 0)
                && !first.starts_with(b"{")
                && !first.starts_with(b"\""));
    }
    match fewest {
        0 | usize::MAX => Columns::default(),
        1 => Columns {
            has_headers: all_headers,
            has_key: !all_headers,
        },
        _ => Columns {
            has_headers: all_headers,
            has_key: true,
        },
    }
}

impl Turner for Console {
    fn turn(&mut self, lines: &mut Lines) -> io::Result<bool> {
        if self.columns.is_none() {
            self.input.need(1 << 16)?;
            self.columns = Some(columns_of(self.input.rest()));
        }
        let Some((len, ends)) = self.input.line(MAX_TEXT)? else {
            lines.lost(
                "line-too-long",
                "the message is longer than 64 MiB and was left out",
            );
            self.input.skip_line()?;
            return Ok(true);
        };
        let line = self.input.rest().get(..len).unwrap_or_default();
        let line = line.strip_suffix(b"\r").unwrap_or(line).to_vec();
        self.input.skip(len + usize::from(ends));
        let begins = line
            .split(|byte| *byte == b'\t')
            .next()
            .and_then(time_of)
            .is_some();
        // How many messages there were is said at the end.
        let is_sum = line.starts_with(b"Processed a total of ");
        if begins || is_sum || self.open.len() + line.len() > MAX_TEXT {
            self.write(lines);
        }
        if begins {
            self.open = line;
        } else if !is_sum && !self.open.is_empty() && (ends || !line.is_empty()) {
            self.open.push(b'\n');
            self.open.extend_from_slice(&line);
        }
        if !ends {
            self.write(lines);
        }
        Ok(ends)
    }
}
