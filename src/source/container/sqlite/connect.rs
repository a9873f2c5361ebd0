//! Opens a connection for files that nobody vouches for: nothing is written, run, loaded or followed.

use std::path::Path;
use std::sync::Arc;

use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags};

use super::side::StorePlace;
use crate::source::error::Error;
use crate::source::progress::Progress;

/// After how many steps of SQLite's machine the wish to stop is looked at.
const STEPS_BETWEEN_LOOKS: i32 = 1000;
/// The most memory that SQLite may take.
const MAX_HEAP: i64 = 512 << 20;

/// Opens the database at a place decided before.
pub(super) fn open_read_only(
    place: &StorePlace,
    progress: &Arc<Progress>,
) -> Result<Connection, Error> {
    if place.rolls_back {
        // The copy is ours: SQLite undoes the transaction in it as soon as it is read.
        let connection = Connection::open(&place.path)?;
        harden(&connection, false)?;
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
    }
    let is_in_place = place.copy.is_none();
    let query = if is_in_place { "immutable=1" } else { "" };
    let uri = uri_with(&place.path, query);
    // A private copy is opened for writing, or its WAL could not be read; queries still cannot write.
    let access = if is_in_place {
        OpenFlags::SQLITE_OPEN_READ_ONLY
    } else {
        OpenFlags::SQLITE_OPEN_READ_WRITE
    };
    let flags = access | OpenFlags::SQLITE_OPEN_URI | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(uri, flags)?;
    harden(&connection, true)?;
    let progress = Arc::clone(progress);
    connection.progress_handler(STEPS_BETWEEN_LOOKS, Some(move || progress.is_cancelled()))?;
    Ok(connection)
}

/// Takes from a connection all that reading rows does not need.
pub(super) fn harden(connection: &Connection, is_query_only: bool) -> Result<(), Error> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_TRUSTED_SCHEMA, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_TRIGGER, false)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_VIEW, false)?;
    for (limit, value) in [
        (Limit::SQLITE_LIMIT_LENGTH, 64 << 20),
        (Limit::SQLITE_LIMIT_ATTACHED, 0),
        (Limit::SQLITE_LIMIT_SQL_LENGTH, 100_000),
        (Limit::SQLITE_LIMIT_VDBE_OP, 250_000),
        (Limit::SQLITE_LIMIT_TRIGGER_DEPTH, 10),
        (Limit::SQLITE_LIMIT_WORKER_THREADS, 0),
    ] {
        connection.set_limit(limit, value)?;
    }
    connection.execute_batch(&format!(
        "PRAGMA query_only={}; PRAGMA cell_size_check=ON; PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY; \
         PRAGMA hard_heap_limit={MAX_HEAP};",
        if is_query_only { "ON" } else { "OFF" }
    ))?;
    Ok(())
}

/// A path as SQLite's URI, every unusual byte escaped, with what is asked of SQLite.
pub(super) fn uri_with(path: &Path, query: &str) -> String {
    use std::fmt::Write as _;
    let text = path.as_os_str().as_encoded_bytes();
    let mut uri = "file:".to_owned();
    if cfg!(windows) {
        uri.push('/');
    }
    for byte in text {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'/' | b'.' | b'_' | b'-' | b'~' => {
                uri.push(char::from(*byte));
            }
            b'\\' if cfg!(windows) => uri.push('/'),
            b':' if cfg!(windows) => uri.push(':'),
            _ => {
                write!(uri, "%{byte:02x}").ok();
            }
        }
    }
    if !query.is_empty() {
        uri.push('?');
        uri.push_str(query);
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unusual_names_are_escaped_in_uris() {
        assert_eq!(
            uri_with(Path::new("/a b/ü?#%.db"), "immutable=1"),
            "file:/a%20b/%c3%bc%3f%23%25.db?immutable=1"
        );
    }
}
