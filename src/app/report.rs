//! Composing and saving a report: the audit first if it has not run, then the report, then the writing.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::audit::Audit;
use crate::job::{Job, Kind, ReportTask, SaveTask, digest_path, report_commands, report_program};
use crate::report::{Opening, ReportAsk};
use crate::workbench::{Composed, ReportEdit, ReportKey, ViewKind};

use super::app::App;

impl App {
    /// Runs all checks if they have not run, and shows the report with a proposed name; Enter then saves
    /// it.
    pub(super) fn ask_for_report(&mut self) {
        if self.workbench.history.is_none() {
            // Where files are listed, the list knows which one is meant.
            if self.settings.recent.is_empty() {
                self.say("Open a file to make a report of it");
            }
            return;
        }
        self.workbench.show_view(ViewKind::Report, self.now);
        self.propose_report();
        if self.fresh_audit().is_none() {
            self.run_audit();
        }
        self.window.ask_report_name();
    }

    /// Fills in what a report is proposed to say: the person, and where it goes.
    fn propose_report(&mut self) {
        let reporting = &mut self.workbench.reporting;
        if reporting.author.is_empty() && !self.is_steady {
            reporting.author = person();
        }
        if reporting.folder.as_os_str().is_empty() {
            reporting.folder = usual_folder();
        }
    }

    /// Changes what the report says.
    pub(super) fn edit_report(&mut self, edit: ReportEdit) {
        self.workbench.reporting.edit(edit);
    }

    /// Saves the report under its name, or as soon as the checks have run; no other file is replaced.
    pub(super) fn write_report(&mut self) {
        if self.workbench.history.is_none() {
            self.say("Open a file to make a report of it");
            return;
        }
        self.propose_report();
        if self.fresh_audit().is_none() {
            self.report_waits = true;
            self.run_audit();
            return;
        }
        let reporting = &self.workbench.reporting;
        let name = match reporting.name.trim() {
            "" => self.workbench.name_for_file("annals-report"),
            name => name.to_owned(),
        };
        let path = free_path(&reporting.folder, &name, reporting.form.ending());
        self.save_report(path);
    }

    /// Goes on with a report that waited for the audit.
    pub(super) fn save_waiting_report(&mut self) {
        if std::mem::take(&mut self.report_waits) && self.fresh_audit().is_some() {
            self.write_report();
        }
    }

    /// Asks where the report goes.
    pub(super) fn ask_report_place(&mut self) {
        if !self.runner.is_busy(Kind::Dialog) {
            let ending = self.workbench.reporting.form.ending();
            let name = self.file_name("annals-report", ending);
            self.request(Job::AskSave(name), "a report is to be saved");
        }
    }

    /// Saves where the user said, or in the folder proposed where there is no dialog to ask with.
    pub(super) fn report_place_was_chosen(&mut self, path: Option<PathBuf>) {
        if let Some(path) = path {
            self.save_report(path);
        } else if !crate::job::has_dialogs() {
            self.write_report();
        }
    }

    /// Writes the report.
    pub(super) fn save_report(&mut self, path: PathBuf) {
        let Some(audit) = self.fresh_audit() else {
            self.say("The report needs the audit, which has not run");
            return;
        };
        let Some(task) = self.report_task(audit, &path) else {
            return;
        };
        let composed = self.workbench.report();
        let task = SaveTask {
            task,
            known: composed.map(|composed| Arc::clone(&composed.report)),
            path,
        };
        self.request(Job::Report(Box::new(task)), "a report is to be saved");
    }

    /// Asks for the report where it is looked at and not made.
    pub(super) fn request_report(&mut self) {
        if self.workbench.look().view != ViewKind::Report {
            return;
        }
        let Some(key) = self.workbench.report_key() else {
            return;
        };
        if !self.workbench.reporting.answer.is_wanted(&key) {
            return;
        }
        let Some(audit) = self.fresh_audit() else {
            // One that failed or was stopped is run again only where somebody says so.
            if self.workbench.opening.is_none() && !self.audit_was_asked() {
                self.run_audit();
            }
            return;
        };
        self.propose_report();
        let ending = self.workbench.reporting.form.ending();
        let path = PathBuf::from(self.file_name("annals-report", ending));
        if let Some(task) = self.report_task(audit, &path) {
            self.workbench.reporting.answer.ask(key.clone());
            let job = Job::Compose(Box::new((key, task)));
            self.request(job, "another report is shown");
        }
    }

    /// Takes a report in.
    pub(super) fn take_report(&mut self, key: ReportKey, made: Result<Arc<Composed>, String>) {
        if key.generation == self.workbench.generation {
            self.workbench.reporting.answer.set(key, made);
        }
    }

    fn report_task(&self, audit: Arc<Audit>, path: &Path) -> Option<ReportTask> {
        // A report tells of what is recorded, and not of what might have been.
        let folder = Arc::clone(self.workbench.base_folder()?);
        let settings = self.workbench.report_settings();
        let opening = Opening {
            format: self.opened_with.format.clone(),
            mapping: self.opened_with.mapping.as_ref().map(|own| own.to_toml()),
            joins_streams: self.opened_with.joins_streams,
            is_sample: folder.history().about.inputs.is_empty(),
        };
        let command = report_commands(folder.history(), &opening, &settings, None, path);
        let author = self.workbench.reporting.author.trim();
        Some(ReportTask {
            ask: ReportAsk {
                settings,
                zone: self.workbench.look().zone,
                command,
                program: report_program(),
                made_at: (self.wall_clock)(),
                made_by: (!author.is_empty()).then(|| author.to_owned()),
                opening,
            },
            folder,
            audit,
        })
    }

    pub(super) fn fresh_audit(&self) -> Option<Arc<Audit>> {
        let answer = self
            .workbench
            .answers
            .audit
            .for_key(&self.workbench.generation);
        answer.fresh()?.as_ref().ok().cloned().map(Arc::new)
    }

    /// A name for a file made of what is open: `annals-report-shop-events.html`.
    pub(super) fn file_name(&self, what: &str, ending: &str) -> String {
        format!("{}.{ending}", self.workbench.name_for_file(what))
    }
}

/// The name of the person, as the system knows it; empty where it does not.
fn person() -> String {
    let known = ["USER", "USERNAME", "LOGNAME"].into_iter();
    let mut names = known.filter_map(|name| std::env::var(name).ok());
    names.find(|name| !name.is_empty()).unwrap_or_default()
}

/// Where reports are saved: the folder of documents where there is one, else the home folder. Never
/// beside the file, which stays as it is with its folder.
fn usual_folder() -> PathBuf {
    let home = std::env::home_dir().unwrap_or_else(|| PathBuf::from("."));
    let documents = home.join("Documents");
    if documents.is_dir() { documents } else { home }
}

/// A name that no report has yet: the one given, else one with a number behind it.
fn free_path(folder: &Path, name: &str, ending: &str) -> PathBuf {
    let dot = format!(".{ending}");
    let stem = name.strip_suffix(dot.as_str()).unwrap_or(name);
    let numbered = |nr: u32| {
        let path = folder.join(match nr {
            1 => format!("{stem}{dot}"),
            nr => format!("{stem}-{nr}{dot}"),
        });
        let is_free = !path.exists() && !digest_path(&path).exists();
        (is_free || nr == 9999).then_some(path)
    };
    (1..=9999)
        .find_map(numbered)
        .unwrap_or_else(|| folder.join(format!("{stem}{dot}")))
}
