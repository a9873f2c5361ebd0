//! Reads all rows of the event table in order: only the columns that the event log needs.
//!
//! The roles are bound to columns once, and nothing is allocated for a row unless its time lies
//! inside a payload. A damaged table is read from both ends; what lies between is counted as lost.

use std::ops::ControlFlow;
use std::sync::{Arc, PoisonError};

use rusqlite::{Connection, Row};

use super::quoted;
use super::reader::{KEYS_EVERY, Keys};
use super::schema::Table;
use super::store::{cell_of, owned};
use crate::event::Place;
use crate::source::cell::Cell;
use crate::source::container::{Item, Outline, Sink, SnapshotRow};
use crate::source::detail::{Bound, LOG_ROLES};
use crate::source::error::Error;
use crate::source::format::{Role, SnapshotTable, StoreFormat};
use crate::source::guess::Sampled;
use crate::source::progress::Progress;

/// How often progress is told.
const ROWS_BETWEEN_LOOKS: u64 = 4096;

/// How a row is found again.
#[derive(Clone, Debug)]
pub(super) enum RowKey {
    /// By its row id, under this (quoted) name.
    RowId(String),
    /// By its rank in the order of the primary key, whose (quoted) columns these are.
    Primary(Vec<String>),
}

impl RowKey {
    pub(super) fn of(table: &Table) -> Result<Self, Error> {
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
}

/// Where a role stands in a row.
#[derive(Clone, Copy)]
enum Slot {
    Absent,
    /// A whole column.
    Plain(usize),
    /// Inside a column.
    Deep(Role),
}

struct Plan<'a> {
    bound: &'a Bound,
    slots: [Slot; 5],
    has_rowid: bool,
}

impl Plan<'_> {
    fn cell<'r>(row: &'r Row<'_>, column: usize) -> Cell<'r> {
        row.get_ref(column + 1).map_or(Cell::Null, cell_of)
    }

    #[inline]
    fn read<'r>(&self, row: &'r Row<'_>, which: usize, inflated: &'r mut Vec<u8>) -> Cell<'r> {
        match self.slots.get(which) {
            Some(Slot::Plain(column)) => Self::cell(row, *column),
            Some(Slot::Deep(role)) => {
                self.bound
                    .read(*role, |column| Self::cell(row, column), inflated)
            }
            _ => Cell::Null,
        }
    }

    fn hand_over(
        &self,
        row: &Row<'_>,
        id: i64,
        inflated: &mut [Vec<u8>; 5],
        sink: &mut Sink<'_>,
    ) -> ControlFlow<()> {
        let [stream, category, version, event_type, time] = inflated;
        sink(Item::Record(Outline {
            ordinal: id,
            place: Place::at(id),
            stream: self.read(row, 0, stream),
            category: self.read(row, 1, category),
            version: self.read(row, 2, version),
            event_type: self.read(row, 3, event_type),
            time: self.read(row, 4, time),
        }))
    }
}

fn rowid(row: &Row<'_>) -> Option<i64> {
    row.get_ref(0).ok()?.as_i64().ok()
}

/// Hands over all rows; the count is SQLite's own.
pub(super) fn scan(
    connection: &Connection,
    format: &StoreFormat,
    key: &RowKey,
    keys: &Keys,
    progress: &Arc<Progress>,
    sink: &mut Sink<'_>,
) -> Result<u64, Error> {
    let bound = Bound::new(format, &LOG_ROLES);
    let slots = LOG_ROLES.map(|role| match bound.plain_column(role) {
        Some(column) => Slot::Plain(column),
        None if bound.has(role) => Slot::Deep(role),
        None => Slot::Absent,
    });
    let plan = Plan {
        bound: &bound,
        slots,
        has_rowid: matches!(key, RowKey::RowId(_)),
    };
    let table = format!("main.{}", quoted(&format.table));
    let columns: Vec<String> = bound.columns.iter().map(|name| quoted(name)).collect();
    let select = |order: &str| {
        let first = match key {
            RowKey::RowId(name) => name.as_str(),
            RowKey::Primary(_) => "0",
        };
        let last = match key {
            RowKey::RowId(_) => String::new(),
            RowKey::Primary(keys) => format!(",{}", keys.join(",")),
        };
        format!(
            "SELECT {first},{}{last} FROM {table} {order}",
            columns.join(",")
        )
    };
    progress.set_total(estimate(connection, &table, key));
    let order = order_of(format, key);
    let mut walk = Walk {
        plan: &plan,
        keys,
        n_key_from: columns.len() + 1,
        n_seen: 0,
        last: None,
        progress,
    };
    let stopped = walk.run(connection, &select(&order), key, sink)?;
    match stopped {
        End::Whole if is_counted_by_index(connection, &format.table) => {
            Ok(count(connection, &table).unwrap_or(walk.n_seen))
        }
        End::Whole => Ok(walk.n_seen),
        End::Stopped => Err(Error::Cancelled),
        End::Damaged(why) => {
            let (n_seen, n_rows) = (walk.n_seen, count(connection, &table));
            if n_seen == 0 && n_rows.is_none() {
                return Err(Error::Sqlite(why));
            }
            let last = walk.last;
            salvage(
                connection, &plan, &select, key, last, n_seen, n_rows, &why, sink,
            )
        }
    }
}

