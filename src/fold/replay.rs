//! The state of a stream at any of its events: the questions that a [`Folder`] answers.
//!
//! How a replay runs is in `advance`.

use std::sync::Arc;

use super::branch::Branch;
use super::checkpoint::Checkpoints;
use super::course::{Each, Look};
use super::diff::{Change, diff, diff_from_nothing};
use super::reducer::{Applied, Reducer, Upcast};
use super::state::{FoldError, State};
use crate::event::json::Json;
use crate::event::{EventDetail, EventReader, Position, StreamId, Timestamp, Version, Want};
use crate::history::History;

/// Folds streams of one history with one reducer, and keeps checkpoints in bounded memory.
///
/// Shared between threads by `Arc`. Checkpoints never change an answer. With them, the state at any
/// event of a stream of 100,000 costs some hundred events; the first replay of a stream makes them.
pub struct Folder {
    history: Arc<History>,
    pub(super) reader: Arc<dyn EventReader>,
    reducer: Arc<dyn Reducer>,
    /// What folds the history as recorded and the branch of it, where this folds one.
    pub(super) beside: Option<(Arc<Self>, Arc<Branch>)>,
    pub(super) label: Arc<str>,
    pub(super) checkpoints: Arc<Checkpoints>,
}

impl Folder {
    /// A folder without checkpoints yet.
    pub fn new(history: Arc<History>, reducer: Arc<dyn Reducer>) -> Self {
        let label = reducer.label().into();
        Self {
            reader: Arc::clone(&history.reader),
            history,
            reducer,
            beside: None,
            label,
            checkpoints: Arc::default(),
        }
    }

    /// What folds a history that has all events of this one and further ones behind them: what is known
    /// of states is shared.
    #[must_use]
    pub fn grown(&self, history: Arc<History>) -> Self {
        Self {
            checkpoints: Arc::clone(&self.checkpoints),
            ..Self::new(history, Arc::clone(&self.reducer))
        }
    }

    /// The same with another bound for checkpoints, in bytes; 0 keeps none.
    #[must_use]
    pub fn with_checkpoint_budget(mut self, bytes: usize) -> Self {
        self.checkpoints = Arc::new(Checkpoints::with_budget(bytes));
        self
    }

    /// The history that it folds.
    pub fn history(&self) -> &Arc<History> {
        &self.history
    }

    /// Reads the events that it folds: those of the history, or as they are in its branch.
    pub fn reader(&self) -> &Arc<dyn EventReader> {
        &self.reader
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
        self.check_rank(stream, rank)?;
        let mut running = self.resume(stream, rank + 1);
        self.advance(&mut running, rank, cancel, &mut Look::Nowhere)?;
        self.state(running, cancel)
    }

    /// The state after the stream's last event.
    pub fn state_at_end(
        &self,
        stream: StreamId,
        cancel: &dyn Fn() -> bool,
    ) -> Result<State, FoldError> {
        let last = self.n_events(stream).saturating_sub(1);
        self.state_as_of(stream, self.position_at(stream, last), cancel)
    }

    /// The state after the last event of the stream that carries `version`.
    pub fn state_at_version(
        &self,
        stream: StreamId,
        version: Version,
        cancel: &dyn Fn() -> bool,
    ) -> Result<State, FoldError> {
        let position = self.history.log.position_of_version(stream, version)?;
        self.state_as_of(stream, position, cancel)
    }

    /// The state after the last event of the stream at or before `position`.
    pub fn state_as_of(
        &self,
        stream: StreamId,
        position: Position,
        cancel: &dyn Fn() -> bool,
    ) -> Result<State, FoldError> {
        let log = &self.history.log;
        let rank = log
            .rank_at(stream, position)
            .and_then(|rank| self.last_known(stream, rank))
            .ok_or_else(|| FoldError::NotBegun {
                stream: log.stream_name(stream).to_owned(),
                position,
                first: Position(log.events_of(stream).first().copied().unwrap_or_default()),
            })?;
        self.state_at(stream, rank, cancel)
    }

