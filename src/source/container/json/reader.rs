//! Reads single records of a JSON log by their byte offset.

use super::record::Slots;
use super::{CHUNK, LineIndex, MAX_RECORD, bare};
use crate::event::json::{JsonError, scan};
use crate::event::{EventDetail, EventReader, Place, ReadError, Want};
use crate::source::bound::Bound;
use crate::source::bytes::Bytes;
use crate::source::detail::{detail, roles_for};
use crate::source::format::StoreFormat;
use std::sync::Arc;

/// Reads records again where the scan found them.
pub(super) struct JsonReader {
    pub(super) bytes: Bytes,
    pub(super) is_lines: bool,
    pub(super) format: StoreFormat,
    pub(super) index: Arc<LineIndex>,
    pub(super) name: String,
}

/// The part of the file that is held while records are read.
#[derive(Default)]
struct Window {
    start: u64,
    bytes: Vec<u8>,
    is_at_end: bool,
}

impl Window {
    fn from(&self, offset: u64) -> Option<&[u8]> {
        let skip = usize::try_from(offset.checked_sub(self.start)?).ok()?;
        self.bytes.get(skip..).filter(|rest| !rest.is_empty())
    }

    fn fill(&mut self, bytes: &Bytes, offset: u64, len: usize) -> Result<(), ReadError> {
        self.bytes.resize(len, 0);
        let count = bytes.read_at(&mut self.bytes, offset).map_err(|error| {
            ReadError(format!("the file cannot be read at byte {offset}: {error}"))
        })?;
        self.bytes.truncate(count);
        self.start = offset;
        self.is_at_end = count < len;
        Ok(())
    }
}

/// Where line numbers were counted to.
#[derive(Default)]
struct LineCount {
    offset: u64,
    n_ends: u64,
}

impl EventReader for JsonReader {
    fn read(
        &self,
        places: &[Place],
        want: Want,
        each: &mut dyn FnMut(usize, Result<EventDetail, ReadError>) -> bool,
    ) {
        let mut bound = Bound::new(&self.format, roles_for(want));
        if want.is_whole() {
            bound = bound.with_extra(&self.format, std::iter::empty());
        }
        let (mut window, mut lines) = (Window::default(), LineCount::default());
        // A single record should not cost a large read.
        let first_read = if places.len() > 8 { CHUNK } else { 1 << 13 };
        for (n, place) in places.iter().enumerate() {
            let offset = u64::try_from(place.at).unwrap_or(u64::MAX);
            let event = self.read_at(offset, first_read, &bound, want, &mut window, &mut lines);
            if !each(n, event) {
                return;
            }
        }
    }

    fn marks_json(&self) -> bool {
        self.format.json_flag.is_some()
    }
}

impl JsonReader {
    fn read_at(
        &self,
        offset: u64,
        first_read: usize,
        bound: &Bound,
        want: Want,
        window: &mut Window,
        lines: &mut LineCount,
    ) -> Result<EventDetail, ReadError> {
        let mut len = first_read;
        let end = loop {
            if let Some(text) = window.from(offset)
                && let Some(end) = self.record_end(text, window.is_at_end)
            {
                break end;
            }
            if len as u64 > MAX_RECORD * 2 || (window.is_at_end && window.start == offset) {
                return Err(gone(offset));
            }
            window.fill(&self.bytes, offset, len)?;
            len *= 4;
        };
        let text = window
            .from(offset)
            .and_then(|text| text.get(..end))
            .ok_or_else(|| gone(offset))?;
        let record = bare(text);
        let slots =
            Slots::read(record, &bound.columns).map_err(|why| gone_because(offset, &why))?;
        let mut event = detail(&self.format, bound, |at| slots.get(at), want);
        if want.is_whole() {
            event.source = format!("{}:{}", self.name, self.line_number(offset, lines)?);
        }
        Ok(event)
    }

    fn record_end(&self, text: &[u8], is_at_end: bool) -> Option<usize> {
        if self.is_lines {
            return memchr::memchr(b'\n', text).or_else(|| is_at_end.then_some(text.len()));
        }
        match scan::value_end(text, 0) {
            Ok(end) => Some(end),
            Err(JsonError::Ends { .. }) if !is_at_end => None,
            Err(_) => Some(text.len()),
        }
    }

    fn line_number(&self, offset: u64, lines: &mut LineCount) -> Result<u64, ReadError> {
        let (n_ends, from) = self.index.before(offset);
        if lines.offset > offset || lines.offset < from {
            *lines = LineCount {
                offset: from,
                n_ends,
            };
        }
        let mut buffer = vec![
            0;
            usize::try_from(offset - lines.offset)
                .unwrap_or(0)
                .min(CHUNK)
        ];
        while lines.offset < offset {
            let wanted = usize::try_from(offset - lines.offset)
                .unwrap_or(CHUNK)
                .min(CHUNK);
            let part = buffer.get_mut(..wanted).unwrap_or_default();
            let count = self
                .bytes
                .read_at(part, lines.offset)
                .map_err(|why| gone_because(offset, &why))?;
            if count == 0 {
                return Err(gone(offset));
            }
            let read = part.get(..count).unwrap_or_default();
            lines.n_ends += memchr::memchr_iter(b'\n', read).count() as u64;
            lines.offset += count as u64;
        }
        Ok(lines.n_ends + 1)
    }
}

fn gone(offset: u64) -> ReadError {
    ReadError(format!(
        "there is no record at byte {offset} any more; the file was changed"
    ))
}

fn gone_because(offset: u64, why: &dyn std::error::Error) -> ReadError {
    ReadError(format!(
        "there is no record at byte {offset} any more: {why}"
    ))
}
