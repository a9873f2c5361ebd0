//! A row of small bars: how a count went over time, in the space of a word.

use egui::{Color32, Mesh, Painter, Rect, Sense, Shape, Ui, pos2, vec2};

use crate::ui::theme::{size, tokens};

/// Paints one bar per value into `rect`; the greatest value takes its whole height.
/// A value that is not 0 is at least one pixel high, so that it does not look like nothing.
pub fn paint(painter: &Painter, rect: Rect, values: &[u64], color: Color32) {
    let greatest = values.iter().copied().max().unwrap_or(0);
    if greatest == 0 {
        return;
    }
    let pixel = 1.0 / painter.pixels_per_point();
    let step = rect.width() / values.len() as f32;
    let gap = if step >= 3.0 * pixel { pixel } else { 0.0 };
    let to_pixel = |x: f32| (x / pixel).round() * pixel;
    let mut mesh = Mesh::default();
    for (i, value) in values.iter().enumerate().filter(|(_, value)| **value > 0) {
        let share = *value as f32 / greatest as f32;
        let height = to_pixel(rect.height() * share).max(pixel);
        let left = to_pixel(rect.left() + step * i as f32);
        let right = to_pixel(rect.left() + step * (i + 1) as f32) - gap;
        let bar = Rect::from_min_max(
            pos2(left, rect.bottom() - height),
            pos2(right.max(left + pixel), rect.bottom()),
        );
        mesh.add_colored_rect(bar, color);
    }
    painter.add(Shape::mesh(mesh));
}

/// Shows a sparkline of the usual size. It repeats what a count says, so it has no name.
pub fn sparkline(ui: &mut Ui, values: &[u64]) {
    let [width, height] = size::SPARKLINE;
    let (rect, _) = ui.allocate_exact_size(vec2(width, height), Sense::hover());
    paint(ui.painter(), rect, values, tokens(ui).text3);
}
