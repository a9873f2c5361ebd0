//! When something held: stretches of events, found one event after another.

use crate::event::{Position, StreamId};

/// The most stretches that are kept; the others are counted.
pub(super) const MAX_FOUND: usize = 1_000_000;

/// A stretch of a stream during which something held.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// In which stream.
    pub stream: StreamId,
    /// The event after which it held.
    pub from: Position,
    /// The event after which it no longer did; `None` where it holds at the stream's end.
    pub to: Option<Position>,
}

/// What a question has found so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The stretches, in the order in which they were found out.
    pub stretches: Vec<Stretch>,
    /// How many more there are than are kept.
    pub n_more: u64,
}

impl Found {
    pub(super) fn push(&mut self, stretch: Stretch) {
        if self.stretches.len() < MAX_FOUND {
            self.stretches.push(stretch);
        } else {
            self.n_more += 1;
        }
    }

    pub(super) fn clear(&mut self) {
        self.stretches.clear();
        self.n_more = 0;
    }

    /// What was known after the event at `last`: what began later is left out, what ended later held
    /// still.
    #[must_use]
    pub fn until(mut self, last: Position) -> Self {
        self.stretches.retain(|stretch| stretch.from <= last);
        for stretch in &mut self.stretches {
            stretch.to = stretch.to.filter(|to| *to <= last);
        }
        self
    }

    /// The stretches by their beginning.
    pub fn sort(&mut self) {
        self.stretches.sort_unstable_by_key(|stretch| stretch.from);
    }
}
