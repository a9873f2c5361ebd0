//! Filters and questions while they are typed: colored words, an underlined fault, what may follow.

use std::ops::Range;
use std::sync::Arc;

use egui::text::{CCursor, CCursorRange, LayoutJob};
use egui::text_edit::TextEditState;
use egui::{
    Align, Align2, Area, Frame, Galley, Id, Key, Modifiers, Order, Rect, Response, Role, Sense,
    Stroke, Ui, WidgetInfo, pos2, vec2,
};

use crate::query::{Completion, Word, complete, words};
use crate::ui::View;
use crate::ui::theme::{Face, Tokens, format, size, text, tokens};
use crate::workbench::EventKey;

/// Height of an offer.
const OFFER: f32 = 24.0;
/// Width of the list of offers.
const WIDTH: f32 = 280.0;
/// So many fields of a state are offered from.
const MOST_PATHS: usize = 400;

/// Lays out a filter or a question in the colors of its words, with the fault underlined.
pub(super) fn galley(
    ui: &Ui,
    written: &str,
    is_question: bool,
    fault: Option<&Range<usize>>,
) -> Arc<Galley> {
    let t = tokens(ui);
    let mut job = LayoutJob {
        break_on_newline: false,
        keep_trailing_whitespace: true,
        ..LayoutJob::default()
    };
    for (range, word) in words(written, is_question) {
        for (part, is_wrong) in cut(&range, fault) {
            let mut format = text::format(Face::Data, color(t, word));
            if is_wrong {
                format.underline = Stroke::new(1.5, t.err);
            }
            job.append(written.get(part).unwrap_or(""), 0.0, format);
        }
    }
    ui.painter().layout_job(job)
}

/// A part of a text cut where a fault begins and ends.
fn cut(range: &Range<usize>, fault: Option<&Range<usize>>) -> [(Range<usize>, bool); 3] {
    let none = range.end..range.end;
    let Some(fault) = fault else {
        return [(range.clone(), false), (none.clone(), false), (none, false)];
    };
    let from = fault.start.clamp(range.start, range.end);
    let to = fault.end.clamp(from, range.end);
    [
        (range.start..from, false),
        (from..to, true),
        (to..range.end, false),
    ]
}

fn color(t: &Tokens, word: Word) -> egui::Color32 {
    match word {
        Word::Name => t.code_key,
        Word::Sign => t.accent,
        Word::Number => t.code_number,
        Word::Value => t.code_text,
        Word::Keyword => t.text2,
        Word::Plain => t.text,
    }
}

/// The list of what may follow, under a field, or over it where there is no room.
#[derive(Debug, Default)]
pub(super) struct Offers {
    chosen: usize,
    /// For which text the list was closed.
    closed_for: Option<String>,
    /// Where the list stands, and of which field.
    place: Option<(Id, Rect)>,
}

impl Offers {
    /// Takes the keys that belong to the list before the field does; returns whether the first offer
    /// (or the one chosen) is to be taken.
    pub(super) fn keys(&mut self, ui: &Ui, field: Id, n_offers: usize) -> bool {
        if n_offers == 0 || !ui.memory(|memory| memory.has_focus(field)) {
            return false;
        }
        self.chosen = self.chosen.min(n_offers - 1);
        ui.input_mut(|input| {
            if input.consume_key(Modifiers::NONE, Key::ArrowDown) {
                self.chosen = (self.chosen + 1) % n_offers;
            }
            if input.consume_key(Modifiers::NONE, Key::ArrowUp) {
                self.chosen = self.chosen.checked_sub(1).unwrap_or(n_offers - 1);
            }
            input.consume_key(Modifiers::NONE, Key::Tab)
        })
    }

    /// Where in the text the cursor of a field stands, in bytes, if something may be offered there: it
    /// has the keyboard, and the list was not closed for this text.
    pub(super) fn cursor(&self, ui: &Ui, field: Id, written: &str) -> Option<usize> {
        let has_keyboard = ui.memory(|memory| memory.has_focus(field));
        if !(has_keyboard || self.is_pressed(ui, field))
            || self.closed_for.as_deref() == Some(written)
        {
            return None;
        }
        let state = TextEditState::load(ui.ctx(), field);
        let range = state.and_then(|state| state.cursor.char_range());
        Some(range.map_or(written.len(), |range| bytes(written, range.primary.index.0)))
    }

    /// Whether the list of a field is being clicked: pressing it takes the keyboard from the field, and
    /// it must still be there when it is let go.
    fn is_pressed(&self, ui: &Ui, field: Id) -> bool {
        let place = self.place.filter(|(of, _)| *of == field);
        place.is_some_and(|(_, place)| {
            ui.input(|input| {
                let pointer = &input.pointer;
                let is_inside = pointer.interact_pos().is_some_and(|at| place.contains(at));
                is_inside && (pointer.any_down() || pointer.any_released())
            })
        })
    }

    /// What may stand at the cursor of a field.
    pub(super) fn of(
        &self,
        ui: &Ui,
        field: Id,
        written: &str,
        view: &View<'_>,
        is_question: bool,
    ) -> Vec<Completion> {
        let (Some(cursor), Some(log)) = (self.cursor(ui, field, written), view.log()) else {
            return Vec::new();
        };
        let paths = if is_question {
            state_paths(view, "")
        } else {
            event_paths(view)
        };
        complete(written, cursor, log, &paths, is_question)
    }

