//! The report's model: everything that stands in it, as text and numbers.

use std::collections::BTreeSet;

use serde::Serialize;

use super::as_of::{AsOfTable, as_of_tables};
use super::differences::{Explained, explained};
use super::exhibits::{Exhibit, MAX_RECORDS, exhibits};
use super::manifest::Opening;
use super::mask::{Elsewhere, Mask, Masked};
use super::period::{Period, categories, population};
use super::plots::Plots;
use super::rolled::{RolledTable, rolled_tables};
use super::runs::{Ran, runs};
use super::settings::{ReportSection, ReportSettings, RulesUsed};
use super::text::capital;
use crate::audit::{Audit, Sample, Status, grouped, sample};
use crate::event::{Problem, Severity, Timestamp, Zone};
use crate::fold::Folder;
use crate::history::History;

/// How many causes, and how many findings of each, are listed.
pub(super) const MAX_GROUPS: usize = 500;
pub(super) const MAX_OF_GROUP: usize = 20;
/// So many records of events at which fields became other ones are shown.
const MAX_DRIFT: usize = 40;

/// What the caller says about the report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReportAsk {
    /// What is in it.
    pub settings: ReportSettings,
    /// In which zone times are shown.
    pub zone: Zone,
    /// The command that makes the report again, and on the next line the one that verifies it.
    pub command: String,
    /// The program with its version: `Annals 0.1.0`.
    pub program: String,
    /// When the report was made.
    pub made_at: Timestamp,
    /// Who made it, where given.
    pub made_by: Option<String>,
    /// How the files were opened.
    pub opening: Opening,
}

/// A report, ready to be written.
#[derive(Clone, Debug)]
pub struct Report {
    /// What was asked for; time and person stand in one line only.
    pub ask: ReportAsk,
    /// Evidence, checks and findings, of the whole file.
    pub audit: Audit,
    /// How the file was read.
    pub method: Method,
    /// What there is in the period.
    pub population: Population,
    /// Streams and events by category in the period, largest first.
    pub categories: Vec<CategoryRow>,
    /// The plots.
    pub plots: Plots,
    /// Projections that were run.
    pub ran: Vec<Ran>,
    /// States of categories.
    pub tables: Vec<AsOfTable>,
    /// What moved numbers in the period.
    pub rolled: Vec<RolledTable>,
    /// What changed in streams between the ends of the period.
    pub explained: Vec<Explained>,
    /// Events drawn at random.
    pub sample: Option<Sample>,
    /// The records of the events named.
    pub exhibits: Vec<Exhibit>,
    /// How many more events are named than records are shown.
    pub more_exhibits: u64,
    /// What was masked.
    pub masked: Vec<Masked>,
    /// The period that it is about.
    pub(super) period: Option<Period>,
    /// Finds masked values in texts.
    pub(super) elsewhere: std::sync::Arc<Elsewhere>,
    /// What made states.
    pub rules: RulesUsed,
}

/// How the file was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
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

/// What there is in the period, and that nothing is missing from the history unsaid.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Population {
    /// How many events.
    pub events: u64,
    /// How many streams have one.
    pub streams: u64,
    /// How many categories.
    pub categories: u64,
    /// Events by type, largest first.
    pub types: Vec<CategoryRow>,
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

/// Counts of a category, or of a type.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct CategoryRow {
    /// Its name; empty for streams without a category.
    pub name: String,
    /// How many streams had an event in the period; 0 of a type, which has none of its own.
    pub streams: u64,
    /// How many events there are.
    pub events: u64,
    /// The first of them.
    pub first: u32,
    /// The last of them.
    pub last: u32,
}

