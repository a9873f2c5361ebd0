//! Gathers the findings of one check: keeps the first ten thousand and counts all.

use super::check::Scene;
use super::drift::Drift;
use super::finding::{CheckResult, Finding, Status};
use crate::event::{Position, Severity, StreamId};

/// How many findings of a check are kept; the others are counted.
pub const MAX_KEPT: usize = 10_000;

/// What one check found.
#[derive(Clone, Debug)]
pub struct Gather {
    check: &'static str,
    kept: Vec<Finding>,
    total: u64,
    worst: Option<Severity>,
    covered: String,
    skipped: bool,
    parameters: Vec<(String, String)>,
    drift: Option<Drift>,
}

impl Gather {
    /// An empty one for the check of that id.
    pub fn new(check: &'static str) -> Self {
        Self {
            check,
            kept: Vec::new(),
            total: 0,
            worst: None,
            covered: String::new(),
            skipped: false,
            parameters: Vec::new(),
            drift: None,
        }
    }

    /// Hands over the shapes of events, as they were seen on the way.
    pub(super) fn keep_drift(&mut self, drift: Drift) {
        self.drift = Some(drift);
    }

    /// The shapes of events, where this check looked at them.
    pub(super) fn take_drift(&mut self) -> Option<Drift> {
        self.drift.take()
    }

    /// Adds a finding; `make` is only called where it is kept.
    pub fn add(&mut self, severity: Severity, make: impl FnOnce(Finding) -> Finding) {
        self.total += 1;
        self.worst = self.worst.max(Some(severity));
        if self.kept.len() < MAX_KEPT {
            self.kept.push(make(Finding::new(self.check, severity)));
        }
    }

    /// Counts findings that are known only by their number.
    pub fn add_uncounted(&mut self, severity: Severity, more: u64) {
        if more > 0 {
            self.total += more;
            self.worst = self.worst.max(Some(severity));
        }
    }

    /// Gives all findings that have no group one, where there are several.
    pub fn group_all(&mut self, name: impl FnOnce(u64) -> String) {
        if self.total < 2 {
            return;
        }
        let name = name(self.total);
        let free = self.kept.iter_mut().filter(|found| found.group.is_none());
        free.for_each(|found| found.group = Some(name.clone()));
    }

    /// States what was covered; "passed" means this.
    pub fn covered(&mut self, what: impl Into<String>) {
        self.covered = what.into();
    }

    /// Says that the check did not run.
    pub fn skip(&mut self, why: impl Into<String>) {
        self.covered = why.into();
        self.skipped = true;
    }

    /// States a parameter of the run.
    pub fn parameter(&mut self, name: &str, value: impl Into<String>) {
        self.parameters.push((name.to_owned(), value.into()));
    }

    /// The id of the check.
    pub(super) fn check(&self) -> &'static str {
        self.check
    }

    /// How many findings there are so far.
    pub fn total(&self) -> u64 {
        self.total
    }

    fn status(&self) -> Status {
        match self.worst {
            _ if self.skipped => Status::Skipped,
            None => Status::Passed,
            Some(Severity::Info) => Status::Info,
            Some(Severity::Warning) => Status::Warning,
            Some(Severity::Error) => Status::Failed,
        }
    }

    /// The result and the findings kept, in the order of their positions.
    pub(super) fn finish(mut self, title: &'static str) -> (CheckResult, Vec<Finding>) {
        self.kept.sort_by_key(|found| found.position);
        let result = CheckResult {
            id: self.check,
            title,
            status: self.status(),
            findings: self.total,
            why: self.covered,
            parameters: self.parameters,
        };
        (result, self.kept)
    }
}

impl Finding {
    pub(super) fn new(check: &'static str, severity: Severity) -> Self {
        Self {
            check,
            severity,
            message: String::new(),
            stream: None,
            version: None,
            position: None,
            event_id: None,
            count: 1,
            group: None,
            stream_id: None,
            time: None,
            place: None,
            digest: None,
        }
    }

    /// Places the finding at an event; its id is looked up later.
    pub(super) fn at(mut self, scene: &Scene<'_>, position: Position) -> Self {
        let log = &scene.history.log;
        self.position = Some(position.0);
        self.version = log.version(position).map(|version| version.0);
        self.time = log.time(position);
        self.of(scene, log.stream(position))
    }

    /// Says which stream the finding is about.
    pub(super) fn of(mut self, scene: &Scene<'_>, stream: StreamId) -> Self {
        self.stream = Some(scene.history.log.stream_name(stream).to_owned());
        self.stream_id = Some(stream);
        self
    }

    pub(super) fn says(mut self, message: impl Into<String>) -> Self {
        self.message = message.into();
        self
    }

    pub(super) fn counts(mut self, count: u64) -> Self {
        self.count = count;
        self
    }

    pub(super) fn grouped(mut self, group: impl Into<String>) -> Self {
        self.group = Some(group.into());
        self
    }
}
