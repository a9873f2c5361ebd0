//! What plots are made of: states over time, lines, periods laid over each other, partitions, causes.

use std::sync::Arc;

use super::job::Outcome;
use super::progress::Progress;
use crate::event::{CategoryId, Timestamp};
use crate::fold::{FoldError, Folder};
use crate::history::History;
use crate::projection::{By, Limits, Of, PathInfo, Results, SeriesAsk, StatesOf, states_over_time};
use crate::query::{Context, RowFilter};
use crate::workbench::{ExplainKey, LinesKey, OverlayKey, PartitionsAsk};

/// So many causes of a step are named.
const MOST_CAUSES: usize = 200;

/// The states of a category over time.
pub(super) fn gather(key: (u64, CategoryId, u64), folder: &Folder, progress: &Progress) -> Outcome {
    let log = &folder.history().log;
    let n_events = log.category_counts().get(key.1.index());
    progress.expect_records(n_events.copied().unwrap_or(0));
    let cancel = || progress.is_cancelled();
    let note = |n_events: u64| progress.note_records(n_events);
    let of = StatesOf::Category(key.1);
    match states_over_time(folder, of, None, Limits::default(), (&cancel, &note)) {
        Err(FoldError::Cancelled) => Outcome::Stopped,
        Err(error) => Outcome::Gathered(key, Err(error.to_string())),
        Ok(results) => {
            let paths = paths_of(&results);
            Outcome::Gathered(key, Ok((results, paths)))
        }
    }
}

/// The fields that can be plotted: of results where there are any, else of states.
pub(super) fn paths_of(results: &Results) -> Arc<[PathInfo]> {
    results.paths(Of::Result).into()
}

/// The lines of a plot.
pub(super) fn lines(
    key: &LinesKey,
    results: &Results,
    history: &History,
    cancel: &dyn Fn() -> bool,
) -> Outcome {
    match results.series(&history.log, &key.ask, cancel) {
        None => Outcome::Stopped,
        Some(lines) => Outcome::Lines(Box::new(key.clone()), Ok(lines)),
    }
}

/// Two periods of a plot, piece by piece.
pub(super) fn overlay(
    key: &OverlayKey,
    results: &Results,
    history: &History,
    cancel: &dyn Fn() -> bool,
) -> Outcome {
    let ask = SeriesAsk {
        until: None,
        ..key.ask.clone()
    };
    if ask.by == By::Event {
        let why = "Choose a length under By: periods are compared piece by piece";
        return Outcome::Overlay(Box::new(key.clone()), Err(why.to_owned()));
    }
    let [a, b] = key.periods;
    match results.overlay(&history.log, &ask, a, b, cancel) {
        None => Outcome::Stopped,
        Some(found) => Outcome::Overlay(Box::new(key.clone()), Ok(found)),
    }
}

/// Partitions at a place, sorted and filtered.
pub(super) fn partitions(
    ask: &PartitionsAsk,
    results: &Results,
    now: Timestamp,
    cancel: &dyn Fn() -> bool,
) -> Outcome {
    let filter = ask.filter.trim();
    let filter = if filter.is_empty() {
        None
    } else {
        match RowFilter::parse(filter, &Context::at(now, crate::event::Zone::Utc)) {
            Ok(filter) => Some(filter),
            Err(error) => {
                return Outcome::Partitions(Box::new(ask.clone()), Err(error.to_string()));
            }
        }
    };
    match results.partitions_at(&ask.question, filter.as_ref(), cancel) {
        None => Outcome::Stopped,
        Some(table) => Outcome::Partitions(Box::new(ask.clone()), Ok(table)),
    }
}

/// The events that made a step, the largest first.
pub(super) fn explain(
    key: &ExplainKey,
    results: &Results,
    history: &History,
    cancel: &dyn Fn() -> bool,
) -> Outcome {
    let ask = &key.lines.ask;
    let found = results.explain(&history.log, ask, &key.line, key.range, MOST_CAUSES, cancel);
    match found {
        None => Outcome::Stopped,
        Some(found) => Outcome::Explained(Box::new(key.clone()), Ok(found)),
    }
}
