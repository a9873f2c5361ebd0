//! The workspace of what is open: brought back when it is opened, kept by itself a moment after the
//! last change.

use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::job::{
    Astray, Job, Kind, LoadWorkspace, LoadedWorkspace, Outcome, SaveWorkspace, save_workspace,
};
use crate::settings::{KeptSample, KeptStore, Session, Workspace};
use crate::source::MappingOverride;
use crate::workbench::{Look, ReducerText};

use super::app::App;
use super::kept_look::{Whole, keep_look, take_look};
use super::kept_marks::{keep_marks, take_marks};

/// So long after the last change the workspace is kept.
const REST: Duration = Duration::from_millis(500);
/// So long after the first change it is kept, though changes go on.
const LONGEST: Duration = Duration::from_secs(5);

/// What is kept of what is open, and where.
#[derive(Default)]
pub(super) struct Keeping {
    /// The number of the opening whose workspace is awaited or there.
    ticket: u64,
    /// Whether the workspace has been brought back, so that changes are the user's.
    is_ready: bool,
    /// Where it is kept by itself.
    place: Option<PathBuf>,
    /// The file that the user saves it in.
    pub(super) wished: Option<PathBuf>,
    /// A workspace file that is being opened.
    pub(super) given: Option<(PathBuf, Workspace)>,
    /// What was read and is not shown.
    astray: Astray,
    rest: serde_json::Map<String, serde_json::Value>,
    /// As it was when it was last looked at.
    seen: Option<Seen>,
    /// When the first and the last change were made that are not kept yet.
    changed: Option<(Duration, Duration)>,
    /// Whether the workspace is to be looked for once the one before has been written.
    waits: bool,
    /// Where a reference leads that has been opened.
    leads_to: Option<u32>,
    /// Whether a report is asked for of what is being opened.
    reports: bool,
    /// The note of what is open, for a crash.
    pub(super) session: Option<Session>,
}

/// All that is kept, to see whether it changed.
#[derive(Clone, PartialEq)]
struct Seen {
    look: Look,
    edits: u64,
    layout: u64,
    reducer: Option<ReducerText>,
    sample: Option<KeptSample>,
}

impl App {
    fn seen(&self) -> Seen {
        let reducing = &self.workbench.reducing;
        Seen {
            look: self.workbench.look().clone(),
            edits: self.workbench.projecting.edits,
            layout: self.window.layout_edits(),
            reducer: reducing.is_own.then(|| reducing.text.clone()),
            sample: self.sample_to_keep(),
        }
    }

    fn is_as_seen(&self) -> bool {
        let reducing = &self.workbench.reducing;
        let reducer = reducing.is_own.then_some(&reducing.text);
        self.keeping.seen.as_ref().is_some_and(|seen| {
            seen.edits == self.workbench.projecting.edits
                && seen.layout == self.window.layout_edits()
                && seen.reducer.as_ref() == reducer
                && self.is_sample(seen.sample.as_ref())
                && seen.look == *self.workbench.look()
        })
    }

