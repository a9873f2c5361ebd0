//! Plots: what is shown of which results; asks for what is shown and not known.

use std::sync::Arc;

use crate::event::CategoryId;
use crate::job::{Job, Outcome};
use crate::projection::{BuiltIn, Limits};
use crate::workbench::{KnownResults, Plot, PlotEdit, PlotSource, ViewKind};

use super::app::App;

impl App {
    /// Shows a plot, and the view that it stands in.
    pub(super) fn plot_new(&mut self, plot: Plot) {
        self.workbench.projecting.plotting.show(plot);
        self.workbench.change("view", self.now, |look| {
            look.view = ViewKind::Projections;
        });
    }

    /// Changes what is plotted.
    pub(super) fn change_plot(&mut self, edit: PlotEdit) {
        let plotting = &mut self.workbench.projecting.plotting;
        match edit {
            PlotEdit::Show(at) => {
                plotting.shown = Some(at).filter(|at| *at < plotting.plots.len());
                plotting.explains = None;
            }
            PlotEdit::Open(PlotSource::BuiltIn(BuiltIn::TimeInState)) => self.open_stays(),
            PlotEdit::Open(source) => plotting.open(source),
            PlotEdit::Change(plot) => {
                if let Some(shown) = plotting.shown.and_then(|at| plotting.plots.get_mut(at)) {
                    *shown = *plot;
                }
                plotting.explains = None;
            }
            PlotEdit::Remove(at) => plotting.remove(at),
            PlotEdit::AsOf(as_of) => plotting.as_of = as_of,
            PlotEdit::Partitions(ask) => plotting.partitions_look = *ask,
            PlotEdit::Partition(name) => plotting.partition = name,
            PlotEdit::Explain(step) => plotting.explains = step,
            PlotEdit::Versus(other) => self.compare_versions(other),
        }
    }

    /// Plots how many are in each value of a field that names a state: of what is plotted now, of the
    /// script shown, or of the streams of a category.
    fn open_stays(&mut self) {
        let projecting = &self.workbench.projecting;
        let has_results = |source: &PlotSource| match source {
            PlotSource::Script(id) => projecting.answers.contains_key(id),
            PlotSource::States(_) => true,
            PlotSource::BuiltIn(_) | PlotSource::Payloads(_) => false,
        };
        let plotted = projecting.plotting.plot().map(|plot| plot.source);
        let written = projecting.shown.map(PlotSource::Script);
        let source = plotted
            .filter(has_results)
            .or_else(|| written.filter(has_results));
        let category = || {
            let log = &self.workbench.history.as_ref()?.log;
            let shown = self.workbench.stream_shown();
            let shown = shown.map(|stream| log.stream_info(stream).category);
            let counts = log.category_counts().iter().enumerate();
            let largest = counts.max_by_key(|(_, count)| **count);
            let largest = largest.and_then(|(nr, _)| u32::try_from(nr).ok());
            shown
                .or_else(|| largest.map(CategoryId))
                .map(PlotSource::States)
        };
        if let Some(source) = source.or_else(category) {
            self.workbench
                .projecting
                .plotting
                .show(Plot::of_stays(source));
        }
    }

    /// Lays the two marked periods over each other, or no longer; whether there was a plot to do it.
    pub(super) fn toggle_overlay(&mut self) -> bool {
        if self.workbench.look().view != ViewKind::Projections {
            return false;
        }
        let has_periods = self.workbench.periods().is_some();
        let plotting = &mut self.workbench.projecting.plotting;
        let Some(plot) = plotting.shown.and_then(|at| plotting.plots.get_mut(at)) else {
            return false;
        };
        if !has_periods && !plot.overlays {
            self.say("Mark two periods first: click a label under the plot for A, with Ctrl for B");
            return true;
        }
        plot.overlays = !plot.overlays;
        true
    }

    /// Asks for the fields of states once the file has been read, for those who search them.
    fn request_fields(&mut self) {
        let states = self.workbench.states();
        let is_read = self.workbench.opening.is_none();
        let Some(folder) = self.workbench.folder.clone().filter(|_| is_read) else {
            return;
        };
        if self.workbench.answers.fields.is_wanted(&states) {
            self.workbench.answers.fields.ask(states);
            self.request(Job::Fields(states, folder), "fields can be searched");
        }
    }

