//! Projections: scripts are written, taken in and kept with the store; runs begin, go on and end.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::event::{CategoryId, Position, Timestamp};
use crate::job::{Job, Kind, ProjectTask};
use crate::settings::KeptScript;
use crate::workbench::{
    Bookmark, OnError, Plot, PlotSource, ProjectEdit, RunAnswer, RunKey, RunState, ScriptId,
    ViewKind, first_number,
};

use super::app::App;
use super::template;

impl App {
    /// Does what is asked about projections.
    pub(super) fn project(&mut self, edit: ProjectEdit) {
        if self.workbench.history.is_none() {
            return;
        }
        match edit {
            ProjectEdit::New => self.new_projection(),
            ProjectEdit::AskOpen => self.ask_script(),
            ProjectEdit::Read(paths) => self.open_scripts(paths),
            ProjectEdit::Run(selected) => self.run_projection(selected),
            ProjectEdit::Stop => self.stop_projection(),
            ProjectEdit::Show(id) => self.show_script(id),
            ProjectEdit::Add(name, text) => {
                let id = self.workbench.projecting.add(&name, text);
                self.show_script(id);
            }
            ProjectEdit::AddHandler(id, event_type) => self.add_handler(id, &event_type),
            other => self.edit_script(other),
        }
        self.workbench.projecting.edits += 1;
    }

    fn edit_script(&mut self, edit: ProjectEdit) {
        let projecting = &mut self.workbench.projecting;
        match edit {
            ProjectEdit::CloseTab(id) => projecting.close_tab(id),
            ProjectEdit::Remove(id) => {
                if projecting.is_running(id) {
                    self.stop_projection();
                }
                self.workbench.projecting.remove(id);
            }
            ProjectEdit::Rename(id, name) => projecting.rename(id, &name),
            ProjectEdit::Text(id, text) => {
                if let Some(script) = projecting.script_mut(id) {
                    script.text = text;
                }
            }
            ProjectEdit::OnError(id, on_error) => {
                if let Some(script) = projecting.script_mut(id) {
                    script.on_error = on_error;
                }
            }
            _ => {}
        }
    }

    fn show_script(&mut self, id: ScriptId) {
        self.workbench.projecting.show(id);
        self.workbench.change("view", self.now, |look| {
            look.view = ViewKind::Projections;
        });
        let plotting = &mut self.workbench.projecting.plotting;
        let source = PlotSource::Script(id);
        if plotting.plots.iter().any(|plot| plot.source == source) {
            plotting.open(source);
        }
    }

    /// Begins a projection for the category of the stream shown, as soon as its types are known.
    fn new_projection(&mut self) {
        let Some(key) = self.workbench.rule_facts_key() else {
            return;
        };
        self.template_waits = Some(key.category);
        self.begin_template();
    }

    /// Writes the projection that is waited for, if its types are known; asks for them otherwise.
    pub(super) fn begin_template(&mut self) {
        let Some((category, history)) = self.template_waits.zip(self.workbench.history.clone())
        else {
            return;
        };
        let key = crate::workbench::RuleFactsKey {
            generation: self.workbench.generation,
            category,
        };
        let answers = &mut self.workbench.answers.rule_facts;
        if answers.is_wanted(&key) {
            answers.ask(key);
            self.request(Job::RuleFacts(key, history), "a projection is begun");
            return;
        }
        let Some(answer) = answers.for_key(&key).fresh() else {
            return;
        };
        self.template_waits = None;
        let facts = answer.as_ref().cloned().unwrap_or_default();
        let (name, text) = template::of(&history.log, category, &facts);
        self.project(ProjectEdit::Add(name, text));
    }

    /// What can be completed in the script shown: the types and fields of a category that it names.
    pub(super) fn request_script_facts(&mut self) {
        if self.template_waits.is_some() {
            self.begin_template();
            return;
        }
        if self.workbench.look().view != ViewKind::Projections {
            return;
        }
        let Some(history) = self.workbench.history.clone() else {
            return;
        };
        let script = self.workbench.projecting.script_shown();
        let Some(category) = script.and_then(|script| named(&history.log, &script.text)) else {
            return;
        };
        let key = crate::workbench::RuleFactsKey {
            generation: self.workbench.generation,
            category,
        };
        if self.workbench.answers.rule_facts.is_wanted(&key) {
            self.workbench.answers.rule_facts.ask(key);
            self.request(Job::RuleFacts(key, history), "a script is written");
        }
    }