impl Report {
    /// Gathers a report over what a folder folds; `None` where `cancel` said so.
    ///
    /// Costs a walk over the events of the period, a fold for each table and each stream explained, a
    /// run of each projection, and a read of each record shown.
    pub fn gather(
        folder: &Folder,
        audit: Audit,
        ask: &ReportAsk,
        cancel: &dyn Fn() -> bool,
    ) -> Option<Self> {
        let history = folder.history();
        let log = &history.log;
        let settings = &ask.settings;
        let period = Period::of(log, settings.from, settings.until);
        let mut mask = Mask::new(&settings.mask);
        let has = |section| settings.has(section);
        let mut report = Self {
            method: method(history),
            population: population(history, period, ask.zone),
            categories: categories(log, period),
            plots: Plots::make(folder, period, settings, ask.zone, cancel),
            ran: Vec::new(),
            tables: Vec::new(),
            rolled: Vec::new(),
            explained: Vec::new(),
            sample: None,
            exhibits: Vec::new(),
            more_exhibits: 0,
            masked: Vec::new(),
            elsewhere: std::sync::Arc::default(),
            rules: RulesUsed::of(&**folder.reducer()),
            period,
            audit,
            ask: ask.clone(),
        };
        if has(ReportSection::Sample) {
            let wanted = settings.sample.as_ref();
            report.sample = wanted.map(|wanted| sample(history, wanted.n, wanted.seed));
        }
        if let Some(period) = period {
            if has(ReportSection::Projections) {
                report.ran = runs(history, settings, period, &mut mask, cancel);
            }
            if has(ReportSection::AsOf) {
                report.tables = as_of_tables(folder, settings, period, &mut mask, cancel);
            }
            if has(ReportSection::RollForward) {
                report.rolled = rolled_tables(folder, settings, period, &mut mask, cancel);
            }
            if has(ReportSection::Differences) {
                report.explained = explained(folder, settings, period, &mut mask, cancel);
            }
        }
        if cancel() {
            return None;
        }
        report.add_exhibits(history, &mut mask, cancel)?;
        report.masked = mask.manifest();
        report.elsewhere = std::sync::Arc::new(mask.elsewhere());
        Some(report)
    }

    /// The same under another title, of another person, made at another time.
    #[must_use]
    pub fn asked(&self, ask: ReportAsk) -> Self {
        Self {
            ask,
            ..self.clone()
        }
    }

    /// The records of the events that the report names, the most important first where there are too
    /// many.
    fn add_exhibits(
        &mut self,
        history: &History,
        mask: &mut Mask,
        cancel: &dyn Fn() -> bool,
    ) -> Option<()> {
        if !self.has(ReportSection::Records) {
            return Some(());
        }
        let mut wanted: BTreeSet<u32> = BTreeSet::new();
        let mut more: BTreeSet<u32> = BTreeSet::new();
        let named = self.positions_named();
        for at in named {
            if wanted.contains(&at) {
                continue;
            }
            if wanted.len() < MAX_RECORDS {
                wanted.insert(at);
            } else {
                more.insert(at);
            }
        }
        self.more_exhibits = more.len() as u64;
        self.exhibits = exhibits(history, &wanted, mask, cancel)?;
        Some(())
    }

    fn positions_named(&self) -> Vec<u32> {
        let mut named = Vec::new();
        if self.has(ReportSection::Findings) {
            for group in grouped(&self.audit.findings).into_iter().take(MAX_GROUPS) {
                let members = group.findings.iter().take(MAX_OF_GROUP);
                let inside = members.filter_map(|found| found.position);
                named.extend(inside.filter(|at| self.lists(Some(*at))));
            }
        }
        if self.has(ReportSection::Bookmarks) {
            named.extend(
                self.ask
                    .settings
                    .bookmarks
                    .iter()
                    .map(|noted| noted.position),
            );
        }
        for one in &self.explained {
            named.extend(one.positions());
        }
        let lines = self
            .plots
            .field
            .iter()
            .chain(self.ran.iter().filter_map(|ran| ran.plot.as_ref()));
        for plot in lines {
            let ends = [
                plot.series.least,
                plot.series.greatest,
                plot.series.points.last().copied(),
            ];
            named.extend(ends.into_iter().flatten().map(|step| step.position.0));
        }
        if self.has(ReportSection::Drift)
            && let Some(drift) = &self.audit.drift
        {
            let changes = drift.changes.iter().map(|change| change.position.0);
            named.extend(changes.filter(|at| self.lists(Some(*at))).take(MAX_DRIFT));
        }
        for table in &self.tables {
            named.extend(table.rows.iter().map(|row| row.position));
        }
        named
    }

