//! The units that the ruler divides time by, and the words for their marks.
//!
//! Everything here is on the wall clock: a moment moved so that its UTC fields are the zone's.

use super::scale::Scale;
use super::when::Clock;
use crate::event::Timestamp;

const US: i64 = 1_000;
const MS: i64 = 1_000 * US;
const S: i64 = 1_000 * MS;
const MIN: i64 = 60 * S;
pub(super) const H: i64 = 60 * MIN;
pub(super) const DAY: i64 = 24 * H;
/// 1970-01-05 was a Monday.
const MONDAY: i64 = 4 * DAY;
/// Labels stand at least so far apart, in points.
pub(super) const APART: f64 = 56.0;
/// The fewest points between two small marks.
const SMALL_APART: f64 = 5.0;
/// More marks than any screen has room for.
pub(super) const MAX_MARKS: usize = 4_000;

/// What a mark stands apart from the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unit {
    /// So many nanoseconds, from midnight on.
    Nanos(i64),
    /// Seven days, from Monday on.
    Week,
    /// So many months, from January on.
    Months(i64),
}

const UNITS: [Unit; 37] = [
    Unit::Nanos(1),
    Unit::Nanos(10),
    Unit::Nanos(100),
    Unit::Nanos(US),
    Unit::Nanos(10 * US),
    Unit::Nanos(100 * US),
    Unit::Nanos(MS),
    Unit::Nanos(2 * MS),
    Unit::Nanos(5 * MS),
    Unit::Nanos(10 * MS),
    Unit::Nanos(50 * MS),
    Unit::Nanos(100 * MS),
    Unit::Nanos(500 * MS),
    Unit::Nanos(S),
    Unit::Nanos(5 * S),
    Unit::Nanos(15 * S),
    Unit::Nanos(30 * S),
    Unit::Nanos(MIN),
    Unit::Nanos(5 * MIN),
    Unit::Nanos(15 * MIN),
    Unit::Nanos(30 * MIN),
    Unit::Nanos(H),
    Unit::Nanos(3 * H),
    Unit::Nanos(6 * H),
    Unit::Nanos(12 * H),
    Unit::Nanos(DAY),
    Unit::Week,
    Unit::Months(1),
    Unit::Months(3),
    Unit::Months(12),
    Unit::Months(24),
    Unit::Months(60),
    Unit::Months(120),
    Unit::Months(240),
    Unit::Months(600),
    Unit::Months(1_200),
    Unit::Months(2_400),
];

impl Unit {
    /// Its least length.
    fn nanos(self) -> i64 {
        match self {
            Self::Nanos(nanos) => nanos,
            Self::Week => 7 * DAY,
            Self::Months(months) => (months * 365 * DAY / 12).min(months * 30 * DAY) - 2 * DAY,
        }
    }

    /// How many points its labels need.
    fn label_points(self) -> f64 {
        match self {
            Self::Nanos(nanos) if nanos < US => 84.0,
            Self::Nanos(nanos) if S <= nanos && nanos < MIN => 66.0,
            _ => APART,
        }
    }

    /// The smallest unit whose labels stand far enough apart.
    pub(super) fn choose(scale: &Scale, apart: f64) -> Self {
        let fits =
            |unit: &Self| unit.nanos() as f64 / scale.per_point() >= unit.label_points().max(apart);
        UNITS
            .iter()
            .copied()
            .find(fits)
            .unwrap_or(UNITS[UNITS.len() - 1])
    }

    /// The smallest unit that divides this one and whose marks can still be told apart.
    pub(super) fn small(self, scale: &Scale) -> Option<Self> {
        let divides = |unit: &Self| match (*unit, self) {
            (Self::Nanos(small), Self::Nanos(large))
            | (Self::Months(small), Self::Months(large)) => small < large && large % small == 0,
            (Self::Nanos(small), Self::Week | Self::Months(_)) => small == DAY,
            _ => false,
        };
        let wide = |unit: &Self| unit.nanos() as f64 / scale.per_point() >= SMALL_APART;
        UNITS
            .iter()
            .copied()
            .find(|unit| divides(unit) && wide(unit))
    }

    /// What its labels leave unsaid.
    pub(super) fn coarse(self) -> Option<Self> {
        match self {
            Self::Nanos(nanos) if nanos < S => Some(Self::Nanos(S)),
            Self::Nanos(nanos) if nanos < DAY => Some(Self::Nanos(DAY)),
            Self::Nanos(_) | Self::Week => Some(Self::Months(12)),
            Self::Months(months) => (months < 12).then_some(Self::Months(12)),
        }
    }

    /// The label of a mark of this unit.
    pub(super) fn label(self, wall: i64) -> String {
        let clock = Clock::of_wall(wall);
        match self {
            Self::Nanos(nanos) if nanos < US => clock.fraction(9),
            Self::Nanos(nanos) if nanos < MS => clock.fraction(6),
            Self::Nanos(nanos) if nanos < S => clock.fraction(3),
            Self::Nanos(nanos) if nanos < MIN => clock.seconds(),
            Self::Nanos(nanos) if nanos < DAY => clock.minutes(),
            Self::Nanos(_) | Self::Week => clock.day_name(),
            Self::Months(months) if months < 12 => clock.month_name().to_owned(),
            Self::Months(_) => clock.year.to_string(),
        }
    }

    /// The label of the stretch that begins at a mark of this unit, on the upper row.
    pub(super) fn coarse_label(self, wall: i64) -> String {
        let clock = Clock::of_wall(wall);
        match self {
            Self::Nanos(nanos) if nanos < DAY => {
                format!("{}, {} {}", clock.day_name(), clock.year, clock.seconds())
            }
            Self::Nanos(_) | Self::Week => format!("{}, {}", clock.day_name(), clock.year),
            Self::Months(_) => clock.year.to_string(),
        }
    }

    /// Where the stretch ends that begins at a mark of this unit.
    pub(super) fn after(self, wall: i64) -> i64 {
        let marks = self.marks(wall, wall);
        let next = marks.into_iter().find(|mark| *mark > wall);
        next.unwrap_or_else(|| wall.saturating_add(self.nanos()))
    }

    /// The marks of this unit from the last one before `from` to the first one after `to`.
    pub(super) fn marks(self, from: i64, to: i64) -> Vec<i64> {
        let regular = |step: i64, origin: i64| -> Vec<i64> {
            let first = (from.saturating_sub(origin)).div_euclid(step);
            let at = |nr: i64| nr.checked_mul(step)?.checked_add(origin);
            let upward = (first..).map_while(at);
            up_to(to, upward)
        };
        match self {
            Self::Nanos(step) => regular(step, 0),
            Self::Week => regular(7 * DAY, MONDAY),
            Self::Months(step) => {
                let clock = Clock::of_wall(from);
                let first = (clock.year * 12 + i64::from(clock.month) - 1).div_euclid(step);
                let at = |nr: i64| {
                    let month = nr.checked_mul(step)?;
                    let in_year = u32::try_from(month.rem_euclid(12)).ok()? + 1;
                    let midnight = Timestamp::from_civil(month.div_euclid(12), in_year, 1)?;
                    Some(midnight.0)
                };
                // The first one may lie before all times that can be told.
                let start = if at(first).is_some() {
                    first
                } else {
                    first + 1
                };
                up_to(to, (start..).map_while(at))
            }
        }
    }
}

/// Rising marks up to the first one after `to`.
fn up_to(to: i64, marks: impl Iterator<Item = i64>) -> Vec<i64> {
    let mut found = Vec::new();
    for mark in marks.take(MAX_MARKS) {
        found.push(mark);
        if mark > to {
            break;
        }
    }
    found
}
