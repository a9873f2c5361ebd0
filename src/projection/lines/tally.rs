//! One line while its changes are taken in.

use super::super::series::Step;
use super::ask::{Measure, SeriesAsk};
use super::cut::Cut;
use super::moves::{Change, is_at_own_time};
use crate::event::{Decimal, Position};

/// What a bucket has gathered.
#[derive(Clone, Copy, Default)]
struct Piece {
    /// How many changes; of a mean over time how many nanoseconds.
    n: u64,
    value: Option<Decimal>,
    position: Option<Position>,
}

/// A line under way.
pub(super) struct Tally<'a> {
    measure: Measure,
    cut: &'a Cut,
    range: (i64, i64),
    has_range: bool,
    /// The sum of what all partitions of the line have, and how many have something.
    sum: Decimal,
    n_present: usize,
    /// The sum had over 38 digits once.
    is_lost: bool,
    is_rounded: bool,
    points: Vec<Step>,
    /// The last step before the range.
    before: Option<Step>,
    pieces: Vec<Piece>,
    /// Up to where the mean over time has come.
    held_until: i64,
}

impl<'a> Tally<'a> {
    pub(super) fn new(ask: &SeriesAsk, cut: &'a Cut) -> Self {
        Self {
            measure: ask.measure,
            cut,
            // What has no time stands before all that is asked for.
            range: ask.range.unwrap_or((i64::MIN + 1, i64::MAX)),
            has_range: ask.range.is_some(),
            sum: Decimal::ZERO,
            n_present: 0,
            is_lost: false,
            is_rounded: false,
            points: Vec::new(),
            before: None,
            pieces: vec![Piece::default(); cut.len()],
            held_until: cut.edges.first().copied().unwrap_or(i64::MIN),
        }
    }

    /// What the line has now; `None` where no partition has a number.
    fn total(&self) -> Option<Decimal> {
        (self.n_present > 0 && !self.is_lost).then_some(self.sum)
    }

    pub(super) fn take(&mut self, change: &Change) {
        if self.measure == Measure::MeanOverTime && self.cut.len() > 0 {
            self.hold_until(change.x);
        }
        let sum = self.sum.checked_sub(change.old.unwrap_or(Decimal::ZERO));
        let sum = sum.and_then(|sum| sum.checked_add(change.new.unwrap_or(Decimal::ZERO)));
        self.is_lost |= sum.is_none();
        self.sum = sum.unwrap_or(Decimal::ZERO);
        self.n_present += usize::from(change.new.is_some());
        self.n_present = self
            .n_present
            .saturating_sub(usize::from(change.old.is_some()));
        if self.n_present == 0 && !self.is_lost {
            // Nobody's decimals are left over.
            self.sum = Decimal::ZERO;
        }
        if self.cut.len() == 0 {
            self.take_step(change);
        } else {
            self.take_piece(change);
        }
    }

    fn delta(&self, change: &Change) -> Option<Decimal> {
        let new = change.new.unwrap_or(Decimal::ZERO);
        let delta = new.checked_sub(change.old.unwrap_or(Decimal::ZERO));
        delta.filter(|_| !self.is_lost)
    }

    /// Each change is a bucket of its own.
    fn take_step(&mut self, change: &Change) {
        let adds = matches!(self.measure, Measure::SumOfChanges | Measure::Count);
        if change.x > self.range.1 || adds && change.is_transfer {
            return;
        }
        let value = match self.measure {
            Measure::SumOfChanges => self.delta(change),
            Measure::Count => Some(Decimal::whole(1)),
            _ => self.total(),
        };
        let mut step = Step {
            x: change.x,
            position: change.position,
            value,
        };
        if change.x < self.range.0 {
            self.before = Some(step);
            return;
        }
        match self.points.last_mut() {
            Some(last) if last.position == change.position => {
                if adds {
                    let both = last.value.zip(value);
                    step.value = both.and_then(|(a, b)| a.checked_add(b));
                }
                *last = step;
            }
            Some(last) if self.measure == Measure::Value && last.value == value => {}
            _ => self.points.push(step),
        }
    }

