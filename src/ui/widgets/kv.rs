//! A key and its value, in two columns.

use egui::{
    Align, Color32, Layout, Rect, Response, Role, Sense, TextWrapMode, Ui, UiBuilder, WidgetInfo,
    pos2, vec2,
};

use super::whole_row;
use crate::ui::theme::{Face, size, text, tokens};

/// Shows a key and whatever `value` adds, on one row.
pub fn kv<R>(ui: &mut Ui, key: &str, value: impl FnOnce(&mut Ui) -> R) -> R {
    let (rect, _) = whole_row(ui, size::ROW, Sense::hover());
    let (left, right) = halves(rect);
    text::line(
        ui.painter(),
        left,
        Align::Min,
        Face::Row,
        key,
        tokens(ui).text3,
    );
    let layout = Layout::left_to_right(Align::Center);
    let mut value_ui = ui.new_child(UiBuilder::new().max_rect(right).layout(layout));
    value_ui.spacing_mut().item_spacing.x = size::ICON_GAP;
    value_ui.style_mut().wrap_mode = Some(TextWrapMode::Truncate);
    value(&mut value_ui)
}

/// Shows a key and a value in the given face and color, clipped with `…`.
/// The response's name is both; it can be clicked, for a menu with Copy.
pub fn kv_text(ui: &mut Ui, key: &str, face: Face, value: &str, color: Color32) -> Response {
    let (rect, response) = whole_row(ui, size::ROW, Sense::CLICK);
    response.widget_info(|| WidgetInfo::labeled(Role::Label, true, format!("{key}: {value}")));
    let (left, right) = halves(rect);
    text::line(
        ui.painter(),
        left,
        Align::Min,
        Face::Row,
        key,
        tokens(ui).text3,
    );
    text::line(ui.painter(), right, Align::Min, face, value, color);
    response
}

fn halves(rect: Rect) -> (Rect, Rect) {
    let inside = rect.shrink2(vec2(size::SIDE, 0.0));
    let middle = inside.left() + size::KEY_COLUMN;
    let left = Rect::from_min_max(inside.min, pos2(middle, inside.bottom()));
    let right = Rect::from_min_max(
        pos2(middle + size::CELL, inside.top()),
        inside.right_bottom(),
    );
    (left, right)
}
