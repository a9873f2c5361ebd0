//! Gathers a table of states: in one pass over the payloads in file order, or stream by stream.

use std::borrow::Cow;

use super::diff::members;
use super::leaves::readable;
use super::replay::Folder;
use super::state::FoldError;
use super::table::{Gather, TableQuestion};
use crate::event::json::{self, Json, JsonPath, Object, Step, scan};
use crate::event::{Place, Position, StreamId, Want};

/// The columns that lie in a member at the top, each with the rest of its path.
type OfKey = (Box<str>, Vec<(u32, JsonPath)>);

/// How many events are read at once; between two batches `cancel` is looked at.
const BATCH: usize = 1024;

/// Whether a text cannot be nested deeper than what a state may hold.
fn is_shallow(text: &str) -> bool {
    let opens = |byte: &u8| matches!(byte, b'[' | b'{');
    text.len() <= 2 * json::MAX_DEPTH || text.bytes().filter(opens).count() < json::MAX_DEPTH
}

impl Gather {
    /// Takes the members that payloads name, in file order: what the payload merge makes of them.
    pub(super) fn pass_over_payloads(
        &mut self,
        folder: &Folder,
        question: &TableQuestion,
        cancel: &dyn Fn() -> bool,
        progress: &dyn Fn(u64),
    ) -> Result<(), FoldError> {
        let history = folder.history();
        let log = &history.log;
        let n_events = u32::try_from(log.len()).unwrap_or(u32::MAX);
        let end = question
            .until
            .map_or(n_events, |until| until.0.saturating_add(1).min(n_events));
        let by_key = self.columns_by_key();
        let mut batch: Vec<(Position, u32)> = Vec::with_capacity(BATCH);
        for position in (0..end).map(Position) {
            if let Some(row) = self.row_of(log.stream(position)) {
                batch.push((position, row));
            }
            if batch.len() < BATCH && position.0 + 1 < end {
                continue;
            }
            if cancel() {
                return Err(FoldError::Cancelled);
            }
            progress(u64::from(position.0) + 1);
            self.take_batch(folder, &batch, &by_key)?;
            batch.clear();
        }
        Ok(())
    }

    fn take_batch(
        &mut self,
        folder: &Folder,
        batch: &[(Position, u32)],
        by_key: &[OfKey],
    ) -> Result<(), FoldError> {
        let history = folder.history();
        let places: Vec<Place> = batch
            .iter()
            .map(|(position, _)| history.log.place(*position))
            .collect();
        let mut fault = Ok(());
        history.reader.read(&places, Want::Data, &mut |nr, read| {
            let Some((position, row)) = batch.get(nr).copied() else {
                return false;
            };
            let text = read.as_ref().ok().and_then(|event| event.data.json());
            if let Some(text) = text.filter(|text| self.takes_all && is_shallow(text)) {
                fault = self.take_members(row, position, text);
            } else if let Ok(Some(payload)) = readable(&read) {
                fault = self.take_payload(row, position, &payload, by_key);
            }
            fault.is_ok()
        });
        fault
    }

    /// Takes each member of a payload as it is written; a payload that is no object has none.
    fn take_members(&mut self, row: u32, position: Position, text: &str) -> Result<(), FoldError> {
        let mut fault = Ok(());
        let walked = scan::members(text.as_bytes(), |key, value| {
            let (Some(key), Ok(value)) = (scan::key_text(key), std::str::from_utf8(value)) else {
                return;
            };
            let has_space = |text: &str| text.bytes().any(|byte| byte.is_ascii_whitespace());
            let value = if value.starts_with(['{', '[']) && has_space(value) {
                Cow::Owned(json::minify(value))
            } else {
                Cow::Borrowed(value)
            };
            let column = self.column_of(&key);
            if fault.is_ok() {
                fault = self.put_text((row, column), position, Some(value));
            }
        });
        // The text was checked when it was read: it is no object, or all of it was walked.
        walked.map_or(Ok(()), |_| fault)
    }

    fn take_payload(
        &mut self,
        row: u32,
        position: Position,
        payload: &Object,
        by_key: &[OfKey],
    ) -> Result<(), FoldError> {
        if self.takes_all {
            for (key, value) in members(payload) {
                let column = self.column_of(key);
                self.put((row, column), position, Some(value))?;
            }
            return Ok(());
        }
        for (key, columns) in by_key {
            let Some(value) = payload.get(key) else {
                continue;
            };
            for (column, rest) in columns {
                self.put((row, *column), position, rest.get(value))?;
            }
        }
        Ok(())
    }

    /// The columns asked for by the member at the top that they lie in.
    fn columns_by_key(&self) -> Vec<OfKey> {
        let mut by_key: Vec<OfKey> = Vec::new();
        for (column, path) in (0..).zip(&self.columns) {
            let Some((Step::Key(key), rest)) = path.0.split_first() else {
                continue;
            };
            let rest = (column, JsonPath(rest.to_vec()));
            match by_key.iter_mut().find(|(known, _)| known == key) {
                Some((_, columns)) => columns.push(rest),
                None => by_key.push((key.clone(), vec![rest])),
            }
        }
        by_key
    }

    /// Replays each stream; of a table for one point only up to its state there.
    pub(super) fn replay_streams(
        &mut self,
        folder: &Folder,
        question: &TableQuestion,
        cancel: &dyn Fn() -> bool,
        progress: &dyn Fn(u64),
    ) -> Result<(), FoldError> {
        let log = &folder.history().log;
        let mut n_events = 0;
        for (row, stream) in (0..).zip(self.streams.clone()) {
            let of_stream = log.events_of(stream).len() as u64;
            match question.until {
                Some(until) => match folder.state_as_of(stream, until, cancel) {
                    Err(FoldError::NotBegun { .. }) => {}
                    Err(error) => return Err(error),
                    Ok(state) => self.take_state(row, state.position, &state.value)?,
                },
                None if of_stream > 0 => self.take_states(folder, (row, stream), cancel)?,
                None => {}
            }
            n_events += of_stream;
            progress(n_events);
        }
        Ok(())
    }

    fn take_states(
        &mut self,
        folder: &Folder,
        (row, stream): (u32, StreamId),
        cancel: &dyn Fn() -> bool,
    ) -> Result<(), FoldError> {
        let n_events = folder.history().log.events_of(stream).len();
        let last = u32::try_from(n_events.saturating_sub(1)).unwrap_or(u32::MAX);
        let mut fault = Ok(());
        folder.walk(stream, 0, last, cancel, &mut |_, position, state| {
            fault = self.take_state(row, position, state);
            fault.is_ok()
        })?;
        fault
    }

    fn take_state(&mut self, row: u32, position: Position, state: &Json) -> Result<(), FoldError> {
        if let (true, Json::Object(object)) = (self.takes_all, state) {
            for (key, _) in members(object) {
                self.column_of(key);
            }
        }
        for column in 0..self.columns.len() {
            let value = self.columns.get(column).and_then(|path| path.get(state));
            let column = u32::try_from(column).unwrap_or(u32::MAX);
            self.put((row, column), position, value)?;
        }
        Ok(())
    }
}
