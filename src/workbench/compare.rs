//! What a state is compared with, who set its fields, and what one of them was: questions and answers.

use std::sync::Arc;

use super::action::InspectorTab;
use super::look::Compare;
use super::workbench::Workbench;
use crate::event::json::JsonPath;
use crate::event::{Position, StreamId};
use crate::fold::{ExplainedChange, FieldStep, LeafHistory, State};

/// Whose fields are asked for: all events of a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct LeavesKey {
    /// Of which history and branch: [`Workbench::states`].
    pub generation: u64,
    /// Of which stream.
    pub stream: StreamId,
}

/// After which events each field of a stream's state became another one, or why that is not known.
pub type LeavesAnswer = Result<Arc<LeafHistory>, String>;

/// Which two states of a stream are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DiffKey {
    /// Of which history and branch: [`Workbench::states`].
    pub generation: u64,
    /// Of which stream the newer one is.
    pub stream: StreamId,
    /// Of which stream the older one is: mostly the same.
    pub old_stream: StreamId,
    /// The older point: after how many events, less one; `None` before the first.
    pub old: Option<u32>,
    /// The newer point.
    pub new: u32,
}

impl DiffKey {
    /// Whether the states are of two streams.
    pub fn is_of_two(&self) -> bool {
        self.stream != self.old_stream
    }
}

/// Which two events are told apart by what they say.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct EventsKey {
    /// Of which history.
    pub generation: u64,
    /// The one that was marked.
    pub old: Position,
    /// The other.
    pub new: Position,
}

/// What differs between the data of two events, arrays by element; or why that cannot be said.
pub type EventsAnswer = Result<Vec<ExplainedChange>, String>;

/// What differs between two states.
#[derive(Clone, Debug)]
pub struct DiffAnswer {
    /// The older state; `None` before the stream's first event.
    pub old: Option<State>,
    /// The newer state.
    pub new: State,
    /// What differs, arrays by element, with the events responsible.
    pub changes: Vec<ExplainedChange>,
}

/// Which field's history is asked for.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FieldKey {
    /// Of which history and branch: [`Workbench::states`].
    pub generation: u64,
    /// Of which stream.
    pub stream: StreamId,
    /// Where in its state.
    pub path: JsonPath,
}

/// What a field was after each event that made it another one, or why that is not known.
pub type FieldAnswer = Result<Vec<FieldStep>, String>;

impl Workbench {
    /// The key of who set the fields of the state shown; `None` while the file is still being read.
    pub fn leaves_key(&self) -> Option<LeavesKey> {
        let is_whole = self.history.as_ref()?.is_complete;
        let stream = self.stream_shown().filter(|_| is_whole)?;
        Some(LeavesKey {
            generation: self.states,
            stream,
        })
    }

    /// Who set the fields of the state shown, where it is known.
    pub fn leaves(&self) -> Option<&Arc<LeafHistory>> {
        let key = self.leaves_key()?;
        self.answers.leaves.for_key(&key).fresh()?.as_ref().ok()
    }

    /// The key of the history of the chosen field.
    pub fn field_key(&self) -> Option<FieldKey> {
        Some(FieldKey {
            generation: self.states,
            stream: self.stream_shown()?,
            path: self.look().selection.field.clone()?,
        })
    }

    /// Whether a tab of the inspector is shown: the one chosen, or one with a tile of its own.
    pub fn inspects(&self, tab: InspectorTab) -> bool {
        self.look().inspector == tab || self.apart.contains(&tab)
    }

    /// The two points of the stream shown that are told apart: in the Diff tab those of the markers, in
    /// the State tab the playhead and what it is compared with, where that is neither the version
    /// before, which every state comes with, nor nothing.
    pub fn diff_key(&self) -> Option<DiffKey> {
        let look = self.look();
        let here = self.state_key();
        if self.inspects(InspectorTab::Diff) {
            return self.marked_key();
        }
        let here = here.filter(|_| self.inspects(InspectorTab::State))?;
        let old = match look.compare {
            Compare::Previous | Compare::Off | Compare::Saved | Compare::Base => return None,
            Compare::First => Some(0),
            Compare::A => self.rank_of(here.stream, look.marker_a?.to),
        };
        Some(DiffKey {
            generation: self.states,
            stream: here.stream,
            old_stream: here.stream,
            old,
            new: here.rank,
        })
    }

    /// The two events whose data are told apart; `None` where states are.
    pub fn events_key(&self) -> Option<EventsKey> {
        let (old, new) = self.look().compared_events?;
        let last = self.history.as_ref()?.log.last()?;
        Some(EventsKey {
            generation: self.generation,
            old: old.min(last),
            new: new.min(last),
        })
    }

    /// From A in one stream to B in another one, where they were set there.
    fn key_of_two(&self) -> Option<DiffKey> {
        let look = self.look();
        let [Some(old_stream), Some(stream)] = look.marker_streams else {
            return None;
        };
        let (old, new) = (look.marker_a?.to, look.marker_b?.to);
        Some(DiffKey {
            generation: self.states,
            stream,
            old_stream,
            old: Some(self.rank_of(old_stream, old)?),
            new: self.rank_of(stream, new)?,
        })
        .filter(DiffKey::is_of_two)
    }

    /// From A to B; without B to the playhead, without A from the version before.
    fn marked_key(&self) -> Option<DiffKey> {
        if let Some(key) = self.key_of_two() {
            return Some(key);
        }
        let look = self.look();
        let stream = self.stream_shown()?;
        let end = look.marker_b.map_or(look.playhead, |mark| mark.to);
        let mut new = self.rank_of(stream, end);
        let mut old = match look.marker_a {
            Some(mark) => self.rank_of(stream, mark.to),
            None => new.and_then(|rank| rank.checked_sub(1)),
        };
        if new.is_none() {
            // The later point is the one that has a state.
            std::mem::swap(&mut old, &mut new);
        }
        Some(DiffKey {
            generation: self.states,
            stream,
            old_stream: stream,
            old,
            new: new?,
        })
    }

    fn rank_of(&self, stream: StreamId, position: Position) -> Option<u32> {
        self.history.as_ref()?.log.rank_at(stream, position)
    }

    /// Where the event stands that set a field of the state shown last, or the one before it.
    ///
    /// `Err` where the fields of the stream are not known yet.
    pub fn setter(&self, path: &JsonPath, before: bool) -> Result<Option<Position>, NotKnown> {
        let (Some(key), Some(history)) = (self.state_key(), &self.history) else {
            return Ok(None);
        };
        let leaves = self.leaves().ok_or(NotKnown)?;
        let last = || {
            let leaf = leaves.setter(path, key.rank);
            leaf.or_else(|| leaves.last_change_within(path, key.rank))
        };
        let rank = if before {
            leaves.setter_before(path, key.rank)
        } else {
            last()
        };
        let events = history.log.events_of(key.stream);
        Ok(rank.and_then(|rank| events.get(rank as usize).copied().map(Position)))
    }
}

/// The fields of the stream are not known yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotKnown;
