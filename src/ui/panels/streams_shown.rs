//! Which rows the tree of streams has: categories, and under the open ones their streams.

use std::collections::BTreeSet;

use super::streams_index::{Needle, StreamIndex};
use crate::event::{CategoryId, StreamId};
use crate::history::EventLog;

/// A row of the tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Item {
    /// A category, by its place among the branches.
    Category(usize),
    /// A stream under the category at that place.
    Stream(usize, StreamId),
}

/// Which rows there are, and for what.
#[derive(Default)]
pub(super) struct Shown {
    /// Of which history, for which filter, with which categories open.
    pub(super) key: Option<(u64, Option<Needle>, BTreeSet<CategoryId>)>,
    segments: Vec<Segment>,
    /// How many rows there are.
    pub(super) n_rows: u64,
    /// How many streams fit the filter.
    pub(super) n_found: usize,
}

/// A category and the streams shown under it.
struct Segment {
    branch: usize,
    start: u64,
    n_streams: usize,
    /// The streams that fit the filter; without a filter those of the index.
    found: Option<Vec<StreamId>>,
}

impl Shown {
    pub(super) fn new(
        index: &mut StreamIndex,
        log: &EventLog,
        needle: Option<&Needle>,
        open: &BTreeSet<CategoryId>,
    ) -> Self {
        let mut shown = Self::default();
        for nr in 0..index.branches.len() {
            let category = index.branches[nr].category;
            let found = match needle {
                Some(needle) => {
                    let found = index.matching(log, nr, needle);
                    if found.is_empty() {
                        continue;
                    }
                    Some(found)
                }
                None => None,
            };
            let n_streams = match &found {
                Some(found) => found.len(),
                None if open.contains(&category) => {
                    index.sort(log, nr);
                    index.streams(nr).len()
                }
                None => 0,
            };
            shown.n_found += found.as_ref().map_or(0, Vec::len);
            shown.segments.push(Segment {
                branch: nr,
                start: shown.n_rows,
                n_streams,
                found,
            });
            shown.n_rows += 1 + u64::try_from(n_streams).unwrap_or(0);
        }
        shown
    }

    fn segment(&self, row: u64) -> Option<&Segment> {
        let after = self
            .segments
            .partition_point(|segment| segment.start <= row);
        self.segments.get(after.checked_sub(1)?)
    }

    pub(super) fn is_open(&self, row: u64) -> bool {
        self.segment(row)
            .is_some_and(|segment| segment.n_streams > 0)
    }

    pub(super) fn item(&self, index: &StreamIndex, row: u64) -> Option<Item> {
        let segment = self.segment(row)?;
        let Some(nth) = (row - segment.start).checked_sub(1) else {
            return Some(Item::Category(segment.branch));
        };
        let stream = segment.streams(index).get(usize::try_from(nth).ok()?)?;
        Some(Item::Stream(segment.branch, *stream))
    }

    pub(super) fn row_of_stream(
        &self,
        index: &StreamIndex,
        log: &EventLog,
        stream: StreamId,
    ) -> Option<u64> {
        let category = log.stream_info(stream).category;
        let of_category = |segment: &&Segment| {
            index
                .branches
                .get(segment.branch)
                .is_some_and(|branch| branch.category == category)
        };
        let segment = self
            .segments
            .iter()
            .find(of_category)
            .filter(|segment| segment.n_streams > 0)?;
        let name = |stream: StreamId| (log.stream_name(stream), stream);
        let nth = segment
            .streams(index)
            .binary_search_by(|other| name(*other).cmp(&name(stream)))
            .ok()?;
        Some(segment.start + 1 + u64::try_from(nth).ok()?)
    }

    pub(super) fn row_of(&self, index: &StreamIndex, log: &EventLog, item: Item) -> Option<u64> {
        match item {
            Item::Category(branch) => self
                .segments
                .iter()
                .find(|segment| segment.branch == branch)
                .map(|segment| segment.start),
            Item::Stream(_, stream) => self.row_of_stream(index, log, stream),
        }
    }
}

impl Segment {
    fn streams<'a>(&'a self, index: &'a StreamIndex) -> &'a [StreamId] {
        self.found
            .as_deref()
            .unwrap_or_else(|| index.streams(self.branch))
    }
}
