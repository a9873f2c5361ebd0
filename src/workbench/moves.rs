//! Moving in time: by event, in a stream, among a type, and to the ends.

use std::time::Duration;

use crate::event::{CategoryId, Position, StreamId};
use crate::history::EventLog;

use super::action::InspectorTab;
use super::look::StepKind;
use super::workbench::Workbench;

impl Workbench {
    /// Puts the playhead on an event; moves that follow quickly are one step of undo.
    pub fn move_to(&mut self, position: Position, now: Duration) {
        self.change("move", now, |look| look.playhead = position);
    }

    /// Puts the playhead on an event and chooses its stream, as a place visited.
    pub fn jump_to(&mut self, position: Position, stream: Option<StreamId>, now: Duration) {
        let category = self.category_of(stream);
        self.change("jump", now, |look| {
            look.playhead = position;
            look.selection.stream = stream;
            look.open_categories.extend(category);
        });
    }

    /// Chooses a stream, or none; its category opens, so that its lane can be seen.
    pub fn choose_stream(&mut self, stream: Option<StreamId>, now: Duration) {
        let category = self.category_of(stream);
        self.change("stream", now, |look| {
            look.selection.stream = stream;
            look.open_categories.extend(category);
            // Who chooses a stream asks what it is, not what the last event was.
            if stream.is_some() && look.inspector == InspectorTab::Event {
                look.inspector = InspectorTab::State;
            }
        });
    }

    pub(super) fn category_of(&self, stream: Option<StreamId>) -> Option<CategoryId> {
        let log = &self.history.as_ref()?.log;
        stream.map(|stream| log.stream_info(stream).category)
    }

    /// Where a step of `by` events from the playhead leads; `None` where there is nothing that way.
    pub fn after_step(&self, kind: StepKind, by: i64) -> Option<Position> {
        self.step_from(kind, self.look().playhead, by)
    }

    /// Where a step of `by` events from a position leads.
    pub fn step_from(&self, kind: StepKind, from: Position, by: i64) -> Option<Position> {
        let log = &self.history.as_ref()?.log;
        let from = from.min(log.last()?);
        match kind {
            StepKind::Event => match self.rows_shown().filter(|rows| !rows.is_empty()) {
                Some(rows) => step_in(rows, from, by),
                None => step_events(log, from, by),
            },
            StepKind::Stream => step_in(log.events_of(self.stream_shown()?), from, by),
            StepKind::Type => step_in_type(log, from, by),
            StepKind::Field => self.after_field_step(from, by),
        }
        .filter(|position| *position != from)
    }

    /// Where the steps of the present kind begin; `None` where that is the first event of all.
    pub fn first_of_step(&self) -> Option<Position> {
        let log = &self.history.as_ref()?.log;
        match self.look().step {
            StepKind::Event | StepKind::Type => None,
            StepKind::Stream | StepKind::Field => {
                let first = log.events_of(self.stream_shown()?).first();
                first.copied().map(Position)
            }
        }
    }

    /// How many seconds lie between two events; 0 where a time is missing or goes back.
    pub fn seconds_between(&self, from: Position, to: Position) -> f64 {
        let Some(history) = &self.history else {
            return 0.0;
        };
        let times = (history.log.time(from), history.log.time(to));
        match times {
            (Some(from), Some(to)) => to.0.saturating_sub(from.0).max(0) as f64 / 1e9,
            _ => 0.0,
        }
    }

    /// The first and the last event that the filter in force lets through; of all events where there is
    /// none.
    pub fn ends_shown(&self) -> (Position, Position) {
        let ends = self.rows_shown().and_then(|rows| {
            let (first, last) = (rows.first()?, rows.last()?);
            Some((Position(*first), Position(*last)))
        });
        ends.unwrap_or((Position(0), Position(u32::MAX)))
    }

    /// Steps from the playhead, if there is anything that way.
    pub fn step(&mut self, kind: StepKind, by: i64, now: Duration) {
        if let Some(position) = self.after_step(kind, by) {
            self.move_to(position, now);
        }
    }
}

fn step_events(log: &EventLog, from: Position, by: i64) -> Option<Position> {
    let last = i64::from(log.last()?.0);
    let to = i64::from(from.0).saturating_add(by).clamp(0, last);
    u32::try_from(to).ok().map(Position)
}

/// The event `by` places after (or before) `from` in a list of rising positions.
fn step_in(positions: &[u32], from: Position, by: i64) -> Option<Position> {
    let start = if by > 0 {
        // From before the first event, one step leads to the first.
        i64::try_from(positions.partition_point(|at| *at <= from.0)).ok()? - 1
    } else {
        i64::try_from(positions.partition_point(|at| *at < from.0)).ok()?
    };
    let last = i64::try_from(positions.len()).ok()? - 1;
    let to = start.saturating_add(by);
    if to < 0 || start > last + 1 {
        return None;
    }
    positions
        .get(usize::try_from(to.min(last)).ok()?)
        .copied()
        .map(Position)
}

fn step_in_type(log: &EventLog, from: Position, by: i64) -> Option<Position> {
    let wanted = log.event_type(from);
    let last = log.last()?.0;
    let is_wanted = |at: &u32| log.event_type(Position(*at)) == wanted;
    let nth = usize::try_from(by.unsigned_abs()).ok()?.checked_sub(1)?;
    let found = if by > 0 {
        (from.0 + 1..=last).filter(is_wanted).nth(nth)
    } else {
        (0..from.0).rev().filter(is_wanted).nth(nth)
    };
    found.map(Position)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_in_a_stream_stop_at_its_ends_and_start_from_anywhere() {
        let positions = [3, 7, 9];
        let step = |from, by| step_in(&positions, Position(from), by).map(|at| at.0);
        assert_eq!(step(7, 1), Some(9));
        assert_eq!(step(7, -1), Some(3));
        assert_eq!(step(8, 1), Some(9));
        assert_eq!(step(8, -1), Some(7));
        assert_eq!(step(0, 1), Some(3));
        assert_eq!(step(3, -1), None);
        assert_eq!(step(9, 1), Some(9));
        assert_eq!(step(100, -1), Some(9));
    }
}
