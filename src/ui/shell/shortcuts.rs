//! The list of all keys, made of the table of actions.

use egui::{
    Align, Context, Rect, Role, ScrollArea, Sense, Stroke, Ui, UiBuilder, WidgetInfo, pos2, vec2,
};

use crate::ui::theme::icons;
use crate::ui::theme::{Face, size, text, tokens};
use crate::ui::widgets::field::Field;
use crate::ui::widgets::{button, kbd};
use crate::workbench::{ACTIONS, Action, ActionRow, Menu, row_of};

use super::dialog;
use super::keymap::Keymap;

/// Width of the dialog, and how far below the upper edge it opens.
const WIDTH: f32 = 1000.0;
const TOP: f32 = 80.0;
/// Heights of its parts.
const HEAD: f32 = 56.0;
const ROW: f32 = 24.0;
const GROUP_GAP: f32 = 16.0;

/// What belongs together, whatever menu it stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Group {
    Time,
    Mark,
    Around,
    History,
    View,
    File,
}

/// The groups, by column.
const COLUMNS: [&[(Group, &str)]; 3] = [
    &[(Group::Time, "Move in time"), (Group::File, "File and app")],
    &[
        (Group::Around, "Move around"),
        (Group::Mark, "Mark and compare"),
    ],
    &[(Group::View, "View"), (Group::History, "History")],
];

/// Two actions that are the two ways of one, and what they are called together.
static PAIRS: [(Action, Action, &str); 12] = [
    (
        Action::StepEvents(-1),
        Action::StepEvents(1),
        "Previous, next event",
    ),
    (
        Action::StepEvents(-10),
        Action::StepEvents(10),
        "Ten events back, on",
    ),
    (
        Action::StepInStream(-1),
        Action::StepInStream(1),
        "Previous, next in stream",
    ),
    (
        Action::StepInType(-1),
        Action::StepInType(1),
        "Previous, next of type",
    ),
    (Action::GoToCause, Action::GoToEffect, "Cause, first effect"),
    (Action::First, Action::Last, "First, last event"),
    (
        Action::NextFinding,
        Action::PreviousFinding,
        "Next, previous finding",
    ),
    (
        Action::NextResult,
        Action::PreviousResult,
        "Next, previous result",
    ),
    (
        Action::NextBookmark,
        Action::PreviousBookmark,
        "Next, previous bookmark",
    ),
    (Action::Slower, Action::Faster, "Slower, faster"),
    (Action::SetMarkerA, Action::SetMarkerB, "Set marker A, B"),
    (Action::GoToMarkerA, Action::GoToMarkerB, "Go to A, B"),
];

/// Keys that belong to lists and tiles themselves and cannot be changed.
static FIXED: [(&[&str], &str); 7] = [
    (&["J", "K"], "Down, up"),
    (&["H", "L"], "Fold, unfold"),
    (&["Ctrl+D", "Ctrl+U"], "Half a page down, up"),
    (&["Enter"], "Open"),
    (&["/"], "Filter this pane"),
    (&["F6", "Shift+F6"], "Next, previous pane"),
    (&["Tab", "Shift+Tab"], "Next, previous control"),
];

/// In which group an action stands.
fn group_of(row: &ActionRow) -> Group {
    match (&row.action, row.menu) {
        (
            Action::SetMarkerA
            | Action::SetMarkerB
            | Action::GoToMarkerA
            | Action::GoToMarkerB
            | Action::ClearMarkers
            | Action::ShowDiff
            | Action::AskBookmark
            | Action::NextBookmark
            | Action::PreviousBookmark
            | Action::ListBookmarks,
            _,
        ) => Group::Mark,
        (
            Action::AskGoTo
            | Action::AskQuestion
            | Action::OpenSelected
            | Action::ShowGraph
            | Action::ToggleInspector
            | Action::PinSelected
            | Action::ShowFieldHistory,
            _,
        ) => Group::Around,
        (Action::NextFinding | Action::PreviousFinding, _) | (_, Menu::Move) => Group::Time,
        (_, Menu::Edit) => Group::History,
        (_, Menu::View) => Group::View,
        (_, Menu::File | Menu::Audit | Menu::Help) => Group::File,
    }
}

/// A line of the list.
struct Line<'a> {
    keys: Vec<&'a str>,
    words: &'a str,
    said: String,
}

/// The lines of a group that fit what is looked for.
fn lines_of<'a>(group: Group, needle: &str, keymap: &'a Keymap) -> Vec<Line<'a>> {
    let mut lines = Vec::new();
    for row in ACTIONS.iter().filter(|row| group_of(row) == group) {
        if PAIRS.iter().any(|(_, second, _)| *second == row.action) {
            continue;
        }
        let pair = PAIRS.iter().find(|(first, ..)| *first == row.action);
        let other = pair.and_then(|(_, second, _)| row_of(second));
        let mut keys = keymap.keys(row);
        let mut said = format!("{}, {}, {}", row.name, row.help, keys.join(" or "));
        if let Some(other) = other {
            let others = keymap.keys(other);
            let more = format!("; {}, {}, {}", other.name, other.help, others.join(" or "));
            said.push_str(&more);
            keys.truncate(1);
            keys.extend(others.first());
        }
        let words = pair.map_or(row.name, |(_, _, words)| *words);
        lines.push(Line { keys, words, said });
    }
    if group == Group::Around {
        lines.extend(FIXED.iter().map(|(keys, words)| Line {
            keys: keys.to_vec(),
            words,
            said: format!("{words}, {}", keys.join(" or ")),
        }));
    }
    let needle = needle.to_lowercase();
    lines.retain(|line| !line.keys.is_empty() && line.said.to_lowercase().contains(&needle));
    lines
}

