//! The pages of a column, looked at after they were unpacked and before the library believes them.
//!
//! A page of some bytes may say to hold thousands of millions of texts, each of which begins like the
//! one before: the library takes memory for all of them at once. So the counts and lengths that stand
//! inside such pages are read here first.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use bytes::Bytes;
use parquet::arrow::arrow_reader::RowGroups;
use parquet::basic::Encoding;
use parquet::column::page::{Page, PageIterator, PageMetadata, PageReader};
use parquet::errors::{ParquetError, Result};
use parquet::file::metadata::{ParquetMetaData, RowGroupMetaData};
use parquet::file::reader::ChunkReader;
use parquet::file::serialized_reader::SerializedPageReader;

use super::delta::Deltas;

fn refused<T>(what: impl Into<String>) -> Result<T> {
    Err(ParquetError::General(what.into()))
}

/// How much may still be taken for the rows that are read now.
#[derive(Clone, Debug, Default)]
pub(super) struct Budget(Arc<AtomicU64>);

impl Budget {
    /// Begins anew.
    pub(super) fn allow(&self, n: u64) {
        self.0.store(n, Ordering::Relaxed);
    }

    /// Takes some of it; `None` where there is not so much.
    pub(super) fn take(&self, n: u64) -> Option<()> {
        let left = self.0.load(Ordering::Relaxed).checked_sub(n)?;
        self.0.store(left, Ordering::Relaxed);
        Some(())
    }
}

/// A group of rows whose pages are looked at.
pub(super) struct GuardedGroup<R> {
    pub(super) reader: Arc<R>,
    pub(super) metadata: Arc<ParquetMetaData>,
    pub(super) group: usize,
    /// How many rows are read at once.
    pub(super) at_once: usize,
    /// How many bytes their pages may have.
    pub(super) unpacked: Budget,
    /// How many bytes their texts may have beyond that.
    pub(super) grown: Budget,
}

impl<R: ChunkReader + 'static> RowGroups for GuardedGroup<R> {
    fn num_rows(&self) -> usize {
        let rows = self.row_groups().map(RowGroupMetaData::num_rows);
        usize::try_from(rows.sum::<i64>()).unwrap_or(0)
    }

    fn column_chunks(&self, column: usize) -> Result<Box<dyn PageIterator>> {
        let Some(group) = self.row_groups().next() else {
            return refused("it has no such group of rows");
        };
        let Some(about) = group.columns().get(column) else {
            return refused("a group of rows lacks a column");
        };
        let reader = Arc::clone(&self.reader);
        let inner = SerializedPageReader::new(reader, about, self.num_rows(), None)?;
        let described = about.column_descr();
        let pages = Pages {
            inner,
            levels: [described.max_rep_level(), described.max_def_level()],
            n_rows: self.num_rows() as u64,
            at_once: self.at_once,
            unpacked: self.unpacked.clone(),
            grown: self.grown.clone(),
        };
        Ok(Box::new(Once(Some(pages))))
    }

    fn row_groups(&self) -> Box<dyn Iterator<Item = &RowGroupMetaData> + '_> {
        Box::new(self.metadata.row_groups().get(self.group).into_iter())
    }

    fn metadata(&self) -> &ParquetMetaData {
        &self.metadata
    }
}

/// The pages of one column of one group.
struct Once<R: ChunkReader>(Option<Pages<R>>);

impl<R: ChunkReader + 'static> Iterator for Once<R> {
    type Item = Result<Box<dyn PageReader>>;

    fn next(&mut self) -> Option<Self::Item> {
        let pages: Box<dyn PageReader> = Box::new(self.0.take()?);
        Some(Ok(pages))
    }
}

impl<R: ChunkReader + 'static> PageIterator for Once<R> {}

/// Pages that are looked at one by one.
struct Pages<R: ChunkReader> {
    inner: SerializedPageReader<R>,
    /// How deep the column is repeated, and how deep it may be missing.
    levels: [i16; 2],
    /// How many rows the group has.
    n_rows: u64,
    at_once: usize,
    unpacked: Budget,
    grown: Budget,
}

impl<R: ChunkReader> Pages<R> {
    fn looked_at(&self, page: Option<Page>) -> Result<Option<Page>> {
        if let Some(page) = &page {
            // A row of a column with lists may have any number of a page's values.
            let (most, at_once) = match self.levels {
                [0, _] => (self.n_rows, self.at_once),
                _ => (u64::MAX, usize::MAX),
            };
            if !page.is_dictionary_page() && u64::from(page.num_values()) > most {
                return refused("a page says to have more values than there are rows");
            }
            spend(&self.unpacked, page.buffer().len() as u64)?;
            look(page, self.levels, at_once, &self.grown)?;
        }
        Ok(page)
    }
}

