//! Puts the rows of a dump into a SQLite database of ours.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ToSql, params_from_iter};

use super::parse::TableName;
use super::tokens::hex;
use crate::event::json::scan;
use crate::event::{Problems, Severity};
use crate::source::error::Error;

/// The most columns of a table; SQLite's own limit.
const MAX_COLUMNS: usize = 2000;
/// The most tables.
const MAX_TABLES: usize = 10_000;
/// How many rows are written before they are made fast.
const ROWS_AT_ONCE: u64 = 100_000;

/// A column as it was declared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Column {
    pub(super) name: String,
    /// The first word of its type; empty where it is not known.
    pub(super) kind: String,
}

/// A value of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Value {
    Null,
    Int(i64),
    Text(Vec<u8>),
    Blob(Vec<u8>),
}

impl ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Int(number) => ValueRef::Integer(*number),
            Self::Text(text) => ValueRef::Text(text),
            Self::Blob(bytes) => ValueRef::Blob(bytes),
        }))
    }
}

/// A table that is being filled.
#[derive(Debug, Default)]
struct Table {
    /// Its name in the database.
    name: String,
    columns: Vec<Column>,
    is_made: bool,
    keys: BTreeSet<Vec<String>>,
    n_rows: u64,
}

/// Fills a database.
pub(super) struct Loader<'p> {
    connection: Connection,
    tables: BTreeMap<TableName, Table>,
    /// The tables that are parts of others.
    parts: BTreeMap<TableName, TableName>,
    n_waiting: u64,
    problems: &'p mut Problems,
}

impl<'p> Loader<'p> {
    pub(super) fn new(path: &Path, problems: &'p mut Problems) -> Result<Self, Error> {
        let connection = Connection::open(path)?;
        connection.execute_batch(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; PRAGMA locking_mode=EXCLUSIVE; BEGIN",
        )?;
        connection.set_prepared_statement_cache_capacity(64);
        Ok(Self {
            connection,
            tables: BTreeMap::new(),
            parts: BTreeMap::new(),
            n_waiting: 0,
            problems,
        })
    }

    /// What was wrong so far.
    pub(super) fn problems(&mut self) -> &mut Problems {
        self.problems
    }

    /// A record that is left out.
    pub(super) fn lost(&mut self, kind: &'static str, table: &TableName, message: &str) {
        let rows = self.tables.get(table).map_or(0, |table| table.n_rows);
        let place = format!("{} row {}", table.name, rows + 1);
        self.problems.lose_of(kind, place, message.to_owned(), b"");
    }

    /// Something wrong with the dump.
    pub(super) fn broken(&mut self, message: &str) {
        self.problems.add(
            "cut-off-dump",
            Severity::Error,
            "end of the file",
            message.to_owned(),
        );
    }

    /// A table as it was declared.
    pub(super) fn table(
        &mut self,
        name: &TableName,
        columns: Vec<Column>,
        part_of: Option<TableName>,
        keys: Vec<Vec<String>>,
    ) -> Result<(), Error> {
        if let Some(of) = part_of {
            self.part(name.clone(), of);
            return Ok(());
        }
        let table = self.known(name)?;
        if !table.is_made {
            table.columns = columns;
            table.columns.truncate(MAX_COLUMNS);
        }
        table.keys.extend(keys);
        Ok(())
    }

    /// A table is a part of another: its rows are the other's.
    pub(super) fn part(&mut self, name: TableName, of: TableName) {
        if name != of && self.parts.len() < MAX_TABLES {
            self.parts.insert(name, of);
        }
    }

    /// Columns by which rows of a table are found.
    pub(super) fn key(&mut self, table: &TableName, columns: Vec<String>) {
        let root = self.root(table);
        if let Some(table) = self.tables.get_mut(&root) {
            table.keys.insert(columns);
        }
    }

    /// The table whose part a table is, through all parts of parts.
    fn root(&self, name: &TableName) -> TableName {
        let mut root = name;
        for _ in 0..16 {
            match self.parts.get(root) {
                Some(of) => root = of,
                None => break,
            }
        }
        root.clone()
    }

