//! Rows that were decoded, kept in a temporary file without a name so that each is decoded once.
//!
//! A block is a table of offsets and the rows behind it; a row is its cells, each with a byte for what
//! it is.

use std::fs::File;
use std::io::{self, Seek as _, SeekFrom, Write as _};
use std::sync::{Mutex, PoisonError};

use super::row::Row;
use crate::source::bytes::file_read_at;
use crate::source::cell::Cell;
use crate::source::container::json::MAX_RECORD;

/// The kept blocks of a table.
#[derive(Default)]
pub(super) struct Kept(Mutex<Blocks>);

#[derive(Default)]
struct Blocks {
    file: Option<File>,
    end: u64,
    /// Where each block lies that is kept.
    places: Vec<Option<Place>>,
}

/// Where a block lies.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    at: u64,
    n_rows: u32,
}

impl Kept {
    /// Where a block lies, if it is kept.
    pub(super) fn find(&self, number: usize) -> Option<Place> {
        let blocks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        blocks.places.get(number).copied().flatten()
    }

    /// Keeps a block, if nobody else has kept it meanwhile.
    pub(super) fn keep(&self, number: usize, block: &Block) -> io::Result<Place> {
        let mut blocks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(place) = blocks.places.get(number).copied().flatten() {
            return Ok(place);
        }
        let at = blocks.end;
        let file = match &mut blocks.file {
            Some(file) => file,
            none => none.insert(tempfile::tempfile()?),
        };
        file.seek(SeekFrom::Start(at))?;
        for end in &block.ends {
            file.write_all(&end.to_le_bytes())?;
        }
        file.write_all(&block.bytes)?;
        let n_rows = u32::try_from(block.ends.len()).map_err(io::Error::other)?;
        let place = Place { at, n_rows };
        blocks.end = at + block.ends.len() as u64 * 8 + block.bytes.len() as u64;
        if blocks.places.len() <= number {
            blocks.places.resize(number + 1, None);
        }
        if let Some(slot) = blocks.places.get_mut(number) {
            *slot = Some(place);
        }
        Ok(place)
    }

    /// A file for reading what is kept, which many may do at once.
    pub(super) fn file(&self) -> io::Result<File> {
        let blocks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match &blocks.file {
            Some(file) => file.try_clone(),
            None => Err(io::ErrorKind::NotFound.into()),
        }
    }
}

/// Reads a row of a kept block; an empty one is one that was too long to be kept.
pub(super) fn read_row(file: &File, place: Place, row: u64, out: &mut Vec<u8>) -> io::Result<()> {
    let mut ends = [0; 16];
    let from = if row == 0 { 8 } else { 0 };
    let at = place.at + (row * 8).saturating_sub(8);
    if row >= u64::from(place.n_rows) {
        return Err(io::ErrorKind::NotFound.into());
    }
    let wanted = ends.get_mut(from..).unwrap_or_default();
    if file_read_at(file, wanted, at)? < 16 - from {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    let number = |half: &[u8]| half.try_into().map_or(0, u64::from_le_bytes);
    let (start, end) = (number(&ends[..8]), number(&ends[8..]));
    let len = usize::try_from(end.saturating_sub(start)).map_err(io::Error::other)?;
    out.clear();
    out.resize(len, 0);
    let rows = place.at + u64::from(place.n_rows) * 8;
    if file_read_at(file, out, rows + start)? < len {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    Ok(())
}

/// A block on its way to be kept.
#[derive(Default)]
pub(super) struct Block {
    bytes: Vec<u8>,
    /// Where each row ends.
    ends: Vec<u64>,
}

/// What a cell is.
mod tag {
    pub(super) const NULL: u8 = 0;
    pub(super) const INT: u8 = 1;
    pub(super) const REAL: u8 = 2;
    pub(super) const TEXT: u8 = 3;
    pub(super) const BLOB: u8 = 4;
    pub(super) const JSON: u8 = 5;
}

impl Block {
    /// Adds a row; one that is longer than a record may be is kept as empty.
    pub(super) fn add(&mut self, row: &Row<'_>) {
        let start = self.bytes.len();
        for column in 0..row.len() {
            self.cell(row.get(column));
        }
        if row.is_too_long() || (self.bytes.len() - start) as u64 > MAX_RECORD {
            self.bytes.truncate(start);
        }
        self.ends.push(self.bytes.len() as u64);
    }

    fn cell(&mut self, cell: Cell<'_>) {
        let (tag, bytes) = match cell {
            Cell::Null => return self.bytes.push(tag::NULL),
            Cell::Int(number) => {
                self.bytes.push(tag::INT);
                return self.bytes.extend(number.to_le_bytes());
            }
            Cell::Real(number) => {
                self.bytes.push(tag::REAL);
                return self.bytes.extend(number.to_le_bytes());
            }
            Cell::Time(read) => return self.cell(Cell::Text(read.text().as_bytes())),
            Cell::Text(bytes) => (tag::TEXT, bytes),
            Cell::Blob(bytes) => (tag::BLOB, bytes),
            Cell::Json(bytes) => (tag::JSON, bytes),
        };
        self.bytes.push(tag);
        self.bytes.extend((bytes.len() as u64).to_le_bytes());
        self.bytes.extend_from_slice(bytes);
    }
}

/// The cells of a row as it is kept.
pub(super) fn cells_of(mut row: &[u8]) -> Vec<Cell<'_>> {
    let mut cells = Vec::new();
    while let Some((cell, rest)) = next_cell(row) {
        cells.push(cell);
        row = rest;
    }
    cells
}

fn next_cell(row: &[u8]) -> Option<(Cell<'_>, &[u8])> {
    let (tag, rest) = row.split_first()?;
    if *tag == tag::NULL {
        return Some((Cell::Null, rest));
    }
    let (number, rest) = rest.split_first_chunk::<8>()?;
    match *tag {
        tag::INT => return Some((Cell::Int(i64::from_le_bytes(*number)), rest)),
        tag::REAL => return Some((Cell::Real(f64::from_le_bytes(*number)), rest)),
        _ => {}
    }
    let len = usize::try_from(u64::from_le_bytes(*number)).ok()?;
    let (bytes, rest) = rest.split_at_checked(len)?;
    let cell = match *tag {
        tag::TEXT => Cell::Text(bytes),
        tag::BLOB => Cell::Blob(bytes),
        _ => Cell::Json(bytes),
    };
    Some((cell, rest))
}
