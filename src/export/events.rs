//! Events as they leave: read in pages, written one by one, so that memory does not grow with them.

use std::io::Write;
use std::path::Path;

use super::columns::{event_columns, event_row};
use super::csv::CsvRows;
use super::error::Error;
use super::parquet::ParquetRows;
use super::partition::{PartitionBy, parts};
use super::sqlite::SqliteRows;
use super::value::Value;
use super::whole::{WholeFile, WholeFolder, written};
use crate::event::{EventDetail, Place, Position, ReadError, Want, Zone};
use crate::history::History;
use crate::ingest::{Shown, write_exchange_line};

/// How many events are asked for at once; they are handed over one by one.
const PAGE: usize = 1024;

/// The form of an export.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// One JSON object a line; of events the exchange format.
    JsonLines,
    /// Comma-separated values.
    Csv,
    /// Typed columns.
    Parquet,
    /// A database of our own.
    Sqlite,
}

impl Form {
    /// All forms.
    pub const ALL: [Self; 4] = [Self::JsonLines, Self::Csv, Self::Parquet, Self::Sqlite];

    /// The word for it, which is also how the names of its files end.
    pub fn name(self) -> &'static str {
        match self {
            Self::JsonLines => "jsonl",
            Self::Csv => "csv",
            Self::Parquet => "parquet",
            Self::Sqlite => "sqlite",
        }
    }

    /// The form of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|form| form.name() == name)
    }

    /// The form that the ending of a file's name says; `None` where it says none.
    pub fn of(path: &Path) -> Option<Self> {
        let ending = path.extension()?.to_str()?.to_ascii_lowercase();
        match ending.as_str() {
            "jsonl" | "ndjson" | "json" => Some(Self::JsonLines),
            "csv" => Some(Self::Csv),
            "parquet" | "pq" => Some(Self::Parquet),
            "sqlite" | "sqlite3" | "db" => Some(Self::Sqlite),
            _ => None,
        }
    }
}

/// Who looks on while events are written.
#[derive(Clone, Copy)]
pub struct Watch<'a> {
    /// Whether it is to stop; asked for each event.
    pub cancel: &'a dyn Fn() -> bool,
    /// Told how many events are written.
    pub done: &'a dyn Fn(u64),
}

impl std::fmt::Debug for Watch<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Watch").finish_non_exhaustive()
    }
}

/// Which events leave, and how.
#[derive(Clone, Copy)]
pub struct EventsAsk<'a> {
    /// The events, in the order in which they are written.
    pub positions: &'a [u32],
    /// The form.
    pub form: Form,
    /// The zone of times in CSV, and of months; everywhere else times are UTC.
    pub zone: Zone,
    /// Whether a folder of parts is written instead of a file.
    pub partition: Option<PartitionBy>,
    /// What makes personal data unreadable before anything is written.
    pub mask: Option<&'a dyn Fn(&mut EventDetail)>,
    /// What the file says of itself, where its form has room for that: keys with values.
    pub about: &'a [(String, String)],
}

impl std::fmt::Debug for EventsAsk<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EventsAsk")
            .field("events", &self.positions.len())
            .field("form", &self.form)
            .field("partition", &self.partition)
            .finish_non_exhaustive()
    }
}

/// Writes events to `path`, as a whole or not at all, and says how many. Refuses to write over what is
/// being read.
pub fn export_events(
    history: &History,
    ask: &EventsAsk<'_>,
    path: &Path,
    watch: Watch<'_>,
) -> Result<u64, Error> {
    let about = &history.about;
    let files = about.files.iter().filter_map(|file| file.path.as_deref());
    let inputs = about.inputs.iter().map(|path| path.as_path());
    super::whole::refuse_evidence(path, files.chain(inputs))?;
    match ask.partition {
        None if ask.form == Form::Sqlite => export_sqlite(history, ask, path, watch),
        None => written(path, |out| write_events(history, ask, out, watch)),
        Some(_) if ask.form == Form::Sqlite => Err(Error::OneFile),
        Some(by) => export_parts(history, ask, by, path, watch),
    }
}

