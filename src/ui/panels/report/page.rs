//! The page as it will be saved: the same layout, in the colors of paper whatever the theme is.

use std::sync::Arc;

use egui::{
    Align, Color32, CornerRadius, Painter, Rect, Role, ScrollArea, Sense, Stroke, StrokeKind,
    Theme, Ui, WidgetInfo, pos2, vec2,
};

use super::pieces::{
    CHECKS_ACROSS, LINE, MAX_LINES, Piece, Pieces, Under, What, column_widths, lines_shown, pieces,
};
use super::plots;
use crate::audit::Status;
use crate::report::{Block, Cell, Exhibit, Fact, Head, Link, Paper, Sheet, Tone};
use crate::ui::View;
use crate::ui::theme::{Face, Tokens, format, icons, size, text, tokens};
use crate::ui::widgets::button;
use crate::ui::widgets::empty::Empty;
use crate::ui::widgets::progress::Progress;
use crate::workbench::{Action, Composed, Freshness};

use super::super::audit_checks::icon_of;
use super::super::tile;

/// The page is at most so wide, with so much around what stands on it.
const WIDTH: f32 = 900.0;
const MARGIN: f32 = 48.0;
/// Around the page.
const DESK: f32 = 24.0;

/// The page, as it was laid out last.
#[derive(Default)]
pub(super) struct Page {
    laid: Option<Laid>,
}

/// What was laid out, and for what.
struct Laid {
    composed: Arc<Composed>,
    head: Vec<String>,
    width: f32,
    pieces: Pieces,
    /// The columns of tables that were drawn, by section and block.
    columns: std::collections::BTreeMap<(usize, usize), Vec<f32>>,
}

/// Where a piece is drawn.
struct Ground<'a> {
    painter: &'a Painter,
    t: &'static Tokens,
    rect: Rect,
    view: &'a View<'a>,
    paper: &'a Paper,
    head: &'a Head,
}

impl Page {
    /// Shows the page in all the space there is.
    pub(super) fn ui(&mut self, ui: &mut Ui, view: &View<'_>) {
        let Some(key) = view.workbench.report_key() else {
            Empty::new("The file is still being read").show(ui);
            return;
        };
        let answer = view.workbench.reporting.answer.for_key(&key);
        match answer {
            Freshness::Fresh(Ok(composed)) | Freshness::Stale(Ok(composed)) => {
                self.page_ui(ui, view, composed, !answer.is_fresh());
            }
            Freshness::Fresh(Err(why)) | Freshness::Stale(Err(why)) => {
                Empty::new("The report could not be made")
                    .why(why)
                    .failed()
                    .show(ui);
            }
            Freshness::Missing => waiting_ui(ui, view),
        }
    }

    fn page_ui(&mut self, ui: &mut Ui, view: &View<'_>, composed: &Arc<Composed>, is_stale: bool) {
        let area = ui.available_rect_before_wrap();
        // Paper is light, whatever the theme is.
        let style = ui.ctx().style_of(Theme::Light);
        ui.set_style(style);
        let t = tokens(ui);
        ui.painter().rect_filled(area, 0.0, t.tag);
        let response = ui.interact(area, ui.scope_id().with("desk"), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Document, true, "Report preview"));
        let head = head_now(view, composed);
        let width = (area.width() - 2.0 * (DESK + MARGIN)).min(WIDTH - 2.0 * MARGIN);
        if width < 120.0 {
            return;
        }
        let laid = self.laid_out(ui.painter(), composed, &head, width);
        let paper = &composed.paper;
        let left = area.center().x - width / 2.0;
        ScrollArea::vertical()
            .id_salt("report page")
            .auto_shrink(false)
            .show_viewport(ui, |ui, viewport| {
                let height = laid.pieces.height + 2.0 * (DESK + MARGIN);
                let top = ui.cursor().top();
                ui.allocate_space(vec2(area.width(), height));
                let sheet = Rect::from_min_size(
                    pos2(left - MARGIN, top + DESK),
                    vec2(width + 2.0 * MARGIN, height - 2.0 * DESK),
                );
                let line = Stroke::new(size::STROKE, t.line);
                let corner = CornerRadius::same(size::CORNER);
                ui.painter()
                    .rect(sheet, corner, t.canvas, line, StrokeKind::Inside);
                if is_stale {
                    ui.multiply_opacity(0.5);
                }
                let first = top + DESK + MARGIN;
                let seen = |piece: &&Piece| {
                    let from = DESK + MARGIN + piece.top;
                    from + piece.height >= viewport.top() && from <= viewport.bottom()
                };
                let shown: Vec<Piece> = laid.pieces.pieces.iter().filter(seen).copied().collect();
                let painter = ui.painter().clone();
                for piece in shown {
                    let rect = Rect::from_min_size(
                        pos2(left, first + piece.top),
                        vec2(width, piece.height),
                    );
                    let ground = Ground {
                        painter: &painter,
                        t,
                        rect,
                        view,
                        paper,
                        head: &head,
                    };
                    ground.draw(ui, piece.what, &mut laid.columns);
                }
            });
        ui.advance_cursor_after_rect(area);
    }

    /// The page laid out, anew where it is another one.
    fn laid_out(
        &mut self,
        painter: &Painter,
        composed: &Arc<Composed>,
        head: &Head,
        width: f32,
    ) -> &mut Laid {
        let words = vec![head.title.clone(), head.note.clone(), head.run.clone()];
        let is_same = self.laid.as_ref().is_some_and(|laid| {
            Arc::ptr_eq(&laid.composed, composed)
                && (laid.width - width).abs() < 0.5
                && laid.head == words
        });
        if !is_same {
            self.laid = None;
        }
        self.laid.get_or_insert_with(|| Laid {
            composed: Arc::clone(composed),
            head: words,
            width,
            pieces: pieces(painter, &composed.paper, head, width),
            columns: std::collections::BTreeMap::new(),
        })
    }
}

