//! The two times of an event: when it was recorded, and when it occurred where the store says that too.
//!
//! Positions order; both times only label. An event that does not say when it occurred is taken to have
//! occurred when it was recorded.

use std::ops::Range;

use super::by_time::order_by_time;
use super::column::{Column, Ranks};
use super::columns::NO_TIME;
use super::event_log::{EventLog, Lanes};
use super::timeline::{Axis, ColumnCounts, Grouping};
use crate::event::{Position, Timestamp};

/// Which of an event's two times is meant.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, serde::Deserialize, serde::Serialize,
)]
pub enum Clock {
    /// When the store wrote it.
    #[default]
    Recorded,
    /// When it happened, as the application says; where it does not, when it was recorded.
    Occurred,
}

impl Clock {
    /// `recorded` or `occurred`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Recorded => "recorded",
            Self::Occurred => "occurred",
        }
    }
}

/// The events by the time at which they occurred: 12 bytes an event, and nothing where no event of the
/// log says when it occurred.
#[derive(Debug)]
pub(super) struct Occurred {
    /// With the recorded time where an event says nothing else.
    pub(super) times: Column<i64>,
    /// Positions by that time; those without any come first.
    pub(super) order: Column<u32>,
    pub(super) n_untimed: u32,
    /// Prefix counts in that order.
    pub(super) lanes: Lanes,
}

impl Occurred {
    pub(super) fn new(mut times: Column<i64>) -> Self {
        let n_untimed = times.iter().filter(|time| **time == NO_TIME).count();
        Self {
            order: order_by_time(&mut times),
            n_untimed: u32::try_from(n_untimed).unwrap_or(u32::MAX),
            times,
            lanes: Lanes::default(),
        }
    }

    pub(super) fn order(&self) -> &Column<u32> {
        &self.order
    }

    pub(super) fn bytes(&self) -> usize {
        self.times.len() * 8 + self.order.len() * 4
    }
}

/// A log along one of its two times.
#[derive(Clone, Copy, Debug)]
pub struct Timed<'a> {
    log: &'a EventLog,
    /// `None` for recorded times.
    occurred: Option<&'a Occurred>,
}

impl EventLog {
    /// Whether any event says when it occurred, beside when it was recorded.
    pub fn has_occurred(&self) -> bool {
        self.occurred.is_some()
    }

    /// Positions by one of both times, where that is not their own order.
    pub(super) fn order_by(&self, clock: Clock) -> Option<&Column<u32>> {
        match clock {
            Clock::Recorded => self.time_order(),
            Clock::Occurred => self.occurred.as_ref().map(Occurred::order),
        }
    }

    /// The log along one of its times; by recorded ones where it has no others.
    pub fn by(&self, clock: Clock) -> Timed<'_> {
        Timed {
            log: self,
            occurred: match clock {
                Clock::Recorded => None,
                Clock::Occurred => self.occurred.as_ref(),
            },
        }
    }
}

impl Timed<'_> {
    /// The time of an event, where it has one.
    pub fn time(&self, position: Position) -> Option<Timestamp> {
        let Some(occurred) = self.occurred else {
            return self.log.time(position);
        };
        let time = occurred.times.get(position.index()).copied()?;
        (time != NO_TIME).then_some(Timestamp(time))
    }

    /// Whether times follow positions, so that a list of rising positions rises in time as well.
    pub fn is_in_order(&self) -> bool {
        match self.occurred {
            None => !self.log.times_go_back(),
            Some(occurred) => occurred.order.iter().is_sorted(),
        }
    }

    /// The least and the greatest time.
    pub fn range(&self) -> Option<(Timestamp, Timestamp)> {
        let first = self.position(self.n_untimed())?;
        let last = self.position(u32::try_from(self.log.len()).ok()?.checked_sub(1)?)?;
        Some((self.time(first)?, self.time(last)?))
    }

    /// How many events have no time; by time they stand before all others.
    pub fn n_untimed(&self) -> u32 {
        self.occurred
            .map_or_else(|| self.log.n_untimed(), |occurred| occurred.n_untimed)
    }

    /// The event that stands at `rank` when events are ordered by time.
    pub fn position(&self, rank: u32) -> Option<Position> {
        match self.occurred {
            None => self.log.position_by_time(rank),
            Some(occurred) => occurred.order.get(rank as usize).copied().map(Position),
        }
    }

    /// How many events have a time before `time`, those without one included.
    pub fn rank_before(&self, time: Timestamp) -> u32 {
        let Some(occurred) = self.occurred else {
            return self.log.rank_before_time(time);
        };
        let is_before =
            |at: &u32| occurred.times.get(*at as usize).copied().unwrap_or(NO_TIME) < time.0;
        u32::try_from(occurred.order.partition_point(is_before)).unwrap_or(u32::MAX)
    }

    /// For rising moments, how many events stand before each: bounds for [`Self::count_columns`].
    pub fn bounds(&self, moments: impl IntoIterator<Item = Timestamp>) -> Vec<u32> {
        match self.occurred {
            None => self.log.time_bounds(moments),
            Some(_) => moments
                .into_iter()
                .map(|moment| self.rank_before(moment))
                .collect(),
        }
    }

    /// As [`EventLog::count_columns`], with ranks by this time on [`Axis::Time`].
    pub fn count_columns(&self, axis: Axis, grouping: Grouping, bounds: &[u32]) -> ColumnCounts {
        match (axis, self.occurred) {
            (Axis::Time, Some(occurred)) => {
                let order = Some(Ranks::Column(&occurred.order));
                self.log
                    .count_lanes_by(&occurred.lanes.by_position, order, grouping, bounds)
            }
            _ => self.log.count_columns(axis, grouping, bounds),
        }
    }
}

