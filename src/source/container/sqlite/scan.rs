//! Reads all rows of a table with events in order: only the columns that the event log needs.
//!
//! The roles are bound to columns once, and nothing is allocated for a row unless its time lies
//! inside a payload. A damaged table is read from both ends; what lies between is counted as lost.

use std::ops::ControlFlow;
use std::sync::{Arc, PoisonError};

use rusqlite::{Connection, Row};

use super::items::ItemPlan;
use super::part::{Part, RowKey};
use super::query::{self, Extent};
use super::quoted;
use super::reader::KEYS_EVERY;
use super::salvage::salvage;
use super::store::{cell_of, owned};
use crate::event::Place;
use crate::source::bound::{Bound, LOG_ROLES};
use crate::source::cell::Cell;
use crate::source::container::{Item, Outline, Sink, Walked, come_by_later};
use crate::source::error::Error;
use crate::source::format::Role;
use crate::source::progress::Progress;

/// How often progress is told.
const ROWS_BETWEEN_LOOKS: u64 = 4096;

/// Where a role stands in a row.
#[derive(Clone, Copy)]
enum Slot {
    Absent,
    /// A whole column.
    Plain(usize),
    /// Inside a column, or of several.
    Deep(Role),
}

/// How the rows of a part are read.
pub(super) struct Plan<'a> {
    pub(super) part: &'a Part,
    /// Which part of the store it is.
    pub(super) number: u16,
    bound: Bound,
    slots: [Slot; 6],
    items: Option<ItemPlan>,
}

/// Bytes that had to be made for the roles of a row.
pub(super) type Scratch = [Vec<u8>; 6];

impl<'p> Plan<'p> {
    pub(super) fn new(part: &'p Part, number: u16) -> Self {
        let mut bound = Bound::new(&part.format, &LOG_ROLES);
        let slots = LOG_ROLES.map(|role| match bound.plain_column(role) {
            Some(column) => Slot::Plain(column),
            None if bound.has(role) => Slot::Deep(role),
            None => Slot::Absent,
        });
        let items = ItemPlan::new(&part.format, &mut bound);
        Self {
            part,
            number,
            bound,
            slots,
            items,
        }
    }

    /// The query for rows that fulfil a further condition, in an order.
    pub(super) fn select(&self, condition: Option<String>, order: &str) -> String {
        let (first, last) = match &self.part.key {
            RowKey::RowId(_) => (query::key(self.part), String::new()),
            RowKey::Primary(_) => ("0".to_owned(), format!(",{}", query::key(self.part))),
        };
        // Without the hint an index may be walked, whose order of rows is another.
        let hint = match &self.part.key {
            RowKey::RowId(_) if !self.part.format.order_by_position => "NOT INDEXED",
            _ => "",
        };
        let names = &self.bound.columns;
        format!(
            "SELECT {first},{}{last} {} {} ORDER BY {order}",
            query::columns(self.part, names).join(","),
            query::from(self.part, names, Extent::All, hint),
            query::filter(self.part, condition),
        )
    }

    fn order(&self) -> String {
        let position = self
            .part
            .format
            .fields(Role::Position)
            .first()
            .and_then(|field| field.plain());
        let key = query::key(self.part);
        match (&self.part.key, position) {
            (RowKey::RowId(_), Some(column)) if self.part.format.order_by_position => {
                let names = [column.to_owned()];
                format!("{},{key}", query::columns(self.part, &names).join(","))
            }
            _ => key,
        }
    }

    pub(super) fn cell<'r>(row: &'r Row<'_>, column: usize) -> Cell<'r> {
        row.get_ref(column + 1).map_or(Cell::Null, cell_of)
    }