/// What stands at the head now: it follows what is typed without another report being made.
fn head_now(view: &View<'_>, composed: &Composed) -> Head {
    let reporting = &view.workbench.reporting;
    let author = reporting.author.trim();
    let author = (!author.is_empty()).then_some(author);
    let head = Paper::head_with(&composed.report, &reporting.settings, author);
    Head {
        verdict: composed.paper.head.verdict.clone(),
        ..head
    }
}

fn waiting_ui(ui: &mut Ui, view: &View<'_>) {
    let audit = &view.workbench.answers.audit;
    let known = audit.for_key(&view.workbench.generation).fresh();
    if known.is_none() && !audit.is_asked() {
        let run = button::normal("Run audit").icon(icons::AUDIT);
        let shown = Empty::new("The checks have not been run")
            .why("A report says what they found. The file is not changed.")
            .button(run);
        if shown.show(ui) == Some(0) {
            view.send(Action::RunAudit);
        }
        return;
    }
    if let Some(Err(why)) = known {
        let again = button::normal("Run again").icon(icons::RUN_AGAIN);
        let shown = Empty::new("The audit could not be made").why(why).failed();
        if shown.button(again).show(ui) == Some(0) {
            view.send(Action::RunAudit);
        }
        return;
    }
    let running = view.running.first();
    let what = running.map_or("Making the report", |running| running.what.as_str());
    let (count, share) =
        running.map_or(("", None), |running| (running.done.as_str(), running.share));
    let area = ui.available_rect_before_wrap();
    let width = 420.0_f32.min(area.width() - 2.0 * size::SIDE);
    let place = Rect::from_center_size(area.center(), vec2(width, 60.0));
    let mut inside = tile::part(ui, place, "progress");
    Progress {
        what,
        count,
        share,
        caption: "All checks run first. Everything else can be used meanwhile.",
        can_stop: false,
    }
    .show(&mut inside);
    ui.advance_cursor_after_rect(area);
}

