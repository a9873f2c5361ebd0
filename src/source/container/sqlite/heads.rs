//! The versions that a store itself notes as the last of its streams, in a table beside the events.

use rusqlite::Connection;
use rusqlite::types::ValueRef;

use super::quoted;
use super::schema::Schema;
use crate::event::StreamHeads;

/// Tables of streams with their columns of names and of last versions.
const KNOWN: [[&str; 3]; 6] = [
    ["mt_streams", "id", "version"],
    ["pc_streams", "id", "version"],
    ["eventuous_streams", "stream_name", "version"],
    ["streams", "StreamName", "Version"],
    ["streams", "stream_uuid", "stream_version"],
    ["emt_streams", "stream_id", "stream_position"],
];
/// How many streams are read.
const MOST: usize = 5_000_000;

/// Reads what the store notes, where it has one of these tables.
pub(super) fn read(connection: &Connection, cancel: &dyn Fn() -> bool) -> Option<StreamHeads> {
    let schema = Schema::read(connection).ok()?;
    let has = |known: &&[&str; 3]| {
        let [table, name, version] = known;
        let table = schema.table(table);
        table.is_some_and(|table| table.has(name) && table.has(version))
    };
    let [table, name, version] = KNOWN.iter().find(has)?;
    let sql = format!(
        "SELECT {}, {} FROM {} LIMIT {MOST}",
        quoted(name),
        quoted(version),
        quoted(table)
    );
    let mut heads = StreamHeads {
        table: (*table).to_owned(),
        heads: Vec::new(),
    };
    let mut statement = connection.prepare(&sql).ok()?;
    let mut rows = statement.query([]).ok()?;
    while let Ok(Some(row)) = rows.next() {
        if cancel() {
            return None;
        }
        let name = match row.get_ref(0).ok()? {
            ValueRef::Text(text) => String::from_utf8_lossy(text).into_owned(),
            ValueRef::Integer(number) => number.to_string(),
            _ => continue,
        };
        if let ValueRef::Integer(version) = row.get_ref(1).ok()? {
            heads.heads.push((name, version));
        }
    }
    Some(heads)
}