    /// Asks for what the plot shown needs.
    pub(super) fn request_plot(&mut self) {
        self.request_fields();
        if self.workbench.look().view != ViewKind::Projections {
            return;
        }
        self.request_gathered();
        let Some(history) = self.workbench.history.clone() else {
            return;
        };
        if let Some((key, results)) = self.workbench.lines_key()
            && self.workbench.projecting.plotting.lines.is_wanted(&key)
        {
            self.workbench.projecting.plotting.lines.ask(key.clone());
            let other = self.workbench.versus().map(|(_, other)| other);
            let job = Job::Lines(Box::new(key), results, other, Arc::clone(&history));
            self.request(job, "another plot is shown");
        }
        if let Some(key) = self.workbench.built_in_key()
            && self.workbench.projecting.plotting.built_in.is_wanted(&key)
        {
            self.workbench.projecting.plotting.built_in.ask(key.clone());
            let job = Job::BuiltIn(key.0, key.1, Arc::clone(&history));
            self.request(job, "a projection without code is shown");
        }
        if let Some((key, results)) = self.workbench.overlay_key()
            && self.workbench.projecting.plotting.overlay.is_wanted(&key)
        {
            self.workbench.projecting.plotting.overlay.ask(key.clone());
            let job = Job::Overlay(Box::new(key), results, Arc::clone(&history));
            self.request(job, "periods are laid over each other");
        }
        if let Some((ask, results)) = self.workbench.partitions_ask()
            && self
                .workbench
                .projecting
                .plotting
                .partitions
                .is_wanted(&ask)
        {
            self.workbench
                .projecting
                .plotting
                .partitions
                .ask(ask.clone());
            let moment = (self.wall_clock)();
            let job = Job::Partitions(Box::new(ask), results, moment);
            self.request(job, "partitions at another place");
        }
        if let Some((key, results)) = self.workbench.stays_key()
            && self.workbench.projecting.plotting.stays.is_wanted(&key)
        {
            self.workbench.projecting.plotting.stays.ask(key.clone());
            let job = Job::Stays(Box::new(key), results, Arc::clone(&history));
            self.request(job, "time in state is shown");
        }
        if let Some((key, results)) = self.workbench.partial_key()
            && self.workbench.projecting.plotting.partial.is_wanted(&key)
        {
            self.workbench.projecting.plotting.partial.ask(key.clone());
            let job = Job::Partial(Box::new(key), results, Arc::clone(&history));
            self.request(job, "the playhead stands in another piece of time");
        }
        if let Some((key, results)) = self.workbench.versions_key()
            && self.workbench.projecting.plotting.versions.is_wanted(&key)
        {
            self.workbench.projecting.plotting.versions.ask(key);
            self.request(Job::Versions(key, results), "versions are compared");
        }
        if let Some((key, results)) = self.workbench.explain_key()
            && self.workbench.projecting.plotting.explained.is_wanted(&key)
        {
            self.workbench
                .projecting
                .plotting
                .explained
                .ask(key.clone());
            let job = Job::Explain(Box::new(key), results, history);
            self.request(job, "a step was clicked");
        }
    }

    /// How much memory results may take.
    pub(super) fn limits(&self) -> Limits {
        let megabytes = self.settings.results_mb() as usize;
        Limits {
            bytes: megabytes << 20,
        }
    }

    /// Gathers the states of the category that is plotted, unless they are known.
    fn request_gathered(&mut self) {
        let states = self.workbench.states();
        let Some(folder) = self.workbench.folder.clone() else {
            return;
        };
        let plotting = &mut self.workbench.projecting.plotting;
        let Some(PlotSource::States(category)) = plotting.plot().map(|plot| plot.source) else {
            return;
        };
        let known = plotting.states.get(&category);
        if known.is_some_and(|(of, _)| *of == states)
            || plotting.gathering == Some((states, category))
        {
            return;
        }
        plotting.gathering = Some((states, category));
        let number = plotting.next_number();
        let job = Job::Gather((states, category, number), folder, self.limits());
        self.request(job, "states are plotted");
    }

    /// Takes in what plots are made of, and their answers.
    pub(super) fn take_plotted(&mut self, outcome: Outcome) {
        let states = self.workbench.states();
        let plotting = &mut self.workbench.projecting.plotting;
        match outcome {
            Outcome::Projected(key, answer) => self.take_run(&key, *answer),
            Outcome::ChosenToExport(..) | Outcome::Exported(..) => self.take_export(outcome),
            Outcome::CopiedEvents(n, copied) => self.clip = Some((n, copied)),
            Outcome::RolledForward(key, rolled) if key.generation == states => {
                self.workbench.answers.rolled.set(*key, rolled);
            }
            Outcome::Scripts(scripts) => self.take_scripts(scripts),
            Outcome::ChosenScripts(paths) => self.open_scripts(paths),
            Outcome::Fields(of, fields) if of == states => {
                self.workbench.answers.fields.set(of, fields);
            }
            Outcome::Gathered((of, category, number), gathered) => {
                if plotting.gathering == Some((of, category)) {
                    plotting.gathering = None;
                }
                if of != states {
                    return;
                }
                let (results, paths) = match gathered {
                    Ok((results, paths)) => (Ok(results), paths),
                    Err(why) => (Err(why), Arc::from([])),
                };
                let known = KnownResults {
                    number,
                    results,
                    paths,
                };
                // One category at a time: what was gathered before makes room.
                plotting.states.clear();
                plotting.states.insert(category, (of, known));
            }
            Outcome::Lines(key, lines) => plotting.lines.set(*key, lines),
            Outcome::BuiltIn(of, ask, answer) => plotting.built_in.set((of, ask), answer),
            Outcome::Stays(key, stays) => plotting.stays.set(*key, stays),
            Outcome::ByThen(key, lines) => plotting.partial.set(*key, lines),
            Outcome::Versions(key, found) => plotting.versions.set(key, found),
            Outcome::ScriptChecked(id, text, problems) => {
                self.workbench.projecting.checked = Some((id, text, problems));
            }
            Outcome::Overlay(key, overlay) => plotting.overlay.set(*key, overlay),
            Outcome::Partitions(ask, table) => plotting.partitions.set(*ask, table),
            Outcome::Explained(key, explained) => plotting.explained.set(*key, explained),
            other => self.take_kept(other),
        }
    }
}
