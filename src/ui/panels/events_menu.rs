//! What can be done with the value under the pointer of the events table, and with several events that
//! are selected.

use egui::Ui;

use super::shared::{counted, day, moment_of};
use crate::event::{Position, Zone};
use crate::history::EventLog;
use crate::query::{clause, has_clause};
use crate::ui::View;
use crate::ui::theme::format;
use crate::ui::widgets::columns::Cells;
use crate::ui::widgets::{button, menu};
use crate::workbench::{Action, Export};

/// A column that a value stands in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Place {
    /// The position, and the file.
    #[default]
    Position,
    Time,
    Stream,
    Version,
    Type,
    Data,
}

/// A value of the table.
pub(super) struct Value {
    /// What it is called in a menu: `type OrderPlaced`.
    name: String,
    /// As it is copied.
    text: String,
    /// The clause that only events with this value pass; none where no such is of use.
    only: Option<String>,
}

impl Value {
    /// The value as it is copied.
    pub(super) fn text(self) -> String {
        self.text
    }

    /// The value of an event in a column.
    pub(super) fn of(log: &EventLog, position: Position, (place, zone): (Place, Zone)) -> Self {
        let of = |what: &str, text: String, only: Option<String>| {
            let shown: String = text.chars().take(32).collect();
            Self {
                name: format!("{what} {}", format::visible(&shown)),
                text,
                only,
            }
        };
        let (stream, event_type) = (log.stream(position), log.event_type(position));
        match place {
            Place::Stream => {
                let name = log.stream_name(stream).to_owned();
                let only = clause("stream", &name);
                of("stream", name, Some(only))
            }
            Place::Type => {
                let name = log.type_name(event_type).to_owned();
                let only = clause("type", &name);
                of("type", name, Some(only))
            }
            Place::Version => match log.version(position) {
                Some(version) => {
                    let text = version.0.to_string();
                    let only = format!("v:{text}");
                    of("version", text, Some(only))
                }
                None => of("version", String::new(), None),
            },
            Place::Time => {
                let day = log.time(position).map(|time| day(time, zone));
                let only = day.as_ref().map(|day| format!("at:{day}"));
                let mut value = of("day", moment_of(log, position, zone), only);
                value.name = format!("day {}", day.unwrap_or_default());
                value
            }
            Place::Position | Place::Data => {
                let text = position.0.to_string();
                of("position", text, None)
            }
        }
    }
}

/// The rows of a menu for a value: filter to it, leave it out, copy it.
pub(super) fn value_ui(ui: &mut Ui, view: &View<'_>, value: &Value) {
    if let Some(only) = &value.only {
        let wanted = [
            (only.clone(), ["Filter to", "No longer filter to"]),
            (format!("-{only}"), ["Leave out", "No longer leave out"]),
        ];
        for (clause, [add, remove]) in wanted {
            let is_there = has_clause(&view.look().filter, &clause);
            let does = if is_there { remove } else { add };
            if menu::item(ui, None, &format!("{does} {}", value.name), "").clicked() {
                view.send(Action::ToggleClause(clause));
            }
        }
    }
    if menu::item(ui, None, &format!("Copy {}", value.name), "").clicked() {
        view.send(Action::CopyText(value.text.clone()));
    }
    menu::separator(ui);
}

/// How many events are selected, with what can be done with them; nothing where only one is.
pub(super) fn chosen_ui(ui: &mut Ui, view: &View<'_>) {
    let Some(chosen) = &view.look().selection.chosen else {
        return;
    };
    let label = counted(chosen.events.len() as u64, "selected", "selected");
    let button = button::normal(&label).small().caret();
    menu::menu_button(ui, button, |ui| {
        let item = |ui: &mut Ui, name: &str, key: &str, action: Action| {
            if menu::item(ui, None, name, key).clicked() {
                view.send(action);
            }
        };
        let copy = view.key_of(&Action::CopyEvent);
        item(ui, "Copy as JSON Lines", copy, Action::CopyEvent);
        item(ui, "Export\u{2026}", "", Action::Export(Export::Chosen));
        item(ui, "Clear selection", "Esc", Action::ClearChosen);
    });
    ui.add_space(6.0);
}

/// The column in which a row was clicked with the right button, until its menu is closed.
pub(super) fn column_clicked(cells: &Cells<'_, '_>, data: usize) -> Place {
    let response = cells.row.response;
    let id = response.id.with("column");
    let ctx = &response.ctx;
    if response.secondary_clicked()
        && let Some(at) = response.interact_pointer_pos()
    {
        let nr = (0..=data).find(|nr| cells.rect(*nr).x_range().expand(6.0).contains(at.x));
        let place = match nr {
            Some(1 | 2) => Place::Time,
            Some(3) => Place::Stream,
            Some(4) => Place::Version,
            Some(5) => Place::Type,
            Some(nr) if nr == data => Place::Data,
            _ => Place::Position,
        };
        ctx.data_mut(|known| known.insert_temp(id, place));
    }
    ctx.data(|known| known.get_temp(id)).unwrap_or_default()
}

/// What can be kept of an event: each goes there first.
pub(super) fn note_items_ui(ui: &mut Ui, view: &View<'_>, position: Position) {
    let mut item = |label: &str, key: &str, action: Action| {
        if menu::item(ui, None, label, key).clicked() {
            view.send(Action::MovePlayhead(position));
            view.send(action);
        }
    };
    item("Bookmark\u{2026}", "M", Action::AskBookmark);
    item("Note\u{2026}", "", Action::AskNote);
    item("Add to the report", "", Action::Exhibit(position));
    item("Copy reference", "Ctrl Shift C", Action::CopyReference);
}