    fn take_piece(&mut self, change: &Change) {
        if is_at_own_time(self.measure) && change.is_transfer {
            return;
        }
        let x = if is_at_own_time(self.measure) {
            change.own_x
        } else {
            change.x
        };
        let (total, delta) = (self.total(), self.delta(change));
        let Some(piece) = self
            .cut
            .bucket_of(x)
            .and_then(|nth| self.pieces.get_mut(nth))
        else {
            if self.cut.edges.first().is_some_and(|first| x < *first) {
                self.before = Some(Step {
                    x,
                    position: change.position,
                    value: total,
                });
            }
            return;
        };
        piece.position = Some(change.position);
        if self.measure == Measure::MeanOverTime {
            return;
        }
        let is_first = piece.n == 0;
        piece.n += 1;
        let (kept, is_sum, next) = match self.measure {
            Measure::Value | Measure::Count | Measure::MeanOverTime => (total, false, None),
            Measure::SumOfChanges => (piece.value, true, delta),
            Measure::Mean | Measure::Sum => (piece.value, true, total),
            Measure::Min => (least(piece.value, total), false, None),
            Measure::Max => (piece.value.max(total), false, None),
        };
        piece.value = match (is_sum, is_first) {
            (false, _) => kept,
            (true, true) => next,
            (true, false) => kept.zip(next).and_then(|(a, b)| a.checked_add(b)),
        };
        self.is_lost |= is_sum && next.is_some() && piece.value.is_none();
    }

    /// The value held up to here: each bucket that it held in gets its share.
    fn hold_until(&mut self, x: i64) {
        let end = self.cut.edges.last().copied().unwrap_or(i64::MAX);
        let to = x.min(end).min(self.range.1.saturating_add(1));
        let value = self.total();
        while self.held_until < to {
            let Some(nth) = self.cut.bucket_of(self.held_until) else {
                break;
            };
            let until = self.cut.edges.get(nth + 1).copied().unwrap_or(to).min(to);
            let nanos = until.saturating_sub(self.held_until);
            self.held_until = until;
            let (Some(piece), Some(value)) = (self.pieces.get_mut(nth), value) else {
                continue;
            };
            let share = value.checked_times(nanos);
            let sum = match piece.n {
                0 => share,
                _ => piece.value.zip(share).and_then(|(a, b)| a.checked_add(b)),
            };
            self.is_lost |= sum.is_none();
            piece.value = sum;
            piece.n += nanos.unsigned_abs();
        }
    }

    /// The points of the line, and whether they are exact.
    pub(super) fn finish(mut self) -> (Vec<Step>, bool) {
        if self.cut.len() == 0 {
            let is_held = !matches!(self.measure, Measure::SumOfChanges | Measure::Count);
            if let Some(before) = self.before.filter(|_| self.has_range && is_held) {
                self.points.insert(0, before);
            }
            return (self.points, !self.is_lost);
        }
        if self.measure == Measure::MeanOverTime {
            self.hold_until(i64::MAX);
        }
        let mut points = Vec::with_capacity(self.pieces.len());
        for (edge, piece) in self.cut.edges.iter().zip(std::mem::take(&mut self.pieces)) {
            let before = self.before.take();
            let step = Step {
                x: *edge,
                position: piece
                    .position
                    .or_else(|| before.map(|step| step.position))
                    .unwrap_or_default(),
                value: self.value_of(&piece, before),
            };
            points.push(step);
            self.before = Some(step);
        }
        (points, !self.is_lost && !self.is_rounded)
    }

    fn value_of(&mut self, piece: &Piece, before: Option<Step>) -> Option<Decimal> {
        match self.measure {
            Measure::Value if piece.n == 0 => before?.value,
            Measure::SumOfChanges if piece.n == 0 => Some(Decimal::ZERO),
            Measure::Count => i64::try_from(piece.n).ok().map(Decimal::whole),
            Measure::Mean | Measure::MeanOverTime if piece.n > 0 => {
                let (mean, is_exact) = piece.value?.checked_divide(piece.n)?;
                self.is_rounded |= !is_exact;
                Some(mean)
            }
            _ => piece.value,
        }
    }
}

fn least(a: Option<Decimal>, b: Option<Decimal>) -> Option<Decimal> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}
