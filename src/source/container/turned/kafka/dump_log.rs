//! What `kafka-dump-log --print-data-log` prints. Of headers it prints the names only.
//!
//! Keys and values are cut by their sizes, for they may hold anything; where the sizes do not fit, as
//! with bytes that are no text, the line's end is theirs.

use std::io;

use super::{Message, topic_of};
use crate::source::container::input::Input;
use crate::source::container::turned::{Lines, Turner};

/// The longest message.
const MAX_TEXT: usize = 64 << 20;

/// Whether a text begins as such.
pub(in crate::source) fn is_dump(head: &[u8]) -> bool {
    head.starts_with(b"Dumping ")
        && memchr::memmem::find(head, b"tarting offset: ").is_some_and(|at| at < 4096)
}

/// Messages on their way.
pub(in super::super) struct DumpLog {
    input: Input,
    topic: Option<(String, i64)>,
}

impl DumpLog {
    pub(in super::super) fn new(input: Input) -> Self {
        Self { input, topic: None }
    }

    /// A line that tells of a record; how long it is with its value.
    fn record(&mut self, len: usize, lines: &mut Lines) -> io::Result<usize> {
        let line = self.input.rest().get(..len).unwrap_or_default();
        let head_len = memchr::memmem::find(line, b" key: ")
            .or_else(|| memchr::memmem::find(line, b" payload: "))
            .unwrap_or(len);
        let line = line.get(..head_len).unwrap_or_default().to_vec();
        let head = String::from_utf8_lossy(&line).to_lowercase();
        let size = |name| usize::try_from(number_after(&head, name)?).ok();
        let (key_size, value_size) = (size("keysize: "), size("valuesize: "));
        let wanted = head_len
            + key_size
                .unwrap_or(0)
                .saturating_add(value_size.unwrap_or(0))
                .saturating_add(64);
        self.input.need(wanted.min(MAX_TEXT))?;
        let rest = self.input.rest();
        let mut at = head_len;
        let key = part(rest, &mut at, b" key: ", key_size, len, b" payload: ");
        let value = part(rest, &mut at, b" payload: ", value_size, len, b"");
        let (kind, time) = match (
            number_after(&head, "createtime: "),
            number_after(&head, "logappendtime: "),
        ) {
            (_, Some(time)) => ("LogAppendTime", Some(time)),
            (time, None) => ("CreateTime", time),
        };
        if head.contains("endtxnmarker: ") {
            return Ok(len);
        }
        let names = head_names(&line);
        Message {
            topic: self.topic.as_ref().map(|(topic, _)| topic.as_str()),
            partition: self.topic.as_ref().map(|(_, partition)| *partition),
            offset: number_after(&head, "offset: "),
            timestamp: time.filter(|time| *time >= 0),
            timestamp_type: if time.is_some() { kind } else { "none" },
            key,
            value,
            headers: names.into_iter().map(|name| (name, None)).collect(),
        }
        .write(lines);
        Ok(at.max(len))
    }
}

/// What stands behind a word, `size` bytes of it where the line, or `next`, goes on there.
fn part<'a>(
    rest: &'a [u8],
    at: &mut usize,
    word: &[u8],
    size: Option<usize>,
    line: usize,
    next: &[u8],
) -> Option<&'a [u8]> {
    let from = *at + word.len();
    if !rest.get(*at..)?.starts_with(word) {
        return None;
    }
    let fits = |end: &usize| {
        let behind = rest.get(*end..).unwrap_or_default();
        matches!(behind, [] | [b'\n', ..] | [b'\r', b'\n', ..])
            || (!next.is_empty() && behind.starts_with(next))
    };
    let by_size = size
        .map(|size| from.saturating_add(size))
        .filter(|end| *end <= rest.len())
        .filter(fits);
    let end = by_size.unwrap_or_else(|| {
        let inside = rest.get(from..line).unwrap_or_default();
        let stop = (!next.is_empty())
            .then(|| memchr::memmem::find(inside, next))
            .flatten();
        from + stop.unwrap_or(inside.len())
    });
    *at = end;
    rest.get(from..end)
}

fn number_after(head: &str, name: &str) -> Option<i64> {
    let at = head.find(name)? + name.len();
    let rest = head.get(at..)?;
    let end = rest
        .find(|c: char| c != '-' && !c.is_ascii_digit())
        .unwrap_or(rest.len());
    rest.get(..end)?.parse().ok()
}

/// The names of headers, `headerKeys: [a,b]`.
fn head_names(head: &[u8]) -> Vec<&[u8]> {
    let Some(at) = memchr::memmem::find(head, b"headerKeys: [") else {
        return Vec::new();
    };
    let rest = head.get(at + 13..).unwrap_or_default();
    let end = memchr::memchr(b']', rest).unwrap_or(rest.len());
    let names = rest
        .get(..end)
        .unwrap_or_default()
        .split(|byte| *byte == b',');
    names.filter(|name| !name.is_empty()).collect()
}

impl Turner for DumpLog {
    fn turn(&mut self, lines: &mut Lines) -> io::Result<bool> {
        let Some((len, ends)) = self.input.line(MAX_TEXT)? else {
            lines.lost(
                "line-too-long",
                "the line is longer than 64 MiB and was left out",
            );
            self.input.skip_line()?;
            return Ok(true);
        };
        let line = self.input.rest().get(..len).unwrap_or_default();
        if let Some(path) = line.strip_prefix(b"Dumping ") {
            let path = String::from_utf8_lossy(path);
            let mut steps = path.trim().rsplit(['/', '\\']);
            steps.next();
            self.topic = steps.next().and_then(topic_of);
        }
        let is_record = line.starts_with(b"| offset: ") || line.starts_with(b"offset: ");
        let taken = if is_record {
            self.record(len, lines)?
        } else {
            len
        };
        self.input.skip(taken);
        if self.input.rest().starts_with(b"\r") {
            self.input.skip(1);
        }
        if self.input.need(1)? && self.input.rest().starts_with(b"\n") {
            self.input.skip(1);
        }
        Ok(ends || !self.input.rest().is_empty())
    }
}