    fn ask_script(&mut self) {
        if !self.runner.is_busy(Kind::Dialog) {
            self.request(Job::AskScript, "a script is to be chosen");
        }
    }

    /// Reads scripts off the frame.
    pub(super) fn open_scripts(&mut self, paths: Vec<PathBuf>) {
        if self.workbench.history.is_some() && !paths.is_empty() {
            self.request(Job::ReadScripts(paths), "scripts were chosen");
        }
    }

    /// Takes in a script that was read, or says why it was not.
    pub(super) fn take_scripts(&mut self, scripts: Vec<(PathBuf, Result<String, String>)>) {
        for (path, script) in scripts {
            match script {
                Ok(text) => {
                    let name = super::open::name_of(&path);
                    self.project(ProjectEdit::Add(name, text));
                }
                Err(why) => self.complain(format!(
                    "The script could not be read: {why}\nFile: {}",
                    path.display()
                )),
            }
        }
    }

    fn add_handler(&mut self, id: ScriptId, event_type: &str) {
        let Some(script) = self.workbench.projecting.script_mut(id) else {
            return;
        };
        if let Some(text) = template::with_handler(&script.text, event_type) {
            script.text = text;
            script.revision += 1;
        }
    }

    /// Runs the script that is shown.
    pub(super) fn run_projection(&mut self, selected: bool) {
        let range = if selected {
            self.range_selected()
        } else {
            None
        };
        if self.workbench.history.is_none() {
            return;
        }
        let projecting = &mut self.workbench.projecting;
        if projecting.shown.is_none()
            && let Some(first) = projecting.scripts.first().map(|script| script.id)
        {
            self.show_script(first);
        }
        match self.workbench.projecting.shown {
            Some(shown) => self.run_script(shown, range),
            None => self.say("Open or write a projection first"),
        }
    }

    /// Holds a script against the one that is plotted, as another version of it; one that was not run
    /// as it reads now is run first.
    pub(super) fn compare_versions(&mut self, other: Option<ScriptId>) {
        let projecting = &mut self.workbench.projecting;
        projecting.plotting.versus = other;
        projecting.plotting.explains = None;
        let Some(other) = other else {
            return;
        };
        if let Some(shown) = projecting.shown.filter(|shown| *shown != other) {
            projecting.plotting.open(PlotSource::Script(shown));
        }
        let is_known = projecting.answer(other).is_some_and(|(_, is_same)| is_same);
        if !is_known && !projecting.is_running(other) {
            self.run_script(other, None);
        }
    }

    /// Runs a script, all of it or only over these events.
    fn run_script(&mut self, id: ScriptId, range: Option<(Position, Position)>) {
        let Some(history) = self.workbench.history.clone() else {
            return;
        };
        let generation = self.workbench.generation;
        let projecting = &mut self.workbench.projecting;
        let Some(script) = projecting.script(id) else {
            return;
        };
        let key = RunKey {
            generation,
            script: script.id,
            text: script.text.as_str().into(),
            on_error: script.on_error,
            range,
        };
        let name = script.name.clone();
        // An equal run is a run of its own: what the one before gives is not taken for it.
        self.runner.stop(Kind::Project);
        let began = if self.is_steady {
            Timestamp(0)
        } else {
            (self.wall_clock)()
        };
        projecting.begin(key.clone(), began);
        let number = projecting.plotting.next_number();
        let task = ProjectTask {
            key,
            name,
            number,
            history,
            limits: self.limits(),
        };
        self.request(Job::Project(Box::new(task)), "a projection was run");
    }

    /// The events from marker A to B, or those in view.
    fn range_selected(&self) -> Option<(Position, Position)> {
        let look = self.workbench.look();
        if let (Some(a), Some(b)) = (look.marker_a, look.marker_b) {
            return Some((a.from.min(b.from), a.to.max(b.to)));
        }
        let log = &self.workbench.history.as_ref()?.log;
        let span = look.span();
        let last = log.last()?;
        match look.axis {
            crate::history::Axis::Sequence => {
                let at = |at: i64| u32::try_from(at.max(0)).map_or(last, Position).min(last);
                Some((at(span.from), at(span.to)))
            }
            crate::history::Axis::Time => {
                let before = crate::event::Timestamp(span.from.saturating_sub(1));
                let from = log.last_at_time(before).map_or(0, |at| at.0 + 1);
                let to = log.last_at_time(crate::event::Timestamp(span.to))?;
                Some((Position(from).min(to), to))
            }
        }
    }

