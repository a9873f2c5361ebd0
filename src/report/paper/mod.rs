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

use std::collections::BTreeSet;

use super::report::Report;
use super::settings::{ReportSection, ReportSettings};
use super::text::moment;
use crate::audit::Status;
use crate::projection::Stacked;

pub use sources::Source;

use super::exhibits::Exhibit;
use super::plots::FieldPlot;

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

/// What stands above the sections.
#[derive(Clone, Debug, Default)]
pub struct Head {
    /// What it is: `Audit report`, with the case.
    pub kind: String,
    /// In which zone times are.
    pub zone: String,
    /// The title.
    pub title: String,
    /// The result in one sentence or two.
    pub verdict: String,
    /// What the user noted; empty where nothing was.
    pub note: String,
    /// The period, where it is not everything.
    pub period: String,
    /// Who prepared it, and when: nothing else depends on that.
    pub run: String,
}

/// A section.
#[derive(Clone, Debug)]
pub struct PaperSection {
    /// Which.
    pub section: ReportSection,
    /// How many things stand in it, where that says something.
    pub n: Option<u64>,
    /// Its parts.
    pub blocks: Vec<Block>,
}

/// A part of a section.
#[derive(Clone, Debug)]
pub enum Block {
    /// A smaller heading.
    Heading(String),
    /// A sentence below a table or plot.
    Note(String),
    /// Names and values in a box.
    Facts(Vec<Fact>),
    /// Rows and columns.
    Table(Sheet),
    /// A piece for each check, and their names.
    Checks(Vec<(Status, String)>),
    /// Events over time by type.
    Stacked(Box<Stacked>),
    /// A number over time.
    Line(Box<FieldPlot>),
    /// A text in the fixed-width font, with its lines as they are.
    Code(String),
    /// Raw records.
    Records(Vec<Exhibit>),
    /// Where numbers come from.
    Sources,
}

/// A name with its value.
#[derive(Clone, Debug)]
pub struct Fact {
    /// The name.
    pub name: String,
    /// The value.
    pub value: Cell,
    /// Whether it takes the whole width.
    pub is_wide: bool,
}

/// A table.
#[derive(Clone, Debug, Default)]
pub struct Sheet {
    /// The heads of its columns.
    pub columns: Vec<Column>,
    /// Its rows.
    pub rows: Vec<SheetRow>,
}

/// The head of a column.
#[derive(Clone, Debug, Default)]
pub struct Column {
    /// Its name; empty of a column of marks.
    pub name: String,
    /// Whether it holds numbers, which stand to the right.
    pub is_number: bool,
    /// Whether it is kept on one line.
    pub is_narrow: bool,
}

/// A row.
#[derive(Clone, Debug, Default)]
pub struct SheetRow {
    /// One for each column.
    pub cells: Vec<Cell>,
    /// Whether it belongs to the row above it.
    pub is_member: bool,
}

/// A value as it is shown.
#[derive(Clone, Debug, Default)]
pub struct Cell {
    /// The text; not escaped.
    pub text: String,
    /// What stands below it, smaller; empty where nothing does.
    pub sub: String,
    /// The mark before it.
    pub mark: Option<Status>,
    /// How it is set.
    pub tone: Tone,
    /// Where what it says comes from.
    pub link: Link,
    /// The name under which it can be checked again, and what that is for people.
    pub figure: Option<(String, String)>,
}

/// How a value is set.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// As text.
    #[default]
    Plain,
    /// In the fixed-width font.
    Code,
    /// As what is wrong.
    Bad,
    /// As what is below zero.
    Negative,
}

/// Where a value comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Link {
    /// It is not said.
    #[default]
    None,
    /// From this event, whose record is in the appendix.
    Record(u32),
    /// From the events of this source.
    Source(usize),
}

/// A number under its name.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Figure {
    /// The name, unique in the report.
    pub id: String,
    /// What it is, for people.
    pub label: String,
    /// What it is.
    pub value: String,
}

impl Cell {
    /// A text.
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    /// A text in the fixed-width font.
    pub(super) fn code(text: impl Into<String>) -> Self {
        Self::text(text).toned(Tone::Code)
    }

    /// A count in comma groups.
    pub(super) fn count(n: u64) -> Self {
        Self::code(crate::audit::count(n))
    }

    pub(super) fn toned(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }

    pub(super) fn sub(mut self, sub: impl Into<String>) -> Self {
        self.sub = sub.into();
        self
    }

    pub(super) fn marked(mut self, mark: Status) -> Self {
        self.mark = Some(mark);
        self
    }

    pub(super) fn linked(mut self, link: Link) -> Self {
        self.link = link;
        self
    }

    /// Gives it a name under which it can be checked again.
    pub(super) fn figure(mut self, id: impl Into<String>, label: impl Into<String>) -> Self {
        self.figure = Some((id.into(), label.into()));
        self
    }
}

impl Column {
    pub(super) fn text(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            ..Self::default()
        }
    }

    pub(super) fn narrow(name: &str) -> Self {
        Self {
            is_narrow: true,
            ..Self::text(name)
        }
    }

    pub(super) fn number(name: &str) -> Self {
        Self {
            is_number: true,
            is_narrow: true,
            ..Self::text(name)
        }
    }
}

impl Sheet {
    pub(super) fn new(columns: Vec<Column>) -> Self {
        Self {
            columns,
            rows: Vec::new(),
        }
    }

    pub(super) fn row(&mut self, cells: Vec<Cell>) {
        self.rows.push(SheetRow {
            cells,
            is_member: false,
        });
    }

    pub(super) fn member(&mut self, cells: Vec<Cell>) {
        self.rows.push(SheetRow {
            cells,
            is_member: true,
        });
    }
}

impl Fact {
    pub(super) fn new(name: &str, value: Cell) -> Self {
        Self {
            name: name.to_owned(),
            value,
            is_wide: false,
        }
    }

    pub(super) fn wide(name: &str, value: Cell) -> Self {
        Self {
            is_wide: true,
            ..Self::new(name, value)
        }
    }
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

impl Block {
    /// All texts that may hold what stands in the file.
    fn texts(&mut self) -> Vec<&mut String> {
        fn of_cell(cell: &mut Cell) -> Vec<&mut String> {
            let figure = cell.figure.as_mut();
            let names = figure.into_iter().flat_map(|(id, label)| [id, label]);
            let mut texts: Vec<&mut String> = names.collect();
            texts.push(&mut cell.text);
            texts.push(&mut cell.sub);
            texts
        }
        match self {
            Self::Heading(text) | Self::Note(text) | Self::Code(text) => vec![text],
            Self::Facts(facts) => facts
                .iter_mut()
                .flat_map(|fact| of_cell(&mut fact.value))
                .collect(),
            Self::Table(sheet) => {
                let cells = sheet.rows.iter_mut().flat_map(|row| &mut row.cells);
                cells.flat_map(of_cell).collect()
            }
            Self::Line(plot) => vec![&mut plot.stream],
            Self::Stacked(plot) => plot
                .groups
                .iter_mut()
                .map(|group| &mut group.name)
                .collect(),
            Self::Records(records) => records
                .iter_mut()
                .flat_map(|one| {
                    let texts = [&mut one.data.text, &mut one.metadata.text];
                    let optional = [&mut one.id, &mut one.user].into_iter().chain(texts);
                    let some = optional.filter_map(|text| text.as_mut());
                    some.chain([&mut one.stream])
                })
                .collect(),
            Self::Checks(_) | Self::Sources => Vec::new(),
        }
    }
}
