//! One line of text to fill in: search boxes, filters and plain fields.
//!
//! The field draws its own frame, icon, key cap and clear button around egui's text edit,
//! and says in one value what happened to it.

use std::sync::Arc;

use egui::{
    Align, Align2, Color32, CornerRadius, Frame, Galley, Id, Key, Rect, Response, Sense, Stroke,
    StrokeKind, TextBuffer, TextEdit, Ui, pos2, vec2,
};

use super::{button, kbd};
use crate::ui::theme::icons::{self, Icon};
use crate::ui::theme::{Face, size, text, tokens};

/// Colors a text: gets the ui, the text and the width to wrap at.
pub type Layouter<'a> = &'a mut dyn FnMut(&Ui, &dyn TextBuffer, f32) -> Arc<Galley>;

/// A field that is not yet shown.
#[must_use = "a field is shown by `show`"]
pub struct Field<'a> {
    name: &'a str,
    hint: &'a str,
    example: &'a str,
    icon: Option<Icon>,
    key: &'a str,
    problem: &'a str,
    is_wrong: bool,
    face: Face,
    height: f32,
    width: f32,
    id: Option<Id>,
    layouter: Option<Layouter<'a>>,
}

/// What happened to a field in this frame.
#[derive(Debug)]
pub struct FieldOutput {
    /// The text edit's own response; ask it for the keyboard with `request_focus`.
    pub response: Response,
    /// The text is another one than before.
    pub changed: bool,
    /// Enter was pressed.
    pub submitted: bool,
    /// Escape was pressed.
    pub escaped: bool,
}

impl<'a> Field<'a> {
    /// A plain field; `name` is what it asks for.
    pub const fn new(name: &'a str) -> Self {
        Self {
            name,
            hint: "",
            example: "",
            icon: None,
            key: "",
            problem: "",
            is_wrong: false,
            face: Face::Row,
            height: size::BUTTON,
            width: f32::INFINITY,
            id: None,
            layouter: None,
        }
    }

    /// A field that searches: magnifying glass, and the name as hint.
    pub const fn search(name: &'a str) -> Self {
        Self::new(name).icon(icons::SEARCH).hint(name)
    }

    /// A field that filters what stands under it: funnel, and the name as hint.
    pub const fn filter(name: &'a str) -> Self {
        Self::new(name).icon(icons::FILTER).hint(name)
    }

    /// What an empty field says at its left.
    pub const fn hint(mut self, hint: &'a str) -> Self {
        self.hint = hint;
        self
    }

    /// What an empty field says at its right, in the face of data.
    pub const fn example(mut self, example: &'a str) -> Self {
        self.example = example;
        self
    }

    /// An icon at the left.
    pub const fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// The key that brings the keyboard here, shown while the field is empty.
    pub const fn key_cap(mut self, key: &'a str) -> Self {
        self.key = key;
        self
    }

    /// What is wrong with the text; an empty one means nothing is.
    pub const fn problem(mut self, problem: &'a str) -> Self {
        self.problem = problem;
        self
    }

    /// Whether its text cannot be used, where that is explained elsewhere.
    pub const fn wrong(mut self, is_wrong: bool) -> Self {
        self.is_wrong = is_wrong;
        self
    }

    /// Shows the text as data.
    pub const fn data(mut self) -> Self {
        self.face = Face::Data;
        self
    }

    /// 24 high instead of 28.
    pub const fn small(mut self) -> Self {
        self.height = size::BUTTON_SMALL;
        self
    }

    /// 32 high instead of 28: the search in the top bar.
    pub const fn large(mut self) -> Self {
        self.height = size::BUTTON_LARGE;
        self
    }

    /// This wide instead of as wide as there is room.
    pub const fn width(mut self, width: f32) -> Self {
        self.width = width;
        self
    }

    /// A lasting identity, so that others can give it the keyboard.
    pub const fn id(mut self, id: Id) -> Self {
        self.id = Some(id);
        self
    }

    /// Colors the text while it is typed.
    pub fn layouter(mut self, layouter: Layouter<'a>) -> Self {
        self.layouter = Some(layouter);
        self
    }

    /// Shows the field.
    pub fn show(self, ui: &mut Ui, text: &mut String) -> FieldOutput {
        let size = vec2(self.width.min(ui.available_width()), self.height);
        let id = self.id.unwrap_or_else(|| ui.make_persistent_id(self.name));
        let (rect, ground) = ui.allocate_exact_size(size, Sense::CLICK);
        let frame = ui.painter().add(egui::Shape::Noop);
        let mut inside = rect.shrink2(vec2(8.0, 1.0));
        self.paint_icon(ui, &mut inside);
        let cleared = self.right_part(ui, &mut inside, text);

        let problem = self.problem;
        let is_wrong = self.is_wrong || !problem.is_empty();
        let corner = self.corner();
        let response = self.edit(ui, inside, id, text);
        if ground.clicked() || cleared {
            response.request_focus();
        }
        let stroke = border(ui, &response, is_wrong);
        let fill = if ui.is_enabled() {
            tokens(ui).canvas
        } else {
            Color32::TRANSPARENT
        };
        let shape = egui::epaint::RectShape::new(rect, corner, fill, stroke, StrokeKind::Inside);
        ui.painter().set(frame, shape);
        show_problem(ui, problem);
        let pressed = |key| ui.input(|input| input.key_pressed(key));
        FieldOutput {
            changed: response.changed() || cleared,
            submitted: response.lost_focus() && pressed(Key::Enter),
            escaped: response.lost_focus() && pressed(Key::Escape),
            response,
        }
    }

