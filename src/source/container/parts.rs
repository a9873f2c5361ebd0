//! A reader for what lies in several tables or files: each place says in which.

use std::ops::ControlFlow;
use std::sync::Arc;

use crate::event::{
    EventDetail, EventReader, Glance, Payload, Place, ReadError, SavedAt, StreamHeads, Want,
};

/// Readers of parts, by their number.
pub(super) struct PartsReader(Vec<Arc<dyn EventReader>>);

impl PartsReader {
    /// One reader for all; a single one stays as it is.
    pub(super) fn of(mut readers: Vec<Arc<dyn EventReader>>) -> Arc<dyn EventReader> {
        if readers.len() == 1
            && let Some(only) = readers.pop()
        {
            return only;
        }
        Arc::new(Self(readers))
    }

    /// A reader of one part of another, for places that count it otherwise.
    pub(super) fn part_of(reader: Arc<dyn EventReader>, number: u16) -> Arc<dyn EventReader> {
        Arc::new(OnePart { reader, number })
    }
}

impl EventReader for PartsReader {
    fn read(
        &self,
        places: &[Place],
        want: Want,
        each: &mut dyn FnMut(usize, Result<EventDetail, ReadError>) -> bool,
    ) {
        let mut done = 0;
        for run in places.chunk_by(|a, b| a.part == b.part) {
            let part = run.first().map_or(0, |place| place.part);
            let mut flow = ControlFlow::Continue(());
            let mut hand_on = |n: usize, event| {
                let goes_on = each(done + n, event);
                if !goes_on {
                    flow = ControlFlow::Break(());
                }
                goes_on
            };
            if let Some(reader) = self.0.get(usize::from(part)) {
                reader.read(run, want, &mut hand_on);
            } else {
                let gone = ReadError(format!("there is no part {part} any more"));
                (0..run.len()).all(|n| hand_on(n, Err(gone.clone())));
            }
            if flow.is_break() {
                return;
            }
            done += run.len();
        }
    }

    fn glance(&self, places: &[Place], each: &mut dyn FnMut(usize, Glance<'_>)) -> bool {
        let mut done = 0;
        places.chunk_by(|a, b| a.part == b.part).all(|run| {
            let part = run.first().map_or(0, |place| place.part);
            let reader = self.0.get(usize::from(part));
            let from = done;
            done += run.len();
            reader.is_some_and(|reader| reader.glance(run, &mut |n, glance| each(from + n, glance)))
        })
    }

    fn marks_json(&self) -> bool {
        self.0.iter().any(|reader| reader.marks_json())
    }

    fn recount(&self) -> Option<u64> {
        self.0.iter().map(|reader| reader.recount()).sum()
    }

    fn self_check(&self, cancel: &dyn Fn() -> bool) -> Option<(String, Vec<String>)> {
        let mut checks = self.0.iter().filter_map(|reader| reader.self_check(cancel));
        let (what, mut faults) = checks.next()?;
        faults.extend(checks.flat_map(|check| check.1));
        Some((what, faults))
    }

    fn stream_heads(&self, cancel: &dyn Fn() -> bool) -> Option<StreamHeads> {
        // Of several files each would have its own: which of two is meant by a name cannot be told.
        let mut heads = self
            .0
            .iter()
            .filter_map(|reader| reader.stream_heads(cancel));
        let first = heads.next();
        first.filter(|_| heads.next().is_none())
    }

    fn saved_state(&self, saved: &SavedAt<'_>) -> Option<Result<Payload, ReadError>> {
        let reader = self.0.get(usize::from(saved.part))?;
        reader.saved_state(saved)
    }
}

/// Reads one part of a reader of several, its places counted as if it were alone.
struct OnePart {
    reader: Arc<dyn EventReader>,
    number: u16,
}

impl OnePart {
    /// The places as the reader of all parts knows them.
    fn own(&self, places: &[Place]) -> Vec<Place> {
        let part = self.number;
        let own = places.iter().map(|place| Place { part, ..*place });
        own.collect()
    }
}

impl EventReader for OnePart {
    fn read(
        &self,
        places: &[Place],
        want: Want,
        each: &mut dyn FnMut(usize, Result<EventDetail, ReadError>) -> bool,
    ) {
        self.reader.read(&self.own(places), want, each);
    }

    fn glance(&self, places: &[Place], each: &mut dyn FnMut(usize, Glance<'_>)) -> bool {
        self.reader.glance(&self.own(places), each)
    }

    fn marks_json(&self) -> bool {
        self.reader.marks_json()
    }

    fn saved_state(&self, saved: &SavedAt<'_>) -> Option<Result<Payload, ReadError>> {
        self.reader.saved_state(&SavedAt {
            part: self.number,
            ..*saved
        })
    }

    fn self_check(&self, cancel: &dyn Fn() -> bool) -> Option<(String, Vec<String>)> {
        // The parts of one container share its check.
        let is_first = self.number == 0;
        is_first.then(|| self.reader.self_check(cancel)).flatten()
    }

    fn stream_heads(&self, cancel: &dyn Fn() -> bool) -> Option<StreamHeads> {
        let is_first = self.number == 0;
        is_first.then(|| self.reader.stream_heads(cancel)).flatten()
    }

    fn recount(&self) -> Option<u64> {
        // The first part counts for all, or they would be counted several times.
        if self.number == 0 {
            self.reader.recount()
        } else {
            Some(0)
        }
    }
}
