//! Builds an [`EventLog`]: events are added in the order of the whole history, then frozen.

use super::column::Column;
use super::columns::{LogParts, NO_TIME, StreamInfo, TypeColumn};
use super::event_log::EventLog;
use super::interner::Interner;
use super::places::Places;
use super::reorder::{self, PartRules, PartStart};
use super::stream_table::{NO_VERSION, StreamTable};
use super::versions::VersionBreak;
use crate::event::{CategoryId, Place, StreamId, Timestamp, Version, category_of_name, readable};

/// What the log keeps of one event; names are borrowed from the record.
#[derive(Clone, Copy, Debug)]
pub struct NewEvent<'a> {
    /// The stream's name as bytes; what is not UTF-8 is shown escaped.
    pub stream: &'a [u8],
    /// The category where the record has one, else the name tells it.
    pub category: Option<&'a [u8]>,
    /// The version as the store says it.
    pub version: Option<Version>,
    /// The type's name as bytes.
    pub event_type: &'a [u8],
    /// The recorded time.
    pub time: Option<Timestamp>,
    /// Where the record lies.
    pub place: Place,
}

/// More events than positions can count (2^32 - 1).
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the file holds more than 4,294,967,294 events, which is the most that Annals can count")]
pub struct TooManyEvents;

/// Adds events and freezes them into an [`EventLog`].
///
/// Costs about 100 ns an event, most of it the look-up of the stream's name.
#[derive(Clone, Debug, Default)]
pub struct LogBuilder {
    pub(super) parts: LogParts,
    pub(super) streams: StreamTable,
    pub(super) categories_by_name: Interner,
    pub(super) types_by_name: Interner,
    pub(super) waiting: Waiting,
    pub(super) breaks: Vec<(u32, VersionBreak)>,
    /// How many of them the last log has that went on from another.
    pub(super) n_breaks_given: usize,
    /// How the events that come now are taken; see [`Self::begin_part`].
    pub(super) rules: PartRules,
    /// Whether any part has versions; a log without parts is taken to have them.
    pub(super) has_versions: bool,
    pub(super) part_starts: Vec<PartStart>,
}

impl LogBuilder {
    /// A builder whose first part, and maybe only one, is taken by these rules.
    #[must_use]
    pub fn of(rules: PartRules) -> Self {
        let mut builder = Self::default();
        builder.begin_part(rules);
        builder
    }

    /// Names the file of each part, by the parts' numbers; only for several files.
    #[must_use]
    pub fn with_files(mut self, files: impl IntoIterator<Item = Box<str>>) -> Self {
        self.parts.part_files = files.into_iter().collect();
        self
    }

    /// Says whether streams of the same name in several files are one stream.
    #[must_use]
    pub fn joining_files(mut self, joins_files: bool) -> Self {
        self.parts.joins_files = joins_files;
        self
    }

    /// Makes room for `n_events` more, as far as memory allows.
    pub fn reserve(&mut self, n_events: usize) {
        self.parts.times.reserve(n_events);
        self.parts.streams.reserve(n_events);
    }

    /// Adds the next event of the history.
    pub fn push(&mut self, event: &NewEvent<'_>) -> Result<(), TooManyEvents> {
        let index = self.parts.times.len();
        if index >= u32::MAX as usize - 1 {
            return Err(TooManyEvents);
        }
        let event_type = self.event_type(event.event_type);
        let time = event.time.map_or(NO_TIME, |time| time.0);
        if time != NO_TIME && time < self.parts.latest {
            self.parts.times_go_back = true;
        }
        if time == NO_TIME {
            self.parts.n_untimed += 1;
        }
        self.parts.latest = self.parts.latest.max(time);
        self.parts.times.push(time);
        self.parts.types.push(event_type);
        self.parts.type_counts[event_type as usize] += 1;
        self.parts.places.push(index, event.place);
        self.waiting.add(event, self.rules.scope);
        if self.waiting.events.len() == WAITING {
            self.settle();
        }
        Ok(())
    }

