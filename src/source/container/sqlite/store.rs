//! An opened database as a container: which tables hold the events, and by which format.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::Connection;
use rusqlite::types::{Value, ValueRef};

use super::asked_format;
use super::beside;
use super::connect;
use super::find::guess_events;
use super::later;
use super::part::{Part, parts_of};
use super::reader::RowReader;
use super::scan;
use super::schema::Schema;
use super::shared::drop_needless_qualifiers;
use super::side::StorePlace;
use crate::event::{Consumer, EventReader, Problems, Severity};
use crate::source::OpenOptions;
use crate::source::cell::Cell;
use crate::source::container::note_changes;
use crate::source::container::parts::PartsReader;
use crate::source::container::{About, Container, Item, Later, PartAbout, Sink, SnapshotRow};
use crate::source::error::Error;
use crate::source::evidence::FoundFile;
use crate::source::format::{ContainerKind, Role, StoreFormat};
use crate::source::formats::{fits, matching};
use crate::source::progress::Progress;

/// The most tables that are read as one history.
const MAX_PARTS: usize = 1024;

/// An opened database.
pub(super) struct SqliteStore {
    connection: Arc<Mutex<Connection>>,
    /// `None` for a database that is only in memory.
    place: Option<StorePlace>,
    about: About,
    parts: Vec<Part>,
    /// After which row id somebody else reads.
    later: Option<i64>,
}

/// Finds the events in a database of its own connection.
pub(super) fn open(
    connection: Connection,
    options: &OpenOptions,
    opened: String,
    files: Vec<FoundFile>,
    problems: Problems,
) -> Result<SqliteStore, Error> {
    open_shared(
        Arc::new(Mutex::new(connection)),
        options,
        opened,
        files,
        problems,
    )
}

/// As [`open`], with a connection that the reader shares.
pub(super) fn open_shared(
    connection: Arc<Mutex<Connection>>,
    options: &OpenOptions,
    opened: String,
    files: Vec<FoundFile>,
    mut problems: Problems,
) -> Result<SqliteStore, Error> {
    let (mut parts, guess) = {
        let connection = lock(&connection);
        let schema = Schema::read(&connection)?;
        for name in &schema.virtual_tables {
            let message = "virtual tables need code of their own and are not read";
            problems.add("virtual-table", Severity::Info, name.clone(), message);
        }
        find_parts(&connection, &schema, options, &mut problems)?
    };
    if let Some(first) = parts.get(MAX_PARTS) {
        let message = format!("only the first {MAX_PARTS} tables with events are read");
        problems.add(
            "too-many-tables",
            Severity::Warning,
            first.table.name.clone(),
            message,
        );
        parts.truncate(MAX_PARTS);
    }
    let about = About {
        parts: parts.iter().map(about_part).collect(),
        guess,
        container: "sqlite".to_owned(),
        opened,
        files,
        problems,
    };
    Ok(SqliteStore {
        connection,
        place: None,
        about,
        parts,
        later: None,
    })
}

pub(super) fn about_part(part: &Part) -> PartAbout {
    PartAbout {
        format: part.format.clone(),
        names: part.names(),
        needs_names: false,
        file: 0,
    }
}

impl SqliteStore {
    /// The same, knowing where its file is, so that readers get connections of their own.
    pub(super) fn with_place(mut self, place: StorePlace) -> Self {
        self.place = Some(place);
        self
    }

    /// The same, its rows in the order of their positions where the format knows such: those of a dump
    /// lie as they lay in the database's files.
    pub(super) fn by_positions(mut self) -> Self {
        let formats = self.about.parts.iter_mut().map(|part| &mut part.format);
        for format in formats.chain(self.parts.iter_mut().map(|part| &mut part.format)) {
            let first = format.fields(Role::Position).first();
            format.order_by_position |= first.is_some_and(|field| field.plain().is_some());
        }
        self
    }
}

/// The connection; a panic of another thread does not make it worse.
pub(super) fn lock(connection: &Mutex<Connection>) -> MutexGuard<'_, Connection> {
    connection.lock().unwrap_or_else(PoisonError::into_inner)
}

type FoundParts = (Vec<Part>, Option<Vec<String>>);

