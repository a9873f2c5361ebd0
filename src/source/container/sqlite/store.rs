//! An opened database as a container: which table holds the events, and by which format.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use rusqlite::Connection;
use rusqlite::types::{Value, ValueRef};

use super::asked_format;
use super::connect;
use super::find::guess_events;
use super::reader::{Keys, RowReader};
use super::scan::{self, RowKey};
use super::schema::{Schema, Table};
use super::side::StorePlace;
use crate::event::{EventReader, Problems, Severity};
use crate::source::OpenOptions;
use crate::source::cell::Cell;
use crate::source::container::{About, Container, PlaceNames, Sink, SnapshotRow};
use crate::source::error::Error;
use crate::source::evidence::FoundFile;
use crate::source::format::{ContainerKind, Role, StoreFormat};
use crate::source::formats::{fits, matching};
use crate::source::progress::Progress;

/// An opened database.
pub(super) struct SqliteStore {
    connection: Arc<Mutex<Connection>>,
    /// `None` for a database that is only in memory.
    place: Option<StorePlace>,
    about: About,
    key: RowKey,
    keys: Keys,
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
    let found = {
        let connection = lock(&connection);
        let schema = Schema::read(&connection)?;
        for name in &schema.virtual_tables {
            let message = "virtual tables need code of their own and are not read";
            problems.add("virtual-table", Severity::Info, name.clone(), message);
        }
        find_events(&connection, &schema, options, &mut problems)?
    };
    let (format, guess, table) = found;
    let key = RowKey::of(&table)?;
    let word = if matches!(key, RowKey::Primary(_)) {
        "row"
    } else {
        "rowid"
    };
    let names = PlaceNames::Row(table.name.clone(), word);
    let container = "sqlite".to_owned();
    let about = About {
        format,
        guess,
        container,
        opened,
        files,
        problems,
        names,
        needs_names: false,
    };
    Ok(SqliteStore {
        connection,
        place: None,
        about,
        key,
        keys: Arc::new(RwLock::default()),
    })
}

impl SqliteStore {
    /// The same, knowing where its file is, so that readers get connections of their own.
    pub(super) fn with_place(mut self, place: StorePlace) -> Self {
        self.place = Some(place);
        self
    }
}

/// The connection; a panic of another thread does not make it worse.
pub(super) fn lock(connection: &Mutex<Connection>) -> MutexGuard<'_, Connection> {
    connection.lock().unwrap_or_else(PoisonError::into_inner)
}

type FoundEvents = (StoreFormat, Option<Vec<String>>, Table);

/// Whether a format reads the table that the user names, where one is named.
fn reads(format: &StoreFormat, options: &OpenOptions) -> bool {
    let asked = options
        .mapping
        .as_ref()
        .and_then(|mapping| mapping.table.as_ref());
    asked.is_none_or(|name| name.eq_ignore_ascii_case(&format.table))
}

fn find_events(
    connection: &Connection,
    schema: &Schema,
    options: &OpenOptions,
    problems: &mut Problems,
) -> Result<FoundEvents, Error> {
    let (mut format, reasons) = match asked_format(options)? {
        Some(format) if format.container == ContainerKind::Sqlite && fits(format, schema) => {
            (format.clone(), None)
        }
        Some(format) => {
            let why = "its tables are others".to_owned();
            return Err(Error::FormatMismatch(format.id.clone(), why));
        }
        None => {
            match matching(ContainerKind::Sqlite, schema).filter(|format| reads(format, options)) {
                Some(format) => (format.clone(), None),
                None => guess_events(connection, schema, options, problems)?,
            }
        }
    };
    if let Some(mapping) = &options.mapping {
        format.apply(mapping);
    }
    let table = schema
        .table(&format.table)
        .ok_or_else(|| Error::NoEvents(format!("there is no table \"{}\"", format.table)))?;
    drop_absent(&mut format, table)?;
    Ok((format, reasons, table.clone()))
}

/// Leaves out what the table lacks; a stream and a type there must be.
fn drop_absent(format: &mut StoreFormat, table: &Table) -> Result<(), Error> {
    for fields in format.roles.values_mut() {
        fields.0.retain(|field| table.has(&field.column));
    }
    format.roles.retain(|_, fields| !fields.0.is_empty());
    for role in [Role::Stream, Role::Type] {
        if format.fields(role).is_empty() {
            let message = format!(
                "the table \"{}\" has no column for the {}",
                table.name,
                role.name()
            );
            return Err(Error::NoEvents(message));
        }
    }
    Ok(())
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
        scan::scan(
            &connection,
            &self.about.format,
            &self.key,
            &self.keys,
            progress,
            sink,
        )
    }

    fn reader(&self) -> Result<Arc<dyn EventReader>, Error> {
        let connection = match &self.place {
            Some(place) => {
                let mut place = place.clone();
                place.rolls_back = false;
                let connection = connect::open_read_only(&place, &Arc::default())?;
                Arc::new(Mutex::new(connection))
            }
            None => Arc::clone(&self.connection),
        };
        Ok(Arc::new(RowReader {
            connection,
            format: self.about.format.clone(),
            key: self.key.clone(),
            keys: Arc::clone(&self.keys),
            names: self.about.names.clone(),
            _copy: self.place.as_ref().and_then(|place| place.copy.clone()),
        }))
    }

    fn snapshots(&mut self, each: &mut dyn FnMut(SnapshotRow<'_>)) -> Result<u64, Error> {
        let connection = lock(&self.connection);
        let schema = Schema::read(&connection)?;
        let mut n_snapshots = 0;
        for snapshots in &self.about.format.snapshots {
            if schema.table(&snapshots.table).is_some() {
                n_snapshots += scan::snapshots(&connection, snapshots, each)?;
            }
        }
        Ok(n_snapshots)
    }

    fn look_again(&mut self, problems: &mut Problems) {
        for file in &self.about.files {
            let Some(path) = &file.path else { continue };
            // SQLite's shared memory of a live writer changes all the time and holds no events.
            if !file.name.ends_with("-shm") && FoundFile::look_at(path).ok().as_ref() != Some(file)
            {
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
}
