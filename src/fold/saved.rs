//! The states that a store saved itself, beside the replayed ones.

use super::diff::Change;
use super::elements::diff_by_element;
use super::merge::payload_value;
use super::replay::Folder;
use super::state::{FoldError, State};
use crate::event::json::{Json, JsonPath};
use crate::event::{Position, SavedAt, Want};

/// A saved state held against the replayed one.
#[derive(Clone, Debug, PartialEq)]
pub struct SavedState {
    /// The state that the store saved; an error is the end of a sentence about it.
    pub stored: Result<Json, String>,
    /// What makes the replayed state out of the stored one, arrays by element; empty where they are the
    /// same.
    pub changes: Vec<Change>,
}

impl SavedState {
    /// The first path at which both differ.
    pub fn first_difference(&self) -> Option<&JsonPath> {
        self.changes.first().map(|change| &change.path)
    }
}

impl Folder {
    /// The state that the store saved after the very event after which `state` is, held against it;
    /// `None` where it saved none there. A state saved among the events is held against the state before
    /// that event. Reads the saved states of the store.
    pub fn saved_state(
        &self,
        state: &State,
        cancel: &dyn Fn() -> bool,
    ) -> Result<Option<SavedState>, FoldError> {
        let Some(version) = state.version else {
            return Ok(None);
        };
        let history = self.history();
        let marks = &history.snapshots;
        let is_here = |mark: &crate::history::SnapshotMark| {
            mark.stream == state.stream && mark.version == version
        };
        if !marks.iter().any(is_here) {
            return Ok(None);
        }
        let log = &history.log;
        let events = log.events_of(state.stream);
        let first = Position(events.first().copied().unwrap_or_default());
        let saved = SavedAt {
            part: log.place(first).part,
            stream: log.stream_name(state.stream),
            category: log.category_of(state.stream),
            version,
        };
        if let Some(read) = history.reader.saved_state(&saved) {
            let stored = read.map_err(|error| error.to_string());
            let stored = stored.and_then(|payload| payload_value(&payload));
            return Ok(Some(held_against(stored, &state.value)));
        }
        let own = history
            .reader
            .read_one(log.place(state.position), Want::Data);
        let stored = own.map_err(|error| error.to_string());
        let stored = stored.and_then(|detail| payload_value(&detail.data));
        let before = match state.rank.checked_sub(1) {
            None => Json::Object(crate::event::json::Object::default()),
            Some(rank) => self.state_at(state.stream, rank, cancel)?.value,
        };
        Ok(Some(held_against(stored, &before)))
    }
}

fn held_against(stored: Result<Json, String>, replayed: &Json) -> SavedState {
    let changes = match &stored {
        Ok(stored) => diff_by_element(stored, replayed),
        Err(_) => Vec::new(),
    };
    SavedState { stored, changes }
}
