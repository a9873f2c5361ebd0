//! Runs a projection: progress and partial results while it goes on, problems at the end.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use super::job::ProjectTask;
use super::outcome::Outcome;
use super::plot::paths_of;
use super::progress::Progress;
use crate::event::json::{self, Json};
use crate::event::{Position, grouped};
use crate::projection::{
    self, Ask, Ended, Numbers, PartitionId, Recorder, Results, Run, RunStep as Step, Watch,
};
use crate::workbench::{
    EmittedStream, HandlerCalls, OnError, RunAnswer, RunProblem, RunState, ScriptId,
};

/// The most bytes of a script.
const MAX_SCRIPT: u64 = 1 << 20;

/// So many events of an emitted stream are kept for the window.
const MOST_EMITTED: usize = 200;
/// So many types without a handler are named.
const MOST_UNHANDLED: usize = 20;
/// So many kinds of skipped events are told apart.
const MOST_SKIPPED: usize = 50;
/// So often the window is told how far a run is.
const TELL_EVERY: Duration = Duration::from_millis(200);
/// After so long there are first results.
const FIRST_RESULTS: Duration = Duration::from_millis(600);
/// Copies of results take at most the so manieth part of the time of a run.
const COPY_SHARE: u32 = 10;

/// Runs a projection.
pub(super) fn run(
    task: &ProjectTask,
    progress: &Progress,
    partly: &mut dyn FnMut(Outcome) -> bool,
) -> Outcome {
    let key = &task.key;
    let mut ask = Ask::script(&task.name, &key.text);
    ask.name = stem(&task.name).to_owned();
    ask.on_error = match key.on_error {
        OnError::Stop => projection::OnError::Stop,
        OnError::Skip => projection::OnError::Skip,
    };
    if let Some((from, until)) = key.range {
        ask.from = from;
        ask.until = Some(until);
    }
    let began = Instant::now();
    let mut looking = Looking {
        recorder: Recorder::new(Numbers::Floating, task.limits),
        partitions: Vec::new(),
        transforms: ["transformBy", "filterBy"]
            .iter()
            .any(|word| key.text.contains(word)),
        progress,
        partly,
        task,
        began,
        told: began,
        next_copy: FIRST_RESULTS,
        n_copies: 0,
        copied: None,
        done: (0, 0),
        is_unwanted: false,
    };
    let history = &task.history;
    let run = projection::run(&ask, &history.log, &*history.reader, &mut looking);
    if run.ended == Ended::Cancelled && progress.is_cancelled() {
        return Outcome::Stopped;
    }
    let mut answer = answer_of(&run, &key.text);
    answer.took = began.elapsed();
    answer.done = match looking.done {
        (0, 0) => (history.log.len() as u64, history.log.len() as u64),
        done => done,
    };
    answer.number = looking.number();
    let results = looking.finish(&run);
    answer.notes.extend(results.notes());
    answer.paths = paths_of(&results);
    answer.results = Some(results);
    Outcome::Projected(Box::new(key.clone()), Box::new(answer))
}

fn stem(name: &str) -> &str {
    name.strip_suffix(".js").unwrap_or(name)
}

/// Looks on while a projection runs: takes down its states, tells the window how far it is.
struct Looking<'a> {
    recorder: Recorder,
    /// The partitions of the recording, by those of the run.
    partitions: Vec<Option<PartitionId>>,
    /// Whether results may differ from states.
    transforms: bool,
    progress: &'a Progress,
    partly: &'a mut dyn FnMut(Outcome) -> bool,
    task: &'a ProjectTask,
    began: Instant,
    told: Instant,
    /// When, since the beginning, results are copied again.
    next_copy: Duration,
    n_copies: u64,
    copied: Option<(u64, Arc<Results>)>,
    done: (u64, u64),
    is_unwanted: bool,
}

impl Looking<'_> {
    /// The number of the results that come next.
    fn number(&self) -> u64 {
        (self.task.number << 16) | (self.n_copies & 0xffff)
    }

    fn partition(&mut self, nr: u32, name: &str) -> PartitionId {
        let at = usize::try_from(nr).unwrap_or(usize::MAX);
        if let Some(Some(known)) = self.partitions.get(at) {
            return *known;
        }
        let id = self.recorder.partition(name);
        // Numbers count up: whatever else they did, no table would be made for them.
        if at <= self.partitions.len() {
            self.partitions.push(Some(id));
        }
        id
    }

    /// What is known when the run is over: states that were left out for want of memory are those at
    /// its end.
    fn finish(mut self, run: &Run) -> Arc<Results> {
        let behind: BTreeSet<PartitionId> = self.recorder.behind().into_iter().collect();
        if behind.is_empty() {
            return self.recorder.finish();
        }
        for last in run.partitions.iter().filter(|last| last.n_events > 0) {
            let id = self.recorder.partition(&last.name);
            if behind.contains(&id) {
                let state = last.state.as_deref().and_then(parsed);
                let result = last.result().filter(|_| self.transforms);
                let result = result.and_then(parsed);
                self.recorder.settle(id, state.as_ref(), result.as_ref());
            }
        }
        self.recorder.finish()
    }

    fn tell(&mut self) {
        self.told = Instant::now();
        let took = self.began.elapsed();
        if took >= self.next_copy {
            let results = self.recorder.snapshot();
            self.copied = Some((self.number(), results));
            self.n_copies += 1;
            let cost = self.began.elapsed().saturating_sub(took);
            self.next_copy = took + FIRST_RESULTS.max(cost * COPY_SHARE);
        }
        let (number, results) = self
            .copied
            .clone()
            .map_or((0, None), |(number, results)| (number, Some(results)));
        let answer = RunAnswer {
            state: RunState::Running,
            done: self.done,
            took,
            paths: results.as_deref().map_or_else(|| [].into(), paths_of),
            results,
            number,
            ..RunAnswer::default()
        };
        let key = Box::new(self.task.key.clone());
        self.is_unwanted = !(self.partly)(Outcome::Projected(key, Box::new(answer)));
    }
}

