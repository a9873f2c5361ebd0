//! A script to be written: lines with numbers, colored words, marks under what is wrong, notes at the
//! right, what may follow, and finding a text.
//!
//! The text is laid out anew only where it changed; what is drawn beside it is drawn for the lines
//! on screen, so ten thousand of them are as quick as ten.

mod draw;
mod find;
mod layout;
mod lex;
mod offers;
mod selection;
mod typing;

use std::ops::Range;

use egui::text_edit::TextEditOutput;
use egui::{
    Event, EventFilter, Frame, Id, Key, Modifiers, Rect, Response, ScrollArea, Shape, TextBuffer,
    TextEdit, Ui, UiBuilder, Vec2, pos2, vec2,
};

use crate::ui::theme::{Face, tokens};
use find::{Asks, Find};
use layout::{Laid, laid_out};
pub use lex::{Piece, pieces};
pub use offers::Offer;
use offers::Offers;
use selection::{byte_of, select, selected};
use typing::Typed;

/// Height of a line.
pub const LINE: f32 = 20.0;
/// Space above the first line and under the last.
const ABOVE: f32 = 8.0;
/// Width of the numbers and icons at the left.
const GUTTER: f32 = 64.0;
/// Space after the longest line.
const BESIDE: f32 = 16.0;

/// How bad what is marked is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// It stands in the way.
    Error,
    /// It may be meant so.
    Warning,
}

/// A place in the text with something to say about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// Its line, from 1; lines that are not there are not drawn.
    pub line: usize,
    /// Its first character on the line and the one after its last, from 0; `None` marks what is
    /// written on the line.
    pub columns: Option<Range<usize>>,
    /// How bad it is.
    pub tone: Tone,
    /// What is so, in a sentence.
    pub words: String,
}

/// A few words at the right of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineNote {
    /// The line, from 1.
    pub line: usize,
    /// What it says: "48,211 calls".
    pub words: String,
}

/// What the editor is told in a frame.
pub struct Script<'a> {
    /// What it is called.
    pub name: &'a str,
    /// What is wrong, in the order of lines.
    pub marks: &'a [Mark],
    /// What stands at the right of lines.
    pub notes: &'a [LineNote],
    /// What may stand at a byte of the text.
    pub complete: &'a dyn Fn(&str, usize) -> Vec<Offer>,
}

/// What happened in a frame.
#[derive(Debug)]
pub struct EditorOutput {
    /// The text's own response; ask it for the keyboard with `request_focus`.
    pub response: Response,
    /// The text is another one than before.
    pub changed: bool,
}

/// An editor's own small state: its layout, an open list, an open search, where it is to look.
#[derive(Default)]
pub struct Editor {
    laid: Option<Laid>,
    offers: Offers,
    find: Option<Find>,
    /// A place to be shown in the next frame: line and column, from 0.
    go_to: Option<(usize, usize)>,
    /// Whether the cursor is to be brought into view.
    reveal: bool,
    offset: Vec2,
}

impl Editor {
    /// Shows a line, from 1, and gives it the cursor at a character, from 0.
    pub fn go_to(&mut self, line: usize, column: usize) {
        self.go_to = Some((line.saturating_sub(1), column));
    }

    /// Opens the search.
    pub fn open_find(&mut self) {
        self.find = Some(Find::new(""));
    }

