//! Reads single rows in full: by row id, or by rank where a table has none.

use std::sync::{Arc, Mutex, PoisonError, RwLock};

use rusqlite::types::Value;
use rusqlite::{CachedStatement, Connection, Row};

use super::quoted;
use super::scan::{RowKey, count};
use super::store::{cell_of, lock};
use crate::event::{EventDetail, EventReader, Place, ReadError, Want};
use crate::source::cell::Cell;
use crate::source::container::PlaceNames;
use crate::source::detail::{Bound, detail, roles_for};
use crate::source::format::{Role, StoreFormat};

/// Of how many rows of a table without row ids the key is kept.
pub(super) const KEYS_EVERY: u64 = 64;

/// The keys of each 64th row of a table without row ids, in order.
pub(super) type Keys = Arc<RwLock<Vec<Vec<Value>>>>;

/// Reads rows of the event table.
pub(super) struct RowReader {
    pub(super) connection: Arc<Mutex<Connection>>,
    pub(super) format: StoreFormat,
    pub(super) key: RowKey,
    pub(super) keys: Keys,
    pub(super) names: PlaceNames,
    /// A private copy lives as long as somebody reads from it.
    pub(super) _copy: Option<Arc<tempfile::TempDir>>,
}

impl EventReader for RowReader {
    fn read(
        &self,
        places: &[Place],
        want: Want,
        each: &mut dyn FnMut(usize, Result<EventDetail, ReadError>) -> bool,
    ) {
        let bound = Bound::new(&self.format, roles_for(want));
        let connection = lock(&self.connection);
        let mut statement = connection.prepare_cached(&self.sql(&bound));
        for (n, place) in places.iter().enumerate() {
            let event = match &mut statement {
                Ok(statement) => self.row(statement, *place, &bound, want),
                Err(error) => Err(ReadError(format!("the store cannot be read: {error}"))),
            };
            if !each(n, event) {
                return;
            }
        }
    }

    fn recount(&self) -> Option<u64> {
        let table = format!("main.{}", quoted(&self.format.table));
        count(&lock(&self.connection), &table)
    }
}

impl RowReader {
    fn sql(&self, bound: &Bound) -> String {
        let columns: Vec<String> = bound.columns.iter().map(|name| quoted(name)).collect();
        // A format may read nothing but what the log has; a row must have a column all the same.
        let columns = if columns.is_empty() {
            "NULL".to_owned()
        } else {
            columns.join(",")
        };
        let table = quoted(&self.format.table);
        match &self.key {
            RowKey::RowId(name) => format!("SELECT {columns} FROM main.{table} WHERE {name} = ?1"),
            RowKey::Primary(keys) => {
                let marks: Vec<String> = (1..=keys.len()).map(|n| format!("?{n}")).collect();
                let (keys, marks) = (keys.join(","), marks.join(","));
                let offset = self.n_keys() + 1;
                format!(
                    "SELECT {columns} FROM main.{table} WHERE ({keys}) >= ({marks}) ORDER BY {keys} LIMIT 1 OFFSET ?{offset}"
                )
            }
        }
    }

    fn n_keys(&self) -> usize {
        match &self.key {
            RowKey::RowId(_) => 1,
            RowKey::Primary(keys) => keys.len(),
        }
    }

    fn row(
        &self,
        statement: &mut CachedStatement<'_>,
        place: Place,
        bound: &Bound,
        want: Want,
    ) -> Result<EventDetail, ReadError> {
        let name = self.names.name(place.0);
        let fail = |error: rusqlite::Error| ReadError(format!("{name} cannot be read: {error}"));
        let mut rows = match &self.key {
            RowKey::RowId(_) => statement.query([place.0]).map_err(fail)?,
            RowKey::Primary(_) => {
                let values = self
                    .key_of(place)
                    .ok_or_else(|| ReadError(format!("{name} is gone")))?;
                statement
                    .query(rusqlite::params_from_iter(values))
                    .map_err(fail)?
            }
        };
        let row = rows
            .next()
            .map_err(fail)?
            .ok_or_else(|| ReadError(format!("{name} is gone")))?;
        Ok(self.event(row, place, bound, want, &name))
    }

    /// The key to begin at, and how many rows after it.
    fn key_of(&self, place: Place) -> Option<Vec<Value>> {
        let rank = u64::try_from(place.0).ok()?;
        let keys = self.keys.read().unwrap_or_else(PoisonError::into_inner);
        let mut values = keys.get(usize::try_from(rank / KEYS_EVERY).ok()?)?.clone();
        values.push(Value::Integer(i64::try_from(rank % KEYS_EVERY).ok()?));
        Some(values)
    }

    fn event(
        &self,
        row: &Row<'_>,
        place: Place,
        bound: &Bound,
        want: Want,
        name: &str,
    ) -> EventDetail {
        let cell = |column| row.get_ref(column).map_or(Cell::Null, cell_of);
        let mut event = detail(&self.format, bound, cell, want);
        if want != Want::Data {
            let has_rowid = matches!(self.key, RowKey::RowId(_));
            if !bound.has(Role::Position) && has_rowid {
                event.store_position = Some(place.0.to_string());
            }
            name.clone_into(&mut event.source);
        }
        event
    }
}
