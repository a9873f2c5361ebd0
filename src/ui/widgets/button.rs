//! Buttons: primary, normal, quiet, toggle, link and icon.
//!
//! All are one [`Button`] with a different look. A button says what happens; one that shows only
//! an icon still has a name, for its tooltip and for whoever cannot see it.

use egui::{
    Align, Color32, CornerRadius, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, Vec2,
    Widget, WidgetInfo, pos2, vec2,
};

use super::tooltip::Tip;
use super::{focus_ring, kbd};
use crate::ui::theme::icons::{self, Icon};
use crate::ui::theme::{Face, Tokens, size, text, tokens};

/// The one thing to do here; at most one of them on a tile.
pub fn primary(label: &str) -> Button<'_> {
    Button::new(Kind::Primary, label)
}

/// An ordinary button.
pub fn normal(label: &str) -> Button<'_> {
    Button::new(Kind::Normal, label)
}

/// A button without a frame, for what is seldom wanted.
pub fn quiet(label: &str) -> Button<'_> {
    Button::new(Kind::Quiet, label)
}

/// A button that stays on. The caller flips the value when it is clicked.
pub fn toggle(on: bool, label: &str) -> Button<'_> {
    Button::new(Kind::Toggle(on), label)
}

/// An action inside a message or a sentence, in the color of links.
pub fn link(label: &str) -> Button<'_> {
    Button::new(Kind::Link, label).small()
}

/// A square button that shows an icon only; `name` is its accessible name and its tooltip,
/// `key` the key that does the same, or empty.
pub fn icon_button<'a>(icon: Icon, name: &'a str, key: &'a str) -> Button<'a> {
    Button {
        name,
        tip: Tip::new(name).key(key),
        ..Button::new(Kind::Quiet, "").icon(icon)
    }
}

/// A square button that shows an icon only and stays on.
pub fn icon_toggle<'a>(on: bool, icon: Icon, name: &'a str, key: &'a str) -> Button<'a> {
    Button {
        kind: Kind::Toggle(on),
        ..icon_button(icon, name, key)
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Primary,
    Normal,
    Quiet,
    Toggle(bool),
    Link,
}

/// A button that is not yet shown; give it to `ui.add`.
#[derive(Clone, Copy, Debug)]
#[must_use = "a button is shown by `ui.add`"]
pub struct Button<'a> {
    kind: Kind,
    label: &'a str,
    name: &'a str,
    icon: Option<Icon>,
    caret: bool,
    cap: &'a str,
    tip: Tip<'a>,
    small: bool,
    large: bool,
    enabled: bool,
    min_width: f32,
    icon_side: Option<f32>,
}

impl<'a> Button<'a> {
    const fn new(kind: Kind, label: &'a str) -> Self {
        Self {
            kind,
            label,
            name: label,
            icon: None,
            caret: false,
            cap: "",
            tip: Tip::new(""),
            small: false,
            large: false,
            enabled: true,
            min_width: 0.0,
            icon_side: None,
        }
    }

    /// 24 high instead of 28.
    pub const fn small(self) -> Self {
        Self {
            small: true,
            ..self
        }
    }

    /// 32 high instead of 28, with a larger label: what a screen begins with.
    pub const fn large(self) -> Self {
        Self {
            large: true,
            ..self
        }
    }

    /// An icon before the label.
    pub const fn icon(self, icon: Icon) -> Self {
        Self {
            icon: Some(icon),
            ..self
        }
    }

    /// An icon of another size than usual.
    pub const fn icon_size(self, side: f32) -> Self {
        Self {
            icon_side: Some(side),
            ..self
        }
    }

    /// A caret after the label: this opens a menu.
    pub const fn caret(self) -> Self {
        Self {
            caret: true,
            ..self
        }
    }

    /// A key cap after the label.
    pub const fn key_cap(self, key: &'a str) -> Self {
        Self { cap: key, ..self }
    }

