//! How far a piece of work is, and the flag that stops it: shared between threads, without locks.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use crate::source::Progress as Reading;

/// What counts the work done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counted {
    /// Events.
    Events,
    /// Bytes.
    Bytes,
    /// Nothing that could be counted.
    Nothing,
}

/// How far a piece of work is. Clones look at the same work.
#[derive(Clone, Debug, Default)]
pub struct Progress {
    cancel: Arc<AtomicBool>,
    records: Arc<AtomicU64>,
    n_records: Arc<AtomicU64>,
    reading: Arc<Reading>,
}

impl Progress {
    /// Asks the work to stop; it then answers nothing rather than half.
    pub fn cancel(&self) {
        self.cancel.store(true, Ordering::Relaxed);
        self.reading.cancel();
    }

    /// Whether the work was asked to stop.
    pub fn is_cancelled(&self) -> bool {
        self.cancel.load(Ordering::Relaxed)
    }

    /// Says how many records have been worked through.
    pub fn note_records(&self, n_records: u64) {
        self.records.store(n_records, Ordering::Relaxed);
    }

    /// Says how many records there are to be worked through.
    pub fn expect_records(&self, n_records: u64) {
        self.n_records.store(n_records, Ordering::Relaxed);
    }

    /// The progress of reading a file.
    pub fn reading(&self) -> &Arc<Reading> {
        &self.reading
    }

    /// What is done, of how much, in what. The total is 0 where it is not known.
    pub fn counts(&self) -> (u64, u64, Counted) {
        let n_records = self.n_records.load(Ordering::Relaxed);
        if n_records > 0 {
            return (
                self.records.load(Ordering::Relaxed).min(n_records),
                n_records,
                Counted::Events,
            );
        }
        if self.reading.total() > 0 {
            return (self.reading.done(), self.reading.total(), Counted::Bytes);
        }
        (0, 0, Counted::Nothing)
    }

    /// The part done, from 0 to 1; `None` while the total is not known.
    pub fn share(&self) -> Option<f32> {
        let (done, total, _) = self.counts();
        (total > 0).then(|| (done as f32 / total as f32).min(1.0))
    }

    /// How many events have been read from a file.
    pub fn events_read(&self) -> u64 {
        self.reading.events()
    }
}