    #[inline]
    pub(super) fn read<'r, 'a: 'r>(
        &self,
        which: usize,
        get: impl Fn(usize) -> Cell<'a>,
        scratch: &'r mut Vec<u8>,
    ) -> Cell<'r> {
        match self.slots.get(which) {
            Some(Slot::Plain(column)) => get(*column),
            Some(Slot::Deep(role)) => self.bound.read(*role, get, scratch),
            _ => Cell::Null,
        }
    }

    /// Hands a row over: one event, or several.
    pub(super) fn hand_over(
        &self,
        row: &Row<'_>,
        id: i64,
        scratch: &mut Scratch,
        sink: &mut Sink<'_>,
    ) -> (u64, ControlFlow<()>) {
        let get = |column| Self::cell(row, column);
        if let Some(items) = &self.items {
            return items.hand_over(self, get, id, scratch, sink);
        }
        let place = Place {
            at: id,
            part: self.number,
            item: 0,
        };
        (1, self.one(&get, id, place, None, scratch, sink))
    }

    /// Hands one event over.
    #[inline]
    pub(super) fn one<'r, 'a: 'r>(
        &self,
        get: &impl Fn(usize) -> Cell<'a>,
        id: i64,
        place: Place,
        version: Option<i64>,
        scratch: &'r mut Scratch,
        sink: &mut Sink<'_>,
    ) -> ControlFlow<()> {
        let [stream, category, versions, event_type, time, occurred] = scratch;
        let version = match version {
            Some(version) => Cell::Int(version),
            None => self.read(2, get, versions),
        };
        sink(Item::Record(Outline {
            ordinal: id,
            place,
            stream: self.read(0, get, stream),
            category: self.read(1, get, category),
            version,
            event_type: self.read(3, get, event_type),
            time: self.read(4, get, time),
            occurred: self.read(5, get, occurred),
            text: b"",
        }))
    }
}

pub(super) fn rowid(row: &Row<'_>) -> Option<i64> {
    row.get_ref(0).ok()?.as_i64().ok()
}

/// Hands over all rows of a part; the count is SQLite's own where it has one. The rows after the one
/// with the id `later` may be read by somebody else.
pub(super) fn scan(
    connection: &Connection,
    (part, number): (&Part, u16),
    later: Option<i64>,
    progress: &Arc<Progress>,
    sink: &mut Sink<'_>,
) -> Result<u64, Error> {
    let plan = Plan::new(part, number);
    progress.set_total(estimate(connection, part));
    let mut walk = Walk {
        later,
        ..Walk::new(&plan, progress)
    };
    let mut stopped = walk.run(connection, &plan.select(None, &plan.order()), sink)?;
    // Sorting reads all rows before it gives the first; before the damage they are read as they lie.
    if matches!(stopped, End::Damaged(_)) && walk.n_rows == 0 {
        stopped = walk.run(connection, &plan.select(None, &query::key(part)), sink)?;
    }
    match stopped {
        End::Whole if plan.items.is_none() && is_counted_by_index(connection, &part.table.name) => {
            Ok(count(connection, part).unwrap_or(walk.n_seen))
        }
        End::Whole => Ok(walk.n_seen),
        End::Stopped => Err(Error::Cancelled),
        End::Damaged(why) => {
            let n_rows = count(connection, part);
            if walk.n_rows == 0 && n_rows.is_none() {
                return Err(Error::Sqlite(why));
            }
            let found = salvage(
                connection,
                &plan,
                walk.last,
                walk.n_rows,
                n_rows,
                &why,
                sink,
            )?;
            Ok(walk.n_seen + found)
        }
    }
}

/// Hands over the rows of the first part after the one with the id `middle`; `None` where anything is
/// odd about them.
pub(super) fn walk_later(
    connection: &Connection,
    part: &Part,
    middle: i64,
    progress: &Arc<Progress>,
    sink: &mut Sink<'_>,
) -> Option<Walked> {
    let plan = Plan::new(part, 0);
    let mut walk = Walk {
        must_rise: true,
        ..Walk::new(&plan, progress)
    };
    let condition = format!("{} > {middle}", query::key(part));
    let sql = plan.select(Some(condition), &plan.order());
    let End::Whole = walk.run(connection, &sql, sink).ok()? else {
        return None;
    };
    Some(Walked {
        first: walk.first?,
        n_records: walk.n_seen,
    })
}

