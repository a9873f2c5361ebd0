//! The palette: finds streams, types, places and commands while somebody types.

use egui::{
    Align, Context, Id, Key, Modifiers, Rect, Role, ScrollArea, Sense, Stroke, Ui, WidgetInfo,
    pos2, vec2,
};

use crate::event::Timestamp;
use crate::ui::View;
use crate::ui::theme::icons;
use crate::ui::theme::{Face, size, text, tokens};
use crate::ui::widgets::kbd;

use super::dialog;
use super::palette_items::{Item, find};
use super::palette_rank::find_ignoring_case;

/// Width of the palette, and how far below the upper edge it opens.
const WIDTH: f32 = 720.0;
const TOP: f32 = 96.0;
/// Heights of its parts.
const HEAD: f32 = 48.0;
const ITEM: f32 = 32.0;
const GROUP: f32 = 28.0;
const FOOT: f32 = 40.0;
/// The list is never higher than this.
const LIST: f32 = 470.0;

/// The palette while it is open.
#[derive(Default)]
pub struct Palette {
    text: String,
    found: Vec<Item>,
    total: usize,
    /// For which text and history the items were found.
    key: Option<(String, u64, (bool, bool))>,
    chosen: usize,
    scrolls: bool,
    /// What was chosen before, newest first.
    before: Vec<Item>,
}

/// What was chosen in the palette lately, newest first.
#[derive(Default)]
pub struct Chosen(Vec<Item>);

/// How the palette is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Left {
    /// It is closed; what was chosen, if anything was, is asked for.
    Closed,
    /// What was chosen is asked for, in a tile of its own.
    InFront,
}

/// So many choices are kept.
const KEPT: usize = 10;

impl Palette {
    /// The palette with this text in it.
    pub fn beginning(text: &str) -> Self {
        Self {
            text: text.to_owned(),
            ..Self::default()
        }
    }

    /// The palette with what was chosen lately, which comes first while nothing is typed.
    pub fn after(before: &Chosen) -> Self {
        Self {
            before: before.0.clone(),
            ..Self::default()
        }
    }

    /// Shows the palette; returns how it is left, where it is.
    pub fn show(
        &mut self,
        ctx: &Context,
        view: &View<'_>,
        wall: Timestamp,
        choices: &mut Chosen,
    ) -> Option<Left> {
        self.refresh(view, wall);
        let moved = self.keys(ctx);
        let (closes, clicked) = dialog::show(ctx, "palette", (WIDTH, TOP), |ui| {
            self.head_ui(ui);
            let clicked = self.list_ui(ui, moved);
            foot_ui(ui);
            clicked
        });
        let enter = ctx
            .input(|input| input.key_pressed(Key::Enter))
            .then_some(self.chosen);
        if let Some(item) = clicked.or(enter).and_then(|nr| self.found.get(nr)) {
            choices.0.retain(|known| known.action != item.action);
            choices.0.insert(0, item.clone());
            choices.0.truncate(KEPT);
            view.send(item.action.clone());
            let in_front = ctx.input(|input| input.modifiers.command);
            return Some(if in_front {
                Left::InFront
            } else {
                Left::Closed
            });
        }
        closes.then_some(Left::Closed)
    }

    fn refresh(&mut self, view: &View<'_>, wall: Timestamp) {
        // Fields are found some time after the file was read, an id some time after it was typed.
        let has_fields = view.workbench.answers.fields.latest().is_some();
        let is_open = view.workbench.may_be_id(&self.text);
        let key = (
            self.text.clone(),
            view.workbench.generation,
            (is_open, has_fields),
        );
        if self.key.as_ref() != Some(&key) {
            (self.found, self.total) = find(&self.text, view, wall);
            if self.text.trim().is_empty() {
                self.put_before(view);
            }
            self.key = Some(key);
            self.chosen = 0;
        }
    }

    /// What was chosen lately comes first, as far as it still makes sense.
    fn put_before(&mut self, view: &View<'_>) {
        let is_open = view.history().is_some();
        let before = self
            .before
            .iter()
            .filter(|item| is_open || self.found.iter().any(|found| found.action == item.action));
        let before: Vec<Item> = before
            .map(|item| Item {
                group: "Chosen before",
                ..item.clone()
            })
            .collect();
        self.found
            .retain(|item| before.iter().all(|known| known.action != item.action));
        self.found.splice(..0, before);
    }

