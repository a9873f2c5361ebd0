//! Saving a report: the audit first if it has not run, then the question where, then the writing.

use std::path::PathBuf;
use std::sync::Arc;

use crate::job::{Job, Kind, SaveTask};

use super::app::App;

impl App {
    /// Runs the audit if needed, then asks where the report goes.
    pub(super) fn ask_for_report(&mut self) {
        if self.workbench.history.is_none() {
            self.say("Open a file to make a report of it");
            return;
        }
        if self.fresh_audit().is_some() {
            self.ask_where();
            return;
        }
        self.report_waits = true;
        self.run_audit();
    }

    /// Goes on with a report that waited for the audit.
    pub(super) fn save_waiting_report(&mut self) {
        if std::mem::take(&mut self.report_waits) && self.fresh_audit().is_some() {
            self.ask_where();
        }
    }

    fn ask_where(&mut self) {
        if !self.runner.is_busy(Kind::Dialog) {
            let name = self.report_name();
            self.request(Job::AskSave(name), "a report is to be saved");
        }
    }

    /// Saves where the user said, or in the home folder where there is no dialog to ask with.
    pub(super) fn report_place_was_chosen(&mut self, path: Option<PathBuf>) {
        if let Some(path) = path {
            self.save_report(path);
        } else if !crate::job::has_dialogs() {
            let folder = std::env::home_dir().unwrap_or_else(|| PathBuf::from("."));
            let path = folder.join(self.report_name());
            self.save_report(path);
        }
    }

    /// Writes the report.
    pub(super) fn save_report(&mut self, path: PathBuf) {
        let Some(audit) = self.fresh_audit() else {
            self.say("The report needs the audit, which has not run");
            return;
        };
        let (Some(history), Some(folder)) = (
            self.workbench.history.clone(),
            // A report tells of what is recorded, and not of what might have been.
            self.workbench.base_folder().cloned(),
        ) else {
            return;
        };
        let task = SaveTask {
            history,
            folder,
            audit,
            path,
            field: self.workbench.series_key(),
            zone: self.workbench.look().zone,
            title: String::new(),
            as_of: None,
            made_at: (self.wall_clock)(),
        };
        self.request(Job::Report(task), "a report is to be saved");
    }

    pub(super) fn fresh_audit(&self) -> Option<Arc<crate::audit::Audit>> {
        let answer = self
            .workbench
            .answers
            .audit
            .for_key(&self.workbench.generation);
        answer.fresh()?.as_ref().ok().cloned().map(Arc::new)
    }

    /// `annals-report-shop-events.html`
    fn report_name(&self) -> String {
        self.file_name("annals-report", "html")
    }

    /// A name for a file made of what is open: `annals-report-shop-events.html`.
    pub(super) fn file_name(&self, what: &str, ending: &str) -> String {
        let name = self
            .workbench
            .history
            .as_ref()
            .map_or("history", |history| history.about.name());
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let plain = |c: char| {
            if c.is_alphanumeric() || "-_.".contains(c) {
                c
            } else {
                '-'
            }
        };
        let stem: String = stem.chars().map(plain).collect();
        format!("{what}-{stem}.{ending}")
    }
}