/// The order of the history.
fn order_of(format: &StoreFormat, key: &RowKey) -> String {
    let position = format
        .fields(Role::Position)
        .first()
        .filter(|field| field.path.is_empty());
    match (key, position) {
        (RowKey::RowId(name), Some(field)) if format.order_by_position => {
            format!("ORDER BY {}, {name}", quoted(&field.column))
        }
        (RowKey::RowId(name), _) => format!("NOT INDEXED ORDER BY {name}"),
        (RowKey::Primary(keys), _) => format!("ORDER BY {}", keys.join(",")),
    }
}

/// How many rows there are at most, found without walking them.
fn estimate(connection: &Connection, table: &str, key: &RowKey) -> u64 {
    let RowKey::RowId(name) = key else { return 0 };
    let sql = format!("SELECT max({name}) FROM {table}");
    let last: Option<i64> = connection
        .query_row(&sql, [], |row| row.get(0))
        .unwrap_or_default();
    last.and_then(|last| u64::try_from(last).ok())
        .unwrap_or_default()
}

/// How many rows the table has by SQLite's own count; `None` where it cannot tell.
pub(super) fn count(connection: &Connection, table: &str) -> Option<u64> {
    let sql = format!("SELECT count(*) FROM {table}");
    let n_rows: i64 = connection.query_row(&sql, [], |row| row.get(0)).ok()?;
    u64::try_from(n_rows).ok()
}

/// Whether the table has an index over all its rows, which counts them independently and quickly.
/// Without one, counting is the same walk over the table once more.
fn is_counted_by_index(connection: &Connection, table: &str) -> bool {
    let sql = "SELECT count(*) FROM pragma_index_list(?1) WHERE partial = 0";
    connection
        .query_row(sql, [table], |row| row.get(0))
        .is_ok_and(|n_indexes: i64| n_indexes > 0)
}

/// How a walk over rows ended.
enum End {
    Whole,
    Stopped,
    Damaged(String),
}

struct Walk<'a> {
    plan: &'a Plan<'a>,
    keys: &'a Keys,
    n_key_from: usize,
    n_seen: u64,
    last: Option<i64>,
    progress: &'a Progress,
}

impl Walk<'_> {
    fn run(
        &mut self,
        connection: &Connection,
        sql: &str,
        key: &RowKey,
        sink: &mut Sink<'_>,
    ) -> Result<End, Error> {
        let mut statement = connection.prepare(sql)?;
        let mut rows = statement.query([])?;
        let mut inflated = [const { Vec::new() }; 5];
        loop {
            match rows.next() {
                Ok(Some(row)) => {
                    if let RowKey::Primary(names) = key
                        && self.n_seen.is_multiple_of(KEYS_EVERY)
                    {
                        self.keep_key(row, names.len());
                    }
                    let id = self.id(row);
                    if self.plan.hand_over(row, id, &mut inflated, sink).is_break() {
                        return Ok(End::Stopped);
                    }
                    self.n_seen += 1;
                    if self.n_seen.is_multiple_of(ROWS_BETWEEN_LOOKS) {
                        self.progress.set_done(self.n_seen);
                    }
                }
                Ok(None) => return Ok(End::Whole),
                Err(error) => {
                    let why = error.to_string();
                    return match Error::from(error) {
                        Error::Cancelled => Err(Error::Cancelled),
                        _ => Ok(End::Damaged(why)),
                    };
                }
            }
        }
    }

    /// The row's id, or its rank where the table has none.
    fn id(&mut self, row: &Row<'_>) -> i64 {
        if self.plan.has_rowid {
            self.last = rowid(row);
        }
        let rank = || i64::try_from(self.n_seen).unwrap_or(i64::MAX);
        self.last.unwrap_or_else(rank)
    }

    fn keep_key(&self, row: &Row<'_>, n_columns: usize) {
        let columns = self.n_key_from..self.n_key_from + n_columns;
        let key = columns
            .filter_map(|column| row.get_ref(column).ok().map(owned))
            .collect();
        self.keys
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .push(key);
    }
}

