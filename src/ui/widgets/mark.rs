//! The program's mark: three lines of events and the playhead across them.

use egui::{Painter, Rect, Stroke, pos2};

use crate::ui::theme::{Tokens, tokens};

/// Paints the mark into a square.
pub fn paint(painter: &Painter, rect: Rect) {
    paint_in(painter, rect, tokens(painter));
}

/// The same in the colors of one theme, whatever the window's is: for paper.
pub fn paint_in(painter: &Painter, rect: Rect, t: &Tokens) {
    let side = rect.width();
    let at = |x: f32, y: f32| pos2(rect.left() + x * side, rect.top() + y * side);
    // In parts of the side, as drawn in the pictures: 38 wide.
    let line = Stroke::new(0.066 * side, t.text3);
    for y in [0.25, 0.5, 0.75] {
        capsule(painter, [at(0.1, y), at(0.9, y)], line);
    }
    for (x, y) in [(0.3, 0.25), (0.37, 0.75)] {
        painter.circle_filled(at(x, y), 0.105 * side, t.text);
    }
    capsule(
        painter,
        [at(0.58, 0.05), at(0.58, 0.95)],
        Stroke::new(0.085 * side, t.accent),
    );
    painter.circle_filled(at(0.58, 0.5), 0.14 * side, t.accent);
}

/// A line with round ends.
fn capsule(painter: &Painter, ends: [egui::Pos2; 2], stroke: Stroke) {
    painter.line_segment(ends, stroke);
    for end in ends {
        painter.circle_filled(end, stroke.width / 2.0, stroke.color);
    }
}
