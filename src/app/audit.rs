//! The Audit view beyond the audit itself: another copy, receipts, types without rules.

use std::path::PathBuf;
use std::sync::Arc;

use crate::job::{Inquired, Inquiry, Job, Kind};
use crate::workbench::{AuditEdit, AuditFile, ViewKind};

use super::app::App;

impl App {
    /// Does what was asked of the Audit view.
    pub(super) fn audit(&mut self, edit: AuditEdit) {
        match edit {
            AuditEdit::AskCopy => self.ask_for_audit(AuditFile::Copy),
            AuditEdit::CompareWith(path) => self.compare_with(path),
            AuditEdit::ForgetCopy => {
                self.runner.stop(Kind::Copy);
                self.workbench.auditing.copy = None;
                self.workbench.auditing.compared.clear();
            }
            AuditEdit::AskReceiptPlace => {
                let name = self.receipt_name();
                self.ask_for_audit(AuditFile::NewReceipt(name));
            }
            AuditEdit::WriteReceipt(path) => self.write_receipt(path),
            AuditEdit::AskReceipt => self.ask_for_audit(AuditFile::Receipt),
            AuditEdit::CheckReceipt(path) => {
                self.workbench.auditing.held.clear();
                self.workbench.auditing.receipt = Some(path);
                self.show_audit();
            }
            AuditEdit::ForgetReceipt => {
                self.runner.stop(Kind::Receipt);
                self.workbench.auditing.receipt = None;
                self.workbench.auditing.held.clear();
            }
        }
    }

    fn ask_for_audit(&mut self, file: AuditFile) {
        if !self.runner.is_busy(Kind::Dialog) {
            self.request(Job::AskForAudit(file), "a file is to be chosen");
        }
    }

    /// A file was chosen in a dialog, or none.
    pub(super) fn audit_file_chosen(&mut self, file: &AuditFile, path: Option<PathBuf>) {
        let Some(path) = path else {
            if !crate::job::has_dialogs() {
                self.say("This system has no dialog to choose a file: drop one on the Audit view");
            }
            return;
        };
        self.audit(match file {
            AuditFile::Copy => AuditEdit::CompareWith(path),
            AuditFile::Receipt => AuditEdit::CheckReceipt(path),
            AuditFile::NewReceipt(_) => AuditEdit::WriteReceipt(path),
        });
    }

    fn show_audit(&mut self) {
        self.workbench.show_view(ViewKind::Audit, self.now);
    }

    /// Holds the history against another copy of it.
    fn compare_with(&mut self, path: PathBuf) {
        let Some(history) = &self.workbench.history else {
            self.say("Open a file first to compare it with another copy");
            return;
        };
        if !history.is_complete {
            self.say("The file is still being read; compare when it has been");
            return;
        }
        self.workbench.auditing.compared.clear();
        self.workbench.auditing.copy = Some(path);
        self.show_audit();
    }

    fn write_receipt(&mut self, path: PathBuf) {
        let history = self.workbench.history.as_ref();
        let inputs = history.map_or(&[][..], |history| &history.about.inputs);
        let whole = |path: &PathBuf| std::fs::canonicalize(path).ok();
        let is_input = |input: &PathBuf| whole(input).is_some() && whole(input) == whole(&path);
        if inputs.iter().any(is_input) {
            self.complain("The receipt would overwrite what is audited; choose another name");
            return;
        }
        let receipt = self.fresh_audit().and_then(|audit| audit.receipt.clone());
        let Some(mut receipt) = receipt else {
            self.say("A receipt needs the audit, which has not run to its end");
            return;
        };
        receipt.made = (self.wall_clock)().rfc3339(0);
        let write = Inquiry::WriteReceipt(path, Box::new(receipt));
        self.request(Job::Inquire(write), "a receipt is to be written");
    }

    /// `shop-events.receipt.json`
    fn receipt_name(&self) -> String {
        let history = self.workbench.history.as_ref();
        let name = history.map_or("history", |history| history.about.name());
        let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        format!("{stem}.receipt.json")
    }

    /// Asks for what the Audit view shows and is not known.
    pub(super) fn request_auditing(&mut self) {
        if self.workbench.look().view != ViewKind::Audit {
            return;
        }
        let Some(history) = self.workbench.history.clone() else {
            return;
        };
        if !history.is_complete {
            return;
        }
        let generation = self.workbench.generation;
        if let Some(key) = self.workbench.auditing.copy_key(generation)
            && self.workbench.auditing.compared.is_wanted(&key)
        {
            self.workbench.auditing.compared.ask(key.clone());
            let options = self.options.clone();
            let inquiry = Inquiry::Copy(key, Arc::clone(&history), options);
            self.request(Job::Inquire(inquiry), "another copy was named");
        }
        if let Some(key) = self.workbench.auditing.receipt_key(generation)
            && self.workbench.auditing.held.is_wanted(&key)
        {
            self.workbench.auditing.held.ask(key.clone());
            let inquiry = Inquiry::Receipt(key, history);
            self.request(Job::Inquire(inquiry), "a receipt was named");
        }
        self.request_unhandled();
    }

    /// Finds the types that no rule handles, once their shapes are known.
    fn request_unhandled(&mut self) {
        let states = self.workbench.states();
        if !self.workbench.auditing.unhandled.is_wanted(&states) {
            return;
        }
        let generation = self.workbench.generation;
        let audit = self.workbench.answers.audit.for_key(&generation).fresh();
        let drift = audit.and_then(|audit| audit.as_ref().ok()?.drift.clone());
        let (Some(drift), Some(folder)) = (drift, self.workbench.folder.clone()) else {
            return;
        };
        self.workbench.auditing.unhandled.ask(states);
        let inquiry = Inquiry::Unhandled(states, drift, folder);
        self.request(Job::Inquire(inquiry), "the shapes of events are known");
    }

    /// Takes in an answer.
    pub(super) fn take_inquired(&mut self, inquired: Inquired) {
        let generation = self.workbench.generation;
        let auditing = &mut self.workbench.auditing;
        match inquired {
            Inquired::Copy(key, found) => {
                if auditing.copy_key(generation).as_ref() == Some(&key) {
                    auditing.compared.set(key, found);
                }
            }
            Inquired::Receipt(key, found) => {
                if auditing.receipt_key(generation).as_ref() == Some(&key) {
                    auditing.held.set(key, found);
                }
            }
            Inquired::Wrote(path, Ok(())) => {
                self.say(format!("The receipt is saved as {}", path.display()));
            }
            Inquired::Wrote(path, Err(why)) => self.complain(format!(
                "The receipt could not be saved: {why}\nFile: {}",
                path.display()
            )),
            Inquired::Unhandled(states, found) => auditing.unhandled.set(states, found),
        }
    }
}
