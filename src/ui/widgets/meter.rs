//! A bar that is partly filled: how one count stands to the greatest.

use egui::{Color32, CornerRadius, Painter, Rect, Sense, Ui, vec2};

use crate::ui::theme::{size, tokens};

/// Height of the bar.
const HEIGHT: f32 = 6.0;

/// Paints a meter in the middle of the height of `rect`; `share` is from 0 to 1.
pub fn paint(painter: &Painter, rect: Rect, share: f32, color: Color32) {
    let t = tokens(painter);
    let bar = Rect::from_center_size(rect.center(), vec2(rect.width(), HEIGHT));
    let corner = CornerRadius::same(1);
    painter.rect_filled(bar, corner, t.canvas);
    let pixel = 1.0 / painter.pixels_per_point();
    let share = share.clamp(0.0, 1.0);
    if share > 0.0 {
        let width = (bar.width() * share).max(2.0 * pixel);
        painter.rect_filled(
            Rect::from_min_size(bar.min, vec2(width, HEIGHT)),
            corner,
            color,
        );
    }
}

/// Shows a meter of the usual size. It repeats what a count says, so it has no name.
pub fn meter(ui: &mut Ui, share: f32) {
    let [width, height] = size::SPARKLINE;
    let (rect, _) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
    paint(ui.painter(), rect, share, tokens(ui).text3);
}
