//! Rows as comma-separated values: RFC 4180, UTF-8, lines that end with CR and LF, cells guarded
//! ([`super::guarded`]). Nothing is an empty cell, an empty text `""`.

use std::io::Write;

use super::cells::write_cell;
use super::error::Error;
use super::value::{Column, Value};
use crate::event::Zone;

/// Writes rows of one table.
#[derive(Debug)]
pub(super) struct CsvRows<W: Write> {
    out: W,
    zone: Zone,
    line: String,
}

impl<W: Write> CsvRows<W> {
    /// Begins with a line of names.
    pub(super) fn begin(out: W, columns: &[Column], zone: Zone) -> Result<Self, Error> {
        let mut rows = Self {
            out,
            zone,
            line: String::new(),
        };
        let names = columns
            .iter()
            .map(|column| Value::Text(column.name.as_ref().into()));
        rows.row(&names.collect::<Vec<_>>())?;
        Ok(rows)
    }

    pub(super) fn row(&mut self, values: &[Value<'_>]) -> Result<(), Error> {
        self.line.clear();
        for (n, value) in values.iter().enumerate() {
            if n > 0 {
                self.line.push(',');
            }
            write_cell(value.written(self.zone).as_deref(), &mut self.line);
        }
        self.line.push_str("\r\n");
        Ok(self.out.write_all(self.line.as_bytes())?)
    }

    pub(super) fn finish(mut self) -> Result<(), Error> {
        Ok(self.out.flush()?)
    }
}
