//! Repro capsules: a stream with all that it depends on as a small store of our own, and the state that
//! its events must lead to.
//!
//! The store is read back before it has its name: the state in it is what the written events give.

use std::path::Path;
use std::sync::Arc;

use crate::event::{EventDetail, Position, StreamId, Zone};
use crate::export::{
    Error as ExportError, EventsAsk, Form, StateExpected, Watch, WholeFile, add_expected,
    fill_sqlite, read_expected, refuse_evidence,
};
use crate::fold::{Folder, Reducer, State};
use crate::history::{CauseIndex, History, Which, depends_on};
use crate::ingest::open;
use crate::source::{OpenOptions, Source};

/// The most events that a capsule holds.
const MOST: usize = 1_000_000;
/// The format of capsules.
const FORMAT: &str = "annals/sqlite";

/// What goes into a capsule.
#[derive(Clone, Copy)]
pub struct CapsuleTask<'a> {
    /// Makes states, and holds the history.
    pub folder: &'a Arc<Folder>,
    /// Whose state is to be shown again.
    pub stream: StreamId,
    /// After this event; after its last where there is none.
    pub as_of: Option<Position>,
    /// What makes personal data unreadable; then the state is that of the masked events.
    pub mask: Option<&'a dyn Fn(&mut EventDetail)>,
    /// What the store says of itself: keys with values.
    pub about: &'a [(String, String)],
}

/// What a capsule holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Capsule {
    /// How many events.
    pub n_events: u64,
    /// Of how many streams.
    pub n_streams: usize,
    /// The state that they lead to.
    pub expected: StateExpected,
}

/// Writes a capsule to `path`, as a whole or not at all.
pub fn write_capsule(
    task: &CapsuleTask<'_>,
    path: &Path,
    cancel: &dyn Fn() -> bool,
) -> Result<Capsule, String> {
    let history = task.folder.history();
    let files = history
        .about
        .files
        .iter()
        .filter_map(|file| file.path.as_deref());
    let inputs = history.about.inputs.iter().map(|path| path.as_path());
    refuse_evidence(path, files.chain(inputs)).map_err(said)?;
    let last = last_event(history, task)?;
    let index = CauseIndex::read(history, &mut |_| !cancel()).map_err(said)?;
    let events = depends_on(history, Some(&index), (task.stream, last), MOST, cancel);
    let events = events.map_err(said)?;
    let ask = EventsAsk {
        positions: &events,
        form: Form::Sqlite,
        zone: Zone::Utc,
        partition: None,
        mask: task.mask,
        about: task.about,
    };
    let watch = Watch {
        cancel,
        done: &|_| (),
    };
    let file = WholeFile::begin(path)
        .map_err(ExportError::from)
        .map_err(said)?;
    let n_events = fill_sqlite(history, &ask, file.path(), watch).map_err(said)?;
    let expected = expected(task, file.path(), last, cancel)?;
    add_expected(file.path(), std::slice::from_ref(&expected)).map_err(said)?;
    file.finish().map_err(ExportError::from).map_err(said)?;
    let mut streams: Vec<StreamId> = events
        .iter()
        .map(|at| history.log.stream(Position(*at)))
        .collect();
    streams.sort_unstable();
    streams.dedup();
    Ok(Capsule {
        n_events,
        n_streams: streams.len(),
        expected,
    })
}

fn said(error: impl std::fmt::Display) -> String {
    error.to_string()
}

fn last_event(history: &History, task: &CapsuleTask<'_>) -> Result<Position, String> {
    let until = task.as_of.or_else(|| history.log.last());
    let events = until.map(|until| history.events_until(task.stream, until));
    let last = events.and_then(<[u32]>::last);
    last.map(|at| Position(*at))
        .ok_or_else(|| "the stream has no event by then".to_owned())
}

/// The state that the written events lead to; without a mask it must be the one that was asked for.
fn expected(
    task: &CapsuleTask<'_>,
    written: &Path,
    last: Position,
    cancel: &dyn Fn() -> bool,
) -> Result<StateExpected, String> {
    let log = &task.folder.history().log;
    let (name, category) = (log.stream_name(task.stream), log.category_of(task.stream));
    let reducer = Arc::clone(task.folder.reducer());
    let again = read_back(written)?;
    let state = state_of(&again, reducer, (name, category), None, cancel)?;
    if task.mask.is_none() {
        let before = task
            .folder
            .state_as_of(task.stream, last, cancel)
            .map_err(said)?;
        if before.value != state.value {
            return Err(
                "the events that were written lead to another state; nothing was written"
                    .to_owned(),
            );
        }
    }
    Ok(StateExpected {
        stream: name.to_owned(),
        category: category.to_owned(),
        version: state.version.map(|version| version.0),
        position: state.position.0,
        rules: task.folder.reducer().name().to_owned(),
        state: state.value.to_string(),
    })
}

fn read_back(path: &Path) -> Result<Arc<History>, String> {
    let options = OpenOptions {
        format: Some(FORMAT.to_owned()),
        ..OpenOptions::default()
    };
    open(&Source::named(path.to_owned()), &options, &Arc::default()).map_err(said)
}

/// The state of a stream after a position, or after its last event.
fn state_of(
    history: &Arc<History>,
    reducer: Arc<dyn Reducer>,
    (stream, category): (&str, &str),
    at: Option<Position>,
    cancel: &dyn Fn() -> bool,
) -> Result<State, String> {
    let which = Which {
        category: Some(category),
        file: None,
    };
    let found = history.log.find_stream(stream, which).map_err(said)?;
    let folder = Folder::new(Arc::clone(history), reducer);
    match at {
        Some(at) => folder.state_as_of(found, at, cancel),
        None => folder.state_at_end(found, cancel),
    }
    .map_err(said)
}

/// Folds the events of a capsule again: the states that it says they lead to, each with the one that they
/// lead to where that is another.
pub fn check_capsule(
    path: &Path,
    reducer: &Arc<dyn Reducer>,
    cancel: &dyn Fn() -> bool,
) -> Result<Vec<(StateExpected, Option<String>)>, String> {
    let history = read_back(path)?;
    let states = read_expected(path).map_err(said)?;
    let held = states.into_iter().map(|expected| {
        let named = (expected.stream.as_str(), expected.category.as_str());
        let at = Some(Position(expected.position));
        let state = state_of(&history, Arc::clone(reducer), named, at, cancel)?;
        let wanted = crate::event::json::parse(expected.state.as_bytes()).map_err(said)?;
        let other = (state.value != wanted).then(|| state.value.to_string());
        Ok((expected, other))
    });
    held.collect()
}
