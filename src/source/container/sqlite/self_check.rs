//! SQLite's own check of a database: its pages, its indexes, its constraints.

use rusqlite::Connection;

/// The most complaints that are listed.
const MAX_FAULTS: usize = 100;

/// Runs `PRAGMA integrity_check`: a walk over the whole database. `None` where it was stopped.
pub(super) fn run(
    connection: &Connection,
    cancel: &dyn Fn() -> bool,
) -> Option<(String, Vec<String>)> {
    let mut faults = Vec::new();
    if let Err(error) = gather(connection, &mut faults, cancel) {
        if cancel() {
            return None;
        }
        faults.push(format!("the check ended with an error: {error}"));
    }
    (!cancel()).then(|| ("SQLite integrity_check".to_owned(), faults))
}

fn gather(
    connection: &Connection,
    faults: &mut Vec<String>,
    cancel: &dyn Fn() -> bool,
) -> rusqlite::Result<()> {
    let mut statement = connection.prepare(&format!("PRAGMA integrity_check({MAX_FAULTS})"))?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let said: String = row.get(0)?;
        if said != "ok" {
            faults.push(said);
        }
        if cancel() {
            break;
        }
    }
    Ok(())
}
