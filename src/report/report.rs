//! The report's model: everything that stands in it, as text and numbers, in the order of reading.

use serde::Serialize;

use super::plots::Plots;
use crate::audit::{Audit, Status};
use crate::event::{Position, Problem, Severity, Timestamp, Zone};
use crate::history::{EventLog, History};

/// What the caller says about the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportAsk {
    /// The title; the file's name where it is empty.
    pub title: String,
    /// In which zone times are shown.
    pub zone: Zone,
    /// The point at which the table of categories stands.
    pub as_of: Option<Position>,
    /// The command that makes the report again.
    pub command: String,
    /// The program with its version: `Annals 0.1.0`.
    pub program: String,
    /// When the report was made.
    pub made_at: Timestamp,
    /// Who made it, where given.
    pub made_by: Option<String>,
}

/// A report, ready to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// What was asked for; its time of the run stands in the header block only.
    pub ask: ReportAsk,
    /// Evidence, checks and findings.
    pub audit: Audit,
    /// How the file was read.
    pub method: Method,
    /// What there is.
    pub population: Population,
    /// Events by category until the point asked for, largest first.
    pub categories: Vec<CategoryRow>,
    /// The plots.
    pub plots: Plots,
}

/// How the file was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Method {
    /// The format's id.
    pub format: String,
    /// The format's name for people.
    pub format_name: String,
    /// What the file is.
    pub container: String,
    /// Why this format, where it was guessed.
    pub guess: Option<Vec<String>>,
    /// Which column plays which role.
    pub mapping: Vec<(String, String)>,
    /// How the file was opened.
    pub opened: String,
    /// What versions are: the store's, or counted by Annals.
    pub versions: String,
    /// What the order of the history is.
    pub order: String,
}

/// What the history holds, and that nothing is missing from it unsaid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Population {
    /// How many events.
    pub events: u64,
    /// How many streams.
    pub streams: u64,
    /// How many categories.
    pub categories: u64,
    /// Events by type, largest first.
    pub types: Vec<(String, u64)>,
    /// The least time, on the zone's wall clock.
    pub first_time: Option<String>,
    /// The greatest.
    pub last_time: Option<String>,
    /// How many events have no time.
    pub without_time: u64,
    /// How many states the store saved itself.
    pub snapshots: u64,
    /// How many records the input has.
    pub records: u64,
    /// How many of them gave no event.
    pub records_lost: u64,
    /// What was wrong with the input: kind and number.
    pub problems: Vec<(String, u64)>,
    /// The first problems of each kind, with their place.
    pub problem_items: Vec<Problem>,
}

/// Counts of a category up to a point.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CategoryRow {
    /// The category; empty for streams without one.
    pub category: String,
    /// How many of its streams had an event by then.
    pub streams: u64,
    /// How many events they had.
    pub events: u64,
}

impl Report {
    /// Gathers a report.
    pub fn new(history: &History, audit: Audit, plots: Plots, ask: ReportAsk) -> Self {
        Self {
            method: method(history),
            population: population(history, ask.zone),
            categories: categories(&history.log, ask.as_of),
            ask,
            audit,
            plots,
        }
    }

    /// The title that stands at its head.
    pub fn title(&self) -> &str {
        let name = || {
            self.audit
                .evidence
                .files
                .first()
                .map_or("Report", |file| &file.name)
        };
        if self.ask.title.is_empty() {
            name()
        } else {
            &self.ask.title
        }
    }

    /// How many checks ended so.
    pub fn n_checks(&self, status: Status) -> usize {
        self.audit
            .checks
            .iter()
            .filter(|check| check.status == status)
            .count()
    }

    /// The result in one sentence.
    pub fn verdict(&self) -> String {
        let n_run = self.audit.checks.len() - self.n_checks(Status::Skipped);
        let (failed, warned) = (
            self.n_checks(Status::Failed),
            self.n_checks(Status::Warning),
        );
        let gave = if warned == 1 {
            "gives a warning"
        } else {
            "give warnings"
        };
        match (failed, warned) {
            (0, 0) => format!("{n_run} checks ran, none failed"),
            (0, _) => format!("{n_run} checks ran, none failed, {warned} {gave}"),
            (_, 0) => format!("{failed} of {n_run} checks failed"),
            _ => format!("{failed} of {n_run} checks failed and {warned} {gave}"),
        }
    }