    fn known(&mut self, name: &TableName) -> Result<&mut Table, Error> {
        if !self.tables.contains_key(name) {
            if self.tables.len() >= MAX_TABLES {
                return Err(Error::TooMany(
                    "the dump makes more tables than can be read".to_owned(),
                ));
            }
            let lower = |name: &str| name.to_lowercase();
            let is_taken = |wanted: &str| {
                lower(wanted).starts_with("sqlite_")
                    || self
                        .tables
                        .values()
                        .any(|table| lower(&table.name) == lower(wanted))
            };
            let mut own = name.name.replace('\0', "");
            if own.is_empty() || is_taken(&own) {
                own = format!("{}.{own}", name.schema);
            }
            while is_taken(&own) {
                own.push('_');
            }
            let table = Table {
                name: own,
                ..Table::default()
            };
            self.tables.insert(name.clone(), table);
        }
        self.tables
            .get_mut(name)
            .ok_or_else(|| Error::TooMany("the dump's tables cannot be kept".to_owned()))
    }

    /// A row, of all columns where none are named.
    pub(super) fn row(
        &mut self,
        name: &TableName,
        columns: Option<&[String]>,
        values: Vec<Value>,
    ) -> Result<(), Error> {
        let root = self.root(name);
        self.known(&root)?;
        let Some(table) = self.tables.get_mut(&root) else {
            return Ok(());
        };
        if let Err(why) = fit(&self.connection, table, columns, values.len())? {
            self.lost("ragged-row", &root, &why);
            return Ok(());
        }
        let named: Vec<&Column> = match columns {
            Some(names) => names
                .iter()
                .filter_map(|name| table.columns.iter().find(|one| one.name == *name))
                .collect(),
            None => table.columns.iter().collect(),
        };
        let quoted: Vec<String> = named.iter().map(|one| identifier(&one.name)).collect();
        let sql = format!(
            "INSERT INTO {} ({}) VALUES ({})",
            identifier(&table.name),
            quoted.join(","),
            vec!["?"; quoted.len()].join(",")
        );
        let is_no_json = |(value, column): (&Value, &&Column)| {
            matches!(column.kind.as_str(), "json" | "jsonb")
                && matches!(value, Value::Text(text) if !scan::is_json(text))
        };
        if values.iter().zip(&named).any(is_no_json) {
            let why = "a column of JSON holds something else, which the database would not take";
            self.lost("not-a-row", &root, why);
            return Ok(());
        }
        let values: Vec<Value> = values
            .into_iter()
            .zip(&named)
            .map(|(value, column)| typed(value, &column.kind))
            .collect();
        let stored = self
            .connection
            .prepare_cached(&sql)
            .and_then(|mut statement| statement.execute(params_from_iter(values)));
        table.n_rows += 1;
        if let Err(error) = stored {
            if matches!(
                error.sqlite_error_code(),
                Some(rusqlite::ErrorCode::DiskFull | rusqlite::ErrorCode::SystemIoFailure)
            ) {
                return Err(error.into());
            }
            self.lost(
                "not-a-row",
                &root,
                &format!("the row cannot be kept: {error}"),
            );
        }
        self.n_waiting += 1;
        if self.n_waiting == ROWS_AT_ONCE {
            self.n_waiting = 0;
            self.connection.execute_batch("COMMIT; BEGIN")?;
        }
        Ok(())
    }

    /// Makes what keys the dump has, and closes the database.
    pub(super) fn finish(mut self) -> Result<(), Error> {
        // What is a part of another table holds nothing here.
        let parts = std::mem::take(&mut self.parts);
        self.tables.retain(|name, _| !parts.contains_key(name));
        for table in self.tables.values_mut() {
            if !table.is_made {
                make(&self.connection, table)?;
            }
            if table.keys.is_empty() {
                let ids = table.columns.iter().map(|column| column.name.clone());
                let ids = ids.filter(|name| name == "id" || name.ends_with("_id"));
                table.keys = ids.take(4).map(|name| vec![name]).collect();
            }
        }
        let mut number = 0;
        for table in self.tables.values() {
            let has = |name: &String| table.columns.iter().any(|column| column.name == *name);
            for key in table
                .keys
                .iter()
                .filter(|key| !key.is_empty() && key.iter().all(has))
                .take(8)
            {
                let columns: Vec<String> = key.iter().map(|name| identifier(name)).collect();
                number += 1;
                let sql = format!(
                    "CREATE INDEX \"annals_{number}\" ON {} ({})",
                    identifier(&table.name),
                    columns.join(",")
                );
                self.connection.execute_batch(&sql)?;
            }
        }
        self.connection.execute_batch("COMMIT")?;
        self.connection.close().map_err(|(_, error)| error.into())
    }
}

