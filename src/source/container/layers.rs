//! What lies around a log or a database: packing and encodings, taken off one after another.

use std::path::PathBuf;
use std::sync::Arc;

use encoding_rs::Encoding;

use super::packed::{Packing, unpack};
use super::{About, Container, HEAD, Item, Sink, SnapshotRow, Turning, encoding, sqlite, turned};
use crate::event::{
    EventDetail, EventReader, Glance, Payload, Place, Problems, ReadError, SavedAt, Severity,
    StreamHeads, Want,
};
use crate::source::OpenOptions;
use crate::source::bytes::Bytes;
use crate::source::error::Error;
use crate::source::evidence::FoundFile;
use crate::source::progress::Progress;
use crate::source::spool::{Feed, Note, Spool};

/// An input with what was taken off it.
pub(super) struct Layers {
    /// What lies below all that was taken off.
    pub(super) bytes: Bytes,
    /// What is unpacked or turned on the way, the outermost first.
    spools: Vec<Arc<Spool>>,
    packing: Option<Packing>,
    is_turned: bool,
    /// What the lines below were turned from.
    lines_of: Option<Turning>,
    path: Option<PathBuf>,
}

impl Layers {
    /// Nothing was taken off yet.
    pub(super) fn over(bytes: Bytes) -> Self {
        Self {
            bytes,
            spools: Vec::new(),
            packing: None,
            is_turned: false,
            lines_of: None,
            path: None,
        }
    }

    /// The first bytes of what lies below.
    pub(super) fn head(&self) -> Result<Vec<u8>, Error> {
        let head = self.bytes.head(HEAD).map_err(Error::io("read the file"))?;
        if head.is_empty() {
            return Err(match self.note() {
                Some(note) => Error::CutOff(note),
                None if self.packing.is_some() => self.refusal("there is nothing"),
                None => Error::Empty,
            });
        }
        Ok(head)
    }

    /// What was noted while taking layers off, where it is all there is to say.
    fn note(&self) -> Option<String> {
        let mut notes = self.spools.iter().flat_map(|spool| spool.take_notes());
        notes.find_map(|note| match note {
            Note::Broken { message, .. } => Some(message),
            Note::Lost { .. } | Note::Flawed { .. } => None,
        })
    }

    /// Whether the text was turned into UTF-8.
    pub(super) fn is_turned(&self) -> bool {
        self.is_turned
    }

    /// Where what lies at the bottom was found.
    pub(super) fn found_at(mut self, path: Option<PathBuf>) -> Self {
        self.path = path;
        self
    }

    /// Takes off a packing.
    pub(super) fn unpack(&mut self, packing: Packing) -> Result<(), Error> {
        if let Some(outer) = self.packing {
            let (outer, inner) = (outer.name(), packing.name());
            return Err(Error::Unsupported(format!(
                "this is packed by {inner} and again by {outer}; unpack it first"
            )));
        }
        self.packing = Some(packing);
        self.put(unpack(packing, self.bytes.clone())?);
        Ok(())
    }

    /// Turns a text into UTF-8, and says so.
    pub(super) fn turn(
        &mut self,
        encoding: &'static Encoding,
        problems: &mut Problems,
    ) -> Result<(), Error> {
        if std::mem::replace(&mut self.is_turned, true) {
            return Err(self.refusal("this is text in two encodings at once"));
        }
        let message = format!(
            "the text is not UTF-8; it is read as {}, and places count what that gives in UTF-8",
            encoding.name()
        );
        problems.add("encoding", Severity::Info, "the whole input", message);
        let spool =
            encoding::to_utf8(encoding, self.bytes.clone()).map_err(Error::io("read the file"))?;
        self.put(spool);
        Ok(())
    }

    /// Turns what lies below into lines of JSON; once.
    pub(super) fn turn_to_lines(&mut self, turning: Turning) -> Result<(), Error> {
        if self.lines_of.replace(turning).is_some() {
            return Err(self.refusal("the records in it are no records of a log"));
        }
        let spool = turned::turned(turning, self.bytes.clone(), self.path.as_deref())?;
        self.put(spool);
        Ok(())
    }

    /// Whether what lies below are lines that were made of something else.
    pub(super) fn is_lines(&self) -> bool {
        self.lines_of.is_some()
    }

    /// The word for what the lines were made of.
    pub(super) fn turned_from(&self) -> Option<String> {
        let turning = self.lines_of?;
        Some(format!("{}{}", turning.word(), self.word()))
    }

    fn put(&mut self, spool: Arc<Spool>) {
        self.bytes = Bytes::Spool(Arc::clone(&spool));
        self.spools.push(spool);
    }

    /// What stands behind the word for the container.
    pub(super) fn word(&self) -> String {
        self.packing
            .map_or_else(String::new, |packing| format!("+{}", packing.name()))
    }

    /// Why what lies below cannot be read.
    pub(super) fn refusal(&self, what: &str) -> Error {
        Error::Unsupported(match self.packing {
            Some(packing) => format!("packed by {}; inside, {what}", packing.name()),
            None => what.to_owned(),
        })
    }

    /// A log below the layers, which tells in the end what they noted.
    pub(super) fn around(self, log: Box<dyn Container>) -> Box<dyn Container> {
        if self.spools.is_empty() {
            return log;
        }
        Box::new(Layered {
            inner: log,
            spools: self.spools,
            bytes: self.bytes,
            counts_bytes: true,
        })
    }

