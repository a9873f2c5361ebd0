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
mod packed;
mod parts;
mod sqlite;
mod turned;

use std::cell::Cell as Said;
use std::ops::ControlFlow;
use std::path::PathBuf;
use std::sync::Arc;

use super::bytes::Bytes;
use super::cell::Cell;
use super::error::Error;
use super::evidence::{FoundFile, files_of};
use super::follow::{Seen, Tail};
use super::format::StoreFormat;
use super::progress::Progress;
use super::recognize::{Kind, recognize};
use super::survey::Looked;
use super::{OpenOptions, Source};
use crate::event::{Consumer, EventReader, Place, Problems, ReadTo, Severity};

pub use columnar::Columnar;
pub(super) use csv::layout_of as table_layout;
pub(super) use dump::table_name;
pub use later::{Later, WORTH_HALVING, Walked};
use layers::Layers;
use packed::Packing;
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

/// How much of a file is looked at to tell what it is.
const HEAD: usize = 1 << 16;

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
        Source::Tables(paths) => dump::open_tables(paths, options, progress),
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
        Source::Stdin => {
            let (bytes, file) = super::stdin::read(progress)?;
            open_bytes(bytes, vec![file], options, progress)
        }
    }
}

/// Begins to follow an input that has been read so far, from there on.
///
/// [`Error::NotFollowed`] says why that cannot be done; nothing is read yet but what tells the format.
pub fn follow(
    source: &Source,
    options: &OpenOptions,
    seen: &Seen,
    progress: &Arc<Progress>,
) -> Result<Box<dyn Tail>, Error> {
    let Source::File(path) = source else {
        let why = "only a single file can be followed";
        return Err(Error::NotFollowed(why.to_owned()));
    };
    let files = files_of(path)?;
    let bytes = Bytes::open(path).map_err(Error::io("open the file"))?;
    let head = bytes.head(HEAD).map_err(Error::io("read the file"))?;
    match recognize(&head, files.first().map_or(0, |file| file.bytes)) {
        Kind::Sqlite => sqlite::follow(path, options, seen),
        Kind::Json if Shape::of(&head).is_none() => {
            json::follow((path, bytes), options, seen, progress)
        }
        _ => {
            let why = "only SQLite stores and JSON Lines can be followed";
            Err(Error::NotFollowed(why.to_owned()))
        }
    }
}

/// What lies under all packing and encoding.
enum Core {
    Sqlite(Vec<u8>),
    Dump(Vec<u8>),
    Json,
    Csv,
    Columnar(Columnar),
}

/// Takes off packing and encodings.
fn peel(
    bytes: Bytes,
    path: Option<PathBuf>,
    problems: &mut Problems,
) -> Result<(Layers, Core), Error> {
    let mut layers = Layers::over(bytes).found_at(path);
    loop {
        let head = layers.head()?;
        let len = layers.bytes.len().map_err(Error::io("look at the file"))?;
        let packing = match recognize(&head, len) {
            Kind::Gzip => Packing::Gzip,
            Kind::Zstd => Packing::Zstd,
            Kind::Utf16(encoding) => {
                layers.turn(encoding, problems)?;
                continue;
            }
            Kind::Sqlite => return Ok((layers, Core::Sqlite(head))),
            Kind::Dump => return Ok((layers, Core::Dump(head))),
            Kind::Columnar(form) => return Ok((layers, Core::Columnar(form))),
            Kind::Turned(turning) => {
                layers.turn_to_lines(turning)?;
                continue;
            }
            Kind::Json => match Shape::of(&head).filter(|_| !layers.is_lines()) {
                Some(shape) => {
                    layers.turn_to_lines(Turning::Json(shape))?;
                    continue;
                }
                None => return Ok((layers, Core::Json)),
            },
            Kind::Csv => {
                if let Some(encoding) = encoding::suspected(&head).filter(|_| !layers.is_turned()) {
                    layers.turn(encoding, problems)?;
                }
                return Ok((layers, Core::Csv));
            }
            Kind::Unsupported(what) => return Err(layers.refusal(&what)),
        };
        layers.unpack(packing)?;
    }
}

