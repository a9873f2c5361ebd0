//! The tables and facts of a page, and what stands in one of their cells.

use egui::{Align, Rect, Role, Sense, Stroke, Ui, WidgetInfo, pos2, vec2};

use super::super::audit_checks::icon_of;
use super::ground::Ground;
use crate::report::{Block, Cell, Fact, Link, Sheet, Tone};
use crate::ui::theme::{Face, format, icons, size, text};
use crate::workbench::Action;

impl Ground<'_> {
    pub(super) fn sheet(&self, s: usize, b: usize) -> Option<&Sheet> {
        match self.block(s, b)? {
            Block::Table(sheet) => Some(sheet),
            _ => None,
        }
    }

    pub(super) fn facts(&self, s: usize, b: usize, at: usize, is_pair: bool) {
        let Some(Block::Facts(facts)) = self.block(s, b) else {
            return;
        };
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
        let n_shown = if is_pair { 2 } else { 1 };
        self.frame((at == 0, at + n_shown >= facts.len()));
    }

    /// The lines around a row of facts: the frame of all of them is stronger than what lies in it.
    fn frame(&self, (is_first, is_last): (bool, bool)) {
        let (strong, weak) = (self.t.line_strong, self.t.line);
        let line = |color| Stroke::new(size::STROKE, color);
        // The line between two rows is one.
        let (top, bottom) = (self.rect.top() + 0.5, self.rect.bottom() + 0.5);
        let above = if is_first { strong } else { weak };
        self.painter.hline(self.rect.x_range(), top, line(above));
        if is_last {
            self.painter
                .hline(self.rect.x_range(), bottom, line(strong));
        }
        for x in [self.rect.left() + 0.5, self.rect.right() - 0.5] {
            self.painter.vline(x, top..=bottom, line(strong));
        }
    }

    fn fact(&self, fact: &Fact, rect: Rect) {
        let name = Rect::from_min_size(rect.min, vec2(148.0, rect.height()));
        self.painter
            .rect_filled(name.shrink(1.0), 0.0, self.t.panel);
        let words = name.shrink2(vec2(14.0, 0.0));
        let t = self.t;
        text::line(
            self.painter,
            words,
            Align::Min,
            Face::Body,
            &*fact.name,
            t.text3,
        );
        let value = Rect::from_min_max(pos2(name.right() + 14.0, rect.top()), rect.max);
        self.cell(&fact.value, value.shrink2(vec2(2.0, 0.0)), Align::Min);
    }

    pub(super) fn heads(&self, sheet: &Sheet, widths: &[f32]) {
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

    pub(super) fn row(&self, ui: &Ui, sheet: &Sheet, widths: &[f32], nr: usize) {
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
            (Tone::Bad, _) => (Face::Body, t.err),
            (Tone::Negative, _) => (Face::Data, t.err),
            (Tone::Code, Link::None) => (Face::Data, t.text),
            (Tone::Code, _) => (Face::Data, t.accent),
            (Tone::Plain, _) => (Face::Body, t.text),
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
}

/// The first line of a cell; all of it where nothing stands below.
fn first_line(rect: Rect, cell: &Cell) -> Rect {
    if cell.sub.is_empty() {
        return rect;
    }
    Rect::from_min_size(rect.min, vec2(rect.width(), rect.height() * 0.58))
}
