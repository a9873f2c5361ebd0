//! Tables in Parquet. What the file claims of itself is checked before the library takes memory for it.
//!
//! Texts and bytes are read as views of the pages, so that one long value that stands in many rows is
//! kept once.

use std::collections::HashMap;
use std::io::{self, Read};
use std::ops::Range;
use std::sync::{Arc, Mutex, PoisonError};

use arrow_schema::{DataType, Field, FieldRef, Fields, Schema, SchemaRef};
use parquet::arrow::arrow_reader::{
    ArrowReaderMetadata, ArrowReaderOptions, ParquetRecordBatchReader, RowSelection, RowSelector,
};
use parquet::arrow::{ProjectionMask, parquet_to_arrow_field_levels};
use parquet::basic::Encoding;
use parquet::errors::ParquetError;
use parquet::file::metadata::{ParquetMetaData, RowGroupMetaData};
use parquet::file::reader::{ChunkReader, Length};

use super::guard::{self, caught};
use super::pages::{Budget, GuardedGroup};
use super::thrift;
use super::{BatchSink, Block, Table};
use crate::source::bytes::Bytes;
use crate::source::error::Error;
use crate::source::progress::Progress;

/// How many rows the library gives at once, at most.
const BATCH: usize = 1024;
/// How much such rows hold, about.
const BATCH_BYTES: u64 = 8 << 20;
/// How many rows are kept together for those who read single rows.
const BLOCK: u64 = 16 * 1024;
/// How many texts that begin alike are read at once: they may be much longer than their pages.
const ALIKE: usize = 128;
/// How much the beginning of a page's header takes.
const PAGE_HEAD: usize = 512;

/// A table in Parquet.
pub(super) struct Parquet {
    chunks: Chunks,
    metadata: ArrowReaderMetadata,
    /// How many rows each group has.
    runs: Vec<u64>,
    blocks: Vec<Block>,
    /// For each block its group of rows, and its first row in it.
    within: Vec<(usize, usize)>,
    /// For each group of rows how many rows are read at once.
    batches: Vec<usize>,
}

fn refused(what: impl std::fmt::Display) -> Error {
    Error::Unsupported(format!("this Parquet file cannot be read: {what}"))
}

impl Parquet {
    /// Reads the footer.
    pub(super) fn open(bytes: Bytes, progress: &Progress) -> Result<Self, Error> {
        let len = whole_len(&bytes, progress)?;
        let footer = footer(&bytes, len)?;
        let claims =
            thrift::claims(&footer).ok_or_else(|| refused("its footer holds no schema"))?;
        if claims.n_elements > guard::MAX_ELEMENTS || claims.depth > guard::MAX_DEPTH {
            return Err(refused(format_args!(
                "its schema has {} elements, {} deep",
                claims.n_elements, claims.depth
            )));
        }
        let mut chunks = Chunks::new(bytes, len);
        let metadata = caught(|| {
            let plain = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
            let metadata = ArrowReaderMetadata::load(&chunks, plain)?;
            let views = ArrowReaderOptions::new().with_schema(viewed(metadata.schema()));
            let plain = metadata.metadata();
            ArrowReaderMetadata::try_new(Arc::clone(plain), views)
        });
        let metadata = metadata.map_err(refused)?;
        chunks.extents = Arc::new(extents(metadata.metadata()).map_err(refused)?);
        let mut table = Self {
            chunks,
            metadata,
            runs: Vec::new(),
            blocks: Vec::new(),
            within: Vec::new(),
            batches: Vec::new(),
        };
        table.cut_into_blocks(len)?;
        Ok(table)
    }

    fn cut_into_blocks(&mut self, len: u64) -> Result<(), Error> {
        let mut first = 0_u64;
        for (number, group) in self.metadata.metadata().row_groups().iter().enumerate() {
            let n_rows = u64::try_from(group.num_rows())
                .ok()
                .ok_or_else(|| refused("a group says to have fewer rows than none"))?;
            let n_bytes = u64::try_from(group.total_byte_size()).unwrap_or(0);
            if !guard::may_hold(len, first.saturating_add(n_rows)) {
                return Err(refused(format_args!(
                    "it says to have {} rows or more in {len} bytes",
                    first.saturating_add(n_rows)
                )));
            }
            let of_row = (n_bytes / n_rows.max(1)).max(1);
            let at_once = (BATCH_BYTES / of_row).clamp(1, BATCH as u64);
            let at_once = usize::try_from(at_once).unwrap_or(1);
            let most = if has_alike(group) { ALIKE } else { BATCH };
            self.batches.push(at_once.min(most));
            let step = (BATCH_BYTES / of_row).clamp(1, BLOCK);
            let mut from = 0;
            while from < n_rows {
                let count = step.min(n_rows - from);
                self.blocks.push(Block {
                    first: first + from,
                    n_rows: count,
                });
                self.within
                    .push((number, usize::try_from(from).unwrap_or(usize::MAX)));
                from += count;
            }
            self.runs.push(n_rows);
            first += n_rows;
        }
        Ok(())
    }