    /// Opens a database below the layers: unpacked as a whole into a private file.
    pub(super) fn open_sqlite(
        self,
        head: &[u8],
        files: Vec<FoundFile>,
        options: &OpenOptions,
        progress: &Arc<Progress>,
    ) -> Result<Box<dyn Container>, Error> {
        let (path, spool) = self.to_file(progress)?;
        let mut inner = sqlite::open_file(&path, head, files, options, progress)?;
        let about = inner.about();
        about.container.push_str(&self.word());
        about.opened = match self.packing {
            Some(_) => "a private copy, unpacked".to_owned(),
            None => "a private copy".to_owned(),
        };
        Ok(Box::new(Layered {
            inner,
            spools: self.spools,
            bytes: Bytes::Spool(spool),
            counts_bytes: false,
        }))
    }

    /// All of what lies below in a private file, which lives as long as the spool.
    fn to_file(&self, progress: &Progress) -> Result<(PathBuf, Arc<Spool>), Error> {
        let copying = || Copying {
            bytes: self.bytes.clone(),
            at: 0,
        };
        let spool = match self.spools.last() {
            Some(spool) => Arc::clone(spool),
            None => Arc::new(Spool::new(copying())),
        };
        let path = spool
            .as_file()
            .map_err(Error::io("unpack to a temporary file"))?;
        let mut end = 0;
        while !spool.is_over() {
            if progress.is_cancelled() {
                return Err(Error::Cancelled);
            }
            end += 1 << 22;
            spool
                .fill_to(end)
                .map_err(Error::io("unpack to a temporary file"))?;
            progress.set_total(spool.len());
            progress.set_done(end.min(spool.len()));
        }
        Ok((path, spool))
    }
}

/// Bytes that lie in no file of their own.
struct Copying {
    bytes: Bytes,
    at: u64,
}

impl Feed for Copying {
    fn next(&mut self, block: &mut Vec<u8>) -> std::io::Result<bool> {
        block.resize(1 << 20, 0);
        let count = self.bytes.read_at(block, self.at)?;
        block.truncate(count);
        self.at += count as u64;
        Ok(count > 0)
    }

    fn take_notes(&mut self) -> Vec<Note> {
        Vec::new()
    }

    fn expected(&self, n_kept: u64) -> u64 {
        self.bytes.len().unwrap_or(n_kept)
    }
}

/// A container below layers.
struct Layered {
    inner: Box<dyn Container>,
    spools: Vec<Arc<Spool>>,
    bytes: Bytes,
    /// Whether progress counts bytes, of which the total was an estimate.
    counts_bytes: bool,
}

impl Container for Layered {
    fn about(&mut self) -> &mut About {
        self.inner.about()
    }

    fn scan(&mut self, progress: &Arc<Progress>, sink: &mut Sink<'_>) -> Result<u64, Error> {
        let mut n_records = self.inner.scan(progress, sink)?;
        if self.counts_bytes {
            progress.set_total(self.bytes.len().unwrap_or_default());
        }
        for note in self.spools.iter().flat_map(|spool| spool.take_notes()) {
            n_records += match &note {
                Note::Lost { .. } => 1,
                Note::Broken { n_records, .. } => *n_records,
                Note::Flawed { .. } => 0,
            };
            if sink(item(note)).is_break() {
                break;
            }
        }
        Ok(n_records)
    }

    fn reader(&self) -> Result<Arc<dyn EventReader>, Error> {
        Ok(Arc::new(LayeredReader {
            inner: self.inner.reader()?,
            _bytes: self.bytes.clone(),
        }))
    }

    fn snapshots(&mut self, each: &mut dyn FnMut(SnapshotRow<'_>)) -> Result<u64, Error> {
        self.inner.snapshots(each)
    }

    fn look_again(&mut self, problems: &mut Problems) {
        self.inner.look_again(problems);
    }
}

fn item(note: Note) -> Item<'static> {
    match note {
        Note::Lost {
            kind,
            line,
            message,
        } => Item::lost(kind, line, message),
        Note::Flawed {
            kind,
            line,
            message,
        } => Item::Flawed {
            kind,
            ordinal: line,
            message,
        },
        Note::Broken {
            n_records,
            kind,
            place,
            message,
        } => Item::LostMany {
            n_records,
            kind,
            place: place.to_owned(),
            message,
        },
    }
}

/// Keeps the private file as long as somebody reads from it.
struct LayeredReader {
    inner: Arc<dyn EventReader>,
    _bytes: Bytes,
}

impl EventReader for LayeredReader {
    fn read(
        &self,
        places: &[Place],
        want: Want,
        each: &mut dyn FnMut(usize, Result<EventDetail, ReadError>) -> bool,
    ) {
        self.inner.read(places, want, each);
    }

    fn glance(&self, places: &[Place], each: &mut dyn FnMut(usize, Glance<'_>)) -> bool {
        self.inner.glance(places, each)
    }

    fn marks_json(&self) -> bool {
        self.inner.marks_json()
    }

    fn recount(&self) -> Option<u64> {
        self.inner.recount()
    }

    fn self_check(&self, cancel: &dyn Fn() -> bool) -> Option<(String, Vec<String>)> {
        self.inner.self_check(cancel)
    }

    fn stream_heads(&self, cancel: &dyn Fn() -> bool) -> Option<StreamHeads> {
        self.inner.stream_heads(cancel)
    }

    fn saved_state(&self, saved: &SavedAt<'_>) -> Option<Result<Payload, ReadError>> {
        self.inner.saved_state(saved)
    }
}
