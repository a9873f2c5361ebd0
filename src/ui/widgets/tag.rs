//! Tags and change signs: small labels that cannot be clicked.

use egui::{Align, Color32, CornerRadius, Painter, Pos2, Rect, Sense, Ui, vec2};

use crate::ui::theme::{Face, Tokens, size, text, tokens};

/// What a tag's color says. The words say it too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// No signal.
    #[default]
    Neutral,
    /// Belongs to what the person chose.
    Accent,
    /// Passed, added.
    Ok,
    /// Warning, changed.
    Warn,
    /// Failed, removed.
    Err,
}

impl Tone {
    /// Text color and ground.
    #[must_use]
    pub const fn colors(self, t: &Tokens) -> (Color32, Color32) {
        match self {
            Self::Neutral => (t.text2, t.tag),
            Self::Accent => (t.accent, t.accent_soft),
            Self::Ok => (t.ok, t.ok_soft),
            Self::Warn => (t.warn, t.warn_soft),
            Self::Err => (t.err, t.err_soft),
        }
    }
}

/// Shows a tag.
pub fn tag(ui: &mut Ui, tone: Tone, label: &str) {
    let size = vec2(width(ui.painter(), label), size::TAG);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    paint(ui.painter(), rect.left_center(), tone, label);
    response.widget_info(|| egui::WidgetInfo::labeled(egui::Role::Label, true, label));
}

/// The width of a tag.
#[must_use]
pub fn width(painter: &Painter, label: &str) -> f32 {
    (text::width(painter, Face::SmallMedium, label) + 10.0).ceil()
}

/// Paints a tag whose left edge's middle is at `left`; returns its rectangle.
pub fn paint(painter: &Painter, left: Pos2, tone: Tone, label: &str) -> Rect {
    let size = vec2(width(painter, label), size::TAG);
    let rect = egui::Align2::LEFT_CENTER.anchor_size(left, size);
    let (color, ground) = tone.colors(tokens(painter));
    painter.rect_filled(rect, CornerRadius::same(size::CORNER_TAG), ground);
    text::line(
        painter,
        rect,
        Align::Center,
        Face::SmallMedium,
        label,
        color,
    );
    rect
}

/// What happened to a value between two states.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sign {
    /// Nothing.
    #[default]
    None,
    /// It was not there before.
    Added,
    /// It was different before.
    Changed,
    /// It is not there any more.
    Removed,
}

impl Sign {
    /// `+`, `~`, `−` or nothing.
    #[must_use]
    pub const fn glyph(self) -> &'static str {
        match self {
            Self::None => "",
            Self::Added => "+",
            Self::Changed => "~",
            Self::Removed => "\u{2212}",
        }
    }

    /// The tone that goes with the sign.
    #[must_use]
    pub const fn tone(self) -> Tone {
        match self {
            Self::None => Tone::Neutral,
            Self::Added => Tone::Ok,
            Self::Changed => Tone::Warn,
            Self::Removed => Tone::Err,
        }
    }
}

/// Paints a sign on its own ground, 16 × 16, with its middle at `center`.
pub fn paint_sign(painter: &Painter, center: Pos2, sign: Sign) -> Rect {
    let rect = Rect::from_center_size(center, vec2(size::TAG, size::TAG));
    let (color, ground) = sign.tone().colors(tokens(painter));
    painter.rect_filled(rect, CornerRadius::same(size::CORNER_TAG), ground);
    text::line(
        painter,
        rect,
        Align::Center,
        Face::DataMedium,
        sign.glyph(),
        color,
    );
    rect
}

/// Shows a sign on its own ground.
pub fn sign(ui: &mut Ui, sign: Sign) {
    let (rect, _) = ui.allocate_exact_size(vec2(size::TAG, size::TAG), Sense::hover());
    paint_sign(ui.painter(), rect.center(), sign);
}
