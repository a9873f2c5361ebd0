//! Which events are responsible for what changed between two states.

use super::diff::Change;
use super::replay::Folder;
use super::state::{FoldError, State};
use crate::event::Position;

/// A change with the events that made it.
#[derive(Clone, Debug, PartialEq)]
pub struct ExplainedChange {
    /// The change.
    pub change: Change,
    /// The events responsible, rising.
    pub by: Vec<Position>,
}

impl Folder {
    /// The changes from `old` to `new`, two states of one stream in either order, with the events
    /// responsible. `old` is `None` for the time before the stream's first event.
    ///
    /// Responsible is the last event between the two points after which the value at the path was
    /// another one than before it. Where that event built on what was there, as a sum does
    /// ([`super::Reducer::builds_on`]), the event before it that changed the value is responsible
    /// too, and so on. Where `old` is the later one, these are the events that are taken back.
    pub fn explain(
        &self,
        old: Option<&State>,
        new: &State,
        cancel: &dyn Fn() -> bool,
    ) -> Result<Vec<ExplainedChange>, FoldError> {
        let _ = (old, new, cancel);
        todo!()
    }
}
