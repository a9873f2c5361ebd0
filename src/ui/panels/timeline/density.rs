//! How many events of each lane lie in each column of the screen, counted exactly.
//!
//! Columns begin at whole multiples of their length, so that panning moves them and never reshuffles
//! what they hold.

use std::sync::Arc;

use super::scale::{Places, Scale};
use crate::event::{Position, Timestamp};
use crate::history::{Axis, Clock, ColumnCounts, EventLog, Grouping, LogSlice};
use crate::workbench::Span;

/// Up to how many events in view are kept one by one, to be drawn as dots.
const MAX_SINGLE: u32 = 4_096;
/// More columns than any screen has.
const MAX_COLUMNS: i64 = 20_000;

/// What the counts were made for.
#[derive(Clone, Debug)]
pub(super) struct DensityKey {
    pub(super) generation: u64,
    pub(super) axis: Axis,
    pub(super) clock: Clock,
    pub(super) grouping: Grouping,
    pub(super) scale: Scale,
    /// Width of a column in points.
    pub(super) column: f32,
    /// The events that a filter leaves.
    pub(super) slice: Option<Arc<LogSlice>>,
}

impl PartialEq for DensityKey {
    fn eq(&self, other: &Self) -> bool {
        let slice = |key: &Self| key.slice.as_ref().map(Arc::as_ptr);
        (self.generation, self.axis, self.clock, self.grouping)
            == (other.generation, other.axis, other.clock, other.grouping)
            && (self.scale, self.column) == (other.scale, other.column)
            && slice(self) == slice(other)
    }
}

/// Counts by column and lane.
#[derive(Clone, Debug)]
pub(super) struct Density {
    /// The length of a column.
    pub(super) step: i64,
    /// The number of the first column: it begins at `first * step`.
    first: i64,
    /// A row for what lies before, one a column, one for what lies after.
    counts: ColumnCounts,
    /// The same of those that a filter leaves.
    left: Option<ColumnCounts>,
    /// How many events of each lane are in view.
    in_view: Vec<u32>,
    /// The events in view by lane, in the order of the axis, where there are few.
    single: Option<Vec<Vec<u32>>>,
}

impl Density {
    /// Counts. Costs a few hundred steps a column, whatever the columns span.
    pub(super) fn count(log: &EventLog, key: &DensityKey) -> Self {
        let (scale, axis, grouping) = (key.scale, key.axis, key.grouping);
        let clock = key.clock;
        let places = Places {
            log,
            axis,
            clock,
            scale,
        };
        let timed = log.by(clock);
        let step = scale.step(key.column);
        let first = scale.span.from.div_euclid(step);
        let last = scale.span.to.saturating_sub(1).div_euclid(step);
        let last = last.min(first.saturating_add(MAX_COLUMNS));
        let edges = (first..=last + 1).map(|column| column.saturating_mul(step));
        let n_events = u32::try_from(log.len()).unwrap_or(u32::MAX);
        let mut bounds = vec![0];
        match axis {
            Axis::Time => bounds.extend(timed.bounds(edges.map(Timestamp))),
            Axis::Sequence => bounds.extend(edges.map(|edge| places.rank(edge))),
        }
        bounds.push(n_events);
        let counts = timed.count_columns(axis, grouping, &bounds);
        let left = key.slice.as_ref();
        let left = left.map(|slice| slice.count_columns(log, (axis, clock), grouping, &bounds));
        let view = visible_ranks(&places, scale.span);
        let in_view = timed.count_columns(axis, grouping, &view).counts;
        let single = (view[1] - view[0] <= MAX_SINGLE)
            .then(|| by_lane(&places, grouping, view, counts.n_groups));
        Self {
            step,
            first,
            counts,
            left,
            in_view,
            single,
        }
    }

    /// How many columns there are.
    pub(super) fn len(&self) -> usize {
        self.counts.n_columns().saturating_sub(2)
    }

    /// How many lanes are told apart.
    pub(super) fn n_groups(&self) -> usize {
        self.counts.n_groups
    }

    /// The counts of all lanes in a column.
    pub(super) fn column(&self, column: usize) -> &[u32] {
        self.counts.column(column + 1)
    }

    /// The counts in a column of the events that a filter leaves; of all where nothing is filtered.
    pub(super) fn left(&self, column: usize) -> &[u32] {
        let left = self.left.as_ref().unwrap_or(&self.counts);
        left.column(column + 1)
    }

    /// Whether some events are left out.
    pub(super) fn is_filtered(&self) -> bool {
        self.left.is_some()
    }

    /// How many events of a lane a filter leaves in all.
    pub(super) fn n_left(&self, group: usize) -> Option<u64> {
        let left = self.left.as_ref()?;
        let columns = 0..left.n_columns();
        Some(
            columns
                .map(|column| u64::from(left.column(column)[group]))
                .sum(),
        )
    }

    /// How many events lie before and after all columns.
    #[cfg(test)]
    fn outside(&self) -> (u64, u64) {
        let sum = |row: &[u32]| row.iter().map(|count| u64::from(*count)).sum();
        (
            sum(self.counts.column(0)),
            sum(self.counts.column(self.len() + 1)),
        )
    }