fn spend(budget: &Budget, n_bytes: u64) -> Result<()> {
    match budget.take(n_bytes) {
        Some(()) => Ok(()),
        None => refused("what a few rows hold is too much to be read"),
    }
}

impl<R: ChunkReader> Iterator for Pages<R> {
    type Item = Result<Page>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}

impl<R: ChunkReader> PageReader for Pages<R> {
    fn get_next_page(&mut self) -> Result<Option<Page>> {
        let page = self.inner.get_next_page()?;
        self.looked_at(page)
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>> {
        self.inner.peek_next_page()
    }

    fn skip_next_page(&mut self) -> Result<()> {
        self.inner.skip_next_page()
    }

    fn supports_deferred_dictionary(&self) -> bool {
        self.inner.supports_deferred_dictionary()
    }

    fn take_deferred_dictionary(&mut self) -> Result<Option<Page>> {
        let page = self.inner.take_deferred_dictionary()?;
        self.looked_at(page)
    }

    fn at_record_boundary(&mut self) -> Result<bool> {
        self.inner.at_record_boundary()
    }
}

/// Looks at a page: what it claims must fit into what it is, and what it takes to read so many rows into
/// what is left.
fn look(page: &Page, levels: [i16; 2], at_once: usize, grown: &Budget) -> Result<()> {
    match page {
        Page::DictionaryPage {
            buf, num_values, ..
        } => {
            // Each value takes a byte at least.
            if *num_values as usize > buf.len() {
                return refused("a dictionary says to have more values than it has bytes");
            }
            Ok(())
        }
        Page::DataPage {
            buf,
            num_values,
            encoding,
            rep_level_encoding,
            def_level_encoding,
            ..
        } if is_delta(*encoding) => {
            let mut values = buf.clone();
            let coded = [rep_level_encoding, def_level_encoding];
            for (level, coded) in levels.into_iter().zip(coded) {
                values = after_levels(values, level, *coded, *num_values)?;
            }
            look_inside(&values, *encoding, *num_values, at_once, grown)
        }
        Page::DataPageV2 {
            buf,
            num_values,
            encoding,
            def_levels_byte_len,
            rep_levels_byte_len,
            ..
        } if is_delta(*encoding) => {
            let n_levels = u64::from(*def_levels_byte_len) + u64::from(*rep_levels_byte_len);
            let values = usize::try_from(n_levels).ok().and_then(|n| buf.get(n..));
            let Some(values) = values else {
                return refused("a page is cut off");
            };
            look_inside(values, *encoding, *num_values, at_once, grown)
        }
        _ => Ok(()),
    }
}

fn is_delta(encoding: Encoding) -> bool {
    matches!(
        encoding,
        Encoding::DELTA_BINARY_PACKED
            | Encoding::DELTA_LENGTH_BYTE_ARRAY
            | Encoding::DELTA_BYTE_ARRAY
    )
}

/// What follows the levels of a page of the first version.
fn after_levels(buf: Bytes, level: i16, coded: Encoding, n_values: u32) -> Result<Bytes> {
    if level <= 0 {
        return Ok(buf);
    }
    let n_bytes = if coded == Encoding::RLE {
        let len = buf.first_chunk::<4>().map(|len| u32::from_le_bytes(*len));
        len.map(|len| u64::from(len) + 4)
    } else {
        // Packed bits, of which nobody has written any for long.
        let width = u64::from(16 - level.leading_zeros());
        Some((u64::from(n_values) * width).div_ceil(8))
    };
    let start = n_bytes.and_then(|n| usize::try_from(n).ok());
    match start.filter(|start| *start <= buf.len()) {
        Some(start) => Ok(buf.slice(start..)),
        None => refused("a page is cut off"),
    }
}

/// Looks at the values of a page that are written as differences: how much longer than the page so many
/// of them are together must fit into what is left.
fn look_inside(
    values: &[u8],
    encoding: Encoding,
    n_values: u32,
    at_once: usize,
    grown: &Budget,
) -> Result<()> {
    let cut = || ParquetError::General("the lengths in a page make no sense".to_owned());
    let n_values = u64::from(n_values);
    if encoding == Encoding::DELTA_BINARY_PACKED {
        // The library reads these a few at a time.
        Deltas::begin(values, n_values).ok_or_else(cut)?;
        return Ok(());
    }
    // Lengths of no bits take no bytes: what is kept of each is paid for before.
    let lists = if encoding == Encoding::DELTA_BYTE_ARRAY {
        4
    } else {
        1
    };
    spend(grown, n_values * lists * size_of::<i32>() as u64)?;
    let (first, rest) = Deltas::all(values, n_values).ok_or_else(cut)?;
    if encoding == Encoding::DELTA_LENGTH_BYTE_ARRAY {
        return Ok(());
    }
    let (rest_lengths, _) = Deltas::all(rest, n_values).ok_or_else(cut)?;
    if first.len() != rest_lengths.len() {
        return Err(cut());
    }
    let whole = whole_lengths(&first, &rest_lengths).ok_or_else(cut)?;
    spend(grown, most_at_once(&whole, at_once))
}

/// The lengths of texts of which each begins with so many bytes of the one before.
fn whole_lengths(shared: &[i32], own: &[i32]) -> Option<Vec<u64>> {
    let mut last = 0;
    let one = |(shared, own): (&i32, &i32)| {
        let (shared, own) = (u64::try_from(*shared).ok()?, u64::try_from(*own).ok()?);
        // The library takes what there is where more is said to be shared.
        last = shared.min(last) + own;
        Some(last)
    };
    shared.iter().zip(own).map(one).collect()
}

/// The most that neighbours come to together.
fn most_at_once(lengths: &[u64], at_once: usize) -> u64 {
    let (mut sum, mut most) = (0_u64, 0);
    for (at, length) in lengths.iter().enumerate() {
        sum += length;
        if let Some(gone) = at.checked_sub(at_once).and_then(|gone| lengths.get(gone)) {
            sum -= gone;
        }
        most = most.max(sum);
    }
    most
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_begin_alike_are_as_long_as_what_they_share_and_their_own() {
        let whole = whole_lengths(&[0, 5, 5, 100], &[5, 0, 2, 1]).unwrap();
        assert_eq!(whole, [5, 5, 7, 8]);
        assert_eq!(most_at_once(&whole, 1), 8);
        assert_eq!(most_at_once(&whole, 2), 15);
        assert_eq!(most_at_once(&whole, 9), 25);
        assert_eq!(whole_lengths(&[-1], &[1]), None);
    }

    #[test]
    fn what_lies_before_the_values_of_a_page_is_passed_over() {
        let buf = Bytes::from_static(b"\x02\0\0\0xxrest");
        let after = |level, coded, n| after_levels(buf.clone(), level, coded, n);
        assert_eq!(&after(1, Encoding::RLE, 9).unwrap()[..], b"rest");
        assert_eq!(after(0, Encoding::RLE, 9).unwrap(), buf);
        assert!(after(1, Encoding::RLE, 9).is_ok());
        let short = Bytes::from_static(b"\x09\0\0\0xx");
        assert!(after_levels(short, 1, Encoding::RLE, 9).is_err());
    }

    #[test]
    fn a_dictionary_has_no_more_values_than_bytes() {
        let dictionary = |num_values| Page::DictionaryPage {
            buf: Bytes::from_static(b"\x01\0\0\0a\x01\0\0\0b"),
            num_values,
            encoding: Encoding::PLAIN,
            is_sorted: false,
        };
        let grown = Budget::default();
        assert!(look(&dictionary(2), [0, 0], 10, &grown).is_ok());
        assert!(look(&dictionary(2_000_000_000), [0, 0], 10, &grown).is_err());
    }

    #[test]
    fn lengths_that_take_no_bytes_are_not_made_before_there_is_room_for_them() {
        // Blocks of 65,536 lengths of no bits, of which two bytes are enough.
        let mut values = vec![0x80, 0x80, 4, 1, 0xff, 0xff, 0xff, 0xff, 7, 0];
        values.resize(1 << 17, 0);
        let n = (1 << 31) - 1;
        let grown = Budget::default();
        grown.allow(1 << 29);
        let look = |encoding| look_inside(&values, encoding, n, 10, &grown);
        let why = look(Encoding::DELTA_LENGTH_BYTE_ARRAY).unwrap_err();
        assert!(why.to_string().contains("too much"), "{why}");
        assert!(look(Encoding::DELTA_BYTE_ARRAY).is_err());
    }
}
