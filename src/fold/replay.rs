//! Replaying a stream: from the nearest checkpoint, or the start, up to an event.

use std::sync::Arc;

use super::diff::Change;
use super::reducer::Reducer;
use super::state::{FoldError, State};
use crate::event::json::Json;
use crate::event::{Position, StreamId, Timestamp, Version};
use crate::history::History;

/// Folds streams of one history with one reducer, and keeps checkpoints in bounded memory.
///
/// Shared between threads by `Arc`. Checkpoints never change an answer. With them, the state at any
/// event of a stream of 100,000 costs some hundred events; the first replay of a stream makes them.
pub struct Folder {
    history: Arc<History>,
    reducer: Arc<dyn Reducer>,
}

impl Folder {
    /// A folder without checkpoints yet.
    pub fn new(history: Arc<History>, reducer: Arc<dyn Reducer>) -> Self {
        Self { history, reducer }
    }

    /// The history that it folds.
    pub fn history(&self) -> &Arc<History> {
        &self.history
    }

    /// The reducer that it applies.
    pub fn reducer(&self) -> &Arc<dyn Reducer> {
        &self.reducer
    }

    /// The state after the event at `rank`, counted from 0 in the stream.
    ///
    /// `cancel` is looked at every few hundred events; when it says `true` the answer is
    /// [`FoldError::Cancelled`].
    pub fn state_at(
        &self,
        stream: StreamId,
        rank: u32,
        cancel: &dyn Fn() -> bool,
    ) -> Result<State, FoldError> {
        let _ = (stream, rank, cancel);
        todo!()
    }

    /// The state after the stream's last event.
    pub fn state_at_end(
        &self,
        stream: StreamId,
        cancel: &dyn Fn() -> bool,
    ) -> Result<State, FoldError> {
        let _ = (stream, cancel);
        todo!()
    }

    /// The state after the last event of the stream that carries `version`.
    pub fn state_at_version(
        &self,
        stream: StreamId,
        version: Version,
        cancel: &dyn Fn() -> bool,
    ) -> Result<State, FoldError> {
        let _ = (stream, version, cancel);
        todo!()
    }

    /// The state after the last event of the stream at or before `position`.
    pub fn state_as_of(
        &self,
        stream: StreamId,
        position: Position,
        cancel: &dyn Fn() -> bool,
    ) -> Result<State, FoldError> {
        let _ = (stream, position, cancel);
        todo!()
    }

    /// The state one event later, `None` at the stream's end. Costs one event and a copy of the state.
    pub fn step(&self, state: &State) -> Option<State> {
        let _ = state;
        todo!()
    }

    /// Hands over the state after each event from `from_rank` to `to_rank`, both included, with the
    /// event's rank and position. Ends early when `each` returns `false`.
    pub fn walk(
        &self,
        stream: StreamId,
        from_rank: u32,
        to_rank: u32,
        cancel: &dyn Fn() -> bool,
        each: &mut dyn FnMut(u32, Position, &Json) -> bool,
    ) -> Result<(), FoldError> {
        let _ = (stream, from_rank, to_rank, cancel, each);
        todo!()
    }

    /// What the event at `rank` changed. Before its first event a stream has no state: that event
    /// adds all there is.
    pub fn changed_by(
        &self,
        stream: StreamId,
        rank: u32,
        cancel: &dyn Fn() -> bool,
    ) -> Result<Vec<Change>, FoldError> {
        let _ = (stream, rank, cancel);
        todo!()
    }

    /// An event's recorded time with exactly the fraction digits of its source. Reads the event.
    pub fn exact_time(&self, position: Position) -> Option<(Timestamp, u8)> {
        let _ = position;
        todo!()
    }

    /// Bytes held by checkpoints.
    pub fn checkpoint_bytes(&self) -> usize {
        todo!()
    }
}
