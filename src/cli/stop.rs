//! Ctrl+C without a window: asks what runs to stop, so that nothing half-done is left.

use std::io::{self, Write};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use crate::job::Progress;
use crate::projection::{RunStep, Watch};

/// How often the user asked to stop.
static ASKED: AtomicUsize = AtomicUsize::new(0);
/// Whether a subcommand runs that looks at it.
static RUNS: AtomicBool = AtomicBool::new(false);
/// How many files are on their way.
static WRITING: AtomicUsize = AtomicUsize::new(0);
/// What must be told by itself, for it has a flag of its own.
static TOLD: Mutex<Vec<Progress>> = Mutex::new(Vec::new());

/// What is to become of the process after Ctrl+C.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopping {
    /// It ends by itself, soon; after a moment it may be ended if [`may_be_ended`] says so.
    ByItself,
    /// Nothing looks at it, or the user asked again: it is to be ended.
    Now,
}

/// Asks what runs to stop. Called on another thread.
pub fn stop() -> Stopping {
    let before = ASKED.fetch_add(1, Ordering::Relaxed);
    for progress in TOLD.lock().unwrap_or_else(PoisonError::into_inner).iter() {
        progress.cancel();
    }
    if before == 0 && RUNS.load(Ordering::Relaxed) {
        Stopping::ByItself
    } else {
        Stopping::Now
    }
}

/// Whether nothing would be left half-done if the process ended now.
pub fn may_be_ended() -> bool {
    WRITING.load(Ordering::Relaxed) == 0
}

/// Whether the user asked to stop.
pub(super) fn is_stopped() -> bool {
    ASKED.load(Ordering::Relaxed) > 0
}

/// From now on a subcommand runs that looks at [`is_stopped`].
pub(super) fn begin() {
    RUNS.store(true, Ordering::Relaxed);
}

/// A progress that is told to stop with everything else.
pub(super) fn progress() -> Progress {
    let progress = Progress::default();
    let mut told = TOLD.lock().unwrap_or_else(PoisonError::into_inner);
    told.push(progress.clone());
    if is_stopped() {
        progress.cancel();
    }
    progress
}

/// While it lives, a file is on its way that would be left if the process were ended.
pub(super) struct Writing;

impl Writing {
    pub(super) fn begin() -> Self {
        WRITING.fetch_add(1, Ordering::Relaxed);
        Self
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        WRITING.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Stops a run of a projection.
pub(super) struct Looking;

impl Watch for Looking {
    fn handled(&mut self, _step: &mut RunStep<'_>) {}

    fn is_cancelled(&self) -> bool {
        is_stopped()
    }
}

/// Prints until it is stopped.
pub(super) struct Printing<'a>(pub(super) &'a mut dyn Write);

impl Write for Printing<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if is_stopped() {
            return Err(io::Error::other("it was stopped"));
        }
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}
