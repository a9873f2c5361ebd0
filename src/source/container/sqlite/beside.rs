//! What lies beside the events: saved states, and the positions of those who read along.

use rusqlite::{Connection, Row};

use super::part::Part;
use super::query;
use super::quoted;
use super::schema::Schema;
use super::store::cell_of;
use crate::event::{Problems, Severity};
use crate::source::cell::Cell;
use crate::source::container::{ConsumerRow, SnapshotRow};
use crate::source::detail::Bound;
use crate::source::error::Error;
use crate::source::field::Field;
use crate::source::format::{Fields, Role, SnapshotTable, StoreFormat};
use crate::source::layout::{ConsumerTable, Counts};

/// The most readers that are listed.
const MAX_CONSUMERS: usize = 1000;

/// Fields of a table beside the events, bound as if they were roles.
fn bind(fields: &[(Role, Option<&Field>)], format: &StoreFormat) -> (Bound, Vec<Role>) {
    let mut beside = StoreFormat {
        qualify: format.qualify.clone(),
        decode: format.decode.clone(),
        ..StoreFormat::default()
    };
    for (role, field) in fields {
        if let Some(field) = field {
            beside.roles.insert(*role, Fields(vec![(*field).clone()]));
        }
    }
    let roles: Vec<Role> = beside.roles.keys().copied().collect();
    (Bound::new(&beside, &roles), roles)
}

fn select(table: &str, bound: &Bound) -> String {
    let columns: Vec<String> = bound.columns.iter().map(|name| quoted(name)).collect();
    format!("SELECT {} FROM main.{}", columns.join(","), quoted(table))
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
            if schema.table(&table.table).is_some() && !seen.contains(&table.table.as_str()) {
                seen.push(&table.table);
                n_snapshots += snapshots_of(connection, table, part, number, &schema, each)?;
            }
        }
    }
    Ok(n_snapshots)
}

fn snapshots_of(
    connection: &Connection,
    table: &SnapshotTable,
    part: &Part,
    number: u16,
    schema: &Schema,
    each: &mut dyn FnMut(SnapshotRow<'_>),
) -> Result<u64, Error> {
    let mut format = part.format.clone();
    let has = |name: &str| {
        schema
            .table(&table.table)
            .is_some_and(|table| table.has(name))
    };
    format.qualify.retain(|one| has(&one.column));
    let fields = [
        (Role::Stream, Some(&table.stream)),
        (Role::Category, table.category.as_ref()),
        (Role::Version, Some(&table.version)),
    ];
    let (bound, _) = bind(&fields, &format);
    let mut statement = connection.prepare(&select(&table.table, &bound))?;
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
        each(SnapshotRow {
            part: number,
            category,
            stream: bound.read(Role::Stream, get, second),
            version: bound.read(Role::Version, get, third),
        });
        n_snapshots += 1;
    }
    Ok(n_snapshots)
}

/// All who read along, as the tables of all parts say.
pub(super) fn consumers(
    connection: &Connection,
    parts: &[Part],
    problems: &mut Problems,
) -> Vec<ConsumerRow> {
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

fn consumers_of(
    connection: &Connection,
    table: &ConsumerTable,
    part: &Part,
    schema: &Schema,
    found: &mut Vec<ConsumerRow>,
) -> Result<(), Error> {
    let there = schema.table(&table.table);
    let exists = |field: &&Field| {
        field
            .columns()
            .all(|name| there.is_some_and(|t| t.has(name)))
    };
    let fields = [
        (Role::Id, Some(&table.name)),
        (Role::Position, Some(&table.position)),
        (Role::Type, table.status.as_ref().filter(exists)),
        (Role::Time, table.updated.as_ref().filter(exists)),
    ];
    let (bound, _) = bind(&fields, &StoreFormat::default());
    let mut statement = connection.prepare(&select(&table.table, &bound))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        if found.len() >= MAX_CONSUMERS {
            break;
        }
        let text = |role| {
            let mut scratch = Vec::new();
            bound
                .read(role, |column| cell(row, column), &mut scratch)
                .text()
        };
        let position = text(Role::Position).unwrap_or_default();
        found.push(ConsumerRow {
            table: table.table.clone(),
            name: text(Role::Id).unwrap_or_default(),
            behind: behind(connection, part, table.counts, &position),
            position,
            status: text(Role::Type),
            updated: text(Role::Time),
        });
    }
    Ok(())
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
