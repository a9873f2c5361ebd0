//! A history as opened: the log, the reader of its payloads, what was wrong, and where it came from.

use std::path::PathBuf;
use std::sync::Arc;

use super::event_log::EventLog;
use crate::event::{
    CausationNames, Consumer, EventReader, Position, Problems, ReadTo, SealRule, StreamId,
    Timestamp, Version,
};

/// An opened history. Shared by `Arc` between all who look at it, never changed.
pub struct History {
    /// All events, in order.
    pub log: EventLog,
    /// Reads what the log does not keep.
    pub reader: Arc<dyn EventReader>,
    /// What was wrong with the input.
    pub problems: Problems,
    /// Where it came from and how it was read.
    pub about: HistoryAbout,
    /// How many states the store saved itself, wherever they lie.
    pub n_snapshots: u64,
    /// Where they stand, as far as their streams are known; at most 100,000.
    pub snapshots: Vec<SnapshotMark>,
    /// How far those who read it along have come, as the store notes it.
    pub consumers: Vec<Consumer>,
    /// Whether the whole file has been read; `false` while it is still being opened.
    pub is_complete: bool,
}

/// A state that the store saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SnapshotMark {
    /// Of which stream.
    pub stream: StreamId,
    /// After which version.
    pub version: Version,
}

/// How a history was read: what a report must say about its evidence.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HistoryAbout {
    /// The format's id, such as `emmett/sqlite`.
    pub format: String,
    /// The format's name for people, such as `Emmett`.
    pub format_name: String,
    /// What the file is: `sqlite`, `ndjson`, `json-array`.
    pub container: String,
    /// Whether the format was guessed from names and values, with the reasons.
    pub guess: Option<Vec<String>>,
    /// Whether the user said which column means what.
    pub is_mapped: bool,
    /// Which column or field plays which role, in a fixed order of roles.
    pub mapping: Vec<(String, String)>,
    /// What causation ids name; what says least where the tables or files differ.
    pub causation: CausationNames,
    /// By which rule the store binds its events to one another, where it does.
    pub seal: Option<SealRule>,
    /// How the file was opened, such as `read-only, immutable`.
    pub opened: String,
    /// The files read: the store or log first, then what lay beside it; of several inputs one after
    /// the other.
    pub files: Vec<FileAbout>,
    /// The files that were asked for, in their order; none for the sample history.
    pub inputs: Vec<PathBuf>,
    /// Where reading ended in a log of lines, so that it can be followed from there.
    pub read_to: Option<ReadTo>,
    /// How many records the input has by its own count: events and lost records must add up to it.
    pub n_records: u64,
}

/// A file as it was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FileAbout {
    /// Its name without folders.
    pub name: String,
    /// Where it lies; `None` for the sample history.
    pub path: Option<PathBuf>,
    /// Its size in bytes.
    pub bytes: u64,
    /// When it was last written.
    pub modified: Option<Timestamp>,
    /// The SHA-256 of what is only in memory; a file is hashed when it is asked for.
    pub sha256: Option<String>,
}

impl HistoryAbout {
    /// The name under which people know the history.
    pub fn name(&self) -> &str {
        self.files.first().map_or("", |file| &file.name)
    }
}

impl History {
    /// The events of a stream up to and including a position, rising.
    pub fn events_until(&self, stream: StreamId, position: Position) -> &[u32] {
        let events = self.log.events_of(stream);
        let end = events.partition_point(|at| *at <= position.0);
        &events[..end]
    }
}

impl std::fmt::Debug for History {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("History")
            .field("about", &self.about)
            .field("events", &self.log.len())
            .finish_non_exhaustive()
    }
}
