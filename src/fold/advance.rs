//! A replay under way: begins at a checkpoint or the start, reads events in batches, applies them and
//! keeps checkpoints.

use std::sync::Arc;

use super::checkpoint::{Checkpoint, interval};
use super::reducer::{Applied, FoldEvent};
use super::replay::Folder;
use super::state::{FoldError, MAX_FAILURES, State};
use crate::event::json::{self, Json};
use crate::event::{EventDetail, Place, Position, ReadError, StreamId};

/// How many events are read at once; between two batches `cancel` is looked at.
const BATCH: u32 = 256;

/// What became of the events of a stream up to a point.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Counts {
    pub(super) applied: u32,
    pub(super) not_applied: u32,
    pub(super) failures: Vec<(Position, String)>,
}

impl Counts {
    fn add(&mut self, position: Position, applied: Applied) {
        match applied {
            Applied::Yes => self.applied += 1,
            Applied::NoRule => self.not_applied += 1,
            Applied::NotApplied(reason) => {
                self.not_applied += 1;
                if self.failures.len() < MAX_FAILURES {
                    self.failures.push((position, reason));
                }
            }
        }
    }
}

/// A replay under way.
pub(super) struct Running {
    stream: StreamId,
    value: Json,
    /// How many events of the stream are in it.
    n_events: u32,
    counts: Counts,
    /// At how many events the next checkpoint is due.
    due: u32,
    /// How many times the usual distance checkpoints are to keep.
    spread: usize,
}

/// Who looks at each state on the way: rank, position, state; `false` ends the replay.
pub(super) type Each<'a> = &'a mut dyn FnMut(u32, Position, &Json) -> bool;

impl Folder {
    /// A replay that begins at the last checkpoint with at most `n_events` events in it.
    pub(super) fn resume(&self, stream: StreamId, n_events: u32) -> Running {
        while let Some(found) = self.checkpoints.nearest(stream, n_events) {
            if let Ok(value) = json::parse(found.text.as_bytes()) {
                let counts = found.counts.clone();
                return self.running(stream, value, found.n_events, counts, found.text.len());
            }
            // Nested deeper than what is read: such a state is replayed and never resumed.
            self.checkpoints.forget(stream, found.n_events);
        }
        let start = self.reducer().start(self.history().log.category_of(stream));
        self.running(stream, start, 0, Counts::default(), 0)
    }

    pub(super) fn continue_from(&self, state: &State) -> Running {
        let counts = Counts {
            applied: state.events_applied,
            not_applied: state.not_applied,
            failures: state.failures.clone(),
        };
        let value = state.value.clone();
        let mut running = self.running(state.stream, value, state.rank + 1, counts, 0);
        // Where the last checkpoint lies is not known here: stepping through a stream keeps none
        // before the usual distance has been walked.
        running.spread *= 2;
        running
    }

    fn running(
        &self,
        stream: StreamId,
        value: Json,
        n_events: u32,
        counts: Counts,
        bytes: usize,
    ) -> Running {
        let spread = self.checkpoints.spread(stream);
        let due = due_after(n_events, bytes, spread);
        Running {
            stream,
            value,
            n_events,
            counts,
            due,
            spread,
        }
    }

    /// Applies the events up to `to_rank`.
    pub(super) fn advance(
        &self,
        running: &mut Running,
        to_rank: u32,
        cancel: &dyn Fn() -> bool,
        each: Each<'_>,
    ) -> Result<(), FoldError> {
        let events = self.history().log.events_of(running.stream);
        while running.n_events <= to_rank {
            if cancel() {
                return Err(FoldError::Cancelled);
            }
            let from = running.n_events;
            let end = from.saturating_add(BATCH).min(to_rank.saturating_add(1));
            let batch = events.get(from as usize..end as usize).unwrap_or_default();
            if batch.is_empty() || !self.apply_batch(running, batch, each) {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Reads and applies neighbouring events of the stream; `false` where `each` has seen enough.
    fn apply_batch(&self, running: &mut Running, batch: &[u32], each: Each<'_>) -> bool {
        let log = &self.history().log;
        let places: Vec<Place> = batch.iter().map(|at| log.place(Position(*at))).collect();
        let (mut n_read, mut goes_on) = (0, true);
        self.history()
            .reader
            .read(&places, self.reducer().wants(), &mut |index, read| {
                debug_assert_eq!(
                    index, n_read,
                    "events are handed over in the order asked for"
                );
                let Some(position) = batch.get(n_read).copied().map(Position) else {
                    return false;
                };
                n_read += 1;
                self.apply_one(running, position, &read);
                goes_on = each(running.n_events - 1, position, &running.value);
                goes_on
            });
        // A reader that keeps its promise leaves nothing out; one that does not loses no event.
        let gone = Err(ReadError("the record is gone".to_owned()));
        while goes_on && n_read < batch.len() {
            let position = Position(batch[n_read]);
            n_read += 1;
            self.apply_one(running, position, &gone);
            goes_on = each(running.n_events - 1, position, &running.value);
        }
        goes_on
    }

    fn apply_one(
        &self,
        running: &mut Running,
        position: Position,
        read: &Result<EventDetail, ReadError>,
    ) {
        let applied = match read {
            Ok(detail) => self.apply_detail(running, position, detail),
            Err(error) => Applied::NotApplied(error.to_string()),
        };
        running.counts.add(position, applied);
        running.n_events += 1;
        if running.n_events >= running.due {
            self.keep(running);
        }
    }

    fn apply_detail(
        &self,
        running: &mut Running,
        position: Position,
        detail: &EventDetail,
    ) -> Applied {
        let log = &self.history().log;
        let as_kept = || log.time(position).map(|time| (time, log.time_digits()));
        let event = FoldEvent {
            stream: log.stream_name(running.stream),
            category: log.category_of(running.stream),
            event_type: log.type_name(log.event_type(position)),
            version: log.version_at_rank(running.stream, running.n_events),
            rank: running.n_events,
            time: detail.time.or_else(as_kept),
            position,
            data: &detail.data,
            metadata: &detail.metadata,
        };
        self.reducer().apply(&mut running.value, &event)
    }

    /// Keeps a checkpoint where the state is not too large to be kept so soon.
    fn keep(&self, running: &mut Running) {
        let text: Box<str> = running.value.to_string().into();
        let bytes = text.len();
        self.checkpoints.keep(
            running.stream,
            Checkpoint {
                n_events: running.n_events,
                text,
                counts: running.counts.clone(),
            },
        );
        running.spread = self.checkpoints.spread(running.stream);
        running.due = due_after(running.n_events, bytes, running.spread);
    }

    pub(super) fn state(&self, running: Running) -> State {
        let log = &self.history().log;
        let rank = running.n_events.saturating_sub(1);
        let events = log.events_of(running.stream);
        let position = Position(events.get(rank as usize).copied().unwrap_or_default());
        State {
            value: running.value,
            stream: running.stream,
            rank,
            version: log.version_at_rank(running.stream, rank),
            position,
            time: log.time(position),
            events_applied: running.counts.applied,
            not_applied: running.counts.not_applied,
            failures: running.counts.failures,
            label: Arc::clone(&self.label),
        }
    }
}

/// At how many events the checkpoint after one of `bytes` at `n_events` is due.
fn due_after(n_events: u32, bytes: usize, spread: usize) -> u32 {
    let distance = interval(bytes).saturating_mul(spread);
    n_events.saturating_add(u32::try_from(distance).unwrap_or(u32::MAX))
}
