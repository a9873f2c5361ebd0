//! The event log: what every frame needs of every event, in columns; payloads stay in the file.
//!
//! An event costs 8 bytes of time, 4 of stream, 1 of type (2 beyond 256 types), 4 of its stream's
//! list, at most 2.5 of place in all ordinary files, and 4 of order where times go back: 13 to 24. Where
//! the store also says when events occurred, 12 more.

use std::ops::Range;
use std::sync::OnceLock;

use super::by_time::order_by_time;
use super::clock::Occurred;
use super::column::{Column, Ranks};
use super::columns::{LogParts, NO_TIME, StreamInfo, TypeColumn};
use super::counts_by::CountsBy;
use super::groups::{GroupCounts, MAX_GROUPS, Row};
use super::lists::StreamLists;
use super::timeline::Grouping;
use super::versions::{VersionBreak, Versions, last_rank_of, version_at};
use crate::event::{Place, Position, StreamId, Timestamp, TypeId, Version};

/// What is known of a stream without reading its payloads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreamSpan {
    /// How many events it has.
    pub events: u32,
    /// The version of its first event that has one.
    pub first_version: Option<Version>,
    /// The version of its last event that has one.
    pub last_version: Option<Version>,
    /// The least time of its events.
    pub first_time: Option<Timestamp>,
    /// The greatest.
    pub last_time: Option<Timestamp>,
}

/// All events of an opened file, in order; immutable.
#[derive(Debug)]
pub struct EventLog {
    pub(super) parts: LogParts,
    pub(super) stream_counts: Vec<u32>,
    pub(super) has_versions: bool,
    /// The events of each stream and where their versions break.
    pub(super) lists: StreamLists,
    /// Positions by time; `None` where time never goes back and every event has one.
    pub(super) time_order: Option<Column<u32>>,
    /// The least times from blocks of events on, made when first asked for.
    pub(super) least_from: OnceLock<Vec<i64>>,
    /// How many events each stream has by some positions, made when first asked for.
    pub(super) counts_by: OnceLock<CountsBy>,
    pub(super) category_counts: Vec<u64>,
    pub(super) lanes: Lanes,
    pub(super) occurred: Option<Occurred>,
}

/// Prefix counts for the timeline, by order and by grouping.
#[derive(Clone, Debug, Default)]
pub(super) struct Lanes {
    pub(super) category_group: Vec<u8>,
    pub(super) type_group: Vec<u8>,
    pub(super) by_position: [GroupCounts; 2],
    /// `None` where both orders are one.
    pub(super) by_time: Option<[GroupCounts; 2]>,
}

impl EventLog {
    pub(super) fn from_parts(
        mut parts: LogParts,
        stream_counts: Vec<u32>,
        breaks: &[(u32, VersionBreak)],
        has_versions: bool,
    ) -> Self {
        parts.settle();
        let n_streams = parts.stream_table.len();
        let (starts, by_stream) = group_by_stream(parts.streams.settle(), &stream_counts);
        let mut category_counts = vec![0; parts.category_names.len()];
        for (info, count) in parts.stream_table.iter().zip(&stream_counts) {
            category_counts[info.category.index()] += u64::from(*count);
        }
        let time_order =
            (parts.times_go_back || parts.n_untimed > 0).then(|| order_by_time(&mut parts.times));
        let versions = Versions::group(n_streams, breaks);
        let lanes = Lanes::default();
        let occurred = occurred_of(&parts);
        parts.occurred = Column::default();
        let mut log = Self {
            parts,
            stream_counts,
            has_versions,
            lists: StreamLists::new(starts, by_stream, versions),
            time_order,
            least_from: OnceLock::new(),
            counts_by: OnceLock::new(),
            category_counts,
            lanes,
            occurred,
        };
        log.lanes = log.count_lanes();
        if let Some(mut occurred) = log.occurred.take() {
            occurred.lanes.by_position = log.count_all(Some(occurred.order()));
            log.occurred = Some(occurred);
        }
        log
    }

    pub(super) fn count_lanes(&mut self) -> Lanes {
        self.lanes.category_group = groups_by_count(&self.category_counts);
        self.lanes.type_group = groups_by_count(&self.parts.type_counts);
        Lanes {
            by_position: self.count_all(None),
            by_time: self.time_order().map(|order| self.count_all(Some(order))),
            ..std::mem::take(&mut self.lanes)
        }
    }

