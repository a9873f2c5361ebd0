//! The Audit view beyond the audit itself: another copy, receipts, types without rules.

use std::path::PathBuf;
use std::sync::Arc;

use crate::audit::{Audit, CheckTime};
use crate::history::History;
use crate::job::{Inquired, Inquiry, Job, Kind};
use crate::workbench::{AuditEdit, AuditFile, ReconcileAsk, ReconcileKey, SampleKey, ViewKind};

use super::app::App;

impl App {
    /// Does what was asked of the Audit view.
    pub(super) fn apply_audit(&mut self, edit: AuditEdit) {
        match edit {
            AuditEdit::AskCopy => self.ask_for_audit(AuditFile::Copy),
            AuditEdit::CompareWith(path) => self.compare_copy(path),
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
            AuditEdit::AskInvariants => self.ask_for_audit(AuditFile::Invariants),
            AuditEdit::TakeInvariants(path) => self.take_invariants(path),
            AuditEdit::AskTable => self.ask_for_audit(AuditFile::Table),
            AuditEdit::TakeTable(path) => {
                self.workbench.auditing.table.clear();
                self.workbench.auditing.table_chosen = Some(path);
            }
            AuditEdit::Reconcile(ask) => self.reconcile(ask),
            AuditEdit::Screen(options) => self.workbench.auditing.screening = Some(options),
            AuditEdit::ForgetScreening => {
                self.runner.stop(Kind::Screening);
                self.workbench.auditing.screening = None;
                self.workbench.auditing.screened.clear();
            }
            AuditEdit::DrawSample(n, seed) => self.draw_sample(n, seed),
            AuditEdit::Tick(position) => self.workbench.auditing.tick(position),
            AuditEdit::Remark(position, text) => {
                self.workbench.auditing.remark(position, text);
            }
            AuditEdit::AskGraphPlace => {
                let name = self.picture_name();
                self.ask_for_audit(AuditFile::NewPicture(name));
            }
            AuditEdit::SaveGraph(path) => self.save_graph(path),
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
    fn audit_file_chosen(&mut self, file: &AuditFile, path: Option<PathBuf>) {
        let Some(path) = path else {
            if !crate::job::has_dialogs() {
                self.say("This system has no dialog to choose a file: drop one on the Audit view");
            }
            return;
        };
        self.apply_audit(match file {
            AuditFile::Copy => AuditEdit::CompareWith(path),
            AuditFile::Receipt => AuditEdit::CheckReceipt(path),
            AuditFile::NewReceipt(_) => AuditEdit::WriteReceipt(path),
            AuditFile::NewPicture(_) => AuditEdit::SaveGraph(path),
            AuditFile::Table => AuditEdit::TakeTable(path),
            AuditFile::Invariants => AuditEdit::TakeInvariants(path),
        });
    }

    /// Runs the audit once more, with rules of the user's own.
    fn take_invariants(&mut self, path: PathBuf) {
        if self.workbench.history.is_none() {
            self.say("Open a file first to hold it against rules");
            return;
        }
        self.workbench.auditing.invariants = Some(path);
        self.runner.stop(Kind::Audit);
        self.workbench.answers.audit.forget_question();
        self.show_audit();
        self.run_audit();
    }

    fn show_audit(&mut self) {
        self.workbench.show_view(ViewKind::Audit, self.now);
    }

    /// Holds the history against another copy of it.
    fn compare_copy(&mut self, path: PathBuf) {
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

    fn draw_sample(&mut self, n: u32, seed: u64) {
        let generation = self.workbench.generation;
        let key = SampleKey {
            generation,
            n,
            seed,
        };
        let auditing = &mut self.workbench.auditing;
        if auditing.drawing != Some(key) {
            auditing.ticks.clear();
            auditing.remarks.clear();
        }
        auditing.drawing = Some(key);
    }

    /// Holds the states at the playhead against a table, once more where the playhead has moved.
    fn reconcile(&mut self, ask: ReconcileAsk) {
        let key = ReconcileKey {
            states: self.workbench.states(),
            position: self.workbench.look().playhead,
            ask,
        };
        let auditing = &mut self.workbench.auditing;
        auditing.reconciled.clear();
        auditing.reconcile = Some(key);
    }

    /// Asks for tables and for what holding states against one says.
    fn request_reconciling(&mut self, history: &History) {
        let generation = self.workbench.generation;
        let auditing = &mut self.workbench.auditing;
        if let [path] = history.about.inputs.as_slice()
            && auditing.tables.is_wanted(&generation)
        {
            auditing.tables.ask(generation);
            let inquiry = Inquiry::Tables(generation, path.clone());
            self.request(Job::Inquire(inquiry), "the Audit view is shown");
            return;
        }
        if auditing.tables.is_asked() {
            return;
        }
        if let Some(key) = auditing.table_key(generation)
            && auditing.table.is_wanted(&key)
        {
            auditing.table.ask(key.clone());
            let inquiry = Inquiry::Table(key);
            self.request(Job::Inquire(inquiry), "a file of rows was named");
            return;
        }
        if let Some(key) = auditing.reconcile.clone()
            && !auditing.table.is_asked()
            && auditing.reconciled.is_wanted(&key)
            && let Some(folder) = self.workbench.folder.clone()
        {
            self.workbench.auditing.reconciled.ask(key.clone());
            let inquiry = Inquiry::Reconcile(key, folder);
            self.request(Job::Inquire(inquiry), "a table was named");
        }
    }

    /// Asks for a screening and a sample, where they were asked for.
    fn request_screening(&mut self, history: &Arc<History>) {
        let generation = self.workbench.generation;
        let auditing = &mut self.workbench.auditing;
        if let Some(key) = auditing.screen_key(generation)
            && auditing.screened.is_wanted(&key)
        {
            auditing.screened.ask(key.clone());
            let inquiry = Inquiry::Screen(key, Arc::clone(history));
            self.request(Job::Inquire(inquiry), "a screening was asked for");
            return;
        }
        if let Some(key) = auditing.drawing.filter(|key| key.generation == generation)
            && auditing.sample.is_wanted(&key)
            && !auditing.screened.is_asked()
        {
            auditing.sample.ask(key);
            let inquiry = Inquiry::Sample(key, Arc::clone(history));
            self.request(Job::Inquire(inquiry), "a sample was asked for");
        }
    }

    /// Writes a picture of the graph that is shown.
    fn save_graph(&mut self, path: PathBuf) {
        let history = self.workbench.history.clone();
        let (Some(history), Some(graph)) = (history, self.workbench.graph_here().cloned()) else {
            self.say("The graph is not known yet");
            return;
        };
        let zone = self.workbench.look().zone;
        let picture = Inquiry::Picture(path, history, graph, zone);
        self.request(
            Job::Inquire(picture),
            "a picture of the graph is to be saved",
        );
    }

    /// `graph-of-order-1220.svg`
    fn picture_name(&self) -> String {
        let log = self.workbench.history.as_ref().map(|history| &history.log);
        let at = self.workbench.look().playhead;
        let name = log.map_or("events", |log| log.stream_name(log.stream(at)));
        let plain = |c: char| {
            if c.is_alphanumeric() || "-_.".contains(c) {
                c
            } else {
                '-'
            }
        };
        let name: String = name.chars().take(60).map(plain).collect();
        format!("graph-of-{name}.svg")
    }

    /// Lists all undertakings beside the graph.
    fn request_undertakings(&mut self) {
        let generation = self.workbench.generation;
        if !self.workbench.auditing.undertakings.is_wanted(&generation) {
            return;
        }
        let (Some(history), Some(index)) = (
            self.workbench.history.clone(),
            self.workbench.cause_index().cloned(),
        ) else {
            return;
        };
        self.workbench.auditing.undertakings.ask(generation);
        let inquiry = Inquiry::Undertakings(generation, history, index);
        self.request(Job::Inquire(inquiry), "the graph is shown");
    }

    /// Asks for what the Audit view shows and is not known.
    pub(super) fn request_auditing(&mut self) {
        if self.workbench.shows_graph() {
            self.request_undertakings();
        }
        if self.workbench.look().view != ViewKind::Audit {
            return;
        }
        let Some(history) = self.workbench.history.clone() else {
            return;
        };
        if !history.is_complete {
            return;
        }
        self.request_screening(&history);
        self.request_reconciling(&history);
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

    /// Takes in an audit.
    pub(super) fn take_audit(&mut self, of: u64, audited: Result<(Audit, Vec<CheckTime>), String>) {
        if of == self.workbench.generation {
            let (audit, times) = match audited {
                Ok((audit, times)) => (Ok(audit), times),
                Err(why) => (Err(why), Vec::new()),
            };
            // No two runs take the same time: pictures and tests show none.
            let times = if self.is_steady { Vec::new() } else { times };
            self.workbench.auditing.times = times;
            self.workbench.answers.audit.set(of, audit);
            self.save_waiting_report();
        }
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
            Inquired::Chosen(file, path) => self.audit_file_chosen(&file, path),
            Inquired::Wrote(path, Ok(())) => {
                self.say(format!("Saved as {}", path.display()));
            }
            Inquired::Wrote(path, Err(why)) => self.complain(format!(
                "The file could not be saved: {why}\nFile: {}",
                path.display()
            )),
            Inquired::Tables(of, found) => auditing.tables.set(of, found),
            Inquired::Table(key, found) => auditing.table.set(key, found),
            Inquired::Reconciled(key, found) => {
                if auditing.reconcile.as_ref() == Some(&key) {
                    auditing.reconciled.set(key, found);
                }
            }
            Inquired::Screened(key, found) => {
                if auditing.screen_key(generation).as_ref() == Some(&key) {
                    auditing.screened.set(key, found);
                }
            }
            Inquired::Sampled(key, drawn) => {
                if auditing.drawing == Some(key) {
                    auditing.sample.set(key, drawn);
                }
            }
            Inquired::Undertakings(of, found) => {
                if of == generation {
                    auditing.undertakings.set(of, found);
                }
            }
            Inquired::Unhandled(states, found) => auditing.unhandled.set(states, found),
        }
    }
}