pub(super) fn find_parts(
    connection: &Connection,
    schema: &Schema,
    options: &OpenOptions,
    problems: &mut Problems,
) -> Result<FoundParts, Error> {
    let (mut formats, reasons) = match asked_format(options)? {
        Some(format) if format.container == ContainerKind::Sqlite && fits(format, schema) => {
            (vec![format.clone()], None)
        }
        Some(format) => {
            let why = "its tables are others".to_owned();
            return Err(Error::FormatMismatch(format.id.clone(), why));
        }
        None => match matching(ContainerKind::Sqlite, schema) {
            Some(format) if reads_asked_table(format, options) => (vec![format.clone()], None),
            _ => guess_events(connection, schema, options, problems)?,
        },
    };
    let mut parts = Vec::new();
    let schemas = options.load_schemas()?;
    for format in &mut formats {
        if let Some(mapping) = &options.mapping {
            format.apply(mapping);
        }
        format.schemas.clone_from(&schemas);
        parts.extend(parts_of(format, schema)?);
    }
    for part in &mut parts {
        drop_needless_qualifiers(connection, part);
    }
    Ok((parts, reasons))
}

/// Whether a format reads the table that a mapping names, if it names one.
fn reads_asked_table(format: &StoreFormat, options: &OpenOptions) -> bool {
    let asked = options
        .mapping
        .as_ref()
        .and_then(|mapping| mapping.table.as_deref());
    asked.is_none_or(|table| {
        crate::source::layout::NamePattern(&format.table)
            .captured(table)
            .is_some()
    })
}

/// A value of SQLite as a cell.
pub(super) fn cell_of(value: ValueRef<'_>) -> Cell<'_> {
    match value {
        ValueRef::Null => Cell::Null,
        ValueRef::Integer(number) => Cell::Int(number),
        ValueRef::Real(number) => Cell::Real(number),
        ValueRef::Text(bytes) => Cell::Text(bytes),
        ValueRef::Blob(bytes) => Cell::Blob(bytes),
    }
}

/// A value of SQLite to be bound again.
pub(super) fn owned(value: ValueRef<'_>) -> Value {
    Value::try_from(value).unwrap_or(Value::Null)
}

impl Container for SqliteStore {
    fn about(&mut self) -> &mut About {
        &mut self.about
    }

    fn scan(&mut self, progress: &Arc<Progress>, sink: &mut Sink<'_>) -> Result<u64, Error> {
        let connection = lock(&self.connection);
        let mut n_records = 0;
        for (part, number) in self.parts.iter().zip(0..) {
            if sink(Item::Part(number)).is_break() {
                return Err(Error::Cancelled);
            }
            let later = self.later.take();
            n_records += scan::scan(&connection, (part, number), later, progress, sink)?;
        }
        Ok(n_records)
    }

    fn later(&mut self, at_least: u64) -> Option<Later> {
        let (Some(place), [part]) = (&self.place, self.parts.as_slice()) else {
            return None;
        };
        if self.about.files.first()?.bytes < at_least {
            return None;
        }
        let middle = later::middle(&lock(&self.connection), part)?;
        self.later = Some(middle);
        Some(later::later(place.clone(), part.clone(), middle))
    }

    fn reader(&self) -> Result<Arc<dyn EventReader>, Error> {
        let place = self.place.clone().map(StorePlace::rolled_back);
        let connection = match &place {
            Some(place) => {
                let connection = connect::open_read_only(place, &Arc::default())?;
                Arc::new(Mutex::new(connection))
            }
            None => Arc::clone(&self.connection),
        };
        let reader = |(number, part): (usize, &Part)| -> Arc<dyn EventReader> {
            Arc::new(RowReader {
                is_first: number == 0,
                connection: Arc::clone(&connection),
                part: part.clone(),
                names: part.names(),
                place: place.clone(),
            })
        };
        Ok(PartsReader::of(
            self.parts.iter().enumerate().map(reader).collect(),
        ))
    }

    fn snapshots(&mut self, each: &mut dyn FnMut(SnapshotRow<'_>)) -> Result<u64, Error> {
        beside::snapshots(&lock(&self.connection), &self.parts, each)
    }

    fn consumers(&mut self, problems: &mut Problems) -> Vec<Consumer> {
        beside::consumers(&lock(&self.connection), &self.parts, problems)
    }

    fn look_again(&mut self, problems: &mut Problems) {
        note_changes(&self.about.files, problems);
    }
}