    /// The state one event later, `None` at the stream's end. Costs one event and a copy of the state.
    pub fn step(&self, state: &State) -> Option<State> {
        let next = state.rank.checked_add(1)?;
        self.check_rank(state.stream, next).ok()?;
        let mut running = self.continue_from(state);
        self.advance(&mut running, next, &|| false, &mut Look::Nowhere)
            .ok()?;
        self.state(running, &|| false).ok()
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
        self.walk_counted(stream, (from_rank, to_rank), cancel, each)
            .map(|_not_applied| ())
    }

    /// As [`Self::walk`]; says how many events of the stream up to there could not be applied.
    pub fn walk_counted(
        &self,
        stream: StreamId,
        (from_rank, to_rank): (u32, u32),
        cancel: &dyn Fn() -> bool,
        each: &mut dyn FnMut(u32, Position, &Json) -> bool,
    ) -> Result<u32, FoldError> {
        self.check_rank(stream, from_rank.max(to_rank))?;
        let mut running = self.resume(stream, from_rank);
        self.advance(
            &mut running,
            to_rank,
            cancel,
            &mut Look::From(from_rank, each),
        )?;
        Ok(running.counts.not_applied)
    }

    /// As [`Self::walk`], going on from a state that is known already; it is not handed over itself.
    pub(super) fn walk_on(
        &self,
        from: &State,
        to_rank: u32,
        cancel: &dyn Fn() -> bool,
        each: Each<'_>,
    ) -> Result<(), FoldError> {
        let mut running = self.continue_from(from);
        self.advance(&mut running, to_rank, cancel, &mut Look::From(0, each))
    }

    /// What the event at `rank` changed. Before its first event a stream has no state: that event
    /// adds all there is.
    pub fn changed_by(
        &self,
        stream: StreamId,
        rank: u32,
        cancel: &dyn Fn() -> bool,
    ) -> Result<Vec<Change>, FoldError> {
        self.check_rank(stream, rank)?;
        let Some(before) = rank.checked_sub(1) else {
            return Ok(diff_from_nothing(&self.state_at(stream, 0, cancel)?.value));
        };
        let before = self.state_at(stream, before, cancel)?;
        let mut changes = Vec::new();
        self.walk_on(&before, rank, cancel, &mut |_, _, after| {
            changes = diff(&before.value, after);
            true
        })?;
        Ok(changes)
    }

    /// An event's recorded time with exactly the fraction digits of its source. Reads the event.
    pub fn exact_time(&self, position: Position) -> Option<(Timestamp, u8)> {
        let log = &self.history.log;
        let read = self
            .history
            .reader
            .read_one(log.place(position), Want::Presented);
        let as_kept = || log.time(position).map(|time| (time, log.time_digits()));
        read.ok().and_then(|detail| detail.time).or_else(as_kept)
    }

    /// An event that was read, as the reducer sees it where that is another shape than the one it was
    /// recorded in; `detail` is what [`Want::Presented`] gives. An error is one sentence on why it
    /// cannot be brought into today's shape.
    pub fn upcast(
        &self,
        position: Position,
        detail: &EventDetail,
    ) -> Result<Option<Upcast>, String> {
        let log = &self.history.log;
        let stream = log.stream(position);
        let rank = log.rank_at(stream, position).unwrap_or_default();
        let upcast = self
            .reducer
            .upcast(&self.event(stream, rank, position, detail));
        upcast.map_err(|applied| match applied {
            Applied::NotApplied(reason) | Applied::Stopped(reason) => reason,
            Applied::Yes | Applied::NoRule => String::new(),
        })
    }

    /// Bytes held by checkpoints.
    pub fn checkpoint_bytes(&self) -> usize {
        self.checkpoints.bytes()
    }

    fn n_events(&self, stream: StreamId) -> u32 {
        u32::try_from(self.history.log.events_of(stream).len()).unwrap_or(u32::MAX)
    }

    fn check_rank(&self, stream: StreamId, rank: u32) -> Result<(), FoldError> {
        let n_events = self.n_events(stream);
        if rank < n_events {
            return Ok(());
        }
        Err(FoldError::BeyondEnd {
            stream: self.history.log.stream_name(stream).to_owned(),
            rank,
            n_events,
        })
    }
}

impl std::fmt::Debug for Folder {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Folder")
            .field("history", &self.history)
            .field("reducer", &self.reducer.name())
            .field("checkpoints", &self.checkpoints)
            .finish_non_exhaustive()
    }
}
