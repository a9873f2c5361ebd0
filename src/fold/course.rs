//! What a replay under way holds: the state, what became of the events, who looks on.

use std::time::Duration;

use super::checkpoint::{is_due, settle_distance};
use super::reducer::{Applied, LiveState};
use super::state::MAX_FAILURES;
use crate::event::json::Json;
use crate::event::{Position, StreamId, Want};

/// What became of the events of a stream up to a point.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Counts {
    pub(super) applied: u32,
    pub(super) not_applied: u32,
    pub(super) failures: Vec<(Position, String)>,
    /// Where the reducer failed for good.
    pub(super) stopped_at: Option<Position>,
}

impl Counts {
    pub(super) fn add(&mut self, position: Position, applied: Applied) {
        match applied {
            Applied::Yes => self.applied += 1,
            Applied::NoRule => self.not_applied += 1,
            Applied::NotApplied(reason) | Applied::Stopped(reason) => {
                self.not_applied += 1;
                if self.failures.len() < MAX_FAILURES {
                    self.failures.push((position, reason));
                }
            }
        }
    }

    /// Counts the event at which the reducer failed for good.
    pub(super) fn stop(&mut self, position: Position, reason: String) {
        self.add(position, Applied::Stopped(reason));
        self.stopped_at = Some(position);
    }

    /// Counts an event after that one. The first of them says so; the others are only counted.
    pub(super) fn pass(&mut self, position: Position) {
        let said = self
            .failures
            .last()
            .filter(|(at, _)| Some(*at) == self.stopped_at);
        let applied = match said {
            Some((at, reason)) => Applied::NotApplied(format!("stopped at {at}: {reason}")),
            None => Applied::NoRule,
        };
        self.add(position, applied);
    }
}

/// The state while events are applied.
pub(super) enum Course<'a> {
    /// It goes on being changed.
    Live(Box<dyn LiveState + 'a>),
    /// The reducer failed for good; this is what was before.
    Stopped(Json),
}

impl Course<'_> {
    pub(super) fn value(&mut self) -> Result<&Json, String> {
        match self {
            Self::Live(state) => state.value(),
            Self::Stopped(value) => Ok(value),
        }
    }
}

/// A replay under way.
pub(super) struct Running<'a> {
    pub(super) stream: StreamId,
    pub(super) course: Course<'a>,
    /// How many events of the stream are in it.
    pub(super) n_events: u32,
    pub(super) counts: Counts,
    /// How much of each event is read.
    pub(super) wants: Want,
    /// At how many events it settles next.
    pub(super) settles_at: u32,
    /// At how many events the last checkpoint lies.
    pub(super) kept_at: u32,
    /// How long an event took lately.
    pub(super) per_event: Duration,
    /// How many times the usual distance checkpoints are to keep.
    pub(super) spread: usize,
}

/// Who looks at each state on the way: rank, position, state; `false` ends the replay.
pub(super) type Each<'a> = &'a mut dyn FnMut(u32, Position, &Json) -> bool;

/// Whether somebody looks at the states on the way: only then are they made.
pub(super) enum Look<'a> {
    /// Only the last state is wanted.
    Nowhere,
    /// From this rank on.
    From(u32, Each<'a>),
}

impl Look<'_> {
    /// Shows the state after the event at `rank`; whether the replay is to go on.
    pub(super) fn at(
        &mut self,
        rank: u32,
        position: Position,
        course: &mut Course<'_>,
    ) -> Result<bool, String> {
        match self {
            Self::From(from, each) if rank >= *from => Ok(each(rank, position, course.value()?)),
            _ => Ok(true),
        }
    }
}

/// The event at this rank cannot be taken in; all before it were, and it is not counted yet.
pub(super) struct Halt {
    pub(super) rank: u32,
    pub(super) reason: String,
}

impl Running<'_> {
    /// Settles the state where that is due, with one event more than are counted; gives its text
    /// where a checkpoint is due too.
    pub(super) fn settle(&mut self) -> Result<Option<Box<str>>, String> {
        let n_events = self.n_events + 1;
        let Course::Live(state) = &mut self.course else {
            return Ok(None);
        };
        if n_events < self.settles_at {
            return Ok(None);
        }
        let text = state.text()?;
        self.settles_at = n_events.saturating_add(settle_distance(text.len()));
        let since = n_events.saturating_sub(self.kept_at);
        let spent = self.per_event * since;
        Ok(is_due(text.len(), since, spent, self.spread).then_some(text))
    }
}
