//! The tables of a store that hold its events, each with the format that reads it.

use std::sync::{Arc, RwLock};

use super::quoted;
use super::reader::Keys;
use super::schema::{Schema, Table};
use crate::source::container::PlaceNames;
use crate::source::error::Error;
use crate::source::field::Field;
use crate::source::format::{Fields, Role, StoreFormat};
use crate::source::layout::{NamePattern, category_of_table};

/// A table with events.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) format: StoreFormat,
    pub(super) table: Table,
    pub(super) key: RowKey,
    pub(super) keys: Keys,
    /// Names of joined tables of which several rows may fit.
    pub(super) picks: Vec<String>,
}

/// How a row is found again.
#[derive(Clone, Debug)]
pub(super) enum RowKey {
    /// By its row id, under this (quoted) name.
    RowId(String),
    /// By its rank in the order of the primary key, whose (quoted) columns these are.
    Primary(Vec<String>),
}

impl RowKey {
    fn of(table: &Table) -> Result<Self, Error> {
        if let Some(name) = table.rowid_name() {
            return Ok(Self::RowId(name.to_owned()));
        }
        if let Some(alias) = table.rowid_alias() {
            return Ok(Self::RowId(quoted(alias)));
        }
        let keys = table.primary_key();
        if keys.is_empty() {
            return Err(Error::NoEvents(format!(
                "the rows of \"{}\" cannot be told apart",
                table.name
            )));
        }
        Ok(Self::Primary(keys.iter().map(|key| quoted(key)).collect()))
    }

    /// How many values find a row.
    pub(super) fn len(&self) -> usize {
        match self {
            Self::RowId(_) => 1,
            Self::Primary(keys) => keys.len(),
        }
    }
}

impl Part {
    /// How its rows are called.
    pub(super) fn names(&self) -> PlaceNames {
        let word = match self.key {
            RowKey::Primary(_) => "row",
            RowKey::RowId(_) => "rowid",
        };
        PlaceNames::Row(self.table.name.clone(), word)
    }
}

/// The tables that a format reads in this database, by name.
pub(super) fn parts_of(format: &StoreFormat, schema: &Schema) -> Result<Vec<Part>, Error> {
    let pattern = NamePattern(&format.table);
    let fits = |table: &&Table| {
        let asked = format
            .signature
            .iter()
            .filter(|signature| signature.table.eq_ignore_ascii_case(&format.table));
        pattern.captured(&table.name).is_some()
            && asked
                .flat_map(|signature| &signature.columns)
                .all(|name| table.has(name))
    };
    let tables: Vec<&Table> = schema.tables.iter().filter(fits).collect();
    if tables.is_empty() {
        let message = format!("there is no table \"{}\"", format.table);
        return Err(Error::NoEvents(message));
    }
    tables
        .into_iter()
        .map(|table| part(format, table, schema))
        .collect()
}

fn part(format: &StoreFormat, table: &Table, schema: &Schema) -> Result<Part, Error> {
    let captured = NamePattern(&format.table)
        .captured(&table.name)
        .unwrap_or_default();
    let mut format = format.clone();
    let fill = |name: &mut String| *name = NamePattern(name).filled(captured);
    format.table.clone_from(&table.name);
    format
        .snapshots
        .iter_mut()
        .for_each(|one| fill(&mut one.table));
    format
        .consumers
        .iter_mut()
        .for_each(|one| fill(&mut one.table));
    format
        .join
        .iter_mut()
        .for_each(|join| fill(&mut join.table));
    if format.category_is_table {
        let category = Field::text(category_of_table(&table.name));
        format.roles.insert(Role::Category, Fields(vec![category]));
    }
    drop_absent(&mut format, table, schema)?;
    let picks = format
        .join
        .iter()
        .filter(|join| !is_unique(join, schema))
        .map(|join| join.name().to_owned())
        .collect();
    Ok(Part {
        key: RowKey::of(table)?,
        keys: Arc::new(RwLock::default()),
        table: table.clone(),
        picks,
        format,
    })
}

/// Whether at most one row of a joined table fits an event, by what the table itself says.
fn is_unique(join: &crate::source::layout::Join, schema: &Schema) -> bool {
    let Some(table) = schema.table(&join.table) else {
        return true;
    };
    join.skip_prefix.is_empty()
        && join.on.keys().any(|name| {
            let same =
                |column: &&super::schema::TableColumn| column.name.eq_ignore_ascii_case(name);
            table
                .columns
                .iter()
                .find(same)
                .is_some_and(|column| column.is_unique)
        })
}

/// Leaves out what the tables lack; a stream and a type there must be.
fn drop_absent(format: &mut StoreFormat, table: &Table, schema: &Schema) -> Result<(), Error> {
    format
        .join
        .retain(|join| schema.table(&join.table).is_some());
    let joins = format.join.clone();
    let items = format.items.is_some();
    let is_there = |name: &str| {
        table.has(name)
            || items && matches!(name, "item" | "item_index")
            || joins.iter().any(|join| {
                let column = name
                    .strip_prefix(join.name())
                    .and_then(|rest| rest.strip_prefix('.'));
                let joined = schema.table(&join.table);
                column
                    .zip(joined)
                    .is_some_and(|(column, table)| table.has(column))
            })
    };
    for fields in format.roles.values_mut() {
        fields.0.retain(|field| field.columns().all(&is_there));
    }
    format.roles.retain(|_, fields| !fields.0.is_empty());
    format.qualify.retain(|one| is_there(&one.column));
    if let Some(rest) = &mut format.rest {
        rest.data.retain(|name| is_there(name));
        rest.metadata.retain(|name| is_there(name));
    }
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
