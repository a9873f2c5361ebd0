//! Projections as they are written and run in the window: scripts, their runs, what came of them.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::plotting::Plotting;
use crate::event::{Position, Timestamp};
use crate::projection::{PathInfo, Results};

/// So many runs of a script are remembered.
const MAX_RUNS: usize = 8;

/// A script of the workspace, by a number of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ScriptId(pub u32);

/// What becomes of a run in which an event cannot be handled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum OnError {
    /// It ends.
    #[default]
    Stop,
    /// The event is skipped and counted, and every result says so.
    Skip,
}

/// A projection as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptText {
    /// Which.
    pub id: ScriptId,
    /// What it is called, as a file would be: `revenue-by-day.js`.
    pub name: String,
    /// The script.
    pub text: String,
    /// What becomes of a run in which an event cannot be handled.
    pub on_error: OnError,
    /// Grows with every text that was not typed: what shows the text begins anew.
    pub revision: u64,
}

/// What a run was made of; one of another text is out of date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunKey {
    /// Of which history.
    pub generation: u64,
    /// Which script.
    pub script: ScriptId,
    /// As it read.
    pub text: Arc<str>,
    /// What becomes of errors.
    pub on_error: OnError,
    /// Only events from here to there, both included; all where there is none.
    pub range: Option<(Position, Position)>,
}

/// How a run stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum RunState {
    /// It goes on.
    #[default]
    Running,
    /// It came to the end.
    Done,
    /// It could not go on.
    Failed,
    /// It was stopped by the user.
    Stopped,
}

/// How often a handler was called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HandlerCalls {
    /// The handler: a type, `$init`, `$any`.
    pub name: String,
    /// How often.
    pub calls: u64,
    /// Its line in the script, from 1, where it was found.
    pub line: Option<usize>,
}

/// Something that was wrong with a script or with what it met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunProblem {
    /// Whether it ended the run.
    pub is_fatal: bool,
    /// What is so, in a sentence.
    pub what: String,
    /// More about it; empty where there is no more.
    pub more: String,
    /// The line, from 1, where it is known.
    pub line: Option<usize>,
    /// The characters on that line, from 0, where they are known.
    pub columns: Option<std::ops::Range<usize>>,
    /// An event that shows it.
    pub position: Option<Position>,
    /// A type without a handler, which one could be added for.
    pub missing_handler: Option<String>,
}

/// Events that a script emitted into one stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EmittedStream {
    /// The stream.
    pub name: String,
    /// How many there are.
    pub n_events: u64,
    /// The first ones: type, data as one line, and the event that they were emitted at.
    pub events: Vec<(String, String, Option<Position>)>,
}

/// What a run gave, as far as it went.
#[derive(Clone, Debug)]
pub struct RunAnswer {
    /// How it stands.
    pub state: RunState,
    /// So many events were looked at, of so many.
    pub done: (u64, u64),
    /// How long it took so far.
    pub took: Duration,
    /// Handlers by the order of the script.
    pub handlers: Vec<HandlerCalls>,
    /// What was wrong, the worst first.
    pub problems: Vec<RunProblem>,
    /// How many events were skipped.
    pub n_skipped: u64,
    /// What the script wrote with `log`.
    pub log: Vec<String>,
    /// What it emitted, by stream.
    pub emitted: Vec<EmittedStream>,
    /// What must be said beside every result, in sentences.
    pub notes: Vec<String>,
    /// States and results over time.
    pub results: Option<Arc<Results>>,
    /// The fields that can be plotted, those that most partitions have first.
    pub paths: Arc<[PathInfo]>,
    /// Told apart from results taken before or after by this number; 0 where there are none.
    pub number: u64,
}

impl Default for RunAnswer {
    fn default() -> Self {
        Self {
            state: RunState::Running,
            done: (0, 0),
            took: Duration::ZERO,
            handlers: Vec::new(),
            problems: Vec::new(),
            n_skipped: 0,
            log: Vec::new(),
            emitted: Vec::new(),
            notes: Vec::new(),
            results: None,
            paths: Arc::new([]),
            number: 0,
        }
    }
}

/// A run that is remembered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunNote {
    /// Its number, from 1.
    pub nr: u32,
    /// When it began.
    pub began: Timestamp,
    /// How it stands.
    pub state: RunState,
    /// How long it took.
    pub took: Duration,
    /// How many events were skipped.
    pub n_skipped: u64,
}

/// A change of scripts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProjectEdit {
    /// Write a new projection, beginning with a template.
    New,
    /// Take in a script.
    Add(String, String),
    /// Ask for a file and take it in.
    AskOpen,
    /// Take in the scripts that lie there.
    Read(Vec<std::path::PathBuf>),
    /// Show this script.
    Show(ScriptId),
    /// Close its tab.
    CloseTab(ScriptId),
    /// Forget it.
    Remove(ScriptId),
    /// Call it so.
    Rename(ScriptId, String),
    /// It reads so.
    Text(ScriptId, String),
    /// This becomes of errors.
    OnError(ScriptId, OnError),
    /// Give it a handler for this type.
    AddHandler(ScriptId, String),
    /// Run the script shown; only the events from marker A to B, or those in view, where it is true.
    Run(bool),
    /// Stop what runs.
    Stop,
}

