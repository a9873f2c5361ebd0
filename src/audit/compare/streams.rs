//! Holds two histories against each other, stream by stream.

use std::collections::{BTreeMap, HashMap};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use super::super::bases::Bases;
use super::super::run::Watch;
use super::align::{Pair, Side, align};
use super::columns::Columns;
use super::differences::{Comparison, DifferenceKind, StreamDifferences};
use crate::event::{Position, StreamId};
use crate::history::{EventLog, History};

/// The most differences that are kept, and the most streams with some.
pub(super) const MAX_ITEMS: usize = 10_000;
const MAX_STREAMS: usize = 4_000;

/// What the user says of how two histories belong together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CompareOptions {
    /// Types of the first history with their names in the second.
    pub types: Vec<(String, String)>,
}

/// Compares two histories; `None` where it was stopped. Reads every event of both once.
pub fn compare(
    a: &History,
    b: &History,
    options: &CompareOptions,
    watch: &Watch<'_>,
) -> Option<Comparison> {
    let with_metadata = a.about.format == b.about.format;
    let columns_a = Columns::read(a, with_metadata, 0xa, 0, watch)?;
    let columns_b = Columns::read(b, with_metadata, 0xb, a.log.len() as u64, watch)?;
    let pairing = Pairing::new(&columns_a, &columns_b, options, with_metadata);
    let mut tally = Tally {
        b_of_a: vec![u32::MAX; a.log.len()],
        ..Tally::default()
    };
    for (stream_a, stream_b) in pairing.streams() {
        if watch.is_cancelled() {
            return None;
        }
        pairing.compare_stream(stream_a, stream_b, &mut tally);
    }
    pairing.compare_order(&mut tally);
    Some(pairing.finish(tally))
}

/// Both sides, and what makes their events equal.
pub(super) struct Pairing<'c> {
    pub(super) a: &'c Columns<'c>,
    pub(super) b: &'c Columns<'c>,
    /// The type of the second history for each of the first.
    types: Vec<Option<u32>>,
    /// Times that differ by less than this many nanoseconds are equal.
    pub(super) coarser: i64,
    pub(super) by_rank: bool,
    bases: [Bases; 2],
    pub(super) same_format: bool,
}

/// What has been found so far.
#[derive(Default)]
pub(super) struct Tally {
    pub(super) found: Comparison,
    pub(super) streams: Vec<StreamDifferences>,
    /// Differences as pairs of positions.
    pub(super) items: Vec<(DifferenceKind, Option<Position>, Option<Position>)>,
    /// For each event of the first history its equal in the second.
    b_of_a: Vec<u32>,
}

impl<'c> Pairing<'c> {
    fn new(
        a: &'c Columns<'c>,
        b: &'c Columns<'c>,
        options: &CompareOptions,
        same_format: bool,
    ) -> Self {
        let (log_a, log_b) = (&a.history.log, &b.history.log);
        let named: HashMap<&str, u32> = (0..)
            .zip(log_b.type_names())
            .map(|(id, name)| (name.as_ref(), id))
            .collect();
        let renamed: HashMap<&str, &str> = options
            .types
            .iter()
            .map(|(a, b)| (a.as_str(), b.as_str()))
            .collect();
        let other = |name: &str| {
            let name = renamed.get(name).copied().unwrap_or(name);
            named.get(name).copied()
        };
        let digits = log_a.time_digits().min(log_b.time_digits()).min(9);
        Self {
            types: log_a.type_names().iter().map(|name| other(name)).collect(),
            coarser: 10_i64.pow(9 - u32::from(digits)),
            by_rank: !(log_a.has_versions() && log_b.has_versions()),
            bases: [Bases::of(log_a), Bases::of(log_b)],
            a,
            b,
            same_format,
        }
    }

