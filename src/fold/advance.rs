//! A replay under way: begins at a checkpoint or the start, reads events in batches, applies them and
//! keeps checkpoints.
//!
//! What it holds meanwhile is in `course`, what happens where a reducer fails for good in `stop`.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::checkpoint::{Checkpoint, KeptText, settle_distance};
use super::course::{Counts, Course, Halt, Look, Running};
use super::reducer::{Applied, FoldEvent};
use super::replay::Folder;
use super::state::{FoldError, State};
use crate::event::{EventDetail, Place, Position, ReadError, StreamId};

/// How many events are read at once; between two batches `cancel` is looked at.
const BATCH: u32 = 256;

impl Folder {
    /// A replay that begins at the last checkpoint with at most `n_events` events in it.
    pub(super) fn resume(&self, stream: StreamId, n_events: u32) -> Running<'_> {
        while let Some(found) = self.checkpoints.nearest(stream, n_events) {
            let counts = found.counts.clone();
            let text = found.text.unpacked();
            let course = text.and_then(|text| {
                if counts.stopped_at.is_some() {
                    let value = crate::event::json::parse(text.as_bytes());
                    return value.ok().map(Course::Stopped);
                }
                let has_begun = counts.applied > 0;
                let live = self.reducer().live_from_text(&text, has_begun);
                live.map(Course::Live)
            });
            if let Some(course) = course {
                return self.running(stream, course, found.n_events, counts, found.text.len());
            }
            // Nested deeper than what is read: such a state is replayed and never resumed.
            self.checkpoints.forget(stream, found.n_events);
        }
        let start = self.reducer().start(self.history().log.category_of(stream));
        let course = Course::Live(self.reducer().live(start, false));
        self.running(stream, course, 0, Counts::default(), 0)
    }

    pub(super) fn continue_from(&self, state: &State) -> Running<'_> {
        let counts = Counts {
            applied: state.events_applied,
            not_applied: state.not_applied,
            failures: state.failures.clone(),
            stopped_at: state.stopped_at,
        };
        let value = state.value.clone();
        let course = if counts.stopped_at.is_some() {
            Course::Stopped(value)
        } else {
            Course::Live(self.reducer().live(value, counts.applied > 0))
        };
        let mut running = self.running(state.stream, course, state.rank + 1, counts, 0);
        // Where the last checkpoint lies is not known here: stepping through a stream keeps none
        // before the usual distance has been walked.
        running.spread *= 2;
        running
    }

    fn running<'a>(
        &'a self,
        stream: StreamId,
        course: Course<'a>,
        n_events: u32,
        counts: Counts,
        bytes: usize,
    ) -> Running<'a> {
        Running {
            stream,
            course,
            n_events,
            counts,
            wants: self.reducer().wants(),
            settles_at: n_events.saturating_add(settle_distance(bytes)),
            kept_at: n_events,
            per_event: Duration::ZERO,
            spread: self.checkpoints.spread(stream),
        }
    }

    /// Applies the events up to `to_rank`.
    pub(super) fn advance<'a>(
        &'a self,
        running: &mut Running<'a>,
        to_rank: u32,
        cancel: &dyn Fn() -> bool,
        look: &mut Look<'_>,
    ) -> Result<(), FoldError> {
        while let Some(halt) = self.advance_to_halt(running, to_rank, cancel, look)? {
            let rank = halt.rank;
            self.stop(running, halt, cancel)?;
            let position = self.position_at(running.stream, rank);
            // Where it is to begin again with more of each event, nothing was stopped.
            if running.n_events > rank
                && !look.at(rank, position, &mut running.course).unwrap_or(true)
            {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Applies the events up to `to_rank`, or up to one that cannot be taken in.
    pub(super) fn advance_to_halt(
        &self,
        running: &mut Running<'_>,
        to_rank: u32,
        cancel: &dyn Fn() -> bool,
        look: &mut Look<'_>,
    ) -> Result<Option<Halt>, FoldError> {
        let events = self.history().log.events_of(running.stream);
        while running.n_events <= to_rank {
            if cancel() {
                return Err(FoldError::Cancelled);
            }
            let from = running.n_events;
            let end = from.saturating_add(BATCH).min(to_rank.saturating_add(1));
            let batch = events.get(from as usize..end as usize).unwrap_or_default();
            let applied = if matches!(running.course, Course::Stopped(_)) {
                pass_batch(running, batch, look)
            } else {
                let since = Instant::now();
                let applied = self.apply_batch(running, batch, look);
                let n_events = u32::try_from(batch.len()).unwrap_or(u32::MAX).max(1);
                running.per_event = since.elapsed() / n_events;
                applied
            };
            match applied {
                Err(halt) => return Ok(Some(halt)),
                Ok(true) if !batch.is_empty() => {}
                Ok(_) => return Ok(None),
            }
        }
        Ok(None)
    }

    /// Reads and applies neighbouring events of the stream; `false` where nobody wants to see more.
    fn apply_batch(
        &self,
        running: &mut Running<'_>,
        batch: &[u32],
        look: &mut Look<'_>,
    ) -> Result<bool, Halt> {
        let log = &self.history().log;
        let places: Vec<Place> = batch.iter().map(|at| log.place(Position(*at))).collect();
        let (mut n_read, mut went) = (0, Ok(true));
        self.reader()
            .read(&places, running.wants, &mut |index, read| {
                debug_assert_eq!(
                    index, n_read,
                    "events are handed over in the order asked for"
                );
                let Some(position) = batch.get(n_read).copied().map(Position) else {
                    return false;
                };
                n_read += 1;
                went = self.apply_one(running, position, &read, look);
                matches!(went, Ok(true))
            });
        // A reader that keeps its promise leaves nothing out; one that does not loses no event.
        let gone = Err(ReadError("the record is gone".to_owned()));
        while matches!(went, Ok(true)) && n_read < batch.len() {
            let position = Position(batch[n_read]);
            n_read += 1;
            went = self.apply_one(running, position, &gone, look);
        }
        went
    }

    fn apply_one(
        &self,
        running: &mut Running<'_>,
        position: Position,
        read: &Result<EventDetail, ReadError>,
        look: &mut Look<'_>,
    ) -> Result<bool, Halt> {
        let rank = running.n_events;
        let halt = |reason| Halt { rank, reason };
        let applied = match read {
            Ok(detail) => self.apply_detail(running, position, detail),
            Err(error) => Applied::NotApplied(error.to_string()),
        };
        if let Applied::Stopped(reason) = applied {
            return Err(halt(reason));
        }
        let goes_on = look.at(rank, position, &mut running.course).map_err(halt)?;
        let settled = running.settle().map_err(halt)?;
        running.counts.add(position, applied);
        running.n_events += 1;
        if let Some(text) = settled {
            self.keep(running, text);
        }
        Ok(goes_on)
    }

    fn apply_detail(
        &self,
        running: &mut Running<'_>,
        position: Position,
        detail: &EventDetail,
    ) -> Applied {
        let Course::Live(state) = &mut running.course else {
            return Applied::NoRule;
        };
        let event = self.event(running.stream, running.n_events, position, detail);
        self.in_shape(&event, |event| state.apply(event))
    }

    /// Applies an event in today's shape.
    pub(super) fn in_shape(
        &self,
        event: &FoldEvent<'_>,
        apply: impl FnOnce(&FoldEvent<'_>) -> Applied,
    ) -> Applied {
        match self.reducer().upcast(event) {
            Err(applied) => applied,
            Ok(None) => apply(event),
            Ok(Some(upcast)) => apply(&FoldEvent {
                event_type: upcast.event_type.as_deref().unwrap_or(event.event_type),
                data: &upcast.data,
                ..*event
            }),
        }
    }

    /// An event as reducers see it, as it was read.
    pub(super) fn event<'a>(
        &'a self,
        stream: StreamId,
        rank: u32,
        position: Position,
        detail: &'a EventDetail,
    ) -> FoldEvent<'a> {
        let log = &self.history().log;
        let as_kept = || log.time(position).map(|time| (time, log.time_digits()));
        FoldEvent {
            stream: log.stream_name(stream),
            category: log.category_of(stream),
            event_type: log.type_name(log.event_type(position)),
            version: log.version_at_rank(stream, rank),
            rank,
            time: detail.time.or_else(as_kept),
            position,
            data: &detail.data,
            metadata: &detail.metadata,
            id: detail.id.as_deref(),
            schema_version: detail.schema_version.as_deref(),
        }
    }

    /// Keeps a checkpoint of a state that has settled.
    pub(super) fn keep(&self, running: &mut Running<'_>, text: Box<str>) {
        running.kept_at = running.n_events;
        self.checkpoints.keep(
            running.stream,
            Checkpoint {
                n_events: running.n_events,
                text: KeptText::new(text),
                counts: running.counts.clone(),
            },
        );
        running.spread = self.checkpoints.spread(running.stream);
    }

    /// The state where a replay stands.
    pub(super) fn state<'a>(
        &'a self,
        mut running: Running<'a>,
        cancel: &dyn Fn() -> bool,
    ) -> Result<State, FoldError> {
        if let (Err(reason), Some(rank)) = (running.course.value(), running.n_events.checked_sub(1))
        {
            self.stop(&mut running, Halt { rank, reason }, cancel)?;
            self.advance(&mut running, rank, cancel, &mut Look::Nowhere)?;
        }
        let value = match running.course {
            Course::Live(state) => state.into_value().unwrap_or_default(),
            Course::Stopped(value) => value,
        };
        let log = &self.history().log;
        let rank = running.n_events.saturating_sub(1);
        let position = self.position_at(running.stream, rank);
        Ok(State {
            value,
            stream: running.stream,
            rank,
            version: log.version_at_rank(running.stream, rank),
            position,
            time: log.time(position),
            events_applied: running.counts.applied,
            not_applied: running.counts.not_applied,
            failures: running.counts.failures,
            stopped_at: running.counts.stopped_at,
            label: Arc::clone(&self.label),
        })
    }

    pub(super) fn position_at(&self, stream: StreamId, rank: u32) -> Position {
        let events = self.history().log.events_of(stream);
        Position(events.get(rank as usize).copied().unwrap_or_default())
    }
}

/// Passes by events after one at which the reducer failed for good: none is read.
fn pass_batch(running: &mut Running<'_>, batch: &[u32], look: &mut Look<'_>) -> Result<bool, Halt> {
    for position in batch.iter().copied().map(Position) {
        let rank = running.n_events;
        running.counts.pass(position);
        running.n_events += 1;
        let shown = look.at(rank, position, &mut running.course);
        if !shown.map_err(|reason| Halt { rank, reason })? {
            return Ok(false);
        }
    }
    Ok(true)
}