    /// Stops what runs; what it gave until then stays.
    pub(super) fn stop_projection(&mut self) {
        self.runner.stop(Kind::Project);
        self.workbench.projecting.end(RunState::Stopped);
    }

    /// Takes in what a run gave so far; the first results of a script are plotted.
    pub(super) fn take_run(&mut self, key: &RunKey, mut answer: RunAnswer) {
        if self.is_steady {
            answer.took = Duration::ZERO;
        }
        let paths = Arc::clone(&answer.paths);
        let state = answer.state;
        if !self.workbench.projecting.take(key, answer) {
            return;
        }
        let source = PlotSource::Script(key.script);
        let plotting = &mut self.workbench.projecting.plotting;
        // The other of two versions is drawn beside the one that is plotted.
        if plotting.versus == Some(key.script) {
            return;
        }
        let known = plotting
            .plots
            .iter_mut()
            .find(|plot| plot.source == source && !plot.stays);
        match (known, first_number(&paths)) {
            (None, Some(path)) => plotting.show(Plot::new(source, Some(path))),
            (Some(plot), Some(path)) if plot.path.is_none() => plot.path = Some(path),
            _ => {}
        }
        if state == RunState::Failed && self.workbench.look().view != ViewKind::Projections {
            let name = self.workbench.projecting.script(key.script);
            let name = name.map_or_else(String::new, |script| script.name.clone());
            self.say(format!("{name} could not be run to the end"));
        }
    }

    /// Brings back the scripts that were written for the history that has been opened.
    pub(super) fn restore_scripts(&mut self, kept: Vec<KeptScript>) {
        let projecting = &mut self.workbench.projecting;
        if !projecting.scripts.is_empty() {
            return;
        }
        for script in kept {
            let id = projecting.add(&script.name, script.text);
            if let Some(added) = projecting.script_mut(id) {
                added.on_error = if script.skips {
                    OnError::Skip
                } else {
                    OnError::Stop
                };
            }
            if script.has_tab {
                projecting.show(id);
            }
        }
    }

    /// The scripts as they are kept.
    pub(super) fn scripts_to_keep(&self) -> Vec<KeptScript> {
        let projecting = &self.workbench.projecting;
        let scripts = projecting.scripts.iter().map(|script| KeptScript {
            name: script.name.clone(),
            text: script.text.clone(),
            skips: script.on_error == OnError::Skip,
            has_tab: projecting.tabs.contains(&script.id),
        });
        scripts.collect()
    }

    /// Gives the sample history what tells its story, where nothing was done with it yet.
    pub(super) fn begin_sample(&mut self) {
        let history = self.workbench.history.as_ref();
        let is_sample =
            history.is_some_and(|history| history.about.inputs.is_empty() && is_sample(history));
        if !is_sample {
            return;
        }
        let (name, text) = crate::ingest::SAMPLE_PROJECTION;
        let projecting = &mut self.workbench.projecting;
        if projecting.scripts.is_empty() {
            projecting.add(name, text.to_owned());
        }
        let now = (self.wall_clock)();
        let places = crate::ingest::SAMPLE_BOOKMARKS.iter();
        let found = places.filter_map(|(place, name)| {
            let target = self.workbench.find(place, now).ok()?;
            Some(Bookmark {
                position: target.position,
                stream: target.stream,
                name: (*name).to_owned(),
            })
        });
        let mut bookmarks: Vec<Bookmark> = found.collect();
        bookmarks.sort_by_key(|bookmark| bookmark.position);
        if !self.workbench.has_moved() {
            self.workbench.restore(|look| look.bookmarks = bookmarks);
        }
    }
}

fn is_sample(history: &crate::history::History) -> bool {
    history.about.name() == crate::ingest::SAMPLE_NAME
}

/// The largest category that a script names in quotes, else the largest of all.
fn named(log: &crate::history::EventLog, text: &str) -> Option<CategoryId> {
    let counts = log.category_counts();
    let mut ids: Vec<usize> = (0..log.category_names().len()).collect();
    ids.sort_by_key(|id| std::cmp::Reverse(counts.get(*id).copied().unwrap_or(0)));
    let is_named = |id: &&usize| {
        let name = &log.category_names()[**id];
        !name.is_empty()
            && (text.contains(&format!("'{name}'")) || text.contains(&format!("\"{name}\"")))
    };
    let found = ids.iter().find(is_named).or_else(|| ids.first())?;
    Some(CategoryId(u32::try_from(*found).ok()?))
}