    /// Finds the streams of the events that wait.
    pub(super) fn settle(&mut self) {
        let mut waiting = std::mem::take(&mut self.waiting);
        let keyed = self.rules.keyed_by_category;
        let key = |event: &WaitingEvent| {
            if keyed {
                event.category..event.end
            } else {
                event.scope..event.end
            }
        };
        waiting.hashes.clear();
        waiting.hashes.extend(
            waiting
                .events
                .iter()
                .map(|event| self.streams.hash(&waiting.bytes[key(event)])),
        );
        self.streams.warm(&waiting.hashes);
        for (event, hash) in waiting.events.iter().zip(&waiting.hashes) {
            let (stream, is_new) = self.streams.find(*hash, &waiting.bytes[key(event)]);
            if is_new {
                let category = event
                    .has_category
                    .then(|| &waiting.bytes[event.category..event.scope - 1]);
                self.add_stream(&waiting.bytes[event.name..event.end], category);
            }
            self.parts.streams.push(stream);
            self.count_version(stream, event.version);
        }
        waiting.events.clear();
        waiting.bytes.clear();
        self.waiting = waiting;
    }

    fn add_stream(&mut self, name: &[u8], category: Option<&[u8]>) {
        let name = readable(name).into_boxed_str();
        let category = match category {
            Some(category) => readable(category).into_boxed_str(),
            None => category_of_name(&name).into(),
        };
        self.add_named(name, category, self.rules.scope);
    }

    /// Adds the stream of the next number by the names under which it is shown.
    pub(super) fn add_named(&mut self, name: Box<str>, category: Box<str>, scope: u16) {
        let (id, is_new) = self.categories_by_name.intern(category.as_bytes());
        if is_new {
            self.parts.category_names.push(category);
        }
        self.parts.stream_table.push(StreamInfo {
            name,
            category: CategoryId(id),
            scope,
        });
    }

    /// The number of a type.
    pub(super) fn event_type(&mut self, name: &[u8]) -> u32 {
        let (id, is_new) = self.types_by_name.intern(name);
        if is_new {
            self.parts.type_names.push(readable(name).into_boxed_str());
            self.parts.type_counts.push(0);
        }
        id
    }

    fn count_version(&mut self, stream: u32, version: Option<Version>) {
        let record = self.streams.record_mut(stream);
        let rank = record.n_events;
        let version = if self.rules.without_versions {
            Some(Version(i64::from(rank)))
        } else if self.rules.counts_missing {
            let next = || match rank {
                0 => 0,
                _ => record.last_version.saturating_add(1),
            };
            version.or_else(|| Some(Version(next())))
        } else {
            version
        };
        let last = record.last_version;
        let follows = match version {
            Some(Version(now)) => last != NO_VERSION && Some(now) == last.checked_add(1),
            None => false,
        };
        record.last_version = version.map_or(NO_VERSION, |version| version.0);
        record.n_events += 1;
        if !follows {
            self.breaks.push((stream, VersionBreak { rank, version }));
        }
    }

    /// How many events have been added.
    pub fn len(&self) -> usize {
        self.parts.times.len()
    }

    fn has_versions(&self) -> bool {
        self.has_versions || self.part_starts.is_empty()
    }

    /// Whether no event has been added.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Notes how many fraction digits times are shown with: the most that any had.
    pub fn note_digits(&mut self, digits: u8) {
        self.parts.time_digits = self.parts.time_digits.max(digits);
    }

    /// Says when the event that was added last occurred, beside the time at which it was recorded.
    pub fn note_occurred(&mut self, time: Timestamp) {
        let n_events = self.parts.times.len();
        self.parts
            .occurred
            .resize(n_events.saturating_sub(1), NO_TIME);
        self.parts.occurred.push(time.0);
    }

    /// Knows a stream of a log that this goes on from; says which number it has here.
    pub(super) fn know_stream(
        &mut self,
        log: &EventLog,
        stream: StreamId,
        keyed_by_category: bool,
    ) -> u32 {
        let info = log.stream_info(stream);
        let mut key = Vec::new();
        if keyed_by_category {
            key.extend_from_slice(log.category_of(stream).as_bytes());
            key.push(0);
        }
        if info.scope > 0 {
            key.extend_from_slice(&info.scope.to_le_bytes());
        }
        key.extend_from_slice(info.name.as_bytes());
        let (id, _) = self.streams.find(self.streams.hash(&key), &key);
        let n_events = u32::try_from(log.events_of(stream).len()).unwrap_or(u32::MAX);
        let last = n_events.checked_sub(1);
        let version = last.and_then(|rank| log.version_at_rank(stream, rank));
        let record = self.streams.record_mut(id);
        record.n_events = n_events;
        record.last_version = version.map_or(NO_VERSION, |version| version.0);
        id
    }

