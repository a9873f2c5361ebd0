//! From the axis to the screen and back: moments or positions to points, events to where they stand.
//!
//! An event stands at its time, or in the middle of its place in the sequence.

use std::borrow::Cow;

use crate::event::{Position, Timestamp};
use crate::history::{Axis, Clock, EventLog, Timed};
use crate::workbench::Span;

/// How far outside of the screen something may be painted, in points.
const FAR: f64 = 100_000.0;
/// How many events are looked at to find one with a time, beside one without.
const NEIGHBORS: u32 = 1_000;

/// A stretch of an axis over a stretch of the screen.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Scale {
    /// What is shown.
    pub(super) span: Span,
    /// Where it begins.
    pub(super) left: f32,
    /// How wide it is.
    pub(super) width: f32,
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "bounded before, or saturating, which is what is wanted"
)]
impl Scale {
    /// Where a moment or a position begins on the screen.
    pub(super) fn x(&self, at: i64) -> f32 {
        self.place(self.span.fraction(at))
    }

    /// Where the middle of a place of the sequence stands.
    pub(super) fn middle(&self, at: i64) -> f32 {
        self.place(self.span.fraction(at) + 0.5 / self.span.len() as f64)
    }

    fn place(&self, fraction: f64) -> f32 {
        let x = f64::from(self.left) + fraction * f64::from(self.width);
        x.clamp(-FAR, FAR) as f32
    }

    /// What stands at a place of the screen.
    pub(super) fn at(&self, x: f32) -> i64 {
        let len = self.span.len() as f64;
        let from_left = (len * self.fraction(x)).floor() as i64;
        self.span.from.saturating_add(from_left)
    }

    fn fraction(&self, x: f32) -> f64 {
        f64::from(x - self.left) / f64::from(self.width.max(1.0))
    }

    /// How much of the axis lies in one point.
    pub(super) fn per_point(&self) -> f64 {
        self.span.len() as f64 / f64::from(self.width.max(1.0))
    }

    /// What is shown after zooming by `factor` (below 1 shows less) so that `x` keeps its moment.
    pub(super) fn zoomed(&self, x: f32, factor: f64, full: Span, least: i64) -> Span {
        let len = (self.span.len() as f64 * factor).round();
        let len = (len as i64).clamp(least.min(full.len()), full.len());
        let before = (len as f64 * self.fraction(x)).floor() as i64;
        let from = self.at(x).saturating_sub(before);
        within(
            Span {
                from,
                to: from.saturating_add(len),
            },
            full,
        )
    }

    /// What is shown after the contents have been moved to the right by `dx` points.
    pub(super) fn panned(&self, dx: f32, full: Span) -> Span {
        let shift = (f64::from(dx) * self.per_point()).round() as i64;
        let from = self.span.from.saturating_sub(shift);
        let to = from.saturating_add(self.span.len());
        within(Span { from, to }, full)
    }

    /// How long a column of `width` points must be so that it holds whole units of the axis.
    pub(super) fn step(&self, width: f32) -> i64 {
        ((self.per_point() * f64::from(width)).ceil() as i64).max(1)
    }
}

/// `span` moved, and shortened if need be, to lie in `full`.
pub(super) fn within(span: Span, full: Span) -> Span {
    let len = span.len().min(full.len());
    let from = span
        .from
        .clamp(full.from, full.to.saturating_sub(len).max(full.from));
    Span {
        from,
        to: from.saturating_add(len),
    }
}

/// The events of a log on an axis.
#[derive(Clone, Copy, Debug)]
pub(super) struct Places<'a> {
    pub(super) log: &'a EventLog,
    pub(super) axis: Axis,
    /// What time is on an axis of time.
    pub(super) clock: Clock,
    pub(super) scale: Scale,
}

