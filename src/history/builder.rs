//! Builds an [`EventLog`]: events are added in the order of the whole history, then frozen.

use super::event_log::{EventLog, LogParts, NO_TIME, StreamInfo, TypeColumn};
use super::interner::Interner;
use super::places::Places;
use super::versions::VersionBreak;
use crate::event::{CategoryId, Place, Timestamp, Version, category_of_name};

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

/// Which names of an event had not been met before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NewNames {
    /// The stream's.
    pub stream: bool,
    /// The type's.
    pub event_type: bool,
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
    parts: LogParts,
    streams_by_key: Interner,
    categories_by_name: Interner,
    types_by_name: Interner,
    keyed_by_category: bool,
    without_versions: bool,
    key: Vec<u8>,
    /// For each stream its last version, `i64::MIN` for none.
    last_versions: Vec<i64>,
    breaks: Vec<(u32, VersionBreak)>,
    last_type: Option<u32>,
    last_type_name: Vec<u8>,
}

impl LogBuilder {
    /// A builder for a store that knows a stream by category and name together.
    #[must_use]
    pub fn keyed_by_category(mut self, keyed: bool) -> Self {
        self.keyed_by_category = keyed;
        self
    }

    /// A builder for a source without versions: streams are numbered from 0.
    #[must_use]
    pub fn without_versions(mut self, without: bool) -> Self {
        self.without_versions = without;
        self
    }

    /// Makes room for `n_events` more, as far as memory allows.
    pub fn reserve(&mut self, n_events: usize) {
        self.parts.times.try_reserve(n_events).ok();
        self.parts.streams.try_reserve(n_events).ok();
    }

    /// Adds the next event of the history, and says which of its names are new.
    pub fn push(&mut self, event: &NewEvent<'_>) -> Result<NewNames, TooManyEvents> {
        let index = self.parts.times.len();
        if index >= u32::MAX as usize - 1 {
            return Err(TooManyEvents);
        }
        let (stream, is_new_stream) = self.stream(event);
        let (event_type, is_new_type) = self.event_type(event.event_type);
        let time = event.time.map_or(NO_TIME, |time| time.0);
        if time != NO_TIME && time < self.parts.latest {
            self.parts.times_go_back = true;
        }
        if time == NO_TIME {
            self.parts.n_untimed += 1;
        }
        self.parts.latest = self.parts.latest.max(time);
        self.parts.times.push(time);
        self.parts.streams.push(stream);
        self.parts.types.push(event_type);
        self.parts.type_counts[event_type as usize] += 1;
        self.parts.places.push(index, event.place);
        self.count_version(stream, event.version);
        Ok(NewNames {
            stream: is_new_stream,
            event_type: is_new_type,
        })
    }

    fn stream(&mut self, event: &NewEvent<'_>) -> (u32, bool) {
        let (id, is_new) = if self.keyed_by_category {
            self.key.clear();
            self.key
                .extend_from_slice(event.category.unwrap_or_default());
            self.key.push(0);
            self.key.extend_from_slice(event.stream);
            self.streams_by_key.intern(&self.key)
        } else {
            self.streams_by_key.intern(event.stream)
        };
        if is_new {
            self.add_stream(event);
        }
        (id, is_new)
    }

    fn add_stream(&mut self, event: &NewEvent<'_>) {
        let name = readable(event.stream);
        let category = match event.category {
            Some(category) => readable(category),
            None => category_of_name(&name).into(),
        };
        let (id, is_new) = self.categories_by_name.intern(category.as_bytes());
        if is_new {
            self.parts.category_names.push(category);
        }
        self.parts.stream_table.push(StreamInfo {
            name,
            category: CategoryId(id),
        });
        self.parts.stream_counts.push(0);
        self.last_versions.push(i64::MIN);
    }

    fn event_type(&mut self, name: &[u8]) -> (u32, bool) {
        // Neighbours often share their type: one comparison instead of a hash.
        if let Some(id) = self.last_type
            && self.last_type_name == name
        {
            return (id, false);
        }
        let (id, is_new) = self.types_by_name.intern(name);
        if is_new {
            self.parts.type_names.push(readable(name));
            self.parts.type_counts.push(0);
        }
        self.last_type_name.clear();
        self.last_type_name.extend_from_slice(name);
        self.last_type = Some(id);
        (id, is_new)
    }

    fn count_version(&mut self, stream: u32, version: Option<Version>) {
        let rank = &mut self.parts.stream_counts[stream as usize];
        let last = &mut self.last_versions[stream as usize];
        let version = if self.without_versions {
            Some(Version(i64::from(*rank)))
        } else {
            version
        };
        let follows = match version {
            Some(Version(now)) => *last != i64::MIN && Some(now) == last.checked_add(1),
            None => false,
        };
        if !follows {
            self.breaks.push((
                stream,
                VersionBreak {
                    rank: *rank,
                    version,
                },
            ));
        }
        *last = version.map_or(i64::MIN, |version| version.0);
        *rank += 1;
    }

    /// How many events have been added.
    pub fn len(&self) -> usize {
        self.parts.times.len()
    }

    /// Whether no event has been added.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Notes how many fraction digits times are shown with: the most that any had.
    pub fn note_digits(&mut self, digits: u8) {
        self.parts.time_digits = self.parts.time_digits.max(digits);
    }

    /// The log of what has been added so far; the builder goes on. Costs a copy of all columns.
    pub fn freeze(&self) -> EventLog {
        EventLog::from_parts(self.parts.clone(), &self.breaks, !self.without_versions)
    }

    /// The log of all that has been added.
    pub fn finish(self) -> EventLog {
        debug_assert_eq!(self.parts.stream_table.len(), self.streams_by_key.len());
        EventLog::from_parts(self.parts, &self.breaks, !self.without_versions)
    }
}

/// A name as text: valid UTF-8 as it is, bad bytes as `\xff`.
fn readable(bytes: &[u8]) -> Box<str> {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            write!(text, "\\x{byte:02x}").ok();
        }
    }
    text.into()
}

impl TypeColumn {
    fn push(&mut self, id: u32) {
        match self {
            Self::Narrow(ids) => match u8::try_from(id) {
                Ok(id) => ids.push(id),
                Err(_) => {
                    *self = Self::Middle(ids.iter().map(|id| u16::from(*id)).collect());
                    self.push(id);
                }
            },
            Self::Middle(ids) => match u16::try_from(id) {
                Ok(id) => ids.push(id),
                Err(_) => {
                    *self = Self::Wide(ids.iter().map(|id| u32::from(*id)).collect());
                    self.push(id);
                }
            },
            Self::Wide(ids) => ids.push(id),
        }
    }
}

impl Default for LogParts {
    fn default() -> Self {
        Self {
            times: Vec::new(),
            streams: Vec::new(),
            types: TypeColumn::Narrow(Vec::new()),
            places: Places::default(),
            stream_table: Vec::new(),
            stream_counts: Vec::new(),
            category_names: Vec::new(),
            type_names: Vec::new(),
            type_counts: Vec::new(),
            time_digits: 0,
            times_go_back: false,
            n_untimed: 0,
            latest: NO_TIME,
        }
    }
}