    /// The group of the event at `index`.
    pub(super) fn group_of(&self, grouping: Grouping, groups: &[u8], index: usize) -> usize {
        let id = match grouping {
            Grouping::Category => {
                self.parts.stream_table[self.parts.streams[index] as usize]
                    .category
                    .0
            }
            Grouping::Type => self.parts.types.get(index),
        };
        usize::from(groups[id as usize])
    }

    /// Prefix counts by category and by type of some events, in their order.
    pub(super) fn count_some(&self, positions: &[u32]) -> [GroupCounts; 2] {
        self.count_in_order(positions.len(), |rank| positions[rank] as usize)
    }

    /// Prefix counts of all events; `order` tells positions by rank.
    fn count_all(&self, order: Option<&Column<u32>>) -> [GroupCounts; 2] {
        self.count_in_order(self.len(), |rank| {
            order.map_or(rank, |order| order[rank] as usize)
        })
    }

    fn count_in_order(
        &self,
        n_events: usize,
        index_of: impl Fn(usize) -> usize,
    ) -> [GroupCounts; 2] {
        let n_groups = |groups: &[u8]| groups.iter().max().map_or(1, |last| usize::from(*last) + 1);
        [Grouping::Category, Grouping::Type].map(|grouping| {
            let groups = self.groups(grouping);
            GroupCounts::build(n_events, n_groups(groups), |rank| {
                self.group_of(grouping, groups, index_of(rank))
            })
        })
    }

    /// Adds the events of a range to the counts of their groups; `order` tells positions by rank.
    pub(super) fn count_range(
        &self,
        grouping: Grouping,
        order: Option<Ranks<'_>>,
        range: Range<usize>,
        row: &mut Row,
    ) {
        let groups = self.groups(grouping);
        let mut add = |group: usize| row[group % MAX_GROUPS] += 1;
        match (order, grouping, &self.parts.types) {
            // The usual case, by itself: a walk over bytes without a check for each.
            (None, Grouping::Type, TypeColumn::Narrow(ids)) => {
                let (shared, new) = ids.slices(range);
                let mut add_all = |ids: &[u8]| {
                    for id in ids {
                        add(usize::from(groups[usize::from(*id)]));
                    }
                };
                add_all(shared);
                add_all(new);
            }
            (None, ..) => range.for_each(|index| add(self.group_of(grouping, groups, index))),
            (Some(order), ..) => {
                let (shared, new) = order.slices(range);
                shared
                    .iter()
                    .chain(new)
                    .for_each(|at| add(self.group_of(grouping, groups, *at as usize)));
            }
        }
    }

