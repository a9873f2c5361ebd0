//! The note on an event, in the inspector: what it says, and how to write or take it away.

use egui::{Label, Role, Ui, WidgetInfo};

use super::tile;
use crate::event::Position;
use crate::ui::View;
use crate::ui::theme::{Face, format, icons, size, text, tokens};
use crate::ui::widgets::button;
use crate::ui::widgets::section::section_with;
use crate::workbench::Action;

/// Shows the note on an event with its buttons; nothing where there is none.
pub(super) fn note_ui(ui: &mut Ui, view: &View<'_>, position: Position) {
    let Some(note) = view.workbench.note_on(position) else {
        return;
    };
    section_with(ui, "Note", |ui| {
        let remove = button::icon_button(icons::CLOSE, "Remove note", "").small();
        if ui.add(remove).clicked() {
            view.send(Action::WriteNote(position, String::new()));
        }
        if ui.add(button::quiet("Edit note").small()).clicked() {
            view.send(Action::AskNote);
        }
    });
    let response = ui
        .horizontal(|ui| {
            ui.add_space(size::SIDE);
            ui.vertical(|ui| {
                ui.set_max_width(ui.available_width() - size::SIDE);
                let words = format::visible(&note.text);
                let words = text::rich(words, Face::Row).color(tokens(ui).text);
                ui.add(Label::new(words).wrap());
            });
        })
        .response;
    response.widget_info(|| WidgetInfo::labeled(Role::Note, true, format!("Note: {}", note.text)));
    ui.add_space(8.0);
    tile::hairline(ui);
}
