//! Where a number comes from: the filter that finds its events, and the first and last of them.

use super::{Cell, Link, Paper};
use crate::report::period::Period;
use crate::report::report::Report;

/// The events behind a number.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Source {
    /// What is counted.
    pub what: String,
    /// The filter that finds them; empty for all.
    pub filter: String,
    /// How many there are.
    pub events: u64,
    /// The first of them.
    pub first: u32,
    /// The last of them.
    pub last: u32,
}

impl Paper {
    /// Notes where a number comes from.
    pub(super) fn source(&mut self, source: Source) -> Link {
        let at = self.sources.iter().position(|known| *known == source);
        Link::Source(at.unwrap_or_else(|| {
            self.sources.push(source);
            self.sources.len() - 1
        }))
    }

    /// A count of all events of the period.
    pub(super) fn of_all(&mut self, report: &Report, what: &str, cell: Cell) -> Cell {
        let Some(period) = report.period else {
            return cell;
        };
        let source = Source {
            what: what.to_owned(),
            filter: within("", Some(period)),
            events: period.len(),
            first: period.from.0,
            last: period.until.0,
        };
        let link = self.source(source);
        cell.linked(link)
    }
}

/// A filter of a clause, within a period that is not everything.
pub(super) fn within(clause: &str, period: Option<Period>) -> String {
    match period.filter(|period| !period.is_whole) {
        None => clause.to_owned(),
        Some(period) => format!("{clause} pos:{}..{}", period.from.0, period.until.0)
            .trim()
            .to_owned(),
    }
}
