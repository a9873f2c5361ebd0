//! The page in pieces, each of a known height, so that only those on screen are drawn.

use egui::{Color32, Painter};

use crate::report::{Block, Cell, Exhibit, Head, Paper, Sheet, SheetRow};
use crate::ui::theme::{Face, text};

/// So many rows of a table, records and lines of a record are shown; the saved report has all.
const MAX_ROWS: usize = 60;
const MAX_RECORDS: usize = 12;
pub(super) const MAX_LINES: usize = 8;

/// How many checks stand side by side.
pub(super) const CHECKS_ACROSS: usize = 3;

/// Heights.
pub(super) const ROW: f32 = 34.0;
const ROW_WITH_SUB: f32 = 50.0;
const MEMBER: f32 = 24.0;
pub(super) const PLOT: f32 = 180.0;
pub(super) const LINE: f32 = 18.0;

/// What a piece shows: of which section, which block, and which part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// What stands above the title.
    Kind,
    /// The title.
    Title,
    /// One of the lines under it.
    Under(Under),
    /// The heading of a section.
    Section(usize),
    /// A heading or a sentence.
    Words(usize, usize),
    /// One or two facts, from this one on.
    Facts(usize, usize, usize, bool),
    /// The heads of a table.
    Heads(usize, usize),
    /// A row of a table.
    Row(usize, usize, usize),
    /// How many more there are.
    More(usize, &'static str),
    /// The bar of checks.
    Bar(usize, usize),
    /// Checks side by side, from this one on.
    Checks(usize, usize, usize),
    /// The names and colors of a plot.
    Legend(usize, usize),
    /// A plot.
    Plot(usize, usize),
    /// A text as it is.
    Code(usize, usize),
    /// A record.
    Record(usize, usize, usize),
    /// Where a number comes from.
    Source(usize),
}

/// A line under the title.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Under {
    Verdict,
    Period,
    Note,
    Run,
}

/// A piece of the page.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub(super) top: f32,
    pub(super) height: f32,
    pub(super) what: What,
}

/// The pieces of a page of this width, and how high it is.
pub(super) struct Pieces {
    pub(super) pieces: Vec<Piece>,
    pub(super) height: f32,
}

/// A page while it is laid out.
struct Laying<'a> {
    painter: &'a Painter,
    width: f32,
    pieces: Vec<Piece>,
    at: f32,
}

/// Lays a page out.
pub(super) fn pieces(painter: &Painter, paper: &Paper, head: &Head, width: f32) -> Pieces {
    let mut laying = Laying {
        painter,
        width,
        pieces: Vec::new(),
        at: 0.0,
    };
    laying.head(head);
    for (s, section) in paper.sections.iter().enumerate() {
        laying.at += 24.0;
        laying.put(36.0, What::Section(s));
        for (b, block) in section.blocks.iter().enumerate() {
            laying.block(paper, (s, b), block);
        }
    }
    Pieces {
        height: laying.at,
        pieces: laying.pieces,
    }
}

impl Laying<'_> {
    fn put(&mut self, height: f32, what: What) {
        self.pieces.push(Piece {
            top: self.at,
            height,
            what,
        });
        self.at += height;
    }

    fn words(&mut self, words: &str, face: Face, what: What) {
        let height = wrapped_height(self.painter, words, face, self.width);
        self.put(height + 6.0, what);
    }

    fn head(&mut self, head: &Head) {
        self.put(36.0, What::Kind);
        let height = wrapped_height(self.painter, &head.title, Face::PageTitle, self.width);
        self.put(height + 4.0, What::Title);
        for (under, face) in [
            (Under::Verdict, Face::PageLead),
            (Under::Period, Face::Small),
            (Under::Note, Face::Row),
            (Under::Run, Face::Small),
        ] {
            let words = under.of(head);
            if !words.is_empty() {
                self.words(words, face, What::Under(under));
            }
        }
    }

    fn block(&mut self, paper: &Paper, (s, b): (usize, usize), block: &Block) {
        match block {
            Block::Heading(_) => {
                self.at += 10.0;
                self.put(24.0, What::Words(s, b));
            }
            Block::Note(words) => self.words(words, Face::Small, What::Words(s, b)),
            Block::Facts(facts) => {
                let mut at = 0;
                while let Some(fact) = facts.get(at) {
                    let next = facts.get(at + 1);
                    let is_pair = !fact.is_wide && next.is_some_and(|next| !next.is_wide);
                    self.put(ROW, What::Facts(s, b, at, is_pair));
                    at += if is_pair { 2 } else { 1 };
                }
                self.at += 8.0;
            }
            Block::Table(sheet) => self.table((s, b), sheet),
            Block::Checks(checks) => {
                self.put(22.0, What::Bar(s, b));
                for from in (0..checks.len()).step_by(CHECKS_ACROSS) {
                    self.put(24.0, What::Checks(s, b, from));
                }
            }
            Block::Stacked(_) => {
                self.put(24.0, What::Legend(s, b));
                self.put(PLOT, What::Plot(s, b));
            }
            Block::Line(_) => self.put(PLOT, What::Plot(s, b)),
            Block::Code(words) => {
                let face = Face::Data;
                let height = wrapped_height(self.painter, words, face, self.width - 32.0);
                self.put(height + 26.0, What::Code(s, b));
            }
            Block::Records(records) => {
                for (nr, record) in records.iter().take(MAX_RECORDS).enumerate() {
                    self.put(record_height(record), What::Record(s, b, nr));
                }
                self.more(records.len(), MAX_RECORDS, "records");
            }
            Block::Sources => {
                for nr in 0..paper.sources.len().min(MAX_ROWS) {
                    self.put(24.0, What::Source(nr));
                }
                self.more(paper.sources.len(), MAX_ROWS, "sources");
            }
        }
    }

    fn table(&mut self, (s, b): (usize, usize), sheet: &Sheet) {
        self.put(26.0, What::Heads(s, b));
        for (nr, row) in sheet.rows.iter().take(MAX_ROWS).enumerate() {
            self.put(row_height(row), What::Row(s, b, nr));
        }
        self.more(sheet.rows.len(), MAX_ROWS, "rows");
        self.at += 4.0;
    }

    fn more(&mut self, n: usize, shown: usize, noun: &'static str) {
        if n > shown {
            self.put(24.0, What::More(n - shown, noun));
        }
    }
}

