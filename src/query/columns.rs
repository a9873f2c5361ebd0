//! Tests that the log's columns answer, for 4,096 events at a time.

use crate::event::{Position, Timestamp};
use crate::history::EventLog;

use super::plan::{Leaf, Node};

/// How many events are looked at together.
pub(super) const BLOCK: u32 = 4096;
/// A mark for each event of a block.
pub(super) type Words = [u64; BLOCK as usize / 64];

/// A test on one event that needs nothing but the log.
#[derive(Debug)]
pub(super) enum Column {
    /// Its type is one of these, by id.
    Types(Box<[bool]>),
    /// Its position lies in one of these, both ends included.
    Positions(Vec<(u32, u32)>),
    /// It is marked.
    Bits(Box<[u64]>),
}

impl Column {
    /// No event.
    pub(super) fn none() -> Self {
        Self::Positions(Vec::new())
    }

    /// The events at these positions.
    pub(super) fn of_positions(log: &EventLog, positions: impl IntoIterator<Item = u32>) -> Self {
        let mut bits = words(log);
        for at in positions {
            if let Some(word) = bits.get_mut(at as usize / 64) {
                *word |= 1 << (at % 64);
            }
        }
        Self::Bits(bits)
    }

    /// The events of streams, by id.
    pub(super) fn of_streams(log: &EventLog, wanted: &[bool]) -> Self {
        if !wanted.contains(&true) {
            return Self::none();
        }
        let mut bits = words(log);
        log.mark_streams(wanted, &mut bits);
        Self::Bits(bits)
    }

    /// The events whose time lies in one of the ranges (or, `negated`, in none); those without a time
    /// never do.
    pub(super) fn of_times(log: &EventLog, ranges: &[(i64, i64)], negated: bool) -> Self {
        let in_order = !log.times_go_back() && log.n_untimed() == 0;
        if in_order && !negated {
            let range = |(from, to): &(i64, i64)| {
                let first = log.rank_before_time(Timestamp(*from));
                let end = if *to == i64::MAX {
                    u32::try_from(log.len()).unwrap_or(u32::MAX)
                } else {
                    log.rank_before_time(Timestamp(*to + 1))
                };
                (first < end).then(|| (first, end - 1))
            };
            return Self::Positions(ranges.iter().filter_map(range).collect());
        }
        let is_wanted = |at: &u32| {
            log.time(Position(*at)).is_some_and(|time| {
                ranges
                    .iter()
                    .any(|(from, to)| *from <= time.0 && time.0 <= *to)
                    != negated
            })
        };
        let n_events = u32::try_from(log.len()).unwrap_or(u32::MAX);
        Self::of_positions(log, (0..n_events).filter(is_wanted))
    }

    /// The events whose version lies in one of the ranges (or, `negated`, in none).
    pub(super) fn of_versions(log: &EventLog, ranges: &[(i64, i64)], negated: bool) -> Self {
        let mut bits = words(log);
        for stream in log.streams() {
            for (rank, at) in (0_u32..).zip(log.events_of(stream)) {
                let fits = log.version_at_rank(stream, rank).is_some_and(|version| {
                    let is_in = |(from, to): &(i64, i64)| *from <= version.0 && version.0 <= *to;
                    ranges.iter().any(is_in) != negated
                });
                bits[*at as usize / 64] |= u64::from(fits) << (at % 64);
            }
        }
        Self::Bits(bits)
    }

    /// Whether an event passes.
    pub(super) fn holds(&self, log: &EventLog, position: Position) -> bool {
        let at = position.0;
        match self {
            Self::Types(wanted) => wanted
                .get(log.event_type(position).index())
                .copied()
                .unwrap_or(false),
            Self::Positions(ranges) => ranges.iter().any(|(from, to)| *from <= at && at <= *to),
            Self::Bits(bits) => bits
                .get(position.index() / 64)
                .is_some_and(|word| word >> (at % 64) & 1 == 1),
        }
    }

    /// Marks the events of the block that begins at `first`.
    fn fill(&self, log: &EventLog, first: u32, words: &mut Words) {
        match self {
            Self::Types(wanted) => log.mark_types(Position(first), wanted, words),
            Self::Bits(bits) => {
                let from = first as usize / 64;
                for (word, bits) in words.iter_mut().zip(&bits[from.min(bits.len())..]) {
                    *word = *bits;
                }
            }
            Self::Positions(ranges) => {
                for (from, to) in ranges {
                    mark_range(words, first, *from, *to);
                }
            }
        }
    }
}

/// Marks the part of a range of positions that lies in the block at `first`.
fn mark_range(words: &mut Words, first: u32, from: u32, to: u32) {
    let last_of_block = u64::from(first) + u64::from(BLOCK) - 1;
    let (from, to) = (from.max(first), u64::from(to).min(last_of_block));
    if u64::from(from) > to {
        return;
    }
    let offset = from - first;
    let length = to - u64::from(from) + 1;
    for bit in u64::from(offset)..u64::from(offset) + length {
        #[expect(clippy::cast_possible_truncation, reason = "within a block")]
        let word = &mut words[bit as usize / 64];
        if bit % 64 == 0 && u64::from(offset) + length - bit >= 64 {
            *word = u64::MAX;
        } else if *word != u64::MAX {
            *word |= 1 << (bit % 64);
        }
    }
}

fn words(log: &EventLog) -> Box<[u64]> {
    vec![0; log.len().div_ceil(64)].into()
}

/// Marks the events of a block that may pass (`may`), or that pass whatever their data and states
/// (not `may`).
pub(super) fn bound(node: &Node, log: &EventLog, first: u32, may: bool) -> Words {
    match node {
        Node::Leaf(Leaf::Column(column)) => {
            let mut words = [0; BLOCK as usize / 64];
            column.fill(log, first, &mut words);
            words
        }
        Node::Leaf(Leaf::Event(_) | Leaf::State(_)) => {
            [if may { u64::MAX } else { 0 }; BLOCK as usize / 64]
        }
        Node::Not(inner) => {
            let mut words = bound(inner, log, first, !may);
            for word in &mut words {
                *word = !*word;
            }
            words
        }
        Node::And(parts) => {
            let mut words = [u64::MAX; BLOCK as usize / 64];
            for part in parts {
                // Where nothing is left, the rest need not be looked at.
                if words.iter().all(|word| *word == 0) {
                    break;
                }
                let other = bound(part, log, first, may);
                words
                    .iter_mut()
                    .zip(other)
                    .for_each(|(word, other)| *word &= other);
            }
            words
        }
        Node::Or(parts) => {
            let mut words = [0; BLOCK as usize / 64];
            for part in parts {
                let other = bound(part, log, first, may);
                words
                    .iter_mut()
                    .zip(other)
                    .for_each(|(word, other)| *word |= other);
            }
            words
        }
    }
}