/// Scripts and their runs.
#[derive(Clone, Debug, Default)]
pub struct Projecting {
    /// The scripts, by name.
    pub scripts: Vec<ScriptText>,
    /// Those with a tab, in their order.
    pub tabs: Vec<ScriptId>,
    /// The one that is shown.
    pub shown: Option<ScriptId>,
    /// What runs now.
    pub running: Option<RunKey>,
    /// What came of the last run of each script.
    pub answers: BTreeMap<ScriptId, (RunKey, Arc<RunAnswer>)>,
    /// The last runs of each script, newest first.
    pub runs: BTreeMap<ScriptId, Vec<RunNote>>,
    /// What is plotted.
    pub plotting: Plotting,
    /// What was wrong with the script that was checked last, as it read then.
    pub checked: Option<(ScriptId, String, Vec<RunProblem>)>,
    /// Grows with every change of a script.
    pub edits: u64,
    last_id: u32,
}

impl Projecting {
    /// A script.
    pub fn script(&self, id: ScriptId) -> Option<&ScriptText> {
        self.scripts.iter().find(|script| script.id == id)
    }

    /// A script, to be changed.
    pub fn script_mut(&mut self, id: ScriptId) -> Option<&mut ScriptText> {
        self.scripts.iter_mut().find(|script| script.id == id)
    }

    /// The script that is shown.
    pub fn script_shown(&self) -> Option<&ScriptText> {
        self.script(self.shown?)
    }

    /// Takes in a script under a name that no other has; does not show it.
    pub fn add(&mut self, name: &str, text: String) -> ScriptId {
        self.last_id += 1;
        let id = ScriptId(self.last_id);
        let script = ScriptText {
            id,
            name: self.free_name(name, id),
            text,
            on_error: OnError::default(),
            revision: 0,
        };
        let at = self
            .scripts
            .partition_point(|known| known.name < script.name);
        self.scripts.insert(at, script);
        id
    }

    /// The name, or that name with a number where a script is called so.
    fn free_name(&self, name: &str, of: ScriptId) -> String {
        let name = name.trim();
        let stem = name.strip_suffix(".js").unwrap_or(name);
        let stem = if stem.is_empty() { "projection" } else { stem };
        let is_taken = |name: &str| {
            let mut others = self.scripts.iter().filter(|script| script.id != of);
            others.any(|script| script.name == name)
        };
        let numbered = (2..).map(|nr| format!("{stem}-{nr}.js"));
        let mut names = std::iter::once(format!("{stem}.js")).chain(numbered);
        names.find(|name| !is_taken(name)).unwrap_or_default()
    }

    /// Gives a script another name.
    pub fn rename(&mut self, id: ScriptId, name: &str) {
        let name = self.free_name(name, id);
        if let Some(script) = self.script_mut(id) {
            script.name = name;
        }
        self.scripts.sort_by(|a, b| a.name.cmp(&b.name));
    }

    /// Shows a script in its tab.
    pub fn show(&mut self, id: ScriptId) {
        if self.script(id).is_none() {
            return;
        }
        if !self.tabs.contains(&id) {
            self.tabs.push(id);
        }
        self.shown = Some(id);
    }

    /// Closes a tab; the one at its left is shown instead.
    pub fn close_tab(&mut self, id: ScriptId) {
        let Some(at) = self.tabs.iter().position(|tab| *tab == id) else {
            return;
        };
        self.tabs.remove(at);
        if self.shown == Some(id) {
            let next = self.tabs.get(at.saturating_sub(1));
            self.shown = next.or_else(|| self.tabs.first()).copied();
        }
    }

    /// Forgets a script and all that came of it.
    pub fn remove(&mut self, id: ScriptId) {
        self.close_tab(id);
        self.scripts.retain(|script| script.id != id);
        self.answers.remove(&id);
        self.runs.remove(&id);
        self.plotting.forget_script(id);
    }

    /// What came of the last run of a script, and whether the script still reads as it did then.
    pub fn answer(&self, id: ScriptId) -> Option<(&RunAnswer, bool)> {
        let (key, answer) = self.answers.get(&id)?;
        let script = self.script(id)?;
        let is_same = *script.text == *key.text && script.on_error == key.on_error;
        Some((answer, is_same))
    }

    /// What is wrong with a script as it reads now; `None` where it was not checked so.
    pub fn problems_written(&self, script: &ScriptText) -> Option<&[RunProblem]> {
        let (id, text, problems) = self.checked.as_ref()?;
        (*id == script.id && *text == script.text).then_some(problems)
    }

