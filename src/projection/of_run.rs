//! A run that is recorded: states and results of its partitions over time.

use std::sync::Arc;

use hashbrown::HashMap;

use super::results::{Limits, Numbers, PartitionId, Recorder, Results};
use super::run::{Ask, Partition, Run, Step, Watch, run};
use crate::event::EventReader;
use crate::event::grouped;
use crate::event::json::{self, Json};
use crate::history::EventLog;

/// After so many events it is first told what is known; then after twice as many each time, so that
/// copies cost no more than the run.
const FIRST_PARTIAL: u64 = 4096;

/// Runs a projection and keeps what states and results of its partitions were after each event.
///
/// `watch` looks on as with [`run`](fn@run); `partial` is told what is known so far after 4,096 events,
/// after 8,192, and so on. A run that ended early gives what was known by then.
pub fn run_over_time(
    ask: &Ask,
    log: &EventLog,
    reader: &dyn EventReader,
    limits: Limits,
    watch: &mut dyn Watch,
    partial: &mut dyn FnMut(Arc<Results>),
) -> (Run, Arc<Results>) {
    let mut recording = Recording {
        recorder: Recorder::new(Numbers::Floating, limits),
        by_index: Vec::new(),
        n_handled: 0,
        next_partial: FIRST_PARTIAL,
        watch,
        partial,
    };
    let run = run(ask, log, reader, &mut recording);
    let mut recorder = recording.recorder;
    settle(&mut recorder, &run);
    if run.n_skipped > 0 {
        let n = grouped(run.n_skipped);
        recorder.note_down(format!(
            "{n} events were skipped, as the script failed on them"
        ));
    }
    (run, recorder.finish())
}

/// What partitions are at the end, where their last events were not looked at.
fn settle(recorder: &mut Recorder, run: &Run) {
    let behind = recorder.behind();
    if behind.is_empty() {
        return;
    }
    let by_name: HashMap<&str, &Partition> = run
        .partitions
        .iter()
        .map(|partition| (&*partition.name, partition))
        .collect();
    for partition in behind {
        let Some(last) = by_name.get(recorder.name(partition)) else {
            continue;
        };
        let state = read(last.state.as_deref());
        let has_own = recorder.has_results();
        let result = has_own.then(|| read(last.result())).flatten();
        recorder.settle(partition, state.as_ref(), result.as_ref());
    }
}

fn read(text: Option<&str>) -> Option<Json> {
    json::parse(text?.as_bytes()).ok()
}

/// Looks on and takes down.
struct Recording<'a> {
    recorder: Recorder,
    /// The recorder's partitions by those of the run.
    by_index: Vec<Option<PartitionId>>,
    n_handled: u64,
    next_partial: u64,
    watch: &'a mut dyn Watch,
    partial: &'a mut dyn FnMut(Arc<Results>),
}

impl Recording<'_> {
    fn partition(&mut self, step: &Step<'_>) -> PartitionId {
        let index = step.partition as usize;
        if self.by_index.len() <= index {
            self.by_index.resize(index + 1, None);
        }
        let recorder = &mut self.recorder;
        match self.by_index.get_mut(index) {
            Some(known) => *known.get_or_insert_with(|| recorder.partition(step.name)),
            None => recorder.partition(step.name),
        }
    }
}

impl Watch for Recording<'_> {
    fn handled(&mut self, step: &mut Step<'_>) {
        let (partition, position) = (self.partition(step), step.position);
        if self.recorder.wants(partition) {
            let state = read(step.state());
            if step.has_own_result() {
                self.recorder.keep_results();
            }
            let has_own = self.recorder.has_results();
            let result = has_own.then(|| read(step.result())).flatten();
            self.recorder
                .record(partition, position, state.as_ref(), result.as_ref());
        } else {
            self.recorder.pass(partition, position);
        }
        self.n_handled += 1;
        if self.n_handled == self.next_partial {
            self.next_partial *= 2;
            (self.partial)(self.recorder.snapshot());
        }
        self.watch.handled(step);
    }

    fn progress(&mut self, done: usize, total: usize) {
        self.watch.progress(done, total);
    }

    fn is_cancelled(&self) -> bool {
        self.watch.is_cancelled()
    }

    fn looks_at_states(&self) -> bool {
        true
    }
}
