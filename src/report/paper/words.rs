//! What a paper is made of: blocks of facts, tables and plots, and cells that say where they come from.

use crate::audit::Status;
use crate::projection::Stacked;
use crate::report::exhibits::Exhibit;
use crate::report::plots::FieldPlot;
use crate::report::settings::ReportSection;

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
    pub(in crate::report) fn text(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            ..Self::default()
        }
    }

    /// A text in the fixed-width font.
    pub(in crate::report) fn code(text: impl Into<String>) -> Self {
        Self::text(text).toned(Tone::Code)
    }

    /// A count in comma groups.
    pub(in crate::report) fn count(n: u64) -> Self {
        Self::code(crate::audit::count(n))
    }

    pub(in crate::report) fn toned(mut self, tone: Tone) -> Self {
        self.tone = tone;
        self
    }

    pub(in crate::report) fn sub(mut self, sub: impl Into<String>) -> Self {
        self.sub = sub.into();
        self
    }

    pub(in crate::report) fn marked(mut self, mark: Status) -> Self {
        self.mark = Some(mark);
        self
    }

    pub(in crate::report) fn linked(mut self, link: Link) -> Self {
        self.link = link;
        self
    }

    /// Gives it a name under which it can be checked again.
    pub(in crate::report) fn figure(
        mut self,
        id: impl Into<String>,
        label: impl Into<String>,
    ) -> Self {
        self.figure = Some((id.into(), label.into()));
        self
    }
}

impl Column {
    pub(in crate::report) fn text(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            ..Self::default()
        }
    }

    pub(in crate::report) fn narrow(name: &str) -> Self {
        Self {
            is_narrow: true,
            ..Self::text(name)
        }
    }

    pub(in crate::report) fn number(name: &str) -> Self {
        Self {
            is_number: true,
            is_narrow: true,
            ..Self::text(name)
        }
    }
}

impl Sheet {
    pub(in crate::report) fn new(columns: Vec<Column>) -> Self {
        Self {
            columns,
            rows: Vec::new(),
        }
    }

    pub(in crate::report) fn row(&mut self, cells: Vec<Cell>) {
        self.rows.push(SheetRow {
            cells,
            is_member: false,
        });
    }

    pub(in crate::report) fn member(&mut self, cells: Vec<Cell>) {
        self.rows.push(SheetRow {
            cells,
            is_member: true,
        });
    }
}

impl Fact {
    pub(in crate::report) fn new(name: &str, value: Cell) -> Self {
        Self {
            name: name.to_owned(),
            value,
            is_wide: false,
        }
    }

    pub(in crate::report) fn wide(name: &str, value: Cell) -> Self {
        Self {
            is_wide: true,
            ..Self::new(name, value)
        }
    }
}

impl Block {
    /// All texts that may hold what stands in the file.
    pub(super) fn texts(&mut self) -> Vec<&mut String> {
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