/// A row that is held until its turn comes.
struct Held {
    id: i64,
    cells: [Sampled; 5],
}

/// Reads a damaged table from its end as far as that goes.
#[expect(
    clippy::too_many_arguments,
    reason = "the state of one walk, used once"
)]
fn salvage(
    connection: &Connection,
    plan: &Plan<'_>,
    select: &dyn Fn(&str) -> String,
    key: &RowKey,
    last: Option<i64>,
    n_seen: u64,
    n_rows: Option<u64>,
    why: &str,
    sink: &mut Sink<'_>,
) -> Result<u64, Error> {
    let mut held: Vec<Held> = Vec::new();
    if let RowKey::RowId(name) = key {
        let order = format!(
            "NOT INDEXED WHERE {name} > {} ORDER BY {name} DESC",
            last.unwrap_or(i64::MIN)
        );
        let mut statement = connection.prepare(&select(&order))?;
        let mut rows = statement.query([])?;
        while let Ok(Some(row)) = rows.next() {
            let cells = std::array::from_fn(|which| {
                let mut inflated = Vec::new();
                Sampled::of(plan.read(row, which, &mut inflated))
            });
            held.push(Held {
                id: rowid(row).unwrap_or_default(),
                cells,
            });
        }
    }
    held.reverse();
    let n_found = n_seen + held.len() as u64;
    let first_after = held.first().map(|row| row.id);
    let between = match (last, first_after) {
        (Some(before), Some(after)) => {
            u64::try_from(after.saturating_sub(before).saturating_sub(1)).unwrap_or(0)
        }
        _ => 0,
    };
    let n_lost = n_rows
        .and_then(|rows| rows.checked_sub(n_found))
        .unwrap_or(between);
    let place = match (last, first_after) {
        (Some(before), Some(after)) => format!(
            "rowid {} to {}",
            before.saturating_add(1),
            after.saturating_sub(1)
        ),
        (Some(before), None) => format!("after rowid {before}"),
        (None, Some(after)) => format!("before rowid {after}"),
        (None, None) => "the whole table".to_owned(),
    };
    let message = format!("the table is damaged here ({why}); {n_lost} rows could not be read");
    sink(Item::LostMany {
        n_records: n_lost,
        kind: "damaged-store",
        place,
        message,
    })
    .is_break();
    for row in &held {
        let [stream, category, version, event_type, time] = &row.cells;
        let outline = Outline {
            ordinal: row.id,
            place: Place::at(row.id),
            stream: stream.cell(),
            category: category.cell(),
            version: version.cell(),
            event_type: event_type.cell(),
            time: time.cell(),
        };
        if sink(Item::Record(outline)).is_break() {
            return Err(Error::Cancelled);
        }
    }
    Ok(n_found + n_lost)
}

/// Hands over where the saved states of a table stand.
pub(super) fn snapshots(
    connection: &Connection,
    table: &SnapshotTable,
    each: &mut dyn FnMut(SnapshotRow<'_>),
) -> Result<u64, Error> {
    let category = table
        .category
        .as_deref()
        .map_or_else(|| "NULL".to_owned(), quoted);
    let sql = format!(
        "SELECT {category},{},{} FROM main.{}",
        quoted(&table.stream),
        quoted(&table.version),
        quoted(&table.table)
    );
    let mut statement = connection.prepare(&sql)?;
    let mut rows = statement.query([])?;
    let mut n_snapshots = 0;
    while let Some(row) = rows.next()? {
        let cell = |column| row.get_ref(column).map_or(Cell::Null, cell_of);
        let category = table.category.as_ref().map(|_| cell(0));
        each((category, cell(1), cell(2)));
        n_snapshots += 1;
    }
    Ok(n_snapshots)
}