    /// With a frame at rest: for icon buttons that stand among framed ones.
    pub const fn framed(self) -> Self {
        let kind = match self.kind {
            Kind::Quiet | Kind::Link => Kind::Normal,
            kind => kind,
        };
        Self { kind, ..self }
    }

    /// In the color of the one thing to do here: for the icon button Play.
    pub const fn as_primary(self) -> Self {
        Self {
            kind: Kind::Primary,
            ..self
        }
    }

    /// What the tooltip says beside the name.
    pub const fn tip(self, tip: Tip<'a>) -> Self {
        Self { tip, ..self }
    }

    /// The accessible name, where it must say more than the label.
    pub const fn name(self, name: &'a str) -> Self {
        Self { name, ..self }
    }

    /// Switches the button off unless `possible`; the tooltip then says why.
    pub const fn enabled(self, possible: bool, why_not: &'a str) -> Self {
        if possible {
            return self;
        }
        Self {
            enabled: false,
            tip: self.tip.sentence(why_not),
            ..self
        }
    }

    /// At least this wide.
    pub const fn min_width(self, min_width: f32) -> Self {
        Self { min_width, ..self }
    }

    fn height(&self) -> f32 {
        match (self.small, self.large) {
            (true, _) => size::BUTTON_SMALL,
            (false, true) => size::BUTTON_LARGE,
            (false, false) => size::BUTTON,
        }
    }

    const fn face(&self) -> Face {
        if self.large {
            Face::BodyMedium
        } else {
            Face::Button
        }
    }

    fn padding(&self) -> f32 {
        match (self.kind, self.small) {
            (Kind::Link, _) => 4.0,
            (_, true) => 8.0,
            (_, false) if self.large => 14.0,
            (_, false) => 10.0,
        }
    }

    fn side(&self) -> f32 {
        if let Some(side) = self.icon_side {
            side
        } else if self.small && !self.label.is_empty() {
            size::ICON_SMALL
        } else {
            size::ICON
        }
    }

    /// The widths of what the button shows, with the gaps between them.
    fn content_width(&self, ui: &Ui) -> f32 {
        let painter = ui.painter();
        let mut parts = Vec::with_capacity(4);
        parts.extend(self.icon.map(|_| self.side()));
        if !self.label.is_empty() {
            parts.push(text::width(painter, self.face(), self.label));
        }
        if !self.cap.is_empty() {
            parts.push(kbd::width(painter, self.cap));
        }
        if self.caret {
            parts.push(size::ICON_TEXT);
        }
        let gaps = parts.len().saturating_sub(1) as f32 * size::ICON_GAP;
        parts.iter().sum::<f32>() + gaps
    }

    /// How large the button will be.
    #[must_use]
    pub fn size(&self, ui: &Ui) -> Vec2 {
        let height = self.height();
        if self.label.is_empty() && !self.caret && self.cap.is_empty() {
            return vec2(height.max(self.min_width), height);
        }
        let width = (self.content_width(ui) + 2.0 * self.padding()).ceil();
        vec2(width.max(self.min_width), height)
    }

    fn show(self, ui: &mut Ui) -> Response {
        let (rect, response) = ui.allocate_exact_size(self.size(ui), Sense::click());
        if ui.is_rect_visible(rect) {
            let look = look(self.kind, &response, tokens(ui));
            let corner = CornerRadius::same(size::CORNER);
            let stroke = Stroke::new(size::STROKE, look.line);
            ui.painter()
                .rect(rect, corner, look.fill, stroke, StrokeKind::Inside);
            self.content(ui, rect, look);
            focus_ring::around(ui, &response, size::CORNER);
        }
        let enabled = ui.is_enabled();
        response.widget_info(|| match self.kind {
            Kind::Toggle(on) => WidgetInfo::selected(Role::Button, enabled, on, self.name),
            Kind::Link => WidgetInfo::labeled(Role::Link, enabled, self.name),
            _ => WidgetInfo::labeled(Role::Button, enabled, self.name),
        });
        self.tip.on(response)
    }