impl<'a> Places<'a> {
    /// The events by the time in use.
    pub(super) fn timed(&self) -> Timed<'a> {
        self.log.by(self.clock)
    }

    /// A rising list of positions in the order of the axis.
    pub(super) fn in_order(&self, events: &'a [u32]) -> Cow<'a, [u32]> {
        if self.axis == Axis::Sequence || self.timed().is_in_order() {
            return Cow::Borrowed(events);
        }
        let mut sorted = events.to_vec();
        sorted.sort_by_key(|at| self.at_event(Position(*at)));
        Cow::Owned(sorted)
    }

    /// The moment or position of an event; one without a time takes that of a neighbor.
    pub(super) fn at_event(&self, position: Position) -> i64 {
        if self.axis == Axis::Sequence {
            return i64::from(position.0);
        }
        let mut before = (position.0.saturating_sub(NEIGHBORS)..=position.0).rev();
        before
            .find_map(|at| self.timed().time(Position(at)))
            .map_or(self.scale.span.from, |time| time.0)
    }

    /// Where an event stands on the screen.
    pub(super) fn x(&self, position: Position) -> f32 {
        let at = self.at_event(position);
        match self.axis {
            Axis::Time => self.scale.x(at),
            Axis::Sequence => self.scale.middle(at),
        }
    }

    /// How many events stand before a moment or position, in the order of the axis.
    pub(super) fn rank(&self, at: i64) -> u32 {
        match self.axis {
            Axis::Time => self
                .timed()
                .rank_before(Timestamp(at))
                .max(self.timed().n_untimed()),
            Axis::Sequence => {
                let n_events = u32::try_from(self.log.len()).unwrap_or(u32::MAX);
                u32::try_from(at.max(0)).map_or(n_events, |at| at.min(n_events))
            }
        }
    }

    /// The event at a rank in the order of the axis.
    pub(super) fn by_rank(&self, rank: u32) -> Option<Position> {
        match self.axis {
            Axis::Time => self.timed().position(rank),
            Axis::Sequence => Some(Position(rank)).filter(|at| at.index() < self.log.len()),
        }
    }

    /// The rank of the last event not after a place of the screen, or of the first one there is.
    ///
    /// Events without a time stand before all others and at no place.
    fn rank_until(&self, x: f32) -> u32 {
        let first = match self.axis {
            Axis::Time => self.timed().n_untimed(),
            Axis::Sequence => 0,
        };
        let after = self.rank(self.scale.at(x).saturating_add(1));
        after.saturating_sub(1).max(first)
    }

    /// The last event not after a place of the screen; the first one where there is none.
    pub(super) fn last_until(&self, x: f32) -> Option<Position> {
        self.by_rank(self.rank_until(x))
    }

    /// The same, but an event that follows within `reach` points draws the pointer to itself.
    pub(super) fn snapped(&self, x: f32, reach: f32) -> Option<Position> {
        let rank = self.rank_until(x);
        let before = self.by_rank(rank)?;
        let after = self.by_rank(rank + 1).filter(|at| {
            let distance = self.x(*at) - x;
            distance <= reach && distance < (x - self.x(before)).abs()
        });
        Some(after.unwrap_or(before))
    }

    /// The event of a list in the order of the axis that stands nearest to `x`, if it is within `reach` points.
    pub(super) fn nearest(&self, events: &[u32], x: f32, reach: f32) -> Option<Position> {
        let target = self.scale.at(x);
        let after = events.partition_point(|at| self.at_event(Position(*at)) <= target);
        let distance = |at: &Position| (self.x(*at) - x).abs();
        events[after.saturating_sub(1)..(after + 1).min(events.len())]
            .iter()
            .map(|at| Position(*at))
            .filter(|at| distance(at) <= reach)
            .min_by(|a, b| distance(a).total_cmp(&distance(b)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FULL: Span = Span {
        from: 0,
        to: 1_000_000,
    };

    #[test]
    fn zooming_keeps_what_is_under_the_pointer() {
        let mut scale = Scale {
            span: Span {
                from: 200_000,
                to: 700_000,
            },
            left: 160.0,
            width: 640.0,
        };
        let x = 400.0;
        let before = scale.at(x);
        for factor in [0.5, 0.9, 1.1, 0.7, 0.3] {
            scale.span = scale.zoomed(x, factor, FULL, 8);
            assert!((scale.x(before) - x).abs() < 1.0, "{factor}");
        }
    }

    #[test]
    fn nothing_leads_out_of_the_history() {
        let scale = Scale {
            span: FULL,
            left: 0.0,
            width: 500.0,
        };
        assert_eq!(scale.zoomed(100.0, 3.0, FULL, 8), FULL);
        assert_eq!(scale.panned(80.0, FULL), FULL);
        assert_eq!(scale.zoomed(100.0, 1e-12, FULL, 8).len(), 8);
        let edge = Span {
            from: i64::MAX - 10,
            to: i64::MAX,
        };
        assert_eq!(within(edge, FULL).to, FULL.to);
    }
}
