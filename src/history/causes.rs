//! Which event carries which id, and which events name it as their cause or share an undertaking.
//!
//! Ids stay in the file. The index keeps 32 bits of the hash of each id, causation id and correlation
//! id with the position beside them, at most 24 bytes an event; what it finds are candidates, and who
//! asks it reads them (`chain`), so that two ids of one hash never become a false cause.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use super::history::History;
use crate::event::{CausationNames, EventDetail, Place, Position, Want};

/// How many events are read at a time while an index is made.
const BATCH: usize = 4_096;

/// A list from hashes to positions, sorted by both: the hash above, the position below.
#[derive(Debug, Default)]
pub(super) struct Table(Vec<u64>);

impl Table {
    pub(super) fn push(&mut self, text: &str, position: Position) -> Option<()> {
        self.0.try_reserve(1).ok()?;
        self.0.push(key(text) | u64::from(position.0));
        Some(())
    }

    pub(super) fn finish(&mut self) {
        self.0.sort_unstable();
        self.0.shrink_to_fit();
    }

    pub(super) fn find(&self, text: &str) -> impl ExactSizeIterator<Item = Position> + '_ {
        let from = key(text);
        let to = from | u64::from(u32::MAX);
        let start = self.0.partition_point(|entry| *entry < from);
        let end = self.0.partition_point(|entry| *entry <= to);
        let found = self.0.get(start..end).unwrap_or_default().iter();
        #[expect(clippy::cast_possible_truncation, reason = "the lower half is meant")]
        let position = |entry: &u64| Position(*entry as u32);
        found.map(position)
    }
}

impl Table {
    /// Where the entries of each hash begin and end.
    fn groups(&self) -> Vec<(usize, usize)> {
        let mut groups = Vec::new();
        let mut from = 0;
        for run in self.0.chunk_by(|a, b| a >> 32 == b >> 32) {
            groups.push((from, from + run.len()));
            from += run.len();
        }
        groups
    }

    /// The positions of some entries.
    fn range(&self, (from, to): (usize, usize)) -> impl ExactSizeIterator<Item = Position> + '_ {
        #[expect(clippy::cast_possible_truncation, reason = "the lower half is meant")]
        let position = |entry: &u64| Position(*entry as u32);
        self.0
            .get(from..to)
            .unwrap_or_default()
            .iter()
            .map(position)
    }

    /// How many entries there are.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many entries of one hash there are at most, once it is finished.
    pub(super) fn longest(&self) -> usize {
        let runs = self.0.chunk_by(|a, b| a >> 32 == b >> 32);
        runs.map(<[u64]>::len).max().unwrap_or(0)
    }

    /// Bytes held.
    pub(super) fn bytes(&self) -> usize {
        8 * self.0.capacity()
    }
}

/// The hash of a text in the upper half.
fn key(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish() & 0xffff_ffff_0000_0000
}

/// Finds events by their ids, as candidates.
#[derive(Debug, Default)]
pub struct CauseIndex {
    ids: Table,
    causes: Table,
    correlations: Table,
    names: CausationNames,
}

/// Why there is no index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NoCauses {
    /// The one who asked no longer wants to know.
    #[error("stopped before the end")]
    Cancelled,
    /// There is not enough memory for it.
    #[error("there is not enough memory for the causes of so many events")]
    TooLarge,
}

impl CauseIndex {
    /// Reads every event once. `done` is told how many have been read, and says whether to go on.
    ///
    /// An event that cannot be read has neither id nor cause.
    pub fn read(history: &History, done: &mut dyn FnMut(usize) -> bool) -> Result<Self, NoCauses> {
        let mut index = Self {
            names: history.about.causation,
            ..Self::default()
        };
        let n_events = history.log.len();
        let mut places: Vec<Place> = Vec::with_capacity(BATCH.min(n_events));
        for first in (0..n_events).step_by(BATCH) {
            let end = (first + BATCH).min(n_events);
            let position = |at: usize| Position(u32::try_from(at).unwrap_or(u32::MAX));
            places.clear();
            places.extend((first..end).map(|at| history.log.place(position(at))));
            let mut fits = true;
            history
                .reader
                .read(&places, Want::Presented, &mut |nr, detail| {
                    if let Ok(detail) = detail {
                        fits = index.add(position(first + nr), &detail).is_some();
                    }
                    fits
                });
            if !fits {
                return Err(NoCauses::TooLarge);
            }
            if !done(end) {
                return Err(NoCauses::Cancelled);
            }
        }
        index.ids.finish();
        index.causes.finish();
        index.correlations.finish();
        Ok(index)
    }

    fn add(&mut self, position: Position, detail: &EventDetail) -> Option<()> {
        if let Some(id) = name_of(detail, self.names) {
            self.ids.push(id, position)?;
        }
        if let Some(cause) = &detail.causation {
            self.causes.push(cause, position)?;
        }
        if let Some(correlation) = &detail.correlation {
            self.correlations.push(correlation, position)?;
        }
        Some(())
    }

    /// The events that may carry an id, rising.
    pub fn with_id(&self, id: &str) -> impl ExactSizeIterator<Item = Position> + '_ {
        self.ids.find(id)
    }

    /// The events that may name this as their cause, rising.
    pub fn caused_by(&self, id: &str) -> impl ExactSizeIterator<Item = Position> + '_ {
        self.causes.find(id)
    }

    /// The events that may belong to an undertaking, rising.
    pub fn of_correlation(&self, id: &str) -> impl ExactSizeIterator<Item = Position> + '_ {
        self.correlations.find(id)
    }

    /// Where the events of each undertaking stand, as ranges for [`Self::correlations_in`].
    pub(super) fn groups_of_correlations(&self) -> Vec<(usize, usize)> {
        self.correlations.groups()
    }

    /// The events of such a range, rising.
    pub(super) fn correlations_in(
        &self,
        range: (usize, usize),
    ) -> impl ExactSizeIterator<Item = Position> + '_ {
        self.correlations.range(range)
    }

    /// What causation ids name.
    pub fn names(&self) -> CausationNames {
        self.names
    }

    /// Whether any event names a cause.
    pub fn has_causes(&self) -> bool {
        !self.causes.0.is_empty()
    }

    /// Whether any event names its undertaking.
    pub fn has_correlations(&self) -> bool {
        !self.correlations.0.is_empty()
    }

    /// Bytes held.
    pub fn bytes(&self) -> usize {
        [&self.ids, &self.causes, &self.correlations]
            .map(Table::bytes)
            .iter()
            .sum()
    }
}

/// By what other events name an event as their cause.
pub(super) fn name_of(detail: &EventDetail, names: CausationNames) -> Option<&str> {
    match names {
        CausationNames::Position => detail.store_position.as_deref(),
        CausationNames::EventOrCommand | CausationNames::Command => detail.id.as_deref(),
    }
}
