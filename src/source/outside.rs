//! Tables that are no events: a read model in the store itself or in another file, read to be held
//! against states.

use std::path::Path;
use std::sync::Arc;

use super::error::Error;
use super::progress::Progress;

/// The most bytes that the values of one table take.
pub(super) const MAX_BYTES: usize = 512 << 20;
/// The most rows.
pub(super) const MAX_ROWS: usize = 5_000_000;

/// A table as text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OutsideTable {
    /// Its name, or that of its file.
    pub name: String,
    /// The names of its columns.
    pub columns: Vec<String>,
    /// Its rows, each as long as the columns; `None` is NULL, or an empty field without quotes.
    pub rows: Vec<Vec<Option<Box<str>>>>,
}

/// The rows so far, with the limit on what they may take.
#[derive(Debug)]
pub(super) struct Gathering {
    pub(super) table: OutsideTable,
    n_bytes: usize,
}

impl Gathering {
    /// No rows yet of a table with these columns.
    pub(super) fn new(name: &str, columns: Vec<String>) -> Self {
        Self {
            table: OutsideTable {
                name: name.to_owned(),
                columns,
                rows: Vec::new(),
            },
            n_bytes: 0,
        }
    }

    pub(super) fn push(&mut self, row: Vec<Option<Box<str>>>) -> Result<(), Error> {
        let n_bytes: usize = row.iter().flatten().map(|value| value.len()).sum();
        self.n_bytes += n_bytes + row.len() * size_of::<Option<Box<str>>>();
        if self.n_bytes > MAX_BYTES || self.table.rows.len() >= MAX_ROWS {
            return Err(Error::Unsupported(format!(
                "the table {} is too large to be held against states: more than {MAX_ROWS} rows or \
                 512 MB",
                self.table.name
            )));
        }
        self.table.rows.push(row);
        Ok(())
    }
}

/// Reads a whole table: that of a text with a row of names and delimiters where `table` is `None`, else
/// the one of that name in a SQLite file. At most five million rows or 512 MB.
pub fn read_outside(
    path: &Path,
    table: Option<&str>,
    progress: &Arc<Progress>,
) -> Result<OutsideTable, Error> {
    let name = path.file_name().map_or_else(
        || path.display().to_string(),
        |name| name.to_string_lossy().into_owned(),
    );
    match table {
        Some(table) => super::container::outside_table(path, table, progress),
        None => super::container::outside_text(path, &name, progress),
    }
}

/// The names of the tables of a SQLite file with those of their columns; none where it is another file.
pub fn outside_tables(
    path: &Path,
    progress: &Arc<Progress>,
) -> Result<Vec<(String, Vec<String>)>, Error> {
    super::container::outside_tables(path, progress)
}
