//! A log that goes on: events that arrive after it was made give another log that shares all it had.
//!
//! What a further log costs depends on the events that are new since everything was last put together,
//! at most [`SETTLE_AT`], on the streams they belong to, and on four bytes for each stream there is; not
//! on the events there are. Once there are more, all is made anew, which costs what opening costs after
//! reading: a tenth of a second for ten million events, once in two minutes at two thousand a second.

use std::sync::OnceLock;

use super::builder::LogBuilder;
use super::by_time::order_by_time;
use super::clock::Occurred;
use super::column::Column;
use super::columns::{LogParts, NO_TIME};
use super::event_log::{EventLog, Lanes};
use super::groups::{GroupCounts, MAX_GROUPS};
use super::timeline::Grouping;
use super::versions::VersionBreak;

/// With so many events that are not shared all is made anew.
const SETTLE_AT: usize = 1 << 18;

impl LogBuilder {
    /// A builder that goes on where a log of one part ends; the part must be begun again, and where
    /// streams are keyed by category each event must come with one. Costs a look at each stream; `None`
    /// where two streams cannot be told apart by their names.
    pub fn going_on(log: &EventLog, keyed_by_category: bool) -> Option<Self> {
        let mut builder = Self {
            parts: log.parts.clone(),
            has_versions: log.has_versions,
            ..Self::default()
        };
        if let Some(occurred) = &log.occurred {
            builder.parts.occurred = occurred.times.clone();
        }
        for stream in log.streams() {
            let at = stream.index();
            let breaks = log.lists.breaks(at);
            builder
                .breaks
                .extend(breaks.iter().map(|found| (stream.0, *found)));
            if builder.know_stream(log, stream, keyed_by_category) != stream.0 {
                return None;
            }
        }
        builder.n_breaks_given = builder.breaks.len();
        for name in log.category_names() {
            builder.categories_by_name.intern(name.as_bytes());
        }
        for name in log.type_names() {
            builder.types_by_name.intern(name.as_bytes());
        }
        Some(builder)
    }

    /// The log of all that has been added since `log`, which this went on from or gave last: all that it
    /// had is shared.
    pub fn grow(&mut self, log: &EventLog) -> EventLog {
        self.settle();
        let is_much = self.parts.times.n_new() > SETTLE_AT;
        let begins_anew = log.occurred.is_none() && !self.parts.occurred.is_empty();
        if is_much || begins_anew || log.is_empty() {
            self.parts.settle();
            return self.freeze();
        }
        let breaks = self.breaks.get(self.n_breaks_given..).unwrap_or_default();
        let grown = log.grown(self.parts.clone(), breaks);
        self.n_breaks_given = self.breaks.len();
        grown
    }
}

impl EventLog {
    /// The log with further events; `breaks` are those of the new ones.
    fn grown(&self, mut parts: LogParts, breaks: &[(u32, VersionBreak)]) -> Self {
        let first = self.len();
        if !parts.occurred.is_empty() {
            parts.occurred.resize(parts.times.len(), NO_TIME);
        }
        let mut log = Self {
            stream_counts: self.stream_counts.clone(),
            has_versions: self.has_versions,
            lists: self.lists.clone(),
            time_order: None,
            least_from: OnceLock::new(),
            counts_by: OnceLock::new(),
            category_counts: self.category_counts.clone(),
            lanes: self.lanes.clone(),
            occurred: None,
            parts,
        };
        log.add_to_lists(first, breaks);
        let from = log.order_times(self);
        log.grow_lanes(self, first, from);
        log.grow_occurred(self);
        log.parts.occurred = Column::default();
        log
    }

    /// Adds the events from `first` on to the lists of their streams.
    fn add_to_lists(&mut self, first: usize, breaks: &[(u32, VersionBreak)]) {
        let n_streams = self.parts.stream_table.len();
        self.stream_counts.resize(n_streams, 0);
        let n_categories = self.parts.category_names.len();
        self.category_counts.resize(n_categories, 0);
        let mut new: Vec<(u32, u32)> = Vec::with_capacity(self.len() - first);
        for index in first..self.len() {
            let stream = self.parts.streams[index];
            self.stream_counts[stream as usize] += 1;
            let category = self.parts.stream_table[stream as usize].category;
            self.category_counts[category.index()] += 1;
            new.push((stream, u32::try_from(index).unwrap_or(u32::MAX)));
        }
        new.sort_unstable();
        let mut breaks = breaks.to_vec();
        breaks.sort_by_key(|(stream, found)| (*stream, found.rank));
        for events in new.chunk_by(|a, b| a.0 == b.0) {
            let stream = events[0].0;
            let positions: Vec<u32> = events.iter().map(|(_, at)| *at).collect();
            let from = breaks.partition_point(|(of, _)| *of < stream);
            let to = breaks.partition_point(|(of, _)| *of <= stream);
            let breaks: Vec<VersionBreak> = breaks[from..to].iter().map(|(_, b)| *b).collect();
            self.lists.add(stream as usize, &positions, &breaks);
        }
    }