/// The events of a stretch of time as a stretch of positions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first of them by position.
    pub first: Position,
    /// The last of them by position.
    pub last: Position,
    /// How many events of other times lie between these, or of none; zero where times do not go back.
    pub n_others: u32,
}

impl Timed<'_> {
    /// The events with a time at or after `from` and before `until`; `None` where there are none.
    ///
    /// Where times go back this costs a walk over them in the order of time.
    pub fn period(&self, from: Timestamp, until: Timestamp) -> Option<Period> {
        let ranks = self.ranks(from, until);
        let n_events = u32::try_from(ranks.len()).ok()?;
        let is_by_position = self.occurred.is_none() && self.is_in_order();
        let (first, last) = if is_by_position {
            let last_rank = ranks
                .end
                .checked_sub(1)
                .filter(|last| ranks.contains(last))?;
            (self.position(ranks.start)?, self.position(last_rank)?)
        } else {
            let mut positions = ranks.filter_map(|rank| self.position(rank));
            let one = positions.next()?;
            positions.fold((one, one), |(first, last), at| {
                (first.min(at), last.max(at))
            })
        };
        Some(Period {
            first,
            last,
            n_others: (last.0 - first.0 + 1).saturating_sub(n_events),
        })
    }

    /// Whether any event has a time at or after `from` and before `until`.
    pub fn has_any(&self, from: Timestamp, until: Timestamp) -> bool {
        !self.ranks(from, until).is_empty()
    }

    fn ranks(&self, from: Timestamp, until: Timestamp) -> Range<u32> {
        let rank = |time| self.rank_before(time).max(self.n_untimed());
        rank(from)..rank(until)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Place;
    use crate::history::{LogBuilder, NewEvent};

    fn log(events: &[(i64, Option<i64>)]) -> EventLog {
        let mut builder = LogBuilder::default();
        for (time, occurred) in events {
            let event = NewEvent {
                stream: b"order-1",
                category: None,
                version: None,
                event_type: b"Placed",
                time: Some(Timestamp(*time)),
                place: Place::default(),
            };
            builder.push(&event).unwrap();
            if let Some(occurred) = occurred {
                builder.note_occurred(Timestamp(*occurred));
            }
        }
        builder.finish()
    }

    #[test]
    fn an_event_occurred_when_it_was_recorded_unless_it_says_otherwise() {
        let log = log(&[(10, None), (20, Some(5)), (30, None)]);
        let occurred = log.by(Clock::Occurred);
        let times = [0, 1, 2].map(|at| occurred.time(Position(at)).unwrap().0);
        assert_eq!(times, [10, 5, 30]);
        let order = [0, 1, 2].map(|rank| occurred.position(rank).unwrap().0);
        assert_eq!(order, [1, 0, 2]);
        assert_eq!(occurred.range(), Some((Timestamp(5), Timestamp(30))));
        assert_eq!(occurred.rank_before(Timestamp(10)), 1);
        assert!(!occurred.is_in_order() && log.by(Clock::Recorded).is_in_order());
        let counts = occurred.count_columns(Axis::Time, Grouping::Type, &[0, 1, 3]);
        assert_eq!(counts.counts, [1, 2]);
    }

    #[test]
    fn a_period_goes_from_its_first_to_its_last_position_wherever_they_stand_in_time() {
        let period = |times: &[i64], from: i64, until: i64| {
            let events: Vec<_> = times.iter().map(|time| (*time, None)).collect();
            let log = log(&events);
            let period = log
                .by(Clock::Recorded)
                .period(Timestamp(from), Timestamp(until));
            period.map(|period| (period.first.0, period.last.0, period.n_others))
        };
        assert_eq!(period(&[9, 2, 1, 3], 1, 4), Some((1, 3, 0)));
        assert_eq!(period(&[1, 5, 2], 1, 3), Some((0, 2, 1)));
        assert_eq!(period(&[1, 2, 5], 1, 3), Some((0, 1, 0)));
        assert_eq!(period(&[1, 5, 2], 3, 5), None);
        let log = log(&[(10, None), (20, Some(5)), (30, None), (40, Some(8))]);
        let occurred = log.by(Clock::Occurred).period(Timestamp(5), Timestamp(9));
        let expected = Period {
            first: Position(1),
            last: Position(3),
            n_others: 1,
        };
        assert_eq!(occurred, Some(expected));
    }

    #[test]
    fn a_log_without_occurred_times_keeps_nothing_for_them() {
        let without = log(&[(10, None), (20, None)]);
        assert!(!without.has_occurred());
        let with = log(&[(10, None), (20, Some(5))]);
        assert!(with.memory().0 - without.memory().0 < 40);
        assert_eq!(
            without.by(Clock::Occurred).time(Position(1)),
            Some(Timestamp(20))
        );
    }
}
