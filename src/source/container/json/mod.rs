//! JSON logs: one object a line, or a document with an array of objects.

mod document;
mod follow;
mod later;
mod lines;
mod quick;
mod reader;
mod record;
mod split;
mod start;
mod values;

use std::sync::{Arc, RwLock};

use super::log_format::{FoundFormat, SampledLog};
use super::{About, Container, Item, Later, PartAbout, PlaceNames, Sink, SnapshotRow};
use crate::event::json::scan;
use crate::event::{EventReader, Problems, ReadTo};
use crate::source::OpenOptions;
use crate::source::bound::{Bound, LOG_ROLES};
use crate::source::bytes::Bytes;
use crate::source::cell::Cell;
use crate::source::error::Error;
use crate::source::evidence::FoundFile;
use crate::source::field::{Field, Piece};
use crate::source::format::{ContainerKind, Signature, StoreFormat};
use crate::source::formats::Shape;
use crate::source::guess::{Column, Sampled};
use crate::source::progress::Progress;
use crate::source::survey::Looked;
pub(super) use follow::follow;
use later::LaterLines;
use reader::JsonReader;

/// The longest line or element that is read as a record.
pub(in crate::source::container) const MAX_RECORD: u64 = 64 << 20;
/// How much is read at once.
const CHUNK: usize = 1 << 18;
/// How many records are looked at to find the format.
const N_SAMPLES: usize = 200;

/// How records lie in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Layout {
    /// One a line.
    Lines,
    /// Elements of the array that begins at this byte.
    Array(u64),
    /// Documents one after another.
    Values,
}

/// How the first bytes of a text look.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Look {
    Lines,
    /// One value over several lines, or so it seems.
    Document,
    /// One value on a single line.
    Single,
}

/// Where lines begin, coarsely: for each `STEP` bytes how many line ends lie before them.
#[derive(Debug, Default)]
struct LineIndex {
    counts: RwLock<Vec<u32>>,
    /// Where the first step begins.
    origin: u64,
    /// Where the lines ended when they were read.
    end: RwLock<Option<ReadTo>>,
}

impl LineIndex {
    const STEP: usize = 1 << 14;

    /// Counts the line ends of a chunk that lies at a multiple of the step.
    fn add(&self, chunk: &[u8], mut so_far: u32) -> u32 {
        let mut counts = self
            .counts
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        for block in chunk.chunks(Self::STEP) {
            counts.push(so_far);
            let ends = memchr::memchr_iter(b'\n', block).count();
            so_far = so_far.saturating_add(u32::try_from(ends).unwrap_or(u32::MAX));
        }
        so_far
    }

    /// Adds the counts of further steps.
    fn extend(&self, further: &[u32]) {
        let mut counts = self
            .counts
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        counts.extend_from_slice(further);
    }

    /// Goes on with an index of what follows, and ends where it ends.
    fn go_on(&self, later: &Self) {
        let counts = later
            .counts
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        self.extend(&counts);
        if let Some(end) = later.end() {
            self.note_end(end);
        }
    }

    /// How many line ends lie before the last step at or before `offset`, and where that step is.
    fn before(&self, offset: u64) -> (u64, u64) {
        let counts = self
            .counts
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let beyond = offset.saturating_sub(self.origin);
        let step = usize::try_from(beyond / Self::STEP as u64).unwrap_or(usize::MAX);
        let step = step.min(counts.len().saturating_sub(1));
        (
            counts.get(step).copied().map_or(0, u64::from),
            self.origin + (step * Self::STEP) as u64,
        )
    }

    /// An index of lines that begin at a place.
    fn from(at: ReadTo) -> Self {
        Self {
            origin: at.at,
            ..Self::default()
        }
    }

