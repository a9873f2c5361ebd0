//! Filling the cells of a row.

use egui::text::LayoutJob;
use egui::{Align, Color32, Rangef, Rect, pos2, vec2};

use super::Column;
use crate::ui::theme::{Face, size, text, tokens};
use crate::ui::widgets::rows::Row;
use crate::ui::widgets::swatch;

/// The part of a cell that text may use; the first column keeps clear of the tile's edge.
pub(super) fn padded(cell: Rect, is_first: bool) -> Rect {
    let left = if is_first { size::SIDE } else { size::CELL };
    Rect::from_min_max(
        pos2(cell.left() + left, cell.top()),
        pos2(
            (cell.right() - size::CELL).max(cell.left() + left),
            cell.bottom(),
        ),
    )
}

/// A row whose cells want to be painted.
pub struct Cells<'a, 'b> {
    /// The row itself: its number, state, response and ui.
    pub row: &'a mut Row<'b>,
    pub(super) columns: &'a [Column<'a>],
    pub(super) ranges: &'a [Rangef],
}

impl Cells<'_, '_> {
    /// Color of what matters: faint after the playhead.
    #[must_use]
    pub fn color(&self) -> Color32 {
        let t = tokens(&*self.row.ui);
        if self.row.state.future {
            t.text3
        } else {
            t.text
        }
    }

    /// Color of what accompanies: faint after the playhead.
    #[must_use]
    pub fn color2(&self) -> Color32 {
        let t = tokens(&*self.row.ui);
        if self.row.state.future {
            t.text3
        } else {
            t.text2
        }
    }

    /// Whether a column is there and shown.
    #[must_use]
    pub fn is_shown(&self, column: usize) -> bool {
        let range = self.ranges.get(column);
        range.is_some_and(|range| *range != Rangef::NOTHING)
    }

    /// The part of a cell that text may use.
    #[must_use]
    pub fn rect(&self, column: usize) -> Rect {
        let range = self.ranges.get(column).copied().unwrap_or(Rangef::NOTHING);
        let cell = Rect::from_x_y_ranges(range, self.row.rect.y_range());
        if range == Rangef::NOTHING {
            return Rect::from_min_size(self.row.rect.min, egui::Vec2::ZERO);
        }
        padded(cell, column == 0)
    }

    /// Paints a text, aligned as the column is; returns the space it takes.
    pub fn text(
        &self,
        column: usize,
        face: Face,
        words: impl Into<String>,
        color: Color32,
    ) -> Rect {
        let rect = self.rect(column);
        if !self.is_shown(column) {
            return rect;
        }
        let words = words.into();
        self.note(column, || words.clone());
        text::line(
            self.row.ui.painter(),
            rect,
            self.align(column),
            face,
            words,
            color,
        )
    }

    /// Whether the pointer is over a cell.
    #[must_use]
    pub fn is_pointed(&self, column: usize) -> bool {
        self.row.state.hovered
            && self.is_shown(column)
            && self.ranges.get(column).is_some_and(|range| {
                let pointer = self.row.ui.ctx().pointer_hover_pos();
                pointer.is_some_and(|at| range.contains(at.x))
            })
    }

    /// Says what a cell holds, where the pointer is over it, so that it can be copied.
    pub fn note(&self, column: usize, text: impl FnOnce() -> String) {
        if self.is_pointed(column) {
            super::note(self.row.ui.ctx(), text());
        }
    }

    /// Paints data: mono, in the main color.
    pub fn data(&self, column: usize, words: impl Into<String>) -> Rect {
        self.text(column, Face::Data, words, self.color())
    }

    /// Paints data that accompanies: mono, in the second color.
    pub fn data2(&self, column: usize, words: impl Into<String>) -> Rect {
        self.text(column, Face::Data, words, self.color2())
    }

    /// Paints words, in the main color.
    pub fn words(&self, column: usize, words: impl Into<String>) -> Rect {
        self.text(column, Face::Row, words, self.color())
    }

    /// Paints a text of several colors.
    pub fn job(&self, column: usize, job: LayoutJob) -> Rect {
        let rect = self.rect(column);
        if !self.is_shown(column) {
            return rect;
        }
        self.note(column, || job.text.clone());
        text::line_job(self.row.ui.painter(), rect, self.align(column), job)
    }

    /// Paints a swatch and words after it.
    pub fn swatch(&self, column: usize, color: Color32, words: impl Into<String>) -> Rect {
        let rect = self.rect(column);
        if !self.is_shown(column) {
            return rect;
        }
        let words = words.into();
        self.note(column, || words.clone());
        let painter = self
            .row
            .ui
            .painter()
            .with_clip_rect(rect.intersect(self.row.ui.clip_rect()));
        let center = rect.left_center() + vec2(size::SWATCH / 2.0, 0.0);
        swatch::paint(&painter, center, color);
        let rest = Rect::from_min_max(
            pos2(rect.left() + size::SWATCH + size::ICON_GAP, rect.top()),
            rect.right_bottom(),
        );
        text::line(&painter, rest, Align::Min, Face::Row, words, self.color())
    }

    fn align(&self, column: usize) -> Align {
        self.columns
            .get(column)
            .map_or(Align::Min, |column| column.align)
    }
}