    /// Arrow keys choose, Tab completes; returns whether they did.
    fn keys(&mut self, ctx: &Context) -> bool {
        let last = self.found.len().saturating_sub(1);
        let pressed = |key| ctx.input_mut(|input| input.consume_key(Modifiers::NONE, key));
        let before = self.chosen;
        if pressed(Key::ArrowDown) {
            self.chosen = if self.chosen >= last {
                0
            } else {
                self.chosen + 1
            };
        }
        if pressed(Key::ArrowUp) {
            self.chosen = self.chosen.checked_sub(1).unwrap_or(last);
        }
        if pressed(Key::PageDown) {
            self.chosen = (self.chosen + 10).min(last);
        }
        if pressed(Key::PageUp) {
            self.chosen = self.chosen.saturating_sub(10);
        }
        if pressed(Key::Tab)
            && let Some(item) = self.found.get(self.chosen)
        {
            let prefix = self.text.chars().next();
            let prefix = prefix.filter(|sign| ">:?".contains(*sign));
            let words = item.words.as_str();
            self.text = prefix.map_or_else(|| words.to_owned(), |sign| format!("{sign} {words}"));
        }
        before != self.chosen
    }

    fn head_ui(&mut self, ui: &mut Ui) {
        let t = tokens(ui);
        let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEAD), Sense::hover());
        let painter = ui.painter();
        icons::paint(
            painter,
            pos2(rect.left() + 24.0, rect.center().y),
            icons::SEARCH,
            18.0,
            t.text2,
        );
        let esc_left = rect.right() - 16.0 - kbd::width(painter, "Esc");
        kbd::paint(
            painter,
            pos2(esc_left, rect.center().y),
            "Esc",
            kbd::plain(ui),
        );
        let noun = if self.total == 1 { "result" } else { "results" };
        let count = format!(
            "{} {noun}",
            crate::ui::theme::format::count(self.total as u64)
        );
        let count_place = Rect::from_min_max(
            pos2(esc_left - 120.0, rect.top()),
            pos2(esc_left - 10.0, rect.bottom()),
        );
        text::line(painter, count_place, Align::Max, Face::Row, count, t.text3);
        painter.hline(
            rect.x_range(),
            rect.bottom() - 0.5,
            Stroke::new(size::STROKE, t.line_strong),
        );
        let place = Rect::from_min_max(
            pos2(rect.left() + 46.0, rect.top()),
            pos2(esc_left - 130.0, rect.bottom()),
        );
        let hint = "Search streams, types, positions, times and commands";
        if self.text.is_empty() {
            text::line(
                ui.painter(),
                place,
                Align::Min,
                Face::Heading,
                hint,
                t.text3,
            );
        }
        field(ui, place, "Search or run a command", &mut self.text);
    }

    fn list_ui(&mut self, ui: &mut Ui, moved: bool) -> Option<usize> {
        let mut clicked = None;
        let height = self.height();
        if self.found.is_empty() {
            nothing_ui(ui, &self.text);
            return None;
        }
        let scrolls = moved || std::mem::take(&mut self.scrolls);
        ScrollArea::vertical()
            .max_height(height.min(LIST))
            .auto_shrink([false, true])
            .show(ui, |ui| {
                let mut group = "";
                ui.add_space(4.0);
                for (nr, item) in self.found.iter().enumerate() {
                    if item.group != group {
                        group = item.group;
                        group_ui(ui, group);
                    }
                    let response = item_ui(ui, item, nr == self.chosen, &self.text);
                    if nr == self.chosen && scrolls {
                        response.scroll_to_me(None);
                    }
                    if response.clicked() {
                        clicked = Some(nr);
                    }
                }
                ui.add_space(4.0);
            });
        clicked
    }

    fn height(&self) -> f32 {
        let mut groups: Vec<&str> = self.found.iter().map(|item| item.group).collect();
        groups.dedup();
        8.0 + GROUP * groups.len() as f32 + ITEM * self.found.len() as f32
    }
}

/// The text field of a dialog: without a frame, and it has the keyboard as long as the dialog is open.
pub(super) fn field(ui: &mut Ui, place: Rect, name: &str, words: &mut String) -> egui::Response {
    let edit = egui::TextEdit::singleline(words)
        .id(Id::unique(("annals_dialog_field", name)))
        .frame(egui::Frame::NONE)
        .font(Face::Heading.font())
        .align(egui::Align2::LEFT_CENTER)
        .lock_focus(true)
        .desired_width(place.width());
    let response = ui.place(place, edit).accessible_name(name);
    if !response.has_focus() {
        response.request_focus();
    }
    response
}