    /// How many events there are.
    pub fn len(&self) -> usize {
        self.parts.times.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The last position; `None` in an empty history.
    pub fn last(&self) -> Option<Position> {
        u32::try_from(self.len()).ok()?.checked_sub(1).map(Position)
    }

    /// The recorded time of an event, where it has one.
    pub fn time(&self, position: Position) -> Option<Timestamp> {
        let time = self.parts.times[position.index()];
        (time != NO_TIME).then_some(Timestamp(time))
    }

    /// The stream of an event.
    pub fn stream(&self, position: Position) -> StreamId {
        StreamId(self.parts.streams[position.index()])
    }

    /// The type of an event.
    pub fn event_type(&self, position: Position) -> TypeId {
        TypeId(self.parts.types.get(position.index()))
    }

    /// The version of an event in its stream. Costs one binary search in the stream.
    pub fn version(&self, position: Position) -> Option<Version> {
        let stream = self.stream(position);
        self.version_at_rank(stream, self.rank(stream, position)?)
    }

    /// How many events of `stream` stand before `position`, which must be one of its events.
    fn rank(&self, stream: StreamId, position: Position) -> Option<u32> {
        let rank = self.events_of(stream).binary_search(&position.0).ok()?;
        u32::try_from(rank).ok()
    }

    /// Where the event's record lies; to be given to the history's reader.
    pub fn place(&self, position: Position) -> Place {
        self.parts.places.get(position)
    }

    /// The positions of a stream's events, rising.
    pub fn events_of(&self, stream: StreamId) -> &[u32] {
        self.lists.events(stream.index())
    }

    /// The version of the event at `rank` (from 0) of a stream.
    pub fn version_at_rank(&self, stream: StreamId, rank: u32) -> Option<Version> {
        version_at(self.lists.breaks(stream.index()), rank)
    }

    /// The rank of the last event of a stream that carries `version`.
    pub fn rank_of_version(&self, stream: StreamId, version: Version) -> Option<u32> {
        let n_events = self.stream_counts[stream.index()];
        last_rank_of(self.lists.breaks(stream.index()), n_events, version)
    }

    /// The rank of the last event of a stream at or before `position`.
    pub fn rank_at(&self, stream: StreamId, position: Position) -> Option<u32> {
        let after = self
            .events_of(stream)
            .partition_point(|at| *at <= position.0);
        u32::try_from(after).ok()?.checked_sub(1)
    }

    /// Where a stream's versions do not follow one another: rank and version there, the first event
    /// included. An undamaged stream has one entry.
    pub fn version_breaks(
        &self,
        stream: StreamId,
    ) -> impl ExactSizeIterator<Item = (u32, Option<Version>)> {
        self.lists
            .breaks(stream.index())
            .iter()
            .map(|found| (found.rank, found.version))
    }

    /// Whether the source has versions; where it has none Annals numbered from 0.
    pub fn has_versions(&self) -> bool {
        self.has_versions
    }

    /// The smallest first version of any stream; `None` where the source has no versions.
    pub fn version_base(&self) -> Option<Version> {
        if !self.has_versions {
            return None;
        }
        self.streams()
            .filter_map(|stream| self.version_at_rank(stream, 0))
            .min()
    }

    /// All streams, in the order of their first event.
    pub fn streams(&self) -> impl ExactSizeIterator<Item = StreamId> {
        let n_streams = u32::try_from(self.parts.stream_table.len()).unwrap_or(u32::MAX);
        (0..n_streams).map(StreamId)
    }

    /// A stream's name and category.
    pub fn stream_info(&self, stream: StreamId) -> &StreamInfo {
        &self.parts.stream_table[stream.index()]
    }

    /// A stream's name.
    pub fn stream_name(&self, stream: StreamId) -> &str {
        &self.stream_info(stream).name
    }

    /// The file of an event, where the history comes from several.
    pub fn file_of_event(&self, position: Position) -> Option<&str> {
        let part =
            usize::from(self.parts.part_files.len() > 1) * usize::from(self.place(position).part);
        self.parts.part_files.get(part).map(AsRef::as_ref)
    }

    /// Whether the history comes from several files, so that it matters where something lies.
    pub fn has_several_files(&self) -> bool {
        self.parts.part_files.len() > 1
    }

    /// Whether a stream may have events in several files.
    pub fn joins_files(&self) -> bool {
        self.parts.joins_files && self.has_several_files()
    }

    /// The file of a stream's first event, where the history comes from several.
    pub fn file_of(&self, stream: StreamId) -> Option<&str> {
        let first = self.events_of(stream).first()?;
        self.file_of_event(Position(*first))
    }

    /// The name of a stream's category.
    pub fn category_of(&self, stream: StreamId) -> &str {
        &self.parts.category_names[self.stream_info(stream).category.index()]
    }

    /// Number of events, versions and times of a stream. Costs a walk over its events.
    pub fn stream_span(&self, stream: StreamId) -> StreamSpan {
        let positions = self.events_of(stream);
        let times = positions.iter().filter_map(|at| self.time(Position(*at)));
        let n_events = self.stream_counts[stream.index()];
        let version = |rank| self.version_at_rank(stream, rank);
        StreamSpan {
            events: n_events,
            first_version: (0..n_events).find_map(version),
            last_version: (0..n_events).rev().find_map(version),
            first_time: times.clone().min(),
            last_time: times.max(),
        }
    }

    /// The names of all categories, by id.
    pub fn category_names(&self) -> &[Box<str>] {
        &self.parts.category_names
    }

    /// How many events each category has, by id.
    pub fn category_counts(&self) -> &[u64] {
        &self.category_counts
    }

    /// The names of all types, by id.
    pub fn type_names(&self) -> &[Box<str>] {
        &self.parts.type_names
    }

    /// A type's name.
    pub fn type_name(&self, event_type: TypeId) -> &str {
        &self.parts.type_names[event_type.index()]
    }

    /// How many events each type has, by id.
    pub fn type_counts(&self) -> &[u64] {
        &self.parts.type_counts
    }

    /// The greatest number of fraction digits that a time of the source has.
    pub fn time_digits(&self) -> u8 {
        self.parts.time_digits
    }

    /// The streams of that name; more than one where the store keys them by category too.
    pub fn streams_named(&self, name: &str) -> Vec<StreamId> {
        self.streams()
            .filter(|stream| self.stream_name(*stream) == name)
            .collect()
    }

    /// Bytes held for events, and bytes held for names, streams and types.
    pub fn memory(&self) -> (usize, usize) {
        let parts = &self.parts;
        let lanes = self
            .lanes
            .by_position
            .iter()
            .chain(self.lanes.by_time.iter().flatten());
        let events = parts.times.len() * 8
            + parts.streams.len() * 4
            + parts.types.bytes()
            + parts.places.bytes()
            + self.len() * 4
            + self.time_order.as_ref().map_or(0, |order| order.len() * 4)
            + self.occurred.as_ref().map_or(0, Occurred::bytes)
            + self.counts_by.get().map_or(0, CountsBy::bytes)
            + lanes.map(GroupCounts::bytes).sum::<usize>();
        let per_stream = size_of::<StreamInfo>() + 8;
        let names = parts
            .stream_table
            .iter()
            .map(|info| info.name.len() + per_stream)
            .sum::<usize>()
            + parts
                .type_names
                .iter()
                .map(|name| name.len() + 24)
                .sum::<usize>()
            + self.lists.bytes();
        (events, names)
    }
}

/// When events occurred, with their recorded times where they do not say that.
fn occurred_of(parts: &LogParts) -> Option<Occurred> {
    let times = parts.occurred_from(0)?;
    Some(Occurred::new(times))
}

impl LogParts {
    /// When the events from one on occurred; `None` where no event of the log says that.
    pub(super) fn occurred_from(&self, first: usize) -> Option<Column<i64>> {
        if self.occurred.is_empty() {
            return None;
        }
        let time = |index: usize| match self.occurred.get(index).copied().unwrap_or(NO_TIME) {
            NO_TIME => self.times[index],
            occurred => occurred,
        };
        Some((first..self.times.len()).map(time).collect())
    }