    /// Shows the editor in all the space there is.
    pub fn ui(
        &mut self,
        ui: &mut Ui,
        id: Id,
        written: &mut String,
        script: &Script<'_>,
    ) -> EditorOutput {
        let rect = ui.available_rect_before_wrap();
        ui.painter().rect_filled(rect, 0.0, tokens(ui).canvas);
        let mut changed = self.keys(ui, id, written);
        self.take_place(ui, id, written);
        let place = Rect::from_min_max(pos2(rect.left() + GUTTER, rect.top()), rect.max);
        let mut inner = ui.new_child(UiBuilder::new().id_salt(id).max_rect(place));
        inner.shrink_clip_rect(place);
        let typed = self.text_ui(&mut inner, (id, rect), written, script);
        let painted = draw::Painted {
            galley: &typed.galley,
            origin: typed.galley_pos,
            view: place,
        };
        let gutter = Rect::from_min_max(rect.min, pos2(place.left(), rect.bottom()));
        let cursor = typed.state.cursor.char_range();
        painted.gutter(ui, (id, gutter), script, cursor);
        let response = typed.response.response;
        changed |= response.changed();
        ui.ctx().accesskit_node_builder(id, |node| {
            node.set_description(draw::spoken(script.marks));
        });
        if let Some(cursor) = cursor {
            let at = byte_of(written, cursor.primary.index.0);
            let caret = typed.galley.pos_from_cursor(cursor.primary);
            let caret = caret.translate(typed.galley_pos.to_vec2());
            self.offers
                .refresh(ui, &response, (written, at), script.complete);
            if let Some(nr) = self.offers.show(ui, id, caret) {
                changed |= self.take_offer(ui, id, written, Some(nr));
            }
        }
        self.find_ui(ui, (id, rect), written);
        ui.advance_cursor_after_rect(rect);
        EditorOutput { response, changed }
    }

    /// The text in its scroll area, with what is drawn under and beside it.
    fn text_ui(
        &mut self,
        ui: &mut Ui,
        (id, rect): (Id, Rect),
        written: &mut String,
        script: &Script<'_>,
    ) -> TextEditOutput {
        let place = ui.max_rect();
        let galley = laid_out(&mut self.laid, ui, written);
        let size = vec2(
            (galley.size().x + BESIDE).max(place.width() - 2.0),
            (galley.size().y + 2.0 * ABOVE).max(place.height()),
        );
        let keeps_escape = self.offers.is_open();
        let Self {
            laid, reveal, find, ..
        } = self;
        let mut area = ScrollArea::both().auto_shrink([false, false]);
        let gutter = Rect::from_min_max(rect.min, pos2(place.left(), rect.bottom()));
        if ui.rect_contains_pointer(gutter.intersect(ui.ctx().content_rect())) {
            let wheel = ui.input(|input| input.smooth_scroll_delta().y);
            let most = (size.y - place.height()).max(0.0);
            area = area.vertical_scroll_offset((self.offset.y - wheel).clamp(0.0, most));
        }
        let shown = area.show(ui, |ui| {
            let under = [(); 2].map(|()| ui.painter().add(Shape::Noop));
            let mut layouter =
                |ui: &Ui, text: &dyn TextBuffer, _: f32| laid_out(laid, ui, text.as_str());
            let edit = TextEdit::multiline(written)
                .id(id)
                .frame(Frame::NONE)
                .margin(egui::Margin::ZERO)
                .font(Face::Data.font())
                .event_filter(EventFilter {
                    tab: true,
                    horizontal_arrows: true,
                    vertical_arrows: true,
                    escape: keeps_escape,
                })
                .min_size(size - vec2(0.0, 2.0 * ABOVE))
                .desired_width(size.x)
                .layouter(&mut layouter);
            ui.spacing_mut().item_spacing.y = 0.0;
            ui.add_space(ABOVE);
            let output = edit.show(ui);
            ui.add_space(ABOVE);
            let painted = draw::Painted {
                galley: &output.galley,
                origin: output.galley_pos,
                view: place,
            };
            painted.under(ui, under, (output.state.cursor.char_range(), find.as_ref()));
            if std::mem::take(reveal)
                && let Some(range) = output.state.cursor.char_range()
            {
                let caret = output.galley.pos_from_cursor(range.primary);
                let caret = caret.translate(output.galley_pos.to_vec2());
                ui.scroll_to_rect(caret.expand2(vec2(24.0, LINE)), None);
                ui.ctx().request_repaint();
            }
            output
        });
        self.offset = shown.state.clamped_offset();
        let output = shown.inner;
        let painted = draw::Painted {
            galley: &output.galley,
            origin: output.galley_pos,
            view: place,
        };
        painted.over(ui, script);
        let name = script.name;
        let response = output.response.response.clone();
        response.accessible_name(name);
        output
    }