/// The list while it is open.
#[derive(Default)]
pub struct Shortcuts {
    filter: String,
}

impl Shortcuts {
    /// Shows the list; returns whether it is to be closed.
    pub fn show(&mut self, ctx: &Context, keys: &Keymap) -> bool {
        let (closes, is_closed) = dialog::show(ctx, "shortcuts", (WIDTH, TOP), |ui| {
            let is_closed = self.head_ui(ui);
            self.columns_ui(ui, keys);
            is_closed
        });
        closes || is_closed
    }

    fn head_ui(&mut self, ui: &mut Ui) -> bool {
        let t = tokens(ui);
        let (rect, response) =
            ui.allocate_exact_size(vec2(ui.available_width(), HEAD), Sense::hover());
        response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, "Shortcuts"));
        let corner = egui::CornerRadius {
            nw: size::CORNER_DIALOG,
            ne: size::CORNER_DIALOG,
            ..Default::default()
        };
        ui.painter().rect_filled(rect, corner, t.raised);
        ui.painter().hline(
            rect.x_range(),
            rect.bottom() - 0.5,
            Stroke::new(size::STROKE, t.line),
        );
        let title = rect.shrink2(vec2(24.0, 0.0));
        text::line(
            ui.painter(),
            title,
            Align::Min,
            Face::Heading,
            "Shortcuts",
            t.text,
        );
        let layout = egui::Layout::right_to_left(Align::Center);
        let mut right = ui.new_child(
            UiBuilder::new()
                .max_rect(rect.shrink2(vec2(24.0, 0.0)))
                .layout(layout),
        );
        let is_closed = right
            .add(button::icon_button(icons::CLOSE, "Close shortcuts", "Esc"))
            .clicked();
        right.add_space(8.0);
        Field::search("Find a shortcut")
            .hint("Find a shortcut")
            .width(240.0)
            .show(&mut right, &mut self.filter);
        is_closed
    }

    fn columns_ui(&self, ui: &mut Ui, keys: &Keymap) {
        let room = ui.ctx().content_rect().height() - TOP - HEAD - 32.0;
        ScrollArea::vertical()
            .max_height(room)
            .min_scrolled_height(room)
            .auto_shrink([false, true])
            .show(ui, |ui| {
                let width = (ui.available_width() - 48.0) / COLUMNS.len() as f32;
                let top = ui.cursor().left_top() + vec2(24.0, 14.0);
                let mut height: f32 = 0.0;
                for (nr, groups) in COLUMNS.iter().enumerate() {
                    let left = top.x + width * nr as f32;
                    let place = (pos2(left, top.y), width - 16.0);
                    let end = self.column_ui(ui, place, groups, keys);
                    height = height.max(end - top.y);
                }
                ui.allocate_exact_size(vec2(ui.available_width(), height + 14.0), Sense::hover());
            });
    }

    fn column_ui(
        &self,
        ui: &Ui,
        (top, width): (egui::Pos2, f32),
        groups: &[(Group, &str)],
        keys: &Keymap,
    ) -> f32 {
        let t = tokens(ui);
        let mut y = top.y;
        for (group, title) in groups {
            let lines = lines_of(*group, &self.filter, keys);
            if lines.is_empty() {
                continue;
            }
            let place = Rect::from_min_size(pos2(top.x, y), vec2(width, ROW));
            text::line(
                ui.painter(),
                place,
                Align::Min,
                Face::BodyStrong,
                *title,
                t.text,
            );
            y += ROW + 2.0;
            for line in &lines {
                let place = Rect::from_min_size(pos2(top.x, y), vec2(width, ROW));
                line_ui(ui, place, line);
                y += ROW;
            }
            y += GROUP_GAP;
        }
        y
    }
}

fn line_ui(ui: &Ui, place: Rect, line: &Line<'_>) {
    let t = tokens(ui);
    let mut left = place.left();
    for key in line.keys.iter().take(2) {
        let at = pos2(left, place.center().y);
        let cap = kbd::paint(ui.painter(), at, &shown(key), kbd::plain(ui));
        left = cap.right() + 6.0;
    }
    let from = (place.left() + 128.0).max(left + 4.0);
    let words = place.with_min_x(from);
    text::line(
        ui.painter(),
        words,
        Align::Min,
        Face::Row,
        line.words,
        t.text2,
    );
    let id = ui.scope_id().with(("shortcut", line.words));
    let response = ui.interact(place, id, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, line.said.as_str()));
}

/// Arrows as signs.
fn shown(key: &str) -> String {
    key.replace("Left", "\u{2190}").replace("Right", "\u{2192}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_of_the_table_stands_in_the_list() {
        let keymap = Keymap::TABLE;
        let mut said = String::new();
        for (group, _) in COLUMNS.iter().flat_map(|groups| groups.iter()) {
            for line in lines_of(*group, "", &keymap) {
                said.push_str(&line.said);
                said.push('\n');
            }
        }
        for row in ACTIONS.iter().filter(|row| !row.keys.is_empty()) {
            assert!(said.contains(row.help), "{}", row.name);
        }
        assert_eq!(lines_of(Group::Around, "half a page", &keymap).len(), 1);
    }
}
