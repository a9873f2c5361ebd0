//! The streams as a tree: categories by size, and their streams by name, sorted only when opened.
//!
//! Made once for each history; a category of 100,000 streams is sorted when it is first unfolded.

use crate::event::{CategoryId, Position, StreamId, Timestamp, Zone};
use crate::history::{Axis, EventLog, Grouping};
use crate::projection::{Bucket, auto_bucket};

/// The most bars a sparkline has room for.
const MOST_BARS: usize = 24;
/// Bars where there is no time to cut.
const BARS: u32 = 10;

/// A category with its streams.
#[derive(Clone, Debug)]
pub(super) struct Branch {
    /// Which category.
    pub(super) category: CategoryId,
    /// How many events it has.
    pub(super) n_events: u64,
    /// How they went over time.
    pub(super) bars: Vec<u64>,
    streams: Vec<StreamId>,
    is_sorted: bool,
}

/// All categories of a history, largest first, and how the time of all sparklines is cut.
#[derive(Clone, Debug, Default)]
pub(super) struct StreamIndex {
    /// The categories, largest first.
    pub(super) branches: Vec<Branch>,
    /// What a bar is: `By month`.
    pub(super) title: String,
    /// How many events stand before each edge between bars, by time.
    bounds: Vec<u32>,
    edges: Vec<i64>,
}

impl StreamIndex {
    /// The tree of a log. Costs one pass over the streams.
    pub(super) fn new(log: &EventLog, zone: Zone) -> Self {
        let mut index = Self::cut(log, zone);
        let axis = if index.edges.is_empty() {
            Axis::Sequence
        } else {
            Axis::Time
        };
        let counts = log.count_columns(axis, Grouping::Category, &index.bounds);
        let mut streams: Vec<Vec<StreamId>> = vec![Vec::new(); log.category_names().len()];
        for stream in log.streams() {
            streams[log.stream_info(stream).category.index()].push(stream);
        }
        let groups = log.groups(Grouping::Category);
        let branch = |(id, streams): (usize, Vec<StreamId>)| {
            let group = usize::from(groups[id]);
            Branch {
                category: CategoryId(u32::try_from(id).unwrap_or(u32::MAX)),
                n_events: log.category_counts()[id],
                bars: (0..counts.n_columns())
                    .map(|column| u64::from(counts.column(column)[group]))
                    .collect(),
                streams,
                is_sorted: false,
            }
        };
        index.branches = streams.into_iter().enumerate().map(branch).collect();
        index.branches.sort_by(|a, b| {
            let name = |branch: &Branch| &log.category_names()[branch.category.index()];
            b.n_events
                .cmp(&a.n_events)
                .then_with(|| name(a).cmp(name(b)))
        });
        index
    }

    /// The edges between bars, without branches yet.
    fn cut(log: &EventLog, zone: Zone) -> Self {
        let Some((first, last)) = log.time_range().filter(|(first, last)| first < last) else {
            let n_events = u64::try_from(log.len()).unwrap_or(u64::MAX);
            let bound = |nth: u32| {
                u32::try_from(n_events * u64::from(nth) / u64::from(BARS)).unwrap_or(u32::MAX)
            };
            let bounds = (0..=BARS).map(bound).collect();
            return Self {
                title: "By position".to_owned(),
                bounds,
                ..Self::default()
            };
        };
        let bucket = auto_bucket((first, last), MOST_BARS);
        let edges: Vec<Timestamp> = bucket.edges((first, last), zone, MOST_BARS + 2);
        let mut bounds = log.time_bounds(edges.iter().copied());
        for bound in &mut bounds {
            *bound = (*bound).max(log.n_untimed());
        }
        Self {
            title: by(bucket),
            bounds,
            edges: edges.into_iter().map(|edge| edge.0).collect(),
            branches: Vec::new(),
        }
    }

    /// Puts a category's streams in order, once.
    pub(super) fn sort(&mut self, log: &EventLog, branch: usize) {
        if let Some(branch) = self
            .branches
            .get_mut(branch)
            .filter(|branch| !branch.is_sorted)
        {
            sort_by_name(log, &mut branch.streams);
            branch.is_sorted = true;
        }
    }

    /// A category's streams; by name once they are sorted.
    pub(super) fn streams(&self, branch: usize) -> &[StreamId] {
        self.branches
            .get(branch)
            .map_or(&[], |branch| &branch.streams)
    }

    /// The streams of a category whose names hold `needle`, by name.
    pub(super) fn matching(&self, log: &EventLog, branch: usize, needle: &Needle) -> Vec<StreamId> {
        let Some(branch) = self.branches.get(branch) else {
            return Vec::new();
        };
        let category = log.category_names().get(branch.category.index());
        // Where streams do not carry the name of their category, that name finds them all.
        let is_all = category.is_some_and(|name| needle.is_in(name));
        let fits = |stream: &&StreamId| is_all || needle.is_in(log.stream_name(**stream));
        let mut found: Vec<StreamId> = branch.streams.iter().filter(fits).copied().collect();
        if !branch.is_sorted {
            sort_by_name(log, &mut found);
        }
        found
    }

