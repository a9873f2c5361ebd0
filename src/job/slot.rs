//! One kind of work: at most one piece of it runs and one waits, and the newest wins.
//!
//! A slot decides; it starts nothing. The runner does what it says.

use std::time::{Duration, Instant};

use super::progress::Progress;

/// A piece of work that has been given out.
#[derive(Debug)]
pub struct Running<T> {
    /// Told apart from the pieces before it by this number.
    pub ticket: u64,
    /// What it is about, for the status bar.
    pub about: T,
    /// How far it is.
    pub progress: Progress,
    /// When it was started.
    pub since: Instant,
}

/// What runs and what waits of one kind of work. `J` is a job, `T` what is kept of a running one.
#[derive(Debug)]
pub struct Slot<J, T> {
    running: Option<Running<T>>,
    waiting: Option<J>,
}

impl<J, T> Default for Slot<J, T> {
    fn default() -> Self {
        Self {
            running: None,
            waiting: None,
        }
    }
}

impl<J, T> Slot<J, T> {
    /// Takes a job in. It waits, and what waited before is dropped. What runs is asked to stop unless
    /// it is younger than `grace`: while somebody scrubs, answers must come and not only be cancelled.
    pub fn put(&mut self, job: J, grace: Duration) {
        if let Some(running) = &self.running
            && running.since.elapsed() >= grace
        {
            running.progress.cancel();
        }
        self.waiting = Some(job);
    }

    /// The job to be started now, if there is one and nothing runs.
    pub fn take_next(&mut self) -> Option<J> {
        if self.running.is_some() {
            return None;
        }
        self.waiting.take()
    }

    /// Notes that a job has been started.
    pub fn started(&mut self, running: Running<T>) {
        self.running = Some(running);
    }

    /// Notes that the job with this ticket has ended; `false` where it is not the one that runs.
    pub fn ended(&mut self, ticket: u64) -> bool {
        let is_current = self
            .running
            .as_ref()
            .is_some_and(|running| running.ticket == ticket);
        if is_current {
            self.running = None;
        }
        is_current
    }

    /// Whether an answer under this ticket is still wanted.
    pub fn wants(&self, ticket: u64) -> bool {
        self.running
            .as_ref()
            .is_some_and(|running| running.ticket == ticket && !running.progress.is_cancelled())
    }

    /// Stops what runs and forgets what waits.
    pub fn stop(&mut self) {
        self.waiting = None;
        if let Some(running) = &self.running {
            running.progress.cancel();
        }
    }

    /// What runs, unless it was asked to stop.
    pub fn running(&self) -> Option<&Running<T>> {
        self.running
            .as_ref()
            .filter(|running| !running.progress.is_cancelled())
    }

    /// Whether anything runs or waits, asked to stop or not.
    pub fn is_busy(&self) -> bool {
        self.running.is_some() || self.waiting.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn running(ticket: u64) -> Running<&'static str> {
        Running {
            ticket,
            about: "work",
            progress: Progress::default(),
            since: Instant::now(),
        }
    }

    #[test]
    fn the_newest_waits_and_what_runs_is_asked_to_stop() {
        let mut slot = Slot::default();
        slot.put(1, Duration::ZERO);
        assert_eq!(slot.take_next(), Some(1));
        slot.started(running(10));
        assert!(slot.wants(10));
        slot.put(2, Duration::ZERO);
        slot.put(3, Duration::ZERO);
        assert!(!slot.wants(10), "its answer is not wanted any more");
        assert_eq!(slot.take_next(), None, "one at a time");
        assert!(!slot.ended(9), "that one ended long ago");
        assert!(slot.ended(10));
        assert_eq!(slot.take_next(), Some(3), "the newest wins");
        assert!(!slot.is_busy());
    }

    #[test]
    fn what_has_just_begun_may_end() {
        let mut slot = Slot::default();
        slot.started(running(1));
        slot.put(2, Duration::from_secs(1000));
        assert!(slot.wants(1));
    }

    #[test]
    fn stopping_forgets_what_waits() {
        let mut slot = Slot::default();
        slot.started(running(1));
        slot.put(2, Duration::ZERO);
        slot.stop();
        assert!(slot.running().is_none());
        assert!(slot.ended(1));
        assert_eq!(slot.take_next(), None);
    }
}
