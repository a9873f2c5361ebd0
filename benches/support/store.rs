//! A made-up store in SQLite, and the bare scan of it that opening is held against.

use std::hint::black_box;
use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags, params};

use super::{Numbers, TYPES};

/// A store of usual columns: 100,000 streams of very different length, payloads of about 240 bytes.
pub fn make_store(path: &Path, n_events: u64) -> rusqlite::Result<()> {
    let mut connection = Connection::open(path)?;
    connection.execute_batch(
        "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;
         CREATE TABLE events (global_position INTEGER PRIMARY KEY, stream_id TEXT NOT NULL, stream_version INTEGER NOT NULL,
           event_id TEXT NOT NULL, type TEXT NOT NULL, data TEXT NOT NULL, metadata TEXT NOT NULL, created_at INTEGER NOT NULL);",
    )?;
    let mut numbers = Numbers(1);
    let mut versions = vec![0_i64; 100_000];
    let mut time = 1_700_000_000_000_000_i64;
    let writing = connection.transaction()?;
    {
        let mut insert = writing.prepare("INSERT INTO events VALUES (?,?,?,?,?,?,?,?)")?;
        for position in 1..=n_events {
            let stream = usize::try_from(numbers.skewed(100_000)).unwrap_or(0);
            versions[stream] += 1;
            time += i64::try_from(numbers.below(2_000_000)).unwrap_or(0);
            let name = format!("{}-{stream}", ["order", "account", "sensor"][stream % 3]);
            let id = format!("{:016x}-{:016x}", numbers.next(), numbers.next());
            let data = format!(
                "{{\"amount\":{}.{:02},\"status\":\"open\",\"note\":\"{:0>150}\",\"by\":\"user-{}\"}}",
                numbers.below(10_000),
                numbers.below(100),
                numbers.next(),
                numbers.below(500)
            );
            let metadata = format!(
                "{{\"correlationId\":\"{:016x}\",\"user\":\"u-{}\"}}",
                numbers.next(),
                numbers.below(900)
            );
            let event_type = TYPES[usize::try_from(numbers.below(12)).unwrap_or(0)];
            insert.execute(params![
                position.cast_signed(),
                name,
                versions[stream],
                id,
                event_type,
                data,
                metadata,
                time
            ])?;
        }
    }
    writing.commit()
}

/// The floor: the same columns through the same library, with the same flags and pragmas, looked at
/// and nothing more.
pub fn bare_scan(path: &Path) -> rusqlite::Result<u64> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_URI
        | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection =
        Connection::open_with_flags(format!("file:{}?immutable=1", path.display()), flags)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true)?;
    connection.set_limit(Limit::SQLITE_LIMIT_LENGTH, 64 << 20)?;
    connection.execute_batch("PRAGMA query_only=ON; PRAGMA cell_size_check=ON; PRAGMA mmap_size=0; PRAGMA temp_store=MEMORY;")?;
    connection.progress_handler(1000, Some(|| false))?;
    let sql = "SELECT global_position, stream_id, stream_version, type, created_at FROM events ORDER BY global_position";
    let mut statement = connection.prepare(sql)?;
    let mut rows = statement.query([])?;
    let mut n_rows = 0;
    while let Some(row) = rows.next()? {
        for column in 0..5 {
            black_box(row.get_ref(column)?);
        }
        n_rows += 1;
    }
    Ok(n_rows)
}
