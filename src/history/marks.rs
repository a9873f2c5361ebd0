//! Marking events by what the columns hold, 64 to a word: for filters over all events.

use super::column::Column;
use super::columns::TypeColumn;
use super::event_log::EventLog;
use crate::event::{Position, StreamId};

impl EventLog {
    /// Marks in `words` the events of wanted types from `first` on: bit 0 of word 0 is the event at
    /// `first`. `wanted` is by type id. Costs about a nanosecond an event.
    pub fn mark_types(&self, first: Position, wanted: &[bool], words: &mut [u64]) {
        let first = first.index().min(self.len());
        match &self.parts.types {
            TypeColumn::Narrow(ids) => {
                let mut table = [false; 256];
                for (slot, is_wanted) in table.iter_mut().zip(wanted) {
                    *slot = *is_wanted;
                }
                mark(ids, first, words, |id| table[usize::from(*id)]);
            }
            TypeColumn::Middle(ids) => mark(ids, first, words, |id| {
                wanted.get(usize::from(*id)).copied().unwrap_or(false)
            }),
            TypeColumn::Wide(ids) => mark(ids, first, words, |id| {
                wanted.get(*id as usize).copied().unwrap_or(false)
            }),
        }
    }

    /// Marks in `words` the events of wanted streams, beginning with the history's first event.
    /// `wanted` is by stream id.
    pub fn mark_streams(&self, wanted: &[bool], words: &mut [u64]) {
        let n_wanted: usize = self
            .streams()
            .zip(wanted)
            .filter(|(_, is_wanted)| **is_wanted)
            .map(|(stream, _)| self.events_of(stream).len())
            .sum();
        if n_wanted > self.len() / 8 {
            // A bit for each stream, so that the nearest cache holds the whole of many thousands.
            let mut bits = vec![0_u64; wanted.len().div_ceil(64)];
            for (id, is_wanted) in wanted.iter().enumerate() {
                bits[id / 64] |= u64::from(*is_wanted) << (id % 64);
            }
            let is_wanted = |id: &u32| {
                let word = bits.get(*id as usize / 64).copied().unwrap_or(0);
                word >> (id % 64) & 1 == 1
            };
            mark(&self.parts.streams, 0, words, is_wanted);
            return;
        }
        let chosen = (0_u32..).zip(wanted).filter(|(_, is_wanted)| **is_wanted);
        for (stream, _) in chosen {
            for at in self.events_of(StreamId(stream)) {
                if let Some(word) = words.get_mut(*at as usize / 64) {
                    *word |= 1 << (at % 64);
                }
            }
        }
    }
}

/// Marks the values from `first` on that are wanted.
fn mark<T>(column: &Column<T>, first: usize, words: &mut [u64], is_wanted: impl Fn(&T) -> bool) {
    let (shared, new) = column.slices(first..column.len());
    mark_slice(shared, words, &is_wanted);
    // What is new begins in the middle of a word.
    let n_whole = shared.len() / 64;
    let n_before = shared.len() % 64;
    let (now, later) = new.split_at(new.len().min(64 - n_before));
    let Some(rest) = words.get_mut(n_whole..).filter(|_| !new.is_empty()) else {
        return;
    };
    if let Some(word) = rest.first_mut() {
        let mut marks = [0];
        mark_slice(now, &mut marks, &is_wanted);
        let kept = if n_before == 0 { 0 } else { *word };
        *word = kept | marks[0] << n_before;
    }
    mark_slice(later, rest.get_mut(1..).unwrap_or_default(), &is_wanted);
}

fn mark_slice<T>(column: &[T], words: &mut [u64], is_wanted: &impl Fn(&T) -> bool) {
    for (word, values) in words.iter_mut().zip(column.chunks(64)) {
        let mut marks = 0;
        for (bit, value) in values.iter().enumerate() {
            marks |= u64::from(is_wanted(value)) << bit;
        }
        *word = marks;
    }
}