    fn corner(&self) -> CornerRadius {
        CornerRadius::same(if self.height > size::BUTTON {
            size::CORNER_MENU
        } else {
            size::CORNER
        })
    }

    fn paint_icon(&self, ui: &Ui, inside: &mut Rect) {
        if let Some(icon) = self.icon {
            let color = off_or(ui, tokens(ui).text3);
            icons::paint_left(ui.painter(), *inside, icon, size::ICON_SMALL, color);
            inside.min.x += size::ICON_SMALL + size::ICON_GAP;
        }
    }

    /// The key cap and the example (behind the hint) of an empty field, or the button that clears a full one.
    fn right_part(&self, ui: &mut Ui, inside: &mut Rect, text: &mut String) -> bool {
        if text.is_empty() {
            if !self.key.is_empty() && ui.is_enabled() {
                let left = inside.right() + 2.0 - kbd::width(ui.painter(), self.key);
                let center = pos2(left.round(), inside.center().y);
                let cap = kbd::paint(ui.painter(), center, self.key, kbd::plain(ui));
                inside.max.x = cap.left() - size::ICON_GAP;
            }
            if !self.example.is_empty() {
                let color = tokens(ui).text3;
                let hint =
                    ui.painter()
                        .layout_no_wrap(format!("{} ", self.hint), Face::Row.font(), color);
                let place = inside.with_min_x(inside.left() + hint.size().x);
                text::line(
                    ui.painter(),
                    place,
                    Align::Min,
                    Face::DataSmall,
                    self.example,
                    color,
                );
            }
            return false;
        }
        if !ui.is_enabled() || self.icon.is_none() {
            return false;
        }
        let side = size::BUTTON_SMALL.min(self.height - 2.0);
        let place = Rect::from_center_size(
            pos2(inside.right() - side / 2.0 + 6.0, inside.center().y),
            vec2(side, side),
        );
        inside.max.x = place.left() - 2.0;
        let name = format!("Clear {}", self.name);
        let clear = button::icon_button(icons::CLOSE, &name, "")
            .small()
            .icon_size(size::ICON_SMALL);
        let clicked = ui.place(place, clear).clicked();
        if clicked {
            text.clear();
        }
        clicked
    }

    fn edit(self, ui: &mut Ui, inside: Rect, id: Id, text: &mut String) -> Response {
        let line = EditLine {
            id,
            name: self.name,
            hint: self.hint,
            hint_face: Face::Row,
            face: self.face,
        };
        line.show(ui, inside, text, self.layouter)
    }
}

/// The line of text inside a field, without frame and icons.
pub(super) struct EditLine<'a> {
    pub(super) id: Id,
    pub(super) name: &'a str,
    pub(super) hint: &'a str,
    pub(super) hint_face: Face,
    pub(super) face: Face,
}

impl EditLine<'_> {
    pub(super) fn show(
        self,
        ui: &mut Ui,
        inside: Rect,
        text: &mut String,
        layouter: Option<Layouter<'_>>,
    ) -> Response {
        let t = tokens(ui);
        let (face, color) = (self.face, off_or(ui, t.text));
        if text.is_empty() {
            let faint = off_or(ui, t.text3);
            let place = ui.painter();
            text::line(place, inside, Align::Min, self.hint_face, self.hint, faint);
        }
        let mut plain = move |ui: &Ui, text: &dyn TextBuffer, _: f32| {
            let mut job = text::job(text.as_str(), face, color);
            job.keep_trailing_whitespace = true;
            job.break_on_newline = false;
            ui.painter().layout_job(job)
        };
        let edit = TextEdit::singleline(text)
            .id(self.id)
            .frame(Frame::NONE)
            .font(face.font())
            .align(Align2::LEFT_CENTER)
            .desired_width(inside.width())
            .min_size(vec2(0.0, inside.height()))
            .layouter(layouter.unwrap_or(&mut plain));
        let response = ui.place(inside, edit).accessible_name(self.name);
        ui.ctx()
            .accesskit_node_builder(self.id, |node| node.set_placeholder(self.hint));
        response
    }
}

fn off_or(ui: &Ui, color: Color32) -> Color32 {
    if ui.is_enabled() {
        color
    } else {
        tokens(ui).text_dis
    }
}

fn border(ui: &Ui, response: &Response, is_wrong: bool) -> Stroke {
    let t = tokens(ui);
    match response.has_focus() {
        _ if !ui.is_enabled() => Stroke::new(1.0, t.line),
        true if !is_wrong => Stroke::new(2.0, t.accent),
        true => Stroke::new(2.0, t.err),
        false if is_wrong => Stroke::new(1.0, t.err),
        false if response.hovered() => Stroke::new(1.0, t.text3),
        false => Stroke::new(1.0, t.line_strong),
    }
}

fn show_problem(ui: &mut Ui, problem: &str) {
    if !problem.is_empty() {
        ui.label(text::small(problem).color(tokens(ui).err));
    }
}
