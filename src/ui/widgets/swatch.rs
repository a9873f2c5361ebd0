//! The small square that carries a color.

use egui::{
    Color32, CornerRadius, Painter, Pos2, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui,
    WidgetInfo, vec2,
};

use super::focus_ring;
use crate::ui::theme::{size, tokens};

/// Paints a swatch with its middle at `center`; returns its rectangle.
pub fn paint(painter: &Painter, center: Pos2, color: Color32) -> Rect {
    let side = size::SWATCH;
    let rect = Rect::from_center_size(center, vec2(side, side));
    painter.rect_filled(rect, CornerRadius::same(size::CORNER_BAR), color);
    rect
}

/// Shows a swatch that only tells a color.
pub fn swatch(ui: &mut Ui, color: Color32) {
    let (rect, _) = ui.allocate_exact_size(vec2(size::SWATCH, size::SWATCH), Sense::hover());
    paint(ui.painter(), rect.center(), color);
}

/// Shows a swatch that can be clicked to choose another color; `name` says whose color it is.
pub fn swatch_button(ui: &mut Ui, color: Color32, name: &str) -> Response {
    let side = size::BUTTON_SMALL;
    let (rect, response) = ui.allocate_exact_size(vec2(side, side), Sense::click());
    let painted = paint(ui.painter(), rect.center(), color);
    if response.hovered() {
        let stroke = Stroke::new(size::STROKE, tokens(ui).text3);
        let corner = CornerRadius::same(size::CORNER);
        let around = painted.expand(3.0);
        ui.painter()
            .rect_stroke(around, corner, stroke, StrokeKind::Inside);
    }
    response.widget_info(|| WidgetInfo::labeled(Role::ColorWell, ui.is_enabled(), name));
    focus_ring::around(ui, &response, size::CORNER);
    response
}
