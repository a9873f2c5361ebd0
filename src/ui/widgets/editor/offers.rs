//! What may follow in a script: a short list at the cursor.

use std::ops::Range;

use egui::{
    Align, Align2, Area, Frame, Id, Key, Modifiers, Order, Rect, Response, Role, Sense, Stroke, Ui,
    WidgetInfo, pos2, vec2,
};

use super::LINE;
use crate::ui::theme::{Face, size, text, tokens};

/// Width of the list.
const WIDTH: f32 = 280.0;
/// So many are shown.
const MOST: usize = 9;

/// Something that may stand where the cursor is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The part of the text that it takes the place of, in bytes.
    pub range: Range<usize>,
    /// What is put there.
    pub text: String,
    /// What is known about it: how often it was seen, what it holds.
    pub note: String,
}

/// The list, open or not.
#[derive(Default)]
pub(super) struct Offers {
    shown: Vec<Offer>,
    chosen: usize,
    /// The cursor's byte for which they are.
    at: usize,
    was_asked: bool,
    /// Whether the list was walked: then Enter takes what is chosen.
    is_walked: bool,
    place: Option<Rect>,
}

impl Offers {
    /// Whether the list is shown.
    pub fn is_open(&self) -> bool {
        !self.shown.is_empty()
    }

    /// Asks for the list without a letter being typed.
    pub fn ask(&mut self) {
        self.was_asked = true;
    }

    /// Takes the keys of an open list; returns whether the chosen offer is to be taken.
    pub fn keys(&mut self, ui: &Ui) -> bool {
        let n = self.shown.len();
        if n == 0 {
            return false;
        }
        ui.input_mut(|input| {
            let mut pressed = |key| input.consume_key(Modifiers::NONE, key);
            if pressed(Key::Escape) {
                self.shown.clear();
                return false;
            }
            if pressed(Key::ArrowDown) {
                self.chosen = (self.chosen + 1) % n;
                self.is_walked = true;
            }
            if pressed(Key::ArrowUp) {
                self.chosen = self.chosen.checked_sub(1).unwrap_or(n - 1);
                self.is_walked = true;
            }
            pressed(Key::Tab) || (self.is_walked && pressed(Key::Enter))
        })
    }

    /// Looks for offers where a letter was typed, and closes the list where the cursor went elsewhere.
    pub fn refresh(
        &mut self,
        ui: &Ui,
        response: &Response,
        (written, at): (&str, usize),
        complete: &dyn Fn(&str, usize) -> Vec<Offer>,
    ) {
        let asked = std::mem::take(&mut self.was_asked);
        let changed = response.changed();
        if !response.has_focus() {
            if !self.is_pressed(ui) {
                self.shown.clear();
            }
            return;
        }
        let letter = ui.input(|input| {
            let is_text = |event: &egui::Event| matches!(event, egui::Event::Text(_));
            let is_erased = self.is_open() && input.key_pressed(Key::Backspace);
            input.events.iter().any(is_text) || is_erased
        });
        if asked || (changed && letter) {
            self.shown = complete(written, at);
            self.shown.truncate(MOST);
            self.at = at;
            self.chosen = 0;
            self.is_walked = false;
            if self.is_open() {
                ui.ctx().request_repaint();
            }
        } else if self.at != at {
            self.shown.clear();
        }
    }

    /// Whether the list is being clicked: pressing it takes the keyboard from the text.
    fn is_pressed(&self, ui: &Ui) -> bool {
        self.place.is_some_and(|place| {
            ui.input(|input| {
                let pointer = &input.pointer;
                let is_inside = pointer.interact_pos().is_some_and(|at| place.contains(at));
                is_inside && (pointer.any_down() || pointer.any_released())
            })
        })
    }

    /// Takes an offer, the chosen one where none is named, and closes the list.
    pub fn take(&mut self, nr: Option<usize>) -> Option<Offer> {
        let shown = std::mem::take(&mut self.shown);
        shown.into_iter().nth(nr.unwrap_or(self.chosen))
    }

    /// Shows the list under the cursor, or over it where there is no room; returns what was clicked.
    pub fn show(&mut self, ui: &Ui, id: Id, caret: Rect) -> Option<usize> {
        if self.shown.is_empty() {
            self.place = None;
            return None;
        }
        let t = tokens(ui);
        let rows = self.shown.iter().map(|_| size::ROW).sum::<f32>();
        let below = caret.bottom() + rows + 16.0 < ui.ctx().content_rect().bottom();
        let (pivot, place) = if below {
            (Align2::LEFT_TOP, caret.left_bottom() + vec2(-12.0, 2.0))
        } else {
            (Align2::LEFT_BOTTOM, caret.left_top() + vec2(-12.0, -2.0))
        };
        let frame = Frame::new()
            .fill(t.tip)
            .stroke(Stroke::new(size::STROKE, t.line_strong))
            .corner_radius(size::CORNER_MENU)
            .inner_margin(4.0);
        let mut clicked = None;
        let shown = Area::new(id.with("offers"))
            .order(Order::Foreground)
            .pivot(pivot)
            .fixed_pos(place)
            .show(ui.ctx(), |ui| {
                frame.show(ui, |ui| {
                    ui.spacing_mut().item_spacing.y = 0.0;
                    for (nr, offer) in self.shown.iter().enumerate() {
                        if row_ui(ui, offer, nr == self.chosen).clicked() {
                            clicked = Some(nr);
                        }
                    }
                });
            });
        self.place = Some(shown.response.rect.expand(LINE / 2.0));
        clicked
    }
}

fn row_ui(ui: &mut Ui, offer: &Offer, is_chosen: bool) -> Response {
    let (rect, response) = ui.allocate_exact_size(vec2(WIDTH, size::ROW), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::ListItem, true, is_chosen, &offer.text));
    let t = tokens(ui);
    if is_chosen || response.hovered() {
        let fill = if is_chosen {
            t.accent_soft
        } else {
            t.control_hover
        };
        ui.painter().rect_filled(rect, size::CORNER, fill);
    }
    let inside = rect.shrink2(vec2(8.0, 0.0));
    let painter = ui.painter();
    let note = text::line(
        painter,
        inside,
        Align::Max,
        Face::DataSmall,
        offer.note.as_str(),
        t.text3,
    );
    let right = if offer.note.is_empty() {
        inside.right()
    } else {
        note.left() - 8.0
    };
    let words = Rect::from_min_max(inside.min, pos2(right, inside.bottom()));
    let shown = crate::ui::theme::format::visible(&offer.text).into_owned();
    text::line(painter, words, Align::Min, Face::Data, shown, t.text);
    response
}
