//! Puts two halves of a history together that were built side by side: the log is the same as if the
//! later half had been added event by event.
//!
//! Streams, types and categories of the later half are known by other numbers; a table of them turns
//! one into the other, so that an event costs a copy and no look-up of its name.

use super::builder::LogBuilder;
use super::columns::{NO_TIME, TypeColumn};
use super::stream_table::NO_VERSION;
use super::versions::VersionBreak;
use crate::event::Version;

impl LogBuilder {
    /// Adds all events of a builder that began anew with the same rules; both must be of one part.
    ///
    /// `false` where that cannot be done, and nothing was added: where versions that are missing are
    /// counted on from those before, and where there would be too many events. Costs some nanoseconds
    /// an event and a look-up for each stream of the later half.
    pub fn append(&mut self, mut later: Self) -> bool {
        self.settle();
        later.settle();
        let n_before = self.len();
        let is_one_part = self.part_starts.len() <= 1 && later.part_starts.len() <= 1;
        let fits = (n_before + later.len()) < u32::MAX as usize;
        if !fits || !is_one_part || self.rules != later.rules || self.rules.counts_missing {
            return false;
        }
        self.append_times(&later);
        self.append_types(&later);
        self.parts
            .places
            .append(n_before, &later.parts.places, later.len());
        self.append_streams(&later);
        true
    }

    fn append_times(&mut self, later: &Self) {
        let n_before = self.len();
        let (parts, more) = (&mut self.parts, &later.parts);
        // In a half that never goes back the first time is the least.
        let first = more.times.iter().find(|time| **time != NO_TIME);
        parts.times_go_back |= more.times_go_back || first.is_some_and(|time| *time < parts.latest);
        parts.n_untimed += more.n_untimed;
        parts.latest = parts.latest.max(more.latest);
        parts.time_digits = parts.time_digits.max(more.time_digits);
        parts.times.append(&more.times);
        if !more.occurred.is_empty() {
            parts.occurred.resize(n_before, NO_TIME);
            parts.occurred.append(&more.occurred);
        }
    }

    fn append_types(&mut self, later: &Self) {
        let names = later.types_by_name.names();
        let numbers: Vec<u32> = names.map(|name| self.event_type(name)).collect();
        for (number, count) in numbers.iter().zip(&later.parts.type_counts) {
            self.parts.type_counts[*number as usize] += count;
        }
        let types = &mut self.parts.types;
        let is_same = (0..).zip(&numbers).all(|(old, new)| old == *new);
        match (types, &later.parts.types) {
            // The usual case: few types, met in the same order.
            (TypeColumn::Narrow(own), TypeColumn::Narrow(more)) if is_same => own.append(more),
            (types, more) => {
                (0..later.len()).for_each(|at| types.push(numbers[more.get(at) as usize]));
            }
        }
    }

    /// Adds streams, which events have which, and where versions break.
    fn append_streams(&mut self, later: &Self) {
        let n_streams = later.parts.stream_table.len();
        let mut numbers = Vec::with_capacity(n_streams);
        // How many events each stream of the later half had before, and its last version.
        let mut before = Vec::with_capacity(n_streams);
        for (at, info) in (0_u32..).zip(later.parts.stream_table.iter()) {
            let key = later.streams.key_of(at);
            let (number, is_new) = self.streams.find(self.streams.hash(key), key);
            if is_new {
                let category = &later.parts.category_names[info.category.index()];
                self.add_named(info.name.clone(), category.clone(), info.scope);
            }
            let more = later.streams.record(at);
            let record = self.streams.record_mut(number);
            before.push((record.n_events, record.last_version));
            record.last_version = match more.last_version {
                _ if self.rules.without_versions => i64::from(record.n_events + more.n_events) - 1,
                last => last,
            };
            record.n_events += more.n_events;
            numbers.push(number);
        }
        self.parts.streams.reserve(later.len());
        for stream in later.parts.streams.iter() {
            self.parts.streams.push(numbers[*stream as usize]);
        }
        for (stream, found) in &later.breaks {
            let (n_before, last) = before[*stream as usize];
            if found.rank > 0 || !self.goes_on(last, found.version) {
                let rank = n_before + found.rank;
                let version = found.version;
                let found = VersionBreak { rank, version };
                self.breaks.push((numbers[*stream as usize], found));
            }
        }
    }

    /// Whether a stream's first version in the later half follows the last one of the first half.
    fn goes_on(&self, last: i64, first: Option<Version>) -> bool {
        if last == NO_VERSION {
            return false;
        }
        self.rules.without_versions
            || first.is_some_and(|Version(first)| last.checked_add(1) == Some(first))
    }
}