    /// Takes in what has become of a workspace, and which recent files are gone.
    pub(super) fn take_kept(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Workspace(ticket, loaded) => self.take_workspace(ticket, *loaded),
            Outcome::GivenWorkspace(path, read) => self.open_given(path, read),
            Outcome::SavedWorkspace(path, is_wished, saved) => {
                self.workspace_was_saved(path, is_wished, saved);
            }
            Outcome::ChosenWorkspace(path) => self.workspace_place_was_chosen(path),
            Outcome::Gone(gone) => self.gone = gone,
            _ => {}
        }
    }

    /// Looks for the workspace of the history that has been opened.
    pub(super) fn load_workspace(&mut self) {
        let folder = self.settings_path.as_deref().and_then(Path::parent);
        let folder = folder.map(|folder| folder.join("workspaces"));
        let Some(history) = self.workbench.history.clone() else {
            return;
        };
        self.keeping.ticket += 1;
        self.keeping.is_ready = false;
        let given = self.keeping.given.take();
        if folder.is_none() && given.is_none() {
            self.take_workspace(self.keeping.ticket, LoadedWorkspace::default());
            return;
        }
        if self.runner.is_busy(Kind::KeepWorkspace) {
            (self.keeping.given, self.keeping.waits) = (given, true);
            return;
        }
        self.keeping.wished = given.as_ref().map(|(path, _)| path.clone());
        let task = LoadWorkspace {
            ticket: self.keeping.ticket,
            history,
            folder,
            given: given.map(|(_, workspace)| workspace),
        };
        self.request(Job::LoadWorkspace(Box::new(task)), "a history was opened");
    }

    /// Brings back what was done with the history another day.
    fn take_workspace(&mut self, ticket: u64, loaded: LoadedWorkspace) {
        let Some(history) = self.workbench.history.clone() else {
            return;
        };
        if ticket != self.keeping.ticket {
            return;
        }
        self.keeping.place = loaded.place;
        self.keeping.astray = loaded.astray;
        match loaded.workspace {
            Some(workspace) => self.restore(workspace, &history.log),
            None => self.begin_sample(),
        }
        for sentence in loaded.said {
            self.complain(sentence);
        }
        self.keeping.seen = Some(self.seen());
        self.keeping.is_ready = true;
        if let Some(position) = self.keeping.leads_to.take() {
            self.go_to(&format!("#{position}"));
        }
        if std::mem::take(&mut self.keeping.reports) {
            self.ask_for_report();
        }
    }

    fn restore(&mut self, workspace: Workspace, log: &crate::history::EventLog) {
        let has_moved = self.workbench.has_moved();
        self.workbench.restore(|look| {
            take_marks(look, &workspace, log);
            if !has_moved && !take_look(look, &workspace.look, log) && !workspace.look.is_null() {
                tracing::warn!("where the user was cannot be read");
            }
        });
        if !workspace.layout.is_null() && !self.window.set_layout(&workspace.layout) {
            tracing::warn!("the layout cannot be read");
        }
        if let Some(reducer) = workspace.reducer {
            self.restore_reducer(reducer);
        }
        self.restore_scripts(workspace.projections);
        if let Some(sample) = workspace.sample {
            self.restore_sample(sample);
        }
        self.keeping.rest = workspace.rest;
    }

    /// The workspace as it is now; `None` where nothing is open.
    fn workspace(&self) -> Option<Workspace> {
        let history = self.workbench.history.as_ref()?;
        let (log, look) = (&history.log, self.workbench.look());
        let inputs = history.about.inputs.iter();
        let inputs = inputs.map(|path| std::path::absolute(path).unwrap_or_else(|_| path.clone()));
        let mapping = self.opened_with.mapping.as_ref();
        let whole = Whole {
            time: self.workbench.full_time_span(),
            sequence: self.workbench.full_sequence_span(),
        };
        let mut workspace = Workspace {
            store: KeptStore {
                name: history.about.name().to_owned(),
                inputs: inputs.collect(),
                events: log.len() as u64,
                mapping: mapping
                    .filter(|_| history.about.is_mapped)
                    .map(MappingOverride::to_toml),
            },
            look: keep_look(look, log, whole),
            layout: self.window.layout(),
            reducer: self.reducer_to_keep(),
            projections: self.scripts_to_keep(),
            sample: self.sample_to_keep(),
            rest: self.keeping.rest.clone(),
            ..Workspace::default()
        };
        keep_marks(&mut workspace, look, log);
        Some(workspace)
    }

    pub(super) fn saving(&self, place: PathBuf, is_wished: bool) -> Option<SaveWorkspace> {
        Some(SaveWorkspace {
            place,
            workspace: self.workspace()?,
            astray: self.keeping.astray.clone(),
            history: self.workbench.history.clone()?,
            is_wished,
        })
    }

    /// Keeps the workspace once changes have rested; looks for one that had to wait.
    pub(super) fn keep_workspace(&mut self, ctx: &egui::Context) {
        if self.keeping.waits && !self.runner.is_busy(Kind::KeepWorkspace) {
            self.keeping.waits = false;
            self.load_workspace();
        }
        if !self.keeping.is_ready || self.keeping.place.is_none() {
            return;
        }
        if !self.is_as_seen() {
            self.keeping.seen = Some(self.seen());
            let first = self.keeping.changed.map_or(self.now, |(first, _)| first);
            self.keeping.changed = Some((first, self.now));
        }
        let Some((first, last)) = self.keeping.changed else {
            return;
        };
        let due = (last + REST).min(first + LONGEST);
        let rest = due.saturating_sub(self.now);
        if rest.is_zero() || self.is_steady {
            if self.runner.is_busy(Kind::KeepWorkspace) {
                ctx.request_repaint_after(REST);
            } else {
                self.flush_workspace();
            }
        } else {
            ctx.request_repaint_after(rest);
        }
    }

    /// Keeps what is not kept yet.
    fn flush_workspace(&mut self) {
        if self.keeping.changed.take().is_none() {
            return;
        }
        let place = self.keeping.place.clone();
        if let Some(task) = place.and_then(|place| self.saving(place, false)) {
            self.request(Job::SaveWorkspace(Box::new(task)), "the workspace changed");
        }
    }

    /// Keeps what is not kept yet, and forgets what is open.
    pub(super) fn leave_workspace(&mut self) {
        if self.keeping.is_ready && !self.is_as_seen() {
            self.keeping.changed.get_or_insert((self.now, self.now));
        }
        self.flush_workspace();
        self.keeping = Keeping {
            ticket: self.keeping.ticket,
            given: self.keeping.given.take(),
            leads_to: self.keeping.leads_to.take(),
            reports: self.keeping.reports,
            session: self.keeping.session.take(),
            ..Keeping::default()
        };
    }

    /// Says how writing went.
    fn workspace_was_saved(&mut self, place: PathBuf, is_wished: bool, saved: Result<(), String>) {
        match saved {
            Ok(()) if is_wished => {
                self.say(format!("The workspace is saved as {}", place.display()));
                self.keeping.wished = Some(place);
            }
            Ok(()) => {}
            Err(why) => {
                if !is_wished {
                    self.keeping.place = None;
                }
                self.complain(format!(
                    "The workspace could not be saved: {why}\nFile: {}",
                    place.display()
                ));
            }
        }
    }

    /// Forgets a workspace file that was to be opened, where a reference led, and a report of it.
    pub(super) fn forget_given(&mut self) {
        (self.keeping.given, self.keeping.leads_to) = (None, None);
        self.keeping.reports = false;
    }

    /// Notes that a report is asked for of what is being opened.
    pub(super) fn will_report(&mut self) {
        self.keeping.reports = true;
    }

    /// Notes where to go in what is being opened.
    pub(super) fn will_lead_to(&mut self, position: Option<u32>) {
        self.keeping.leads_to = position;
    }

    /// The window ends: what is not kept yet is kept now.
    pub fn end(&mut self) {
        if self.keeping.is_ready && !self.is_as_seen() {
            self.keeping.changed.get_or_insert((self.now, self.now));
        }
        let place = self.keeping.place.clone();
        let place = place.filter(|_| self.keeping.changed.take().is_some());
        if let Some(task) = place.and_then(|place| self.saving(place, false))
            && let Err(why) = save_workspace(&task)
        {
            tracing::error!(why, "the workspace could not be saved");
        }
        self.keeping.session = None;
    }
}
