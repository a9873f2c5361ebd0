//! What plots are made of: states over time, lines, periods laid over each other, partitions, causes.

use std::sync::Arc;

use super::outcome::Outcome;
use super::progress::Progress;
use crate::event::json::{Json, Step, parse};
use crate::event::{CategoryId, EventDetail, Payload, Place, Position, StreamId, Timestamp, Want};
use crate::fold::{FoldError, Folder};
use crate::history::History;
use crate::projection::{
    BuiltIn, BuiltInAsk, By, Limits, Line, Needs, Of, PathInfo, Plotted, Results, SeriesAsk,
    StatesOf, both_versions, compare_versions, states_over_time, time_in_state,
};
use crate::query::{Context, RowFilter};
use crate::workbench::{
    Against, CategoryFields, ExplainKey, LinesKey, OverlayKey, PartitionsAsk, StateField,
    VersionsKey,
};

/// So many causes of a step are named.
const MOST_CAUSES: usize = 200;

/// So many streams of a category are looked at, the longest, and so many of their events.
const STREAMS_EACH: usize = 3;
const MAX_EVENTS: u32 = 1_000;
/// Of so many of their first events the payloads are looked at.
const PAYLOADS_EACH: usize = 100;
/// So many categories and fields of each are known.
const MAX_CATEGORIES: usize = 200;
const MAX_FIELDS: usize = 200;

/// The fields of the states and payloads of all categories, as their longest streams have them. Reads at
/// most three thousand events of a category.
pub(super) fn fields(states: u64, folder: &Folder, cancel: &dyn Fn() -> bool) -> Outcome {
    let log = &folder.history().log;
    let mut longest: Vec<Vec<StreamId>> = vec![Vec::new(); log.category_names().len()];
    for stream in log.streams() {
        let category = log.stream_info(stream).category.index();
        let Some(streams) = longest.get_mut(category) else {
            continue;
        };
        let length = |id: &StreamId| log.events_of(*id).len();
        let at = streams.partition_point(|known| length(known) >= length(&stream));
        if at < STREAMS_EACH {
            streams.insert(at, stream);
            streams.truncate(STREAMS_EACH);
        }
    }
    let mut found = Vec::new();
    for (nr, streams) in longest.into_iter().enumerate().take(MAX_CATEGORIES) {
        let mut fields: Vec<StateField> = Vec::new();
        let mut of_payloads: Vec<StateField> = Vec::new();
        for stream in streams {
            if cancel() {
                return Outcome::Stopped;
            }
            let n = u32::try_from(log.events_of(stream).len()).unwrap_or(u32::MAX);
            let last = n.min(MAX_EVENTS).saturating_sub(1);
            if let Ok(state) = folder.state_at(stream, last, cancel) {
                note_fields(&state.value, &mut fields);
            }
            note_payloads(folder, stream, &mut of_payloads);
        }
        let n_events = log.category_counts().get(nr).copied().unwrap_or(0);
        found.extend(u32::try_from(nr).ok().map(|nr| CategoryFields {
            category: CategoryId(nr),
            n_events,
            fields,
            of_payloads,
        }));
    }
    Outcome::Fields(states, found)
}

/// Notes the fields of the first payloads of a stream.
fn note_payloads(folder: &Folder, stream: StreamId, fields: &mut Vec<StateField>) {
    let log = &folder.history().log;
    let events = log.events_of(stream);
    let first = events.iter().take(PAYLOADS_EACH);
    let places: Vec<Place> = first.map(|at| log.place(Position(*at))).collect();
    let reader = folder.reader();
    reader.read(&places, Want::Payloads, &mut |_, read| {
        if let Ok(EventDetail {
            data: Payload::Json(text),
            ..
        }) = &read
            && let Ok(payload) = parse(text.as_bytes())
        {
            note_fields(&payload, fields);
        }
        true
    });
}

fn note_fields(state: &Json, fields: &mut Vec<StateField>) {
    for (path, value) in state.leaves() {
        let in_list = path.0.iter().any(|step| matches!(step, Step::Index(_)));
        if in_list || path.0.is_empty() || fields.len() >= MAX_FIELDS {
            continue;
        }
        let is_number = value.as_decimal().is_some() && is_amount(value);
        match fields.iter_mut().find(|field| field.path == path) {
            Some(field) => field.is_number |= is_number,
            None => fields.push(StateField { path, is_number }),
        }
    }
}