fn nothing_ui(ui: &mut Ui, words: &str) {
    let t = tokens(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), 72.0), Sense::hover());
    let said = format!(
        "No stream, type, place or command fits \"{}\"",
        words.trim()
    );
    text::line(ui.painter(), rect, Align::Center, Face::Row, said, t.text3);
}

fn group_ui(ui: &mut Ui, group: &str) {
    let t = tokens(ui);
    let (rect, response) =
        ui.allocate_exact_size(vec2(ui.available_width(), GROUP), Sense::hover());
    let place = Rect::from_min_max(pos2(rect.left() + 16.0, rect.top() + 2.0), rect.max);
    text::line(
        ui.painter(),
        place,
        Align::Min,
        Face::Section,
        group,
        t.text3,
    );
    response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, group));
}

fn item_ui(ui: &mut Ui, item: &Item, is_chosen: bool, needle: &str) -> egui::Response {
    let t = tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(ui.available_width(), ITEM), Sense::click());
    let painter = ui.painter();
    if is_chosen {
        painter.rect_filled(rect, 0.0, t.accent_soft);
        painter.rect_filled(
            Rect::from_min_size(rect.min, vec2(2.0, ITEM)),
            0.0,
            t.accent,
        );
    } else if response.hovered() {
        painter.rect_filled(rect, 0.0, t.control_hover);
    }
    let icon_color = if is_chosen { t.accent } else { t.text3 };
    icons::paint(
        painter,
        pos2(rect.left() + 25.0, rect.center().y),
        item.icon,
        size::ICON,
        icon_color,
    );
    let key = item.key.replace('+', " ");
    let cap = if is_chosen && key.is_empty() {
        "Enter"
    } else {
        key.as_str()
    };
    let mut right = rect.right() - 16.0;
    if !cap.is_empty() {
        right -= kbd::width(painter, cap);
        kbd::paint(painter, pos2(right, rect.center().y), cap, kbd::plain(ui));
        right -= 8.0;
    }
    let place = Rect::from_min_max(
        pos2(rect.left() + 44.0, rect.top()),
        pos2(right, rect.bottom()),
    );
    let mut job = egui::text::LayoutJob::default();
    let needle = needle.trim().trim_start_matches(['>', '#', '@']).trim();
    let found = (!needle.is_empty())
        .then(|| find_ignoring_case(&item.words, needle))
        .flatten();
    let (plain, strong) = (
        text::format(Face::Body, t.text),
        text::format(Face::BodyStrong, t.accent),
    );
    match found {
        Some(at) => {
            job.append(&item.words[..at], 0.0, plain.clone());
            job.append(&item.words[at..at + needle.len()], 0.0, strong);
            job.append(&item.words[at + needle.len()..], 0.0, plain);
        }
        None => job.append(&item.words, 0.0, plain),
    }
    if !item.note.is_empty() {
        job.append(&item.note, 12.0, text::format(Face::Row, t.text3));
    }
    text::line_job(painter, place, Align::Min, job);
    let said = if item.note.is_empty() {
        item.words.clone()
    } else {
        format!("{}, {}", item.words, item.note)
    };
    response
        .widget_info(|| WidgetInfo::selected(Role::ListBoxOption, true, is_chosen, said.clone()));
    response
}

fn foot_ui(ui: &mut Ui) {
    let t = tokens(ui);
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), FOOT), Sense::hover());
    ui.painter().rect_filled(
        rect,
        egui::CornerRadius {
            sw: size::CORNER_DIALOG,
            se: size::CORNER_DIALOG,
            ..Default::default()
        },
        t.raised,
    );
    ui.painter().hline(
        rect.x_range(),
        rect.top() + 0.5,
        Stroke::new(size::STROKE, t.line),
    );
    hints(
        ui,
        rect,
        &[
            ("#", "position"),
            ("@", "time"),
            (">", "command"),
            (":", "filter"),
            ("?", "question"),
            ("Tab", "complete"),
            ("Ctrl Enter", "in its own tile"),
        ],
    );
}

/// Keys with what they do, from the left.
pub(super) fn hints(ui: &Ui, rect: Rect, keys: &[(&str, &str)]) {
    let t = tokens(ui);
    let mut left = rect.left() + 16.0;
    for (key, words) in keys {
        let cap = kbd::paint(
            ui.painter(),
            pos2(left, rect.center().y),
            key,
            kbd::plain(ui),
        );
        let place = Rect::from_min_max(pos2(cap.right() + 8.0, rect.top()), rect.max);
        left =
            text::line(ui.painter(), place, Align::Min, Face::Row, *words, t.text2).right() + 18.0;
    }
}
