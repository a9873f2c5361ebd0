//! The least and the greatest of any stretch of steps, found without a walk over it: so a line of a
//! million steps is thinned again, for another range, within a frame.

use super::series::Step;

/// So many steps, or stretches of them, are one stretch of the next level.
const FAN: usize = 4;

/// Where the extremes of a stretch stand; `None` where it has no such step.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Extreme {
    /// The first step with the least value.
    least: Option<u32>,
    /// The last step with the greatest value.
    greatest: Option<u32>,
    /// The first step without a value.
    missing: Option<u32>,
}

impl Extreme {
    fn of(points: &[Step], at: usize) -> Self {
        let nr = u32::try_from(at).ok();
        let has_value = points.get(at).is_some_and(|step| step.value.is_some());
        Self {
            least: nr.filter(|_| has_value),
            greatest: nr.filter(|_| has_value),
            missing: nr.filter(|_| !has_value),
        }
    }

    /// Of a stretch and the one right behind it.
    fn join(self, later: Self, points: &[Step]) -> Self {
        let value = |at: Option<u32>| points.get(at? as usize)?.value;
        let (least, greatest) = (value(self.least), value(self.greatest));
        let takes_least =
            value(later.least).is_some_and(|late| least.is_none_or(|early| late < early));
        let takes_greatest =
            value(later.greatest).is_some_and(|late| greatest.is_none_or(|early| late >= early));
        Self {
            least: if takes_least { later.least } else { self.least },
            greatest: if takes_greatest {
                later.greatest
            } else {
                self.greatest
            },
            missing: self.missing.or(later.missing),
        }
    }
}

/// The extremes of stretches of steps, level by level.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Extremes {
    levels: Vec<Vec<Extreme>>,
}

impl Extremes {
    /// Those of some steps. Costs a comparison or two a step, and eight bytes.
    pub fn of(points: &[Step]) -> Self {
        let all = |from: usize, to: usize, at: &dyn Fn(usize) -> Extreme| {
            (from..to).fold(Extreme::default(), |sum, nr| sum.join(at(nr), points))
        };
        let mut levels: Vec<Vec<Extreme>> = Vec::new();
        let mut len = points.len();
        while len > FAN {
            let below = levels.last();
            let at = |nr: usize| match below {
                None => Extreme::of(points, nr),
                Some(below) => below.get(nr).copied().unwrap_or_default(),
            };
            let level = (0..len.div_ceil(FAN))
                .map(|nr| all(nr * FAN, (nr * FAN + FAN).min(len), &at))
                .collect::<Vec<_>>();
            len = level.len();
            levels.push(level);
        }
        Self { levels }
    }

    /// The extremes of the steps from one place up to another. Costs some dozens of comparisons.
    fn find(&self, points: &[Step], from: usize, to: usize) -> Extreme {
        let mut sum = Extreme::default();
        let mut at = from;
        while at < to {
            // The longest stretch that begins here and ends in time.
            let (mut level, mut len) = (0, 1);
            while level < self.levels.len() && at.is_multiple_of(len * FAN) && at + len * FAN <= to
            {
                (level, len) = (level + 1, len * FAN);
            }
            let found = match level.checked_sub(1) {
                None => Extreme::of(points, at),
                Some(level) => {
                    let stretches = self.levels.get(level);
                    let found = stretches.and_then(|level| level.get(at / len));
                    found.copied().unwrap_or_default()
                }
            };
            sum = sum.join(found, points);
            at += len;
        }
        sum
    }

    /// The least and the greatest step of all, the earliest and the latest of equals.
    pub fn ends(&self, points: &[Step]) -> Option<(Step, Step)> {
        let found = self.find(points, 0, points.len());
        let step = |at: Option<u32>| points.get(at? as usize).copied();
        step(found.least).zip(step(found.greatest))
    }

