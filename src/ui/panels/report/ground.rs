//! How each piece of the page is drawn; `sheet` draws the tables.

use egui::{
    Align, Color32, CornerRadius, Painter, Rect, Role, Sense, Stroke, StrokeKind, Ui, WidgetInfo,
    pos2, vec2,
};

use super::super::audit_checks::icon_of;
use super::pieces::{CHECKS_ACROSS, LINE, MAX_LINES, Under, What, column_widths, lines_shown};
use super::plots;
use crate::audit::Status;
use crate::report::{Block, Exhibit, Head, Paper};
use crate::ui::View;
use crate::ui::theme::{Face, Tokens, format, icons, size, text};
use crate::ui::widgets::mark;

/// The columns of tables that were drawn, by section and block.
pub(super) type Columns = std::collections::BTreeMap<(usize, usize), Vec<f32>>;

/// Where a piece is drawn.
pub(super) struct Ground<'a> {
    pub(super) painter: &'a Painter,
    pub(super) t: &'static Tokens,
    pub(super) rect: Rect,
    pub(super) view: &'a View<'a>,
    pub(super) paper: &'a Paper,
    pub(super) head: &'a Head,
}

impl Ground<'_> {
    pub(super) fn block(&self, s: usize, b: usize) -> Option<&Block> {
        self.paper.sections.get(s)?.blocks.get(b)
    }

    /// Draws a piece.
    pub(super) fn draw(&self, ui: &Ui, what: What, columns: &mut Columns) {
        match what {
            What::Kind => self.kind(),
            What::Title => self.wrapped(&self.head.title, Face::PageTitle, self.t.text),
            What::Under(under) => self.under(under),
            What::Section(s) => self.section(ui, s),
            What::Words(s, b) => self.words(s, b),
            What::Facts(s, b, at, is_pair) => self.facts(s, b, at, is_pair),
            What::Heads(s, b) | What::Row(s, b, _) => {
                let Some(sheet) = self.sheet(s, b) else {
                    return;
                };
                let widths = columns
                    .entry((s, b))
                    .or_insert_with(|| column_widths(self.painter, sheet, self.rect.width()));
                match what {
                    What::Row(_, _, nr) => self.row(ui, sheet, widths, nr),
                    _ => self.heads(sheet, widths),
                }
            }
            What::More(n, noun) => self.caption(&format!(
                "{} more {noun} in the saved report",
                format::count(n as u64)
            )),
            What::Bar(s, b) => self.bar(s, b),
            What::Checks(s, b, from) => self.checks(s, b, from),
            What::Legend(s, b) => {
                if let Some(Block::Stacked(plot)) = self.block(s, b) {
                    plots::legend(self.painter, self.t, self.rect, plot);
                }
            }
            What::Plot(s, b) => match self.block(s, b) {
                Some(Block::Stacked(plot)) => {
                    plots::stacked(self.painter, self.t, self.rect, plot);
                }
                Some(Block::Line(plot)) => plots::line(self.painter, self.t, self.rect, plot),
                _ => {}
            },
            What::Code(s, b) => self.code(s, b),
            What::Record(s, b, nr) => {
                if let Some(Block::Records(records)) = self.block(s, b)
                    && let Some(record) = records.get(nr)
                {
                    self.record(record);
                }
            }
            What::Source(nr) => self.source(nr),
        }
    }

    fn wrapped(&self, words: &str, face: Face, color: Color32) {
        let mut job = text::job(&format::visible(words), face, color);
        job.wrap.max_width = self.rect.width();
        let galley = self.painter.layout_job(job);
        self.painter.galley(self.rect.min, galley, color);
    }

    fn caption(&self, words: &str) {
        text::line(
            self.painter,
            self.rect,
            Align::Min,
            Face::Small,
            words,
            self.t.text3,
        );
    }

    fn kind(&self) {
        let rect = Rect::from_min_size(self.rect.min, vec2(self.rect.width(), 20.0));
        let (head, t) = (self.head, self.t);
        let mark = Rect::from_min_size(rect.min + vec2(0.0, 1.0), vec2(18.0, 18.0));
        mark::paint_in(self.painter, mark, t);
        text::line(
            self.painter,
            rect.with_min_x(rect.left() + 28.0),
            Align::Min,
            Face::Body,
            &*head.kind,
            t.text2,
        );
        text::line(
            self.painter,
            rect,
            Align::Max,
            Face::Body,
            &*head.zone,
            t.text2,
        );
    }

    fn under(&self, under: Under) {
        let (face, color) = match under {
            Under::Verdict => (Face::PageLead, self.t.text2),
            Under::Note => (Face::Row, self.t.text),
            Under::Period | Under::Run => (Face::Small, self.t.text3),
        };
        self.wrapped(under.of(self.head), face, color);
    }

    fn section(&self, ui: &Ui, s: usize) {
        let Some(section) = self.paper.sections.get(s) else {
            return;
        };
        let title = section.section.title();
        let id = ui.scope_id().with(("report section", s));
        let response = ui.interact(self.rect, id, Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, title));
        let at = text::line(
            self.painter,
            self.rect,
            Align::Min,
            Face::PageHead,
            title,
            self.t.text,
        );
        if let Some(n) = section.n {
            let rest = Rect::from_min_max(pos2(at.right() + 8.0, self.rect.top()), self.rect.max);
            text::line(
                self.painter,
                rest,
                Align::Min,
                Face::DataSmall,
                format::count(n),
                self.t.text3,
            );
        }
    }

    fn words(&self, s: usize, b: usize) {
        match self.block(s, b) {
            Some(Block::Heading(words)) => {
                let t = self.t;
                let words = format::visible(words);
                text::line(
                    self.painter,
                    self.rect,
                    Align::Min,
                    Face::BodyStrong,
                    words,
                    t.text,
                );
            }
            Some(Block::Note(words)) => self.wrapped(words, Face::Small, self.t.text3),
            _ => {}
        }
    }

    fn bar(&self, s: usize, b: usize) {
        let Some(Block::Checks(checks)) = self.block(s, b) else {
            return;
        };
        let width = self.rect.width() / (checks.len().max(1) as f32);
        for (nr, (status, _)) in checks.iter().enumerate() {
            let left = self.rect.left() + width * nr as f32;
            let piece =
                Rect::from_min_size(pos2(left, self.rect.top() + 4.0), vec2(width - 2.0, 8.0));
            let color = match status {
                Status::Skipped => self.t.line_strong,
                status => icon_of(self.t, *status).1,
            };
            self.painter.rect_filled(piece, size::CORNER_BAR, color);
        }
    }

    fn checks(&self, s: usize, b: usize, from: usize) {
        let Some(Block::Checks(checks)) = self.block(s, b) else {
            return;
        };
        let width = self.rect.width() / CHECKS_ACROSS as f32;
        let shown = checks.iter().skip(from).take(CHECKS_ACROSS);
        for (nr, (status, title)) in shown.enumerate() {
            let rect = Rect::from_min_size(
                pos2(self.rect.left() + width * nr as f32, self.rect.top()),
                vec2(width - 8.0, self.rect.height()),
            );
            let (icon, color) = icon_of(self.t, *status);
            icons::paint_left(self.painter, rect, icon, size::ICON_SMALL, color);
            let words = Rect::from_min_max(pos2(rect.left() + 20.0, rect.top()), rect.max);
            let color = match status {
                Status::Skipped => self.t.text3,
                _ => self.t.text,
            };
            text::line(self.painter, words, Align::Min, Face::Row, &**title, color);
        }
    }

    fn code(&self, s: usize, b: usize) {
        let Some(Block::Code(words)) = self.block(s, b) else {
            return;
        };
        let area = self.rect.shrink2(vec2(0.0, 4.0));
        let line = Stroke::new(size::STROKE, self.t.line);
        let corner = CornerRadius::same(size::CORNER);
        self.painter
            .rect(area, corner, self.t.panel, line, StrokeKind::Inside);
        let lines: Vec<String> = words
            .lines()
            .map(|line| format::visible(line).into_owned())
            .collect();
        let mut job = text::job(&lines.join("\n"), Face::Data, self.t.text);
        job.wrap.max_width = area.width() - 32.0;
        let galley = self.painter.layout_job(job);
        self.painter
            .galley(area.min + vec2(16.0, 9.0), galley, self.t.text);
    }

    fn record(&self, record: &Exhibit) {
        let t = self.t;
        let line = Stroke::new(size::STROKE, t.line);
        self.painter
            .hline(self.rect.x_range(), self.rect.top() + 0.5, line);
        let head = Rect::from_min_size(
            self.rect.min + vec2(0.0, 6.0),
            vec2(self.rect.width(), LINE),
        );
        let reference = self.paper.reference(record.position);
        let at = text::line(
            self.painter,
            head,
            Align::Min,
            Face::Data,
            reference,
            t.text,
        );
        let version = record
            .version
            .map_or_else(String::new, |version| format!(" v{version}"));
        let said = format!("{}   {}{version}", record.event_type, record.stream);
        let rest = Rect::from_min_max(pos2(at.right() + 16.0, head.top()), head.max);
        let said = format::visible(&said).into_owned();
        text::line(self.painter, rest, Align::Min, Face::Row, said, t.text2);
        let mut top = head.bottom() + 6.0;
        for stored in [&record.data, &record.metadata] {
            let Some(words) = &stored.text else { continue };
            let n_lines = lines_shown(words).min(MAX_LINES);
            for line in words.lines().take(n_lines) {
                let row = Rect::from_min_size(
                    pos2(self.rect.left() + 16.0, top),
                    vec2(self.rect.width() - 16.0, LINE),
                );
                let shown = format::visible(line);
                text::line(
                    self.painter,
                    row,
                    Align::Min,
                    Face::DataSmall,
                    shown,
                    t.text2,
                );
                top += LINE;
            }
            top += 4.0;
        }
    }

    fn source(&self, nr: usize) {
        let Some(source) = self.paper.sources.get(nr) else {
            return;
        };
        let said = format!(
            "{}   {}   {} events, {} to {}",
            source.what,
            source.filter,
            format::count(source.events),
            self.paper.reference(source.first),
            self.paper.reference(source.last)
        );
        let said = format::visible(&said).into_owned();
        text::line(
            self.painter,
            self.rect,
            Align::Min,
            Face::Row,
            said,
            self.t.text2,
        );
    }
}
