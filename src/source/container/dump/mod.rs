//! Dumps: the statements that make a database again, as `pg_dump`, `mysqldump` and `sqlite3 .dump`
//! write them. Nothing of them is run: rows are read out of `COPY` and `INSERT` and put into a private
//! SQLite database, which is then read as any other, so that whatever is known of a store there holds
//! for its dump too.
//!
//! `statements` cuts the text, `tokens` and `parse` read a statement, `rows` the lines of a COPY,
//! `load` fills the database. No more than one statement is held in memory.

mod load;
mod parse;
mod rows;
mod statements;
mod tables;
mod tokens;

use std::sync::Arc;

use super::input::Input;
use super::{Container, sqlite};
use crate::event::Problems;
use crate::source::OpenOptions;
use crate::source::bytes::Bytes;
use crate::source::error::Error;
use crate::source::evidence::FoundFile;
use crate::source::private::PrivateFolder;
use crate::source::progress::Progress;
use crate::source::survey::Looked;
use load::Loader;
pub(in crate::source) use tables::table_name;
pub(super) use tables::{look_tables, open_tables};

/// The name of the database in its private folder.
const FILE: &str = "dump.db";

/// Opens a dump: reads all of it into a private database first.
pub(super) fn open(
    bytes: Bytes,
    head: &[u8],
    files: Vec<FoundFile>,
    options: &OpenOptions,
    mut problems: Problems,
    packed: &str,
    progress: &Arc<Progress>,
) -> Result<Box<dyn Container>, Error> {
    let folder = filled(bytes, head, &mut problems, progress)?;
    let mut store = sqlite::open_made(folder, FILE, files, options, problems, progress)?;
    store.about().container = format!("sql-dump{packed}");
    Ok(store)
}

/// Looks into a dump, for the survey.
pub(super) fn look(bytes: Bytes, head: &[u8], progress: &Arc<Progress>) -> Result<Looked, Error> {
    let folder = filled(bytes, head, &mut Problems::default(), progress)?;
    sqlite::look_made(folder, FILE, progress)
}

/// A private folder with the database that the dump makes.
fn filled(
    bytes: Bytes,
    head: &[u8],
    problems: &mut Problems,
    progress: &Arc<Progress>,
) -> Result<PrivateFolder, Error> {
    let folder = PrivateFolder::new().map_err(Error::io("make a private folder"))?;
    progress.set_total(bytes.len().map_err(Error::io("look at the file"))?);
    let escapes = memchr::memmem::find(head, b"-- MySQL dump").is_some()
        || memchr::memmem::find(head, b"-- MariaDB dump").is_some();
    let mut loader = Loader::new(&folder.path().join(FILE), problems)?;
    let mut statements = statements::Statements::new(Input::new(bytes), escapes);
    while let Some(found) = statements.next(&mut loader)? {
        if progress.is_cancelled() {
            return Err(Error::Cancelled);
        }
        progress.set_done(found);
    }
    loader.finish()?;
    Ok(folder)
}