impl Under {
    /// What it says.
    pub(super) fn of(self, head: &Head) -> &str {
        match self {
            Self::Verdict => &head.verdict,
            Self::Period => &head.period,
            Self::Note => &head.note,
            Self::Run => &head.run,
        }
    }
}

fn row_height(row: &SheetRow) -> f32 {
    let has_sub = row.cells.iter().any(|cell: &Cell| !cell.sub.is_empty());
    match (has_sub, row.is_member) {
        (true, _) => ROW_WITH_SUB,
        (false, true) => MEMBER,
        (false, false) => ROW,
    }
}

/// How many lines of a payload are shown.
pub(super) fn lines_shown(text: &str) -> usize {
    text.lines().count().clamp(1, MAX_LINES)
}

fn record_height(record: &Exhibit) -> f32 {
    let payloads = [&record.data, &record.metadata];
    let texts = payloads.iter().filter_map(|stored| stored.text.as_deref());
    let n_lines: usize = texts.map(lines_shown).sum();
    56.0 + n_lines as f32 * LINE
}

/// How high a text is that is wrapped at a width.
fn wrapped_height(painter: &Painter, words: &str, face: Face, width: f32) -> f32 {
    let mut job = text::job(words, face, Color32::PLACEHOLDER);
    job.wrap.max_width = width;
    painter.layout_job(job).size().y
}

/// The widths of the columns of a table: numbers as wide as they are, texts share the rest.
pub(super) fn column_widths(painter: &Painter, sheet: &Sheet, width: f32) -> Vec<f32> {
    const APART: f32 = 16.0;
    let wanted = |nr: usize| {
        let head = sheet.columns.get(nr).map_or("", |column| &column.name);
        let cells = sheet.rows.iter().take(MAX_ROWS);
        let texts = cells.filter_map(|row| row.cells.get(nr));
        let widths = texts.map(|cell| {
            let mark = if cell.mark.is_some() { 24.0 } else { 0.0 };
            let shown = text::fitting(&cell.text, 400.0);
            let sub = text::fitting(&cell.sub, 400.0);
            let below = text::width(painter, Face::Small, &sub);
            mark + text::width(painter, Face::Data, &shown).max(below)
        });
        widths
            .fold(text::width(painter, Face::Small, head), f32::max)
            .clamp(24.0, 440.0)
            + APART
    };
    let mut widths: Vec<f32> = (0..sheet.columns.len()).map(wanted).collect();
    let is_fixed = |nr: usize| sheet.columns.get(nr).is_some_and(|column| column.is_narrow);
    let sum = |fixed: bool| -> f32 {
        let of = widths.iter().enumerate();
        of.filter(|(nr, _)| is_fixed(*nr) == fixed)
            .map(|(_, width)| width)
            .sum()
    };
    let (fixed, free) = (sum(true), sum(false));
    let all_fixed = free <= 0.0;
    let room = (width - fixed).max(width * 0.25);
    for (nr, wide) in widths.iter_mut().enumerate() {
        if all_fixed {
            *wide *= width / fixed.max(1.0);
        } else if is_fixed(nr) {
            *wide *= ((width - room) / fixed.max(1.0)).min(1.0);
        } else {
            *wide *= room / free;
        }
    }
    widths
}
