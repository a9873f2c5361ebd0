//! Containers: one file or folder each; what stores look like inside them is data.
//!
//! A container hands over records as [`Outline`]s of what the event log needs, in the order of the
//! history, and makes a reader for the rest.

mod gzip;
mod json;
mod merged;
mod parts;
mod sqlite;

use std::ops::ControlFlow;
use std::sync::Arc;

use super::bytes::Bytes;
use super::cell::Cell;
use super::error::Error;
use super::evidence::{FoundFile, files_of};
use super::format::StoreFormat;
use super::progress::Progress;
use super::recognize::{Kind, recognize};
use super::survey::Looked;
use super::{OpenOptions, Source};
use crate::event::{EventReader, Place, Problems};

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

/// How far somebody who reads the history along has come, as the store notes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConsumerRow {
    /// The table that says so.
    pub table: String,
    /// The reader's name.
    pub name: String,
    /// Its position as it stands there.
    pub position: String,
    /// How many events it has not handled yet; `None` where that cannot be told.
    pub behind: Option<u64>,
    /// How it is doing, where the store notes that.
    pub status: Option<String>,
    /// When that was noted, as it stands there.
    pub updated: Option<String>,
}

/// An opened input.
pub trait Container: Send {
    /// What is known of it.
    fn about(&mut self) -> &mut About;

