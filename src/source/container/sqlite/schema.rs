//! What tables a database has, asked of SQLite itself and never of the text of its schema.

use std::collections::BTreeSet;

use rusqlite::Connection;

use super::quoted;
use crate::source::error::Error;
use crate::source::format::Signature;
use crate::source::formats::Shape;
use crate::source::layout::NamePattern;

/// A table that rows can be read from.
#[derive(Clone, Debug)]
pub(super) struct Table {
    pub(super) name: String,
    pub(super) columns: Vec<TableColumn>,
    pub(super) without_rowid: bool,
}

/// A column of a table.
#[derive(Clone, Debug)]
pub(super) struct TableColumn {
    pub(super) name: String,
    pub(super) declared: String,
    /// Its place in the primary key, from 1; 0 for none.
    pub(super) key: i64,
    pub(super) is_unique: bool,
    /// Whether it is computed from others.
    pub(super) is_generated: bool,
}

impl Table {
    /// The names of the columns that are stored and not computed.
    pub(super) fn own_columns(&self) -> impl Iterator<Item = &str> {
        let own = self.columns.iter().filter(|column| !column.is_generated);
        own.map(|column| column.name.as_str())
    }

    /// Whether it has a column of that name, compared as SQLite does.
    pub(super) fn has(&self, name: &str) -> bool {
        self.columns
            .iter()
            .any(|column| column.name.eq_ignore_ascii_case(name))
    }

    /// The column that is another name for the row id.
    pub(super) fn rowid_alias(&self) -> Option<&str> {
        let mut keys = self.columns.iter().filter(|column| column.key > 0);
        let only = keys
            .next()
            .filter(|_| keys.next().is_none() && !self.without_rowid)?;
        only.declared
            .eq_ignore_ascii_case("INTEGER")
            .then_some(only.name.as_str())
    }

    /// A name of the row id that no column hides.
    pub(super) fn rowid_name(&self) -> Option<&'static str> {
        if self.without_rowid {
            return None;
        }
        ["rowid", "_rowid_", "oid"]
            .into_iter()
            .find(|name| !self.has(name))
    }

    /// The columns of the primary key in their order.
    pub(super) fn primary_key(&self) -> Vec<String> {
        let mut keys: Vec<&TableColumn> = self
            .columns
            .iter()
            .filter(|column| column.key > 0)
            .collect();
        keys.sort_by_key(|column| column.key);
        keys.into_iter().map(|column| column.name.clone()).collect()
    }
}

/// The schema as far as it matters here.
#[derive(Clone, Debug, Default)]
pub(super) struct Schema {
    pub(super) tables: Vec<Table>,
    /// Virtual tables: not read, for their modules are code.
    pub(super) virtual_tables: Vec<String>,
    /// Views: not read, for they may be endless.
    pub(super) views: Vec<String>,
}

impl Schema {
    pub(super) fn read(connection: &Connection) -> Result<Self, Error> {
        let mut schema = Self::default();
        let mut listed = connection
            .prepare("SELECT name, type, wr FROM pragma_table_list WHERE schema = 'main'")?;
        let mut rows = listed.query([])?;
        while let Some(row) = rows.next()? {
            let (name, kind): (String, String) = (row.get(0)?, row.get(1)?);
            if name.starts_with("sqlite_") {
                continue;
            }
            match kind.as_str() {
                "table" => {
                    let columns = columns(connection, &name)?;
                    schema.tables.push(Table {
                        name,
                        columns,
                        without_rowid: row.get(2)?,
                    });
                }
                "virtual" => schema.virtual_tables.push(name),
                "view" => schema.views.push(name),
                _ => {}
            }
        }
        schema.tables.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(schema)
    }

    /// The table of that name, compared as SQLite does.
    pub(super) fn table(&self, name: &str) -> Option<&Table> {
        self.tables
            .iter()
            .find(|table| table.name.eq_ignore_ascii_case(name))
    }
}

fn columns(connection: &Connection, table: &str) -> Result<Vec<TableColumn>, Error> {
    let unique = unique_columns(connection, table)?;
    let mut asked = connection.prepare(&format!("PRAGMA main.table_xinfo({})", quoted(table)))?;
    let mut rows = asked.query([])?;
    let mut columns = Vec::new();
    while let Some(row) = rows.next()? {
        let name: String = row.get(1)?;
        let is_unique = unique.contains(&name);
        columns.push(TableColumn {
            name,
            declared: row.get(2)?,
            key: row.get(5)?,
            is_unique,
            is_generated: row.get::<_, i64>(6)? != 0,
        });
    }
    let n_keys = columns.iter().filter(|column| column.key > 0).count();
    for column in &mut columns {
        column.is_unique |= n_keys == 1 && column.key > 0;
    }
    Ok(columns)
}

/// The columns that have a unique index to themselves.
fn unique_columns(connection: &Connection, table: &str) -> Result<BTreeSet<String>, Error> {
    let mut unique = BTreeSet::new();
    let mut asked = connection.prepare(&format!("PRAGMA main.index_list({})", quoted(table)))?;
    let indexes: Vec<(String, bool, bool)> = asked
        .query_map([], |row| Ok((row.get(1)?, row.get(2)?, row.get(4)?)))?
        .collect::<Result<_, _>>()?;
    for (index, is_unique, is_partial) in indexes {
        if !is_unique || is_partial {
            continue;
        }
        let mut asked =
            connection.prepare(&format!("PRAGMA main.index_info({})", quoted(&index)))?;
        let names: Vec<Option<String>> = asked
            .query_map([], |row| row.get(2))?
            .collect::<Result<_, _>>()?;
        if let [Some(only)] = names.as_slice() {
            unique.insert(only.clone());
        }
    }
    Ok(unique)
}

impl Shape for Schema {
    fn fits(&self, signature: &Signature) -> bool {
        let pattern = NamePattern(&signature.table);
        let mut tables = self.tables.iter();
        tables.any(|table| pattern.captured(&table.name).is_some() && has_columns(table, signature))
    }
}

/// Whether a table has the columns that a signature asks for and, where it says so, no others.
pub(super) fn has_columns(table: &Table, signature: &Signature) -> bool {
    let known = |name: &str| {
        let same = |other: &String| other.eq_ignore_ascii_case(name);
        signature
            .only
            .as_ref()
            .is_none_or(|only| only.iter().any(same) || signature.columns.iter().any(same))
    };
    signature.columns.iter().all(|name| table.has(name))
        && table.columns.iter().all(|column| known(&column.name))
}
