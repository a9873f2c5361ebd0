//! What lies beside the events: saved states, and the positions of those who read along.

use std::collections::HashMap;

use rusqlite::{Connection, Row};

use super::part::Part;
use super::query::{self, Extent};
use super::quoted;
use super::schema::Schema;
use super::store::cell_of;
use crate::event::{Consumer, Payload, Problems, ReadError, SavedAt, Severity};
use crate::source::bound::Bound;
use crate::source::cell::Cell;
use crate::source::container::SnapshotRow;
use crate::source::error::Error;
use crate::source::field::Field;
use crate::source::format::{Fields, Role, SnapshotTable, StoreFormat};
use crate::source::layout::{ConsumerTable, Counts};

/// The most readers that are listed.
const MAX_CONSUMERS: usize = 1000;

/// Fields of a table beside the events, bound as if they were roles.
fn bind(fields: &[(Role, &[Field])], format: &StoreFormat) -> Bound {
    let mut beside = StoreFormat {
        qualify: format.qualify.clone(),
        decode: format.decode.clone(),
        ..StoreFormat::default()
    };
    for (role, fields) in fields {
        if !fields.is_empty() {
            beside.roles.insert(*role, Fields(fields.to_vec()));
        }
    }
    let roles: Vec<Role> = beside.roles.keys().copied().collect();
    Bound::new(&beside, &roles)
}

/// The query for what is bound, of a table beside the events.
fn select(beside: &Part, bound: &Bound) -> String {
    format!(
        "SELECT {} {}",
        query::columns(beside, &bound.columns).join(","),
        query::from(beside, &bound.columns, Extent::All, "")
    )
}

fn cell<'r>(row: &'r Row<'_>, column: usize) -> Cell<'r> {
    row.get_ref(column).map_or(Cell::Null, cell_of)
}