    /// Reads rows of a group, from one on so many of them, and hands over batch by batch.
    fn read(
        &self,
        group: usize,
        rows: Option<(usize, usize)>,
        columns: Option<&[usize]>,
        each: &mut BatchSink<'_>,
    ) -> Result<(), String> {
        let chunks = Chunks {
            behind: Arc::default(),
            ..self.chunks.clone()
        };
        let at_once = self.batches.get(group).copied().unwrap_or(1);
        let has_offset = rows.is_some_and(|(from, _)| from > 0);
        // Rows before the first one are passed over, and their lists' elements are counted as well.
        let passed = if has_offset {
            self.of_lists(group)
        } else {
            [0; 2]
        };
        let guarded = GuardedGroup {
            reader: Arc::new(chunks.clone()),
            metadata: Arc::clone(self.metadata.metadata()),
            group,
            at_once,
            unpacked: Budget::default(),
            grown: Budget::default(),
        };
        let mut reader = caught(|| {
            let schema = self.metadata.parquet_schema();
            let mask = columns.map_or_else(ProjectionMask::all, |columns| {
                ProjectionMask::roots(schema, columns.iter().copied())
            });
            let fields = self.metadata.schema().fields();
            let levels = parquet_to_arrow_field_levels(schema, mask, Some(fields))?;
            let selection = rows.map(|(from, count)| {
                RowSelection::from(vec![RowSelector::skip(from), RowSelector::select(count)])
            });
            ParquetRecordBatchReader::try_new_with_row_groups(&levels, &guarded, at_once, selection)
        })?;
        let mut passed = passed;
        loop {
            let [items, n_bytes] = std::mem::take(&mut passed);
            chunks.items.allow(guard::MAX_ITEMS + items);
            guarded.unpacked.allow(guard::MAX_PAGES + n_bytes);
            guarded.grown.allow(guard::MAX_GROWN);
            match caught(|| reader.next().transpose())? {
                Some(batch) if each(&batch).is_break() => return Ok(()),
                Some(_) => {}
                None => return Ok(()),
            }
        }
    }

    /// How many elements the lists of a group say to have, and how many bytes, but not more than is sane.
    fn of_lists(&self, group: usize) -> [u64; 2] {
        let group = self.metadata.metadata().row_groups().get(group);
        let columns = group.into_iter().flat_map(|group| group.columns());
        let lists = columns.filter(|column| column.column_descr().max_rep_level() > 0);
        let count = |number: i64| u64::try_from(number).unwrap_or(0);
        lists
            .map(|column| {
                [
                    count(column.num_values()),
                    count(column.uncompressed_size()),
                ]
            })
            .fold([0_u64; 2], |sum, one| {
                [sum[0].saturating_add(one[0]), sum[1].saturating_add(one[1])]
            })
            .map(|sum| sum.min(1 << 30))
    }
}

/// Whether a group has texts that are written by what they share with the one before.
fn has_alike(group: &RowGroupMetaData) -> bool {
    let mut columns = group.columns().iter();
    columns.any(|column| column.encodings_mask().is_set(Encoding::DELTA_BYTE_ARRAY))
}

impl Table for Parquet {
    fn schema(&self) -> &SchemaRef {
        self.metadata.schema()
    }

    fn runs(&self) -> &[u64] {
        &self.runs
    }

    fn scan(
        &self,
        run: usize,
        from: u64,
        columns: &[usize],
        each: &mut BatchSink<'_>,
    ) -> Result<(), String> {
        let n_rows = self.runs.get(run).copied().unwrap_or(0);
        let place = |row: u64| usize::try_from(row).unwrap_or(usize::MAX);
        let rows = (from > 0).then(|| (place(from), place(n_rows.saturating_sub(from))));
        self.read(run, rows, Some(columns), each)
    }

