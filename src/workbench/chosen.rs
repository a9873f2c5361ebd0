//! Several events chosen at once: to be copied, exported, or looked at together.

use std::sync::Arc;
use std::time::Duration;

use super::look::Mark;
use super::workbench::Workbench;
use crate::event::{CategoryId, Position, StreamId, TypeId};
use crate::history::{Grouping, OTHER_GROUP};

/// So many events can be chosen at once.
pub const MAX_CHOSEN: usize = 100_000;
/// So many events are looked at to choose those of a range.
const LOOKED_AT: u32 = 4_000_000;

/// Events chosen beside the one at the playhead.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Chosen {
    /// Their positions, rising; at least one.
    pub events: Arc<[u32]>,
    /// The one chosen last, from which a range goes.
    pub last: Position,
}

impl Chosen {
    /// Whether an event is among them. Costs a search in a sorted list.
    pub fn has(&self, position: Position) -> bool {
        self.events.binary_search(&position.0).is_ok()
    }
}

/// Of which events a range is chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Among {
    /// Of those that the events table shows.
    Shown,
    /// Of those of a stream.
    Stream(StreamId),
    /// Of those of a category.
    Category(CategoryId),
    /// Of those of a type.
    Type(TypeId),
    /// Of those of all categories or types that are too small for a lane of their own.
    Others(Grouping),
}

impl Workbench {
    /// Whether an event is one of several that are chosen.
    pub fn is_chosen(&self, position: Position) -> bool {
        let chosen = self.look().selection.chosen.as_ref();
        chosen.is_some_and(|chosen| chosen.has(position))
    }

    /// Adds an event to those chosen, or takes it out. The event at the playhead, which is what a click
    /// chose, is the first of them.
    pub fn choose_also(&mut self, position: Position, now: Duration) {
        let look = self.look();
        let mut events = match &look.selection.chosen {
            Some(chosen) => chosen.events.to_vec(),
            None => vec![look.playhead.0],
        };
        match events.binary_search(&position.0) {
            Ok(at) => {
                events.remove(at);
            }
            Err(at) if events.len() < MAX_CHOSEN => events.insert(at, position.0),
            Err(_) => return,
        }
        self.choose(events, position, now);
    }

    /// Adds all events from the one chosen last to this one; returns `false` where they are more than
    /// can be chosen, and then as many as can be are.
    pub fn choose_until(&mut self, position: Position, among: Among, now: Duration) -> bool {
        let look = self.look();
        let (last, mut events) = match &look.selection.chosen {
            Some(chosen) => (chosen.last, chosen.events.to_vec()),
            None => (look.playhead, vec![look.playhead.0]),
        };
        let ends = Mark {
            from: last.min(position),
            to: last.max(position),
        };
        let (range, is_whole) = self.in_range(ends, among);
        events.extend(range);
        events.sort_unstable();
        events.dedup();
        let fits = events.len() <= MAX_CHOSEN;
        events.truncate(MAX_CHOSEN);
        self.choose(events, position, now);
        is_whole && fits
    }

    /// Chooses nothing but the event at the playhead.
    pub fn choose_none(&mut self, now: Duration) {
        self.change("choose", now, |look| look.selection.chosen = None);
    }

    fn choose(&mut self, events: Vec<u32>, last: Position, now: Duration) {
        let chosen = (!events.is_empty()).then(|| Chosen {
            events: events.into(),
            last,
        });
        self.change("choose", now, |look| look.selection.chosen = chosen);
    }

    /// The events of a range, at most as many as can be chosen, and whether these are all.
    fn in_range(&self, ends: Mark, among: Among) -> (Vec<u32>, bool) {
        let Some(history) = &self.history else {
            return (Vec::new(), true);
        };
        let log = &history.log;
        let listed = |positions: &[u32]| {
            let from = positions.partition_point(|at| *at < ends.from.0);
            let to = positions.partition_point(|at| *at <= ends.to.0);
            let all = positions.get(from..to).unwrap_or_default();
            let some = all.iter().take(MAX_CHOSEN).copied().collect::<Vec<_>>();
            let is_whole = some.len() == all.len();
            (some, is_whole)
        };
        match among {
            Among::Stream(stream) => return listed(log.events_of(stream)),
            Among::Shown if self.rows_shown().is_some() => {
                return listed(self.rows_shown().map_or(&[], |rows| &**rows));
            }
            _ => {}
        }
        let is_wanted = |at: &u32| match among {
            Among::Category(category) => {
                log.stream_info(log.stream(Position(*at))).category == category
            }
            Among::Type(of) => log.event_type(Position(*at)) == of,
            Among::Others(grouping) => {
                let at = Position(*at);
                let id = match grouping {
                    Grouping::Category => log.stream_info(log.stream(at)).category.index(),
                    Grouping::Type => log.event_type(at).index(),
                };
                let group = log.groups(grouping).get(id);
                group.is_some_and(|group| usize::from(*group) == OTHER_GROUP)
            }
            Among::Shown | Among::Stream(_) => true,
        };
        let last = log.last().unwrap_or_default().min(ends.to).0;
        let end = last.min(ends.from.0.saturating_add(LOOKED_AT));
        let mut wanted = (ends.from.0..=end).filter(is_wanted);
        let some: Vec<u32> = wanted.by_ref().take(MAX_CHOSEN).collect();
        let is_whole = end == last && wanted.next().is_none();
        (some, is_whole)
    }
}