fn export_parts(
    history: &History,
    ask: &EventsAsk<'_>,
    by: PartitionBy,
    path: &Path,
    watch: Watch<'_>,
) -> Result<u64, Error> {
    let folder = WholeFolder::begin(path)?;
    let mut n_done = 0;
    for (name, positions) in parts(&history.log, ask.positions, by, ask.zone)? {
        let part = folder.path().join(name);
        std::fs::create_dir(&part)?;
        let part_ask = EventsAsk {
            positions: &positions,
            ..*ask
        };
        let part_watch = Watch {
            cancel: watch.cancel,
            done: &|n| (watch.done)(n_done + n),
        };
        let file = part.join(format!("events.{}", ask.form.name()));
        n_done += written(&file, |out| {
            write_events(history, &part_ask, out, part_watch)
        })?;
    }
    folder.finish()?;
    Ok(n_done)
}

fn export_sqlite(
    history: &History,
    ask: &EventsAsk<'_>,
    path: &Path,
    watch: Watch<'_>,
) -> Result<u64, Error> {
    let file = WholeFile::begin(path)?;
    let n_done = fill_sqlite(history, ask, file.path(), watch)?;
    file.finish()?;
    Ok(n_done)
}

/// Fills an empty file with a database of events.
pub fn fill_sqlite(
    history: &History,
    ask: &EventsAsk<'_>,
    path: &Path,
    watch: Watch<'_>,
) -> Result<u64, Error> {
    let rows = SqliteRows::begin(path, &event_columns(), ask.about)?;
    let n_done = each_row(history, ask, watch, |row| rows.row(row))?;
    rows.finish()?;
    Ok(n_done)
}

/// Writes events into anything that takes bytes, in every form but SQLite, and says how many.
pub fn write_events(
    history: &History,
    ask: &EventsAsk<'_>,
    out: impl Write + Send,
    watch: Watch<'_>,
) -> Result<u64, Error> {
    match ask.form {
        Form::JsonLines => write_lines(history, ask, out, watch),
        Form::Csv => {
            let mut rows = CsvRows::begin(out, &event_columns(), ask.zone)?;
            let n_done = each_row(history, ask, watch, |row| rows.row(row))?;
            rows.finish()?;
            Ok(n_done)
        }
        Form::Parquet => {
            let mut rows = ParquetRows::begin(out, &event_columns(), ask.about)?;
            let n_done = each_row(history, ask, watch, |row| rows.row(row))?;
            rows.finish()?;
            Ok(n_done)
        }
        Form::Sqlite => Err(Error::Form(
            "a SQLite database is not written as a row of bytes".to_owned(),
        )),
    }
}

fn write_lines(
    history: &History,
    ask: &EventsAsk<'_>,
    mut out: impl Write,
    watch: Watch<'_>,
) -> Result<u64, Error> {
    let mut line = String::new();
    let n_done = each_event(history, ask, watch, |position, event| {
        line.clear();
        write_exchange_line(&history.log, position, &event, Shown::Presented, &mut line);
        Ok(out.write_all(line.as_bytes())?)
    })?;
    out.flush()?;
    Ok(n_done)
}

/// Reads events in full and hands each over as a row of [`event_columns`].
fn each_row(
    history: &History,
    ask: &EventsAsk<'_>,
    watch: Watch<'_>,
    mut each: impl FnMut(&[Value<'_>]) -> Result<(), Error>,
) -> Result<u64, Error> {
    let nothing = EventDetail::default();
    each_event(history, ask, watch, |position, event| {
        let (detail, error) = match &event {
            Ok(detail) => (detail, None),
            Err(error) => (&nothing, Some(error.0.as_str())),
        };
        each(&event_row(&history.log, position, detail, error))
    })
}

/// Reads events in full, in order, and hands each over; says how many there were.
fn each_event(
    history: &History,
    ask: &EventsAsk<'_>,
    watch: Watch<'_>,
    mut each: impl FnMut(Position, Result<EventDetail, ReadError>) -> Result<(), Error>,
) -> Result<u64, Error> {
    let mut n_done = 0;
    for page in ask.positions.chunks(PAGE) {
        let places: Vec<Place> = page
            .iter()
            .map(|at| history.log.place(Position(*at)))
            .collect();
        let mut so_far = Ok(());
        history
            .reader
            .read(&places, Want::Presented, &mut |n, mut event| {
                if let (Some(mask), Ok(detail)) = (ask.mask, &mut event) {
                    mask(detail);
                }
                so_far = if (watch.cancel)() {
                    Err(Error::Stopped)
                } else {
                    each(Position(page.get(n).copied().unwrap_or_default()), event)
                };
                so_far.is_ok()
            });
        so_far?;
        n_done += page.len() as u64;
        (watch.done)(n_done);
    }
    Ok(n_done)
}