impl Ground<'_> {
    fn block(&self, s: usize, b: usize) -> Option<&Block> {
        self.paper.sections.get(s)?.blocks.get(b)
    }

    fn sheet(&self, s: usize, b: usize) -> Option<&Sheet> {
        match self.block(s, b)? {
            Block::Table(sheet) => Some(sheet),
            _ => None,
        }
    }

    /// Draws a piece.
    fn draw(
        &self,
        ui: &Ui,
        what: What,
        columns: &mut std::collections::BTreeMap<(usize, usize), Vec<f32>>,
    ) {
        match what {
            What::Kind => self.kind(),
            What::Title => self.wrapped(&self.head.title, Face::Title, self.t.text),
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
        text::line(
            self.painter,
            rect,
            Align::Min,
            Face::Row,
            &*head.kind,
            t.text2,
        );
        text::line(
            self.painter,
            rect,
            Align::Max,
            Face::Row,
            &*head.zone,
            t.text2,
        );
    }

    fn under(&self, under: Under) {
        let (face, color) = match under {
            Under::Verdict => (Face::Body, self.t.text2),
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
            Face::Heading,
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

    fn facts(&self, s: usize, b: usize, at: usize, is_pair: bool) {
        let Some(Block::Facts(facts)) = self.block(s, b) else {
            return;
        };
        let line = Stroke::new(size::STROKE, self.t.line);
        // The line between two rows is one.
        let around = Rect::from_min_max(self.rect.min, self.rect.max + vec2(0.0, 1.0));
        self.painter
            .rect_stroke(around, 0.0, line, StrokeKind::Inside);
        let middle = self.rect.center().x;
        let halves = if is_pair {
            [
                Rect::from_min_max(self.rect.min, pos2(middle, self.rect.bottom())),
                Rect::from_min_max(pos2(middle, self.rect.top()), self.rect.max),
            ]
        } else {
            [self.rect, Rect::NOTHING]
        };
        let shown = facts.iter().skip(at).take(if is_pair { 2 } else { 1 });
        for (fact, rect) in shown.zip(halves) {
            self.fact(fact, rect);
        }
    }

    fn fact(&self, fact: &Fact, rect: Rect) {
        let name = Rect::from_min_size(rect.min, vec2(124.0, rect.height()));
        self.painter
            .rect_filled(name.shrink(1.0), 0.0, self.t.panel);
        let words = name.shrink2(vec2(10.0, 0.0));
        let t = self.t;
        text::line(
            self.painter,
            words,
            Align::Min,
            Face::Row,
            &*fact.name,
            t.text3,
        );
        let value = Rect::from_min_max(pos2(name.right() + 10.0, rect.top()), rect.max);
        self.cell(&fact.value, value.shrink2(vec2(2.0, 0.0)), Align::Min);
    }

    fn heads(&self, sheet: &Sheet, widths: &[f32]) {
        let line = Stroke::new(size::STROKE, self.t.line_strong);
        self.painter
            .hline(self.rect.x_range(), self.rect.bottom() - 0.5, line);
        let mut left = self.rect.left();
        for (column, width) in sheet.columns.iter().zip(widths) {
            let rect = Rect::from_min_size(
                pos2(left, self.rect.top()),
                vec2(width - 8.0, self.rect.height()),
            );
            let align = if column.is_number {
                Align::Max
            } else {
                Align::Min
            };
            let name = format::visible(&column.name);
            text::line(self.painter, rect, align, Face::Small, name, self.t.text3);
            left += width;
        }
    }

    fn row(&self, ui: &Ui, sheet: &Sheet, widths: &[f32], nr: usize) {
        let Some(row) = sheet.rows.get(nr) else {
            return;
        };
        if !row.is_member {
            let line = Stroke::new(size::STROKE, self.t.line);
            self.painter
                .hline(self.rect.x_range(), self.rect.bottom() - 0.5, line);
        }
        let mut left = self.rect.left();
        for (nr, ((cell, column), width)) in
            row.cells.iter().zip(&sheet.columns).zip(widths).enumerate()
        {
            let indent = if nr == 0 && row.is_member { 24.0 } else { 0.0 };
            let rect = Rect::from_min_max(
                pos2(left + indent, self.rect.top()),
                pos2(left + width - 8.0, self.rect.bottom()),
            );
            let align = if column.is_number {
                Align::Max
            } else {
                Align::Min
            };
            self.cell(cell, rect, align);
            if let Link::Record(at) = cell.link {
                self.link(ui, rect, at);
            }
            left += width;
        }
    }

    /// A click on an event goes there.
    fn link(&self, ui: &Ui, rect: Rect, at: u32) {
        let id = ui
            .scope_id()
            .with(("report event", at, rect.top().to_bits()));
        let response = ui.interact(rect, id, Sense::click());
        let name = format!("Go to {}", self.paper.reference(at));
        response.widget_info(|| WidgetInfo::labeled(Role::Link, true, &name));
        if response.hovered() {
            ui.set_cursor_icon(egui::CursorIcon::PointingHand);
        }
        if response.clicked() {
            self.view
                .send(Action::SelectEvent(crate::event::Position(at)));
            self.view
                .send(Action::ShowView(crate::workbench::ViewKind::Explore));
        }
    }

    fn cell(&self, cell: &Cell, rect: Rect, align: Align) {
        let t = self.t;
        let (face, color) = match (cell.tone, cell.link) {
            (Tone::Bad, _) => (Face::Row, t.err),
            (Tone::Negative, _) => (Face::Data, t.err),
            (Tone::Code, Link::None) => (Face::Data, t.text),
            (Tone::Code, _) => (Face::Data, t.accent),
            (Tone::Plain, _) => (Face::Row, t.text),
        };
        let mut rect = rect;
        if let Some(mark) = cell.mark {
            let (icon, color) = icon_of(t, mark);
            let row = first_line(rect, cell);
            icons::paint_left(self.painter, row, icon, size::ICON, color);
            rect.min.x += 24.0;
        }
        let words = first_line(rect, cell);
        let shown = format::visible(&cell.text);
        text::line(self.painter, words, align, face, shown, color);
        if !cell.sub.is_empty() {
            let below = Rect::from_min_max(pos2(rect.left(), words.bottom() - 4.0), rect.max);
            let sub = format::visible(&cell.sub);
            text::line(self.painter, below, align, Face::Small, sub, t.text3);
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

/// The first line of a cell; all of it where nothing stands below.
fn first_line(rect: Rect, cell: &Cell) -> Rect {
    if cell.sub.is_empty() {
        return rect;
    }
    Rect::from_min_size(rect.min, vec2(rect.width(), rect.height() * 0.58))
}
