//! SQLite databases: opened so that neither they nor their folder change, read by rows.

mod beside;
mod connect;
mod find;
mod follow;
mod glance;
mod heads;
mod items;
mod later;
mod live;
mod look;
mod ocel;
pub(super) mod outside;
mod part;
mod query;
mod reader;
mod salvage;
mod scan;
mod schema;
mod self_check;
mod shared;
mod side;
mod store;

use std::path::Path;
use std::sync::{Arc, Mutex};

use rusqlite::Connection;

use super::{Container, asked_format};
use crate::event::Problems;
use crate::source::OpenOptions;
use crate::source::error::Error;
use crate::source::evidence::FoundFile;
use crate::source::private::PrivateFolder;
use crate::source::progress::Progress;
use crate::source::survey::Looked;
pub(super) use follow::follow;
pub(in crate::source::container) use live::identity;

/// The name of the database in which an object-centric log is gathered.
const OCEL: &str = "ocel.db";

/// Opens a database in a file.
pub(super) fn open_file(
    path: &Path,
    head: &[u8],
    files: Vec<FoundFile>,
    options: &OpenOptions,
    progress: &Arc<Progress>,
) -> Result<Box<dyn Container>, Error> {
    let mut problems = Problems::default();
    let place = side::find_place(path, head, &files, &mut problems)?;
    let known = problems
        .items()
        .first()
        .map(|problem| problem.message.clone());
    let opened = place.opened.clone();
    let connection =
        connect::open_read_only(&place, progress).map_err(|error| explain(error, known.clone()))?;
    if ocel::is_ocel(&connection) {
        let folder = PrivateFolder::new().map_err(Error::io("make a private folder"))?;
        ocel::gather(&connection, &folder.path().join(OCEL), progress)?;
        return open_made(folder, OCEL, files, options, problems, progress);
    }
    let store = store::open(connection, options, opened, files, problems)
        .map_err(|error| explain(error, known))?;
    Ok(Box::new(store.with_place(place)))
}

/// Opens a database that a script of ours makes in memory.
pub(super) fn open_script(
    name: &str,
    sql: &str,
    options: &OpenOptions,
) -> Result<Box<dyn Container>, Error> {
    let connection = Connection::open_in_memory()?;
    connection.execute_batch(sql)?;
    let file = FoundFile::in_memory(name, sql.as_bytes());
    let shared = Arc::new(Mutex::new(connection));
    let store = store::open_shared(
        shared,
        options,
        "in memory".to_owned(),
        vec![file],
        Problems::default(),
    )?;
    Ok(Box::new(store))
}

/// Opens a database that was made in a private folder of ours, which lives as long as it is read.
pub(super) fn open_made(
    folder: PrivateFolder,
    file: &str,
    files: Vec<FoundFile>,
    options: &OpenOptions,
    problems: Problems,
    progress: &Arc<Progress>,
) -> Result<Box<dyn Container>, Error> {
    let place = side::StorePlace::made(folder, file);
    let connection = connect::open_read_only(&place, progress)?;
    let opened = "read-only".to_owned();
    let store = store::open(connection, options, opened, files, problems)?;
    Ok(Box::new(store.with_place(place).by_positions()))
}

/// Looks into a database that was made in a private folder of ours.
pub(super) fn look_made(
    folder: PrivateFolder,
    file: &str,
    progress: &Arc<Progress>,
) -> Result<Looked, Error> {
    let place = side::StorePlace::made(folder, file);
    look::look(&connect::open_read_only(&place, progress)?)
}

/// Looks into a database in a file.
pub(super) fn look_file(
    path: &Path,
    head: &[u8],
    files: &[FoundFile],
    progress: &Arc<Progress>,
) -> Result<Looked, Error> {
    let place = side::find_place(path, head, files, &mut Problems::default())?;
    let connection = connect::open_read_only(&place, progress)?;
    look::look(&connection)
}

/// Looks into a database that a script of ours makes in memory.
pub(super) fn look_script(sql: &str) -> Result<Looked, Error> {
    let connection = Connection::open_in_memory()?;
    connection.execute_batch(sql)?;
    look::look(&connection)
}

/// What was found wrong with the file belongs to the sentence that says why it cannot be read.
fn explain(error: Error, known: Option<String>) -> Error {
    match (error, known) {
        (Error::Sqlite(why), Some(known)) => Error::Sqlite(format!("{why}; {known}")),
        (error, _) => error,
    }
}

/// An identifier as SQL: in double quotes, quotes in it doubled.
fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}
