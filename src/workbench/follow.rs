//! The view follows the playhead out of view: as part of the same step, so that one undo takes both
//! back.

use crate::event::Position;
use crate::history::{Axis, EventLog};

use super::look::{Look, Span};
use super::travel::{StreamAxis, TimelineMode, full_span};
use super::workbench::Workbench;

/// How many events are looked at to find one with a time, beside one without.
const NEIGHBORS: u32 = 1_000;

impl Workbench {
    /// Brings the playhead of `look` back into view where it has moved out of it and nothing else has
    /// been chosen to be shown. A view that was moved away from the playhead stays where it is.
    pub(super) fn follow(&self, look: &mut Look) {
        let Some(history) = &self.history else { return };
        let before = self.look();
        if look.playhead == before.playhead || history.log.is_empty() {
            return;
        }
        let log = &history.log;
        look.playhead = look.playhead.min(log.last().unwrap_or_default());
        if look.span() == before.span() && look.axis == before.axis {
            let at = at_of(log, look, look.axis);
            let span = self.turned(look.span(), at);
            *look.span_mut() = span;
        }
        self.follow_stream(log, look);
    }

    fn follow_stream(&self, log: &EventLog, look: &mut Look) {
        let (Some(stream), Some(span)) = (look.selection.stream, look.stream_span) else {
            return;
        };
        let was = self.look().stream_span;
        if look.timeline != TimelineMode::Stream || was != Some(span) {
            return;
        }
        let at = match look.stream_axis {
            StreamAxis::Version => log.rank_at(stream, look.playhead).map_or(0, i64::from),
            StreamAxis::Time => at_of(log, look, Axis::Time),
            StreamAxis::Sequence => at_of(log, look, Axis::Sequence),
        };
        let whole = full_span(log, stream, look);
        let turned = self.turned(span, at);
        look.stream_span = Some(whole.map_or(turned, |whole| turned.within(whole, 1)));
    }

    /// `span` moved so that `at` is in it. While playing a page is turned, so that the view does not
    /// run along.
    fn turned(&self, span: Span, at: i64) -> Span {
        if span.from <= at && at < span.to {
            return span;
        }
        let share = if self.is_playing { 10 } else { 2 };
        let from = at.saturating_sub(span.len() / share);
        Span {
            from,
            to: from.saturating_add(span.len()),
        }
    }
}

/// Where the event at the playhead stands on an axis; one without a time stands at that of one before it.
fn at_of(log: &EventLog, look: &Look, axis: Axis) -> i64 {
    let position = look.playhead;
    if axis == Axis::Sequence {
        return i64::from(position.0);
    }
    let mut before = (position.0.saturating_sub(NEIGHBORS)..=position.0).rev();
    let clock = log.by(look.clock);
    let time = before.find_map(|at| clock.time(Position(at)));
    time.map_or_else(|| i64::from(position.0), |time| time.0)
}
