//! Notes on events, and findings that are accepted: what a user adds to a history without changing it.

use std::time::Duration;

use crate::audit::{Audit, CheckResult, Finding};
use crate::event::{Position, Timestamp};

use super::workbench::Workbench;

/// How many notes there can be, and how many findings can be accepted.
pub const MAX_NOTES: usize = 2000;
/// The longest note, in bytes.
pub const MAX_NOTE: usize = 20_000;

/// A note on an event.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Note {
    /// The event.
    pub position: Position,
    /// What the user wrote.
    pub text: String,
}

/// A finding that somebody has looked into and accepts: it stays in every list, counted apart.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Accepted {
    /// The id of the check that found it.
    pub check: String,
    /// The stream that it is about, where it is about one.
    pub stream: Option<String>,
    /// The event that it is about, where it is about one.
    pub position: Option<Position>,
    /// What it says.
    pub finding: String,
    /// Why it is accepted.
    pub reason: String,
    /// Who accepted it.
    pub by: String,
    /// When.
    pub at: Timestamp,
}

impl Accepted {
    /// Whether this is about a finding: the same check, stream and event; without an event, the same
    /// words.
    pub fn is_of(&self, finding: &Finding) -> bool {
        let position = finding.position.map(Position);
        self.check == finding.check
            && self.stream == finding.stream
            && self.position == position
            && (position.is_some() || self.finding == finding.message)
    }
}

impl Workbench {
    /// The note on an event.
    pub fn note_on(&self, position: Position) -> Option<&Note> {
        let notes = &self.look().notes;
        let at = notes.binary_search_by_key(&position, |note| note.position);
        notes.get(at.ok()?)
    }

    /// Writes a note on an event, in the place of the one there was; an empty text takes it away.
    /// Says why not, where there are too many or it is too long.
    pub fn write_note(
        &mut self,
        position: Position,
        text: &str,
        now: Duration,
    ) -> Result<(), String> {
        let text = text.trim();
        if text.len() > MAX_NOTE {
            return Err(format!("A note has at most {MAX_NOTE} characters"));
        }
        let is_new = self.note_on(position).is_none();
        if is_new && self.look().notes.len() >= MAX_NOTES {
            return Err(format!("There are {MAX_NOTES} notes: take one away first"));
        }
        self.change("note", now, |look| {
            look.notes.retain(|note| note.position != position);
            if !text.is_empty() {
                let at = look.notes.partition_point(|note| note.position < position);
                let text = text.to_owned();
                look.notes.insert(at, Note { position, text });
            }
        });
        Ok(())
    }

    /// What was said when a finding was accepted; `None` where it was not.
    pub fn accepted(&self, finding: &Finding) -> Option<&Accepted> {
        let mut accepted = self.look().accepted.iter();
        accepted.find(|accepted| accepted.is_of(finding))
    }

    /// Whether all that a check found is accepted; `false` where it found nothing.
    pub fn is_settled(&self, audit: &Audit, check: &CheckResult) -> bool {
        if self.look().accepted.is_empty() {
            return false;
        }
        let found = audit.findings.iter().filter(|one| one.check == check.id);
        let n_accepted = found.clone().filter(|one| self.accepted(one).is_some());
        let (n_found, n_accepted) = (found.count() as u64, n_accepted.count() as u64);
        // Of what is not kept nothing can be accepted.
        n_found > 0 && n_found == check.findings && n_found == n_accepted
    }

    /// Accepts a finding; one that is accepted already gets the new reason.
    pub fn accept(&mut self, accepted: Accepted, finding: &Finding, now: Duration) {
        self.change("accept", now, |look| {
            look.accepted.retain(|known| !known.is_of(finding));
            if look.accepted.len() < MAX_NOTES {
                look.accepted.push(accepted);
            }
        });
    }

    /// Takes back that a finding is accepted.
    pub fn reopen(&mut self, finding: &Finding, now: Duration) {
        self.change("accept", now, |look| {
            look.accepted.retain(|known| !known.is_of(finding));
        });
    }
}
