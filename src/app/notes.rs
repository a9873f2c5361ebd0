//! Notes on events and findings that are accepted: asked for, written, taken back.

use crate::audit::Finding;
use crate::event::Position;
use crate::workbench::Accepted;

use super::app::App;

impl App {
    /// Asks for a note on the event at the playhead.
    pub(super) fn ask_note(&mut self) {
        if let Some(key) = self.workbench.event_key() {
            let note = self.workbench.note_on(key.position);
            let text = note.map_or_else(String::new, |note| note.text.clone());
            self.window.ask_note(key.position, text);
        }
    }

    /// Writes a note on an event; an empty one takes it away.
    pub(super) fn write_note(&mut self, position: Position, text: &str) {
        if let Err(why) = self.workbench.write_note(position, text, self.now) {
            self.complain(why);
        }
    }

    fn finding(&self, index: usize) -> Option<Finding> {
        let audit = self.workbench.answers.audit.latest()?.as_ref().ok()?;
        audit.findings.get(index).cloned()
    }

    /// Asks why a finding is accepted.
    pub(super) fn ask_accept(&mut self, index: usize) {
        if let Some(finding) = self.finding(index) {
            let known = self.workbench.accepted(&finding);
            let reason = known.map_or_else(String::new, |known| known.reason.clone());
            self.window.ask_accept(index, reason);
        }
    }

    /// Accepts a finding in the name of whoever uses the program.
    pub(super) fn accept_finding(&mut self, index: usize, reason: String) {
        let Some(finding) = self.finding(index) else {
            return;
        };
        let accepted = Accepted {
            check: finding.check.to_owned(),
            stream: finding.stream.clone(),
            position: finding.position.map(Position),
            finding: finding.message.clone(),
            reason,
            by: user_name(),
            at: (self.wall_clock)(),
        };
        self.workbench.accept(accepted, &finding, self.now);
    }

    /// Takes back that a finding is accepted.
    pub(super) fn reopen_finding(&mut self, index: usize) {
        if let Some(finding) = self.finding(index) {
            self.workbench.reopen(&finding, self.now);
        }
    }
}

/// What the system calls the user; empty where it does not say.
fn user_name() -> String {
    let named = |name: &str| std::env::var(name).ok().filter(|name| !name.is_empty());
    named("USER")
        .or_else(|| named("USERNAME"))
        .unwrap_or_default()
}
