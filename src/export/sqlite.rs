//! Events as a SQLite store of our own, which Annals reads back as the format `annals/sqlite`.
//!
//! ```sql
//! CREATE TABLE annals_event (position INTEGER PRIMARY KEY, store_position TEXT, stream TEXT NOT NULL, …);
//! CREATE TABLE annals_about (key TEXT PRIMARY KEY, value TEXT NOT NULL);
//! CREATE TABLE annals_expected (stream TEXT, category TEXT, version INTEGER, position INTEGER, rules TEXT, state TEXT);
//! ```
//!
//! The columns of `annals_event` are those of [`super::event_columns`]: times are RFC 3339 in UTC with
//! the digits of their source, payloads JSON as presented. `annals_about` says where the events came
//! from. `annals_expected` is only there where states go with the events.

use std::path::Path;

use rusqlite::types::{ToSqlOutput, Value as Owned, ValueRef};
use rusqlite::{CachedStatement, Connection, OpenFlags, ToSql};

use super::error::Error;
use super::value::{Column, Kind, Value};
use crate::event::Zone;

/// The table of events.
const TABLE: &str = "annals_event";

/// Writes events into a database that it alone has.
#[derive(Debug)]
pub(super) struct SqliteRows {
    connection: Connection,
    insert: String,
}

impl SqliteRows {
    /// Begins a database in an empty file. It takes no journal: the file is not the one with the name
    /// yet, and is thrown away where something goes wrong.
    pub(super) fn begin(
        path: &Path,
        columns: &[Column],
        about: &[(String, String)],
    ) -> Result<Self, Error> {
        let connection = Connection::open_with_flags(
            path,
            OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX,
        )?;
        connection.execute_batch(
            "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE;
             PRAGMA encoding = 'UTF-8'; BEGIN;
             CREATE TABLE annals_about (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;",
        )?;
        connection.execute_batch(&table(columns))?;
        for (key, value) in about {
            connection.execute("INSERT INTO annals_about VALUES (?1, ?2)", [key, value])?;
        }
        let marks = vec!["?"; columns.len()].join(",");
        Ok(Self {
            connection,
            insert: format!("INSERT INTO {TABLE} VALUES ({marks})"),
        })
    }

    /// Lets the database have so many pages at most, as a full disk would.
    #[cfg(test)]
    pub(super) fn limit(&self, n_pages: u32) -> Result<(), Error> {
        let pragma = format!("PRAGMA max_page_count = {n_pages}");
        let _n: i64 = self.connection.query_row(&pragma, [], |row| row.get(0))?;
        Ok(())
    }

    pub(super) fn row(&self, values: &[Value<'_>]) -> Result<(), Error> {
        let mut insert: CachedStatement<'_> = self.connection.prepare_cached(&self.insert)?;
        for (n, value) in values.iter().enumerate() {
            insert.raw_bind_parameter(n + 1, value)?;
        }
        insert.raw_execute()?;
        Ok(())
    }

    pub(super) fn finish(self) -> Result<(), Error> {
        self.connection.execute_batch(
            "CREATE INDEX annals_event_stream ON annals_event (stream, position); COMMIT;",
        )?;
        self.connection
            .close()
            .map_err(|(_connection, error)| error.into())
    }
}

/// The statement that makes the table.
fn table(columns: &[Column]) -> String {
    let columns: Vec<String> = columns
        .iter()
        .map(|column| {
            let kind = match column.kind {
                Kind::Whole | Kind::Flag => "INTEGER",
                Kind::Decimal(_) | Kind::Text | Kind::Names | Kind::Json | Kind::Time => "TEXT",
            };
            let more = match column.name.as_ref() {
                "position" => " PRIMARY KEY",
                "stream" | "type" => " NOT NULL",
                _ => "",
            };
            format!("{} {kind}{more}", column.name)
        })
        .collect();
    format!("CREATE TABLE {TABLE} ({})", columns.join(", "))
}

impl ToSql for Value<'_> {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(match self {
            Self::Missing => ToSqlOutput::Owned(Owned::Null),
            Self::Whole(number) => ToSqlOutput::Owned(Owned::Integer(*number)),
            Self::Flag(is_so) => ToSqlOutput::Owned(Owned::Integer(i64::from(*is_so))),
            Self::Number(text) | Self::Text(text) => {
                ToSqlOutput::Borrowed(ValueRef::Text(text.as_bytes()))
            }
            Self::Time(..) => {
                let text = self.written(Zone::Utc).unwrap_or_default();
                ToSqlOutput::Owned(Owned::Text(text.into_owned()))
            }
        })
    }
}