    /// At most a few steps for each of `columns` pixel columns between `from` and `to`, both included,
    /// of the steps that these are the extremes of.
    ///
    /// Of each column the first, last, least and greatest step are kept, and the first without a value,
    /// so that the line drawn is the line of all steps; before `from` the last step is kept, which
    /// reaches into the range. Costs some hundred comparisons a column, however many steps there are.
    pub fn thin(&self, points: &[Step], from: i64, to: i64, columns: usize) -> Vec<Step> {
        let start = points
            .partition_point(|step| step.x < from)
            .saturating_sub(1);
        let end = points.partition_point(|step| step.x <= to);
        let width = (i128::from(to) - i128::from(from) + 1).max(1);
        let column_of = |step: &Step| {
            let into = (i128::from(step.x) - i128::from(from)) * columns.max(1) as i128;
            into.div_euclid(width)
        };
        let mut kept = Vec::with_capacity((end - start).min(columns.saturating_mul(4)));
        let mut at = start;
        while let Some(first) = points.get(at).filter(|_| at < end) {
            let column = column_of(first);
            let rest = points.get(at..end).unwrap_or_default();
            // Steps stand close together mostly: the end is near.
            let mut reach = 1;
            while rest
                .get(reach)
                .is_some_and(|step| column_of(step) <= column)
            {
                reach *= 2;
            }
            let near = rest.get(..reach.min(rest.len())).unwrap_or(rest);
            let len = near.partition_point(|step| column_of(step) <= column);
            let found = self.find(points, at, at + len);
            let ends = [Some(at), Some(at + len - 1)];
            let within = [found.least, found.greatest, found.missing];
            let within = within.map(|nr| nr.map(|nr| nr as usize));
            let mut chosen: Vec<usize> = ends.into_iter().chain(within).flatten().collect();
            chosen.sort_unstable();
            chosen.dedup();
            kept.extend(chosen.into_iter().filter_map(|nr| points.get(nr)).copied());
            at += len;
        }
        kept
    }
}

/// As [`Extremes::thin`], of steps that are thinned but once.
pub fn thin(points: &[Step], from: i64, to: i64, columns: usize) -> Vec<Step> {
    Extremes::of(points).thin(points, from, to, columns)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{Decimal, Position};
    use proptest::collection::vec;
    use proptest::prelude::*;

    /// The same, found by a walk over every column.
    fn thin_one_by_one(points: &[Step], from: i64, to: i64, columns: usize) -> Vec<Step> {
        let start = points
            .partition_point(|step| step.x < from)
            .saturating_sub(1);
        let end = points.partition_point(|step| step.x <= to);
        let column_of = |step: &Step| {
            let width = i128::from(to) - i128::from(from) + 1;
            let into = (i128::from(step.x) - i128::from(from)) * columns.max(1) as i128;
            into.div_euclid(width.max(1))
        };
        let shown = points.get(start..end).unwrap_or_default();
        let mut kept = Vec::with_capacity(shown.len().min(columns.saturating_mul(4)));
        for column in shown.chunk_by(|a, b| column_of(a) == column_of(b)) {
            keep_extremes(column, &mut kept);
        }
        kept
    }

    fn keep_extremes(column: &[Step], kept: &mut Vec<Step>) {
        let indexed = || {
            column
                .iter()
                .enumerate()
                .filter(|(_, step)| step.value.is_some())
        };
        let missing = column.iter().position(|step| step.value.is_none());
        let chosen = [
            Some(0),
            indexed()
                .min_by_key(|(_, step)| step.value)
                .map(|(at, _)| at),
            indexed()
                .max_by_key(|(_, step)| step.value)
                .map(|(at, _)| at),
            missing,
            column.len().checked_sub(1),
        ];
        let mut chosen: Vec<usize> = chosen.into_iter().flatten().collect();
        chosen.sort_unstable();
        chosen.dedup();
        kept.extend(chosen.into_iter().map(|at| column[at]));
    }

    proptest! {
        #[test]
        fn steps_thinned_by_extremes_are_those_thinned_one_by_one(
            moves in vec((0_i64..4, prop::option::of(-5_i64..5)), 0..700),
            from in -5_i64..900, length in 0_i64..900, columns in 1_usize..40,
        ) {
            let mut x = 0;
            let points: Vec<Step> = moves.iter().map(|(dx, value)| {
                x += dx;
                Step { x, position: Position(0), value: value.map(Decimal::whole) }
            }).collect();
            let extremes = Extremes::of(&points);
            prop_assert_eq!(
                extremes.thin(&points, from, from + length, columns),
                thin_one_by_one(&points, from, from + length, columns)
            );
            let values = || points.iter().filter_map(|step| step.value);
            let ends = extremes.ends(&points).map(|(a, b)| (a.value, b.value));
            prop_assert_eq!(ends, values().min().map(|least| (Some(least), values().max())));
        }
    }
}