impl Watch for Looking<'_> {
    fn handled(&mut self, step: &mut Step<'_>) {
        let (position, partition) = (step.position, step.partition);
        let id = self.partition(partition, step.name);
        if !self.recorder.wants(id) {
            self.recorder.pass(id, position);
            return;
        }
        let state = step.state().and_then(parsed);
        let result = if self.transforms {
            step.result().and_then(parsed)
        } else {
            None
        };
        let (state, result) = (state.as_ref(), result.as_ref());
        self.recorder.record(id, position, state, result);
    }

    fn progress(&mut self, done: usize, total: usize) {
        self.done = (done as u64, total as u64);
        self.progress.expect_records(total as u64);
        self.progress.note_records(done as u64);
        if self.told.elapsed() >= TELL_EVERY {
            self.tell();
        }
    }

    fn is_cancelled(&self) -> bool {
        self.is_unwanted || self.progress.is_cancelled()
    }

    fn looks_at_states(&self) -> bool {
        true
    }
}

fn parsed(text: &str) -> Option<Json> {
    json::parse(text.as_bytes()).ok()
}

/// What a run says that is over, without its results over time.
fn answer_of(run: &Run, text: &str) -> RunAnswer {
    let state = match run.ended {
        Ended::Done => RunState::Done,
        Ended::Faulted => RunState::Failed,
        Ended::Cancelled => RunState::Stopped,
    };
    let handlers = run.calls.iter().map(|call| HandlerCalls {
        name: call.name.to_string(),
        calls: call.count,
        line: line(call.line),
    });
    let mut log: Vec<String> = run.log.iter().map(ToString::to_string).collect();
    if run.n_more_log > 0 {
        log.push(format!(
            "{} more lines were not kept",
            grouped(run.n_more_log)
        ));
    }
    RunAnswer {
        state,
        handlers: handlers.collect(),
        problems: problems_of(run, text),
        n_skipped: run.n_skipped,
        log,
        emitted: emitted_of(run),
        notes: notes_of(run),
        ..RunAnswer::default()
    }
}

fn line(line: Option<u32>) -> Option<usize> {
    usize::try_from(line?).ok()
}

/// Reads a script without running it: what is wrong with it.
pub(super) fn check(id: ScriptId, name: &str, text: &str) -> Outcome {
    let problems = match projection::check(&Ask::script(name, text)) {
        Ok(()) => Vec::new(),
        Err(refused) => problems_of(&refused, text),
    };
    Outcome::ScriptChecked(id, text.to_owned(), problems)
}

fn problems_of(run: &Run, text: &str) -> Vec<RunProblem> {
    let fault = run.fault.iter().map(|fault| RunProblem {
        is_fatal: true,
        what: fault.message.clone(),
        more: match fault.position {
            Some(_) => "The run ended here.".to_owned(),
            None => String::new(),
        },
        line: line(fault.line),
        columns: columns_of(text, fault.line, &fault.message),
        position: fault.position,
        missing_handler: None,
    });
    let mut problems: Vec<RunProblem> = fault.collect();
    problems.extend(skipped_of(run, text));
    let mut unhandled: Vec<&(Box<str>, u64)> = run.unhandled.iter().collect();
    unhandled.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let when = place_of_when(text);
    for (name, count) in unhandled.into_iter().take(MOST_UNHANDLED) {
        let noun = if *count == 1 { "event" } else { "events" };
        problems.push(RunProblem {
            is_fatal: false,
            what: format!("{name} has no handler, {} {noun} ignored", grouped(*count)),
            more: String::new(),
            line: when.as_ref().map(|(line, _)| *line),
            columns: when.as_ref().map(|(_, columns)| columns.clone()),
            position: None,
            missing_handler: Some(name.to_string()),
        });
    }
    problems
}

/// Where a script says `when`: its line, from 1, and the characters of the word.
fn place_of_when(text: &str) -> Option<(usize, Range<usize>)> {
    text.lines().enumerate().find_map(|(nr, line)| {
        let at = line.find(".when(")? + 1;
        let column = line.get(..at)?.chars().count();
        Some((nr + 1, column..column + 4))
    })
}

