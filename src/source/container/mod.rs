//! Containers: one file or folder each; what stores look like inside them is data.
//!
//! A container hands over records as [`Outline`]s of what the event log needs, in the order of the
//! history, and makes a reader for the rest.

mod columnar;
mod csv;
mod dump;
mod encoding;
mod input;
mod json;
mod later;
mod layers;
mod log_format;
mod merged;
mod open;
mod outside;
mod packed;
mod parts;
mod sqlite;
mod turned;

use std::cell::Cell as Said;
use std::ops::ControlFlow;
use std::sync::Arc;

use super::cell::Cell;
use super::error::Error;
use super::evidence::FoundFile;
use super::format::StoreFormat;
use super::progress::Progress;
use crate::event::{Consumer, EventReader, Place, Problems, ReadTo, Severity};

pub use columnar::Columnar;
pub(super) use csv::layout_of as table_layout;
pub(super) use dump::table_name;
pub use later::{Later, WORTH_HALVING, Walked};
pub(super) use open::look;
use open::{Core, HEAD, asked_format, peel};
pub use open::{follow, open};
pub(super) use outside::{outside_table, outside_tables, outside_text};
pub use turned::{Shape, Turning};

/// What the event log needs of a record, borrowed from it.
#[derive(Clone, Copy, Debug)]
pub struct Outline<'a> {
    /// The number of its line, element or row: for people.
    pub ordinal: i64,
    /// Where the reader finds it again.
    pub place: Place,
    /// The stream's name.
    pub stream: Cell<'a>,
    /// The stream's category, where the store has it.
    pub category: Cell<'a>,
    /// The version.
    pub version: Cell<'a>,
    /// The event's type.
    pub event_type: Cell<'a>,
    /// The time.
    pub time: Cell<'a>,
    /// When it happened, where the store says that beside the time.
    pub occurred: Cell<'a>,
    /// The whole record as text, for problems; empty where it is not at hand.
    pub text: &'a [u8],
}

/// What a container comes upon while it reads.
#[derive(Debug)]
pub enum Item<'a> {
    /// What follows is of this part; a container of one part need not say so.
    Part(u16),
    /// A record that may be an event.
    Record(Outline<'a>),
    /// A record that cannot be one.
    Lost {
        /// The stable word for why.
        kind: &'static str,
        /// The number of its line, element or row.
        ordinal: i64,
        /// Why, in a sentence.
        message: String,
        /// Its text, for problems; empty where it is not at hand.
        excerpt: &'a [u8],
    },
    /// Several records that could not be read.
    LostMany {
        /// How many.
        n_records: u64,
        /// The stable word for why.
        kind: &'static str,
        /// Where.
        place: String,
        /// Why, in a sentence.
        message: String,
    },
    /// Something wrong with a record that is an event all the same.
    Flawed {
        /// The stable word for what.
        kind: &'static str,
        /// The number of its line, element or row.
        ordinal: i64,
        /// What, in a sentence.
        message: String,
    },
    /// Here begins what [`Container::later`] gave. Who has all of that says how many records it was,
    /// and nothing follows.
    Later {
        /// The place of its first record.
        first: i64,
        /// To be set by who has it.
        taken: &'a Said<Option<u64>>,
    },
}

impl<'a> Item<'a> {
    /// A record that cannot be an event: the stable word for why, the number of its line, element or
    /// row, and why in a sentence.
    pub fn lost(kind: &'static str, ordinal: i64, message: impl Into<String>) -> Self {
        Self::Lost {
            kind,
            ordinal,
            message: message.into(),
            excerpt: b"",
        }
    }

    /// With the text of the record that is lost; anything else stays as it is.
    #[must_use]
    pub fn with_excerpt(mut self, text: &'a [u8]) -> Self {
        if let Self::Lost { excerpt, .. } = &mut self {
            *excerpt = text;
        }
        self
    }
}

/// Takes what a container comes upon; ends the walk with `Break`.
pub type Sink<'s> = dyn FnMut(Item<'_>) -> ControlFlow<()> + 's;

/// A saved state.
#[derive(Clone, Copy, Debug)]
pub struct SnapshotRow<'a> {
    /// Of which part.
    pub part: u16,
    /// The category of its stream, where streams are keyed by it.
    pub category: Option<Cell<'a>>,
    /// Its stream.
    pub stream: Cell<'a>,
    /// The version after which it was saved.
    pub version: Cell<'a>,
}