    /// The keys that mean more here than in a field; returns whether the text is another one.
    fn keys(&mut self, ui: &Ui, id: Id, written: &mut String) -> bool {
        if !ui.memory(|memory| memory.has_focus(id)) {
            return false;
        }
        if self.offers.keys(ui) {
            return self.take_offer(ui, id, written, None);
        }
        let pressed = |modifiers, key| ui.input_mut(|input| input.consume_key(modifiers, key));
        if pressed(Modifiers::COMMAND, Key::F) {
            let range = selected(ui, id, written);
            let wanted = written.get(range).filter(|text| !text.contains('\n'));
            self.find = Some(Find::new(wanted.unwrap_or_default()));
            return false;
        }
        if pressed(Modifiers::COMMAND, Key::Space) {
            self.offers.ask();
            return false;
        }
        let range = || selected(ui, id, written);
        let typed = if pressed(Modifiers::COMMAND, Key::Slash) {
            typing::comment(written, range())
        } else if pressed(Modifiers::SHIFT, Key::Tab) {
            typing::untab(written, range())
        } else if pressed(Modifiers::NONE, Key::Tab) {
            typing::tab(written, range())
        } else if pressed(Modifiers::NONE, Key::Enter) {
            typing::enter(written, range())
        } else {
            let Some(bracket) = closing_bracket(ui) else {
                return false;
            };
            let Some(typed) = typing::close(written, range(), bracket) else {
                return false;
            };
            ui.input_mut(|input| {
                let is_it =
                    |event: &Event| matches!(event, Event::Text(text) if text.starts_with(bracket));
                input.events.retain(|event| !is_it(event));
            });
            typed
        };
        let is_other = typed.text != *written;
        self.put(ui, id, written, typed);
        is_other
    }

    fn put(&mut self, ui: &Ui, id: Id, written: &mut String, typed: Typed) {
        select(ui, id, &typed.text, typed.selected);
        *written = typed.text;
        self.reveal = true;
    }

    fn take_offer(&mut self, ui: &Ui, id: Id, written: &mut String, nr: Option<usize>) -> bool {
        let Some(offer) = self.offers.take(nr) else {
            return false;
        };
        if written.get(offer.range.clone()).is_none() {
            return false;
        }
        let mut made = written.clone();
        made.replace_range(offer.range.clone(), &offer.text);
        let at = offer.range.start + offer.text.len();
        let typed = Typed {
            text: made,
            selected: at..at,
        };
        self.put(ui, id, written, typed);
        ui.memory_mut(|memory| memory.request_focus(id));
        true
    }

    /// Goes where it was told to.
    fn take_place(&mut self, ui: &Ui, id: Id, written: &str) {
        let Some((line, column)) = self.go_to.take() else {
            return;
        };
        let start = match line {
            0 => Some(0),
            _ => written
                .match_indices('\n')
                .nth(line - 1)
                .map(|(at, _)| at + 1),
        };
        let start = start.unwrap_or(written.len());
        let rest = written[start..].lines().next().unwrap_or_default();
        let at = start + byte_of(rest, column);
        select(ui, id, written, at..at);
        ui.memory_mut(|memory| memory.request_focus(id));
        self.reveal = true;
    }

    fn find_ui(&mut self, ui: &mut Ui, (id, rect): (Id, Rect), written: &str) {
        let Some(find) = &mut self.find else { return };
        let asks = find.ui(ui, rect, written);
        let (_, length) = find.places();
        match asks {
            Asks::Nothing => {}
            Asks::Show(place) => {
                let rest = &written[place.at..];
                let end = place.at + byte_of(rest, length);
                select(ui, id, written, place.at..end);
                self.reveal = true;
                ui.ctx().request_repaint();
            }
            Asks::Close => {
                // A text without the keyboard keeps its cursor, but not what was selected.
                if let Some(place) = find.current() {
                    let end = place.at + byte_of(&written[place.at..], length);
                    select(ui, id, written, place.at..end);
                }
                self.find = None;
                ui.memory_mut(|memory| memory.request_focus(id));
            }
        }
    }
}

/// The closing bracket that is typed in this frame, if it is all that is typed.
fn closing_bracket(ui: &Ui) -> Option<char> {
    ui.input(|input| {
        let mut typed = input.events.iter().filter_map(|event| match event {
            Event::Text(text) => Some(text.as_str()),
            _ => None,
        });
        match (typed.next(), typed.next()) {
            (Some("}"), None) => Some('}'),
            (Some(")"), None) => Some(')'),
            (Some("]"), None) => Some(']'),
            _ => None,
        }
    })
}
