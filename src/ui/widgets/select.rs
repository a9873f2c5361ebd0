//! Two quiet controls of forms: a value chosen from a list, and a box to be ticked.

use egui::{
    Align, Color32, CornerRadius, EventFilter, Id, Key, Modifiers, Popup, Rect, Response, Role,
    Sense, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

use super::combo::{CARET, paint_caret};
use super::{focus_ring, menu};
use crate::ui::theme::{Face, icons, size, text, tokens};

/// A value chosen from a list.
#[derive(Clone, Copy, Debug)]
#[must_use = "a select is shown by `show`"]
pub struct Select<'a> {
    name: &'a str,
    labels: &'a [&'a str],
}

impl<'a> Select<'a> {
    /// A select over these values; `name` says what is chosen, and is its identity in the window.
    pub const fn new(name: &'a str, labels: &'a [&'a str]) -> Self {
        Self { name, labels }
    }

    /// Shows it in a place; returns the value chosen, if it is another one than before.
    pub fn show(self, ui: &Ui, place: Rect, now: usize) -> Option<usize> {
        let t = tokens(ui);
        let id = Id::unique(("annals_select", self.name));
        let response = ui.interact(place, id, Sense::click());
        let stepped = self.keys(ui, &response, now);
        let line = if response.hovered() {
            t.text3
        } else {
            t.line_strong
        };
        let corner = CornerRadius::same(size::CORNER);
        ui.painter().rect(
            place,
            corner,
            t.canvas,
            Stroke::new(size::STROKE, line),
            StrokeKind::Inside,
        );
        let label = self.labels.get(now).copied().unwrap_or_default();
        let inside = Rect::from_min_max(
            pos2(place.left() + 8.0, place.top()),
            pos2(place.right() - CARET, place.bottom()),
        );
        text::line(ui.painter(), inside, Align::Min, Face::Row, label, t.text);
        if self.labels.len() > 1 {
            paint_caret(ui, place);
        }
        let said = format!("{}: {label}", self.name);
        response.widget_info(|| WidgetInfo::labeled(Role::ComboBox, true, said.clone()));
        focus_ring::around(ui, &response, size::CORNER);
        let clicked = Popup::menu(&response)
            .width(place.width().max(160.0))
            .show(|ui| {
                let mut clicked = None;
                for (nr, label) in self.labels.iter().enumerate() {
                    if menu::choice_item(ui, nr == now, label).clicked() {
                        clicked = Some(nr);
                    }
                }
                clicked
            })
            .and_then(|shown| shown.inner);
        clicked.or(stepped).filter(|new| *new != now)
    }

    /// Arrow keys change it while it is closed and has the keyboard.
    fn keys(&self, ui: &Ui, response: &Response, now: usize) -> Option<usize> {
        if !response.has_focus() || Popup::is_any_open(ui.ctx()) {
            return None;
        }
        let filter = EventFilter {
            vertical_arrows: true,
            ..EventFilter::default()
        };
        ui.memory_mut(|memory| memory.set_focus_lock_filter(response.id, filter));
        let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
        let last = self.labels.len().saturating_sub(1);
        if pressed(Key::ArrowDown) {
            return Some((now + 1).min(last));
        }
        pressed(Key::ArrowUp).then(|| now.saturating_sub(1))
    }
}

/// A box to be ticked, with what that means at its right.
pub fn checkbox(ui: &mut Ui, is_on: bool, label: &str) -> Response {
    let t = tokens(ui);
    let width = text::width(ui.painter(), Face::Row, label) + 16.0 + 8.0;
    let (rect, response) =
        ui.allocate_exact_size(vec2(width.ceil(), size::BUTTON_SMALL), Sense::click());
    let square = Rect::from_min_size(pos2(rect.left(), rect.center().y - 8.0), vec2(16.0, 16.0));
    let corner = CornerRadius::same(size::CORNER_TAG);
    let (fill, line) = match (is_on, response.hovered()) {
        (true, true) => (t.primary_hover, t.primary_hover),
        (true, false) => (t.accent_fill, t.accent_fill),
        (false, true) => (t.control_hover, t.text3),
        (false, false) => (Color32::TRANSPARENT, t.line_strong),
    };
    let stroke = Stroke::new(size::STROKE, line);
    ui.painter()
        .rect(square, corner, fill, stroke, StrokeKind::Inside);
    if is_on {
        icons::paint(
            ui.painter(),
            square.center(),
            icons::CHECK,
            size::ICON_TEXT,
            t.on_accent,
        );
    }
    let words = Rect::from_min_max(pos2(square.right() + 8.0, rect.top()), rect.max);
    text::line(
        ui.painter(),
        words.expand(0.5),
        Align::Min,
        Face::Row,
        label,
        t.text,
    );
    response.widget_info(|| WidgetInfo::selected(Role::CheckBox, true, is_on, label));
    focus_ring::around(ui, &response, size::CORNER);
    response
}