    /// How a stream's events went over time.
    ///
    /// Exact up to some thousand events; beyond that, and where times go back, by their position.
    pub(super) fn bars_of(&self, log: &EventLog, stream: StreamId) -> Vec<u64> {
        const EXACT: usize = 4096;
        let events = log.events_of(stream);
        let n_bars = self.bounds.len().saturating_sub(1);
        let mut bars = vec![0; n_bars];
        if events.len() <= EXACT && !self.edges.is_empty() {
            for time in events.iter().filter_map(|at| log.time(Position(*at))) {
                let after = self.edges.partition_point(|edge| *edge <= time.0);
                if let Some(bar) = after.checked_sub(1).and_then(|bar| bars.get_mut(bar)) {
                    *bar += 1;
                }
            }
            return bars;
        }
        let before = |bound: &u32| events.partition_point(|at| at < bound);
        let ranks: Vec<usize> = self.bounds.iter().map(before).collect();
        for (bar, pair) in bars.iter_mut().zip(ranks.windows(2)) {
            *bar = u64::try_from(pair[1] - pair[0]).unwrap_or(0);
        }
        bars
    }
}

/// What a bar of that length is called in the head.
fn by(bucket: Bucket) -> String {
    format!("By {}", bucket.label())
}

/// Sorts streams of one category by name.
///
/// Their names mostly begin alike; the eight bytes after that decide nearly all comparisons.
fn sort_by_name(log: &EventLog, streams: &mut [StreamId]) {
    let name = |stream: StreamId| log.stream_name(stream).as_bytes();
    let Some(first) = streams.first().map(|stream| name(*stream)) else {
        return;
    };
    let mut shared = first.len();
    for stream in streams.iter() {
        let same = first
            .iter()
            .zip(name(*stream))
            .take(shared)
            .take_while(|(a, b)| a == b);
        shared = same.count();
    }
    let key = |stream: StreamId| {
        let mut key = [0; 8];
        for (to, from) in key.iter_mut().zip(name(stream).iter().skip(shared)) {
            *to = *from;
        }
        u64::from_be_bytes(key)
    };
    let mut keyed: Vec<(u64, StreamId)> = streams
        .iter()
        .map(|stream| (key(*stream), *stream))
        .collect();
    keyed.sort_unstable_by(|a, b| {
        a.0.cmp(&b.0)
            .then_with(|| name(a.1).cmp(name(b.1)))
            .then(a.1.cmp(&b.1))
    });
    for (to, (_, from)) in streams.iter_mut().zip(keyed) {
        *to = from;
    }
}

/// A text to be found in names, whatever the case of its letters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Needle(String);

impl Needle {
    /// What a filter field says; nothing where it is empty.
    pub(super) fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        (!text.is_empty()).then(|| Self(text.to_lowercase()))
    }

    /// Whether it stands in `name`.
    pub(super) fn is_in(&self, name: &str) -> bool {
        let needle = self.0.as_bytes();
        if !(self.0.is_ascii() && name.is_ascii()) {
            return name.to_lowercase().contains(&self.0);
        }
        let name = name.as_bytes();
        name.windows(needle.len())
            .any(|window| window.eq_ignore_ascii_case(needle))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Place;
    use crate::history::{LogBuilder, NewEvent};

    fn log(streams: &[&str]) -> EventLog {
        let mut builder = LogBuilder::default();
        for (nr, stream) in (0..).zip(streams) {
            let event = NewEvent {
                stream: stream.as_bytes(),
                category: None,
                version: None,
                event_type: b"Placed",
                time: Some(Timestamp(nr * 86_400_000_000_000)),
                place: Place::at(nr),
            };
            builder.push(&event).unwrap();
        }
        builder.finish()
    }

    #[test]
    fn categories_stand_by_size_and_streams_by_name() {
        let log = log(&[
            "cart-2",
            "order-12",
            "order-100",
            "cart-1",
            "order-1",
            "order-12",
        ]);
        let mut index = StreamIndex::new(&log, Zone::Utc);
        let categories: Vec<&str> = index
            .branches
            .iter()
            .map(|branch| &*log.category_names()[branch.category.index()])
            .collect();
        assert_eq!(categories, ["order", "cart"]);
        index.sort(&log, 0);
        let names: Vec<&str> = index
            .streams(0)
            .iter()
            .map(|stream| log.stream_name(*stream))
            .collect();
        assert_eq!(names, ["order-1", "order-100", "order-12"]);
        assert_eq!(index.title, "By 6 h");
    }

    #[test]
    fn a_filter_finds_parts_of_names_in_any_case() {
        let log = log(&["order-12", "order-312", "ORDER-4"]);
        let index = StreamIndex::new(&log, Zone::Utc);
        let found = |text| {
            let needle = Needle::new(text).unwrap();
            (0..index.branches.len())
                .map(|branch| index.matching(&log, branch, &needle).len())
                .sum::<usize>()
        };
        assert_eq!(found("12"), 2);
        assert_eq!(found("Order"), 3);
        assert_eq!(found("x"), 0);
        assert_eq!(Needle::new("  "), None);
    }
}
