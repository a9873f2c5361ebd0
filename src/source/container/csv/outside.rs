//! A text of rows that are no events, with its columns named in the first of them.

use std::ops::ControlFlow;

use super::dialect::layout_of;
use super::record::bare;
use super::split::Quoting;
use super::walk::{At, Met, Row, Walk};
use crate::source::bytes::Bytes;
use crate::source::cell::Cell;
use crate::source::error::Error;
use crate::source::outside::{Gathering, OutsideTable};
use crate::source::progress::Progress;

/// How much of the text is looked at to see how it is split.
const HEAD: usize = 1 << 20;

/// Reads all rows; the error of a row that is lost names its line.
pub(in crate::source::container) fn read(
    bytes: &Bytes,
    name: &str,
    progress: &Progress,
) -> Result<OutsideTable, Error> {
    let head = bytes.head(HEAD).map_err(Error::io("read the file"))?;
    let is_whole = head.len() < HEAD;
    let Some(layout) = layout_of(&head, is_whole) else {
        let why = format!("{name} is no table of rows with delimiters");
        return Err(Error::Unsupported(why));
    };
    let mut gathering = Gathering::new(name, Vec::new());
    let mut failed = None;
    let walk = Walk::new(bytes, layout.dialect, progress);
    let start = At {
        offset: layout.start as u64,
        line: layout.line,
    };
    walk.run(start, &mut |met| {
        let taken = match met {
            Met::Lost(line, ..) => Err(Error::Unsupported(format!(
                "line {line} of {name} cannot be read: its quotes do not close"
            ))),
            Met::Row(row) => take(&mut gathering, layout.dialect, &row),
        };
        match taken {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failed = Some(error);
                ControlFlow::Break(())
            }
        }
    })?;
    match failed {
        Some(error) => Err(error),
        None => Ok(gathering.table),
    }
}

fn take(
    gathering: &mut Gathering,
    dialect: super::split::Dialect,
    row: &Row<'_>,
) -> Result<(), Error> {
    let values = row.spans.iter().map(|span| {
        let value = dialect.value(row.text, *span);
        let is_null = span.quoting == Quoting::Bare && bare(&value) == Cell::Null;
        (!is_null).then(|| Box::<str>::from(String::from_utf8_lossy(&value)))
    });
    let mut values: Vec<Option<Box<str>>> = values.collect();
    if gathering.table.columns.is_empty() {
        let names = values
            .into_iter()
            .map(|name| name.unwrap_or_default().into());
        gathering.table.columns = names.collect();
        return Ok(());
    }
    values.resize(gathering.table.columns.len(), None);
    gathering.push(values)
}
