//! Containers: one file or folder each; what stores look like inside them is data.
//!
//! A container hands over records as [`Outline`]s of what the event log needs, in the order of the
//! history, and makes a reader for the rest.

mod gzip;
mod json;
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

/// A saved state: its category where streams are keyed by it, its stream, its version.
pub type SnapshotRow<'a> = (Option<Cell<'a>>, Cell<'a>, Cell<'a>);

/// How the places of a container are called in problems.
#[derive(Clone, Debug)]
pub enum PlaceNames {
    /// `line 12`.
    Line,
    /// `element 3`.
    Element,
    /// `events rowid 12`, or `events row 12` in a table without row ids.
    Row(String, &'static str),
}

impl PlaceNames {
    /// The name of one place.
    pub fn name(&self, ordinal: i64) -> String {
        match self {
            Self::Line => format!("line {ordinal}"),
            Self::Element => format!("element {ordinal}"),
            Self::Row(table, word) => format!("{table} {word} {ordinal}"),
        }
    }
}

/// What is known of an opened input before its records are read.
#[derive(Debug)]
pub struct About {
    /// The format that is used.
    pub format: StoreFormat,
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
    /// How places are called.
    pub names: PlaceNames,
    /// Whether a record without stream or type is no event (in logs), or one that lacks them.
    pub needs_names: bool,
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
