//! The states of streams as results over time: each stream is a partition, its states are those that
//! `annals state` gives.

use std::sync::Arc;

use hashbrown::HashMap;

use super::results::{Limits, Numbers, Recorder, Results};
use crate::event::{CategoryId, Position, StreamId};
use crate::fold::{FoldError, Folder};
use crate::history::EventLog;

/// The streams whose states are recorded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StatesOf {
    /// One stream.
    Stream(StreamId),
    /// All of a category.
    Category(CategoryId),
    /// All streams.
    Everything,
}

impl StatesOf {
    fn streams(self, log: &EventLog) -> Vec<StreamId> {
        let is_meant = |stream: &StreamId| match self {
            Self::Stream(one) => one == *stream,
            Self::Category(category) => log.stream_info(*stream).category == category,
            Self::Everything => true,
        };
        log.streams().filter(is_meant).collect()
    }
}

/// Records the states of streams after each of their events up to `until`.
///
/// With a folder of [`crate::fold::LastPayload`] these are payloads. `progress` is told how many events
/// have been taken in. Costs a replay of each stream.
///
/// Streams of equal names, in several categories or files, are told apart by what comes after `·`.
pub fn states_over_time(
    folder: &Folder,
    of: StatesOf,
    until: Option<Position>,
    limits: Limits,
    (cancel, progress): (&dyn Fn() -> bool, &dyn Fn(u64)),
) -> Result<Arc<Results>, FoldError> {
    let log = &folder.history().log;
    let numbers = numbers_of(folder);
    let mut recorder = Recorder::new(numbers, limits);
    let names = names(log);
    let mut n_events = 0;
    for stream in of.streams(log) {
        let last = match until {
            Some(until) => log.rank_at(stream, until),
            None => u32::try_from(log.events_of(stream).len())
                .unwrap_or(u32::MAX)
                .checked_sub(1),
        };
        let Some(last) = last else { continue };
        let partition = recorder.partition(&partition_name(log, stream, &names));
        folder.walk(stream, 0, last, cancel, &mut |rank, position, state| {
            if rank == last || recorder.wants(partition) {
                recorder.record(partition, position, Some(state), None);
            } else {
                recorder.pass(partition, position);
            }
            true
        })?;
        n_events += u64::from(last) + 1;
        progress(n_events);
    }
    Ok(recorder.finish())
}

/// States that a script makes are made in floating point.
fn numbers_of(folder: &Folder) -> Numbers {
    match folder.reducer().written() {
        Some(crate::fold::Written::Script(_)) => Numbers::Floating,
        Some(crate::fold::Written::Rules(_)) | None => Numbers::Exact,
    }
}

/// How often each name of a stream occurs.
fn names(log: &EventLog) -> HashMap<&str, u32> {
    let mut names = HashMap::new();
    for stream in log.streams() {
        *names.entry(log.stream_name(stream)).or_default() += 1;
    }
    names
}

/// What a stream's partition is called.
fn partition_name(log: &EventLog, stream: StreamId, names: &HashMap<&str, u32>) -> String {
    let name = log.stream_name(stream);
    if names.get(name).is_none_or(|n| *n < 2) {
        return name.to_owned();
    }
    let mut full = format!("{name} · {}", log.category_of(stream));
    if let Some(file) = log.file_of(stream) {
        full = format!("{full} · {file}");
    }
    full
}