/// The state of a stream that the events of a store must lead to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StateExpected {
    /// The stream's name.
    pub stream: String,
    /// Its category.
    pub category: String,
    /// The version after which the state holds, where the stream has versions.
    pub version: Option<i64>,
    /// The position in the store that was written, from 0.
    pub position: u32,
    /// What the rules are called.
    pub rules: String,
    /// The state as JSON.
    pub state: String,
}

/// Adds states to a database that was just written, before it has its name.
pub fn add_expected(path: &Path, states: &[StateExpected]) -> Result<(), Error> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    connection.execute_batch(
        "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN;
         CREATE TABLE annals_expected (stream TEXT NOT NULL, category TEXT NOT NULL, version INTEGER,
           position INTEGER NOT NULL, rules TEXT NOT NULL, state TEXT NOT NULL);",
    )?;
    for one in states {
        connection.execute(
            "INSERT INTO annals_expected VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
            rusqlite::params![
                one.stream,
                one.category,
                one.version,
                one.position,
                one.rules,
                one.state
            ],
        )?;
    }
    connection.execute_batch("COMMIT")?;
    connection
        .close()
        .map_err(|(_connection, error)| error.into())
}

/// The states that a database says its events lead to; none where it has no such table.
pub fn read_expected(path: &Path) -> Result<Vec<StateExpected>, Error> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    let has_table: bool = connection.query_row(
        "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'annals_expected'",
        [],
        |row| row.get(0),
    )?;
    if !has_table {
        return Ok(Vec::new());
    }
    let mut statement = connection.prepare(
        "SELECT stream, category, version, position, rules, state FROM annals_expected LIMIT 1000",
    )?;
    let states = statement.query_map([], |row| {
        Ok(StateExpected {
            stream: row.get(0)?,
            category: row.get(1)?,
            version: row.get(2)?,
            position: row.get(3)?,
            rules: row.get(4)?,
            state: row.get(5)?,
        })
    })?;
    Ok(states.collect::<Result<_, _>>()?)
}

#[cfg(test)]
mod tests {
    use super::super::columns::event_columns;
    use super::*;

    #[test]
    fn a_database_that_finds_no_room_says_so_wherever_it_ends() {
        let folder = tempfile::tempdir().unwrap();
        let text = "x".repeat(3000);
        for n_pages in [5, 6, 7, 9, 17, 40, 90] {
            let path = folder.path().join(format!("{n_pages}.db"));
            std::fs::write(&path, "").unwrap();
            let rows = SqliteRows::begin(&path, &event_columns(), &[]).unwrap();
            rows.limit(n_pages).unwrap();
            let written = || -> Result<(), Error> {
                for position in 0..100 {
                    let mut row = vec![Value::Missing; event_columns().len()];
                    row[0] = Value::Whole(position);
                    row[2] = Value::Text("s".into());
                    row[5] = Value::Text("T".into());
                    row[12] = Value::Text(text.as_str().into());
                    rows.row(&row)?;
                }
                Ok(())
            };
            let ended = written().and_then(|()| rows.finish());
            assert!(matches!(ended, Err(Error::Full)), "{n_pages}: {ended:?}");
        }
    }
}
