//! The report as it is read: sections of facts, tables and plots, the same for every form of it.
//!
//! [`Paper::of`] lays a [`Report`] out; HTML, Markdown and the window draw what is laid out here, each
//! in its own way. Every number carries the name under which it can be checked again, and where the
//! events behind it are: a record in the appendix, or a filter that finds them.

mod drift;
mod evidence;
mod findings;
mod made;
mod method;
mod numbers;
mod plots;
pub(super) mod records;
mod rolled;
mod sampled;
mod sources;
mod words;

use std::collections::BTreeSet;

use super::report::Report;
use super::settings::{ReportSection, ReportSettings};
use super::text::moment;

pub use sources::Source;
pub use words::{
    Block, Cell, Column, Fact, Figure, Head, Link, PaperSection, Sheet, SheetRow, Tone,
};

/// A report laid out.
#[derive(Clone, Debug, Default)]
pub struct Paper {
    /// What stands at its head.
    pub head: Head,
    /// The sections, in order.
    pub sections: Vec<PaperSection>,
    /// Where numbers come from, in the order in which they are first named.
    pub sources: Vec<Source>,
    /// Numbers that stand for more than is shown, such as all points of a plot: each under its name.
    pub digests: Vec<Figure>,
    /// The events whose records are shown.
    records: BTreeSet<u32>,
    /// The file, by which events are referred to.
    file: String,
}

impl Paper {
    /// Lays a report out. Costs a walk over what is in it.
    pub fn of(report: &Report) -> Self {
        let mut paper = Self {
            head: Self::head(report),
            records: report.exhibits.iter().map(|one| one.position).collect(),
            file: report.file().to_owned(),
            ..Self::default()
        };
        for section in ReportSection::ALL {
            if report.has(section) {
                paper.add(report, section);
            }
        }
        paper.mask(report);
        paper
    }

    /// What stands above the sections of a report: changes with what it is called and by whom it was
    /// made.
    pub fn head(report: &Report) -> Head {
        Self::head_with(report, &report.ask.settings, report.ask.made_by.as_deref())
    }

    /// The same with other words at its head, and prepared by somebody else.
    pub fn head_with(report: &Report, settings: &ReportSettings, made_by: Option<&str>) -> Head {
        let ask = &report.ask;
        let by = made_by.filter(|by| !by.is_empty());
        let by = by.map_or_else(String::new, |who| format!(" by {who}"));
        let case = if settings.case.is_empty() {
            String::new()
        } else {
            format!(" \u{b7} case {}", settings.case)
        };
        let period = report.period.filter(|period| !period.is_whole);
        Head {
            kind: format!("Audit report{case}"),
            zone: format!("All times are {}", report.zone_name()),
            title: report.title_of(settings).to_owned(),
            verdict: report.verdict(),
            note: settings.note.clone(),
            period: period.map_or_else(String::new, |period| {
                format!(
                    "Period: #{} to #{}, {}",
                    crate::audit::count(u64::from(period.from.0)),
                    crate::audit::count(u64::from(period.until.0)),
                    crate::audit::counted(period.len(), "event"),
                )
            }),
            run: format!(
                "Prepared{by} on {} with {}",
                moment(ask.made_at, ask.zone),
                ask.program
            ),
        }
    }

    fn add(&mut self, report: &Report, section: ReportSection) {
        let mut n = None;
        let blocks = match section {
            ReportSection::Evidence => evidence::evidence(self, report),
            ReportSection::Result => evidence::result(report),
            ReportSection::Findings => {
                n = Some(report.audit.checks.iter().map(|check| check.findings).sum());
                findings::findings(self, report)
            }
            ReportSection::Activity => plots::activity(self, report),
            ReportSection::Drift => drift::drift(self, report),
            ReportSection::State => plots::state(self, report),
            ReportSection::Projections => {
                n = Some(report.ran.len() as u64);
                made::projections(self, report)
            }
            ReportSection::AsOf => made::tables(self, report),
            ReportSection::RollForward => rolled::rolled(report),
            ReportSection::Bookmarks => {
                n = Some(report.ask.settings.bookmarks.len() as u64);
                made::bookmarks(self, report)
            }
            ReportSection::Sample => {
                n = report
                    .sample
                    .as_ref()
                    .map(|drawn| drawn.events.len() as u64);
                sampled::sampled(self, report)
            }
            ReportSection::Differences => made::differences(self, report),
            ReportSection::Population => numbers::population(self, report),
            ReportSection::Method => method::method(report),
            ReportSection::Records => {
                n = Some(report.exhibits.len() as u64);
                records::records(self, report)
            }
            ReportSection::Sources if self.sources.is_empty() => Vec::new(),
            ReportSection::Sources => vec![
                Block::Note(
                    "Each of these filters gives exactly the events that a number counts: \
                     annals events FILE --where 'FILTER', or typed under the events in the window"
                        .to_owned(),
                ),
                Block::Sources,
            ],
        };
        if !blocks.is_empty() {
            self.sections.push(PaperSection { section, n, blocks });
        }
    }

    /// Where an event is named: its record where that is shown.
    pub(super) fn event(&self, position: u32) -> Cell {
        let shown = format!("#{}", crate::audit::count(u64::from(position)));
        let link = if self.records.contains(&position) {
            Link::Record(position)
        } else {
            Link::None
        };
        Cell::code(shown).linked(link)
    }

    /// `shop.db#12`
    pub fn reference(&self, position: u32) -> String {
        format!("{}#{position}", self.file)
    }

    /// All numbers that can be checked again, in the order of reading.
    pub fn figures(&self) -> Vec<Figure> {
        let mut figures = Vec::new();
        let mut add = |cell: &Cell| {
            if let Some((id, label)) = &cell.figure {
                figures.push(Figure {
                    id: id.clone(),
                    label: label.clone(),
                    value: cell.text.clone(),
                });
            }
        };
        for block in self.sections.iter().flat_map(|section| &section.blocks) {
            match block {
                Block::Facts(facts) => facts.iter().for_each(|fact| add(&fact.value)),
                Block::Table(sheet) => {
                    sheet
                        .rows
                        .iter()
                        .flat_map(|row| &row.cells)
                        .for_each(&mut add);
                }
                _ => {}
            }
        }
        figures.extend(self.digests.iter().cloned());
        figures
    }

    /// Replaces masked values wherever else they stand.
    fn mask(&mut self, report: &Report) {
        let find = &report.elsewhere;
        let head = &mut self.head;
        for text in [
            &mut head.kind,
            &mut head.title,
            &mut head.verdict,
            &mut head.note,
        ] {
            find.text(text);
        }
        for source in &mut self.sources {
            find.text(&mut source.what);
            find.text(&mut source.filter);
        }
        for block in self.sections.iter_mut().flat_map(|part| &mut part.blocks) {
            for text in block.texts() {
                find.text(text);
            }
        }
        for figure in &mut self.digests {
            find.text(&mut figure.label);
        }
    }
}
