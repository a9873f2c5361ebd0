//! What a built-in projection is asked and what it gives.

use super::super::lines::{By, Measure, Plotted};
use super::{BuiltIn, bytes, counts, funnel, gaps, payload, streams};
use crate::event::json::JsonPath;
use crate::event::{CategoryId, Decimal, Position, Timestamp};
use crate::history::History;

/// A built-in projection as it is asked; also the key of its answer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BuiltInAsk {
    /// Which.
    pub what: BuiltIn,
    /// The pieces of time; with [`By::Event`] the shortest of which some hundred cover the range.
    pub by: By,
    /// First and last moment in nanoseconds, both included; all of the history where there is none.
    pub range: Option<(i64, i64)>,
    /// Only events up to and with this one.
    pub until: Option<Position>,
    /// Only streams of this category.
    pub category: Option<CategoryId>,
    /// The field, of [`BuiltIn::PayloadField`] only.
    pub field: Option<FieldAsk>,
}

/// A field of payloads that is looked at.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct FieldAsk {
    /// Where it stands in the payload.
    pub path: JsonPath,
    /// What is made of its values: [`Measure::Count`], `Min`, `Max`, `Mean`; all else is their sum.
    pub measure: Measure,
    /// Whether each type of events has a line of its own, or all have one together.
    pub by_type: bool,
}

impl BuiltInAsk {
    /// The whole history, its pieces of time chosen by its length.
    pub fn of(what: BuiltIn) -> Self {
        Self {
            what,
            by: By::Event,
            range: None,
            until: None,
            category: None,
            field: None,
        }
    }
}

/// A cell of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TableCell {
    /// A name.
    Text(String),
    /// A count.
    Count(u64),
    /// So many bytes.
    Bytes(u64),
    /// So many of a hundred, exact or rounded to six decimals.
    Percent(Decimal),
    /// A length of time, in nanoseconds; below zero where a time goes back.
    Nanos(i64),
    /// A moment.
    Moment(Timestamp),
    /// There is none.
    Missing,
}

impl TableCell {
    /// `part` of `whole` in hundredths.
    pub(super) fn share(part: u64, whole: u64) -> Self {
        let part = i64::try_from(part).ok().map(Decimal::whole);
        let hundredfold = part.and_then(|part| part.checked_times(100));
        let divided = hundredfold.and_then(|part| part.checked_divide(whole));
        divided.map_or(Self::Missing, |(share, _)| Self::Percent(share))
    }
}

/// A table beside the lines.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The names of the columns.
    pub columns: Vec<&'static str>,
    /// The rows, as many cells each.
    pub rows: Vec<Vec<TableCell>>,
}

/// What a built-in projection says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answered {
    /// Lines over time.
    pub plotted: Plotted,
    /// The same without time.
    pub table: Table,
}

impl Answered {
    /// Nothing but a sentence that says why there is nothing.
    pub(super) fn noted(sentence: &str) -> Self {
        let plotted = Plotted {
            notes: vec![sentence.to_owned()],
            ..Plotted::default()
        };
        Self {
            plotted,
            ..Self::default()
        }
    }
}

impl BuiltIn {
    /// Answers it; `None` where `cancel` said so. `progress` is told how many events have been read,
    /// where payloads are.
    ///
    /// [`BuiltIn::TimeInState`] needs states, so it answers with a note here: ask
    /// [`super::time_in_state`].
    pub fn answer(
        history: &History,
        ask: &BuiltInAsk,
        cancel: &dyn Fn() -> bool,
        progress: &dyn Fn(u64),
    ) -> Option<Answered> {
        let log = &history.log;
        match ask.what {
            Self::EventsByType | Self::EventsByCategory | Self::Throughput => {
                counts::answer(log, ask, cancel)
            }
            Self::ActiveStreams => streams::active(log, ask, cancel),
            Self::StreamLength => streams::length(log, ask, cancel),
            Self::TimeBetweenEvents => gaps::answer(log, ask, cancel),
            Self::FunnelOfTypes => funnel::answer(log, ask, cancel),
            Self::BytesByType | Self::BytesByCategory | Self::BytesByMonth => {
                bytes::answer(history, ask, cancel, progress)
            }
            Self::PayloadField => payload::answer(history, ask, cancel, progress),
            Self::TimeInState => Some(Answered::noted("Choose a field of the state")),
        }
    }
}
