//! One order for what several tables or files hold, or a table that keeps none: by time, with each
//! part's own order (or each stream's) kept.
//!
//! Clocks only label, so no event overtakes one that stands before it in its own part: what counts is
//! the latest time seen there so far.

use super::builder::LogBuilder;
use super::column::Column;
use super::columns::{LogParts, NO_TIME, TypeColumn};
use super::places::Places;
use super::versions::{VersionBreak, Versions, version_at};
use crate::event::{Position, Version};

/// What of a part's order is kept when events are ordered by time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PartOrder {
    /// The order of its records.
    #[default]
    Records,
    /// Only the order within each stream: the records themselves lie in no order.
    Streams,
}

/// How the events of a part become part of the log.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PartRules {
    /// What of their order is kept.
    pub order: PartOrder,
    /// Streams of equal names in different scopes are different streams.
    pub scope: u16,
    /// Whether a stream is known by category and name together.
    pub keyed_by_category: bool,
    /// Whether the part has no versions; its streams are numbered from 0.
    pub without_versions: bool,
    /// Whether an event without a version has the one after its predecessor's, or 0.
    pub counts_missing: bool,
}

/// Where the events of a part begin.
#[derive(Clone, Copy, Debug)]
pub(super) struct PartStart {
    pub(super) from: usize,
    pub(super) order: PartOrder,
}

/// Whether the events need another order than that in which they came.
pub(super) fn is_needed(parts: &[PartStart]) -> bool {
    parts.len() > 1 || parts.iter().any(|part| part.order == PartOrder::Streams)
}

/// The positions in the order of time. Costs a sort of runs and 12 bytes an event while it runs.
pub(super) fn order(parts: &[PartStart], log: &LogParts) -> Vec<u32> {
    let n_events = log.times.len();
    let mut latest_of_stream = vec![NO_TIME; log.stream_table.len()];
    let mut keys = Vec::with_capacity(n_events);
    for (n, part) in parts.iter().enumerate() {
        let to = parts.get(n + 1).map_or(n_events, |next| next.from);
        let mut latest_of_part = NO_TIME;
        for index in part.from..to {
            let latest = match part.order {
                PartOrder::Records => &mut latest_of_part,
                PartOrder::Streams => &mut latest_of_stream[log.streams[index] as usize],
            };
            *latest = (*latest).max(log.times[index]);
            keys.push(*latest);
        }
    }
    let n_events = u32::try_from(n_events).unwrap_or(u32::MAX);
    let mut order: Vec<u32> = (0..n_events).collect();
    order.sort_by_key(|index| keys[*index as usize]);
    order
}

/// Puts the events of a log into an order.
pub(super) fn apply(order: &[u32], log: &mut LogParts) {
    let pick = |column: &Column<u32>| order.iter().map(|from| column[*from as usize]).collect();
    log.times = order.iter().map(|from| log.times[*from as usize]).collect();
    if !log.occurred.is_empty() {
        log.occurred = order
            .iter()
            .map(|from| log.occurred[*from as usize])
            .collect();
    }
    log.streams = pick(&log.streams);
    match &mut log.types {
        TypeColumn::Narrow(ids) => *ids = order.iter().map(|from| ids[*from as usize]).collect(),
        TypeColumn::Middle(ids) => *ids = order.iter().map(|from| ids[*from as usize]).collect(),
        TypeColumn::Wide(ids) => *ids = pick(ids),
    }
    let mut places = Places::default();
    for (index, from) in order.iter().enumerate() {
        places.push(index, log.places.get(Position(*from)));
    }
    log.places = places;
    let mut latest = NO_TIME;
    log.times_go_back = false;
    for time in log.times.iter().filter(|time| **time != NO_TIME) {
        log.times_go_back |= *time < latest;
        latest = latest.max(*time);
    }
}

/// The version breaks of streams whose events now stand in another order among themselves.
pub(super) fn recount(
    order: &[u32],
    streams_before: &Column<u32>,
    n_streams: usize,
    breaks: &[(u32, VersionBreak)],
) -> Vec<(u32, VersionBreak)> {
    let versions = Versions::group(n_streams, breaks);
    let mut ranks = vec![0_u32; n_streams];
    let mut of_event: Vec<Option<Version>> = Vec::with_capacity(streams_before.len());
    for stream in streams_before.iter() {
        let rank = &mut ranks[*stream as usize];
        of_event.push(version_at(versions.breaks(*stream as usize), *rank));
        *rank += 1;
    }
    let mut found = Vec::new();
    let mut seen: Vec<(u32, Option<Version>)> = vec![(0, None); n_streams];
    for from in order {
        let stream = streams_before[*from as usize];
        let (rank, last) = seen[stream as usize];
        let version = of_event[*from as usize];
        let follows = last
            .zip(version)
            .is_some_and(|(last, now)| last.0.checked_add(1) == Some(now.0));
        if !follows {
            found.push((stream, VersionBreak { rank, version }));
        }
        seen[stream as usize] = (rank + 1, version);
    }
    found
}

impl LogBuilder {
    /// What follows comes from another table or file, or the first one.
    pub fn begin_part(&mut self, rules: PartRules) {
        self.settle();
        self.rules = rules;
        self.has_versions |= !rules.without_versions;
        let start = PartStart {
            from: self.len(),
            order: rules.order,
        };
        match self.part_starts.last_mut() {
            Some(last) if last.from == start.from => *last = start,
            _ => self.part_starts.push(start),
        }
    }
}
