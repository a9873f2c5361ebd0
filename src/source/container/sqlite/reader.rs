//! Reads single rows in full: by row id, or by rank where a table has none.

use std::sync::{Arc, Mutex, PoisonError, RwLock};

use rusqlite::types::Value;
use rusqlite::{CachedStatement, Connection, Row};

use super::beside;
use super::connect;
use super::glance::glance;
use super::heads;
use super::items::ItemPlan;
use super::part::{Part, RowKey};
use super::query::{self, Extent};
use super::scan::count;
use super::self_check;
use super::side::StorePlace;
use super::store::{cell_of, lock};
use crate::event::{
    EventDetail, EventReader, Glance, Payload, Place, ReadError, SavedAt, StreamHeads, Want,
};
use crate::source::bound::Bound;
use crate::source::cell::Cell;
use crate::source::container::PlaceNames;
use crate::source::detail::{detail, roles_for};
use crate::source::format::Role;

/// Of how many rows of a table without row ids the key is kept.
pub(super) const KEYS_EVERY: u64 = 64;

/// The keys of each 64th row of a table without row ids, in order.
pub(super) type Keys = Arc<RwLock<Vec<Vec<Value>>>>;

/// Reads rows of a table with events.
pub(super) struct RowReader {
    pub(super) connection: Arc<Mutex<Connection>>,
    pub(super) part: Part,
    pub(super) names: PlaceNames,
    /// Whether it is the first of those that share a connection: it answers for the whole database.
    pub(super) is_first: bool,
    /// Where the database is opened; a private copy lives as long as somebody reads from it.
    pub(super) place: Option<StorePlace>,
}

/// Who takes events as they are read.
type Each<'a> = &'a mut dyn FnMut(usize, Result<EventDetail, ReadError>) -> bool;

/// From how many rows on a walk over the table is considered.
const WALK_FROM: usize = 32;

/// Whether rows lie so close to each other that walking over the table finds them soonest.
pub(super) fn is_dense(places: &[Place]) -> bool {
    let (Some(first), Some(last)) = (places.first(), places.last()) else {
        return false;
    };
    let span = last.at.checked_sub(first.at);
    let most = i64::try_from(places.len() * 3).unwrap_or(i64::MAX);
    places.len() >= WALK_FROM
        && span.is_some_and(|span| span <= most)
        && places.is_sorted_by_key(|place| place.at)
}

/// What is read of a row, and how.
struct Reading {
    bound: Bound,
    items: Option<ItemPlan>,
    want: Want,
}

impl EventReader for RowReader {
    fn read(
        &self,
        places: &[Place],
        want: Want,
        each: &mut dyn FnMut(usize, Result<EventDetail, ReadError>) -> bool,
    ) {
        let reading = self.reading(want);
        let connection = lock(&self.connection);
        if let RowKey::RowId(key) = &self.part.key
            && is_dense(places)
            && self.read_range(&connection, key, places, &reading, each)
        {
            return;
        }
        let mut statement = connection.prepare_cached(&self.sql(&reading.bound));
        for (n, place) in places.iter().enumerate() {
            let event = match &mut statement {
                Ok(statement) => self.row(statement, *place, &reading),
                Err(error) => Err(ReadError(format!("the store cannot be read: {error}"))),
            };
            if !each(n, event) {
                return;
            }
        }
    }

    fn glance(&self, places: &[Place], each: &mut dyn FnMut(usize, Glance<'_>)) -> bool {
        glance(self, places, each)
    }

    fn saved_state(&self, saved: &SavedAt<'_>) -> Option<Result<Payload, ReadError>> {
        beside::saved_state(&lock(&self.connection), &self.part, saved)
    }

    fn self_check(&self, cancel: &dyn Fn() -> bool) -> Option<(String, Vec<String>)> {
        if !self.is_first {
            return None;
        }
        // It takes long, and who reads events should not wait for it.
        let place = self.place.as_ref();
        let own = place.and_then(|place| connect::open_read_only(place, &Arc::default()).ok());
        match own {
            Some(connection) => self_check::run(&connection, cancel),
            None => self_check::run(&lock(&self.connection), cancel),
        }
    }

    fn stream_heads(&self, cancel: &dyn Fn() -> bool) -> Option<StreamHeads> {
        let is_first = self.is_first;
        is_first
            .then(|| heads::read(&lock(&self.connection), cancel))
            .flatten()
    }

    fn recount(&self) -> Option<u64> {
        // Rows that hold several events are not counted by counting rows.
        let one_each = self.part.format.items.is_none();
        one_each
            .then(|| count(&lock(&self.connection), &self.part))
            .flatten()
    }
}

impl RowReader {
    fn reading(&self, want: Want) -> Reading {
        let format = &self.part.format;
        // A version that stands in another table is in the log; finding it again may take a walk.
        let is_own = |role: &Role| {
            let mut columns = format
                .fields(*role)
                .iter()
                .flat_map(|field| field.columns());
            *role != Role::Version || columns.all(|name| self.part.table.has(name))
        };
        let roles: Vec<Role> = roles_for(want).iter().copied().filter(is_own).collect();
        let mut bound = Bound::new(format, &roles);
        if want.is_whole() {
            bound = bound.with_extra(format, self.part.table.own_columns());
        }
        let items = ItemPlan::new(format, &mut bound);
        Reading { bound, items, want }
    }