    /// Makes all columns shared; costs nothing that is not new.
    pub(super) fn settle(&mut self) {
        self.times.settle();
        self.occurred.settle();
        self.streams.settle();
        self.types.settle();
        self.places.settle();
        self.stream_table.settle();
    }
}

/// Positions sorted by stream, and where each stream begins: a counting sort.
fn group_by_stream(streams: &[u32], counts: &[u32]) -> (Vec<u32>, Vec<u32>) {
    let mut starts = Vec::with_capacity(counts.len() + 1);
    let mut sum = 0;
    for count in counts {
        starts.push(sum);
        sum += count;
    }
    starts.push(sum);
    let mut next = starts.clone();
    let mut by_stream = vec![0; streams.len()];
    for (position, stream) in (0_u32..).zip(streams) {
        let slot = &mut next[*stream as usize];
        by_stream[*slot as usize] = position;
        *slot += 1;
    }
    (starts, by_stream)
}

/// A group for each id: the largest ones get their own, by count; what is left shares the last.
fn groups_by_count(counts: &[u64]) -> Vec<u8> {
    let mut ids: Vec<usize> = (0..counts.len()).collect();
    ids.sort_by_key(|id| std::cmp::Reverse(counts[*id]));
    let mut groups = vec![0; counts.len()];
    for (rank, id) in ids.into_iter().enumerate() {
        #[expect(clippy::cast_possible_truncation, reason = "below MAX_GROUPS")]
        let group = rank.min(MAX_GROUPS - 1) as u8;
        groups[id] = group;
    }
    groups
}