    fn blocks(&self) -> &[Block] {
        &self.blocks
    }

    fn read_block(&self, number: usize, each: &mut BatchSink<'_>) -> Result<(), String> {
        let (Some(block), Some((group, from))) =
            (self.blocks.get(number), self.within.get(number).copied())
        else {
            return Ok(());
        };
        let count = usize::try_from(block.n_rows).unwrap_or(usize::MAX);
        self.read(group, Some((from, count)), None, each)
    }
}

/// How long the file is; one that is unpacked on the way is unpacked to its end, for the footer is there.
fn whole_len(bytes: &Bytes, progress: &Progress) -> Result<u64, Error> {
    if let Bytes::Spool(spool) = bytes {
        let mut end = 0;
        while !spool.is_over() {
            if progress.is_cancelled() {
                return Err(Error::Cancelled);
            }
            end += 1 << 22;
            spool.fill_to(end).map_err(Error::io("read the file"))?;
        }
    }
    bytes.len().map_err(Error::io("look at the file"))
}

/// The footer's bytes.
fn footer(bytes: &Bytes, len: u64) -> Result<Vec<u8>, Error> {
    let mut tail = [0; 8];
    let start = len.saturating_sub(8);
    let count = bytes
        .read_at(&mut tail, start)
        .map_err(Error::io("read the file"))?;
    let [a, b, c, d, mark @ ..] = tail;
    if count == 8 && mark == *b"PARE" {
        return Err(refused("its footer is encrypted"));
    }
    if count < 8 || mark != *b"PAR1" {
        return Err(refused("it is cut off, for its footer is missing"));
    }
    let n_footer = u64::from(u32::from_le_bytes([a, b, c, d]));
    if n_footer + 12 > len || n_footer > guard::MAX_HEAD {
        return Err(refused(format_args!(
            "its footer says to be {n_footer} bytes long, and the file has {len}"
        )));
    }
    let mut footer = vec![0; usize::try_from(n_footer).unwrap_or(0)];
    bytes
        .read_at(&mut footer, start - n_footer)
        .map_err(Error::io("read the file"))?;
    Ok(footer)
}

/// The same columns, with texts and bytes as views.
fn viewed(schema: &SchemaRef) -> SchemaRef {
    let fields: Fields = schema.fields().iter().map(view).collect();
    Arc::new(Schema::new_with_metadata(fields, schema.metadata().clone()))
}

fn view(field: &FieldRef) -> FieldRef {
    let kind = match field.data_type() {
        DataType::Utf8 => DataType::Utf8View,
        DataType::Binary => DataType::BinaryView,
        DataType::Struct(fields) => DataType::Struct(fields.iter().map(view).collect()),
        DataType::List(item) => DataType::List(view(item)),
        DataType::Map(entries, is_sorted) => DataType::Map(view(entries), *is_sorted),
        other => other.clone(),
    };
    Arc::new(Field::clone(field).with_data_type(kind))
}

fn no_page() -> ParquetError {
    ParquetError::General("where a page should begin stands none".to_owned())
}

/// Where a column of a group of rows lies.
struct Extent {
    range: Range<u64>,
    /// Whether it has lists in it.
    has_lists: bool,
}

/// Where all columns lie, in the order of the file; an error where two of them lie in one place.
fn extents(metadata: &ParquetMetaData) -> Result<Vec<Extent>, String> {
    let mut extents = Vec::new();
    for column in metadata
        .row_groups()
        .iter()
        .flat_map(|group| group.columns())
    {
        let (start, len) = caught(|| Ok::<_, String>(column.byte_range()))?;
        extents.push(Extent {
            range: start..start.saturating_add(len),
            has_lists: column.column_descr().max_rep_level() > 0,
        });
    }
    extents.retain(|extent| !extent.range.is_empty());
    extents.sort_by_key(|extent| extent.range.start);
    let overlap = |pair: &[Extent]| matches!(pair, [a, b] if a.range.end > b.range.start);
    if extents.windows(2).any(overlap) {
        return Err("two of its columns lie in the same place".to_owned());
    }
    Ok(extents)
}

