//! Menus: the button that opens one, and the rows inside.
//!
//! [`menu_button`] opens anything; [`dropdown`] chooses one of several values.
//! Inside a menu, and inside `response.context_menu`, every row is a [`item`].

use egui::{Align, Color32, CornerRadius, Rect, Response, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::button::{self, Button};
use super::focus_ring;
use crate::ui::theme::icons::{self, Icon};
use crate::ui::theme::{Face, size, text, tokens};

/// Height of a row.
const ITEM: f32 = 26.0;
/// Space at the sides of a row.
const PADDING: f32 = 8.0;

/// Shows a button that opens a menu. Give the button its caret with [`Button::caret`].
pub fn menu_button<R>(
    ui: &mut Ui,
    button: Button<'_>,
    contents: impl FnOnce(&mut Ui) -> R,
) -> (Response, Option<R>) {
    let response = ui.add(button);
    let inner = egui::Popup::menu(&response)
        .width(size::MENU)
        .show(contents)
        .map(|shown| shown.inner);
    (response, inner)
}

/// Shows the chosen value on a button and the others in a menu; returns whether it changed.
/// `name` says what is chosen.
pub fn dropdown<T: Copy + PartialEq>(
    ui: &mut Ui,
    name: &str,
    value: &mut T,
    choices: &[(T, &str)],
) -> bool {
    let now = choices.iter().find(|(choice, _)| choice == value);
    let label = now.map_or("", |(_, label)| *label);
    let full_name = format!("{name}: {label}");
    let button = button::normal(label).small().caret().name(&full_name);
    let (_, chosen) = menu_button(ui, button, |ui| {
        let mut chosen = None;
        for (choice, label) in choices {
            if choice_item(ui, choice == value, label).clicked() {
                chosen = Some(*choice);
            }
        }
        chosen
    });
    match chosen.flatten() {
        Some(chosen) if chosen != *value => {
            *value = chosen;
            true
        }
        _ => false,
    }
}

/// A row of a menu: an icon, what happens, and the key that does the same (or empty).
/// A click closes the menu.
pub fn item(ui: &mut Ui, icon: Option<Icon>, label: &str, key: &str) -> Response {
    let row = row(ui, icon, label, key);
    row.widget_info(|| WidgetInfo::labeled(Role::MenuItem, row.enabled(), label));
    row
}

/// A row of a menu that is one of several values, with a check mark if it is the present one.
pub fn choice_item(ui: &mut Ui, chosen: bool, label: &str) -> Response {
    let icon = if chosen { Some(icons::CHECK) } else { None };
    let row = row(ui, icon, label, "");
    row.widget_info(|| WidgetInfo::selected(Role::MenuItemRadio, row.enabled(), chosen, label));
    row
}

/// A line between two groups of rows.
pub fn separator(ui: &mut Ui) {
    let (rect, _) = ui.allocate_exact_size(vec2(row_width(ui), 9.0), Sense::hover());
    ui.painter().hline(
        rect.x_range(),
        rect.center().y,
        egui::Stroke::new(size::STROKE, tokens(ui).line_strong),
    );
}

fn row_width(ui: &Ui) -> f32 {
    let available = ui.available_width();
    if available.is_finite() && available > 1.0 {
        available
    } else {
        size::MENU
    }
}

fn row(ui: &mut Ui, icon: Option<Icon>, label: &str, key: &str) -> Response {
    let t = tokens(ui);
    let (rect, response) = ui.allocate_exact_size(vec2(row_width(ui), ITEM), Sense::click());
    let enabled = ui.is_enabled();
    if enabled && (response.hovered() || focus_ring::is_shown(&response)) {
        let corner = CornerRadius::same(size::CORNER);
        ui.painter().rect_filled(rect, corner, t.control_hover);
    }
    let (color, faint) = if enabled {
        (t.text, t.text3)
    } else {
        (t.text_dis, t.text_dis)
    };
    paint_row(ui, rect, (icon, label, key), (color, faint));
    response
}

fn paint_row(
    ui: &Ui,
    rect: Rect,
    (icon, label, key): (Option<Icon>, &str, &str),
    (color, faint): (Color32, Color32),
) {
    let painter = ui.painter();
    let mut inside = rect.shrink2(vec2(PADDING, 0.0));
    if let Some(icon) = icon {
        let color = if ui.is_enabled() {
            tokens(ui).text2
        } else {
            faint
        };
        icons::paint_left(painter, inside, icon, size::ICON_SMALL, color);
    }
    inside.min.x += size::ICON_SMALL + PADDING;
    let taken = text::line(painter, inside, Align::Max, Face::Small, key, faint);
    let end = if key.is_empty() {
        inside.right()
    } else {
        taken.left() - PADDING
    };
    let words = Rect::from_min_max(inside.min, pos2(end, inside.bottom()));
    text::line(painter, words, Align::Min, Face::Row, label, color);
}