    /// Shows the offers under the field; returns the one that was clicked.
    pub(super) fn show(
        &mut self,
        ui: &Ui,
        field: &Response,
        offers: &[Completion],
    ) -> Option<usize> {
        if offers.is_empty() {
            self.place = self.place.filter(|(of, _)| *of != field.id);
            return None;
        }
        let t = tokens(ui);
        let frame = Frame::new()
            .fill(t.raised)
            .stroke(Stroke::new(size::STROKE, t.line_strong))
            .corner_radius(size::CORNER_MENU)
            .inner_margin(4.0);
        let mut clicked = None;
        let rows = offers.iter().map(|_| OFFER).sum::<f32>();
        let is_room_below = field.rect.bottom() + rows + 16.0 < ui.ctx().content_rect().bottom();
        let (pivot, place) = if is_room_below {
            (Align2::LEFT_TOP, field.rect.left_bottom() + vec2(-8.0, 4.0))
        } else {
            (
                Align2::LEFT_BOTTOM,
                field.rect.left_top() + vec2(-8.0, -4.0),
            )
        };
        let shown = Area::new(field.id.with("offers"))
            .order(Order::Foreground)
            .pivot(pivot)
            .fixed_pos(place)
            .show(ui.ctx(), |ui| {
                frame.show(ui, |ui| {
                    ui.spacing_mut().item_spacing.y = 0.0;
                    for (nr, offer) in offers.iter().enumerate() {
                        if offer_ui(ui, offer, nr == self.chosen).clicked() {
                            clicked = Some(nr);
                        }
                    }
                });
            });
        self.place = Some((field.id, shown.response.rect));
        clicked
    }

    /// Puts an offer into the text and the cursor behind it.
    pub(super) fn take(
        &mut self,
        ui: &Ui,
        field: Id,
        written: &mut String,
        offers: &[Completion],
        which: Option<usize>,
    ) {
        let Some(offer) = offers.get(which.unwrap_or(self.chosen)) else {
            return;
        };
        let is_whole = !offer.text.ends_with([':', '.', '>']);
        written.replace_range(offer.range.clone(), &offer.text);
        let end = offer.range.start + offer.text.len();
        let at = written.get(..end).map_or(0, |head| head.chars().count());
        let mut state = TextEditState::load(ui.ctx(), field).unwrap_or_default();
        let cursor = CCursorRange::one(CCursor::new(at));
        state.cursor.set_char_range(Some(cursor));
        state.store(ui.ctx(), field);
        ui.memory_mut(|memory| memory.request_focus(field));
        self.chosen = 0;
        self.closed_for = is_whole.then(|| written.clone());
    }
}

fn bytes(text: &str, chars: usize) -> usize {
    text.char_indices()
        .nth(chars)
        .map_or(text.len(), |(at, _)| at)
}

fn offer_ui(ui: &mut Ui, offer: &Completion, is_chosen: bool) -> Response {
    let (rect, response) = ui.allocate_exact_size(vec2(WIDTH, OFFER), Sense::click());
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
    let count = offer.count.map_or_else(String::new, format::count);
    let taken = text::line(
        ui.painter(),
        inside,
        Align::Max,
        Face::DataSmall,
        count,
        t.text3,
    );
    let right = if offer.count.is_some() {
        taken.left() - 8.0
    } else {
        inside.right()
    };
    let words = Rect::from_min_max(inside.min, pos2(right, inside.bottom()));
    let shown = format::visible(&offer.text).into_owned();
    text::line(ui.painter(), words, Align::Min, Face::Data, shown, t.text);
    response
}

/// The fields of the state shown, each after `root`.
pub(super) fn state_paths(view: &View<'_>, root: &str) -> Vec<String> {
    let Some(Ok(answer)) = view.workbench.answers.state.latest() else {
        return Vec::new();
    };
    let value = &answer.state.value;
    let tops = value
        .as_object()
        .into_iter()
        .flat_map(|object| object.iter().map(|(key, _)| key))
        .map(|key| {
            let step = crate::event::json::Step::Key(key.into());
            crate::query::Path::of_state(&crate::event::json::JsonPath(vec![step])).to_string()
        });
    let leaves = value.leaves();
    let leaves = leaves
        .iter()
        .take(MOST_PATHS)
        .map(|(path, _)| crate::query::Path::of_state(path).to_string());
    let mut paths: Vec<String> = Vec::new();
    for path in tops.take(MOST_PATHS).chain(leaves) {
        let path = format!("{root}{path}");
        if !paths.contains(&path) {
            paths.push(path);
        }
    }
    paths
}

/// The fields of the event at the playhead and of the state shown, as a filter names them.
fn event_paths(view: &View<'_>) -> Vec<String> {
    let mut paths = Vec::new();
    let key: Option<EventKey> = view.workbench.event_key();
    let event = key.and_then(|key| view.workbench.answers.event.for_key(&key).value());
    if let Some(Ok(event)) = event {
        for (root, payload) in [("data", &event.data), ("meta", &event.metadata)] {
            let text = payload.json().unwrap_or("").as_bytes();
            crate::event::json::scan::members(text, |name, _| {
                if let Ok(name) = std::str::from_utf8(name)
                    && paths.len() < MOST_PATHS
                {
                    let root = format!("{root}.");
                    let step = crate::event::json::Step::Key(name.into());
                    let path = crate::event::json::JsonPath(vec![step]);
                    paths.push(format!("{root}{}", crate::query::Path::of_state(&path)));
                }
            })
            .ok();
        }
    }
    paths.extend(state_paths(view, "state."));
    paths
}
