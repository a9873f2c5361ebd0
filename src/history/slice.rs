//! The events that a filter leaves, counted as the whole log is: by column and group, along any axis.

use std::sync::Arc;

use super::clock::Clock;
use super::column::{Column, Ranks};
use super::event_log::EventLog;
use super::groups::GroupCounts;
use super::timeline::{Axis, ColumnCounts, Grouping};
use crate::event::Position;

/// Some events of a log with their prefix counts. At most 13 bytes an event that is left, and a walk over
/// the log where its times have an order of their own.
#[derive(Clone, Debug, Default)]
pub struct LogSlice {
    positions: Arc<[u32]>,
    by_position: [GroupCounts; 2],
    by_recorded: Option<Ordered>,
    by_occurred: Option<Ordered>,
}

/// The events left in another order than that of positions.
#[derive(Clone, Debug)]
struct Ordered {
    /// Their ranks among all events in that order, rising.
    ranks: Vec<u32>,
    /// Their positions in that order.
    positions: Vec<u32>,
    counts: [GroupCounts; 2],
}

impl LogSlice {
    /// Counts events, named by their positions, which rise.
    pub fn new(log: &EventLog, positions: Arc<[u32]>) -> Self {
        let ordered = |order: Option<&Column<u32>>| {
            let order = order?;
            let mut is_left = vec![false; log.len()];
            for at in positions.iter() {
                if let Some(is_left) = is_left.get_mut(*at as usize) {
                    *is_left = true;
                }
            }
            let is_left = |at: &u32| is_left.get(*at as usize).copied().unwrap_or(false);
            let left = (0..).zip(order.iter()).filter(|(_, at)| is_left(at));
            let (ranks, of_rank): (Vec<u32>, Vec<u32>) = left.unzip();
            Some(Ordered {
                counts: log.count_some(&of_rank),
                ranks,
                positions: of_rank,
            })
        };
        Self {
            by_position: log.count_some(&positions),
            by_recorded: ordered(log.order_by(Clock::Recorded)),
            by_occurred: ordered(log.order_by(Clock::Occurred)),
            positions,
        }
    }

    /// How many events are left.
    pub fn len(&self) -> usize {
        self.positions.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.positions.is_empty()
    }

    /// Whether an event is left.
    pub fn contains(&self, position: Position) -> bool {
        self.positions.binary_search(&position.0).is_ok()
    }

    /// How many of some events are left; these rise.
    pub fn count_of(&self, events: &[u32]) -> usize {
        let mut rest = &*self.positions;
        let is_left = |at: &&u32| {
            let n_before = rest.partition_point(|left| left < *at);
            rest = rest.get(n_before..).unwrap_or_default();
            rest.first() == Some(*at)
        };
        events.iter().filter(is_left).count()
    }

    /// As [`super::Timed::count_columns`], of the events that are left; `bounds` are the same.
    pub fn count_columns(
        &self,
        log: &EventLog,
        (axis, clock): (Axis, Clock),
        grouping: Grouping,
        bounds: &[u32],
    ) -> ColumnCounts {
        let ordered = match (axis, clock) {
            (Axis::Time, Clock::Occurred) if log.has_occurred() => self.by_occurred.as_ref(),
            (Axis::Time, _) => self.by_recorded.as_ref(),
            (Axis::Sequence, _) => None,
        };
        let (ranks, positions, counts) = match ordered {
            None => (&*self.positions, &*self.positions, &self.by_position),
            Some(ordered) => (
                ordered.ranks.as_slice(),
                ordered.positions.as_slice(),
                &ordered.counts,
            ),
        };
        let inner = |bound: &u32| {
            let n_before = ranks.partition_point(|rank| rank < bound);
            u32::try_from(n_before).unwrap_or(u32::MAX)
        };
        let bounds: Vec<u32> = bounds.iter().map(inner).collect();
        log.count_lanes_by(counts, Some(Ranks::Slice(positions)), grouping, &bounds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Place, Timestamp};
    use crate::history::{LogBuilder, NewEvent};

    #[test]
    fn what_is_left_is_counted_as_a_walk_over_it_counts() {
        let mut builder = LogBuilder::default();
        for nr in 0..3_000_i64 {
            let stream = format!(
                "{}-1",
                ["order", "cart", "refund"][usize::try_from(nr % 3).unwrap()]
            );
            let event = NewEvent {
                stream: stream.as_bytes(),
                category: None,
                version: None,
                event_type: b"Done",
                time: Some(Timestamp(nr * 10)),
                place: Place::default(),
            };
            builder.push(&event).unwrap();
            builder.note_occurred(Timestamp(nr * 7_919 % 3_001));
        }
        let log = builder.finish();
        let left: Vec<u32> = (0..3_000).filter(|at| at * at % 7 < 3).collect();
        let slice = LogSlice::new(&log, left.clone().into());
        let bounds = [0, 3, 700, 700, 1_999, 3_000];
        for (axis, clock) in [
            (Axis::Sequence, Clock::Recorded),
            (Axis::Time, Clock::Recorded),
            (Axis::Time, Clock::Occurred),
        ] {
            let found = slice.count_columns(&log, (axis, clock), Grouping::Category, &bounds);
            for (nr, pair) in bounds.windows(2).enumerate() {
                let mut walked = vec![0; found.n_groups];
                for rank in pair[0]..pair[1] {
                    let at = match axis {
                        Axis::Sequence => Position(rank),
                        Axis::Time => log.by(clock).position(rank).unwrap(),
                    };
                    if slice.contains(at) {
                        let category = log.stream_info(log.stream(at)).category.index();
                        walked[usize::from(log.groups(Grouping::Category)[category])] += 1;
                    }
                }
                assert_eq!(found.column(nr), walked, "{axis:?} by {clock:?}");
            }
        }
        let stream = log.find_stream("cart-1", None).unwrap();
        let events = log.events_of(stream);
        let walked = events.iter().filter(|at| left.contains(at)).count();
        assert_eq!(slice.count_of(events), walked);
    }
}