    fn content(&self, ui: &Ui, rect: Rect, look: Look) {
        let painter = ui.painter();
        let y = rect.center().y;
        let mut x = rect.left() + ((rect.width() - self.content_width(ui)) / 2.0).round();
        if let Some(icon) = self.icon {
            let side = self.side();
            icons::paint(painter, pos2(x + side / 2.0, y), icon, side, look.text);
            x += side + size::ICON_GAP;
        }
        if !self.label.is_empty() {
            let rest = Rect::from_min_max(pos2(x, rect.top()), rect.right_bottom());
            let taken = text::line(
                painter,
                rest,
                Align::Min,
                self.face(),
                self.label,
                look.text,
            );
            x = taken.right() + size::ICON_GAP;
        }
        if !self.cap.is_empty() {
            let cap = kbd::paint(painter, pos2(x.round(), y), self.cap, look.cap(ui));
            x = cap.right() + size::ICON_GAP;
        }
        if self.caret {
            let center = pos2(x + size::ICON_TEXT / 2.0, y);
            icons::paint(painter, center, icons::UNFOLDED, size::ICON_TEXT, look.text);
        }
    }
}

impl Widget for Button<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        if self.enabled {
            self.show(ui)
        } else {
            ui.add_enabled_ui(false, |ui| self.show(ui)).inner
        }
    }
}

#[derive(Clone, Copy)]
struct Look {
    fill: Color32,
    line: Color32,
    text: Color32,
    is_primary: bool,
}

impl Look {
    /// A cap on the accent is drawn in the button's own text color.
    fn cap(self, ui: &Ui) -> kbd::Look {
        let t = tokens(ui);
        if self.is_primary {
            kbd::Look {
                text: self.text,
                line: self.text.gamma_multiply(0.5),
                fill: self.fill,
            }
        } else if ui.is_enabled() {
            kbd::plain(ui)
        } else {
            kbd::Look {
                text: t.text_dis,
                line: t.line,
                fill: Color32::TRANSPARENT,
            }
        }
    }
}

fn look(kind: Kind, response: &Response, t: &Tokens) -> Look {
    let none = Color32::TRANSPARENT;
    let pressed = response.is_pointer_button_down_on();
    let hovered = response.hovered();
    let of = |fill, line, text| Look {
        fill,
        line,
        text,
        is_primary: kind == Kind::Primary,
    };
    if !response.enabled() {
        let line = if matches!(kind, Kind::Quiet | Kind::Link) {
            none
        } else {
            t.line
        };
        return Look {
            is_primary: false,
            ..of(none, line, t.text_dis)
        };
    }
    match kind {
        Kind::Primary if pressed => of(t.primary_press, t.primary_press, t.on_accent),
        Kind::Primary if hovered => of(t.primary_hover, t.primary_hover, t.on_accent),
        Kind::Primary => of(t.accent_fill, t.accent_fill, t.on_accent),
        Kind::Normal | Kind::Toggle(false) if pressed => {
            of(t.control_active, t.line_strong, t.text)
        }
        Kind::Normal | Kind::Toggle(false) if hovered => of(t.control_hover, t.text3, t.text),
        Kind::Normal | Kind::Toggle(false) => of(t.control, t.line_strong, t.text),
        Kind::Quiet if pressed => of(t.control_active, t.control_active, t.text),
        Kind::Quiet if hovered => of(t.control_hover, t.control_hover, t.text),
        Kind::Quiet => of(none, none, t.text2),
        Kind::Toggle(true) if hovered && !pressed => of(t.accent_soft, t.accent, t.accent),
        Kind::Toggle(true) => of(t.accent_soft, t.accent_mid, t.accent),
        Kind::Link if hovered || pressed => of(none, none, t.text),
        Kind::Link => of(none, none, t.accent),
    }
}
