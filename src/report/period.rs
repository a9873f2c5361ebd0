//! The part of a history that a report is about, and what there is in it in numbers.

use super::report::{CategoryRow, Population};
use crate::event::{Position, StreamId, Timestamp, Zone};
use crate::history::{EventLog, History};

/// Positions from the first to the last, both included; `None` of an empty history.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Period {
    pub(super) from: Position,
    pub(super) until: Position,
    /// Whether these are all events.
    pub(super) is_whole: bool,
}

impl Period {
    /// The period as it was asked for, within the history.
    pub(super) fn of(log: &EventLog, from: Option<u32>, until: Option<u32>) -> Option<Self> {
        let last = log.last()?;
        let until = until.map_or(last, Position).min(last);
        let from = from.map_or(Position(0), Position).min(until);
        Some(Self {
            from,
            until,
            is_whole: from.0 == 0 && until == last,
        })
    }

    /// Whether a position lies in it.
    pub(super) fn contains(self, position: u32) -> bool {
        self.from.0 <= position && position <= self.until.0
    }

    /// How many events it has.
    pub(super) fn len(self) -> u64 {
        u64::from(self.until.0 - self.from.0) + 1
    }

    /// The events of a stream in it.
    pub(super) fn events_of(self, log: &EventLog, stream: StreamId) -> &[u32] {
        let events = log.events_of(stream);
        let from = events.partition_point(|at| *at < self.from.0);
        let end = events.partition_point(|at| *at <= self.until.0);
        events.get(from..end).unwrap_or_default()
    }
}

/// How many there are, and where the first and the last one stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Counted {
    n: u64,
    ends: Option<(u32, u32)>,
}

impl Counted {
    fn add(&mut self, at: u32) {
        self.n += 1;
        self.ends = Some(
            self.ends
                .map_or((at, at), |(first, last)| (first.min(at), last.max(at))),
        );
    }
}

/// What there is in a period. Costs a walk over it.
pub(super) fn population(history: &History, period: Option<Period>, zone: Zone) -> Population {
    let log = &history.log;
    let mut types = vec![Counted::default(); log.type_names().len()];
    let mut without_time = 0;
    let mut range: Option<(Timestamp, Timestamp)> = None;
    if let Some(period) = period {
        for at in period.from.0..=period.until.0 {
            let position = Position(at);
            if let Some(counted) = types.get_mut(log.event_type(position).index()) {
                counted.add(at);
            }
            match log.time(position) {
                None => without_time += 1,
                Some(time) => {
                    range = Some(range.map_or((time, time), |(a, b)| (a.min(time), b.max(time))));
                }
            }
        }
    }
    let digits = log.time_digits();
    let shown = |time: Timestamp| zone.wall(time).date_time(' ', digits);
    let categories = categories(log, period);
    Population {
        events: period.map_or(0, Period::len),
        streams: categories.iter().map(|row| row.streams).sum(),
        categories: categories.len() as u64,
        types: by_count(log.type_names().iter().map(|name| &**name).zip(types)),
        first_time: range.map(|(first, _)| shown(first)),
        last_time: range.map(|(_, last)| shown(last)),
        without_time,
        snapshots: history.n_snapshots,
        records: history.about.n_records,
        records_lost: history.problems.records_lost(),
        problems: history.problems.kinds().to_vec(),
        problem_items: history.problems.items().to_vec(),
    }
}

/// Those there are, largest first.
fn by_count<'a>(counted: impl Iterator<Item = (&'a str, Counted)>) -> Vec<CategoryRow> {
    let mut rows: Vec<CategoryRow> = counted
        .filter_map(|(name, counted)| {
            let (first, last) = counted.ends?;
            Some(CategoryRow {
                name: name.to_owned(),
                streams: 0,
                events: counted.n,
                first,
                last,
            })
        })
        .collect();
    rows.sort_by(|a, b| b.events.cmp(&a.events).then_with(|| a.name.cmp(&b.name)));
    rows
}

/// Streams and events of each category in a period: two binary searches a stream.
pub(super) fn categories(log: &EventLog, period: Option<Period>) -> Vec<CategoryRow> {
    let Some(period) = period else {
        return Vec::new();
    };
    let names = log.category_names();
    let mut streams = vec![0_u64; names.len()];
    let mut events = vec![Counted::default(); names.len()];
    for stream in log.streams() {
        let category = log.stream_info(stream).category.index();
        let of_stream = period.events_of(log, stream);
        let (Some(first), Some(last)) = (of_stream.first(), of_stream.last()) else {
            continue;
        };
        if let (Some(n_streams), Some(counted)) =
            (streams.get_mut(category), events.get_mut(category))
        {
            *n_streams += 1;
            counted.add(*first);
            counted.add(*last);
            counted.n += of_stream.len() as u64;
            counted.n -= 2;
        }
    }
    let mut rows = by_count(names.iter().map(|name| &**name).zip(events));
    for row in &mut rows {
        let category = names.iter().position(|name| **name == *row.name);
        row.streams = category
            .and_then(|at| streams.get(at).copied())
            .unwrap_or(0);
    }
    rows
}