/// How the places of a container are called in problems.
#[derive(Clone, Debug)]
pub enum PlaceNames {
    /// `line 12`.
    Line,
    /// `element 3`.
    Element,
    /// `record 3`.
    Record,
    /// `events rowid 12`, or `events row 12` in a table without row ids.
    Row(String, &'static str),
    /// A place in one of several files: `line 12 of orders.jsonl`.
    In(String, Box<Self>),
}

impl PlaceNames {
    /// The name of one place.
    pub fn name(&self, ordinal: i64) -> String {
        match self {
            Self::Line => format!("line {ordinal}"),
            Self::Element => format!("element {ordinal}"),
            Self::Record => format!("record {ordinal}"),
            Self::Row(table, word) => format!("{table} {word} {ordinal}"),
            Self::In(file, names) => format!("{} of {file}", names.name(ordinal)),
        }
    }
}

/// What is known of an opened input before its records are read.
#[derive(Debug)]
pub struct About {
    /// The tables or files that hold the events; at least one.
    pub parts: Vec<PartAbout>,
    /// The reasons, where it was guessed.
    pub guess: Option<Vec<String>>,
    /// The word for the container: `sqlite`, `ndjson`, `json-array`.
    pub container: String,
    /// How the file was opened.
    pub opened: String,
    /// The files.
    pub files: Vec<FoundFile>,
    /// What was wrong before the first record.
    pub problems: Problems,
}

/// A table or file that holds events.
#[derive(Clone, Debug)]
pub struct PartAbout {
    /// The format by which it is read.
    pub format: StoreFormat,
    /// How places in it are called.
    pub names: PlaceNames,
    /// Whether a record without stream or type is no event (in logs), or one that lacks them.
    pub needs_names: bool,
    /// The index of its file among those that are opened together.
    pub file: u16,
}

/// An opened input.
pub trait Container: Send {
    /// What is known of it.
    fn about(&mut self) -> &mut About;

    /// Hands over all records in the order of the history; the count is how many the input has by
    /// its own account.
    fn scan(&mut self, progress: &Arc<Progress>, sink: &mut Sink<'_>) -> Result<u64, Error>;

    /// The later half of the records, of an input of at least so many bytes, for another thread; the
    /// scan then says where it begins. `None` where the input cannot be read in two halves.
    fn later(&mut self, _at_least: u64) -> Option<Later> {
        None
    }

    /// A reader of single records; may be asked while the scan goes on, from other threads.
    fn reader(&self) -> Result<Arc<dyn EventReader>, Error>;

    /// Hands over where saved states stand; the count is how many there are.
    fn snapshots(&mut self, each: &mut dyn FnMut(SnapshotRow<'_>)) -> Result<u64, Error>;

    /// The positions of those who read the history, where the store keeps them.
    fn consumers(&mut self, _problems: &mut Problems) -> Vec<Consumer> {
        Vec::new()
    }

    /// Where a log of lines ended when it was scanned, so that it can be followed from there.
    fn read_to(&self) -> Option<ReadTo> {
        None
    }

    /// Notes what changed on disk since it was opened.
    fn look_again(&mut self, problems: &mut Problems);
}

/// Comes by the beginning of the later half; how many records it has, where somebody has it.
fn come_by_later(first: i64, sink: &mut Sink<'_>) -> Option<u64> {
    let taken = Said::new(None);
    sink(Item::Later {
        first,
        taken: &taken,
    })
    .is_continue()
    .then(|| taken.get())
    .flatten()
}

/// Notes which files are not as they were found.
fn note_changes(files: &[FoundFile], problems: &mut Problems) {
    for file in files {
        let Some(path) = &file.path else { continue };
        // SQLite's shared memory of a live writer changes all the time and holds no events.
        if !file.name.ends_with("-shm") && FoundFile::look_at(path).ok().as_ref() != Some(file) {
            let message = "the file was changed while it was being read; open it again to see it as it is now";
            problems.add(
                "changed-while-open",
                Severity::Warning,
                file.name.clone(),
                message,
            );
        }
    }
}