    /// The streams that belong together, those of the first history first, then those that only the
    /// second has. A stream that several share a name with is told by its category.
    fn streams(&self) -> Vec<(Option<StreamId>, Option<StreamId>)> {
        let (log_a, log_b) = (&self.a.history.log, &self.b.history.log);
        let mut by_name: BTreeMap<&str, Vec<StreamId>> = BTreeMap::new();
        for stream in log_b.streams() {
            by_name
                .entry(log_b.stream_name(stream))
                .or_default()
                .push(stream);
        }
        let mut pairs = Vec::with_capacity(log_a.streams().len());
        for stream in log_a.streams() {
            let same_category =
                |other: &StreamId| log_b.category_of(*other) == log_a.category_of(stream);
            let found = by_name
                .get_mut(log_a.stream_name(stream))
                .and_then(|named| {
                    let at = named
                        .iter()
                        .position(same_category)
                        .or_else(|| (!named.is_empty()).then_some(0))?;
                    Some(named.remove(at))
                });
            pairs.push((Some(stream), found));
        }
        let mut rest: Vec<StreamId> = by_name.into_values().flatten().collect();
        rest.sort_unstable();
        pairs.extend(rest.into_iter().map(|stream| (None, Some(stream))));
        pairs
    }

    fn compare_stream(&self, a: Option<StreamId>, b: Option<StreamId>, tally: &mut Tally) {
        let (log_a, log_b) = (&self.a.history.log, &self.b.history.log);
        let events = |log: &'c EventLog, stream: Option<StreamId>| -> &'c [u32] {
            stream.map_or(&[], |stream| log.events_of(stream))
        };
        let (events_a, events_b) = (events(log_a, a), events(log_b, b));
        let at = |events: &[u32], rank: u32| {
            Position(events.get(rank as usize).copied().unwrap_or_default())
        };
        let pairs = if let (Some(a), Some(b)) = (a, b) {
            let sides = [self.side_a(a), self.side_b(b)];
            let equal = |x: u32, y: u32| self.equal(at(events_a, x), at(events_b, y));
            align(&sides[0], &sides[1], self.by_rank, &equal)
        } else {
            let n = |events: &[u32]| u32::try_from(events.len()).unwrap_or(u32::MAX);
            let only_a = (0..n(events_a)).map(Pair::OnlyA);
            only_a.chain((0..n(events_b)).map(Pair::OnlyB)).collect()
        };
        let name = a
            .map(|a| log_a.stream_name(a))
            .or_else(|| b.map(|b| log_b.stream_name(b)));
        let mut stream = StreamDifferences {
            stream: name.unwrap_or_default().to_owned(),
            ..StreamDifferences::default()
        };
        for pair in pairs {
            let (kind, x, y) = match pair {
                Pair::Same(x, y) => {
                    stream.same += 1;
                    tally.note_same(at(events_a, x), at(events_b, y));
                    continue;
                }
                Pair::Different(x, y) => (DifferenceKind::Different, Some(x), Some(y)),
                Pair::Moved(x, y) => (DifferenceKind::Reordered, Some(x), Some(y)),
                Pair::OnlyA(x) => (DifferenceKind::OnlyA, Some(x), None),
                Pair::OnlyB(y) => (DifferenceKind::OnlyB, None, Some(y)),
            };
            *match kind {
                DifferenceKind::OnlyA => &mut stream.only_a,
                DifferenceKind::OnlyB => &mut stream.only_b,
                DifferenceKind::Different => &mut stream.different,
                DifferenceKind::Reordered => &mut stream.reordered,
            } += 1;
            let (x, y) = (x.map(|x| at(events_a, x)), y.map(|y| at(events_b, y)));
            tally.note(kind, x, y);
        }
        tally.add(stream);
    }

    fn side_a(&self, stream: StreamId) -> Side {
        let types = |position| {
            let own = self.a.history.log.event_type(position);
            self.types.get(own.index()).copied().flatten()
        };
        self.side(self.a, stream, &self.bases[0], &types)
    }

    fn side_b(&self, stream: StreamId) -> Side {
        let types = |position| Some(self.b.history.log.event_type(position).0);
        self.side(self.b, stream, &self.bases[1], &types)
    }

