//! The history ordered by time: ranks, and the moments between them.
//!
//! Where no time goes back and every event has one, this is the order of positions itself.

use super::column::Column;
use super::columns::NO_TIME;
use super::event_log::EventLog;
use crate::event::{Position, Timestamp};

impl EventLog {
    /// Positions by time, where that is not their own order.
    pub(super) fn time_order(&self) -> Option<&Column<u32>> {
        self.time_order.as_ref()
    }

    /// The least and the greatest time.
    pub fn time_range(&self) -> Option<(Timestamp, Timestamp)> {
        let first = self.position_by_time(self.n_untimed())?;
        let last = self.position_by_time(u32::try_from(self.len()).ok()?.checked_sub(1)?)?;
        Some((self.time(first)?, self.time(last)?))
    }

    /// How many events have no time; by time they stand before all others.
    pub fn n_untimed(&self) -> u32 {
        self.parts.n_untimed
    }

    /// Whether some event carries an earlier time than one before it.
    pub fn times_go_back(&self) -> bool {
        self.parts.times_go_back
    }

    /// The event that stands at `rank` when events are ordered by time.
    pub fn position_by_time(&self, rank: u32) -> Option<Position> {
        if rank as usize >= self.len() {
            return None;
        }
        Some(Position(
            self.time_order
                .as_ref()
                .map_or(rank, |order| order[rank as usize]),
        ))
    }

    /// How many events have a time before `time`, those without one included.
    pub fn rank_before_time(&self, time: Timestamp) -> u32 {
        self.rank_before_time_near(time, 0, 0)
    }

    /// As [`Self::rank_before_time`], known to be `least` at the least and likely `ahead` more: the
    /// search widens from there.
    pub(super) fn rank_before_time_near(&self, time: Timestamp, least: u32, ahead: u32) -> u32 {
        let n_events = self.len();
        let is_before = |rank: usize| {
            let index = self
                .time_order
                .as_ref()
                .map_or(rank, |order| order[rank] as usize);
            self.parts.times[index] < time.0
        };
        let least = least as usize;
        let guess = (least + ahead as usize).min(n_events);
        let (mut low, mut high, mut step) = (least, guess, 16);
        if guess < n_events && is_before(guess) {
            low = guess + 1;
            high = n_events;
            while low + step < n_events {
                if !is_before(low + step) {
                    high = low + step;
                    break;
                }
                low += step + 1;
                step *= 2;
            }
        } else {
            while high > least + step {
                if is_before(high - step) {
                    low = high - step + 1;
                    break;
                }
                high -= step;
                step *= 2;
            }
        }
        while low < high {
            let middle = low.midpoint(high);
            if is_before(middle) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        u32::try_from(low).unwrap_or(u32::MAX)
    }

    /// The last position whose time is not after `time`. Where times go back the first call costs a walk
    /// over the log, each later one a walk over a thousand events at most.
    pub fn last_at_time(&self, time: Timestamp) -> Option<Position> {
        if self.time_order.is_none() {
            let after = Timestamp(time.0.saturating_add(1));
            return self.rank_before_time(after).checked_sub(1).map(Position);
        }
        // The least time from a block on only rises: the last block that has one early enough holds it.
        let least = self.least_from.get_or_init(|| self.least_times());
        let block = least
            .partition_point(|least| *least <= time.0)
            .checked_sub(1)?;
        let end = ((block + 1) * BLOCK).min(self.len());
        let fits = |at: &usize| (NO_TIME + 1..=time.0).contains(&self.parts.times[*at]);
        let found = (block * BLOCK..end).rev().find(fits)?;
        u32::try_from(found).ok().map(Position)
    }

    /// For each block of events the least time of those in it and behind it.
    fn least_times(&self) -> Vec<i64> {
        let mut least = vec![i64::MAX; self.len().div_ceil(BLOCK)];
        let mut so_far = i64::MAX;
        for at in (0..self.len()).rev() {
            let time = &self.parts.times[at];
            if *time != NO_TIME {
                so_far = so_far.min(*time);
            }
            least[at / BLOCK] = so_far;
        }
        least
    }
}

/// How many events share a least time.
const BLOCK: usize = 1024;

/// Positions by time, equal times in the order of the history; those without a time first.
pub(super) fn order_by_time(times: &mut Column<i64>) -> Column<u32> {
    let times = times.settle();
    let mut order: Vec<u32> = (0..u32::try_from(times.len()).unwrap_or(u32::MAX)).collect();
    // Stable and adaptive: nearly sorted times, the usual case, cost little more than a walk.
    order.sort_by_key(|at| times[*at as usize]);
    let mut order = Column::from(order);
    order.settle();
    order
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Place;
    use crate::history::{LogBuilder, NewEvent};

    #[test]
    fn the_last_event_by_a_time_is_found_where_times_go_back() {
        let mut builder = LogBuilder::default();
        let times: Vec<Option<i64>> = (0..5000_i64)
            .map(|n| (n % 7 != 3).then_some(n * 10 - (n * n) % 3001))
            .collect();
        for time in &times {
            let event = NewEvent {
                stream: b"order-1",
                category: None,
                version: None,
                event_type: b"Placed",
                time: time.map(Timestamp),
                place: Place::default(),
            };
            builder.push(&event).unwrap();
        }
        let log = builder.finish();
        for moment in (-4000..52_000).step_by(97).chain([i64::MIN, i64::MAX]) {
            let walked = times
                .iter()
                .rposition(|time| time.is_some_and(|time| time <= moment));
            let found = log.last_at_time(Timestamp(moment));
            assert_eq!(found.map(Position::index), walked, "{moment}");
        }
    }
}
