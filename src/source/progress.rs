//! How far reading has come, and the user's wish to stop it: shared between threads, without locks.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Counts bytes or rows done, and carries the flag that stops the work.
#[derive(Debug, Default)]
pub struct Progress {
    done: AtomicU64,
    total: AtomicU64,
    events: AtomicU64,
    cancelled: AtomicBool,
    /// What a helper has done beside it; there is one at a time.
    beside: AtomicU64,
    events_beside: AtomicU64,
    /// Whom this helps.
    helps: Option<Arc<Self>>,
}

impl Progress {
    /// How many bytes or rows have been read.
    pub fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed) + self.beside.load(Ordering::Relaxed)
    }

    /// How many there are, as far as is known; 0 while it is not.
    pub fn total(&self) -> u64 {
        self.total.load(Ordering::Relaxed)
    }

    /// How many events have been made of them.
    pub fn events(&self) -> u64 {
        self.events.load(Ordering::Relaxed) + self.events_beside.load(Ordering::Relaxed)
    }

    /// The part done, between 0 and 1; `None` while the total is not known.
    pub fn fraction(&self) -> Option<f64> {
        let total = self.total();
        (total > 0).then(|| (self.done() as f64 / total as f64).min(1.0))
    }

    /// Asks the work to stop; it ends with [`super::Error::Cancelled`] soon after.
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
    }

    /// Whether the work was asked to stop.
    pub fn is_cancelled(&self) -> bool {
        let own = self.cancelled.load(Ordering::Relaxed);
        own || self.helps.as_ref().is_some_and(|of| of.is_cancelled())
    }

    /// Notes how many bytes or rows there are.
    pub fn set_total(&self, total: u64) {
        self.total.store(total, Ordering::Relaxed);
    }

    /// Notes how many have been read.
    pub fn set_done(&self, done: u64) {
        self.done.store(done, Ordering::Relaxed);
        if let Some(of) = &self.helps {
            of.beside.store(done, Ordering::Relaxed);
        }
    }

    /// Notes how many events there are.
    pub fn set_events(&self, events: u64) {
        self.events.store(events, Ordering::Relaxed);
        if let Some(of) = &self.helps {
            of.events_beside.store(events, Ordering::Relaxed);
        }
    }

    /// The progress of one helper: what it has done counts here too, and a cancel reaches it.
    pub fn helper(self: &Arc<Self>) -> Arc<Self> {
        Arc::new(Self {
            helps: Some(Arc::clone(self)),
            ..Self::default()
        })
    }

    /// What the helper did was added here, and counts as done.
    pub fn take_over_helper(&self) {
        let beside = self.beside.swap(0, Ordering::Relaxed);
        self.done.fetch_add(beside, Ordering::Relaxed);
        let beside = self.events_beside.swap(0, Ordering::Relaxed);
        self.events.fetch_add(beside, Ordering::Relaxed);
    }

    /// What the helper did counts no more: it is done again.
    pub fn forget_helper(&self) {
        self.beside.store(0, Ordering::Relaxed);
        self.events_beside.store(0, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_helper_does_counts_and_a_cancel_reaches_it_but_not_the_other_way_round() {
        let progress = Arc::new(Progress::default());
        let helper = progress.helper();
        progress.set_done(10);
        helper.set_done(5);
        helper.set_events(4);
        assert_eq!((progress.done(), progress.events()), (15, 4));
        progress.take_over_helper();
        assert_eq!((progress.done(), progress.events()), (15, 4));
        helper.set_done(6);
        progress.forget_helper();
        assert_eq!((progress.done(), progress.events()), (15, 4));
        helper.cancel();
        assert!(!progress.is_cancelled());
        let helper = progress.helper();
        progress.cancel();
        assert!(helper.is_cancelled());
    }
}