/// Hands over where the saved states of all parts stand; the count is how many there are.
pub(super) fn snapshots(
    connection: &Connection,
    parts: &[Part],
    each: &mut dyn FnMut(SnapshotRow<'_>),
) -> Result<u64, Error> {
    let schema = Schema::read(connection)?;
    let mut seen: Vec<&str> = Vec::new();
    let mut n_snapshots = 0;
    for (number, part) in (0..).zip(parts) {
        for table in &part.format.snapshots {
            let there = schema.table(&table.table);
            if let Some(there) = there.filter(|_| !seen.contains(&table.table.as_str())) {
                seen.push(&table.table);
                n_snapshots += snapshots_of(connection, table, &part.beside(there), number, each)?;
            }
        }
    }
    Ok(n_snapshots)
}

fn snapshots_of(
    connection: &Connection,
    table: &SnapshotTable,
    beside: &Part,
    number: u16,
    each: &mut dyn FnMut(SnapshotRow<'_>),
) -> Result<u64, Error> {
    let fields = [
        (Role::Stream, table.stream.0.as_slice()),
        (Role::Category, table.category.as_slice()),
        (Role::Version, std::slice::from_ref(&table.version)),
    ];
    let bound = bind(&fields, &beside.format);
    let mut statement = connection.prepare(&select(beside, &bound))?;
    let mut rows = statement.query([])?;
    let mut n_snapshots = 0;
    while let Some(row) = rows.next()? {
        let mut scratch = [const { Vec::new() }; 3];
        let [first, second, third] = &mut scratch;
        let get = |column| cell(row, column);
        let category = table
            .category
            .as_ref()
            .map(|_| bound.read(Role::Category, get, first));
        let version = bound.read(Role::Version, get, third);
        let version = match version.version() {
            Ok(Some(next)) if table.version_is_next => Cell::Int(next.0.saturating_sub(1)),
            _ => version,
        };
        each(SnapshotRow {
            part: number,
            category,
            stream: bound.read(Role::Stream, get, second),
            version,
        });
        n_snapshots += 1;
    }
    Ok(n_snapshots)
}

/// The state that a part's store saved of a stream after a version, as it is presented.
pub(super) fn saved_state(
    connection: &Connection,
    part: &Part,
    saved: &SavedAt<'_>,
) -> Option<Result<Payload, ReadError>> {
    let schema = Schema::read(connection).ok()?;
    part.format.snapshots.iter().find_map(|table| {
        let there = schema.table(&table.table)?;
        let found = saved_state_in(connection, table, &part.beside(there), saved);
        let why = |error: Error| ReadError(format!("the saved state cannot be read: {error}"));
        found.map_err(why).transpose()
    })
}

fn saved_state_in(
    connection: &Connection,
    table: &SnapshotTable,
    beside: &Part,
    saved: &SavedAt<'_>,
) -> Result<Option<Payload>, Error> {
    let Some(state) = &table.state else {
        return Ok(None);
    };
    let fields = [
        (Role::Stream, table.stream.0.as_slice()),
        (Role::Category, table.category.as_slice()),
        (Role::Version, std::slice::from_ref(&table.version)),
        (Role::Data, std::slice::from_ref(state)),
    ];
    let bound = bind(&fields, &beside.format);
    let mut statement = connection.prepare(&select(beside, &bound))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let mut scratch = [const { Vec::new() }; 3];
        let [first, second, third] = &mut scratch;
        let get = |column| cell(row, column);
        let version = bound.read(Role::Version, get, first).version();
        let shift = i64::from(table.version_is_next);
        let is_version = matches!(version, Ok(Some(at)) if at.0 - shift == saved.version.0);
        if !is_version
            || bound.read(Role::Stream, get, second).text().as_deref() != Some(saved.stream)
        {
            continue;
        }
        let category = bound.read(Role::Category, get, third).text();
        let is_keyed = table.category.is_some() && beside.format.keyed_by_category;
        if !is_keyed || category.as_deref() == Some(saved.category) {
            let (_, state) = bound.payload(Role::Data, &get, &StoreFormat::default());
            return Ok(Some(state));
        }
    }
    Ok(None)
}

/// All who read along, as the tables of all parts say.
pub(super) fn consumers(
    connection: &Connection,
    parts: &[Part],
    problems: &mut Problems,
) -> Vec<Consumer> {
    let Ok(schema) = Schema::read(connection) else {
        return Vec::new();
    };
    let mut seen: Vec<&str> = Vec::new();
    let mut found = Vec::new();
    for part in parts {
        for table in &part.format.consumers {
            if schema.table(&table.table).is_none() || seen.contains(&table.table.as_str()) {
                continue;
            }
            seen.push(&table.table);
            if let Err(error) = consumers_of(connection, table, part, &schema, &mut found) {
                let place = table.table.clone();
                problems.add(
                    "unreadable-consumers",
                    Severity::Info,
                    place,
                    error.to_string(),
                );
            }
        }
    }
    found
}

/// Adds the readers of a table. Of several numbers under one name the greatest counts, for some
/// stores note each event that was handled.
fn consumers_of(
    connection: &Connection,
    table: &ConsumerTable,
    part: &Part,
    schema: &Schema,
    found: &mut Vec<Consumer>,
) -> Result<(), Error> {
    let Some(there) = schema.table(&table.table) else {
        return Ok(());
    };
    let fields = [
        (Role::Id, std::slice::from_ref(&table.name)),
        (Role::Position, std::slice::from_ref(&table.position)),
        (Role::Type, table.status.as_slice()),
        (Role::Time, table.updated.as_slice()),
    ];
    let mut bound = bind(&fields, &StoreFormat::default());
    let conditions = table.global_if.iter();
    let conditions: Vec<(usize, &str)> = conditions
        .map(|(name, value)| (bound.column(name), value.as_str()))
        .collect();
    let mut statement = connection.prepare(&select(&part.beside(there), &bound))?;
    let mut rows = statement.query([])?;
    let mut by_name: HashMap<String, usize> = HashMap::new();
    let mut is_global: Vec<bool> = Vec::new();
    let first = found.len();
    while let Some(row) = rows.next()? {
        let one = consumer(&table.table, &bound, row);
        let known = by_name.get(&one.name).copied();
        if let Some(known) = known.and_then(|at| found.get_mut(at))
            && let (Ok(before), Ok(now)) = (known.position.parse(), one.position.parse::<i64>())
        {
            if now > before {
                *known = one;
            }
        } else if found.len() < MAX_CONSUMERS {
            by_name.insert(one.name.clone(), found.len());
            let holds = |(column, value): &(usize, &str)| {
                cell(row, *column).text().is_some_and(|text| text == *value)
            };
            is_global.push(conditions.iter().all(holds));
            found.push(one);
        }
    }
    for (consumer, is_global) in found.iter_mut().skip(first).zip(is_global) {
        if is_global {
            consumer.behind = behind(connection, part, table.counts, &consumer.position);
        }
    }
    Ok(())
}

fn consumer(table: &str, bound: &Bound, row: &Row<'_>) -> Consumer {
    let text = |role| {
        let mut scratch = Vec::new();
        bound
            .read(role, |column| cell(row, column), &mut scratch)
            .text()
    };
    Consumer {
        table: table.to_owned(),
        name: text(Role::Id).unwrap_or_default(),
        position: text(Role::Position).unwrap_or_default(),
        behind: None,
        status: text(Role::Type),
        updated: text(Role::Time),
    }
}

/// How many events stand after a reader's position, by the store's own numbers.
fn behind(connection: &Connection, part: &Part, counts: Counts, at: &str) -> Option<u64> {
    let column = |role| {
        let field = part.format.fields(role).first()?.plain()?;
        query::columns(part, &[field.to_owned()]).pop()
    };
    let own = column(Role::Position).or_else(|| Some(query::key(part)))?;
    let condition = match counts {
        Counts::Position => format!("{own} > CAST(?1 AS INTEGER)"),
        Counts::Next => format!("{own} >= CAST(?1 AS INTEGER)"),
        Counts::Id => format!(
            "{own} > (SELECT {own} FROM main.{} AS e WHERE {} = ?1)",
            quoted(&part.table.name),
            column(Role::Id)?
        ),
        Counts::Opaque => return None,
    };
    let is_number = at.parse::<i64>().is_ok();
    if counts != Counts::Id && !is_number {
        return None;
    }
    let sql = format!(
        "SELECT count(*) FROM main.{} AS e {}",
        quoted(&part.table.name),
        query::filter(part, Some(condition))
    );
    let n_events: i64 = connection.query_row(&sql, [at], |row| row.get(0)).ok()?;
    u64::try_from(n_events).ok()
}
