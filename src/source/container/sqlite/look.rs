//! What a database holds, for the survey: its tables with samples of their rows, its views by name.

use rusqlite::Connection;

use super::find::candidate;
use super::quoted;
use super::schema::{Schema, Table};
use crate::source::error::Error;
use crate::source::format::ContainerKind;
use crate::source::guess::{Candidate, Column};
use crate::source::survey::{Looked, LookedTable, TableKind};

/// Tables with more rows are not counted.
const MAX_COUNTED: u32 = 1_000_000;

/// Looks at all tables, views and virtual tables.
pub(super) fn look(connection: &Connection) -> Result<Looked, Error> {
    let schema = Schema::read(connection)?;
    let mut tables: Vec<LookedTable> = schema
        .tables
        .iter()
        .map(|table| LookedTable {
            candidate: candidate(connection, table),
            kind: TableKind::Table,
            n_rows: count(connection, table),
            declared: table.columns.iter().map(|c| c.declared.clone()).collect(),
        })
        .collect();
    for (names, kind) in [
        (&schema.views, TableKind::View),
        (&schema.virtual_tables, TableKind::Virtual),
    ] {
        for name in names {
            tables.push(unread(connection, name, kind));
        }
    }
    tables.sort_by(|a, b| a.candidate.table.cmp(&b.candidate.table));
    Ok(Looked::new(ContainerKind::Sqlite, &schema, tables))
}

/// SQLite's own count; `None` where it takes long or the table cannot be read.
fn count(connection: &Connection, table: &Table) -> Option<u64> {
    let sql = format!(
        "SELECT count(*) FROM (SELECT 1 FROM main.{} LIMIT {})",
        quoted(&table.name),
        MAX_COUNTED + 1
    );
    let n_rows: u32 = connection.query_row(&sql, [], |row| row.get(0)).ok()?;
    (n_rows <= MAX_COUNTED).then_some(u64::from(n_rows))
}

/// A view or virtual table: its name, and the names of a view's columns where SQLite knows them.
fn unread(connection: &Connection, name: &str, kind: TableKind) -> LookedTable {
    let mut candidate = Candidate {
        table: name.to_owned(),
        ..Candidate::default()
    };
    let mut declared = Vec::new();
    // A virtual table's columns are known to its module only, which is code.
    let sql = format!("PRAGMA main.table_info({})", quoted(name));
    if kind == TableKind::View
        && let Ok(mut asked) = connection.prepare(&sql)
        && let Ok(mut rows) = asked.query([])
    {
        while let Ok(Some(row)) = rows.next() {
            candidate.columns.push(Column {
                name: row.get(1).unwrap_or_default(),
                ..Column::default()
            });
            declared.push(row.get(2).unwrap_or_default());
        }
    }
    LookedTable {
        candidate,
        kind,
        n_rows: None,
        declared,
    }
}
