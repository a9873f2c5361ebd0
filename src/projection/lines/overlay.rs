//! Two periods of a line on one axis: their first weeks beside each other, their second, and so on.

use super::super::results::Results;
use super::super::series::Step;
use super::ask::{By, Line, Plotted, SeriesAsk};
use crate::event::Decimal;
use crate::history::EventLog;

/// The same piece of two periods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pair {
    /// Counted from 1: week 1.
    pub nth: usize,
    /// The piece of the first period; `None` where it is shorter.
    pub a: Option<Step>,
    /// The piece of the second period.
    pub b: Option<Step>,
    /// How much more the second has; `None` where one of them has no number.
    pub difference: Option<Decimal>,
}

/// A line in two periods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overlay {
    /// The line's name.
    pub name: String,
    /// Piece by piece.
    pub pairs: Vec<Pair>,
    /// All numbers of the first period added up; `None` where there is none.
    pub sum_a: Option<Decimal>,
    /// All numbers of the second.
    pub sum_b: Option<Decimal>,
    /// How much more the second has in all.
    pub difference: Option<Decimal>,
    /// Whether all numbers are exact.
    pub exact: bool,
}

/// Lays a line of one period beside that of another, point by point.
pub fn overlay(a: &Line, b: &Line) -> Overlay {
    let pairs = (0..a.points.len().max(b.points.len())).map(|nth| {
        let (a, b) = (a.points.get(nth).copied(), b.points.get(nth).copied());
        Pair {
            nth: nth + 1,
            a,
            b,
            difference: difference(value_of(a), value_of(b)),
        }
    });
    let (sum_a, sum_b) = (sum(a), sum(b));
    Overlay {
        name: if a.name.is_empty() { &b.name } else { &a.name }.clone(),
        pairs: pairs.collect(),
        sum_a,
        sum_b,
        difference: difference(sum_a, sum_b),
        exact: a.exact && b.exact,
    }
}

/// As [`overlay`], for all lines of two answers; a line that only one of them has stands beside nothing.
pub fn overlays(a: &Plotted, b: &Plotted) -> Vec<Overlay> {
    let nothing = |name: &str| Line {
        name: name.to_owned(),
        exact: true,
        ..Line::default()
    };
    let named = |lines: &Plotted, name: &str| {
        let found = lines.lines.iter().find(|line| line.name == name).cloned();
        found.unwrap_or_else(|| nothing(name))
    };
    let is_new = |line: &&Line| !a.lines.iter().any(|known| known.name == line.name);
    let all = a.lines.iter().chain(b.lines.iter().filter(is_new));
    all.map(|line| overlay(&named(a, &line.name), &named(b, &line.name)))
        .collect()
}

impl Results {
    /// A plot in two periods, each from its first moment to its last, both included; `None` where
    /// `cancel` said so. Pieces of time are counted from the beginning of each period.
    pub fn overlay(
        &self,
        log: &EventLog,
        ask: &SeriesAsk,
        a: (i64, i64),
        b: (i64, i64),
        cancel: &dyn Fn() -> bool,
    ) -> Option<Vec<Overlay>> {
        let of = |range| {
            let by = match ask.by {
                By::Bucket(bucket, zone) => By::FromStart(bucket, zone),
                other => other,
            };
            let ask = SeriesAsk {
                range: Some(range),
                by,
                ..ask.clone()
            };
            self.series(log, &ask, cancel)
        };
        Some(overlays(&of(a)?, &of(b)?))
    }
}

fn value_of(step: Option<Step>) -> Option<Decimal> {
    step?.value
}

fn sum(line: &Line) -> Option<Decimal> {
    let mut values = line.points.iter().filter_map(|step| step.value);
    let first = values.next()?;
    values.try_fold(first, Decimal::checked_add)
}

fn difference(a: Option<Decimal>, b: Option<Decimal>) -> Option<Decimal> {
    b?.checked_sub(a?)
}