    /// How many findings of a severity there are in those kept.
    pub fn n_findings(&self, severity: Severity) -> usize {
        self.audit
            .findings
            .iter()
            .filter(|found| found.severity == severity)
            .count()
    }

    /// The name of the zone in which times are shown.
    pub fn zone_name(&self) -> String {
        match self.ask.zone {
            Zone::Utc => "UTC".to_owned(),
            Zone::Local => "local time".to_owned(),
            Zone::Named(zone) => zone.name().to_owned(),
        }
    }
}

fn method(history: &History) -> Method {
    let about = &history.about;
    let versions = match history.log.version_base() {
        Some(base) => format!(
            "as stored, the smallest first version is {base}",
            base = base.0
        ),
        None if history.log.has_versions() => "as stored, none could be read".to_owned(),
        None => "counted by Annals from 0, the source has none".to_owned(),
    };
    Method {
        format: about.format.clone(),
        format_name: about.format_name.clone(),
        container: about.container.clone(),
        guess: about.guess.clone(),
        mapping: about.mapping.clone(),
        opened: about.opened.clone(),
        versions,
        order: "the order of the source; position counts from 0 without gaps".to_owned(),
    }
}

fn population(history: &History, zone: Zone) -> Population {
    let log = &history.log;
    let digits = log.time_digits();
    let shown = |time: Timestamp| zone.wall(time).date_time(' ', digits);
    let range = log.time_range();
    let names = log.type_names().iter().map(|name| name.to_string());
    let mut types: Vec<(String, u64)> = names.zip(log.type_counts().iter().copied()).collect();
    types.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    Population {
        events: log.len() as u64,
        streams: log.streams().len() as u64,
        categories: log.category_names().len() as u64,
        types,
        first_time: range.map(|(first, _)| shown(first)),
        last_time: range.map(|(_, last)| shown(last)),
        without_time: u64::from(log.n_untimed()),
        snapshots: history.n_snapshots,
        records: history.about.n_records,
        records_lost: history.problems.records_lost(),
        problems: history.problems.kinds().to_vec(),
        problem_items: history.problems.items().to_vec(),
    }
}

/// Streams and events of each category by then: one binary search a stream.
fn categories(log: &EventLog, as_of: Option<Position>) -> Vec<CategoryRow> {
    let names = log.category_names();
    let mut streams = vec![0_u64; names.len()];
    let mut events = vec![0_u64; names.len()];
    let last = as_of.or_else(|| log.last());
    for stream in log.streams() {
        let n_events = last
            .and_then(|last| log.rank_at(stream, last))
            .map_or(0, |rank| rank + 1);
        let category = log.stream_info(stream).category.index();
        streams[category] += u64::from(n_events > 0);
        events[category] += u64::from(n_events);
    }
    let row = |(category, (streams, events)): (&str, (u64, u64))| CategoryRow {
        category: category.to_owned(),
        streams,
        events,
    };
    let mut rows: Vec<CategoryRow> = names
        .iter()
        .map(|name| &**name)
        .zip(streams.into_iter().zip(events))
        .map(row)
        .collect();
    rows.retain(|row| row.events > 0);
    rows.sort_by(|a, b| {
        b.events
            .cmp(&a.events)
            .then_with(|| a.category.cmp(&b.category))
    });
    rows
}

impl Report {
    /// What this report does not say, and where its lists end.
    pub fn limits(&self) -> Vec<String> {
        let mut limits = vec![
            format!(
                "Of each check at most {} findings are kept; numbers are of all",
                crate::audit::count(crate::audit::MAX_KEPT as u64)
            ),
            "Payloads are not shown".to_owned(),
            "The checks find what contradicts itself within the file; events left out without a trace cannot be seen"
                .to_owned(),
        ];
        if self
            .plots
            .field
            .as_ref()
            .is_some_and(|plot| !plot.is_application_state)
        {
            limits.push("A payload merge is no state of the application".to_owned());
        }
        limits
    }
}