/// Opens what lies under all packing and encoding.
fn open_bytes(
    bytes: Bytes,
    files: Vec<FoundFile>,
    options: &OpenOptions,
    progress: &Arc<Progress>,
) -> Result<Box<dyn Container>, Error> {
    let mut problems = Problems::default();
    let path = files.first().and_then(|file| file.path.clone());
    let (layers, core) = peel(bytes, path, &mut problems)?;
    let (bytes, word) = (layers.bytes.clone(), layers.word());
    let mut log = match core {
        Core::Sqlite(head) => return layers.open_sqlite(&head, files, options, progress),
        Core::Dump(head) => dump::open(bytes, &head, files, options, problems, &word, progress)?,
        Core::Json => json::open_bytes(bytes, files, options, problems, &word, progress)?,
        Core::Csv => csv::open_bytes(bytes, files, options, problems, &word, progress)?,
        Core::Columnar(form) => {
            columnar::open_bytes(form, bytes, files, options, problems, &word, progress)?
        }
    };
    if let Some(word) = layers.turned_from() {
        let about = log.about();
        about.container = word;
        for part in &mut about.parts {
            part.names = PlaceNames::Record;
        }
    }
    Ok(layers.around(log))
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

/// Looks into an input without looking for events: its tables and samples of them.
pub(super) fn look(source: &Source, progress: &Arc<Progress>) -> Result<Looked, Error> {
    match source {
        // Those that are opened together are of one kind: the first tells what they have.
        Source::Several(sources) => match sources.first() {
            Some(first) => look(first, progress),
            None => Err(Error::Empty),
        },
        Source::Tables(paths) => dump::look_tables(paths, progress),
        Source::Script { sql, .. } => sqlite::look_script(sql),
        Source::Text { bytes, .. } => look_bytes(Bytes::Memory(Arc::clone(bytes)), progress),
        Source::Stdin => Err(Error::Unsupported(
            "standard input can be read once only; keep it in a file to look into it".to_owned(),
        )),
        Source::File(path) => {
            let files = files_of(path)?;
            let bytes = Bytes::open(path).map_err(Error::io("open the file"))?;
            let head = bytes.head(HEAD).map_err(Error::io("read the file"))?;
            if recognize(&head, files.first().map_or(0, |file| file.bytes)) == Kind::Sqlite {
                return sqlite::look_file(path, &head, &files, progress);
            }
            look_bytes(bytes, progress)
        }
    }
}

fn look_bytes(bytes: Bytes, progress: &Arc<Progress>) -> Result<Looked, Error> {
    let (layers, core) = peel(bytes, None, &mut Problems::default())?;
    match core {
        Core::Json => json::look_bytes(&layers.bytes, progress),
        Core::Csv => csv::look_bytes(&layers.bytes, progress),
        Core::Columnar(form) => columnar::look_bytes(form, &layers.bytes, progress),
        Core::Dump(head) => dump::look(layers.bytes, &head, progress),
        Core::Sqlite(_) => Err(Error::Unsupported(
            "the tables of a packed SQLite database are not listed; unpack it first".to_owned(),
        )),
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

/// Reads a table of a SQLite file that is no events.
pub(super) fn outside_table(
    path: &std::path::Path,
    table: &str,
    progress: &Arc<Progress>,
) -> Result<super::OutsideTable, Error> {
    let (files, head) = sqlite_head(path)?;
    sqlite::outside::read(path, (&head, &files), table, progress)
}

/// The tables of a SQLite file with their columns; none where it is another file.
pub(super) fn outside_tables(
    path: &std::path::Path,
    progress: &Arc<Progress>,
) -> Result<Vec<(String, Vec<String>)>, Error> {
    match sqlite_head(path) {
        Ok((files, head)) => sqlite::outside::tables(path, (&head, &files), progress),
        Err(Error::Unsupported(_)) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

fn sqlite_head(path: &std::path::Path) -> Result<(Vec<FoundFile>, Vec<u8>), Error> {
    let files = files_of(path)?;
    let bytes = Bytes::open(&path.to_owned()).map_err(Error::io("open the file"))?;
    let head = bytes.head(HEAD).map_err(Error::io("read the file"))?;
    if recognize(&head, files.first().map_or(0, |file| file.bytes)) == Kind::Sqlite {
        return Ok((files, head));
    }
    Err(Error::Unsupported(
        "it is no SQLite file and has no tables".to_owned(),
    ))
}

/// Reads a text of rows that are no events.
pub(super) fn outside_text(
    path: &std::path::Path,
    name: &str,
    progress: &Arc<Progress>,
) -> Result<super::OutsideTable, Error> {
    files_of(path)?;
    let bytes = Bytes::open(&path.to_owned()).map_err(Error::io("open the file"))?;
    csv::outside::read(&bytes, name, progress)
}
