//! A stream's versions as runs that count up by one, straight from the log: no walk over events.

use super::super::check::Scene;
use super::super::words::counted;
use crate::event::{Position, StreamId};
use crate::history::EventLog;

/// Versions that follow one another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Run {
    /// How many events of the stream stand before it.
    pub(super) rank: u32,
    /// The version of its first event.
    pub(super) first: i64,
    /// How many events it has.
    pub(super) len: u32,
    /// How many events without a readable version stand directly before it.
    pub(super) unread_before: u32,
}

impl Run {
    /// The version after its last.
    pub(super) fn end(self) -> i64 {
        self.first.saturating_add(i64::from(self.len))
    }

    /// The position of its event with that version, which must be one of its own.
    pub(super) fn position_of(self, log: &EventLog, stream: StreamId, version: i64) -> Position {
        let into = u32::try_from(version - self.first).unwrap_or(0);
        position_at(log, stream, self.rank.saturating_add(into))
    }
}

/// The position of the event at `rank` of a stream.
pub(super) fn position_at(log: &EventLog, stream: StreamId, rank: u32) -> Position {
    let events = log.events_of(stream);
    let last = events.len().saturating_sub(1);
    Position(
        events
            .get(last.min(rank as usize))
            .copied()
            .unwrap_or_default(),
    )
}

/// Why nothing can be said about versions.
pub(super) fn skip_without_versions(scene: &Scene<'_>) -> Option<String> {
    let without = !scene.history.log.has_versions();
    without.then(|| "the source has no versions, Annals counted them".to_owned())
}

/// What a check of versions covered.
pub(super) fn covered(log: &EventLog) -> String {
    format!(
        "{} in {}",
        counted(log.len() as u64, "version"),
        counted(log.streams().len() as u64, "stream")
    )
}

/// The runs of a stream in the order of its events; events without a readable version are in none.
pub(super) fn runs(log: &EventLog, stream: StreamId) -> Vec<Run> {
    let n_events = u32::try_from(log.events_of(stream).len()).unwrap_or(u32::MAX);
    let mut breaks = log.version_breaks(stream).peekable();
    let mut runs: Vec<Run> = Vec::with_capacity(breaks.len());
    let mut unread = 0;
    while let Some((rank, version)) = breaks.next() {
        let end = breaks.peek().map_or(n_events, |next| next.0);
        let len = end.saturating_sub(rank);
        match version {
            None => unread += len,
            Some(version) => {
                runs.push(Run {
                    rank,
                    first: version.0,
                    len,
                    unread_before: unread,
                });
                unread = 0;
            }
        }
    }
    runs
}

/// Whether the file lists the newest event first: versions fall from nearly every event to the next of
/// its stream. Costs a walk over the streams that do not simply count up.
pub(super) fn lists_newest_first(log: &EventLog) -> bool {
    let n_steps = log.len().saturating_sub(log.streams().len());
    let falls_in = |stream| {
        let mut before: Option<i64> = None;
        let mut n_falls = 0;
        for run in runs(log, stream) {
            n_falls += usize::from(before.is_some_and(|before| run.first < before));
            before = Some(run.end() - 1);
        }
        n_falls
    };
    let n_falls: usize = irregular(log).map(falls_in).sum();
    n_steps >= 3 && n_falls * 20 >= n_steps * 19
}

/// The streams whose versions are not one single run.
pub(super) fn irregular(log: &EventLog) -> impl Iterator<Item = StreamId> {
    log.streams()
        .filter(|stream| log.version_breaks(*stream).len() > 1)
}
