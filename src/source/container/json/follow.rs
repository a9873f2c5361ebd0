//! Follows JSON Lines to whose end another program writes: whole lines are new records.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::reader::JsonReader;
use super::split::{Front, Lines};
use super::{CHUNK, Layout, LineIndex, find_layout, format_of, lines};
use crate::event::{
    EventDetail, EventReader, Glance, Payload, Place, ReadError, ReadTo, SavedAt, StreamHeads, Want,
};
use crate::source::OpenOptions;
use crate::source::bound::{Bound, LOG_ROLES};
use crate::source::bytes::Bytes;
use crate::source::container::sqlite::identity;
use crate::source::container::{Item, PartAbout, PlaceNames, Sink};
use crate::source::error::Error;
use crate::source::follow::{Seen, Tail};
use crate::source::format::StoreFormat;
use crate::source::progress::Progress;

/// So many bytes before the end are kept, to see whether they are still there.
const KEPT: usize = 4096;

/// A log that grows.
pub(super) struct LinesTail {
    path: PathBuf,
    bytes: Bytes,
    format: StoreFormat,
    about: PartAbout,
    at: ReadTo,
    next_step: u64,
    index: Arc<LineIndex>,
    /// The bytes before the place that was read to.
    known: Vec<u8>,
    reader: Arc<dyn EventReader>,
}

/// Begins to follow a log.
pub(in crate::source::container) fn follow(
    (path, bytes): (&Path, Bytes),
    options: &OpenOptions,
    seen: &Seen,
    progress: &Arc<Progress>,
) -> Result<Box<dyn Tail>, Error> {
    let (layout, keys) = find_layout(&bytes, options, progress)?;
    if layout != Layout::Lines {
        let why = "its events stand in one document, which does not grow at its end";
        return Err(Error::NotFollowed(why.to_owned()));
    }
    let (format, _) = format_of(&keys, options)?;
    let Some(at) = seen.read_to else {
        let why = "it is not known how far it was read";
        return Err(Error::NotFollowed(why.to_owned()));
    };
    let index = Arc::new(LineIndex::from(at));
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let new = JsonReader {
        bytes: bytes.clone(),
        is_lines: true,
        format: format.clone(),
        index: Arc::clone(&index),
        name: name.into_owned(),
    };
    let reader: Arc<dyn EventReader> = match &seen.reader {
        Some(old) => Arc::new(TwoReaders {
            from: i64::try_from(at.at).unwrap_or(i64::MAX),
            old: Arc::clone(old),
            new,
        }),
        None => Arc::new(new),
    };
    let mut tail = LinesTail {
        path: path.to_owned(),
        about: PartAbout {
            format: format.clone(),
            names: PlaceNames::Line,
            needs_names: true,
            file: 0,
        },
        format,
        next_step: at.at,
        index,
        known: Vec::new(),
        reader,
        at,
        bytes,
    };
    if tail.bytes.len().map_err(Error::io("look at the file"))? < at.at {
        return Err(was_cut());
    }
    tail.keep_known()?;
    Ok(Box::new(tail))
}

fn was_cut() -> Error {
    let message = "the file was cut: what was read of it is not in it any more";
    Error::Gone(message.to_owned())
}

impl LinesTail {
    /// Keeps what stands before the place that was read to.
    fn keep_known(&mut self) -> Result<(), Error> {
        self.known = self.before_end()?;
        Ok(())
    }

    fn before_end(&self) -> Result<Vec<u8>, Error> {
        let from = self.at.at.saturating_sub(KEPT as u64);
        let mut known = vec![0; usize::try_from(self.at.at - from).unwrap_or(KEPT)];
        let read = self.bytes.read_at(&mut known, from);
        let n_read = read.map_err(Error::io("read the file"))?;
        known.truncate(n_read);
        Ok(known)
    }

    /// Whether the name still leads to the file that is read.
    fn is_there(&self) -> Result<(), Error> {
        let Bytes::File(file) = &self.bytes else {
            return Ok(());
        };
        let own = file.metadata().map_err(Error::io("look at the file"))?;
        match fs::metadata(&self.path) {
            Ok(now) if identity(&now) == identity(&own) => Ok(()),
            Ok(_) => Err(Error::Gone(
                "another file stands in its place now; what was read stays".to_owned(),
            )),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Err(Error::Gone(
                "the file was moved or removed; what was read stays".to_owned(),
            )),
            Err(error) => Err(Error::io("look at the file")(error)),
        }
    }

