//! A key cap: the picture of a key beside what it does.

use egui::{
    Align, Align2, Color32, CornerRadius, Painter, Pos2, Rect, Sense, Stroke, StrokeKind, Ui, vec2,
};

use crate::ui::theme::{Face, size, text, tokens};

/// Colors of a cap, where it does not stand on a plain ground.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// The key's name.
    pub text: Color32,
    /// The border.
    pub line: Color32,
    /// The fill.
    pub fill: Color32,
}

/// Shows a key cap in the flow of a layout. It is part of another widget's name, so it has none.
pub fn key_cap(ui: &mut Ui, key: &str) {
    let (rect, _) = ui.allocate_exact_size(
        vec2(width(ui.painter(), key), size::KEY_CAP),
        Sense::hover(),
    );
    paint(ui.painter(), rect.left_center(), key, plain(ui));
}

/// How a cap looks on a plain ground.
#[must_use]
pub fn plain(ui: &Ui) -> Look {
    let t = tokens(ui);
    Look {
        text: t.text2,
        line: t.line_strong,
        fill: t.raised,
    }
}

/// The width of a cap: never narrower than high.
#[must_use]
pub fn width(painter: &Painter, key: &str) -> f32 {
    let text = text::width(painter, Face::SmallMedium, key);
    (text + 10.0).ceil().max(size::KEY_CAP)
}

/// Paints a cap whose left edge's middle is at `left`; returns its rectangle.
pub fn paint(painter: &Painter, left: Pos2, key: &str, look: Look) -> Rect {
    let size = vec2(width(painter, key), size::KEY_CAP);
    let rect = Align2::LEFT_CENTER.anchor_size(left, size);
    let stroke = Stroke::new(size::STROKE, look.line);
    let corner = CornerRadius::same(size::CORNER);
    painter.rect(rect, corner, look.fill, stroke, StrokeKind::Inside);
    text::line(
        painter,
        rect,
        Align::Center,
        Face::SmallMedium,
        key,
        look.text,
    );
    rect
}
