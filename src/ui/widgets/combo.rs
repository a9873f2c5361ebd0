//! A text that is chosen from a list or typed: a column, or an expression over columns.
//!
//! It is 24 high and is placed by the caller. The arrow down opens the list and walks through it,
//! Enter takes the row, Esc closes the list.

use egui::{
    Align, CornerRadius, Id, Key, Modifiers, Popup, PopupCloseBehavior, PopupKind, Rect, Response,
    Role, ScrollArea, Sense, Shape, Stroke, StrokeKind, Ui, WidgetInfo, pos2, vec2,
};

use super::field::EditLine;
use crate::ui::theme::{Face, icons, size, text, tokens};

/// Height of a row of the list.
const ROW: f32 = 26.0;
/// The list is never higher than this.
const LIST: f32 = 320.0;
/// Width of the part that opens the list.
pub(super) const CARET: f32 = 24.0;

/// One of the values that a combo offers.
#[derive(Clone, Copy, Debug)]
pub struct Choice<'a> {
    /// What the text becomes.
    pub text: &'a str,
    /// What people see; empty where it is the text itself.
    pub label: &'a str,
    /// A word more, at the right.
    pub note: &'a str,
}

/// A text that can be chosen from a list or typed.
#[derive(Clone, Copy, Debug)]
#[must_use = "a combo is shown by `show`"]
pub struct Combo<'a> {
    name: &'a str,
    hint: &'a str,
    choices: &'a [Choice<'a>],
    is_wrong: bool,
}

