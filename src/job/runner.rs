//! Gives each kind of work its named thread, hands the answers back and wakes the window.
//!
//! Threads start with the first job of their kind and end with the runner. Without threads the jobs
//! run where the answers are asked for: for tests and pictures, which must not wait for a clock.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::Builder;
use std::time::Instant;

use super::job::Job;
use super::kind::Kind;
use super::outcome::Outcome;
use super::progress::Progress;
use super::slot::{Running, Slot};
use super::work;

/// So many answers may wait for the window; beyond that the threads wait.
const ANSWERS: usize = 64;

/// Called from a thread when there is an answer.
pub type Wake = Arc<dyn Fn() + Send + Sync>;

struct Task {
    ticket: u64,
    job: Job,
    progress: Progress,
}

/// An answer on its way; `last` says that the job has ended with it.
struct Answer {
    kind: Kind,
    ticket: u64,
    outcome: Outcome,
    last: bool,
}

/// A job with the cause for which it was asked, for the log.
type Wanted = (Job, &'static str);

/// Runs jobs.
pub struct Runner {
    slots: BTreeMap<Kind, Slot<Wanted, String>>,
    workers: BTreeMap<Kind, SyncSender<Task>>,
    threads: Option<Wake>,
    to_window: SyncSender<Answer>,
    from_threads: Receiver<Answer>,
    next_ticket: u64,
}

impl Runner {
    /// A runner with threads; `wake` is called when there is an answer.
    pub fn with_threads(wake: Wake) -> Self {
        Self::new(Some(wake))
    }

    /// A runner without threads: jobs run when their answers are asked for.
    pub fn inline() -> Self {
        Self::new(None)
    }

    fn new(threads: Option<Wake>) -> Self {
        let (to_window, from_threads) = sync_channel(ANSWERS);
        Self {
            slots: Kind::ALL
                .iter()
                .map(|kind| (*kind, Slot::default()))
                .collect(),
            workers: BTreeMap::new(),
            threads,
            to_window,
            from_threads,
            next_ticket: 0,
        }
    }

    /// Asks for a job to be done because of `cause`.
    pub fn request(&mut self, job: Job, cause: &'static str) {
        let kind = job.kind();
        tracing::debug!(?kind, cause, stream = ?super::job::about(&job), "job");
        if let Some(slot) = self.slots.get_mut(&kind) {
            slot.put((job, cause), kind.grace());
        }
        if self.threads.is_some() {
            self.start_waiting(kind);
        }
    }

    /// Stops the work of a kind and forgets what waits of it.
    pub fn stop(&mut self, kind: Kind) {
        if let Some(slot) = self.slots.get_mut(&kind) {
            slot.stop();
        }
    }

    /// What is worked on: its title and how far it is.
    pub fn running(&self) -> impl Iterator<Item = (Kind, &str, &Progress)> {
        self.slots.iter().filter_map(|(kind, slot)| {
            let running = slot.running()?;
            Some((*kind, running.about.as_str(), &running.progress))
        })
    }

    /// Whether anything of a kind runs or waits.
    pub fn is_busy(&self, kind: Kind) -> bool {
        self.slots.get(&kind).is_some_and(Slot::is_busy)
    }

    /// Whether jobs wait to be run by the next call of [`Self::take_outcomes`].
    pub fn needs_call(&self) -> bool {
        self.threads.is_none() && self.slots.values().any(Slot::is_busy)
    }

    /// The answers that have come since the last call, in their order.
    pub fn take_outcomes(&mut self) -> Vec<Outcome> {
        if self.threads.is_none() {
            return self.run_waiting();
        }
        let mut outcomes = Vec::new();
        while let Ok(answer) = self.from_threads.try_recv() {
            outcomes.extend(self.take(answer));
        }
        outcomes
    }

    /// Takes an answer in; one that is not wanted any more is dropped.
    fn take(&mut self, answer: Answer) -> Option<Outcome> {
        let slot = self.slots.get_mut(&answer.kind)?;
        let is_wanted = slot.wants(answer.ticket);
        if answer.last && slot.ended(answer.ticket) && self.threads.is_some() {
            self.start_waiting(answer.kind);
        }
        (is_wanted && !matches!(answer.outcome, Outcome::Stopped)).then_some(answer.outcome)
    }

    fn next_task(&mut self, kind: Kind) -> Option<Task> {
        let slot = self.slots.get_mut(&kind)?;
        let (job, cause) = slot.take_next()?;
        self.next_ticket += 1;
        let (ticket, progress) = (self.next_ticket, Progress::default());
        tracing::trace!(?kind, cause, ticket, "job starts");
        slot.started(Running {
            ticket,
            about: job.title(),
            progress: progress.clone(),
            since: Instant::now(),
        });
        Some(Task {
            ticket,
            job,
            progress,
        })
    }

    fn start_waiting(&mut self, kind: Kind) {
        let Some(task) = self.next_task(kind) else {
            return;
        };
        let ticket = task.ticket;
        let is_sent = self
            .worker(kind)
            .is_some_and(|worker| worker.send(task).is_ok());
        if !is_sent {
            tracing::error!(?kind, "the thread could not be started");
            if let Some(slot) = self.slots.get_mut(&kind) {
                slot.ended(ticket);
            }
        }
    }

    /// The thread of a kind, started if there is none yet.
    fn worker(&mut self, kind: Kind) -> Option<&SyncSender<Task>> {
        let wake = self.threads.clone()?;
        if !self.workers.contains_key(&kind) {
            let (to_thread, tasks) = sync_channel(1);
            let answers = self.to_window.clone();
            let work = move || serve(kind, &tasks, &answers, &wake);
            Builder::new()
                .name(kind.thread_name().to_owned())
                .spawn(work)
                .ok()?;
            self.workers.insert(kind, to_thread);
        }
        self.workers.get(&kind)
    }

    fn run_waiting(&mut self) -> Vec<Outcome> {
        let mut outcomes = Vec::new();
        for &kind in Kind::ALL {
            while let Some(task) = self.next_task(kind) {
                let mut answers = Vec::new();
                run(&task, &mut |outcome, last| {
                    answers.push(Answer {
                        kind,
                        ticket: task.ticket,
                        outcome,
                        last,
                    });
                    true
                });
                for answer in answers {
                    outcomes.extend(self.take(answer));
                }
            }
        }
        outcomes
    }
}

/// A thread's life: does what it is given until nobody can give it anything any more.
fn serve(kind: Kind, tasks: &Receiver<Task>, answers: &SyncSender<Answer>, wake: &Wake) {
    if !kind.follows_playhead() {
        give_way();
    }
    while let Ok(task) = tasks.recv() {
        run(&task, &mut |outcome, last| {
            let is_sent = answers
                .send(Answer {
                    kind,
                    ticket: task.ticket,
                    outcome,
                    last,
                })
                .is_ok();
            wake();
            is_sent
        });
    }
}

/// Lets the window, and what answers while it is scrubbed, go before this thread where there are fewer
/// processors than work. Threads that it starts do the same.
fn give_way() {
    #[cfg(target_os = "linux")]
    {
        /// Of 19 steps downwards; where nobody else wants the processor it costs nothing.
        const STEPS: i32 = 10;
        // There the priority is the thread's own, not the whole process's.
        if let Err(error) = rustix::process::setpriority_process(None, STEPS) {
            tracing::debug!(%error, "a thread keeps its priority");
        }
    }
}

/// Runs one job. What breaks in it becomes an answer that says so; the window lives on.
fn run(task: &Task, answer: &mut dyn FnMut(Outcome, bool) -> bool) {
    let progress = &task.progress;
    if progress.is_cancelled() {
        answer(Outcome::Stopped, true);
        return;
    }
    let done = catch_unwind(AssertUnwindSafe(|| {
        let mut partly = |outcome| answer(outcome, false);
        work::run(&task.job, progress, &mut partly)
    }));
    let outcome = done.unwrap_or_else(|panic| {
        let said = panic_text(panic.as_ref());
        tracing::error!(kind = ?task.job.kind(), said, "internal fault");
        task.job.broken(format!(
            "Internal fault in {}: {said}",
            task.job.kind().noun()
        ))
    });
    let outcome = if progress.is_cancelled() {
        Outcome::Stopped
    } else {
        outcome
    };
    answer(outcome, true);
}

fn panic_text(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no reason was given")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::{EventDetail, EventReader, Place, Position, Problems, ReadError, Want};
    use crate::history::{History, HistoryAbout, LogBuilder, NewEvent};
    use crate::workbench::EventKey;
    use std::sync::mpsc::Receiver;
    use std::time::Duration;

    /// A reader with a fault in it.
    struct Broken;

    impl EventReader for Broken {
        fn read(
            &self,
            _places: &[Place],
            _want: Want,
            _each: &mut dyn FnMut(usize, Result<EventDetail, ReadError>) -> bool,
        ) {
            panic!("one line too far");
        }
    }

    fn event_job() -> Job {
        let mut builder = LogBuilder::default();
        let event = NewEvent {
            stream: b"order-1",
            category: None,
            version: None,
            event_type: b"OrderPlaced",
            time: None,
            place: Place::at(0),
        };
        builder.push(&event).unwrap();
        let history = History {
            log: builder.finish(),
            reader: Arc::new(Broken),
            problems: Problems::default(),
            about: HistoryAbout::default(),
            n_snapshots: 0,
            consumers: Vec::new(),
            snapshots: Vec::new(),
            is_complete: true,
        };
        let key = EventKey {
            generation: 1,
            position: Position(0),
        };
        Job::Event(key, Arc::new(history))
    }

    fn threads() -> (Runner, Receiver<()>) {
        let (woken, wakes) = sync_channel(8);
        let wake = move || {
            woken.send(()).ok();
        };
        (Runner::with_threads(Arc::new(wake)), wakes)
    }

    #[test]
    fn a_fault_in_a_job_becomes_an_answer_and_the_thread_lives_on() {
        let (mut runner, wakes) = threads();
        for _ in 0..2 {
            runner.request(event_job(), "a test");
            wakes.recv_timeout(Duration::from_secs(20)).unwrap();
            let outcomes = runner.take_outcomes();
            let [Outcome::Event(_, Err(why))] = outcomes.as_slice() else {
                panic!("one answer");
            };
            assert!(
                why.starts_with("Internal fault in reading the event: one line"),
                "{why}"
            );
        }
    }

    #[test]
    fn a_stopped_job_gives_nothing() {
        let mut runner = Runner::inline();
        runner.request(event_job(), "a test");
        runner.stop(Kind::Event);
        assert!(runner.take_outcomes().is_empty());
        assert!(!runner.needs_call());
    }
}