    /// The log of what has been added so far; the builder goes on. Costs a copy of all columns.
    pub fn freeze(&mut self) -> EventLog {
        self.settle();
        self.n_breaks_given = self.breaks.len();
        let counts = self.streams.counts();
        let (parts, starts, breaks) = (&self.parts, &self.part_starts, self.breaks.clone());
        log_of(parts.clone(), starts, counts, breaks, self.has_versions())
    }

    /// The log of all that has been added.
    pub fn finish(mut self) -> EventLog {
        self.settle();
        let counts = self.streams.counts();
        let has_versions = self.has_versions();
        log_of(
            self.parts,
            &self.part_starts,
            counts,
            self.breaks,
            has_versions,
        )
    }
}

/// The log of what was gathered, in one order.
fn log_of(
    mut parts: LogParts,
    starts: &[PartStart],
    counts: Vec<u32>,
    mut breaks: Vec<(u32, VersionBreak)>,
    has_versions: bool,
) -> EventLog {
    if !parts.occurred.is_empty() {
        // Those at the end that say nothing of it.
        parts.occurred.resize(parts.times.len(), NO_TIME);
    }
    if reorder::is_needed(starts) {
        let order = reorder::order(starts, &parts);
        if starts.len() > 1 {
            breaks = reorder::recount(&order, &parts.streams, counts.len(), &breaks);
        }
        reorder::apply(&order, &mut parts);
    }
    EventLog::from_parts(parts, counts, &breaks, has_versions)
}

/// How many events wait until their streams are looked up together.
const WAITING: usize = 32;

/// Events whose streams have not been looked up yet.
///
/// One look-up waits for memory; many that do not depend on each other wait together.
#[derive(Clone, Debug, Default)]
pub(super) struct Waiting {
    /// For each event its category, a zero byte, its scope beyond the first, and its stream's name.
    bytes: Vec<u8>,
    events: Vec<WaitingEvent>,
    hashes: Vec<u64>,
}

#[derive(Clone, Copy, Debug)]
struct WaitingEvent {
    /// Where its category, its scope and its name begin, and where they end in the bytes.
    category: usize,
    scope: usize,
    name: usize,
    end: usize,
    has_category: bool,
    version: Option<Version>,
}

impl Waiting {
    fn add(&mut self, event: &NewEvent<'_>, scope: u16) {
        let category = self.bytes.len();
        self.bytes
            .extend_from_slice(event.category.unwrap_or_default());
        self.bytes.push(0);
        let start = self.bytes.len();
        if scope > 0 {
            self.bytes.extend_from_slice(&scope.to_le_bytes());
        }
        let name = self.bytes.len();
        self.bytes.extend_from_slice(event.stream);
        self.events.push(WaitingEvent {
            category,
            scope: start,
            name,
            end: self.bytes.len(),
            has_category: event.category.is_some(),
            version: event.version,
        });
    }
}

impl TypeColumn {
    pub(super) fn push(&mut self, id: u32) {
        match self {
            Self::Narrow(ids) => {
                if let Ok(id) = u8::try_from(id) {
                    ids.push(id);
                } else {
                    *self = Self::Middle(ids.iter().map(|id| u16::from(*id)).collect());
                    self.push(id);
                }
            }
            Self::Middle(ids) => {
                if let Ok(id) = u16::try_from(id) {
                    ids.push(id);
                } else {
                    *self = Self::Wide(ids.iter().map(|id| u32::from(*id)).collect());
                    self.push(id);
                }
            }
            Self::Wide(ids) => ids.push(id),
        }
    }
}

impl Default for LogParts {
    fn default() -> Self {
        Self {
            times: Column::default(),
            occurred: Column::default(),
            streams: Column::default(),
            types: TypeColumn::Narrow(Column::default()),
            places: Places::default(),
            stream_table: Column::default(),
            category_names: Vec::new(),
            type_names: Vec::new(),
            type_counts: Vec::new(),
            time_digits: 0,
            times_go_back: false,
            n_untimed: 0,
            latest: NO_TIME,
            part_files: Vec::new(),
            joins_files: false,
        }
    }
}