/// The file as the library reads it.
#[derive(Clone)]
struct Chunks {
    bytes: Bytes,
    len: u64,
    extents: Arc<Vec<Extent>>,
    /// For each column that is being read where the page behind the last header begins: the library
    /// reads some headers first and their pages later.
    behind: Arc<Mutex<HashMap<usize, u64>>>,
    /// How many elements of lists may still be read.
    items: Budget,
}

impl Chunks {
    fn new(bytes: Bytes, len: u64) -> Self {
        Self {
            bytes,
            len,
            extents: Arc::default(),
            behind: Arc::default(),
            items: Budget::default(),
        }
    }

    /// Looks at what a page claims; what lies outside of all columns is no page.
    fn check_page(&self, start: u64, head: &[u8]) -> Result<(), ParquetError> {
        let at = self.extents.partition_point(|one| one.range.end <= start);
        let extent = self
            .extents
            .get(at)
            .filter(|one| one.range.contains(&start));
        let Some(extent) = extent else {
            return Ok(());
        };
        let mut behind = self.behind.lock().unwrap_or_else(PoisonError::into_inner);
        if behind.remove(&at) == Some(start) {
            return Ok(());
        }
        let claims = match thrift::page_claims(head) {
            Ok(Some(claims)) => claims,
            Ok(None) => {
                // Some writers put long texts into their headers.
                let longest = guard::MAX_PAGE_HEAD.min(extent.range.end - start);
                let longest = usize::try_from(longest).unwrap_or(0);
                let mut whole = vec![0; longest];
                let count = self.bytes.read_at(&mut whole, start)?;
                let head = whole.get(..count).unwrap_or_default();
                let claims = thrift::page_claims(head).ok().flatten();
                claims.ok_or_else(no_page)?
            }
            Err(_) => return Err(no_page()),
        };
        if let Some(head_end) = claims.head_end {
            behind.insert(at, start + head_end);
        }
        if claims.n_bytes > guard::MAX_PAGE {
            let message = format!("a page says to unpack to {} bytes", claims.n_bytes);
            return Err(ParquetError::General(message));
        }
        if extent.has_lists {
            self.items.take(claims.n_values).ok_or_else(|| {
                ParquetError::General("the lists in a few rows have too many elements".to_owned())
            })?;
        }
        Ok(())
    }
}

impl Length for Chunks {
    fn len(&self) -> u64 {
        self.len
    }
}

impl ChunkReader for Chunks {
    type T = From;

    fn get_read(&self, start: u64) -> Result<From, ParquetError> {
        let mut from = From {
            bytes: self.bytes.clone(),
            next: start,
            held: [0; PAGE_HEAD],
            taken: 0..0,
        };
        from.fill()?;
        self.check_page(start, from.rest())?;
        Ok(from)
    }

    fn get_bytes(&self, start: u64, length: usize) -> Result<bytes::Bytes, ParquetError> {
        let fits = start
            .checked_add(length as u64)
            .is_some_and(|end| end <= self.len);
        let outside =
            || ParquetError::EOF("what is to be read lies outside of the file".to_owned());
        if !fits || length as u64 > guard::MAX_UNPACKED {
            return Err(outside());
        }
        let mut buffer = Vec::new();
        buffer
            .try_reserve_exact(length)
            .map_err(|error| ParquetError::External(Box::new(error)))?;
        buffer.resize(length, 0);
        if self.bytes.read_at(&mut buffer, start)? < length {
            return Err(outside());
        }
        Ok(buffer.into())
    }
}

/// Reads from a place on, a little at a time: the heads of pages.
struct From {
    bytes: Bytes,
    next: u64,
    held: [u8; PAGE_HEAD],
    /// What of that was not taken yet.
    taken: Range<usize>,
}

impl From {
    fn rest(&self) -> &[u8] {
        self.held.get(self.taken.clone()).unwrap_or_default()
    }

    fn fill(&mut self) -> io::Result<()> {
        let count = self.bytes.read_at(&mut self.held, self.next)?;
        self.next += count as u64;
        self.taken = 0..count;
        Ok(())
    }
}

impl Read for From {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.rest().is_empty() {
            self.fill()?;
        }
        let count = self.rest().len().min(buffer.len());
        if let (Some(to), Some(from)) = (buffer.get_mut(..count), self.rest().get(..count)) {
            to.copy_from_slice(from);
        }
        self.taken.start += count;
        Ok(count)
    }
}
