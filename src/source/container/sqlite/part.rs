//! The tables of a store that hold its events, each with the format that reads it.

use std::sync::{Arc, RwLock};

use super::query::constant;
use super::quoted;
use super::reader::Keys;
use super::schema::{Schema, Table, has_columns};
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
    /// The same for a table beside the events, so that the tables that the events join are joined to
    /// its rows too.
    pub(super) fn beside(&self, table: &Table) -> Self {
        Self {
            table: table.clone(),
            ..self.clone()
        }
    }

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
        let mut asked = format
            .signature
            .iter()
            .filter(|signature| signature.table.eq_ignore_ascii_case(&format.table));
        pattern.captured(&table.name).is_some()
            && asked.all(|signature| has_columns(table, signature))
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
    for join in &mut format.join {
        fill(&mut join.table);
        join.on
            .values_mut()
            .filter(|value| constant(value).is_some())
            .for_each(fill);
    }
    if format.category_is_table {
        let category = Field::text(category_of_table(&table.name));
        format.roles.insert(Role::Category, Fields(vec![category]));
    }
    drop_absent(&mut format, table, schema)?;
    drop_absent_beside(&mut format, schema);
    let key = RowKey::of(table)?;
    format.order_by_time |= is_unordered(&key, &format);
    let picks = format
        .join
        .iter()
        .filter(|join| !is_unique(join, schema))
        .map(|join| join.name().to_owned())
        .collect();
    Ok(Part {
        key,
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

/// Whether the rows lie in the order of a key that is not the store's position.
fn is_unordered(key: &RowKey, format: &StoreFormat) -> bool {
    let RowKey::Primary(keys) = key else {
        return false;
    };
    let position = format.fields(Role::Position).first();
    let position = position.and_then(Field::plain).map(quoted);
    let first = keys.first();
    !position
        .zip(first)
        .is_some_and(|(position, key)| position.eq_ignore_ascii_case(key))
}

/// Leaves out what the tables beside the events lack, and those that are not there.
fn drop_absent_beside(format: &mut StoreFormat, schema: &Schema) {
    let joins: Vec<String> = format
        .join
        .iter()
        .map(|join| join.name().to_owned())
        .collect();
    let lacks = |table: &str, field: &Field| {
        let table = schema.table(table);
        let has =
            |name: &str| table.is_some_and(|table| table.has(name)) || is_joined(&joins, name);
        !field.columns().all(has)
    };
    for one in &mut format.snapshots {
        one.category = one.category.take().filter(|it| !lacks(&one.table, it));
        one.state = one.state.take().filter(|it| !lacks(&one.table, it));
        one.stream.0.retain(|it| !lacks(&one.table, it));
    }
    format.snapshots.retain(|one| {
        let is_there = schema.table(&one.table).is_some();
        is_there && !one.stream.0.is_empty() && !lacks(&one.table, &one.version)
    });
    for one in &mut format.consumers {
        one.status = one.status.take().filter(|it| !lacks(&one.table, it));
        one.updated = one.updated.take().filter(|it| !lacks(&one.table, it));
        let there = |name: &String| {
            schema
                .table(&one.table)
                .is_some_and(|table| table.has(name))
        };
        one.global_if.retain(|name, _| there(name));
    }
    format.consumers.retain(|one| {
        let fields = [&one.name, &one.position];
        schema.table(&one.table).is_some() && !fields.iter().any(|it| lacks(&one.table, it))
    });
}

/// Whether a name is that of a column of one of these joins.
fn is_joined(joins: &[String], name: &str) -> bool {
    let is_of = |join: &String| {
        let rest = name.strip_prefix(join.as_str());
        rest.is_some_and(|rest| rest.starts_with('.'))
    };
    joins.iter().any(is_of)
}

/// Leaves out what the tables lack; a stream and a type there must be.
fn drop_absent(format: &mut StoreFormat, table: &Table, schema: &Schema) -> Result<(), Error> {
    let names: Vec<String> = format
        .join
        .iter()
        .map(|join| join.name().to_owned())
        .collect();
    for join in &mut format.join {
        let joined = schema.table(&join.table);
        join.on.retain(|own, other| {
            joined.is_some_and(|joined| joined.has(own))
                && (table.has(other) || constant(other).is_some() || is_joined(&names, other))
        });
        let prefer = join.prefer.take();
        join.prefer = prefer.filter(|name| joined.is_some_and(|joined| joined.has(name)));
    }
    format.join.retain(|join| !join.on.is_empty());
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
