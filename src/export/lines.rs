//! Rows as JSON Lines: one object a line, keys in the order of the columns, what is missing left out.

use std::io::Write;

use super::error::Error;
use super::value::{Column, Kind, Value};
use crate::event::Zone;
use crate::event::json::{minify, quote};

/// Writes rows of one table.
#[derive(Debug)]
pub(super) struct LineRows<W: Write> {
    out: W,
    columns: Vec<Column>,
    line: String,
}

impl<W: Write> LineRows<W> {
    pub(super) fn begin(out: W, columns: &[Column]) -> Self {
        Self {
            out,
            columns: columns.to_vec(),
            line: String::new(),
        }
    }

    pub(super) fn row(&mut self, values: &[Value<'_>]) -> Result<(), Error> {
        let line = &mut self.line;
        line.clear();
        line.push('{');
        for (column, value) in self.columns.iter().zip(values) {
            let Some(text) = value.written(Zone::Utc) else {
                continue;
            };
            if line.len() > 1 {
                line.push(',');
            }
            quote(&column.name, line);
            line.push(':');
            match value {
                Value::Text(json) if column.kind == Kind::Json => line.push_str(&minify(json)),
                Value::Missing | Value::Text(_) | Value::Time(..) => quote(&text, line),
                Value::Whole(_) | Value::Number(_) | Value::Flag(_) => line.push_str(&text),
            }
        }
        line.push_str("}\n");
        Ok(self.out.write_all(line.as_bytes())?)
    }

    pub(super) fn finish(mut self) -> Result<(), Error> {
        Ok(self.out.flush()?)
    }
}
