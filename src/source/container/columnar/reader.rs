//! Reads single rows by their number.

use std::fs::File;
use std::ops::ControlFlow;
use std::sync::Arc;

use super::Table;
use super::kept::{self, Kept};
use super::row::Row;
use crate::event::{EventDetail, EventReader, Place, ReadError, Want};
use crate::source::bound::Bound;
use crate::source::cell::Cell;
use crate::source::detail::{detail, roles_for};
use crate::source::format::StoreFormat;

/// Reads rows again where the scan found them.
pub(super) struct RowReader {
    pub(super) table: Arc<dyn Table>,
    pub(super) names: Arc<[String]>,
    pub(super) format: StoreFormat,
    pub(super) kept: Arc<Kept>,
    pub(super) file: String,
    /// Whether the file says itself how many rows it has.
    pub(super) counts_rows: bool,
}

impl EventReader for RowReader {
    fn read(
        &self,
        places: &[Place],
        want: Want,
        each: &mut dyn FnMut(usize, Result<EventDetail, ReadError>) -> bool,
    ) {
        let mut bound = Bound::new(&self.format, roles_for(want));
        if want.is_whole() {
            bound = bound.with_extra(&self.format, self.names.iter().map(String::as_str));
        }
        let place = |name: &String| self.names.iter().position(|known| known == name);
        let columns: Vec<Option<usize>> = bound.columns.iter().map(place).collect();
        let (mut file, mut text) = (None, Vec::new());
        for (n, place) in places.iter().enumerate() {
            let row = u64::try_from(place.at).unwrap_or(u64::MAX);
            let event = self.row(row, &mut file, &mut text).map(|()| {
                let cells = kept::cells_of(&text);
                let get = |column: usize| {
                    let cell = columns.get(column).copied().flatten();
                    let cell = cell.and_then(|column| cells.get(column));
                    cell.copied().unwrap_or(Cell::Null)
                };
                let mut event = detail(&self.format, &bound, get, want);
                if want.is_whole() {
                    event.source = format!("{} row {}", self.file, row + 1);
                }
                event
            });
            if !each(n, event) {
                return;
            }
        }
    }

    fn recount(&self) -> Option<u64> {
        self.counts_rows.then(|| self.table.runs().iter().sum())
    }
}

impl RowReader {
    /// Puts a row as it is kept into `text`; decodes the rows around it first where that was not done.
    fn row(&self, row: u64, file: &mut Option<File>, text: &mut Vec<u8>) -> Result<(), ReadError> {
        let gone = |why: &dyn std::fmt::Display| {
            ReadError(format!(
                "row {} cannot be read: {why}",
                row.saturating_add(1)
            ))
        };
        let blocks = self.table.blocks();
        let number = blocks.partition_point(|block| block.first + block.n_rows <= row);
        let block = blocks.get(number).filter(|block| block.first <= row);
        let block = block.ok_or_else(|| gone(&"the table has no such row"))?;
        let place = match self.kept.find(number) {
            Some(place) => place,
            None => self.decode(number).map_err(|why| gone(&why))?,
        };
        let file = match file {
            Some(file) => file,
            none => none.insert(self.kept.file().map_err(|error| gone(&error))?),
        };
        kept::read_row(file, place, row - block.first, text).map_err(|error| gone(&error))?;
        if text.is_empty() {
            return Err(gone(&"it is longer than 64 MiB"));
        }
        Ok(())
    }

    /// Decodes a block and keeps it.
    fn decode(&self, number: usize) -> Result<kept::Place, String> {
        let mut decoded = kept::Block::default();
        self.table.read_block(number, &mut |batch| {
            let mut row = Row::of(batch);
            for at in 0..batch.num_rows() {
                row.go_to(at);
                decoded.add(&row);
            }
            ControlFlow::Continue(())
        })?;
        let kept = self.kept.keep(number, &decoded);
        kept.map_err(|error| error.to_string())
    }
}
