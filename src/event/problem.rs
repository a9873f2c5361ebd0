//! What was wrong with the input: a row, a line or a file that could not be read as it should be.
//!
//! A problem is about reading; what is notable in the history itself is a finding (`audit`).

use serde::{Deserialize, Serialize};

use super::visible::excerpt;

/// How much a problem or a finding matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing, often harmless.
    Info,
    /// Needs an explanation.
    Warning,
    /// Something is lost or broken.
    Error,
}

/// One thing wrong with the input, with its place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// A stable word for its kind, such as `cut-off-line`.
    pub kind: String,
    /// How much it matters.
    pub severity: Severity,
    /// Where in the input, such as `line 55` or `events rowid 12`.
    pub place: String,
    /// What is so, in one sentence.
    pub message: String,
    /// How the text in question begins, at most 120 characters, hidden ones made visible; `None`
    /// where there is no text to show.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub excerpt: Option<String>,
}

/// Gathers problems while reading: keeps the first of each kind and counts all.
#[derive(Clone, Debug, Default)]
pub struct Problems {
    items: Vec<Problem>,
    kinds: Vec<(String, u64)>,
    total: u64,
    records_lost: u64,
}

/// How many problems of one kind are kept with their place; the rest are counted.
const KEPT_PER_KIND: u64 = 100;

impl Problems {
    /// Notes a problem; the sentence is only made where it is kept.
    pub fn add(
        &mut self,
        kind: &str,
        severity: Severity,
        place: impl Into<String>,
        message: impl Into<String>,
    ) {
        self.add_of(kind, severity, place, message, b"");
    }

    /// As [`Self::add`], with the text in question, of which only the beginning is kept.
    pub fn add_of(
        &mut self,
        kind: &str,
        severity: Severity,
        place: impl Into<String>,
        message: impl Into<String>,
        text: &[u8],
    ) {
        self.total += 1;
        let seen = self.count_kind(kind, 1);
        if seen <= KEPT_PER_KIND {
            self.items.push(Problem {
                kind: kind.to_owned(),
                severity,
                place: place.into(),
                message: message.into(),
                excerpt: excerpt(text),
            });
        }
    }

    /// Notes a problem because of which one record gave no event.
    pub fn lose(&mut self, kind: &str, place: impl Into<String>, message: impl Into<String>) {
        self.lose_of(kind, place, message, b"");
    }

    /// As [`Self::lose`], with the text of the record, of which only the beginning is kept.
    pub fn lose_of(
        &mut self,
        kind: &str,
        place: impl Into<String>,
        message: impl Into<String>,
        text: &[u8],
    ) {
        self.records_lost += 1;
        self.add_of(kind, Severity::Warning, place, message, text);
    }

    /// Notes one problem because of which `n_records` gave no event.
    pub fn lose_many(
        &mut self,
        n_records: u64,
        kind: &str,
        place: impl Into<String>,
        message: impl Into<String>,
    ) {
        self.records_lost += n_records;
        self.add(kind, Severity::Error, place, message);
    }

    fn count_kind(&mut self, kind: &str, n_more: u64) -> u64 {
        if let Some(found) = self.kinds.iter_mut().find(|(name, _)| name == kind) {
            found.1 += n_more;
            return found.1;
        }
        self.kinds.push((kind.to_owned(), n_more));
        n_more
    }

    /// Takes over what was wrong with one of several inputs.
    pub fn absorb(&mut self, other: &Self, name: &str) {
        for (kind, n_met) in &other.kinds {
            self.count_kind(kind, *n_met);
        }
        let named = other.items.iter().map(|problem| Problem {
            place: format!("{} of {name}", problem.place),
            ..problem.clone()
        });
        self.items.extend(named);
        self.total += other.total;
        self.records_lost += other.records_lost;
    }

    /// Takes over what was met later in the same input.
    pub fn append(&mut self, later: Self) {
        let before: Vec<(String, u64)> = self.kinds.clone();
        let known = |kind: &str| {
            let found = before.iter().find(|(name, _)| name == kind);
            found.map_or(0, |(_, n_met)| *n_met)
        };
        let mut room: Vec<(String, u64)> = Vec::new();
        for (kind, n_met) in later.kinds {
            self.count_kind(&kind, n_met);
            let n_kept = KEPT_PER_KIND.saturating_sub(known(&kind));
            room.push((kind, n_kept));
        }
        for problem in later.items {
            let left = room.iter_mut().find(|(kind, _)| *kind == problem.kind);
            if let Some((_, left)) = left.filter(|(_, left)| *left > 0) {
                *left -= 1;
                self.items.push(problem);
            }
        }
        self.total += later.total;
        self.records_lost += later.records_lost;
    }

    /// Takes back that the record at a place was lost, because it is read again.
    pub fn take_back(&mut self, place: &str) {
        self.records_lost = self.records_lost.saturating_sub(1);
        let at = self
            .items
            .iter()
            .rposition(|problem| problem.place == place);
        let Some(found) = at.map(|at| self.items.remove(at)) else {
            return;
        };
        self.total = self.total.saturating_sub(1);
        for (kind, n_met) in &mut self.kinds {
            *n_met = n_met.saturating_sub(u64::from(*kind == found.kind));
        }
        self.kinds.retain(|(_, n_met)| *n_met > 0);
    }

    /// The problems kept, in the order in which they were met: at most 100 of each kind.
    pub fn items(&self) -> &[Problem] {
        &self.items
    }

    /// Each kind with how often it was met, in the order of first meeting.
    pub fn kinds(&self) -> &[(String, u64)] {
        &self.kinds
    }

    /// How many problems were met, kept or not.
    pub fn total(&self) -> u64 {
        self.total
    }

    /// How many records gave no event; with the events read this is all records of the input.
    pub fn records_lost(&self) -> u64 {
        self.records_lost
    }
}
