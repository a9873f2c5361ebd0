//! The ring around what has the keyboard.
//!
//! Shown only to someone whose last input was a key: a click needs no ring to be seen.

use egui::{Color32, CornerRadius, Rect, Response, Stroke, StrokeKind, Ui};

use crate::ui::theme::{by_keyboard, size, tokens};

/// Should this widget show that it has the keyboard?
#[must_use]
pub fn is_shown(response: &Response) -> bool {
    response.has_focus() && by_keyboard(&response.ctx)
}

/// Paints the ring around a control, with a gap, if it should be shown.
pub fn around(ui: &Ui, response: &Response, corner: u8) {
    if is_shown(response) {
        let rect = response.rect.expand(size::FOCUS_GAP);
        let corner = corner.saturating_add(2);
        paint(ui, rect, corner, tokens(ui).accent, StrokeKind::Outside);
    }
}

/// Paints the ring inside a row, whether or not it should be shown.
pub fn inside(ui: &Ui, rect: Rect) {
    paint(ui, rect, 0, tokens(ui).accent, StrokeKind::Inside);
}

fn paint(ui: &Ui, rect: Rect, corner: u8, color: Color32, kind: StrokeKind) {
    let stroke = Stroke::new(size::STROKE_PLOT, color);
    ui.painter()
        .rect_stroke(rect, CornerRadius::same(corner), stroke, kind);
}
