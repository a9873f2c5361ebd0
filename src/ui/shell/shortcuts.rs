//! The list of all keys, made of the table of actions.

use egui::{Align, Context, Rect, Role, Sense, Stroke, Ui, UiBuilder, WidgetInfo, pos2, vec2};

use crate::ui::theme::icons;
use crate::ui::theme::{Face, size, text, tokens};
use crate::ui::widgets::field::Field;
use crate::ui::widgets::{button, kbd};
use crate::workbench::{ACTIONS, ActionRow, Menu};

use super::dialog;
use super::keymap::Keymap;

/// Width of the dialog, and how far below the upper edge it opens.
const WIDTH: f32 = 1000.0;
const TOP: f32 = 80.0;
/// Heights of its parts.
const HEAD: f32 = 56.0;
const ROW: f32 = 24.0;
const GROUP_GAP: f32 = 16.0;

/// The groups, by column.
const COLUMNS: [&[(Menu, &str)]; 3] = [
    &[(Menu::Move, "Move in time")],
    &[(Menu::View, "View")],
    &[
        (Menu::File, "File"),
        (Menu::Edit, "History and copy"),
        (Menu::Audit, "Audit"),
        (Menu::Help, "Find and help"),
    ],
];

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
        let width = (ui.available_width() - 48.0) / COLUMNS.len() as f32;
        let top = ui.cursor().left_top() + vec2(24.0, 14.0);
        let mut height: f32 = 0.0;
        for (nr, groups) in COLUMNS.iter().enumerate() {
            let left = top.x + width * nr as f32;
            let end = self.column_ui(ui, (pos2(left, top.y), width - 16.0), groups, keys);
            height = height.max(end - top.y);
        }
        ui.allocate_exact_size(vec2(ui.available_width(), height + 34.0), Sense::hover());
    }

    fn column_ui(
        &self,
        ui: &Ui,
        (top, width): (egui::Pos2, f32),
        groups: &[(Menu, &str)],
        keys: &Keymap,
    ) -> f32 {
        let t = tokens(ui);
        let mut y = top.y;
        for (menu, title) in groups {
            let rows: Vec<&ActionRow> = ACTIONS
                .iter()
                .filter(|row| row.menu == *menu && self.fits(row, keys))
                .collect();
            if rows.is_empty() {
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
            for row in rows {
                let place = Rect::from_min_size(pos2(top.x, y), vec2(width, ROW));
                row_ui(ui, place, row, &keys.keys(row));
                y += ROW;
            }
            y += GROUP_GAP;
        }
        y
    }

    fn fits(&self, row: &ActionRow, keys: &Keymap) -> bool {
        let needle = self.filter.to_lowercase();
        let has = |text: &str| text.to_lowercase().contains(&needle);
        let keys = keys.keys(row);
        !keys.is_empty() && (has(row.name) || has(row.help) || keys.iter().any(|key| has(key)))
    }
}

fn row_ui(ui: &Ui, place: Rect, row: &ActionRow, keys: &[&str]) {
    let t = tokens(ui);
    let mut left = place.left();
    for key in keys.iter().take(2) {
        let cap = kbd::paint(
            ui.painter(),
            pos2(left, place.center().y),
            &shown(key),
            kbd::plain(ui),
        );
        left = cap.right() + 6.0;
    }
    let words = Rect::from_min_max(
        pos2((place.left() + 128.0).max(left + 4.0), place.top()),
        place.max,
    );
    text::line(
        ui.painter(),
        words,
        Align::Min,
        Face::Row,
        row.name,
        t.text2,
    );
    let response = ui.interact(
        place,
        ui.scope_id().with(("shortcut", row.name)),
        Sense::hover(),
    );
    let said = format!("{}, {}, {}", row.name, row.help, keys.join(" or "));
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, said.clone()));
}

/// Arrows as signs.
fn shown(key: &str) -> String {
    key.replace("Left", "←").replace("Right", "→")
}