/// How many rows there are at most, found without walking them.
fn estimate(connection: &Connection, part: &Part) -> u64 {
    let RowKey::RowId(name) = &part.key else {
        return 0;
    };
    let sql = format!("SELECT max({name}) FROM main.{}", quoted(&part.table.name));
    let last: Option<i64> = connection
        .query_row(&sql, [], |row| row.get(0))
        .unwrap_or_default();
    last.and_then(|last| u64::try_from(last).ok())
        .unwrap_or_default()
}

/// How many rows are events by SQLite's own count; `None` where it cannot tell.
pub(super) fn count(connection: &Connection, part: &Part) -> Option<u64> {
    let sql = format!(
        "SELECT count(*) FROM main.{} AS e {}",
        quoted(&part.table.name),
        query::filter(part, None)
    );
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
    n_key_from: usize,
    n_rows: u64,
    /// How many events they held.
    n_seen: u64,
    first: Option<i64>,
    last: Option<i64>,
    /// The rows after the one with this id may be read by somebody else.
    later: Option<i64>,
    /// Whether row ids that do not rise, as in a damaged table, end it.
    must_rise: bool,
    progress: &'a Progress,
}

impl<'a> Walk<'a> {
    fn new(plan: &'a Plan<'a>, progress: &'a Progress) -> Self {
        Self {
            plan,
            n_key_from: plan.bound.columns.len() + 1,
            n_rows: 0,
            n_seen: 0,
            first: None,
            last: None,
            later: None,
            must_rise: false,
            progress,
        }
    }

    fn run(
        &mut self,
        connection: &Connection,
        sql: &str,
        sink: &mut Sink<'_>,
    ) -> Result<End, Error> {
        let mut statement = connection.prepare(sql)?;
        let mut rows = statement.query([])?;
        let mut scratch = Scratch::default();
        loop {
            match rows.next() {
                Ok(Some(row)) => {
                    if let RowKey::Primary(names) = &self.plan.part.key
                        && self.n_rows.is_multiple_of(KEYS_EVERY)
                    {
                        self.keep_key(row, names.len());
                    }
                    let before = self.last;
                    let id = self.id(row);
                    if let Some(end) = self.halves(before, id, sink) {
                        return Ok(end);
                    }
                    let (n_events, flow) = self.plan.hand_over(row, id, &mut scratch, sink);
                    if flow.is_break() {
                        return Ok(End::Stopped);
                    }
                    self.n_rows += 1;
                    self.n_seen += n_events;
                    if self.n_rows.is_multiple_of(ROWS_BETWEEN_LOOKS) {
                        self.progress.set_done(self.n_rows);
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

    /// How the walk ends at a row, where it is one of two: at the first row that somebody else has.
    #[inline]
    fn halves(&mut self, before: Option<i64>, id: i64, sink: &mut Sink<'_>) -> Option<End> {
        self.first = self.first.or(Some(id));
        if before.is_some_and(|before| before >= id) {
            // What was read by row ids might not be what follows here.
            self.later = None;
            return self.must_rise.then_some(End::Stopped);
        }
        self.later.take_if(|later| id > *later)?;
        let n_taken = come_by_later(id, sink)?;
        self.n_seen += n_taken;
        Some(End::Whole)
    }

    /// The row's id, or its rank where the table has none.
    fn id(&mut self, row: &Row<'_>) -> i64 {
        if matches!(self.plan.part.key, RowKey::RowId(_)) {
            self.last = rowid(row);
        }
        let rank = || i64::try_from(self.n_rows).unwrap_or(i64::MAX);
        self.last.unwrap_or_else(rank)
    }

    fn keep_key(&self, row: &Row<'_>, n_columns: usize) {
        let columns = self.n_key_from..self.n_key_from + n_columns;
        let key = columns
            .filter_map(|column| row.get_ref(column).ok().map(owned))
            .collect();
        self.plan
            .part
            .keys
            .write()
            .unwrap_or_else(PoisonError::into_inner)
            .push(key);
    }
}
