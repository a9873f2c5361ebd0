//! The later half of a table's rows, read by a connection of its own.
//!
//! Where opening goes is a third to stepping over rows in SQLite's machine and a third to adding
//! events, for one connection both on one thread; a second thread that only added what the first one
//! stepped over would save less than a half. Two walks over halves of the row ids share both, and no
//! row is passed from thread to thread.

use std::sync::Arc;

use rusqlite::Connection;

use super::connect;
use super::part::{Part, RowKey};
use super::quoted;
use super::scan::walk_later;
use super::side::StorePlace;
use crate::source::container::Later;
use crate::source::format::Role;
use crate::source::progress::Progress;

/// Where the later half of a part begins, where its rows can be read in two halves: in the order of
/// row ids, each by itself.
pub(super) fn middle(connection: &Connection, part: &Part) -> Option<i64> {
    let RowKey::RowId(name) = &part.key else {
        return None;
    };
    // What is gathered from joined tables first would be gathered twice.
    if is_sorted(part) || !part.picks.is_empty() {
        return None;
    }
    let table = quoted(&part.table.name);
    let end = |which: &str| -> Option<i64> {
        let sql = format!("SELECT {which}({name}) FROM main.{table}");
        connection.query_row(&sql, [], |row| row.get(0)).ok()
    };
    let (first, last) = (end("min")?, end("max")?);
    let half = last.checked_sub(first)? / 2;
    (half > 0).then_some(first + half)
}

/// Whether rows are sorted by their positions before they are read. Where the position is the row id by
/// another name they lie in their order, and if it only seemed so, the walks notice it.
fn is_sorted(part: &Part) -> bool {
    let position = part.format.fields(Role::Position).first();
    let column = position.and_then(|field| field.plain());
    let alias = part.table.rowid_alias();
    let is_row_id = column
        .zip(alias)
        .is_some_and(|(column, alias)| alias.eq_ignore_ascii_case(column));
    part.format.order_by_position && !is_row_id
}

/// The rows of a part whose ids are greater than `middle`.
pub(super) fn later(place: StorePlace, part: Part, middle: i64) -> Later {
    let place = place.rolled_back();
    Later::new(move |progress: &Arc<Progress>, sink| {
        let connection = connect::open_read_only(&place, progress).ok()?;
        walk_later(&connection, &part, middle, progress, sink)
    })
}