    fn side(
        &self,
        of: &Columns<'_>,
        stream: StreamId,
        bases: &Bases,
        types: &dyn Fn(Position) -> Option<u32>,
    ) -> Side {
        let log = &of.history.log;
        let base = bases.of_stream(log, stream);
        let events = log.events_of(stream);
        let key = |(rank, _): (u32, &u32)| {
            let version = (!self.by_rank)
                .then(|| log.version_at_rank(stream, rank))
                .flatten();
            version.map_or_else(|| i64::from(rank), |version| version.0.saturating_sub(base))
        };
        let content = |at: &u32| {
            let mut hasher = DefaultHasher::new();
            (of.meaning(Position(*at)), types(Position(*at))).hash(&mut hasher);
            hasher.finish()
        };
        Side {
            keys: (0..).zip(events).map(key).collect(),
            contents: events.iter().map(content).collect(),
        }
    }

    /// Whether two events are equal.
    fn equal(&self, a: Position, b: Position) -> bool {
        self.a.meaning(a) == self.b.meaning(b) && self.unequal_columns(a, b).next().is_none()
    }

    /// What differs of two events but their payloads.
    pub(super) fn unequal_columns(
        &self,
        a: Position,
        b: Position,
    ) -> impl Iterator<Item = &'static str> {
        let (log_a, log_b) = (&self.a.history.log, &self.b.history.log);
        let own = self
            .types
            .get(log_a.event_type(a).index())
            .copied()
            .flatten();
        let types = own != Some(log_b.event_type(b).0);
        let times = match (log_a.time(a), log_b.time(b)) {
            (Some(a), Some(b)) => a.0.abs_diff(b.0) >= self.coarser.unsigned_abs(),
            (None, None) => false,
            // Where a source has no times at all, there is nothing to compare.
            _ => {
                log_a.n_untimed() as usize != log_a.len()
                    && log_b.n_untimed() as usize != log_b.len()
            }
        };
        let (id_a, id_b) = (self.a.id(a), self.b.id(b));
        let ids = id_a != 0 && id_b != 0 && id_a != id_b;
        [(types, "type"), (times, "time"), (ids, "id")]
            .into_iter()
            .filter_map(|(differs, name)| differs.then_some(name))
    }

    /// Looks whether equal events follow one another in the same order across streams.
    fn compare_order(&self, tally: &mut Tally) {
        let mut least = u32::MAX;
        let mut moved: Vec<(u32, u32)> = Vec::new();
        let mut n_moved = 0_u64;
        for (a, b) in tally.b_of_a.iter().enumerate().rev() {
            let a = u32::try_from(a).unwrap_or(u32::MAX);
            if *b == u32::MAX {
                continue;
            }
            if *b > least {
                n_moved += 1;
                tally.found.order_differs_from = Some(a);
                moved.push((a, *b));
                // The first ones matter, and they come last.
                if moved.len() >= 2 * MAX_ITEMS {
                    moved.drain(..MAX_ITEMS);
                }
            }
            least = least.min(*b);
        }
        if !self.same_format {
            return;
        }
        tally.found.same -= n_moved;
        tally.found.reordered += n_moved;
        for (a, b) in moved.into_iter().rev() {
            tally.note(
                DifferenceKind::Reordered,
                Some(Position(a)),
                Some(Position(b)),
            );
        }
    }
}

impl Tally {
    fn note_same(&mut self, a: Position, b: Position) {
        if let Some(to) = self.b_of_a.get_mut(a.index()) {
            *to = b.0;
        }
    }

    /// Keeps a difference; where there are too many, those further on are dropped now and then.
    fn note(&mut self, kind: DifferenceKind, a: Option<Position>, b: Option<Position>) {
        self.items.push((kind, a, b));
        if self.items.len() >= 4 * MAX_ITEMS {
            let place =
                |item: &(DifferenceKind, Option<Position>, Option<Position>)| item.1.or(item.2);
            self.items.sort_unstable_by_key(place);
            self.items.truncate(MAX_ITEMS);
        }
    }

    fn add(&mut self, stream: StreamDifferences) {
        self.found.same += stream.same;
        self.found.only_a += stream.only_a;
        self.found.only_b += stream.only_b;
        self.found.different += stream.different;
        self.found.reordered += stream.reordered;
        let differs = stream.only_a + stream.only_b + stream.different + stream.reordered > 0;
        if differs && self.streams.len() < MAX_STREAMS {
            self.streams.push(stream);
        }
    }
}