    /// Hands over the whole lines that came.
    fn new_lines(
        &mut self,
        most: usize,
        progress: &Progress,
        sink: &mut Sink<'_>,
    ) -> Result<u64, Error> {
        let bound = Bound::new(&self.format, &LOG_ROLES);
        let mut lines = Lines::from(&self.bytes, CHUNK, self.at, self.next_step);
        let mut n_records = 0;
        while n_records < most as u64 {
            let flow = match lines.fill()? {
                Front::ReadMore if progress.is_cancelled() => return Err(Error::Cancelled),
                Front::ReadMore => continue,
                // A line that is not ended is not whole yet.
                Front::Nothing | Front::Rest(_) => break,
                Front::TooLong(ordinal) => {
                    n_records += 1;
                    let message = "the line is longer than 64 MiB and was left out";
                    sink(Item::lost("line-too-long", ordinal, message))
                }
                Front::Line(len) => {
                    lines::take_line(&mut lines, len, true, &bound, &mut n_records, sink)
                }
            };
            if flow.is_break() {
                break;
            }
        }
        lines.add_to(&self.index);
        self.next_step = lines.next_step();
        self.at = lines::end_of(&lines);
        Ok(n_records)
    }
}

impl Tail for LinesTail {
    fn part(&self) -> &PartAbout {
        &self.about
    }

    fn poll(
        &mut self,
        most: usize,
        progress: &Progress,
        sink: &mut Sink<'_>,
    ) -> Result<u64, Error> {
        // What was written before it was moved away is still read.
        let is_there = self.is_there();
        let len = self.bytes.len().map_err(Error::io("look at the file"))?;
        if len < self.at.at || (len > self.at.at && self.before_end()? != self.known) {
            return Err(was_cut());
        }
        if len == self.at.at {
            return is_there.map(|()| 0);
        }
        let n_records = self.new_lines(most, progress, sink)?;
        self.keep_known()?;
        if n_records == 0 {
            is_there?;
        }
        Ok(n_records)
    }

    fn reader(&self) -> Arc<dyn EventReader> {
        Arc::clone(&self.reader)
    }
}

/// Reads what was there before by the reader that found it, and what came since.
struct TwoReaders {
    from: i64,
    old: Arc<dyn EventReader>,
    new: JsonReader,
}

impl EventReader for TwoReaders {
    fn read(
        &self,
        places: &[Place],
        want: Want,
        each: &mut dyn FnMut(usize, Result<EventDetail, ReadError>) -> bool,
    ) {
        let (mut done, mut goes_on) = (0, true);
        for run in places.chunk_by(|a, b| (a.at < self.from) == (b.at < self.from)) {
            let is_old = run.first().is_some_and(|place| place.at < self.from);
            let mut hand_on = |n: usize, event| {
                goes_on = each(done + n, event);
                goes_on
            };
            if is_old {
                self.old.read(run, want, &mut hand_on);
            } else {
                self.new.read(run, want, &mut hand_on);
            }
            if !goes_on {
                return;
            }
            done += run.len();
        }
    }

    fn glance(&self, places: &[Place], each: &mut dyn FnMut(usize, Glance<'_>)) -> bool {
        let mut done = 0;
        places
            .chunk_by(|a, b| (a.at < self.from) == (b.at < self.from))
            .all(|run| {
                let from = done;
                done += run.len();
                let mut hand_on = |n: usize, glance: Glance<'_>| each(from + n, glance);
                match run.first() {
                    Some(place) if place.at < self.from => self.old.glance(run, &mut hand_on),
                    _ => self.new.glance(run, &mut hand_on),
                }
            })
    }

    fn recount(&self) -> Option<u64> {
        Some(self.old.recount()? + self.new.recount()?)
    }

    fn self_check(&self, cancel: &dyn Fn() -> bool) -> Option<(String, Vec<String>)> {
        self.old.self_check(cancel)
    }

    fn marks_json(&self) -> bool {
        self.old.marks_json()
    }

    fn stream_heads(&self, _: &dyn Fn() -> bool) -> Option<StreamHeads> {
        // What was noted before knows nothing of what came since.
        None
    }

    fn saved_state(&self, saved: &SavedAt<'_>) -> Option<Result<Payload, ReadError>> {
        self.old.saved_state(saved)
    }
}
