//! Which answers are stale: compares the keys of what is shown with what is known, and asks.

use std::path::Path;
use std::sync::Arc;

use crate::job::{AuditTask, FilterTask, Job, WhenTask};
use crate::query::Context;
use crate::workbench::{FieldChoice, ViewKind};

use super::app::App;

/// Up to so many events the audit runs by itself once a file has been read: about half a second of
/// one core. Larger ones wait to be asked.
const AUDIT_AT_ONCE: usize = 100_000;

impl App {
    /// Asks for everything that is shown and not known.
    pub(super) fn request_stale(&mut self) {
        self.request_reducer();
        self.request_script_facts();
        self.request_plot();
        self.request_event();
        self.request_state();
        self.request_compared();
        self.request_previews();
        self.request_when();
        self.request_filter();
        self.request_facets();
        self.request_series();
        self.request_travel();
        self.request_id();
        self.request_audit();
        self.request_report();
        self.request_auditing();
        self.request_map_preview();
    }

    fn request_event(&mut self) {
        let (Some(key), Some(history)) = (self.workbench.event_key(), &self.workbench.history)
        else {
            return;
        };
        if self.workbench.answers.event.is_wanted(&key) {
            let job = Job::Event(key, Arc::clone(history));
            self.workbench.answers.event.ask(key);
            self.request(job, "the playhead stands elsewhere");
        }
    }

    fn request_state(&mut self) {
        let (Some(key), Some(folder)) = (self.workbench.state_key(), &self.workbench.folder) else {
            return;
        };
        if self.workbench.answers.state.is_wanted(&key) {
            let job = Job::State(key, Arc::clone(folder));
            self.workbench.answers.state.ask(key);
            self.request(job, "stream or playhead changed");
        }
    }

    fn request_previews(&mut self) {
        let (Some(mut key), Some(history)) = (self.previews.take(), &self.workbench.history) else {
            return;
        };
        key.generation = self.workbench.generation;
        if self.workbench.answers.previews.is_wanted(&key) {
            let job = Job::Previews(key.clone(), Arc::clone(history));
            self.workbench.answers.previews.ask(key);
            self.request(job, "other rows are on screen");
        }
    }

    fn request_when(&mut self) {
        let (Some(key), Some(folder)) = (self.workbench.when_key(), &self.workbench.folder) else {
            return;
        };
        if self.workbench.answers.when.is_wanted(&key) {
            let look = self.workbench.look();
            let now = (self.wall_clock)();
            let time = folder.history().log.time(look.playhead);
            let mut context = Context::at(now, look.zone);
            context.from = time.unwrap_or(now);
            let task = WhenTask {
                key: key.clone(),
                folder: Arc::clone(folder),
                context,
            };
            self.workbench.answers.when.ask(key);
            self.request(Job::When(Box::new(task)), "a question was asked");
        }
    }

    fn request_filter(&mut self) {
        let key = self.workbench.filter_key((self.wall_clock)());
        let (Some(key), Some(folder)) = (key, &self.workbench.folder) else {
            return;
        };
        if self.workbench.answers.filter.is_wanted(&key) {
            let task = FilterTask {
                key: key.clone(),
                folder: Arc::clone(folder),
            };
            self.workbench.answers.filter.ask(key);
            self.request(Job::Filter(Box::new(task)), "the filter is another one");
        }
    }

    /// Metadata are counted by themselves in a history that is small, and in a larger one once they are
    /// asked for; both read to their end.
    fn request_facets(&mut self) {
        let Some(history) = &self.workbench.history else {
            return;
        };
        let generation = self.workbench.generation;
        // While a file is followed there is another history every moment.
        let is_small = history.log.len() <= AUDIT_AT_ONCE && !self.workbench.live.is_on()
            || self.workbench.wants_facets == Some(self.workbench.generation);
        let is_wanted = self.workbench.answers.facets.is_wanted(&generation);
        if history.is_complete && is_small && is_wanted && self.workbench.opening.is_none() {
            let job = Job::Facets(generation, Arc::clone(history));
            self.workbench.answers.facets.ask(generation);
            self.request(job, "a history was opened");
        }
    }

    fn request_series(&mut self) {
        if self.workbench.look().view != ViewKind::Projections {
            return;
        }
        let Some(folder) = self.workbench.folder.clone() else {
            return;
        };
        let generation = self.workbench.generation;
        if self.workbench.look().field.is_none() {
            match &self.suggestion {
                Some((known, Some(choice))) if *known == generation => {
                    let choice: FieldChoice = choice.clone();
                    self.workbench.suggest_field(choice);
                }
                Some((known, None)) if *known == generation => return,
                _ => {
                    self.suggestion = Some((generation, None));
                    self.request(Job::SuggestField(generation, folder), "no field is chosen");
                    return;
                }
            }
        }
        let Some(key) = self.workbench.series_key() else {
            return;
        };
        if self.workbench.answers.series.is_wanted(&key) {
            self.workbench.answers.series.ask(key.clone());
            self.request(Job::Series(key, folder), "another field is plotted");
        }
    }

    fn request_audit(&mut self) {
        let Some(history) = &self.workbench.history else {
            return;
        };
        let is_small = history.log.len() <= AUDIT_AT_ONCE;
        if history.is_complete
            && is_small
            && !self.audit_was_asked()
            && self.workbench.opening.is_none()
        {
            self.run_audit();
        }
    }

    /// Whether the audit of this history was asked for, by whomever, whatever came of it.
    pub(super) fn audit_was_asked(&self) -> bool {
        let generation = self.workbench.generation;
        self.audited == Some(generation)
    }

    /// Runs all checks, unless they run or have run on this very history.
    pub(super) fn run_audit(&mut self) {
        let Some(history) = self.workbench.history.clone() else {
            return;
        };
        let generation = self.workbench.generation;
        if self.workbench.answers.audit.is_asked() && self.audited == Some(generation) {
            return;
        }
        self.audited = Some(generation);
        self.workbench.answers.audit.ask(generation);
        let beside = self.settings_path.as_deref().and_then(Path::parent);
        let task = AuditTask {
            generation,
            history,
            folder: self.workbench.base_folder().cloned(),
            receipts: beside.map(|folder| folder.join("receipts")),
            invariants: self.workbench.auditing.invariants.clone(),
            now: (self.wall_clock)(),
        };
        self.request(Job::Audit(task), "the audit was asked for");
    }
}