/// Whether a leaf is a number: one, or a text that holds one with a point.
fn is_amount(value: &Json) -> bool {
    match value {
        Json::Number(_) => true,
        Json::Text(text) => text.contains('.'),
        _ => false,
    }
}

/// The states of a category over time.
pub(super) fn gather(
    key: (u64, CategoryId, u64),
    folder: &Folder,
    limits: Limits,
    progress: &Progress,
) -> Outcome {
    let log = &folder.history().log;
    let n_events = log.category_counts().get(key.1.index());
    progress.expect_records(n_events.copied().unwrap_or(0));
    let cancel = || progress.is_cancelled();
    let note = |n_events: u64| progress.note_records(n_events);
    let of = StatesOf::Category(key.1);
    match states_over_time(folder, of, None, limits, (&cancel, &note)) {
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

/// The lines of a plot; those of another version stand behind them, over the same pieces of time.
pub(super) fn lines(
    key: &LinesKey,
    (results, other): (&Results, Option<&Results>),
    history: &History,
    cancel: &dyn Fn() -> bool,
) -> Outcome {
    let log = &history.log;
    let made = match key.against.as_ref().zip(other) {
        None => results.series(log, &key.ask, cancel),
        Some((against, other)) => {
            both_versions(results, other, log, &key.ask, cancel).map(|both| beside(against, both))
        }
    };
    match made {
        None => Outcome::Stopped,
        Some(mut lines) => {
            lines.find_extremes();
            Outcome::Lines(Box::new(key.clone()), Ok(lines))
        }
    }
}

/// The lines of two versions as those of one plot.
fn beside(against: &Against, both: [Plotted; 2]) -> Plotted {
    let mut all = Plotted::default();
    for (version, plotted) in both.into_iter().enumerate() {
        all.lines.extend(plotted.lines.into_iter().map(|line| Line {
            name: against.name_of(&line.name, version),
            ..line
        }));
        if plotted.edges.len() > all.edges.len() {
            (all.edges, all.bucket) = (plotted.edges, plotted.bucket);
        }
        let is_new = |note: &String| !all.notes.contains(note);
        let notes: Vec<String> = plotted.notes.into_iter().filter(is_new).collect();
        all.notes.extend(notes);
    }
    all
}

/// The lines of one piece of time, up to a position.
pub(super) fn partial(
    key: &LinesKey,
    results: &Results,
    history: &History,
    cancel: &dyn Fn() -> bool,
) -> Outcome {
    match results.series(&history.log, &key.ask, cancel) {
        None => Outcome::Stopped,
        Some(lines) => Outcome::ByThen(Box::new(key.clone()), Ok(lines)),
    }
}

/// How long partitions stay in each value of a field.
pub(super) fn stays(
    key: &LinesKey,
    results: &Results,
    history: &History,
    cancel: &dyn Fn() -> bool,
) -> Outcome {
    match time_in_state(results, &history.log, &key.ask, cancel) {
        None => Outcome::Stopped,
        Some(answered) => Outcome::Stays(Box::new(key.clone()), Ok(answered)),
    }
}

/// Where two versions of a projection part ways.
pub(super) fn versions(
    key: VersionsKey,
    [a, b]: &[Arc<Results>; 2],
    cancel: &dyn Fn() -> bool,
) -> Outcome {
    match compare_versions(a, b, key.of, cancel) {
        None => Outcome::Stopped,
        Some(found) => Outcome::Versions(key, Ok(found)),
    }
}

/// A projection without code.
pub(super) fn built_in(
    generation: u64,
    ask: &BuiltInAsk,
    history: &History,
    progress: &Progress,
) -> Outcome {
    if ask.what.needs() == Needs::Payloads {
        progress.expect_records(history.log.len() as u64);
    }
    let cancel = || progress.is_cancelled();
    let note = |n_events: u64| progress.note_records(n_events);
    match BuiltIn::answer(history, ask, &cancel, &note) {
        None => Outcome::Stopped,
        Some(mut answered) => {
            answered.plotted.find_extremes();
            Outcome::BuiltIn(generation, ask.clone(), Ok(answered))
        }
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
