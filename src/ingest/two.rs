//! Two threads read one input, each a half; what comes out is what one would have read.
//!
//! The first half is taken by whoever opens the input, and published as it grows; the later half by a
//! helper with a log of its own, which is added when the first half ends there. Whatever goes wrong in
//! the later half, a damaged page or a panic, only means that it is read again by the first.

use std::sync::Arc;
use std::thread::{Builder, JoinHandle, available_parallelism};

use super::take::Taker;
use crate::source::{Container, Later, OpenOptions, Progress, Threads, WORTH_HALVING, Walked};

/// What the helper took, with what there was.
type Half = Option<(Taker, Walked)>;

/// Somebody who reads the later half.
pub(super) struct Helper {
    thread: Option<JoinHandle<Half>>,
    progress: Arc<Progress>,
}

impl Helper {
    /// Begins to read the later half of an input, where that is worth it and can be done; `taker` makes
    /// what takes it.
    pub(super) fn begin(
        container: &mut dyn Container,
        options: &OpenOptions,
        progress: &Arc<Progress>,
        taker: impl FnOnce() -> Taker,
    ) -> Option<Self> {
        let at_least = match options.threads {
            Threads::One => return None,
            Threads::Two => 0,
            Threads::AsWorth if available_parallelism().map_or(1, usize::from) < 2 => return None,
            Threads::AsWorth => WORTH_HALVING,
        };
        let later = container.later(at_least)?;
        let (taker, helping) = (taker(), progress.helper());
        let own = Arc::clone(&helping);
        let thread = Builder::new().name("later half".to_owned());
        let thread = thread.spawn(move || take(later, taker, &own)).ok()?;
        Some(Self {
            thread: Some(thread),
            progress: helping,
        })
    }

    /// Adds the later half to the first one, which ends before the place `first`; how many records
    /// it has, or `None` where it has to be read again.
    pub(super) fn join(
        mut self,
        first: i64,
        taker: &mut Taker,
        progress: &Progress,
    ) -> Option<u64> {
        let half = self.thread.take()?.join().ok().flatten();
        let n_records = half.and_then(|(later, walked)| {
            (walked.first == first && taker.append(later)).then_some(walked.n_records)
        });
        if n_records.is_some() {
            progress.take_over_helper();
            progress.set_events(taker.len() as u64);
        } else {
            progress.forget_helper();
        }
        n_records
    }
}

impl Drop for Helper {
    /// Whoever is not joined reads in vain: the thread ends before the input does.
    fn drop(&mut self) {
        self.progress.cancel();
        if let Some(thread) = self.thread.take() {
            thread.join().ok();
        }
    }
}

/// Takes the later half from its beginning to its end.
fn take(later: Later, mut taker: Taker, progress: &Arc<Progress>) -> Half {
    let walked = later.walk(progress, &mut |item| {
        let flow = taker.take(item);
        if taker.len().is_multiple_of(1024) {
            progress.set_events(taker.len() as u64);
            if progress.is_cancelled() {
                return std::ops::ControlFlow::Break(());
            }
        }
        flow
    })?;
    let is_whole = taker.failure.is_none() && !progress.is_cancelled();
    is_whole.then_some((taker, walked))
}