    /// Hands over all records in the order of the history; the count is how many the input has by
    /// its own account.
    fn scan(&mut self, progress: &Arc<Progress>, sink: &mut Sink<'_>) -> Result<u64, Error>;

    /// A reader of single records; may be asked while the scan goes on, from other threads.
    fn reader(&self) -> Result<Arc<dyn EventReader>, Error>;

    /// Hands over where saved states stand; the count is how many there are.
    fn snapshots(&mut self, each: &mut dyn FnMut(SnapshotRow<'_>)) -> Result<u64, Error>;

    /// The positions of those who read the history, where the store keeps them.
    fn consumers(&mut self, problems: &mut Problems) -> Vec<ConsumerRow> {
        let _ = problems;
        Vec::new()
    }

    /// Notes what changed on disk since it was opened.
    fn look_again(&mut self, problems: &mut Problems);
}

/// How much of a file is looked at to tell what it is.
const HEAD: usize = 1 << 16;

/// Opens an input, finds its format, and reads nothing yet but samples.
pub fn open(
    source: &Source,
    options: &OpenOptions,
    progress: &Arc<Progress>,
) -> Result<Box<dyn Container>, Error> {
    match source {
        Source::Several(sources) => {
            let open_one = |source| {
                open(source, options, progress)
                    .map_err(|error| Error::OneOf(source.name(), Box::new(error)))
            };
            let opened = sources.iter().map(open_one).collect::<Result<_, _>>()?;
            Ok(Box::new(merged::merge(opened)?))
        }
        Source::Script { sql, .. } => sqlite::open_script(&source.name(), sql, options),
        Source::Text { bytes, .. } => {
            let file = FoundFile::in_memory(&source.name(), bytes);
            open_bytes(
                Bytes::Memory(Arc::clone(bytes)),
                vec![file],
                options,
                progress,
            )
        }
        Source::File(path) => {
            let files = files_of(path)?;
            let bytes = Bytes::open(path).map_err(Error::io("open the file"))?;
            let head = bytes.head(HEAD).map_err(Error::io("read the file"))?;
            if recognize(&head, files.first().map_or(0, |file| file.bytes)) == Kind::Sqlite {
                return sqlite::open_file(path, &head, files, options, progress);
            }
            let alone = files.into_iter().take(1).collect();
            open_bytes(bytes, alone, options, progress)
        }
    }
}

fn open_bytes(
    bytes: Bytes,
    files: Vec<FoundFile>,
    options: &OpenOptions,
    progress: &Arc<Progress>,
) -> Result<Box<dyn Container>, Error> {
    let head = bytes.head(HEAD).map_err(Error::io("read the file"))?;
    if head.is_empty() {
        return Err(Error::Empty);
    }
    let len = bytes.len().map_err(Error::io("look at the file"))?;
    match recognize(&head, len) {
        Kind::Json => json::open_bytes(bytes, files, options, Problems::default(), "", progress),
        Kind::Gzip => {
            let mut problems = Problems::default();
            let inflated = gzip::inflate(&bytes, &mut problems, progress)?;
            let head = inflated
                .head(HEAD)
                .map_err(Error::io("read the unpacked file"))?;
            match recognize(&head, inflated.len().map_err(Error::io("look at the file"))?) {
                Kind::Json => json::open_bytes(inflated, files, options, problems, "+gzip", progress),
                Kind::Sqlite => Err(Error::Unsupported(
                    "this is a SQLite database packed by gzip; unpack it first, such as with `gunzip -k`".to_owned(),
                )),
                Kind::Gzip => Err(Error::Unsupported("this is packed by gzip twice; unpack it first".to_owned())),
                Kind::Unsupported(what) => Err(Error::Unsupported(format!("packed by gzip; inside, {what}"))),
            }
        }
        Kind::Sqlite => Err(Error::Unsupported(
            "a SQLite database can only be opened as a file".to_owned(),
        )),
        Kind::Unsupported(what) => Err(Error::Unsupported(what)),
    }
}

/// Looks into an input without looking for events: its tables and samples of them.
pub(super) fn look(source: &Source, progress: &Arc<Progress>) -> Result<Looked, Error> {
    match source {
        // Those that are opened together are of one kind: the first tells what they have.
        Source::Several(sources) => match sources.first() {
            Some(first) => look(first, progress),
            None => Err(Error::Empty),
        },
        Source::Script { sql, .. } => sqlite::look_script(sql),
        Source::Text { bytes, .. } => look_bytes(&Bytes::Memory(Arc::clone(bytes)), progress),
        Source::File(path) => {
            let files = files_of(path)?;
            let bytes = Bytes::open(path).map_err(Error::io("open the file"))?;
            let head = bytes.head(HEAD).map_err(Error::io("read the file"))?;
            if recognize(&head, files.first().map_or(0, |file| file.bytes)) == Kind::Sqlite {
                return sqlite::look_file(path, &head, &files, progress);
            }
            look_bytes(&bytes, progress)
        }
    }
}

fn look_bytes(bytes: &Bytes, progress: &Arc<Progress>) -> Result<Looked, Error> {
    let head = bytes.head(HEAD).map_err(Error::io("read the file"))?;
    if head.is_empty() {
        return Err(Error::Empty);
    }
    let len = bytes.len().map_err(Error::io("look at the file"))?;
    match recognize(&head, len) {
        Kind::Json => json::look_bytes(bytes, progress),
        Kind::Gzip => {
            let inflated = gzip::inflate(bytes, &mut Problems::default(), progress)?;
            let head = inflated
                .head(HEAD)
                .map_err(Error::io("read the unpacked file"))?;
            let len = inflated.len().map_err(Error::io("look at the file"))?;
            match recognize(&head, len) {
                Kind::Json => json::look_bytes(&inflated, progress),
                _ => Err(Error::Unsupported(
                    "what is packed by gzip here cannot be surveyed".to_owned(),
                )),
            }
        }
        Kind::Sqlite => Err(Error::Unsupported(
            "a SQLite database can only be opened as a file".to_owned(),
        )),
        Kind::Unsupported(what) => Err(Error::Unsupported(what)),
    }
}

/// The format asked for by id, where one was.
fn asked_format(options: &OpenOptions) -> Result<Option<&'static StoreFormat>, Error> {
    let Some(id) = &options.format else {
        return Ok(None);
    };
    let known = || {
        let ids: Vec<&str> = super::all_formats()
            .iter()
            .map(|format| format.id.as_str())
            .collect();
        ids.join(", ")
    };
    super::format_by_id(id)
        .map(Some)
        .ok_or_else(|| Error::UnknownFormat(id.clone(), known()))
}
