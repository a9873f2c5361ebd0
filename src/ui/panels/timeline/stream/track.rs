//! The events of one stream on the axis of its timeline: versions side by side, time, or positions.

use super::super::scale::{Places, Scale};
use crate::event::Position;
use crate::history::{Axis, Clock, EventLog};
use crate::workbench::StreamAxis;

/// How far beside the outermost event what lies beyond it is put, in places of the axis.
const BEYOND: f32 = 0.45;
/// So many events beyond it bring a place half that far.
const NEAR: f32 = 10.0;

/// The events of a stream over a stretch of the screen.
#[derive(Clone, Debug)]
pub(super) struct Track<'a> {
    pub(super) log: &'a EventLog,
    /// The positions of its events; never empty.
    pub(super) events: &'a [u32],
    pub(super) axis: StreamAxis,
    /// What time is on an axis of time.
    pub(super) clock: Clock,
    pub(super) scale: Scale,
    /// The indices of its events in the order of the axis, where that is another one.
    pub(super) order: Option<Vec<u32>>,
}

impl<'a> Track<'a> {
    /// The same with its events put into the order of the axis.
    pub(super) fn ordered(mut self) -> Self {
        if self.axis != StreamAxis::Time || self.log.by(self.clock).is_in_order() {
            return self;
        }
        let places = self.places();
        let at = |index: &u32| {
            let position = self.events.get(*index as usize).copied();
            places.at_event(Position(position.unwrap_or_default()))
        };
        let mut order: Vec<u32> = (0..).take(self.events.len()).collect();
        order.sort_by_key(at);
        self.order = (!order.is_sorted()).then_some(order);
        self
    }

    /// The index of the event at a place in the order of the axis.
    fn ranked(&self, place: usize) -> usize {
        let of_place = self.order.as_ref().and_then(|order| order.get(place));
        of_place.map_or(place, |rank| *rank as usize)
    }

    /// The events of the whole history on an axis of time or of positions.
    pub(super) fn places(&self) -> Places<'a> {
        Places {
            log: self.log,
            axis: match self.axis {
                StreamAxis::Time => Axis::Time,
                StreamAxis::Version | StreamAxis::Sequence => Axis::Sequence,
            },
            clock: self.clock,
            scale: self.scale,
        }
    }

    fn position(&self, rank: usize) -> Position {
        let last = self.events.len().saturating_sub(1);
        Position(self.events.get(rank.min(last)).copied().unwrap_or_default())
    }

    /// What an event is on the axis.
    fn at_rank(&self, rank: usize) -> i64 {
        match self.axis {
            StreamAxis::Version => i64::try_from(rank).unwrap_or(i64::MAX),
            _ => self.places().at_event(self.position(rank)),
        }
    }

    /// Where an event of the stream stands, by its index.
    pub(super) fn x(&self, rank: usize) -> f32 {
        match self.axis {
            StreamAxis::Version => self.scale.middle(self.at_rank(rank)),
            _ => self.places().x(self.position(rank)),
        }
    }

    /// Where any event of the history stands. On the axis of versions those of other streams lie
    /// between the events of this one, in their order.
    #[expect(clippy::cast_possible_truncation, reason = "a share from 0 to 1")]
    pub(super) fn x_of(&self, position: Position) -> f32 {
        if self.axis != StreamAxis::Version {
            return self.places().x(position);
        }
        let after = self.events.partition_point(|at| *at <= position.0);
        let wide = self.place_width();
        let beyond = |distance: u32| {
            let distance = distance as f32;
            BEYOND * wide * distance / (distance + NEAR)
        };
        let next = self.events.get(after).copied();
        let Some(rank) = after.checked_sub(1) else {
            let first = next.unwrap_or(position.0);
            return self.x(0) - beyond(first.saturating_sub(position.0));
        };
        let from = self.position(rank).0;
        let Some(to) = next else {
            return self.x(rank) + beyond(position.0 - from);
        };
        let share = f64::from(position.0 - from) / f64::from((to - from).max(1));
        self.x(rank) + wide * share as f32
    }

    /// How wide a place of the axis is.
    #[expect(clippy::cast_possible_truncation, reason = "a length on the screen")]
    pub(super) fn place_width(&self) -> f32 {
        (1.0 / self.scale.per_point()) as f32
    }

    /// How many events stand at or before a place of the screen.
    pub(super) fn after(&self, x: f32) -> usize {
        let until = self.scale.at(x);
        if self.axis != StreamAxis::Version {
            let places = self.places();
            let is_before = |at: &u32| places.at_event(Position(*at)) <= until;
            let Some(order) = &self.order else {
                return self.events.partition_point(is_before);
            };
            return order.partition_point(|rank| is_before(&self.position(*rank as usize).0));
        }
        let index = usize::try_from(until.saturating_add(1)).unwrap_or(0);
        let index = index.min(self.events.len());
        // An event stands in the middle of its place.
        match index.checked_sub(1) {
            Some(before) if self.x(before) > x => before,
            _ => index,
        }
    }

    /// The indices of those events that are in view, no two of them nearer than `merge` points.
    pub(super) fn visible(&self, merge: f32) -> Vec<usize> {
        let left = self.scale.left - 6.0;
        let right = self.scale.left + self.scale.width + 6.0;
        let (mut index, end) = (self.after(left), self.after(right));
        let mut seen = Vec::new();
        while index < end {
            let rank = self.ranked(index);
            seen.push(rank);
            index = self.after(self.x(rank) + merge).max(index + 1);
        }
        seen
    }

    /// How far apart the events in view stand, by and large.
    pub(super) fn apart(&self, visible: &[usize]) -> f32 {
        if self.order.is_some() {
            let n_apart = visible.len().saturating_sub(1).max(1);
            return self.scale.width / n_apart as f32;
        }
        match (visible.first(), visible.last()) {
            (Some(first), Some(last)) if last > first => {
                (self.x(*last) - self.x(*first)).abs() / (last - first) as f32
            }
            _ => self.scale.width,
        }
    }

    /// The event nearest to a place of the screen, if it is within `reach` points.
    pub(super) fn nearest(&self, x: f32, reach: f32) -> Option<usize> {
        let after = self.after(x);
        let around = [after.checked_sub(1), Some(after)].into_iter().flatten();
        let distance = |rank: &usize| (self.x(*rank) - x).abs();
        around
            .map(|place| self.ranked(place))
            .filter(|rank| *rank < self.events.len() && distance(rank) <= reach)
            .min_by(|a, b| distance(a).total_cmp(&distance(b)))
    }

    /// The event that a place of the screen means: one within `reach`, else the last one before it,
    /// else the first.
    pub(super) fn meant(&self, x: f32, reach: f32) -> Position {
        let rank = self
            .nearest(x, reach)
            .or_else(|| Some(self.ranked(self.after(x).checked_sub(1)?)))
            .unwrap_or_else(|| self.ranked(0));
        self.position(rank)
    }
}