/// Makes the table where it is not there yet, with columns for what comes; the error says why the row
/// does not fit.
fn fit(
    connection: &Connection,
    table: &mut Table,
    columns: Option<&[String]>,
    n_values: usize,
) -> Result<Result<(), String>, Error> {
    let expected = match columns {
        Some(names) => names.len(),
        // Without any names, the first row says how many columns there are.
        None if table.columns.is_empty() => n_values,
        None => table.columns.len(),
    };
    if n_values != expected || n_values == 0 || n_values > MAX_COLUMNS {
        return Ok(Err(format!(
            "the row has {n_values} values, and there are {expected} columns"
        )));
    }
    let names: Vec<String> = match columns {
        Some(names) => names.to_vec(),
        None if table.columns.is_empty() => (1..=n_values).map(|n| format!("c{n}")).collect(),
        None => Vec::new(),
    };
    let mut seen = BTreeSet::new();
    if !names.iter().all(|name| seen.insert(name.to_lowercase())) {
        return Ok(Err("a column is named twice".to_owned()));
    }
    for name in names {
        if table.columns.iter().any(|column| column.name == name) {
            continue;
        }
        if table.columns.len() >= MAX_COLUMNS {
            return Ok(Err("the table has too many columns".to_owned()));
        }
        if table.is_made {
            connection.execute_batch(&format!(
                "ALTER TABLE {} ADD COLUMN {}",
                identifier(&table.name),
                identifier(&name)
            ))?;
        }
        table.columns.push(Column {
            name,
            kind: String::new(),
        });
    }
    if !table.is_made {
        make(connection, table)?;
    }
    Ok(Ok(()))
}

fn make(connection: &Connection, table: &mut Table) -> Result<(), Error> {
    table.is_made = true;
    let mut seen = BTreeSet::new();
    table
        .columns
        .retain(|column| !column.name.is_empty() && seen.insert(column.name.to_lowercase()));
    if table.columns.is_empty() {
        return Ok(());
    }
    let columns: Vec<String> = table
        .columns
        .iter()
        .map(|column| format!("{} {}", identifier(&column.name), affinity(&column.kind)))
        .collect();
    let sql = format!(
        "CREATE TABLE {} ({})",
        identifier(&table.name),
        columns.join(", ")
    );
    Ok(connection.execute_batch(&sql)?)
}

/// A type that changes nothing of the values, but says what they are meant to be.
fn affinity(kind: &str) -> &'static str {
    match kind {
        "bytea" | "blob" | "longblob" | "mediumblob" | "binary" | "varbinary" => "BLOB",
        _ => "",
    }
}

/// A value of a column as SQLite keeps such.
fn typed(value: Value, kind: &str) -> Value {
    let Value::Text(text) = value else {
        return value;
    };
    let as_text = || std::str::from_utf8(&text).ok();
    match kind {
        "bigint" | "integer" | "smallint" | "bigserial" | "serial" | "int" | "int4" | "int8"
        | "xid8" | "oid" => match as_text().and_then(|text| text.parse().ok()) {
            Some(number) => Value::Int(number),
            None => Value::Text(text),
        },
        // Without a declaration, whole numbers are known by how they are written.
        "" => match as_text().and_then(|text| text.parse::<i64>().ok()) {
            Some(number) if number.to_string().as_bytes() == text => Value::Int(number),
            _ => Value::Text(text),
        },
        "boolean" | "bool" => match text.as_slice() {
            b"t" | b"true" => Value::Int(1),
            b"f" | b"false" => Value::Int(0),
            _ => Value::Text(text),
        },
        "bytea" => match text.strip_prefix(b"\\x").and_then(hex) {
            Some(bytes) => Value::Blob(bytes),
            None => Value::Blob(escaped_bytes(&text)),
        },
        _ => Value::Text(text),
    }
}

/// Bytes in PostgreSQL's older form: printable ones as they are, others as a backslash and octal digits.
fn escaped_bytes(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut rest = text;
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first != b'\\' {
            out.push(*first);
            continue;
        }
        let octal = tail
            .get(..3)
            .and_then(|digits| std::str::from_utf8(digits).ok());
        if let Some(byte) = octal.and_then(|digits| u8::from_str_radix(digits, 8).ok()) {
            out.push(byte);
            rest = tail.get(3..).unwrap_or_default();
        } else {
            out.push(b'\\');
            rest = tail.strip_prefix(b"\\").unwrap_or(tail);
        }
    }
    out
}

/// An identifier as SQL.
fn identifier(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\"").replace('\0', ""))
}