    fn sql(&self, bound: &Bound) -> String {
        // A format may read nothing but what the log has; a row must have a column all the same.
        let columns = if bound.columns.is_empty() {
            "NULL".to_owned()
        } else {
            query::columns(&self.part, &bound.columns).join(",")
        };
        let from = query::from(&self.part, &bound.columns, Extent::One, "");
        match &self.part.key {
            RowKey::RowId(name) => format!("SELECT {columns} {from} WHERE e.{name} = ?1"),
            RowKey::Primary(keys) => {
                let marks: Vec<String> = (1..=keys.len()).map(|n| format!("?{n}")).collect();
                let (keys, marks) = (query::key(&self.part), marks.join(","));
                let filter = query::filter(&self.part, Some(format!("({keys}) >= ({marks})")));
                let offset = self.part.key.len() + 1;
                format!("SELECT {columns} {from} {filter} ORDER BY {keys} LIMIT 1 OFFSET ?{offset}")
            }
        }
    }

    /// Reads neighbouring rows in one walk over the table, which costs a part of finding each by itself.
    ///
    /// Returns `false` where that cannot be begun; nothing has been handed over then.
    fn read_range(
        &self,
        connection: &Connection,
        key: &str,
        places: &[Place],
        reading: &Reading,
        each: Each<'_>,
    ) -> bool {
        let columns = &reading.bound.columns;
        let mut selected = query::columns(&self.part, columns);
        selected.push(format!("e.{key}"));
        let from = query::from(&self.part, columns, Extent::One, "");
        let sql = format!(
            "SELECT {} {from} WHERE e.{key} BETWEEN ?1 AND ?2 ORDER BY e.{key}",
            selected.join(",")
        );
        let (Some(first), Some(last)) = (places.first(), places.last()) else {
            return true;
        };
        let statement = connection.prepare_cached(&sql);
        let Ok(mut statement) = statement else {
            return false;
        };
        let Ok(mut rows) = statement.query([first.at, last.at]) else {
            return false;
        };
        let mut waiting = places.iter().enumerate().peekable();
        let gone = |place: &Place| ReadError(format!("{} is gone", self.names.name(place.at)));
        // A fault in the middle is told for each row that it keeps from being read.
        let mut fault = None;
        while waiting.peek().is_some() {
            let row = match rows.next() {
                Ok(Some(row)) => row,
                Ok(None) => break,
                Err(error) => {
                    fault = Some(error);
                    break;
                }
            };
            let at: i64 = row.get(columns.len()).unwrap_or(i64::MIN);
            while let Some((n, place)) = waiting.next_if(|(_, place)| place.at <= at) {
                let event = (place.at == at)
                    .then(|| self.event_named(row, *place, reading))
                    .flatten();
                if !each(n, event.ok_or_else(|| gone(place))) {
                    return true;
                }
            }
        }
        for (n, place) in waiting {
            let why = match &fault {
                None => gone(place),
                Some(error) => ReadError(format!(
                    "{} cannot be read: {error}",
                    self.names.name(place.at)
                )),
            };
            if !each(n, Err(why)) {
                return true;
            }
        }
        true
    }

    /// The event of a row with its name, which is only made where it is wanted.
    fn event_named(&self, row: &Row<'_>, place: Place, reading: &Reading) -> Option<EventDetail> {
        let name = if reading.want.is_whole() {
            self.names.name(place.at)
        } else {
            String::new()
        };
        self.event(row, place, reading, &name)
    }

    fn row(
        &self,
        statement: &mut CachedStatement<'_>,
        place: Place,
        reading: &Reading,
    ) -> Result<EventDetail, ReadError> {
        let name = self.names.name(place.at);
        let fail = |error: rusqlite::Error| ReadError(format!("{name} cannot be read: {error}"));
        let gone = || ReadError(format!("{name} is gone"));
        let mut rows = match &self.part.key {
            RowKey::RowId(_) => statement.query([place.at]).map_err(fail)?,
            RowKey::Primary(_) => {
                let values = self.key_of(place).ok_or_else(gone)?;
                statement
                    .query(rusqlite::params_from_iter(values))
                    .map_err(fail)?
            }
        };
        let row = rows.next().map_err(fail)?.ok_or_else(gone)?;
        self.event(row, place, reading, &name).ok_or_else(gone)
    }

    /// The key to begin at, and how many rows after it.
    fn key_of(&self, place: Place) -> Option<Vec<Value>> {
        let rank = u64::try_from(place.at).ok()?;
        let keys = self
            .part
            .keys
            .read()
            .unwrap_or_else(PoisonError::into_inner);
        let mut values = keys.get(usize::try_from(rank / KEYS_EVERY).ok()?)?.clone();
        values.push(Value::Integer(i64::try_from(rank % KEYS_EVERY).ok()?));
        Some(values)
    }

    /// The event of a row, or one of its events; `None` where the row has not so many.
    fn event(
        &self,
        row: &Row<'_>,
        place: Place,
        reading: &Reading,
        name: &str,
    ) -> Option<EventDetail> {
        let (bound, want) = (&reading.bound, reading.want);
        let cell = |column| row.get_ref(column).map_or(Cell::Null, cell_of);
        let mut event = match &reading.items {
            None => detail(&self.part.format, bound, cell, want),
            Some(items) => items.with_item(cell, place.item, |get| {
                detail(&self.part.format, bound, get, want)
            })?,
        };
        let has_rowid = matches!(self.part.key, RowKey::RowId(_));
        let is_numbered = want.is_whole() || want == Want::Ids;
        if is_numbered && !bound.has(Role::Position) && has_rowid {
            event.store_position = Some(place.at.to_string());
        }
        if want.is_whole() {
            name.clone_into(&mut event.source);
            if reading.items.is_some() {
                event.source = format!("{name} item {}", place.item);
            }
        }
        Some(event)
    }
}
