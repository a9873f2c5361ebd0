//! The mapping dialog: which column becomes which part of an event, with what comes of it below.
//!
//! The choices are the workbench's ([`Mapping`]); this draws them and sends what is changed.
//! Reading order: this file (the frame of the dialog, its keys), `tables` (the left side), `fields`
//! (a row for each part of an event), `rows` (the preview).

mod fields;
mod rows;
mod tables;

use egui::{
    Align, Context, CornerRadius, Id, Key, Rect, Role, Sense, Stroke, Ui, UiBuilder, WidgetInfo,
    pos2, vec2,
};

use crate::ui::View;
use crate::ui::theme::{Face, format, icons, size, text, tokens};
use crate::ui::widgets::button;
use crate::ui::widgets::combo::Combo;
use crate::ui::widgets::empty::Empty;
use crate::ui::widgets::select::checkbox;
use crate::ui::widgets::tag::{self, Tone};
use crate::workbench::{Action, EventField, MapEdit, Mapping};

use super::dialog;

/// The dialog is as large as this where the window allows it.
const WIDTH: f32 = 1280.0;
const HEIGHT: f32 = 824.0;
/// Heights of its parts.
const HEAD: f32 = 64.0;
const FOOT: f32 = 56.0;
/// Width of the left side, and in a narrow window.
const LEFT: f32 = 280.0;
const LEFT_NARROW: f32 = 216.0;

/// The dialog's own state.
#[derive(Default)]
pub struct MapDialog {
    rows: rows::Rows,
    /// For which dialog the keyboard has been given to a first field.
    placed: u64,
    /// Whether a text had the keyboard at the end of the last frame.
    had_text: bool,
}

impl MapDialog {
    /// Shows the dialog while there is a mapping to be worked on.
    pub fn show(&mut self, ctx: &Context, view: &View<'_>) {
        let Some(mapping) = &view.workbench.mapping else {
            return;
        };
        let send = |edit| view.send(Action::EditMapping(edit));
        // What has the keyboard before anything is drawn decides whom Enter and Esc belong to.
        let focused = ctx.memory(|memory| memory.focused());
        let enter_is_free = focused.is_none() || ctx.text_edit_focused();
        let had_text = std::mem::take(&mut self.had_text);
        let window = ctx.content_rect().size();
        // The bars above and below stay in view.
        let above = size::TOP_BAR + 8.0;
        let height = HEIGHT.min(window.y - above - size::STATUS_BAR - 8.0);
        let top = ((window.y - height) / 2.0).clamp(above, 88.0);
        let (closes, ()) = dialog::show(ctx, "map", (WIDTH, top), |ui| {
            let (rect, response) =
                ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::hover());
            response.widget_info(|| WidgetInfo::labeled(Role::Dialog, true, title(mapping)));
            self.parts_ui(ui, rect, view, mapping);
        });
        if self.placed != mapping.session && mapping.found().is_some() {
            self.placed = mapping.session;
            place_keyboard(ctx, mapping);
        }
        let is_alone = ctx.memory(|memory| memory.top_modal_layer())
            == Some(egui::LayerId::new(
                egui::Order::Foreground,
                Id::unique(("annals_dialog", "map")),
            ));
        let pressed_enter = ctx.input(|input| input.key_pressed(Key::Enter));
        if pressed_enter && enter_is_free && is_alone && mapping.can_open() {
            send(MapEdit::Open);
        }
        // The first Esc leaves a text, so that what was typed is not lost by it.
        if closes && !had_text {
            send(MapEdit::Cancel);
        }
        self.had_text = ctx.text_edit_focused();
    }

    fn parts_ui(&mut self, ui: &mut Ui, rect: Rect, view: &View<'_>, mapping: &Mapping) {
        let t = tokens(ui);
        let head = Rect::from_min_size(rect.min, vec2(rect.width(), HEAD));
        let foot = Rect::from_min_max(pos2(rect.left(), rect.bottom() - FOOT), rect.max);
        head_ui(&mut part(ui, head, "head"), view, mapping);
        foot_ui(&mut part(ui, foot, "foot"), view, mapping);
        let body = Rect::from_min_max(head.left_bottom(), foot.right_top());
        if mapping.found().is_none() {
            waiting_ui(&mut part(ui, body, "body"), view, mapping);
            return;
        }
        let left_width = if body.width() < 1100.0 {
            LEFT_NARROW
        } else {
            LEFT
        };
        let left = Rect::from_min_size(body.min, vec2(left_width, body.height()));
        tables::show(&mut part(ui, left, "tables"), view, mapping);
        let right = Rect::from_min_max(pos2(left.right(), body.top()), body.max);
        let line = Stroke::new(size::STROKE, t.line);
        ui.painter().vline(right.left(), right.y_range(), line);
        let inside = Rect::from_min_max(pos2(right.left() + 1.0, right.top()), right.max);
        self.right_ui(ui, inside, view, mapping);
    }

    /// The fields above, what is to be known between, the rows below.
    fn right_ui(&mut self, ui: &mut Ui, rect: Rect, view: &View<'_>, mapping: &Mapping) {
        let notes = fields::notes(mapping);
        let notes_height = fields::notes_height(&notes);
        let rows_least = rows::HEAD + size::ROW * 5.5;
        let wanted = fields::height();
        let room = rect.height() - notes_height;
        let fields_height = wanted.min(room - rows_least).min(room * 0.58);
        let upper = Rect::from_min_size(rect.min, vec2(rect.width(), fields_height));
        fields::show(&mut part(ui, upper, "fields"), view, mapping);
        let middle = Rect::from_min_size(upper.left_bottom(), vec2(rect.width(), notes_height));
        fields::notes_ui(&part(ui, middle, "notes"), &notes);
        let lower = Rect::from_min_max(middle.left_bottom(), rect.max);
        self.rows.show(&mut part(ui, lower, "rows"), view, mapping);
    }
}

