//! Reads single rows by their byte offset.

use std::sync::Arc;

use super::lines::Lines;
use super::record::Slots;
use super::split::{Dialect, Extent, Span};
use super::walk::{At, PIECE};
use crate::event::{EventDetail, EventReader, Place, ReadError, Want};
use crate::source::bound::Bound;
use crate::source::bytes::Bytes;
use crate::source::container::json::MAX_RECORD;
use crate::source::detail::{detail, roles_for};
use crate::source::format::StoreFormat;

/// How much is read for a single row.
const SINGLE: usize = 1 << 13;

/// Reads rows again where the scan found them.
pub(super) struct RowReader {
    pub(super) bytes: Bytes,
    pub(super) dialect: Dialect,
    pub(super) names: Arc<[String]>,
    pub(super) format: StoreFormat,
    pub(super) lines: Arc<Lines>,
    pub(super) file: String,
}

/// What is kept from one row to the next.
struct Reading {
    bound: Bound,
    slots: Slots,
    spans: Vec<Span>,
    /// The part of the text that is held, and where it begins.
    held: Vec<u8>,
    start: u64,
    is_end: bool,
    /// The line that was counted last.
    counted: At,
}

impl EventReader for RowReader {
    fn read(
        &self,
        places: &[Place],
        want: Want,
        each: &mut dyn FnMut(usize, Result<EventDetail, ReadError>) -> bool,
    ) {
        let mut bound = Bound::new(&self.format, roles_for(want));
        if want.is_whole() {
            bound = bound.with_extra(&self.format, self.names.iter().map(String::as_str));
        }
        let mut reading = Reading {
            slots: Slots::new(self.dialect, &bound, &self.names),
            bound,
            spans: Vec::new(),
            held: Vec::new(),
            start: 0,
            is_end: false,
            counted: At { offset: 0, line: 1 },
        };
        // A single row should not cost a large read.
        let first_read = if places.len() > 8 { PIECE } else { SINGLE };
        for (n, place) in places.iter().enumerate() {
            let offset = u64::try_from(place.at).unwrap_or(u64::MAX);
            if !each(n, self.row(offset, first_read, want, &mut reading)) {
                return;
            }
        }
    }
}

impl RowReader {
    fn row(
        &self,
        offset: u64,
        first_read: usize,
        want: Want,
        reading: &mut Reading,
    ) -> Result<EventDetail, ReadError> {
        let (skip, extent) = self.find(offset, first_read, reading)?;
        let row = reading.held.get(skip..).unwrap_or_default();
        let row = row.get(..extent.len).unwrap_or_default();
        let (slots, spans) = (&mut reading.slots, &reading.spans);
        slots.fill(row, spans);
        let get = |column| slots.get(column, row, spans);
        let mut event = detail(&self.format, &reading.bound, get, want);
        if want.is_whole() {
            let line = self
                .lines
                .at(offset, &self.bytes, &mut reading.counted)
                .map_err(|error| gone_because(offset, &error))?;
            event.source = format!("{}:{line}", self.file);
        }
        Ok(event)
    }

    /// The row at `offset`, where it lies in what is held and how far it goes; reads as much as it takes.
    fn find(
        &self,
        offset: u64,
        first_read: usize,
        reading: &mut Reading,
    ) -> Result<(usize, Extent), ReadError> {
        let mut len = first_read;
        loop {
            let skip = offset
                .checked_sub(reading.start)
                .and_then(|skip| usize::try_from(skip).ok())
                .filter(|skip| *skip < reading.held.len());
            if let Some(skip) = skip {
                let text = reading.held.get(skip..).unwrap_or_default();
                if let Some(extent) = self.dialect.split(text, reading.is_end, &mut reading.spans) {
                    return Ok((skip, extent));
                }
            }
            if len as u64 > MAX_RECORD * 4 || (reading.is_end && reading.start == offset) {
                return Err(gone(offset));
            }
            reading.held.resize(len, 0);
            let count = self
                .bytes
                .read_at(&mut reading.held, offset)
                .map_err(|error| gone_because(offset, &error))?;
            reading.held.truncate(count);
            (reading.start, reading.is_end) = (offset, count < len);
            len *= 4;
        }
    }
}

fn gone(offset: u64) -> ReadError {
    ReadError(format!(
        "there is no row at byte {offset} any more; the file was changed"
    ))
}

fn gone_because(offset: u64, why: &dyn std::error::Error) -> ReadError {
    ReadError(format!("the row at byte {offset} cannot be read: {why}"))
}
