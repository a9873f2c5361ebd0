//! The history ordered by time: ranks, and the moments between them.
//!
//! Where no time goes back and every event has one, this is the order of positions itself.

use super::event_log::{EventLog, NO_TIME};
use crate::event::{Position, Timestamp};

impl EventLog {
    /// Positions by time, where that is not their own order.
    pub(super) fn time_order(&self) -> Option<&[u32]> {
        self.time_order.as_deref()
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

    /// The last position whose time is not after `time`.
    pub fn last_at_time(&self, time: Timestamp) -> Option<Position> {
        let fits = |at: &u32| {
            let found = self.parts.times[*at as usize];
            found != NO_TIME && found <= time.0
        };
        let end = u32::try_from(self.len()).unwrap_or(u32::MAX);
        if self.time_order.is_none() {
            return self
                .rank_before_time(Timestamp(time.0.saturating_add(1)))
                .checked_sub(1)
                .map(Position);
        }
        (0..end).rev().find(fits).map(Position)
    }
}

/// Positions by time, equal times in the order of the history; those without a time first.
pub(super) fn order_by_time(times: &[i64]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..u32::try_from(times.len()).unwrap_or(u32::MAX)).collect();
    // Stable and adaptive: nearly sorted times, the usual case, cost little more than a walk.
    order.sort_by_key(|at| times[*at as usize]);
    order
}
