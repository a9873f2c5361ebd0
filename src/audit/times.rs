//! How long checks take: their own work, without reading the records that they share.
//!
//! In one pass over many records a clock that is read before and after each look would cost more than some
//! checks. Where there are more than [`ALL_BELOW`] records one in [`EVERY`] is measured and stands for the
//! others, and the time says that it is about so much.

use crate::event::Position;

/// Below so many events every look is measured.
const ALL_BELOW: usize = 1 << 16;
/// Beyond, one of so many.
const EVERY: u32 = 16;

/// How long a check took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheckTime {
    /// Its id.
    pub check: &'static str,
    /// Its own work in nanoseconds: what several checks make together counts with the first of them.
    pub nanos: u64,
    /// Whether that was measured on some of the records and stands for all.
    pub is_about: bool,
}

/// What of a piece of work is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Measures {
    /// Nothing.
    Nothing,
    /// All of it.
    Whole,
    /// One of [`EVERY`] such pieces, for all of them.
    One,
}

/// Reads the clock where there is one, and as seldom as it can.
pub(super) struct Stopwatch<'a> {
    clock: Option<&'a dyn Fn() -> u64>,
    is_sampling: bool,
}

impl<'a> Stopwatch<'a> {
    /// For an audit of so many events.
    pub(super) fn new(clock: Option<&'a dyn Fn() -> u64>, n_events: usize) -> Self {
        Self {
            clock,
            is_sampling: n_events > ALL_BELOW,
        }
    }

    /// Whether looks at this record are measured.
    pub(super) fn measures(&self, position: Position) -> Measures {
        match (self.clock, self.is_sampling) {
            (Some(_), false) => Measures::Whole,
            // Not always the same place in a pattern of the events: the place moves by one a round.
            (Some(_), true) if position.0 % EVERY == (position.0 / EVERY) % EVERY => Measures::One,
            (None, _) | (Some(_), true) => Measures::Nothing,
        }
    }

    /// The time by the clock, where it is needed.
    pub(super) fn now(&self, measures: Measures) -> u64 {
        let clock = self.clock.filter(|_| measures != Measures::Nothing);
        clock.map_or(0, |clock| clock())
    }

    /// For how long something stands that began at `began`.
    pub(super) fn since(&self, began: u64, measures: Measures) -> u64 {
        let took = self.now(measures).saturating_sub(began);
        match measures {
            Measures::Nothing => 0,
            Measures::Whole => took,
            Measures::One => took.saturating_mul(u64::from(EVERY)),
        }
    }

    /// What is said of a check; nothing without a clock.
    pub(super) fn time_of(
        &self,
        check: &'static str,
        nanos: u64,
        wants: Option<crate::event::Want>,
    ) -> Option<CheckTime> {
        self.clock?;
        Some(CheckTime {
            check,
            nanos,
            is_about: self.is_sampling && wants.is_some(),
        })
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn a_record_in_sixteen_stands_for_the_others() {
        let now = Cell::new(0);
        let clock = || {
            now.set(now.get() + 10);
            now.get()
        };
        for (n_events, is_about) in [(1000, false), (160_000, true)] {
            let stopwatch = Stopwatch::new(Some(&clock), n_events);
            let mut nanos = 0;
            for position in 0..u32::try_from(n_events).unwrap() {
                let measures = stopwatch.measures(Position(position));
                let began = stopwatch.now(measures);
                nanos += stopwatch.since(began, measures);
            }
            assert_eq!(nanos, 10 * n_events as u64);
            let time = stopwatch.time_of("a", nanos, Some(crate::event::Want::Ids));
            assert_eq!(time.unwrap().is_about, is_about);
        }
        let without = Stopwatch::new(None, 9);
        assert_eq!(without.since(0, without.measures(Position(0))), 0);
        assert_eq!(without.time_of("a", 0, None), None);
    }
}