    /// Notes where the lines ended.
    fn note_end(&self, end: ReadTo) {
        *self
            .end
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner) = Some(end);
    }

    /// Takes back where the lines ended: they go on.
    fn forget_end(&self) {
        *self
            .end
            .write()
            .unwrap_or_else(std::sync::PoisonError::into_inner) = None;
    }

    fn end(&self) -> Option<ReadTo> {
        *self
            .end
            .read()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// Whether a text that begins so is one record a line.
pub(in crate::source::container) fn begins_as_lines(head: &[u8]) -> bool {
    look_of(head, false) == Look::Lines
}

/// A line without what does not belong to its value: BOM, record separator, white space.
pub(in crate::source::container) fn bare(line: &[u8]) -> &[u8] {
    let line = line
        .strip_prefix(b"\xef\xbb\xbf")
        .unwrap_or(line)
        .trim_ascii();
    line.strip_prefix(b"\x1e").unwrap_or(line).trim_ascii()
}

fn look_of(head: &[u8], is_whole: bool) -> Look {
    let text = bare(head);
    if !matches!(text.first(), Some(b'{' | b'[')) {
        return Look::Lines;
    }
    let Some(end) = memchr::memchr(b'\n', text) else {
        return if is_whole || text.len() < head.len() {
            Look::Single
        } else {
            Look::Document
        };
    };
    let (first, rest) = text.split_at(end);
    match scan::value_end(first, 0) {
        Ok(end) if first.get(end..).unwrap_or_default().trim_ascii().is_empty() => {
            if rest.trim_ascii().is_empty() {
                Look::Single
            } else {
                Look::Lines
            }
        }
        Err(crate::event::json::JsonError::Ends { .. }) if !second_is_object(rest) => {
            Look::Document
        }
        _ => Look::Lines,
    }
}

fn second_is_object(rest: &[u8]) -> bool {
    let mut lines = rest
        .split(|byte| *byte == b'\n')
        .map(bare)
        .filter(|line| !line.is_empty());
    lines
        .next()
        .is_some_and(|line| line.starts_with(b"{") && scan::is_json(line))
}

/// A JSON log.
struct JsonLog {
    bytes: Bytes,
    layout: Layout,
    about: About,
    format: StoreFormat,
    index: Arc<LineIndex>,
    /// Where somebody else reads from.
    later: Option<Arc<LaterLines>>,
}

/// Opens a JSON log: finds its layout and its format.
pub(super) fn open_bytes(
    bytes: Bytes,
    files: Vec<FoundFile>,
    options: &OpenOptions,
    problems: Problems,
    packed: &str,
    progress: &Progress,
) -> Result<Box<dyn Container>, Error> {
    progress.set_total(bytes.len().map_err(Error::io("look at the file"))?);
    let (layout, keys) = find_layout(&bytes, options, progress)?;
    let (format, reasons) = format_of(&keys, options)?;
    let word = match layout {
        Layout::Lines => "ndjson",
        Layout::Array(_) => "json-array",
        Layout::Values => "json-documents",
    };
    let part = PartAbout {
        format: format.clone(),
        names: if layout == Layout::Lines {
            PlaceNames::Line
        } else {
            PlaceNames::Element
        },
        needs_names: true,
        file: 0,
    };
    let about = About {
        parts: vec![part],
        guess: reasons,
        container: format!("{word}{packed}"),
        opened: "read-only".to_owned(),
        files,
        problems,
    };
    Ok(Box::new(JsonLog {
        bytes,
        layout,
        about,
        format,
        index: Arc::default(),
        later: None,
    }))
}

/// How the records lie, and the keys of the first ones.
fn find_layout(
    bytes: &Bytes,
    options: &OpenOptions,
    progress: &Progress,
) -> Result<(Layout, Keys), Error> {
    let head = bytes
        .head(super::HEAD)
        .map_err(Error::io("read the file"))?;
    let len = bytes.len().map_err(Error::io("look at the file"))?;
    let with_keys = |layout| Ok((layout, sampled(bytes, layout, progress)?));
    let look = look_of(&head, head.len() as u64 == len);
    if look == Look::Lines {
        return with_keys(Layout::Lines);
    }
    // A single object may be a log of one event, or a document with events in it.
    let is_object = look == Look::Single && bare(&head).starts_with(b"{");
    if is_object
        && let Ok((layout, keys)) = with_keys(Layout::Lines)
        && format_of(&keys, options).is_ok()
    {
        return Ok((layout, keys));
    }
    match document::find_array(bytes, progress) {
        Ok(document::Found::SeveralValues) if values::begins_with_object(bytes, progress)? => {
            with_keys(Layout::Values)
        }
        Ok(document::Found::SeveralValues) => with_keys(Layout::Lines),
        Ok(document::Found::Array(at)) => with_keys(Layout::Array(at)),
        // The survey shows the keys of a single object, whatever they are.
        Err(Error::NoEvents(_)) if is_object => with_keys(Layout::Lines),
        Err(error) => Err(error),
    }
}

/// The keys of the first records, with samples of their values.
#[derive(Default)]
struct Keys {
    columns: Vec<Column>,
    n_records: usize,
}

impl Keys {
    fn add(&mut self, record: &[u8]) {
        let n_before = self.n_records;
        let columns = &mut self.columns;
        let walked = scan::members(record, |key, value| {
            let Ok(name) = std::str::from_utf8(key) else {
                return;
            };
            let sample = Sampled::of(Cell::Json(value));
            let at = columns.iter().position(|column| column.name == name);
            let at = at.unwrap_or_else(|| {
                let samples = vec![Sampled::Null; n_before];
                columns.push(Column {
                    name: name.to_owned(),
                    samples,
                    is_unique: false,
                });
                columns.len() - 1
            });
            if let Some(column) = columns.get_mut(at) {
                column.samples.truncate(n_before);
                column.samples.push(sample);
            }
        });
        self.n_records += usize::from(walked.is_ok());
        for column in &mut self.columns {
            column.samples.resize(self.n_records, Sampled::Null);
        }
    }

    /// How many records have a key, or a member inside it: `payload/event/hash`.
    fn n_with(&self, name: &str) -> usize {
        let column = self.columns.iter().find(|column| column.name == name);
        if column.is_none() && name.contains('/') {
            return self.n_with_inside(name).unwrap_or(0);
        }
        column.map_or(0, |column| {
            column
                .samples
                .iter()
                .filter(|sample| **sample != Sampled::Null)
                .count()
        })
    }

    fn n_with_inside(&self, name: &str) -> Option<usize> {
        let field = Field::parse(name).ok()?;
        let [Piece::Column { column, path, .. }] = field.pieces.as_slice() else {
            return None;
        };
        let known = self.columns.iter().find(|known| known.name == *column)?;
        let samples = known.samples.iter();
        let inside = samples.filter(|sample| !sample.cell().at(path).is_null());
        Some(inside.count())
    }
}

impl Shape for Keys {
    fn fits(&self, signature: &Signature) -> bool {
        let known = |column: &Column| {
            let is_named = |name: &String| *name == column.name;
            signature
                .only
                .as_ref()
                .is_none_or(|only| only.iter().any(is_named))
                || signature.columns.iter().any(is_named)
        };
        self.n_records > 0
            && signature
                .columns
                .iter()
                .all(|name| self.n_with(name) * 2 > self.n_records)
            && self.columns.iter().all(known)
    }
}

/// The keys of the first records of a log that lies so.
fn sampled(bytes: &Bytes, layout: Layout, progress: &Progress) -> Result<Keys, Error> {
    let mut keys = Keys::default();
    let mut take = |record: &[u8]| {
        keys.add(record);
        keys.n_records < N_SAMPLES
    };
    match layout {
        Layout::Lines => lines::sample(bytes, &mut take)?,
        Layout::Array(at) => document::sample(bytes, at, progress, &mut take)?,
        Layout::Values => values::sample(bytes, progress, &mut take)?,
    }
    Ok(keys)
}

fn format_of(keys: &Keys, options: &OpenOptions) -> Result<FoundFormat, Error> {
    if keys.n_records == 0 && options.format.is_none() {
        return Err(Error::NoEvents(
            "the text holds no JSON objects that could be events".to_owned(),
        ));
    }
    let log = SampledLog {
        kind: ContainerKind::Json,
        columns: &keys.columns,
        shape: keys,
        records: "JSON objects",
        column: "key",
        how: None,
        has_all_columns: false,
    };
    log.format(options)
}

/// Looks at the first records of a log, for the survey.
pub(super) fn look_bytes(bytes: &Bytes, progress: &Progress) -> Result<Looked, Error> {
    let (_, keys) = find_layout(bytes, &OpenOptions::default(), progress)?;
    Ok(Looked::log(ContainerKind::Json, &keys, &keys.columns))
}

impl Container for JsonLog {
    fn about(&mut self) -> &mut About {
        &mut self.about
    }

    fn scan(&mut self, progress: &Arc<Progress>, sink: &mut Sink<'_>) -> Result<u64, Error> {
        let bound = Bound::new(&self.format, &LOG_ROLES);
        match self.layout {
            Layout::Lines => {
                let later = self.later.take();
                let log = (&self.bytes, &*self.index, later.as_deref());
                lines::scan(log, &bound, progress, sink)
            }
            Layout::Array(at) => {
                document::scan(&self.bytes, at, &bound, &self.index, progress, sink)
            }
            Layout::Values => values::scan(&self.bytes, &bound, &self.index, progress, sink),
        }
    }

    fn later(&mut self, at_least: u64) -> Option<Later> {
        let is_file = matches!(self.bytes, Bytes::File(_));
        if !is_file || self.layout != Layout::Lines || self.bytes.len().ok()? < at_least {
            return None;
        }
        let later = Arc::new(LaterLines::find(&self.bytes)?);
        self.later = Some(Arc::clone(&later));
        Some(later::later(self.bytes.clone(), self.format.clone(), later))
    }

    fn reader(&self) -> Result<Arc<dyn EventReader>, Error> {
        let name = self
            .about
            .files
            .first()
            .map_or_else(String::new, |file| file.name.clone());
        Ok(Arc::new(JsonReader {
            bytes: self.bytes.clone(),
            is_lines: self.layout == Layout::Lines,
            format: self.format.clone(),
            index: Arc::clone(&self.index),
            name,
        }))
    }

    fn snapshots(&mut self, _: &mut dyn FnMut(SnapshotRow<'_>)) -> Result<u64, Error> {
        Ok(0)
    }

    fn read_to(&self) -> Option<ReadTo> {
        let is_file = matches!(self.bytes, Bytes::File(_)) && self.layout == Layout::Lines;
        self.index.end().filter(|_| is_file)
    }

    fn look_again(&mut self, problems: &mut Problems) {
        super::note_changes(&self.about.files, problems);
    }
}
