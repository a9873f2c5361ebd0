//! An opened database as a container: which table holds the events, and by which format.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};

use rusqlite::Connection;
use rusqlite::types::{Value, ValueRef};

use super::asked_format;
use super::connect;
use super::quoted;
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
use crate::source::format::{ContainerKind, Role, SnapshotTable, StoreFormat};
use crate::source::formats::{fits, matching};
use crate::source::guess::{Candidate, Column, Guess, Sampled, guess};
use crate::source::progress::Progress;
use crate::source::synonyms::{normalized, sureness};

/// How many rows of a table are looked at to find out what it holds.
const N_SAMPLES: usize = 200;

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
        None => match matching(ContainerKind::Sqlite, schema) {
            Some(format) => (format.clone(), None),
            None => guess_events(connection, schema, options, problems)?,
        },
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

fn guess_events(
    connection: &Connection,
    schema: &Schema,
    options: &OpenOptions,
    problems: &mut Problems,
) -> Result<(StoreFormat, Option<Vec<String>>), Error> {
    let mapping = options.mapping.as_ref();
    let asked_table = mapping.and_then(|mapping| mapping.table.as_deref());
    let maps = |role| mapping.is_some_and(|mapping| mapping.roles.contains_key(&role));
    let is_asked = |table: &&Table| match asked_table {
        Some(name) => table.name.eq_ignore_ascii_case(name),
        None => !table.name.to_ascii_lowercase().contains("snapshot"),
    };
    let mut guesses: Vec<Guess> = schema
        .tables
        .iter()
        .filter(is_asked)
        .map(|table| guess(ContainerKind::Sqlite, &candidate(connection, table)))
        .collect();
    // The surest first; of equal ones the one with most roles found, then by name.
    guesses.sort_by(|a, b| {
        b.confidence
            .total_cmp(&a.confidence)
            .then(b.format.roles.len().cmp(&a.format.roles.len()))
    });
    let has = |guess: &Guess, role| maps(role) || guess.format.roles.contains_key(&role);
    let plausible = |guess: &Guess| {
        guess.missing.is_empty()
            || mapping.is_some() && has(guess, Role::Stream) && has(guess, Role::Type)
    };
    let Some(at) = guesses.iter().position(plausible) else {
        return Err(refusal(schema, &guesses));
    };
    let best = guesses.swap_remove(at);
    for other in guesses
        .iter()
        .filter(|other| other.confidence > best.confidence * 0.7)
    {
        let message = format!(
            "this table looks like events too; only \"{}\" was read (name the table with a mapping to read this one)",
            best.format.table
        );
        problems.add(
            "other-table",
            Severity::Warning,
            other.format.table.clone(),
            message,
        );
    }
    let mut format = best.format;
    format.snapshots = schema
        .tables
        .iter()
        .filter_map(|table| snapshot_table(table, &format))
        .collect();
    Ok((format, Some(best.reasons)))
}

fn refusal(schema: &Schema, guesses: &[Guess]) -> Error {
    let Some(best) = guesses.first() else {
        let views = if schema.views.is_empty() {
            ""
        } else {
            "; views are not read, for they may be endless"
        };
        return Error::NoEvents(format!(
            "the database has no table that could hold events{views}"
        ));
    };
    let roles = best.format.mapping_line();
    Error::NoEvents(format!(
        "no table looks like stored events; the best guess is \"{}\" ({roles}), but no column there names {}",
        best.format.table,
        best.missing.join(" and ")
    ))
}

/// A table with samples of its first rows.
fn candidate(connection: &Connection, table: &Table) -> Candidate {
    let mut columns: Vec<Column> = table
        .columns
        .iter()
        .map(|column| Column {
            name: column.name.clone(),
            is_unique: column.is_unique,
            samples: Vec::new(),
        })
        .collect();
    let names: Vec<String> = columns.iter().map(|column| quoted(&column.name)).collect();
    let sql = format!(
        "SELECT {} FROM main.{} LIMIT {N_SAMPLES}",
        names.join(","),
        quoted(&table.name)
    );
    // What cannot be read here is reported when the rows are read.
    if let Ok(mut statement) = connection.prepare(&sql)
        && let Ok(mut rows) = statement.query([])
    {
        while let Ok(Some(row)) = rows.next() {
            for (at, column) in columns.iter_mut().enumerate() {
                let cell = row.get_ref(at).map_or(Cell::Null, cell_of);
                column.samples.push(Sampled::of(cell));
            }
        }
    }
    Candidate {
        table: table.name.clone(),
        columns,
    }
}

/// The table as one of saved states, where its name and columns say so.
fn snapshot_table(table: &Table, format: &StoreFormat) -> Option<SnapshotTable> {
    if !table.name.to_ascii_lowercase().contains("snapshot") {
        return None;
    }
    let best = |role: Role| {
        let sure = |name: &str| sureness(role, &normalized(name));
        let best = table
            .columns
            .iter()
            .max_by(|a, b| sure(&a.name).total_cmp(&sure(&b.name)))?;
        (sure(&best.name) > 0.0).then(|| best.name.clone())
    };
    let category = if format.keyed_by_category {
        best(Role::Category)
    } else {
        None
    };
    Some(SnapshotTable {
        table: table.name.clone(),
        stream: best(Role::Stream)?,
        category,
        version: best(Role::Version)?,
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
