//! One event read in full, and the trait by which everyone but `source` reads it.
//!
//! The event log in memory keeps only what every frame needs; payloads, ids and the like stay in
//! the file. Whoever needs them asks an [`EventReader`], and so knows no file.

use crate::event::{Payload, RawPayload, Seal, Timestamp, Version};

/// Where an event's record lies in its source; only the source that gave it can read it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The row id, the rank or the byte offset of the record.
    pub at: i64,
    /// Which table or file of the source holds it, from 0.
    pub part: u16,
    /// Which event of the record it is, from 0, where one record holds several.
    pub item: u16,
}

impl Place {
    /// The place of a record that is one event, in a source of one part.
    pub fn at(at: i64) -> Self {
        Self {
            at,
            ..Self::default()
        }
    }
}

/// How much of an event to read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Want {
    /// Only what has columns or keys of its own: ids, the store's position, times, causes; no payload.
    Ids,
    /// Only `data`, as presented: what a fold needs.
    Data,
    /// Only `data` and `metadata`, as presented: what a search for text needs.
    Payloads,
    /// Everything but the stored bytes.
    Presented,
    /// Everything.
    All,
}

impl Want {
    /// Whether more than payloads is wanted.
    pub fn is_whole(self) -> bool {
        matches!(self, Self::Presented | Self::All)
    }
}

/// One event as its record has it, beyond what the event log keeps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventDetail {
    /// The event's id as text.
    pub id: Option<String>,
    /// The number that the store itself gives the event.
    pub store_position: Option<String>,
    /// The time with exactly the fraction digits that the source has.
    pub time: Option<(Timestamp, u8)>,
    /// What stands where the time should and cannot be read as one.
    pub time_text: Option<String>,
    /// What stands where the version should and is none.
    pub version_text: Option<String>,
    /// A second, business time beside it.
    pub occurred: Option<(Timestamp, u8)>,
    /// Which shape of its type the payload has.
    pub schema_version: Option<String>,
    /// The undertaking to which the event belongs.
    pub correlation: Option<String>,
    /// What directly brought it about.
    pub causation: Option<String>,
    /// Who did it, where metadata says so.
    pub user: Option<String>,
    /// What happened, as presented.
    pub data: Payload,
    /// What is known about the recording, as presented.
    pub metadata: Payload,
    /// Whether the store marks `data` as JSON, whatever it holds; `None` where it does not say.
    pub marked_json: Option<bool>,
    /// `data` as stored; filled for [`Want::All`].
    pub raw_data: RawPayload,
    /// `metadata` as stored; filled for [`Want::All`].
    pub raw_metadata: RawPayload,
    /// How the store sealed the event; filled for [`Want::All`] where its format says how.
    pub seal: Option<Box<Seal>>,
    /// What the record holds beyond all that: the name of each further column or key with its value.
    pub extra: Vec<(String, Payload)>,
    /// Where the record stands, for people: `events.ndjson:12` or `stored_events rowid 12`.
    pub source: String,
}

/// Why an event could not be read, in one sentence that names its place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct ReadError(pub String);

/// Which saved state is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SavedAt<'a> {
    /// The part of the source in which the stream's events lie: [`Place::part`].
    pub part: u16,
    /// Of which stream.
    pub stream: &'a str,
    /// Of which category, where streams are keyed by it.
    pub category: &'a str,
    /// After which version it was saved.
    pub version: Version,
}

/// The versions that a store itself notes as the last of its streams.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StreamHeads {
    /// The table in which it does.
    pub table: String,
    /// The name of each stream with that version; at most five million.
    pub heads: Vec<(String, i64)>,
}

/// What is stored of an event, as far as it can be looked at without reading it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Glance<'a> {
    /// The stored bytes of its data and of its metadata, empty where there are none: what is presented of
    /// them is written there as it is.
    Texts([&'a [u8]; 2]),
    /// It must be read to be known.
    Unknown,
}

/// Reads events in full from wherever they are kept.
///
/// Reading may wait for a disk: never call it while drawing a frame.
pub trait EventReader: Send + Sync {
    /// Reads the events at `places`, in that order, and hands each over with its index.
    ///
    /// Ends early when `each` returns `false`. Reading places in file order is fastest.
    fn read(
        &self,
        places: &[Place],
        want: Want,
        each: &mut dyn FnMut(usize, Result<EventDetail, ReadError>) -> bool,
    );

    /// Hands over what is stored of the events at `places`, in that order, each with its index: for a
    /// search that reads only what it may find. Nothing is copied. Returns `false` where that is no
    /// quicker than reading them; then some may have been handed over, and all are to be read.
    fn glance(&self, _places: &[Place], _each: &mut dyn FnMut(usize, Glance<'_>)) -> bool {
        false
    }

    /// How many records the source counts itself, independently of how they were read; `None` where
    /// it keeps no count of its own. May take a pass over the source.
    fn recount(&self) -> Option<u64> {
        None
    }

    /// What the container says of its own soundness: the name of its check and what that complains of;
    /// `None` where it has no such check. May take a pass over the source; ends early, with `None`,
    /// when `cancel` says so.
    fn self_check(&self, _cancel: &dyn Fn() -> bool) -> Option<(String, Vec<String>)> {
        None
    }

    /// Whether the store says of events whether they are JSON: [`EventDetail::marked_json`].
    fn marks_json(&self) -> bool {
        false
    }

    /// Where the store itself says that its streams end; `None` where it notes no such thing. May take a
    /// pass over a table of streams.
    fn stream_heads(&self, _cancel: &dyn Fn() -> bool) -> Option<StreamHeads> {
        None
    }

    /// The state that the store itself saved there, as presented; `None` where it keeps none there, or
    /// not in a place of its own. Looks through the saved states of the store.
    fn saved_state(&self, saved: &SavedAt<'_>) -> Option<Result<Payload, ReadError>> {
        let _ = saved;
        None
    }

    /// Reads one event.
    fn read_one(&self, place: Place, want: Want) -> Result<EventDetail, ReadError> {
        let mut answer = Err(ReadError("the record is gone".to_owned()));
        self.read(&[place], want, &mut |_, detail| {
            answer = detail;
            false
        });
        answer
    }
}