    /// Finds the order by time; the ranks before the one handed back are as they were.
    fn order_times(&mut self, before: &Self) -> usize {
        if !(self.parts.times_go_back || self.parts.n_untimed > 0) {
            return before.len();
        }
        let Some(order) = &before.time_order else {
            let order = order_by_time(&mut self.parts.times);
            let is_same = |(rank, at): (usize, &u32)| rank == *at as usize;
            let from = order.iter().enumerate().take_while(|pair| is_same(*pair));
            let from = from.count().min(before.len());
            self.time_order = Some(order);
            return from;
        };
        let (order, from) = merge(order, &self.parts.times);
        self.time_order = Some(order);
        from
    }

    /// Counts the events from `first` on, and by time the ranks from `from` on.
    fn grow_lanes(&mut self, before: &Self, first: usize, from: usize) {
        let n_categories = self.category_counts.len();
        give_groups(&mut self.lanes.category_group, n_categories);
        give_groups(&mut self.lanes.type_group, self.parts.type_names.len());
        let by_position = self.count_further(&before.lanes.by_position, first, None);
        let known = before.lanes.by_time.as_ref();
        let known = known.unwrap_or(&before.lanes.by_position);
        let by_time = self.time_order();
        let by_time = by_time.map(|order| self.count_further(known, from, Some(order)));
        self.lanes.by_position = by_position;
        self.lanes.by_time = by_time;
    }

    fn grow_occurred(&mut self, before: &Self) {
        let Some(known) = &before.occurred else {
            return;
        };
        let mut times = known.times.clone();
        let further = self.parts.occurred_from(known.times.len());
        for time in further.iter().flat_map(Column::iter) {
            times.push(*time);
        }
        let new = known.times.len()..times.len();
        let n_untimed = new.filter(|at| times[*at] == NO_TIME).count();
        let (order, from) = merge(&known.order, &times);
        let by_position = self.count_further(&known.lanes.by_position, from, Some(&order));
        self.occurred = Some(Occurred {
            n_untimed: known.n_untimed + u32::try_from(n_untimed).unwrap_or(u32::MAX),
            lanes: Lanes {
                by_position,
                ..Lanes::default()
            },
            times,
            order,
        });
    }

    /// The counts of both groupings, known up to a rank.
    fn count_further(
        &self,
        known: &[GroupCounts; 2],
        from: usize,
        order: Option<&Column<u32>>,
    ) -> [GroupCounts; 2] {
        let index_of = |rank: usize| order.map_or(rank, |order| order[rank] as usize);
        let count = |grouping, known: &GroupCounts| {
            let groups = self.groups(grouping);
            let n_groups = groups.iter().max().map_or(1, |last| usize::from(*last) + 1);
            known.grown(from, self.len(), n_groups, |rank| {
                self.group_of(grouping, groups, index_of(rank))
            })
        };
        let [category, event_type] = known;
        [
            count(Grouping::Category, category),
            count(Grouping::Type, event_type),
        ]
    }
}

/// The order of times that go on, and up to which rank it is as it was.
fn merge(order: &Column<u32>, times: &Column<i64>) -> (Column<u32>, usize) {
    let n_before = order.len();
    let least = (n_before..times.len()).map(|at| times[at]).min();
    // What comes after equals: a new event stands behind all that have its time.
    let from = least.map_or(n_before, |least| {
        order.partition_point(|at| times[*at as usize] <= least)
    });
    let mut rest: Vec<u32> = (from..n_before).map(|rank| order[rank]).collect();
    rest.extend((n_before..times.len()).map(|at| u32::try_from(at).unwrap_or(u32::MAX)));
    rest.sort_by_key(|at| times[*at as usize]);
    let mut merged = order.first(from);
    merged.extend(&rest);
    (merged, from)
}

/// Gives groups to ids that have none: the next one each, then the last one together.
fn give_groups(groups: &mut Vec<u8>, n_ids: usize) {
    while groups.len() < n_ids {
        let next = groups.iter().max().map_or(0, |last| usize::from(*last) + 1);
        groups.push(u8::try_from(next.min(MAX_GROUPS - 1)).unwrap_or(0));
    }
}
