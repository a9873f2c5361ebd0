//! Who set what, what differs between two states, and what a field was.

use std::sync::Arc;

use super::outcome::Outcome;
use crate::event::json::{Json, parse};
use crate::event::{Payload, Position, Want};
use crate::fold::{
    ExplainedChange, FieldStep, FoldError, Folder, LeafHistory, diff_by_element, explain_beside,
    explain_by_element, field_history,
};
use crate::history::History;
use crate::workbench::{DiffAnswer, DiffKey, EventsAnswer, EventsKey, FieldKey, LeavesKey};

/// Who set the fields of a stream's states.
pub(super) fn leaves(folder: &Folder, key: LeavesKey, cancel: &dyn Fn() -> bool) -> Outcome {
    let n_events = folder.history().log.events_of(key.stream).len();
    let last = u32::try_from(n_events.saturating_sub(1)).unwrap_or(u32::MAX);
    match LeafHistory::of(folder, key.stream, last, cancel) {
        Err(FoldError::Cancelled) => Outcome::Stopped,
        Err(error) => Outcome::Leaves(key, Err(error.to_string())),
        Ok(leaves) => Outcome::Leaves(key, Ok(Arc::new(leaves))),
    }
}

/// What a field was.
pub(super) fn field(folder: &Folder, key: &FieldKey, cancel: &dyn Fn() -> bool) -> Outcome {
    match field_history(folder, key.stream, &key.path, cancel) {
        Err(FoldError::Cancelled) => Outcome::Stopped,
        Err(error) => Outcome::Field(key.clone(), Err(error.to_string())),
        Ok(steps) => match recorded(folder, key, cancel) {
            Err(FoldError::Cancelled) => Outcome::Stopped,
            Ok(Some(base)) if base != steps => Outcome::FieldBeside(key.clone(), steps, base),
            // What was recorded may fail where the branch does not.
            Ok(_) | Err(_) => Outcome::Field(key.clone(), Ok(steps)),
        },
    }
}

/// What a field was in the history as recorded, where a branch of it is folded.
fn recorded(
    folder: &Folder,
    key: &FieldKey,
    cancel: &dyn Fn() -> bool,
) -> Result<Option<Vec<FieldStep>>, FoldError> {
    let base = folder.base();
    base.map(|base| field_history(base, key.stream, &key.path, cancel))
        .transpose()
}

/// What differs between two states.
pub(super) fn difference(folder: &Folder, key: DiffKey, cancel: &dyn Fn() -> bool) -> Outcome {
    match told_apart(folder, key, cancel) {
        Err(FoldError::Cancelled) => Outcome::Stopped,
        Err(error) => Outcome::Diff(key, Err(error.to_string())),
        Ok(answer) => Outcome::Diff(key, Ok(answer)),
    }
}

fn told_apart(
    folder: &Folder,
    key: DiffKey,
    cancel: &dyn Fn() -> bool,
) -> Result<DiffAnswer, FoldError> {
    let old = match key.old {
        None => None,
        Some(rank) => Some(folder.state_at(key.old_stream, rank, cancel)?),
    };
    let new = folder.state_at(key.stream, key.new, cancel)?;
    if let Some(old) = old.as_ref().filter(|_| key.is_of_two()) {
        let changes = diff_by_element(&old.value, &new.value);
        return Ok(DiffAnswer {
            changes: explain_beside((folder, old), (folder, &new), changes, cancel)?,
            old: Some(old.clone()),
            new,
        });
    }
    let explained = folder.explain(old.as_ref(), &new, cancel)?;
    Ok(DiffAnswer {
        changes: explain_by_element(old.as_ref(), &new, explained),
        old,
        new,
    })
}

/// What two events say otherwise.
pub(super) fn events(history: &History, key: EventsKey) -> EventsAnswer {
    let (old, new) = (data(history, key.old)?, data(history, key.new)?);
    let changes = diff_by_element(&old, &new).into_iter();
    let alone = |change| ExplainedChange {
        change,
        by: Vec::new(),
        old_by: Vec::new(),
    };
    Ok(changes.map(alone).collect())
}

/// The data of an event; a text that is no JSON is a text.
fn data(history: &History, position: Position) -> Result<Json, String> {
    let place = history.log.place(position);
    let read = history.reader.read_one(place, Want::Data);
    match read.map_err(|error| error.to_string())?.data {
        Payload::Json(text) => parse(text.as_bytes())
            .map_err(|error| format!("The data of {position} cannot be read: {error}")),
        Payload::Text(text) => Ok(Json::Text(text)),
        Payload::Missing => Ok(Json::Null),
        Payload::Bytes(_) => Err(format!("The data of {position} are no text")),
    }
}