    /// Whether this script runs now.
    pub fn is_running(&self, id: ScriptId) -> bool {
        self.running.as_ref().is_some_and(|key| key.script == id)
    }

    /// Notes that a run begins.
    pub fn begin(&mut self, key: RunKey, began: Timestamp) {
        self.end(RunState::Stopped);
        let runs = self.runs.entry(key.script).or_default();
        let nr = runs.first().map_or(1, |run| run.nr.saturating_add(1));
        let note = RunNote {
            nr,
            began,
            state: RunState::Running,
            took: Duration::ZERO,
            n_skipped: 0,
        };
        runs.insert(0, note);
        runs.truncate(MAX_RUNS);
        self.running = Some(key);
    }

    /// Takes in what a run gave so far; of a run that is over nothing is taken.
    pub fn take(&mut self, key: &RunKey, answer: RunAnswer) -> bool {
        if self.running.as_ref() != Some(key) {
            return false;
        }
        if let Some(run) = self
            .runs
            .get_mut(&key.script)
            .and_then(|runs| runs.first_mut())
        {
            run.state = answer.state;
            run.took = answer.took;
            run.n_skipped = answer.n_skipped;
        }
        if answer.state != RunState::Running {
            self.running = None;
        }
        let answers = &mut self.answers;
        answers.insert(key.script, (key.clone(), Arc::new(answer)));
        true
    }

    /// Notes that what runs has ended so; what it gave until then stays.
    pub fn end(&mut self, state: RunState) {
        let Some(key) = self.running.take() else {
            return;
        };
        let run = self.runs.get_mut(&key.script);
        if let Some(run) = run.and_then(|runs| runs.first_mut()) {
            run.state = state;
        }
        if let Some((known, answer)) = self.answers.get_mut(&key.script)
            && *known == key
        {
            Arc::make_mut(answer).state = state;
        }
    }

    /// Forgets what came of runs: another history is open.
    pub fn forget_answers(&mut self) {
        self.running = None;
        self.answers.clear();
        self.runs.clear();
        self.plotting.forget_answers();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_given_once_and_end_like_files() {
        let mut bench = Projecting::default();
        let first = bench.add("orders", String::new());
        let second = bench.add("orders.js", String::new());
        assert_eq!(bench.script(first).unwrap().name, "orders.js");
        assert_eq!(bench.script(second).unwrap().name, "orders-2.js");
        bench.rename(second, " ");
        assert_eq!(bench.script(second).unwrap().name, "projection.js");
        bench.rename(second, "orders");
        assert_eq!(bench.script(second).unwrap().name, "orders-2.js");
    }

    #[test]
    fn closing_a_tab_shows_the_one_at_its_left() {
        let mut bench = Projecting::default();
        let ids: Vec<ScriptId> = ["a", "b", "c"]
            .map(|name| bench.add(name, String::new()))
            .into();
        for id in &ids {
            bench.show(*id);
        }
        bench.close_tab(ids[2]);
        assert_eq!(bench.shown, Some(ids[1]));
        bench.remove(ids[0]);
        assert_eq!(bench.tabs, [ids[1]]);
        bench.close_tab(ids[1]);
        assert_eq!(bench.shown, None);
    }

    fn key(text: &str, script: ScriptId) -> RunKey {
        RunKey {
            generation: 1,
            script,
            text: text.into(),
            on_error: OnError::Stop,
            range: None,
        }
    }

    #[test]
    fn results_of_another_text_are_told_apart_and_of_another_run_not_taken() {
        let mut bench = Projecting::default();
        let id = bench.add("a", "one".to_owned());
        bench.begin(key("one", id), Timestamp(0));
        assert!(!bench.take(&key("two", id), RunAnswer::default()));
        let done = RunAnswer {
            state: RunState::Done,
            ..RunAnswer::default()
        };
        assert!(bench.take(&key("one", id), done));
        assert!(bench.answer(id).unwrap().1);
        assert_eq!(bench.runs[&id][0].state, RunState::Done);
        bench.script_mut(id).unwrap().text.push('!');
        assert!(!bench.answer(id).unwrap().1);
    }

    #[test]
    fn a_run_that_another_one_takes_the_place_of_was_stopped() {
        let mut bench = Projecting::default();
        let id = bench.add("a", String::new());
        bench.begin(key("", id), Timestamp(0));
        bench.take(&key("", id), RunAnswer::default());
        bench.begin(key("x", id), Timestamp(1));
        let states: Vec<RunState> = bench.runs[&id].iter().map(|run| run.state).collect();
        assert_eq!(states, [RunState::Running, RunState::Stopped]);
        assert_eq!(bench.answer(id).unwrap().0.state, RunState::Stopped);
    }
}