    /// Whether a finding there is listed: one of the period, or of no one event.
    pub(super) fn lists(&self, position: Option<u32>) -> bool {
        match (position, self.period) {
            (Some(at), Some(period)) => period.contains(at),
            _ => true,
        }
    }

    /// Whether a section is in it.
    pub(super) fn has(&self, section: ReportSection) -> bool {
        self.ask.settings.has(section)
    }

    /// The title that stands at its head.
    pub fn title(&self) -> &str {
        self.title_of(&self.ask.settings)
    }

    /// The title that these settings give it; the file's name where they give none.
    pub(super) fn title_of<'a>(&'a self, settings: &'a ReportSettings) -> &'a str {
        let name = || {
            let files = &self.audit.evidence.files;
            files.first().map_or("Report", |file| &file.name)
        };
        if settings.title.is_empty() {
            name()
        } else {
            &settings.title
        }
    }

    /// The name by which events are referred to: `shop.db` in `shop.db#12`.
    pub(super) fn file(&self) -> &str {
        let files = &self.audit.evidence.files;
        files.first().map_or("", |file| &file.name)
    }

    /// How many checks ended so.
    pub fn n_checks(&self, status: Status) -> usize {
        let checks = self.audit.checks.iter();
        checks.filter(|check| check.status == status).count()
    }

    /// The result in one sentence, and what the gravest finding says in another.
    pub fn verdict(&self) -> String {
        let n_run = self.audit.checks.len() - self.n_checks(Status::Skipped);
        let (failed, warned) = (
            self.n_checks(Status::Failed),
            self.n_checks(Status::Warning),
        );
        let gave = match warned {
            1 => "1 gives a warning".to_owned(),
            _ => format!("{warned} give warnings"),
        };
        let said = match (failed, warned) {
            (0, 0) => format!("{n_run} checks ran, none failed."),
            (0, _) => format!("{n_run} checks ran, none failed, {gave}."),
            (_, 0) => format!("{failed} of {n_run} checks failed."),
            _ => format!("{failed} of {n_run} checks failed and {gave}."),
        };
        let groups = grouped(&self.audit.findings);
        match groups.first() {
            Some(worst) if worst.severity == Severity::Error => {
                format!("{said} {}.", capital(worst.message))
            }
            _ => said,
        }
    }

    /// The name of the zone in which times are shown.
    pub fn zone_name(&self) -> String {
        match self.ask.zone {
            Zone::Utc => "UTC".to_owned(),
            Zone::Local => "local time".to_owned(),
            Zone::Named(zone) => zone.name().to_owned(),
        }
    }

    /// What this report does not say, and where its lists end.
    pub fn limits(&self) -> Vec<String> {
        let mut limits = vec![
            format!(
                "Of each check at most {} findings are kept; numbers are of all",
                crate::audit::count(crate::audit::MAX_KEPT as u64)
            ),
            format!(
                "At most {MAX_GROUPS} causes, {MAX_OF_GROUP} findings of each and {MAX_RECORDS} records are listed"
            ),
            "The checks find what contradicts itself within the file; events left out without a trace cannot be seen"
                .to_owned(),
        ];
        if self.period.is_some_and(|period| !period.is_whole) {
            limits.push(
                "Evidence and checks are of the whole file; all else is of the period".to_owned(),
            );
        }
        if self.rules.form.is_none() && self.shows_states() {
            limits.push(format!(
                "A {} is no state of the application",
                self.rules.label
            ));
        }
        limits
    }

    /// Whether anything in it was made of states.
    fn shows_states(&self) -> bool {
        self.plots.field.is_some() || !self.tables.is_empty() || !self.explained.is_empty()
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