    /// Where a column begins on the axis.
    pub(super) fn start(&self, column: usize) -> i64 {
        let column = i64::try_from(column).unwrap_or(i64::MAX);
        self.first.saturating_add(column).saturating_mul(self.step)
    }

    /// The column that holds a moment, counted from the first; it may be outside.
    pub(super) fn column_of(&self, at: i64) -> i64 {
        at.div_euclid(self.step).saturating_sub(self.first)
    }

    /// How many events of a lane are in view.
    pub(super) fn in_view(&self, group: usize) -> u32 {
        self.in_view.get(group).copied().unwrap_or(0)
    }

    /// The events of a lane that are in view, where few events are.
    pub(super) fn single(&self, group: usize) -> Option<&[u32]> {
        self.single.as_ref()?.get(group).map(Vec::as_slice)
    }

    /// The greatest count of a lane in any column.
    pub(super) fn greatest(&self, group: usize) -> u32 {
        (0..self.len())
            .map(|column| self.column(column)[group])
            .max()
            .unwrap_or(0)
    }

    /// The counts of all lanes together, by column.
    pub(super) fn totals(&self) -> Vec<u32> {
        (0..self.len())
            .map(|column| self.column(column).iter().sum())
            .collect()
    }
}

/// The ranks of the first event in view and of the one after the last.
fn visible_ranks(places: &Places<'_>, span: Span) -> [u32; 2] {
    let from = places.rank(span.from);
    [from, places.rank(span.to.saturating_add(1)).max(from)]
}

fn by_lane(
    places: &Places<'_>,
    grouping: Grouping,
    view: [u32; 2],
    n_groups: usize,
) -> Vec<Vec<u32>> {
    let log = places.log;
    let groups = log.groups(grouping);
    let mut lanes = vec![Vec::new(); n_groups];
    for position in (view[0]..view[1]).filter_map(|rank| places.by_rank(rank)) {
        let group = groups[group_id(log, grouping, position)];
        lanes[usize::from(group)].push(position.0);
    }
    lanes
}

fn group_id(log: &EventLog, grouping: Grouping, position: Position) -> usize {
    match grouping {
        Grouping::Category => log.stream_info(log.stream(position)).category.index(),
        Grouping::Type => log.event_type(position).index(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Place;
    use crate::history::{LogBuilder, NewEvent};

    fn log(n_events: i64) -> EventLog {
        let mut builder = LogBuilder::default();
        for nr in 0..n_events {
            let stream = format!(
                "{}-{}",
                ["order", "cart", "refund"][usize::try_from(nr % 3).unwrap()],
                nr % 17
            );
            builder
                .push(&NewEvent {
                    stream: stream.as_bytes(),
                    category: None,
                    version: None,
                    event_type: if nr % 5 == 0 { b"Opened" } else { b"Changed" },
                    // Clustered, now and then backwards, and some without a time.
                    time: (nr % 101 != 0).then(|| Timestamp(nr * nr * 1000 - (nr % 7) * 900)),
                    place: Place::at(nr),
                })
                .unwrap();
        }
        builder.finish()
    }

    #[test]
    fn all_columns_together_hold_every_event_at_any_zoom() {
        let log = log(5_000);
        for axis in [Axis::Time, Axis::Sequence] {
            for grouping in [Grouping::Category, Grouping::Type] {
                for (from, to) in [
                    (0, 25_000_000_000),
                    (1_000, 2_000),
                    (17, 18),
                    (-50, 5_000),
                    (2_000_000, 9_000_001),
                ] {
                    let scale = Scale {
                        span: Span { from, to },
                        left: 160.0,
                        width: 677.0,
                    };
                    let density = Density::count(
                        &log,
                        &DensityKey {
                            generation: 1,
                            axis,
                            clock: Clock::Recorded,
                            grouping,
                            scale,
                            column: 2.0,
                            slice: None,
                        },
                    );
                    let (before, after) = density.outside();
                    let inside: u64 = density.totals().iter().map(|sum| u64::from(*sum)).sum();
                    assert_eq!(before + inside + after, 5_000, "{axis:?} {from}..{to}");
                    assert!(density.start(0) <= from && density.start(density.len()) >= to);
                    assert!(density.len() <= 340);
                }
            }
        }
    }

    #[test]
    fn panning_moves_columns_and_keeps_what_they_hold() {
        let log = log(3_000);
        let at = |from| DensityKey {
            generation: 1,
            axis: Axis::Sequence,
            clock: Clock::Recorded,
            grouping: Grouping::Category,
            scale: Scale {
                span: Span {
                    from,
                    to: from + 1_000,
                },
                left: 0.0,
                width: 400.0,
            },
            column: 2.0,
            slice: None,
        };
        let (a, b) = (Density::count(&log, &at(0)), Density::count(&log, &at(503)));
        let column = usize::try_from(a.column_of(b.start(0))).unwrap();
        assert_eq!(a.start(column), b.start(0));
        assert_eq!(a.column(column), b.column(0));
    }
}
