//! Object-centric logs (OCEL 2.0) in SQLite: each type of events has a table of its own, whose name
//! stands in another one. They are gathered into a table of a private database, which a format reads.

use std::path::Path;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, Row, params};

use super::quoted;
use crate::event::json::quote;
use crate::source::error::Error;
use crate::source::progress::Progress;

/// The most types of events.
const MAX_TYPES: usize = 10_000;
/// After how many rows the wish to stop is looked at.
const ROWS_BETWEEN_LOOKS: u64 = 10_000;

/// Whether a database is such a log.
pub(super) fn is_ocel(connection: &Connection) -> bool {
    [
        "SELECT ocel_id, ocel_type FROM event LIMIT 0",
        "SELECT ocel_type, ocel_type_map FROM event_map_type LIMIT 0",
        "SELECT ocel_event_id, ocel_object_id, ocel_qualifier FROM event_object LIMIT 0",
    ]
    .iter()
    .all(|sql| connection.prepare(sql).is_ok())
}

/// Gathers the events in a new database: those of all types, by time, each with its object.
pub(super) fn gather(from: &Connection, path: &Path, progress: &Progress) -> Result<(), Error> {
    let to = Connection::open(path)?;
    to.execute_batch(
        "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; BEGIN;
         CREATE TABLE own_event(id, type, ord INTEGER PRIMARY KEY);
         CREATE TABLE own_detail(id, time, attributes);
         CREATE TABLE own_object(event, object, qualifier, ord INTEGER PRIMARY KEY);",
    )?;
    copy(
        from,
        "SELECT ocel_id, ocel_type FROM event",
        progress,
        &mut |row| {
            to.prepare_cached("INSERT INTO own_event(id, type) VALUES (?, ?)")?
                .execute(params![kept(row, 0)?, kept(row, 1)?])
        },
    )?;
    let objects = "SELECT ocel_event_id, ocel_object_id, ocel_qualifier FROM event_object";
    copy(from, objects, progress, &mut |row| {
        to.prepare_cached("INSERT INTO own_object(event, object, qualifier) VALUES (?, ?, ?)")?
            .execute(params![kept(row, 0)?, kept(row, 1)?, kept(row, 2)?])
    })?;
    for table in tables(from)? {
        let sql = format!("SELECT * FROM {}", quoted(&table));
        if from.prepare(&sql).is_err() {
            // A type without events may have no table.
            continue;
        }
        copy(from, &sql, progress, &mut |row| detail(&to, row))?;
    }
    to.execute_batch(
        "CREATE INDEX own_detail_id ON own_detail(id);
         CREATE INDEX own_object_event ON own_object(event);
         CREATE TABLE ocel_log AS
           SELECT (SELECT object FROM own_object WHERE event = e.id
                   ORDER BY qualifier IS 'subject' DESC, ord LIMIT 1) AS object,
                  e.id AS id, e.type AS type, d.time AS time, d.attributes AS attributes, e.ord AS ocel_rowid
           FROM own_event e LEFT JOIN own_detail d ON d.id = e.id
           ORDER BY d.time, e.ord;
         DROP TABLE own_event; DROP TABLE own_detail; DROP TABLE own_object; COMMIT",
    )?;
    to.close().map_err(|(_, error)| error.into())
}

/// A value as it stands in a row.
fn kept<'r>(row: &'r Row<'_>, at: usize) -> rusqlite::Result<ToSqlOutput<'r>> {
    row.get_ref(at).map(ToSqlOutput::Borrowed)
}

/// The tables of the types of events.
fn tables(from: &Connection) -> Result<Vec<String>, Error> {
    let mut statement = from.prepare("SELECT DISTINCT ocel_type_map FROM event_map_type")?;
    let names = statement.query_map([], |row| {
        Ok(row
            .get_ref(0)?
            .as_str()
            .map(|map| format!("event_{map}"))
            .ok())
    })?;
    let mut tables = Vec::new();
    for name in names.take(MAX_TYPES) {
        tables.extend(name?);
    }
    Ok(tables)
}

/// Hands over the rows of a query.
fn copy(
    from: &Connection,
    sql: &str,
    progress: &Progress,
    each: &mut dyn FnMut(&Row<'_>) -> rusqlite::Result<usize>,
) -> Result<(), Error> {
    let mut statement = from.prepare(sql)?;
    let mut rows = statement.query([])?;
    let mut n_rows = 0_u64;
    while let Some(row) = rows.next()? {
        each(row)?;
        n_rows += 1;
        if n_rows.is_multiple_of(ROWS_BETWEEN_LOOKS) && progress.is_cancelled() {
            return Err(Error::Cancelled);
        }
    }
    Ok(())
}

/// Keeps an event's time and its attributes, as an object of those that hold something.
fn detail(to: &Connection, row: &Row<'_>) -> rusqlite::Result<usize> {
    let names = row.as_ref();
    let (mut id, mut time) = (ValueRef::Null, ValueRef::Null);
    let mut attributes = String::from("{");
    for at in 0..names.column_count() {
        let (name, value) = (names.column_name(at)?, row.get_ref(at)?);
        match name {
            "ocel_id" => id = value,
            "ocel_time" => time = value,
            // A library repeats the type so.
            "ocel:activity" => {}
            _ => add(name, value, &mut attributes),
        }
    }
    attributes.push('}');
    to.prepare_cached("INSERT INTO own_detail VALUES (?, ?, ?)")?
        .execute(params![
            ToSqlOutput::Borrowed(id),
            ToSqlOutput::Borrowed(time),
            attributes
        ])
}

fn add(name: &str, value: ValueRef<'_>, out: &mut String) {
    let text = match value {
        ValueRef::Integer(number) => number.to_string(),
        ValueRef::Real(number) if number.is_finite() => format!("{number:?}"),
        ValueRef::Null | ValueRef::Real(_) => return,
        ValueRef::Text(text) | ValueRef::Blob(text) => {
            let mut quoted = String::new();
            quote(&String::from_utf8_lossy(text), &mut quoted);
            quoted
        }
    };
    if out.len() > 1 {
        out.push(',');
    }
    quote(name, out);
    out.push(':');
    out.push_str(&text);
}
