//! Tables of a database that are no events.

use std::path::Path;
use std::sync::Arc;

use rusqlite::types::ValueRef;

use super::schema::Schema;
use super::{connect, quoted, side};
use crate::event::Problems;
use crate::source::error::Error;
use crate::source::evidence::FoundFile;
use crate::source::outside::{Gathering, OutsideTable};
use crate::source::progress::Progress;

/// Reads a table as text; the error of one that is not there names those that are.
pub(in crate::source::container) fn read(
    path: &Path,
    (head, files): (&[u8], &[FoundFile]),
    table: &str,
    progress: &Arc<Progress>,
) -> Result<OutsideTable, Error> {
    let place = side::find_place(path, head, files, &mut Problems::default())?;
    let connection = connect::open_read_only(&place, progress)?;
    let schema = Schema::read(&connection)?;
    let Some(found) = schema.table(table) else {
        let names: Vec<&str> = schema
            .tables
            .iter()
            .map(|table| table.name.as_str())
            .collect();
        return Err(Error::Unsupported(format!(
            "there is no table {table}; there are {}",
            names.join(", ")
        )));
    };
    let columns: Vec<String> = found.own_columns().map(str::to_owned).collect();
    let names: Vec<String> = columns.iter().map(|name| quoted(name)).collect();
    let sql = format!("SELECT {} FROM {}", names.join(", "), quoted(&found.name));
    let mut gathering = Gathering::new(&found.name, columns);
    let n_columns = names.len();
    let mut statement = connection.prepare(&sql)?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        if progress.is_cancelled() {
            return Err(Error::Cancelled);
        }
        let mut values = Vec::with_capacity(n_columns);
        for column in 0..n_columns {
            values.push(text_of(row.get_ref(column)?));
        }
        gathering.push(values)?;
    }
    Ok(gathering.table)
}

/// The tables with their columns.
pub(in crate::source::container) fn tables(
    path: &Path,
    (head, files): (&[u8], &[FoundFile]),
    progress: &Arc<Progress>,
) -> Result<Vec<(String, Vec<String>)>, Error> {
    let place = side::find_place(path, head, files, &mut Problems::default())?;
    let connection = connect::open_read_only(&place, progress)?;
    let schema = Schema::read(&connection)?;
    let named = schema.tables.iter().map(|table| {
        let columns = table.own_columns().map(str::to_owned).collect();
        (table.name.clone(), columns)
    });
    Ok(named.collect())
}

/// A value as text: numbers as they are written, bytes as hexadecimal digits.
fn text_of(value: ValueRef<'_>) -> Option<Box<str>> {
    match value {
        ValueRef::Null => None,
        ValueRef::Integer(number) => Some(number.to_string().into()),
        ValueRef::Real(number) => Some(number.to_string().into()),
        ValueRef::Text(text) => Some(String::from_utf8_lossy(text).into()),
        ValueRef::Blob(bytes) => match std::str::from_utf8(bytes) {
            Ok(text) => Some(text.into()),
            Err(_) => Some(crate::source::evidence::hex(bytes).into()),
        },
    }
}
