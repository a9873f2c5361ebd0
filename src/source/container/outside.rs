//! Tables that hold no events, of a file that somebody holds states against.

use std::path::Path;
use std::sync::Arc;

use super::HEAD;
use super::{csv, sqlite};
use crate::source::OutsideTable;
use crate::source::bytes::Bytes;
use crate::source::error::Error;
use crate::source::evidence::{FoundFile, files_of};
use crate::source::progress::Progress;
use crate::source::recognize::{Kind, recognize};

/// Reads a table of a SQLite file that is no events.
pub(in crate::source) fn outside_table(
    path: &Path,
    table: &str,
    progress: &Arc<Progress>,
) -> Result<OutsideTable, Error> {
    let (files, head) = sqlite_head(path)?;
    sqlite::outside::read(path, (&head, &files), table, progress)
}

/// The tables of a SQLite file with their columns; none where it is another file.
pub(in crate::source) fn outside_tables(
    path: &Path,
    progress: &Arc<Progress>,
) -> Result<Vec<(String, Vec<String>)>, Error> {
    match sqlite_head(path) {
        Ok((files, head)) => sqlite::outside::tables(path, (&head, &files), progress),
        Err(Error::Unsupported(_)) => Ok(Vec::new()),
        Err(error) => Err(error),
    }
}

fn sqlite_head(path: &Path) -> Result<(Vec<FoundFile>, Vec<u8>), Error> {
    let files = files_of(path)?;
    let bytes = Bytes::open(&path.to_owned()).map_err(Error::io("open the file"))?;
    let head = bytes.head(HEAD).map_err(Error::io("read the file"))?;
    if recognize(&head, files.first().map_or(0, |file| file.bytes)) == Kind::Sqlite {
        return Ok((files, head));
    }
    Err(Error::Unsupported(
        "it is no SQLite file and has no tables".to_owned(),
    ))
}

/// Reads a text of rows that are no events.
pub(in crate::source) fn outside_text(
    path: &Path,
    name: &str,
    progress: &Arc<Progress>,
) -> Result<OutsideTable, Error> {
    files_of(path)?;
    let bytes = Bytes::open(&path.to_owned()).map_err(Error::io("open the file"))?;
    csv::outside::read(&bytes, name, progress)
}