impl<'a> Combo<'a> {
    /// A combo over these choices; `name` says what is chosen, and is its identity in the window.
    pub const fn new(name: &'a str, choices: &'a [Choice<'a>]) -> Self {
        Self {
            name,
            hint: "",
            choices,
            is_wrong: false,
        }
    }

    /// What an empty one says.
    pub const fn hint(self, hint: &'a str) -> Self {
        Self { hint, ..self }
    }

    /// Whether its text cannot be used.
    pub const fn wrong(self, is_wrong: bool) -> Self {
        Self { is_wrong, ..self }
    }

    /// The identity of its text field, so that others can give it the keyboard.
    pub fn id(name: &str) -> Id {
        Id::unique(("annals_combo", name))
    }

    /// Shows it in a place; returns whether the text is another one than before.
    pub fn show(self, ui: &mut Ui, place: Rect, text: &mut String) -> bool {
        let id = Self::id(self.name);
        let list = id.with("list");
        let chosen = self.keys(ui, id, list, text);
        let frame = ui.painter().add(Shape::Noop);
        let inside = Rect::from_min_max(
            pos2(place.left() + 8.0, place.top() + 1.0),
            pos2(place.right() - CARET, place.bottom() - 1.0),
        );
        let response = self.edit(ui, inside, id, text);
        let caret = self.caret(ui, place, id);
        if caret.clicked() {
            Popup::toggle_id(ui.ctx(), list);
            response.request_focus();
        }
        let t = tokens(ui);
        let stroke = match (response.has_focus(), self.is_wrong) {
            (true, true) => Stroke::new(2.0, t.err),
            (true, false) => Stroke::new(2.0, t.accent),
            (false, true) => Stroke::new(1.0, t.err),
            (false, false) if response.hovered() || caret.hovered() => Stroke::new(1.0, t.text3),
            (false, false) => Stroke::new(1.0, t.line_strong),
        };
        let corner = CornerRadius::same(size::CORNER);
        let shape =
            egui::epaint::RectShape::new(place, corner, t.canvas, stroke, StrokeKind::Inside);
        ui.painter().set(frame, shape);
        let clicked = self.list(ui, place, (list, &response), text);
        let changed = response.changed();
        match chosen.or(clicked) {
            Some(new) if new != *text => {
                *text = new;
                true
            }
            _ => changed,
        }
    }

    /// What the keys choose while the field has the keyboard.
    fn keys(&self, ui: &Ui, id: Id, list: Id, text: &str) -> Option<String> {
        if !ui.memory(|memory| memory.has_focus(id)) {
            return None;
        }
        let pressed = |key| ui.input_mut(|input| input.consume_key(Modifiers::NONE, key));
        let is_open = Popup::is_id_open(ui.ctx(), list);
        let (down, up) = (pressed(Key::ArrowDown), pressed(Key::ArrowUp));
        if !is_open {
            if down || up {
                let at = self.choices.iter().position(|choice| choice.text == text);
                set_marked(ui, list, at.unwrap_or(0));
                Popup::open_id(ui.ctx(), list);
            }
            return None;
        }
        let last = self.choices.len().saturating_sub(1);
        let at = marked(ui, list).min(last);
        if down {
            set_marked(ui, list, (at + 1).min(last));
        }
        if up {
            set_marked(ui, list, at.saturating_sub(1));
        }
        if pressed(Key::Enter) {
            Popup::close_id(ui.ctx(), list);
            return self.choices.get(at).map(|choice| choice.text.to_owned());
        }
        None
    }

    fn edit(&self, ui: &mut Ui, inside: Rect, id: Id, text: &mut String) -> Response {
        let line = EditLine {
            id,
            name: self.name,
            hint: self.hint,
            hint_face: Face::Data,
            face: Face::Data,
        };
        line.show(ui, inside, text, None)
    }

    fn caret(&self, ui: &Ui, place: Rect, id: Id) -> Response {
        let rect = Rect::from_min_max(pos2(place.right() - CARET, place.top()), place.max);
        // The field itself is the stop of the keyboard: the arrow down opens the list there.
        let sense = Sense::CLICK;
        let response = ui.interact(rect, id.with("caret"), sense);
        let name = format!("Choices for {}", self.name);
        response.widget_info(|| WidgetInfo::labeled(Role::Button, true, name.clone()));
        paint_caret(ui, place);
        response
    }

    /// The list below, while it is open; returns what was clicked.
    fn list(
        &self,
        ui: &Ui,
        place: Rect,
        (list, field): (Id, &Response),
        text: &str,
    ) -> Option<String> {
        if !Popup::is_id_open(ui.ctx(), list) {
            return None;
        }
        let shown = Popup::new(list, ui.ctx().clone(), place, field.layer_id)
            .kind(PopupKind::Popup)
            .open_memory(None)
            .close_behavior(PopupCloseBehavior::CloseOnClick)
            .width(place.width())
            .gap(4.0)
            .show(|ui| self.rows(ui, list, place.width(), text))?;
        shown.inner
    }

    fn rows(&self, ui: &mut Ui, list: Id, width: f32, text: &str) -> Option<String> {
        let mut clicked = None;
        let at = marked(ui, list);
        let moved = ui.input(|input| input.pointer.velocity() == egui::Vec2::ZERO);
        ui.spacing_mut().item_spacing = vec2(0.0, 0.0);
        ScrollArea::vertical()
            .max_height(LIST)
            .min_scrolled_height(LIST.min(ROW * self.choices.len() as f32))
            .show(ui, |ui| {
                ui.set_width(width - 10.0);
                for (nr, choice) in self.choices.iter().enumerate() {
                    let response = choice_row(ui, choice, (nr == at, choice.text == text));
                    if nr == at && moved {
                        response.scroll_to_me(None);
                    }
                    if response.hovered() && !moved {
                        set_marked(ui, list, nr);
                    }
                    if response.clicked() {
                        clicked = Some(choice.text.to_owned());
                    }
                }
            });
        clicked
    }
}

fn choice_row(ui: &mut Ui, choice: &Choice<'_>, (is_marked, is_chosen): (bool, bool)) -> Response {
    let t = tokens(ui);
    let sense = Sense::CLICK;
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ROW), sense);
    let corner = CornerRadius::same(size::CORNER);
    if is_marked || response.hovered() {
        ui.painter().rect_filled(rect, corner, t.control_hover);
    }
    let mut inside = rect.shrink2(vec2(8.0, 0.0));
    if is_chosen {
        icons::paint_left(
            ui.painter(),
            inside,
            icons::CHECK,
            size::ICON_SMALL,
            t.text2,
        );
    }
    inside.min.x += size::ICON_SMALL + 8.0;
    let note = text::line(
        ui.painter(),
        inside,
        Align::Max,
        Face::Small,
        choice.note,
        t.text3,
    );
    if !choice.note.is_empty() {
        inside.max.x = note.left() - 8.0;
    }
    let (label, face) = if choice.label.is_empty() {
        (choice.text, Face::Data)
    } else {
        (choice.label, Face::Row)
    };
    text::line(ui.painter(), inside, Align::Min, face, label, t.text);
    response.widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, is_chosen, label));
    response
}

/// Which row of an open list the keys stand on.
fn marked(ui: &Ui, list: Id) -> usize {
    ui.data(|data| data.get_temp(list.with("marked")).unwrap_or(0))
}

fn set_marked(ui: &Ui, list: Id, at: usize) {
    ui.data_mut(|data| data.insert_temp(list.with("marked"), at));
}

pub(super) fn paint_caret(ui: &Ui, place: Rect) {
    let center = pos2(place.right() - CARET / 2.0 - 2.0, place.center().y);
    icons::paint(
        ui.painter(),
        center,
        icons::UNFOLDED,
        size::ICON_TEXT,
        tokens(ui).text3,
    );
}