/// The characters of a line that a message speaks of: the longest path of members that both have.
fn columns_of(text: &str, at: Option<u32>, message: &str) -> Option<Range<usize>> {
    let nr = line(at)?.checked_sub(1)?;
    let written = text.lines().nth(nr)?;
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '$' | '.');
    let words = message.split(|c: char| !is_part(c));
    let paths = words.filter(|word| word.len() > 2 && word.trim_matches('.').len() == word.len());
    let found = paths.filter_map(|path| Some((path, written.find(path)?)));
    let (path, byte) = found.max_by_key(|(path, _)| path.len())?;
    let column = written.get(..byte)?.chars().count();
    // What follows belongs to the same path.
    let rest = written.get(byte + path.len()..)?;
    let more = rest.chars().take_while(|c| is_part(*c)).count();
    Some(column..column + path.chars().count() + more)
}

/// Skipped events, those of one line and sentence together.
fn skipped_of(run: &Run, text: &str) -> Vec<RunProblem> {
    type Kind<'a> = (Option<u32>, &'a str);
    let mut kinds: Vec<(Kind<'_>, Position, u64)> = Vec::new();
    for skipped in &run.skipped {
        let kind = (skipped.line, skipped.message.as_str());
        let at = kinds.iter().position(|(known, ..)| *known == kind);
        if let Some((_, _, count)) = at.and_then(|at| kinds.get_mut(at)) {
            *count += 1;
        } else if kinds.len() < MOST_SKIPPED {
            kinds.push((kind, skipped.position, 1));
        }
    }
    let listed = run.skipped.len() as u64;
    let more = run.n_skipped.saturating_sub(listed);
    let problems = kinds
        .into_iter()
        .map(|((at, message), first, count)| RunProblem {
            is_fatal: false,
            what: message.to_owned(),
            more: if more > 0 {
                format!(
                    "Skipped {} of the first {} times.",
                    grouped(count),
                    grouped(listed)
                )
            } else if count == 1 {
                "This event was skipped.".to_owned()
            } else {
                format!("{} events were skipped.", grouped(count))
            },
            line: line(at),
            columns: columns_of(text, at, message),
            position: Some(first),
            missing_handler: None,
        });
    problems.collect()
}

fn notes_of(run: &Run) -> Vec<String> {
    let counted = [
        (
            run.n_not_json,
            "events are marked as JSON and are none: passed by",
        ),
        (
            run.n_lost_links,
            "links lead to events that are not there: passed by",
        ),
        (run.n_unreadable, "events could not be read: passed by"),
        (run.n_more_emitted, "more events were emitted than are kept"),
    ];
    let counted = counted.iter().filter(|(n, _)| *n > 0);
    let counted = counted.map(|(n, words)| format!("{} {words}", grouped(*n)));
    counted.chain(run.unrepeatable.iter().cloned()).collect()
}

fn emitted_of(run: &Run) -> Vec<EmittedStream> {
    let mut streams: BTreeMap<&str, EmittedStream> = BTreeMap::new();
    for emitted in &run.emitted {
        let stream = streams.entry(&emitted.stream).or_default();
        stream.n_events += 1;
        if stream.events.len() < MOST_EMITTED {
            let data: String = emitted.data.chars().take(200).collect();
            stream
                .events
                .push((emitted.event_type.to_string(), data, Some(emitted.at)));
        }
    }
    let named = streams.into_iter().map(|(name, stream)| EmittedStream {
        name: name.to_owned(),
        ..stream
    });
    named.collect()
}

/// Reads scripts.
pub(super) fn read(paths: &[PathBuf]) -> Vec<(PathBuf, Result<String, String>)> {
    let each = paths.iter().map(|path| (path.clone(), read_one(path)));
    each.collect()
}

fn read_one(path: &Path) -> Result<String, String> {
    let length = std::fs::metadata(path)
        .map_err(|error| error.to_string())?
        .len();
    if length > MAX_SCRIPT {
        return Err("it is longer than 1 MiB".to_owned());
    }
    let bytes = std::fs::read(path).map_err(|error| error.to_string())?;
    let text = String::from_utf8(bytes).map_err(|error| format!("it is no text: {error}"))?;
    Ok(text
        .strip_prefix('\u{feff}')
        .unwrap_or(&text)
        .replace("\r\n", "\n"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_marks_the_path_that_it_speaks_of() {
        let text = "fromAll()\n  .when({ a: (s, e) => { s.n += e.data.refund.amount; } })";
        let message = "e.data.refund is missing in 2 of 9,806 events";
        let columns = columns_of(text, Some(2), message).unwrap();
        let line = text.lines().nth(1).unwrap();
        assert_eq!(&line[columns], "e.data.refund.amount");
        assert_eq!(columns_of(text, Some(2), "out of memory"), None);
        assert_eq!(place_of_when(text), Some((2, 3..7)));
    }
}
