//! What was examined: the files with their hashes, as the caller found them.

use serde::{Serialize, Serializer};

use crate::event::Timestamp;
use crate::history::History;

/// What an audit was made from; computed by whoever opened the files.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Evidence {
    /// The files read: the store or log first, then what lay beside it.
    pub files: Vec<EvidenceFile>,
    /// The RFC 6962 tree root over all events, in hexadecimal, where it was computed.
    pub log_root: Option<String>,
    /// How many events the history has.
    pub events: u64,
    /// How the files were opened, such as `read-only, immutable`.
    pub opened: String,
    /// Whether the files had the same bytes before and after.
    pub unchanged: bool,
    /// What was read, and what not.
    pub population: Population,
    /// The format by which it was read, such as `emmett/sqlite`.
    pub format: String,
    /// What the file is: `sqlite`, `ndjson`.
    pub container: String,
    /// Which column or key plays which role.
    #[serde(serialize_with = "as_object")]
    pub mapping: Vec<(String, String)>,
    /// What the container's own check found; `None` where it has none or it was not run.
    pub self_check: Option<SelfCheck>,
}

/// What was read of the records, and what not: read and skipped are all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Population {
    /// Records by the file's own count.
    pub records: u64,
    /// Events made of them.
    pub events: u64,
    /// Records that gave no event; the problems say why.
    pub skipped: u64,
    /// Streams.
    pub streams: u64,
    /// Types of events.
    pub types: u64,
}

impl Population {
    /// That of a history as opened.
    pub fn of(history: &History) -> Self {
        let log = &history.log;
        Self {
            records: history.about.n_records,
            events: log.len() as u64,
            skipped: history.problems.records_lost(),
            streams: log.streams().len() as u64,
            types: log.type_names().len() as u64,
        }
    }
}

/// What a container's own check found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct SelfCheck {
    /// What was run, such as `SQLite integrity_check`.
    pub what: String,
    /// What it complains of; none where the container is sound.
    pub faults: Vec<String>,
}

/// One file of the evidence.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct EvidenceFile {
    /// Its name without folders.
    pub name: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// SHA-256 of its bytes, 64 hexadecimal digits in lower case.
    pub sha256: String,
    /// The same after the audit, where it is not the same; `gone` where the file is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sha256_after: Option<String>,
    /// When it was last written, where known.
    #[serde(serialize_with = "rfc3339_or_null")]
    pub modified: Option<Timestamp>,
}

impl Evidence {
    /// The latest moment at which any of the files was written; unknown if it is of one of them.
    pub fn last_write(&self) -> Option<Timestamp> {
        let times: Option<Vec<Timestamp>> = self.files.iter().map(|file| file.modified).collect();
        times?.into_iter().max()
    }
}

fn as_object<S: Serializer>(pairs: &[(String, String)], to: S) -> Result<S::Ok, S::Error> {
    to.collect_map(pairs.iter().map(|(key, value)| (key, value)))
}

#[expect(clippy::ref_option, reason = "serde hands fields over by reference")]
fn rfc3339_or_null<S: Serializer>(time: &Option<Timestamp>, to: S) -> Result<S::Ok, S::Error> {
    time.map(|time| time.rfc3339(fraction_digits(time)))
        .serialize(to)
}

/// How many digits a time needs after its seconds.
fn fraction_digits(time: Timestamp) -> u8 {
    match time.0.rem_euclid(1_000_000_000) {
        0 => 0,
        nanos if nanos % 1_000_000 == 0 => 3,
        nanos if nanos % 1_000 == 0 => 6,
        _ => 9,
    }
}