/// A part of the dialog, clipped to its place.
fn part(ui: &mut Ui, rect: Rect, name: &str) -> Ui {
    let mut child = ui.new_child(UiBuilder::new().id_salt(name).max_rect(rect));
    child.shrink_clip_rect(rect);
    child
}

fn title(mapping: &Mapping) -> String {
    format!("Map the columns of {}", format::visible(&mapping.name))
}

/// Gives the keyboard to the first field that needs an answer; with none, Enter opens.
fn place_keyboard(ctx: &Context, mapping: &Mapping) {
    let lacking = EventField::ALL
        .into_iter()
        .find(|field| mapping.draft.lacks(*field));
    match lacking {
        Some(field) => {
            let id = Combo::id(&fields::combo_name(field));
            ctx.memory_mut(|memory| memory.request_focus(id));
        }
        None => {
            if let Some(focused) = ctx.memory(|memory| memory.focused()) {
                ctx.memory_mut(|memory| memory.surrender_focus(focused));
            }
        }
    }
}

fn head_ui(ui: &mut Ui, view: &View<'_>, mapping: &Mapping) {
    let t = tokens(ui);
    let rect = ui.max_rect();
    let corner = CornerRadius {
        nw: size::CORNER_DIALOG,
        ne: size::CORNER_DIALOG,
        ..CornerRadius::ZERO
    };
    ui.painter().rect_filled(rect, corner, t.raised);
    let line = Stroke::new(size::STROKE, t.line);
    ui.painter()
        .hline(rect.x_range(), rect.bottom() - 0.5, line);
    let icon = pos2(rect.left() + 29.0, rect.center().y);
    icons::paint(ui.painter(), icon, icons::TABLE, size::ICON_FILE, t.accent);
    let close = Rect::from_center_size(
        pos2(rect.right() - 31.0, rect.center().y),
        vec2(size::BUTTON, size::BUTTON),
    );
    let button = button::icon_button(icons::CLOSE, "Close the mapping", "Esc");
    if ui.place(close, button).clicked() {
        view.send(Action::EditMapping(MapEdit::Cancel));
    }
    let mut right = close.left() - 12.0;
    for (tone, label) in head_tags(mapping).iter().rev() {
        let width = tag::width(ui.painter(), label);
        let place = Rect::from_min_size(
            pos2(right - width, rect.center().y - size::TAG / 2.0),
            vec2(width, size::TAG),
        );
        tag::tag(&mut part(ui, place, label), *tone, label);
        right -= width + 10.0;
    }
    let words = Rect::from_min_max(
        pos2(rect.left() + 53.0, rect.top() + 13.0),
        pos2(right, rect.top() + 33.0),
    );
    let color = t.text;
    let name = title(mapping);
    text::line(ui.painter(), words, Align::Min, Face::Heading, name, color);
    let under = words.translate(vec2(0.0, 20.0));
    text::line(
        ui.painter(),
        under,
        Align::Min,
        Face::Row,
        about(mapping),
        t.text3,
    );
}

