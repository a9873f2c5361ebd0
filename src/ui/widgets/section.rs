//! The head of a section: a quiet line of text, with room for something at its right.

use egui::{Align, Layout, Rect, Role, Sense, Ui, UiBuilder, WidgetInfo, vec2};

use super::whole_row;
use crate::ui::theme::{Face, size, text, tokens};

/// Shows the head of a section, over the whole width.
pub fn section(ui: &mut Ui, title: &str) {
    section_with(ui, title, |_| ());
}

/// Like [`section`], with something at the right: a tag, a count, a small button.
pub fn section_with<R>(ui: &mut Ui, title: &str, right: impl FnOnce(&mut Ui) -> R) -> R {
    let (rect, response) = whole_row(ui, size::SECTION, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Heading, true, title));
    let inside = rect.shrink2(vec2(size::SIDE, 0.0));
    let taken = text::line(
        ui.painter(),
        inside,
        Align::Min,
        Face::Section,
        title,
        tokens(ui).text3,
    );
    let rest = Rect::from_min_max(
        egui::pos2(taken.right() + size::ICON_GAP, rect.top()),
        inside.right_bottom(),
    );
    let layout = Layout::right_to_left(Align::Center);
    let mut right_ui = ui.new_child(UiBuilder::new().max_rect(rest).layout(layout));
    right(&mut right_ui)
}