fn head_tags(mapping: &Mapping) -> Vec<(Tone, String)> {
    if mapping.found().is_none() {
        return Vec::new();
    }
    let n_found = mapping.draft.n_found();
    let n_missing = EventField::ALL.len() - n_found;
    let noun = if n_found == 1 { "field" } else { "fields" };
    let mut tags = vec![(Tone::Ok, format!("{n_found} {noun} found"))];
    if n_missing > 0 {
        tags.push((Tone::Warn, format!("{n_missing} missing")));
    }
    tags
}

/// Why there is a dialog.
fn about(mapping: &Mapping) -> String {
    const CHECK: &str = "Check how each column becomes part of an event.";
    let Some(found) = mapping.found() else {
        return CHECK.to_owned();
    };
    match &found.recognized {
        Some(schema) => format!("Read as {schema}. Change how columns become parts of an event."),
        None if found.start.is_some() => format!("Read by a mapping. {CHECK}"),
        None => format!("No known schema fits. {CHECK}"),
    }
}

fn waiting_ui(ui: &mut Ui, view: &View<'_>, mapping: &Mapping) {
    let Some(Err(why)) = &mapping.survey else {
        Empty::new("Looking at the tables")
            .why("Names, types and some values of each column are weighed.")
            .show(ui);
        return;
    };
    let shown = Empty::new("This file cannot be mapped")
        .why(why)
        .failed()
        .button(button::normal("Open another"))
        .show(ui);
    if shown.is_some() {
        view.send(Action::EditMapping(MapEdit::Cancel));
        view.send(Action::OpenDialog);
    }
}

fn foot_ui(ui: &mut Ui, view: &View<'_>, mapping: &Mapping) {
    let t = tokens(ui);
    let rect = ui.max_rect();
    let corner = CornerRadius {
        sw: size::CORNER_DIALOG,
        se: size::CORNER_DIALOG,
        ..CornerRadius::ZERO
    };
    ui.painter().rect_filled(rect, corner, t.raised);
    let line = Stroke::new(size::STROKE, t.line);
    ui.painter().hline(rect.x_range(), rect.top() + 0.5, line);
    let send = |edit| view.send(Action::EditMapping(edit));
    let left = Rect::from_min_max(
        pos2(
            rect.left() + 16.0,
            rect.center().y - size::BUTTON_SMALL / 2.0,
        ),
        pos2(rect.center().x, rect.center().y + size::BUTTON_SMALL / 2.0),
    );
    let label = "Use this mapping for files with the same tables";
    if checkbox(
        &mut ui.new_child(UiBuilder::new().id_salt("keep").max_rect(left)),
        mapping.keeps,
        label,
    )
    .clicked()
    {
        send(MapEdit::Keep(!mapping.keeps));
    }
    let mut right = rect.right() - 16.0;
    let mut place = |ui: &mut Ui, button: button::Button<'_>| {
        let size = button.size(ui);
        let at = Rect::from_min_size(pos2(right - size.x, rect.center().y - size.y / 2.0), size);
        right = at.left() - 8.0;
        at
    };
    let words = open_words(mapping);
    let why_not = mapping.refusal().unwrap_or("The first rows are being read");
    let open = button::primary(&words)
        .key_cap("Enter")
        .enabled(mapping.can_open(), why_not);
    let open_at = place(ui, open);
    let cancel = button::normal("Cancel").key_cap("Esc");
    let cancel_at = place(ui, cancel);
    let copy = button::quiet("Copy mapping as TOML")
        .icon(icons::COPY)
        .enabled(mapping.found().is_some(), "The tables are being looked at");
    let copy_at = place(ui, copy);
    // Tab goes from left to right.
    if ui.place(copy_at, copy).clicked() {
        send(MapEdit::Copy);
    }
    if ui.place(cancel_at, cancel).clicked() {
        send(MapEdit::Cancel);
    }
    if ui.place(open_at, open).clicked() {
        send(MapEdit::Open);
    }
}

/// What the button does, with the amount where it is known.
fn open_words(mapping: &Mapping) -> String {
    let counted = mapping
        .preview
        .latest()
        .and_then(|preview| preview.as_ref().ok())
        .filter(|preview| preview.is_whole && preview.refusal.is_none())
        .map(|preview| preview.n_looked_at);
    let n_rows = mapping.table().and_then(|table| table.n_rows);
    let is_one = mapping.found().is_some_and(|found| !found.is_grouped);
    match counted.or_else(|| n_rows.filter(|_| is_one)) {
        Some(1) => "Open 1 event".to_owned(),
        Some(n_events) => format!("Open {} events", format::count(n_events)),
        None => "Open the events".to_owned(),
    }
}
